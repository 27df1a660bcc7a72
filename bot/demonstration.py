"""A study to try the bot with, on one's own machine.

Its private key, and the server's, lie beside the databases, where real ones must
never be.
"""

import secrets
from datetime import date
from pathlib import Path

from dialogs.study import Study
from research.studies import create, open_study
from research.study_files import read_study
from storage.operational import Operational
from storage.sealing import generate_identity, read_identity
from storage.urn import Urn
from storage.vault import KEY_BYTES

STUDY = Path(__file__).parents[1] / "methods/studies/oppfolging.toml"
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


def server_key(folder: Path) -> str:
    """The key in the folder, made where there is none."""
    path = folder / SERVER_KEY
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(KEY_BYTES), "ascii")
    return path.read_text("ascii")
