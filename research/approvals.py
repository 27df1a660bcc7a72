"""How a study's text stands beside the approvals that were noted of it."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date

from dialogs import approvals
from dialogs.approvals import Approval
from dialogs.studies.definitions import Definition, dump


def text_digest(study: Definition) -> str:
    """Of all that participants read and are asked."""
    return hashlib.sha256(dump(study).encode()).hexdigest()


def standing(noted: Iterable[Approval], study: Definition, today: date) -> Iterator[str]:
    """What to say of it before a study begins: those that hold, else those that do not."""
    found = [*approvals.of_now(noted, "study", study.id, text_digest(study), today)]
    if holding := [each for each, stands in found if stands == "holds"]:
        yield from (f"Approved by {each.body} until {each.until}." for each in holding)
        return
    for each, stands in found:
        why = "was for an earlier version of the text" if stands == "earlier text" else "is over"
        yield f"The approval by {each.body} of {each.day} {why}."
    if not found:
        yield "No approval of this text is noted. See: kollegial approval note --help"


def holds_until(noted: Iterable[Approval], study: Definition, today: date) -> str:
    """The last day on which all approvals hold, or why none does; empty where none was noted."""
    found = [*approvals.of_now(noted, "study", study.id, text_digest(study), today)]
    if holding := [each.until for each, stands in found if stands == "holds"]:
        return str(min(holding))
    return next((stands for _, stands in found), "")
