"""The bootstrap's intervals cover a planted structure about as often as they claim.

`make torture` runs the campaign whole; docs/performance-analysis.md has its figures.
"""

import os

import pytest

from tests.torture_bootstrap import DESIGNS, Design, cover

WHOLE = bool(os.environ.get("TESTS_TORTURE"))


@pytest.mark.torture
@pytest.mark.parametrize("design", DESIGNS if WHOLE else DESIGNS[:1])
def test_intervals_cover_what_they_claim(design: Design) -> None:
    studies, steps = (60, 300) if WHOLE else (4, 100)

    found = cover(design, studies, steps, 1)

    assert found.studies > 0.9 * studies
    assert found.aligned == 1
    # 95 % is claimed; few studies may stray further from it.
    assert found.z > (0.92 if WHOLE else 0.85)
    assert found.loadings > (0.90 if WHOLE else 0.80)
    assert min(found.z, found.loadings) < 0.999
