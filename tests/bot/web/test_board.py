"""The board's requests: the same draft as the card, known by its token alone."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio

from bot.gateway.events import Json
from bot.operation.shares import MAX_KEPT, Limits
from bot.ui.texts import texts
from bot.web.routes import MAX_BODY, AnsweredEarly, BoardRoutes
from storage.crypto.codes import Code, ResumeCode, Token
from tests.support.board import Page, another, columns_of, exported
from tests.support.kollegial import House, begin, can, carried, kollegial, press_on, sort
from tests.support.questionnaires import ONCE
from tests.support.studies import SMALL
from tests.support.teams import APP_ID

SAY = texts("nb")
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("board")
    async with kollegial(folder, public_url="https://bot.example.org") as house:
        yield house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
def page(house: House, session: aiohttp.ClientSession) -> Page:
    return Page(session, f"http://127.0.0.1:{house.settings.port}")


# A whole sort


async def test_a_sort_on_the_board_ends_in_the_export(
    house: House, page: Page, tmp_path: Path
) -> None:
    study = another(SMALL)
    await house.create(study)
    begun = await page.begin(study)
    assert begun["draft"]["stage"] == "reading"
    assert [s["n"] for s in begun["instrument"]["statements"]] == list(range(1, 10))
    full = await page.lay(columns_of(study))
    assert full["draft"]["stage"] == "reviewing"
    done = await page.deliver()

    assert (done["kind"], done["text"]) == ("delivered", SAY("delivered.first"))
    assert await exported(house, study, tmp_path) == {done["pseudonym"]: columns_of(study)}


async def test_a_card_and_a_board_go_on_with_each_other(house: House, page: Page) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.choose")
    page.token = carried(house.kari, post, "qsort.choose")["token"]
    link, dialog, beside = (
        action
        for each in house.kari.card(post)["body"]
        for action in each.get("actions", ())
        if action["type"] == "Action.OpenUrl"
    )
    assert link["url"] == f"https://bot.example.org/tavle?l=nb#t={page.token}"
    inside = f"https://bot.example.org/tavle?l=nb&i=teams&tema={{theme}}#t={page.token}"
    asked = urlsplit(dialog["url"])
    assert asked.path == f"/l/task/{APP_ID}"
    assert parse_qs(asked.query)["url"] == [inside]
    context = json.loads(parse_qs(urlsplit(beside["url"]).query)["context"][0])
    assert (context["contentUrl"], context["openMode"]) == (inside, "popoutWithChat")
    assert [each.get("mode") for each in (link, dialog, beside)] == [None, "secondary", "secondary"]

    draft = (await page.ask("look"))["draft"]
    placed = dict(draft["placed"])
    waiting = next(s for s in dict(draft["piles"]) if s not in placed)
    column = next(c for c, n in SMALL.grid.cells.items() if list(placed.values()).count(c) < n)
    await page.press("lay", statement=waiting, column=column)
    await press_on(house.kari, post)
    assert SAY("qsort.notice.out_of_turn") in house.kari.sees(post)
    assert f"{len(placed) + 1} av 9 utsagn ligger i rutenettet" in house.kari.sees(post)
    await sort(house.kari, post)
    delivered = await page.ask("look")
    assert delivered["draft"]["stage"] == "delivering"
    assert (await page.press("deliver", code=delivered["draft"]["code"]))["kind"] == "delivered"
    await house.kari.press(post, "qsort.back")
    assert can(house.kari, post, "qsort.deliver")  # the code must not be taken away


async def test_a_sort_begins_with_the_one_that_was_handed_in_and_replaces_it(
    house: House, page: Page, session: aiohttp.ClientSession, tmp_path: Path
) -> None:
    study = another(SMALL)
    await house.create(study)
    await page.begin(study)
    await page.lay(columns_of(study))
    first = await page.deliver()

    again = Page(session, page.url)
    assert (await again.begin(study, "xyz"))["text"] == SAY("withdraw.mistyped")
    assert (await again.begin(study, str(Code.new())))["text"] == SAY("withdraw.unknown")
    begun = await again.begin(study, first["code"])
    assert (begun["draft"]["stage"], dict(begun["draft"]["placed"])) == (
        "reviewing",
        columns_of(study),
    )
    await again.press("lay", statement="s1", column=2, instead="s9")
    replaced = await again.deliver(first["code"])
    assert (replaced["text"], replaced["code"]) == (SAY("delivered.replaced"), first["code"])
    expected = columns_of(study) | {"s1": 2, "s9": -2}
    assert await exported(house, study, tmp_path) == {first["pseudonym"]: expected}


async def test_an_answer_is_withdrawn_on_the_board(page: Page) -> None:
    await page.begin(SMALL)
    await page.lay(columns_of(SMALL))
    code = (await page.deliver())["code"]
    assert (await page.ask("withdraw", code="?"))["text"] == SAY("withdraw.mistyped")
    assert (await page.ask("withdraw", code=str(Code.new())))["text"] == SAY("withdraw.unknown")
    assert (await page.ask("withdraw", code=code))["text"] == SAY("withdraw.done")


# Twice, late, torn


async def test_a_press_whose_answer_was_lost_counts_once(page: Page) -> None:
    await page.begin(SMALL)
    await page.lay(columns_of(SMALL))
    before = page.nonce
    lay = {"statement": "s1", "column": 2, "instead": "s9", "id": "the same", "nonce": before}
    first, again = [await page.press("lay", **lay) for _ in range(2)]
    assert (again["draft"], again["nonce"]) == (first["draft"], first["nonce"])


async def test_of_two_tabs_the_slower_is_told_and_nothing_is_lost(
    page: Page, session: aiohttp.ClientSession
) -> None:
    await page.begin(SMALL)
    other = Page(session, page.url, page.token)
    await other.ask("look")
    await page.press("read_all")
    late = await other.press("read_all")
    assert [each["kind"] for each in late["said"]] == ["out_of_turn"]
    assert late["draft"]["stage"] == "presorting"


async def test_a_restart_in_the_middle_loses_nothing(house: House, page: Page) -> None:
    await page.begin(SMALL)
    await page.press("read_all")
    await page.press("put", statement="s1", pile="agree")
    await house.restart()
    reply = await page.press("put", statement="s2", pile="disagree")
    assert dict(reply["draft"]["piles"]) == {"s1": "agree", "s2": "disagree"}


async def test_breaking_off_destroys_the_draft(page: Page) -> None:
    await page.begin(SMALL)
    await page.press("undo")  # nothing to take back: told in the page's words
    assert (await page.press("break"))["text"] == SAY("broken")
    assert (await page.ask("look"))["text"] == SAY("web.nothing_here")


async def test_the_code_for_coming_back_finds_the_draft(page: Page) -> None:
    page.token = str(ResumeCode.new())
    await page.begin(SMALL)
    await page.press("read_all")
    page.token = page.token.lower().replace("-", " ")
    assert (await page.ask("look"))["draft"]["stage"] == "presorting"


# What is refused


async def test_without_a_token_there_is_nothing(page: Page) -> None:
    for wrong in ("", "x", str(ResumeCode.new())[:-1] + "?", "A" * 43):
        page.token = wrong
        assert (await page.ask("look"))["status"] == (200 if wrong == "A" * 43 else 401)


async def test_a_study_that_is_not_open_cannot_be_begun(house: House, page: Page) -> None:
    closed = another(SMALL)
    await house.create(closed, is_open=False)
    assert (await page.begin(closed))["text"] == SAY("web.closed")
    assert (await page.begin(another(SMALL)))["status"] == 404
    reply = await page.ask("begin", study=SMALL.id, version="0")
    assert (reply["status"], reply["text"]) == (409, SAY("web.new_information"))


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b'"x"'])
async def test_rubbish_is_refused(page: Page, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {page.token}"}
    address = f"{page.url}/tavle/api/look"
    async with page.session.post(address, data=body, headers=headers) as response:
        assert response.status == 400


async def test_a_body_that_is_too_large_or_packed_is_not_read(page: Page) -> None:
    headers = {"Authorization": f"Bearer {page.token}"}
    for body, more, status in (
        (b" " * (MAX_BODY + 1), {}, 413),
        (b"\x1f\x8b", {"Content-Encoding": "gzip"}, 415),
    ):
        async with page.session.post(
            f"{page.url}/tavle/api/look", data=body, headers=headers | more
        ) as response:
            assert response.status == status


async def test_forged_presses_change_nothing(page: Page) -> None:
    await page.begin(SMALL)
    before = (await page.ask("look"))["draft"]
    for verb, data in (("lay", {"statement": "s1", "column": 2}), ("x", {}), ("approve", {})):
        assert (await page.press(verb, **data))["draft"] == before


async def test_a_bug_is_told_and_not_shown(house: House, page: Page) -> None:
    await page.begin(SMALL)
    kept = house.urn.draft
    house.urn.draft = _broken  # type: ignore[method-assign, assignment] # the urn is away
    reply = await page.press("read_all")
    house.urn.draft = kept  # type: ignore[method-assign] # it is put back
    assert (reply["status"], reply["text"]) == (500, SAY("error.bug"))


def _broken(*_: object) -> None:
    raise RuntimeError("secret")


async def test_a_bucket_is_filled_again_and_the_oldest_is_forgotten() -> None:
    now = 0.0
    limits = Limits(burst=2, rate=1, clock=lambda: now)
    assert [limits.allow("a") for _ in range(3)] == [True, True, False]
    assert limits.allow("b")
    now = 1.5
    assert [limits.allow("a") for _ in range(2)] == [True, False]
    for n in range(MAX_KEPT + 1):
        limits.allow(str(n))
    assert limits.allow("a")


async def test_too_many_requests_are_held_back_and_told(house: House) -> None:
    """Of one token, of codes by everybody together, and of new drafts in a study."""
    begin_one = {"study": SMALL.id, "version": SMALL.information.version}
    tries: tuple[tuple[str, str, Json], ...] = (
        ("_presses", "look", {}),
        ("_codes", "deliver", {"earlier_code": "x"}),
        ("_codes", "begin", begin_one | {"code": "x"}),
        ("_begun", "begin", begin_one),
    )
    for limits, verb, data in tries:
        board = BoardRoutes(house.urn, house.services.studies)
        setattr(board, limits, Limits(burst=0, rate=0))
        with pytest.raises(AnsweredEarly) as refused:
            await board._press(verb, data, Token.new(), SAY)
        assert (refused.value.status, refused.value.words) == (429, SAY("web.too_fast"))


async def test_the_board_sends_a_questionnaire_on_to_its_form(house: House, page: Page) -> None:
    token = Token.parse(page.token)
    assert token
    await house.create(ONCE)
    await house.services.drafts.begin(ONCE, token, SAY)
    assert (await page.ask("look"))["kind"] == "questionnaire"


# Privacy


async def test_a_page_keeps_nothing_and_calls_nobody(page: Page) -> None:
    """No cookie, no ETag, nothing from elsewhere; and the policy says so to the browser."""
    await page.begin(SMALL)
    paths = ["/tavle", f"/tavle/studie/{SMALL.id}", "/tavle/fil/board.js", "/tavle/fil/board.css"]
    for path in (*paths, "/tavle/fil/none.js", "/tavle/studie/none", "/tavle/tekst/nn"):
        async with page.session.get(page.url + path) as response:
            headers, text = response.headers, await response.text()
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "https://teams.microsoft.com" in policy.partition("frame-ancestors")[2]
        assert not {"Set-Cookie", "ETag", "Last-Modified"} & set(headers), path
        assert not re.search(r"""(src|href|url\(|from|import)[=\s("']+(https?:)?//""", text), path
    assert len(page.session.cookie_jar) == 0


async def test_languages(page: Page) -> None:
    for asked, header, said in (
        ("?l=nn", "en", "Opne tavla"),
        ("", "en-GB,en;q=0.9", "Open the board"),
        ("", "", "Åpne tavla"),
    ):
        async with page.session.get(
            f"{page.url}/tavle{asked}", headers={"Accept-Language": header}
        ) as response:
            assert said in await response.text()
