"""A study file is read whole, or every fault in it is named with its line."""

# ruff: noqa: E501 - a table of faults reads best with a line for each

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.faults import Fault
from dialogs.studies import study_file
from dialogs.studies.items import Item, Option
from dialogs.studies.study import (
    LANGUAGES,
    MAX_STATEMENTS,
    Grid,
    Information,
    Labels,
    Language,
    Statement,
    Study,
    TextByLanguage,
)
from dialogs.studies.study_file import dump, load
from research.study_files import statements

TODAY = date(2026, 11, 1)

ONE = """\
id = "small"
languages = ["nb"]
minutes = 5
retention = 2027-06-30
closes = 2027-01-31
title = "Tittel"
purpose = "Formål"
instruction = "Sorter."

[information]
version = "1"
text = "Informasjon"

[grid]
-1 = 1
0 = 2
1 = 1

[[statements]]
id = "s1"
text = "Utsagn en"

[[statements]]
id = "s2"
text = "Utsagn to"
help = "Hjelp"

[[statements]]
id = "s3"
text = "Utsagn tre"

[[statements]]
id = "s4"
text = "Utsagn fire"

[[questions]]
id = "q1"
text = "Noe mer?"

[[questions]]
id = "q2"
text = "Velg"

[[questions.choices]]
id = "yes"
text = "Ja"

[[questions.choices]]
id = "no"
text = "Nei"
"""
INLINE = ONE[ONE.index("[[statements]]") : ONE.index("[[questions]]")]


def read(
    source: str | bytes, files: Mapping[str, str | bytes] | None = None
) -> Study | list[Fault]:
    def raw(text: str | bytes) -> bytes:
        return text if isinstance(text, bytes) else text.encode()

    beside = {name: statements(name, raw(text)) for name, text in (files or {}).items()}
    found = study_file.read("study.toml", raw(source), beside.get, TODAY)
    return found if isinstance(found, list) else found[0]


def study(source: str | bytes, files: Mapping[str, str | bytes] | None = None) -> Study:
    result = read(source, files)
    assert isinstance(result, Study), [str(fault) for fault in result]
    return result


def faults(source: str | bytes, files: Mapping[str, str | bytes] | None = None) -> list[Fault]:
    result = read(source, files)
    assert not isinstance(result, Study)
    return result


def changed(find: str, put: str) -> str:
    assert find in ONE
    return ONE.replace(find, put, 1)


def with_file(name: str) -> str:
    return f'statements = "{name}"\n' + ONE.replace(INLINE, "")


def in_languages(source: str, *languages: Language) -> str:
    return source.replace('["nb"]', json.dumps(languages))


def test_a_study_in_one_language_needs_no_language_on_its_texts() -> None:
    assert study(ONE) == Study(
        id="small",
        title={"nb": "Tittel"},
        languages=("nb",),
        purpose={"nb": "Formål"},
        minutes=5,
        information=Information("1", {"nb": "Informasjon"}),
        instruction={"nb": "Sorter."},
        grid=Grid({-1: 1, 0: 2, 1: 1}),
        statements=(
            Statement("s1", {"nb": "Utsagn en"}),
            Statement("s2", {"nb": "Utsagn to"}, {"nb": "Hjelp"}),
            Statement("s3", {"nb": "Utsagn tre"}),
            Statement("s4", {"nb": "Utsagn fire"}),
        ),
        retention=date(2027, 6, 30),
        closes=date(2027, 1, 31),
        questions=(
            Item(id="q1", text={"nb": "Noe mer?"}, way="text"),
            Item(
                id="q2",
                text={"nb": "Velg"},
                way="one",
                options=(Option("yes", {"nb": "Ja"}), Option("no", {"nb": "Nei"})),
            ),
        ),
        minimum_invited=10,
    )


def test_every_language_can_be_named_where_there_is_only_one() -> None:
    assert study(ONE.replace("text =", "nb =")) == study(ONE)


def test_a_value_may_have_a_sign_in_quotes() -> None:
    assert study(changed("\n1 = 1", '\n"+1" = 1')) == study(ONE)


def test_several_languages_are_tables() -> None:
    source = """\
id = "two"
languages = ["en", "nn"]
minutes = 5
retention = 2027-06-30
title = { nn = "Tittel", en = "Title" }
purpose = { nn = "Føremål", en = "Purpose" }
instruction = { nn = "Sorter.", en = "Sort." }
information = { version = "1", nn = "Informasjon", en = "Information" }
grid = { -1 = 1, 0 = 1, 1 = 1 }
statements = [
    { id = "a", nn = "Ein", en = "One" },
    { id = "b", nn = "To", en = "Two", help = { nn = "Hjelp", en = "Help" } },
    { id = "c", nn = "Tre", en = "Three" },
]
"""
    result = study(source)

    assert result.languages == ("en", "nn")
    assert result.information.text == {"en": "Information", "nn": "Informasjon"}
    assert result.statements[1] == Statement(
        "b", {"en": "Two", "nn": "To"}, {"en": "Help", "nn": "Hjelp"}
    )


