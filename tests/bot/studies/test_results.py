"""Results back to those who took part: published for all, and by code for one."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import numpy as np
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from bot.ui.texts import texts
from cli.app import app
from dialogs.studies.study import Study
from research.publication import Results, dump_results, publication, publish
from simulation import cards
from simulation.hand import Tally
from simulation.participant import Delivered
from simulation.study import StudyScenario, simulate_study
from simulation.teams import Chat
from storage.crypto.codes import Code
from tests.bot.sessions.test_sessions import lead, reach, status
from tests.support.kollegial import House, can, deliver, kollegial
from tests.support.studies import LARGE, SMALL

SAY = texts("nb")

PEOPLE = 12


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [LARGE]) as house:
        yield house


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> "Command":
    for name, url in house.database_urls.items():
        monkeypatch.setenv(name, url)
    return Command()


class Command:
    """`kollegial` as it is typed, beside the bot that runs."""

    async def __call__(self, *arguments: str | Path, code: int = 0) -> str:
        words = [str(argument) for argument in arguments]
        result = await asyncio.to_thread(CliRunner().invoke, app, words)
        assert result.exit_code == code, result.output
        return result.output


async def announced(house: House) -> Chat:
    """A channel of enough people in which the study was announced."""
    people = [house.teams.user(f"Kollega {n}") for n in range(PEOPLE)]
    channel = house.teams.channel(house.anne, *people)
    await house.anne.write("inviter", channel)
    await house.settle()
    return channel


async def analysed(house: House, run: Command, folder: Path) -> tuple[Path, list[Delivered]]:
    """The analysis of a study in which twelve people took part."""
    delivered = await simulate_study(house.teams, StudyScenario(LARGE.id, PEOPLE), Tally())
    key = folder / "study.key"
    key.write_text(house.identity.text)
    await run("study", "close", LARGE.id)
    sealed = folder / "sealed.kollegial"
    await run("study", "release", LARGE.id, "--out", sealed)
    await run("study", "export", sealed, "--key", key, "--out", folder / "export")
    analysis = folder / "analysis"
    names = folder / "factors.toml"
    names.write_text('[f1]\nname = "Fast og trygt"\n', "utf-8")
    await run("analyse", folder / "export", "--factors", "3", "--names", names, "--out", analysis)
    return analysis, delivered


async def test_results_are_shown_to_all_and_ones_own_place_to_each(
    house: House, run: Command, tmp_path: Path
) -> None:
    channel = await announced(house)
    analysis, delivered = await analysed(house, run, tmp_path)

    said = await run("study", "publish", LARGE.id, analysis)
    await house.settle()

    assert "Published 3 factors of study prove. A card went to the place" in said
    card = house.kari.card(channel.last)
    pictures = [e for e in cards.elements(card) if e["type"] == "Image"]
    assert [p["url"].rsplit("/", 1)[1] for p in pictures] == ["f1.png", "f2.png", "f3.png"]
    assert all("utsagn" in p["altText"] for p in pictures)
    async with aiohttp.ClientSession() as session, session.get(pictures[0]["url"]) as response:
        assert await response.read() == (analysis / "factor_array_f1.png").read_bytes()
    shown = json.dumps(card, ensure_ascii=False)
    assert "Synspunkt 1: Fast og trygt" in shown
    assert '"Synspunkt 2"' in shown
    assert not any(one.pseudonym in shown or one.code in shown for one in delivered)

    arrays = json.loads((analysis / "analysis.json").read_text("utf-8"))["factor_arrays"]
    before = house.folder.joinpath("urn.db").read_bytes()
    for one in delivered[:4]:
        await house.kari.write(f"resultat {one.code}")
        expected = [
            np.corrcoef([one.sort[s] for s in array], list(array.values()))[0, 1]
            for array in arrays.values()
        ]
        facts = next(
            e["facts"]
            for e in cards.elements(house.kari.card(house.kari.chat.last))
            if e["type"] == "FactSet"
        )
        assert [fact["value"] for fact in facts] == [
            f"{value:.2f}".replace(".", ",").replace("-", "−") for value in expected
        ]
        most = int(np.argmax(np.abs(expected)))
        how = "nærmest" if expected[most] > 0 else "lengst fra"
        assert f"{how} {facts[most]['title']}" in house.kari.sees(house.kari.chat.last)
    (link,) = (a["url"] for a in card["actions"] if a["type"] == "Action.OpenUrl")
    async with aiohttp.ClientSession() as session:
        await the_page_says_the_same(session, link, delivered[0].code)
    assert house.folder.joinpath("urn.db").read_bytes() == before


async def test_a_part_of_a_session_shows_what_was_published_there(house: House) -> None:
    """The development workshop's; and of a study that was announced elsewhere nothing."""
    channel = await announced(house)
    rising = dict(zip((s.id for s in LARGE.statements), laid_out(LARGE), strict=True))
    found = Results({"f1": rising}, (), (), names={"f1": "Fast og trygt"})
    published = publication(LARGE.id, dump_results(found))
    await publish(house.operational, published, "a researcher")
    await house.settle()
    people = channel.members[1:5]
    elsewhere = house.teams.group_chat(house.anne, *people)

    for chat, shown in ((elsewhere, 0), (channel, 1)):
        await house.anne.write("start utviklingsverksted", chat)
        for person in people:
            await person.press(status(chat, person), "session.here")
        before = len(chat.posts)
        await lead(house, "session.start")
        part = await reach(house, chat, "Resultatene legges fram")
        said = [json.dumps(each.card, ensure_ascii=False) for each in chat.posts[before:]]
        assert sum("Synspunkt 1: Fast og trygt" in each for each in said) == shown
        assert chat.posts.index(part) < len(chat.posts) - shown
        await house.anne.write("avslutt likevel", chat)


