"""The texts that are coded, and which role may stand beside them.

A role tells something only where enough people have it. No row has a group and a
role that fewer than five share: by group, a role stands where five in that
group have it; by role, the groups are left out, and a role stands where five
in all groups have it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

from research.formats.faults import BadFile, Fault
from research.formats.source import Source
from storage.shared_texts import SharedText

Grouping: TypeAlias = Literal["group", "role"]

LEAST = 5
"""Fewer people, or texts where roles are compared, are not shown."""
SHORT_ID = 8


@dataclass(frozen=True, slots=True)
class Passage:
    """A shared text as researchers get it. Empty where a role or group is left out."""

    id: str
    group: str
    role: str
    method: str
    phase: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """Passages, ordered by their random ids."""

    by: Grouping
    passages: tuple[Passage, ...]
    left_out: tuple[str, ...] = ()
    """Roles that too few have, at least somewhere."""


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line of shared.jsonl. `texts` shows whether the file is whole."""

    by: Grouping
    texts: int
    format: Literal["kollegial-shared-texts"] = "kollegial-shared-texts"
    version: Literal[1] = 1


_heads = TypeAdapter(_Head)
_passages = TypeAdapter(Passage)


def material(shared: Iterable[SharedText], by: Grouping) -> Material:
    """The shared texts as they may be handed out."""
    texts = sorted(shared, key=lambda one: one.id)
    holders: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for one in texts:
        in_groups = holders[one.method, one.role or ""]
        in_groups[one.group] = max(in_groups.get(one.group, 0), one.role_holders)

    def is_safe(one: SharedText) -> bool:
        in_groups = holders[one.method, one.role or ""]
        have_it = in_groups[one.group] if by == "group" else sum(in_groups.values())
        return have_it >= LEAST

    length = _length_of_ids(texts)
    passages = tuple(
        Passage(
            id=f"t-{one.id[:length]}",
            group=one.group if by == "group" else "",
            role=one.role if one.role and is_safe(one) else "",
            method=one.method,
            phase=one.phase,
            text=one.text,
        )
        for one in texts
    )
    left_out = {one.role for one in texts if one.role and not is_safe(one)}
    return Material(by, passages, tuple(sorted(left_out)))


def _length_of_ids(texts: list[SharedText]) -> int:
    """Short, and still each its own."""
    lengths = (n for n in range(SHORT_ID, 64) if len({one.id[:n] for one in texts}) == len(texts))
    return next(lengths, 64)


def dump(found: Material) -> bytes:
    """JSON Lines: what they are, then a line for each passage."""
    lines: list[_Head | Passage] = [_Head(found.by, len(found.passages)), *found.passages]
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in lines).encode()


def load(source: Source) -> Material:
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
    return Material(head.by, passages)


def _no_material(source: Source) -> BadFile:
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
