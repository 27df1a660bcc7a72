"""Written alone, and shown all at once."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from dialogs.sessions.method import Primitive
from dialogs.sessions.reading import MethodReader
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Private(Primitive):
    """Written alone; shown all at once, shuffled, at the facilitator's word.

    With `anonymous` under the session's pseudonyms. Where the phase's audience is
    the writer, nothing is ever shown: it is a note to oneself.
    """

    anonymous: bool = True
    kind: Literal["private"] = "private"

    keys: ClassVar = ("anonymous",)
    writes: ClassVar = True
    can_be_apart: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(reader.flag(table, path, "anonymous", default=True))

    def is_alone(self) -> bool:
        return True

    def is_anonymous(self) -> bool:
        return self.anonymous
