"""What the dispatcher sends for groups: drawn only now, from the newest state."""

from contextlib import suppress

from bot.delivery.dispatcher import Work
from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Final, Json, Teams
from bot.groups import cards
from bot.groups.cards import GroupView
from bot.groups.service import GroupService
from bot.operation import metrics
from bot.operation.settings import Settings
from bot.reminders.service import ReminderService
from bot.studies.cards.study import message as only
from bot.ui.texts import Texts, language_of, texts
from dialogs.groups.group import Group, Meeting
from dialogs.groups.working_hours import QuietHours
from storage.operational.outbox import Claimed
from storage.operational.store import Operational

CREATES = frozenset({"group_signup", "group_letter"})
"""Kinds that make a new message, and are not to be repeated blindly."""
_ANSWERS = frozenset({"seated", "queued"})
"""News that somebody gets because of their own press."""


class GroupSenders:
    """A method for each kind of row about groups."""

    def __init__(
        self,
        settings: Settings,
        operational: Operational,
        teams: Teams,
        groups: GroupService,
        reminders: ReminderService,
    ) -> None:
        self._settings = settings
        self._operational = operational
        self._teams = teams
        self._groups = groups
        self._reminders = reminders
        self._people = People(operational, teams)

    @property
    def kinds(self) -> dict[str, Work]:
        """What is done for each kind of row."""
        return {
            "group_signup": self.signup,
            "group_card": self.card,
            "group_letter": self.letter,
            "group_ask_over": self._groups.expire,
            "destroy_group": self._groups.outlive,
            "group_gone": self.gone,
        }

    async def view(self, group: Group) -> GroupView:
        """What drawing needs of a group."""
        method, roster = self._groups.method(group), self._groups.roster(group)
        quiet = await self._operational.preferences.quiet(group.id)
        return GroupView(group, method, roster, self._settings.calendars, self._groups.now(), quiet)

    async def signup(self, message: Claimed) -> None:
        """The sign-up card where the group belongs; nothing if it has one by now."""
        group = await self._groups.get(message.payload["group"])
        if group is None or group.card is not None:
            return
        say = texts(language_of(group.language))
        card, place = (
            cards.signup(say, await self.view(group)),
            Conversation(**group.conversation),
        )
        summary = say("signup.summary", name=self._groups.name(group, say.language))
        activity = await self._teams.send_card(place, card, summary)
        async with self._operational.begin() as transaction:
            transaction.run(self._operational.groups.set_card(group.id, activity))
        # Changes that came while it was on its way found no card.
        await self._draw(group.id, activity)

    async def card(self, message: Claimed) -> None:
        """The sign-up card as it is now; one that stands elsewhere by now says so."""
        await self._draw(message.payload["group"], message.payload["card"])

    async def _draw(self, group_id: str, activity: str) -> None:
        group = await self._groups.get(group_id)
        if group is None:
            return
        say = texts(language_of(group.language))
        card = cards.signup(say, await self.view(group))
        if group.card != activity:
            card = only(say("signup.moved"))
        with suppress(Final):  # somebody took the card away
            await self._teams.update_card(Conversation(**group.conversation), activity, card)

    async def gone(self, message: Claimed) -> None:
        """The sign-up card of a group that is no more has no buttons."""
        say, place = (
            texts(language_of(message.payload["language"])),
            Conversation(**message.conversation),
        )
        with suppress(Final):
            card = only(say("group.gone"))
            await self._teams.update_card(place, message.payload["card"], card)

    async def letter(self, message: Claimed) -> None:
        """News in the personal chat; nothing where they are none any more, and nothing of a group
        that goes: it may have been put off before this bot was away for long."""
        group = await self._groups.get(message.payload["group"])
        if group is None or group.has_outlived(self._groups.now()):
            return
        person = message.payload["person"]
        say = await self._people.say(person, group.language)
        card = self._letter(say, await self.view(group), message.payload)
        if card is None:
            return
        name = self._groups.name(group, say.language)
        news = message.payload["news"]
        quiet = QuietHours(group.zone, await self._operational.preferences.quiet(group.id))
        if news not in _ANSWERS and not await self._reminders.may_tell(
            person, message, quiet, news
        ):
            return
        try:
            near = Conversation(**group.conversation)
            await self._people.tell(person, near, card, say("group.origin", name=name))
        except Final as error:
            # They have not installed us, or want nothing from us: the card in the group
            # shows it all, and no administrator needs to look at it.
            await self._reminders.not_told(person, message, group.zone, news)
            metrics.dispatched(message.kind, f"dropped: {error.code}")

    def _letter(self, say: Texts, view: GroupView, about: Json) -> Json | None:
        person, group = about["person"], view.group
        found = group.member(person)
        match about["news"]:
            case "seated" | "queued" | "asked":
                return cards.member(say, view, person) if found else None
            case "lapsed":
                return None if found else cards.lapsed(say, view)
            case "few":
                is_few = view.roster.joined < view.roster.advised
                return cards.few(say, view) if is_few and group.state == "living" else None
            case "added":
                return cards.added(say, view)
            case "leaving":
                return cards.leaving(say, view) if group.state == "living" else None
            case "ended":
                return cards.ended(say, view)
            case "leads":
                return cards.leads(say, view, person)
            case "co_leads":  # unless they have said no meanwhile, or another leads
                return cards.co_leads(say, view) if person == group.co_leader else None
        meeting = _as_told(group, about)
        if meeting is None or found is None:
            return None
        draw = {"cancelled": cards.cancelled, "restored": cards.restored}
        return draw.get(about["news"], cards.moved)(say, view, meeting)


def _as_told(group: Group, about: Json) -> Meeting | None:
    """The meeting, if nothing happened to it since: of what did, another row tells."""
    meeting = group.meeting(about["meeting"])
    return meeting if meeting and meeting.sequence == about["sequence"] else None
