"""A bot of its own for a simulation."""

import pytest

from simulation import process


async def test_a_bot_that_does_not_answer_in_time_is_not_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "START_S", 0)
    bot = process.BotProcess()
    with pytest.raises(TimeoutError):
        async with bot:
            pass

    assert bot._process.returncode is not None
