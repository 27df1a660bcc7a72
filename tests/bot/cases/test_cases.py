"""Cases for a panel, from the own chat to the meeting and back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest_asyncio

from bot.ui.texts import texts
from dialogs.groups.cases import MOST_CASES, Case
from dialogs.retention import CASE_HEARD
from simulation import cards
from simulation.teams import Chat
from tests.bot.sessions.test_sessions import status
from tests.support.cases import DAYS, QUESTION, a_panel, bring, card_of, offered, wait
from tests.support.colleagues import Clock, can_press, everything_in, press
from tests.support.kollegial import House, kollegial, press_raw

SAY = texts("nb")
NAME = "Veiledningsforum"


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Clock) -> AsyncIterator[House]:
    async with kollegial(tmp_path, (), now=clock) as house:
        yield house


@pytest_asyncio.fixture
async def clock() -> Clock:
    return Clock()


async def group_of(house: House) -> str:
    (group,) = await house.operational.groups.living()
    return group.id


async def waiting(house: House) -> dict[str, Case]:
    """What lies in the queue, by its owner."""
    cases = await house.services.cases.stored.of_group(await group_of(house))
    return {case.person: case for case in cases}


async def test_whoever_is_of_the_team_brings_a_case_and_sees_its_place(house: House) -> None:
    await a_panel(house, house.ola)
    seen = await bring(house, house.ola)
    assert SAY("case.brought") in seen
    assert QUESTION in seen
    assert f"{DAYS[0]} kl. 09:00" in seen
    assert SAY("case.sees") in seen
    assert offered(house.ola, f"to.{(await waiting(house))[house.ola.id].id}") == [
        f"{day} kl. 09:00" for day in DAYS[1:]
    ]


async def test_nobody_else_can(house: House) -> None:
    await a_panel(house)
    await house.ola.write("sak")
    await house.settle()
    assert SAY("case.nowhere") in house.ola.sees(house.ola.chat.last)
    forged = {"panel": await group_of(house), "nonce": "n", "question": QUESTION}
    reply = await press_raw(house.ola, house.ola.chat.last, "case.bring", forged)
    assert reply.text == SAY("case.no_panel")
    assert await waiting(house) == {}


async def test_the_panel_sees_a_question_when_it_has_a_place_and_never_whose(house: House) -> None:
    siri, per, liv = (house.teams.user(f"{name} Fremmed") for name in ("Siri", "Per", "Liv"))
    await a_panel(house, siri, per, liv, house.ola)
    for user, question in (
        (siri, "Første?"),
        (per, "Andre?"),
        (liv, "Tredje?"),
        (house.ola, "Fjerde?"),
    ):
        await bring(house, user, question, "urgent")
    await house.kari.write("kø")
    await house.settle()
    seen = house.kari.sees(house.kari.chat.last)
    assert all(question in seen for question in ("Første?", "Andre?", "Tredje?"))
    assert SAY("queue.waiting", n=1, hurry=SAY("case.hurry.urgent")) in seen
    assert "Fjerde?" not in everything_in(house.kari)
    assert not any(user.name in everything_in(house.kari) for user in (siri, per, liv, house.ola))
    assert "meeting" not in cards.inputs(card_of(house.kari)), "who does not lead gives no places"
    await house.ola.write("kø")
    await house.settle()
    assert SAY("queue.none") in house.ola.sees(house.ola.chat.last)


async def test_whoever_leads_gives_a_place_and_who_had_it_is_told(house: House) -> None:
    siri = house.teams.user("Siri Fremmed")
    await a_panel(house, siri, house.ola)
    await bring(house, house.ola)
    await bring(house, siri, "Og jeg?")
    there = await waiting(house)
    first = there[house.ola.id].meeting
    await house.anne.write("kø")
    await press(house, house.anne, "queue.give", case=there[siri.id].id, meeting=first)
    assert SAY("queue.given") in house.anne.sees(house.anne.chat.last)
    assert (await waiting(house))[siri.id].meeting == first
    for user, day in ((siri, DAYS[0]), (house.ola, DAYS[1])):
        assert SAY("case_placed.title") in user.sees(user.chat.last)
        assert day in user.sees(user.chat.last)
    reply = await press_raw(
        house.kari,
        house.kari.chat.last,
        "queue.give",
        {"group": await group_of(house), "case": there[siri.id].id, "meeting": first},
    )
    assert reply.text == SAY("manage.no")


async def test_a_case_is_moved_put_off_and_withdrawn(house: House) -> None:
    await a_panel(house, house.ola)
    await house.ola.write("sak")
    post = can_press(house.ola, "case.bring")[-1]
    brought = await house.ola.press(post, "case.bring", {"question": QUESTION})
    ident = (await waiting(house))[house.ola.id].id
    later = cards.inputs(card_of(house.ola))[f"to.{ident}"]["choices"][1]["value"]
    await press(house, house.ola, "case.move", **{f"to.{ident}": later})
    assert SAY("case.moved") in house.ola.sees(house.ola.chat.last)
    assert (await waiting(house))[house.ola.id].meeting == later
    await press(house, house.ola, "case.not_then")
    seen = house.ola.sees(house.ola.chat.last)
    assert SAY("case.later") in seen
    assert SAY("case.waits", name=NAME, hurry=SAY("case.hurry.soon")) in seen
    await press(house, house.ola, "case.withdraw")
    assert SAY("case.withdrawn") in house.ola.sees(house.ola.chat.last)
    assert await waiting(house) == {}
    await house.ola.redeliver(brought)
    assert await waiting(house) == {}, "an old press brings nothing back"


async def test_what_names_somebody_stays_and_what_might_is_asked_about(house: House) -> None:
    await a_panel(house, house.ola)
    seen = await bring(house, house.ola, "Ring 91234567 i dag")
    assert SAY("text.hard", kinds=SAY("found.phone")) in seen
    assert cards.inputs(card_of(house.ola))["question"]["value"] == "Ring 91234567 i dag"
    assert await waiting(house) == {}
    soft = "Hva gjør jeg når bruker Bjørnar trekker seg?"
    assert SAY("text.soft", kinds=SAY("found.name")) in await bring(house, house.ola, soft)
    await press(house, house.ola, "case.bring", question=soft)
    assert (await waiting(house))[house.ola.id].question == soft


async def test_twenty_thousand_characters_and_nothing_are_no_case(house: House) -> None:
    await a_panel(house, house.ola)
    await house.ola.write("sak")
    await press(house, house.ola, "case.bring", question="å" * 20_000)
    seen = house.ola.sees(house.ola.chat.last)
    assert SAY("text.too_long", length=20_000, limit=600) in seen
    reply = await house.ola.press(
        can_press(house.ola, "case.bring")[-1], "case.bring", {"question": " "}
    )
    assert reply.text == SAY("case.empty")
    assert await waiting(house) == {}


async def test_three_at_once_get_three_places_and_twice_is_once(house: House) -> None:
    people = [house.teams.user(f"Kollega {letter}") for letter in "ABC"]
    await a_panel(house, *people)
    for user in people:
        await user.write("sak")
    posts = [can_press(user, "case.bring")[-1] for user in people]
    twice = [(user, post) for user, post in zip(people, posts, strict=True) for _ in range(2)]
    await asyncio.gather(
        *(user.press(post, "case.bring", {"question": QUESTION}) for user, post in twice)
    )
    there = await house.services.cases.stored.of_group(await group_of(house))
    assert len(there) == 3
    assert len({case.meeting for case in there}) == 3


async def test_two_hundred_wait_and_no_more_and_who_leads_turns_pages(house: House) -> None:
    await a_panel(house, house.ola)
    group = await group_of(house)
    many = [
        Case(
            id=f"{n:04}",
            person=f"p{n}",
            question="?",
            hurry="can_wait",
            came=datetime(2027, 1, 1, tzinfo=UTC),
        )
        for n in range(MOST_CASES)
    ]
    await house.operational.run(house.services.cases.stored.save(group, (), many))
    await house.ola.write("sak")
    reply = await house.ola.press(
        can_press(house.ola, "case.bring")[-1], "case.bring", {"question": QUESTION}
    )
    assert reply.text == SAY("case.refused.full")
    await house.anne.write("kø")
    await house.settle()
    assert SAY("queue.waiting", n=200, hurry=SAY("case.hurry.can_wait")) in house.anne.sees(
        house.anne.chat.last
    )
    await press(house, house.anne, "queue.turn")
    assert SAY("page.of", page=2, pages=10) in house.anne.sees(house.anne.chat.last)
    assert offered(house.anne, "case")[0] == SAY(
        "queue.number", n=21, hurry=SAY("case.hurry.can_wait")
    )


async def test_a_meeting_that_moves_or_is_called_off_is_told_of(house: House) -> None:
    await a_panel(house, house.ola)
    await bring(house, house.ola)
    (group,) = await house.operational.groups.living()
    await house.anne.write("grupper")
    await press(house, house.anne, "group.panel")
    panel = house.anne.chat.last
    await house.anne.press(panel, "group.cancel", {"cancelled": group.meetings[0].id})
    await house.anne.press(panel, "group.cancel", data={"sure": "yes"})
    await house.settle()
    assert (await waiting(house))[house.ola.id].meeting == group.meetings[1].id
    assert SAY("case_placed.title") in house.ola.sees(house.ola.chat.last)
    when = {"moved": group.meetings[1].id, "day": "2027-02-03", "time": "10:00"}
    await house.anne.press(panel, "group.move", when)
    await house.anne.press(panel, "group.move", data={"sure": "yes"})
    await house.settle()
    seen = house.ola.sees(house.ola.chat.last)
    assert SAY("case_moved.title") in seen
    assert "onsdag 3. februar 2027 kl. 10:00" in seen


async def test_a_panel_that_ends_tells_who_waits_and_keeps_nothing(house: House) -> None:
    await a_panel(house, house.ola)
    await bring(house, house.ola)
    group = await group_of(house)
    await house.anne.write("grupper")
    await press(house, house.anne, "group.panel")
    await press(house, house.anne, "group.end")
    assert SAY("case_closed.title") in house.ola.sees(house.ola.chat.last)
    assert await house.services.cases.stored.of_group(group) == ()


async def test_who_leaves_the_team_or_is_deleted_waits_no_more(house: House) -> None:
    siri = house.teams.user("Siri Fremmed")
    channel = await a_panel(house, siri, house.ola)
    await bring(house, house.ola)
    await bring(house, siri)
    gone = house.teams.activity(house.anne, channel, "conversationUpdate") | {
        "membersRemoved": [{"id": house.ola.teams_id, "aadObjectId": house.ola.id}],
        "channelData": {"eventType": "teamMemberRemoved", "team": {"id": channel.id}},
    }
    await house.teams.deliver(gone)
    await house.settle()
    assert set(await waiting(house)) == {siri.id}
    await siri.write("slett")
    assert SAY("erase.what.queued_case", n=1) in siri.sees(siri.chat.last)
    await press(house, siri, "erase.confirm")
    assert await waiting(house) == {}


async def meet(house: House, clock: Clock, channel: Chat) -> None:
    """The first meeting, to the part where the case is presented."""
    clock.at = datetime(2027, 1, 19, 8, tzinfo=UTC)
    await house.settle()
    await house.anne.write("start", channel)
    await house.settle()
    for user, role in ((house.kari, "panel"), (house.ola, "veileder")):
        await user.press(status(channel, user), "session.here", {"role": role})
    await house.settle()
    for verb in ("session.start", "session.start", "session.next"):
        if can_press(house.anne, verb):
            await press(house, house.anne, verb)


async def test_at_the_meeting_it_is_the_case_and_then_its_owner_is_asked(
    house: House, clock: Clock
) -> None:
    channel = await a_panel(house, house.ola)
    await bring(house, house.ola)
    await wait(house, clock, days=6)
    reminded = everything_in(house.ola)
    assert SAY("reminder.origin.case", title=NAME) in reminded
    assert QUESTION not in house.ola.sees(house.ola.chat.last)

    await meet(house, clock, channel)
    seen = house.kari.sees(status(channel, house.kari))
    title = house.services.methods.get("veiledningsforum").phases[4].title["nb"]
    assert title in seen
    assert QUESTION in seen
    await house.anne.write("avslutt likevel", channel)
    await house.settle()
    await wait(house, clock, days=1)
    assert SAY("case_report.title") in everything_in(house.ola)
    assert (await waiting(house))[house.ola.id].question == ""

    await wait(house, clock, weeks=5)
    assert SAY("case_went.title") in house.ola.sees(house.ola.chat.last)
    await press(house, house.ola, "case.went", went="Bruker Bjørnar kom")
    assert SAY("text.soft", kinds=SAY("found.name")) in house.ola.sees(house.ola.chat.last)
    await press(house, house.ola, "case.went", went="Vi fant en vei")
    assert SAY("case.went.done") in house.ola.sees(house.ola.chat.last)
    assert "Vi fant en vei" in house.kari.sees(channel.last)
    assert house.ola.name not in house.kari.sees(channel.last)
    assert await waiting(house) == {}


async def test_who_does_not_answer_is_forgotten_in_silence(house: House, clock: Clock) -> None:
    await a_panel(house, house.ola)
    group = await group_of(house)
    until = clock.at.date() + CASE_HEARD
    heard = Case(
        id="c",
        person=house.ola.id,
        question="",
        hurry="soon",
        came=clock.at,
        heard=clock.at.date(),
        until=until,
    )
    await house.operational.run(house.services.cases.stored.save(group, (), [heard]))
    for days, left in ((CASE_HEARD.days, 1), (2, 0)):
        await wait(house, clock, days=days)
        assert len(await house.services.cases.stored.of_group(group)) == left


async def test_who_does_not_come_waits_for_another_place(house: House, clock: Clock) -> None:
    await a_panel(house, house.ola)
    await bring(house, house.ola)
    clock.at = datetime(2027, 1, 20, 9, tzinfo=UTC)
    await house.settle()
    assert SAY("case_placed.title") in everything_in(house.ola)
    assert DAYS[1] in house.ola.sees(house.ola.chat.last)
