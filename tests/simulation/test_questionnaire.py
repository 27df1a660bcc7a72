"""What simulated people bring along from before, and an interview that is answered in writing."""

from pathlib import Path
from random import Random

from simulation.hand import Faults, Tally
from simulation.questionnaire import (
    QuestionnaireScenario,
    remembered,
    simulate_questionnaire,
)
from simulation.respondent import Handed
from storage.crypto.codes import ALPHABET, Code, Mistyped
from tests.support import questionnaires
from tests.support.databases import on_both, urls
from tests.support.kollegial import kollegial

__all__ = ["urls"]


@on_both
async def test_an_interview_is_answered_in_writing_with_faults(
    urls: dict[str, str], tmp_path: Path
) -> None:
    (form,) = questionnaires.shipped("intervju")
    pests = Faults(double=0.3, redelivered=0.3, stale=0.3, lost=0.3)
    async with kollegial(tmp_path, [form], urls=urls) as house:
        scenario = QuestionnaireScenario(form.id, "", participants=2, faults=pests)
        handed = (await simulate_questionnaire(house.teams, scenario, Tally())).before
        await house.services.studies.close(form.id, "a researcher")
        sealed = (await house.urn.release(form.id)).submissions

    assert {pseudonym for pseudonym, _ in sealed} == {each.pseudonym for each in handed}
    assert all(each.code and each.answers for each in handed)


def test_a_mistyped_code_is_never_right_by_chance() -> None:
    """Not even where the two that are changed about are the same."""
    for last in ALPHABET:
        code = str(Code("00AAAA", "0" * 15 + last + "A"))
        handed = Handed("berg-rev", code, answers={}, before="")
        brought = remembered("mistyped", [handed], 0, Random(0)).code

        assert Code.parse(brought) in {None, Mistyped()}
