"""Options that several commands have, as the fields of a dataclass."""

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from cli.options import filled


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meal:
    guest: Annotated[str, typer.Argument(help="Who eats.")]
    spoons: Annotated[int, typer.Option(min=1, help="How many.")] = 2
    without: Annotated[list[str] | None, typer.Option("--no")] = None
    cooked: bool = True


app = typer.Typer()


@app.command()
@filled(meal=_Meal)
def serve(meal: _Meal, place: str, *, loud: bool = False) -> None:
    """Serve a meal."""
    typer.echo(f"{meal} {place} {loud}")


def _run(*typed: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, typed)
    return result.exit_code, result.output


def test_a_command_is_called_with_what_was_typed() -> None:
    code, said = _run("Kari", "ute", "--spoons", "3", "--no", "salt", "--no", "lok", "--loud")
    wanted = _Meal(guest="Kari", spoons=3, without=["salt", "lok"])
    assert (code, said) == (0, f"{wanted} ute True\n")


def test_what_is_left_out_has_the_fields_default() -> None:
    assert _run("Kari", "ute") == (0, f"{_Meal(guest='Kari')} ute False\n")


def test_what_typer_is_not_told_of_is_no_option() -> None:
    code, said = _run("Kari", "ute", "--cooked")
    assert code == 2
    assert "No such option" in said


def test_bounds_and_help_are_the_fields() -> None:
    assert _run("Kari", "ute", "--spoons", "0")[0] == 2
    said = _run("--help")[1]
    for words in ("Serve a meal.", "Who eats.", "How many."):
        assert words in said
