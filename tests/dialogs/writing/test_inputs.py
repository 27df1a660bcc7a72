"""What fields of cards deliver."""

from datetime import date, time

import pytest

from dialogs.groups.planning import read_moment
from dialogs.writing.inputs import whole_number


@pytest.mark.parametrize(
    ("delivered", "number"),
    [
        ("3", 3),
        ("3.0", 3),
        ("3,00", 3),
        (" 3 ", 3),
        ("1 000", 1000),
        ("1\u00a0000", 1000),
        ("-2", -2),
        (3, 3),
        (3.0, None),
        (True, None),
        ("3.5", None),
        ("3 x", None),
        ("٣", None),
        ("1" * 5000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_read_however_a_client_writes_it(delivered: object, number: int | None) -> None:
    assert whole_number(delivered) == number


@pytest.mark.parametrize("delivered", ["09:00", "09:00:00", "9:00:00"])
def test_a_time_may_have_seconds(delivered: str) -> None:
    today = date(2026, 11, 21)
    assert read_moment(f"2027-01-12 {delivered}", today) == (date(2027, 1, 12), time(9))
