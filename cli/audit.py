"""The command `kollegial audit`: who created, opened, closed, released or destroyed what."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from cli.console import Commands
from cli.streams import say, stdout
from storage.databases import databases
from storage.operational.store import Entry

app = typer.Typer(add_completion=False, cls=Commands, name="audit")


@app.callback(invoke_without_command=True)
def audit(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day that is shown.")
    ] = None,
    study: Annotated[str, typer.Option(help="Of this study alone.")] = "",
) -> None:
    """Show the audit log, the oldest first. It has nobody's answers, and no participants."""
    entries = [one for one in asyncio.run(_entries()) if _is_wanted(one, since, study)]
    if not entries:
        say("The audit log has no such lines.")
        return
    table = Table(box=SIMPLE_HEAD)
    for name in ("when (UTC)", "who", "what", "study"):
        table.add_column(name, no_wrap=name != "what")
    for entry in entries:
        table.add_row(f"{entry.at:%Y-%m-%d %H:%M}", entry.who, entry.what, entry.study or "")
    stdout.print(table, soft_wrap=False)


def _is_wanted(entry: Entry, since: datetime | None, study: str) -> bool:
    is_late_enough = since is None or entry.at >= since.replace(tzinfo=UTC)
    return is_late_enough and study in {"", entry.study}


async def _entries() -> list[Entry]:
    async with databases() as (operational, _):
        return await operational.audit_log()
