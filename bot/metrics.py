"""What operators can watch: counts and durations. Nobody's id, and no conversation's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

REGISTRY = CollectorRegistry()
CONTENT_TYPE = CONTENT_TYPE_LATEST
_TURNS = Histogram(
    "kollegial_turn_seconds",
    "Turns by what came from Teams (press, message, added, removed) and what became of them",
    ["kind", "outcome"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15),
    registry=REGISTRY,
)
_REFUSED = Counter(
    "kollegial_refused_requests", "Requests that are not Teams'", ["status"], registry=REGISTRY
)
_DISPATCHED = Counter(
    "kollegial_outbox",
    "What became of due messages: sent, retried, parked, ambiguous (parked) or expired",
    ["kind", "outcome"],
    registry=REGISTRY,
)
_DEPTH = Gauge(
    "kollegial_outbox_depth", "Messages that should be on their way", ["lane"], registry=REGISTRY
)
_LAG = Gauge(
    "kollegial_outbox_lag_seconds", "For how long the next one waits", ["lane"], registry=REGISTRY
)
_PARKED = Gauge(
    "kollegial_outbox_parked", "Messages for `kollegial outbox`", ["kind"], registry=REGISTRY
)
_REQUESTS = Counter(
    "kollegial_requests",
    "Requests to Teams by kind (send, change, read) and HTTP status; 429 is throttling",
    ["kind", "status"],
    registry=REGISTRY,
)
_PACE = Histogram(
    "kollegial_pace_seconds",
    "How long requests waited for Teams' limits on our own side",
    ["lane"],
    buckets=(0.001, 0.01, 0.05, 0.1, 0.3, 1, 3, 10),
    registry=REGISTRY,
)


@dataclass(slots=True)
class Turn:
    """One event from Teams, while it is dealt with."""

    outcome: str = "answered"


@contextmanager
def turn(kind: str) -> Iterator[Turn]:
    """Time a block; the block says what becomes of it where that is not an answer."""
    began, current = perf_counter(), Turn()
    try:
        yield current
    finally:
        _TURNS.labels(kind, current.outcome).observe(perf_counter() - began)


def refused(status: int) -> None:
    _REFUSED.labels(status).inc()


def dispatched(kind: str, outcome: str, count: int = 1) -> None:
    _DISPATCHED.labels(kind, outcome).inc(count)


def asked(kind: str, status: int) -> None:
    """A request to Teams was answered."""
    _REQUESTS.labels(kind, status).inc()


def paced(lane: str, seconds: float) -> None:
    _PACE.labels(lane).observe(seconds)


def waiting(lane: str, depth: int, lag_s: float) -> None:
    _DEPTH.labels(lane).set(depth)
    _LAG.labels(lane).set(lag_s)


def parked(kinds: dict[str, int]) -> None:
    _PARKED.clear()
    for kind, count in kinds.items():
        _PARKED.labels(kind).set(count)


def exposition() -> bytes:
    """Everything, as Prometheus reads it."""
    return generate_latest(REGISTRY)
