"""Whatever a client sends is stored as it is or refused with a message; nothing else changes."""

import json
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.routing.presses import _VERBS
from bot.studies.qsort_events import _READERS
from bot.ui.texts import texts
from dialogs.studies.qsort import COMMENT_LIMIT, load_answer
from simulation import cards
from simulation.teams import Post, User
from storage.crypto.codes import Token
from tests.support.kollegial import House, begin, can, carried, deliver, kollegial, press_raw, sort
from tests.support.studies import SMALL, study_of

TORTURE = bool(os.environ.get("TESTS_TORTURE"))
SAY = texts("nb")
ODD = {
    "markdown": "**fet** [lenke](http://example.org) `kode` # tittel\n- punkt\n> sitat ~~nei~~ \\*",
    "card functions": "{{DATE(2030-01-01,SHORT)}} ${title} {{TIME()}}",
    "card": json.dumps({"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "x"}]}),
    "html": "<at>Kari</at><script>alert(1)</script>&amp;",
    "right to left": "abc \u202eexe.gnp\u202c def \u2067אבג",
    "line ends": "a\r\nb\rc\nd\te\u2028f",
    "letters": "Ærlig, ćàfé, 日本語, 👩‍👩‍👧‍👦, \ufeff\u200b, e\u0301",
    "sql": "'; DROP TABLE draft; --",
    "format": "{0} {n} %s %(n)s {study.__class__}",
    "spaces": "   ",
}
REFUSED = {
    "1 MB": ("x" * 2**20, "text.too_long"),
    "1 MB of four bytes": ("😀" * 2**18, "text.too_long"),
    "NUL": ("a\0b", "text.unstorable"),
    "escape": ("a\x1b[31mb", "text.unstorable"),
    "half a character": ("a\ud800b", "text.unstorable"),
    "the other half": ("\udfff", "text.unstorable"),
}


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


@pytest_asyncio.fixture
async def tiny_house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [study_of({-1: 2, 0: 1, 1: 1})]) as house:
        yield house


def urn_rows(house: House) -> dict[str, list[Any]]:
    """Every row of the urn."""
    with closing(sqlite3.connect(house.folder / "urn.db")) as urn:
        return {
            table: sorted(urn.execute(f"SELECT * FROM {table}"))
            for table in ("study", "draft", "submission", "withdrawal")
        }


def written_fields(user: User, post: Post) -> list[str]:
    return [key for key, f in cards.inputs(user.card(post)).items() if f["type"] == "Input.Text"]


# Texts


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
async def test_odd_texts_are_kept_as_they_were_written(house: House, text: str) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.explain")
    fields = written_fields(house.kari, post)
    assert len(fields) == 4
    data = carried(house.kari, post, "qsort.explain")
    data |= dict.fromkeys(fields, text) | {"anyway": "yes"}  # one of them has a name
    await press_raw(house.kari, post, "qsort.explain", data)
    await house.kari.press(post, "qsort.back")
    shown = cards.inputs(house.kari.card(post))
    assert {shown[field]["value"] for field in fields} == {text}
    data |= carried(house.kari, post, "qsort.explain")
    await press_raw(house.kari, post, "qsort.explain", data)
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver")

    await house.services.studies.close(SMALL.id, "a researcher")
    ((_, sealed),) = (await house.urn.release(SMALL.id)).submissions
    answer = load_answer(house.identity.unseal(sealed))
    assert {answer.comment, *answer.comments.values(), *answer.answers.values()} == {text}


LONGEST_SHOWN = 20_000
"""Characters that a card has room for."""


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED.keys())
async def test_what_cannot_be_kept_is_refused_field_by_field(
    house: House, text: str, why: str
) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.explain")
    fields = written_fields(house.kari, post)
    for bad in fields:
        data = carried(house.kari, post, "qsort.explain") | dict.fromkeys(fields, "fint")
        reply = await press_raw(house.kari, post, "qsort.explain", data | {bad: text})
        if len(text) > LONGEST_SHOWN:  # the card that it was written on stays
            assert reply.text == SAY("text.stays")
            continue
        said = SAY(why, length=len(text), limit=0).partition("0")[0]
        assert said in house.kari.sees(post)
        shown = cards.inputs(house.kari.card(post))
        assert all(shown[field]["value"] == "fint" for field in fields if field != bad)
        assert shown[bad]["value"] == text


