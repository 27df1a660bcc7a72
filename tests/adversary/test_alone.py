"""What the operational database alone tells of who asked for what, and who wrote what.

Of two studies a guess is right for half of the people; of the texts of each of two groups it gets
one right. `make torture` takes many offices.
"""

import math
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.adversary import alone
from tests.adversary.alone import (
    SIZE,
    Office,
    Real,
    ask_each_other,
    campaign,
    happen,
    talk_and_meet,
)
from tests.support.databases import NewDatabase, database_kind, new_database

__all__ = ["database_kind", "new_database"]

IS_TORTURE = bool(os.environ.get("TESTS_TORTURE"))


def deviations(right: Counter[str], attacked: list[Office]) -> dict[str, float]:
    """By how many standard deviations it did better than guessing."""
    people = sum(len(office.asked) for office in attacked)
    return {
        "study": (right["study"] - people / 2) / math.sqrt(people / 4),
        "text": (right["text"] - 2 * len(attacked)) / math.sqrt(2 * len(attacked)),
    }


async def attack(
    make: NewDatabase, design: Real, practice: int, attacked: int
) -> tuple[dict[str, float], str]:
    offices = [await happen(seed, await make(), design) for seed in range(practice + attacked)]
    right, ways = campaign(offices[:practice], offices[practice:])
    people = sum(len(office.asked) for office in offices[practice:])
    texts = sum(len(office.wrote) for office in offices[practice:])
    assert texts == people, "a text of everybody is kept"
    told = (
        f"\n{type(design).__name__}: {right['study']} of {people} studies by '{ways['study']}', "
        f"{right['text']} of {texts} texts by '{ways['text']}', in {attacked} offices\n"
    )
    return deviations(right, offices[practice:]), told


@pytest.mark.torture
async def test_the_database_alone_tells_no_better_than_a_guess(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    practice, attacked = (30, 100) if IS_TORTURE else (3, 5)
    better, told = await attack(new_database, Real(), practice, attacked)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert all(each < (3.1 if IS_TORTURE else 5) for each in better.values())


@pytest.mark.parametrize(
    ("design", "what"),
    [
        (alone.Unkeyed, "study"),
        (alone.InTheClear, "study"),
        (alone.Noted, "study"),
        (alone.InOrder, "text"),
        (alone.Signed, "text"),
    ],
)
async def test_it_sees_through_a_mistake(
    tmp_path: Path, design: type[Real], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = iter(range(100))

    async def make() -> str:
        return f"sqlite:///{tmp_path}/{next(numbers)}.db"

    better, told = await attack(make, design(), 3, 3)
    with capsys.disabled():
        sys.stdout.write(told)
    assert better[what] > 3


async def colleagues(make: NewDatabase, design: Real, attacked: int) -> tuple[float, str]:
    """By how many standard deviations it did better than guessing at who asked whom."""
    offices = [await ask_each_other(seed, await make(), design) for seed in range(2 + attacked)]
    right, ways = campaign(offices[:2], offices[2:])
    told = f"{right['colleague']} of {SIZE * attacked} colleagues by '{ways['colleague']}'"
    told = f"\n{type(design).__name__}: {told}, in {attacked} offices\n"
    return (right["colleague"] - attacked) / math.sqrt(attacked), told


async def test_who_asked_whom_that_could_not_is_a_guess(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    better, told = await colleagues(new_database, Real(), 30 if IS_TORTURE else 4)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert better < (3.1 if IS_TORTURE else 5)


async def test_it_sees_who_asked_whom_where_the_asked_are_counted_by_id(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    better, told = await colleagues(new_database, alone.Counted(), 4)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert better > 5


async def talks(make: NewDatabase, design: Real, attacked: int) -> tuple[dict[str, float], str]:
    """By how many standard deviations it did better than guessing at who talked with whom, at who
    was in which session when the bot met them, and at which meeting has whose case."""
    offices = [await talk_and_meet(seed, await make(), design) for seed in range(2 + attacked)]
    right, ways = campaign(offices[:2], offices[2:])
    told = (
        f"\n{type(design).__name__}: {right['pair']} of {SIZE * attacked} pairs by "
        f"'{ways['pair']}', {right['met']} of {2 * SIZE * attacked} first meetings by "
        f"'{ways['met']}', {right['case']} of {SIZE * attacked} cases by "
        f"'{ways['case']}', in {attacked} offices\n"
    )
    pairs = attacked * SIZE / (2 * SIZE - 1)
    met = attacked * SIZE, attacked * SIZE * SIZE / (2 * SIZE - 1)
    return {
        "pair": (right["pair"] - pairs) / math.sqrt(pairs),
        "case": (right["case"] - attacked) / math.sqrt(attacked),
        "met": (right["met"] - met[0]) / math.sqrt(met[1]),
    }, told


async def test_who_talked_met_the_bot_and_brought_a_case_where_is_a_guess(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    better, told = await talks(new_database, Real(), 100 if IS_TORTURE else 3)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert all(each < (3.1 if IS_TORTURE else 5) for each in better.values())


async def test_it_sees_both_where_rows_stay_in_the_order_they_came_in(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    better, told = await talks(new_database, alone.Unmixed(), 3)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert better["pair"] > 5
    assert better["met"] > 5


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
async def test_it_sees_whose_case_a_meeting_has_where_reminders_lie_in_the_clear(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    better, told = await talks(new_database, alone.InTheClear(), 3)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert better["case"] > 5


@pytest.mark.postgres
@pytest.mark.parametrize("database_kind", ["postgres"], indirect=True)
async def test_it_reads_which_transaction_a_row_is_from(
    new_database: NewDatabase, database_kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    better, told = await attack(new_database, alone.SameTransaction(), 2, 3)
    with capsys.disabled():
        sys.stdout.write(f"{database_kind}: {told}")
    assert better["study"] > 3
