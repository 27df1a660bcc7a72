"""The command `kollegial doctor`: whether everything is in place, and what to do where it is not.

It asks Microsoft's services as the bot would, looks at the databases without
changing them, and prints no secret. Of a demonstration it asks nothing outside
of this machine.
"""

import asyncio
import email.utils
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
import jwt
import typer

from bot.delivery.maintenance import ZONE
from bot.gateway.credentials import asking
from bot.gateway.events import Json
from bot.gateway.tokens import signing_keys
from bot.operation.clock import utc_now
from bot.operation.health import Watching
from bot.operation.settings import Settings
from bot.sessions.methods import Faulty, Methods, shipped
from cli.manifest import is_domain
from cli.streams import stdout
from storage.database import DatabaseName
from storage.database_url import BadUrl, read_url, same_server_and_role
from storage.databases import CannotOpen, databases
from storage.examining import Examined, Unreadable, examine
from storage.operational.server_key import WrongServerKey
from storage.operational.store import Operational
from storage.settings import DatabaseSettings, NotSet
from storage.urn.store import Urn

app = typer.Typer(add_completion=False)
TIMEOUT = aiohttp.ClientTimeout(total=10)
MAX_SKEW_S = 30.0
"""Replicas wait so long for each other's messages, and people for theirs."""
NIGHTS = timedelta(hours=26)
"""A night's work is done within a day, and on one day of the year that has 25 hours."""
_SET_CLOCKS = "Set the clocks by NTP: on this machine, or on the other one if that is wrong."
_LET_OUT = "Let this machine reach https://{host}: a firewall or a proxy may stand between."
_LET_IN = (
    "Start the bot, and see that the reverse proxy passes this address on to it. From inside of "
    "some networks a public address cannot be reached: then ask for /healthz from outside."
)
_IN_AZURE = (
    "KOLLEGIAL_IDENTITY is managed: the bot must run in Azure, and what it runs on must have the "
    "identity whose client id is KOLLEGIAL_APP_ID."
)
_AAD_CODE = re.compile(r"AADSTS\d+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    said: str
    remedy: str = ""
    """What to do about it; nothing where all is well."""


@app.command()
def doctor(
    *,
    demo: Annotated[
        bool, typer.Option("--demo", help="Of a demonstration, which asks nobody who they are.")
    ] = False,
) -> None:
    """Check settings, credentials, databases, clock and reachability. Each fault has its remedy."""
    faults = asyncio.run(_tell_all(demo=demo))
    stdout.print(f"\n{faults} to be seen to." if faults else "\nAll is well.")
    raise typer.Exit(1 if faults else 0)


async def _tell_all(*, demo: bool) -> int:
    """Print what is found; how many faults there are."""
    faults = 0
    async for finding in look(demo=demo):
        faults += bool(finding.remedy)
        stdout.print(
            f"{'✗' if finding.remedy else '✓'} {finding.what}: {finding.said}", markup=False
        )
        if finding.remedy:
            stdout.print(f"    {finding.remedy}", markup=False)
    return faults


async def look(*, demo: bool = False) -> AsyncIterator[Finding]:
    """Everything that is found, the ground first."""
    yield _zones()
    settings = None
    try:
        settings = Settings.demonstration() if demo else Settings.production()
    except NotSet as error:
        for fault in str(error).splitlines():
            yield Finding("settings", "the bot does not start", fault)
    with suppress(NotSet):  # said already
        urls = DatabaseSettings.read()
        async for finding in _databases(urls, settings, demo=demo):
            yield finding
    if settings is None:
        return
    yield _methods(settings)
    if demo:
        yield Finding("settings", "a demonstration on this machine, which asks nobody who they are")
        return
    async with aiohttp.ClientSession(timeout=TIMEOUT, proxy=settings.proxy or None) as session:
        for check in (_token, _keys, _address):
            async for finding in check(session, settings):
                yield finding
    if not settings.administrator:
        yield Finding(
            "administrator",
            "nobody is named, so only those with a role can lead",
            "Set KOLLEGIAL_ADMINISTRATOR to somebody's object id in Microsoft Entra.",
        )


def _methods(settings: Settings) -> Finding:
    try:
        methods = Methods(shipped(settings.methods)).all()
    except Faulty as error:
        return Finding("methods", "the bot does not start", str(error))
    return Finding("methods", f"{len(methods)} that groups can be led by")


def _zones() -> Finding:
    try:
        noon = datetime(2027, 7, 1, 12, tzinfo=UTC).astimezone(ZoneInfo("Europe/Oslo"))
    except ZoneInfoNotFoundError:
        return Finding("time zones", "there are none", "Install the package tzdata anew.")
    if noon.hour != 14:
        return Finding(
            "time zones",
            "Europe/Oslo has no summer time in 2027",
            "The machine's time zone data are wrong: bring them up to date.",
        )
    return Finding("time zones", f"known, tzdata {version('tzdata')}")


async def _databases(
    urls: DatabaseSettings, settings: Settings | None, *, demo: bool
) -> AsyncIterator[Finding]:
    is_current = True
    named: dict[DatabaseName, tuple[str, str]] = {
        "operational": (urls.database_url, urls.urn_url),
        "urn": (urls.urn_url, urls.database_url),
    }
    for name, (url, other) in named.items():
        async for finding in _database(name, url, other, demo=demo):
            is_current &= not finding.remedy and finding.said.startswith("up to date")
            yield finding
    if _share_an_owner(urls.database_url, urls.urn_url):
        yield Finding(
            "separation",
            "one role opens both databases, and so can join what nothing may join",
            "Make another database with a role of its own, and name it in KOLLEGIAL_URN_URL.",
        )
    if is_current:
        try:
            async with databases() as (operational, urn):
                async for finding in _at_work(operational, urn, settings):
                    yield finding
        except CannotOpen as error:
            yield Finding("databases", "can be looked at, but not worked with", str(error))


async def _database(
    name: DatabaseName, url: str, other: str, *, demo: bool
) -> AsyncIterator[Finding]:
    what, variable = f"{name} database", f"KOLLEGIAL_{'URN' if name == 'urn' else 'DATABASE'}_URL"
    try:
        examined = await examine(url, name, None if demo else other)
    except Unreadable as error:
        yield Finding(
            what, f"cannot be read: {error}", f"Look at {variable}, and whether the server runs."
        )
        return
    yield _schema(what, examined, demo=demo)
    if abs(examined.ahead_s) > MAX_SKEW_S:
        yield Finding(what, f"its server's clock {_differs(examined.ahead_s)}", _SET_CLOCKS)
    for obstacle in [] if demo else examined.obstacles:
        yield Finding(what, obstacle.said, obstacle.remedy)


def _schema(what: str, examined: Examined, *, demo: bool) -> Finding:
    newest, *older = examined.known
    migrate = "" if demo else "Run `kollegial migrate` with the role that owns it."
    if examined.found == newest:
        return Finding(what, f"up to date, schema {newest}")
    if examined.found is None:
        made = "not there yet; it is made when the bot starts" if demo else "it has no schema yet"
        return Finding(what, made, migrate)
    if examined.found in older:
        brought = "it is brought to" if demo else "this version needs"
        return Finding(what, f"schema {examined.found}; {brought} {newest}", migrate)
    return Finding(
        what,
        f"schema {examined.found} is of a later version of Kollegial, which knows up to {newest}",
        "Start the version that last used this database, or a later one.",
    )


def _share_an_owner(one: str, other: str) -> bool:
    """Whether two PostgreSQL databases are opened by the same role of the same server."""
    try:
        return same_server_and_role(read_url(one), read_url(other))
    except BadUrl:
        return False  # said already


async def _at_work(
    operational: Operational, urn: Urn, settings: Settings | None
) -> AsyncIterator[Finding]:
    """What the databases tell of the bot's work."""
    if settings and settings.server_key:
        try:
            await operational.server_key.check(settings.vault, note=False)
        except WrongServerKey as error:
            yield Finding("server key", "it does not open this database", str(error))
    watching = Watching(operational, urn, utc_now)
    for fault in await watching.faults():
        yield Finding("dispatcher", fault, "See that the bot runs, and what its log says.")
    for warning in await watching.warnings():
        yield Finding("bugs", warning, "Update Kollegial, then `kollegial outbox retry ID`.")
    parked = len(await operational.outbox.parked())
    yield Finding("outbox", f"{parked} parked: see `kollegial outbox`" if parked else "clear")
    night = await operational.outbox.last_done("nightly")
    if night is None:
        yield Finding("night's work", "not done yet; the first time is the night after the start")
    elif utc_now() - night > NIGHTS:
        yield Finding(
            "night's work",
            f"last done for the night of {night.astimezone(ZONE):%Y-%m-%d}",
            "The urn is not resealed and nothing is forgotten in time: start the bot, and see "
            "what its log says of `nightly`.",
        )
    else:
        yield Finding("night's work", f"done for the night of {night.astimezone(ZONE):%Y-%m-%d}")


async def _token(session: aiohttp.ClientSession, settings: Settings) -> AsyncIterator[Finding]:
    """Ask for a token as the bot does."""
    credentials = settings.credentials
    try:
        asked = credentials.request(settings.token_url)
        async with asking(session, credentials, settings.token_url) as response:
            answer, ahead_s = await _json(response), _ahead_s(response)
    except (aiohttp.ClientError, TimeoutError) as error:
        host = urlsplit(asked.url).hostname
        remedy = _LET_OUT.format(host=host) if credentials.identity != "managed" else _IN_AZURE
        yield Finding("credentials", _no_answer(error), remedy)
        return
    except (OSError, ValueError, TypeError) as error:
        yield Finding(
            "credentials",
            f"what shows who the bot is cannot be read ({type(error).__name__})",
            "Look at KOLLEGIAL_APP_CERTIFICATE: a PEM file with a certificate and its private RSA "
            "key; of a workload identity, at AZURE_FEDERATED_TOKEN_FILE.",
        )
        return
    if "access_token" in answer:
        yield Finding("credentials", "the token service accepts them")
    else:
        yield Finding("credentials", *_refusal(response.status, answer))
    if ahead_s is not None and abs(ahead_s) > MAX_SKEW_S:
        yield Finding("clock", f"the token service's {_differs(ahead_s)}", _SET_CLOCKS)
    elif ahead_s is not None:
        yield Finding("clock", "as the token service's")


def _refusal(status: int, answer: Json) -> tuple[str, str]:
    """What the token service says, by its codes alone, and the remedy."""
    code = _AAD_CODE.search(str(answer.get("error_description")))
    said = f"refused with {code[0] if code else f'HTTP {status}'}"
    match answer.get("error"):
        case "invalid_client":
            return said, (
                "KOLLEGIAL_APP_SECRET (or the certificate, or the federated credential) is wrong "
                "or has expired. Make a new one in Microsoft Entra, under the app's certificates "
                "and secrets; of a secret its value, not its id."
            )
        case "unauthorized_client" | "invalid_request":
            return said, (
                "KOLLEGIAL_TENANT does not know KOLLEGIAL_APP_ID. Both are on the app's overview "
                "in Microsoft Entra, as directory id and as application id."
            )
    return said, "Look up the code, and compare the KOLLEGIAL_APP settings with Microsoft Entra."


async def _keys(session: aiohttp.ClientSession, settings: Settings) -> AsyncIterator[Finding]:
    """Fetch the keys by which Teams is known."""
    what, remedy = "Teams' keys", _LET_OUT.format(host=urlsplit(settings.openid_url).hostname)
    try:
        async with session.get(settings.openid_url) as response:
            metadata = await _json(response)
        async with session.get(str(metadata["jwks_uri"])) as response:
            keys = signing_keys(await _json(response))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        yield Finding(what, _no_answer(error), remedy)
    except (LookupError, TypeError, jwt.InvalidKeyError):
        yield Finding(what, "not found at KOLLEGIAL_OPENID_URL", "Look at that setting.")
    else:
        yield Finding(what, f"{len(keys)} found")


async def _address(session: aiohttp.ClientSession, settings: Settings) -> AsyncIterator[Finding]:
    """See whether the bot can be reached where Teams would reach it."""
    what, address = "public address", urlsplit(settings.public_url)
    if address.scheme != "https" or not is_domain(address.hostname or ""):
        yield Finding(
            what,
            "KOLLEGIAL_PUBLIC_URL is not https://HOST with a public host name",
            "Teams reaches nothing else: set it to the reverse proxy's address.",
        )
        return
    url = f"{settings.public_url.rstrip('/')}/healthz"
    try:
        async with session.get(url) as response:
            answers = response.status == HTTPStatus.OK and await response.text() == "ok"
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        yield Finding(what, _no_answer(error), _LET_IN)
        return
    yield (
        Finding(what, "the bot answers there")
        if answers
        else Finding(what, f"something else answers there, with HTTP {response.status}", _LET_IN)
    )


async def _json(response: aiohttp.ClientResponse) -> Json:
    answer: Json = await response.json(content_type=None)
    return answer


def _ahead_s(response: aiohttp.ClientResponse) -> float | None:
    """By how many seconds the other's clock is ahead of ours, as far as it says."""
    try:
        theirs = email.utils.parsedate_to_datetime(response.headers["Date"])
    except (LookupError, ValueError):
        return None
    return (theirs - utc_now()).total_seconds()


def _differs(ahead_s: float) -> str:
    return f"is {abs(ahead_s):.0f} s {'ahead of' if ahead_s > 0 else 'behind'} this machine's"


def _no_answer(error: Exception) -> str:
    return f"no answer ({type(error).__name__})"
