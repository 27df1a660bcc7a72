"""The bench without its page: every answer is what the command would give."""

import json
import shlex
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.app import app
from research.analysis import NotAnalysable
from research.analysis.solution import solve
from research.bench.bench import KEPT, Bench, Cache
from research.bench.wanted import AnalyseCommand, Wanted, Words
from research.dataset import Dataset
from research.formats.faults import CannotHold
from tests.research.bench.samples import bench_over
from tests.research.samples import GRID, dataset, planted

turns = st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-1800, 1800)).filter(
    lambda turn: turn[0] != turn[1]
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return bench_over(tmp_path_factory.mktemp("bench"))


def repeated(saved: Path, out: Path) -> dict[str, bytes]:
    """What the saved command writes, elsewhere."""
    words = shlex.split((saved / "command.txt").read_text("utf-8"))[1:]
    words[words.index("--out") + 1] = str(out)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return {path.name: path.read_bytes() for path in out.iterdir()}


@settings(max_examples=25, deadline=None)
@given(own=st.lists(turns, max_size=5), base=st.sampled_from(["varimax", "none"]),
       compat=st.sampled_from(["default", "r", "kade"]))  # fmt: skip
def test_any_turns_give_what_solving_afresh_gives(
    own: list[tuple[int, int, int]], base: Any, compat: Any, bench: Bench
) -> None:
    wanted = Wanted(
        turns=tuple((x, y, tenths / 10) for x, y, tenths in own), base=base, compat=compat
    )
    data = bench.sorts(()).data

    try:
        afresh = solve(data.sorts.astype(float), GRID, wanted.choices(data.names))
    except NotAnalysable:
        with pytest.raises(NotAnalysable):
            bench.step(wanted)
        return
    shown = bench.step(wanted)

    np.testing.assert_array_equal(shown["plane"], afresh.loadings)
    np.testing.assert_array_equal(shown["marks"], afresh.flags)
    np.testing.assert_array_equal(shown["z"], afresh.z)
    np.testing.assert_array_equal(shown["arrays"], afresh.arrays)


def test_it_opens_with_what_was_wanted_last(bench: Bench) -> None:
    bench.step(Wanted(factors=2, turns=((0, 1, 12.5),)))

    opened = bench.opened()

    assert opened["wanted"]["turns"] == [(0, 1, 12.5)] or opened["wanted"]["turns"] == [
        [0, 1, 12.5]
    ]
    assert opened["names"][0] == "p1"
    assert opened["fields"]["p1"] == {"role": "leader"}
    json.dumps(opened, allow_nan=False)


def test_a_sort_left_out_is_out_of_everything(bench: Bench) -> None:
    wanted = Wanted(exclude=("p2",))

    assert "p2" not in bench.step(wanted)["names"]
    assert "p2" not in bench.correlations(wanted)["names"]
    assert len(bench.number(wanted)["eigenvalues"]) == 14


def test_numbers_side_by_side(bench: Bench) -> None:
    found = bench.number(Wanted())

    assert found["recommended"] == 3
    assert [each["factors"] for each in found["beside"]] == [2, 3, 4, 5, 6, 7]
    assert found["beside"][1]["stable"] > 0.9
    assert "Parallellanalyse: 3 egenverdier" in found["reasons"][0]


def test_a_bipolar_factor_split(tmp_path: Path) -> None:
    values, _ = planted(5, 1, 8)
    values[:, 4:] *= -1

    def read(_: object) -> tuple[Dataset, str]:
        return dataset(values), "Example"

    bench = Bench(read, AnalyseCommand("x", (), (), "en", 1), tmp_path, Wanted())
    whole, split = (bench.step(Wanted(factors=1, split=each)) for each in (False, True))

    assert whole["bipolar"] == split["bipolar"] == [0]
    assert split["scored"] == ["f1a", "f1b"]
    assert np.shape(split["plane"]) == (8, 1)
    assert whole["consensus"] == [""] * 16


def test_doubtful_flags_are_told(bench: Bench) -> None:
    shown = bench.step(Wanted(flags={"p1": (0, 1), "p6": (2,)}))

    assert any("p1" in doubt for doubt in shown["doubts"])
    assert "f3 hviler på én sortering: det er én persons syn." in shown["doubts"]
    assert shown["scored"] == ["f1", "f2", "f3"]


class TestSaving:
    WANTED = Wanted(
        exclude=("p15",),
        extraction="centroid",
        turns=((0, 1, 12.5), (1, 2, -8)),
        flags={"p1": (0,), "p2": (0,), "p6": (1,), "p7": (1,), "p11": (2,), "p12": (2,)},
        level=0.01,
        reason="Tre syn",
        words={"f1": Words(name="Først"), "f2": Words(), "f7": Words(name="Ingen")},
    )

    @pytest.fixture(autouse=True)
    def undrawn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)

    def test_the_saved_command_repeats_it_byte_for_byte(self, tmp_path: Path) -> None:
        bench = bench_over(tmp_path)

        saved = bench.save(self.WANTED, "one", steps=20, with_report=True)

        own = {path.name: path.read_bytes() for path in (saved.folder / "analysis").iterdir()}
        assert repeated(saved.folder, tmp_path / "again") == own
        assert (saved.folder / "rotation.csv").read_text("utf-8") == (
            "varimax\nfirst,second,degrees\nf1,f2,12.5\nf2,f3,-8\n"
        )
        assert (saved.folder / "factors.toml").read_text("utf-8") == (
            'reason = "Tre syn"\n\n[f1]\nname = "Først"\ntext = ""\n'
        )
        document = json.loads(own["analysis.json"])
        assert document["factors"]["f1"]["name"] == "Først"
        assert document["flags"]["f3"] == ["p11", "p12"]

    def test_only_what_was_decided_by_hand_becomes_a_file(self, tmp_path: Path) -> None:
        wanted = Wanted(factors=2, split=True, compat="r", rule="majority", base="none")

        saved = bench_over(tmp_path).save(wanted, "plain", steps=0, with_report=False)

        assert saved.files == ("command.txt",)
        assert "--rotation none" in saved.command
        assert "--compat r --split-bipolar" in saved.command
        assert repeated(saved.folder, tmp_path / "again")

    @pytest.mark.parametrize("name", ["", "..", "a/b", "/etc/x", "a\\b", " . "])
    def test_a_name_that_leads_elsewhere(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(CannotHold, match="kan ikke være navnet på en mappe"):
            bench_over(tmp_path).save(Wanted(), name, steps=0, with_report=False)

    def test_nothing_that_exists_is_overwritten(self, tmp_path: Path) -> None:
        bench = bench_over(tmp_path)
        bench.save(Wanted(), "one", steps=0, with_report=False)

        with pytest.raises(CannotHold, match="er der fra før"):
            bench.save(Wanted(), "one", steps=0, with_report=False)

    def test_the_command_is_shown_before(self, bench: Bench) -> None:
        typed = bench.typed(self.WANTED, "a b", 100)

        assert typed.startswith("kollegial analyse ")
        assert "--exclude p15" in typed
        assert "a b/rotation.csv'" in typed
        assert "--level 0.01" in typed


def test_an_array_as_the_report_draws_it(bench: Bench) -> None:
    assert bench.picture(Wanted(), "f1", "svg").startswith(b"<?xml")
    with pytest.raises(NotAnalysable, match="no array of f9"):
        bench.picture(Wanted(), "f9", "svg")


def test_a_level_that_there_is_not(bench: Bench) -> None:
    with pytest.raises(NotAnalysable, match="no level"):
        bench.step(Wanted(level=0.3))


def test_the_oldest_is_forgotten() -> None:
    memory = Cache[int]()
    for n in range(KEPT + 1):
        memory.get(n, partial(int, n))

    assert memory.get(KEPT, lambda: -1) == KEPT
    assert memory.get(0, lambda: -1) == -1


def test_a_step_is_quick_with_many_sorts(tmp_path: Path) -> None:
    grid = np.repeat(np.arange(-6, 7), [4, 6, 9, 11, 14, 17, 18, 17, 14, 11, 9, 6, 4])
    values, _ = planted(1, 7, 29, 1.0, grid)
    data = dataset(values[:, :200])
    bench = Bench(lambda _: (data, "x"), AnalyseCommand("x", (), (), "nb", 1), tmp_path, Wanted())
    bench.step(Wanted(factors=7, turns=((0, 1, 1.0),)))

    took = []
    for tenth in range(5):
        began = time.process_time()  # whatever else the machine does
        json.dumps(bench.step(Wanted(factors=7, turns=((0, 1, tenth / 10 + 2),))))
        took.append(time.process_time() - began)

    assert min(took) < 0.2
