"""Files of other programs: what each is, who reads it here, and the way on where nobody does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from dialogs.faults import Fault
from research.formats.faults import BadFile
from research.formats.source import SourceFile
from research.tables.workbook import open_workbook

TableKind: TypeAlias = Literal["sorts", "statements", "questionnaire", "coding"]
COMMANDS: Mapping[TableKind, str] = {
    "sorts": "kollegial analyse FILE, or kollegial convert FILE OUT",
    "statements": "--statements FILE, or as `statements` in a study file",
    "questionnaire": "kollegial questionnaire import FILE",
    "coding": "kollegial code import FILE",
}


@dataclass(frozen=True, slots=True)
class Known:
    """A table of another program, told by the names of columns that only it has."""

    name: str
    columns: frozenset[str]
    read_by: TableKind | None
    way_on: str = ""
    """What to do where nobody reads it."""


def _known(name: str, columns: str, read_by: TableKind | None, way_on: str = "") -> Known:
    return Known(name, frozenset(columns.split("; ")), read_by, way_on)


_ANSWERS = (
    "These are answers, not questions: Kollegial analyses those that it collected. For sorts, keep "
    "one column of names and one for each statement (s1, s2 ...), or a row for each statement."
)

TABLES: tuple[Known, ...] = (
    _known("a REDCap data dictionary", "variable / field name; field type; field label",
           "questionnaire"),
    _known("a REDCap data dictionary", "field_name; form_name; field_type; field_label",
           "questionnaire"),
    _known("an XLSForm", "type; name; label", "questionnaire"),
    _known("a LimeSurvey structure", "class; type/scale; name; relevance; text",
           "questionnaire"),
    _known("a LimeSurvey structure", "class; type/scale; name; text", "questionnaire"),
    _known("LimeSurvey's answers", "id; submitdate; lastpage; startlanguage", None,
           "These are answers, not questions: Kollegial analyses those that it collected. For the "
           "questions, export the survey structure as tab-separated values (.txt)."),
    _known("REDCap's answers", "record_id; redcap_event_name", None,
           "These are answers, not questions. For the questions, download the data dictionary."),
    _known("Nettskjema's answers", "$submission_id; $created", None, _ANSWERS),
    _known("Nettskjema's answers", "submission_id; created", None, _ANSWERS),
    _known("Qualtrics' answers", "startdate; enddate; responseid", None, _ANSWERS),
    _known("Microsoft Forms' answers", "id; start time; completion time", None, _ANSWERS),
    _known("Microsoft Forms' answers", "id; starttidspunkt; fullføringstidspunkt", None, _ANSWERS),
    _known("SurveyXact's answers", "respondent; stato_4", None, _ANSWERS),
    _known("SurveyMonkey's answers", "respondent id; collector id", None, _ANSWERS),
    _known("Taguette's highlights", "document; tag; content", "coding"),
    _known("MAXQDA's coded segments", "document name; code; segment", "coding"),
    _known("MAXQDA's coded segments", "dokumentname; code; segment", "coding"),
    _known("NVivo's or ATLAS.ti's quotations", "document; quotation content; codes", "coding"),
    _known("Dedoose's excerpts", "media title; excerpt copy", None,
           "Export the project as REFI-QDA (.qdpx), or write the codes into coding.xlsx."),
    _known("QualCoder's coded text", "filename; codename; coded_text", None,
           "Export the project as REFI-QDA (.qdpx), or write the codes into coding.xlsx."),
    _known("a table of shared texts", "row; text; code", "coding"),
    _known("EQ Web Sort from Netlify", "sort; user_agent; created_at", "sorts"),
    _known("EQ Web Sort in Google Sheets", "partid; randomid; sort", "sorts"),
    _known("HTMLQ or FlashQ", "uid; sort", "sorts"),
    _known("HTMLQ or FlashQ", "uid; s1; s2", "sorts"),
)  # fmt: skip

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS_XLSX = "Open it in its program, save it as .xlsx or as CSV UTF-8, and take that file."
_STARTS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Take the table out of it into .xlsx or CSV."),
    (b"$FL2", "an SPSS data file (.sav)", "In SPSS: File, Save as, CSV or Excel."),
    (b"$FL3", "a compressed SPSS data file (.zsav)", "In SPSS: File, Save as, CSV or Excel."),
    (b"\x1f\x8b", "a compressed file, such as R's .rds or .RData",
     'In R: write.csv(x, "x.csv"), or unpack it.'),
    (b"RDX", "R's own data", 'In R: write.csv(x, "x.csv").'),
    (b"ASCII SPSS PORT FILE", "an SPSS portable file (.por)", "In SPSS: File, Save as, CSV."),
    (b"PQMethod2", "PQMethod's listing (.LIS), its results",
     "Take the sorts: the .DAT in the same folder."),
    (b"<stata_dta>", "a Stata data file (.dta)", "In Stata: export delimited."),
)  # fmt: skip
_WITHIN: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b'"doc_id"', b"docs.google.com"), "a link to Google Sheets (.gsheet)",
     "There: File, Download, Excel (.xlsx)."),
    ((b"<limesurveydoctype>",), "a LimeSurvey survey (.lss)",
     "Export the survey structure as tab-separated values (.txt)."),
    ((b"urn:schemas-microsoft-com:office:spreadsheet",), "an XML spreadsheet of Excel 2003",
     _SAVE_AS_XLSX),
)  # fmt: skip
"""What stands near the beginning of a text, in small letters."""
_MEMBERS: tuple[tuple[str, str, str], ...] = (
    ("content.xml", "an OpenDocument file (.ods)", _SAVE_AS_XLSX),
    ("Index/Document.iwa", "a Numbers document", "In Numbers: File, Export to, Excel or CSV."),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", _SAVE_AS_XLSX),
    ("word/document.xml", "a Word document",
     "Copy the table into a spreadsheet and save that as .xlsx."),
)  # fmt: skip
_READ_ARCHIVES = frozenset({"workbook.xml", "sorts.txt", "SORTS.TXT", "project.qde"})
"""Of each archive that is read here, a file in it."""


def refuse_program_files(source: SourceFile) -> None:
    """Refuse what is no table but a program's own file, and say what to do.

    Raises:
        BadFile: it is one.
    """
    head = source.data[:512].lstrip().lower()
    if source.data.startswith(_OLE):
        is_locked = "EncryptedPackage".encode("utf-16-le") in source.data
        what = "a workbook with a password" if is_locked else "an old Excel workbook (.xls)"
        raise _told(what, "Take the password away: File, Info." if is_locked else _SAVE_AS_XLSX)
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        raise _told("a web page, perhaps called .xls", _SAVE_AS_XLSX)
    for marks, what, remedy in _WITHIN:
        if all(mark in head for mark in marks):
            raise _told(what, remedy)
    for start, what, remedy in _STARTS:
        if source.data.startswith(start):
            raise _told(what, remedy)
    for member, what, remedy in _MEMBERS:
        if member in source.members:
            raise _told(what, remedy)
    if source.members and not _READ_ARCHIVES & {PurePosixPath(m).name for m in source.members}:
        raise _told(f"an archive of {len(source.members)} files",
                    f"Unpack it and take the table in it: {source.members[0]}, say.")  # fmt: skip


def refuse_others(source: SourceFile) -> None:
    """Refuse what another command reads, where a table is wanted.

    Raises:
        BadFile: it is an archive, or XML, of a program that is known.
    """
    names = {PurePosixPath(member).name.lower() for member in source.members}
    head = source.data[:2000].lower()
    if "project.qde" in names:
        raise _told("a REFI-QDA project (.qdpx)", f"Read it with {COMMANDS['coding']}.")
    if b"urn:qda-xml:" in head:
        raise _told("a REFI-QDA codebook (.qdc)", "Take it with kollegial code import --codebook.")
    if "sorts.txt" in names:
        raise _told("a zip of KADE or Ken-Q", f"Read it with {COMMANDS['sorts']}.")
    if b"<statements" in head:
        raise _told("HTMLQ's statements", f"Read it with {COMMANDS['statements']}.")


def refuse_surveys(source: SourceFile) -> None:
    """Refuse a workbook that is a form and no table of sorts.

    Raises:
        BadFile: it has the sheets of an XLSForm.
    """
    if "xl/workbook.xml" in source.members:
        names = {name.casefold() for name in open_workbook(source)}
        if {"correlation matrix", "unrotated factor matrix"} <= names:
            raise _told("KADE's results", "Take the sorts: the file that KADE read, or its zip.")
        if {"survey", "choices"} <= names:
            raise _told("an XLSForm", f"Read it with {COMMANDS['questionnaire']}.")


def known(header: Iterable[str]) -> Known | None:
    """Whose header this is."""
    names = {" ".join(cell.casefold().split()) for cell in header}
    if "record_id" in names and any(name.endswith("_complete") for name in names):
        names = names | {"redcap_event_name"}  # which only long studies have
    return next((one for one in TABLES if one.columns <= names), None)


def named(header: Sequence[str], wanted: TableKind) -> BadFile | None:
    """What to say where `wanted` was asked for and the file is something else that is known."""
    found = known(header)
    if found is None or found.read_by == wanted:
        return None
    way_on = found.way_on if found.read_by is None else f"Read it with {COMMANDS[found.read_by]}."
    return _told(found.name, way_on)


def _told(what: str, remedy: str) -> BadFile:
    return BadFile([Fault("", f"This is {what}.", "a table that is read here", remedy)])
