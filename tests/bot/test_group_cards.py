"""Every card of a group: valid, small enough, and naming nobody where everyone sees it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards import groups as cards
from bot.cards.groups import Sheet
from bot.gateway.events import Json
from bot.methods import shipped
from bot.simulate import cards as reading
from bot.texts import Texts, texts
from dialogs.series import MAX_MEETINGS, NAME_LIMIT
from dialogs.signup import Membership, Roster
from dialogs.study import LANGUAGES, Language
from storage.groups import Circle, Group, Meeting
from tests.bot.test_cards import ENVELOPE, MAX_ACTIVITY, SCHEMA, validator

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
METHODS = shipped()
GUIDANCE = next(method for method in METHODS if method.id == "veiledningsgruppe")
PEOPLE = (
    Membership("aad-1", "Kari *Eksempel*"),
    *(Membership(f"aad-{n}", f"Kollega {n} Eksempel") for n in range(2, 8)),
    Membership("aad-8", "Ola Eksempel", "asked", NOW + timedelta(days=1)),
    *(Membership(f"aad-{n}", f"Venter {n}", "waiting") for n in range(9, 60)),
)


def sheet(*members: Membership, name: str = "**" * (NAME_LIMIT // 2), **group: object) -> Sheet:
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
        retention=NOW.date(),
    )
    circle = Circle(replace(made, **group), members, tuple(meetings))  # type: ignore[arg-type] # of the tests
    return Sheet(circle, GUIDANCE, Roster(8, 5, members), "https://example.org/calendar", NOW)


def every_card(say: Texts) -> Iterator[Json]:
    full, empty, over = sheet(*PEOPLE), sheet(name=""), sheet(*PEOPLE[:2], state="ended")
    meeting = full.circle.planned[0]
    given = {"zone": "America/Argentina/Buenos_Aires", "language": "nn"}
    yield cards.form(say, METHODS, given, "nonce")
    filled = {**given, "name": "x" * 60, "day": "2027-02-31", "meetings": "9" * 900, "time": "x"}
    yield cards.form(say, METHODS, filled, "nonce", "Nei.")
    for each in (full, empty, over):
        yield cards.signup(say, each)
        yield cards.panel(say, each)
        yield cards.panel(say, each, "Nei.", "Ja.")
        for person in ("aad-1", "aad-8", "aad-9", "aad-anne"):
            yield cards.member(say, each, person)
        yield cards.lapsed(say, each)
        yield cards.added(say, each)
        yield cards.ended(say, each)
        yield cards.few(say, each)
        yield cards.moved(say, each, meeting)
        yield cards.cancelled(say, each, meeting)
    yield cards.groups(say, [full] * 5, [full, empty] * 5, "aad-1")
    yield cards.groups(say, [], [], "aad-1")


@pytest.mark.skipif(not SCHEMA.exists(), reason="the Adaptive Cards schema is not beside the clone")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_a_valid_adaptive_card(language: Language) -> None:
    for card in every_card(texts(language)):
        without_host = {key: value for key, value in card.items() if key != "msteams"}
        assert [error.message for error in validator().iter_errors(without_host)] == []


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
    group = sheet(*PEOPLE[:3])
    group = replace(group, circle=replace(group.circle, meetings=(Meeting(1, at, 90),)))

    said = reading.text_of(cards.signup(say, group))
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
