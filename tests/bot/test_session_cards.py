"""Every card of a session: valid, small enough, and saying who sees what, in three languages."""

import json
from functools import cache
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest

from bot.cards import own
from bot.gateway.events import Json
from bot.methods import shipped
from bot.simulate import cards as reading
from bot.texts import texts
from dialogs.method import Method
from dialogs.session import TEXT_LIMIT, Refused, ThemesLeft, Told, Why
from dialogs.study import LANGUAGES, Language
from tests.bot.test_cards import ENVELOPE, MAX_ACTIVITY, SCHEMA
from tests.support.session_cards import every_card, notices, resting

METHODS = {method.id: method for method in shipped()}
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
            size = len(json.dumps(card, ensure_ascii=False).encode("utf-16-le"))
            assert size < MAX_ACTIVITY - ENVELOPE, (name, language)


@pytest.mark.parametrize("method", METHODS)
def test_every_phase_says_who_sees_what(method: str) -> None:
    say = texts("nb")
    for name, card in every_card(METHODS[method], say):
        if any(verb.startswith("session.") for verb in verbs(card)) and "panel" not in name:
            said = reading.text_of(card)
            assert "ser" in said.casefold(), name


def verbs(card: Json) -> list[str]:
    return [str(action.get("verb")) for action in reading.actions(card)]


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
