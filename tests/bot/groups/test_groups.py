"""A facilitator plans, colleagues sign up, dates move: everyone is told once, whatever happens."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import column, delete, table

from bot.ui.dates import full_day
from bot.ui.texts import language_of, texts
from dialogs.groups.group import Group
from dialogs.groups.planning import Plan, occurrences, read
from dialogs.groups.working_hours import Quiet
from simulation.cards import CannotPress
from simulation.teams import Chat, Post, User
from tests.dialogs.groups.test_planning import NOW, OSLO, TODAY
from tests.dialogs.writing.test_calendar_words import LINES
from tests.support.databases import on_both
from tests.support.kollegial import House, can, kollegial, press_raw

NB = texts("nb")
SURE = {"sure": "yes"}
"""The button that says what it will do."""
START = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""A Tuesday, 10 o'clock in Oslo; the first meeting is a week later."""
LINE = "planlegg veiledningsgruppe 3 x 14 dager fra 2027-01-12 kl 09:00"
DATES = ("tirsdag 12. januar 2027", "tirsdag 26. januar 2027", "tirsdag 9. februar 2027")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Clock, urls: dict[str, str]) -> AsyncIterator[House]:
    async with kollegial(tmp_path, [], now=clock, urls=urls) as house:
        yield house


@pytest.fixture
def people(house: House) -> list[User]:
    """Ten colleagues."""
    return [house.teams.user(f"Kollega {letter}") for letter in "ABCDEFGHIJ"]


@pytest.fixture
def chat(house: House, people: list[User]) -> Chat:
    return house.teams.group_chat(house.anne, *people)


async def planned(house: House, chat: Chat, line: str = LINE) -> Post:
    """The sign-up card: what was understood is shown, and then confirmed."""
    await house.anne.write(line, chat)
    if can(house.anne, chat.last, "group.change"):
        await house.anne.press(chat.last, "group.plan")
    await house.settle()
    return chat.last


async def group_of(house: House) -> Group:
    (group,) = await house.operational.groups.all()
    return group


async def joined(house: House, post: Post, *people: User) -> None:
    for person in people:
        await person.press(post, "group.join")
        await house.settle()


def letters(person: User) -> list[str]:
    """What groups wrote in somebody's personal chat, reminders left out."""
    posts = [post for post in person.chat.posts if post.author is None and post.card]
    return [person.sees(post) for post in posts if not can(person, post, "reminder.off")]


async def panel(house: House) -> Post:
    await house.anne.write("grupper")
    post = house.anne.chat.last
    await house.anne.press(post, "group.panel")
    return post


async def test_a_line_in_the_chat_becomes_a_card_with_every_date(house: House, chat: Chat) -> None:
    post = await planned(house, chat)

    seen = house.kari.sees(post)
    for day in DATES:
        assert f"{day} kl. 09:00–10:30" in seen
    assert NB("signup.seats.none", size=8) in seen
    assert "Europe/Oslo" in seen
    group = await group_of(house)
    assert group.facilitator == house.anne.id
    assert group.card == post.id
    assert [m.starts_at.hour for m in group.meetings] == [8, 8, 8]


