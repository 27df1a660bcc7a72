"""Whether the items of a sum go together: Cronbach's alpha, and each item with the rest."""

from collections.abc import Mapping, Sequence

import numpy as np


def alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Cronbach's alpha (Cronbach 1951, p. 299) of people x items; None where nobody differs."""
    values = np.asarray(rows, dtype=float)
    if values.ndim != 2 or min(values.shape) < 2:
        return None
    whole = values.sum(axis=1).var(ddof=1)
    if whole <= 0:
        return None
    items = values.shape[1]
    return float(items / (items - 1) * (1 - values.var(axis=0, ddof=1).sum() / whole))


def item_rest(names: Sequence[str], rows: Sequence[Sequence[float]]) -> Mapping[str, float]:
    """By item, its correlation with the sum of the others; left out where one does not vary."""
    values = np.asarray(rows, dtype=float)
    found: dict[str, float] = {}
    if values.ndim != 2 or min(values.shape) < 2:
        return found
    for column, name in enumerate(names):
        item, rest = values[:, column], np.delete(values, column, axis=1).sum(axis=1)
        if item.std() > 0 and rest.std() > 0:
            found[name] = float(np.corrcoef(item, rest)[0, 1])
    return found