def test_lines_of_a_paragraph_are_joined_and_lists_kept() -> None:
    written = '"""\nFirst line\n  and second.\r\n\n \nA list:\n- one\n  still one\n- two\n"""'

    text = study(changed('"Informasjon"', written)).information.text["nb"]

    assert text == "First line and second.\n\nA list:\n- one still one\n- two"


def test_a_byte_order_mark_is_skipped() -> None:
    assert study(b"\xef\xbb\xbf" + ONE.encode()) == study(ONE)


def test_statements_may_lie_in_csv() -> None:
    csv = (
        'id,text,help\ns1,"Utsagn ""en"", ja",\ns2,Utsagn to,Hjelp\n\ns3,Utsagn tre,\ns4,Fire,""\n'
    )

    statements = study(with_file("x.csv"), {"x.csv": csv}).statements

    assert statements == (
        Statement("s1", {"nb": 'Utsagn "en", ja'}),
        Statement("s2", {"nb": "Utsagn to"}, {"nb": "Hjelp"}),
        Statement("s3", {"nb": "Utsagn tre"}),
        Statement("s4", {"nb": "Fire"}),
    )


def test_csv_as_a_norwegian_excel_writes_it() -> None:
    csv = "\ufeffID;nb;help_nb\r\n1;Ett, to;\r\n2;To;\r\n3;Tre;Hjelp\r\n4;Fire;\r\n"

    statements = study(with_file("x.CSV"), {"x.CSV": csv}).statements

    assert [one.id for one in statements] == ["1", "2", "3", "4"]
    assert statements[0].text == {"nb": "Ett, to"}
    assert statements[2].help == {"nb": "Hjelp"}


def test_csv_has_a_column_for_each_language() -> None:
    source = in_languages(with_file("x.csv"), "nb", "en")
    csv = "help_en,help_nb,en,nb,id\n,,One,En,a\nHelp,Hjelp,Two,To,b\nHelp,,Three,Tre,c\n,,,Fire,d"

    found = faults(source, {"x.csv": csv})

    assert [(fault.line, fault.what) for fault in found if fault.file == "x.csv"] == [
        (4, "The help of statement c has no text in nb."),
        (5, "The statement d in en is empty."),
    ]


@pytest.mark.parametrize(
    "sta",
    [
        "1. Utsagn en  \r\n2. Utsagn to\r\n3. Utsagn tre\r\n4. Utsagn fire\r\n\r\n",
        "Utsagn en\nUtsagn to\nUtsagn tre\nUtsagn fire",
    ],
)
def test_statements_may_lie_in_pqmethods_file(sta: str) -> None:
    statements = study(with_file("lipset.STA"), {"lipset.STA": sta}).statements

    assert [(one.id, one.text["nb"]) for one in statements] == [
        ("s1", "Utsagn en"),
        ("s2", "Utsagn to"),
        ("s3", "Utsagn tre"),
        ("s4", "Utsagn fire"),
    ]


def test_a_number_that_belongs_to_a_statement_stays() -> None:
    sta = "1. Utsagn\n2. juni\n3 ting\n4. Utsagn"

    statements = study(with_file("a.sta"), {"a.sta": sta}).statements

    assert statements[1].text == {"nb": "2. juni"}


LONG = "x" * 5000

