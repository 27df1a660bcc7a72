"""On which line of a TOML source each key stands: tomllib does not tell."""

import re
import tomllib
from collections.abc import Mapping
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys, and indexes where there is an array; () is the document."""


def lines_of(source: str) -> Mapping[Path, int]:
    """The line, from 1, of every table, key and array element.

    The source must be valid: read it with tomllib first.
    """
    return _Locator(source).lines


class _Locator:
    _TOKEN = re.compile(
        r'''(?P<text>"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|"(?:[^"\\\n]|\\.)*"'''
        r"""|'''(?:[^']|'{1,2}(?!'))*'{3,5}|'[^'\n]*')"""
        r"""|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{}=,])|(?P<dot>\.)"""
        r"""|(?P<bare>[^\s\[\]{}=,.\#"']+)""",
        re.DOTALL,
    )

    def __init__(self, source: str) -> None:
        self.lines: dict[Path, int] = {(): 1}
        self._tokens: list[tuple[str, str, int]] = []
        self._at = 0
        line = 1
        for match in self._TOKEN.finditer(source):
            kind = str(match.lastgroup)
            if kind != "comment":
                self._tokens.append((kind, match[0], line))
            line += match[0].count("\n")
        self._tokens.append(("end", "", line))
        self._document()

    def _document(self) -> None:
        table: Path = ()
        lengths: dict[Path, int] = {}
        while not self._is("end"):
            line = self._tokens[self._at][2]
            if self._take("\n"):
                continue
            if not self._take("["):
                self._pair(table)
                continue
            many = self._take("[")
            table = ()
            for key in (keys := self._key()):
                table = (*table, key)
                self.lines.setdefault(table, line)
                if many and sum(isinstance(part, str) for part in table) == len(keys):
                    lengths[table] = lengths.get(table, 0) + 1
                if table in lengths:  # inside an array of tables: its latest
                    table = (*table, lengths[table] - 1)
            self.lines.setdefault(table, line)
            while self._take("]"):
                pass

    def _pair(self, table: Path) -> None:
        line = self._tokens[self._at][2]
        path = table
        for key in self._key():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._take("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._take("["):
            index = 0
            while not self._take("]"):
                if self._take("\n") or self._take(","):
                    continue
                self.lines.setdefault((*path, index), self._tokens[self._at][2])
                self._value((*path, index))
                index += 1
        elif self._take("{"):
            while not self._take("}"):
                if not self._take(","):
                    self._pair(path)
        else:  # 1.5 and 2030-12-31 12:00 are several tokens
            self._at += 1
            while self._is("bare") or self._is("dot"):
                self._at += 1

    def _key(self) -> list[str]:
        keys = []
        while self._is("bare") or self._is("text") or self._is("dot"):
            kind, text, _ = self._tokens[self._at]
            if kind == "bare":
                keys.append(text)
            elif kind == "text":
                keys.append(tomllib.loads(f"key = {text}")["key"])
            self._at += 1
        return keys

    def _is(self, kind: str) -> bool:
        return self._tokens[self._at][0] == kind

    def _take(self, mark: str) -> bool:
        taken = self._tokens[self._at][1] == mark
        self._at += taken
        return taken
