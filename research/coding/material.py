"""The texts that are coded: what members of groups shared from their sessions with a study.

A text is an answer to a questionnaire that asks for such texts, under a pseudonym of its own,
with the question that it answers. Its role came along only where five or more had each of the
roles of its session (`dialogs/sessions/sharing.py`). Where roles are compared the groups are
left out.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

from dialogs.faults import Fault
from dialogs.studies.answering import Answer
from dialogs.studies.questionnaire import Questionnaire
from research.formats.faults import BadFile
from research.formats.source import SourceFile

Grouping: TypeAlias = Literal["group", "role"]

LEAST = 5
"""Fewer people, or texts where roles are compared, are not shown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A shared text as researchers get it. Empty where a role or group is left out."""

    id: str
    """The pseudonym under which it was shared."""
    group: str
    role: str
    method: str
    phase: str
    text: str
    question: str = ""
    """What the text answers, as the method asks it."""


@dataclass(frozen=True, slots=True)
class Material:
    """Passages, ordered by their pseudonyms."""

    by: Grouping
    passages: tuple[Passage, ...]
    withdrawn: tuple[str, ...] = ()
    """Passages that must not be used, should anyone still have them."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of shared.jsonl. `texts` shows whether the file is whole."""

    by: Grouping
    texts: int
    withdrawn: tuple[str, ...] = ()
    format: Literal["kollegial-shared-texts"] = "kollegial-shared-texts"
    version: Literal[1] = 1


_heads = TypeAdapter(_Head)
_passages = TypeAdapter(Passage)


def material(
    study: Questionnaire, answers: Mapping[str, Answer], withdrawn: Iterable[str], by: Grouping
) -> Material:
    """The shared texts of a study, by pseudonym, as they may be handed out."""
    passages = tuple(
        _passage(pseudonym, one.answers[study.shares], one.about, by)
        for pseudonym, one in sorted(answers.items())
        if study.shares in one.answers
    )
    return Material(by, passages, tuple(sorted(withdrawn)))


def _passage(pseudonym: str, text: str, about: Mapping[str, str], by: Grouping) -> Passage:
    return Passage(
        id=pseudonym,
        group=about.get("group", "") if by == "group" else "",
        role=about.get("role", ""),
        method=about.get("method", ""),
        phase=about.get("phase", ""),
        text=text,
        question=about.get("question", ""),
    )


def dump(found: Material) -> bytes:
    """JSON Lines: what they are, then a line for each passage."""
    head = _Head(found.by, len(found.passages), found.withdrawn)
    lines: list[_Head | Passage] = [head, *found.passages]
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in lines).encode()


def load(source: SourceFile) -> Material:
    """What `dump` wrote.

    Raises:
        BadFile: it is something else, or was cut off.
    """
    first, *rest = source.data.strip().split(b"\n")
    try:
        head = _heads.validate_json(first)
        passages = tuple(_passages.validate_json(line) for line in rest)
    except ValueError:
        raise _no_material(source) from None
    if head.texts != len(passages) or len({passage.id for passage in passages}) != len(passages):
        raise _no_material(source)
    return Material(head.by, passages, head.withdrawn)


def _no_material(source: SourceFile) -> BadFile:
    return BadFile(
        [
            Fault(
                source.path.name,
                "These are no shared texts, or they were cut off or changed.",
                "shared.jsonl as `kollegial code export` wrote it",
                "Name that file with --shared, or export again.",
            )
        ]
    )
