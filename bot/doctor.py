"""The command `kollegial doctor`: whether everything is in place, and what to do where it is not.

It asks Microsoft's services as the bot would, looks at the databases without
changing them, and prints no secret. Of a demonstration it asks nothing outside
of this machine.
"""

import asyncio
import email.utils
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import aiohttp
import jwt
import typer
from rich.console import Console
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.clock import ZONE
from bot.gateway.credentials import Credentials
from bot.gateway.events import Json
from bot.gateway.tokens import signing_keys
from bot.manifest import is_domain
from bot.methods import Faulty, Methods, shipped
from bot.now import utc_now
from bot.settings import NotSet, Settings
from bot.watching import Watching
from storage.database import Name
from storage.databases import CannotOpen, databases
from storage.examining import Unreadable, examine
from storage.operational import Operational
from storage.settings import DatabaseSettings
from storage.urn import Urn

app = typer.Typer(add_completion=False)
_out = Console(highlight=False, soft_wrap=True)

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
_AAD_CODE = re.compile(r"AADSTS\d+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    said: str
    remedy: str = ""
    """What to do about it; nothing where all is well."""


@app.command()
def doctor() -> None:
    """Check settings, credentials, databases, clock and reachability; name each remedy."""
    faults = asyncio.run(_tell_all())
    _out.print(f"\n{faults} to be seen to." if faults else "\nAll is well.")
    raise typer.Exit(1 if faults else 0)


async def _tell_all() -> int:
    """Print what is found; how many faults there are."""
    faults = 0
    async for finding in look():
        faults += bool(finding.remedy)
        _out.print(f"{'✗' if finding.remedy else '✓'} {finding.what}: {finding.said}", markup=False)
        if finding.remedy:
            _out.print(f"    {finding.remedy}", markup=False)
    return faults


async def look() -> AsyncIterator[Finding]:
    """Everything that is found, the ground first."""
    yield _zones()
    urls = DatabaseSettings()
    async for finding in _databases({"operational": urls.database_url, "urn": urls.urn_url}):
        yield finding
    try:
        settings = Settings.read()
    except NotSet as error:
        yield Finding("settings", "the bot does not start", str(error))
        return
    yield _methods(settings)
    if settings.is_demonstration:
        yield Finding("settings", "a demonstration on this machine, which asks nobody who they are")
        return
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
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


async def _databases(urls: Mapping[Name, str]) -> AsyncIterator[Finding]:
    is_current = True
    for name, url in urls.items():
        finding = await _database(name, url)
        is_current &= not finding.remedy and finding.said.startswith("up to date")
        yield finding
    if _share_an_owner(*urls.values()):
        yield Finding(
            "separation",
            "one role opens both databases, and so can join what nothing may join",
            "Make another database with a role of its own, and name it in KOLLEGIAL_URN_URL.",
        )
    if is_current:
        try:
            async with databases() as (operational, urn):
                async for finding in _at_work(operational, urn):
                    yield finding
        except CannotOpen as error:
            yield Finding("databases", "can be looked at, but not worked with", str(error))


async def _database(name: Name, url: str) -> Finding:
    what, variable = f"{name} database", f"KOLLEGIAL_{'URN' if name == 'urn' else 'DATABASE'}_URL"
    try:
        examined = await examine(url, name)
    except Unreadable as error:
        return Finding(
            what, f"cannot be read: {error}", f"Look at {variable}, and whether the server runs."
        )
    newest, *older = examined.known
    if abs(examined.ahead_s) > MAX_SKEW_S:
        return Finding(what, f"its server's clock {_differs(examined.ahead_s)}", _SET_CLOCKS)
    if examined.found is None:
        return Finding(what, "not there yet; it is made when the bot starts")
    if examined.found == newest:
        return Finding(what, f"up to date, schema {newest}")
    if examined.found in older:
        return Finding(
            what, f"schema {examined.found}; it is brought to {newest} when the bot starts"
        )
    return Finding(
        what,
        f"schema {examined.found} is of a later version of Kollegial, which knows up to {newest}",
        "Start the version that last used this database, or a later one.",
    )


def _share_an_owner(one: str, other: str) -> bool:
    """Whether two PostgreSQL databases are opened by the same role of the same server."""
    try:
        first, second = make_url(one), make_url(other)
    except ArgumentError:
        return False  # said already
    if first.get_backend_name() != "postgresql":
        return first == second
    place = [(url.host, url.port or 5432, url.username) for url in (first, second)]
    return place[0] == place[1]


async def _at_work(operational: Operational, urn: Urn) -> AsyncIterator[Finding]:
    """What the databases tell of the bot's work."""
    for fault in await Watching(operational, urn, utc_now).faults():
        yield Finding("dispatcher", fault, "See that the bot runs, and what its log says.")
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
    credentials = Credentials(
        settings.app_id, settings.tenant, settings.app_secret.get_secret_value()
    )
    url = settings.token_url.format(tenant=settings.tenant)
    try:
        async with session.post(url, data=credentials.form, allow_redirects=False) as response:
            answer, ahead_s = await _json(response), _ahead_s(response)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        yield Finding(
            "credentials", _no_answer(error), _LET_OUT.format(host=urlsplit(url).hostname)
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
                "KOLLEGIAL_APP_SECRET is wrong or has expired. Make a new one in Microsoft Entra, "
                "under the app's certificates and secrets; its value, not its id."
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
