"""Flags and turns in a researcher's own file go by their labels."""

from pathlib import Path

import pytest

from research.by_hand import agreed, flags, turns
from research.formats.faults import BadFile, Checker
from research.formats.sorts import ReadingOptions, SortRecord, gather
from research.formats.source import SourceFile

NAMES = ("P1", "P2", "P3")


def marked(text: str) -> list[list[int]]:
    found: list[list[int]] = (
        flags(SourceFile(Path("x.csv"), text.encode()), NAMES).astype(int).tolist()
    )
    return found


@pytest.mark.parametrize(
    "text",
    [
        "qsort,f2,f1\nP1,0,1\nP3,0,1\nP2,1,0\n",
        "navn;faktor 2;faktor 1\np3;;x\np1;nei;ja\np2;x;\n",
        '"","flag_f1","flag_f2"\n"P1",TRUE,FALSE\n"P2",FALSE,TRUE\n"P3",TRUE,FALSE\n',
        "x,1,2\n1,1,0\n2,0,1\n3,1,0\n",
    ],
)
def test_flags_by_label(text: str) -> None:
    assert marked(text) == [[1, 0], [0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("qsort,f1,f3\nP1,1,0\n", "f1 to f2, each once"),
        ("qsort,f1,f1\nP1,1,0\n", "f1 to f2, each once"),
        ("qsort,f1,vest\nP1,1,0\n", "The column is called “vest”"),
        ("qsort,f1,f2\nP1,1,kanskje\n", "The cell holds “kanskje”"),
        ("qsort,f1,f2\nP9,1,0\nP1,0,1\n", "There is no sort P9"),
        ("qsort,f1,f2\nP1,1,0\nP1,0,1\n", "stands at line 2, column 1 already"),
        ("qsort,f1,f2\nP1,1\n", "short or long"),
    ],
)
def test_flags_refused(text: str, expected: str) -> None:
    with pytest.raises(BadFile, match=expected):
        marked(text)


def test_turns_by_their_header() -> None:
    text = "varimax\ndegrees;second;first\n12,5;f2;f1\n\u22128;f3;f2\n"

    found = turns(SourceFile(Path("x.csv"), text.encode()))

    assert found.after_varimax
    assert [(one.first, one.second, one.degrees) for one in found.turns] == [
        (0, 1, 12.5),
        (1, 2, -8.0),
    ]


def test_flags_and_factors_agree() -> None:
    two = flags(SourceFile(Path("x.csv"), b"qsort,f1,f2\nP1,1,0\n"), NAMES)

    assert agreed(None, two) == agreed(2, two) == 2
    with pytest.raises(BadFile, match="--flags marks 2 factors, and --factors says 3"):
        agreed(3, two)


def test_a_sort_without_any_value_is_told_once() -> None:
    record = SortRecord("P1", "line 2", ["", "NA"], lambda n: f"cell {n}")

    with pytest.raises(BadFile) as caught:
        gather([record], ReadingOptions(), Checker())

    (fault,) = caught.value.faults
    assert fault.what == "The sort P1 is empty."
    assert "--exclude P1" in fault.remedy
