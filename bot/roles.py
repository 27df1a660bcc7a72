"""The command `kollegial role`: who may lead studies."""

import asyncio
from typing import Annotated, get_args

import typer
from rich.console import Console

from storage.databases import CannotOpen, databases
from storage.operational import Role

app = typer.Typer(
    add_completion=False, name="role", help="Say who may lead studies.", no_args_is_help=True
)
_out = Console(highlight=False, soft_wrap=True)

Person = Annotated[str, typer.Argument(help="The person's object id in Microsoft Entra.")]
RoleName = Annotated[str, typer.Argument(help=", ".join(get_args(Role)))]


@app.command()
def grant(person: Person, name: RoleName) -> None:
    """Give a person a role."""
    _change_role(person, name, give=True)


@app.command()
def revoke(person: Person, name: RoleName) -> None:
    """Take a role from a person."""
    _change_role(person, name, give=False)


def _change_role(person: str, name: str, *, give: bool) -> None:
    wanted = next((known for known in get_args(Role) if known == name), None)
    if wanted is None:
        raise typer.BadParameter(f"{name} is no role. Roles are {', '.join(get_args(Role))}.")

    async def change() -> None:
        async with databases() as (operational, _), operational.begin() as transaction:
            (transaction.grant if give else transaction.revoke)(person, wanted)

    try:
        asyncio.run(change())
    except CannotOpen as error:
        _out.print(str(error), markup=False)
        raise typer.Exit(1) from None
    _out.print(f"{'Granted' if give else 'Revoked'} the role {name}.")
