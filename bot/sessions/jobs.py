"""What the dispatcher sends for sessions: drawn only now, from the newest state."""

import asyncio
import secrets
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.delivery.dispatcher import Work
from bot.delivery.outgoing import digest, message_to
from bot.delivery.recipients import People
from bot.gateway.events import Conversation, Final, Json, NotFound, SendError, Teams
from bot.operation import metrics
from bot.reminders.service import ReminderService
from bot.sessions.cards import apart, own, panel
from bot.sessions.cards import phase as cards
from bot.sessions.cards.meeting import led, meeting_of, name_of
from bot.sessions.cards.part import PartView
from bot.sessions.cards.subgroups import subgroup_card
from bot.sessions.clearing import emptied, emptying, says_anything, whose
from bot.sessions.service import (
    GATHERING,
    Live,
    SessionService,
    own_name,
    phase_name,
    question_name,
)
from bot.studies.cards.study import message as only_says
from bot.studies.service import StudyService
from bot.ui.elements import plain
from bot.ui.texts import Texts, texts
from dialogs.groups.colleagues import colleagues
from dialogs.groups.working_hours import QuietHours
from dialogs.sessions import queries
from dialogs.sessions.method import Phase
from dialogs.sessions.state import AnswersDue, Declined, PersonId, Running, TimeUp
from dialogs.sessions.summary import key_now
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.sessions import SessionCard
from storage.operational.store import Operational

CREATES = frozenset({"phase_card", "session_card", "own_reminder", "panel_missing", "leads_now"})
"""Kinds that make a new message, and are not to be repeated blindly.

The gathering card, the panel, a member's own part, a colleague's question and the card of who
works in their own chat are: without them there is no session, and twice is better than not at all.
"""


async def title_of_study(studies: StudyService, live: Live, say: Texts) -> str:
    """The open study that asks this group for texts; empty where none does."""
    study = await studies.asking_for_texts(live.place.id)
    return study.title[study.language(say.language)] if study else ""