def laid_out(study: Study) -> list[int]:
    """The columns of a grid, each as often as it has cells."""
    return [value for value, n in study.grid.cells.items() for _ in range(n)]


async def the_page_says_the_same(session: aiohttp.ClientSession, link: str, code: str) -> None:
    """Each viewpoint in words; one's own place for the code; nothing without the right link."""

    async def read(address: str, **form: str) -> tuple[int, str]:
        method = "POST" if form else "GET"
        async with session.request(method, address, data=form or None) as response:
            return response.status, await response.text()

    status, page = await read(link)
    assert status == 200
    for words in ("Synspunkt 1", "Synspunkt 3", "web.results.most", "web.results.grid"):
        assert (SAY(words) if "." in words else words) in page
    assert SAY("result.scale") not in page
    status, page = await read(link, code=code)
    assert (status, SAY("web.results.yours") in page, SAY("result.scale") in page) == (
        200,
        True,
        True,
    )
    for wrong, words in (("?", "withdraw.mistyped"), (str(Code.new()), "withdraw.unknown")):
        assert (await read(link, code=wrong))[0] == 422
        assert SAY(words) in (await read(link, code=wrong))[1]
    for other in (
        link.replace("resultat/prove/", "resultat/prove/x"),
        link.replace("/prove/", "/x/"),
    ):
        assert (await read(other))[0] == (await read(other, code=code))[0] == 404


async def test_small_numbers_are_not_published(house: House, run: Command, tmp_path: Path) -> None:
    analysis, _ = await analysed(house, run, tmp_path)
    file = analysis / "analysis.json"
    document = json.loads(file.read_text("utf-8"))

    document["flags"]["f2"] = document["flags"]["f2"][:2]
    file.write_text(json.dumps(document), "utf-8")
    said = await run("study", "publish", LARGE.id, analysis)
    assert "Published 2 factors" in said
    assert "Left out: f2, which rest on fewer than 3 sorts." in said

    document["flags"] = {name: [] for name in document["flags"]}
    file.write_text(json.dumps(document), "utf-8")
    assert "one person's sort" in await run("study", "publish", LARGE.id, analysis, code=1)

    document["study"]["sorts"] = document["study"]["sorts"][:9]
    file.write_text(json.dumps(document), "utf-8")
    assert "fewer than 10" in await run("study", "publish", LARGE.id, analysis, code=1)
    published = await house.services.studies.results(LARGE.id)
    assert published is not None
    assert isinstance(published[0], Results)
    assert list(published[0].arrays) == ["f1", "f3"]


async def test_what_cannot_be_published_is_refused(
    house: House, run: Command, tmp_path: Path
) -> None:
    assert "is open" in await run("study", "publish", LARGE.id, tmp_path, code=1)
    analysis, _ = await analysed(house, run, tmp_path)
    file = analysis / "analysis.json"
    document = json.loads(file.read_text("utf-8"))

    assert "cannot be read" in await run("study", "publish", LARGE.id, tmp_path, code=1)
    assert "There is no study" in await run("study", "publish", "ingen", analysis, code=1)
    document["factor_arrays"]["f1"].pop("s1")
    file.write_text(json.dumps(document), "utf-8")
    assert "other statements" in await run("study", "publish", LARGE.id, analysis, code=1)
    file.write_text("{}", "utf-8")
    assert "no analysis" in await run("study", "publish", LARGE.id, analysis, code=1)
    assert await house.services.studies.results(LARGE.id) is None


async def test_without_results_or_with_a_wrong_code_it_is_said(tmp_path: Path) -> None:
    async with kollegial(tmp_path, [SMALL]) as house:
        _, code = await deliver(house.kari)

        await house.kari.write(f"resultat {code}")
        assert "ikke lagt fram resultater" in house.kari.sees(house.kari.chat.last)
        await house.kari.write("resultat")
        post = house.kari.chat.last
        assert can(house.kari, post, "study.result")
        await house.kari.press(post, "study.result", {"code": code[:-1] + "?"})
        assert SAY("withdraw.mistyped") in house.kari.sees(post)
        await house.kari.write("resultat 0000-0000-0000-0000-0000-0000")
        assert "finner ikke noe svar" in house.kari.sees(house.kari.chat.last)
        channel = house.teams.channel(house.anne, house.kari)
        await house.kari.write(f"resultat {code}", channel)
        assert "bare for deg" in house.kari.sees(channel.last)


async def test_an_unknown_picture_is_not_found(house: House) -> None:
    url = house.settings.pictures("nothing")
    async with aiohttp.ClientSession() as session, session.get(f"{url}/f1.png") as response:
        assert response.status == 404
