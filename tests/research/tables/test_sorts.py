"""Eight sorts of fourteen statements, in every shape in which they have come.

tests/data/cases/q/ holds files with one thing each that went wrong; names are invented. The
others are made here. What is right for each stands in the table: the same eight sorts, or a
refusal that says what to do.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from research.dataset import Dataset, shape_of
from research.formats.faults import BadFile
from research.formats.registry import read, with_statements
from research.formats.sorts import ReadingOptions

CASES = Path(__file__).parents[2] / "data" / "cases" / "q"
GOOD, _ = read(CASES / "ok_r.csv")
NAMES, LABELS = GOOD.names, GOOD.statements


def down(*, corner: str = "statement", minus: str = "-", plus: str = "") -> list[list[str]]:
    """A header and a row for each statement."""
    return [
        [corner, *NAMES],
        *(
            [label, *(said(v, minus, plus) for v in row)]
            for label, row in zip(LABELS, GOOD.sorts.tolist(), strict=True)
        ),
    ]


def said(value: int, minus: str = "-", plus: str = "") -> str:
    return f"{minus if value < 0 else plus if value > 0 else ''}{abs(value)}"


def across(rows: Sequence[Sequence[str]], corner: str = "qsort") -> list[list[str]]:
    """The same, lying the other way."""
    turned = [list(row) for row in zip(*rows, strict=True)]
    turned[0][0] = corner
    return turned


def text(rows: Sequence[Sequence[str]], separator: str = ",", end: str = "\n") -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator=end).writerows(rows)
    return buffer.getvalue()


def decimal(rows: Sequence[Sequence[str]], sign: str) -> list[list[str]]:
    header, *body = rows
    return [list(header), *([row[0], *(f"{cell}{sign}0" for cell in row[1:])] for row in body)]


def with_column(
    rows: Sequence[Sequence[str]], at: int, title: str, cells: Callable[[int], str]
) -> list[list[str]]:
    return [[*row[:at], cells(n) if n else title, *row[at:]] for n, row in enumerate(rows)]


def book(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def as_numbers(rows: Sequence[Sequence[str]]) -> list[list[object]]:
    return [[int(c) if c.lstrip("-").isdigit() else c for c in row] for row in rows]


def bars(sort: Sequence[int]) -> str:
    return "|".join(map(str, sort))


def submissions(separator: str, **more: str) -> str:
    header = ["projectName", "partId", "randomId", "sort", *more]
    rows = [
        ["Study", name, f"r{n}", bars(sort), *more.values()]
        for n, (name, sort) in enumerate(zip(NAMES, GOOD.sorts.T.tolist(), strict=True))
    ]
    return text([header, *rows], separator)


def records() -> list[dict[str, str]]:
    return [
        {"partId": name, "sort": bars(sort)}
        for name, sort in zip(NAMES, GOOD.sorts.T.tolist(), strict=True)
    ]


def dat(
    second: str = " -2  2  0  0  0  0  2  3  4  3  2",
    end: str = "\r\n",
    name: int = 10,
    wide: int = 2,
) -> str:
    lines = ["  0  8 14 På skjema", second]
    lines += [
        f"{one:{name}}" + "".join(f"{v:{wide}d}" for v in sort)
        for one, sort in zip(NAMES, GOOD.sorts.T.tolist(), strict=True)
    ]
    return "".join(f"{line}{end}" for line in lines)


def loose_dat(*lines_of: Callable[[str, list[str]], str], head: str = "  0  8 14 På skjema") -> str:
    """PQMethod's file without its columns, each sort written by these."""
    lines = [head, " -2  2  0  0  0  0  2  3  4  3  2"]
    for name, sort in zip(NAMES, GOOD.sorts.T.tolist(), strict=True):
        lines += [one(name, list(map(str, sort))) for one in lines_of]
    return "".join(f"{line}\r\n" for line in lines)


def in_columns(values: Sequence[str]) -> str:
    return "".join(f"{value:>2}" for value in values)


WRAPPED: tuple[Callable[[str, list[str]], str], ...] = (
    lambda name, sort: f"{name:10}{in_columns(sort[:8])}",
    lambda _, sort: " " * 10 + in_columns(sort[8:]),
)
FREE: Callable[[str, list[str]], str] = lambda name, sort: f"{name} {' '.join(sort)}"  # noqa: E731 - it stands beside functions of one line


def zipped(folder: str = "", *others: str, upper: bool = False) -> bytes:
    """KADE's zip, packed anew by hand."""
    members = {
        "name.txt": "Møtene",
        "pattern.txt": ",".join(map(str, [0] * 4 + [2, 3, 4, 3, 2] + [0] * 11)),
        "statements.txt": "".join(f"Tekst {n}, av flere\n" for n in range(14)),
        "sorts.txt": text([[name, *map(str, sort)] for name, sort in
                           zip(NAMES, GOOD.sorts.T.tolist(), strict=True)]),
    }  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(folder + (name.upper() if upper else name), content)
        for name in others:
            archive.writestr(name, "")
    return buffer.getvalue()


HTMLQ = [
    ["sid", "uid", "datetime", *(f"s{n}" for n in range(1, 15)), "comment3"],
    *(
        [str(n), name, "2026-01-02", *map(str, sort), "fordi"]
        for n, (name, sort) in enumerate(zip(NAMES, GOOD.sorts.T.tolist(), strict=True), 1)
    ),
]
LONG = [
    ["deltaker", "utsagn", "verdi"],
    *(
        [name, label, str(GOOD.sorts[s, n])]
        for n, name in enumerate(NAMES)
        for s, label in enumerate(LABELS)
    ),
]
ON_GRID = [
    ["navn", *map(str, sorted(GOOD.sorts[:, 0].tolist()))],
    *(
        [name, *(str(1 + n) for n in np.argsort(sort, kind="stable"))]
        for name, sort in zip(NAMES, GOOD.sorts.T, strict=True)
    ),
]
"""Numbers of statements below the values of the grid."""


