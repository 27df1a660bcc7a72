"""Every card of a session: valid, small enough, and saying who sees what, in three languages."""

import json
import re
from functools import cache
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest

from bot.cards import own, panel
from bot.cards import session as cards
from bot.gateway.events import Json
from bot.methods import shipped
from bot.simulate import cards as reading
from bot.texts import texts
from dialogs.method import Guide, Inform, Method, Open, Owner, Private, Vote
from dialogs.session import (
    MAX_MEMBERS,
    TEXT_LIMIT,
    Placed,
    Refused,
    ThemesLeft,
    Told,
    Why,
)
from dialogs.study import LANGUAGES, Language
from tests.bot.test_cards import ENVELOPE, MAX_ACTIVITY, SCHEMA
from tests.support.session_cards import ZONE, every_card, notices, resting
from tests.support.sessions import Group, guide, matrix, method_of, phase_of

METHODS = {method.id: method for method in shipped()}
BUTTONS = {
    texts("nb")(f"session.button.{each}")
    for each in ("write", "rate", "place", "form", "agree", "vote", "choose")
}
LONGEST = "\u00e6" * TEXT_LIMIT


@cache
def validator() -> Any:
    if not SCHEMA.exists():
        pytest.skip("the Adaptive Card schema is not beside the project")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


def all_cards(method: Method, language: Language, **values: Any) -> dict[str, Json]:
    say = texts(language)
    return dict([*every_card(method, say, **values), *resting(method, say)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", METHODS)
def test_every_card_is_valid(method: str, language: Language) -> None:
    for name, card in all_cards(METHODS[method], language).items():
        plain = {key: value for key, value in card.items() if key != "msteams"}
        faults = [error.message[:200] for error in validator().iter_errors(plain)]
        assert not faults, name
        assert len(card["actions"]) <= 6, name


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_every_card_fits_however_much_is_written(method: str, number: int) -> None:
    for language in LANGUAGES:
        for name, card in all_cards(METHODS[method], language, number=number, said=LONGEST).items():
            assert size(card) < MAX_ACTIVITY - ENVELOPE, (name, language)


def size(card: Json) -> int:
    """In bytes, as Teams counts them."""
    return len(json.dumps(card, ensure_ascii=False).encode("utf-16-le"))


METHOD = method_of(
    "lengthy",
    phase_of("open", Open()),
    phase_of("alone", Private()),
    phase_of("guide", guide(*("v" * 380 + str(number) for number in range(10, 18)), alone=True)),
    phase_of("picture", matrix("alone", 10, 10)),
    phase_of("bye", Inform()),
)
MANY = [f"{number:0>36}" for number in range(MAX_MEMBERS)]


@pytest.mark.parametrize(
    "text", [LONGEST, "*" * TEXT_LIMIT, '\n"' * 700 + "x", "x", "\U0001f642" * 90]
)
@pytest.mark.parametrize("phase", ["open", "alone", "guide"])
def test_a_card_fits_when_twelve_members_write_as_much_as_they_may(phase: str, text: str) -> None:
    group = writing(phase, text)
    group.next()

    drawn = cards.group_card(texts("nb"), meeting_of(group))
    assert group.shown(phase)
    assert size(drawn) < MAX_ACTIVITY - ENVELOPE


def test_a_picture_and_the_card_to_place_on_fit_whatever_was_written() -> None:
    for text in (LONGEST, "*" * TEXT_LIMIT):
        group = writing("alone", text)
        group.next()
        group.skip_to("picture")
        part = own.own(own.Desk(texts("nb"), meeting_of(group), MANY[0], "new"))
        assert size(part) < MAX_ACTIVITY - ENVELOPE
        shown = placed(group)
        for person in MANY:
            group.do(Placed, person, places=shown)
        group.next()
        group.next()
        over = cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3])
        assert size(over) < MAX_ACTIVITY - ENVELOPE


def writing(phase: str, text: str) -> Group:
    """Everyone writes, in turn, until there is no room."""
    group = Group(METHOD, members=MANY)
    group.skip_to(phase)
    themes = next(
        each.does.themes if isinstance(each.does, Guide) else ()
        for each in METHOD.phases
        if each.id == phase
    )
    theme = themes[0].id if themes else ""
    for number in range(1000):
        if group.write(MANY[number % 12], text, theme=theme) == [Refused("no_room")]:
            return group
    raise AssertionError("there is always room")


def placed(group: Group) -> dict[str, tuple[int, int]]:
    shown = [each.id for each in group.session.contributions if each.is_shown]
    return {ident: (1 + number % 10, 1 + number % 3) for number, ident in enumerate(shown[:12])}


