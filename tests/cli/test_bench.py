"""`kollegial bench` as it is typed, up to where the page is served."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import bench as command
from cli.analyse import app as analyse
from cli.bench import app
from research.analysis import NotAnalysable
from research.bench.server import Server
from research.bench.wanted import Wanted
from tests.research.bench.samples import bench_over, file_of
from tests.research.bench.test_bench import repeated

OK = Path("tests/data/cases/q/ok_r.csv").resolve()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Server]:
    """The servers that would have run."""
    found: list[Server] = []

    async def serve(server: Server, port: int, *, browser: bool) -> None:
        assert (port, browser) == (0, True)
        found.append(server)

    monkeypatch.setattr(command, "_serve", serve)
    return found


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "300"})
    assert result.exit_code == code, result.output
    return result.output


def test_it_begins_as_recommended_and_ends_with_the_terminal(
    served: list[Server], tmp_path: Path
) -> None:
    path = file_of(tmp_path)

    told = run(path)

    (server,) = served
    assert server.bench.latest.factors == 3
    assert server.bench.out == tmp_path / "sorts-bench"
    assert "Kollegial JSON, 15 sorts of 16 statements" in told
    assert "The bench has ended." in told
    assert [entry.name for entry in tmp_path.iterdir()] == ["sorts.json"]


def test_it_begins_as_the_options_of_analyse_say(served: list[Server], tmp_path: Path) -> None:
    path = file_of(tmp_path)
    (tmp_path / "turns.csv").write_text("varimax\nfirst,second,degrees\nf1,f2,12.5\n", "utf-8")
    (tmp_path / "flags.csv").write_text("qsort,f2,f1\np1,0,1\np6,1,0\np7,0,0\n", "utf-8")
    (tmp_path / "names.toml").write_text("reason = 'To'\n[f1]\nname = 'Først'\n", "utf-8")
    (tmp_path / "texts.txt").write_text("".join(f"Nytt {n}\n" for n in range(16)), "utf-8")
    by_hand = ("--rotation", tmp_path / "turns.csv", "--flags", tmp_path / "flags.csv")
    read = ("--from", "json", "--statements", tmp_path / "texts.txt", "--missing", "drop")

    run(path, *by_hand, "--names", tmp_path / "names.toml", *read, "--exclude", "p15",
        "--compat", "kade", "--level", "0.01", "--out", tmp_path / "mine")  # fmt: skip

    bench = served[0].bench
    assert bench.latest.flags == {"p1": (0,), "p6": (1,)}
    assert bench.latest.turns == ((0, 1, 12.5),)
    assert (bench.latest.reason, bench.latest.words["f1"].name) == ("To", "Først")
    assert bench.opened()["texts"][3] == "Nytt 3"
    typed = bench.typed(Wanted(exclude=("p2",)), "x", 0)
    assert "--from json" in typed
    assert "--missing drop" in typed
    assert "--exclude p15 --exclude p2" in typed
    assert str(tmp_path / "mine") in typed


def test_analyse_opens_it_with_the_same_choices(served: list[Server], tmp_path: Path) -> None:
    path = str(file_of(tmp_path))
    options = ["analyse", path, "--open", "--factors", "2", "--level", "0.01", "--language", "nn"]

    told = CliRunner().invoke(analyse, options)

    assert told.exit_code == 0, told.output
    (server,) = served
    assert (server.bench.latest.factors, server.bench.latest.level) == (2, 0.01)
    assert server.bench.opened()["language"] == "nn"
    assert [entry.name for entry in tmp_path.iterdir()] == ["sorts.json"]
    for wrong in (["--bootstrap", "9"], ["--compare", path]):
        assert CliRunner().invoke(analyse, [*options, *wrong]).exit_code == 2
    assert CliRunner().invoke(analyse, ["analyse", path]).exit_code == 2


def test_unrotated_factors_to_begin_with(served: list[Server], tmp_path: Path) -> None:
    turns = tmp_path / "turns.csv"
    turns.write_text("first,second,degrees\nf1,f5,12.5\n", "utf-8")
    path = file_of(tmp_path)

    run(path, "--rotation", "none", "--orientation", "sorts", "--sheet", "x")
    run(path, "--rotation", turns)

    assert [server.bench.latest.base for server in served] == ["none", "none"]
    assert [server.bench.latest.factors for server in served] == [3, 5]
    assert "--orientation sorts --sheet x" in served[0].bench.typed(Wanted(), "x", 0)


def test_gaps_are_turned_saved_and_repeated(
    served: list[Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)
    rows = [line.split(",") for line in OK.read_text("utf-8").splitlines()]
    rows[3][2] = ""
    path = tmp_path / "gaps.csv"
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8")

    told = run(path, "--missing", "pairwise", "--grid=1,3,6,3,1", "--factors", 2)

    assert "correlated pairwise" in told
    bench = served[0].bench
    assert "parvis" in bench.opened()["remarks"][0]
    assert bench.opened()["grid"] == [[-2, 1], [-1, 3], [0, 6], [1, 3], [2, 1]]
    wanted = Wanted(factors=2, turns=((0, 1, 12.5),))
    saved = bench.save(wanted, "one", steps=10, with_report=True)
    assert "--missing pairwise --grid 1,3,6,3,1" in saved.command
    own = {file.name: file.read_bytes() for file in (saved.folder / "analysis").iterdir()}
    assert repeated(saved.folder, tmp_path / "again") == own
    for ask in (bench.step, bench.correlations, bench.number):
        with pytest.raises(NotAnalysable, match="take no sorts with gaps"):
            ask(wanted.model_copy(update={"compat": "kade"}))


def test_what_cannot_be_analysed_opens_no_page(served: list[Server], tmp_path: Path) -> None:
    assert "40 factors were asked for" in run(file_of(tmp_path), "--factors", 40, code=1)
    assert "is none of" in run(tmp_path / "sorts.json", "--level", 0.3, code=2)
    assert served == []


async def test_it_serves_until_it_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    has_opened = asyncio.Event()

    def open_page(address: str) -> None:
        opened.append(address)
        has_opened.set()

    monkeypatch.setattr("webbrowser.open", open_page)
    server = Server(bench_over(tmp_path))

    running = asyncio.create_task(command._serve(server, 0, browser=True))
    await has_opened.wait()
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert opened == [server.address]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGHUP])
def test_the_process_ends_with_its_terminal(end: signal.Signals, tmp_path: Path) -> None:
    words = (sys.executable, "-m", "cli", "bench", str(file_of(tmp_path)), "--no-browser",
             "--factors", "2")  # fmt: skip
    quiet = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=quiet) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        told = next(line for line in lines if "The bench is at" in line)
        assert re.search(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", told)
        process.send_signal(end)
        assert process.wait(20) in {0, -signal.SIGHUP}
