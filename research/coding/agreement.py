"""CoderAgreement between two coders: in percent, Cohen's kappa, and Krippendorff's alpha.

Each row that both have coded is judged as both saw it. Where every row has one code from
each, kappa compares the codes (Cohen 1960). Each code is also judged by itself: given or
not given, over all those rows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from research.coding.coded import Coding
from research.coding.table import FilledRow


@dataclass(frozen=True, slots=True)
class OfCode:
    """How two coders used one code, in numbers of units."""

    code: str
    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def kappa(self) -> float | None:
        pairs = [
            *[(True, True)] * self.both,
            *[(True, False)] * self.only_first,
            *[(False, True)] * self.only_second,
            *[(False, False)] * self.neither,
        ]
        return cohen(pairs)


@dataclass(frozen=True, slots=True)
class CoderAgreement:
    """Two coders of the same units."""

    units: int
    agreed: int
    """Units to which both gave exactly the same codes."""
    kappa: float | None
    """Of single codes; None where a unit has several, or chance leaves nothing to exceed."""
    alpha: float | None
    codes: tuple[OfCode, ...]

    @property
    def percent(self) -> float:
        return 100 * self.agreed / self.units


def agreement(coding: Coding) -> CoderAgreement | None:
    """How two coders agree; None where there is one."""
    pairs = _pairs(coding)
    if not pairs:
        return None
    names = sorted({code for pair in pairs for codes in pair for code in codes})
    is_single = all(len(codes) == 1 for pair in pairs for codes in pair)
    single = [(min(first), min(second)) for first, second in pairs] if is_single else []
    return CoderAgreement(
        len(pairs),
        sum(first == second for first, second in pairs),
        cohen(single) if is_single else None,
        krippendorff(single) if is_single else None,
        tuple(_of_code(code, pairs) for code in names),
    )


def _pairs(coding: Coding) -> list[tuple[frozenset[str], frozenset[str]]]:
    """What each coder called each unit; units that one of them left open are no part."""
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for unit in coding.units:
        first, second = found.setdefault((unit.passage.id, unit.row.unit), (set(), set()))
        if unit.row.code:
            first.add(unit.row.code)
        second.update(part for part in unit.row.second.split(" ; ") if part)
    return [
        (frozenset(first), frozenset(second))
        for first, second in found.values()
        if first and second
    ]


def _of_code(code: str, pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> OfCode:
    counted = Counter((code in first, code in second) for first, second in pairs)
    return OfCode(
        code,
        counted[True, True],
        counted[True, False],
        counted[False, True],
        counted[False, False],
    )


def cohen(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Cohen's kappa (Cohen 1960, p. 40); None where chance alone would agree on everything."""
    if not pairs:
        return None
    count = len(pairs)
    observed = sum(first == second for first, second in pairs) / count
    firsts, seconds = Counter(one for one, _ in pairs), Counter(one for _, one in pairs)
    expected = sum(firsts[name] * seconds[name] for name in firsts) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def krippendorff(pairs: Sequence[tuple[object, object]]) -> float | None:
    """Krippendorff's alpha for names and two coders without gaps (Krippendorff 2011)."""
    values = Counter(one for pair in pairs for one in pair)
    total = values.total()
    if total < 2:
        return None
    observed = sum(first != second for first, second in pairs) / len(pairs)
    alike = sum(count * (count - 1) for count in values.values())
    expected = 1 - alike / (total * (total - 1))
    return None if expected == 0 else 1 - observed / expected


def beside(rows: Sequence[FilledRow], other: Coding) -> list[FilledRow]:
    """The rows with what a second coder called the same unit of the same text."""
    by_unit: dict[tuple[str, str], list[str]] = {}
    for unit in other.coded:
        by_unit.setdefault((unit.passage.id, unit.row.unit), []).append(unit.row.code)
    return [
        replace(row, second="\n".join(by_unit.get((row.id, row.unit), ()) or [row.second]))
        for row in rows
    ]
