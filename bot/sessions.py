"""Carrying out what a session decides: one event, one transaction, and the cards after it.

The session lies locked in the database with a version. Whoever saves second reads
again and takes the step again, so eight presses at once are all counted. What is to
be sent because of a step is rows of the outbox in the same transaction; the senders
draw from the newest state.
"""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import TypeAlias
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError

from bot.gateway.events import Conversation, Json
from bot.methods import Methods, kept, read_kept
from bot.now import Now
from bot.texts import language_of
from dialogs import reflection
from dialogs.method import Method
from dialogs.session import (
    Agreed,
    Effect,
    Ended,
    Event,
    FacilitatorChanged,
    Kept,
    NotedForSelf,
    Notice,
    PersonId,
    PhaseOpened,
    Refused,
    Session,
    SessionEnded,
    SharedForResearch,
    TimeMoved,
    TurnCame,
    begin,
    dump,
    load,
)
from storage.database import Stale
from storage.groups import Circle, Group, Meeting
from storage.operational import Operational, Transaction
from storage.outbox import Message
from storage.sessions import Card, StoredSession
from storage.sessions import Sessions as Stored
from storage.shared_texts import SharedText

Make: TypeAlias = Callable[[Session], Event | None]
"""The event of a press, given the session as it is; None where the card held no choice."""
Also: TypeAlias = Callable[[Transaction, "Live"], None]
"""What else is written in the transaction of a step; it is given the session as it was read."""
_forms = TypeAdapter(dict[str, str])
NIGHT = time(3, 30)
GATHERING = 0
"""The visit of the card on which members gather."""
REMIND_BEFORE = timedelta(hours=4)
"""How long before a deadline those who are waited for are reminded, in the slow pace."""


