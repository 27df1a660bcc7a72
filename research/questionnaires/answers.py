"""The answers to a questionnaire: unsealed, written as files, read back, and paired.

answers.csv         pseudonyms by items: what was chosen, by the options' ids
texts.csv           what was written, a row for each text
questionnaire.json  everything, for `kollegial questionnaire analyse`

Background that fewer than five share would make a person known: such an item is left out,
whole, for what is hidden in a column shows by its absence.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogs.answering import Answer, fits, load_answer
from dialogs.definitions import dump, load
from dialogs.questionnaire import Answers, Item, Questionnaire
from research.analysis.counts import is_small
from research.export import appearing, unsealed, write_table
from research.formats.faults import BadFile, Fault
from research.formats.source import Source, guard
from research.studies import Refused
from storage.sealing import Identity

FORMAT = "kollegial-questionnaire"
DOCUMENT = "questionnaire.json"


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire with its answers, by pseudonym."""

    questionnaire: Questionnaire
    answers: Mapping[str, Answers]
    before: Mapping[str, str]
    """In the one after: by pseudonym, whose answer before it says is the same person's."""
    invited: int = 0
    withdrawn: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    """Background items that would make somebody known."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who is who before and after, and for how many it is not known."""

    pairs: tuple[tuple[str, str], ...]
    """Pseudonyms before and after."""
    without_code: int
    """Answers after that name none before."""
    not_there: int
    """They name one that is not there: withdrawn since, or left out."""
    contested: int
    """They name one that another names too: none of these is paired."""


def open_answers(
    questionnaire: Questionnaire, submissions: Iterable[tuple[str, bytes]], identity: Identity
) -> dict[str, Answer]:
    """Unseal every answer and check it. As `research.export.open_answers`."""
    return unsealed(submissions, identity, load_answer, lambda one: fits(questionnaire, one))


def form(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    *,
    invited: int,
    withdrawn: Iterable[str],
    left_out: Iterable[str],
) -> Form:
    """The answers as they may be written: background that would make somebody known is gone."""
    withheld = [
        item.id
        for block in questionnaire.blocks
        if block.background
        for item in block.items
        if item.way == "text" or is_small(list(_counts(item, answers).values()))
    ]
    return Form(
        questionnaire,
        {
            pseudonym: {i: text for i, text in one.answers.items() if i not in withheld}
            for pseudonym, one in sorted(answers.items())
        },
        {pseudonym: one.before for pseudonym, one in sorted(answers.items()) if one.before},
        invited,
        tuple(sorted(withdrawn)),
        tuple(sorted(left_out)),
        tuple(withheld),
    )


def _counts(item: Item, answers: Mapping[str, Answer]) -> Counter[str]:
    """How many gave each answer; leaving it open is one too."""
    return Counter(one.answers.get(item.id, "") for one in answers.values())


def pair(before: Form, after: Form) -> Pairing:
    """Who answered both times, by what they said themselves. Nothing is guessed.

    Raises:
        Refused: `after` was not asked after `before`.
    """
    if after.questionnaire.before != before.questionnaire.id:
        raise Refused(
            f"{after.questionnaire.id!r} was not asked after {before.questionnaire.id!r}. Name the "
            "export of the form before first, and that of its form after second."
        )
    claims = Counter(after.before.values())
    there = [(b, a) for a, b in after.before.items() if b in before.answers]
    pairs = tuple(sorted((b, a) for b, a in there if claims[b] == 1))
    return Pairing(
        pairs,
        len(after.answers) - len(after.before),
        len(after.before) - len(there),
        len(there) - len(pairs),
    )


# --- As files -----------------------------------------------------------------------------------


def write(directory: Path, found: Form) -> None:
    """Write all files into a directory that comes to be whole or not at all.

    Raises `Refused` where it exists, and OSError where it cannot be written.
    """
    items = [i for i in found.questionnaire.items if i.way != "text" and i.id not in found.withheld]
    words = [item for item in found.questionnaire.items if item.way == "text"]
    with appearing(directory) as folder:
        write_table(
            folder / "answers.csv",
            ["pseudonym", *(item.id for item in items)],
            ([guard(p), *(one.get(i.id, "") for i in items)] for p, one in found.answers.items()),
        )
        write_table(
            folder / "texts.csv",
            ["pseudonym", "item", "text"],
            (
                [guard(pseudonym), item.id, guard(one[item.id])]
                for pseudonym, one in found.answers.items()
                for item in words
                if item.id in one
            ),
        )
        document = {
            "format": FORMAT,
            "questionnaire": json.loads(dump(found.questionnaire)),
            "answers": found.answers,
            "before": found.before,
            "invited": found.invited,
            "withdrawn": found.withdrawn,
            "left_out": found.left_out,
            "withheld": found.withheld,
        }
        text = json.dumps(document, ensure_ascii=False, indent=1)
        (folder / DOCUMENT).write_text(f"{text}\n", encoding="utf-8")


def read(directory: Path) -> Form:
    """What `write` wrote, without what has been withdrawn.

    Raises:
        BadFile: something else lies there.
    """
    document = Source.of(directory / DOCUMENT).json
    try:
        found = _form(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        found = None
    if found is None:
        what = f"{directory / DOCUMENT} holds no answers."
        wanted = "the folder that `kollegial questionnaire export` wrote"
        raise BadFile([Fault("", what, wanted, "Name that folder.")])
    return found


def _form(document: Any) -> Form | None:
    questionnaire = load(json.dumps(document["questionnaire"]))
    withdrawn = tuple(map(str, document["withdrawn"]))
    answers = {p: dict(one) for p, one in document["answers"].items() if p not in withdrawn}
    version = questionnaire.information.version
    if (
        document["format"] != FORMAT
        or not isinstance(questionnaire, Questionnaire)
        or not all(fits(questionnaire, Answer(version, one)) for one in answers.values())
    ):
        return None
    return Form(
        questionnaire,
        answers,
        {after: str(before) for after, before in document["before"].items() if after in answers},
        int(document["invited"]),
        withdrawn,
        tuple(map(str, document["left_out"])),
        tuple(map(str, document["withheld"])),
    )