def board_of(name: str) -> list[list[object]]:
    """One sort as it lay: values above, numbers of statements below."""
    sort = GOOD.sorts[:, NAMES.index(name)].tolist()
    piles = [[n for n, value in enumerate(sort, 1) if value == column] for column in range(-2, 3)]
    return [list(range(-2, 3)), *([*row] for row in zip_longest(*piles))]


THEMES = with_column(down(), 1, "tema", lambda n: "Rammer" if n % 2 else "Møtet")
MADE: dict[str, str | bytes] = {
    "mark_and_semicolons.csv": text(down(), ";").encode("utf-8-sig"),
    "unicode_text_of_excel.txt": text(down(), "\t", "\r\n").encode("utf-16"),
    "utf16_without_mark.csv": text(down()).encode("utf-16-le"),
    "stated_separator.csv": "sep=;\r\n" + text(down(), ";", "\r\n"),
    "decimal_comma.csv": text(decimal(down(), ","), ";"),
    "decimal_comma_quoted.csv": text(decimal(down(), ",")),
    "decimal_point.csv": text(decimal(down(), ".")),
    "tabs.tsv": text(down(), "\t"),
    "upright.csv": text(down(), "|"),
    "old_mac.csv": text(down(), ",", "\r"),
    "real_minus.csv": text(down(minus="\u2212")),
    "dash_for_minus.csv": text(down(minus="\u2013")),
    "plus_signs.csv": text(down(plus="+")),
    "across_without_corner.csv": text(across(down(), "")),
    "across_by_values_alone.csv": text(across(down(), "kode")),
    "across_numbered.csv": text([["", *map(str, range(1, 15))], *across(down())[1:]]),
    "across_without_header.csv": text(across(down())[1:]),
    "empty_columns_at_the_end.csv": text([[*row, "", "", ""] for row in down()]),
    "header_without_the_empty_end.csv": text(
        [row if n == 0 else [*row, "", ""] for n, row in enumerate(down())]
    ),
    "empty_rows.csv": "\n\n" + text(down()).replace("s5,", "\n,,,,,,,,\ns5,") + "\n\n",
    "title_above.csv": "Min studie\n\n" + text(down()),
    "comments_beside.csv": text(with_column(across(down()), 15, "comments", lambda n: f"Ok {n}")),
    "ages_beside.csv": text(with_column(across(down()), 1, "Alder", lambda n: str(30 + n))),
    "unnamed_kind_of_numbers.csv": text(
        with_column(across(down()), 15, "ansatte", str)
    ),
    "themes_beside.csv": text(THEMES),
    "numbers_and_texts.csv": text(
        with_column(
            with_column([row[1:] for row in down()], 0, "utsagn", lambda n: f"Tekst {n}"),
            0, "nr", str,
        )
    ),
    "norwegian_corner.csv": text(down(corner="Utsagn"), ";"),
    "sum_below.csv": text([*down(), ["Sum", *["0"] * 8]]),
    "every_cell_quoted.csv": "".join(
        ",".join(f'"{cell}"' for cell in row) + "\n" for row in down()
    ),
    "write_table_of_r.txt": "".join(
        " ".join(f'"{c}"' if n == 0 or i == 0 else c for i, c in enumerate(row)) + "\n"
        for n, row in enumerate([down()[0][1:], *down()[1:]])
    ),
    "write_csv_of_r.csv": text(down(corner="")),
    "norwegian_placings.csv": text(LONG, ";"),
    "htmlq_commas.csv": text(HTMLQ),
    "flashq_tabs.txt": text(HTMLQ, "\t"),
    "netlify.csv": submissions(
        ",", ip="10.0.0.1", user_agent="Mozilla", referrer="x", created_at="2026-01-02"
    ),
    "google_semicolons.csv": submissions(";"),
    "list.json": json.dumps(records()),
    "netlify.json": json.dumps([{"id": str(n), "data": one} for n, one in enumerate(records())]),
    "deep.json": json.dumps({"db": {"study": dict(enumerate(records()))}}),
    "lists_of_values.json": json.dumps(
        {n: one | {"sort": one["sort"].split("|")} for n, one in enumerate(records())}
    ),
    "blank_counts.dat": dat(" -2  2              2  3  4  3  2"),
    "unix.dat": dat(end="\n"),
    "windows.dat": dat().encode("cp1252"),
    "end_of_dos.dat": dat().encode("cp850") + b"\x1a",
    "three_columns_for_a_value.dat": dat(wide=3),
    "eight_columns_for_a_name.dat": dat(name=8),
    "wrapped.dat": loose_dat(*WRAPPED),
    "wrapped_at_the_margin.dat": loose_dat(WRAPPED[0], lambda _, sort: in_columns(sort[8:])),
    "free.dat": loose_dat(FREE),
    "free_with_commas.dat": loose_dat(lambda name, sort: f"{name},{','.join(sort)}"),
    "free_and_wrapped.dat": loose_dat(
        lambda name, sort: f"{name} {' '.join(sort[:8])}", lambda _, sort: " ".join(sort[8:])
    ),
    "free_from_the_first_line_on.dat": loose_dat(FREE, head="0 8 14 På skjema"),
    "groups_above.csv": text([["", "Nord", "", "", "", "Sør", "", "", ""], *down()]),
    "names_above_codes.csv": text(
        [["utsagn", "Anna", "Siv", "Tor", "Dag", "Ola", "Per", "Åse", "Ida"],
         ["", *NAMES], *down()[1:]]
    ),
    "three_rows_of_titles.csv": text(
        [["Studie X", *[""] * 8], ["", *["A"] * 4, *["B"] * 4], ["", *NAMES], *down()[1:]]
    ),
    "themes_over_statements.xlsx": book(
        {"Ark1": [[None, "Tema A", *[None] * 6, "Tema B", *[None] * 6],
                  *as_numbers(across(down()))]}
    ),
    "poles_over_statements.csv": text([["", "uenig", *[""] * 12, "enig"], *across(down())]),
    "numbers_below_texts.csv": text(
        [["", *(f"Møtene er for lange, del {n}" for n in range(14))],
         ["", *map(str, range(1, 15))], *across(down())[1:]]
    ),
    "notes_below.csv": text([*down(), [""] * 9, ["-2 = helt uenig", *[""] * 8]]),
    "legend_beside.xlsx": book(
        {"Ark1": [[*row, None, "-2 = helt uenig" if n == 1 else None]
                  for n, row in enumerate(as_numbers(down()))]}
    ),
    "scores_beside.csv": text(with_column(down(), 9, "z", lambda n: f"{n / 8:.2f}")),
    "saved_as_csv_twice.csv": "".join(f'"{";".join(row)}"\n' for row in down()),
    "markdown.md": "".join(
        f"| {' | '.join(row)} |\n" + ("|---" * 9 + "|\n" if n == 0 else "")
        for n, row in enumerate(down())
    ),
    "a_sheet_for_each_person.xlsx": book(
        {"Les meg": [["Ett ark for hver"]], **{name: board_of(name) for name in NAMES}}
    ),
    "numbers_on_the_grid.csv": text(ON_GRID),
    "numbers_beside_the_grid.csv": text([list(row) for row in zip(*ON_GRID, strict=True)]),
    "powers_of_ten.csv": text(
        [[*row[:1], *(f"{int(c):.1E}" if n else c for c in row[1:])] for n, row in
         enumerate(down())]
    ),
    "flashq_without_ids.csv": text(
        [["name", "sort"], *([n, bars(s)] for n, s in zip(NAMES, GOOD.sorts.T.tolist(),
                                                           strict=True))], ";"
    ),
    "in_a_folder.zip": zipped("study/", "__MACOSX/study/._sorts.txt"),
    "in_capitals.zip": zipped(upper=True),
    "themes_of_merged_cells.xlsx": book(
        {"Ark1": [["tema" if n == 0 else "Møtet" if n in (1, 9) else None, *row]
                  for n, row in enumerate(as_numbers(down()))]}
    ),
    "sum_in_the_second_column.csv": text(
        [*([("" if n == 0 else str(n)), ("" if n == 0 else f"Tekst {n}"), *row[1:]]
           for n, row in enumerate(down())), ["", "Sum", *["0"] * 8]]
    ),
    "empty_column_before.csv": text([["", *row] for row in down()]),
    "header_in_two_rows.csv": text([["", "Deltakere", *[""] * 7], *down()]),
    "long_texts_across.csv": text(
        [["navn", *(f"Møtene er for korte til det vi skal, {n}" for n in range(14))],
         *across(down())[1:]]
    ),
    "dates_before_names.csv": text(
        [["Timestamp" if n == 0 else f"2026-01-{n:02}", *row]
         for n, row in enumerate(across(down()))]
    ),
    "years_among_words.csv": text(
        [["navn", "virketid", *(f"ord {c}" for c in "abcdefghijklmn")],
         *([row[0], str(n), *row[1:]] for n, row in enumerate(across(down())[1:]))]
    ),
    "extra_before_placings.csv": text(
        [["dato", *LONG[0]], *(["2026-01-01", *row] for row in LONG[1:])]
    ),
    "lines.jsonl": "".join(f"{json.dumps(one)}\n" for one in records()),
    "values_by_label.json": json.dumps(
        [one | {"sort": {f"s{14 - n}": v for n, v in enumerate(one["sort"].split("|")[::-1])}}
         for one in records()]
    ),
    "numbers_behind_texts.csv": text(
        [["Utsagn", "Nr", *NAMES],
         *([f"Vi møtes ofte {n}", str(n), *row[1:]] for n, row in enumerate(down()[1:], 1))]
    ),
    "commas_between_values.json": json.dumps(
        [one | {"sort": one["sort"].replace("|", ",")} for one in records()]
    ),
    "notes_on_another_sheet.xlsx": book({"Data": as_numbers(down()), "Notater": [["Husk"]]}),
    "empty_column_before.xlsx": book({"A": [[], *([None, *row] for row in as_numbers(down()))]}),
    "text_cells.xlsx": book({"Ark1": across(down())}),
    "title_in_a_sheet.xlsx": book(
        {"Ark1": [["Sorteringer våren 2026"], [], *as_numbers(down())]}
    ),
    "hidden_and_empty_sheets.xlsx": book({"Ark1": as_numbers(down()), "Ark2": [], "Ark3": []}),
    "floats.xlsx": book(
        {"Ark1": [[float(c) if isinstance(c, int) else c for c in r] for r in as_numbers(down())]}
    ),
}  # fmt: skip
GIVEN = (
    "semicolon_r.csv", "plain_one_sheet.xlsx", "r_export_13_counts.dat", "long.csv",
    "excel2_numbers_as_text.xlsx", "excel2_header_row.xlsx", "eq_google_sheets.csv",
    "eq_nested.json",
)  # fmt: skip


