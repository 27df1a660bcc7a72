"""A questionnaire that belongs to a group's meetings: before the first, after the last, and in
private."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest_asyncio
from sqlalchemy import Connection, inspect, select, table, text

from bot.ui.texts import texts
from dialogs.groups.signup import Membership
from simulation import cards
from simulation.teams import Post, User
from tests.bot.reminders.test_reminders import FIRST, MONDAY, Clock, Weeks, reminders, weeks_of
from tests.bot.studies.test_questionnaires import filled_in, handed_in
from tests.support import questionnaires
from tests.support.databases import on_both
from tests.support.kollegial import can, kollegial, press_raw

OSLO = ZoneInfo("Europe/Oslo")
SAY = texts("nb")
BEFORE, AFTER = (
    replace(form, minimum_invited=3, retention=date(2027, 3, 1))
    for form in (questionnaires.BEFORE, questionnaires.AFTER)
)
LAST = FIRST + timedelta(days=14)
OVER = LAST + timedelta(minutes=90)


@pytest_asyncio.fixture
async def weeks(tmp_path: Path, urls: dict[str, str]) -> AsyncIterator[Weeks]:
    clock = Clock(MONDAY)
    async with kollegial(tmp_path, [BEFORE, AFTER], now=clock, urls=urls) as house:
        yield await weeks_of(house, clock)


async def leap_to(weeks: Weeks, moment: datetime) -> None:
    """As a bot that was busy until the minute before, for nights take their time."""
    weeks.clock.at = moment - timedelta(minutes=1)
    await weeks.house.settle()
    await weeks.pass_to(moment)


async def panel(weeks: Weeks) -> Post:
    anne = weeks.house.anne
    await anne.write("grupper")
    post = anne.chat.last
    await anne.press(post, "group.panel")
    return post


async def tie(weeks: Weeks, study: str = BEFORE.id) -> Post:
    shown = await panel(weeks)
    await weeks.house.anne.press(shown, "group.tie", {"tied": study})
    return shown


async def tied(weeks: Weeks) -> str | None:
    group = await weeks.house.operational.groups.get(weeks.group.id)
    assert group is not None
    return group.questionnaire


async def with_siri(weeks: Weeks, but: User | None = None) -> User:
    """She has a seat in another group that the questionnaire is tied to, and Kari as well."""
    siri = weeks.house.teams.user("Siri Eksempel")
    await siri.write("hjelp")
    both = (siri, weeks.house.kari)
    members = tuple(Membership(user.id, user.name) for user in both if user is not but)
    other = replace(
        weeks.group,
        id="another",
        place="19:another",
        calendar_key="another",
        facilitator=siri.id,
        members=members,
        questionnaire=BEFORE.id,
        meetings=(),
    )
    async with weeks.house.operational.begin() as transaction:
        transaction.run(weeks.house.operational.groups.add(other))
    return siri


def asked(user: User) -> list[Post]:
    """The reminders that lead to a questionnaire."""
    return [post for post in reminders(user) if can(user, post, "study.start")]


@on_both
async def test_it_comes_before_the_first_meeting_and_after_the_last(weeks: Weeks) -> None:
    kari, ola, anne = weeks.house.kari, weeks.house.ola, weeks.house.anne
    shown = await tie(weeks)
    assert SAY("manage.done.tied") in anne.sees(shown)
    assert await tied(weeks) == BEFORE.id

    await leap_to(weeks, datetime(2027, 1, 7, 12, tzinfo=OSLO))
    assert asked(kari) == [], "two are too few"
    await with_siri(weeks)  # now they are three in all
    await leap_to(weeks, datetime(2027, 1, 8, 8, tzinfo=OSLO))
    (post,) = asked(kari)
    assert len(asked(ola)) == 1
    assert asked(anne) == []
    seen = kari.sees(post)
    assert SAY("reminder.origin.meeting", title="Torsdager") in seen
    assert SAY("reminder.questionnaire.text", title="Torsdager", n=BEFORE.minutes) in seen
    assert post.activity["summary"] == SAY("reminder.questionnaire.summary", title="Torsdager")

    await kari.press(post, "study.start")
    await weeks.house.settle()
    information = kari.chat.last
    assert information is not post
    assert SAY("questionnaire.because.series") in kari.sees(information)
    assert BEFORE.title["nb"] in kari.sees(information)
    await kari.press(information, "study.consent")
    assert can(kari, information, "questionnaire.next")
    await ola.press(asked(ola)[0], "reminder.off")  # the card gives way to a line

    await weeks.move(1, FIRST + timedelta(days=5))
    await leap_to(weeks, OVER - timedelta(minutes=1))
    assert len(asked(kari)) == 1, "who was asked is not asked again where the meeting moves"
    await weeks.pass_to(OVER)
    (after,) = asked(kari)[1:]
    assert SAY("reminder.try.title") in kari.sees(after), "on one card with what comes that day"
    await leap_to(weeks, OVER + timedelta(days=2))
    assert len(asked(kari)) == 2
    assert asked(ola) == [], "he has switched it off"

    await kari.press(after, "study.start")
    await weeks.house.settle()
    assert AFTER.title["nb"] in kari.sees(kari.chat.last)


async def test_nobody_learns_who_has_answered(weeks: Weeks) -> None:
    """Kari answers, and Ola does not: what is stored of each, and what Anne sees, is the same."""
    kari, ola, anne = weeks.house.kari, weeks.house.ola, weeks.house.anne
    await with_siri(weeks, but=kari)
    await tie(weeks)
    await leap_to(weeks, datetime(2027, 1, 8, 8, tzinfo=OSLO))
    before = anne.sees(await panel(weeks))
    await kari.press(asked(kari)[0], "study.start")
    await weeks.house.settle()
    post = kari.chat.last
    await kari.press(post, "study.consent")
    await filled_in(kari, post)
    assert all(await handed_in(kari, post)), "she has her pseudonym and her code"
    await weeks.house.settle()

    assert anne.sees(await panel(weeks)) == before
    assert await rows_of(weeks, kari) == await rows_of(weeks, ola) != Counter()


async def rows_of(weeks: Weeks, user: User) -> Counter[str]:
    """How many rows of each table of either database name somebody."""
    found: Counter[str] = Counter()
    for database in (weeks.house.operational._database, weeks.house.urn._database):
        found += await database.read(lambda connection: naming(connection, user.id))
    return found


def naming(connection: Connection, person: str) -> Counter[str]:
    return Counter(
        name
        for name in inspect(connection).get_table_names()
        for row in connection.execute(select(text("*")).select_from(table(name)))
        if person in str(row)
    )


async def test_who_leaves_or_pauses_is_not_asked_and_a_moved_meeting_moves_it(weeks: Weeks) -> None:
    kari, ola = weeks.house.kari, weeks.house.ola
    siri = await with_siri(weeks)
    await tie(weeks)
    await ola.write("pause til 1.2.")
    await weeks.move(1, FIRST + timedelta(days=7))
    await leap_to(weeks, datetime(2027, 1, 7, 12, tzinfo=OSLO))
    assert asked(kari) == []
    await weeks.save(members=tuple(m for m in weeks.group.members if m.person != kari.id))
    await weeks.save(members=(*weeks.group.members, Membership(siri.id, siri.name)))
    await leap_to(weeks, datetime(2027, 1, 20, 12, tzinfo=OSLO))

    assert [len(asked(user)) for user in (kari, ola, siri)] == [0, 0, 1]


async def test_a_questionnaire_is_chosen_before_they_meet(weeks: Weeks) -> None:
    anne = weeks.house.anne
    assert can(anne, await tie(weeks), "group.tie")
    shown = await tie(weeks, "")
    assert SAY("manage.done.untied") in anne.sees(shown)
    assert await tied(weeks) is None
    data = {"group": weeks.group.id, "version": 97, "tied": AFTER.id}
    await press_raw(anne, shown, "group.tie", data)
    assert SAY("manage.questionnaire.gone") in anne.sees(shown)
    await press_raw(anne, shown, "group.tie", {**data, "tied": BEFORE.id, "version": 98})
    assert await tied(weeks) == BEFORE.id

    weeks.clock.at = FIRST + timedelta(hours=1)
    shown = await panel(weeks)
    offered = cards.inputs(anne.card(shown))["tied"]["choices"]
    assert [each["value"] for each in offered] == ["", BEFORE.id], "it can be taken away"
    await tie(weeks, "")
    assert not can(anne, await panel(weeks), "group.tie")
    await press_raw(anne, shown, "group.tie", {**data, "tied": BEFORE.id, "version": 99})
    assert await tied(weeks) is None


async def test_it_goes_with_the_end_of_the_study(weeks: Weeks) -> None:
    await with_siri(weeks)
    await tie(weeks)
    await weeks.house.services.studies.close(BEFORE.id, "a researcher")
    await leap_to(weeks, datetime(2027, 1, 8, 12, tzinfo=OSLO))
    assert asked(weeks.house.kari) == [], "what is closed is not asked"

    weeks.clock.at = datetime(2027, 3, 2, 3, tzinfo=OSLO)
    await weeks.house.restart()
    for _ in range(2):
        await weeks.house.settle()
        weeks.clock.at += timedelta(hours=26)
    assert (await weeks.house.urn.states())[BEFORE.id] == "destroyed"
    assert await tied(weeks) is None
