"""The one clock of the shell, so that a simulation can move it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Now: TypeAlias = Callable[[], datetime]
"""What time it is, in UTC."""


def utc_now() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)
