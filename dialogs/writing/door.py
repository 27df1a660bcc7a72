"""The one door for text: whatever people write passes here before anything is kept of it.

A text that is too long or cannot be stored, and one with a hard identifier, goes no
further. A soft one is its writer's own to judge, who says so with `anyway`. Nothing
here is stored or logged; the text stays with its writer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dialogs.writing import recognition
from dialogs.writing.recognition import Finding
from dialogs.writing.text import TooLong, Unstorable, fault


@dataclass(frozen=True, slots=True)
class RecognisedWords:
    """The words of a text that could tell who somebody is. A `hard` one must be taken out."""

    field: str
    findings: tuple[Finding, ...]
    hard: bool
    kind: Literal["recognised"] = "recognised"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Each once, in the order of the text."""
        return tuple(dict.fromkeys(each.kind for each in self.findings))


Stopped: TypeAlias = TooLong | Unstorable | RecognisedWords


def stopped(field: str, text: str, limit: int, *, anyway: bool = False) -> Stopped | None:
    """Why a text goes no further, or None. `anyway`: its writer has seen what is soft."""
    if why := fault(field, text, limit):
        return why
    found = recognition.check(text)
    if found.hard:
        return RecognisedWords(field, found.hard, hard=True)
    return RecognisedWords(field, found.soft, hard=False) if found.soft and not anyway else None


# --- Several fields at once ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecognisedKinds:
    """The same without the words, as a draft keeps it. A `hard` one must be taken out."""

    field: str
    findings: tuple[str, ...]
    """The kinds, in the order of the text: the words themselves are kept nowhere."""
    hard: bool
    kind: Literal["recognisable"] = "recognisable"


TextFault: TypeAlias = TooLong | Unstorable | RecognisedKinds


def taken(
    before: Mapping[str, str], given: Mapping[str, str], limit: int, *, anyway: bool = False
) -> tuple[dict[str, str], list[TextFault]]:
    """The texts by field, and what is wrong with the new ones.

    One that cannot be kept leaves the one before; one that its writer should look at again stays.
    """
    faults = {
        field: why
        for field, text in given.items()
        if (why := _fault(field, text, limit, anyway=anyway))
    }
    kept = {f: text for f, text in given.items() if f not in faults or may_stay(faults[f])}
    return {**before, **kept}, [*faults.values()]


def may_stay(why: object) -> bool:
    """Whether it is the writer's own to judge."""
    return isinstance(why, RecognisedKinds) and not why.hard


def _fault(field: str, text: str, limit: int, *, anyway: bool) -> TextFault | None:
    why = stopped(field, text, limit, anyway=anyway)
    return RecognisedKinds(field, why.kinds, why.hard) if isinstance(why, RecognisedWords) else why
