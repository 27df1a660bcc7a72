"""Studies of HTMLQ and EQ Web Sort become study files: published shapes, in several languages.

Grids, settings and kinds of questions are those of public studies; the texts are invented.
"""

# ruff: noqa: E501 - other programs' files read best as they are

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.analyse import app as analyse
from cli.study import app
from dialogs.studies.study import Study
from research import study_folder
from research.export import Export, open_answers, write_export
from research.formats.faults import BadFile
from research.study_files import read_study
from simulation.hand import Tally
from simulation.study import StudyScenario, simulate_study
from storage.crypto.sealing import PrivateKey
from tests.support.kollegial import kollegial

TODAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Design:
    """A published study: its grid as the program writes it, and what is asked after the sort."""

    language: str
    title: str
    columns: Mapping[str, int]
    about: Sequence[str]
    """Words that, numbered, make the statements."""
    config: str
    words: str
    place: str = "settings"

    @property
    def size(self) -> int:
        return sum(self.columns.values())

    def write(self, folder: Path) -> Path:
        place = folder / self.place
        place.mkdir(parents=True)
        columns = "\n".join(
            f'  <column id="{head}" colour="FFD5D5">{count}</column>'
            for head, count in self.columns.items()
        )
        (place / "map.xml").write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- shape -->\n<map>\n{columns}\n</map>',
            "utf-8",
        )
        statements = "\n".join(
            f'<statement id="{n}">{self.about[n % len(self.about)]} {{b}}{n}{{/b}}</statement>'
            for n in range(1, self.size + 1)
        )
        (place / "statements.xml").write_text(
            f'<?xml version="1.0" encoding="UTF-8"?><statements>{statements}</statements>', "utf-8"
        )
        (place / "config.xml").write_text(
            f'<config><item id="studyTitle">{self.title}</item>{self.config}</config>', "utf-8"
        )
        (place / "language.xml").write_text(f"<language>{self.words}</language>", "utf-8")
        return folder


NORWEGIAN = Design(
    "nb",
    "Veien videre",
    dict(zip([*map(str, range(-5, 1)), "+1", "+2", "+3", "+4", "+5"],
             (1, 2, 3, 4, 4, 4, 4, 4, 3, 2, 1), strict=True)),
    ("Jeg velger selv hvor jeg vil", "Jeg lytter til kolleger"),
    """<item id="shuffleCards">true</item><item id="form">
    <label>Alder*</label><note>Skriv fødselsår.</note>
    <input type="text" required="true" maxlength="4" restricted="0-9"></input>
    <label>Kjønn*</label><input type="radio" required="true">kvinne;mann</input>
    <label>Svar på dette.</label>
    <input type="rating2" required="false" scale="Ja;Nei;">Jeg var rolig;Jeg hadde tid</input>
    <label>Jeg sorterte ut fra det jeg har erfart.</label>
    <input type="checkbox">Ja;Nei;Usikker</input>
    <label>Hvordan har du det?</label><input type="select">Rolig;Stresset;Annet</input>
    <label>Kommenter</label><input type="textarea"></input></item>""",
    """<item id="btnAgreement">Enig</item><item id="btnDisagreement">Uenig</item>
    <item id="introText">Om valg.{br}{br}Takk!</item>""",
)  # fmt: skip
DUTCH = Design(
    "nl",
    "Wat drijft je",
    dict(zip([*map(str, range(-5, 0)), " 0", *(f"+{n}" for n in range(1, 6))],
             (5, 5, 6, 6, 6, 6, 6, 6, 6, 5, 5), strict=True)),
    ("Ik wil groeien in mijn werk", "Ik wil rust en vaste uren", "Ik wil anderen helpen"),
    '<item id="showStep4">false</item>',
    """<item id="btnAgreement">belangrijkst</item><item id="btnNeutral">belangrijker</item>
    <item id="btnDisagreement">minder belangrijk</item>""",
)  # fmt: skip
GERMAN = Design(
    "de",
    "Befragung 2020",
    dict(zip(map(str, range(-4, 5)), (2, 4, 4, 5, 6, 5, 4, 4, 2), strict=True)),
    ("Die Arbeit gefällt mir", "Wir sprechen offen"),
    """<item id="loginrequired">true</item><item id="form">
    <label>Geschlecht</label><input type="radio" required="true">weiblich;männlich</input>
    <label>Bitte antworten:</label>
    <input type="rating10">Ich bin zufrieden;Ich bin oft dabei</input>
    <label>Bild</label><input type="upload"></input></item>""",
    """<item id="btnAgreement">stimme zu</item><item id="btnDisagreement">stimme nicht zu</item>
    <item id="btnNeutral">neutral</item>""",
)
GREEK = Design(
    "el",
    "Η δουλειά μας",
    dict(zip(map(str, range(-5, 6)), (4, 5, 6, 7, 8, 11, 8, 7, 6, 5, 4), strict=True)),
    ("Μιλάμε ανοιχτά", "Έχω χρόνο"),
    """<item id="initialScreen">anonymous</item><item id="showPostsort">true</item>
    <item id="survey"><input type="information"></input><note>All fields</note></item>
    <item id="survey"><input type="textarea"></input><label>1. Σχόλια*</label></item>
    <item id="survey"><input type="select">Ναι;;;Όχι</input><label>2. Ξανά;</label></item>
    <item id="survey"><input type="checkbox" required="true">α;;;β;;;γ</input><label>3.</label></item>
    <item id="survey"><input type="rating10" scale="1;;;2;;;3">Πού;</input><label>4.</label></item>""",
    """<item id="condOfInst">Ταξινομήστε {{{b}}}όλα{{{/b}}}</item>
    <item id="sortAgreement">Συμφωνώ</item><item id="sortDisagreement">Διαφωνώ</item>""",
    place="public/settings",
)
DESIGNS = {"nb": NORWEGIAN, "nl": DUTCH, "de": GERMAN, "el": GREEK}


