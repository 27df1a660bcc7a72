"""Invented texts that a few groups have shared, and codings of them."""

from research.coding.coded import Coding, judge
from research.coding.material import Grouping, Material, material
from research.coding.table import Filled
from storage.shared_texts import SharedText

TEXTS = (
    "Jeg spør hva personen selv vil, før jeg sier noe om tiltak.",
    "=1+1 er ikke svaret; jeg teller til ti\nog spør igjen.",
    "- Vi lager en avtale om hvem som gjør hva 🦊",
    "Å si høyt at jeg ikke vet, gjorde samtalen lettere.",
)


def shared(groups: int = 3, each: int = 4, holders: int = 6) -> list[SharedText]:
    """As many texts of as many groups; the role alternates."""
    return [
        SharedText(
            f"GRUPPE{group}",
            "reflection",
            ("alternatives", "closing")[number % 2],
            f"{TEXTS[number % len(TEXTS)]} ({group}.{number})",
            ("adviser", "specialist")[number % 2],
            holders,
            f"{group:02x}{number:02x}" + "ab" * 14,
        )
        for group in range(1, groups + 1)
        for number in range(each)
    ]


def sample(by: Grouping = "group", **other: int) -> Material:
    return material(shared(**other), by)


def filled(found: Material, *cells: tuple[str, str, str, str]) -> list[Filled]:
    """Rows with code, category, main category and quote for the first passages."""
    padded = [*cells, *[("", "", "", "")] * (len(found.passages) - len(cells))]
    return [
        Filled(number, passage.id, passage.text, "", *each)
        for number, (passage, each) in enumerate(zip(found.passages, padded, strict=True), 2)
    ]


def coding(found: Material, *cells: tuple[str, str, str, str]) -> Coding:
    return judge(filled(found, *cells), found)
