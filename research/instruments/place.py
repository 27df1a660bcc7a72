"""A map in a document, read key by key: what is wrong is noted, and what is left is known."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dialogs.faults import Fault
from dialogs.toml.lines import Path
from research.formats.faults import BadFile
from research.instruments.document import Document

MOST_LEFT = 30
_PROVENANCE = re.compile(r"(.+_)?(lines?|sources?|quotes?|basis|notes?|check)")
"""Where something stands in a printed source, and remarks on that: no part of the instrument."""


class Remarks:
    """What came up while one document was read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._faults: list[tuple[int, Fault]] = []
        self.used: set[Path] = set()

    def fault(self, path: Path, found: str, expected: str, remedy: str) -> None:
        line = self.document.line(path)
        place = f"{self.document.name}, line {line}"
        self._faults.append((line, Fault(place, found, expected, remedy)))

    def raise_if_any(self) -> None:
        """Raises `BadFile` with the faults in the order of the lines."""
        if self._faults:
            raise BadFile(fault for _, fault in sorted(self._faults, key=lambda one: one[0]))

    def left(self) -> tuple[str, ...]:
        """The keys that nothing was read from, alike ones together."""
        found: dict[str, list[int]] = {}
        for path, line in self.document.lines.items():
            if self._is_left(path):
                name = ".".join("*" if isinstance(key, int) else key for key in path)
                found.setdefault(name.replace(".*", "[]"), []).append(line)
        phrases = [
            f"{name} (line {min(lines)}"
            + (f" and {len(lines) - 1} more)" if len(lines) > 1 else ")")
            for name, lines in found.items()
        ]
        more = len(phrases) - MOST_LEFT
        return (*phrases[:MOST_LEFT], *([f"and {more} more keys"] if more > 0 else []))

    def _is_left(self, path: Path) -> bool:
        if not path or path in self.used or path[:-1] not in self.used:
            return False  # below a key that is left there is nothing more to say
        key = path[-1]
        return isinstance(key, str) and not _PROVENANCE.fullmatch(key)


class DocumentPlace:
    """A map in the document."""

    def __init__(self, notes: Remarks, value: Any, path: Path = ()) -> None:
        self._notes = notes
        self.path = path
        notes.used.add(path)
        if not isinstance(value, Mapping):
            self.fault((), "This is no map.", "`key: value`", "Write it as the others.")
            value = {}
        self._map: Mapping[str, Any] = value

    def __contains__(self, key: str) -> bool:
        return self._map.get(key) is not None

    def fault(self, below: Path, found: str, expected: str, remedy: str) -> None:
        """Note a fault of this map, or of what lies below it."""
        self._notes.fault((*self.path, *below), found, expected, remedy)

    def keys(self) -> list[str]:
        return list(self._map)

    def text(self, *keys: str) -> str:
        """The text under the first of these keys that is there."""
        key = next((key for key in keys if key in self), keys[0])
        text = self._text(key)
        if text == "":
            self.fault(
                (key,) if key in self._map else (),
                f"`{key}` is missing or empty.",
                "a text",
                "Write it.",
            )
        return text or ""

    def maybe(self, key: str, default: str = "") -> str:
        """The text under a key, or the default where there is none."""
        return self._text(key) or default

    def _text(self, key: str) -> str | None:
        value = self._take(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value).strip()
        if value is not None:
            self.fault((key,), f"`{key}` is no text.", "a text", "Put it in quotes.")
            return None
        return ""

    def whole(self, key: str) -> int | None:
        """The whole number under a key; None where there is none."""
        value = self._take(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self.fault((key,), f"`{key}` is no whole number.", "a whole number", "Correct it.")
        return None

    def number(self, key: str) -> float | None:
        """The number under a key; None where there is none."""
        value = self._take(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
        self.fault((key,), f"`{key}` is no number.", "a number", "Correct it.")
        return None

    def flag(self, key: str) -> bool:
        """Whether the key is there and true."""
        value = self._take(key)
        if value not in (None, True, False):
            self.fault(
                (key,), f"`{key}` is neither true nor false.", "true or false", "Correct it."
            )
        return value is True

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text for a list of one."""
        value = self._take(key)
        values = [] if value is None else value if isinstance(value, list) else [value]
        for index, one in enumerate(values):
            if not isinstance(one, str | int | float) or isinstance(one, bool) or one == "":
                self.fault(
                    (key, index), "This is no text.", "a text", "Put it in quotes, or remove it."
                )
        return tuple(str(one).strip() for one in values)

    def numbers(self, key: str) -> tuple[int | None, ...]:
        """A list of whole numbers and blanks."""
        values = self._take(key) or []
        if not isinstance(values, list) or not all(
            one is None or (isinstance(one, int) and not isinstance(one, bool)) for one in values
        ):
            self.fault((key,), f"`{key}` is no list of whole numbers.", "[1, 2, 3]", "Correct it.")
            return ()
        return tuple(values)

    def each(self, key: str) -> Iterator["DocumentPlace"]:
        """The maps in the list under a key."""
        values = self._take(key)
        if values is not None and not isinstance(values, list):
            self.fault((key,), f"`{key}` is no list.", "a list", "Begin each entry with `- `.")
            return
        for index, value in enumerate(values or []):
            yield DocumentPlace(self._notes, value, (*self.path, key, index))

    def below(self, key: str) -> "DocumentPlace":
        """The map under a key; an empty one where there is none."""
        value = self._take(key)
        return DocumentPlace(self._notes, {} if value is None else value, (*self.path, key))

    def raw(self, key: str) -> list[Any]:
        """The list under a key as it is, to see what it holds."""
        value = self._map.get(key)
        return value if isinstance(value, list) else []

    def levels(self, key: str) -> dict[int, str]:
        """The map under a key from whole numbers to texts."""
        levels = self.below(key)
        return {int(one): levels.text(one) for one in levels.counted()}

    def scores(self, key: str) -> dict[int, int | None]:
        """The map under a key from whole numbers to whole numbers and blanks."""
        scores = self.below(key)
        return {int(one): scores.whole(one) for one in scores.counted()}

    def counted(self) -> list[str]:
        """The keys, which must be whole numbers."""
        good = [key for key in self._map if re.fullmatch("[0-9]{1,3}", key)]
        for key in self._map.keys() - set(good):
            self.fault((key,), f"`{key}` is no whole number.", "a number of points", "Correct it.")
        return good

    def ignore(self) -> None:
        """Whatever else is here says what is known already."""
        self._notes.used.update((*self.path, key) for key in self._map)

    def _take(self, key: str) -> Any:
        self._notes.used.add((*self.path, key))
        return self._map.get(key)

    def unlike(self, key: str, values: Sequence[object]) -> object | None:
        """The first value that stands twice, as a fault at the key."""
        for index, value in enumerate(values):
            if value in values[:index]:
                self.fault((key, index), f"{value} stands twice.", "each once", "Change one.")
                return value
        return None
