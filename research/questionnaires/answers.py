"""The answers to a questionnaire: unsealed, written as files, read back, and paired.

answers.csv         pseudonyms by items: what was chosen, by the options' ids
texts.csv           what was written, a row for each text
questionnaire.json  everything, for `kollegial questionnaire analyse`

Background that fewer than five share would make a person known: such an item is left out,
whole, for what is hidden in a column shows by its absence; and so is every item that was asked
by how it was answered. Where it is several items together that fewer than five share, the later
ones stand in no row, and how many gave each answer is counted for the report. Rows of a form
after have none, for they are paired with rows that have their own.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dialogs.faults import Fault
from dialogs.studies.answering import Answer, fits, load_answer
from dialogs.studies.definitions import dump, load
from dialogs.studies.items import Answers, Item
from dialogs.studies.questionnaire import Questionnaire, asked
from research.analysis.counts import side_by_side, tells_who
from research.export import appearing, unsealed, write_csv
from research.formats.faults import BadFile
from research.formats.source import SourceFile, guard
from research.leaving.norwegian_excel import Csv, for_excel
from research.studies import StudyRefused
from storage.crypto.sealing import PrivateKey

NOT_ASKED = "(not asked)"
"""In the table: an earlier answer did not lead to this item."""
FORMAT = "kollegial-questionnaire"
DOCUMENT = "questionnaire.json"
NOTHING_ELSE: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """A questionnaire with its answers, by pseudonym."""

    questionnaire: Questionnaire
    answers: Mapping[str, Answers]
    before: Mapping[str, str]
    """In the one after: by pseudonym, whose answer before it says is the same person's."""
    invited: int = 0
    withdrawn: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    """Background items that would make somebody known, and what hangs on them: in no row."""
    counted: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Of these, the ones that would do so beside others alone: how many gave each answer."""
    hushed: frozenset[str] = frozenset()
    """What a report hides beside reports from before (`questionnaires.shown`)."""

    def given(self, item: Item) -> list[str]:
        """What each answered, in no order that says whose it is; empty where there is none."""
        if item.id in self.counted:
            return [*Counter(self.counted[item.id]).elements()]
        return [one.get(item.id, "") for one in self.answers.values()]


@dataclass(frozen=True, slots=True)
class Pairs:
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
    questionnaire: Questionnaire, submissions: Iterable[tuple[str, bytes]], identity: PrivateKey
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
) -> AnsweredForm:
    """The answers as they may be written: background that would make somebody known is gone."""
    about = [i for block in questionnaire.blocks if block.background for i in block.items]
    given = {
        i.id: [one.answers.get(i.id, "") for one in answers.values()]
        for i in about
        if i.way != "text"
    }
    rows = [] if questionnaire.before else side_by_side(given)
    withheld = {i.id for i in about} - {*rows}
    hidden = [i.id for i in questionnaire.items if withheld & {i.id, *_hangs_on(questionnaire, i)}]
    return AnsweredForm(
        questionnaire,
        {
            pseudonym: {i: text for i, text in one.answers.items() if i not in hidden}
            for pseudonym, one in sorted(answers.items())
        },
        {pseudonym: one.before for pseudonym, one in sorted(answers.items()) if one.before},
        invited,
        tuple(sorted(withdrawn)),
        tuple(sorted(left_out)),
        tuple(hidden),
        {
            i.id: Counter(given[i.id])
            for i in about
            if i.id in withheld & {*given} and i.when is None and not tells_who(given[i.id])
        },
    )


def pair(before: AnsweredForm, after: AnsweredForm) -> Pairs:
    """Who answered both times, by what they said themselves. Nothing is guessed.

    Raises:
        Refused: `after` was not asked after `before`.
    """
    if after.questionnaire.before != before.questionnaire.id:
        raise StudyRefused(
            f"{after.questionnaire.id!r} was not asked after {before.questionnaire.id!r}. Name the "
            "export of the form before first, and that of its form after second."
        )
    claims = Counter(after.before.values())
    there = [(b, a) for a, b in after.before.items() if b in before.answers]
    pairs = tuple(sorted((b, a) for b, a in there if claims[b] == 1))
    return Pairs(
        pairs,
        len(after.answers) - len(after.before),
        len(after.before) - len(there),
        len(there) - len(pairs),
    )


# --- As files -----------------------------------------------------------------------------------


def write(
    directory: Path,
    found: AnsweredForm,
    others: Mapping[str, bytes] = NOTHING_ELSE,
    csv_for: Csv = "r",
) -> None:
    """Write all files into a directory that comes to be whole or not at all.

    `others` lie beside them; `csv_for` says for which program the CSV are, but those that
    scripts read.

    Raises `StudyRefused` where it exists, and OSError where it cannot be written.
    """
    items = [i for i in found.questionnaire.items if i.way != "text" and i.id not in found.withheld]
    words = [item for item in found.questionnaire.items if item.way == "text"]
    with appearing(directory) as folder:
        write_csv(
            folder / "answers.csv",
            ["pseudonym", *(item.id for item in items)],
            ([guard(p), *_cells(found, one, items)] for p, one in found.answers.items()),
        )
        write_csv(
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
            "counted": found.counted,
        }
        text = json.dumps(document, ensure_ascii=False, indent=1)
        (folder / DOCUMENT).write_text(f"{text}\n", encoding="utf-8")
        if csv_for == "excel":
            for path in folder.glob("*.csv"):
                path.write_bytes(for_excel(path.read_bytes()))
        for name, content in others.items():
            (folder / name).write_bytes(content)


def _cells(found: AnsweredForm, one: Answers, items: Iterable[Item]) -> Iterator[str]:
    """Empty for what was passed over; what was not asked says so."""
    there = {item.id for item in asked(found.questionnaire, one)}
    for item in items:
        yield one.get(item.id, "" if item.id in there else NOT_ASKED)


def _hangs_on(questionnaire: Questionnaire, item: Item) -> set[str]:
    """The earlier items by whose answers it is asked or not."""
    if item.when is None:
        return set()
    return {item.when.item, *_hangs_on(questionnaire, questionnaire.item(item.when.item))}


def read(directory: Path) -> AnsweredForm:
    """What `write` wrote, without what has been withdrawn.

    Raises:
        BadFile: something else lies there.
    """
    document = SourceFile.of(directory / DOCUMENT).json
    try:
        found = _form(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        found = None
    if found is None:
        what = f"{directory / DOCUMENT} holds no answers."
        wanted = "the folder that `kollegial questionnaire export` wrote"
        raise BadFile([Fault("", what, wanted, "Name that folder.")])
    return found


def _form(document: Any) -> AnsweredForm | None:
    questionnaire = load(json.dumps(document["questionnaire"]))
    withdrawn = tuple(map(str, document["withdrawn"]))
    answers = {p: dict(one) for p, one in document["answers"].items() if p not in withdrawn}
    counted = {i: Counter(of) for i, of in document.get("counted", {}).items()}
    version = questionnaire.information.version
    told = [*answers.values(), *({i: text} for i, of in counted.items() for text in of if text)]
    if (
        document["format"] != FORMAT
        or not isinstance(questionnaire, Questionnaire)
        or not all(fits(questionnaire, Answer(version, one)) for one in told)
    ):
        return None
    return AnsweredForm(
        questionnaire,
        answers,
        {after: str(before) for after, before in document["before"].items() if after in answers},
        int(document["invited"]),
        withdrawn,
        tuple(map(str, document["left_out"])),
        tuple(map(str, document["withheld"])),
        counted,
    )
