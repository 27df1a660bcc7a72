"""A whole rehearsal in one's own chat, led at the page by somebody who has only the cards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from playwright.async_api import expect

from bot.ui.texts import Texts
from dialogs.sessions.method import Method, Phase
from dialogs.sessions.rehearsing import words
from tests.e2e.leading import Look, nothing
from tests.e2e.teams import TeamsPage


@dataclass(frozen=True)
class Rehearser:
    """A newcomer, who rehearses Five minutes with one colleague: two write, and none is real."""

    teams: TeamsPage
    say: Texts
    method: Method
    look: Look = nothing

    told: ClassVar[Mapping[str, str]] = {
        "skjedde": "Hun gikk midt i møtet, og jeg lot henne gå",
        "videre": "Jeg ringer i morgen, og spør hva som skjedde",
        "til_meg": "Vent til det har gått en natt",
    }
    """What the newcomer writes, in the parts that are their own."""

    @property
    def answered(self) -> str:
        """What the colleague writes: whoever is invented first has the first of the texts."""
        return words()["question"][self.say.language][0]

    async def lead(self) -> None:
        """From `øv` to the card that says that it is over."""
        await self._choose()
        for phase in self.method.plan(1):
            await self.teams.sees(self.say("panel.sees"))  # lowest, below the group's card
            await self.teams.sees(phase.title[self.say.language])
            await self._act(phase)
            await self.look(phase.id)
            await self._press("panel.forward")
        await self.teams.sees(self.say("rehearsal.ended"))
        await self.look("ended")

    async def _choose(self) -> None:
        await self.teams.write(self.say("command.rehearse.title"))
        await self.teams.sees(self.say("rehearsal.choose"))
        chosen = re.compile(rf"^{self.method.title[self.say.language]} \(")
        await self.teams.card.get_by_role("radio", name=chosen).check()
        await self.teams.fill(self.say("rehearsal.members"), "2")
        await self._press("rehearsal.choose.button")
        await self.teams.sees(self.say("rehearsal.before"))
        await self.look("before")
        await self._press("session.button.start")

    async def _act(self, phase: Phase) -> None:
        """Write one's own on the card that comes down, or read what the colleague wrote."""
        if phase.id not in self.told:
            await expect(self.teams.page.get_by_text(self.answered)).to_be_visible()
            return
        await self._press("session.button.write")
        await self.teams.sees(self.say("own.origin"))
        field = self.say(f"own.write.{phase.content or 'telling'}")
        await self.teams.fill(field, self.told[phase.id])
        await self._press("own.send")
        await self._press("session.button.done")

    async def _press(self, key: str) -> None:
        """The lowest button of this name: that of the newest card which has one."""
        await self.teams.press_lowest(self.say(key))
