"""A file to read, and what its content looks like."""

import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from dialogs.faults import Fault
from research import misnamed
from research.formats.encodings import decoded, encoding
from research.formats.faults import BadFile

MOST_BYTES = 200_000_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MONTH = "jan|feb|mars?|apr|mai|juni?|juli?|aug|sept?|okt|nov|des"
_RESHAPED = re.compile(
    rf"\d+(,\d+)+|\d{{1,2}}[-/]\d{{1,4}}([-/]\d{{1,4}})?|\d{{1,4}}([-.]\d{{1,2}}){{2}}"
    rf"|\d{{1,2}}(\.\d{{1,2}}){{2}}\d{{0,2}}"
    rf"|\d{{1,2}}[ .-]{{0,2}}({_MONTH})[a-z]{{0,6}}\.?([ -]\d{{1,4}})?"
    r"|\d{1,2}:\d\d(:\d\d)?|0\d+|\d{16,}|\d+[eE]\d+|\d+ ?%|sann|usann|true|false",
    re.IGNORECASE,
)


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    is_guarded = text[1:].startswith(FORMULA_STARTS) or is_reshaped(text[1:])
    return text[1:] if text[:1] == "'" and is_guarded else text


def is_reshaped(text: str) -> bool:
    """Whether Excel in Norwegian makes a date, a time or a number of what is a text.

    A number of ours has a decimal point, so `1,2` is a list.
    """
    return _RESHAPED.fullmatch(text) is not None


@dataclass(frozen=True)
class SourceFile:
    """The bytes of a file, read once, and the files beside it."""

    path: Path
    data: bytes = field(repr=False)

    @classmethod
    def of(cls, path: Path) -> "SourceFile":
        """The content of a file.

        Raises:
            BadFile: it is not there, cannot be read, is empty or far too large.
        """
        try:
            if path.stat().st_size > MOST_BYTES:
                raise BadFile(
                    [Fault("", f"{path} is over 200 MB.", "a file of Q-sorts", "Check the name.")]
                )
            data = path.read_bytes()
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            raise BadFile(
                [Fault("", f"{path}: {reason}.", "a file that can be read", misnamed.remedy(path))]
            ) from None
        if not data.strip():
            raise BadFile(
                [Fault("line 1", "The file is empty.", "contents", "Export or save it again.")]
            )
        return cls(path, data)

    @cached_property
    def encoding(self) -> str:
        """How the bytes are text."""
        return encoding(self.data)

    @cached_property
    def text(self) -> str:
        """The text, without the sign at the end that DOS programs leave there."""
        return decoded(self.data, self.encoding).removesuffix("\x1a")

    @cached_property
    def lines(self) -> list[str]:
        """Lines without their ends; CRLF, CR and LF all end a line."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    @cached_property
    def header(self) -> str:
        """The first line that holds anything, in lower case."""
        return next((line for line in self.lines if line.strip()), "").lower()

    @cached_property
    def json(self) -> Any:
        """The JSON document; nothing where the file is not JSON.

        Raises:
            BadFile: it begins like JSON and is not.
        """
        if not self.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
            return None
        try:
            return self._json()
        except (json.JSONDecodeError, RecursionError) as error:
            line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            raise BadFile(
                [
                    Fault(
                        f"line {line}, column {column}",
                        f"{getattr(error, 'msg', 'Nested too deeply')}.",
                        "JSON",
                        "Export it again; the file may have been cut off.",
                    )
                ]
            ) from None

    def _json(self) -> Any:
        """One document, or a list of those on each line (JSON Lines)."""
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            lines = [line for line in self.text.removeprefix("\ufeff").splitlines() if line.strip()]
            if error.msg != "Extra data" or len(lines) < 2 or not lines[1].startswith("{"):
                raise
            return [json.loads(line) for line in lines]

    @cached_property
    def members(self) -> list[str]:
        """The names in a zip archive; none where the file is no archive."""
        if not self.data.startswith(b"PK"):
            return []
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                return archive.namelist()
        except zipfile.BadZipFile:
            raise BadFile(
                [
                    Fault(
                        "",
                        "The archive is damaged.",
                        "a zip or xlsx file",
                        "Export it again; the file may have been cut off.",
                    )
                ]
            ) from None

    def beside(self, suffix: str) -> "SourceFile | None":
        """The file of the same name with another suffix, in either case."""
        for candidate in (suffix.lower(), suffix.upper()):
            path = self.path.with_suffix(candidate)
            if path.is_file():
                return SourceFile.of(path)
        return None
