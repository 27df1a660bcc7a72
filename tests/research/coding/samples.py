"""Invented texts that members of a few groups have shared with a study, and codings of them."""

import asyncio
from collections.abc import Mapping

from argon2 import PasswordHasher

from dialogs.studies.answering import Answer, dump_answer
from research import studies
from research.coding.coded import Coding, judge
from research.coding.material import Grouping, Material, material
from research.coding.table import FilledRow
from storage.crypto.codes import Code, Token
from storage.crypto.sealing import Recipient
from storage.operational.store import Operational
from storage.urn.store import Submitted, Urn
from tests.support.questionnaires import ASKS

TEXTS = (
    "Jeg spør hva personen selv vil, før jeg sier noe om tiltak.",
    "=1+1 er ikke svaret; jeg teller til ti\nog spør igjen.",
    "- Vi lager en avtale om hvem som gjør hva 🦊",
    "Å si høyt at jeg ikke vet, gjorde samtalen lettere.",
)
QUICK = PasswordHasher(1, 8, 1)


def shared(groups: int = 3, each: int = 4, *, with_roles: bool = True) -> dict[str, Answer]:
    """As many texts of as many groups, by pseudonym; the role alternates."""
    return {
        f"t-{group:02x}{number:02x}abab": answer(
            f"{TEXTS[number % len(TEXTS)]} ({group}.{number})",
            group=f"GRUPPE{group}",
            method="reflection",
            phase=("alternatives", "closing")[number % 2],
            question="Hva vil du prøve?",
            role=("adviser", "specialist")[number % 2] if with_roles else "",
        )
        for group in range(1, groups + 1)
        for number in range(each)
    }


def answer(text: str, **about: str) -> Answer:
    return Answer(ASKS.information.version, {ASKS.shares: text}, about=about)


def keep(texts: Mapping[str, Answer], recipient: str) -> list[Code]:
    """Hand them in to the study in the databases of this folder, which is then closed."""

    async def work() -> list[Code]:
        operational = await Operational.open("sqlite:///kollegial.db")
        urn = await Urn.open("sqlite:///urn.db", QUICK)
        await studies.create(operational, urn, ASKS, Recipient(recipient), "researcher")
        await urn.open_study(ASKS.id)
        codes = []
        for pseudonym, one in texts.items():
            token, code = Token.new(), Code.new()
            draft = await urn.open_draft(token, ASKS.id, b"{}")
            assert draft is not None
            done = await urn.submit(token, draft, dump_answer(one), pseudonym, code)
            assert isinstance(done, Submitted)
            codes.append(code)
        await urn.close_study(ASKS.id)
        await operational.close()
        await urn.close()
        return codes

    return asyncio.run(work())


def sample(
    by: Grouping = "group", groups: int = 3, each: int = 4, *, with_roles: bool = True
) -> Material:
    return material(ASKS, shared(groups, each, with_roles=with_roles), (), by)


def filled(found: Material, *cells: tuple[str, str, str, str]) -> list[FilledRow]:
    """Rows with code, category, main category and quote for the first passages."""
    padded = [*cells, *[("", "", "", "")] * (len(found.passages) - len(cells))]
    return [
        FilledRow(number, passage.id, passage.text, "", *each)
        for number, (passage, each) in enumerate(zip(found.passages, padded, strict=True), 2)
    ]


def coding(found: Material, *cells: tuple[str, str, str, str]) -> Coding:
    return judge(filled(found, *cells), found)
