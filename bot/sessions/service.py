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

from bot.delivery.outgoing import place_cases, plan_row
from bot.gateway.events import Conversation, Json
from bot.operation.clock import Now
from bot.sessions.methods import Methods, kept, read_kept
from bot.ui.texts import language_of
from dialogs.groups.cases import brought_to
from dialogs.groups.group import EndCoLeading, Group, NameCoLeader, Pass, Use, form_ends
from dialogs.groups.group import step as happen
from dialogs.groups.working_hours import Hours, last_working
from dialogs.groups.yearly import Count
from dialogs.retention import NOTE, UNFINISHED
from dialogs.sessions import queries, rehearsing
from dialogs.sessions import step as reflection
from dialogs.sessions.method import Method
from dialogs.sessions.notes import Note, comes_back
from dialogs.sessions.of_one import held
from dialogs.sessions.rehearsing import Move
from dialogs.sessions.state import (
    Agreed,
    AnswerPutOff,
    AskedInVain,
    Asking,
    CameLater,
    CoLeaderCame,
    ColleagueAnswered,
    ColleagueAsked,
    Effect,
    Ended,
    EndedCoLeading,
    Event,
    FacilitatorChanged,
    Gathering,
    Invited,
    Kept,
    Lapsed,
    NamedCoLeader,
    NotedForSelf,
    Notice,
    PersonId,
    PhaseOpened,
    Refused,
    Returned,
    Session,
    SessionEnded,
    Started,
    TakenOut,
    TimeMoved,
    TurnCame,
    dump,
    load,
)
from dialogs.sessions.step import begin
from storage.database import Stale, Write
from storage.operational.cases import CaseStore
from storage.operational.outbox import OutboxMessage
from storage.operational.sessions import SessionCard, StoredSession
from storage.operational.sessions import SessionStore as Stored
from storage.operational.store import Operational, Transaction

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
    whole: Method
    """The method as it is written, whoever is here."""
    group: Group

    @property
    def method(self) -> Method:
        """The method as this session goes by it now."""
        return held(self.whole, self.session)

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
    def is_extra(self) -> bool:
        """Whether it goes by another method than the group's, and is none of its series."""
        return self.stored.meeting < 0

    @property
    def is_apart(self) -> bool:
        """Whether each works in their own chat: there is no common one."""
        return self.session.asking is not None

    @property
    def works_apart(self) -> bool:
        """Whether small groups do what is open, each by itself."""
        now = queries.current(self.method, self.session)
        return now is not None and queries.is_apart(self.session, now.phase)

    @property
    def is_rehearsal(self) -> bool:
        """Whether somebody leads it alone, to practise."""
        return self.session.is_rehearsal

    @property
    def never_started(self) -> bool:
        stage = self.session.stage
        return isinstance(stage, Ended) and stage.why == "never_started"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.group.timezone)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an event: the session after it, and what there is to say."""

    live: Live
    notices: tuple[Notice, ...]


class Taken(Exception):
    """The conversation has a session already."""


class SessionService:
    """Every session, over its storage."""

    def __init__(
        self,
        operational: Operational,
        stored: Stored,
        cases: CaseStore,
        methods: Methods,
        now: Now,
    ) -> None:
        self._operational = operational
        self.stored = stored
        self._cases = cases
        self._methods = methods
        self.now = now
        self._steps: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._kept: dict[str, Method] = {}
        """The methods that sessions go by, by digest; read once in the life of this process."""

    async def all_at(self, place: str) -> list[Live]:
        """The sessions of a chat or channel that are not over: of this thread, else of all."""
        here = await self._all(await self.stored.at(place))
        return [live for live in here if live.place.id == place] or here

    async def at(self, place: str) -> Live | None:
        """The first of them."""
        return next(iter(await self.all_at(place)), None)

    async def around(self, place: Conversation) -> list[Live]:
        """Those of a chat, or of a whole team."""
        if place.team is None:
            return await self.all_at(place.id)
        return [
            live
            for live in await self._all(await self.stored.living())
            if live.place.team == place.team
        ]

    async def of(self, person: PersonId) -> list[Live]:
        """Those that somebody leads or takes part in, wherever they are."""
        return [
            live
            for live in await self._all(await self.stored.living())
            if queries.leads(live.session, person) or queries.is_here(live.session, person)
        ]

    async def _all(self, stored: Iterable[StoredSession]) -> list[Live]:
        found = [await self._live(each) for each in stored]
        return [live for live in found if live is not None]

    async def get(self, session: str) -> Live | None:
        """A session by its id, also one that is over."""
        return await self._live(await self.stored.get(session))

    async def _live(self, stored: StoredSession | None) -> Live | None:
        if stored is None:
            return None
        group = await self._operational.groups.get(stored.group)
        if group is None:
            return None
        session = load(stored.document)
        return Live(stored, session, await self._method(stored.method, session.method), group)

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

    async def begin(
        self,
        group: Group,
        place: Conversation,
        facilitator: PersonId,
        method: Method | None = None,
        name: str = "",
        *,
        invited: Invited | None = None,
        alone: bool = False,
        members: int = 0,
    ) -> Live:
        """Gather a group for its next meeting; by another method for one beside its series.

        `name` is the facilitator's. `invited` where each works in their own chat, and is asked
        there; `alone` where it is rehearsed, with so many `members` who are invented: the group
        is then one that is made for it. Raises Taken.
        """
        while True:
            try:
                return await self._begin(
                    *(group, place, facilitator, method, name),
                    invited=invited,
                    alone=alone,
                    members=members,
                )
            except Stale:
                group = await self._operational.groups.get(group.id) or group

    async def _begin(
        self,
        group: Group,
        place: Conversation,
        facilitator: PersonId,
        other: Method | None,
        name: str,
        *,
        invited: Invited | None,
        alone: bool,
        members: int,
    ) -> Live:
        """Raises Taken, and Stale where something else happened to the group."""
        method = other or self._methods.get(group.method)
        is_extra = method.id != group.method
        used, _ = happen(method.frame, group, Use(at=self.now()))
        number = await self.stored.next_number(group.id, is_extra=is_extra)
        session = begin(
            method,
            1 if is_extra else number,  # with all its words: nobody may know the method
            facilitator,
            language_of(group.language),
            zone=group.timezone,
            at=self.now(),
            agreed={} if is_extra else await self.stored.agreements(group.id),
            name=name,
            asking=Asking(invited.until) if invited else None,
            co_leader=group.leads_with(facilitator) if method.after.keeps else None,
        )
        effects: list[Effect] = []
        if invited:
            session, effects = reflection.step(method, session, invited)
        if alone:
            session = rehearsing.gathered(method, session, self.now(), members)
        as_it_is = kept(method)
        stored = self.stored.new(group.id, number, asdict(place), as_it_is.digest, dump(session))
        live = Live(stored, session, method, group)
        try:
            async with self._operational.begin() as transaction:
                transaction.run(self._operational.methods.keep(as_it_is, self.now().date()))
                if invited or alone:
                    transaction.run(self._operational.groups.add(group))
                transaction.run(self.stored.add(stored))
                if used != group:
                    transaction.run(self._operational.groups.save(used))
                self._post(transaction, live, GATHERING)
                if not live.is_apart:
                    transaction.enqueue(self._row(live, "panel", facilitator))
                for effect in effects:
                    self._carry_out(transaction, live, live, effect)
                if not method.after.keeps:
                    due = self.now() + UNFINISHED
                    transaction.enqueue(self._row(live, "forget_session", "late", due_at=due))
        except IntegrityError:
            raise Taken from None
        return live

    def changes(self, live: Live, event: Event) -> bool:
        """Whether an event would change anything; what is refused does not."""
        after, _ = reflection.step(live.whole, live.session, event)
        return after != live.session

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
            if isinstance(event, Started) and live.method.has_queue:
                event = replace(event, brought=await self._brought(live))
            after, effects = reflection.step(live.whole, live.session, event)
            notices = tuple(each for each in effects if isinstance(each, Notice))
            if after == live.session:
                return Done(live, notices)
            try:
                return Done(await self._save(live, event, after, effects, also), notices)
            except Stale:
                continue

    async def _brought(self, live: Live) -> dict[str, str]:
        """The questions of those whose cases are for this meeting."""
        waiting = await self._cases.of_group(live.group.id)
        return brought_to(live.group, waiting, self.now())

    async def _save(
        self,
        live: Live,
        event: Event,
        after: Session,
        effects: Iterable[Effect],
        also: Also | None,
    ) -> Live:
        document, version = dump(after), live.stored.version + 1
        stored = replace(live.stored, version=version, document=document)
        new = replace(live, stored=stored, session=after)
        async with self._operational.begin() as transaction:
            meeting = 0 if new.never_started else live.stored.meeting
            old = replace(live.stored, meeting=meeting)
            transaction.run(self.stored.save(old, document, is_over=new.is_over))
            for effect in effects:
                self._carry_out(transaction, live, new, effect)
            if new.is_apart:
                self._tell_the_others(transaction, live, new)
            if new.works_apart and new.visit == live.visit:
                self._tell_subgroups(transaction, live, new)
            name = str(new.stored.version)
            transaction.enqueue(self._row(new, "status_card", name, visit=new.visit))
            self._rehearse(transaction, new)
            self._lead_on(transaction, live, event)
            if also:
                also(transaction, live)
        return new

    def _lead_on(self, transaction: Transaction, before: Live, event: Event) -> None:
        """Who leads as well does so in the group's meetings to come, where it is said by whoever
        leads the group."""
        group, now = before.group, self.now()
        match event:
            case NamedCoLeader(by=by, to=to) if group.leads(by):
                changed, _ = happen(
                    before.method.frame, group, NameCoLeader(at=now, to=to, sees=True)
                )
            case EndedCoLeading() if before.session.co_leader == group.co_leader:
                changed, _ = happen(before.method.frame, group, EndCoLeading(at=now))
            case _:
                return
        if changed != group:
            transaction.run(self._operational.groups.save(changed))

    def _carry_out(
        self, transaction: Transaction, before: Live, live: Live, effect: Effect
    ) -> None:
        match effect:
            case PhaseOpened(visit=visit, until=until):
                if isinstance(before.session.stage, Gathering):
                    self._hold(transaction, live)
                self._close(transaction, before)
                self._post(transaction, live, visit)
                self._wake(transaction, live, visit, until)
            case TimeMoved(visit=visit, until=until):
                self._wake(transaction, live, visit, until)
            case TurnCame(member=member):
                transaction.enqueue(self._row(live, "own_turn", member))
            case FacilitatorChanged() | CoLeaderCame():
                self._bring_panel(transaction, live, effect)
            case SessionEnded():
                self._end(transaction, before, live)
            case _ if live.is_apart:
                self._ask(transaction, live, effect)
                self._keep(transaction, live, effect)
            case _:
                self._keep(transaction, live, effect)

    def _bring_panel(
        self, transaction: Transaction, live: Live, effect: FacilitatorChanged | CoLeaderCame
    ) -> None:
        """The panel of whoever leads from now on. Where each works apart, their card follows."""
        is_co_leader = isinstance(effect, CoLeaderCame)
        leader = live.session.co_leader if is_co_leader else live.session.facilitator
        if live.is_apart or leader is None:
            return
        version = str(live.stored.version)  # who hands over and takes back gets another panel
        transaction.enqueue(self._row(live, "panel", leader, version))
        if not is_co_leader:
            transaction.enqueue(self._row(live, "leads_now", leader, version))

    def _rehearse(self, transaction: Transaction, live: Live) -> None:
        """In a while an invented member does something, if nothing else has happened till then."""
        if move := self._next_move(live, live.session):
            due, version = self.now() + move.after, str(live.stored.version)
            transaction.enqueue(self._row(live, "rehearse", version, due_at=due))

    def _next_move(self, live: Live, session: Session) -> Move | None:
        if not live.is_rehearsal:
            return None
        return rehearsing.next_move(live.method, session, live.id, self.now())

    async def ask_again(self, live: Live) -> None:
        """Remind those who can later and whose time has come, each once in a talk."""
        asking = live.session.asking
        due = [each for each, at in asking.again.items() if at <= self.now()] if asking else []
        async with self._operational.begin() as transaction:
            for person in due:
                ends = asking.until.isoformat() if asking else ""
                transaction.enqueue(self._row(live, "colleague_again", person, ends=ends))

    async def rehearse(self, live: Live) -> None:
        """Let an invented member do what is theirs next, as if they had pressed it."""

        def make(session: Session) -> Event | None:
            move = self._next_move(live, session)
            return move.event if move else None

        await self.act(live.id, make)

    def _post(self, transaction: Transaction, live: Live, visit: int) -> None:
        """The card of a visit: one for all, or one in each member's own chat, or both."""
        if not live.is_apart:
            transaction.enqueue(self._row(live, card_kind(visit), str(visit)))
        if not (live.is_apart or live.works_apart):
            return
        for member in queries.here(live.session):
            self._bring(transaction, live, member.id)

    def _bring(self, transaction: Transaction, live: Live, person: PersonId) -> None:
        """The card of somebody who works in their own chat, at the bottom of it."""
        transaction.enqueue(self._row(live, "apart_card", person, str(live.stored.version)))

    def _tell_the_others(self, transaction: Transaction, before: Live, live: Live) -> None:
        """An answer is told of as in any chat: what is only drawn anew, nobody is told of."""
        heard = queries.heard(before.session, live.session)
        for member in queries.here(live.session) if heard else ():
            if heard != {member.id}:
                self._bring(transaction, live, member.id)

    def _tell_subgroups(self, transaction: Transaction, before: Live, live: Live) -> None:
        """Whoever came into a small group gets its card, and those in it see what is new there."""
        version = str(live.stored.version)
        for member in queries.here(live.session):
            was_here = queries.is_here(before.session, member.id)
            number = queries.subgroup_of(before.session, member.id) if was_here else 0
            if number != member.subgroup:
                self._bring(transaction, live, member.id)
        for number in queries.subgroups(live.session):
            if queries.of_subgroup(before.session, number) != queries.of_subgroup(
                live.session, number
            ):
                transaction.enqueue(self._row(live, "subgroup_cards", str(number), version))

    def _ask(self, transaction: Transaction, live: Live, effect: Effect) -> None:
        match effect:
            case ColleagueAsked(person=person) if live.session.asking:
                until = live.session.asking.until
                ends = until.isoformat()
                asks = self._row(live, "colleague_asked", person, ends, ends=ends)
                transaction.enqueue(asks)
                transaction.enqueue(self._row(live, "answers_due", ends, due_at=until))
            case AnswerPutOff(at=at):
                # It names nobody while it waits: of a no nothing is kept.
                transaction.enqueue(self._row(live, "again_due", at.isoformat(), due_at=at))
            case ColleagueAnswered(person=person):
                transaction.run(self.stored.drop_card(live.id, question_name(person)))
            case CameLater(person=person):
                self._bring(transaction, live, person)
            case AskedInVain() if live.session.facilitator:
                self._bring(transaction, live, live.session.facilitator)

    def _keep(self, transaction: Transaction, live: Live, effect: Effect) -> None:
        group, meeting = live.group, live.stored.meeting
        match effect:
            case NotedForSelf(member=member, text=text):
                until = self.now().astimezone(live.zone).date() + NOTE
                note = Note(text, live.method.id)
                transaction.run(self.stored.add_to_note(group.id, meeting, member, note, until))
            case Kept(texts=texts, for_office=for_office):
                month = self.now().astimezone(live.zone).date().replace(day=1)
                kept_now = self.stored.collect(group.id, texts, month, for_office=for_office)
                transaction.run(kept_now)
            case TakenOut(gone=gone, left=left):
                transaction.run(self.stored.replace_collected(group.id, gone, left))
                self._draw_earlier(transaction, live)
            case Returned(member=member):
                nth = len(live.session.returned[member])
                transaction.enqueue(self._row(live, "returned", member, str(nth), nth=nth))
            case Agreed() if live.is_extra:
                pass  # the phases of the group's own method may be called the same
            case Agreed(phase=phase, text=text):
                page = text.encode()
                transaction.run(self.stored.put_page(group.id, 0, phase, "agreement", page))

    def _end(self, transaction: Transaction, before: Live, live: Live) -> None:
        self._close(transaction, before)
        if not live.is_apart:
            transaction.enqueue(self._row(live, "session_card", "end"))
        elif not live.never_started:
            self._post(transaction, live, before.visit)
        if not live.method.after.keeps:
            self._forget(transaction, before, live)
        if live.never_started or not live.method.after.keeps:
            return
        self._count(transaction, live)
        if live.is_extra:
            return
        transaction.enqueue(plan_row("meeting", live.group.id, self.now()))
        if live.method.has_queue:
            transaction.enqueue(place_cases(live.group, self.now(), live.id, session=live.id))
        days = live.method.after.destroy_forms_days
        day = self.now().astimezone(live.zone).date() + timedelta(days=days)
        due = datetime.combine(day, NIGHT, live.zone)
        transaction.enqueue(self._row(live, "destroy_forms", "", due_at=due))

    def _count(self, transaction: Transaction, live: Live) -> None:
        """One meeting more of this year, and with its first one group: whose is not kept."""
        is_first = live.stored.meeting == 1
        counted = Count(live.method.id, groups=int(is_first), meetings=1)
        today = self.now().astimezone(live.zone).date()
        transaction.run(self._operational.yearly.add(today, counted))

    def _forget(self, transaction: Transaction, before: Live, live: Live) -> None:
        """What was said stands on no card any more, and the night takes the rest away."""
        for visit in range(1, before.visit + 1):
            transaction.enqueue(self._row(live, "phase_closed", str(visit), "forgotten", phase=""))
        day = self.now().astimezone(live.zone).date() + timedelta(days=1)
        due = datetime.combine(day, NIGHT, live.zone)
        transaction.enqueue(self._row(live, "forget_session", "night", due_at=due))
        if not live.is_extra and not live.group.meetings:
            passed, _ = happen(live.method.frame, live.group, Pass(at=self.now()))
            transaction.run(self._operational.groups.save(passed))

    def _draw_earlier(self, transaction: Transaction, live: Live) -> None:
        """The cards of phases that are over, as they are without what was taken out."""
        version = str(live.stored.version)
        for visit, phase in live.session.visited.items():
            if visit != live.visit:
                transaction.enqueue(
                    self._row(live, "phase_closed", str(visit), version, phase=phase)
                )

    async def forget(self, live: Live, before: Write) -> None:
        """Leave nothing of a session that keeps nothing; end it first, where nobody has.

        `before` is done in the transaction that leaves nothing.
        """
        if not live.is_over:
            await self.act(live.id, lambda _: Lapsed(at=self.now(), seed=0))
        else:
            await self.stored.destroy(live.stored, before)

    def _close(self, transaction: Transaction, live: Live) -> None:
        phase = live.session.opened.phase if live.session.opened else ""
        transaction.enqueue(self._row(live, "phase_closed", str(live.visit), phase=phase))

    def _hold(self, transaction: Transaction, live: Live) -> None:
        """The planned meeting that begins with this session is coming no more."""
        if meeting := live.group.begun_at(self.now()):
            transaction.run(self._operational.groups.hold(meeting.id))
            transaction.enqueue(plan_row("meeting", live.group.id, self.now()))

    async def plan_deadlines(self) -> None:
        """Have every deadline of a phase be kept; again changes nothing."""
        for live in await self._all(await self.stored.living()):
            if live.session.opened:
                async with self._operational.begin() as transaction:
                    self._wake(transaction, live, live.visit, live.session.opened.until)

    def _wake(self, transaction: Transaction, live: Live, visit: int, until: datetime) -> None:
        name = f"{visit}:{until.isoformat()}"
        transaction.enqueue(self._row(live, "phase_due", name, visit=visit, due_at=until))
        if live.session.pace == "days":
            hours = Hours(live.zone, live.session.hours.opens, live.session.hours.closes)
            due = max(last_working(until - REMIND_BEFORE, hours), self.now())
            ends = until.isoformat()
            row = self._row(live, "phase_reminder", str(visit), ends, due_at=due, ends=ends)
            transaction.enqueue(row)

    async def recognise(self, live: Live, visit: int, activity: str) -> None:
        """Somebody pressed on a phase's card that was sent, but never noted.

        The bot was ended just then, or Teams did not say that it got the card.
        """
        name = phase_name(visit)
        if name in await self.stored.cards(live.id):
            await self.close_again(live, visit)
            return
        key = self._row(live, card_kind(visit), str(visit)).key
        arrived = self._operational.outbox.arrived(key)
        row = self._row(live, "status_card", str(live.stored.version), "found")
        if live.is_over or visit != live.visit:
            row = self._row(live, "phase_closed", str(visit), "found", phase="")
        with suppress(Stale):
            async with self._operational.begin() as transaction:
                transaction.run(arrived)
                card = SessionCard(name, live.stored.reference, activity)
                transaction.run(self.stored.put_card(live.id, card))
                transaction.enqueue(row)

    async def close_again(self, live: Live, visit: int) -> None:
        """The card of a visit that is over may look open: the bot was ended when an update that
        was overtaken had just arrived, and before it could draw what came after."""
        if not live.is_over and visit == live.visit:
            return
        is_kept = live.method.after.keeps or not live.is_over
        phase = live.session.visited.get(visit, "") if is_kept else ""
        names = str(visit), str(live.stored.version), "again"
        async with self._operational.begin() as transaction:
            transaction.enqueue(self._row(live, "phase_closed", *names, phase=phase))

    def label(self, live: Live) -> str:
        """What the group is called in research."""
        return self.stored.label(live.group.id)

    # What members keep for themselves

    async def form(self, live: Live, person: PersonId) -> dict[str, str]:
        """A member's log form for this meeting, by field; empty where there is none."""
        return await self.filled(live.stored.group, live.stored.meeting, person)

    async def filled(self, group: str, meeting: int, person: PersonId) -> dict[str, str]:
        """A member's log form for a meeting of a group, by field."""
        page = await self.stored.page(group, meeting, person, "form")
        return {} if page is None else _forms.validate_json(page)

    async def fill_in(
        self, group: Group, meeting: int, person: PersonId, filled: dict[str, str]
    ) -> None:
        """Keep a log form for its writer alone, until some days after the meeting it is for."""
        method = await self.method(group)
        page, until = _forms.dump_json(filled), form_ends(group, method.after, self.now())
        async with self._operational.begin() as transaction:
            step = self.stored.put_page(group.id, meeting, person, "form", page, until=until)
            transaction.run(step)

    async def note(self, live: Live, person: PersonId) -> str:
        """What a member took along last, from a meeting before this one, and how it went."""
        kept = await self.stored.notes(person)
        found = comes_back(kept, live.stored.group, live.stored.meeting)
        return "" if found is None else f"{found.note.text}\n\n{found.note.went}".strip()

    async def destroy_forms(self, live: Live) -> None:
        """Destroy the log forms of a meeting."""
        await self.stored.destroy_forms(live.stored.group, live.stored.meeting)

    def part(self, live: Live, person: PersonId, key: str, kind: str = "own_part") -> OutboxMessage:
        """What brings a member's own part, or the panel, to their chat, once for each key."""
        return self._row(live, kind, person, key)

    def where_we_are(self, live: Live, person: PersonId, key: str) -> OutboxMessage:
        """What somebody goes on with, at the bottom of their chat: of who leads it is the panel."""
        leads = queries.leads(live.session, person)
        if live.is_apart or (live.works_apart and not leads):
            return self.part(live, person, key, "apart_card")
        return self.part(live, person, key, "panel" if leads else "own_part")

    async def remind(self, live: Live, people: Iterable[PersonId], ends: str) -> None:
        """Bring their part to those who are waited for, when it is a time to write to them."""
        async with self._operational.begin() as transaction:
            for person in people:
                row = self._row(live, "own_reminder", person, ends, visit=live.visit, ends=ends)
                transaction.enqueue(row)

    def _row(
        self,
        live: Live,
        kind: str,
        *names: str,
        due_at: datetime | None = None,
        **payload: str | int,
    ) -> OutboxMessage:
        """A row about a session, once for each of `names`; its first name goes with it."""
        key = ":".join((kind, live.id, *names))
        carried: Json = {"session": live.id, "name": names[0], **payload}
        return OutboxMessage(key, kind, live.stored.reference, carried, due_at or self.now())


def card_kind(visit: int) -> str:
    """The kind of row that sends the card of a visit."""
    return "phase_card" if visit else "gathering_card"


def phase_name(visit: int, person: PersonId = "") -> str:
    """What the card of a visit is called in the storage; `person` has one of their own."""
    return f"phase:{visit}:{person}" if person else f"phase:{visit}"


def own_name(visit: int, activity: str, person: PersonId) -> str:
    """The same of somebody's own part, which may stand in their chat more than once."""
    return f"own:{visit}:{activity}:{person}"


def question_name(person: PersonId) -> str:
    """The same of the card that asks somebody."""
    return f"asked:{person}"
