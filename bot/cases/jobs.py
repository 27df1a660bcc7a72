"""What the dispatcher sends about cases: drawn only now, from what is true by then."""

from zoneinfo import ZoneInfo

from bot.cases import cards
from bot.cases.service import CaseService, Panel
from bot.delivery.dispatcher import Work
from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Final, Json, Teams
from bot.operation import metrics
from bot.reminders.service import ReminderService
from bot.sessions.service import SessionService
from bot.ui.texts import Texts, language_of, texts
from dialogs.groups import cases
from dialogs.groups.cases import Case, Told
from dialogs.groups.working_hours import QuietHours
from dialogs.sessions.summary import kept
from storage.operational.outbox import Claimed
from storage.operational.store import Operational

CREATES = frozenset({"case_letter", "case_closed", "case_told"})
"""Kinds that make a new message, and are not to be repeated blindly."""


class CaseSenders:
    """A method for each kind of row about cases."""

    def __init__(
        self,
        operational: Operational,
        teams: Teams,
        service: CaseService,
        sessions: SessionService,
        reminders: ReminderService,
    ) -> None:
        self._operational = operational
        self._teams = teams
        self._cases = service
        self._sessions = sessions
        self._reminders = reminders
        self._people = People(operational, teams)

    @property
    def kinds(self) -> dict[str, Work]:
        """What is done for each kind of row."""
        return {
            "place_cases": self.place,
            "case_letter": self.letter,
            "case_closed": self.closed,
            "case_told": self.told,
        }

    async def place(self, message: Claimed) -> None:
        """Every case has the place that there is for it."""
        await self._cases.arrange(message, self._sessions)

    async def letter(self, message: Claimed) -> None:
        """News to the owner; nothing where they are none any more."""
        about = message.payload
        panel, person = await self._cases.panel(about["group"]), about["person"]
        case = cases.find(panel.cases, about["case"]) if panel else None
        if panel is None or case is None:
            return
        say = await self._people.say(person, panel.group.language)
        if (card := await self._drawn(say, panel, case, about)) is None:
            return
        group = panel.group
        quiet = QuietHours(group.zone, await self._operational.preferences.quiet(group.id))
        near, summary = Conversation(**group.conversation), cards.summary(say, panel)
        await self._tell(message, card, summary, near=near, quiet=quiet, news=about["news"])

    async def _drawn(self, say: Texts, panel: Panel, case: Case, about: Json) -> Json | None:
        """The card, where it is still as it was told."""
        match about["news"]:
            case "case_report":
                return await self._report(say, panel, about["session"])
            case "case_went":
                return cards.how_it_went(say, panel, case) if case.heard else None
            case "case_waits":
                return None if case.meeting or case.heard else cards.waits(say, panel)
        is_same = case.meeting == about["meeting"] and case.sequence == about["sequence"]
        meeting = panel.group.meeting(case.meeting) if is_same else None
        return cards.placed(say, panel, case, meeting, about["news"]) if meeting else None

    async def _report(self, say: Texts, panel: Panel, session: str) -> Json | None:
        """What the panel kept of the meeting, and nothing of who said it."""
        live = await self._sessions.get(session)
        if live is None:
            return None
        collection = await self._sessions.stored.collection(panel.group.id)
        return cards.report(say, panel, kept(live.session, collection.values()))

    async def closed(self, message: Claimed) -> None:
        """The panel has ended, and with it every case that waited."""
        about = message.payload
        say = await self._people.say(about["person"], about["language"])
        title = about["titles"][say.language]
        await self._tell(
            message,
            cards.closed(say, title),
            say("case.origin", name=title),
            near=Conversation(**message.conversation),
            quiet=QuietHours(ZoneInfo(about["zone"])),
            news="case_closed",
        )

    async def _tell(
        self,
        message: Claimed,
        card: Json,
        summary: str,
        *,
        near: Conversation,
        quiet: QuietHours,
        news: str,
    ) -> None:
        """By the one door for what comes unasked."""
        person = message.payload["person"]
        if not await self._reminders.may_tell(person, message, quiet, news):
            return
        try:
            await self._people.tell(person, near, card, summary)
        except Final as error:
            await self._reminders.not_told(person, message, quiet.zone, news)
            metrics.dispatched(message.kind, f"dropped: {error.code}")

    async def told(self, message: Claimed) -> None:
        """How it went, where the panel belongs; then nothing is left of the case."""
        about = message.payload
        panel = await self._cases.panel(about["group"])
        case = cases.find(panel.cases, about["case"]) if panel else None
        if panel is None or case is None:
            return
        say, place = texts(language_of(panel.group.language)), Conversation(**message.conversation)
        await self._teams.send_card(place, cards.told(say, case), say("case_told.title"))
        await self._cases.act(panel.group.id, Told(self._cases.now(), case.id))
