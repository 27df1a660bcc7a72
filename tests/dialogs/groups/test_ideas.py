"""What is found of what groups have kept, by its words."""

from datetime import date

import pytest

from dialogs.groups.ideas import Idea, found

TALK = Idea("Begynn samtalen med det som gikk bra.", date(2027, 1, 1))
ASK = Idea("Spør én gang til før du svarer, også i møtet.", None)


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("", [TALK, ASK]),
        ("samtale", [TALK]),
        ("SAMTALEN bra", [TALK]),
        ("samtale møte", []),
        ("spor", [ASK]),
        ("møtet", [ASK]),
        ("møt", []),
        ("svar", [ASK]),
        ("en", [ASK]),
        ("!", [TALK, ASK]),
    ],
)
def test_every_word_is_there_as_it_is_or_in_another_form(wanted: str, there: list[Idea]) -> None:
    assert found([TALK, ASK], wanted) == there
