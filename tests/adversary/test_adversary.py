"""What a leak of everything tells about who wrote what: no more than a guess.

A guess gets one person right in a study, whatever its size. `make torture`
lets 2,000 studies happen, of which the adversary may get fewer than 2,139
persons right. In `make test` some few happen, where it may not win as it does
against a mistake: chance alone gets there once in millions of runs.
"""

import math
import os
import sys

import pytest

from tests.adversary import browsing, designs
from tests.adversary.campaign import Campaign, Result
from tests.support.databases import postgres_server

pytestmark = pytest.mark.torture
IS_TORTURE = bool(os.environ.get("TESTS_TORTURE"))
STUDIES = 12 if IS_TORTURE else 6
"""So many are enough to see through most mistakes."""


def bound(studies: int) -> float:
    """2,139 of 2,000 studies: 3.1 standard deviations more than guessing gets."""
    return studies + 139 * math.sqrt(studies / 2000)


def is_won(result: Result) -> bool:
    """More than five standard deviations better than guessing."""
    return result.right > result.studies + 5 * math.sqrt(result.studies)


def tell(capsys: pytest.CaptureFixture[str], name: str, result: Result) -> None:
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {result.right} right of {result.answers} in {result.studies} studies, "
            f"by '{result.way}'\n"
        )


def tells_nothing(
    capsys: pytest.CaptureFixture[str], name: str, campaign: Campaign, practice: int, studies: int
) -> None:
    """In so many studies, after so many to practise on."""
    result = campaign.run(practice, studies)
    tell(capsys, name, result)
    assert result.answers > 2 * studies, "there is something to be found"
    assert result.right < bound(studies) if IS_TORTURE else not is_won(result)


@pytest.mark.timeout(3600)
def test_a_leak_of_sqlite_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    practice, studies = (300, 2000) if IS_TORTURE else (6, 16)
    campaign = Campaign(designs.Real, postgres=None)
    tells_nothing(capsys, "The design on SQLite", campaign, practice, studies)


@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_a_leak_of_postgresql_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    practice, studies = (60, 200) if IS_TORTURE else (2, 6)
    campaign = Campaign(designs.Real, postgres_server())
    tells_nothing(capsys, "The design on PostgreSQL", campaign, practice, studies)


@pytest.mark.timeout(3600)
def test_at_the_board_sqlite_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    practice, studies = (40, 200) if IS_TORTURE else (2, 4)
    campaign = Campaign(browsing.Browsing, postgres=None)
    tells_nothing(capsys, "The board over link and card, on SQLite", campaign, practice, studies)


@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_at_the_board_postgresql_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    practice, studies = (20, 60) if IS_TORTURE else (1, 3)
    campaign = Campaign(browsing.Browsing, postgres_server())
    tells_nothing(
        capsys, "The board over link and card, on PostgreSQL", campaign, practice, studies
    )


@pytest.mark.parametrize(
    "design",
    [
        browsing.AccessLog,
        browsing.Cookie,
        browsing.FirstRequest,
        *[browsing.Etag] * IS_TORTURE,  # as a cookie
    ],
)
def test_the_adversary_sees_through_a_mistake_of_http(
    design: type[designs.Real], capsys: pytest.CaptureFixture[str]
) -> None:
    practice, studies = (3, 12) if IS_TORTURE else (1, 4)  # of 23 answers 14 might be chance
    result = Campaign(design, postgres=None).run(practice, studies)
    tell(capsys, design.__name__, result)
    assert is_won(result)


@pytest.mark.parametrize(
    ("design", "studies"),
    [
        (designs.CreatedAt, STUDIES),
        (designs.Rowid, STUDIES),
        (designs.LiveCounter, STUDIES),
        (designs.DraftResidue, STUDIES),
        (designs.OutboxOrder, STUDIES),
        (designs.LogLine, STUDIES),
        (designs.LogKept, STUDIES),
        *[(designs.DailyExports, 120)] * IS_TORTURE,  # it takes so many to be sure
    ],
)
def test_the_adversary_sees_through_a_mistake(
    design: type[designs.Real], studies: int, capsys: pytest.CaptureFixture[str]
) -> None:
    result = Campaign(design, postgres=None).run(12 if IS_TORTURE else 4, studies)
    tell(capsys, design.__name__, result)
    assert is_won(result)


@pytest.mark.postgres
@pytest.mark.parametrize("design", [designs.Marker, designs.Unmixed])
def test_the_adversary_reads_which_transaction_a_row_is_from(
    design: type[designs.Real], capsys: pytest.CaptureFixture[str]
) -> None:
    practice, studies = (12, 12) if IS_TORTURE else (8, STUDIES)
    result = Campaign(design, postgres_server()).run(practice, studies)
    tell(capsys, f"{design.__name__} on PostgreSQL", result)
    assert is_won(result)
