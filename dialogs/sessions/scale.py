"""Scales: what a rating asks, and the axes of a matrix."""

from dataclasses import dataclass

from dialogs.sessions.reading import MAX_END, MAX_SCALES, MAX_STEPS, MethodReader
from dialogs.studies.study import TextByLanguage
from dialogs.toml.lines import Path
from dialogs.toml.reader import ITEM_ID, MAX_QUESTION, TomlTable, named


@dataclass(frozen=True, slots=True)
class Scale:
    """What a rating asks, or an axis of a matrix: 1 to `steps`, from `low` to `high`."""

    id: str
    text: TextByLanguage
    low: TextByLanguage
    high: TextByLanguage
    steps: int = 5


def read_scales(reader: MethodReader, table: TomlTable, path: Path) -> tuple[Scale, ...]:
    """The scales of a rating, each with an id of its own."""
    places = reader.few(table.get("scales"), (*path, "scales"), "scale", MAX_SCALES)
    scales = tuple(_scale(reader, scale, at) for at, scale in places)
    reader.distinct([scale.id for scale in scales], [at for at, _ in places], "id")
    return scales


def read_axis(reader: MethodReader, table: TomlTable, path: Path, name: str) -> Scale:
    """One axis of a matrix: `across` or `up`."""
    path = (*path, name)
    axis = reader.table(table.get(name), path)
    if axis is None:
        return Scale(name, {}, {}, {})
    return _steps(reader, axis, path, f"axis {name}", name)


def _scale(reader: MethodReader, table: TomlTable, path: Path) -> Scale:
    owner = named("scale", table, path)
    identity = reader.identity(table, path, owner, ITEM_ID)
    return _steps(reader, table, path, owner, identity, "id")


def _steps(
    reader: MethodReader, table: TomlTable, path: Path, owner: str, identity: str, *others: str
) -> Scale:
    keys = (*others, "low", "high", "steps")
    text = reader.spoken(table, path, owner, MAX_QUESTION, keys)
    low, high = (
        reader.texts(table.get(end), (*path, end), f"{end} end of {owner}", MAX_END)
        for end in ("low", "high")
    )
    steps = reader.number((*path, "steps"), table, (2, MAX_STEPS), 5)
    return Scale(identity, text, low, high, steps)
