"""Sealed answers on their way: one file, from the server to the researcher's machine.

    the server, without the private key      the researcher's machine, without a database
    kollegial study release ID --out FILE    kollegial study export FILE --key KEY --out DIR

The first line says what was asked and of how many; then there is a line for each sealed
answer, in alphabetical order of the pseudonyms. What is not sealed in it is known to the
server and to whoever was invited. It shows when it was cut off.
"""

import base64
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from dialogs.faults import Fault
from dialogs.studies.definitions import Definition, dump, load
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.studies import Turnout
from storage.urn.store import Release

ANSWERS: Final = "kollegial-sealed-answers"
REPLIES: Final = "kollegial-sealed-replies"
VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class SealedAnswers:
    """What a closed study releases."""

    study: Definition
    invited: int
    release: Release

    @property
    def turnout(self) -> Turnout:
        return Turnout(self.invited, len(self.release.submissions))


def dump_answers(released: SealedAnswers, kind: str = ANSWERS) -> bytes:
    """The file's content: answers, or replies."""
    head = {
        "format": kind,
        "version": VERSION,
        "study": json.loads(dump(released.study)),
        "invited": released.invited,
        "answers": len(released.release.submissions),
        "withdrawn": list(released.release.withdrawn),
    }
    rows = (
        {"pseudonym": pseudonym, "sealed": base64.b64encode(sealed).decode("ascii")}
        for pseudonym, sealed in released.release.submissions
    )
    lines = (json.dumps(line, ensure_ascii=False) for line in (head, *rows))
    return "".join(f"{line}\n" for line in lines).encode()


def load_answers(source: SourceFile, kind: str = ANSWERS) -> SealedAnswers:
    """What `dump_answers` wrote. Raises `BadFile` where it is something else, or not whole."""
    first, *rest = source.data.strip().split(b"\n")
    head = _head(source, first, kind)
    try:
        rows = [json.loads(line) for line in rest]
        submissions = tuple(
            (str(row["pseudonym"]), base64.b64decode(row["sealed"], validate=True)) for row in rows
        )
        found = SealedAnswers(
            load(json.dumps(head["study"])),
            int(head["invited"]),
            Release(submissions, tuple(map(str, head["withdrawn"]))),
        )
        is_whole = len(dict(submissions)) == len(submissions) == head["answers"]
    except (ValueError, LookupError, TypeError):
        is_whole = False
    if not is_whole:
        raise _damaged(source)
    return found


def _head(source: SourceFile, line: bytes, wanted: str) -> dict[str, Any]:
    head: Any = None
    with suppress(ValueError):
        head = json.loads(line)
    match head:
        case {"format": str(found), "version": 1} if found == wanted:
            return dict(head)
        case {"format": str(found), "version": version} if found == wanted:
            raise _fault(
                source,
                f"It was written by another version of Kollegial (format {version}).",
                f"format {VERSION}",
                "Install the version that the server has.",
            )
        case {"format": str(found)} if found in _COMMANDS:
            raise _fault(
                source,
                f"This was written by `{_COMMANDS[found][0]}`.",
                f"what `{_COMMANDS[wanted][0]}` writes",
                f"Open it with `{_COMMANDS[found][1]}`.",
            )
    raise _fault(
        source,
        f"This is not what `{_COMMANDS[wanted][0]}` writes.",
        "the file that it wrote on the server",
        "Check the name.",
    )


_COMMANDS: Final = {
    ANSWERS: ("kollegial study release", "kollegial study export"),
    REPLIES: ("kollegial study replies", "kollegial study read-replies"),
}
"""What writes each file, and what opens it."""


def _damaged(source: SourceFile) -> BadFile:
    return _fault(
        source,
        "It was cut off or changed on its way.",
        "the file as it was released",
        "Copy it again, and compare the sizes.",
    )


def _fault(source: SourceFile, found: str, expected: str, remedy: str) -> BadFile:
    return BadFile([Fault(source.path.name, found, expected, remedy)])
