"""What goes out is JSON, whatever people wrote or are called."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.wire import write_json

TEXT = st.text(st.sampled_from('aå"\\\n\0\u2028\ud800\U0001f98a'), max_size=5)
SCALARS = st.none() | st.booleans() | st.integers() | TEXT
VALUES = st.recursive(SCALARS, lambda v: st.lists(v) | st.dictionaries(TEXT, v), max_leaves=5)


@given(st.dictionaries(TEXT, VALUES))
def test_what_is_written_reads_the_same(value: dict[str, Any]) -> None:
    assert json.loads(write_json(value)) == value


@pytest.mark.parametrize("text", ["\ud800", "\0", "\u202e", "\U0001f98a"])
def test_characters_that_trouble_encoders_arrive(text: str) -> None:
    assert json.loads(write_json({"text": text})) == {"text": text}
