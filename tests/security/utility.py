"""What is left to read where tables are hidden: of an invented study that looks like a real one.

`python -m tests.security.utility` prints the table of docs/reliability.md.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from dialogs.studies.answering import Answer
from dialogs.studies.items import Item, Option
from dialogs.studies.questionnaire import Band, Block, Questionnaire, Sum
from research.questionnaires.answers import AnsweredForm, form
from research.questionnaires.findings import FormFindings, investigate
from tests.support.questionnaires import ONCE, spoken

STEPS = tuple(Option(str(n), spoken(f"trinn {n}"), n) for n in range(1, 5))
SCALES = {name: tuple(f"{name}{n}" for n in range(items)) for name, items in
          (("mestring", 6), ("trygghet", 4), ("travelhet", 3))}  # fmt: skip
BEFORE = replace(
    ONCE,
    id="u-before",
    wave="before",
    blocks=tuple(
        Block(
            name,
            spoken(name),
            tuple(Item(id=i, text=spoken(i), way="one", options=STEPS) for i in ids),
        )
        for name, ids in SCALES.items()
    ),
    sums=tuple(
        Sum(name, spoken(name), ids, (Band(len(ids), spoken("lite")),
            Band(round(2.5 * len(ids)), spoken("mye"))))
        for name, ids in SCALES.items()
    ),
)  # fmt: skip
AFTER = replace(BEFORE, id="u-after", wave="after", before=BEFORE.id)


def answers(people: int, dice: Random) -> list[dict[str, str]]:
    """Somebody's answers to a scale hang together; one in sixty is left open."""
    found = []
    for _ in range(people):
        row = {}
        for ids in SCALES.values():
            own = dice.gauss(2.5, 0.7)
            for item in ids:
                step = min(4, max(1, round(dice.gauss(own, 0.7))))
                if dice.random() > 1 / 60:
                    row[item] = str(step)
        found.append(row)
    return found


def studied(people: int, dice: Random) -> list[AnsweredForm]:
    """Nine of ten answer both forms."""
    first = answers(people, dice)
    later = [
        {i: str(min(4, max(1, int(s) + dice.choice((-1, 0, 0, 0, 1, 1))))) for i, s in row.items()}
        for row in first[: people * 9 // 10]
    ]
    return [_form(BEFORE, first), _form(AFTER, later)]


def _form(study: Questionnaire, rows: list[dict[str, str]]) -> AnsweredForm:
    paired = study.before != ""
    given = {f"p{n:03}": Answer("1", row, f"p{n:03}" if paired else "") for n, row in
             enumerate(rows)}  # fmt: skip
    return form(study, given, invited=2 * len(rows), withdrawn=(), left_out=())


def cells(found: FormFindings) -> Iterator[tuple[str, bool]]:
    """Each number that there is, and whether it is told."""
    for one in found.forms:
        for item in one.items:
            yield from (("counts", count is not None) for count in item.counts)
            yield "means of items", item.summary is not None
        for summed in one.sums:
            yield from (("bands of sums", count is not None) for count in summed.bands)
            yield "means of sums", summed.summary is not None
            yield "spread and alpha of sums", summed.alpha is not None
    for change in found.changes:
        kind = "sums" if change.is_sum else "items"
        yield from ((f"rose, stayed, fell: {kind}", count is not None) for count in change.moved)
        yield f"effect and p: {kind}", change.effect is not None
        yield f"means of pairs: {kind}", change.before is not None


def told(people: int, studies: int) -> dict[str, float]:
    """Of each kind of number, the share that is told."""
    there, shown = Counter[str](), Counter[str]()
    for seed in range(studies):
        for kind, is_told in cells(investigate(studied(people, Random(seed)))):
            there[kind] += 1
            shown[kind] += is_told
    return {kind: shown[kind] / there[kind] for kind in there}


def main() -> None:
    sizes = {people: told(people, 10) for people in (40, 120, 400)}
    for kind in sizes[40]:
        shares = " | ".join(f"{share[kind]:.0%}" for share in sizes.values())
        sys.stdout.write(f"| {kind} | {shares} |\n")


if __name__ == "__main__":
    main()
