"""A text promises what something keeps: docs/promises.md, sentence by sentence."""

import re
import tomllib
from pathlib import Path

import pytest

from dialogs.studies.study import LANGUAGES, Language

TABLE = Path("docs/promises.md").read_text("utf-8")
GUIDE = Path("docs/deltaker.md").read_text("utf-8")
SHIPPED = {
    path.stem: tomllib.loads(path.read_text("utf-8"))["information"]
    for folder in ("studies", "questionnaires")
    for path in sorted(Path("methods", folder).glob("*.toml"))
}
TEMPLATES = {one: Path(f"docs/information/{one}.txt").read_text("utf-8") for one in LANGUAGES}
INFORMATION = [*SHIPPED.values(), TEMPLATES]
"""What stands in a study's information, by language; last what one fills in."""
ROW = re.compile(r"^\| (.+) \| (.+) \| `(.+)` \|$", re.MULTILINE)
PARTS = {
    name: ROW.findall(TABLE.partition(f"## {name}\n")[2].partition("\n## ")[0])
    for name in (
        "For den som deltar",
        "Informasjonen til studien som følger med",
        "Informasjonen til skjemaene som følger med, og malen",
    )
}
ROWS = [row for rows in PARTS.values() for row in rows]
REST, LIMITS = (
    TABLE.partition(f"## {name}\n")[2].partition("\n## ")[0]
    for name in (
        "Resten av deltaker.md, setning for setning",
        "Det som er mulig likevel, og for hvem",
    )
)
TRIED = re.findall(r"^\| (.+) \| `(.+)` \|$", REST, re.MULTILINE)
POSSIBLE = re.findall(r"^\| (?!deltaker|--)(.+) \| (.+) \|$", LIMITS, re.MULTILINE)
TO_DO = re.compile(
    r"^(?:Trykk|Skriv|Les|Noter|Begynn|Se over|Legg|Med den kan du|Vil du|Er det fullt, trykk|"
    r"Er ett av dem ditt|Du kan trykke|Her kan du|Kollegial er|Noen studier gjennomføres|"
    r"Til slutt ser du|Har noe nettopp|Gruer du deg|Ti–femten minutter|\*\*(?:Trykk|Hvem ser))"
)
"""How a sentence begins that says what to press or write, or opens a part of the page."""
PROMISES = re.compile(
    r"^(?:bare (?:du|den)|ingen (?:får|ser|kan)|verken|kollegial lagrer|programmet lagrer)\b|"
    r"\b(?:aldri (?:hvem|sammen)|blir slettet|slettes det)\b",
    re.IGNORECASE,
)
"""How a sentence about who sees, learns, keeps or deletes something is made."""
INFORMS = re.compile(
    r"\b(?:bare|ingen|verken|slett\w*|forsegl\w*|lagre[srt]*|får|kan åpne|tilbake|går til|"
    r"følger med bare|kunngjør|koden|har det til)\b(?!.*\?$)",
    re.IGNORECASE,
)
"""How a sentence of an information is made that says what is done."""


WHOLE = [GUIDE, *(information["nb"] for information in INFORMATION)]


def line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_what_is_promised_stands_there_and_is_kept(row: tuple[str, str, str]) -> None:
    sentence, towards, keeper = row
    assert any(sentence in line(text) for text in WHOLE), sentence
    assert towards
    assert is_a_test(keeper)


def is_a_test(keeper: str) -> bool:
    """What keeps a promise can fail."""
    file, _, name = keeper.partition("::")
    pattern = rf"^(?:async )?def {re.escape(name)}\("
    return name.startswith("test_") and bool(
        re.search(pattern, Path(file).read_text("utf-8"), re.MULTILINE)
    )


def test_no_reminder_can_know_who_has_answered() -> None:
    """Whatever plans and sends reminders reads neither the urn nor a study's answers."""
    for path in (*Path("bot/reminders").glob("*.py"), Path("dialogs/groups/reminders.py")):
        source = path.read_text("utf-8")
        assert not re.search(r"storage\.urn|HasUrn|\burn\b|submissions?\b", source), path


