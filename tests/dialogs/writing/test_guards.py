"""Guards catch most of what they are for, leave the rest alone, and turn it into open questions."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.guards import GUARDS, Guard, Suggestion, check


class Sentence(NamedTuple):
    """One of `guarded_sentences.csv`; see docs/reliability.md for what `held_out` means."""

    language: Language
    label: str
    held_out: str
    text: str

    @property
    def fired(self) -> str:
        suggestion = check(self.text, GUARDS, self.language)
        return suggestion.guard if suggestion else "none"


def labelled() -> Iterator[Sentence]:
    with Path(__file__).with_name("guarded_sentences.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            yield Sentence(
                cast("Language", row["language"]), row["label"], row["held_out"], row["sentence"]
            )


SENTENCES = list(labelled())


def test_the_labelled_set_is_large_and_half_of_it_harmless() -> None:
    assert len(SENTENCES) >= 260
    assert {sentence.label for sentence in SENTENCES} == {*GUARDS, "none"}
    assert sum(sentence.label == "none" for sentence in SENTENCES) * 2 >= len(SENTENCES)
    assert {(s.language, s.label) for s in SENTENCES} == {
        (language, label) for language in LANGUAGES for label in (*GUARDS, "none")
    }


@pytest.mark.parametrize("held_out", ["no", "first", "second", "last"])
def test_guards_catch_most_and_seldom_disturb(held_out: str) -> None:
    """At least 85 % caught, by the guard that is meant, and at most 5 % false alarms."""
    fired = [(s.label, s.fired) for s in SENTENCES if s.held_out == held_out]
    guarded = [label == guard for label, guard in fired if label != "none"]
    harmless = [guard != "none" for label, guard in fired if label == "none"]

    assert sum(guarded) >= 0.85 * len(guarded)
    assert sum(harmless) <= 0.05 * len(harmless)


def test_the_figures_in_the_docs_are_these() -> None:
    rows = []
    for held_out in ("no", "first", "second", "last"):
        fired = [(s.label, s.fired) for s in SENTENCES if s.held_out == held_out]
        guarded = [guard for label, guard in fired if label != "none"]
        harmless = [guard for label, guard in fired if label == "none"]
        caught = sum(guard != "none" for guard in guarded)
        false = sum(guard != "none" for guard in harmless)
        rows.append(f"| {caught} of {len(guarded)} | {false} of {len(harmless)} |")
    docs = Path(__file__).parents[3] / "docs" / "reliability.md"

    assert [row for row in rows if row not in docs.read_text("utf-8")] == []


# --- Examples in the writer's own words -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("Har du prøvd å ringe legen?", "Hva tenkte du om å ringe legen?"),
        ("Har du prøvd motiverende intervju?", "Hva tenkte du om motiverende intervju?"),
        ("Har du snakket med legen?", "Hva tenkte du om å snakke med legen?"),
        ("Du burde ha ringt legen med en gang.", "Hva tenkte du om å ringe legen med en gang?"),
        ("Du bør absolutt si det rett ut.", "Hva tenkte du om å si det rett ut?"),
        ("Du må ikke gi deg!", "Hva tenkte du om å ikke gi deg?"),
        ("Du kan jo sende ham en melding.", "Hva tenkte du om å sende ham en melding?"),
        ("Du kunne kanskje spurt henne.", "Hva tenkte du om å spørre henne?"),
        ("Du skulle bare latt ham snakke.", "Hva tenkte du om å la ham snakke?"),
        ("Kan du ikke bare be om en pause?", "Hva tenkte du om å be om en pause?"),
        ("Kunne du ikke ha gått ut av rommet?", "Hva tenkte du om å gå ut av rommet?"),
        ("Hva med å ta en telefon først?", "Hva tenkte du om å ta en telefon først?"),
        ("Hva med en tur ut?", "Hva tenkte du om en tur ut?"),
        ("Hva om du ringer ham i stedet?", "Hva tenkte du om å ringe ham?"),
        ("Hvorfor ikke ta møtet på Teams?", "Hva tenkte du om å ta møtet på Teams?"),
        ("Hvorfor sa du ikke fra?", "Hva tenkte du om å si fra?"),
        ("Hvorfor avbrøt du ham ikke?", "Hva tenkte du om å avbryte ham?"),
        ("Jeg ville ha spurt sjefen min.", "Hva tenkte du om å spørre sjefen din?"),
        ("Hvis jeg var deg, ville jeg ringt.", "Hva tenkte du om å ringe?"),
        ("Jeg anbefaler deg å lage en plan.", "Hva tenkte du om å lage en plan?"),
        ("Mitt råd er at du tar en pause.", "Hva tenkte du om å ta en pause?"),
        ("Det beste er å la ham være i fred.", "Hva tenkte du om å la ham være i fred?"),
        ("Ring legen, så ordner det seg.", "Hva tenkte du om å ringe legen?"),
        ("Spør henne og ring meg.", "Hva tenkte du om å spørre henne?"),
        ("Be om hjelp!", "Hva tenkte du om å be om hjelp?"),
        ("Skriv alltid et referat.", "Hva tenkte du om å skrive et referat?"),
        ("Neste gang bør du ha med en kollega.", "Hva tenkte du om å ha med en kollega?"),
        ("Synes du ikke at hun var urimelig?", "Hva tenker du om at hun var urimelig?"),
        ("Ble du ikke sint da hun gikk?", "Hvordan var det for deg da hun gikk?"),
        ("Var det fordi du var redd?", "Hva hadde det å si at du var redd?"),
        ("Det var vondt, ikke sant?", "Hva tenker du om at det var vondt?"),
        ("Kan hun søke om uføretrygd?", "Hvordan snakket dere om uføretrygd?"),
        ("AAP varer i tre år.", "Hvordan snakket dere om AAP?"),
        ("Har hun barn?", "Hvordan var det for deg å møte henne?"),
        ("Hvor gammel er brukeren?", "Hvordan var det for deg å møte brukeren?"),
        # Nynorsk, also in a group whose language is bokmål
        ("Har du vurdert å snakke med ho att?", "Kva tenkte du om å snakke med ho att?"),
        ("Du burde ha sagt frå til leiaren.", "Kva tenkte du om å seie frå til leiaren?"),
        ("Eg ville ha bede om ein pause.", "Kva tenkte du om å be om ein pause?"),
        ("Vart du ikkje redd då han kom?", "Korleis var det for deg då han kom?"),
        ("Kan ho søkje om dagpengar?", "Korleis snakka de om dagpengar?"),
        ("Har ho gjeld?", "Korleis var det for deg å møte henne?"),
        # English
        ("Have you tried calling the doctor?", "What did you think about calling the doctor?"),
        ("You should call him.", "What were your thoughts on whether to call him?"),
        ("Don't you think she was rude?", "What makes you think that she was rude?"),
        ("Does he have children?", "What was it like for you to meet him?"),
    ],
)
def test_an_open_question_from_the_writers_own_words(text: str, example: str) -> None:
    suggestion = check(text, GUARDS, "nb")

    assert suggestion is not None
    assert suggestion.example == example


@pytest.mark.parametrize(
    ("language", "example"),
    [
        ("nb", "Hva tenkte du om å ta pause?"),
        ("nn", "Kva tenkte du om å ta pause?"),
        ("en", "Hva tenkte du om å ta pause?"),
    ],
)
def test_words_that_are_both_bokmaal_and_nynorsk_follow_the_group(
    language: Language, example: str
) -> None:
    assert check("Du må ta pause.", ["advice"], language) == Suggestion("advice", example)


@pytest.mark.parametrize(
    ("text", "guard"),
    [
        ("Etter § 11-5 går ikke det.", "rules"),  # nothing to build on
        ("You should have asked her.", "advice"),  # no infinitive in it
        ("Du burde ha brølt.", "advice"),  # a verb that is in no table
        ("Du kan jo " + "snakke og " * 20 + "le.", "advice"),  # more than an example
    ],
)
def test_where_no_example_can_be_made_there_is_none(text: str, guard: Guard) -> None:
    assert check(text, GUARDS, "nb") == Suggestion(guard, None)


# --- What is read, and what is not ----------------------------------------------------------------


def test_only_the_guards_of_the_phase_are_asked() -> None:
    text = "Har hun rett på AAP? Du bør ringe legen."

    assert check(text, (), "nb") is None
    assert check(text, {"leading"}, "nb") is None
    assert check(text, {"rules"}, "nb") == Suggestion("rules", None)
    found = check(text, {"rules", "advice"}, "nb")
    assert found is not None
    assert found.guard == "advice"


@pytest.mark.parametrize(
    "text",
    [
        "Han sa: «Du må ringe legen».",
        'Han sa "du må ringe legen", og så?',
        "Jeg lurer på hva du tenkte at du burde gjøre.",
        "",
        " - \n",
        "👍",
    ],
)
def test_what_others_said_is_left_alone(text: str) -> None:
    assert check(text, GUARDS, "nb") is None


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("Du kan f.eks. ringe.", "Hva tenkte du om å ringe?"),
        ("Du må ringe ham 1. mai, ikke før.", "Hva tenkte du om å ringe ham 1. mai?"),
    ],
)
def test_not_every_point_ends_a_sentence(text: str, example: str) -> None:
    assert check(text, GUARDS, "nb") == Suggestion("advice", example)


def test_one_sentence_of_many_is_enough() -> None:
    found = check("Så fint du fortalte.\n- Du burde\u00ad ringt legen!  Takk.", GUARDS, "nb")

    assert found == Suggestion("advice", "Hva tenkte du om å ringe legen?")


@given(st.text(st.characters(exclude_categories=())), st.sampled_from(LANGUAGES))
def test_any_text_can_be_read(text: str, language: Language) -> None:
    for guard in GUARDS:
        found = check(text, [guard], language)
        assert found is None or found.guard == guard


@pytest.mark.parametrize(
    "part", ["hva ", "hva med ", "du kan bare ", "er det ikke ", "«", "a", "!"]
)
def test_long_texts_are_read_to_their_end(part: str) -> None:
    found = check(part * (20_000 // len(part)) + "\nRing legen.", ["advice"], "nb")

    assert found is not None
