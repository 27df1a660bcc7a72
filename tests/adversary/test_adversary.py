"""What a leak of everything tells about who wrote what: no more than a guess.

A guess gets one person right in a study, whatever its size. `make torture`
lets 2,000 studies happen, of which the adversary may get fewer than 2,139
persons right; `make test` a share, with the bound that is as strict.
"""

import math
import os
import sys

import pytest

from tests.adversary import designs
from tests.adversary.campaign import Campaign, Result
from tests.support.databases import postgres_server

pytestmark = pytest.mark.torture
IS_TORTURE = bool(os.environ.get("KOLLEGIAL_TORTURE"))


def bound(studies: int) -> float:
    """2,139 of 2,000 studies: 3.1 standard deviations more than guessing gets."""
    return studies + 139 * math.sqrt(studies / 2000)


def tell(capsys: pytest.CaptureFixture[str], name: str, result: Result) -> None:
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {result.right} right of {result.answers} in {result.studies} studies, "
            f"by '{result.way}'\n"
        )


@pytest.mark.timeout(3600)
def test_a_leak_of_sqlite_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    practice, studies = (300, 2000) if IS_TORTURE else (40, 100)
    result = Campaign(designs.Real, postgres=None).run(practice, studies)
    tell(capsys, "The design on SQLite", result)
    assert result.right < bound(studies)


@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_a_leak_of_postgresql_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    practice, studies = (60, 200) if IS_TORTURE else (8, 24)
    result = Campaign(designs.Real, postgres_server()).run(practice, studies)
    tell(capsys, "The design on PostgreSQL", result)
    assert result.right < bound(studies)


def is_won(result: Result) -> bool:
    """More than five standard deviations better than guessing."""
    return result.right > result.studies + 5 * math.sqrt(result.studies)


@pytest.mark.parametrize(
    ("design", "studies"),
    [
        (designs.CreatedAt, 12),
        (designs.Rowid, 12),
        (designs.LiveCounter, 12),
        (designs.DraftResidue, 12),
        (designs.OutboxOrder, 12),
        (designs.LogLine, 12),
        (designs.LogKept, 12),
        (designs.DailyExports, 60),
    ],
)
def test_the_adversary_sees_through_a_mistake(
    design: type[designs.Real], studies: int, capsys: pytest.CaptureFixture[str]
) -> None:
    result = Campaign(design, postgres=None).run(12, studies)
    tell(capsys, design.__name__, result)
    assert is_won(result)


@pytest.mark.postgres
@pytest.mark.parametrize("design", [designs.Marker, designs.Unmixed])
def test_the_adversary_reads_which_transaction_a_row_is_from(
    design: type[designs.Real], capsys: pytest.CaptureFixture[str]
) -> None:
    result = Campaign(design, postgres_server()).run(12, 12)
    tell(capsys, f"{design.__name__} on PostgreSQL", result)
    assert is_won(result)
