"""A study to try the bot with, on one's own machine.

Its private key, and the server's, lie beside the databases, where real ones must
never be.
"""

import secrets
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.operation.settings import is_loopback
from dialogs.studies.study import Study
from research.studies import create, open_study
from research.study_files import read_study
from storage.crypto.sealing import generate_identity, read_identity
from storage.crypto.vault import KEY_BYTES
from storage.operational.store import Operational
from storage.urn.store import Urn

FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
STUDY = Path(__file__).parents[2] / "methods/studies/oppfolging.toml"
KEY = "demonstration.key"
SERVER_KEY = "server.key"
WHO = "the demonstration"


async def prepare(operational: Operational, urn: Urn, folder: Path, today: date) -> Study:
    """Create and open the shipped study, where that has not been done."""
    study = read_study(STUDY, today)
    if isinstance(study, list):
        raise ValueError("; ".join(map(str, study)))  # noqa: TRY004 - the file is faulty, not a type
    key = folder / KEY
    if study.id not in await urn.states():
        recipient = read_identity(key).recipient if key.exists() else generate_identity(key)
        await create(operational, urn, study, recipient, WHO)
    if (await urn.states())[study.id] == "created":
        await open_study(operational, urn, study.id, WHO, today)
    return study


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what a proxy passes on, or a page elsewhere asks for: here nobody is authenticated."""
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and origin != f"http://{request.host}"
    is_passed_on = any(name in request.headers for name in FORWARDED)
    if is_foreign or is_passed_on or not _is_here(request.host):
        raise web.HTTPForbidden(text="This is a demonstration, for this machine alone.")
    if request.path == "/api/messages" and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType  # no page elsewhere can send this type unasked
    return await handler(request)


def _is_here(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def server_key(folder: Path) -> str:
    """The key in the folder, made where there is none."""
    path = folder / SERVER_KEY
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(KEY_BYTES), "ascii")
    return path.read_text("ascii")
