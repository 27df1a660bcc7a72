"""An instrument as a TOML file of ours, for a researcher to go on with."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

Value: TypeAlias = str | int | bool | Sequence[int | str]


def quoted(text: str) -> str:
    """A basic string: JSON's escapes are TOML's too, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def paragraph(text: str) -> str:
    """A multi-line string, for what people are to read and change."""
    lines = (quoted(line)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines) + '"""'


def pairs(values: Mapping[str, Value]) -> Iterator[str]:
    """`key = value` for each that is there; an empty text and false are left out."""
    for key, value in values.items():
        if value == "" or value is False:
            continue
        yield f"{key} = {_value(value)}"


def table(header: str, values: Mapping[str, Value]) -> Iterator[str]:
    """A table, after a blank line; `header` with its brackets."""
    yield ""
    yield header
    yield from pairs(values)


def comment(lines: Iterable[str]) -> Iterator[str]:
    """Each line as a comment; whatever could end one is taken out."""
    for line in lines:
        printable = "".join(one if one.isprintable() else " " for one in line)
        yield f"# {' '.join(printable.split())}"


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    return f"[{', '.join(_value(one) for one in value)}]"


def shortened(text: str, most: int) -> str:
    """A text of at most `most` UTF-16 units, cut between words."""
    if units(text) <= most:
        return text
    words = text.split()
    while words and units(" ".join(words)) > most - 2:
        words.pop()
    return f"{' '.join(words)} …" if words else text[: most // 2]


def divided(text: str, most: int) -> tuple[str, str]:
    """A text and its rest, cut between sentences; the rest is empty where all has room."""
    sentences = re.split(r"(?<=[.?!]) ", text)
    taken = 1
    while taken < len(sentences) and units(" ".join(sentences[: taken + 1])) <= most:
        taken += 1
    return " ".join(sentences[:taken]), " ".join(sentences[taken:])


def units(text: str) -> int:
    """Length as Teams counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
