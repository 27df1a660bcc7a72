"""One simulated participant, who knows of the bot only what its cards say.

They write `studie`, read, consent, sort by a mind of their own, look the grid
over, swap something, say why, hand in and note the code. On request they are
as impatient, and their network is as bad, as people's are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from bot.gateway.events import Json
from simulation import cards
from simulation.hand import Faults, Hand, Lost, Tally
from simulation.teams import Post, User


@dataclass(frozen=True, slots=True)
class Mind:
    """What somebody thinks of each statement: a viewpoint that is shared, and their own."""

    seed: int
    viewpoint: int
    person: int
    own: float = 0.6
    """Weight of what is their own, beside 1 for the viewpoint."""

    def score(self, statement: str) -> float:
        shared = Random(f"{self.seed}/viewpoint/{self.viewpoint}/{statement}")
        own = Random(f"{self.seed}/person/{self.person}/{statement}")
        return shared.gauss(0, 1) + self.own * own.gauss(0, 1)


@dataclass(slots=True)
class Delivered:
    """What one participant did and knows in the end."""

    pseudonym: str
    code: str
    sort: Mapping[str, int]
    """As it lay in the grid when they approved it: statement id to column."""
    reasons: Mapping[str, str]
    comment: str
    answers: Mapping[str, str] = field(default_factory=dict)
    """To the questions after the sort, by the question's id."""


class Participant:
    """Takes part once: `await Participant(...).take_part()`.

    `before` is the code of their earlier sort, where the study is a later one.
    """

    def __init__(
        self,
        user: User,
        study: str,
        mind: Mind,
        tally: Tally,
        faults: Faults | None = None,
        *,
        before: str = "",
    ) -> None:
        self._before = before
        self._user = user
        self._study = study
        self._mind = mind
        self._random = Random(f"{mind.seed}/hand/{mind.person}")
        self._hand = Hand(user, self._random, tally, faults or Faults())
        self._ids: dict[str, str] = {}
        """Statement id by the number on the cards."""
        self._post: Post

    async def take_part(self) -> Delivered:
        """From `studie` to the noted code. Raises Lost."""
        await self._ask_for_studies()
        await self._press("study.start", data={"study": self._study})
        await self._press("study.consent")
        while self._can("qsort.read"):
            await self._press("qsort.read")
        while self._can("qsort.pile"):
            await self._pile()
        while self._can("qsort.choose"):
            await self._choose()
        while self._can("qsort.rate"):
            await self._rate()
        await self._swap()
        sort = self._grid()
        await self._press("qsort.approve")
        reasons, comment, answers = await self._explain()
        pseudonym, code = self._fact(0), self._fact(1)
        earlier = {"before_code": self._before} if self._before else {}
        await self._press("qsort.deliver", earlier)
        while self._can("qsort.deliver"):  # somebody else has drawn that pseudonym
            pseudonym = self._fact(0)
            await self._press("qsort.deliver", earlier)
        if (self._fact(0), self._fact(1)) != (pseudonym, code):
            raise Lost(self._seen())
        await self._press("qsort.noted")
        return Delivered(pseudonym, code, sort, reasons, comment, answers)

    # The steps

    async def _ask_for_studies(self) -> None:
        before = len(self._user.chat.posts)
        await self._hand.patiently(lambda: self._user.write("studie"))
        self._post = self._user.chat.last
        if len(self._user.chat.posts) <= before + 1:
            raise Lost(self._seen())

    async def _pile(self) -> None:
        given = {}
        for key, question in cards.inputs(self._card).items():
            statement = key.removeprefix("pile.")
            number, _, _ = question["label"].partition(".")
            self._ids[number] = statement
            score = self._mind.score(statement)
            given[key] = "agree" if score > 0.4 else "disagree" if score < -0.4 else "neutral"
        await self._press("qsort.pile", given)
        await self._perhaps_undo("qsort.pile", given)

    async def _choose(self) -> None:
        question = cards.inputs(self._card)["chosen"]
        action = cards.action(self._card, "qsort.choose")
        lowest_first = action["data"]["pile"] == "disagree"
        many = int(re.findall(r"\d+", question["label"])[0])
        ranked = sorted(
            (choice["value"] for choice in question["choices"]),
            key=self._mind.score,
            reverse=not lowest_first,
        )
        given = {"chosen": ",".join(ranked[:many])}
        await self._press("qsort.choose", given)
        await self._perhaps_undo("qsort.choose", given)

    async def _rate(self) -> None:
        """Free sorting: the better a statement is liked, the higher, as many as one likes."""
        given = {}
        for key, question in cards.inputs(self._card).items():
            columns = [int(choice["value"]) for choice in question["choices"]]
            score = round(2 * self._mind.score(key.removeprefix("column.")))
            given[key] = str(max(min(columns), min(max(columns), score)))
        await self._press("qsort.rate", given)

    async def _swap(self) -> None:
        first, second = self._random.sample(sorted(self._ids.values()), 2)
        await self._press("qsort.change", {"first": first, "second": second})

    async def _explain(self) -> tuple[dict[str, str], str, dict[str, str]]:
        fields = [key for key in cards.inputs(self._card) if key.startswith("reason.")]
        reasons = {key: f"Fordi {self._random.random():.6f}" for key in fields}
        comment = f"Kommentar {self._random.random():.6f}, «ærlig» = sant"
        answers = {
            key: self._answer(question)
            for key, question in cards.inputs(self._card).items()
            if key.startswith("answer.")
        }
        await self._press("qsort.explain", {**reasons, **answers, "comment": comment})
        return (
            {key.removeprefix("reason."): text for key, text in reasons.items()},
            comment,
            {key.removeprefix("answer."): text for key, text in answers.items()},
        )

    def _answer(self, question: Json) -> str:
        """To a question after the sort: whatever comes to mind, nothing as often as not."""
        if "choices" not in question or self._random.random() < 0.5:
            return ""
        values = [choice["value"] for choice in question["choices"]]
        if not question.get("isMultiSelect"):
            return str(self._random.choice(values))
        *known, none = values
        picked = [value for value in known if self._random.random() < 0.5]
        return ",".join(picked) or str(none)

    # Reading

    @property
    def _card(self) -> Json:
        return self._user.card(self._post)

    def _seen(self) -> str:
        return self._user.sees(self._post)

    def _can(self, verb: str) -> bool:
        return any(action.get("verb") == verb for action in cards.actions(self._card))

    def _fact(self, index: int) -> str:
        facts = next(e["facts"] for e in cards.elements(self._card) if e["type"] == "FactSet")
        return str(facts[index]["value"])

    def _grid(self) -> dict[str, int]:
        """The grid as it is drawn: under each column value, the numbers that lie there."""
        drawn = next(e for e in cards.elements(self._card) if e["type"] == "ColumnSet")
        sort = {}
        for column in drawn["columns"]:
            value, *numbers = (item["text"] for item in column["items"])
            for number in " ".join(numbers).split():
                sort[self._ids[number]] = int(value.replace("−", "-"))
        return sort

    # Acting

    async def _press(
        self,
        verb: str,
        inputs: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
    ) -> None:
        if not self._can(verb):
            raise Lost(f"no {verb} on: {self._seen()}")
        await self._hand.press(self._post, verb, inputs, data)

    async def _perhaps_undo(self, verb: str, inputs: Mapping[str, str]) -> None:
        if self._hand.happens("undone", self._hand.faults.undone):
            await self._press("qsort.undo")
            await self._press(verb, inputs)
