"""How many meetings were held in each year, by method.

Counted as a meeting ends, without a group's or anybody's id, and so it outlives the group.
"""

from datetime import date

from sqlalchemy import Column, Connection, Date, Integer, MetaData, Table, Text, select

from dialogs.groups.yearly import Count
from storage.database import Database, DialectInsert, Insert, Write, for_each_dialect

_COUNT = Table(
    "year_count",
    MetaData(),
    Column("year", Date, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("begun", Integer),
    Column("meetings", Integer),
)


def _adding(insert: DialectInsert) -> Insert:
    statement = insert(_COUNT)
    more = {name: _COUNT.c[name] + statement.excluded[name] for name in ("begun", "meetings")}
    built: Insert = statement.on_conflict_do_update(index_elements=["year", "method"], set_=more)
    return built


_ADD = for_each_dialect(_adding)


class YearlyCounts:
    """Every year's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, day: date, count: Count) -> Write:
        """What was held on a day; of the day itself only the year is kept."""
        values = {
            "year": _first(day.year),
            "method": count.method,
            "begun": count.groups,
            "meetings": count.meetings,
        }
        return lambda c: c.execute(_ADD[c.dialect.name], values)

    async def of(self, year: int) -> list[Count]:
        """By method."""
        columns = _COUNT.c.method, _COUNT.c.begun, _COUNT.c.meetings
        statement = select(*columns).where(_COUNT.c.year == _first(year)).order_by(_COUNT.c.method)

        def work(connection: Connection) -> list[Count]:
            return [Count(*row) for row in connection.execute(statement)]

        return await self._database.read(work)


def _first(year: int) -> date:
    return date(year, 1, 1)
