"""Questions one after another, as survey programs have them, gathered to blocks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal, TypeAlias

from dialogs.studies.items import is_no_step
from dialogs.toml.lines import Path
from research.instruments.document import Document

Way: TypeAlias = Literal["one", "several", "text"]


@dataclass(frozen=True, slots=True)
class ProgramAnswer:
    """An answer; `value` is what the program stores, if that is a number."""

    label: str
    value: int | None = None
    code: str = ""
    """What conditions call it."""


@dataclass(frozen=True, slots=True)
class ProgramQuestion:
    """One question."""

    name: str
    text: str
    way: Way
    answers: tuple[ProgramAnswer, ...] = ()
    block: str = ""
    line: int = 1
    when: tuple[str, tuple[str, ...]] | None = None
    """The name of an earlier question, and the codes of the answers to it."""


@dataclass
class ProgramForm:
    """What a program's file asks, and what of it has no place here."""

    name: str
    title: str
    asked: list[ProgramQuestion] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def leave(self, what: str, line: int) -> None:
        self.left.append(f"{what} (line {line})")

    def document(self, identity: str) -> Document:
        """The blocks: questions in turn that share title, way and answers."""
        lines: dict[Path, int] = {(): 1}
        numbers = {one.name: n for n, one in enumerate(self.asked, 1)}
        by_name = {one.name: one for one in self.asked}
        blocks: list[dict[str, Any]] = []
        for (title, way, answers), group in groupby(self.asked, _kind):
            at: Path = ("blocks", len(blocks))
            questions = list(group)
            lines[at] = questions[0].line
            items = []
            for n, one in enumerate(questions):
                lines[(*at, "items", n)] = one.line
                items.append(self._item(one, numbers, by_name))
            block: dict[str, Any] = {
                "id": f"b{len(blocks) + 1}",
                "title": title or f"{len(blocks) + 1}",
                "items": items,
            }
            if way != "one":
                block["answer"] = way
            if answers:
                block["scale"] = [one.label for one in answers]
                block["scale_values"] = _values(answers)
            blocks.append(block)
        root = {"id": identity, "title": self.title, "blocks": blocks}
        return Document(self.name, root, lines, tuple(self.left))

    def _item(
        self,
        one: ProgramQuestion,
        numbers: Mapping[str, int],
        by_name: Mapping[str, ProgramQuestion],
    ) -> dict[str, Any]:
        item: dict[str, Any] = {"number": numbers[one.name], "text": one.text}
        if one.when is None:
            return item
        name, codes = one.when
        other = by_name.get(name)
        labels = [a.label for a in other.answers if a.code in codes] if other else []
        if other is None or other.way == "text" or len(labels) != len(codes):
            self.leave(f"the condition of {one.name}", one.line)
            return item
        return item | {"only_if": {"item": numbers[name], "answers": labels}}


def _kind(one: ProgramQuestion) -> tuple[str, Way, tuple[ProgramAnswer, ...]]:
    return one.block, one.way, one.answers


def _values(answers: Sequence[ProgramAnswer]) -> list[int | None]:
    """What the program stores, where that is numbers; else 1, 2, 3 ... for the steps."""
    steps = [not is_no_step(one.label) for one in answers]
    own = [one.value for one, is_step in zip(answers, steps, strict=True) if is_step]
    if None not in own and len(set(own)) == len(own):
        return [one.value if is_step else None for one, is_step in zip(answers, steps, strict=True)]
    counted = iter(range(1, len(answers) + 1))
    return [next(counted) if is_step else None for is_step in steps]


def spoken(cells: Mapping[str, str], name: str) -> str:
    """The text under a name, or under `name::Language`: the first that is there."""
    texts = [text for key, text in cells.items() if key == name or key.startswith(f"{name}::")]
    return next(filter(None, texts), "")


def plain(text: str) -> str:
    """A text without the marks of a web page."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())
