"""The command `kollegial migrate`: both databases' schemas, brought up to date.

No other command changes a schema, nor does the bot, but for a demonstration. It is run with
the URLs of the roles that own the databases; the bot's own roles cannot.
"""

import asyncio

import typer

from cli.streams import say, stderr
from storage.databases import CannotOpen, migrate_both

app = typer.Typer(add_completion=False)


@app.command()
def migrate() -> None:
    """Bring both databases' schemas up to date. Needs the roles that own them."""
    try:
        asyncio.run(_migrate())
    except CannotOpen as error:
        stderr.print(str(error), markup=False)
        raise typer.Exit(1) from None


async def _migrate() -> None:
    async for name, found, newest in migrate_both():
        if found == newest:
            say(f"The {name} database is up to date, with schema {newest}.")
        else:
            say(f"The {name} database is brought from {found or 'nothing'} to schema {newest}.")
