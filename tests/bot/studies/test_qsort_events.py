"""Card data in, an event of the dialog out; anyone can forge card data."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.studies.qsort_events import _READERS, read_event
from dialogs.studies import qsort
from dialogs.studies.qsort import Chosen, Explained, Moved, Piled, Swapped
from dialogs.studies.submission import Broken, Confirmed, Redrawn


@pytest.mark.parametrize(
    ("verb", "data", "event"),
    [
        ("read", {"anything": 1}, qsort.Read()),
        ("pile", {"pile.s1": "agree", "pile.s2": "no", "pile.s3": 1}, Piled({"s1": "agree"})),
        (
            "choose",
            {"pile": "agree", "column": 2, "chosen": "s1,,s2"},
            Chosen("agree", 2, ("s1", "s2")),
        ),
        ("choose", {"pile": "agree", "column": "-2"}, Chosen("agree", -2, ())),
        ("choose", {"pile": "neither", "column": 2, "chosen": "s1"}, None),
        ("choose", {"pile": ["agree"], "column": 2, "chosen": "s1"}, None),
        ("choose", {"pile": "agree", "chosen": "s1"}, None),
        ("choose", {"pile": "agree", "column": "x", "chosen": "s1"}, None),
        ("choose", {"pile": "agree", "column": "9" * 5000, "chosen": "s1"}, None),
        ("choose", {"pile": "agree", "column": 1.0, "chosen": "s1"}, None),
        (
            "spill",
            {"pile": "neutral", "column": 0, "chosen": "s1"},
            Chosen("neutral", 0, ("s1",), spill=True),
        ),
        ("change", {"first": "s1", "column": "2"}, Moved("s1", 2)),
        ("change", {"first": "s1", "second": "s2", "column": "2"}, Swapped("s1", "s2")),
        ("change", {"column": "2"}, Swapped("", "")),
        ("change", {"first": "s1"}, Swapped("s1", "")),
        ("exchange", {"first": "s1", "second": "s2"}, Swapped("s1", "s2")),
        ("read_all", {}, qsort.ReadAll()),
        ("put", {"statement": "s1", "pile": "agree"}, qsort.PutInPile("s1", "agree")),
        ("put", {"statement": "s1", "pile": "?"}, None),
        ("piles_made", {}, qsort.PilesMade()),
        ("lay", {"statement": "s1", "column": 2}, qsort.Laid("s1", 2)),
        (
            "lay",
            {"statement": "s1", "column": "-2", "instead": "s2"},
            qsort.Laid("s1", -2, "s2"),
        ),
        ("lay", {"statement": "s1"}, None),
        ("lift", {"statement": "s1"}, qsort.Lifted("s1")),
        (
            "arrange",
            {"column.s1": "2", "column.s2": "", "column.s3": 1},
            qsort.Arranged({"s1": 2}),
        ),
        ("approve", {}, qsort.Approved()),
        (
            "explain",
            {"reason.s1": "r", "answer.q1": "a", "comment": "c", "reason.s2": 1},
            Explained({"s1": "r"}, {"q1": "a"}, "c"),
        ),
        ("write", {"comment": "c"}, Explained({}, {}, "c", goes_on=False)),
        ("explain", {"anyway": "yes"}, Explained({}, {}, "", anyway=True)),
        ("deliver", {"earlier_code": "x"}, Confirmed("x")),
        ("deliver", {"earlier_code": ["x"]}, Confirmed("")),
        ("break", {}, Broken()),
        ("back", {}, qsort.WentBack()),
        ("undo", {}, qsort.Undone()),
        ("forged", {}, None),
        ("", {}, None),
    ],
)
def test_a_press_means(verb: str, data: dict[str, Any], event: qsort.Event | None) -> None:
    assert read_event(verb, data) == event


def test_a_pseudonym_is_drawn_and_never_typed() -> None:
    event = read_event("redraw", {"pseudonym": "mitt-navn"})

    assert isinstance(event, Redrawn)
    assert event.pseudonym != "mitt-navn"


@given(st.sampled_from(sorted(_READERS)), st.dictionaries(st.text(), st.none() | st.integers()))
def test_any_data_can_be_read(verb: str, data: dict[str, Any]) -> None:
    read_event(verb, data)