def made(name: str, folder: Path) -> Path:
    path = folder / name
    content = MADE[name]
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def same(data: Dataset) -> bool:
    """The eight sorts, each under its name."""
    assert sorted(data.names) == sorted(NAMES)
    mine = [data.names.index(name) for name in NAMES]
    np.testing.assert_array_equal(data.sorts[:, mine], GOOD.sorts)
    return True


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_file_holds_the_eight_sorts(name: str) -> None:
    data, _ = read(CASES / name)

    assert same(data)


@pytest.mark.parametrize("name", MADE)
def test_a_made_file_holds_the_eight_sorts(name: str, tmp_path: Path) -> None:
    data, _ = read(made(name, tmp_path))

    assert same(data)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mark_and_semicolons.csv", "R qmethod CSV (statements as rows), semicolons"),
        ("unicode_text_of_excel.txt", "R qmethod CSV (statements as rows), tabs, UTF-16"),
        ("across_by_values_alone.csv", "KADE CSV (sorts as rows)"),
        ("norwegian_placings.csv", "a table with a row for each placing, semicolons"),
        ("text_cells.xlsx", "a table in a workbook (sorts as rows), sheet “Ark1”"),
        ("netlify.csv", "EQ Web Sort from Netlify"),
    ],
)
def test_what_it_was_taken_for_is_said(name: str, expected: str, tmp_path: Path) -> None:
    assert read(made(name, tmp_path))[1] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("comments_beside.csv", "Columns that are no statements were taken for other answers"),
        ("unnamed_kind_of_numbers.csv", "taken for other answers: ansatte."),
        ("themes_beside.csv", "Columns that are no sorts were left out: tema."),
    ],
)
def test_columns_that_are_no_values_are_named(name: str, expected: str, tmp_path: Path) -> None:
    data, _ = read(made(name, tmp_path))

    assert expected in data.remarks[0][1]


