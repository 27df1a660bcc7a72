"""The command `kollegial role`: who may lead studies and groups, and who leads an office."""

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import unquote

import typer

from cli.streams import stdout
from storage.databases import CannotOpen, databases
from storage.operational.store import Operational, SystemRole, Transaction

app = typer.Typer(
    add_completion=False,
    name="role",
    help="Say who may lead studies and groups.",
    no_args_is_help=True,
)
T = TypeVar("T")


def _object_id(text: str) -> str:
    """The id as Teams writes it: a GUID in small letters."""
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text.strip().lower()):
        return text.strip().lower()
    raise typer.BadParameter(
        f"{text!r} is no object id. It looks like 00000000-1111-4222-8333-444444444444: find it at "
        "entra.microsoft.com under Users, on the person's page, as «Object ID»."
    )


Person = Annotated[
    str,
    typer.Argument(
        callback=_object_id,
        help="The person's object id in Microsoft Entra: Users, the person's page, Object ID.",
    ),
]
Office = Annotated[
    str,
    typer.Argument(help="A link to the office's team or channel as Teams copies it, or its id."),
]
RoleName = Annotated[str, typer.Argument(help=", ".join(get_args(SystemRole)))]


@app.command()
def grant(person: Person, name: RoleName) -> None:
    """Give a person a role."""
    _change_role(person, name, give=True)


@app.command()
def revoke(person: Person, name: RoleName) -> None:
    """Take a role from a person."""
    _change_role(person, name, give=False)


@app.command()
def leader(
    person: Person,
    office: Office,
    remove: Annotated[bool, typer.Option("--remove", help="They lead it no more.")] = False,
) -> None:
    """List who leads an office: they are asked not to facilitate its groups."""
    found = re.search(r"19:[^/?&\s]+", unquote(office))
    if found is None:
        raise typer.BadParameter(
            "No team or channel is named. In Teams, choose «Get link to team» or «Copy link» "
            "on a channel, and give that link."
        )
    place = found[0]

    def change(operational: Operational, transaction: Transaction) -> None:
        groups = operational.groups
        transaction.run((groups.unlist_leader if remove else groups.list_leader)(person, place))

    _write(change)
    stdout.print(f"{'No longer listed' if remove else 'Listed'} as the leader of {place}.")


@app.command(name="list")
def list_() -> None:
    """Show who has which role, and who leads which office, by their object ids."""

    async def read() -> tuple[list[tuple[str, SystemRole]], list[tuple[str, str]]]:
        async with databases() as (operational, _):
            return await operational.all_roles(), await operational.groups.leaders()

    roles, leaders = _run(read())
    for person, role in roles:
        stdout.print(f"{person}  {role}", markup=False)
    for person, office in leaders:
        stdout.print(f"{person}  leads {office}", markup=False)
    if not roles and not leaders:
        stdout.print(
            "Nobody has a role yet. KOLLEGIAL_ADMINISTRATOR is an administrator without one."
        )


def _change_role(person: str, name: str, *, give: bool) -> None:
    wanted = next((known for known in get_args(SystemRole) if known == name), None)
    if wanted is None:
        raise typer.BadParameter(f"{name} is no role. Roles are {', '.join(get_args(SystemRole))}.")

    def change(_: Operational, transaction: Transaction) -> None:
        (transaction.grant if give else transaction.revoke)(person, wanted)

    _write(change)
    stdout.print(f"{'Granted' if give else 'Revoked'} the role {name}.")


def _write(change: Callable[[Operational, Transaction], None]) -> None:
    async def write() -> None:
        async with databases() as (operational, _), operational.begin() as transaction:
            change(operational, transaction)

    _run(write())


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except CannotOpen as error:
        stdout.print(str(error), markup=False)
        raise typer.Exit(1) from None
