"""Replicas know how many they are."""

from datetime import UTC, datetime, timedelta

from dialogs.retention import REPLICA
from storage.operational.store import Operational

NOW = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)


async def test_those_that_run_are_counted_until_they_leave_or_are_missed(
    operational: Operational,
) -> None:
    replicas, later = operational.replicas, NOW + REPLICA
    assert await replicas.beat("a", NOW) == 1
    assert await replicas.beat("a", NOW) == 1
    assert await replicas.beat("b", NOW) == 2
    assert await replicas.beat("c", later - timedelta(seconds=1)) == 3
    await replicas.leave("b")
    assert await replicas.beat("c", later) == 2
    assert await replicas.beat("c", later + timedelta(seconds=1)) == 1
