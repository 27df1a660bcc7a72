"""One of the method's forms, which belongs to its writer."""

from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from dialogs.sessions.method import Primitive
from dialogs.sessions.reading import MethodReader
from dialogs.toml.lines import Path
from dialogs.toml.reader import TomlTable


@dataclass(frozen=True, slots=True)
class FillIn(Primitive):
    """Everyone fills in one of the method's forms."""

    form: str
    kind: Literal["form"] = "form"

    keys: ClassVar = ("form",)

    @classmethod
    def read(cls, reader: MethodReader, table: TomlTable, path: Path) -> Self:
        return cls(reader.reference(table, path, "form", "This phase does not say which `form`."))

    def fills_in(self) -> str:
        return self.form

    def outline(self) -> str:
        return f"{self.kind} ({self.form})"