# fmt: off
FAULTS = {
    "unknown key": ("minutes = 5", "minuts = 5", "minuts", "Unknown key 'minuts'. Did you mean minutes?"),
    "unknown key, unlike any": ("minutes = 5", "minutes = 5\nzz = 1", "zz", "Unknown key 'zz'. Known are id, "),
    "unknown key in place of a text": ('text = "Utsagn en"', 'txt = "a"', "txt", "'txt'. Did you mean text?"),
    "text said twice": ('text = "Utsagn en"', 'text = "a"\nnb = "b"', "nb = ", "Unknown key 'nb'."),
    "unknown key in a statement": ('text = "Utsagn en"', 'txt = "a"\ntext = "b"', "txt", "'txt'. Did you mean text?"),
    "no id": ('id = "small"', "", "", "The study needs an id of small letters"),
    "id in capitals": ('id = "small"', 'id = "Small"', "Small", "The study needs an id of small letters"),
    "id of a number": ('id = "s1"', "id = 1", "id = 1", "The statement number 1 needs an id of letters"),
    "id with a newline": ('id = "s1"', 'id = "s1\\n"', "s1\\n", "The statement number 1 needs an id of letters"),
    "no languages": ('languages = ["nb"]', "", "", "`languages` must be a list"),
    "languages as text": ('languages = ["nb"]', 'languages = "nb"', "languages", "`languages` must be a list"),
    "strange language": ('["nb"]', '["nb",\n "xx"]', '"xx"', "'xx' is no language here. Write for instance"),
    "language twice": ('["nb"]', '["nb", "nb"]', "languages", "'nb' is listed twice."),
    "language of odd type": ('["nb"]', '["nb", {}]', "languages", "{} is no language here."),
    "no minutes": ("minutes = 5", "", "", "`minutes` must be a whole number from 1 to 240."),
    "minutes as text": ("minutes = 5", 'minutes = "5"', "minutes", "`minutes` must be a whole number"),
    "minutes true": ("minutes = 5", "minutes = true", "minutes", "`minutes` must be a whole number"),
    "too few invited": ("minutes = 5", "minutes = 5\nminimum_invited = 9", "minimum", "from 10 to 10000."),
    "no retention": ("retention = 2027-06-30", "", "", "`retention` is missing."),
    "retention as text": ("= 2027-06-30", '= "2027-06-30"', "retention", "must be a date. Write for instance"),
    "retention with a time": ("= 2027-06-30", "= 2027-06-30 12:00:00", "retention", "`retention` must be a date."),
    "closed yesterday": ("= 2027-01-31", "= 2026-10-31", "closes", "`closes` is in the past: 2026-10-31."),
    "destroyed before it closes": ("= 2027-01-31", "= 2027-06-30", "retention", "is not after `closes` (2027-06-30)"),
    "no title": ('title = "Tittel"', "", "", "The title is missing. Write a text for each language"),
    "title of a number": ('title = "Tittel"', "title = 7", "title", "The title must be texts."),
    "title too long": ('"Tittel"', f'"{LONG}"', "title", "The title in nb is 5000 characters long. A card has room for 100"),
    "long in UTF-16": ('"Tittel"', f'"{"😀" * 51}"', "title", "is 102 characters long."),
    "empty title": ('"Tittel"', '" "', "title", "The title in nb is empty."),
    "text of invisibles": ('"Tittel"', '"\u200b\u00ad"', "title", "The title in nb is empty."),
    "title in another language": ('"Tittel"', '{nb = "a", nn = "b"}', "title", "in nn, which `languages` does not list"),
    "title in no language": ('"Tittel"', '{no = "a"}', "title", "The title has no text in nb."),
    "text of odd type": ('"Tittel"', "{nb = 1}", "title", "The title in nb must be text. Put it in quotes."),
    "NUL": ('"Tittel"', '"a\\u0000b"', "title", "The title in nb holds the invisible character U+0000."),
    "right-to-left": ('"Utsagn en"', '"a\\u202Eb"', "a\\u202Eb", "statement s1 in nb holds the invisible character U+202E"),
    "no information": ('[information]\nversion = "1"\ntext = "Informasjon"', "", "", "`information` is missing."),
    "information as text": (ONE[: ONE.index("[grid]")], ONE[: ONE.index("[info")] + 'information = "x"\n', "information", "`information` must be a table."),
    "version of a number": ('version = "1"', "version = 1", "version", "The information needs a version"),
    "no version": ('version = "1"', "", "[information]", "The information needs a version"),
    "no grid": ("[grid]\n-1 = 1\n0 = 2\n1 = 1", "", "", "`grid` is missing. Begin it with [grid]"),
    "empty grid": ("-1 = 1\n0 = 2\n1 = 1", "", "[grid]", "The grid is empty or has fewer than three columns."),
    "grid of one": ("-1 = 1\n0 = 2\n1 = 1", "0 = 4", "[grid]", "The grid is empty or has fewer than three columns."),
    "cells and statements": ("0 = 2", "0 = 3", "[grid]", "The grid has 5 cells and there are 4 statements."),
    "gap": ("0 = 2\n", "", "[grid]", "The grid is empty or has fewer than three columns."),
    "hole": ("\n1 = 1", "\n2 = 1", "[grid]", "The grid has no column 1, but columns on both sides of it."),
    "too far out": ("\n1 = 1", "\n10 = 1", "10 = 1", "'10' is no value of the grid. Values go from -9 to 9."),
    "pattern and columns": ("0 = 2", "pattern = [1, 2, 1]", "pattern", "`pattern` must be the numbers of cells"),
    "short pattern": ("-1 = 1\n0 = 2\n1 = 1", "pattern = [2, 2]", "pattern", "`pattern` must be the numbers of cells"),
    "pattern of text": ("-1 = 1\n0 = 2\n1 = 1", 'pattern = [1, "2", 1]', "pattern", "Column 0 must hold 1 to 140 cells."),
    "no number": ("\n1 = 1", "\none = 1", "one = 1", "'one' is no value of the grid."),
    "half a value": ("\n0 = ", "\n-0.5 = 2\n0 = ", "-0.5", "begins with '-0' is no whole number."),
    "column twice": ("\n1 = 1", '\n1 = 1\n"+1" = 1', '"+1"', "The value 1 is given twice."),
    "empty column": ("0 = 2", "0 = 0", "0 = 0", "Column 0 must hold 1 to 140 cells."),
    "column of text": ("0 = 2", '0 = "2"', '0 = "2"', "Column 0 must hold 1 to 140 cells."),
    "plus sign": ("\n1 = 1", "\n+1 = 1", "+1 = 1", "This is not TOML: Invalid statement. Write positive values without"),
    "no statements": (INLINE, "", "", "`statements` is missing. Begin every statement with [[statements]]"),
    "statements of text": (INLINE, '[statements]\na = "b"\n', "[statements]", "`statements` must be a list of tables."),
    "same id": ('id = "s3"', 'id = "S2"', '[[statements]]\nid = "S2"', "This has the same id as the one on line 23."),
    "same text": ('"Utsagn tre"', '"utsagn  TO."', '[[statements]]\nid = "s3"', "has the same text in nb as the one on line 23."),
    "empty statement": ('"Utsagn tre"', '"\u3000"', "\u3000", "The statement s3 in nb is empty."),
    "no text": ('text = "Utsagn tre"', "", '[[statements]]\nid = "s3"', "The statement s3 has no text in nb."),
    "help too long": ('"Hjelp"', f'"{LONG}"', "help", "The help of statement s2 in nb is 5000 characters long. A card has room for 600"),
    "question twice": ('id = "q2"', 'id = "q1"', '[[questions]]\nid = "q1"\ntext = "Velg"', "This has the same id"),
    "choice twice": ('id = "no"', 'id = "yes"', '[[questions.choices]]\nid = "yes"\ntext = "Nei"', "This has the same id"),
    "one choice": ('[[questions.choices]]\nid = "no"\ntext = "Nei"\n', "", "[[questions.choices]]", "There are 1 options. A choice has 2 to 20."),
    "no choice": ('text = "Noe mer?"', 'text = "Noe mer?"\nchoices = []', "choices", "`questions.choices` must be a list of tables."),
    "many questions": ('[[questions]]\nid = "q1"', "".join(f'[[questions]]\nid = "n{n}"\ntext = "x"\n' for n in range(9)) + '[[questions]]\nid = "q1"', "[[questions]]", "There are 10 questions to answer in words. A card has room for 6"),
    "syntax": ("minutes = 5", "minutes 5", "minutes 5", "This is not TOML: Expected '=' after a key in a key/value pair."),
    "unclosed": ('"Nei"\n', '"""Nei\n', "Nei", "This is not TOML: "),
    "huge number": ("minutes = 5", "minutes = " + "9" * 5000, "minutes", "A number is far too long."),
}
# fmt: on


