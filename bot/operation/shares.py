"""How often each may do what costs something: by the hash of who asks, never by an address.

In memory alone, and no longer than a bucket takes to fill. Whoever makes new
tokens for the board is bounded by the buckets that all share.
"""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_KEPT = 20_000
"""Buckets in memory; the one that was used longest ago is forgotten first."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limits:
    """A bucket of `burst` for each key, filled again with `rate` a second."""

    def __init__(
        self, burst: float, rate: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst, self._rate, self._clock = burst, rate, clock
        self._salt = secrets.token_bytes(16)
        self._buckets: OrderedDict[bytes, _Bucket] = OrderedDict()

    def allow(self, key: str) -> bool:
        """Take one from the bucket of a key; False where it is empty."""
        now = self._clock()
        name = hashlib.blake2b(key.encode(), key=self._salt, digest_size=16).digest()
        bucket = self._buckets.setdefault(name, _Bucket(self._burst, now))
        self._buckets.move_to_end(name)
        if len(self._buckets) > MAX_KEPT:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
