"""Questionnaires in the chat, through the bot's endpoint, and in the urn."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
import pytest_asyncio

from bot.delivery.outgoing import information
from bot.gateway.events import Conversation
from bot.ui.elements import plain
from bot.ui.texts import texts
from research.questionnaires.answers import AnsweredForm, form, open_answers, pair
from simulation import cards
from simulation.hand import Faults, Tally
from simulation.questionnaire import QuestionnaireScenario, simulate_questionnaire
from simulation.respondent import EarlierAnswer, Respondent
from simulation.teams import Post, User
from storage.crypto.codes import Code
from storage.urn.store import Submitted
from tests.support.kollegial import House, can, carried, fact, kollegial, press_raw
from tests.support.questionnaires import AFTER, BEFORE, ONCE, shipped

SAY = texts("nb")
PESTS = Faults(double=0.2, redelivered=0.2, stale=0.2)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [ONCE, BEFORE, AFTER]) as running:
        yield running


async def begun(user: User, study: str = ONCE.id) -> Post:
    await user.write("studie")
    post = user.chat.last
    await user.press(post, "study.start", data={"study": study})
    await user.press(post, "study.consent")
    return post


async def filled_in(user: User, post: Post) -> None:
    """To the review."""
    await user.press(post, "questionnaire.next", {"item.role": "yes"})
    await user.press(post, "questionnaire.next", {"item.calm": "3", "item.stress": "1"})
    await user.press(post, "questionnaire.next", {"item.means": "team", "item.else": "Nei."})


async def handed_in(user: User, post: Post) -> tuple[str, str]:
    await user.press(post, "questionnaire.approve")
    await user.press(post, "questionnaire.deliver")
    return fact(user, post, 0), fact(user, post, 1)


async def released(house: House, study: str) -> AnsweredForm:
    """The answers as researchers get them."""
    definition = next(one for one in (ONCE, BEFORE, AFTER, *shipped("mestring")) if one.id == study)
    if await house.services.studies.state(study) == "open":
        await house.services.studies.close(study, "a researcher")
    found = await house.urn.release(study)
    opened = open_answers(definition, found.submissions, house.identity)
    return form(definition, opened, invited=0, withdrawn=found.withdrawn, left_out=())


async def test_from_the_list_to_the_receipt(house: House) -> None:
    await house.kari.write("studie")
    post = house.kari.chat.last
    assert "Skjema nb" in house.kari.sees(post)
    await house.kari.press(post, "study.start", data={"study": ONCE.id})
    assert "5 til 6 spørsmål, etter hva du svarer, omtrent 5 minutter" in house.kari.sees(post)
    await house.kari.press(post, "study.consent")
    assert "Om deg nb" in house.kari.sees(post)
    await filled_in(house.kari, post)
    seen = house.kari.sees(post)
    assert "alltid nb" in seen
    assert "6: mye nb" in seen  # the sum that may be seen, with its band
    pseudonym, code = await handed_in(house.kari, post)
    noted = Code.parse(code)
    assert isinstance(noted, Code)
    assert await house.urn.verify(noted) == Submitted(ONCE.id, pseudonym)
    await house.kari.press(post, "qsort.noted")
    assert code not in house.kari.sees(post)

    assert (await released(house, ONCE.id)).answers == {
        pseudonym: {"calm": "3", "stress": "1", "means": "team", "else": "Nei."}
    }


async def test_one_is_told_what_is_open_and_may_leave_it_so(house: House) -> None:
    post = await begun(house.kari)
    await house.kari.press(post, "questionnaire.next")
    assert SAY("questionnaire.notice.open", n=1, which="1") in house.kari.sees(post)
    await house.kari.press(post, "questionnaire.leave")
    await house.kari.press(post, "questionnaire.next", {"item.calm": "1", "item.stress": "3"})
    assert SAY("questionnaire.notice.more_asked", n=1, which="4") in house.kari.sees(post)
    assert "Hvorfor?" in house.kari.sees(post)


@pytest.mark.parametrize("verb", ["next", "pause", "back"])
async def test_a_text_that_is_too_long_stays_in_its_field(house: House, verb: str) -> None:
    post = await begun(house.kari)
    await house.kari.press(post, "questionnaire.next", {"item.role": "yes"})
    await house.kari.press(post, "questionnaire.next", {"item.calm": "3", "item.stress": "1"})
    long = "Æ" * 1001
    given = {"item.means": "team", "item.else": long}
    sent = carried(house.kari, post, f"questionnaire.{verb}") | given
    await press_raw(house.kari, post, f"questionnaire.{verb}", sent)

    assert SAY("text.too_long", length=1001, limit=1000) in house.kari.sees(post)
    fields = cards.inputs(house.kari.card(post))
    assert (fields["item.else"]["value"], fields["item.means"]["value"]) == (long, "team")


async def test_what_was_chosen_by_one_press_is_taken_back_by_one(house: House) -> None:
    post = await begun(house.kari)
    titles = [each["title"] for each in cards.inputs(house.kari.card(post))["item.role"]["choices"]]
    assert SAY("questionnaire.take_back") not in titles
    await house.kari.press(post, "questionnaire.next", {"item.role": "yes"})
    await house.kari.press(post, "questionnaire.back", {})

    field = cards.inputs(house.kari.card(post))["item.role"]
    assert field["choices"][-1] == {"title": SAY("questionnaire.take_back"), "value": ""}
    await house.kari.press(post, "questionnaire.next", {"item.role": ""})
    await house.kari.press(post, "questionnaire.back", {})
    assert "value" not in cards.inputs(house.kari.card(post))["item.role"]


@pytest.mark.parametrize("wave", ["before", "after"])
async def test_withdrawing_says_which_answer_it_is_and_that_a_pair_breaks(
    house: House, wave: str
) -> None:
    study = BEFORE if wave == "before" else AFTER
    post = await begun(house.kari, study.id)
    if study.before:
        await house.kari.press(post, "questionnaire.unpaired")
    for _ in range(12):
        verbs = {str(each.get("verb")) for each in cards.actions(house.kari.card(post))}
        if "questionnaire.approve" in verbs:
            break
        leave = "questionnaire.leave" in verbs
        await house.kari.press(post, f"questionnaire.{'leave' if leave else 'next'}")
    pseudonym, code = await handed_in(house.kari, post)
    await house.kari.write(f"trekk {code}")
    asked = house.kari.chat.last

    for told in (plain(pseudonym), study.title["nb"], SAY(f"withdraw.pair.{wave}")):
        assert told in house.kari.sees(asked)
    await house.kari.press(asked, "study.stay")
    assert house.kari.sees(asked) == SAY("withdraw.kept")
    assert pseudonym in (await released(house, study.id)).answers


async def test_a_pause_keeps_what_is_filled_in_and_fortsett_brings_it_back(house: House) -> None:
    post = await begun(house.kari)
    await house.kari.press(post, "questionnaire.pause", {"item.role": "no"})
    assert SAY("questionnaire.paused.help") in house.kari.sees(post)
    await house.restart()
    await house.kari.press(post, "questionnaire.resume")
    assert cards.inputs(house.kari.card(post))["item.role"]["value"] == "no"
    await house.kari.write("fortsett")
    assert cards.inputs(house.kari.card(house.kari.chat.last))["item.role"]["value"] == "no"


async def test_a_press_again_changes_nothing_and_an_old_one_neither(house: House) -> None:
    post = await begun(house.kari)
    reply = await house.kari.press(post, "questionnaire.next", {"item.role": "yes"})
    await house.kari.press(post, "questionnaire.next", {"item.calm": "3", "item.stress": "1"})
    await house.kari.redeliver(reply)
    await house.settle()
    assert "Mer nb" in house.kari.sees(post)
    await house.kari.press(post, "questionnaire.next", {"item.means": "(none)"})
    pseudonym, code = await handed_in(house.kari, post)
    await house.kari.redeliver(reply)
    await house.settle()
    assert (fact(house.kari, post, 0), fact(house.kari, post, 1)) == (pseudonym, code)


async def test_an_answer_is_replaced_and_withdrawn_by_its_code(house: House) -> None:
    post = await begun(house.kari)
    await filled_in(house.kari, post)
    pseudonym, code = await handed_in(house.kari, post)
    again = await begun(house.kari)
    await house.kari.press(again, "questionnaire.next", {"item.role": "no"})
    await house.kari.press(again, "questionnaire.next", {"item.calm": "1", "item.stress": "1"})
    await house.kari.press(again, "questionnaire.next", {"item.means": "(none)"})
    await house.kari.press(again, "questionnaire.approve")
    await house.kari.press(again, "questionnaire.deliver", {"earlier_code": "ABC"})
    assert SAY("questionnaire.deliver.mistyped_code") in house.kari.sees(again)
    await house.kari.press(again, "questionnaire.deliver", {"earlier_code": code})
    assert (fact(house.kari, again, 0), fact(house.kari, again, 1)) == (pseudonym, code)
    await house.kari.write(f"trekk {code}")
    third = house.kari.chat.last
    await house.kari.press(third, "study.change")
    await house.kari.press(third, "questionnaire.approve")
    assert "earlier_code" not in cards.inputs(house.kari.card(third))
    await house.kari.press(third, "questionnaire.deliver")
    assert (fact(house.kari, third, 0), fact(house.kari, third, 1)) == (pseudonym, code)
    await house.kari.write(f"trekk {code}")
    await house.kari.press(house.kari.chat.last, "study.withdraw", data={"sure": "yes"})
    await house.urn.reseal()

    assert (await released(house, ONCE.id)).answers == {}


async def test_breaking_off_leaves_nothing(house: House) -> None:
    post = await begun(house.kari)
    await house.kari.press(post, "questionnaire.break")

    assert house.kari.sees(post) == SAY("questionnaire.broken")


async def test_elsewhere_than_in_the_personal_chat_nothing_is_answered(house: House) -> None:
    post = await begun(house.kari)
    group = house.teams.group_chat(house.kari, house.ola)
    await house.kari.write("@Kollegial studie", group)
    there = group.last
    data = carried(house.kari, post, "questionnaire.next")
    reply = await press_raw(house.kari, there, "questionnaire.next", data)

    assert reply.text == SAY("draft.in_personal")


FORGED = [
    ("questionnaire.next", {"item.role": ["yes"], "item.nobody": "1"}),
    ("questionnaire.next", {"item.role": "🦊" * 5000}),
    ("questionnaire.revise", {"item": {"x": 1}}),
    ("questionnaire.code", {"before_code": 17}),
    ("questionnaire.mine", {}),
    ("questionnaire.found", {"pseudonym": "elv-rev"}),
    ("questionnaire.", {}),
    ("qsort.pile", {"pile.s1": "agree"}),
    ("qsort.approve", {}),
]


@pytest.mark.parametrize(("verb", "extra"), FORGED)
async def test_forged_presses_neither_crash_nor_change_anything(
    house: House, verb: str, extra: dict[str, object]
) -> None:
    post = await begun(house.kari, AFTER.id)
    data = carried(house.kari, post, "questionnaire.unpaired")
    reply = await press_raw(house.kari, post, verb, {**data, "verb": verb, **extra})

    assert reply.status == 200
    assert SAY("error.bug") not in (reply.text or "")
    await house.settle()
    assert can(house.kari, post, "questionnaire.code") or can(house.kari, post, "study.consent")


# Before and after


async def before_and_after(house: House) -> tuple[str, str, Post]:
    post = await begun(house.kari, BEFORE.id)
    await filled_in(house.kari, post)
    pseudonym, code = await handed_in(house.kari, post)
    assert SAY("questionnaire.keep_for_after") in house.kari.sees(post)
    return pseudonym, code, await begun(house.kari, AFTER.id)


async def test_the_form_after_pairs_with_what_is_recognised(house: House) -> None:
    pseudonym, code, post = await before_and_after(house)
    assert SAY("questionnaire.pairing.without.help") in house.kari.sees(post)
    await house.kari.press(post, "questionnaire.code", {"before_code": code.lower()})
    assert pseudonym in house.kari.sees(post).replace("\\", "")
    await house.kari.press(post, "questionnaire.mine")
    await filled_in(house.kari, post)
    later, _ = await handed_in(house.kari, post)

    pairing = pair(await released(house, BEFORE.id), await released(house, AFTER.id))
    assert pairing.pairs == ((pseudonym, later),)


async def test_a_code_of_nothing_of_another_form_or_of_another_person_pairs_nothing(
    house: House,
) -> None:
    _, code, post = await before_and_after(house)
    other = await begun(house.ola)
    await filled_in(house.ola, other)
    _, elsewhere = await handed_in(house.ola, other)
    for typed, said in (
        ("ABC", "pair.mistyped_code"),
        (" ", "pair.mistyped_code"),
        (elsewhere, "pair.unknown_code"),
    ):
        await house.kari.press(post, "questionnaire.code", {"before_code": typed})
        assert SAY(f"questionnaire.{said}") in house.kari.sees(post)
    theirs = await begun(house.ola, AFTER.id)
    await house.ola.press(theirs, "questionnaire.code", {"before_code": code})
    await house.ola.press(theirs, "questionnaire.not_mine")
    assert SAY("questionnaire.notice.not_yours") in house.ola.sees(theirs)
    await house.ola.press(theirs, "questionnaire.unpaired")
    await filled_in(house.ola, theirs)
    await handed_in(house.ola, theirs)
    await house.kari.write(f"trekk {code}")
    await house.kari.press(house.kari.chat.last, "study.withdraw", data={"sure": "yes"})
    await house.kari.press(post, "questionnaire.code", {"before_code": code})
    assert SAY("questionnaire.pair.unknown_code") in house.kari.sees(post)

    await house.urn.reseal()
    found = await released(house, AFTER.id)
    assert found.before == {}


async def test_no_answer_or_draft_in_the_urn_tells_the_code_or_whom_it_is_paired_with(
    house: House, tmp_path: Path
) -> None:
    pseudonym, code, post = await before_and_after(house)
    await house.kari.press(post, "questionnaire.code", {"before_code": code})
    await house.kari.press(post, "questionnaire.mine")
    draft = (tmp_path / "urn.db").read_bytes() + (tmp_path / "urn.db-wal").read_bytes()
    await filled_in(house.kari, post)
    await handed_in(house.kari, post)
    delivered = (tmp_path / "urn.db").read_bytes() + (tmp_path / "urn.db-wal").read_bytes()

    assert code.encode() not in draft + delivered
    assert code.replace("-", "").encode() not in draft + delivered
    # The pseudonym before stands in the clear in the answer before, and in no draft or answer.
    assert delivered.count(pseudonym.encode()) <= draft.count(pseudonym.encode())


# An observer, who gets the form now


async def test_a_form_can_be_opened_for_one_person_now(house: House) -> None:
    await house.kari.write("hjelp")
    person = await house.operational.person(house.kari.id)
    assert person is not None
    assert person.chat is not None

    letter = information(
        house.kari.id, Conversation(**person.chat), ONCE.id, "observer:1", house.services.now(),
        language="nb", because="questionnaire.because.observer",
    )  # fmt: skip
    async with house.operational.begin() as transaction:
        transaction.enqueue(letter)
    await house.settle()
    post = house.kari.chat.last

    assert SAY("questionnaire.because.observer") in house.kari.sees(post)
    await house.kari.press(post, "study.consent")
    assert can(house.kari, post, "questionnaire.next")


# Many, with faults


async def test_the_reflection_groups_form_before_and_after_with_faults(tmp_path: Path) -> None:
    before, after = shipped("mestring")
    async with kollegial(tmp_path, [before, after]) as house:
        scenario = QuestionnaireScenario(
            before.id, after.id, participants=8, at_once=4, faults=PESTS
        )
        tally = Tally()
        done = await simulate_questionnaire(house.teams, scenario, tally)
        forms = await released(house, before.id), await released(house, after.id)

    assert done.wrong == 0
    assert all(tally.faults[fault] for fault in ("double", "redelivered", "stale"))
    for form_, handed in zip(forms, (done.before, done.after), strict=True):
        texts_of = {item.id for item in form_.questionnaire.items if item.way == "text"}
        assert set(form_.answers) == {one.pseudonym for one in handed}
        for one in handed:
            kept = {i: a for i, a in one.answers.items() if i not in form_.withheld}
            there = form_.answers[one.pseudonym]
            assert {i: a for i, a in there.items() if i not in texts_of}.items() <= kept.items()
    people = zip(done.kept, done.before, done.after, strict=True)
    mine = {(e.pseudonym, a.pseudonym) for kept, e, a in people if kept == "right"}
    assert mine
    assert set(pair(*forms).pairs) == mine


async def test_a_respondent_without_memory_is_not_paired(house: House) -> None:
    for memory in (None, EarlierAnswer("", "elv-rev")):
        user = house.teams.user("Nora Eksempel")
        handed = await Respondent(user, AFTER.id, Random(3), Tally()).take_part(memory)
        assert handed.before == ""
