"""Who approved what, and until when: of a study's text, or of a method's use.

An approval is a body's (the leaders' line, a union, a privacy body), never a person's: no name is
taken. It is of the text as it was, by its digest, so that a text that was changed since says so.
"""

import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from dialogs.writing import door
from dialogs.writing.text import TooLong, Unstorable

BODY_LIMIT = 80
"""Characters in the name of a body."""

About: TypeAlias = Literal["study", "method"]
Role: TypeAlias = Literal["leaders", "union", "privacy", "ethics"]
Standing: TypeAlias = Literal["holds", "earlier text", "over"]
Wrong: TypeAlias = Literal["future", "order", "past", "no_body", "person"]
"""It is of a day to come; it ends before it begins; it is over already; nobody, or a person, is
named."""


@dataclass(frozen=True, slots=True)
class Approval:
    """`day` is when it was given, `until` the last day on which it holds."""

    about: About
    subject: str
    """The id of the study or the method."""
    digest: str
    """Of the text as it was approved."""
    role: Role
    body: str
    day: date
    until: date
    id: str = field(default_factory=lambda: secrets.token_hex(4))

    def standing(self, digest: str | None, today: date) -> Standing:
        """How it stands beside the text as it is now; None: there is none to compare with."""
        if today > self.until:
            return "over"
        return "holds" if digest in (None, self.digest) else "earlier text"


def wrong(approval: Approval, today: date) -> Wrong | door.Stopped | None:
    """Why it cannot be noted."""
    if approval.day > today:
        return "future"
    if approval.until < approval.day:
        return "order"
    if approval.until < today:
        return "past"
    if not approval.body.strip():
        return "no_body"
    return _named(approval.body)


def _named(body: str) -> Wrong | TooLong | Unstorable | None:
    """A body may have the name of an office; a person is not named."""
    match door.stopped("body", body, BODY_LIMIT):
        case door.RecognisedWords() as found:
            return "person" if found.hard or "name" in found.kinds else None
        case why:
            return why


def of_now(
    approvals: Iterable[Approval], about: About, subject: str, digest: str, today: date
) -> Iterator[tuple[Approval, Standing]]:
    """Those of one text, the newest first, and how each stands."""
    mine = (each for each in approvals if (each.about, each.subject) == (about, subject))
    for each in sorted(mine, key=lambda approval: (approval.day, approval.id), reverse=True):
        yield each, each.standing(digest, today)