@pytest.mark.parametrize(("find", "put", "where", "what"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_line_and_a_remedy(
    find: str, put: str, where: str, what: str
) -> None:
    source = changed(find, put)

    found = faults(source)

    line = source.count("\n", 0, source.index(where)) + 1
    assert [f.line for f in found if what in f"{f.what} {f.remedy}"] == [line], found
    assert all(fault.remedy for fault in found)


def test_one_fault_alone_brings_no_others() -> None:
    for name in ("unknown key in a statement", "title too long", "cells and statements", "gap"):
        find, put, _, _ = FAULTS[name]
        assert len(faults(changed(find, put))) == 1


def test_the_day_of_retention_must_be_in_the_future() -> None:
    today = changed("2027-06-30", str(TODAY)).replace("closes = 2027-01-31", "")

    (fault,) = faults(today)

    assert str(fault) == (
        "study.toml:4: `retention` is not in the future: 2026-11-01. "
        "Answers are destroyed on that day: choose a later one."
    )
    assert study(today.replace(str(TODAY), str(TODAY + timedelta(days=1))))


def test_a_study_may_close_today() -> None:
    assert study(changed("2027-01-31", str(TODAY))).closes == TODAY


def test_every_fault_is_named_at_once() -> None:
    source = (
        changed("minutes = 5", "minutes = 0")
        .replace("0 = 2", "0 = 5")
        .replace('"Utsagn tre"', '"Utsagn to"')
        .replace("2027-06-30", "2020-01-01")
        .replace('"Ja"', '""')
    )

    found = faults(source)

    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    assert len(found) == 5


def test_a_large_file_is_not_read() -> None:
    (fault,) = faults(b"#" * (study_file.MAX_BYTES + 1))

    assert "larger than 512 kB" in fault.what


def test_a_file_in_another_encoding_is_named_by_line() -> None:
    (fault,) = faults(ONE.encode("latin-1"))

    assert (fault.line, fault.what) == (7, "The file is not UTF-8.")


def test_brackets_without_end_are_a_fault_and_no_crash() -> None:
    (fault,) = faults("a = " + "[" * 5_000)

    assert "nested too deep" in fault.what


def test_more_lines_and_brackets_than_any_study_has_are_refused_before_they_are_read() -> None:
    (fault,) = faults('languages = ["nb"]\n' + '[[statements]]\nid = "a"\n' * 10_000)

    assert (fault.line, fault.remedy) == (2400, "Check that it is the right file.")


@pytest.mark.parametrize("part", ["a", '"a b"', "'.'"])
def test_a_key_of_very_many_parts_is_refused_before_it_takes_all_memory(part: str) -> None:
    (fault,) = faults("x = 1\n" + f"{part} . " * 50_000 + "a = 1")

    assert str(fault) == "study.toml:2: A key has far too many parts. Shorten it."


def test_texts_of_signs_are_compared_as_they_are() -> None:
    signs = ONE.replace('"Utsagn en"', '"👍"').replace('"Utsagn to"', '"👎"')

    assert study(signs).statements[0].text == {"nb": "👍"}
    assert "the same text in nb" in str(faults(signs.replace("👎", "👍")))


def test_a_statement_must_have_every_language() -> None:
    source = in_languages(ONE, "nb", "nn").replace("text =", "nb =")

    found = {(fault.line, fault.what) for fault in faults(source)}

    assert (19, "The statement s1 has no text in nn.") in found
    assert (26, "The help of statement s2 must be texts.") in found
    assert (10, "The information has no text in nn.") in found


def test_few_and_many_statements() -> None:
    few = changed(INLINE, INLINE[: INLINE.index('[[statements]]\nid = "s3"')])
    many = "id,text\n" + "".join(f"n{n},Utsagn {n}\n" for n in range(MAX_STATEMENTS + 1))

    assert (19, "There are 2 statements.") in [(f.line, f.what) for f in faults(few)]
    assert "There are 141 statements." in str(faults(with_file("a.csv"), {"a.csv": many}))


def test_statements_must_fit_a_card_together() -> None:
    rows = "id,text\n" + "".join(f"n{n},Utsagn {n} {'x' * 380}\n" for n in range(70))

    assert "The statements in nb are " in str(faults(with_file("a.csv"), {"a.csv": rows}))


CSV_FAULTS = {
    "missing file": (None, 1, "There is no file 'a.csv' here."),
    "empty file": ("", 1, "There is no column id. The header needs id, nb."),
    "missing column": ("id,help\ns1,Hjelp\n", 1, "There is no column nb."),
    "unknown column": ("id,text,hepl\ns1,a,b\n", 1, "The column 'hepl' is unknown."),
    "language not listed": ("id,nb,nn\ns1,a,b\n", 1, "The column 'nn' is unknown."),
    "column twice": ("id,text,nb\ns1,a,b\n", 1, "There are two columns nb."),
    "only a header": ("id,text\n", 1, "`statements` must be a list of tables."),
    "comma without quotes": (
        "id,text\na,b\nc,d, e\n",
        3,
        "This row has 3 fields and the header 2.",
    ),
    "short row": ("id,text\na,b\nc\n", 3, "This row has 1 fields"),
    "unclosed quote": ('id,text\na,b\nb,"c\nd,e\n', 3, "Unexpected end of data."),
    "empty cell": ("id,text\na,b\nc, \n", 3, "The statement c in nb is empty."),
    "no id": ("id,text\na,b\n,c\n", 3, "“c” has no label, and others do"),
    "same text": ("id,text\na,b\n\nc,B\n", 4, "has the same text in nb as the one on line 2."),
    "NUL": ("id,text\na,b\nc,d\0\n", 3, "holds the invisible character U+0000."),
    "after a text of two lines": ('id,text\na,"b\nc"\nd,\n', 4, "The statement d in nb is empty."),
}


@pytest.mark.parametrize(("csv", "line", "what"), CSV_FAULTS.values(), ids=CSV_FAULTS)
def test_a_fault_in_csv_is_named_with_its_line(
    csv: str | bytes | None, line: int, what: str
) -> None:
    found = faults(with_file("a.csv"), {} if csv is None else {"a.csv": csv})

    assert [f.line for f in found if what in f"{f.what} {f.remedy}"] == [line], found


def test_faults_in_the_study_come_before_those_in_its_statements() -> None:
    source = with_file("a.csv").replace("minutes = 5", "minutes = 0")

    found = faults(source, {"a.csv": "id,text\na,\nb,x\nc,y\nd,z\n"})

    assert [(fault.file, fault.line) for fault in found] == [("study.toml", 4), ("a.csv", 2)]


@pytest.mark.parametrize(
    "name", ["../a.csv", "/a.csv", "b/a.csv", "..\\\\a.csv", "c:a.csv", "a.pdf", ".."]
)
def test_only_a_statement_file_of_the_same_folder_is_asked_for(name: str) -> None:
    def never(name: str) -> study_file.StatementTable:
        raise AssertionError(name)

    result = study_file.read("study.toml", with_file(name).encode(), never, TODAY)

    assert "is no name of a statement file." in str(result)


def test_pqmethods_file_holds_one_language() -> None:
    source = in_languages(with_file("a.sta"), "nb", "nn")

    assert "A file with a statement on each line holds one language." in str(
        faults(source, {"a.sta": "x"})
    )


def test_an_empty_line_in_pqmethods_file_is_nothing() -> None:
    statements = study(with_file("a.sta"), {"a.sta": "a\n\nb\nc\n\nd"}).statements

    assert [one.id for one in statements] == ["s1", "s2", "s3", "s4"]


def test_without_languages_the_texts_are_checked_all_the_same() -> None:
    source = with_file("a.csv").replace('languages = ["nb"]', "").replace('"Tittel"', '{nb = ""}')

    what = [fault.what for fault in faults(source, {"a.csv": "whatever"})]

    assert "The title in nb is empty." in what
    assert "`languages` must be a list of languages." in what


# --- Rules that hold for every study ------------------------------------------------------------

words = st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=1, max_size=8)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    languages = tuple(draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True)))

    def texts(tail: object = "") -> dict[Language, str]:
        return {language: f"{draw(words)}{tail}" for language in languages}

    reach = draw(st.integers(1, 7))
    half = draw(st.lists(st.integers(1, 3), min_size=reach, max_size=reach))
    middle = draw(st.integers(1, 5))
    cells = {0: middle} | {v: n for i, n in enumerate(half, 1) for v in (i, -i)}
    grid = Grid(dict(sorted(cells.items())))
    closes = draw(st.none() | st.dates(TODAY, date(2030, 1, 1)))
    return Study(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)),
        title=texts(),
        languages=languages,
        purpose=texts(),
        minutes=draw(st.integers(1, 240)),
        information=Information(draw(st.sampled_from(["1", "2026-11.b"])), texts()),
        instruction=texts(),
        grid=grid,
        statements=tuple(
            Statement(f"s{n}", texts(n), texts() if draw(st.booleans()) else {})
            for n in range(grid.size)
        ),
        retention=draw(st.dates(date(2030, 1, 2), date(2060, 1, 1))),
        closes=closes,
        questions=tuple(
            Item(
                id=f"q{n}",
                text=texts(),
                way="one" if count else "text",
                options=tuple(Option(f"c{i}", texts()) for i in range(count)),
            )
            for n, count in enumerate(draw(st.lists(st.sampled_from([0, 2, 20]), max_size=3)))
        ),
        minimum_invited=draw(st.integers(10, 500)),
    )


