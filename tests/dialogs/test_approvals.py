"""Approvals: by bodies, of a text as it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dialogs.approvals import Approval, of_now, wrong
from dialogs.writing.text import TooLong, Unstorable

DAY = date(2027, 1, 12)
GIVEN = Approval(
    "study", "forms", "a1", "privacy", "Personvernombudet", DAY, DAY + timedelta(365), id="1"
)


def test_one_that_holds() -> None:
    assert wrong(GIVEN, DAY) is None
    assert wrong(replace(GIVEN, body="Leder for NAV Lillevik"), DAY) is None, "an office is a body"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"day": DAY + timedelta(1)}, "future"),
        ({"until": DAY - timedelta(1)}, "order"),
        ({"day": DAY - timedelta(9), "until": DAY - timedelta(1)}, "past"),
        ({"body": "  "}, "no_body"),
        ({"body": "Leder Kari Nordmann"}, "person"),
        ({"body": "Leder, 12345678901 eller 98 76 54 32"}, "person"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_noted(given: dict[str, object], why: str) -> None:
    assert wrong(replace(GIVEN, **given), DAY) == why  # type: ignore[arg-type] # a table of one field each


def test_a_body_of_more_than_a_name() -> None:
    assert isinstance(wrong(replace(GIVEN, body="x" * 81), DAY), TooLong)
    assert isinstance(wrong(replace(GIVEN, body="x\0"), DAY), Unstorable)


def test_a_text_that_was_changed_since_needs_it_anew() -> None:
    newer = replace(GIVEN, digest="b2", day=DAY + timedelta(1), id="2")
    over = replace(GIVEN, until=DAY, id="3")
    other = replace(GIVEN, subject="other")
    found = of_now([GIVEN, newer, over, other], "study", "forms", "b2", DAY + timedelta(2))
    assert [(each.id, stands) for each, stands in found] == [
        ("2", "holds"),
        ("3", "over"),
        ("1", "earlier text"),
    ]
    assert GIVEN.standing(None, DAY) == "holds", "nothing to compare with"
