"""What a file format cannot hold of a dataset, said in the same words for every format."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from research.dataset import Dataset
from research.formats.statements import numbers, one_line

LostPart: TypeAlias = Literal["title", "texts", "labels", "commas", "lines", "grid", "answers"]

_LOSES: dict[LostPart, tuple[Callable[[Dataset], bool], str]] = {
    "title": (lambda data: bool(data.title), "the title"),
    "texts": (lambda data: any(data.texts), "the texts of the statements"),
    "labels": (
        lambda data: data.statements != numbers(len(data.statements)),
        "the labels of the statements: they are numbered",
    ),
    "commas": (
        lambda data: any("," in name for name in data.names),
        "commas in names: they become spaces",
    ),
    "lines": (
        lambda data: any(text != one_line(text) for text in data.texts),
        "line breaks in statements",
    ),
    "grid": (
        lambda data: data.pattern is not None,
        "the grid as stated: it is read from the sorts",
    ),
    "answers": (lambda data: bool(data.comments or data.fields), "comments and other answers"),
}


def lost(data: Dataset, *parts: LostPart) -> list[str]:
    """Which of the parts that a format has no place for are there to be lost."""
    return [words for loses, words in map(_LOSES.__getitem__, parts) if loses(data)]
