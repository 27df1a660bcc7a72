"""Sealed answers opened, checked, and written as files for R and for reading.

sorts_r.csv    statements by pseudonyms, as R's qmethod reads it
sorts.csv      pseudonyms by statements
comments.csv   what was written, a row for each text
pairs.csv      of a later sort: each pseudonym beside that of the same person's sort before
study.json     the study, the numbers, and the pseudonyms that were withdrawn

What questions after the sort tell of who answers, and fewer than five share, would make a person
known, of one question or of several together: such a question is left out, whole, for what is
hidden shows by its absence.
"""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dialogs.studies.qsort import Answer, fits, load_answer
from dialogs.studies.study import Study
from dialogs.studies.study_file import dump
from research.analysis.counts import side_by_side
from research.leaving.norwegian_excel import Csv, for_excel
from research.studies import StudyRefused
from storage.crypto.sealing import PrivateKey, WrongKey

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Export:
    """What is written. `left_out` are damaged answers that the researcher gave up."""

    study: Study
    answers: Mapping[str, Answer]
    invited: int
    withdrawn: Collection[str] = ()
    left_out: Collection[str] = ()

    @property
    def withheld(self) -> list[str]:
        """Questions after the sort that would make somebody known."""
        about = [question for question in self.study.questions if question.tells_who]
        kept = side_by_side(
            {
                question.id: [one.answers.get(question.id, "") for one in self.answers.values()]
                for question in about
                if question.way != "text"
            }
        )
        return [question.id for question in about if question.id not in kept]


def open_answers(
    study: Study, submissions: Iterable[tuple[str, bytes]], identity: PrivateKey
) -> dict[str, Answer]:
    """Unseal every answer and check it against the study, by pseudonym. See `unsealed`."""
    return unsealed(submissions, identity, load_answer, lambda answer: fits(study, answer))


def unsealed(
    submissions: Iterable[tuple[str, bytes]],
    identity: PrivateKey,
    read: Callable[[bytes], A],
    fits: Callable[[A], bool],
) -> dict[str, A]:
    """Every answer, read and checked, by pseudonym.

    All of them or none: raises `StudyRefused` for the wrong key, and for damaged
    answers, which it names.
    """
    answers: dict[str, A] = {}
    locked, broken = [], []
    for pseudonym, sealed in submissions:
        try:
            answer = read(identity.unseal(sealed))
        except WrongKey:
            locked.append(pseudonym)
        except ValueError:
            broken.append(pseudonym)
        else:
            if fits(answer):
                answers[pseudonym] = answer
            else:
                broken.append(pseudonym)
    if locked and not answers and not broken:
        raise StudyRefused(
            "None of the answers opens with this key, and nothing was written. Use the private key "
            "that belongs to the --recipient with which the study was created."
        )
    if damaged := sorted(locked + broken):
        options = " ".join(f"--leave-out {pseudonym}" for pseudonym in damaged)
        raise StudyRefused(
            f"These answers are damaged: {', '.join(damaged)}. Nothing was written. Restore the "
            f"urn from a backup, or export the others with {options}"
        )
    return answers


def write_export(
    directory: Path,
    export: Export,
    csv_for: Csv = "r",
    others: Callable[[Path], Mapping[str, bytes]] = lambda _: {},
) -> None:
    """Write all files into a directory that comes to be whole or not at all.

    `others` makes what lies beside them from the folder as it is then.

    Raises `StudyRefused` where it exists, and OSError where it cannot be written.
    """
    study = export.study
    answers = dict(sorted(export.answers.items()))
    withheld = export.withheld
    with appearing(directory) as folder:
        write_csv(
            folder / "sorts_r.csv",
            ["statement", *map(_guard, answers)],
            ([s.id, *(a.sort[s.id] for a in answers.values())] for s in study.statements),
        )
        write_csv(
            folder / "sorts.csv",
            ["pseudonym", *(s.id for s in study.statements)],
            ([_guard(p), *(a.sort[s.id] for s in study.statements)] for p, a in answers.items()),
        )
        write_csv(
            folder / "comments.csv",
            ["pseudonym", "about", "id", "column", "text"],
            (
                [_guard(pseudonym), about, item, column, _guard(text)]
                for pseudonym, answer in answers.items()
                for about, item, column, text in _texts(study, answer, withheld)
            ),
        )
        if study.before:
            write_csv(
                folder / "pairs.csv",
                [study.before, study.id],
                ([_guard(a.before), _guard(p)] for p, a in answers.items() if a.before),
            )
        document = {
            "format": 1,
            "study": json.loads(dump(study)),
            "invited": export.invited,
            "submitted": len(answers),
            "withdrawn": sorted(export.withdrawn),
            "left_out": sorted(export.left_out),
            "withheld": withheld,
        }
        text = json.dumps(document, ensure_ascii=False, indent=2)
        (folder / "study.json").write_text(text + "\n", encoding="utf-8")
        beside = others(folder)
        if csv_for == "excel":
            for path in folder.glob("*.csv"):
                if path.name != "sorts_r.csv":
                    path.write_bytes(for_excel(path.read_bytes()))
        for name, content in beside.items():
            (folder / name).write_bytes(content)


def _texts(
    study: Study, answer: Answer, withheld: Collection[str]
) -> Iterator[tuple[str, str, int | str, str]]:
    """What was written: about what, its id, the column where a statement lies, the text."""
    for statement in study.statements:
        if text := answer.comments.get(statement.id):
            yield "statement", statement.id, answer.sort[statement.id], text
    for question in study.questions:
        if question.id not in withheld and (text := answer.answers.get(question.id)):
            yield "question", question.id, "", text
    if answer.comment:
        yield "study", "", "", answer.comment


def write_csv(path: Path, header: list[str], rows: Iterable[list[str | int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # with \n as its line end it would leave \r without quotes
        writer.writerow(header)
        writer.writerows(rows)


def _guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


@contextmanager
def appearing(directory: Path) -> Iterator[Path]:
    """A folder that gets its name only when all is in it, readable by its owner only."""
    if directory.exists() or directory.is_symlink():
        raise StudyRefused(
            f"{directory} exists already and is unchanged. Choose another --out, so that no "
            "export is mixed with another."
        )
    folder = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        yield folder
        folder.rename(directory)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # is gone already where all went well
