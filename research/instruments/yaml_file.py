"""YAML as plain data: no aliases, no tags, no types of its own, and little of everything.

The parser's events are judged one by one and put together here without
recursion, so that a small file that unfolds to millions, or that is nested
thousands deep, is refused at the event where it begins to. What looks like a
word is a text: `no`, `ja` and dates too (YAML 1.2's core, without hexadecimal).
"""

import re
from typing import Any

import yaml

from dialogs.toml.lines import Path
from research.formats.faults import BadFile
from research.instruments.document import Document, refusal, text_of

MAX_DEPTH = 12
MAX_NODES = 5000
"""Texts, lists and maps together; the largest instrument we know has 2,200."""
MAX_LIST = 500
MAX_TEXT = 10_000

_CONSTANTS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")


def load(name: str, data: bytes) -> Document:
    """The one map that a YAML file holds.

    Raises:
        BadFile: it is no YAML, or more than an instrument needs.
    """
    text = text_of(name, data)
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it breaks off"
        raise refusal(
            name,
            line,
            f"This is not YAML: {what}.",
            "YAML",
            "Look at the indentation, quotes and colons here and on the line above.",
        ) from None
    return builder.document()


class _Builder:
    """Puts the events together, with a stack of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: dict[Path, int] = {(): 1}
        self._open: list[tuple[dict[str, Any] | list[Any], Path]] = []
        self._key: list[str | None] = []
        """For each open map, the key that waits for its value."""
        self._root: Any = None
        self._nodes = 0
        self._documents = 0

    def document(self) -> Document:
        if not isinstance(self._root, dict):
            raise self._refusal(
                1, "The file holds no map.", "`key: value` on the outermost level", "See the docs."
            )
        return Document(self._name, self._root, self._lines)

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.AliasEvent():
                raise self._no_names(event)
            case yaml.NodeEvent():
                self._node(event)
            case yaml.CollectionEndEvent():
                self._open.pop()
                self._key.pop()
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1 or event.tags:
                    raise self._refusal(
                        _line(event),
                        "A second document or a directive begins here.",
                        "one document",
                        "Remove the lines `---` and `%TAG`, or divide the file.",
                    )

    def _node(self, event: yaml.NodeEvent) -> None:
        line = _line(event)
        self._nodes += 1
        if event.anchor is not None:
            raise self._no_names(event)
        if (tag := getattr(event, "tag", None)) is not None:
            raise self._refusal(
                line,
                f"The tag {str(tag)[:60]} gives a value a type.",
                "plain texts, numbers, lists and maps",
                "Remove the tag.",
            )
        if self._nodes > MAX_NODES:
            raise self._refusal(
                line,
                f"There are more than {MAX_NODES} values.",
                "one instrument",
                "Check that it is the right file, or divide it.",
            )
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
            return
        if len(self._open) >= MAX_DEPTH:
            raise self._refusal(
                line,
                f"Lists and maps are nested more than {MAX_DEPTH} deep.",
                "the few levels of an instrument",
                "Remove the needless brackets and indentation.",
            )
        new: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(new, line)
        self._open.append((new, path))
        self._key.append(None)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        if len(event.value) > MAX_TEXT:
            raise self._refusal(
                line,
                f"A text has more than {MAX_TEXT} characters.",
                "texts that fit a card",
                "Shorten it.",
            )
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            self._name_next(event.value, line)
        else:
            self._put(_plain(event.value) if event.implicit[0] else event.value, line)

    def _name_next(self, key: str, line: int) -> None:
        owner, path = self._open[-1]
        if key in owner:
            raise self._refusal(
                line,
                f"The key `{key[:60]}` stands on line {self._lines[*path, key]} already.",
                "each key once",
                "Remove one of them.",
            )
        self._key[-1] = key
        self._lines[*path, key] = line

    def _put(self, value: Any, line: int) -> Path:
        if not self._open:
            self._root = value
            return ()
        owner, path = self._open[-1]
        if isinstance(owner, list):
            if len(owner) >= MAX_LIST:
                raise self._refusal(
                    line,
                    f"A list has more than {MAX_LIST} entries.",
                    "one instrument",
                    "Check that it is the right file, or divide it.",
                )
            path = (*path, len(owner))
            self._lines[path] = line
            owner.append(value)
            return path
        key = self._key[-1]
        if key is None:
            raise self._refusal(
                line, "A list or map stands where a key belongs.", "a text as key", "Write a text."
            )
        self._key[-1] = None
        owner[key] = value
        return (*path, key)

    def _no_names(self, event: yaml.NodeEvent) -> BadFile:
        return self._refusal(
            _line(event),
            f"`{'*' if isinstance(event, yaml.AliasEvent) else '&'}{str(event.anchor)[:60]}` "
            "names a value to repeat it.",
            "a file without anchors and aliases: a few of them can unfold to millions of values",
            "Write the value out where it is wanted.",
        )

    def _refusal(self, line: int, found: str, expected: str, remedy: str) -> BadFile:
        return refusal(self._name, line, found, expected, remedy)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _plain(text: str) -> str | int | float | bool | None:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text