def test_texts_stand_with_their_labels(tmp_path: Path) -> None:
    data, _ = read(made("numbers_and_texts.csv", tmp_path))

    assert data.statements[2] == "3"
    assert data.texts[2] == "Tekst 3"


def test_a_statement_as_the_name_of_its_row_is_its_text(tmp_path: Path) -> None:
    rows = [[f"Møtene er for korte til det vi skal, del {r[0]}", *r[1:]] for r in down()]
    (tmp_path / "x.csv").write_text(text(rows), "utf-8")

    data, _ = read(tmp_path / "x.csv")

    assert data.statements[0] == "1"
    assert data.texts[0].endswith("del s1")


def test_addresses_of_visitors_are_not_read(tmp_path: Path) -> None:
    data, _ = read(made("netlify.csv", tmp_path))

    assert set(data.fields["P1"]) == {"projectName", "randomId", "created_at"}


def test_sorts_without_names_are_numbered_and_said(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text(down()[1:]), "utf-8")

    data, _ = read(tmp_path / "x.csv")

    assert data.statements == LABELS
    assert data.names[0] == "1"
    assert "have no names" in data.remarks[0][1]
    np.testing.assert_array_equal(data.sorts, GOOD.sorts)


@pytest.mark.parametrize(
    ("codec", "name", "said"),
    [
        ("cp1252", "Åse Bjørk", "semicolons, Windows-1252"),
        ("cp1252", "Noémie’s – “x”", "semicolons, Windows-1252"),
        ("cp850", "Åse Bjørk", "semicolons, DOS"),
        ("cp865", "Kåre", "semicolons, DOS"),
        ("mac_roman", "Åse Bjørk", "semicolons, Mac OS Roman"),
        ("mac_roman", "Kåre", "semicolons, Mac OS Roman"),
        ("utf-32", "Åse Bjørk", "semicolons, UTF-32"),
        ("utf-8", "Åse’s Čeđa", "semicolons"),
    ],
)
def test_letters_of_every_machine(codec: str, name: str, said: str, tmp_path: Path) -> None:
    rows = [[*r[:1], name if n == 0 else r[1], *r[2:]] for n, r in enumerate(down())]
    (tmp_path / "x.csv").write_bytes(text(rows, ";").encode(codec))

    data, taken_for = read(tmp_path / "x.csv")

    assert data.names[0] == name
    assert taken_for.endswith(said)


def test_letters_that_were_taken_for_others_once(tmp_path: Path) -> None:
    rows = text([[*down()[0][:8], "Åse Bjørk"], *down()[1:]], ";")
    (tmp_path / "x.csv").write_text(rows.encode("utf-8").decode("cp1252"), "utf-8")

    data, taken_for = read(tmp_path / "x.csv")

    assert data.names[7] == "Åse Bjørk"
    assert taken_for.endswith("UTF-8 that was saved as Windows-1252")


def test_people_that_are_numbered(tmp_path: Path) -> None:
    rows = [["", *map(str, range(101, 109))], *down()[1:]]
    (tmp_path / "x.csv").write_text(text(rows), "utf-8")

    data, _ = read(tmp_path / "x.csv")

    assert data.names[:2] == ("101", "102")
    np.testing.assert_array_equal(data.sorts, GOOD.sorts)


def test_a_submission_without_a_column_keeps_the_numbers_of_the_others(tmp_path: Path) -> None:
    rows = [[c for n, c in enumerate(row) if n != 5] for row in HTMLQ]
    (tmp_path / "x.csv").write_text(text(rows, ";"), "utf-8")

    data, _ = read(tmp_path / "x.csv")

    assert data.statements[:4] == ("1", "2", "4", "5")


@pytest.mark.parametrize("name", ["x.csv", "x.json"])
def test_a_comment_is_about_the_statement_that_it_names(name: str, tmp_path: Path) -> None:
    """HTMLQ's columns of comments are places on the grid; `(s9)` says the statement."""
    said = ["(s9) Nei", "(s4)", "Bare dette"]
    if name == "x.csv":
        header, first, *_ = HTMLQ
        rows = [[*header, "comment12", "comment14"], [*first[:-1], *said]]
        content = text(rows, ";")
    else:
        keys = ("comment3", "comment12", "comment14")
        content = json.dumps([records()[0] | dict(zip(keys, said, strict=True))])
    (tmp_path / name).write_text(content, "utf-8")

    data, _ = read(tmp_path / name)

    assert data.comments == {"P1": {"9": "Nei", "14": "Bare dette"}}


