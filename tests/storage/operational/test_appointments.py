"""Offers and choices are kept whole and deleted whole, on both kinds of database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogs.groups.appointments import Begin, Choice, Choose, Slot, Times, step
from storage.database import Stale, Write
from storage.operational.appointments import Offer
from storage.operational.store import Operational

FIRST = datetime(2031, 3, 10, 9, 0, tzinfo=UTC)
SLOTS = tuple(Slot(f"t{n}", FIRST + timedelta(days=n), 60, 2) for n in range(3))
CHOICES = (Choice("aad-kari", "Kari Eksempel", "t0"), Choice("aad-ola", "Ola Eksempel", None))


def an_offer(study: str = "oppfolging") -> Offer:
    return Offer(
        study=study,
        conversation={"id": "19:a", "service_url": "https://smba.example/emea/"},
        facilitator="aad-anne",
        language="nn",
        timezone="Europe/Oslo",
        times=Times(SLOTS, CHOICES),
    )


async def do(operational: Operational, step: Write) -> None:
    async with operational.begin() as transaction:
        transaction.run(step)


async def added(operational: Operational, offer: Offer) -> Offer:
    await do(operational, operational.appointments.add(offer))
    return offer


async def test_an_offer_comes_back_as_it_was_given(operational: Operational) -> None:
    first, second = an_offer("b"), replace(an_offer("a"), times=Times())
    for offer in (first, second):
        await added(operational, offer)
    assert await operational.appointments.offer(first.id) == first
    assert await operational.appointments.all() == [second, first]
    assert await operational.appointments.offer("nope") is None


async def test_what_is_changed_is_saved_and_who_is_late_begins_again(
    operational: Operational,
) -> None:
    store, offer = operational.appointments, await added(operational, an_offer())
    times, _ = step(offer.times, Choose("aad-ola", "Ola Eksempel", "t2"))
    changed = replace(offer, times=times, card="1", list="2")
    await do(operational, store.save(changed))
    assert await store.offer(offer.id) == replace(changed, version=1)
    for late in (store.save(offer), store.destroy(offer)):
        with pytest.raises(Stale):
            await do(operational, late)
    assert await store.offer(offer.id) == replace(changed, version=1)


async def test_cards_are_remembered_and_whoever_read_before_begins_again(
    operational: Operational,
) -> None:
    store, offer = operational.appointments, await added(operational, an_offer())
    await do(operational, store.set_card(offer.id, "1"))
    await do(operational, store.set_list(offer.id, "2"))
    assert await store.offer(offer.id) == replace(offer, card="1", list="2", version=2)
    with pytest.raises(Stale):
        await do(operational, store.save(offer))


async def test_what_has_begun_has_no_row(operational: Operational) -> None:
    store, offer = operational.appointments, await added(operational, an_offer())
    times, _ = step(offer.times, Begin(FIRST))
    await do(operational, store.save(replace(offer, times=times)))
    left = await store.offer(offer.id)
    assert left is not None
    assert left.times == Times(SLOTS[1:], CHOICES[1:])


async def test_a_destroyed_offer_leaves_nothing(operational: Operational) -> None:
    store, offer = operational.appointments, await added(operational, an_offer())
    await do(operational, store.destroy(offer))
    assert await store.offer(offer.id) is None
    await added(operational, offer)  # no slot and no choice is in its way
    with pytest.raises(Stale):
        await do(operational, store.destroy(an_offer()))
