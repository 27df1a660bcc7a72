"""Studies on disk: the shipped one, the published one, and what is not to be read."""

import tomllib
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from dialogs.study import LANGUAGES, Language, Study
from dialogs.study_file import MAX_BYTES
from dialogs.toml_reader import Fault
from research.study_files import read_study

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "methods" / "studies" / "oppfolging.toml"
PUBLISHED = ROOT.parent / "shared" / "data" / "q_aap" / "statements.csv"
TODAY = date(2026, 11, 1)


def shipped() -> Study:
    study = read_study(SHIPPED, TODAY)
    assert isinstance(study, Study), study
    return study


def test_the_shipped_study_has_no_faults() -> None:
    study = shipped()

    assert study.languages == LANGUAGES
    assert study.grid.size == len(study.statements) == 36
    assert [s.id for s in study.statements] == [f"s{n}" for n in range(1, 37)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nb", ["pseudonymt, ikke anonymt", "frivillig", "«trekk»", "bare én gang", "utgaver av"]),
        ("nn", ["pseudonymt, ikkje anonymt", "frivillig", "«trekk»", "éin gong", "utgåver av"]),
        ("en", ["pseudonymous, not anonymous", "voluntary", '"withdraw"', "only once", "versions"]),
    ],
)
def test_the_shipped_information_says_the_honest_word(language: Language, words: list[str]) -> None:
    text = shipped().information.text[language]

    assert [word for word in words if word not in text] == []
    assert "31" in text
    assert "2030" in text


def test_nynorsk_is_no_bokmal() -> None:
    study = shipped()
    texts = [study.information.text["nn"], study.instruction["nn"], study.purpose["nn"]]
    texts += [one.text["nn"] for one in study.statements]
    texts += [one.help["nn"] for one in study.statements if one.help]
    words = {word.strip(".,:;?!«»").lower() for text in texts for word in text.split()}

    bokmal = {"ikke", "jeg", "hva", "hvem", "hvordan", "hvor", "noe", "noen", "en", "et", "fra"}
    bokmal |= {"mer", "mye", "være", "gjøre", "gjør", "dem", "selv", "bare", "hver", "uten"}
    bokmal |= {"kommer", "begynner", "veileder", "utsagn", "forskerne", "svarene"}
    assert words & bokmal == set()


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published statements are not here")
def test_the_shipped_statements_are_not_the_published_ones() -> None:
    published = PUBLISHED.read_text(encoding="utf-8").casefold()

    for statement in shipped().statements:
        assert statement.text["nb"].casefold().rstrip(".") not in published


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published statements are not here")
def test_the_published_statements_make_a_study(tmp_path: Path) -> None:
    (tmp_path / "statements.csv").write_bytes(PUBLISHED.read_bytes())
    file = tmp_path / "aap.toml"
    grid = "\n".join(f"{value} = {6 - abs(value)}" for value in range(-5, 6))
    file.write_text(
        'id = "aap"\nlanguages = ["nb"]\nminutes = 60\nretention = 2030-12-31\n'
        'title = "AAP"\npurpose = "Formål"\ninstruction = "Sorter."\n'
        'statements = "statements.csv"\n[information]\nversion = "1"\ntext = "Informasjon"\n'
        f"[grid]\n{grid}\n",
        encoding="utf-8",
    )

    study = read_study(file, TODAY)

    assert isinstance(study, Study), study
    assert study.statements[0].text["nb"].startswith("Antall brukere jeg følger opp")
    assert [one.id for one in study.statements] == [str(n) for n in range(1, 37)]


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = cast("list[Fault]", read_study(tmp_path / "nowhere.toml", TODAY))

    assert str(fault).startswith("nowhere.toml:1: It cannot be opened: No such file")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("id,text\na,b\n")
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "linked.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "folder.csv").mkdir()
    for name in ("linked.csv", "folder.csv"):
        file = folder / "study.toml"
        file.write_text(f'languages = ["nb"]\nstatements = "{name}"\n')

        assert f"There is no file '{name}' here." in str(read_study(file, TODAY))


def test_no_more_of_a_large_file_is_read_than_needed(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    with file.open("wb") as large:
        large.truncate(50 * MAX_BYTES)

    assert "larger than" in str(read_study(file, TODAY))


def test_every_study_that_ships_is_plain_toml() -> None:
    for file in SHIPPED.parent.glob("*.toml"):
        assert tomllib.loads(file.read_text(encoding="utf-8"))["id"] == file.stem
