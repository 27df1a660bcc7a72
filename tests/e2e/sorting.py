"""A whole Q-sort, clicked through in Teams by somebody who knows where each statement belongs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.ui.texts import Texts
from dialogs.studies import qsort
from dialogs.studies.study import Language, Study
from tests.e2e.teams import TeamsPage


@dataclass(frozen=True, slots=True)
class Delivered:
    pseudonym: str
    code: str


@dataclass(frozen=True, slots=True)
class Sorter:
    """`columns` tells the column of each statement, and fills the grid exactly."""

    teams: TeamsPage
    say: Texts
    study: Study
    columns: Mapping[str, int]

    async def sort(self, reasons: Mapping[str, str] = {}, comment: str = "") -> Delivered:
        """From the list of studies to the receipt. `reasons` are those of extreme statements."""
        await self.teams.write(self.say("command.study.title"))
        await self.teams.press(self.say("study.start"), under=self.study.title[self._language])
        await self.press("consent.accept")
        for _ in range(qsort.pages(self.study, qsort.READ_PAGE)):
            await self.press("qsort.next")
        await self._presort()
        await self._fill_the_grid()
        await self.press("qsort.approve")
        await self._explain(reasons, comment)
        await self.press("qsort.deliver")
        while await self.teams.button(self.say("qsort.deliver")).count():
            await self.press("qsort.deliver")  # again: somebody else has drawn that pseudonym
        pseudonym, code = await self._fact("qsort.pseudonym"), await self._fact("qsort.code")
        await self.press("delivered.noted")
        return Delivered(pseudonym, code)

    async def press(self, key: str, **values: object) -> None:
        await self.teams.press(self.say(key, **values))

    async def _presort(self) -> None:
        for page in range(qsort.pages(self.study, qsort.PRESORT_PAGE)):
            for statement in qsort.page_of(self.study, page, qsort.PRESORT_PAGE):
                column = self.columns[statement.id]
                pile = "agree" if column > 0 else "disagree" if column < 0 else "neutral"
                await self.teams.choose(
                    self._numbered(statement.id), self.say(f"qsort.pile.{pile}")
                )
            await self.press("qsort.next")

    async def _fill_the_grid(self) -> None:
        while await self.teams.button(self.say("qsort.place")).count():
            (label,) = (
                await self.teams.card.locator("label").filter(has_text=_ASKS).all_inner_texts()
            )
            asked = label.removesuffix("*").strip()
            column = int(asked.split()[-1].replace("−", "-"))
            await self.teams.choose(
                asked, *(self._numbered(s) for s, c in self.columns.items() if c == column)
            )
            await self.press("qsort.place")

    async def _explain(self, reasons: Mapping[str, str], comment: str) -> None:
        for ident, reason in reasons.items():
            column = f"{self.columns[ident]:+}".replace("-", "−")
            number, _, text = self._numbered(ident).partition(". ")
            label = self.say("qsort.explaining.reason", number=number, column=column, text=text)
            await self.teams.fill(label, reason)
        if comment:
            await self.teams.fill(self.say("qsort.explaining.comment"), comment)
        await self.press("qsort.next")

    async def _fact(self, key: str) -> str:
        shown = await self.teams.card.inner_text()
        found = re.search(rf"{re.escape(self.say(key))}\s+(\S+)", shown)
        assert found is not None, shown
        return found[1]

    def _numbered(self, ident: str) -> str:
        statement = self.study.statement(ident)
        number = self.study.statements.index(statement) + 1
        return f"{number}. {statement.text[self._language]}"

    @property
    def _language(self) -> Language:
        return self.study.language(self.say.language)


_ASKS = re.compile(r"\d+ \w+ til [+−]?\d+(?=\W*$)")  # a field that must be filled in is marked
