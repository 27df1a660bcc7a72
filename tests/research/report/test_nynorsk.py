"""What the report and the bench say in nynorsk: all of it, and with the same gaps to fill."""

import re

from research.bench.texts import PAGE, REFUSALS
from research.report.nynorsk import NYNORSK
from research.report.texts import CHECKLIST, DOUBTS, LEFT_OUT, LIMITS, REASONS, WORDS, pick

BOKMAAL = re.compile(
    r"\b(ikke|hvor|hver|hvilke[nt]?|hvem|hvordan|noen?|noe|fra|bare|mer|flere|hva|uten|en|et|"
    r"sorteringer|faktorer|ladninger|antall|hverandre|skiller|ligger|finnes|blir? lukket|vei|velg|"
    r"navn|vannrett|eller flagget|alene|høyest|lavest|faktorene|utsagn\w*)\b",
    re.IGNORECASE,
)
REMARKS = {
    "Sorteringene har ingen navn i fila, og er nummerert.",
    "Fila har bare én sortering.",
    "Sorteringer med manglende verdier er utelatt:",
    (
        "Sorteringer med manglende verdier er korrelert parvis, over de utsagnene som begge har. "
        "I z-skårene teller det som mangler, som gjennomsnittet av sorteringen. Så mange mangler:"
    ),
    "Kolonner som ikke er utsagn, er lest som andre svar:",
    "Kolonner som ikke er sorteringer, er utelatt:",
}


def said() -> set[str]:
    tables = (PAGE, REFUSALS, WORDS, REASONS, DOUBTS)
    pairs = [pair for table in tables for pair in table.values()]
    checklist = [(nb, en) for _, nb, en in CHECKLIST]
    return {nb for nb, _ in [*pairs, *LIMITS, *checklist, LEFT_OUT]}


def test_nothing_is_left_in_bokmaal() -> None:
    for text in said():
        assert not BOKMAAL.search(pick((text, ""), "nn")), text


def test_nothing_is_translated_that_nobody_says() -> None:
    assert set(NYNORSK) <= said() | REMARKS


def test_the_same_gaps_are_filled() -> None:
    for bokmaal, nynorsk in NYNORSK.items():
        assert sorted(re.findall(r"\{\w+\}", bokmaal)) == sorted(re.findall(r"\{\w+\}", nynorsk))


def test_what_ends_in_names_keeps_them() -> None:
    dropped = ("Sorteringer med manglende verdier er utelatt: p1, p2.", "")

    assert pick(dropped, "nn") == "Sorteringar med manglande verdiar er utelatne: p1, p2."
    assert pick(("Noe: annet", ""), "nn") == "Noe: annet"
