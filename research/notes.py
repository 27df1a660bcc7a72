"""What a researcher calls the factors, and says of them, as a file: `factors.toml`.

reason = "..."
[f1]
name = "..."
text = "..."
"""

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogs.faults import Fault
from research.formats.faults import BadFile, Checker
from research.formats.source import SourceFile

LONGEST_NAME = 80
LONGEST_TEXT = 10_000
_NOTED = re.compile(r"f[1-9][0-9]?[ab]?")


@dataclass(frozen=True, slots=True)
class FactorNote:
    """What the researcher calls a factor, and what it says."""

    name: str = ""
    text: str = ""


NOTHING = FactorNote()


@dataclass(frozen=True, slots=True)
class FactorNotes:
    """The researcher's own words, by factor."""

    factors: Mapping[str, FactorNote] = field(default_factory=dict)
    reason: str = ""
    """Why there are so many factors."""

    def of(self, factor: str) -> FactorNote:
        """What is said of a factor; the halves of a split one take its words."""
        whole = self.factors.get(factor.rstrip("ab"), NOTHING)
        return self.factors.get(factor, whole)

    def title(self, factor: str) -> str:
        """`f1 Støtte i det daglige`, or `f1`."""
        return f"{factor} {self.of(factor).name}".rstrip()


def read_notes(source: SourceFile) -> FactorNotes:
    """The words in a `factors.toml`.

    Raises:
        BadFile: with every fault.
    """
    try:
        document = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise BadFile(
            [Fault("", f"{source.path.name}: {error}.", "TOML", "Mend that line.")]
        ) from None
    checker = Checker()
    reason = _text(document.pop("reason", ""), "reason", LONGEST_TEXT, checker)
    factors = {}
    for factor, table in document.items():
        if not _NOTED.fullmatch(factor) or not isinstance(table, dict):
            checker.fault(
                factor, "It is no factor.", "[f1], [f2] ... and reason", "Take it out, or mend it."
            )
            continue
        for key in table.keys() - {"name", "text"}:
            checker.fault(f"{factor}.{key}", "It is unknown.", "name and text", "Take it out.")
        factors[factor] = FactorNote(
            _text(table.get("name", ""), f"{factor}.name", LONGEST_NAME, checker),
            _text(table.get("text", ""), f"{factor}.text", LONGEST_TEXT, checker),
        )
    checker.raise_if_any()
    return FactorNotes(factors, reason)


def _text(value: Any, place: str, most: int, checker: Checker) -> str:
    if isinstance(value, str) and len(value) <= most:
        return value.strip()
    checker.fault(
        place, "It cannot be used.", f"a text of at most {most} characters", "Shorten or mend it."
    )
    return ""


def require_known(notes: FactorNotes, factors: Collection[str]) -> None:
    """Words for a factor that is not there are a slip.

    Raises:
        BadFile: naming each.
    """
    known = {*factors, *(name.rstrip("ab") for name in factors)}
    if unknown := [name for name in notes.factors if name not in known]:
        raise BadFile(
            Fault(name, "There is no such factor.", ", ".join(factors), "Correct or remove it.")
            for name in unknown
        )


def notes_toml(notes: FactorNotes) -> bytes:
    """The file that `read_notes` reads."""
    lines = [f"reason = {_quoted(notes.reason)}", ""] if notes.reason else []
    for factor, note in notes.factors.items():
        lines += [f"[{factor}]", f"name = {_quoted(note.name)}", f"text = {_quoted(note.text)}", ""]
    return "\n".join(lines).encode()


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
