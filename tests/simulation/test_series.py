"""The simulated weeks of a group run through, and its checks find what is wrong."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.streams import stdout
from simulation.series import Course, Line, SeriesScenario, faults, simulate_series

OSLO, NEW_YORK = ZoneInfo("Europe/Oslo"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "scenario",
    [
        SeriesScenario(date(2027, 10, 19), OSLO, seed=2),
        SeriesScenario(date(2027, 3, 2), NEW_YORK, seed=3),
        SeriesScenario(date(2028, 2, 15), OSLO, seed=4, stop=True),
    ],
    ids=["clocks back", "elsewhere", "leap day and a stop"],
)
async def test_the_right_messages_come_at_the_right_local_times(
    scenario: SeriesScenario, tmp_path: Path
) -> None:
    course = await simulate_series(scenario, tmp_path)

    assert faults(course) == []
    kinds = [line.reminder[0] for line in course.lines if line.reminder]
    assert set(kinds) == {"invitation", "log_form", "day_before", "soon", "try", "used"}
    assert len(course.members) == 5
    assert [line.text for line in course.lines].count("leaves the group") == 1


def test_the_command_prints_the_timeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default dates have Easter and the change to summer time among them."""
    monkeypatch.setattr(stdout, "width", 200)
    result = CliRunner().invoke(app, ["simulate", "series", "--stop"])

    assert result.exit_code == 0, result.output
    for expected in (
        "Thu 04 Mar 2027 09:00",
        "writes: @Kollegial planlegg 3 x 14 dager fra 2027-03-16 kl 09:00",
        "leaves the group",
        "moves the second meeting to 2027-03-31 at 13:00",
        "is without the bot for a week",
        "Wed 31 Mar 2027 12:50",
        "each in time, none twice",
    ):
        assert expected in result.output


def test_the_guide_for_operators_names_options_that_exist() -> None:
    guide = (Path(__file__).parents[2] / "docs/operators.md").read_text("utf-8")
    named = set(re.findall(r"--(?:first|stop|zone|seed)\b", guide))
    shown = CliRunner().invoke(app, ["simulate", "series", "--help"], env={"COLUMNS": "200"})
    assert len(re.findall(r"^kollegial simulate series", guide, re.MULTILINE)) == 2
    assert named == set(re.findall(r"--[a-z]+", shown.output)) - {"--help"}


def test_a_zone_that_does_not_exist_is_named() -> None:
    result = CliRunner().invoke(app, ["simulate", "series", "--zone", "Europe/Lillevik"])
    assert result.exit_code != 0
    assert "Europe/Lillevik" in result.output


@pytest.mark.parametrize("first", ["2027-05-17", "2027-04-19", "2027-01-09"])
def test_days_on_which_nobody_is_reminded_are_named(first: str) -> None:
    result = CliRunner().invoke(app, ["simulate", "series", "--first", first])
    assert result.exit_code != 0
    assert "--first 2027-03-16" in " ".join(result.output.replace("│", " ").split())


@pytest.mark.parametrize("first", ["2027-02-30", "i morgen", "", "0001-01-02", "9999-12-30"])
def test_what_is_no_day_is_refused_with_an_example(first: str) -> None:
    result = CliRunner().invoke(app, ["simulate", "series", "--first", first])
    assert result.exit_code == 2
    assert "for instance 2027-03-16" in " ".join(result.output.replace("│", " ").split())


# The checks themselves

STARTS = datetime(2027, 1, 14, 8, tzinfo=UTC)


def a_course() -> Course:
    """One member who got all there was to get."""
    told = {
        "log_form": datetime(2027, 1, 12, 8, tzinfo=OSLO),
        "day_before": datetime(2027, 1, 13, 8, tzinfo=OSLO),
        "soon": datetime(2027, 1, 14, 8, 50, tzinfo=OSLO),
        "try": datetime(2027, 1, 14, 10, 30, tzinfo=OSLO),
        "used": datetime(2027, 2, 11, 8, tzinfo=OSLO),
    }
    lines = [Line(at, "Kari", OSLO, "gets", kind, (kind, "m")) for kind, at in told.items()]
    course = Course(lines, ["Kari"], meetings={"m": STARTS})
    course.told_of_the_move["Kari"] = 1
    return course


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert faults(a_course()) == []


@pytest.mark.parametrize(
    ("index", "changes", "fault"),
    [
        (0, {"at": datetime(2027, 1, 12, 7, 59, tzinfo=OSLO)}, "got log_form at"),
        (0, {"at": datetime(2027, 1, 10, 9, tzinfo=OSLO)}, "got log_form at"),
        (0, {"at": datetime(2027, 1, 13, 9, tzinfo=OSLO)}, "got log_form, day_before on"),
        (1, {"reminder": ("log_form", "m")}, "got log_form 2 times"),
        (1, {"who": "Ola"}, "Kari did not get day_before"),
        (2, {"at": STARTS - timedelta(minutes=11)}, "got soon at"),
        (2, {"at": STARTS}, "got soon at"),
        (3, {"at": datetime(2027, 1, 14, 8, 55, tzinfo=OSLO)}, "and the meeting is at"),
    ],
)
def test_whatever_is_wrong_is_found(index: int, changes: dict[str, object], fault: str) -> None:
    course = a_course()
    course.lines[index] = replace(course.lines[index], **changes)  # type: ignore[arg-type] # tests name what they change
    assert any(fault in found for found in faults(course)), faults(course)


def test_who_had_left_or_was_told_twice_is_found() -> None:
    course = a_course()
    course.left, course.left_at = "Kari", STARTS
    course.told_of_the_move["Kari"] = 2
    found = " ".join(faults(course))
    assert "and had left" in found
    assert "told 2 times" in found
