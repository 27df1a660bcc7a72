"""A text promises what something keeps: docs/promises.md, sentence by sentence."""

import re
import tomllib
from pathlib import Path

import pytest

TABLE = Path("docs/promises.md").read_text("utf-8")
GUIDE = Path("docs/deltaker.md").read_text("utf-8")
CONSENT = tomllib.loads(Path("methods/studies/oppfolging.toml").read_text("utf-8"))
ROW = re.compile(r"^\| (.+) \| (.+) \| `(.+)` \|$", re.MULTILINE)
PARTS = {
    name: ROW.findall(TABLE.partition(f"## {name}\n")[2].partition("\n## ")[0])
    for name in ("For den som deltar", "Informasjonen til studien som følger med")
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


def line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_what_is_promised_stands_there_and_is_kept(row: tuple[str, str, str]) -> None:
    sentence, towards, keeper = row
    texts = GUIDE, CONSENT["information"]["nb"]
    assert any(sentence in line(text) for text in texts), sentence
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
    kept = [row[0] for row in ROWS]
    assert len(promised) >= 10
    assert [s for s in promised if not any(k in s or s in k for k in kept)] == []


def test_every_sentence_of_the_guide_is_read_beside_what_is_done() -> None:
    """Promised, tried, possible all the same, or no more than what to press."""
    known = [row[0] for row in ROWS] + [text for text, _ in (*TRIED, *POSSIBLE)]

    assert [text for text in known if text not in line(GUIDE + CONSENT["information"]["nb"])] == []
    assert [keeper for _, keeper in TRIED if not is_a_test(keeper)] == []
    said = [each for each in sentences() if not TO_DO.search(each)]
    assert len(said) > 100
    assert [s for s in said if not any(k in s or s in k for k in known)] == []
