"""Each part has its gate."""

import json
from pathlib import Path

import pytest

from tests import coverage_gates


def report(tmp_path: Path, **missed: int) -> Path:
    """As `tests.covering` writes it: 100 lines and branches of each folder were there to run."""
    files = {
        f"{folder}/module.py": {
            "summary": {
                "covered_lines": 80 - missed.get(folder, 0),
                "missing_lines": missed.get(folder, 0),
                "covered_branches": 20,
                "missing_branches": 0,
            },
            "missing_lines": [7] if missed.get(folder) else [],
            "missing_branches": [[5, -1]] if missed.get(folder) else [],
        }
        for folder in coverage_gates.GATES
    }
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps({"files": files}), "utf-8")
    return path


def test_what_is_covered_passes(tmp_path: Path) -> None:
    assert coverage_gates.main(report(tmp_path)) == 0


def test_a_part_below_its_gate_fails_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert coverage_gates.main(report(tmp_path, dialogs=1)) == 1
    assert capsys.readouterr().err == (
        "dialogs is covered by 99.00 % and must be by 100 %.\n  dialogs/module.py: 7, 5->-1\n"
    )


def test_every_folder_with_a_gate_is_there() -> None:
    assert [folder for folder in coverage_gates.GATES if not Path(folder).is_dir()] == []