@pytest.mark.parametrize(
    "date", ["{:02}.mar", "2026-01-{:02}", "{}.11.2024. 09:16:28", "2026/01/{:02} 10:00 AM", "1-{}"]
)
def test_names_that_are_dates_are_doubted(date: str, tmp_path: Path) -> None:
    rows = [[date.format(n) if n else row[0], *row[1:]] for n, row in enumerate(down())]
    (tmp_path / "x.csv").write_text(text(rows, ";"), "utf-8")

    assert f"look like dates ({date.format(1)}" in read(tmp_path / "x.csv")[0].remarks[0][1]


def test_a_column_that_is_called_otherwise_is_named(tmp_path: Path) -> None:
    rows = [[*row, "Rang" if n == 0 else "1"] for n, row in enumerate(down())]
    (tmp_path / "x.csv").write_text(text(rows), "utf-8")

    assert "taken for sorts: Rang." in read(tmp_path / "x.csv")[0].remarks[0][1]


def test_other_widths_are_said(tmp_path: Path) -> None:
    data, _ = read(made("three_columns_for_a_value.dat", tmp_path))

    assert data.remarks[0][1] == (
        "Names and values take 10 + 3 columns, and not 10 + 2 as PQMethod writes."
    )


def test_a_scale_of_one_to_five_stays_so(tmp_path: Path) -> None:
    rows = [r if n == 0 else [r[0], *(str(int(c) + 3) for c in r[1:])]
            for n, r in enumerate(down())]  # fmt: skip
    (tmp_path / "x.csv").write_text(text(rows), "utf-8")

    np.testing.assert_array_equal(read(tmp_path / "x.csv")[0].sorts, GOOD.sorts + 3)


def test_a_sort_on_another_scale_is_no_other_column(tmp_path: Path) -> None:
    rows = [[*row[:3], *(str(40 + n) if i == 0 and n else c for i, c in enumerate(row[3:]))]
            for n, row in enumerate(down())]  # fmt: skip
    (tmp_path / "x.csv").write_text(text(rows), "utf-8")

    data, _ = read(tmp_path / "x.csv")

    assert data.names == NAMES
    assert data.remarks == ()


DATES = [
    [
        c if isinstance(c, str) else datetime(1900, 1, int(str(c)) + 5)  # noqa: DTZ001 - Excel's have no zone
        for c in row
    ]
    for row in as_numbers(down())
]


