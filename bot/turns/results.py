"""Which factor a participant's own sort lies nearest to: computed when asked, kept nowhere."""

import asyncio
from collections.abc import Mapping
from math import sqrt

from bot.cards import results as cards
from bot.cards.parts import plain
from bot.cards.study import message, title
from bot.gateway.events import Json
from bot.texts import Texts
from bot.turns.services import Services
from dialogs.qsort import load_answer
from dialogs.study import Study
from research.publication import Results
from storage.codes import Code


async def look_up(services: Services, typed: str, say: Texts) -> Json:
    """The place of the answer with this code among the published results."""
    code = Code.parse(typed)
    if not isinstance(code, Code):
        return cards.lookup(say, say("withdraw.mistyped"))
    own = await services.urn.own_answer(code)
    if own is None:
        return cards.lookup(say, say("withdraw.unknown"))
    study_id, document = own
    study = await services.studies.get(study_id)
    published = await services.studies.results(study_id)
    if published is None or not isinstance(study, Study):
        return message(say("result.not_yet", title=plain(title(say, study))))
    results, key = published
    correlations = await asyncio.to_thread(_correlations, load_answer(document).sort, results)
    clear = 1.96 / sqrt(len(study.statements))  # Brown 1980, p. 222
    pictures = services.settings.pictures(key)
    return cards.own_place(say, study, correlations, clear, pictures)


def _correlations(sort: Mapping[str, int], results: Results) -> list[tuple[str, float]]:
    # Only here: a bot whose results nobody looks up need not carry numpy in its memory.
    import numpy as np  # noqa: PLC0415 - see above

    from research.analysis.matching import nearest_factor  # noqa: PLC0415 - see above

    statements = list(sort)
    arrays = [[array[s] for s in statements] for array in results.arrays.values()]
    nearest = nearest_factor(np.array([sort[s] for s in statements]), np.array(arrays).T)
    return list(zip(results.arrays, nearest.correlations, strict=True))
