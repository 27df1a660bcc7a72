"""From what clients deliver to what was written: a table, and floods."""

import tomllib
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.writing.normalising import LIMIT, Mention, normalise

INPUTS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("inputs.toml").read_text("utf-8")
)["text"]
BOT = Mention("<at>Kollegial</at>", "Kollegial", is_bot=True)


@pytest.mark.parametrize("row", INPUTS, ids=[repr(row["text"]) for row in INPUTS])
def test_what_a_client_delivers_comes_to_what_was_written(row: dict[str, Any]) -> None:
    mentions = [Mention(text, name, is_bot=bot) for text, name, bot in row.get("mentions", [])]

    assert normalise(row["text"], mentions, row.get("own_name", "")) == row["means"]


FLOODS = {
    "letters": "a" * 33_000,
    "openings": "<" * 33_000,
    "tags": "<b>" * 11_000,
    "quotations": "<blockquote>" * 3_000,
    "quotations that close": "<blockquote></blockquote>" * 1_500,
    "mentions": "<at>x</at>" * 3_300,
    "entities": "&amp;" * 7_000,
    "quoted lines": ">\n" * 16_000,
    "stars": "*a" * 16_000,
    "emoji": "😀" * 33_000,
    "spaces": " " * 33_000,
    "the name": "kollegial, " * 3_000,
    "quotes": "«" * 16_000 + "»" * 16_000,
    "ligatures": "\ufdfa" * 33_000,
}


def best_of_three(text: str, mentions: list[Mention]) -> float:
    """Seconds of processor time."""
    spent = []
    for _ in range(3):
        since = process_time()
        assert len(normalise(text, mentions)) <= LIMIT
        spent.append(process_time() - since)
    return min(spent)


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_takes_little_time(flood: str) -> None:
    assert best_of_three(FLOODS[flood], [BOT]) < 0.02  # 0.003 on an idle machine


def test_names_that_hold_other_mentions_are_not_read_again() -> None:
    chained = [Mention(f"A{n}", f"A{n + 1} A{n + 1}" * 5, is_bot=False) for n in range(28)]

    assert best_of_three("A0 " + "x" * 20_000, chained) < 0.02
    assert best_of_three("a" * 33_000, [Mention("a", "b" * 100, is_bot=False)] * 28) < 0.02


@given(st.text(max_size=300), st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9))))
def test_whatever_is_delivered_is_one_line_of_visible_characters(
    text: str, mentions: list[tuple[str, str]]
) -> None:
    said = normalise(text, [Mention(*each, is_bot=False) for each in mentions], "x")

    assert said == " ".join(said.split())


def test_a_word_that_ends_as_the_own_name_is_no_mention() -> None:
    assert normalise("hva er ekollegial", own_name="Kollegial") == "hva er ekollegial"
