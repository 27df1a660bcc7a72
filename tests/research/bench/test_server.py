"""The bench's server: who may ask, and what is answered when the answer is no."""

import io
import json
import re
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import aiohttp
import pytest
import pytest_asyncio

from research.analysis import NotAnalysable, Refusal
from research.bench.server import HEADERS, HOST, STATIC, Server
from research.bench.texts import PAGE, REFUSALS, page_words, refusal
from research.formats.faults import CannotHold
from research.report.texts import WORDS
from tests.research.bench.samples import bench_over

WANTED = {"wanted": {"factors": 3}}


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    served = Server(bench_over(tmp_path))
    await served.start()
    yield served
    await served.stop()


@pytest_asyncio.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def post(
    client: aiohttp.ClientSession, server: Server, what: str, body: object, **headers: str
) -> tuple[int, Any]:
    sent = {"Origin": server.origin, "Content-Type": "application/json"} | headers
    async with client.post(server.address + what, data=json.dumps(body), headers=sent) as answer:
        text = await answer.text(errors="replace")
        return answer.status, json.loads(text) if text.startswith("{") else text


async def test_the_page_and_all_that_it_loads(
    server: Server, client: aiohttp.ClientSession
) -> None:
    async with client.get(server.address) as answer:
        page = await answer.text()
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    assert '<html lang="nb">' in page
    assert "{" not in page
    for name in STATIC:
        async with client.get(f"{server.address}static/{name}") as answer:
            assert answer.status == 200
    static = files("research.bench") / "static"
    assert {path.name for path in static.iterdir()} == {*STATIC, "index.html"}
    async with client.get(f"{server.address}static/server.py") as answer:
        assert answer.status == 404


async def test_every_question_has_its_answer(server: Server, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{server.address}opened") as answer:
        opened = await answer.json()
    assert opened["words"]["part_rotation"] == "Rotasjon"
    status, step = await post(client, server, "step", {"wanted": opened["wanted"]})
    assert (status, len(step["plane"])) == (200, 15)
    assert (await post(client, server, "number", WANTED))[1]["recommended"] == 3
    assert len((await post(client, server, "correlations", WANTED))[1]["correlations"]) == 15
    saving = WANTED | {"name": "one", "steps": 0, "report": False}
    command = (await post(client, server, "command", saving))[1]["command"]
    saved = (await post(client, server, "save", saving))[1]
    assert saved["command"] == command
    assert (Path(saved["folder"]) / "command.txt").is_file()
    picture = WANTED | {"factor": "f1", "kind": "svg"}
    assert "<svg" in (await post(client, server, "picture", picture))[1]


async def test_an_expected_no_says_why(server: Server, client: aiohttp.ClientSession) -> None:
    status, no = await post(client, server, "step", {"wanted": {"factors": 40}})

    assert status == 409
    assert no["code"] == "too_many_factors"
    assert no["refused"].startswith("Sorteringene bærer ikke så mange faktorer.")
    saving = WANTED | {"name": "one", "steps": 0, "report": False}
    server.bench.out = Path("/proc/nowhere")
    status, no = await post(client, server, "save", saving)
    assert status == 409
    assert "/proc" in no["refused"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"wanted": {"factors": 3, "more": 1}},
        {"wanted": {"turns": [[0, 1, 400]]}},
        {"wanted": {"turns": [[0, 1, None]]}},
        {"wanted": {"turns": [[1, 1, 90]]}},
        {"wanted": {"words": {"../x": {}}}},
    ],
)
async def test_what_is_no_question(
    body: object, server: Server, client: aiohttp.ClientSession
) -> None:
    assert (await post(client, server, "step", body))[0] == 400


class TestStrangers:
    """Another page in the same browser, or another name for this machine."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://example.org"},
            {"Origin": "null"},
            {"Content-Type": "text/plain"},
            {"Host": "example.org"},
            {"Host": "localhost"},
        ],
    )
    async def test_a_question_from_elsewhere(
        self, headers: dict[str, str], server: Server, client: aiohttp.ClientSession
    ) -> None:
        assert (await post(client, server, "step", WANTED, **headers))[0] == 403

    async def test_a_page_that_embeds_it(
        self, server: Server, client: aiohttp.ClientSession
    ) -> None:
        stranger = {"Sec-Fetch-Site": "cross-site"}
        async with client.get(f"{server.address}opened", headers=stranger) as answer:
            assert answer.status == 403

    async def test_who_does_not_know_the_address(
        self, server: Server, client: aiohttp.ClientSession
    ) -> None:
        for path in ("/", "/opened", f"/{server.key[:-1]}/", f"/{server.key.swapcase()}/opened"):
            async with client.get(server.origin + path) as answer:
                assert answer.status == 404
                assert "p1" not in await answer.text()

    async def test_it_listens_on_loopback_alone(self, server: Server) -> None:
        assert server.address.startswith(f"http://{HOST}:{server.port}/")
        assert len(server.key) >= 32
        assert Server(server.bench).key != server.key

    async def test_much_at_once_is_refused(
        self, server: Server, client: aiohttp.ClientSession
    ) -> None:
        sent = {"Origin": server.origin, "Content-Type": "application/json"}
        much = io.BytesIO(b"x" * 3_000_000)
        async with client.post(f"{server.address}step", data=much, headers=sent) as answer:
            assert answer.status == 413


async def test_a_server_that_never_started_can_be_stopped(tmp_path: Path) -> None:
    await Server(bench_over(tmp_path)).stop()


def test_each_refusal_that_has_words_of_its_own_is_made_somewhere() -> None:
    source = "".join(path.read_text("utf-8") for path in Path("research/analysis").glob("*.py"))

    for code in REFUSALS:
        assert f'"{code}"' in source
        said = {refusal(NotAnalysable("x", code), spoken) for spoken in ("nb", "nn", "en")}
        assert len(said) == 3
    assert set(REFUSALS) == set(get_args(Refusal))
    assert refusal(CannotHold("Anything else."), "nb") == "Anything else."
    assert refusal(NotAnalysable("Anything else."), "nb") == "Anything else."


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_word_that_the_page_uses_is_there(language: Any) -> None:
    there = page_words(language)
    static = files("research.bench") / "static"
    used = set()
    for name in STATIC:
        used |= set(re.findall(r'word\("([a-z_0-9]+)"', (static / name).read_text("utf-8")))

    assert used <= set(there)
    assert not set(PAGE) & set(WORDS)
