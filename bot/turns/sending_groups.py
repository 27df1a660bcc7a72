"""What the dispatcher sends for groups: drawn only now, from the newest state."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from bot import metrics
from bot.cards import groups as cards
from bot.cards.groups import Sheet
from bot.cards.study import message as only
from bot.dispatcher import Work
from bot.gateway.events import Conversation, Final, Json, Teams
from bot.groups import Groups
from bot.people import People
from bot.reminders import Reminders
from bot.settings import Settings
from bot.texts import Texts, language_of, texts
from storage.groups import Circle, Meeting
from storage.operational import Operational
from storage.outbox import Claimed

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
        groups: Groups,
        reminders: Reminders,
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
            "destroy_group": self._groups.destroy,
        }

    async def sheet(self, circle: Circle) -> Sheet:
        """What drawing needs of a group."""
        method, roster = self._groups.method(circle.group), self._groups.roster(circle)
        quiet = await self._operational.preferences.quiet(circle.group.id)
        return Sheet(circle, method, roster, self._settings.calendars, self._groups.now(), quiet)

    async def signup(self, message: Claimed) -> None:
        """The sign-up card where the group belongs; nothing if it has one by now."""
        circle = await self._groups.circle(message.payload["group"])
        if circle is None or circle.group.card is not None:
            return
        group, say = circle.group, texts(language_of(circle.group.language))
        card, place = (
            cards.signup(say, await self.sheet(circle)),
            Conversation(**group.conversation),
        )
        summary = say("signup.summary", name=self._groups.name(group, say.language))
        activity = await self._teams.send_card(place, card, summary)
        async with self._operational.begin() as transaction:
            transaction.also(self._operational.groups.set_card(group.id, activity))
        # Changes that came while it was on its way found no card.
        await self._draw(group.id, activity)

    async def card(self, message: Claimed) -> None:
        """The sign-up card as it is now; one that stands elsewhere by now says so."""
        await self._draw(message.payload["group"], message.payload["card"])

    async def _draw(self, group_id: str, activity: str) -> None:
        circle = await self._groups.circle(group_id)
        if circle is None:
            return
        group, say = circle.group, texts(language_of(circle.group.language))
        card = cards.signup(say, await self.sheet(circle))
        if group.card != activity:
            card = only(say("signup.moved"))
        with suppress(Final):  # somebody took the card away
            await self._teams.update_card(Conversation(**group.conversation), activity, card)

    async def letter(self, message: Claimed) -> None:
        """News in the personal chat; nothing where they are none any more."""
        circle = await self._groups.circle(message.payload["group"])
        if circle is None:
            return
        person = message.payload["person"]
        say = await self._people.say(person, circle.group.language)
        card = self._letter(say, await self.sheet(circle), message.payload)
        if card is None:
            return
        name = self._groups.name(circle.group, say.language)
        if message.payload["news"] not in _ANSWERS:
            await self._reminders.note_news(person, message, ZoneInfo(circle.group.timezone))
        try:
            chat = await self._people.chat(person, Conversation(**circle.group.conversation))
            await self._teams.send_card(chat, card, say("group.origin", name=name))
        except Final as error:
            # They have not installed us, or want nothing from us: the card in the group
            # shows it all, and no administrator needs to look at it.
            await self._reminders.forget_news(person, message)
            metrics.dispatched(message.kind, f"dropped: {error.code}")

    def _letter(self, say: Texts, sheet: Sheet, about: Json) -> Json | None:
        person, circle = about["person"], sheet.circle
        found = circle.member(person)
        match about["news"]:
            case "seated" | "queued" | "asked":
                return cards.member(say, sheet, person) if found else None
            case "lapsed":
                return None if found else cards.lapsed(say, sheet)
            case "few":
                is_few = sheet.roster.joined < sheet.roster.advised
                return cards.few(say, sheet) if is_few and circle.group.state == "living" else None
            case "added":
                return cards.added(say, sheet)
            case "ended":
                return cards.ended(say, sheet)
        meeting = _as_told(circle, about)
        if meeting is None or found is None:
            return None
        draw = cards.cancelled if about["news"] == "cancelled" else cards.moved
        return draw(say, sheet, meeting)


def _as_told(circle: Circle, about: Json) -> Meeting | None:
    """The meeting, if nothing happened to it since: of what did, another row tells."""
    meeting = circle.meeting(about["meeting"])
    return meeting if meeting and meeting.sequence == about["sequence"] else None
