"""Each in turn."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from dialogs.sessions.method import Primitive
from dialogs.sessions.reading import MethodReader
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class Round(Primitive):
    """Each in turn. `free`: whoever wants is next, until all have been heard or have passed."""

    order: Literal["fixed", "random", "free"] = "random"
    kind: Literal["round"] = "round"

    keys: ClassVar = ("order",)
    writes: ClassVar = True
    can_be_apart: ClassVar = True
    gives_word: ClassVar = True
    hears_all: ClassVar = True

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(reader.choice(table, path, "order", ("random", "fixed", "free"), "random"))

    def outline(self) -> str:
        return f"{self.kind} ({self.order})"

    def has_order(self) -> bool:
        return self.order != "free"

    def is_shuffled(self) -> bool:
        return self.order == "random"
