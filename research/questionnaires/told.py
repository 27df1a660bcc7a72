"""A questionnaire's results back to those who answered: what of them may be shown to everyone.

Counts under five are hidden with others that would tell them; a background item
is in none of it, and nor are texts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from dialogs.studies.questionnaire import Questionnaire
from research.publication import (
    MIN_ANSWERS,
    FormResults,
    ItemResult,
    dump_results,
    publication,
)
from research.questionnaires.answers import AnsweredForm
from research.questionnaires.findings import ItemFigures, investigate
from research.studies import StudyRefused
from storage.operational.store import Publication

DOCUMENT = "results.json"


@dataclass(frozen=True, slots=True)
class _Told:
    """The document of an analysis: each form's results, by its id."""

    forms: dict[str, FormResults]
    format: str = "kollegial-results"


_told = TypeAdapter(_Told)


def document(forms: Sequence[AnsweredForm]) -> bytes:
    """What `kollegial questionnaire publish` shows, of each form of an analysis."""
    return _told.dump_json(
        _Told({one.questionnaire.id: results_of(one) for one in forms}), indent=1
    )


def results_of(form: AnsweredForm) -> FormResults:
    """What may be shown of one form."""
    background = {
        item.id for block in form.questionnaire.blocks if block.background for item in block.items
    }
    (found,) = investigate([form]).forms
    return FormResults(
        len(form.answers), tuple(_item(one) for one in found.items if one.item.id not in background)
    )


def _item(asked: ItemFigures) -> ItemResult:
    counts = dict(zip((o.id for o in asked.item.options), asked.counts, strict=True))
    mean = round(asked.summary.mean, 2) if asked.summary else None
    return ItemResult(asked.item.id, asked.n, counts, mean)


def publication_of(study: Questionnaire, folder: Path) -> Publication:
    """What is to be published of the analysis in a folder. Raises Refused."""
    try:
        told = _told.validate_json((folder / DOCUMENT).read_bytes())
    except OSError as error:
        raise StudyRefused(
            f"{folder / DOCUMENT} cannot be read: {error.strerror}. Nothing was published. "
            "ANALYSIS is the folder that kollegial questionnaire analyse wrote, without "
            "--all-counts."
        ) from error
    except ValidationError as error:
        raise StudyRefused(
            f"{folder / DOCUMENT} is no analysis of Kollegial. Nothing was published. Run "
            "kollegial questionnaire analyse once more."
        ) from error
    found = told.forms.get(study.id)
    if found is None or not {one.item for one in found.items} <= {i.id for i in study.items}:
        raise StudyRefused(f"The analysis is not of {study.id!r}. Nothing was published.")
    if found.answers < MIN_ANSWERS:
        raise StudyRefused(
            f"There are {found.answers} answers. Results of fewer than {MIN_ANSWERS} are not shown "
            "to those who took part: they might know each other again. Nothing was published."
        )
    return publication(study.id, dump_results(found))