async def test_a_text_may_be_as_long_as_the_limit_says(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.explain")
    await house.kari.press(post, "qsort.explain", {"comment": "😀" * COMMENT_LIMIT})
    await house.kari.press(post, "qsort.deliver")

    await house.services.studies.close(SMALL.id, "a researcher")
    ((_, sealed),) = (await house.urn.release(SMALL.id)).submissions
    assert load_answer(house.identity.unseal(sealed)).comment == "😀" * COMMENT_LIMIT


HOSTILE = {**ODD, **{name: text for name, (text, _) in REFUSED.items()}}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_odd_codes_and_commands_change_nothing(house: House, text: str) -> None:
    await deliver(house.ola)
    post = await begin(house.kari)
    await sort(house.kari, post)
    before = urn_rows(house)
    data = carried(house.kari, post, "qsort.deliver")
    if text.strip():  # nothing but spaces is no code
        reply = await press_raw(house.kari, post, "qsort.deliver", data | {"earlier_code": text})
        assert SAY("deliver.mistyped_code") in house.kari.sees(post)
        assert reply.status == 200
    await house.kari.write("trekk")
    card = house.kari.chat.last
    await press_raw(house.kari, card, "study.withdraw", {"code": text})
    assert SAY("withdraw.mistyped") in house.kari.sees(card)
    for command in ("", "studie ", "språk ", "fortsett ", "hjelp ", "trekk ", "resultat "):
        count = len(house.kari.chat.posts)
        assert (await house.kari.write(command + text)).status == 200
        assert len(house.kari.chat.posts) == count + 2
    for command in ("inviter ", "lukk ", "status "):
        assert (await house.anne.write(command + text)).status == 200
        assert house.anne.chat.last

    assert urn_rows(house) == before


async def test_an_odd_name_or_place_is_no_obstacle(house: House) -> None:
    siri = house.teams.user("Siri Eksempel", locale="\ud800\0")
    siri.name = "Siri\ud800 \0{{DATE()}} **x**"
    activity = siri._activity(siri.chat, "message", None) | {
        "text": "hjelp",
        "localTimezone": "\0\ud800",
        "entities": [{"type": "clientInfo", "timezone": "\0" * 9, "locale": "x" * 2**16}],
    }
    assert (await house.teams.deliver(activity)).status == 200
    assert SAY("help") in siri.sees(siri.chat.last)

    group = house.teams.group_chat(siri)
    await house.teams.install(group, siri)
    assert len(group.posts) == 1


# Tokens, steps and studies that are somebody else's


def garbled(token: str) -> Iterator[object]:
    yield from ("", str(Token.new()), token[:-1], token + "=", token + "A", f" {token}", token * 9)
    yield token.swapcase()
    yield "\0" * 43
    yield "\ud800" * 43
    yield from (None, 1, 1.5, True, [], [token], {}, {"token": token})


async def test_a_token_that_is_not_exactly_right_opens_nothing(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.approve")
    before = urn_rows(house)
    data = carried(house.kari, post, "qsort.approve")
    mine = await begin(house.ola)
    begun = urn_rows(house)
    for token in garbled(data["token"]):
        for verb in ("approve", "undo", "back", "break", "deliver", "explain", "change"):
            reply = await press_raw(house.ola, mine, f"qsort.{verb}", data | {"token": token})
            assert house.ola.sees(mine) == SAY("draft.gone")
            assert reply.card

    assert urn_rows(house) == begun
    assert set(before["draft"]) < set(begun["draft"])


async def test_a_nonce_that_is_not_this_steps_changes_nothing(house: House) -> None:
    post = await begin(house.kari)
    old = carried(house.kari, post, "qsort.read")
    await sort(house.kari, post, "qsort.approve")
    before, here = urn_rows(house), house.kari.card(post)
    nonces: tuple[object, ...] = (
        old["nonce"],
        "",
        "0" * 16,
        "é",
        None,
        0,
        [],
        {},
        "\ud800",
        "x" * 2**20,
    )
    for nonce in nonces:
        for verb in _READERS:
            data = carried(house.kari, post, "qsort.approve") | {"nonce": nonce}
            reply = await press_raw(house.kari, post, f"qsort.{verb}", data)
            assert reply.card is not None
            assert cards.inputs(reply.card) == cards.inputs(here)
            assert SAY("qsort.notice.out_of_turn") in cards.text_of(reply.card)

    assert urn_rows(house) == before


async def test_another_studys_id_opens_nothing_there(house: House) -> None:
    await house.create(study_of({-1: 1, 0: 1, 1: 1}, id="annen"))
    post = await begin(house.kari)
    before = urn_rows(house)
    token = carried(house.kari, post, "qsort.read")["token"]
    for verb in ("study.consent", "study.start", "qsort.noted", "qsort.approve"):
        await press_raw(house.kari, post, verb, {"study": "annen", "token": token})

    assert urn_rows(house) == before


async def test_a_code_of_another_study_replaces_nothing(house: House) -> None:
    await house.create(study_of({-1: 1, 0: 1, 1: 1}, id="annen"))
    _, code = await deliver(house.kari, "annen")
    post = await begin(house.kari)
    await sort(house.kari, post)
    before = urn_rows(house)
    await house.kari.press(post, "qsort.deliver", {"earlier_code": code})

    assert SAY("deliver.unknown_code") in house.kari.sees(post)
    assert urn_rows(house) == before


# Data of any shape

KEYS = st.sampled_from(
    (
        *("token", "nonce", "study", "code", "earlier_code", "language", "pile", "column"),
        *("chosen", "first", "second", "comment", "reason.s1", "answer.q1", "pile.s1", "verb"),
    )
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=30)
    | st.sampled_from(
        ("agree", "neutral", "disagree", "s1", "s2", "s1,s2", "0", "-2", "nb", "prove")
    )
)
JSON = st.recursive(
    SCALARS, lambda each: st.lists(each, max_size=4) | st.dictionaries(KEYS | st.text(), each)
)
VERBS = st.sampled_from((*_VERBS, *(f"qsort.{verb}" for verb in _READERS))) | st.text()


@pytest.mark.torture
@settings(
    max_examples=3000 if TORTURE else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(verb=VERBS, data=JSON)
@example(verb="qsort.read", data=[1])
@example(verb="language", data={"language": {"nb": 1}})
async def test_data_of_any_shape_without_the_token_changes_no_answer(
    house: House, verb: str, data: object
) -> None:
    before = urn_rows(house)
    await house.kari.write("studie")
    reply = await press_raw(house.kari, house.kari.chat.last, verb, data)

    assert reply.status == 200
    assert reply.card or reply.text
    assert SAY("error.bug") not in (reply.text or "")
    assert urn_rows(house) == before


STAGES = st.sampled_from(
    ("qsort.read", "qsort.pile", "qsort.choose", "qsort.approve", "qsort.explain", "qsort.deliver")
)


@pytest.mark.torture
@settings(
    max_examples=2000 if TORTURE else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    stage=STAGES,
    verb=st.sampled_from(tuple(_READERS)) | st.text(max_size=5),
    data=st.dictionaries(KEYS.filter(lambda key: key not in {"token", "nonce"}), JSON),
)
async def test_data_of_any_shape_on_ones_own_card_leads_somewhere(
    tiny_house: House, stage: str, verb: str, data: dict[str, Any]
) -> None:
    house = tiny_house
    house.services.codes._rate = 1e9  # it is handed in as fast as a machine can
    post = await begin(house.kari)
    await sort(house.kari, post, stage)
    own = carried(house.kari, post, stage)
    reply = await press_raw(
        house.kari,
        post,
        f"qsort.{verb}",
        {**data, "token": own["token"], "nonce": own["nonce"]},
    )
    assert reply.status == 200
    assert reply.card
    assert SAY("error.bug") not in house.kari.sees(post)
    if verb not in {"break", "deliver"}:
        await sort(house.kari, post)
        while can(house.kari, post, "qsort.deliver"):  # again where the pseudonym was taken
            assert (await house.kari.press(post, "qsort.deliver")).card
        assert SAY("delivered") in house.kari.sees(post)
