"""Where the tests' data lie: `tests/data`, and others' wording beside the clone."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
LIPSET = DATA / "lipset"
PUBLIC = DATA / "public"
AAP = DATA / "aap"
STATEMENTS = AAP / "statements.csv"
CARD_SCHEMA = DATA / "schemas" / "adaptive-card-1.5.0.json"

INSTRUMENTS = DATA / "instruments"
"""Twins of the published instruments: the same shape, in our own words."""

SHARED = ROOT.parent / "shared" / "data"
"""What is not ours to give away. A test that reads it is marked `shared`."""