def as_toml(study: Study) -> str:
    """A study file as a researcher might write it; JSON's strings and lists are TOML's too."""

    def table(fields: Mapping[Any, object]) -> str:
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in fields.items())

    def inline(texts: TextByLanguage) -> str:
        return "{ " + ", ".join(f"{key} = {json.dumps(text)}" for key, text in texts.items()) + " }"

    lines = table({"id": study.id, "languages": study.languages, "minutes": study.minutes})
    lines += f"minimum_invited = {study.minimum_invited}\nretention = {study.retention}\n"
    lines += f"closes = {study.closes}\n" if study.closes else ""
    for name in ("title", "purpose", "instruction"):
        lines += f"{name} = {inline(getattr(study, name))}\n"
    lines += "[information]\n" + table({"version": study.information.version})
    lines += table(study.information.text)
    lines += "[grid]\n" + "".join(f"{value} = {n}\n" for value, n in study.grid.cells.items())
    for one in study.statements:
        lines += "[[statements]]\n" + table({"id": one.id}) + table(one.text)
        lines += f"help = {inline(one.help)}\n" if one.help else ""
    for question in study.questions:
        lines += "[[questions]]\n" + table({"id": question.id}) + table(question.text)
        for choice in question.options:
            lines += "[[questions.choices]]\n" + table({"id": choice.id}) + table(choice.text)
    return lines


