"""Without JavaScript: forms, from the first page to the receipt."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.ui.texts import texts
from dialogs.studies.items import Item, Option
from dialogs.studies.study import Study
from tests.support.board import another, columns_of, exported
from tests.support.forms import Forms, Reader
from tests.support.kollegial import House
from tests.support.studies import SMALL

SAY = texts("nb")
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def began(reader: Reader, study: Study) -> None:
    await reader.open(f"/tavle/studie/{study.id}?l=nb")
    await reader.send("begin")


async def test_a_whole_sort(house: House, reader: Reader, tmp_path: Path) -> None:
    study = another(SMALL)
    await house.create(study)
    await began(reader, study)
    assert SAY("web.form.arrange") in reader.html
    await reader.arrange({"s1": 2, "s2": 2, "s3": 1})
    assert "Kolonne +2 har plass til 1, og du valgte 2." in reader.html
    await reader.arrange(columns_of(study))
    await reader.send("approve")
    await reader.send("explain", comment="Kari Nordmann sa det til meg i går.")
    assert "et navn" in reader.html
    assert "Kari Nordmann" in reader.html
    await reader.send("explain", comment="En kollega sa det.", answer__q2="yes")
    pseudonym = re.search(r"<dd>(\w+-\w+)</dd>", reader.html)
    assert pseudonym
    await reader.send("deliver")
    assert SAY("delivered") in reader.html
    assert await exported(house, study, tmp_path) == {pseudonym[1]: columns_of(study)}


async def test_one_comes_back_by_the_code_and_by_the_link_of_the_card(reader: Reader) -> None:
    await began(reader, SMALL)
    code = re.search(r"(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}", reader.html)
    assert code
    await reader.arrange({"s1": 2})
    for typed in (code[0], f"https://bot.example.org/tavle?l=nb#t={code[0]}"):
        await reader.open("/tavle?l=nb")
        await reader.send("look", token=typed)
        assert '<option value="2" selected>' in reader.html


async def test_what_is_not_whole_is_told(reader: Reader) -> None:
    await reader.open("/tavle?l=nb")
    await reader.send("look", token="x")
    assert SAY("web.no_token") in reader.html
    await reader.open("/tavle?l=nb")
    await reader.send("look", token="A" * 43)
    assert SAY("web.nothing_here") in reader.html


async def test_an_answer_is_withdrawn(reader: Reader) -> None:
    await began(reader, SMALL)
    await reader.arrange(columns_of(SMALL))
    await reader.send("approve")
    await reader.send("explain")
    await reader.send("redraw")
    await reader.send("back")
    await reader.send("explain")
    await reader.send("deliver")
    code = re.search(r"<code>([0-9A-Z-]+)</code>", reader.html)
    assert code
    await reader.open(f"/tavle/studie/{SMALL.id}?l=nb")
    await reader.send("withdraw", code=code[1])
    assert SAY("withdraw.done").partition(".")[0] in reader.html


async def test_breaking_off(reader: Reader) -> None:
    await began(reader, SMALL)
    await reader.send("break")
    assert SAY("broken").partition(",")[0] in reader.html


async def test_rubbish_is_told(house: House, reader: Reader) -> None:
    for body, status in ((b"\xff", 400), (b"a=1&" * 401, 400), (b"verb=%00", 401)):
        async with reader.session.post(f"{reader.url}/tavle/skjema", data=body) as response:
            assert response.status == status
    house.urn.receipt, kept = _broken, house.urn.receipt  # type: ignore[method-assign, assignment] # the urn is away
    async with reader.session.post(
        f"{reader.url}/tavle/skjema", data={"verb": "look", "token": "A" * 43}
    ) as response:
        assert response.status == 500
        assert "secret" not in await response.text()
    house.urn.receipt = kept  # type: ignore[method-assign] # it is put back


def _broken(*_: object) -> None:
    raise RuntimeError("secret")


async def test_several_boxes_of_a_question_are_one_answer(house: House, reader: Reader) -> None:
    options = (Option("a", {"nb": "Her"}), Option("b", {"nb": "Der"}))
    where = Item(id="where", text={"nb": "Hvor?"}, way="several", options=options)
    study = replace(another(SMALL), languages=("nb",), questions=(where,), reasons=0, before="x")
    await house.create(study)
    await began(reader, study)
    await reader.arrange(columns_of(study))
    await reader.send("approve")
    assert "<legend>Hvor?</legend>" in reader.html
    assert SAY("qsort.explaining.questions") in reader.html

    (form,) = (each for each in Forms(reader.html).forms if each["verb"] == "explain")
    ticked = [*form.items(), ("answer.where", "b"), ("answer.where", "a")]
    async with reader.session.post(f"{reader.url}/tavle/skjema?l=nb", data=ticked) as response:
        reader.html = await response.text()
    assert SAY("qsort.delivering.before") in reader.html
    await reader.send("back")
    assert reader.html.count(" checked") == 2
    await reader.send("explain", answer__where="")  # nothing ticked: taken back
    await reader.send("back")
    assert reader.html.count(" checked") == 0


async def test_the_first_page_shows_facts_before_the_information(reader: Reader) -> None:
    await reader.open(f"/tavle/studie/{SMALL.id}?l=nb")

    told, information = SAY("study.facts.voluntary.value"), SMALL.information.text["nb"]
    assert 0 < reader.html.index(told) < reader.html.index(information[:20])
    assert SAY("web.study.teams") not in reader.html
