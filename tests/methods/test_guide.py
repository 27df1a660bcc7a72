"""docs/methods.md is true: its examples are read, and a method written by it is played."""

import re
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from bot.sessions.methods import shipped
from cli.method import app
from dialogs.sessions.method import Method, Phase
from dialogs.sessions.method_file import read
from dialogs.sessions.primitives import TYPES
from dialogs.sessions.state import Pace
from tests.methods.playing import play

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml *(?:title=(\S+))?\n(.*?)```", DOCS, re.DOTALL)
(WHOLE,) = [block for title, block in BLOCKS if title == "kaffeprat.toml"]
PIECES = [block for title, block in BLOCKS if not title]
TWELFTH = Path(__file__).with_name("erfaringstorg.toml")
KINDS = set(TYPES)


def method(source: str) -> Method:
    found = read("docs.toml", source.encode())
    assert isinstance(found, Method), "\n".join(map(str, found))
    return found


def faults(source: str) -> str:
    found = read("docs.toml", source.encode())
    assert isinstance(found, list)
    return "\n".join(f"{fault.what} {fault.remedy}" for fault in found)


# --- The guide ----------------------------------------------------------------------------------


def test_the_whole_method_of_the_guide_is_checked_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "kaffeprat.toml").write_text(WHOLE, encoding="utf-8")

    result = CliRunner().invoke(app, ["check", str(tmp_path / "kaffeprat.toml")])

    assert result.exit_code == 0
    assert result.output in "\n".join(line.strip() for line in DOCS.split("\n"))


@pytest.mark.parametrize(
    "piece", PIECES, ids=lambda piece: "-".join(re.findall(r'"(\w+)"', piece)[:2])
)
def test_every_piece_of_the_guide_can_be_added_to_it(piece: str) -> None:
    changed = method(f"{WHOLE}\n{piece}")

    assert changed != method(WHOLE)


def test_a_language_is_added_as_the_guide_says() -> None:
    (languages,) = [block for title, block in BLOCKS if title == "language"]
    told = faults(
        re.sub(
            r'(?m)^(languages|title = "Kaffeprat").*\n',
            "",
            WHOLE.replace("[frame]", languages + "[frame]", 1),
            count=2,
        )
    )

    assert "has no text in nn" in told or "must be texts" in told


def test_the_guide_has_an_example_of_every_kind_of_phase() -> None:
    assert set(re.findall(r'does = "(\w+)"', "".join(PIECES))) == KINDS


def test_the_guide_names_everything_that_can_be_said_of_a_phase() -> None:
    table = DOCS[DOCS.index("## En fase\n") : DOCS.index("## Det en fase kan være")]
    named = set(re.findall(r"(?m)^\| `(\w+)` \|", table))

    assert named == set(Phase.__dataclass_fields__) - {"title", "prompt", "script"}


def test_the_guide_lists_the_methods_that_are_shipped() -> None:
    rows = re.findall(r"(?m)^\| (\S.*?) \| `methods/(\w+)\.toml` \|$", DOCS)

    in_order = sorted(shipped(), key=lambda each: each.order)
    assert rows == [(each.title["nb"], each.id) for each in in_order]


UNTIL = WHOLE.index("[[phases]]")
MORE = next(piece for piece in PIECES if "plukker" in piece)


TWO_LANGUAGES = re.sub(
    r'(?m)^(title|prompt|script|purpose) = ("[^"]*")$', r"\1.nb = \2", WHOLE
).replace('["nb"]', '["nb", "nn"]')
FAULTY = [
    WHOLE.replace("script =", "scrpt =", 1),
    TWO_LANGUAGES,
    WHOLE.replace('["nb"]', '["nb", "nn"]'),
    TWO_LANGUAGES.replace('title.nb = "Runde', 'title = "Runde'),
    WHOLE.replace('of = "uka"', 'of = "uke"'),
    WHOLE.replace('of = "uka"', 'of = "ideer"'),
    WHOLE[:UNTIL] + MORE,
    WHOLE.replace("minutes = 12", "minutes = 57"),
    WHOLE + '"',
]
"""A file for each fault that the guide lists, in its order."""


@pytest.mark.parametrize("row", range(len(FAULTY)))
def test_the_faults_of_the_guide_are_those_that_are_told(row: int) -> None:
    listed = re.findall(r"(?m)^\| `([^`]+)` \| [^|]+ \|$", DOCS[DOCS.index("## Når noe er galt") :])

    assert len(listed) == len(FAULTY)
    assert listed[row] in faults(FAULTY[row])


# --- The twelfth method -------------------------------------------------------------------------


def twelfth() -> Method:
    return method(TWELFTH.read_text(encoding="utf-8"))


def test_the_twelfth_method_has_a_phase_of_every_kind() -> None:
    assert {phase.does.kind for phase in twelfth().phases} == KINDS


@pytest.mark.parametrize("pace", get_args(Pace))
@pytest.mark.parametrize("meeting", [1, 2])
def test_the_twelfth_method_is_played_to_its_end(pace: Pace, meeting: int) -> None:
    torg = play(twelfth(), pace, meeting)

    phases = torg.method.plan(meeting)
    expected = [phase.id for phase in phases if phase.divided != "only"]
    assert list(torg.seen) == [each for each in expected if each != "pause" or pace == "live"]
    assert torg.session.owner == "kari"  # of those who have experience, as only they told
    assert torg.session.picked
    assert torg.session.spreads["vurdering"]["nytte"] == (0, 0, 0, 0, 0, 0, 6)
    assert len(torg.shown("varianter")) == 5
    assert set(torg.session.pictures["bilde"].values()) == {(3, 1)}
    assert torg.session.wordings["avtale"].text == "Vi prøver ett grep hver."
    assert all(
        each.author is None for each in torg.session.contributions if each.phase == "varianter"
    )