@settings(max_examples=50)
@given(studies())
def test_what_was_written_is_read(wanted: Study) -> None:
    assert study(as_toml(wanted)) == wanted


@settings(max_examples=50)
@given(studies())
def test_what_was_stored_is_loaded(wanted: Study) -> None:
    stored = dump(wanted)

    assert load(stored) == wanted
    assert dump(load(stored)) == stored
    assert list(load(stored).grid.cells) == list(wanted.grid.values)


def test_equal_studies_are_stored_alike() -> None:
    one = study(ONE)
    other = dataclasses.replace(one, grid=Grid({1: 1, 0: 2, -1: 1}))

    assert dump(one) == dump(other)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"id": 1}'])
def test_what_was_not_stored_is_not_loaded(text: str) -> None:
    with pytest.raises(ValueError, match=r"validation error|Expecting value"):
        load(text)


def test_a_study_that_was_stored_with_choices_is_still_read() -> None:
    stored = json.loads(dump(study(ONE)))
    q1, q2 = stored["questions"]
    stored["questions"] = [
        {"id": q1["id"], "text": q1["text"], "choices": []},
        {"id": q2["id"], "text": q2["text"], "choices": q2["options"]},
    ]

    assert load(json.dumps(stored)) == study(ONE)


JUNK = st.sampled_from(
    ['"', '"""', "[", "]", "[[", "{", "}", "=", "\n", "\0", "\r", "#", "é", "nb", "-1 = 1\n"]
)


