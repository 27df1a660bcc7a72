"""A study to try the bot with, on one's own machine.

Its private key lies beside the databases, which a real study's must never do.
"""

from datetime import date
from pathlib import Path

from dialogs.study import Study
from research.studies import create, open_study
from research.study_files import read_study
from storage.operational import Operational
from storage.sealing import generate_identity, read_identity
from storage.urn import Urn

STUDY = Path(__file__).parents[1] / "methods/studies/oppfolging.toml"
KEY = "demonstration.key"
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
