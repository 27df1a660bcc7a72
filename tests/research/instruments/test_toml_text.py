"""What is written is TOML that gives the same texts back."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.instruments.toml_text import (
    comment,
    divided,
    pairs,
    paragraph,
    quoted,
    shortened,
    units,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS | st.text('\\n\n"x'))
def test_any_text_comes_back(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
    assert tomllib.loads(f"a = {paragraph(text)}")["a"] == text


@given(st.lists(TEXTS))
def test_no_comment_ends_early(lines: list[str]) -> None:
    assert tomllib.loads("\n".join(comment(lines))) == {}


def test_pairs() -> None:
    written = "\n".join(pairs({"a": "", "b": False, "c": True, "d": 0, "e": ["x", 1], "f": "#"}))

    assert tomllib.loads(written) == {"c": True, "d": 0, "e": ["x", 1], "f": "#"}


@given(st.text(max_size=60), st.integers(4, 40))
def test_what_is_shortened_has_room(text: str, most: int) -> None:
    found = shortened(text, most)

    assert units(found) <= most
    assert found == text or units(text) > most


@pytest.mark.parametrize(
    ("most", "parts"),
    [
        (100, ("One. Two? Three!", "")),
        (12, ("One. Two?", "Three!")),
        (2, ("One.", "Two? Three!")),
    ],
)
def test_texts_are_divided_between_sentences(most: int, parts: tuple[str, str]) -> None:
    assert divided("One. Two? Three!", most) == parts
