"""The command line as a whole: the list of commands, and what each needs before it begins."""

import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from cli.app import COMMANDS, RESEARCH, app, load

FOR_RESEARCHERS = {"convert", "analyse", "bench", "code"}
"""Commands that cannot begin without the extra `research`."""
WITHOUT = f"""
import sys

class Missing:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {set(RESEARCH)!r}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing())
from cli.app import app
app(sys.argv[1:])
"""


def without_research(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT, *words]
    return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(name: str) -> None:
    listed, own = COMMANDS[name][1], " ".join(load(name).help.split())
    assert own.startswith(listed), own


def test_the_list_loads_no_command() -> None:
    check = (
        "import sys; from cli.app import app; from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print(*(name for name in sys.modules if name.startswith(('cli', 'bot', 'research'))))"
    )
    run = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True)
    assert sorted(run.stdout.split()) == ["cli", "cli.app", "cli.garbage"]


@pytest.mark.parametrize("name", ["analyse", "bench", "convert"])
def test_what_draws_is_loaded_when_something_is_drawn(name: str) -> None:
    check = (
        f"import sys; from cli.app import load; load({name!r}); print('matplotlib' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "False"


def test_it_says_which_version_it_is() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"Kollegial {version('kollegial')}\n"


def test_a_command_that_there_is_not_is_refused() -> None:
    result = CliRunner().invoke(app, ["analize"])
    assert result.exit_code == 2
    assert "No such command 'analize'" in result.output


def test_a_server_runs_without_what_researchers_need() -> None:
    """All of them in one process: each finds what it needs."""
    check = WITHOUT.rsplit("app(", 1)[0] + (
        "from cli.app import COMMANDS, load\n"
        f"for name in COMMANDS:\n    if name not in {FOR_RESEARCHERS!r}: load(name)\n"
        "from datetime import date\n"
        "from bot.operation.demonstration import STUDY\n"
        "from research.study_files import read_study\n"
        "assert not isinstance(read_study(STUDY, date.min), list)\n"
    )
    run = subprocess.run([sys.executable, "-c", check], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_a_command_for_researchers_says_what_to_install() -> None:
    run = without_research("analyse", "sorts.csv")
    assert run.returncode == 1
    assert "pip install 'kollegial[research]'" in run.stderr
    assert "Traceback" not in run.stderr
