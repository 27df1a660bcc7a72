"""Work that comes while other work is under way is done with it, in one go.

One transaction for all who wait costs one commit, one change of thread and one wait for the disk.
Nobody hears of their work before that transaction was committed, and where somebody's work fails,
nothing of it was: then each is done by itself.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

Work = TypeVar("Work")
Do: TypeAlias = Callable[[Sequence[Work]], Awaitable[Sequence[Any]]]
"""Does all of the work, and tells what came of each, or nothing of it, and raises."""
_Job: TypeAlias = tuple[Work, "asyncio.Future[Any]"]


class Together(Generic[Work]):
    """Work of one kind, from one event loop."""

    def __init__(self, do: Do[Work], concerns_all: Callable[[BaseException], bool]) -> None:
        """`concerns_all` tells of an error whether it is the work of none of them that failed."""
        self._do = do
        self._concerns_all = concerns_all
        self._waiting: list[_Job[Work]] = []
        self._one_by_one: deque[_Job[Work]] = deque()
        self._under_way: asyncio.Future[Sequence[Any]] | None = None

    def do(self, work: Work) -> "asyncio.Future[Any]":
        """Have work done with whatever else waits.

        What is cancelled while it waits is not done; what has begun is done to its end.
        """
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._under_way is None:
            self._begin()
        return future

    async def rest(self) -> None:
        """Wait until nothing is under way and nothing waits."""
        while self._under_way is not None:
            await asyncio.wait({self._under_way})

    def _begin(self) -> None:
        if self._one_by_one:
            jobs = [self._one_by_one.popleft()]
        else:
            jobs, self._waiting = self._waiting, []
        wanted = [job for job in jobs if not job[1].done()]
        self._under_way = asyncio.ensure_future(  # noqa: RUF006 - it is kept until it has ended
            self._do([work for work, _ in wanted])
        )
        self._under_way.add_done_callback(partial(self._end, wanted))

    def _end(
        self,
        jobs: Sequence[_Job[Work]],
        done: "asyncio.Future[Sequence[Any]]",
    ) -> None:
        self._under_way = None
        error = asyncio.CancelledError() if done.cancelled() else done.exception()
        if error is None:
            for (_, future), result in zip(jobs, done.result(), strict=True):
                if not future.done():
                    future.set_result(result)
        elif len(jobs) > 1 and not self._concerns_all(error):
            self._one_by_one.extend(jobs)
        else:
            for _, future in jobs:
                if not future.done():
                    future.set_exception(error)
        if self._one_by_one or self._waiting:
            self._begin()
