"""A whole session in the group chat, led at the page by somebody who has only the cards."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from playwright.async_api import expect

from bot.ui.texts import Texts
from dialogs.sessions.method import Method, Phase
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.rating import Rating
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.scale import Scale
from tests.e2e.colleagues import Colleague
from tests.e2e.teams import TeamsPage

Look = Callable[[str], Awaitable[None]]
"""What is done when the page shows something worth a look, by its name."""
TURN = re.compile(r"([^\n.:]+?) har ordet\.")


async def nothing(_: str) -> None:
    """Look at nothing."""


@dataclass(frozen=True)
class Leader:
    """Leads the circle through every phase, and checks what the page shows in each.

    The one who is `chosen` tells of an episode; the others write, vote and rate too.
    """

    teams: TeamsPage
    say: Texts
    method: Method
    circle: Sequence[Colleague]
    chosen: Colleague
    look: Look = nothing
    written: dict[str, list[str]] = field(default_factory=dict)
    """What was written in each phase that the group reads under pseudonyms, or never."""

    async def lead(self) -> None:
        """From `start` to the thanks."""
        await self._gather()
        for phase in self.method.plan(1):
            await self._group()
            await self.teams.sees(phase.title["nb"])
            await self._act(phase)
            await self.look(phase.id)
            await self._panel(phase.title["nb"])
            await self.look(f"panel-{phase.id}")
            await self.press("panel.forward")
        await self._group()
        await self.teams.sees(self.say("session.ended"))
        await self.look("ended")

    async def press(self, key: str) -> None:
        await self.teams.press(self.say(key))

    async def _group(self) -> None:
        await self.teams.go_to("Kollegagruppa")

    async def _panel(self, says: str) -> None:
        await self.teams.go_to("Personal Chat")
        await self.teams.sees(self.say("panel.sees"))
        await self.teams.sees(says)

    async def _gather(self) -> None:
        await self._group()
        await self.teams.write(f"start {self.method.title['nb']}", to_bot=True)
        await self.teams.sees(self.say("session.gathering"))
        for each in self.circle:
            await each.press("session.here")
            await self.teams.sees(each.name)
        await self.look("gathering")
        await self._panel(self.say("panel.here", n=len(self.circle)))
        await self.look("panel-before")
        await self.press("session.button.start")

    async def _act(self, phase: Phase) -> None:
        """Everyone does their part in a phase, and the card says what it should."""
        match phase.does:
            case Inform():
                await self.teams.sees(self.say("session.sees.nothing"))
            case Round():
                await self._round(phase)
            case Owner():
                await self._own(phase)
            case Vote(elects=elects):
                await self._vote(elects)
            case Private() | Guide(alone=True):
                await self._alone(phase)
            case Rating(scales=scales):
                await self._rate(scales)

    async def _round(self, phase: Phase) -> None:
        """One at a time, and the card says whose turn it is."""
        await self.teams.sees(self.say("session.sees.group"))
        waits = [each for each in self.circle if phase.acts == "everyone" or each != self.chosen]
        while waits:
            await self.teams.sees(TURN)
            shown = TURN.search(await self.teams.card.inner_text())
            assert shown is not None
            turn = next(each for each in waits if each.name == shown[1].strip())
            text = f"«{phase.id}» {len(waits)}: hva la du merke til da det ble stille?"
            await turn.tell("session.send", text=text)
            await self.teams.sees(text)
            await turn.press("session.done")
            waits.remove(turn)
            await expect(self.teams.card).not_to_contain_text(f"{turn.name} har ordet.")
        await self.teams.sees(self.say("session.do.round.over"))

    async def _own(self, phase: Phase) -> None:
        await self.teams.sees(self.say("session.do.owner", name=self.chosen.name))
        text = f"«{phase.id}»: jeg ventet, og da fortalte hun mer"
        await self.chosen.tell("session.send", text=text)
        await self.teams.sees(text)
        await self.chosen.press("session.done")
        await self._ready(1)

    async def _alone(self, phase: Phase) -> None:
        """Nobody but the writer sees it, until all of it is shown to all under pseudonyms."""
        hidden = "session.sees.group.pseudonym.hidden"
        await self.teams.sees(self.say("session.sees.writer" if phase.sees == "writer" else hidden))
        writers = [each for each in self.circle if phase.acts == "everyone" or each != self.chosen]
        themes = [theme.id for theme in phase.does.asks()] or [""]
        texts: list[str] = []
        self.written[phase.id] = texts
        for each in writers:
            for theme in themes:
                said = f"«{phase.id}» {len(texts)}: en gang ventet jeg litt til"
                id_ = f"{phase.id}{len(texts)}"
                await each.tell("session.send", id=id_, text=said, theme=theme)
                texts.append(said)
            await each.press("session.done")
        await self._panel(self.say("panel.ready", n=len(writers), total=len(writers)))
        await self.look(f"panel-{phase.id}-hidden")
        await self._group()
        for text in texts:
            await expect(self.teams.page.get_by_text(text)).to_have_count(0)
        if phase.sees != "group":
            return
        await self.look(f"{phase.id}-hidden")
        await self._panel(phase.title["nb"])
        await self.press("panel.show")
        await self._group()
        await self.teams.sees(self.say("session.sees.group.pseudonym.shown"))
        for text in texts:
            await self.teams.sees(text)
        for each in writers:  # the episode that they wrote about stands under its teller's name
            await expect(self.teams.card).not_to_contain_text(each.name)

    async def _vote(self, elects: str) -> None:
        for each in self.circle:
            if elects == "owner":
                await each.tell("session.vote", choices=self.chosen.id)
            else:  # among texts, with ids that only one's own card carries
                await each.press("session.done")
        await self._ready(len(self.circle), counted=True)

    async def _rate(self, scales: Sequence[Scale]) -> None:
        given = {f"scale.{scale.id}": str(scale.steps) for scale in scales}
        for each in self.circle:
            await each.tell("session.rate", **given)
        await self._ready(len(self.circle), counted=True)

    async def _ready(self, count: int, *, counted: bool = False) -> None:
        if counted:
            await self.teams.sees(self.say("session.sees.counted"))
        await self.teams.sees(self.say("session.ready.value", n=count, total=count))
