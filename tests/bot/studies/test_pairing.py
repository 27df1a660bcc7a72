"""A thousand people before and after, with codes as people keep them: no wrong pair.

`make torture` runs all thousand; `make test` some of them. Everything is real but Teams.
"""

import os
from pathlib import Path
from random import Random

import pytest

from bot.studies.draft_service import DraftService
from bot.ui.texts import texts
from dialogs.studies.definitions import Definition, answer_size
from dialogs.studies.questionnaire import Questionnaire
from research.questionnaires.answers import AnsweredForm, form, open_answers, pair
from simulation import cards
from simulation.questionnaire import KEPT, remembered
from simulation.respondent import EarlierAnswer, Handed
from storage.crypto.codes import Token
from storage.crypto.sealing import generate_identity, read_identity
from storage.urn.store import Urn
from tests.support.kollegial import QUICK
from tests.support.questionnaires import AFTER, BEFORE

WHOLE = bool(os.environ.get("TESTS_TORTURE"))
PERSONS = 1000 if WHOLE else 60
SAY = texts("nb")
STUDIES: dict[str, Questionnaire] = {one.id: one for one in (BEFORE, AFTER)}


async def find(study: str) -> Definition:
    return STUDIES[study]


async def answer(
    drafts: DraftService, study: Questionnaire, memory: EarlierAnswer | None
) -> Handed:
    """One person from consent to receipt, pressing what the cards offer."""
    card = await drafts.begin(study, Token.new(), SAY)
    before = ""

    async def press(verb: str, **given: str) -> None:
        nonlocal card
        assert isinstance(card, dict)
        data = cards.action(card, f"questionnaire.{verb}")["data"]
        card = await drafts.press(verb, {**data, **given}, SAY)

    def offers(verb: str) -> bool:
        assert isinstance(card, dict)
        return any(a.get("verb") == f"questionnaire.{verb}" for a in cards.actions(card))

    if memory is not None:
        if memory.code:
            await press("code", before_code=memory.code)
        if offers("mine"):
            assert isinstance(card, dict)
            is_mine = memory.pseudonym in cards.text_of(card).replace("\\", "")
            await press("mine" if is_mine else "not_mine")
            before = memory.pseudonym if is_mine else ""
        if offers("unpaired"):
            await press("unpaired")
    while offers("next"):
        await press("leave" if offers("leave") else "next")
    await press("approve")
    while offers("deliver"):  # once more where somebody else has drawn the pseudonym
        await press("deliver")
    assert isinstance(card, dict)
    facts = next(e["facts"] for e in cards.elements(card) if e["type"] == "FactSet")
    return Handed(facts[0]["value"], facts[1]["value"], {}, before)


@pytest.mark.torture
@pytest.mark.timeout(3600)
async def test_nobody_is_paired_with_another_persons_answer(tmp_path: Path) -> None:
    random = Random(7)
    recipient = generate_identity(tmp_path / "key")
    identity = read_identity(tmp_path / "key")
    urn = await Urn.open(f"sqlite:///{tmp_path}/urn.db", QUICK)
    try:
        for study in STUDIES.values():
            await urn.register(study.id, recipient, answer_size(study))
            await urn.open_study(study.id)
        drafts = DraftService(urn, find)
        earlier = [await answer(drafts, BEFORE, None) for _ in range(PERSONS)]
        kept = random.choices(list(KEPT), list(KEPT.values()), k=PERSONS)
        memories = [remembered(k, earlier, n, random) for n, k in enumerate(kept)]
        order = random.sample(range(PERSONS), PERSONS)
        later = {n: await answer(drafts, AFTER, memories[n]) for n in order}
        forms = []
        for study in STUDIES.values():
            await urn.close_study(study.id)
            found = await urn.release(study.id)
            opened = open_answers(study, found.submissions, identity)
            forms.append(form(study, opened, invited=0, withdrawn=(), left_out=()))
    finally:
        await urn.close()

    true = {(earlier[n].pseudonym, later[n].pseudonym) for n in range(PERSONS)}
    pairs = set(pair(*forms).pairs)
    expected = {
        (earlier[n].pseudonym, later[n].pseudonym) for n, k in enumerate(kept) if k == "right"
    }
    assert pairs - true == set()
    assert pairs == expected
    if WHOLE:
        lost = 100 * (PERSONS - len(pairs)) / PERSONS
        print(f"\n{PERSONS} persons, {len(pairs)} paired, {lost:.1f} % lost, 0 wrong")  # noqa: T201 - the figures are the point


def test_even_two_who_both_say_that_an_answer_is_theirs_are_not_paired() -> None:
    def of(study: Questionnaire, before: dict[str, str]) -> AnsweredForm:
        return AnsweredForm(study, {name: {} for name in ("a", "b", "c")}, before)

    assert pair(of(BEFORE, {}), of(AFTER, {"a": "b", "b": "b", "c": "c"})).pairs == (("c", "c"),)
