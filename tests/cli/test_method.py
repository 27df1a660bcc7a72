"""Methods are files: those that are shipped and those of one's own, and the commands for them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.sessions.methods import FOLDER, Faulty, Methods, shipped
from bot.ui.texts import texts
from cli.method import app
from dialogs.studies.study import LANGUAGES
from tests.bot.sessions.test_sessions import lead, status
from tests.dialogs.sessions.test_method_file import ONE, TOP, phase
from tests.support.kollegial import kollegial

ROOT = Path(__file__).parents[2]


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one method of one's own, which the settings name."""
    (tmp_path / "liten.toml").write_text(ONE, encoding="utf-8")
    monkeypatch.setenv("KOLLEGIAL_METHODS", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    return result.output


def words_of(module: Path) -> Iterator[str]:
    """Every text in a module that is no documentation."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield str(node.value)


def test_no_code_knows_a_method() -> None:
    ids = "|".join(re.escape(method.id) for method in shipped())
    known = re.compile(rf"\b({ids})\b")

    modules = [
        path
        for folder in ("cli", "simulation", "bot", "dialogs", "storage", "research")
        for path in (ROOT / folder).rglob("*.py")
    ]

    assert len(modules) > 100
    assert [
        (str(path.relative_to(ROOT)), words)
        for path in modules
        for words in words_of(path)
        if known.search(words)
    ] == []


def test_methods_are_offered_in_their_order_and_found_by_id_and_title() -> None:
    methods = Methods(shipped())
    offered = methods.all()

    assert [(each.order, each.id) for each in offered] == sorted(
        (each.order, each.id) for each in offered
    )
    for method in offered:
        assert methods.get(method.id) is methods.find(method.id) is method
        for language in LANGUAGES:
            assert methods.named(method.title[language].upper()) is method
    assert methods.find("finnes-ikke") is None
    assert methods.named("finnes ikke") is None
    with pytest.raises(KeyError):
        methods.get("finnes-ikke")


def test_no_two_shipped_methods_share_an_id_a_title_or_a_place() -> None:
    methods = shipped()

    assert [method.id for method in methods] == sorted(path.stem for path in FOLDER.glob("*.toml"))
    for language in LANGUAGES:
        assert len({method.title[language].casefold() for method in methods}) == len(methods)
    assert len({method.order for method in methods}) == len(methods)


def test_a_file_in_ones_own_folder_is_a_method_without_any_code(own: Path) -> None:
    assert Methods(shipped(str(own))).named("Liten metode")
    assert "liten" in done("list")


def test_a_file_of_ones_own_takes_the_place_of_a_shipped_one(own: Path) -> None:
    taken = shipped()[0].id
    (own / "egen.toml").write_text(ONE.replace("liten", taken, 1), encoding="utf-8")

    methods = Methods(shipped(str(own)))

    assert methods.get(taken).title["nb"] == "Liten metode"
    assert len(methods.all()) == len(shipped()) + 1


def test_a_faulty_folder_is_named_with_every_fault(own: Path) -> None:
    (own / "b.toml").write_text(ONE.replace("runde", "runda", 1), encoding="utf-8")
    (own / "a.toml").write_text("x = 1", encoding="utf-8")

    with pytest.raises(Faulty, match=r"(?s)a\.toml:1: .*b\.toml:\d+: There is no phase 'runde'"):
        shipped(str(own))
    assert "There is no phase 'runde'. Did you mean runda?" in refused("list")
    with pytest.raises(Faulty, match="There is no folder"):
        shipped(str(own / "none"))


def test_check_says_what_a_method_holds_or_names_every_fault(own: Path) -> None:
    assert done("check", str(own / "liten.toml")) == (
        "liten.toml has no faults: 4 phases in 60 minutes, 1 form, 0 roles.\n"
    )
    (own / "feil.toml").write_text(
        ONE.replace('"round"', '"rond"', 1).replace("minutes = 60", "minutes = 6"), encoding="utf-8"
    )

    assert refused("check", str(own / "feil.toml")) == (
        "feil.toml:11: The phases take 20 minutes, and the meeting has 6. Shorten a phase, or make "
        "the meeting longer.\n"
        "feil.toml:30: 'rond' is not possible here. Did you mean round?\n"
        "2 faults in feil.toml.\n"
    )
    assert "It cannot be opened: No such file" in refused("check", str(own / "borte.toml"))


def test_show_is_an_outline_in_the_language_that_is_wanted(own: Path) -> None:
    source = (
        TOP
        + '[[roles]]\nid = "panel"\ntext = "Panelet"\n'
        + phase("a", "round", 'acts = "panel"\nmedium = "oral"\nfirst_meeting = 2')
        + phase("b", "private", 'sees = "writer"\nguards = ["rules", "case"]\ndays = 2')
        + phase("c", "open", 'medium = "written"')
        + phase("d", "vote", 'of = "c"\nelects = "collection"')
        + phase("e", "vote", 'of = "c"\nelects = "owner"')
        + phase("f", "owner", 'picks = "c"')
        + phase("g", "form", 'form = "logg"')
        + phase("h", "owner")
    )
    (own / "stor.toml").write_text(source, encoding="utf-8")

    assert done("show", str(own / "stor.toml")) == (
        "Liten metode (liten)\nFormål\n\n"
        "60 minutes; 3-6 members, at least 4 advised; 2 meetings, 7 days apart; paces: live\n"
        "Role panel: Panelet\n\n"
        "Form logg, before each meeting: Logg\n  Del 1\n    hva: Hva skjedde?\n\n"
        " 1. Tittel\n      a: round (random), acts: panel, oral, from meeting 2, 5 min or 1 day\n"
        " 2. Tittel\n      b: private, acts: everyone, sees: writer, guards: rules case, "
        "5 min or 2 days\n"
        " 3. Tittel\n      c: open, acts: everyone, written, 5 min or 1 day\n"
        " 4. Tittel\n      d: vote (on c, elects collection), acts: everyone, 5 min or 1 day\n"
        " 5. Tittel\n      e: vote (on c, elects owner), acts: everyone, 5 min or 1 day\n"
        " 6. Tittel\n      f: owner (picks from c), acts: owner, 5 min or 1 day\n"
        " 7. Tittel\n      g: form (logg), acts: everyone, 5 min or 1 day\n"
        " 8. Tittel\n      h: owner, acts: owner, 5 min or 1 day\n"
    )
    assert "Liten metode" in done("show", "liten")
    divided = done("show", "etterrefleksjon")
    assert "With more than 12: small groups of about 5, 45 minutes" in divided
    assert "small groups by themselves" in divided
    assert "with small groups only" in divided
    assert "Did you mean liten?" in refused("show", "litten")
    for method in shipped():
        assert method.title["nn"] in done("show", method.id, "--language", "nn")
    result = run("show", "liten", "--language", "sv")
    assert result.exit_code == 2


async def test_a_group_meets_by_a_file_that_no_code_knows(own: Path, tmp_path: Path) -> None:
    source = TOP + phase("a", "open") + phase("b", "round").replace("Tittel", "Runde til slutt")
    (own / "liten.toml").write_text(source, encoding="utf-8")

    async with kollegial(tmp_path, (), methods=str(own)) as house:
        chat = house.teams.group_chat(house.anne, house.kari, house.ola)
        await house.anne.write("start liten metode", chat)
        await house.settle()
        for member in (house.kari, house.ola):
            await member.press(status(chat, member), "session.here")
        await house.settle()
        seen = []
        for verb in ("session.start", "session.skip", "session.skip"):
            await lead(house, verb)
            seen.append(house.kari.sees(chat.last))

    first, second, ended = seen
    assert "Tittel" in first
    assert "Manus" in first
    assert "Runde til slutt" in second
    assert texts("nb")("session.ended") in ended