def sentences() -> list[str]:
    text = re.sub(r"<img[^>]*>", "", GUIDE)
    blocks = re.split(r"\n\s*\n|\n(?=- |\d\. |\|)", text)
    prose = [line(re.sub(r"^(?:- |\d\. )", "", b)) for b in blocks if not b.startswith(("#", "|"))]
    return [s for block in prose for s in re.split(r"(?<=[.!?:;])\s+(?=[A-ZÆØÅ])", block)]


def test_no_promise_of_the_guide_is_without_what_keeps_it() -> None:
    promised = [each for each in sentences() if PROMISES.search(each)]
    kept = [row[0] for row in ROWS] + [text for text, _ in POSSIBLE]
    assert len(promised) >= 10
    assert [s for s in promised if not any(k in s or s in k for k in kept)] == []


def test_no_promise_of_a_shipped_text_is_without_what_keeps_it() -> None:
    """Of every information that is shipped, and of the one to fill in."""
    kept = [row[0] for row in ROWS] + [text for text, _ in POSSIBLE]
    promised = {
        sentence
        for information in INFORMATION
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÆØÅ{«⟨])", line(information["nb"]))
        if INFORMS.search(sentence)
    }
    assert len(promised) > 40
    assert sorted(s for s in promised if not any(k in s or s in k for k in kept)) == []


def test_a_shipped_text_promises_as_much_in_every_language() -> None:
    for information in INFORMATION:
        told = {one: information[one] for one in LANGUAGES}
        assert len({len(text.strip().split("\n\n")) for text in told.values()}) == 1
        ends = {one: len(re.findall(r"[.!?:](?:\s|$|\})", text)) for one, text in told.items()}
        assert ends["nb"] == ends["nn"]
        assert abs(ends["nb"] - ends["en"]) <= 3, "*nr.* and *bokstav* have no full stop in English"


TOO_MUCH = re.compile(
    r"(?:bare forskerne|berre forskarane|only the researchers)[^,.]* (?:can|kan) (?:lese|read)\b|"
    r"(?:bare du|berre du|only you) (?:kan lese|can read)(?! (?:dette her|this here))|"
    r"(?:loggskjema|log form)\w* (?:ditt )?(?:som |that )?(?:ser )?(?:bare du|berre du|only you)\b",
    re.IGNORECASE,
)
"""Whoever has the code reads an answer too; whoever runs the server has the key to log forms."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_that_more_is_kept_from_others_than_is(language: Language) -> None:
    """A reply in the mailbox is the one thing that its writer cannot open again."""
    entries = (
        re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', path.read_text("utf-8"), re.MULTILINE)
        for path in Path("bot/ui/texts").glob(f"*.{language}.po")
    )
    texts = {key: text for found in entries for key, text in found}
    manifest = Path("manifest/app.toml").read_text("utf-8")

    assert len(texts) > 1000
    assert [key for key, text in texts.items() if TOO_MUCH.search(text)] == ["talk.answer.what"]
    assert TOO_MUCH.search(manifest) is None
    assert TOO_MUCH.search("et loggskjema som bare du ser")
    assert TOO_MUCH.search("slik at bare forskerne i studien kan lese dem")


def test_every_sentence_of_the_guide_is_read_beside_what_is_done() -> None:
    """Promised, tried, possible all the same, or no more than what to press."""
    known = [row[0] for row in ROWS] + [text for text, _ in (*TRIED, *POSSIBLE)]

    assert [text for text in known if text not in line("\n".join(WHOLE))] == []
    assert [keeper for _, keeper in TRIED if not is_a_test(keeper)] == []
    said = [each for each in sentences() if not TO_DO.search(each)]
    assert len(said) > 100
    assert [s for s in said if not any(k in s or s in k for k in known)] == []