def finished(text: str) -> str:
    return text.replace("NOT FINISHED: ", "")


def imported(design: Design, folder: Path) -> Study:
    found = study_folder.read(design.write(folder / "study"), design.language, TODAY)
    file = folder / "study.toml"
    file.write_text(finished(found.text), "utf-8")
    study = read_study(file, TODAY)
    assert isinstance(study, Study), study
    return study


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_a_published_study_is_taken_over(design: Design, tmp_path: Path) -> None:
    study = imported(design, tmp_path)

    assert study.languages == (design.language,)
    assert study.title[design.language] == design.title
    assert list(study.grid.cells.values()) == list(design.columns.values())
    assert len(study.statements) == design.size
    assert study.statements[0].text[design.language] == f"{design.about[1]} 1"


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
async def test_a_published_design_goes_from_import_to_report(
    design: Design, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("research.report.html.MOST_STATEMENTS", 0)  # pictures take a second each
    study = imported(design, tmp_path)
    async with kollegial(tmp_path, [study]) as house:
        scenario = StudyScenario(study.id, 4, seed=5, viewpoints=2)
        delivered = await simulate_study(house.teams, scenario, Tally())
        await house.services.studies.close(study.id, "a researcher")
        released = await house.urn.release(study.id)
    answers = open_answers(study, released.submissions, PrivateKey(house.identity.text))
    write_export(tmp_path / "export", Export(study, answers, 4))
    said = await asyncio.to_thread(
        CliRunner().invoke,
        analyse,
        ["analyse", f"{tmp_path}/export", "--factors", "2", "--out", f"{tmp_path}/out"],
    )

    assert said.exit_code == 0, said.output
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert design.title in report
    arrays = json.loads((tmp_path / "out/analysis.json").read_text("utf-8"))["factor_arrays"]
    for array in arrays.values():
        assert Counter(array.values()) == Counter(study.grid.cells)
    assert {one.pseudonym for one in delivered} == set(answers)


def test_what_is_asked_after_the_sort_comes_along(tmp_path: Path) -> None:
    study = imported(NORWEGIAN, tmp_path)

    assert [(q.text["nb"], q.way, len(q.options)) for q in study.questions] == [
        ("Alder (Skriv fødselsår.)", "text", 0),
        ("Kjønn", "one", 2),
        ("Jeg var rolig", "one", 2),
        ("Jeg hadde tid", "one", 2),
        ("Jeg sorterte ut fra det jeg har erfart.", "several", 3),
        ("Hvordan har du det?", "one", 3),
        ("Kommenter", "text", 0),
    ]
    assert study.purpose["nb"] == "Om valg. Takk!"
    assert study.labels is None


def test_eq_web_sorts_survey_comes_along(tmp_path: Path) -> None:
    study = imported(GREEK, tmp_path)

    assert [(q.way, [o.text["el"] for o in q.options]) for q in study.questions] == [
        ("text", []),
        ("one", ["Ναι", "Όχι"]),
        ("several", ["α", "β", "γ"]),
        ("one", ["1", "2", "3"]),
    ]
    assert study.instruction["el"] == "Ταξινομήστε όλα"
    assert study.labels is not None
    assert (study.labels.most["el"], study.labels.least["el"]) == ("Συμφωνώ", "Διαφωνώ")


def test_settings_that_we_have_too_are_kept(tmp_path: Path) -> None:
    study = imported(DUTCH, tmp_path)

    assert study.reasons == 0
    assert study.labels is not None
    assert study.labels.middle == {"nl": "belangrijker"}


def test_what_is_not_taken_over_is_named(tmp_path: Path) -> None:
    found = study_folder.read(GERMAN.write(tmp_path / "s"), "de", TODAY)
    said = "\n".join(found.left)

    assert "logging in" in said
    assert "required answers" in said
    assert "a question of the kind upload: Bild" in said


def test_numbers_before_every_statement_are_taken_off(tmp_path: Path) -> None:
    folder = GERMAN.write(tmp_path / "study")
    rows = "".join(f'<statement id="{n}">{n}. Satz {n}</statement>' for n in range(1, 37))
    (folder / "settings" / "statements.xml").write_text(f"<s>{rows}</s>")
    found = study_folder.read(folder, "de", TODAY)

    assert 'text = "Satz 1"' in found.text


def test_nobody_is_asked_who_they_are(tmp_path: Path) -> None:
    design = Design("nl", "Wie", {"-1": 1, "0": 1, "1": 1}, ("Een",),
                    '<item id="useImages">true</item><item id="form"><label>Contact</label>'
                    '<note>Vul je emailadres in</note><input type="text"></input></item>',
                    '<item id="step2CondOfInstruc">Wat past bij jou?</item>')  # fmt: skip
    found = study_folder.read(design.write(tmp_path / "s"), "nl", TODAY)

    assert "[[questions]]" not in found.text
    assert 'instruction = "Wat past bij jou?"' in found.text
    assert [one.partition(":")[0] for one in found.left] == [
        "the pictures of statements",
        "a question about who answers, whom nobody knows here",
    ]


def test_free_sorting_stays_free(tmp_path: Path) -> None:
    design = Design("en", "Free", {"-1": 2, "0": 2, "1": 2}, ("One",),
                    '<item id="allowUnforcedSorts">true</item>', "")  # fmt: skip
    study = imported(design, tmp_path)

    assert not study.forced
    assert study.grid.cells == {-1: 6, 0: 6, 1: 6}


def test_a_map_with_more_places_than_statements_is_free_sorting(tmp_path: Path) -> None:
    folder = GERMAN.write(tmp_path / "study")
    cells = "".join(f'<column id="{n}">36</column>' for n in range(-2, 3))
    (folder / "settings" / "map.xml").write_text(f"<map>{cells}</map>")
    found = study_folder.read(folder, "de", TODAY)
    (tmp_path / "x.toml").write_text(finished(found.text), "utf-8")
    study = read_study(tmp_path / "x.toml", TODAY)

    assert isinstance(study, Study), study
    assert not study.forced
    assert any("a grid of 180 cells for " in one for one in found.left)


def test_columns_without_cells_are_left_out_and_named(tmp_path: Path) -> None:
    folder = GERMAN.write(tmp_path / "study")
    cells = zip(range(-2, 3), (0, 12, 11, 12, 0), strict=True)
    columns = "".join(f'<column id="{value}">{count}</column>' for value, count in cells)
    (folder / "settings" / "map.xml").write_text(f"<map>{columns}</map>")
    found = study_folder.read(folder, "de", TODAY)

    assert "[grid]\n-1 = 12\n0 = 11\n1 = 12\n" in found.text
    assert "columns without cells: -2, 2" in found.left


def test_a_grid_in_one_line_is_read_too(tmp_path: Path) -> None:
    folder = GERMAN.write(tmp_path / "study")
    (folder / "settings" / "map.xml").write_text(
        '<map><item id="qSortHeaderNumbers">-1,0,1</item><item id="qSortPattern">12,12,12</item></map>'
    )
    found = study_folder.read(folder, "de", TODAY)
    assert "-1 = 12\n0 = 12\n1 = 12" in found.text


def test_pictures_and_ids_of_any_kind_are_told_or_made_ours(tmp_path: Path) -> None:
    folder = GERMAN.write(tmp_path / "study")
    (folder / "settings" / "statements.xml").write_text(
        '<s><statement id="a b">x</statement><statement id="">y</statement>'
        '<statement id="ab">{img src="z.png"}z</statement></s>'
    )
    found = study_folder.read(folder, "de", TODAY)

    assert [line for line in found.text.splitlines() if line.startswith('id = "')][1:4] == [
        'id = "ab"', 'id = "n2"', 'id = "n3"',
    ]  # fmt: skip
    assert any("the picture of statement 3" in one for one in found.left)
    assert any("the id of statement 3, which another has" in one for one in found.left)


def test_more_questions_than_a_card_holds_are_named(tmp_path: Path) -> None:
    form = "".join(f'<label>Nr {n}</label><input type="text"></input>' for n in range(8))
    design = Design("en", "Many", {"-1": 1, "0": 1, "1": 1}, ("One",),
                    f'<item id="form">{form}</item>', "")  # fmt: skip
    found = study_folder.read(design.write(tmp_path / "s"), "en", TODAY)

    assert found.left == ("a question too many: Nr 6", "a question too many: Nr 7")


def _map(columns: str, heads: str, counts: str) -> str:
    lines = f'<item id="qSortHeaderNumbers">{heads}</item><item id="qSortPattern">{counts}</item>'
    return f"<map>{columns}{lines}</map>"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("map.xml", None, "There is no map.xml beside statements.xml in settings."),
        ("map.xml", _map("", "-1,0,1", "12,12"), "3 numbers of columns and 2 counts"),
        ("map.xml", _map('<column id="0">2</column>', "0", "3"), "say another grid"),
        ("map.xml", '<map><column id="x">2</column></map>', "The column 'x' of '2' is no number"),
        ("config.xml", "<config>", "This is no XML"),
        (
            "statements.xml",
            "<s>\n<statement>Råd & dåd</statement></s>",
            "ment>Råd & dåd</statement></s>” on",
        ),
        ("statements.xml", None, "There is no statements.xml with a map.xml beside it."),
        ("config.xml", "<!DOCTYPE x><config/>", "declares a type"),
    ],
)
def test_what_is_no_study_is_refused(
    name: str, content: str | None, said: str, tmp_path: Path
) -> None:
    folder = GERMAN.write(tmp_path / "study")
    file = folder / "settings" / name
    file.unlink() if content is None else file.write_text(content)

    with pytest.raises(BadFile) as found:
        study_folder.read(folder, "de", TODAY)
    assert said in str(found.value.faults[0])


