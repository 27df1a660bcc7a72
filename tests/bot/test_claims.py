"""What a card claims is so: at its first moment, in the middle and after the end.

Cards of sessions have their own such test (`tests/bot/sessions/test_cards.py`); here are those of
sign-up, of appointments and of questionnaires. Each claim is read off the card and held against
the state that it was drawn from.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.appointments import cards as appointments
from bot.groups import cards as groups
from bot.studies.cards import results as result_cards
from bot.studies.cards import study as study_cards
from bot.studies.cards.questionnaire import draw
from bot.studies.instrument import InstrumentView
from bot.ui.texts import Texts, texts
from dialogs.groups import signup
from dialogs.groups.appointments import Ask, Cancel, Choose, Slot, Times, step
from dialogs.groups.signup import Join, Leave, Membership, Resize, Roster
from dialogs.studies.answering import Answered, Answering, Draft, Reviewing, begin, done, pages
from dialogs.studies.answering import step as answer
from dialogs.studies.questionnaire import Questionnaire, asked
from dialogs.studies.study import LANGUAGES, Language
from research.publication import FormResults, ItemResult
from simulation import cards as reading
from storage.operational.appointments import Offer
from tests.bot.groups.test_cards import NOW, sheet
from tests.support.questionnaire_cards import CODE, NONCE, PSEUDONYM, TOKEN
from tests.support.questionnaires import AFTER, BEFORE, ONCE, SHIPPED, shipped

SAY = texts("nb")
PEOPLE = [f"aad-{n}" for n in range(7)]


# --- Signing up ---------------------------------------------------------------------------------


def rosters() -> Iterator[Roster]:
    """From nobody to a line, a seat that is offered, a no, a smaller group, and nobody again."""
    soon = NOW + timedelta(days=1)
    until = dict.fromkeys(PEOPLE, soon)
    roster = Roster(4, 3)
    yield roster
    events: list[signup.Event] = [Join(person, "Kollega") for person in PEOPLE]
    events += [Leave(PEOPLE[0]), Leave(PEOPLE[1]), Join(PEOPLE[4], "Kollega"), Resize(2)]
    events += [Leave(person) for person in PEOPLE]
    for event in events:
        roster, _ = signup.step(roster, event, until)
        yield roster
        yield signup.step(roster, Join("aad-late", "Sen"), {})[0]


def seats(say: Texts, roster: Roster) -> dict[str, str]:
    """By claim, its words."""
    n, size = roster.joined, roster.size
    keys = ("none", "value", "kept", "all", "over")
    return {key: say(f"signup.seats.{key}", n=n, size=size) for key in keys}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sign_up_claims_the_seats_that_there_are(language: Language) -> None:
    say = texts(language)
    seen = set()
    for roster in rosters():
        about = replace(sheet(*roster.members), roster=roster)
        card = groups.signup(say, about)
        told, titles = reading.text_of(card), {each["title"] for each in reading.actions(card)}
        (claim,) = (key for key, words in seats(say, roster).items() if words in told)
        seen.add(claim)
        assert {
            "none": roster.joined == 0 < roster.free,
            "value": 0 < roster.joined < roster.size and roster.free > 0,
            "kept": roster.joined < roster.size and roster.free == 0,
            "all": roster.joined == roster.size,
            "over": roster.joined > roster.size,
        }[claim], (claim, roster)
        assert (say("signup.join") in titles) == (roster.free > 0)
        assert (say("signup.wait") in titles) == (roster.free == 0)
        waiting = say("signup.waiting", n=roster.waiting)
        assert (waiting in told) == (roster.waiting > 0)
        assert (say("signup.few", n=roster.joined, advised=3) in told) == (0 < roster.joined < 3)
    assert seen == {"none", "value", "kept", "all", "over"}


def test_ones_own_card_claims_the_place_that_one_has() -> None:
    for roster in rosters():
        about = replace(sheet(*roster.members), roster=roster)
        name = about.name(SAY)
        for person in (*PEOPLE, "aad-nobody"):
            told = reading.text_of(groups.member(SAY, about, person))
            found = roster.member(person)
            status = found.status if found else "none"
            assert (SAY("member.joined", name=name) in told) == (status == "joined")
            assert (SAY("member.none", name=name) in told) == (status == "none")
            assert (SAY("member.asked", name=name) in told) == (status == "asked")
            if status == "waiting":
                place = roster.place(person)
                assert SAY("member.waiting", name=name, place=place) in told


def test_a_group_that_has_ended_offers_and_claims_nothing() -> None:
    ended = sheet(Membership("aad-1", "Kari"), state="ended")

    assert reading.actions(groups.signup(SAY, ended)) == []
    told = reading.text_of(groups.signup(SAY, ended))
    assert SAY("signup.ended") in told
    assert not any(words in told for words in seats(SAY, ended.roster).values())


# --- Appointments -------------------------------------------------------------------------------


def offers() -> Iterator[Offer]:
    """Nothing chosen, chosen, full, one's own time asked for, called off, over."""
    slots = tuple(Slot(f"s{n}", NOW + timedelta(days=n), 60, 2) for n in (1, 2))
    times = Times(slots)
    offer = Offer(
        study="skjema", conversation={}, facilitator="aad-anne", language="nb",
        timezone="Europe/Oslo", times=times,
    )  # fmt: skip
    yield offer
    for event in (
        Choose("aad-0", "Kari", "s1"), Choose("aad-1", "Ola", "s1"), Choose("aad-2", "Per", "s1"),
        Ask("aad-2", "Per"), Choose("aad-1", "Ola", "s2"), Cancel("aad-0"), Cancel("aad-2"),
    ):  # fmt: skip
        times, _ = step(times, event)
        yield replace(offer, times=times)
    yield replace(offer, times=Times())


