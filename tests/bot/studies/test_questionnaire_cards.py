"""The cards of questionnaires: valid, named, and never too large for a message."""

from dataclasses import replace

import pytest

from bot.studies.cards.questionnaire import draw
from bot.studies.instrument import InstrumentView
from bot.ui.texts import texts
from dialogs.studies.items import Item, Option
from dialogs.studies.items_file import OPTION_ROOM
from dialogs.studies.questionnaire import TEXT_LIMIT, Block, Questionnaire
from dialogs.studies.questionnaire_file import (
    MAX_BLOCK,
    MAX_BLOCK_ITEMS,
    MAX_ITEMS,
    MAX_WORDS,
)
from dialogs.studies.study import LANGUAGES, Language
from dialogs.studies.study import TextByLanguage as Spoken
from simulation import cards as reading
from tests.bot.studies.test_cards import MAX_ACTIVITY, activity_size
from tests.support import card_schema
from tests.support.questionnaire_cards import NONCE, TOKEN, drafts, every_card
from tests.support.questionnaires import AFTER, BEFORE, ONCE, SHIPPED, shipped

EVERY_SHIPPED = [one for path in sorted(SHIPPED.glob("*.toml")) for one in shipped(path.stem)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("study", [ONCE, BEFORE, AFTER], ids=lambda study: str(study.id))
def test_every_card_is_a_valid_adaptive_card(study: Questionnaire, language: Language) -> None:
    for card in every_card(study, texts(language)):
        assert card_schema.faults(card) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("study", [ONCE, AFTER, *EVERY_SHIPPED], ids=lambda study: str(study.id))
def test_every_card_fits_has_few_buttons_named_inputs_and_ids_of_its_own(
    study: Questionnaire, language: Language
) -> None:
    for card in every_card(study, texts(language)):
        assert activity_size(card) <= MAX_ACTIVITY
        assert len(card["actions"]) <= 6
        assert all(field["label"] for field in reading.inputs(card).values())
        ids = [e["id"] for e in reading.elements(card) if "id" in e]
        assert len(ids) == len(set(ids))


def largest() -> Questionnaire:
    """A questionnaire at the limits of what `questionnaire check` lets through."""
    room = MAX_BLOCK // MAX_BLOCK_ITEMS
    options = tuple(Option(f"{n:020}", {"nb": "å" * 6}, n) for n in range(11))
    left = room - 11 * (20 + 6 + OPTION_ROOM)

    def item(number: int) -> Item:
        if number % MAX_BLOCK_ITEMS < MAX_WORDS:
            return Item(id=f"{number:020}", text={"nb": "*" * room}, way="text")
        text: Spoken = {"nb": "*" * left}
        return Item(id=f"{number:020}", text=text, way="several", options=options)

    blocks = tuple(
        Block(
            f"b{b}",
            {"nb": "ø" * 100},
            tuple(item(b * MAX_BLOCK_ITEMS + n) for n in range(MAX_BLOCK_ITEMS)),
            {"nb": "ø" * 600},
        )
        for b in range(MAX_ITEMS // MAX_BLOCK_ITEMS)
    )
    return replace(ONCE, languages=("nb",), title={"nb": "T" * 100}, blocks=blocks, sums=())


@pytest.mark.parametrize("words", ["🦊" * TEXT_LIMIT, '"' * TEXT_LIMIT, "*\n" * (TEXT_LIMIT // 2)])
def test_the_largest_questionnaire_still_fits_in_a_message(words: str) -> None:
    desk = InstrumentView(largest(), texts("nb"), TOKEN, NONCE)

    sizes = [activity_size(draw(desk, draft)) for _, draft in drafts(largest(), words)]
    assert max(sizes) <= MAX_ACTIVITY


def test_who_sees_what_stands_on_every_card() -> None:
    for _, draft in drafts(AFTER):
        card = draw(InstrumentView(AFTER, texts("nb"), TOKEN, NONCE), draft)
        assert texts("nb")("questionnaire.who_sees") in reading.text_of(card)
