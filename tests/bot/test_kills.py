"""The whole bot is killed while people sort: what they were told is handed in, is, and once.

`make torture` kills 60 times, `make test` a share of it.
"""

import asyncio
import os
import random
from pathlib import Path

import pytest
from pyrage import x25519

from research.export import open_answers
from research.studies import create
from simulation.hand import Faults, Tally
from simulation.process import BotProcess
from simulation.study import StudyScenario, simulate_study
from storage.crypto.sealing import PrivateKey
from storage.operational.store import Operational
from storage.urn.store import Urn
from tests.support.kollegial import SERVER_KEY
from tests.support.studies import study_of
from tests.support.teams import APP_ID, SECRET, FakeTeams

KILLS = 60 if os.environ.get("TESTS_TORTURE") else 3
AT_ONCE = 8
TINY = study_of({-1: 1, 0: 2, 1: 1})
"""So short that many kills meet a submission."""


@pytest.mark.torture
@pytest.mark.timeout(1800)
async def test_what_was_acknowledged_is_stored_once_and_everyone_gets_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("operational", "urn")}
    operational, urn = await Operational.open(urls["operational"]), await Urn.open(urls["urn"])
    identity = PrivateKey(str(x25519.Identity.generate()))
    await create(operational, urn, TINY, identity.recipient, "a researcher")
    await urn.open_study(TINY.id)
    await operational.close()
    await urn.close()

    async with FakeTeams("", app_id=APP_ID) as teams:
        settings = {
            "KOLLEGIAL_DATABASE_URL": urls["operational"],
            "KOLLEGIAL_URN_URL": urls["urn"],
            "KOLLEGIAL_APP_ID": APP_ID,
            "KOLLEGIAL_APP_SECRET": SECRET,
            "KOLLEGIAL_SERVER_KEY": SERVER_KEY,
            "KOLLEGIAL_TENANT": teams.tenant,
            "KOLLEGIAL_PUBLIC_URL": "https://kollegial.example.org",
            "KOLLEGIAL_OPENID_URL": teams.openid_url,
            "KOLLEGIAL_TOKEN_URL": teams.token_url,
        }
        async with BotProcess(settings, demo=False) as bot:
            teams.bot_url = bot.url
            killer = asyncio.create_task(kill(bot, random.Random(1)))
            delivered, tally, seed = [], Tally(), 0
            while not killer.done():
                seed += 1
                faults = Faults(double=0.2, redelivered=0.2, stale=0.1, undone=0.1)
                scenario = StudyScenario(
                    TINY.id, AT_ONCE, seed=seed, at_once=AT_ONCE, faults=faults
                )
                delivered += await simulate_study(teams, scenario, tally)
            await killer

    urn = await Urn.open(urls["urn"])
    await urn.close_study(TINY.id)
    answers = open_answers(TINY, (await urn.release(TINY.id)).submissions, identity)
    await urn.close()
    assert {name: (dict(a.sort), a.comment) for name, a in answers.items()} == {
        one.pseudonym: (one.sort, one.comment) for one in delivered
    }
    assert len(answers) == len(delivered) == seed * AT_ONCE
    assert tally.retries
    with capsys.disabled():
        print(f"\n{KILLS} kills of the bot, {len(delivered)} handed in")  # noqa: T201 - the figures are the point


async def kill(bot: BotProcess, moments: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(moments.uniform(0.1, 1.5))
        await bot.kill()
        await bot.start()