def test_appointments_claim_what_is_chosen_and_offer_what_is_free() -> None:
    for offer in offers():
        for person in PEOPLE[:4]:
            card = appointments.chooser(SAY, "Studie", offer, person)
            told, mine = reading.text_of(card), offer.times.choice(person)
            assert (SAY("appointment.none") in told) == (mine is None)
            assert (SAY("appointment.asked") in told) == (mine is not None and mine.slot is None)
            if mine and (slot := offer.times.slot(mine.slot)):
                when = appointments.moment(SAY, offer, slot)
                assert SAY("appointment.mine", when=when) in told
            offered = {
                each["value"]
                for field in reading.inputs(card).values()
                for each in field.get("choices", ())
            }
            free = {slot.id for slot in offer.times.slots if offer.times.is_free(slot)}
            assert offered == free - {mine.slot if mine else None}
            verbs = {str(each["verb"]) for each in reading.actions(card)}
            assert ("appointment.cancel" in verbs) == (mine is not None)
        seen = reading.text_of(appointments.overview(SAY, "Studie", offer))
        nobody = sum(not offer.times.chosen(slot) for slot in offer.times.slots)
        assert seen.count(SAY("appointment.list.nobody")) == nobody
        shown = reading.text_of(appointments.offered(SAY, "Studie", offer))
        assert (SAY("appointment.over") in shown) == (not offer.times.slots)
        assert not any(choice.name in shown for choice in offer.times.choices)


# --- Questionnaires -----------------------------------------------------------------------------


def questionnaires() -> Iterator[Questionnaire]:
    yield from (ONCE, BEFORE, AFTER)
    for path in sorted(SHIPPED.glob("*.toml")):
        yield from shipped(path.stem)


def drafts(study: Questionnaire) -> Iterator[Draft]:
    """First, part by part with the first answer to everything, and at the end."""
    draft = begin(study, PSEUDONYM, CODE)
    if study.before:
        yield draft
        draft = replace(draft, stage=Answering(0))
    while isinstance(draft.stage, Answering):
        yield draft
        page = pages(study)[draft.stage.page]
        given = {i.id: i.options[0].id for i in page.items if i.way != "text"}
        draft, _ = answer(study, draft, Answered(given, leaving=True))
    assert isinstance(draft.stage, Reviewing)
    yield draft


@pytest.mark.parametrize("study", [*questionnaires()], ids=lambda study: study.id)
def test_a_questionnaire_claims_as_many_questions_as_are_asked(study: Questionnaire) -> None:
    say = texts(study.language("nb"))
    least, most = len([*asked(study, {})]), len(study.items)
    for card in (study_cards.invitation(say, study), study_cards.consent(say, study, TOKEN)):
        key = "value" if least == most else "range"
        claim = say(
            f"questionnaire.study.facts.length.{key}", n=least, most=most, minutes=study.minutes
        )
        assert claim in reading.text_of(card)
    for draft in drafts(study):
        told = reading.text_of(draw(InstrumentView(study, say, TOKEN, NONCE), draft))
        passed, total = done(study, draft)
        assert least <= total <= most
        if isinstance(draft.stage, Answering):
            assert say("questionnaire.progress", n=passed, total=total) in told
        if isinstance(draft.stage, Reviewing):
            assert passed == total
            left = sum(not draft.answers.get(item.id) for item in asked(study, draft.answers))
            assert told.count(say("questionnaire.no_answer")) == left


def test_results_claim_what_was_found_and_say_what_is_hidden() -> None:
    found = FormResults(
        12, (ItemResult("calm", 12, {"1": None, "2": None, "3": 7, "unknown": 0}, 2.58),)
    )
    told = reading.text_of(result_cards.form_results(SAY, ONCE, found))

    assert SAY("questionnaire.results.what", n=12) in told
    assert told.count(f": {SAY('questionnaire.results.few')}") == 2
    assert "alltid nb: 7" in told
    assert "2,6" in told
