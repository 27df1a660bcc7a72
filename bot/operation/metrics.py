"""What operators can watch: counts and durations. Nobody's id, and no conversation's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from storage.operational.outbox import Backlog, Late

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
_TURNED_AWAY = Counter(
    "kollegial_turned_away",
    "Authentic activities of people who are not served: guest or tenant",
    ["why"],
    registry=REGISTRY,
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
_OLDEST = Gauge(
    "kollegial_outbox_oldest_seconds",
    "For how long the oldest message has been due and has not been sent",
    ["lane"],
    registry=REGISTRY,
)
_RETRIED = Gauge(
    "kollegial_outbox_retried",
    "Messages that were tried in vain and will be tried again",
    ["lane"],
    registry=REGISTRY,
)
_NIGHT = Gauge(
    "kollegial_night_age_seconds",
    "Since the night whose work was last done: withdrawals, resealing, retention",
    registry=REGISTRY,
)
_LOG_KEPT = Gauge(
    "kollegial_log_kept",
    "1 while the log of a SQLite database holds what was to be deleted: somebody reads it",
    ["database"],
    registry=REGISTRY,
)
_TOKEN = Gauge(
    "kollegial_access_token_seconds",
    "For how long the access token in hand is valid; 0 without one",
    registry=REGISTRY,
)
_KEYS = Gauge(
    "kollegial_signing_keys_age_seconds",
    "Since Teams' signing keys were fetched; -1 if never",
    registry=REGISTRY,
)
_FAULTS = Gauge(
    "kollegial_ready_faults", "Reasons for which /readyz would answer 503", registry=REGISTRY
)
_DATABASES = Gauge(
    "kollegial_database_up", "Whether a database answers", ["database"], registry=REGISTRY
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
class MeasuredTurn:
    """One event from Teams, while it is dealt with."""

    outcome: str = "answered"


@contextmanager
def turn(kind: str) -> Iterator[MeasuredTurn]:
    """Time a block; the block says what becomes of it where that is not an answer."""
    began, current = perf_counter(), MeasuredTurn()
    try:
        yield current
    finally:
        _TURNS.labels(kind, current.outcome).observe(perf_counter() - began)


def refused(status: int) -> None:
    _REFUSED.labels(status).inc()


def turned_away(why: str) -> None:
    _TURNED_AWAY.labels(why).inc()


def dispatched(kind: str, outcome: str, count: int = 1) -> None:
    _DISPATCHED.labels(kind, outcome).inc(count)


def asked(kind: str, status: int) -> None:
    """A request to Teams was answered."""
    _REQUESTS.labels(kind, status).inc()


def paced(lane: str, seconds: float) -> None:
    _PACE.labels(lane).observe(seconds)


def waiting(lane: str, backlog: Backlog, late: Late) -> None:
    _DEPTH.labels(lane).set(backlog.depth)
    _LAG.labels(lane).set(backlog.lag.total_seconds())
    _OLDEST.labels(lane).set(late.oldest.total_seconds())
    _RETRIED.labels(lane).set(late.retried)


def log_kept(database: str, *, kept: bool) -> None:
    """Whether a database's log could not be emptied."""
    _LOG_KEPT.labels(database).set(kept)


def night(age_s: float) -> None:
    _NIGHT.set(age_s)


def trust(token_s: float, keys_age_s: float | None) -> None:
    _TOKEN.set(token_s)
    _KEYS.set(-1 if keys_age_s is None else keys_age_s)


def ready(faults: int) -> None:
    _FAULTS.set(faults)


def database(name: str, *, is_up: bool) -> None:
    _DATABASES.labels(name).set(is_up)


def parked(kinds: dict[str, int]) -> None:
    _PARKED.clear()
    for kind, count in kinds.items():
        _PARKED.labels(kind).set(count)


def exposition() -> bytes:
    """Everything, as Prometheus reads it."""
    return generate_latest(REGISTRY)