@dataclass(frozen=True, slots=True)
class Live:
    """A session as it is now, with what belongs to it."""

    stored: StoredSession
    session: Session
    method: Method
    circle: Circle

    @property
    def id(self) -> str:
        return self.stored.id

    @property
    def place(self) -> Conversation:
        return Conversation(**self.stored.reference)

    @property
    def visit(self) -> int:
        """Of the card that is open: the phase's, or the gathering's."""
        return self.session.opened.visit if self.session.opened else GATHERING

    @property
    def is_over(self) -> bool:
        return isinstance(self.session.stage, Ended)

    @property
    def never_started(self) -> bool:
        stage = self.session.stage
        return isinstance(stage, Ended) and stage.why == "never_started"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.circle.group.timezone)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an event: the session after it, and what there is to say."""

    live: Live
    notices: tuple[Notice, ...]


class Taken(Exception):
    """The conversation has a session already."""


class Sessions:
    """Every session, over its storage."""

    def __init__(
        self, operational: Operational, stored: Stored, methods: Methods, now: Now
    ) -> None:
        self._operational = operational
        self.stored = stored
        self._methods = methods
        self.now = now
        self._steps: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._kept: dict[str, Method] = {}
        """The methods that sessions go by, by digest; read once in the life of this process."""

    async def at(self, place: str) -> Live | None:
        """The session of a conversation that is not over."""
        return await self._live(await self.stored.at(place))

    async def get(self, session: str) -> Live | None:
        """A session by its id, also one that is over."""
        return await self._live(await self.stored.get(session))

    async def _live(self, stored: StoredSession | None) -> Live | None:
        if stored is None:
            return None
        circle = await self._operational.groups.circle(stored.group)
        if circle is None:
            return None
        session = load(stored.document)
        return Live(stored, session, await self._method(stored.method, session.method), circle)

    async def method(self, group: Group) -> Method:
        """The method that a group meets by now: of its session, or of the next."""
        return await self._method(await self.stored.method_of(group.id), group.method)

    async def _method(self, digest: str | None, method_id: str) -> Method:
        """As it was when the session began."""
        if digest is None:
            return self._methods.get(method_id)
        if digest not in self._kept:
            definition = await self._operational.methods.get(digest)
            if definition is None:
                raise LookupError("a session without its method")
            self._kept[digest] = read_kept(definition)
        return self._kept[digest]

    async def begin(self, circle: Circle, place: Conversation, facilitator: PersonId) -> Live:
        """Gather a group for its next meeting. Raises Taken."""
        group = circle.group
        method = self._methods.get(group.method)
        number = await self.stored.held(group.id) + 1
        session = begin(
            method,
            number,
            facilitator,
            language_of(group.language),
            zone=group.timezone,
            at=self.now(),
            agreed=await self.stored.agreements(group.id),
        )
        as_it_is = kept(method)
        stored = self.stored.new(group.id, number, asdict(place), as_it_is.digest, dump(session))
        live = Live(stored, session, method, circle)
        try:
            async with self._operational.begin() as transaction:
                transaction.also(self._operational.methods.keep(as_it_is, self.now().date()))
                transaction.also(self.stored.add(stored))
                transaction.enqueue(self._row(live, "phase_card", str(GATHERING)))
                transaction.enqueue(self._row(live, "panel", facilitator))
        except IntegrityError:
            raise Taken from None
        return live

    async def act(self, session: str, make: Make, also: Also | None = None) -> Done | None:
        """Let something happen in a session; None where there is no such session.

        One after the other in this process, so that eight at once need not try again
        and again; another replica's step shows in the version.
        """
        async with self._steps.setdefault(session, asyncio.Lock()):
            return await self._act(session, make, also)

    async def _act(self, session: str, make: Make, also: Also | None) -> Done | None:
        while True:
            live = await self.get(session)
            if live is None:
                return None
            event = make(live.session)
            if event is None:
                return Done(live, (Refused("no_choice"),))
            after, effects = reflection.step(live.method, live.session, event)
            notices = tuple(each for each in effects if isinstance(each, Notice))
            if after == live.session:
                return Done(live, notices)
            try:
                return Done(await self._save(live, after, effects, also), notices)
            except Stale:
                continue

    async def _save(
        self, live: Live, after: Session, effects: Iterable[Effect], also: Also | None
    ) -> Live:
        document, version = dump(after), live.stored.version + 1
        stored = replace(live.stored, version=version, document=document)
        new = replace(live, stored=stored, session=after)
        async with self._operational.begin() as transaction:
            meeting = 0 if new.never_started else live.stored.meeting
            old = replace(live.stored, meeting=meeting)
            transaction.also(self.stored.save(old, document, is_over=new.is_over))
            for effect in effects:
                self._carry_out(transaction, live, new, effect)
            transaction.enqueue(self._row(new, "status_card", str(new.stored.version)))
            if also:
                also(transaction, live)
        return new

    def _carry_out(
        self, transaction: Transaction, before: Live, live: Live, effect: Effect
    ) -> None:
        match effect:
            case PhaseOpened(visit=visit, until=until):
                self._close(transaction, before)
                transaction.enqueue(self._row(live, "phase_card", str(visit)))
                self._wake(transaction, live, visit, until)
            case TimeMoved(visit=visit, until=until):
                self._wake(transaction, live, visit, until)
            case TurnCame(member=member):
                transaction.enqueue(self._row(live, "own_turn", member))
            case FacilitatorChanged():
                if leader := live.session.facilitator:
                    # Who hands over and takes back gets another panel.
                    transaction.enqueue(self._row(live, "panel", leader, str(live.stored.version)))
            case SessionEnded():
                self._end(transaction, before, live)
            case _:
                self._keep(transaction, live, effect)

    def _keep(self, transaction: Transaction, live: Live, effect: Effect) -> None:
        group, meeting = live.circle.group, live.stored.meeting
        match effect:
            case NotedForSelf(member=member, text=text):
                transaction.also(self.stored.add_to_note(group.id, meeting, member, text))
            case Kept(texts=texts):
                transaction.also(self.stored.collect(group.id, texts))
            case Agreed(phase=phase, text=text):
                page = text.encode()
                transaction.also(self.stored.put_page(group.id, 0, phase, "agreement", page))
            case SharedForResearch(texts=texts):
                shared = [self._shared(live, *each) for each in texts]
                step = self._operational.shared_texts.share(shared, group.retention)
                transaction.also(step)

    def _shared(self, live: Live, phase: str, text: str, role: str) -> SharedText:
        holders = sum(member.role == role for member in live.session.members)
        label = self.stored.label(live.circle.group.id)
        return SharedText(label, live.method.id, phase, text, role or None, holders if role else 0)

    def _end(self, transaction: Transaction, before: Live, live: Live) -> None:
        self._close(transaction, before)
        transaction.enqueue(self._row(live, "session_card", "end"))
        if live.never_started:
            return
        if meeting := self._planned(live):
            transaction.also(self._operational.groups.hold(meeting.id))
        days = live.method.after.destroy_forms_days
        day = self.now().astimezone(live.zone).date() + timedelta(days=days)
        due = datetime.combine(day, NIGHT, live.zone)
        transaction.enqueue(self._row(live, "destroy_forms", "", due_at=due))

    def _close(self, transaction: Transaction, live: Live) -> None:
        phase = live.session.opened.phase if live.session.opened else ""
        transaction.enqueue(self._row(live, "phase_closed", str(live.visit), phase=phase))

    def _planned(self, live: Live) -> Meeting | None:
        """The planned meeting that this session was: the one nearest in time."""
        now = self.now()
        near = [
            meeting
            for meeting in live.circle.planned
            if abs(meeting.starts_at - now) < timedelta(days=1)
        ]
        return min(near, key=lambda meeting: abs(meeting.starts_at - now), default=None)

    def _wake(self, transaction: Transaction, live: Live, visit: int, until: datetime) -> None:
        name = f"{visit}:{until.isoformat()}"
        transaction.enqueue(self._row(live, "phase_due", name, visit=visit, due_at=until))
        if live.session.pace == "days":
            due = max(until - REMIND_BEFORE, self.now())
            transaction.enqueue(self._row(live, "phase_reminder", str(visit), due_at=due))

    async def recognise(self, live: Live, visit: int, activity: str) -> None:
        """Somebody pressed on a phase's card that was sent, but never noted.

        The bot was ended just then, or Teams did not say that it got the card.
        """
        name = phase_name(visit)
        if name in await self.stored.cards(live.id):
            return
        arrived = self._operational.outbox.arrived(self._row(live, "phase_card", str(visit)).key)
        row = self._row(live, "status_card", str(live.stored.version), "found")
        if live.is_over or visit != live.visit:
            row = self._row(live, "phase_closed", str(visit), "found", phase="")
        with suppress(Stale):
            async with self._operational.begin() as transaction:
                transaction.also(arrived)
                card = Card(name, live.stored.reference, activity)
                transaction.also(self.stored.put_card(live.id, card))
                transaction.enqueue(row)

    # What members keep for themselves

    async def form(self, live: Live, person: PersonId) -> dict[str, str]:
        """A member's log form for this meeting, by field; empty where there is none."""
        return await self.filled(live.stored.group, live.stored.meeting, person)

    async def filled(self, group: str, meeting: int, person: PersonId) -> dict[str, str]:
        """A member's log form for a meeting of a group, by field."""
        page = await self.stored.page(group, meeting, person, "form")
        return {} if page is None else _forms.validate_json(page)

    async def fill_in(
        self, group: str, meeting: int, person: PersonId, filled: dict[str, str]
    ) -> None:
        """Keep a log form for its writer alone."""
        async with self._operational.begin() as transaction:
            page = _forms.dump_json(filled)
            transaction.also(self.stored.put_page(group, meeting, person, "form", page))

    async def note(self, live: Live, person: PersonId) -> str:
        """What a member took along from the meeting before."""
        before = live.stored.meeting - 1
        page = await self.stored.page(live.stored.group, before, person, "note")
        return "" if page is None else page.decode()

    async def destroy_forms(self, live: Live) -> None:
        """Destroy the log forms of a meeting, and what was taken along from those before it."""
        group, meeting = live.stored.group, live.stored.meeting
        await self.stored.destroy_pages(group, meeting)

    async def bring(self, live: Live, person: PersonId, key: str, kind: str = "own_part") -> None:
        """Bring a member's own part down in their personal chat, once for each key."""
        async with self._operational.begin() as transaction:
            transaction.enqueue(self._row(live, kind, person, key))

    async def remind(self, live: Live, people: Iterable[PersonId]) -> None:
        """Bring their part to those who are waited for: once in a session to each."""
        async with self._operational.begin() as transaction:
            for person in people:
                transaction.enqueue(self._row(live, "own_part", person, "reminder"))

    def _row(
        self,
        live: Live,
        kind: str,
        *names: str,
        due_at: datetime | None = None,
        **payload: str | int,
    ) -> Message:
        """A row about a session, once for each of `names`; its first name goes with it."""
        key = ":".join((kind, live.id, *names))
        carried: Json = {"session": live.id, "name": names[0], **payload}
        return Message(key, kind, live.stored.reference, carried, due_at or self.now())


def phase_name(visit: int) -> str:
    """What the card of a visit is called in the storage."""
    return f"phase:{visit}"