def test_a_study_in_a_folder_of_another_name_is_found(tmp_path: Path) -> None:
    folder = replace(GERMAN, place="assets/settings").write(tmp_path / "study")
    assert "36 statements" in study_folder.read(folder, "de", TODAY).found

    replace(GERMAN, place="assets/old").write(tmp_path / "study")
    with pytest.raises(BadFile, match="several studies: assets/old, assets/settings"):
        study_folder.read(folder, "de", TODAY)


def test_letters_that_are_not_in_the_encoding_that_is_named(tmp_path: Path) -> None:
    folder = NORWEGIAN.write(tmp_path / "study")
    file = folder / "settings" / "statements.xml"
    text = file.read_text("utf-8").replace("Jeg lytter", "Jeg hører på")
    file.write_bytes(text.encode("cp1252"))

    assert "Jeg hører på" in study_folder.read(folder, "nb", TODAY).text


def test_the_command_writes_the_file_and_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    NORWEGIAN.write(tmp_path / "flashq")
    said = CliRunner().invoke(app, ["import", "flashq", "--language", "nb"])

    assert said.exit_code == 0, said.output
    assert "32 statements, a grid from -5 to 5" in said.output
    assert "shuffled statements" in said.output
    check = CliRunner().invoke(app, ["check", "veien-videre.toml"])
    assert "is not finished" in check.output
    (tmp_path / "veien-videre.toml").write_text(
        finished((tmp_path / "veien-videre.toml").read_text("utf-8")), "utf-8"
    )
    assert CliRunner().invoke(app, ["check", "veien-videre.toml"]).exit_code == 0


def test_what_does_not_fit_is_refused_with_its_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    design = Design("en", "Odd", {"-1": 1, "0": 2, "1": 1}, ("One",), "", "")
    folder = design.write(tmp_path / "odd")
    (folder / "settings" / "map.xml").write_text('<map><column id="0">4</column></map>')
    said = CliRunner().invoke(app, ["import", "odd"])

    assert said.exit_code == 1
    assert "fewer than three columns" in said.output
    assert not (tmp_path / "odd.toml").exists()
