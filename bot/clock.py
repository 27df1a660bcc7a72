"""What is due without anybody asking: the nightly reseal, closing dates, retention."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.now import Now
from bot.studies import Studies
from storage.operational import Entry, Operational
from storage.outbox import Claimed, Message
from storage.urn import Urn

ZONE = ZoneInfo("Europe/Oslo")
NIGHT = time(3, 30)
"""Neither of the hours that daylight saving time skips or repeats."""
WINDING = timedelta(hours=1)
"""How often to see that the next night is there, though the machine's clock was changed."""
SEEN_FOR = timedelta(days=1)
SENT_FOR = timedelta(days=70)
"""So long a key sends nothing again, though a clock was a month behind, and then a month ahead."""
SYSTEM = "the clock"


class Clock:
    """Keeps the rows for what is due by itself, and does it."""

    def __init__(self, operational: Operational, urn: Urn, studies: Studies, now: Now) -> None:
        self._operational = operational
        self._urn = urn
        self._studies = studies
        self._now = now

    async def wind(self) -> None:
        """Put what is to come into the outbox; again changes nothing."""
        today = self._now().astimezone(ZONE).date()
        await self._operational.preferences.forget_told(today)
        messages = [_row("nightly", night_after(today), {})]
        for study, state in await self._studies.with_states():
            if state != "destroyed":
                due = study.retention + timedelta(days=1)
                messages.append(_row("destroy", due, {"study": study.id}))
            if state == "open" and study.closes:
                due = study.closes + timedelta(days=1)
                messages.append(_row("close", due, {"study": study.id}))
        for group in await self._operational.groups.all():
            due = group.retention + timedelta(days=1)
            messages.append(_row("destroy_group", due, {"group": group.id}))
        async with self._operational.begin() as transaction:
            for message in messages:
                transaction.enqueue(message)

    async def nightly(self, _: Claimed) -> None:
        """Wind the clock, reseal the urn, and forget what need not be known."""
        await self.wind()
        await self._urn.reseal()
        await self._operational.forget_seen(self._now() - SEEN_FOR)
        await self._operational.outbox.forget(self._now() - SENT_FOR)
        await self._operational.methods.forget_unused()
        today = self._now().astimezone(ZONE).date()
        if count := await self._operational.shared_texts.forget(today):
            async with self._operational.begin() as transaction:
                certificate = f"destroyed {count} shared texts"
                transaction.audit(Entry(self._now(), SYSTEM, certificate))

    async def close(self, message: Claimed) -> None:
        """A study has passed its closing date."""
        study_id = message.payload["study"]
        if await self._studies.is_open(study_id):
            await self._studies.close(study_id, SYSTEM)

    async def destroy(self, message: Claimed) -> None:
        """A study has passed its retention date: leave only a certificate."""
        study_id = message.payload["study"]
        await self.close(message)  # so that its invitations say so
        counts = await self._urn.destroy(study_id)
        certificate = (
            f"destroyed {counts.submissions} submissions, {counts.drafts} drafts, "
            f"{counts.withdrawals} withdrawals"
        )
        async with self._operational.begin() as transaction:
            transaction.unpublish(study_id)
            transaction.audit(Entry(self._now(), SYSTEM, certificate, study_id))


def night_after(day: date) -> date:
    """The date of the next night's work."""
    return day + timedelta(days=1)


def _row(kind: str, day: date, payload: dict[str, str]) -> Message:
    due = datetime.combine(day, NIGHT, ZONE)
    key = ":".join((kind, *payload.values(), day.isoformat()))
    return Message(key, kind, {}, payload, due_at=due.astimezone(UTC))
