"""The command `kollegial outbox`: what could not be sent, and what an administrator can do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from bot.operation.health import LANES
from storage.databases import CannotOpen, databases
from storage.operational.outbox import Outbox, Parked

app = typer.Typer(
    add_completion=False,
    name="outbox",
    help="See what could not be sent, and try it again or give it up. Never its content.",
)
_out = Console(highlight=False, soft_wrap=True)
_DIGITS = 8
"""Of an id that is shown; as many as it takes may be typed."""

Which = Annotated[str, typer.Argument(metavar="ID", help="As `kollegial outbox` shows it.")]


@app.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """See what waits and what was parked."""
    if context.invoked_subcommand is None:
        _with_outbox(_show)


@app.command()
def retry(which: Which) -> None:
    """Send a parked message after all. What is `ambiguous` may then be there twice."""

    async def again(outbox: Outbox) -> None:
        message = await _find(outbox, which)
        await outbox.unpark(message.id, datetime.now(UTC))
        _out.print(f"The bot sends the {message.kind} within seconds, if it is running.")

    _with_outbox(again)


@app.command()
def drop(which: Which) -> None:
    """Give a parked message up for good."""

    async def away(outbox: Outbox) -> None:
        message = await _find(outbox, which)
        await outbox.drop(message.id)
        _out.print(f"The {message.kind} is given up.")

    _with_outbox(away)


async def _show(outbox: Outbox) -> None:
    now = datetime.now(UTC)
    late = await outbox.late(now)
    for lane, is_bulk in LANES.items():
        backlog = await outbox.backlog(now, is_bulk=is_bulk)
        waits = f", the next one for {backlog.lag.total_seconds():.0f} s" if backlog.depth else ""
        _out.print(f"{lane}: {backlog.depth} should be on their way{waits}")
        if retried := late[is_bulk].retried:
            _out.print(
                f"{lane}: {retried} were tried in vain and are tried again; the oldest has been "
                f"due for {late[is_bulk].oldest.total_seconds():.0f} s"
            )
    for (kind, reason), count in sorted((await outbox.retried()).items()):
        _out.print(f"tried again: {count} {kind}  {reason}", markup=False)
    later = sum((await outbox.counted("due")).values())
    _out.print(f"waiting in all, with those for later: {later}")
    for kind, count in sorted((await outbox.counted("expired")).items()):
        _out.print(f"dropped as too late, in the last weeks: {count} {kind}")
    parked = await outbox.parked()
    if not parked:
        _out.print("Nothing is parked.")
        return
    _out.print("\nParked: id, when it was due, kind, and why it was not sent")
    for each in parked:
        due = f"{each.due_at:%Y-%m-%d %H:%M} UTC"
        _out.print(f"{each.id[:_DIGITS]}  {due}  {each.kind}  {each.reason}", markup=False)


async def _find(outbox: Outbox, which: str) -> Parked:
    found = [each for each in await outbox.parked() if each.id.startswith(which)]
    if len(found) != 1:
        raise typer.BadParameter(
            f"{len(found) or 'no'} parked messages have an id that begins with {which}. "
            "`kollegial outbox` lists them."
        )
    return found[0]


def _with_outbox(work: Callable[[Outbox], Awaitable[None]]) -> None:
    async def do() -> None:
        async with databases() as (operational, _):
            await work(operational.outbox)

    try:
        asyncio.run(do())
    except CannotOpen as error:
        _out.print(str(error), markup=False)
        raise typer.Exit(1) from None
