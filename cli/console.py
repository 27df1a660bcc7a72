"""How the researcher's commands speak, and how they refuse.

Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import getpass
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.streams import stderr
from research.formats.faults import BadFile, CannotHold
from research.studies import StudyRefused
from storage.databases import CannotOpen


class Commands(TyperGroup):
    """Says a refusal, and ends with exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (StudyRefused, CannotOpen, BadFile, CannotHold) as refusal:
            stderr.print(str(refusal), markup=False)
            if isinstance(refusal, BadFile):
                stderr.print("Nothing was written.")
            raise typer.Exit(1) from refusal


def warn(texts: Iterable[str]) -> None:
    """Notes beside what was done."""
    for text in texts:
        stderr.print(f"Note: {text}", markup=False)


def shown_in(places: int) -> str:
    """Where a card about a study went: to every place in which it was announced."""
    if not places:
        return (
            "No card was sent: it was announced nowhere in Teams. That is done while it is open, "
            "with `@Kollegial inviter` in a channel or group chat."
        )
    return f"A card went to the {'place' if places == 1 else f'{places} places'} of its invitation."


def who() -> str:
    """The name for the audit log."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        name = "someone"
    return f"{name} (command line)"


class ReportLanguage(StrEnum):
    """`--language` of reports that are not in nynorsk."""

    nb = "nb"
    en = "en"


class ForProgram(StrEnum):
    """`--csv`."""

    r = "r"
    excel = "excel"


CsvFor = Annotated[
    ForProgram,
    typer.Option("--csv", help="Whom the CSV are for: R, or Excel in Norwegian (semicolons)."),
]