async def test_members_sign_up_and_the_card_counts_them_without_names(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    first, *others = people[:6]
    reply = await first.press(post, "group.join")
    await house.settle()
    assert reply.text.startswith(NB("signup.done.joined"))
    await joined(house, post, *others)

    seen = house.anne.sees(post)
    assert NB("signup.seats.value", n=6, size=8) in seen
    assert "Kollega" not in seen
    (letter,) = letters(first)
    assert NB("member.joined", name="Veiledningsgruppe") in letter
    assert DATES[0] in letter
    seen = house.anne.sees(await panel(house))
    for person in people[:6]:
        assert person.name in seen


async def test_the_ninth_waits_and_is_asked_when_a_seat_is_free(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    post = await planned(house, chat)
    *eight, ninth, tenth = people
    await joined(house, post, *eight, ninth, tenth)
    assert NB("member.waiting", place=1, name="Veiledningsgruppe") in letters(ninth)[-1]
    assert can(ninth, post, "group.join")

    await eight[0].press(post, "group.leave")
    await house.settle()
    assert NB("member.asked", name="Veiledningsgruppe") in letters(ninth)[-1]
    assert "onsdag 6. januar 2027 kl. 10:00" in letters(ninth)[-1]
    assert len(letters(tenth)) == 1

    clock.at += timedelta(days=1, minutes=1)
    await house.settle()
    assert NB("member.lapsed", name="Veiledningsgruppe") in letters(ninth)[-1]
    asked = tenth.chat.last
    assert NB("member.asked", name="Veiledningsgruppe") in tenth.sees(asked)

    reply = await tenth.press(asked, "group.join")
    await house.settle()
    assert NB("member.joined", name="Veiledningsgruppe") in tenth.sees(asked)
    assert len(letters(tenth)) == 2  # the card itself says that the seat is taken
    for again in (reply, reply):
        await tenth.redeliver(again)
    await house.settle()
    assert len(letters(tenth)) == 2
    group = await group_of(house)
    assert [m.name for m in group.joined] == [p.name for p in (*eight[1:], tenth)]


async def test_eight_who_press_at_once_are_all_counted(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[8])
    replies = await asyncio.gather(*(person.press(post, "group.join") for person in people[:8]))
    await house.settle()

    group = await group_of(house)
    assert len(group.joined) == 8
    assert len(group.members) == 9
    assert sum(NB("signup.done.joined") in reply.text for reply in replies) == 7
    assert NB("signup.seats.all", size=8) in house.anne.sees(post)
    for person in people[:9]:
        assert len(letters(person)) == 1


async def test_a_press_that_slips_or_is_delivered_late_changes_nothing(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    kollega = people[0]
    press = kollega.prepared(post, "group.join")
    join, *others = [await press() for _ in range(3)]
    await house.settle()
    assert {reply.text for reply in others} == {join.text}
    assert len(letters(kollega)) == 1

    await kollega.press(post, "group.leave")
    late = await kollega.redeliver(join)  # as Teams does when an answer was slow
    await house.settle()
    assert late.card is not None
    assert (await group_of(house)).members == ()

    await kollega.press(post, "group.join")
    await house.settle()
    assert len((await group_of(house)).members) == 1


@on_both
async def test_a_date_moves_and_everyone_is_told_once(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:6])
    shown = await panel(house)
    second = (await group_of(house)).meetings[1]
    given = {"moved": second.id, "day": "2027-01-27", "time": "12:00"}
    await house.anne.press(shown, "group.move", given)
    asked = house.anne.sees(shown)
    assert " fra tirsdag 26. januar" in asked
    assert "til onsdag 27. januar 2027 kl. 12:00–13:30" in asked
    assert NB("manage.told.n", n=6) in asked
    assert (await group_of(house)).meetings[1] == second
    press = house.anne.prepared(shown, "group.move", data=SURE)
    for reply in [await press() for _ in range(3)]:
        await house.anne.redeliver(reply)
    await house.settle()

    assert "onsdag 27. januar 2027 kl. 12:00–13:30" in house.anne.sees(post)
    moved = (await group_of(house)).meetings[1]
    assert (moved.sequence, moved.starts_at) == (1, datetime(2027, 1, 27, 11, tzinfo=UTC))
    for person in people[:6]:
        told = [letter for letter in letters(person) if "onsdag 27. januar" in letter]
        assert len(told) == 1
        assert len(letters(person)) == 2
    assert letters(people[6]) == []


async def test_a_meeting_that_is_there_already_is_not_moved_and_a_holiday_is_named(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    shown = await panel(house)
    before = await group_of(house)
    told = len(letters(people[0]))
    await house.anne.press(shown, "group.move", {"moved": before.meetings[1].id})
    assert NB("manage.same") in house.anne.sees(shown)

    await house.anne.press(
        shown, "group.move", {"moved": before.meetings[1].id, "day": "2027-05-17"}
    )
    assert "17. mai" in house.anne.sees(shown)
    assert NB("group.holiday", number=2).split("{")[0][:12] in house.anne.sees(shown)
    await house.anne.press(shown, "group.panel")
    await house.settle()
    assert await group_of(house) == before
    assert len(letters(people[0])) == told


async def test_a_late_old_move_does_not_undo_a_newer_one(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    shown = await panel(house)
    second = (await group_of(house)).meetings[1].id
    await house.anne.press(shown, "group.move", {"moved": second, "day": "2027-01-27"})
    first = await house.anne.press(shown, "group.move", data=SURE)
    await house.anne.press(shown, "group.move", {"moved": second, "time": "10:00"})
    await house.anne.press(shown, "group.move", data=SURE)
    await house.anne.redeliver(first)
    await house.settle()

    moved = (await group_of(house)).meetings[1]
    assert (moved.sequence, moved.starts_at) == (2, datetime(2027, 1, 27, 9, tzinfo=UTC))
    told = [letter for letter in letters(people[0]) if "flyttet" in letter]
    assert len(told) in (1, 2)  # the first news may have been overtaken
    assert "kl. 10:00–11:30" in told[-1]


async def test_who_leads_renames_takes_out_and_hands_over(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    await house.anne.press(shown, "group.rename", {"name": "Lillevik"})
    group = await group_of(house)
    data = {"group": group.id, "version": group.version}
    await press_raw(house.anne, shown, "group.out", data)
    assert NB("manage.who.none") in house.anne.sees(shown)
    await house.anne.press(shown, "group.out", {"person": people[0].id})
    await house.anne.press(shown, "group.give", {"person": people[1].id})
    await house.settle()

    group = await group_of(house)
    assert (group.name, group.facilitator) == ("Lillevik", people[1].id)
    assert not group.member(people[0].id)
    assert "Lillevik" in house.anne.sees(post)
    assert any(NB("news.leads.you", name="Lillevik") in each for each in letters(people[1]))
    told = NB("news.leads", name="Lillevik", who=people[1].name)
    for person in people[2:5]:
        assert sum(told in each for each in letters(person)) == 1


async def test_one_meeting_is_called_off_and_then_the_group_ends(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    first = (await group_of(house)).meetings[0].id
    await house.anne.press(shown, "group.cancel", {"cancelled": first})
    assert "Vil du avlyse møte 1, " in house.anne.sees(shown)
    await house.anne.press(shown, "group.cancel", data=SURE)
    await house.settle()
    assert NB("group.date.cancelled") in house.anne.sees(post)
    assert "avlyst" in letters(people[0])[-1]

    await house.anne.write("start", chat)
    await house.settle()
    await house.anne.press(shown, "group.end")
    assert NB("plan.fault.meets") in house.anne.sees(shown)
    assert (await group_of(house)).state != "ended"
    await house.anne.write("avslutt likevel", chat)
    await house.settle()
    await house.anne.press(shown, "group.end")
    await house.settle()
    assert NB("signup.ended") in house.anne.sees(post)
    assert not can(people[0], post, "group.join")
    for person in people[:5]:
        assert NB("news.ended", name="Veiledningsgruppe") in letters(person)[-1]
        assert len(letters(person)) == 3
    group = await group_of(house)
    assert {m.state for m in group.meetings} == {"cancelled"}
    reply = (
        await people[7].press(post, "group.join") if can(people[7], post, "group.join") else None
    )
    assert reply is None


async def test_a_meeting_is_brought_back_and_one_more_is_added(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    first = (await group_of(house)).meetings[0].id
    await house.anne.press(shown, "group.cancel", {"cancelled": first})
    await house.anne.press(shown, "group.cancel", data=SURE)
    await house.settle()
    press = house.anne.prepared(shown, "group.restore")
    for _ in range(2):
        await press()
    await house.settle()
    assert NB("group.date.cancelled") not in house.anne.sees(post)
    assert len([each for each in letters(people[0]) if "blir likevel holdt" in each]) == 1
    assert not can(house.anne, shown, "group.restore")

    given = {"new_day": "2027-06-01", "new_time": "10:00"}
    await house.anne.press(shown, "group.add", {**given, "new_time": "25:00"})
    assert NB("manage.unchanged") in house.anne.sees(shown)
    press = house.anne.prepared(shown, "group.add", given)
    for _ in range(2):
        await press()
    await house.settle()
    assert NB("manage.done.added") in house.anne.sees(shown)
    assert "tirsdag 1. juni 2027 kl. 10:00–11:30" in house.anne.sees(post)


async def test_a_larger_group_asks_those_who_wait(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    await house.anne.press(shown, "group.size", {"size": "5"})
    await house.settle()
    await joined(house, post, people[5])
    assert NB("signup.waiting", n=1) in house.anne.sees(post)

    await house.anne.press(shown, "group.size", {"size": "6"})
    await house.settle()
    assert NB("member.asked", name="Veiledningsgruppe") in letters(people[5])[-1]


async def test_the_facilitator_hears_when_the_group_becomes_small(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:5])
    for person in people[:2]:
        await person.press(post, "group.leave")
        await house.settle()

    (letter,) = letters(house.anne)
    assert NB("news.few", n=4, name="Veiledningsgruppe", advised=5) in letter


# --- Where it belongs ---------------------------------------------------------------------------


async def test_in_a_channel_the_thread_becomes_the_groups_place(
    house: House, people: list[User]
) -> None:
    channel = house.teams.channel(house.anne, *people)
    await planned(house, channel)
    await planned(house, channel, LINE.replace("kl 09:00", "kl 13:00"))

    first, second = (post for post in channel.posts if post.author is None)
    asked = [post for post in channel.posts if post.author is house.anne]
    assert [first.thread, second.thread] == [post.id for post in asked]
    groups = await house.operational.groups.all()
    assert {group.place for group in groups} == {
        f"{channel.id};messageid={post.id}" for post in asked
    }
    await joined(house, second, people[0])
    assert NB("signup.seats.none", size=8) in house.anne.sees(first)
    assert NB("signup.seats.value", n=1, size=8) in house.anne.sees(second)


async def test_in_the_personal_chat_it_says_where_to_plan(house: House) -> None:
    await house.anne.write(LINE)

    assert house.anne.chat.last.text == NB("plan.where")
    assert await house.operational.groups.all() == []


async def test_when_a_series_is_over_the_group_goes_on_with_another(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    first = (await group_of(house)).meetings[0]
    async with house.operational.begin() as transaction:
        transaction.run(house.operational.groups.hold(first.id))
    clock.at += timedelta(days=40)
    new = await planned(house, chat, "planlegg «Ny runde» 2 x 7 dager fra 2027-03-23 kl 9 60 min")

    group = await group_of(house)
    assert (group.name, group.card) == ("Ny runde", new.id)
    assert [m.number for m in group.meetings] == [1, 2, 3, 4, 5]
    assert [m.name for m in group.joined] == [people[0].name]
    assert house.anne.sees(post) == NB("signup.moved")
    clock.at += timedelta(days=2)  # it was a Sunday
    await house.settle()
    assert NB("news.added", name="Ny runde") in letters(people[0])[-1]
    # Summer time has come in between.
    assert [m.starts_at.hour for m in group.coming(clock.at)] == [8, 7]
    shown = await panel(house)
    await house.anne.press(shown, "group.end")
    group = await group_of(house)
    assert [m.state for m in group.meetings] == ["held", *["planned"] * 2, *["cancelled"] * 2]


# --- The form -----------------------------------------------------------------------------------


async def test_the_form_becomes_the_sign_up_card(
    house: House, chat: Chat, people: list[User]
) -> None:
    await house.anne.write("planlegg", chat)
    form = chat.last
    given = {"name": "Tirsdag *1*", "day": "2027-01-12", "time": "12:30", "size": "6"}
    press = house.anne.prepared(form, "group.plan", given)
    replies = [await press() for _ in range(3)]
    replies.append(await house.anne.redeliver(replies[0]))
    await house.settle()

    group = await group_of(house)
    assert group.card == form.id
    assert (group.name, group.size_max) == ("Tirsdag *1*", 6)
    for viewer in (house.anne, people[0]):
        assert "tirsdag 12. januar 2027 kl. 12:30–14:00" in viewer.sees(form)
    assert [post for post in chat.posts if post.author is None] == [form]
    await joined(house, form, people[0])
    assert "Fra gruppa Tirsdag \\*1\\*" in letters(people[0])[0]


async def test_a_form_that_is_wrong_comes_back_as_it_was_filled_in(
    house: House, chat: Chat
) -> None:
    await house.anne.write("planlegg", chat)
    form = chat.last
    given = {"name": "Onsdag", "day": "2027-02-31", "time": "09:15", "meetings": "4"}
    await house.anne.press(form, "group.plan", given)

    seen = house.anne.sees(form)
    assert NB("plan.fault.no_such_day", written="2027\\-02\\-31") in seen
    for kept in ("Onsdag", "09:15"):
        assert kept in seen
    with pytest.raises(CannotPress, match=NB("field.required")):
        await house.anne.press(form, "group.plan", {"day": ""})
    await house.anne.press(form, "group.plan", {"day": "2027-02-03"})
    group = await group_of(house)
    assert (group.name, len(group.meetings)) == ("Onsdag", 4)


async def test_an_old_form_does_not_bring_back_a_group_that_has_ended(
    house: House, chat: Chat
) -> None:
    await house.anne.write("planlegg", chat)
    reply = await house.anne.press(chat.last, "group.plan", {"day": "2027-01-12"})
    await house.anne.press(await panel(house), "group.end")
    late = await house.anne.redeliver(reply)
    await house.settle()

    assert late.status == 200
    assert (await group_of(house)).state == "ended"


async def test_of_two_who_plan_at_once_in_one_chat_one_is_told_of_the_other(
    house: House, chat: Chat
) -> None:
    async with house.operational.begin() as transaction:
        transaction.grant(house.kari.id, "facilitator")
    await house.anne.write(LINE, chat)
    hers = chat.last
    await house.kari.write(LINE.replace("09:00", "10:00"), chat)
    await asyncio.gather(
        house.anne.press(hers, "group.plan"), house.kari.press(chat.last, "group.plan")
    )
    await house.settle()

    await group_of(house)
    occupied = NB("plan.fault.occupied", name="Veiledningsgruppe")
    assert sum(occupied in house.ola.sees(post) for post in (hers, chat.last)) == 1


async def test_only_facilitators_plan_and_nothing_in_a_press_is_trusted(
    house: House, chat: Chat, people: list[User]
) -> None:
    await house.anne.write("planlegg", chat)
    form = chat.last
    reply = await people[0].press(form, "group.plan", {"day": "2027-01-12"})
    assert reply.text == NB("role.no")
    assert (await people[0].write(LINE, chat)).status == 200
    assert chat.last.text == NB("role.no")
    for data in ({}, {"day": 7, "zone": "../etc"}, {"day": "2027-01-12 kl 9", "zone": "x" * 999}):
        reply = await press_raw(house.anne, form, "group.plan", {"verb": "group.plan", **data})
        assert reply.status == 200
        assert reply.card is not None
    huge = {"day": "2027-01-12", "time": "09:00", "meetings": 10**30, "size": True}
    await press_raw(house.anne, form, "group.plan", {"verb": "group.plan", **huge})
    await house.settle()
    assert await house.operational.groups.all() == []


# --- Bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "fault"),
    [
        ("3 x", NB("plan.fault.missing.date")),
        ("veiledningsgruppe 3 x 14 dager fra 2027-01-12", NB("plan.fault.missing.time")),
        ("3 x 14", NB("plan.fault.not_understood", words="14")),
        ("strikkeklubb", NB("plan.fault.not_understood", words="strikkeklubb")),
        ("**3**", NB("plan.fault.not_understood", words="3")),
        ("fra 31. februar kl 9", NB("plan.fault.no_such_day", written="31. februar")),
        ("fra 2027-01-12 kl 25:00", NB("plan.fault.no_such_time", written="25:00")),
        ("fra 2027-01-04 kl 9", NB("plan.fault.past", day="mandag 4. januar 2027")),
        ("fra 2027-01-05 kl 10", NB("plan.fault.past", day="tirsdag 5. januar 2027")),
        ("fra 2037-01-05 kl 9", NB("plan.fault.too_far", day="mandag 5. januar 2037")),
        (
            "fra 2027-03-28 kl 02:30",
            NB("plan.fault.skipped_hour", at="02:30", day="søndag 28. mars 2027"),
        ),
        (
            "fra 2027-10-31 kl 02:30",
            NB("plan.fault.repeated_hour", at="02:30", day="søndag 31. oktober 2027"),
        ),
        (
            "3 x 0 dager fra 2027-01-12 kl 9",
            NB("plan.fault.bad_number.interval", number=0, least=1, most=92),
        ),
        (
            "200 x 14 dager fra 2027-01-12 kl 9",
            NB("plan.fault.bad_number.meetings", number=200, least=1, most=12),
        ),
        (
            "fra 2027-01-12 kl 9 i 5 minutter",
            NB("plan.fault.bad_number.minutes", number=5, least=15, most=480),
        ),
        (f"«{'å' * 61}» fra 2027-01-12 kl 9", NB("text.too_long", length=61, limit=60)),
    ],
)
async def test_what_is_wrong_is_named_and_the_form_is_filled_in_rightly(
    house: House, chat: Chat, rest: str, fault: str
) -> None:
    await house.anne.write(f"planlegg {rest}", chat)

    form = chat.last
    assert fault in house.anne.sees(form)
    assert await house.operational.groups.all() == []
    await house.anne.press(form, "group.plan")
    await house.settle()
    assert can(house.kari, form, "group.join")


async def test_a_method_that_there_is_not_is_answered_with_those_there_are(
    house: House, chat: Chat
) -> None:
    names = ", ".join(method.title["nb"] for method in house.services.methods.all())
    for rest, is_told in (("strikkeklubb", True), ("strikkeklubb etterrefleksjon", False)):
        await house.anne.write(f"planlegg {rest}", chat)
        assert (NB("plan.methods", names=names) in house.anne.sees(chat.last)) is is_told


SERIES = "veiledningsgruppe 4 x 7 dager fra 2027-01-13 kl 10:15 i 60 minutter"


@pytest.mark.parametrize(
    ("rest", "fault", "example"),
    [
        (
            f"{SERIES} 5-6 plasser takk",
            NB("plan.fault.not_understood", words="takk"),
            f"{SERIES} 5-6 plasser",
        ),
        (
            f"«Tirsdag» kaffe {SERIES} 6 plasser",
            NB("plan.fault.not_understood", words="kaffe"),
            f"«Tirsdag» {SERIES} 6 plasser",
        ),
        (
            f"{SERIES} 6 plasser 7 plasser",
            NB("plan.fault.not_understood", words="7 plasser"),
            f"{SERIES} 6 plasser",
        ),
        (
            f"{SERIES} 9 plasser",
            NB("plan.fault.bad_number.size", number=9, least=4, most=8),
            SERIES,
        ),
        (
            f"{SERIES} 3-6 plasser",
            NB("plan.fault.bad_number.size", number=3, least=4, most=8),
            SERIES,
        ),
        (
            SERIES.replace("4 x", "200 x"),
            NB("plan.fault.bad_number.meetings", number=200, least=1, most=12),
            SERIES.replace("4 x", "3 x"),
        ),
        (
            SERIES.replace("2027-01-13", "2027-02-31"),
            NB("plan.fault.no_such_day", written=r"2027\-02\-31"),
            SERIES,
        ),
    ],
)
async def test_the_form_keeps_what_was_understood(
    house: House, chat: Chat, rest: str, fault: str, example: str
) -> None:
    await house.anne.write(f"planlegg {rest}", chat)

    assert f"{fault} {NB('plan.filled')}" in house.anne.sees(chat.last)
    await house.anne.press(chat.last, "group.plan")
    written = await group_of(house)
    right = house.teams.group_chat(house.anne)
    await house.anne.press(await panel(house), "group.end")
    await planned(house, right, f"planlegg {example}")
    (expected,) = [g for g in await house.operational.groups.all() if g.state != "ended"]
    assert [m.starts_at for m in written.meetings] == [m.starts_at for m in expected.meetings]
    assert (written.size_min, written.size_max, written.name) == (
        expected.size_min,
        expected.size_max,
        expected.name,
    )


BAD = (
    "i går kl 9",
    "neste jul kl 9",
    "fra 12/1-2027 kl 9",
    "30 february at 9",
    "mandag 12.1.2027 kl 0900",
    "28. mars 2027 kl 0230 5 møter hver uke",
    "October 31, 2027 at 2:30 am",
    "annenhver uke",
    "hver 0. uke 12.1.2027 kl 9",
    "9999999 x 7 dager 12.1.2027 kl 9",
    "tre møte frå 12. januar 2027 om formiddagen",
    "1 seat from 12 Jan 2027 at 9 am",
    "12.1.2027 kl 2460",
)


@pytest.mark.parametrize("locale", ["nb-NO", "nn-NO", "en-GB"])
async def test_every_form_that_is_filled_in_can_be_sent(house: House, locale: str) -> None:
    for number, rest in enumerate(BAD):
        leader = house.teams.user(f"Fasilitator {number}", locale=locale)
        async with house.operational.begin() as transaction:
            transaction.grant(leader.id, "facilitator")
        chat = house.teams.group_chat(leader)
        await leader.write(f"plan {rest}", chat)
        assert await house.operational.groups.led_by(leader.id) == []
        await leader.press(chat.last, "group.plan")
        assert len(await house.operational.groups.led_by(leader.id)) == 1, rest


async def test_what_a_line_means_is_shown_with_its_dates_before_it_is_done(
    house: House, chat: Chat
) -> None:
    await house.anne.write("planlegg 12., 14. og 28. januar kl 9-11, maks 6, «Mandag»", chat)
    proposal = chat.last

    seen = house.anne.sees(proposal)
    for day in ("tirsdag 12. januar", "torsdag 14. januar", "torsdag 28. januar"):
        assert f"{day} 2027 kl. 09:00" in seen
    assert NB("plan.each", n=120) in seen
    assert await house.operational.groups.all() == []
    assert NB("role.no") == (await house.kari.press(proposal, "group.plan")).text
    assert NB("role.no") == (await house.kari.press(proposal, "group.change")).text

    await house.anne.press(proposal, "group.change")
    await house.anne.press(proposal, "group.plan", {"size": "5.0"})
    circle = await group_of(house)
    local = [
        meeting.starts_at.astimezone(ZoneInfo("Europe/Oslo")).day for meeting in circle.meetings
    ]
    assert (local, circle.size_max, circle.name) == ([12, 14, 28], 5, "Mandag")


async def test_days_that_were_changed_in_the_form_are_a_series_again(
    house: House, chat: Chat
) -> None:
    await house.anne.write("planlegg 12., 14. og 28. januar kl 9", chat)
    await house.anne.press(chat.last, "group.change")
    await house.anne.press(chat.last, "group.plan", {"day": "2027-01-13", "interval": "7"})

    circle = await group_of(house)
    assert [m.starts_at.astimezone(ZoneInfo("Europe/Oslo")).day for m in circle.meetings] == [
        13,
        20,
        27,
    ]


async def test_two_series_that_overlap_are_refused(house: House, chat: Chat) -> None:
    await planned(house, chat)
    await house.anne.write("planlegg 3 x 7 dager fra 2027-02-02 kl 10", chat)
    assert chat.last.text == NB("plan.fault.occupied", name="Veiledningsgruppe")

    other = house.teams.group_chat(house.anne)
    await house.anne.write("planlegg 3 x 7 dager fra 2027-02-02 kl 10", other)
    at = "tirsdag 9. februar 2027 kl. 09:00"
    assert NB("plan.fault.overlap", name="Veiledningsgruppe", at=at) in house.anne.sees(other.last)
    await house.anne.press(other.last, "group.plan")
    await house.settle()
    assert len(await house.operational.groups.all()) == 2
    third = house.teams.group_chat(house.anne)
    await planned(house, third, "planlegg 3 x 7 dager fra 2027-02-02 kl 10:30")
    assert len(await house.operational.groups.all()) == 3


async def test_where_a_group_is_already_no_form_is_filled_in_for_nothing(
    house: House, chat: Chat, clock: Clock
) -> None:
    occupied = NB("plan.fault.occupied", name="Veiledningsgruppe")
    await planned(house, chat)
    for line in ("planlegg", "planlegg 31. februar", "planlegg 200 x 7 dager fra 1.2. kl 9"):
        await house.anne.write(line, chat)
        assert chat.last.text == occupied
    clock.at += timedelta(days=40)  # the series is over
    async with house.operational.begin() as transaction:
        transaction.grant(house.kari.id, "facilitator")
    await house.kari.write("planlegg", chat)
    assert chat.last.text == occupied
    await house.anne.write("planlegg", chat)
    assert can(house.anne, chat.last, "group.plan")


async def test_a_group_made_smaller_than_it_is_says_so_and_keeps_everyone(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    assert NB("signup.few.none", advised=5) in house.kari.sees(post)
    shown = await panel(house)
    assert NB("manage.members.none", size=8) in house.anne.sees(shown)
    await joined(house, post, *people[:5])
    shown = await panel(house)
    await house.anne.press(shown, "group.size", {"size": "4"})
    await house.settle()

    assert NB("manage.members.over", n=5, size=4) in house.anne.sees(shown)
    assert NB("signup.seats.over", n=5, size=4) in house.kari.sees(post)
    assert len((await group_of(house)).joined) == 5


async def test_a_meeting_on_a_saturday_is_told_as_one_on_a_holiday_is(
    house: House, chat: Chat
) -> None:
    post = await planned(house, chat, "planlegg 2 x 2 dager fra 2027-01-14 kl 9")
    assert NB("group.weekend", number=2, day="lørdag") in house.kari.sees(post)


async def test_a_meeting_on_a_holiday_or_in_quiet_hours_is_planned_with_a_warning(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat, "planlegg 2 x 7 dager fra 2027-03-22 kl 9")
    named = NB("group.holiday.named", number=2, holiday="Andre påskedag")
    assert named in house.kari.sees(post)
    group = await group_of(house)
    quiet = Quiet(time(8), time(10))
    async with house.operational.begin() as transaction:
        transaction.run(house.operational.preferences.set_quiet(group.id, quiet))
    await joined(house, post, people[0])

    told = NB("group.quiet", number=1, since="08:00", until="10:00")
    for seen in (house.kari.sees(post), house.anne.sees(await panel(house))):
        assert told in seen
        assert named in seen


async def test_a_leader_is_told_kindly_why_not_here(house: House) -> None:
    team = house.teams.channel(house.anne)
    assert team.team
    async with house.operational.begin() as transaction:
        transaction.run(house.operational.groups.list_leader(house.anne.id, team.team))
    await house.anne.write(LINE, team)
    assert team.last.text == NB("plan.fault.leads_here")

    elsewhere = house.teams.channel(house.anne)
    await planned(house, elsewhere)
    assert len(await house.operational.groups.all()) == 1


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"day": "2027-01-04"}, NB("plan.fault.past", day="mandag 4. januar 2027")),
        ({"day": "2027-02-31"}, NB("plan.fault.no_such_day", written="2027\\-02\\-31")),
        ({"time": "25:00"}, NB("plan.fault.no_such_time", written="25:00")),
        (
            {"day": "2027-03-28", "time": "02:30"},
            NB("plan.fault.skipped_hour", at="02:30", day="søndag 28. mars 2027"),
        ),
        (
            {"day": "2027-02-09"},
            NB(
                "plan.fault.overlap",
                name="Veiledningsgruppe",
                at="tirsdag 9. februar 2027 kl. 09:00",
            ),
        ),
    ],
)
async def test_a_meeting_is_not_moved_to_where_it_cannot_be(
    house: House, chat: Chat, given: dict[str, str], fault: str
) -> None:
    await planned(house, chat)
    shown = await panel(house)
    before = await group_of(house)
    await house.anne.press(shown, "group.move", {"moved": before.meetings[0].id, **given})

    assert fault in house.anne.sees(shown)
    assert NB("manage.unchanged") in house.anne.sees(shown)
    assert await group_of(house) == before


async def test_a_group_has_as_many_seats_as_its_method_allows(house: House, chat: Chat) -> None:
    await planned(house, chat)
    shown = await panel(house)
    for size in (3, 9, 10**9, -1, "x"):
        data = {"group": (await group_of(house)).id, "version": 1, "size": size}
        await press_raw(house.anne, shown, "group.size", data)
    assert (await group_of(house)).size_max == 8


# --- Who sees and does what ---------------------------------------------------------------------


async def test_only_whoever_leads_a_group_can_change_it(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    group = await group_of(house)
    data = {"group": group.id, "version": 1, "moved": group.meetings[0].id, "size": "4"}
    own = people[0].chat.last
    for verb in ("group.panel", "group.move", "group.cancel", "group.size", "group.end"):
        assert (await press_raw(people[0], own, verb, data)).text == NB("manage.no")
        assert (await press_raw(house.anne, post, verb, data)).text == NB("groups.in_personal")
    assert (await press_raw(people[0], post, "group.show", data)).text == NB("groups.in_personal")
    assert await group_of(house) == group
    for verb in ("group.join", "group.leave", "group.panel", "group.show"):
        reply = await press_raw(people[0], own, verb, {"group": "another"})
        assert reply.text == NB("gate.no")


async def test_who_leads_and_takes_part_sees_the_group_once(house: House, chat: Chat) -> None:
    post = await planned(house, chat)
    await joined(house, post, house.anne)
    await house.anne.write("når er neste møte?")
    post = house.anne.chat.last
    seen = house.anne.sees(post)

    assert seen.count("Veiledningsgruppe") == 1
    assert f"{NB('groups.leads')} {NB('groups.joined')}" in seen
    assert can(house.anne, post, "group.panel")
    assert can(house.anne, post, "group.show")


async def test_everyone_finds_their_groups_in_the_personal_chat(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    await people[0].write("gruppe")
    seen = people[0].sees(people[0].chat.last)
    assert NB("groups.joined") in seen
    assert DATES[0] in seen
    await people[0].press(people[0].chat.last, "group.show")
    await people[0].press(people[0].chat.last, "group.leave")
    assert NB("member.none", name="Veiledningsgruppe") in people[0].sees(people[0].chat.last)

    await people[0].write("grupper")
    assert NB("groups.none") in people[0].sees(people[0].chat.last)
    await people[0].write("grupper", chat)
    assert chat.last.text == NB("groups.in_personal")


async def test_who_has_not_installed_the_bot_is_told_and_still_signed_up(
    house: House, chat: Chat
) -> None:
    stranger = house.teams.user("Fremmed Eksempel", has_app=False)
    chat.members.append(stranger)
    post = await planned(house, chat)
    reply = await stranger.press(post, "group.join")
    await house.settle()

    assert NB("signup.unreachable") in reply.text
    assert len((await group_of(house)).joined) == 1
    assert await house.operational.outbox.parked() == []


async def test_letters_come_in_the_language_of_their_reader(house: House, chat: Chat) -> None:
    post = await planned(house, chat)
    await house.kari.write("language English")
    await joined(house, post, house.kari)

    assert texts("en")("member.joined", name="Guidance group") in letters(house.kari)[-1]
    assert NB("signup.join") in house.kari.sees(post)  # the card is everyone's


# --- Later --------------------------------------------------------------------------------------


@on_both
async def test_nothing_is_left_of_a_group_after_its_retention_date(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:2])
    group = await group_of(house)
    last = group.meetings[-1].starts_at
    assert group.retention == (last + timedelta(days=90)).date()

    clock.at = last + timedelta(days=90, hours=1)
    await house.restart()  # the clock is wound
    await house.settle()
    day = full_day(NB, group.retention + timedelta(days=1))
    assert NB("news.leaving", name="Veiledningsgruppe", day=day) in house.anne.sees(
        house.anne.chat.last
    )
    clock.at = last + timedelta(days=90, hours=6)
    await house.settle()
    assert len(await house.operational.groups.all()) == 1
    clock.at += timedelta(days=1)
    await house.settle()
    assert await house.operational.groups.all() == []
    assert await house.operational.groups.of_person(people[0].id) == []
    (entry,) = [e for e in await house.operational.audit_log() if "a group" in e.what]
    assert entry.what == "destroyed a group: 3 meetings, 2 members"
    assert NB("group.gone") in house.anne.sees(post)
    assert not can(house.anne, post, "group.join")


async def test_nobody_is_warned_of_what_goes_at_once(
    house: House, chat: Chat, clock: Clock
) -> None:
    """The bot was away from before the warning until after the end: a warning of a day that is
    past, put off until the leader works, would outlive the group it is of."""
    await planned(house, chat)
    before = letters(house.anne)
    clock.at = datetime.combine((await group_of(house)).retention, time(20), UTC) + timedelta(
        days=1
    )
    await house.restart()
    await house.settle()

    assert await house.operational.groups.all() == []
    assert letters(house.anne) == before
    assert "group_letter" not in await house.operational.outbox.counted("due")


async def test_what_was_put_off_is_not_told_of_a_group_that_goes(
    house: House, chat: Chat, clock: Clock
) -> None:
    """Put off until the leader works, and by then the bot had been away for months."""
    await planned(house, chat)
    before = letters(house.anne)
    retention = (await group_of(house)).retention
    clock.at = datetime.combine(retention - timedelta(days=10), time(20), UTC)
    await house.settle()
    assert letters(house.anne) == before
    assert "group_letter" in await house.operational.outbox.counted("due")

    back = next(day for n in range(40, 47) if (day := retention + timedelta(days=n)).weekday() == 1)
    clock.at = datetime.combine(back, time(12), UTC)
    await house.settle()
    assert await house.operational.groups.all() == []
    assert letters(house.anne) == before


async def test_a_group_in_use_is_kept_and_one_left_in_the_middle_of_a_session_is_not(
    house: House, chat: Chat, clock: Clock
) -> None:
    await planned(house, chat)
    group = await group_of(house)
    clock.at = datetime.combine(group.retention, time(12), UTC)
    await house.anne.write("start", chat)
    await house.settle()
    for kept in (True, False):
        retention = (await group_of(house)).retention
        clock.at = datetime.combine(retention + timedelta(days=1), time(12), UTC)
        await house.settle()
        assert bool(await house.operational.groups.all()) == kept


async def test_a_group_that_meets_for_longer_is_kept_for_longer(
    house: House, chat: Chat, clock: Clock
) -> None:
    await planned(house, chat)
    before = (await group_of(house)).retention
    await house.restart()
    shown = await panel(house)
    third = (await group_of(house)).meetings[2].id
    await house.anne.press(shown, "group.move", {"moved": third, "day": "2027-04-13"})
    await house.anne.press(shown, "group.move", data=SURE)
    kept = (await group_of(house)).retention
    assert kept > before
    clock.at = datetime.combine(before + timedelta(days=2), START.time(), ZoneInfo("UTC"))
    await house.settle()
    assert (await group_of(house)).retention == kept


async def test_what_happened_survives_a_restart(
    house: House, chat: Chat, people: list[User]
) -> None:
    await house.anne.write(LINE, chat)
    await house.restart()
    post = chat.last
    await house.anne.press(post, "group.plan")
    await house.restart()
    await house.settle()
    for person in people[:3]:
        await person.press(post, "group.join")
    await house.restart()
    await house.settle()

    assert NB("signup.seats.value", n=3, size=8) in house.anne.sees(post)
    assert [len(letters(person)) for person in people[:4]] == [1, 1, 1, 0]


# --- What the guide for facilitators says -------------------------------------------------------

GUIDE = Path(__file__).parents[3] / "docs" / "fasilitator.md"
TYPED = re.findall(r"^@Kollegial (planlegg .+)$", GUIDE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("line", TYPED)
async def test_what_the_guide_says_to_write_does_what_it_says(
    house: House, chat: Chat, line: str
) -> None:
    await planned(house, chat, line)

    group = await group_of(house)
    assert group.meetings[0].starts_at.date() == datetime(2027, 1, 12, tzinfo=UTC).date()
    said = re.search(r"(\d+) (?:x|møter)", line)
    assert len(group.meetings) == (int(said[1]) if said else 3)


async def test_news_take_room_in_the_day_and_answers_to_a_press_none(
    house: House, chat: Chat, people: list[User]
) -> None:
    post = await planned(house, chat)
    await joined(house, post, people[0])
    today = house.operational.preferences.today
    before = await today(people[0].id, START.date())
    shown = await panel(house)
    await house.anne.press(shown, "group.move", {"day": "2027-01-14"})
    await house.anne.press(shown, "group.move", data=SURE)
    await house.settle()

    assert "news" not in before
    assert "news" in await today(people[0].id, START.date())


async def test_going_on_with_more_seats_asks_those_who_wait(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    post = await planned(house, chat)
    await joined(house, post, *people[:4])
    await house.anne.press(await panel(house), "group.size", {"size": "4"})
    await joined(house, post, people[4])
    clock.at += timedelta(days=59)
    await planned(house, chat, "planlegg 2 x 7 dager fra 2027-03-30 kl 9")
    clock.at += timedelta(days=2, hours=23)
    await house.settle()

    said = "\n".join(letters(people[4])[-2:])
    assert NB("member.asked", name="Veiledningsgruppe") in said
    assert NB("news.added", name="Veiledningsgruppe") in said


async def test_a_sign_up_that_is_far_up_is_posted_again(
    house: House, chat: Chat, people: list[User]
) -> None:
    far_up = await planned(house, chat)

    shown = await panel(house)
    await house.anne.press(shown, "group.post")
    await house.settle()
    first = chat.last
    await joined(house, first, people[0])
    press = house.anne.prepared(shown, "group.post")
    for reply in [await press(), await press()]:
        await house.anne.redeliver(reply)
    await house.settle()

    second = chat.last
    assert [post for post in chat.posts if post.author is None] == [far_up, first, second]
    assert people[1].sees(first) == NB("signup.moved")
    await joined(house, second, people[1])
    assert NB("signup.seats.value", n=2, size=8) in house.anne.sees(second)


@on_both
async def test_after_a_stop_of_a_week_a_seat_is_offered_to_the_next_once(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    post = await planned(house, chat, LINE.replace("2027-01-12", "2027-02-09"))
    await joined(house, post, *people)
    await people[0].press(post, "group.leave")
    await house.settle()
    await house.stop()
    clock.at += timedelta(days=7)
    await house.start()
    for _ in range(2):
        await house.settle()

    assert len(letters(people[8])) == 3  # in line, asked, and too late
    asked = NB("member.asked", name="Veiledningsgruppe")
    assert [asked in letter for letter in letters(people[9])] == [False, True]
    assert "onsdag 13. januar 2027 kl. 10:00" in letters(people[9])[-1]


async def test_a_seat_whose_time_nobody_watches_is_free_after_the_night(
    house: House, chat: Chat, people: list[User], clock: Clock
) -> None:
    *eight, ninth = people[:9]
    post = await planned(house, chat)
    await joined(house, post, *eight, ninth)
    await eight[0].press(post, "group.leave")
    await house.settle()
    assert NB("member.asked", name="Veiledningsgruppe") in letters(ninth)[-1]
    outbox = table("outbox", column("kind"))
    watches = delete(outbox).where(outbox.c.kind == "group_ask_over")
    await house.operational._database.write(lambda c: c.execute(watches))

    clock.at += timedelta(days=2)
    await house.settle()
    assert NB("member.lapsed", name="Veiledningsgruppe") in letters(ninth)[-1]
    assert (await group_of(house)).member(ninth.id) is None


@pytest.mark.parametrize("language", ["nb-NO", "nn-NO", "en-GB"])
async def test_every_line_that_is_understood_is_shown_back_before_it_is_done(
    house: House, clock: Clock, language: str
) -> None:
    """The table of lines, through HTTP, each in a chat of its own."""
    clock.at = NOW
    leader = house.anne
    leader.locale = language
    say = texts(language_of(language))
    for line, _ in LINES:
        chat = house.teams.group_chat(leader)
        await leader.write(f"planlegg {line}", chat)
        proposal = chat.last
        assert can(leader, proposal, "group.plan"), line
        assert can(leader, proposal, "group.change"), line
        plan = read(line, house.services.methods.all(), TODAY)
        assert isinstance(plan, Plan)
        for at in occurrences(plan, OSLO):
            assert full_day(say, at.astimezone(OSLO).date()) in leader.sees(proposal), line
    assert await house.operational.groups.all() == []


async def test_a_group_that_nobody_has_named_is_called_as_its_method(
    house: House, chat: Chat
) -> None:
    await planned(house, chat)
    await house.anne.write("varsler", chat)
    form = chat.last
    title = house.services.methods.get("veiledningsgruppe").title["nb"]
    assert NB("quiet.what", group=title) in house.anne.sees(form)
    for given in ({"since": "07:00", "until": "09:00"}, {"since": "", "until": ""}):
        await house.anne.press(form, "reminder.quiet", given)
        assert title in house.anne.sees(form)
        assert "«»" not in house.anne.sees(form)
        await house.anne.write("varsler", chat)
        form = chat.last
