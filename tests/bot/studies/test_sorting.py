"""One participant's sort: where it goes on, how it ends, and what its code can do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.delivery.live_cards import OpenCard, OpenCards
from bot.studies import pseudonyms
from bot.studies.cards.qsort import signed
from bot.ui.elements import plain
from bot.ui.texts import texts
from dialogs.studies.qsort import Answer, load_answer
from dialogs.studies.study import LANGUAGES
from simulation import cards
from simulation.teams import Post
from storage.crypto.codes import Code, Token
from storage.urn import store
from storage.urn.store import SubmissionRefusal, Submitted, Urn
from tests.support.kollegial import (
    House,
    begin,
    can,
    carried,
    deliver,
    fact,
    kollegial,
    press_on,
    press_raw,
    sort,
)
from tests.support.studies import SMALL, study_of

SAY = texts("nb")
TITLED = study_of({-1: 1, 0: 1, 1: 1}, title=dict.fromkeys(LANGUAGES, "*Stjerne* [x](y)"))
SHOWN = "\\*Stjerne\\* \\[x\\]\\(y\\)"


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


async def released(house: House) -> Mapping[str, Answer]:
    """The answers by pseudonym, once the study is closed."""
    if await house.services.studies.is_open(SMALL.id):
        await house.services.studies.close(SMALL.id, "a researcher")
    release = await house.urn.release(SMALL.id)
    return {
        name: load_answer(house.identity.unseal(sealed)) for name, sealed in release.submissions
    }


# `fortsett`


async def test_the_card_comes_down_in_the_chat_and_the_old_one_says_so(house: House) -> None:
    old = await begin(house.kari)
    await house.kari.press(old, "qsort.read")
    before = house.kari.card(old)
    await house.kari.write("fortsett")
    new = house.kari.chat.last
    await house.settle()

    assert new.id != old.id
    assert house.kari.card(new) == before
    assert house.kari.sees(old) == SAY("draft.moved")
    await sort(house.kari, new)
    assert (await house.kari.press(new, "qsort.deliver")).card
    await house.settle()
    assert house.kari.sees(old) == SAY("draft.moved")


async def test_resuming_again_moves_it_again(house: House) -> None:
    posts = [await begin(house.kari)]
    for _ in range(2):
        await house.kari.write("fortsett")
        posts.append(house.kari.chat.last)
    await house.settle()

    assert [can(house.kari, post, "qsort.read") for post in posts] == [False, False, True]


async def test_two_open_sorts_resume_the_last_pressed(house: House) -> None:
    await begin(house.kari)
    second = await begin(house.kari)
    token = carried(house.kari, second, "qsort.read")["token"]
    await house.kari.write("hald fram")

    assert carried(house.kari, house.kari.chat.last, "qsort.read")["token"] == token


@pytest.mark.parametrize("ended", ["never begun", "delivered", "broken", "closed"])
async def test_without_a_sort_there_is_nothing_to_resume(house: House, ended: str) -> None:
    if ended == "delivered":
        await deliver(house.kari)
    elif ended == "broken":
        await house.kari.press(await begin(house.kari), "qsort.break")
    elif ended == "closed":
        await begin(house.kari)
        await house.services.studies.close(SMALL.id, "a researcher")
    await house.kari.write("fortsett")

    assert house.kari.chat.last.text == SAY("resume.none")


async def test_after_a_restart_the_card_itself_goes_on(house: House) -> None:
    post = await begin(house.kari)
    await house.kari.press(post, "qsort.read")
    await house.restart()
    await house.kari.write("fortsett")
    assert house.kari.chat.last.text == SAY("resume.none")

    await press_on(house.kari, post)
    await house.kari.write("fortsett")
    await sort(house.kari, house.kari.chat.last)
    assert (await house.kari.press(house.kari.chat.last, "qsort.deliver")).card


async def test_once_the_code_is_noted_there_is_nothing_to_resume(house: House) -> None:
    await deliver(house.kari)
    await house.kari.press(house.kari.chat.last, "qsort.noted")
    await house.kari.write("fortsett")

    assert house.kari.chat.last.text == SAY("resume.none")


async def test_a_card_whose_place_is_unknown_can_be_resumed(house: House) -> None:
    """Teams does not always say which message holds the card."""
    post = await begin(house.kari)
    data = carried(house.kari, post, "qsort.read")
    activity = house.kari._activity(post.chat, "invoke", None) | {
        "name": "adaptiveCard/action",
        "value": {"action": {"type": "Action.Execute", "verb": "qsort.read", "data": data}},
    }
    reply = await house.kari.redeliver(await house.teams.deliver(activity | {"replyToId": None}))
    assert reply.status == 200
    await house.kari.write("fortsett")

    assert can(house.kari, house.kari.chat.last, "qsort.pile")


def test_only_so_many_open_cards_are_remembered() -> None:
    kept = OpenCards()
    for n in range(OpenCards.LIMIT + 1):
        kept.remember(str(n), OpenCard(Token.new(), None))

    assert kept.recall("0") is None
    assert kept.recall("1") is not None


async def test_a_refresh_by_the_client_updates_nothing(house: House) -> None:
    post = await begin(house.kari)
    await house.settle()
    sent = len(house.teams.sent)
    action = {"type": "Action.Execute", "verb": "qsort.read", "data": {}}
    action["data"] = carried(house.kari, post, "qsort.read")
    reply = await house.kari._execute(post, action, "automatic")
    await house.settle()

    assert reply.card
    assert len(house.teams.sent) == sent


# Ending


async def test_breaking_off_destroys_the_draft(house: House) -> None:
    post = await begin(house.kari)
    old = await house.kari.press(post, "qsort.read")
    reply = await house.kari.press(post, "qsort.break")
    assert house.kari.sees(post) == SAY("broken")

    for gone in (reply, old):
        again = await house.kari.redeliver(gone)
        assert again.card is not None
        assert house.kari.sees(post) == SAY("draft.gone")
    assert (await house.urn.destroy(SMALL.id))["drafts"] == 0


async def test_closing_ends_a_sort_just_before_it_is_delivered(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post)
    await house.services.studies.close(SMALL.id, "a researcher")
    await house.kari.press(post, "qsort.deliver")

    assert house.kari.sees(post) == SAY("draft.gone")
    assert await released(house) == {}


async def test_closing_while_a_sort_is_sealed(tmp_path: Path) -> None:
    async with kollegial(tmp_path, [TITLED]) as house:
        post = await begin(house.kari)
        await sort(house.kari, post)
        # The draft has been read; before it becomes an answer the study closes.
        submit = house.urn.submit

        async def close_first(*answer: Any) -> Submitted | SubmissionRefusal:
            await house.urn.close_study(TITLED.id)
            return await submit(*answer)

        house.urn.submit = close_first  # type: ignore[method-assign, assignment] # something happens just before it
        await house.kari.press(post, "qsort.deliver")

        assert house.kari.sees(post) == SAY("deliver.closed", title=SHOWN)


async def test_the_code_goes_when_it_is_noted(house: House) -> None:
    pseudonym, code = await deliver(house.kari)
    post = house.kari.chat.last
    await house.settle()
    assert pseudonym in house.kari.sees(post)
    assert code in house.kari.sees(post)
    await house.kari.press(post, "qsort.noted")
    await house.settle()

    assert pseudonym not in house.kari.sees(post)
    assert code not in str(post.activity)


async def test_a_delivery_delivered_again_shows_the_same_receipt(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post)
    press = house.kari.prepared(post, "qsort.deliver")
    replies = await asyncio.gather(*(press() for _ in range(4)))
    replies.append(await house.kari.redeliver(replies[0]))

    assert len({str(reply.card) for reply in replies}) == 1
    assert fact(house.kari, post, 1)
    assert len(await released(house)) == 1


async def test_an_old_press_does_not_take_the_receipt_away(house: House) -> None:
    post = await begin(house.kari)
    old = await house.kari.press(post, "qsort.read")
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver")
    receipt = house.kari.card(post)

    assert (await house.kari.redeliver(old)).text == SAY("delivered.already")
    await house.settle()
    assert house.kari.card(post) == receipt


async def test_consent_once_more_after_delivery_begins_nothing(house: House) -> None:
    await house.kari.write("studie")
    post = house.kari.chat.last
    await house.kari.press(post, "study.start")
    consent = await house.kari.press(post, "study.consent")
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver")

    assert (await house.kari.redeliver(consent)).text == SAY("delivered.already")


async def test_a_taken_pseudonym_is_drawn_again_and_said(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(("fjord-ekorn", "fjord-ekorn", "myr-elg"))
    monkeypatch.setattr(pseudonyms, "draw", lambda: next(drawn))
    await deliver(house.ola)
    post = await begin(house.kari)
    await sort(house.kari, post)
    first = await house.kari.press(post, "qsort.deliver")
    again = await house.kari.redeliver(first)

    assert again.card == first.card
    assert SAY("deliver.taken") in house.kari.sees(post)
    assert fact(house.kari, post, 0) == "myr-elg"
    await house.kari.press(post, "qsort.deliver")
    assert set(await released(house)) == {"fjord-ekorn", "myr-elg"}


async def test_a_taken_pseudonym_pressed_by_many_is_drawn_again_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["fjord-ekorn", "fjord-ekorn", *(f"myr-elg{n}" for n in range(9))]
    monkeypatch.setattr(pseudonyms, "draw", lambda: names.pop(0))
    await deliver(house.ola)
    post = await begin(house.kari)
    await sort(house.kari, post)
    press = house.kari.prepared(post, "qsort.deliver")
    replies = await asyncio.gather(*(press() for _ in range(8)))

    assert len({str(reply.card) for reply in replies}) == 1
    await house.kari.press(post, "qsort.deliver")
    assert len(await released(house)) == 2


async def test_a_pseudonym_can_be_drawn_again(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post)
    code = fact(house.kari, post, 1)
    await house.kari.press(post, "qsort.redraw")
    pseudonym = fact(house.kari, post, 0)
    await house.kari.press(post, "qsort.deliver")

    assert (fact(house.kari, post, 0), fact(house.kari, post, 1)) == (pseudonym, code)


# Replacing


async def test_a_code_replaces_the_answer_until_closing(house: House) -> None:
    pseudonym, code = await deliver(house.kari)
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.approve")
    top, bottom = (s.id for s in SMALL.statements[:2])
    await house.kari.press(post, "qsort.change", {"first": top, "second": bottom})
    await sort(house.kari, post)
    # However it is written: that is how people note codes.
    typed = code.lower().replace("-", " ").replace("0", "o")
    reply = await house.kari.press(post, "qsort.deliver", {"earlier_code": typed})
    again = await house.kari.redeliver(reply)

    assert again.card == reply.card
    assert SAY("delivered.replaced") in house.kari.sees(post)
    assert (fact(house.kari, post, 0), fact(house.kari, post, 1)) == (pseudonym, code)
    assert set(await released(house)) == {pseudonym}


async def test_what_was_delivered_is_begun_with_and_changed(house: House) -> None:
    pseudonym, code = await deliver(house.kari)
    known = Code.parse(code)
    assert isinstance(known, Code)
    before = await house.urn.own_answer(known)
    assert before is not None
    await house.kari.write(f"trekk {code}")
    post = house.kari.chat.last
    press = house.kari.prepared(post, "study.change")
    await press()
    await press()  # a finger that slips
    top, bottom = (s.id for s in SMALL.statements[:2])
    await house.kari.press(post, "qsort.change", {"first": top, "second": bottom})
    await sort(house.kari, post)
    assert SAY("deliver.correcting") in house.kari.sees(post)
    assert (fact(house.kari, post, 0), fact(house.kari, post, 1)) == (pseudonym, code)
    assert not can(house.kari, post, "qsort.redraw")
    reply = await house.kari.press(post, "qsort.deliver")
    again = await house.kari.redeliver(reply)

    assert again.card == reply.card
    assert SAY("delivered.replaced") in house.kari.sees(post)
    after = await released(house)
    assert set(after) == {pseudonym}
    first, now = load_answer(before.document).sort, after[pseudonym].sort
    assert {**first, top: first[bottom], bottom: first[top]} == now


async def test_what_is_withdrawn_meanwhile_is_not_brought_back_by_a_correction(
    house: House,
) -> None:
    _, code = await deliver(house.kari)
    await house.kari.write(f"trekk {code}")
    post = house.kari.chat.last
    await house.kari.press(post, "study.change")
    await sort(house.kari, post)
    await house.kari.write(f"trekk {code}")
    await house.kari.press(house.kari.chat.last, "study.withdraw")
    await house.kari.press(post, "qsort.deliver")

    assert SAY("deliver.withdrawn") in house.kari.sees(post)
    assert await released(house) == {}


def columns_read(told: str) -> dict[str, int]:
    """Which column each statement stands under."""
    signs = {plain(signed(value)): value for value in SMALL.grid.values}
    known = {plain(f"{n}. {s.text['nb']}"): s.id for n, s in enumerate(SMALL.statements, 1)}
    read, column = dict[str, int](), 0
    for line in told.splitlines():
        column = signs.get(line, column)
        if line in known:
            read[known[line]] = column
    return read


async def test_whoever_has_the_code_reads_what_they_handed_in(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post, "qsort.explain")
    await house.kari.press(post, "qsort.explain", {"comment": "Det var *alt*."})
    pseudonym, code = fact(house.kari, post, 0), fact(house.kari, post, 1)
    await house.kari.press(post, "qsort.deliver")
    sealed = (await released(house))[pseudonym]
    await house.kari.write(f"trekk {code}")
    post = house.kari.chat.last
    await house.kari.press(post, "study.read")

    assert plain("Det var *alt*.") in house.kari.sees(post)
    assert columns_read(house.kari.sees(post)) == sealed.sort


async def test_what_is_closed_or_unknown_is_not_begun_with(house: House) -> None:
    _, code = await deliver(house.kari)
    await house.kari.write(f"trekk {code}")
    post = house.kari.chat.last
    await press_raw(house.kari, post, "study.change", {"code": "x", "token": "y"})
    assert SAY("withdraw.unknown") in house.kari.sees(house.kari.chat.last)
    await house.kari.write(f"trekk {code}")
    post = house.kari.chat.last
    press = house.kari.prepared(post, "study.change")
    await house.services.studies.close(SMALL.id, "a researcher")
    await press()
    assert house.kari.sees(post) == SAY("study.closed", title=plain(SMALL.title["nb"]))
    await house.kari.write(f"trekk {code}")
    assert not can(house.kari, house.kari.chat.last, "study.change")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "deliver.mistyped_code"),
        ("\ud800", "deliver.mistyped_code"),
        ("0000-0000-0000-0000-0000-0000", "deliver.unknown_code"),
    ],
)
async def test_a_code_that_fits_no_answer_delivers_nothing(
    house: House, typed: str, said: str
) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver", {"earlier_code": typed})
    assert SAY(said) in house.kari.sees(post)
    assert can(house.kari, post, "qsort.deliver")

    await house.kari.press(post, "qsort.deliver")
    assert len(await released(house)) == 1


async def test_one_misread_character_is_told_from_a_wrong_code(house: House) -> None:
    _, code = await deliver(house.kari)
    wrong = ("B" if code[0] == "A" else "A") + code[1:]
    post = await begin(house.kari)
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver", {"earlier_code": wrong})

    assert SAY("deliver.mistyped_code") in house.kari.sees(post)


# Withdrawing


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("way", ["written", "on the card"])
async def test_a_code_withdraws_the_answer(house: House, way: str, is_closed: bool) -> None:
    pseudonym, code = await deliver(house.kari)
    (other, _) = await deliver(house.ola)
    if is_closed:
        await released(house)
    if way == "written":
        await house.kari.write(f"trekk {code}")
        post = house.kari.chat.last
        assert plain(pseudonym) in house.kari.sees(post)
        await house.kari.press(post, "study.withdraw", data={"sure": "yes"})
        assert house.kari.sees(post) == SAY("withdraw.done")
    else:
        await house.kari.write("trekk")
        post = house.kari.chat.last
        await house.kari.press(post, "study.withdraw", {"code": code})
        assert SAY("withdraw.final") in house.kari.sees(post)
        reply = await house.kari.press(post, "study.withdraw", data={"sure": "yes"})
        again = await house.kari.redeliver(reply)
        assert again.card == reply.card
        assert house.kari.sees(post) == SAY("withdraw.done")
    await released(house)
    await house.urn.reseal()

    assert set(await released(house)) == {other}
    assert (await house.urn.release(SMALL.id)).withdrawn == (pseudonym,)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "withdraw.mistyped"),
        ("K7QM-2F9T-AAAA-BBBB-CCCC-DDDD", "withdraw.mistyped"),
        ("x" * 2**20, "withdraw.mistyped"),
        ("\0\ud800\u202e{{DATE()}}", "withdraw.mistyped"),
        ("0000-0000-0000-0000-0000-0000", "withdraw.unknown"),
    ],
)
async def test_a_code_that_fits_nothing_withdraws_nothing(
    house: House, typed: str, said: str
) -> None:
    pseudonym, _ = await deliver(house.kari)
    await house.kari.write(f"trekk {typed}")
    post = house.kari.chat.last
    assert SAY(said) in house.kari.sees(post)

    reply = await press_raw(house.kari, post, "study.withdraw", {"code": typed})
    assert reply.card
    assert SAY(said) in house.kari.sees(post)
    assert set(await released(house)) == {pseudonym}


async def test_a_code_is_not_for_the_channel(house: House) -> None:
    pseudonym, code = await deliver(house.kari)
    channel = house.teams.channel(house.kari, house.ola)
    await house.kari.write(f"trekk {code}", channel)

    assert channel.last.text == SAY("withdraw.in_personal")
    assert set(await released(house)) == {pseudonym}


# The turn itself


async def test_what_is_typed_wrong_loses_nothing_else(house: House) -> None:
    post: Post = await begin(house.kari)
    await sort(house.kari, post, "qsort.explain")
    (field, *_) = (key for key in fields(house, post) if key.startswith("reason."))
    data = carried(house.kari, post, "qsort.explain") | {field: "Fordi.", "comment": "x" * 2001}
    await press_raw(house.kari, post, "qsort.explain", data)
    assert SAY("text.too_long", length=2001, limit=2000) in house.kari.sees(post)
    assert fields(house, post)[field]["value"] == "Fordi."

    await house.kari.press(post, "qsort.explain", {"comment": "Kort."})
    await house.kari.press(post, "qsort.deliver")
    (answer,) = (await released(house)).values()
    assert (answer.comments, answer.comment) == ({field.removeprefix("reason."): "Fordi."}, "Kort.")


def fields(house: House, post: Post) -> Mapping[str, Mapping[str, str]]:
    return cards.inputs(house.kari.card(post))


async def test_a_delivery_that_another_press_overtook_shows_what_came_of_it(house: House) -> None:
    post = await begin(house.kari)
    await sort(house.kari, post)
    redraw = house.kari.prepared(post, "qsort.redraw")
    submit = house.urn.submit

    async def overtaken(*answer: Any) -> Submitted | SubmissionRefusal:
        house.urn.submit = submit  # type: ignore[method-assign] # the other press comes once
        await redraw()
        return await submit(*answer)

    house.urn.submit = overtaken  # type: ignore[method-assign, assignment] # something happens just before it
    await house.kari.press(post, "qsort.deliver")
    assert can(house.kari, post, "qsort.deliver")

    await house.kari.press(post, "qsort.deliver")
    assert len(await released(house)) == 1


async def test_a_damaged_draft_is_not_delivered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Code, "new", lambda: "no code")
    post = await begin(house.kari)
    await sort(house.kari, post)

    told = (await house.kari.press(post, "qsort.deliver")).text
    assert told
    assert told.startswith(SAY("error.bug"))
    assert await released(house) == {}


# What was saved last is at hand


async def test_the_next_press_reads_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    post = await begin(house.kari)
    await house.kari.press(post, "qsort.read")

    async def read(_: Token) -> None:
        raise AssertionError("it was saved here last")

    monkeypatch.setattr(house.urn, "draft", read)
    await sort(house.kari, post)

    assert can(house.kari, post, "qsort.deliver")


@pytest.mark.parametrize("step", ["read", "approve"])  # one that is saved, and one that is refused
async def test_what_another_replica_did_meanwhile_is_found_out(house: House, step: str) -> None:
    post = await begin(house.kari)
    data = carried(house.kari, post, "qsort.read")
    token = Token.parse(data["token"])
    assert token
    stored = await house.urn.draft(token)
    assert stored
    saved = await house.urn.save_draft(token, stored, stored.document)
    assert saved
    other = await Urn.open(house.database_urls["KOLLEGIAL_URN_URL"], migrating=False)
    assert await other.discard_draft(token)
    await other.close()
    assert house.urn.draft_at_hand(token, saved.tag) == saved
    reply = await house.services.drafts.press(step, data | {"nonce": saved.tag}, SAY)

    assert SAY("draft.gone") in str(reply)
    assert house.urn.draft_at_hand(token, saved.tag) is None


async def test_only_so_many_drafts_are_at_hand(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_AT_HAND", 1)
    saved = []
    for _ in range(2):
        token = Token.new()
        stored = await house.urn.open_draft(token, SMALL.id, b"{}")
        assert stored
        saved.append((token, await house.urn.save_draft(token, stored, b"{}")))

    assert [house.urn.draft_at_hand(token, draft.tag) for token, draft in saved if draft] == [
        None,
        saved[1][1],
    ]
