"""Every card of a group: valid, small enough, and naming nobody where everyone sees it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.gateway.events import Json
from bot.groups import cards
from bot.groups.cards import GroupView
from bot.sessions.methods import shipped
from bot.ui.texts import Texts, texts
from dialogs.groups import planning
from dialogs.groups.group import Group, Meeting
from dialogs.groups.planning import MAX_MEETINGS, NAME_LIMIT
from dialogs.groups.signup import Membership, Roster
from dialogs.groups.yearly import Count, summary
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards as reading
from tests.bot.studies.test_cards import ENVELOPE, MAX_ACTIVITY
from tests.support import card_schema
from tests.support.questionnaires import BEFORE

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
METHODS = shipped()
GUIDANCE = next(method for method in METHODS if method.id == "veiledningsgruppe")
PEOPLE = (
    Membership("aad-1", "Kari *Eksempel*"),
    *(Membership(f"aad-{n}", f"Kollega {n} Eksempel") for n in range(2, 8)),
    Membership("aad-8", "Ola Eksempel", "asked", NOW + timedelta(days=1)),
    *(Membership(f"aad-{n}", f"Venter {n}", "waiting") for n in range(9, 60)),
)


def sheet(*members: Membership, name: str = "**" * (NAME_LIMIT // 2), **group: object) -> GroupView:
    """A group with as many meetings as it can have, one of each kind."""
    meetings = [
        Meeting(number, NOW + timedelta(days=7 * number), 90)
        for number in range(1, MAX_MEETINGS + 1)
    ]
    meetings[:2] = [replace(meetings[0], state="held"), replace(meetings[1], state="cancelled")]
    made = Group(
        name=name,
        method=GUIDANCE.id,
        language="nb",
        timezone="Europe/Oslo",
        conversation={},
        place="19:chat",
        facilitator="aad-anne",
        size_min=4,
        size_max=8,
        created=NOW.date(),
        used=NOW.date(),
        retention=NOW.date(),
    )
    there = replace(made, **group, members=members, meetings=tuple(meetings))  # type: ignore[arg-type] # each test names fields that the group has
    return GroupView(there, GUIDANCE, Roster(8, 5, members), "https://example.org/calendar", NOW)


def every_card(say: Texts) -> Iterator[Json]:
    full, empty, over = sheet(*PEOPLE), sheet(name=""), sheet(*PEOPLE[:2], state="ended")
    meeting = full.group.planned[0]
    given = {"zone": "America/Argentina/Buenos_Aires", "language": "nn"}
    yield cards.form(say, METHODS, given, "nonce")
    filled = {**given, "name": "x" * 60, "day": "2027-02-31", "meetings": "9" * 900, "time": "x"}
    yield cards.form(say, METHODS, filled, "nonce", "Nei.")
    plan = planning.suggested("", METHODS, NOW.date(), (NOW.date() + timedelta(7), time(9)))
    yield cards.proposal(say, GUIDANCE, plan, given, "nonce")
    for each in (full, empty, over):
        yield cards.signup(say, each)
        yield cards.panel(say, each)
        yield cards.panel(say, each, "Nei.", "Ja.")
        for person in ("aad-1", "aad-8", "aad-9", "aad-anne"):
            yield cards.member(say, each, person)
        yield cards.lapsed(say, each)
        yield cards.added(say, each)
        yield cards.ended(say, each)
        yield cards.leaving(say, each)
        yield cards.few(say, each)
        yield cards.moved(say, each, meeting)
        yield cards.cancelled(say, each, meeting)
        yield cards.restored(say, each, meeting)
    for leader in ("aad-2", "aad-anne"):  # with a seat, and without
        led = replace(full, group=replace(full.group, facilitator=leader, co_leader="aad-1"))
        yield cards.co_leads(say, led)
        yield cards.panel(say, led)
        yield cards.member(say, led, "aad-1")
    fresh = replace(full.group, meetings=full.group.meetings[2:], questionnaire=BEFORE.id)
    for group in (fresh, replace(full.group, questionnaire=BEFORE.id)):
        yield cards.panel(say, replace(full, group=group, questionnaires=(BEFORE,) * 2))
    yield cards.sure_to_move(say, full, meeting, meeting.starts_at + timedelta(1), {})
    yield cards.sure_to_cancel(say, full, meeting)
    yield cards.groups(say, [full] * 5, [full, empty] * 5, "aad-1")
    yield cards.groups(say, [], [], "aad-1")
    few, rows = Count("one", 9, 40), (Count("two", 6, 20), Count("three", 1, 3))
    for counts in ((), (few,), (few, *rows)):
        yield cards.year(say, 2027, summary(counts), {"one": "Veiledningsgruppe"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_a_valid_adaptive_card(language: Language) -> None:
    for card in every_card(texts(language)):
        assert card_schema.faults(card) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_fits_and_names_its_inputs(language: Language) -> None:
    for card in every_card(texts(language)):
        assert len(json.dumps(card, ensure_ascii=False).encode("utf-16-le")) < (
            MAX_ACTIVITY - ENVELOPE
        )
        assert len(card["actions"]) <= 6
        ids = [element["id"] for element in reading.elements(card) if "id" in element]
        assert len(ids) == len(set(ids))
        for field in reading.inputs(card).values():
            assert field["label"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_that_everyone_sees_names_nobody(language: Language) -> None:
    card = json.dumps(cards.signup(texts(language), sheet(*PEOPLE)), ensure_ascii=False)

    for member in PEOPLE:
        assert member.name not in card
        assert member.person not in card
    assert "aad-anne" not in card


def test_names_are_shown_as_they_are_written_to_the_group_and_its_facilitator() -> None:
    say = texts("nb")
    shown = cards.panel(say, sheet(*PEOPLE)), cards.member(say, sheet(*PEOPLE), "aad-2")
    for card in shown:
        assert r"Kari \*Eksempel\*" in reading.text_of(card)
    for outside in ("aad-8", "aad-9", "aad-anne"):
        assert "Kollega" not in reading.text_of(cards.member(say, sheet(*PEOPLE), outside))


def test_the_sign_up_says_what_for_whom_when_and_who_sees_what() -> None:
    say = texts("nb")
    said = reading.text_of(cards.signup(say, sheet(*PEOPLE[:3], name="Tirsdager")))
    for part in (
        "Tirsdager",
        say("signup.for.value", least=4, most=8),
        "tirsdag 12. januar 2027 kl. 10:00–11:30",
        say("signup.sees.value"),
        say("signup.voluntary.value"),
        say("signup.few", n=3, advised=5),
    ):
        assert part in said
    assert GUIDANCE.purpose["nb"].split(".")[0].split()[-1] in said


@pytest.mark.parametrize(
    ("language", "name"),
    [("nb", "Andre pinsedag, Grunnlovsdag"), ("nn", ""), ("en", "Constitution")],
)
def test_a_holiday_is_called_what_it_is_called(language: Language, name: str) -> None:
    say, at = texts(language), datetime(2027, 5, 17, 8, tzinfo=UTC)
    shown = sheet(*PEOPLE[:3])
    shown = replace(shown, group=replace(shown.group, meetings=(Meeting(1, at, 90),)))

    said = reading.text_of(cards.signup(say, shown))
    warning = say("group.holiday.named" if name else "group.holiday", number=1, holiday=name)
    assert warning.removesuffix(".") in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("joined", "key"), [(0, "none"), (1, "value"), (7, "value"), (8, "all"), (9, "over")]
)
def test_seats_are_counted_as_a_person_would(language: Language, joined: int, key: str) -> None:
    say = texts(language)
    members = tuple(Membership(f"aad-{n}", f"Kollega {n}") for n in range(joined))
    group = replace(sheet(), roster=Roster(8, 5, members))

    said = reading.text_of(cards.signup(say, group))
    assert say(f"signup.seats.{key}", n=joined, size=8) in said
    assert (say("signup.few.none", advised=5) in said) == (joined == 0)