@given(
    st.lists(st.tuples(st.integers(0, len(ONE)), st.integers(0, 40), JUNK | st.text()), max_size=4)
)
def test_no_change_to_a_file_makes_reading_crash(changes: list[tuple[int, int, str]]) -> None:
    source = ONE
    for at, length, junk in changes:
        source = source[:at] + junk + source[at + length :]

    result = read(source.encode("utf-8", "surrogatepass"))

    if not isinstance(result, Study):
        assert result
        assert all(1 <= fault.line <= source.count("\n") + 1 for fault in result)


@given(
    st.binary(max_size=300) | st.text(alphabet='id,text;"\n\r ab1\0', max_size=200).map(str.encode)
)
def test_no_statement_file_makes_reading_crash(data: bytes) -> None:
    for name in ("a.csv", "a.sta"):
        result = read(with_file(name), {name: data})
        assert isinstance(result, Study) or all(fault.line >= 1 for fault in result)


@pytest.mark.parametrize(
    ("written", "values", "moved"),
    [
        ("1 = 1\n2 = 1\n3 = 1\n4 = 1", {-2: 1, -1: 1, 1: 1, 2: 1}, 2),
        ("1 = 1\n2 = 2\n3 = 1", {-1: 1, 0: 2, 1: 1}, 2),
        ("-1 = 1\n0 = 1\n1 = 2", {-1: 1, 0: 1, 1: 2}, 0),
        ("0 = 2\n1 = 1\n2 = 1", {0: 2, 1: 1, 2: 1}, 0),
        ("-2 = 1\n-1 = 2\n0 = 1", {-2: 1, -1: 2, 0: 1}, 0),
        ("-2 = 1\n-1 = 1\n1 = 1\n2 = 1", {-2: 1, -1: 1, 1: 1, 2: 1}, 0),
        ("pattern = [1, 2, 1]", {-1: 1, 0: 2, 1: 1}, 0),
        ("pattern = [1, 1, 1, 1]", {-2: 1, -1: 1, 1: 1, 2: 1}, 0),
        ('"\u22121" = 1\n0 = 2\n"+1" = 1', {-1: 1, 0: 2, 1: 1}, 0),
    ],
    ids=["1 to 4", "1 to 3", "skewed", "upper half", "lower half", "no middle", "pattern",
         "pattern without middle", "signs"],
)  # fmt: skip
def test_a_grid_of_any_shape_is_taken(written: str, values: dict[int, int], moved: int) -> None:
    study = read(ONE.replace("-1 = 1\n0 = 2\n1 = 1", written))

    assert isinstance(study, Study)
    assert study.grid == Grid(values, moved)
    assert list(study.grid.cells) == sorted(values)


def designed(more: str, source: str = ONE) -> tuple[Study, ...] | list[Fault]:
    """What comes of the file with more at its top."""
    return study_file.read("study.toml", (more + source).encode(), lambda _: None, TODAY)


def test_labels_settings_and_dimensions_are_read() -> None:
    source = ONE.replace('text = "Utsagn en"', 'text = "Utsagn en"\ndimension = "tid"')
    source += '[labels]\nmost = "Mest"\nleast = "Minst"\nmiddle = "Midt"\n'
    found = designed("reasons = 0\n", source)

    assert isinstance(found, tuple)
    assert found[0].labels == Labels({"nb": "Mest"}, {"nb": "Minst"}, {"nb": "Midt"})
    assert found[0].reasons == 0
    assert found[0].statements[0].dimension == "tid"


def test_the_dimension_may_be_a_column() -> None:
    header = "id;text;dimensjon\n"
    rows = "".join(f"s{n};Utsagn {n};{'tid' if n < 3 else ''}\n" for n in range(1, 5))
    found = study(with_file("s.csv"), {"s.csv": header + rows})

    assert [one.dimension for one in found.statements] == ["tid", "tid", "", ""]


