"""A sheet for a talk: the questions of a form, what to follow up with, and room for notes.

A page to print or to fill in, and a workbook with the same rows. Nothing is stored with either,
and neither asks for a name, an office or a day.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dialogs.studies.questionnaire import Questionnaire
from research.leaving.workbook import workbook
from research.report.document import program
from research.report.page import page
from research.report.tables import Table
from research.report.texts import ReportLanguage

WORDS: Mapping[ReportLanguage, Mapping[str, str]] = {
    "nb": {
        "report": "Samtaleark",
        "before": "Før dere begynner",
        "before_what": "Gå gjennom informasjonen, og vent til den du snakker med, har sagt ja.",
        "yes": "Informasjonen er gitt, og svaret er ja",
        "pseudonym": "Pseudonym (aldri navn eller kontor)",
        "aid": "Spørsmålene er en hjelp: Hopp over, bytt om og følg opp. Det er frivillig å svare.",
        "follow_up": "Følg opp",
        "notes": "Notater til",
        "more": "Kom det opp noe som guiden ikke spurte om?",
        "worked": "Etterpå, for deg selv: Hvilke spørsmål fikk den andre til å fortelle?",
        "keep": (
            "Siden lagrer ingenting: Skriv den ut, eller fyll ut notes.xlsx. Lås notatene inne, og "
            "slett dem senest {day}."
        ),
        "minutes": "{n} minutter",
        "number": "nr.",
        "part": "del",
        "question": "spørsmål",
        "own_notes": "notater",
        "made_with": "Laget med {program}.",
    },
    "nn": {
        "report": "Samtaleark",
        "before": "Før de byrjar",
        "before_what": "Gå gjennom informasjonen, og vent til den du snakkar med, har sagt ja.",
        "yes": "Informasjonen er gitt, og svaret er ja",
        "pseudonym": "Pseudonym (aldri namn eller kontor)",
        "aid": "Spørsmåla er ei hjelp: Hopp over, byt om og følg opp. Det er frivillig å svare.",
        "follow_up": "Følg opp",
        "notes": "Notat til",
        "more": "Kom det opp noko som guiden ikkje spurde om?",
        "worked": "Etterpå, for deg sjølv: Kva spørsmål fekk den andre til å fortelje?",
        "keep": (
            "Sida lagrar ingenting: Skriv henne ut, eller fyll ut notes.xlsx. Lås notata inne, og "
            "slett dei seinast {day}."
        ),
        "minutes": "{n} minutt",
        "number": "nr.",
        "part": "del",
        "question": "spørsmål",
        "own_notes": "notat",
        "made_with": "Laga med {program}.",
    },
    "en": {
        "report": "Interview sheet",
        "before": "Before you begin",
        "before_what": "Go through the information, and wait for a yes.",
        "yes": "The information is given, and the answer is yes",
        "pseudonym": "Pseudonym (never a name or an office)",
        "aid": "The questions are an aid: skip, reorder, follow up. Answering is voluntary.",
        "follow_up": "Follow up",
        "notes": "Notes on",
        "more": "Did anything come up that the guide did not ask about?",
        "worked": "Afterwards, for yourself: which questions made the other person tell?",
        "keep": (
            "This page stores nothing: print it, or fill in notes.xlsx. Lock the notes away, and "
            "delete them by {day} at the latest."
        ),
        "minutes": "{n} minutes",
        "number": "no.",
        "part": "part",
        "question": "question",
        "own_notes": "notes",
        "made_with": "Made with {program}.",
    },
}


def files(form: Questionnaire, language: ReportLanguage) -> dict[str, bytes]:
    """By name: the page, and the workbook. In the form's first language where it has no other."""
    return {"sheet.html": _page(form, language), "notes.xlsx": workbook([_notes(form, language)])}


def _asked(form: Questionnaire, language: ReportLanguage) -> Iterator[tuple[str, str, list[Any]]]:
    """Each part's title and introduction, with number, question and what to follow up with."""
    spoken, number = form.language(language), 0
    for block in form.blocks:
        rows = []
        for item in block.items:
            number += 1
            options = " / ".join(option.text[spoken] for option in item.options)
            more = [one for one in (item.help.get(spoken, ""), options) if one]
            rows.append((number, item.text[spoken], more))
        yield block.title[spoken], block.intro.get(spoken, ""), rows


def _notes(form: Questionnaire, language: ReportLanguage) -> Table:
    words = WORDS[language]
    header = tuple(words[key] for key in ("number", "part", "question", "follow_up", "own_notes"))
    rows = [
        (number, title, text, " · ".join(more), "")
        for title, _, asked in _asked(form, language)
        for number, text, more in asked
    ]
    last = [
        (len(rows) + 1, "", words["more"], "", ""),
        (len(rows) + 2, "", words["worked"], "", ""),
    ]
    return Table("notes", header, (*rows, *last))


def _page(form: Questionnaire, language: ReportLanguage) -> bytes:
    spoken, words = form.language(language), WORDS[language]
    context = {
        "w": words,
        "title": form.title[spoken],
        "purpose": form.purpose[spoken],
        "minutes": words["minutes"].format(n=form.minutes),
        "information": form.information.sections(spoken, "link"),
        "parts": list(_asked(form, language)),
        "keep": words["keep"].format(day=form.retention),
        "made_with": words["made_with"].format(program=program()),
    }
    return page("sheet.html.j2", language, context)