class TestRefused:
    """Where nothing decides, or something is wrong: what, where, and what to say."""

    def told(self, path: Path, reading: ReadingOptions = ReadingOptions()) -> str:  # noqa: B008 - a value that nobody changes
        with pytest.raises(BadFile) as caught:
            read(path, reading=reading)
        return str(caught.value)

    def test_which_way_it_lies(self) -> None:
        path = CASES / "likert_persons_down.csv"

        assert "--from kade-csv (or --orientation sorts)" in self.told(path)
        data, _ = read(path, reading=ReadingOptions(rows="sorts"))
        assert data.sorts.shape == (14, 8)
        assert data.names[0] == "1000"
        assert read(path, format_name="kade-csv")[0] == data

    @pytest.mark.parametrize(
        ("name", "content", "expected"),
        [
            ("x.zip", zipped("a/").replace(b"sorts.txt", b"other.txt"), "an archive of 4 files"),
            ("x.xlsx", book({"Ark1": DATES}), "No column holds values: there are dates"),
            ("x.csv", text(down()).replace(",2", ",02.jan").encode(), "made a date of it"),
        ],
    )
    def test_what_is_no_table(
        self, name: str, content: bytes, expected: str, tmp_path: Path
    ) -> None:
        (tmp_path / name).write_bytes(content)

        assert expected in self.told(tmp_path / name)

    @pytest.mark.parametrize("name", ["kade-zip", "excel1", "excel2", "pqmethod"])
    def test_a_format_that_it_cannot_be(self, name: str) -> None:
        with pytest.raises(BadFile, match=r"ok_r\.csv is no "):
            read(CASES / "ok_r.csv", format_name=name)

    def test_labels_against_values(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text(text(across(down(), "statement")), "utf-8")

        assert "The labels say that the rows are statements" in self.told(tmp_path / "x.csv")

    def test_two_answers_to_one_question(self) -> None:
        with pytest.raises(BadFile, match="--from r says that the rows are statements"):
            read(CASES / "ok_r.csv", format_name="r", reading=ReadingOptions(rows="sorts"))

    @pytest.mark.parametrize(
        "rows", [[*across(down()), ["Prøve", "1"]], [*HTMLQ, ["9", "Prøve", "1"]]]
    )
    def test_what_is_left_out_may_be_cut_off(self, rows: list[list[str]], tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text(text(rows, ";"), "utf-8")

        assert "line 10" in self.told(path)
        data, _ = read(path, reading=ReadingOptions(exclude=frozenset({"Prøve"})))
        assert same(data)
        assert data.excluded == ("Prøve",)

    def test_flags_are_no_sorts(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text("qsort,f1,f2,f3\nP1,1,0,0\nP2,0,1,0\n", "utf-8")

        assert "a table of flags" in self.told(tmp_path / "x.csv")

    def test_an_incomplete_record(self) -> None:
        path = CASES / "eq_one_incomplete.json"

        assert "record -NkX (test)" in self.told(path)
        assert "--exclude test" in self.told(path)
        for name in ("test", "-NkX"):
            data, _ = read(path, reading=ReadingOptions(exclude=frozenset({name})))
            assert same(data)
            assert data.excluded == ("test",)

    def test_one_record_is_one_sort_and_said_so(self) -> None:
        data, _ = read(CASES / "eq_single_record.json")

        assert data.names == ("P1",)
        assert data.remarks == (("Fila har bare én sortering.", "The file holds one sort only."),)

    def test_whom_to_leave_out_must_be_there(self) -> None:
        reading = ReadingOptions(exclude=frozenset({"P1", "P99"}))

        assert "--exclude P99: there is no such sort" in self.told(CASES / "ok_r.csv", reading)

    @pytest.mark.parametrize("nothing", ["", "NA", "#N/A", ".", "nan", "\u00a0"])
    def test_gaps(self, nothing: str, tmp_path: Path) -> None:
        rows = [[nothing if (n, i) == (3, 2) else c for i, c in enumerate(row)]
                for n, row in enumerate(down())]  # fmt: skip
        (tmp_path / "x.csv").write_text(text(rows), "utf-8")

        told = self.told(tmp_path / "x.csv")
        assert "line 4, column 3" in told
        assert "--exclude P2" in told
        data, _ = read(tmp_path / "x.csv", reading=ReadingOptions(missing="drop"))
        assert data.names == tuple(name for name in NAMES if name != "P2")
        assert "dropped: P2" in data.remarks[0][1]

    def test_a_placing_too_few(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text(text(LONG[:-1]), "utf-8")

        assert "the sort P8, statement s14: The cell is empty" in self.told(tmp_path / "x.csv")

    def test_a_placing_too_many(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text(text([*LONG, LONG[1]]), "utf-8")

        assert "P1 has placed s1 already" in self.told(tmp_path / "x.csv")

    def test_the_same_person_twice(self, tmp_path: Path) -> None:
        twice = [*records(), records()[0]]
        (tmp_path / "x.json").write_text(json.dumps(twice), "utf-8")

        assert "P1" in self.told(tmp_path / "x.json")

    def test_a_board_with_a_number_twice(self, tmp_path: Path) -> None:
        boards = {name: board_of(name) for name in NAMES}
        boards["P3"][1][0] = boards["P3"][1][1]
        (tmp_path / "x.xlsx").write_bytes(book(boards))

        assert "The sheet P3 is no sort like the others" in self.told(tmp_path / "x.xlsx")

    def test_several_sheets(self, tmp_path: Path) -> None:
        (tmp_path / "x.xlsx").write_bytes(book({"Vår": as_numbers(down()), "Høst": down()}))

        assert "several sheets: Vår, Høst" in self.told(tmp_path / "x.xlsx")
        assert "There is no sheet “Vinter”" in self.told(
            tmp_path / "x.xlsx", ReadingOptions(sheet="Vinter")
        )
        assert same(read(tmp_path / "x.xlsx", reading=ReadingOptions(sheet="vår"))[0])

    def test_several_studies(self, tmp_path: Path) -> None:
        both = {"a": dict(enumerate(records())), "b": dict(enumerate(records()))}
        (tmp_path / "x.json").write_text(json.dumps(both), "utf-8")

        assert "the studies a, b" in self.told(tmp_path / "x.json")
        assert same(read(tmp_path / "x.json", reading=ReadingOptions(sheet="a"))[0])

    def test_a_sheet_of_a_text(self) -> None:
        assert "--sheet is for workbooks" in self.told(
            CASES / "ok_r.csv", ReadingOptions(sheet="Ark1")
        )

    def test_formulas_that_were_never_counted(self, tmp_path: Path) -> None:
        rows = as_numbers(down())
        rows[1][1] = "=1+0"
        (tmp_path / "x.xlsx").write_bytes(book({"Ark1": rows}))

        told = self.told(tmp_path / "x.xlsx")
        assert "sheet Ark1, cell B2: The cell holds the formula =1+0 without its value" in told

    def test_a_quote_that_never_ends(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text('statement,a,b\n"s1,1,2\ns2,2,1\n', "utf-8")

        assert "quotation marks" in self.told(tmp_path / "x.csv")


def packed(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel workbook (.xls)"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a workbook with a password",
        ),
        (packed(**{"content.xml": "x"}), "an OpenDocument file (.ods)"),
        (packed(**{"xl/workbook.bin": "x"}), "a binary Excel workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        (
            b'<?xml?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "an XML spreadsheet",
        ),
        (b"$FL2@(#) SPSS DATA FILE", "an SPSS data file"),
        (b"%PDF-1.7", "a PDF"),
        (b"ASCII SPSS PORT FILE", "an SPSS portable file"),
        (b"PQMethod2.35          Study", "PQMethod's listing"),
        (b'{"url": "https://docs.google.com/open", "doc_id": "a"}', "a link to Google Sheets"),
        (book({"Correlation Matrix": [["a"]], "Unrotated Factor Matrix": [["b"]]}),
         "KADE's results"),
        (b"\x1f\x8b\x08\x00 rds", "a compressed file, such as R's .rds"),
        (b"id,document,tag,content\n1,a,b,c\n", "Taguette's highlights"),
        (b"id,submitdate,lastpage,startlanguage,q1\n1,x,2,nb,3\n", "LimeSurvey's answers"),
        (b"$submission_id;$created;q1\n1;x;2\n", "Nettskjema's answers"),
        (b"StartDate,EndDate,Status,ResponseId,Q1\n1,2,3,4,5\n", "Qualtrics' answers"),
        (b"Variable / Field Name,Form Name,Field Type,Field Label\na,b,c,d\n", "a REDCap data"),
    ],
)  # fmt: skip
def test_a_file_of_another_program_is_named(content: bytes, expected: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(content)

    with pytest.raises(BadFile) as caught:
        read(tmp_path / "x.csv")

    assert f"This is {expected}" in str(caught.value)
    assert caught.value.faults[0].remedy.endswith(".")


def test_a_form_in_a_workbook_is_named() -> None:
    form = CASES.parent / "research" / "xlsform.xlsx"

    with pytest.raises(BadFile, match=r"This is an XLSForm.*questionnaire import"):
        read(form)


class TestStatements:
    """Texts go by their labels, whatever their order."""

    def test_another_order(self) -> None:
        data = with_statements(GOOD, CASES / "statements_other_order.csv")

        assert data.texts == tuple(f"Text of {label}" for label in LABELS)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("x.csv", "nr;utsagn\n" + "".join(f"{n};T {n}\n" for n in range(14, 0, -1))),
            ("x.txt", "".join(f"{n}. T {n}\n" for n in range(14, 0, -1))),
            ("x.txt", "".join(f"s{n}\tT {n}\n" for n in range(14, 0, -1))),
            ("x.txt", "".join(f"(s{n}) T {n}\n" for n in range(14, 0, -1))),
            ("x.txt", "".join(f"S{n:02}: T {n}\n" for n in range(14, 0, -1))),
            ("x.csv", "".join(f"T {n};s{n}\n" for n in range(14, 0, -1))),
            ("x.csv", "tema;utsagn;sid\n" + "".join(f"a;T {n};s{n}\n" for n in range(14, 0, -1))),
            ("x.tsv", "ID\tText\ttema\n" + "".join(
                f"S{n:02}\tT {n}\tx\n" for n in range(14, 0, -1)
            )),
            ("x.csv", "text,id\n" + "".join(f"T {n},s{n}\n" for n in range(14, 0, -1))),
            ("x.csv", "".join(f"s{n},T {n}\n" for n in range(14, 0, -1))),
            ("x.xml", "<statements>" + "".join(
                f'<statement id="{n}"> T\n{n}</statement>' for n in range(14, 0, -1)
            ) + "</statements>"),
            ("x.sta", "".join(f"T {n}\r\n" for n in range(1, 15))),
        ],
    )  # fmt: skip
    def test_by_number(self, name: str, content: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text(content, "utf-8")

        data = with_statements(GOOD, tmp_path / name)

        assert data.texts == tuple(f"T {n}" for n in range(1, 15))

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            ("id,text\n" + "".join(f"s{n},T\n" for n in range(1, 14)), "statement s14 has no text"),
            ("id,text\n" + "".join(f"s{n},T\n" for n in range(1, 16)), "no statement s15"),
            ("id,text\ns1,T\n" + "".join(f"s{n},T\n" for n in range(1, 15)), "already"),
            ("id,text\nS01,T\n" + "".join(f"s{n},T\n" for n in range(1, 15)), "several texts here"),
            ("Uten\n" + "".join(f"s{n}: T\n" for n in range(2, 15)), "begins with no label"),
            ("<!DOCTYPE x><statements/>", "declares a type"),
            ("<statements><statement>", "no XML"),
        ],
    )
    def test_refused(self, content: str, expected: str, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_text(content, "utf-8")

        with pytest.raises(BadFile, match=expected):
            with_statements(GOOD, tmp_path / "x.csv")


def test_numbered_lines_go_to_their_numbers_where_the_sorts_lie_otherwise(tmp_path: Path) -> None:
    rows = down()
    (tmp_path / "x.csv").write_text(text([rows[0], *reversed(rows[1:])]), "utf-8")
    (tmp_path / "x.txt").write_text("".join(f"{n}. T {n}\n" for n in range(1, 15)), "utf-8")

    data = with_statements(read(tmp_path / "x.csv")[0], tmp_path / "x.txt")

    assert data.statements[0] == "s14"
    assert data.texts[0] == "T 14"


def test_labels_of_any_header_are_labels_of_numbered_sorts(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(text(HTMLQ, ";"), "utf-8")
    lines = "".join(f'"{"sS"[n % 2]}{n}","T {n}"\n' for n in range(14, 0, -1))
    (tmp_path / "y.csv").write_text(f'"koder","wording"\n{lines}', "utf-8")

    data = with_statements(read(tmp_path / "x.csv")[0], tmp_path / "y.csv")

    assert data.texts == tuple(f"T {n}" for n in range(1, 15))


def test_a_sentence_that_begins_with_a_number_is_no_label(tmp_path: Path) -> None:
    lines = [f"Punkt nr {n}, og mer" for n in range(1, 15)]
    (tmp_path / "x.csv").write_text("\n".join(lines), "utf-8")

    assert with_statements(GOOD, tmp_path / "x.csv").texts == tuple(lines)


def test_nobodys_distribution_stands_for_all() -> None:
    data, _ = read(CASES / "all_unforced.csv")

    shape = shape_of(data)

    assert not shape.shared
    assert sum(shape.cells.values()) == 14
    means = np.sort(data.sorts, axis=0).mean(axis=1)
    np.testing.assert_array_equal(shape.values(), np.rint(means))


class TestTitles:
    """Titles over several rows: which names the columns is said, and so is what was left out."""

    def remarks(self, rows: Sequence[Sequence[str]], tmp_path: Path) -> tuple[Dataset, str]:
        (tmp_path / "x.csv").write_text(text(rows), "utf-8")
        data, _ = read(tmp_path / "x.csv")
        return data, " ".join(en for _, en in data.remarks)

    def test_groups_above_names(self, tmp_path: Path) -> None:
        rows = [["", "Nord", "", "", "", "Sør", "", "", ""], *down()]
        _, said = self.remarks(rows, tmp_path)

        assert said == "The titles stand over 2 rows: row 2 names the columns. Left out: Nord, Sør."

    def test_texts_beside_labels(self, tmp_path: Path) -> None:
        texts = [f"Møtene er for lange til det, {n}" for n in range(14)]
        labels, *body = across(down())
        for rows in ([["", *texts], labels], [labels, ["", *texts]]):
            data, said = self.remarks([*rows, *body], tmp_path)

            assert data.texts == tuple(texts)
            assert data.statements == LABELS
            assert "the other is what statements say" in said

    def test_names_that_repeat_in_each_group(self, tmp_path: Path) -> None:
        rows = [["", "Nord", "", "", "", "Sør", "", "", ""], ["utsagn", *["A", "B", "C", "D"] * 2]]
        data, said = self.remarks([*rows, *down()[1:]], tmp_path)

        assert data.names == ("Nord A", "Nord B", "Nord C", "Nord D",
                              "Sør A", "Sør B", "Sør C", "Sør D")  # fmt: skip
        assert "were put together: Nord A ..." in said

    def test_rows_of_titles_that_name_nothing(self, tmp_path: Path) -> None:
        rows = [["", *["Nord"] * 4, *["Sør"] * 4], ["", *["k", "m"] * 4], *down()[1:]]

        with pytest.raises(BadFile, match="no row names each column"):
            self.remarks(rows, tmp_path)

    def test_rows_that_were_left_out_are_said(self, tmp_path: Path) -> None:
        rows = [down()[0], ["Alder", *["40"] * 8], *down()[1:], ["Sum", *["0"] * 8]]

        assert "Rows that were left out: Alder, Sum." in self.remarks(rows, tmp_path)[1]

    def test_another_table_below(self, tmp_path: Path) -> None:
        rows = [*down(), [""] * 9, ["navn", "alder", *[""] * 7], ["P1", "30", *[""] * 7]]

        with pytest.raises(BadFile, match="another table seems to begin \\(navn, alder\\)"):
            self.remarks(rows, tmp_path)

    def test_an_empty_sort_is_no_note(self, tmp_path: Path) -> None:
        rows = [*across(down()), [""] * 15, ["P9", *[""] * 14]]

        with pytest.raises(BadFile, match="The sort P9 is empty"):
            self.remarks(rows, tmp_path)


def test_numbers_of_statements_are_no_values(tmp_path: Path) -> None:
    """Without the values above, nothing tells them from ranks."""
    path = tmp_path / "x.csv"
    path.write_text(text([["navn", *(f"plass {n}" for n in range(14))], *ON_GRID[1:]]), "utf-8")

    with pytest.raises(BadFile, match="numbers of statements in the order of the grid, or ranks"):
        read(path)
    data, _ = read(path, reading=ReadingOptions(rows="sorts"))
    assert data.sorts.max() == 14


def test_words_for_values_are_said(tmp_path: Path) -> None:
    rows = [["utsagn", "Anna", "Siv"], ["s1", "Enig", "Uenig"], ["s2", "Uenig", "Enig"]]
    (tmp_path / "x.csv").write_text(text(rows), "utf-8")

    with pytest.raises(BadFile, match="there are words in their place \\(Enig, Uenig"):
        read(tmp_path / "x.csv")


class TestLooseDat:
    """What has no columns is read where all sorts have the values of the grid, and only there."""

    def refused(self, content: str, tmp_path: Path) -> str:
        (tmp_path / "x.dat").write_bytes(content.encode())
        with pytest.raises(BadFile) as caught:
            read(tmp_path / "x.dat")
        return str(caught.value)

    def test_it_is_said(self, tmp_path: Path) -> None:
        data, _ = read(made("free.dat", tmp_path))

        assert data.title == "På skjema"
        assert data.remarks[0][1].startswith("Names and values stand in no fixed columns")

    def test_values_that_are_not_those_of_the_grid(self, tmp_path: Path) -> None:
        assert "stand in no columns" in self.refused(
            loose_dat(FREE).replace("P3 -1", "P3 -2"), tmp_path
        )
        assert "Each sort seems to go over 2 lines" in self.refused(
            loose_dat(*WRAPPED).replace("P3        -1", "P3        -2"), tmp_path
        )

    def test_a_number_of_the_name_is_no_value(self, tmp_path: Path) -> None:
        """A sort that lacks a 1, of somebody called `Ola 1`, has the values of the grid."""
        content = loose_dat(lambda name, sort: f"Ola {name[1:]} {' '.join(sort)}")
        assert "Ola 1 1 2 1" in content

        assert "stand in no columns" in self.refused(content.replace("Ola 1 1", "Ola 1"), tmp_path)


class TestTimes:
    """Two sorts of a person are two, and neither is taken for the other or for one long one."""

    def refused(self, rows: Sequence[Sequence[str]], tmp_path: Path) -> str:
        (tmp_path / "x.csv").write_text(text(rows), "utf-8")
        with pytest.raises(BadFile) as caught:
            read(tmp_path / "x.csv")
        assert len(caught.value.faults) == 1
        return str(caught.value)

    @pytest.mark.parametrize("form", ["{0}_{1}", "{1} {0}"])
    def test_side_by_side(self, form: str, tmp_path: Path) -> None:
        header, *body = across(down())
        labels = [form.format(one, time) for time in ("før", "etter") for one in header[1:]]
        rows = [["navn", *labels], *([row[0], *row[1:], *row[1:]] for row in body)]

        assert "(før, etter): these are 2 sorts of each person" in self.refused(rows, tmp_path)
        turned = [["utsagn", *rows.pop(0)[1:]], *rows]
        assert "these are 2 sorts" in self.refused(list(zip(*turned, strict=True)), tmp_path)

    def test_below_one_another(self, tmp_path: Path) -> None:
        header, *body = across(down())
        rows = [[row[0], time, *row[1:]] for time in ("før", "etter") for row in body]
        said = self.refused([[header[0], "tidspunkt", *header[1:]], *rows], tmp_path)

        assert "told apart by the column tidspunkt (før, etter)" in said

    def test_a_row_for_each_placing(self, tmp_path: Path) -> None:
        rows = [[time, *row] for time in ("t1", "t2") for row in LONG[1:]]

        assert "column måling (t1, t2)" in self.refused([["måling", *LONG[0]], *rows], tmp_path)
