"""What is due without anybody asking: the nightly reseal, closing dates, retention."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from bot.delivery.outgoing import digest, plan_row
from bot.operation.clock import Now
from bot.studies.service import StudyService
from dialogs.retention import WARNED
from storage.operational.outbox import Claimed, OutboxMessage
from storage.operational.retention import certificate, ending
from storage.operational.store import Entry, Operational
from storage.urn.store import Urn

ZONE = ZoneInfo("Europe/Oslo")
NIGHT = time(3, 30)
"""Neither of the hours that daylight saving time skips or repeats."""
TIDYING = timedelta(minutes=1)
WINDING = timedelta(hours=1)
"""How often to see that the next night is there, though the machine's clock was changed."""
SYSTEM = "the clock"
LONGEST_PLAN = timedelta(days=180)
"""So long after a meeting nothing is said of it any more."""


class Clock:
    """Keeps the rows for what is due by itself, and does it."""

    def __init__(
        self,
        operational: Operational,
        urn: Urn,
        studies: StudyService,
        now: Now,
    ) -> None:
        self._operational = operational
        self._urn = urn
        self._studies = studies
        self._now = now

    async def wind(self) -> None:
        """Put what is to come into the outbox; again changes nothing."""
        today = self._now().astimezone(ZONE).date()
        messages = [_row("nightly", night_after(today), {})]
        for study, state in await self._studies.with_states():
            if state != "destroyed":
                due = study.retention + timedelta(days=1)
                messages.append(_row("destroy", due, {"study": study.id}))
            if state == "open" and study.closes:
                due = study.closes + timedelta(days=1)
                messages.append(_row("close", due, {"study": study.id}))
        now = self._now()
        for group, retention, zone in await self._operational.groups.past(today):
            key = digest("destroy_group", group, retention.isoformat())
            # Where its clock is behind ours, its last day may not be over yet.
            due = max(now, datetime.combine(retention + timedelta(days=1), time(), zone))
            messages.append(OutboxMessage(key, "destroy_group", {}, {"group": group}, due))
        for group, retention, leader in await self._operational.groups.leaving(
            today, today + WARNED
        ):
            key = digest("leaving", group, retention.isoformat())
            about = {"group": group, "person": leader, "news": "leaving"}
            messages.append(OutboxMessage(key, "group_letter", {}, about, now))
        async with self._operational.begin() as transaction:
            transaction.enqueue_all(messages)
        await self._close_offers()

    async def _close_offers(self) -> None:
        """No time is offered, and nobody's choice known, of a study that cannot be answered."""
        open_ = {study.id for study in await self._studies.open_ones()}
        rows = [
            OutboxMessage(
                digest("appointment_close", o.id),
                "appointment_close",
                {},
                {"offer": o.id},
                self._now(),
            )
            for o in await self._operational.appointments.all()
            if o.study not in open_
        ]
        async with self._operational.begin() as transaction:
            transaction.enqueue_all(rows)

    async def nightly(self, _: Claimed) -> None:
        """Wind the clock, reseal the urn, and forget what need not be known."""
        await self.wind()
        await self._plan_anew()
        await self._urn.reseal()
        await self._retain()
        await self._operational.methods.forget_unused()
        await self._operational.retention.compact()

    async def tidy(self) -> None:
        """What was to be taken away while a backup read is taken away when it has ended."""
        await self._operational.tidy()
        await self._urn.tidy()

    async def _retain(self) -> None:
        """Delete what has had its time, by the table of `dialogs.retention`."""
        now, retention = self._now(), self._operational.retention
        today = now.astimezone(ZONE).date()
        counts = await retention.expire(now, today)
        if people := await retention.forget_people(today):
            counts["persons"] += people
        async with self._operational.begin() as transaction:
            for study in await self._destroyed():
                transaction.forget_study(study)
            if counts:
                told = certificate("what has had its time", counts)
                transaction.audit(Entry(now, SYSTEM, told))

    async def _destroyed(self) -> list[str]:
        """The studies that are destroyed, and of which nothing waits to be told any more."""
        waiting = await self._operational.outbox.studies_waiting()
        states = await self._studies.with_states()
        return [s.id for s, state in states if state == "destroyed" and s.id not in waiting]

    async def _plan_anew(self) -> None:
        """Every plan, for what it was made from may be another by now."""
        now = self._now()
        groups = await self._operational.groups.that_met_since(now - LONGEST_PLAN)
        offers = [offer.id for offer in await self._operational.appointments.all()]
        rows = [plan_row("meeting", group, now) for group in groups]
        rows += [plan_row("slot", offer, now) for offer in offers]
        # Who was away may be back, and who was asked may have let their time pass.
        for group in await self._operational.groups.with_a_line():
            about = {"group": group}
            rows.append(OutboxMessage(token_hex(16), "group_ask_over", {}, about, now))
        rows.append(OutboxMessage(token_hex(16), "plan_deadlines", {}, {}, now))
        async with self._operational.begin() as transaction:
            transaction.enqueue_all(replace(row, is_bulk=True) for row in rows)

    async def close(self, message: Claimed) -> None:
        """A study has passed its closing date."""
        study_id = message.payload["study"]
        if await self._studies.is_open(study_id):
            await self._studies.close(study_id, SYSTEM)
        await self._close_offers()

    async def destroy(self, message: Claimed) -> None:
        """A study has passed its retention date: leave only a certificate."""
        study_id = message.payload["study"]
        await self.close(message)  # so that its invitations say so
        counts = await self._urn.destroy(study_id)
        step = ending("study", study_id, "a study", self._now(), elsewhere=counts, study=study_id)
        async with self._operational.begin() as transaction:
            transaction.run(step)
            transaction.run(self._operational.groups.untie(study_id))


def night_after(day: date) -> date:
    """The date of the next night's work."""
    return day + timedelta(days=1)


def _row(kind: str, day: date, payload: dict[str, str]) -> OutboxMessage:
    due = datetime.combine(day, NIGHT, ZONE)
    key = ":".join((kind, *payload.values(), day.isoformat()))
    return OutboxMessage(key, kind, {}, payload, due_at=due.astimezone(UTC))