def test_a_study_may_be_in_any_language_that_has_a_code() -> None:
    assert study(in_languages(ONE, "se")).title == {"se": "Tittel"}


CONDITIONS = """
[[conditions]]
id = "now"
title = "Nå"
instruction = "Som det er."

[[conditions]]
id = "wanted"
title = "Ønsket"
instruction = "Som det burde være."
"""


def test_each_condition_of_instruction_is_a_study_paired_with_the_first() -> None:
    found = designed("", ONE.replace('instruction = "Sorter."\n', "") + CONDITIONS)

    assert isinstance(found, tuple)
    assert [(s.id, s.title["nb"], s.instruction["nb"], s.before) for s in found] == [
        ("small-now", "Nå", "Som det er.", ""),
        ("small-wanted", "Ønsket", "Som det burde være.", "small-now"),
    ]


def test_before_and_after_have_their_own_last_days() -> None:
    waves = '[waves.before]\ntext = "Før"\ncloses = 2027-01-01\n[waves.after]\ntext = "Etter"\n'
    found = designed("", ONE.replace("closes = 2027-01-31\n", "") + waves)

    assert isinstance(found, tuple)
    assert [(s.id, s.closes, s.before) for s in found] == [
        ("small-before", date(2027, 1, 1), ""),
        ("small-after", None, "small-before"),
    ]


def test_questions_have_every_kind_that_questionnaires_have() -> None:
    more = """
[[scales.often]]
text = "Sjelden"
[[scales.often]]
text = "Ofte"
[[questions]]
id = "q3"
text = "Hvor ofte?"
scale = "often"
[[questions]]
id = "q4"
text = "Trygg?"
scale = ["Nei", "Ja", { text = "Vet ikke", unknown = true }]
[[questions]]
id = "q5"
text = "Hvor?"
answer = "several"
choices = [{ id = "a", text = "Her" }, { id = "b", text = "Der" }]
"""
    found = study(ONE + more)

    assert [(q.id, q.way, [(o.id, o.value) for o in q.options]) for q in found.questions[2:]] == [
        ("q3", "one", [("1", 1), ("2", 2)]),
        ("q4", "one", [("1", 1), ("2", 2), ("unknown", None)]),
        ("q5", "several", [("a", None), ("b", None)]),
    ]


@pytest.mark.parametrize(
    ("top", "bottom", "what"),
    [
        ("reasons = 7\n", "", "`reasons` must be a whole number from 0 to 6"),
        ('labels = "Mest"\n', "", "`labels` must be a table"),
        ("", '[labels]\nmost = "Mest"\n', "The label `least` is missing."),
        ("", '[labels]\nmost = "Mest"\nleast = "mest"\n', "Both ends are called 'Mest'."),
        ("", '[labels]\nmost = "Mest"\nleast = "Minst"\nbest = "x"\n', "Unknown key 'best'"),
        ("", CONDITIONS + '[waves.before]\ntext = "a"\n[waves.after]\ntext = "b"\n', "A study is sorted before and after, or"),
        ("", '[waves.before]\ntext = "a"\n[waves.after]\ntext = "b"\n', "A study before and after has two last days."),
        ("forced = false\n", "", "The grid has 4 cells for 4 statements: there is no choice."),
        ("", '[[questions]]\nid = "r"\ntext = "Født"\nrequired = true\n', "No question can be required"),
        ("", '[[questions]]\nid = "r"\ntext = "Født"\nscale = "nope"\n', "There is no scale 'nope'."),
        ("", 'kind = "questionnaire"\n', "Unknown key 'kind'"),
    ],
)  # fmt: skip
def test_a_fault_in_the_design_is_named_alone(top: str, bottom: str, what: str) -> None:
    found = designed(top, ONE + bottom)

    assert isinstance(found, list)
    assert [what in str(one) for one in found] == [True], found


def test_a_dimension_is_a_short_text() -> None:
    (fault,) = faults(ONE.replace('id = "s1"', 'id = "s1"\ndimension = 3'))
    assert "must be a short text" in fault.what


@pytest.mark.parametrize("languages", ['["nb", "uk"]', '["klingon"]', '["nb", "klingon"]', '"nb"'])
def test_a_fault_in_the_languages_hides_nothing_and_brings_no_others(languages: str) -> None:
    """In one language each, the texts are whole: all that is wrong is what the file says of them."""
    wrong = ONE.replace('["nb"]', languages)
    (fault,) = faults(wrong)
    assert fault.line == 2

    two = faults(wrong.replace("minutes = 5", "minutes = 500"))
    assert len(two) == 2


def test_texts_of_which_some_have_languages_are_named_one_by_one() -> None:
    found = faults(
        in_languages(ONE, "nb", "en").replace('title = "Tittel"', 'title = { nb = "T", en = "T" }')
    )
    assert len(found) > 5
    assert all("must be texts" in fault.what for fault in found)
