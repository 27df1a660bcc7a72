"""What somebody had a moment ago, and may have back: in memory alone, and for a minute.

Nothing of it has left, and nothing of it is stored. After a restart, or at another replica, it is
gone at once.
"""

import asyncio
from typing import Generic, TypeVar

MOMENT_S = 60.0

_T = TypeVar("_T")


class JustNow(Generic[_T]):
    """Things by whose they are and what they belong to."""

    def __init__(self, seconds: float = MOMENT_S) -> None:
        self._seconds = seconds
        self._kept: dict[tuple[str, ...], _T] = {}

    def keep(self, key: tuple[str, ...], what: _T) -> None:
        """For a minute, whether anybody asks for it or not."""
        self._kept[key] = what
        asyncio.get_running_loop().call_later(self._seconds, self._let_go, key, what)

    def take(self, key: tuple[str, ...]) -> _T | None:
        """Once."""
        return self._kept.pop(key, None)

    def _let_go(self, key: tuple[str, ...], what: _T) -> None:
        if self._kept.get(key) is what:  # and not something newer
            del self._kept[key]