class SessionSenders:
    """A method for each kind of row about sessions."""

    def __init__(
        self,
        operational: Operational,
        teams: Teams,
        sessions: SessionService,
        reminders: ReminderService,
        studies: StudyService,
        *,
        calendars: str,
        summaries: str,
    ) -> None:
        """`calendars` and `summaries` are the addresses of those, but for their keys."""
        self._summaries = summaries
        self._calendars = calendars
        self._operational = operational
        self._teams = teams
        self._people = People(operational, teams)
        self._sessions = sessions
        self._reminders = reminders
        self._studies = studies
        self._drawing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """One update of a session's cards at a time, so that none overtakes another."""

    @property
    def kinds(self) -> dict[str, Work]:
        """What is done for each kind of row."""
        return {
            "gathering_card": self.phase_card,
            "phase_card": self.phase_card,
            "phase_closed": self.phase_closed,
            "status_card": self.status_card,
            "session_card": self.session_card,
            "leads_now": self.leads_now,
            "plan_deadlines": self.plan_deadlines,
            "phase_due": self.phase_due,
            "phase_reminder": self.phase_reminder,
            "destroy_forms": self.destroy_forms,
            "empty_card": self.empty_card,
            "forget_session": self.forget_session,
            "panel": self.panel,
            "panel_missing": self.panel_missing,
            "own_part": self.own_part,
            "own_reminder": self.own_reminder,
            "own_turn": self.own_turn,
            "returned": self.returned,
            "apart_card": self.apart_card,
            "subgroup_cards": self.subgroup_cards,
            "colleague_asked": self.colleague_asked,
            "answers_due": self.answers_due,
            "again_due": self.again_due,
            "colleague_again": self.colleague_again,
            "rehearse": self.rehearse,
        }

    # In the group

    async def phase_card(self, message: Claimed) -> None:
        """The one card of a visit; nothing if the session has moved on already."""
        live = await self._sessions.get(message.payload["session"])
        if live is None or live.is_over or live.visit != int(message.payload["name"]):
            return
        say = texts(live.session.language)
        await self._send(live, phase_name(live.visit), cards.group_card(say, meeting_of(live)))
        await self._show_results(live)
        if live.is_rehearsal and live.visit != GATHERING:  # what to press next is to be lowest
            await self._bring_panel_down(live)
        await self._catch_up(live)  # updates that were due while it was on its way found no card

    async def _bring_panel_down(self, live: Live) -> None:
        if leader := live.session.facilitator:
            row = self._sessions.part(live, leader, f"below {live.visit}", "panel")
            await self._enqueue(row)

    async def _show_results(self, live: Live) -> None:
        """What was published of the studies that were announced here, in a part that shows it."""
        now = queries.current(live.method, live.session)
        if now is None or not now.phase.does.shows_results():
            return
        for study in await self._studies.published_at(live.place):
            key = f"results:{live.id}:{live.visit}:{study}"
            about = {"study": study, "language": live.session.language}
            await self._enqueue(message_to(live.place, "results", key, about, self._sessions.now()))

    async def phase_closed(self, message: Claimed) -> None:
        """The card of a visit that is over has no buttons."""
        live = await self._sessions.get(message.payload["session"])
        if live is not None:
            await self._close(live, int(message.payload["name"]), message.payload["phase"])

    async def _close(self, live: Live, visit: int, phase_id: str) -> None:
        phase = next((each for each in live.method.phases if each.id == phase_id), None)
        stand = await self._sessions.stored.cards(live.id)
        await _each(self._close_one(live, visit, phase, *one) for one in _of_visit(stand, visit))
        if phase is None and visit != GATHERING:
            await self._close_own(live, visit)

    async def _close_one(
        self, live: Live, visit: int, phase: Phase | None, person: PersonId, stood: SessionCard
    ) -> None:
        say = await self._people.say(person, live.session.language)
        if phase and person and not queries.is_here(live.session, person):
            return  # it says that they have gone
        if phase is None and visit != GATHERING:  # found when it was over already
            await self._update(live, stood, cards.over(say, meeting_of(live)))
        elif person and visit == GATHERING:
            await self._update(live, stood, apart.asked(say, meeting_of(live)))
        else:
            await self._update(live, stood, cards.closed(say, meeting_of(live, person), phase))

    async def _close_own(self, live: Live, visit: int) -> None:
        """Of a talk that keeps nothing, nothing stands on anybody's own part of it either."""
        for name, stood in (await self._sessions.stored.cards(live.id)).items():
            if name.startswith(f"own:{visit}:"):
                say = await self._people.say(whose(name), live.session.language)
                with suppress(Final):
                    await self._update(live, stood, cards.over(say, meeting_of(live)))

    async def status_card(self, message: Claimed) -> None:
        """The open card and the panels; a later version's row does it where there is one."""
        session = message.payload["session"]
        async with self._one_at_a_time(session):
            live = await self._sessions.get(session)
            if live and live.stored.version == int(message.payload["name"]):
                await self._draw(live)
            elif live and message.attempts > 1:  # whoever had it may have drawn it too late
                await self._sessions.close_again(live, message.payload.get("visit", live.visit))

    async def _catch_up(self, drawn: Live) -> None:
        """Draw what has happened since something was drawn."""
        async with self._one_at_a_time(drawn.id):
            await self._draw(await self._newer(drawn))

    async def _draw(self, live: Live | None) -> None:
        """Everything that stands, until nothing has happened meanwhile.

        Another replica may have drawn something newer, and a phase may have been closed,
        before what we drew arrived.
        """
        while live is not None:
            stand = sorted((await self._sessions.stored.cards(live.id)).items())
            await _each(self._draw_one(live, *one) for one in stand)
            live = await self._newer(live)

    async def _draw_one(self, live: Live, name: str, stood: SessionCard) -> None:
        with suppress(Final):  # somebody took it away
            await self._draw_card(live, name, stood)

    async def _draw_card(self, live: Live, name: str, stood: SessionCard) -> None:
        kind, _, whose = name.partition(":")
        if kind == "panel":
            try:
                await self._update(live, stood, await self.panel_card(live, whose))
            except (Final, NotFound):  # its chat is another by now, or nobody can be reached there
                if queries.leads(live.session, whose) and not live.is_over:
                    row = self._sessions.part(live, whose, f"for {stood.activity}", "panel")
                    await self._enqueue(row)
        elif kind == "asked":
            await self._update(live, stood, await self._question(live, whose))
        elif live.is_apart and not live.is_over:
            for person, _ in _of_visit({name: stood}, live.visit):
                await self._update(live, stood, await self._apart(live, person))
        elif name == "end":
            await self._update(live, stood, await self._ended(live))
        elif name == phase_name(GATHERING) and live.is_over and not live.is_apart:
            say = texts(live.session.language)
            await self._update(live, stood, cards.closed(say, meeting_of(live), None))
        elif name == phase_name(live.visit) and not live.is_over:
            say = texts(live.session.language)
            await self._update(live, stood, cards.group_card(say, meeting_of(live)))

    async def _enqueue(self, row: OutboxMessage) -> None:
        async with self._operational.begin() as transaction:
            transaction.enqueue(row)

    async def _newer(self, drawn: Live) -> Live | None:
        """The session where it has gone on since; the card of a phase that it left is closed."""
        now = await self._sessions.get(drawn.id)
        if now is None or now.stored.version == drawn.stored.version:
            return None
        if drawn.session.opened and (now.is_over or now.visit != drawn.visit):
            with suppress(Final):
                await self._close(now, drawn.visit, drawn.session.opened.phase)
        return now

    def _one_at_a_time(self, session: str) -> asyncio.Lock:
        return self._drawing.setdefault(session, asyncio.Lock())

    async def session_card(self, message: Claimed) -> None:
        """Thanks, and what is kept."""
        live = await self._sessions.get(message.payload["session"])
        if live is None:
            return
        await self._send(live, "end", await self._ended(live))

    async def _ended(self, live: Live) -> Json:
        say = texts(live.session.language)
        collected = [*(await self._sessions.stored.collection(live.stored.group)).values()]
        key = key_now(live.session, self._sessions.now())
        following = live.group.next_meeting(self._sessions.now())
        return cards.ended(
            say,
            meeting_of(live),
            collected,
            following.starts_at if following else None,
            f"{self._calendars}/{live.group.calendar_key}.ics" if live.group.meetings else "",
            summary=f"{self._summaries}/{live.id}/{key}.txt" if key else "",
        )

    async def leads_now(self, message: Claimed) -> None:
        """Who leads from now on, told to all; nothing where it is somebody else by now."""
        live = await self._sessions.get(message.payload["session"])
        leader = message.payload["name"]
        if live is None or live.is_over or live.session.facilitator != leader:
            return
        if name := name_of(live.session, leader):
            text = texts(live.session.language)("session.leads_now", name=plain(name))
            await self._teams.send_text(live.place, text)

    async def phase_due(self, message: Claimed) -> None:
        """The time of a phase is up: in the slow pace the group moves on."""
        visit = int(message.payload["visit"])
        if await self._waits_for_quiet_hours(message):
            return
        await self._sessions.act(
            message.payload["session"],
            lambda _: TimeUp(at=self._sessions.now(), visit=visit, seed=secrets.randbits(64)),
        )

    async def plan_deadlines(self, _: Claimed) -> None:
        """What happens at the deadlines of sessions is planned, whatever was lost."""
        await self._sessions.plan_deadlines()

    async def destroy_forms(self, message: Claimed) -> None:
        """The log forms of a meeting have served."""
        live = await self._sessions.get(message.payload["session"])
        if live is not None:
            await self._sessions.destroy_forms(live)

    async def forget_session(self, message: Claimed) -> None:
        """Nothing is kept of a talk that keeps nothing."""
        live = await self._sessions.get(message.payload["session"])
        if live is not None:
            cards = await emptying(self._sessions, self._people, live, says_anything)
            await self._sessions.forget(live, self._operational.outbox.putting(cards))

    async def empty_card(self, message: Claimed) -> None:
        """Nothing of what was said stands on a card of what is no more."""
        place, about = Conversation(**message.conversation), message.payload
        await self._teams.update_card(place, about["activity"], about["card"])

    async def rehearse(self, message: Claimed) -> None:
        """In a rehearsal somebody invented does something, unless it has gone on meanwhile."""
        live = await self._sessions.get(message.payload["session"])
        if live and not live.is_over and live.stored.version == int(message.payload["name"]):
            await self._sessions.rehearse(live)

    # In personal chats

    async def panel(self, message: Claimed) -> None:
        """The panel of somebody who leads from now on."""
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        if live is None or live.is_over or not queries.leads(live.session, person):
            return
        card = await self.panel_card(live, person)
        summary = live.method.title[live.session.language]
        stand = await self._sessions.stored.cards(live.id)
        old, missing = stand.get(f"panel:{person}"), stand.get(f"missing:{person}")
        try:
            chat, activity = await self._people.tell(person, live.place, card, summary)
        except Final:
            await self._enqueue(self._sessions.part(live, person, "", "panel_missing"))
            raise
        if missing is not None:
            with suppress(SendError):
                await self._put(missing, only_says(self._whose_panel(live, person, "there")))
        await self._note(live, SessionCard(f"panel:{person}", asdict(chat), activity))
        if old is not None:
            say = await self._people.say(person, live.session.language)
            await self._put_away(live, old, say)
        await self._catch_up(live)

    async def _put_away(self, live: Live, old: SessionCard, say: Texts) -> None:
        """A panel that came down anew: in a rehearsal it does so for each part."""
        if live.is_rehearsal:
            await self._take_away(old, say)
            return
        with suppress(SendError):  # it may be in a chat that is no more
            await self._put(old, only_says(say("session.moved")))

    async def panel_missing(self, message: Claimed) -> None:
        """Where the group is: that whoever leads has no panel yet, and what helps."""
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        if live is None or live.is_over or not queries.leads(live.session, person):
            return
        if f"panel:{person}" in await self._sessions.stored.cards(live.id):
            return
        await self._send(
            live, f"missing:{person}", only_says(self._whose_panel(live, person, "missing"))
        )

    def _whose_panel(self, live: Live, person: PersonId, what: str) -> str:
        say = texts(live.session.language)
        name = name_of(live.session, person) or say("panel.missing.leader")
        return say(f"panel.{what}", name=plain(name))

    async def apart_card(self, message: Claimed) -> None:
        """Where somebody is who works in their own chat, at the bottom of it; with their part after
        it as the phase opens, if it is theirs.

        Of a talk that is over, that it is.
        """
        live, person = (
            await self._sessions.get(message.payload["session"]),
            message.payload["name"],
        )
        if live is None or not queries.is_here(live.session, person):
            return
        if not live.is_apart:
            await self._subgroup_card(live, person)
            return
        name = phase_name(live.visit, person)
        old = (await self._sessions.stored.cards(live.id)).get(name)
        title, card = live.method.title[live.session.language], await self._apart(live, person)
        chat, activity = await self._people.tell(person, live.place, card, title)
        if live.is_over:
            return
        await self._note(live, SessionCard(name, asdict(chat), activity))
        if old is not None:
            await self._take_away(old, await self._people.say(person, live.session.language))
        now = queries.current(live.method, live.session)
        acts = old is None and queries.may_act(live.method, live.session, person)
        if now and acts and queries.takes_writing(live.session, now.phase):
            await self._enqueue(self._sessions.part(live, person, f"{live.visit}:{activity}"))
        await self._catch_up(live)

    async def _subgroup_card(self, live: Live, person: PersonId) -> None:
        """What somebody's small group is at, at the bottom of their chat."""
        if not live.works_apart:
            return
        name = phase_name(live.visit, person)
        old = (await self._sessions.stored.cards(live.id)).get(name)
        title, card = (
            live.method.title[live.session.language],
            await self._of_subgroup(live, person),
        )
        chat, activity = await self._people.tell(person, live.place, card, title)
        stood = SessionCard(name, asdict(chat), activity)
        await self._note(live, stood)
        if old is not None:
            await self._take_away(old, await self._people.say(person, live.session.language))
        # What has happened while it was on its way.
        while now := await self._newer(live):
            live = now
            if live.works_apart and phase_name(live.visit, person) == name:
                await self._update(live, stood, await self._of_subgroup(live, person))

    async def subgroup_cards(self, message: Claimed) -> None:
        """The cards of those in a small group, as it is now."""
        session = message.payload["session"]
        async with self._one_at_a_time(f"{session}/{message.payload['name']}"):
            live = await self._sessions.get(session)
            if live is None or not live.works_apart:
                return
            stand = await self._sessions.stored.cards(live.id)
            for member in queries.in_subgroup(live.session, int(message.payload["name"])):
                if stood := stand.get(phase_name(live.visit, member.id)):
                    with suppress(Final):  # a card that somebody took away stops no other
                        await self._update(live, stood, await self._of_subgroup(live, member.id))

    async def _of_subgroup(self, live: Live, person: PersonId) -> Json:
        say = await self._people.say(person, live.session.language)
        return subgroup_card(say, meeting_of(live, person))

    async def _take_away(self, stood: SessionCard, say: Texts) -> None:
        """Of a card that has come down nothing is left above, where Teams can do so."""
        try:
            await self._teams.delete(Conversation(**stood.reference), stood.activity)
        except SendError:
            with suppress(SendError):
                await self._put(stood, only_says(say("session.moved")))

    async def _apart(self, live: Live, person: PersonId) -> Json:
        say = await self._people.say(person, live.session.language)
        return apart.card_of(say, meeting_of(live), person)

    async def colleague_asked(self, message: Claimed) -> None:
        """Whether somebody can, where it is a time to ask them; who cannot be reached cannot."""
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        if live is None or person not in queries.asked(live.session):
            return
        if not await self._reminders.may_tell(person, message, QuietHours(live.zone), "colleague"):
            return
        stands = await self._ask(live, person, message, live.zone, "colleague")
        if stands is None:
            await self._sessions.act(live.id, lambda _: self._cannot(person))
        else:
            await self._note_question(live, person, stands)

    async def _ask(
        self, live: Live, person: PersonId, message: Claimed, zone: ZoneInfo, news: str
    ) -> SessionCard | None:
        """Where the question stands in their chat now; None where they cannot be reached."""
        card = await self._question(live, person)
        say = await self._people.say(person, live.session.language)
        try:
            chat, activity = await self._people.tell(
                person, live.place, card, apart.asks(say, live.method)
            )
        except Final as error:
            await self._reminders.not_told(person, message, zone, news)
            metrics.dispatched(message.kind, f"dropped: {error.code}")
            return None
        return SessionCard(question_name(person), asdict(chat), activity)

    async def _note_question(self, live: Live, person: PersonId, stood: SessionCard) -> None:
        """Where a question stands; unless it was answered: of an answer nothing is kept."""
        now = await self._sessions.get(live.id)
        if now is None or person in queries.asked(now.session):
            await self._note(live, stood)

    async def again_due(self, message: Claimed) -> None:
        """Somebody said "later" a while ago."""
        live = await self._sessions.get(message.payload["session"])
        if live is not None:
            await self._sessions.ask_again(live)

    async def colleague_again(self, message: Claimed) -> None:
        """The question once more, at the bottom of the chat, of whoever said "later"."""
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        asking = live.session.asking if live else None
        if live is None or asking is None or person not in asking.later:
            return
        if "colleague" in (await self._operational.preferences.of(person)).off:
            return
        quiet = await self._quiet_between(live, person)
        if not await self._reminders.may_tell(person, message, quiet, "again"):
            return
        old = (await self._sessions.stored.cards(live.id)).get(question_name(person))
        stands = await self._ask(live, person, message, quiet.zone, "again")
        if stands is None:
            return
        if old is not None:
            say = await self._people.say(person, live.session.language)
            await self._take_away(old, say)
        await self._note_question(live, person, stands)

    async def _quiet_between(self, live: Live, person: PersonId) -> QuietHours:
        """The quiet hours that are now in a group of theirs with whoever asks; else none."""
        now, asks = self._sessions.now(), live.session.facilitator
        for known in colleagues(person, await self._operational.groups.of_person(person)):
            for group in known.groups if known.person == asks else ():
                hours = await self._operational.preferences.quiet(group.id)
                quiet = QuietHours(group.zone, hours)
                if quiet.after(now) > now:
                    return quiet
        return QuietHours(live.zone)

    def _cannot(self, person: PersonId) -> Declined:
        return Declined(by=person, at=self._sessions.now(), seed=secrets.randbits(64))

    async def _question(self, live: Live, person: PersonId) -> Json:
        say = await self._people.say(person, live.session.language)
        return apart.question(say, meeting_of(live), person, self._sessions.now())

    async def answers_due(self, message: Claimed) -> None:
        """Nobody need answer a question any more."""
        due = AnswersDue(at=self._sessions.now(), seed=secrets.randbits(64))
        await self._sessions.act(message.payload["session"], lambda _: due)

    async def own_part(self, message: Claimed) -> None:
        """A member's own part of the phase, because they asked for it."""
        await self._own(message)

    async def own_turn(self, message: Claimed) -> None:
        """A member's own notes, because their turn has come; nothing for those without any."""
        live, person = (
            await self._sessions.get(message.payload["session"]),
            message.payload["name"],
        )
        if live is None or live.is_over or not await self._has_notes(live, person):
            return
        if live.session.pace == "days":  # nobody sits and waits for it
            await self._unasked(live, person, message)
        else:
            await self._own(message)

    async def returned(self, message: Claimed) -> None:
        """What was taken out, back to its writer: the notification does not show it."""
        live, person = (
            await self._sessions.get(message.payload["session"]),
            message.payload["name"],
        )
        theirs = live.session.returned.get(person, ()) if live else ()
        if live is None or not theirs:  # it is over
            return
        say = await self._people.say(person, live.session.language)
        card = own.returned(say, meeting_of(live, person), theirs[int(message.payload["nth"]) - 1])
        await self._tell_own(live, person, card)

    async def _has_notes(self, live: Live, person: PersonId) -> bool:
        """Whether there is anything of their own for the part that is open."""
        if await self._sessions.form(live, person):
            return True
        now = queries.current(live.method, live.session)
        is_of_last_time = now is not None and now.phase.does.brings_notes
        return is_of_last_time and bool(await self._sessions.note(live, person))

    async def phase_reminder(self, message: Claimed) -> None:
        """In the slow pace: once, to those who are waited for and whose day has room for it."""
        live = await self._sessions.get(message.payload["session"])
        ends = message.payload["ends"]
        if live and self._is_waiting(live, int(message.payload["name"]), ends):
            waiting = queries.waiting_for(live.method, live.session)
            await self._sessions.remind(live, waiting, ends)

    async def own_reminder(self, message: Claimed) -> None:
        """A member's own part, once in a session, where it still waits for them."""
        live, person = (
            await self._sessions.get(message.payload["session"]),
            message.payload["name"],
        )
        if live is None or not self._is_waiting(
            live, message.payload["visit"], message.payload["ends"]
        ):
            return
        if person not in queries.waiting_for(live.method, live.session):
            return
        await self._unasked(live, person, message)

    async def _unasked(self, live: Live, person: PersonId, message: Claimed) -> None:
        """Once in a session, at their hours, and where their day has room for it."""
        quiet = await self._quiet(live)
        once = {"of": digest("own_reminder", live.id)}
        if await self._reminders.may_tell(person, message, quiet, "phase", **once):
            try:
                await self._own(message)
            except Final as error:
                await self._reminders.not_told(person, message, live.zone, "phase", **once)
                metrics.dispatched(message.kind, f"dropped: {error.code}")

    def _is_waiting(self, live: Live, visit: int, ends: str) -> bool:
        """Whether the phase is still open, and nobody has given it more time."""
        opened = live.session.opened
        is_running = isinstance(live.session.stage, Running) and live.visit == visit
        return is_running and opened is not None and opened.until.isoformat() == ends

    async def _quiet(self, live: Live) -> QuietHours:
        hours = await self._operational.preferences.quiet(live.stored.group)
        return QuietHours(live.zone, hours)

    async def _waits_for_quiet_hours(self, message: Claimed) -> bool:
        """Over days nothing is posted in a group's quiet hours: it comes when they end."""
        live = await self._sessions.get(message.payload["session"])
        if live is None or live.session.pace != "days":
            return False
        now = self._sessions.now()
        free = (await self._quiet(live)).after(now)
        if free <= now:
            return False
        key = digest("waiting", message.id, free.isoformat())
        row = OutboxMessage(key, message.kind, message.conversation, message.payload, free)
        await self._enqueue(row)
        return True

    async def _own(self, message: Claimed) -> None:
        live = await self._sessions.get(message.payload["session"])
        person = message.payload["name"]
        if live is None or live.is_over or not queries.is_here(live.session, person):
            return
        say = await self._people.say(person, live.session.language)
        form = await self._sessions.form(live, person)
        note = await self._sessions.note(live, person)
        study = await title_of_study(self._studies, live, say)
        card = own.own(
            PartView(
                say, meeting_of(live, person), person, new_id(), form=form, note=note, study=study
            )
        )
        await self._tell_own(live, person, card)

    async def _tell_own(self, live: Live, person: PersonId, card: Json) -> None:
        """In the personal chat of somebody."""
        say = await self._people.say(person, live.session.language)
        title = live.method.title[say.language]
        chat, activity = await self._people.tell(person, live.place, card, title)
        stood = SessionCard(own_name(live.visit, activity, person), asdict(chat), activity)
        if live.method.after.keeps:
            await self._empty_if_gone(live, stood)
        else:  # in the end it is to be without what stands on it
            await self._note(live, stood)

    async def panel_card(self, live: Live, person: PersonId) -> Json:
        """The panel as it is now; for who no longer leads, a card that says so."""
        say = await self._people.say(person, live.session.language)
        if not queries.leads(live.session, person):
            return panel.handed_over(say, led(live))
        prepared = await self._sessions.stored.written(
            live.stored.group, live.stored.meeting, "form"
        )
        return panel.panel(say, led(live), prepared, reader=person)

    async def _send(self, live: Live, name: str, card: Json) -> None:
        summary = live.method.title[live.session.language]
        activity = await self._teams.send_card(live.place, card, summary)
        await self._note(live, SessionCard(name, live.stored.reference, activity))

    async def _note(self, live: Live, card: SessionCard) -> None:
        with suppress(IntegrityError):  # the session is no more
            async with self._operational.begin() as transaction:
                transaction.run(self._sessions.stored.put_card(live.id, card))
        await self._empty_if_gone(live, card)

    async def _update(self, live: Live, stood: SessionCard, card: Json) -> None:
        try:
            await self._put(stood, card)
        finally:  # also where nobody knows whether it has arrived
            await self._empty_if_gone(live, stood)

    async def _put(self, stood: SessionCard, card: Json) -> None:
        await self._teams.update_card(Conversation(**stood.reference), stood.activity, card)

    async def _empty_if_gone(self, drawn: Live, stood: SessionCard) -> None:
        """Whoever deleted a session, or somebody in it, while a card was on its way, could not
        empty that card: whoever sent it does."""
        person = whose(stood.name)
        now = await self._sessions.get(drawn.id)
        if now and not _is_nameless(drawn, now, person):
            return
        say = await self._people.say(person, drawn.session.language)
        row = emptied(say, drawn, stood, secrets.token_hex(16), self._sessions.now())
        await self._enqueue(row)


def _is_nameless(before: Live, now: Live, person: PersonId) -> bool:
    """Whether everything about somebody was deleted meanwhile."""
    members = {each.id for each in before.session.members}
    return person in members and person not in {each.id for each in now.session.members}


async def _each(updates: Iterable[Awaitable[None]]) -> None:
    """All of them; what failed is raised when the others are done."""
    failed: SendError | None = None
    for update in updates:
        try:
            await update
        except SendError as error:
            failed = error
    if failed:
        raise failed


def _of_visit(stand: Mapping[str, SessionCard], visit: int) -> Iterator[tuple[str, SessionCard]]:
    """The cards of a visit, and whose own each is; nobody's where all share it."""
    for name, card in stand.items():
        kind, number, person = (*name.split(":", 2), "", "")[:3]
        if (kind, number) == ("phase", str(visit)):
            yield person, card


def new_id() -> str:
    """For a contribution that is to be written."""
    return secrets.token_hex(8)
