"""What an information text must say by law: found where it is, and missed where it is not."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.operation.demonstration import STUDY
from cli.consent import notes
from dialogs.studies.consent import SAID, Said, _pattern, missing
from dialogs.studies.study import LANGUAGES, Information, Language
from research.study_files import read_study
from tests.support.questionnaires import shipped

TEMPLATES = Path("docs/information")


def template(language: Language) -> str:
    return (TEMPLATES / f"{language}.txt").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_say_all_that_the_law_asks_for(language: Language) -> None:
    assert missing(template(language)) == ()
    assert len(template(language)) < 4000


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("said", SAID)
def test_what_is_taken_out_is_missed(said: Said, language: Language) -> None:
    line = " ".join(template(language).casefold().split())
    pattern = "innsyn|access" if said == "rights" else _pattern(said).pattern
    assert said in missing(re.sub(pattern, "", line))


def test_the_shipped_texts_say_it_too() -> None:
    study = read_study(STUDY, date(2026, 11, 21))
    assert not isinstance(study, list)
    assert list(notes(study.information)) == []
    for name in ("mestring", "kvalitetsveileder", "observasjon", "deling", "intervju"):
        for form in shipped(name):
            assert list(notes(form.information)) == [], form.id


def test_what_is_not_found_is_noted_by_language() -> None:
    texts = {"nb": "Hei.", "en": template("en")}
    (line,) = notes(Information("1", texts))
    assert line.startswith("Nothing was found in the information (nb) about: who is responsible;")
    assert all(words in line for words in SAID.values())
