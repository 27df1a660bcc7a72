"""The rate limits: never too many, never later than need be, and no memory of old keys."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.limits import MARGIN_S, RESERVE, TEAMS_LIMITS, OnTheirWay, Windows

SMALL = ((2, 1.0), (5, 7.0))
pauses = st.lists(st.floats(0, 4), min_size=1, max_size=60)


def asked(windows: Windows, gaps: list[float], key: str = "a") -> list[tuple[float, float]]:
    """When a slot was asked for and which was given, one request after another."""
    now, slots = 0.0, []
    for gap in gaps:
        now += gap
        slot = windows.next_slot(key, now)
        windows.take(key, slot)
        slots.append((now, slot))
    return slots


def fits(slots: list[float], slot: float) -> bool:
    """Whether no window before `slot` is full: the definition, without cleverness."""
    return all(sum(slot - each < seconds for each in slots) < count for count, seconds in SMALL)


@given(pauses)
def test_no_window_ever_holds_too_many(gaps: list[float]) -> None:
    slots = [slot for _, slot in asked(Windows(SMALL), gaps)]

    for index, slot in enumerate(slots):
        assert fits(slots[:index], slot)


@given(pauses)
def test_nobody_waits_longer_than_the_fullest_window_demands(gaps: list[float]) -> None:
    slots: list[float] = []
    for now, slot in asked(Windows(SMALL), gaps):
        earliest = max([now, *slots[-1:]])
        assert slot == earliest or not fits(slots, slot - 2 * MARGIN_S)
        slots.append(slot)


@given(pauses)
def test_slots_are_given_in_the_order_of_asking(gaps: list[float]) -> None:
    slots = [slot for _, slot in asked(Windows(SMALL), gaps)]

    assert slots == sorted(slots)


def in_lanes(windows: Windows, asked: list[tuple[float, bool]]) -> list[tuple[float, float, bool]]:
    """When each asked, which slot it was given, and whether it was bulk.

    Bulk comes one at a time, and takes its slot only once that has come.
    """
    now, bulk, given = 0.0, 0, []

    def serve(until: float) -> None:
        nonlocal bulk, now
        while bulk and (slot := windows.next_bulk_slot("a", now)) <= until:
            windows.take("a", slot)
            given.append((now, slot, True))
            bulk, now = bulk - 1, slot

    for gap, is_bulk in asked:
        later = now + gap
        serve(later)
        now = later
        if is_bulk:
            bulk += 1
        else:
            slot = windows.next_slot("a", now)
            windows.take("a", slot)
            given.append((now, slot, False))
    serve(float("inf"))
    return given


lanes = st.lists(st.tuples(st.floats(0, 0.5), st.booleans()), max_size=150)


@given(lanes)
def test_both_lanes_together_never_have_too_many(asked: list[tuple[float, bool]]) -> None:
    slots = [slot for _, slot, _ in in_lanes(Windows(TEAMS_LIMITS.requests), asked)]

    assert slots == sorted(slots)
    for first, later in zip(slots, slots[30:], strict=False):
        assert later - first >= 1


@given(st.integers(0, 200), st.floats(0, 10))
def test_bulk_leaves_the_way_free_for_a_few(bulk: int, pause: float) -> None:
    given = in_lanes(
        Windows(TEAMS_LIMITS.requests), [(0, True)] * bulk + [(pause, False)] + [(0, False)] * 2
    )
    waited = [slot - asked for asked, slot, is_bulk in given if not is_bulk]

    assert waited == [0.0] * RESERVE


def test_bulk_is_as_quick_as_what_is_left_allows() -> None:
    given = in_lanes(Windows(TEAMS_LIMITS.requests), [(0, True)] * 271)
    (_, last, _) = given[-1]

    assert 270 / last > 26


def test_a_burst_is_spread_as_teams_wants_it() -> None:
    slots = [slot for _, slot in asked(Windows(TEAMS_LIMITS.sends), [0.0] * 61)]

    assert slots[:7] == [0.0] * 7
    assert 1 < slots[7] < 2 < slots[8]
    assert slots[60] > 30


travels = st.lists(st.tuples(st.floats(0, 0.3), st.floats(0, 3), st.floats(0, 1)), max_size=40)


def sent(travels: list[tuple[float, float, float]], beside: int = 0) -> list[tuple[float, float]]:
    """When each was sent and when it arrived, as soon as there was room.

    `travels` has the pause before each, how long its answer took, and for which part of
    that it was on its way there.
    """
    away, now, answers, times = OnTheirWay(SMALL), 0.0, list[float](), []
    for pause, took, part in travels:
        asked = now + pause
        for tick in count():
            now = max(asked, now) if not tick else now + 0.01
            for answer in [each for each in answers if each <= now]:
                answers.remove(answer)
                away.answer("a", answer)
            if away.has_room("a", now, beside=beside):
                break
        away.send("a")
        answers.append(now + took)
        times.append((now, now + part * took))
    return times


@given(travels)
def test_however_long_they_travel_no_window_is_too_full_where_they_arrive(
    travels: list[tuple[float, float, float]],
) -> None:
    arrived = sorted(arrival for _, arrival in sent(travels))

    for index, arrival in enumerate(arrived):
        assert fits(arrived[:index], arrival)


@given(travels)
def test_who_leaves_room_beside_leaves_it(travels: list[tuple[float, float, float]]) -> None:
    arrived = sorted(arrival for _, arrival in sent(travels, beside=1))

    for first, later in zip(arrived, arrived[4:], strict=False):
        assert later - first >= 7.0 - 1e-9


def test_what_was_answered_at_once_is_as_quick_as_the_limit() -> None:
    times = [when for when, _ in sent([(0.0, 0.0, 0.0)] * 11)]

    assert times == pytest.approx([0, 0, 1, 1, 2, 7, 7, 8, 8, 9, 14], abs=0.05)


def test_one_conversation_does_not_hold_up_another() -> None:
    windows = Windows(SMALL)
    asked(windows, [0.0] * 5, "busy")

    assert asked(windows, [0.0], "quiet") == [(0.0, 0.0)]


def test_without_windows_there_is_no_limit() -> None:
    windows = Windows(())

    assert [slot for _, slot in asked(windows, [0.0] * 100)] == [0.0] * 100
    assert len(windows) == 0


def test_memory_follows_the_last_hour_not_all_time() -> None:
    windows = Windows(TEAMS_LIMITS.sends)
    for number in range(10_000):
        asked(windows, [float(number)], key=f"conversation {number}")

    assert len(windows) <= 3602
    asked(windows, [1.0] * 20_000, key="busy")
    assert sum(map(len, windows._slots._times.values())) <= 2 * 1800 + 3602
