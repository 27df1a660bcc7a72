"""Invented texts that a few groups have shared, and codings of them."""

import asyncio
from collections.abc import Sequence
from datetime import date

from research.coding.coded import Coding, judge
from research.coding.material import Grouping, Material, material
from research.coding.table import Filled
from storage.operational import Operational
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


def keep(texts: Sequence[SharedText]) -> None:
    """Put them in the database `kollegial.db` of this folder, one by one, as they are shared."""

    async def work() -> None:
        operational = await Operational.open("sqlite:///kollegial.db")
        for one in texts:
            async with operational.begin() as transaction:
                transaction.also(operational.shared_texts.share([one], date(2032, 6, 30)))
        await operational.close()

    asyncio.run(work())


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
