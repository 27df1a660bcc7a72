"""How what nobody waits for goes through the gateway, and how one knows afterwards if it did.

    with delivery.under_way():
        await teams.send_card(...)

Whoever sends inside of the block need not know: the connector does.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_CURRENT: ContextVar["DeliveryContext | None"] = ContextVar("delivery", default=None)


@dataclass(slots=True)
class DeliveryContext:
    """One thing to send for the dispatcher."""

    is_bulk: bool
    """Whether it leaves the way free for everything else."""
    begin: Callable[[], Awaitable[None]]
    """Puts on record that something is about to be created."""
    may_be_there: bool = False
    """Something was created, or nobody knows that it was not."""

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """A block whose requests belong to this delivery."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


def current_delivery() -> DeliveryContext | None:
    """The delivery that a request belongs to; none where somebody waits for the answer."""
    return _CURRENT.get()
