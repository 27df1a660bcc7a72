"""Which factor a participant's own sort lies nearest to: computed when asked, kept nowhere."""

import asyncio
from collections.abc import Mapping
from typing import Protocol

from bot.gateway.events import Json
from bot.routing.needs import HasSettings, HasStudies, HasUrn
from bot.studies.cards import results as cards
from bot.studies.cards.study import message, title
from bot.ui.elements import plain
from bot.ui.texts import Texts
from dialogs.studies.qsort import load_answer
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.study import Study
from research.publication import FormResults, Results
from storage.crypto.codes import Code


class Needs(HasSettings, HasStudies, HasUrn, Protocol):
    """What these handlers work with."""


async def look_up(services: Needs, typed: str, say: Texts) -> Json:
    """The place of the answer with this code among the published results."""
    code = Code.parse(typed)
    if not isinstance(code, Code):
        return cards.lookup(say, say("withdraw.mistyped"))
    own = await services.urn.own_answer(code)
    if own is None:
        return cards.lookup(say, say("withdraw.unknown"))
    study = await services.studies.get(own.study)
    published = await services.studies.results(own.study)
    results, key = published or (None, "")
    if isinstance(study, Questionnaire) and isinstance(results, FormResults):
        return cards.form_results(say, study, results)
    if not isinstance(study, Study) or not isinstance(results, Results):
        return message(say("result.not_yet", title=plain(title(say, study))))
    correlations = await places_of(load_answer(own.document).sort, results)
    pictures = services.settings.pictures(key)
    page = f"{services.settings.results(study.id, key)}?l={say.language}"
    return cards.own_place(say, study, results, correlations, pictures=pictures, page=page)


async def places_of(sort: Mapping[str, int], results: Results) -> list[tuple[str, float]]:
    """How close a sort is to each factor array: its correlation, by the factor's name."""
    return await asyncio.to_thread(_correlations, sort, results)


def _correlations(sort: Mapping[str, int], results: Results) -> list[tuple[str, float]]:
    import numpy as np  # noqa: PLC0415 - a bot that shows no results need not carry it in memory

    from research.analysis.matching import nearest_factor  # noqa: PLC0415 - it carries numpy

    statements = list(sort)
    arrays = [[array[s] for s in statements] for array in results.arrays.values()]
    nearest = nearest_factor(np.array([sort[s] for s in statements]), np.array(arrays).T)
    return list(zip(results.arrays, nearest.correlations, strict=True))