def meeting_of(group: Group) -> cards.Meeting:
    return cards.Meeting("5" * 32, METHOD, group.session, "Lillevik", "6" * 32, ZONE)


def test_the_picture_says_in_numbers_and_in_words_where_everything_lies() -> None:
    group = Group(METHOD, members=MANY[:5])
    group.skip_to("alone")
    for number in range(14):
        group.write(MANY[number % 5], f"tekst {number}")
    group.next()
    group.skip_to("picture")
    before = reading.text_of(cards.group_card(texts("nb"), meeting_of(group)))
    assert "Ingen ser hva hver enkelt svarer" in before
    assert "2 er ikke med her" in before
    shown = placed(group)
    last = list(shown)[-1]
    for person in MANY[:5]:
        group.do(Placed, person, places={each: at for each, at in shown.items() if each != last})
    group.next()
    after = reading.text_of(cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3]))

    assert "bortover 1, oppover 2" in after  # the eleventh, on the same column as the first
    assert after.count("ikke i bildet") == 1
    assert "1 er low, 10 er high" in after


def test_where_few_have_placed_the_group_is_told_why_there_is_no_picture() -> None:
    group = Group(METHOD, members=MANY[:5])
    group.skip_to("alone")
    group.write(MANY[0], "tekst")
    group.next()
    group.skip_to("picture")
    for person in MANY[:4]:
        group.do(Placed, person, places=placed(group))
    group.next()

    over = reading.text_of(cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3]))
    assert "Færre enn fem" in over
    assert "oppover 1" not in over


@pytest.mark.parametrize("method", METHODS)
def test_every_phase_says_who_sees_what(method: str) -> None:
    say = texts("nb")
    for name, card in every_card(METHODS[method], say):
        if any(verb.startswith("session.") for verb in verbs(card)) and "panel" not in name:
            said = reading.text_of(card)
            assert "ser" in said.casefold(), name


def verbs(card: Json) -> list[str]:
    return [str(action.get("verb")) for action in reading.actions(card)]


@pytest.mark.parametrize("method", METHODS)
def test_what_is_read_beside_the_field_names_no_button_of_another_card(method: str) -> None:
    say = texts("nb")
    for name, card in every_card(METHODS[method], say):
        if name.endswith((", own", ", panel")):
            named = re.findall("«([^»]+)»", reading.text_of({"body": card["body"][:6]}))
            titles = {str(action.get("title")) for action in reading.actions(card)}
            assert not {each for each in named if each in BUTTONS} - titles, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vote_that_nobody_takes_part_in_is_said_on_the_panel_and_ends_in_a_lot(
    language: Language,
) -> None:
    say = texts(language)
    method = method_of(
        "choosing", phase_of("told", Open()), phase_of("choice", Vote("told", "owner")),
        phase_of("more", Owner()),
    )  # fmt: skip
    group = Group(method, members=MANY[:4])
    group.skip_to("choice")

    def drawn() -> Json:
        meeting = cards.Meeting("5" * 32, method, group.session, "Lillevik", "6" * 32, ZONE)
        return panel.panel(say, meeting, 0)

    assert say("panel.no_votes") not in reading.text_of(drawn())
    group.next()
    asked = drawn()
    assert say("panel.no_votes") in reading.text_of(asked)
    assert asked["actions"][0]["title"] == say("panel.lot")
    group.next()
    meeting = cards.Meeting("5" * 32, method, group.session, "Lillevik", "6" * 32, ZONE)
    assert say("session.by_lot") in reading.text_of(cards.group_card(say, meeting))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_there_is_to_say_is_said_and_the_text_is_kept(language: Language) -> None:
    refused = (Refused(why) for why in get_args(Why))
    told = (Told(what) for what in get_args(get_type_hints(Told)["what"]))
    for each in [*notices("Hva tenkte du?"), *refused, *told, ThemesLeft(("a", "b"))]:
        blocks = own.said(texts(language), each, "Kari og ring")
        assert reading.text_of({"body": blocks}).strip()


def test_the_bots_words_shrink_from_meeting_to_meeting() -> None:
    method = METHODS["veiledningsgruppe"]
    shown = [
        reading.text_of(dict(every_card(method, texts("nb"), number=number))["episoder"])
        for number in (1, 2, 3)
    ]
    phase = next(each for each in method.phases if each.id == "episoder")
    assert phase.prompt["nb"].split(".")[0] not in shown[2]
    assert phase.prompt["nb"].split(".")[0] in shown[1]
    assert [phase.title["nb"] in each for each in shown] == [True] * 3
    assert len(shown[0]) > len(shown[2])
