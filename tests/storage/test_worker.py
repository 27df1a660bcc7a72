import asyncio
import threading
from functools import partial

import pytest

from storage.worker import Worker


async def test_jobs_are_done_one_after_the_other_in_one_thread() -> None:
    worker = Worker("test")
    done: list[int] = []

    def job(number: int) -> int:
        done.append(number)
        return threading.get_ident()

    threads = await asyncio.gather(*(worker.do(partial(job, i)) for i in range(50)))
    worker.stop()

    assert done == list(range(50))
    assert len(set(threads)) == 1
    assert threads[0] != threading.get_ident()


async def test_the_caller_gets_what_a_job_raises() -> None:
    worker = Worker("test")
    with pytest.raises(ZeroDivisionError):
        await worker.do(lambda: 1 // 0)
    assert await worker.do(lambda: 42) == 42
    worker.stop()


async def test_a_job_cancelled_while_it_waits_is_not_done() -> None:
    worker = Worker("test")
    may_end = threading.Event()
    done: list[str] = []
    first = worker.do(lambda: may_end.wait(60))
    second = worker.do(lambda: done.append("second"))
    second.cancel()
    first.cancel()
    may_end.set()
    await worker.do(lambda: done.append("third"))
    worker.stop()

    assert done[-1] == "third"
    assert "second" not in done


def test_a_loop_that_has_closed_is_no_harm() -> None:
    worker = Worker("test")
    may_end = threading.Event()

    async def leave() -> None:
        worker.do(lambda: may_end.wait(60)).cancel()

    asyncio.run(leave())
    may_end.set()
    worker.stop()
