"""The bot, or the facilitator, says something."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from dialogs.sessions.method import Primitive
from dialogs.sessions.reading import MethodReader
from dialogs.sessions.state import Pace
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Inform(Primitive):
    """The facilitator, or the bot, says something; nobody need do anything."""

    results: bool = False
    """Whether what was published of the studies that were announced there is put into the chat."""
    kind: Literal["inform"] = "inform"

    keys: ClassVar = ("results",)
    can_be_apart: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(reader.flag(table, path, "results", default=False))

    def shows_results(self) -> bool:
        return self.results

    def waits(self, pace: Pace) -> bool:
        return pace == "days"
