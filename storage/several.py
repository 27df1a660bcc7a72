"""One statement for several who ask the same of PostgreSQL at once.

Their values come as one array for each parameter, and where the statement had parameters it has
columns of a row of them (`unnest`): several lookups are one `LATERAL` join, and several changes
one `UPDATE ... FROM`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, TypeGuard

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Update,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.sql.visitors import ExternallyTraversible

Values: TypeAlias = Mapping[str, object]
Alone: TypeAlias = Select[Any] | Update
"""A statement for one. What is theirs in it is a `bindparam` that has a type."""


class Several:
    """The same for as many as ask."""

    def __init__(self, alone: Alone) -> None:
        theirs = {part.key: part.type for part in visitors.iterate(alone) if _is_theirs(part)}
        self._names = tuple(theirs)
        arrays = (BindParameter(name, type_=ARRAY(kind)) for name, kind in theirs.items())
        asked = func.unnest(*arrays).table_valued(
            *(column(name, kind) for name, kind in theirs.items()), with_ordinality="number"
        )
        self._statement = _joined(alone, asked.render_derived(name="asked"))

    def do(self, connection: Connection, values: Sequence[Values]) -> list[list[Any]]:
        """For each who asks the rows found, or of an update one for each row that was changed."""
        arrays = {name: [each[name] for each in values] for name in self._names}
        found: list[list[Any]] = [[] for _ in values]
        for row in connection.execute(self._statement, arrays):
            found[row.number - 1].append(row)
        return found


def _is_theirs(part: object) -> TypeGuard[BindParameter[Any]]:
    return isinstance(part, BindParameter) and part.required


def _joined(alone: Alone, asked: TableValuedAlias) -> Any:
    if isinstance(alone, Update):
        return _with(alone, asked.c.__getitem__).returning(asked.c.number)
    # As text: a column of `asked` would bring the whole table into each inner SELECT.
    inner = _with(alone, lambda name: literal_column(f"asked.{name}", asked.c[name].type))
    found = inner.lateral("found")
    return select(asked.c.number, *found.c).select_from(asked.join(found, true()))


def _with(alone: Alone, own: Callable[[str], ColumnElement[Any]]) -> Any:
    def instead(element: ExternallyTraversible, **_: Any) -> ColumnElement[Any] | None:
        return own(element.key) if _is_theirs(element) else None

    return visitors.replacement_traverse(alone, {}, instead)
