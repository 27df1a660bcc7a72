"""How the researcher's commands speak, and how they refuse.

Exit codes: 0 done, 1 refused with nothing changed, 2 misunderstood.
"""

import getpass
from collections.abc import Iterable
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from research.formats.faults import BadFile, CannotHold
from research.studies import Refused
from storage.databases import CannotOpen

stdout = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, soft_wrap=True)


class Commands(TyperGroup):
    """Says a refusal, and ends with exit code 1."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (Refused, CannotOpen, BadFile, CannotHold) as refusal:
            stderr.print(str(refusal), markup=False)
            if isinstance(refusal, BadFile):
                stderr.print("Nothing was written.")
            raise typer.Exit(1) from refusal


def say(text: str) -> None:
    stdout.print(text, markup=False)


def warn(texts: Iterable[str]) -> None:
    """Notes beside what was done."""
    for text in texts:
        stderr.print(f"Note: {text}", markup=False)


def who() -> str:
    """The name for the audit log."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        name = "someone"
    return f"{name} (command line)"
