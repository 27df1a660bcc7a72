"""Small studies to test with, and the shipped one."""

from collections.abc import Mapping
from datetime import date

from dialogs.studies.items import Item, Option
from dialogs.studies.study import Grid, Information, Statement, Study


def study_of(cells: Mapping[int, int], **changes: object) -> Study:
    """A study on a grid, with as many statements as it has cells, in three languages."""
    grid = Grid(dict(cells))
    fields: dict[str, object] = {
        "id": "prove",
        "title": {"nb": "Prøve", "nn": "Prøve", "en": "Trial"},
        "languages": ("nb", "nn", "en"),
        "purpose": dict.fromkeys(("nb", "nn", "en"), "For å prøve."),
        "minutes": 20,
        "information": Information("1", dict.fromkeys(("nb", "nn", "en"), "Frivillig.")),
        "instruction": dict.fromkeys(("nb", "nn", "en"), "Ut fra dine erfaringer."),
        "grid": grid,
        "statements": tuple(
            Statement(f"s{n}", {lang: f"{lang} utsagn {n}" for lang in ("nb", "nn", "en")})
            for n in range(1, grid.size + 1)
        ),
        "retention": date(2030, 12, 31),
        "questions": (
            Item(id="q1", text=dict.fromkeys(("nb", "nn", "en"), "Hvordan var det?"), way="text"),
            Item(
                id="q2",
                text=dict.fromkeys(("nb", "nn", "en"), "Lett?"),
                way="one",
                options=(
                    Option("yes", dict.fromkeys(("nb", "nn", "en"), "Ja")),
                    Option("no", dict.fromkeys(("nb", "nn", "en"), "Nei")),
                ),
            ),
        ),
    }
    return Study(**{**fields, **changes})  # type: ignore[arg-type] # tests name what they change


SMALL = study_of({-2: 1, -1: 2, 0: 3, 1: 2, 2: 1})
PUBLISHED_GRID = dict(zip(range(-5, 6), (1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1), strict=True))
"""The grid of the published study: 36 cells from -5 to +5."""
LARGE = study_of(PUBLISHED_GRID)
