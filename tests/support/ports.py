"""Ports for programs that a test starts."""

import os
import random
import socket

LOWEST, HIGHEST = 20_000, 32_000
"""Below those that a system gives to connections by itself: what is free stays free."""
SLICE = 1_000
"""Ports of a worker's own: no two tests beside each other get the same."""


def _own() -> list[int]:
    """The ports of this process, in any order."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    lowest = LOWEST + worker * SLICE % (HIGHEST - LOWEST)
    return random.SystemRandom().sample(range(lowest, lowest + SLICE), SLICE)


_left = _own()


def free_port() -> int:
    """A port of this machine's that nobody listens on, given once in a process.

    The caller gives it to a program, which may take a while until it listens there.
    """
    while True:
        port = _left.pop()
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
