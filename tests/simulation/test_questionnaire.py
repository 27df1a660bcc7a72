"""What simulated people bring along from before."""

from random import Random

from simulation.questionnaire import remembered
from simulation.respondent import Handed
from storage.crypto.codes import ALPHABET, Code, Mistyped


def test_a_mistyped_code_is_never_right_by_chance() -> None:
    """Not even where the two that are changed about are the same."""
    for last in ALPHABET:
        code = str(Code("00AAAA", "0" * 15 + last + "A"))
        handed = Handed("berg-rev", code, answers={}, before="")
        brought = remembered("mistyped", [handed], 0, Random(0)).code

        assert Code.parse(brought) in {None, Mistyped()}
