"""A study's life: created --open--> open --close--> closed, and what its people may know.

The definition lies in the operational database and the state in the urn; no
transaction joins them, so each step can be repeated after an interruption.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dialogs.studies.definitions import Definition, answer_size, dump, load
from dialogs.studies.study import Study
from storage.crypto.sealing import Recipient
from storage.operational.outbox import OutboxMessage
from storage.operational.store import Entry, Invitation, Operational, Transaction
from storage.urn.store import Release, Urn, WrongState


class StudyRefused(Exception):
    """An expected no. The text says what happened, what was kept and what to do."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many there were, known only once a study is closed."""

    invited: int
    """Places in the conversations where the study was announced; 0 where it never was."""
    submitted: int

    def warnings(self, study: Definition) -> list[str]:
        """What a researcher should know about the numbers."""
        warnings = []
        if self.submitted > self.invited > 0:
            warnings.append(
                f"There are more answers ({self.submitted}) than people invited ({self.invited}): "
                "someone may have answered twice, or the invitation was passed on."
            )
        if self.invited < study.minimum_invited:
            who = f"Only {self.invited} were" if self.invited else "Nobody that we know of was"
            warnings.append(
                f"{who} invited, fewer than the {study.minimum_invited} that the study asks for: "
                "what someone wrote may tell who it was."
            )
        return warnings


def tell_everywhere(
    transaction: Transaction, kind: str, key: str, study_id: str, invitations: Iterable[Invitation]
) -> int:
    """Have a card of that kind sent once to each place where a study was announced; how many."""
    now = datetime.now(UTC)
    places = {invitation.conversation: invitation for invitation in invitations}
    for place in places.values():
        transaction.enqueue(
            OutboxMessage(
                key=f"{kind}:{key}:{place.conversation}",
                kind=kind,
                conversation=place.reference,
                payload={"study": study_id},
                due_at=now,
            )
        )
    return len(places)


async def definition(operational: Operational, study_id: str) -> Definition:
    """A study as it was created."""
    text = await operational.study(study_id)
    if text is None:
        known = ", ".join(await operational.studies()) or "none yet"
        raise StudyRefused(f"There is no study {study_id!r}. The studies are: {known}.")
    return load(text)


async def q_study(operational: Operational, study_id: str) -> Study:
    """A Q-study as it was created, where a questionnaire would not do."""
    found = await definition(operational, study_id)
    if not isinstance(found, Study):
        raise a_questionnaire(study_id)
    return found


def a_questionnaire(study_id: str) -> StudyRefused:
    """Why a questionnaire is refused where a Q-study is wanted."""
    return StudyRefused(
        f"{study_id!r} is a questionnaire, and nothing was changed. See: kollegial questionnaire "
        "--help"
    )


async def create(
    operational: Operational, urn: Urn, study: Definition, recipient: Recipient, who: str
) -> None:
    """Keep the definition and make the study known to the urn; it is not open yet."""
    text = dump(study)
    kept = await operational.study(study.id)
    if study.id in await urn.states():
        raise StudyRefused(
            f"There is a study {study.id!r} already, and it is unchanged: everyone must sort the "
            "same statements. Give the new one another id."
        )
    if kept is None:
        async with operational.begin() as transaction:
            transaction.add_study(study.id, text, datetime.now(UTC))
            transaction.audit(Entry(datetime.now(UTC), who, "create", study.id))
    elif kept != text:
        raise StudyRefused(
            f"Study {study.id!r} was begun with another definition, which is kept. Create it from "
            "that file, or give the new one another id."
        )
    await urn.register(study.id, recipient, answer_size(study))


async def open_study(
    operational: Operational, urn: Urn, study_id: str, who: str, today: date
) -> Definition:
    """Begin to take answers; again changes nothing."""
    study = await definition(operational, study_id)
    if study.retention <= today or (study.closes and study.closes < today):
        raise StudyRefused(
            f"The last day of study {study_id!r} is past. Nothing was changed: create a new study "
            "with later dates."
        )
    try:
        await urn.open_study(study_id)
    except WrongState as error:
        raise StudyRefused(
            f"Study {study_id!r} is {error.state} and cannot be opened again. Its answers are as "
            "they were: create a new study to collect more."
        ) from error
    await _audit(operational, who, "open", study_id)
    return study


async def close_study(operational: Operational, urn: Urn, study_id: str, who: str) -> Turnout:
    """Take no more answers, release those there are, and have the invitations say so."""
    await definition(operational, study_id)
    try:
        await urn.close_study(study_id)
    except WrongState as error:
        raise StudyRefused(
            f"Study {study_id!r} is {error.state}: there is nothing to close, and nothing was "
            "changed."
        ) from error
    now = datetime.now(UTC)
    invitations = await operational.invitations(study_id)
    offers = [o.id for o in await operational.appointments.all() if o.study == study_id]
    async with operational.begin() as transaction:
        transaction.audit(Entry(now, who, "close", study_id))
        transaction.await_no_invitations(study_id)
        for offer in offers:  # nobody comes any more, and who would have is nobody's to know
            key = f"appointment_close:{offer}"
            transaction.enqueue(OutboxMessage(key, "appointment_close", {}, {"offer": offer}, now))
        for invitation in invitations:
            transaction.enqueue(
                OutboxMessage(
                    key=f"closed:{invitation.conversation}:{invitation.activity}",
                    kind="close_invitation",
                    conversation=invitation.reference,
                    payload={"study": study_id, "activity": invitation.activity},
                    due_at=now,
                )
            )
    return await turnout(operational, await release(urn, study_id), study_id)


async def release(urn: Urn, study_id: str) -> Release:
    """The sealed answers of a closed study, without those whose withdrawal was asked for."""
    try:
        await urn.reseal()
        return await urn.release(study_id)
    except WrongState as error:
        remedy = {
            "created": f"Open it with: kollegial study open {study_id}",
            "open": f"Close it first with: kollegial study close {study_id}",
        }.get(error.state, "Its answers were deleted on the day of retention.")
        raise StudyRefused(
            f"Study {study_id!r} is {error.state}, and its answers are not released. {remedy}"
        ) from error


def wanted(released: Release, left_out: set[str], study_id: str) -> list[tuple[str, bytes]]:
    """The sealed answers to open. What was withdrawn never is, even if the urn still held it.

    Raises `StudyRefused` where none is left, and for a pseudonym that nobody has.
    """
    if unknown := left_out - {pseudonym for pseudonym, _ in released.submissions}:
        raise StudyRefused(f"No answer is called {', '.join(sorted(unknown))}.")
    refused = left_out.union(released.withdrawn)
    sealed = [one for one in released.submissions if one[0] not in refused]
    if not sealed:
        raise StudyRefused(f"Study {study_id!r} has no answers, and nothing was written.")
    return sealed


async def turnout(operational: Operational, released: Release, study_id: str) -> Turnout:
    """Invited and submitted, of a closed study."""
    invitations = await operational.invitations(study_id)
    return Turnout(sum(one.members for one in invitations), len(released.submissions))


async def note_release(operational: Operational, who: str, study_id: str) -> None:
    """Write in the audit log that sealed answers were handed out."""
    await _audit(operational, who, "release", study_id)


async def _audit(operational: Operational, who: str, what: str, study_id: str) -> None:
    async with operational.begin() as transaction:
        transaction.audit(Entry(datetime.now(UTC), who, what, study_id))
