"""Times for a study: offered in a channel, chosen alone, and forgotten when they begin."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.ui.texts import texts
from dialogs.groups.appointments import Times
from dialogs.studies.study import LANGUAGES
from simulation import cards
from simulation.teams import Chat, Post, User
from storage.operational.appointments import Offer
from storage.operational.outbox import OutboxMessage
from tests.bot.groups.test_calendar import fetched, what_outlook_misreads
from tests.support.kollegial import House, can, kollegial, press_raw
from tests.support.studies import SMALL, study_of

OSLO = ZoneInfo("Europe/Oslo")
SAY = texts("nb")
MONDAY = datetime(2027, 1, 4, 10, tzinfo=OSLO)
LINE = "timer prove 45 min 1 plass: 12.1. kl 9, kl 13, 14.1. kl 9"
FIRST = datetime(2027, 1, 12, 9, tzinfo=OSLO)
TIMES = "12.1. kl 9\nkl 13\n14.1. kl 9"
NAMES = ("tirsdag 12. januar kl. 09:00–09:45", "tirsdag 12. januar kl. 13:00–13:45")
TITLE = SMALL.title["nb"]
GUIDE = (Path(__file__).parents[3] / "docs/fasilitator.md").read_text("utf-8")


class Clock:
    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        return self.at.astimezone(UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def house(tmp_path: Path, clock: Clock, urls: dict[str, str]) -> AsyncIterator[House]:
    async with kollegial(tmp_path, now=clock, urls=urls) as house:
        yield house


@pytest.fixture
def channel(house: House) -> Chat:
    return house.teams.channel(house.anne, house.kari, house.ola)


async def pass_to(house: House, clock: Clock, moment: datetime) -> None:
    while (due := await house.operational.outbox.next_due()) and due <= moment:
        clock.at = max(clock.at, due)
        await house.settle()
    clock.at = moment
    await house.settle()


async def offered(house: House, channel: Chat, line: str = LINE) -> Post:
    await house.anne.write(line, channel)
    await house.settle()
    return channel.last


async def opened(house: House, user: User, post: Post) -> Post:
    """The card in the personal chat."""
    reply = await user.press(post, "appointment.open")
    assert reply.text == SAY("private.sent")
    await house.settle()
    return user.chat.last


async def chosen(house: House, user: User, post: Post, index: int = 0) -> Post:
    mine = await opened(house, user, post)
    await choose(house, user, mine, index)
    return mine


async def choose(house: House, user: User, mine: Post, index: int = 0) -> None:
    slot = cards.inputs(user.card(mine))["slot"]["choices"][index]["value"]
    await user.press(mine, "appointment.choose", {"slot": slot})
    await house.settle()


async def overview(house: House) -> Post:
    await house.anne.write("timer")
    await house.settle()
    return house.anne.chat.last


async def the_offer(house: House) -> Offer:
    (offer,) = await house.operational.appointments.all()
    return offer


def personal(user: User) -> list[str]:
    return [user.sees(post) for post in user.chat.posts if post.author is None]


async def test_times_are_offered_without_names_or_counts(house: House, channel: Chat) -> None:
    post = await offered(house, channel)
    await chosen(house, house.kari, post)
    for user in (house.anne, house.ola):
        seen = user.sees(post)
        assert all(name in seen for name in NAMES)
        assert SAY("appointment.sees") in seen
        assert "Kari" not in seen
    assert (await the_offer(house)).card == post.id


async def test_one_chooses_changes_and_cancels(house: House, channel: Chat) -> None:
    post, kari = await offered(house, channel), house.kari
    mine = await chosen(house, kari, post)
    assert SAY("appointment.mine", when=NAMES[0]) in kari.sees(mine)
    await choose(house, kari, mine)
    assert SAY("appointment.mine", when=NAMES[1]) in kari.sees(mine)
    again = await kari.press(mine, "appointment.cancel")
    assert SAY("appointment.none") in kari.sees(mine)
    await kari.redeliver(again)
    assert (await the_offer(house)).times.choices == ()


async def test_only_the_facilitator_sees_who_has_chosen_what(house: House, channel: Chat) -> None:
    post = await offered(house, channel)
    await chosen(house, house.kari, post)
    listed = await overview(house)
    seen = house.anne.sees(listed)
    assert house.kari.name in seen
    assert SAY("appointment.list.nobody") in seen
    assert SAY("appointment.list.sees") in seen

    await chosen(house, house.ola, post)
    assert house.ola.name in house.anne.sees(listed)  # the list is kept up to date
    newer = await overview(house)
    assert house.anne.sees(listed) == SAY("appointment.list.moved")
    assert house.ola.name in house.anne.sees(newer)
    for user in (house.kari, house.ola):
        await user.write("timer")
        assert not any(house.anne.name in said for said in personal(user))
        assert not can(user, user.chat.last, "appointment.call_off")


async def test_of_several_offers_one_card_leads_to_each(house: House, channel: Chat) -> None:
    await house.create(
        study_of({-1: 1, 0: 1, 1: 1}, id="annen", title=dict.fromkeys(LANGUAGES, "X"))
    )
    await offered(house, channel)
    other = await offered(house, channel, LINE.replace("prove", "annen"))
    kari, anne = house.kari, house.anne
    await chosen(house, kari, other)
    for user in (kari, anne):
        before = len(user.chat.posts)
        await user.write("timer")
        assert len(user.chat.posts) == before + 2  # the word, and one card
    mine = kari.chat.last
    assert SAY("appointment.mine", when=NAMES[0]) in kari.sees(mine)
    assert SAY("appointment.none") in kari.sees(mine)
    assert house.anne.name not in kari.sees(mine)
    assert SAY("appointment.all.mine", title="X") in kari.sees(mine)

    await kari.press(mine, SAY("appointment.all.open", title=TITLE))
    await choose(house, kari, mine, 1)
    await kari.press(mine, "appointment.all")
    for name in NAMES:
        assert SAY("appointment.mine", when=name) in kari.sees(mine)
    reply = await anne.press(anne.chat.last, SAY("appointment.all.list", title="X"))
    assert reply.text == SAY("said.below")
    assert kari.name in anne.sees(anne.chat.last)
    (of,) = [each for each in await house.operational.appointments.all() if each.study == "annen"]
    await press_raw(kari, mine, "appointment.list", {"offer": of.id})
    assert kari.name not in kari.sees(kari.chat.last)


async def test_once_the_times_are_gone_there_is_no_way_back_to_them(
    house: House, channel: Chat
) -> None:
    mine = await opened(house, house.kari, await offered(house, channel))
    assert not can(house.kari, mine, "appointment.all")  # there is but one offer
    await house.anne.press(await overview(house), "appointment.take_back")
    reply = await press_raw(house.kari, mine, "appointment.all", {})

    assert reply.text == SAY("appointment.nothing")


async def test_a_full_time_is_said_and_nothing_is_lost(house: House, channel: Chat) -> None:
    post = await offered(house, channel)
    kari, ola = await opened(house, house.kari, post), await opened(house, house.ola, post)
    slot = (await the_offer(house)).times.slots[0].id
    await asyncio.gather(
        house.kari.press(kari, "appointment.choose", {"slot": slot}),
        house.ola.press(ola, "appointment.choose", {"slot": slot}),
    )
    said = house.kari.sees(kari) + house.ola.sees(ola)
    assert SAY("appointment.full") in said
    assert SAY("appointment.mine", when=NAMES[0]) in said
    assert len((await the_offer(house)).times.choices) == 1


async def test_without_a_choice_one_is_asked_for(house: House, channel: Chat) -> None:
    mine = await opened(house, house.kari, await offered(house, channel))
    of = {"offer": (await the_offer(house)).id}
    with pytest.raises(cards.CannotPress, match=SAY("field.required")):
        await house.kari.press(mine, "appointment.choose")
    await press_raw(house.kari, mine, "appointment.choose", of)
    assert SAY("appointment.which") in house.kari.sees(mine)
    forged = {**of, "slot": "nope"}
    await press_raw(house.kari, mine, "appointment.choose", forged)
    assert SAY("appointment.no_such_time") in house.kari.sees(mine)


async def test_a_time_of_ones_own(house: House, channel: Chat, clock: Clock) -> None:
    anne, kari = house.anne, house.kari
    mine = await opened(house, kari, await offered(house, channel))
    reply = await kari.press(mine, "appointment.ask", {})
    await kari.redeliver(reply)
    await house.settle()
    assert SAY("appointment.asked") in kari.sees(mine)
    assert sum(SAY("appointment.news.asked") in said for said in personal(anne)) == 1

    listed = await overview(house)
    past = {"person": kari.id, "day": "2026-01-01", "time": "14:00"}
    await anne.press(listed, "appointment.set", past)
    assert SAY("appointment.set.which") in anne.sees(listed)
    given = {"person": kari.id, "day": "2027-01-13", "time": "14:00"}
    await anne.press(listed, "appointment.set", given)
    again = await press_raw(
        anne, listed, "appointment.set", {**given, "offer": (await the_offer(house)).id}
    )
    assert again.card is not None
    await house.settle()
    (set_,) = (s for s in personal(kari) if SAY("appointment.origin", title=TITLE) in s)
    assert SAY("appointment.news.set", when="onsdag 13. januar kl. 14:00") in set_
    await pass_to(house, clock, datetime(2027, 1, 13, 13, 50, tzinfo=OSLO))
    assert reminded(kari) == ["day_before", "soon"]


def reminded(user: User) -> list[str]:
    kinds = {SAY(f"reminder.{kind}.title"): kind for kind in ("day_before", "soon")}
    posts = [p for p in user.chat.posts if p.card and can(user, p, "reminder.off")]
    return [next(kinds[title] for title in kinds if title in user.sees(post)) for post in posts]


async def test_who_has_chosen_is_reminded_and_who_cancels_is_not(
    house: House, channel: Chat, clock: Clock
) -> None:
    post = await offered(house, channel)
    await chosen(house, house.kari, post)
    ola = await chosen(house, house.ola, post)
    await house.ola.press(ola, "appointment.cancel")
    await pass_to(house, clock, datetime(2027, 1, 11, 8, tzinfo=OSLO))
    assert (reminded(house.kari), reminded(house.ola)) == (["day_before"], [])
    assert SAY("reminder.origin.slot", title=TITLE) in personal(house.kari)[-1]

    await pass_to(house, clock, FIRST + timedelta(days=30))
    assert reminded(house.kari) == ["day_before", "soon"]


async def test_a_time_that_is_called_off_is_told_once(
    house: House, channel: Chat, clock: Clock
) -> None:
    kari = house.kari
    mine = await chosen(house, kari, await offered(house, channel))
    listed = await overview(house)
    offer = await the_offer(house)
    slot = offer.times.slots[0].id
    await press_raw(house.anne, listed, "appointment.call_off", {"offer": offer.id})
    assert SAY("appointment.which") in house.anne.sees(listed)
    press = house.anne.prepared(listed, "appointment.call_off", {"slot": slot})
    for _ in range(2):
        await press()
    await house.settle()
    told = SAY("appointment.news.called_off", when="tirsdag 12. januar kl. 09:00")
    assert sum(told in said for said in personal(kari)) == 1
    assert kari.name not in house.anne.sees(listed)
    await kari.press(mine, "appointment.cancel")
    assert NAMES[0] not in kari.sees(mine)
    await pass_to(house, clock, FIRST)
    assert reminded(kari) == []


async def test_when_it_begins_nobody_knows_who_had_chosen_it(
    house: House, channel: Chat, clock: Clock
) -> None:
    kari, post = house.kari, await offered(house, channel)
    await chosen(house, kari, post)
    listed = await overview(house)
    before = await the_offer(house)
    await pass_to(house, clock, FIRST)

    after = await the_offer(house)
    assert after.times == Times(before.times.slots[1:], ())
    for text in (house.anne.sees(listed), house.anne.sees(post)):
        assert NAMES[0] not in text
        assert kari.name not in text
    assert await house.operational.preferences.last_told(kari.id) is not None
    slot = before.times.slots[0].id
    await house.stop()
    for path in house.folder.glob("*.db*"):
        left = path.read_bytes()
        assert slot.encode() not in left, path.name
        assert "urn" not in path.name or kari.id.encode() not in left
    await house.start()


async def test_after_the_last_time_nothing_is_left_of_the_offer(
    house: House, channel: Chat, clock: Clock
) -> None:
    post = await offered(house, channel)
    mine = await opened(house, house.kari, post)
    await house.kari.press(mine, "appointment.ask", {})
    await house.settle()
    await overview(house)
    before = await the_offer(house)
    await pass_to(house, clock, FIRST + timedelta(days=3))
    assert await house.operational.appointments.all() == []
    for said in (house.anne.sees(post), house.anne.sees(house.anne.chat.last)):
        assert SAY("appointment.over") in said
    assert sum(SAY("appointment.news.unanswered") in said for said in personal(house.kari)) == 1
    for verb in ("appointment.choose", "appointment.cancel"):
        reply = await press_raw(house.kari, mine, verb, {"offer": before.id})
        assert reply.text == SAY("appointment.gone")
    await house.kari.write("timer")
    assert house.kari.chat.last.text == SAY("appointment.nothing")


async def test_whoever_offered_times_takes_all_of_them_back(house: House, channel: Chat) -> None:
    post = await offered(house, channel)
    await chosen(house, house.kari, post)
    await house.ola.press(await opened(house, house.ola, post), "appointment.ask", {})
    await house.settle()
    listed = await overview(house)
    press = house.anne.prepared(listed, "appointment.take_back")
    for _ in range(2):
        await press()
    await house.settle()

    assert await house.operational.appointments.all() == []
    for said in (house.anne.sees(listed), house.anne.sees(post)):
        assert SAY("appointment.over") in said
    told = SAY("appointment.news.called_off", when="tirsdag 12. januar kl. 09:00")
    assert sum(told in said for said in personal(house.kari)) == 1
    assert sum(SAY("appointment.news.unanswered") in said for said in personal(house.ola)) == 1


async def test_a_closed_study_takes_no_choices(house: House, channel: Chat) -> None:
    mine = await opened(house, house.kari, await offered(house, channel))
    await house.services.studies.close(SMALL.id, "a researcher")
    assert (await house.kari.press(mine, "appointment.ask", {})).text == SAY("appointment.gone")


async def test_nothing_of_an_offer_outlives_its_study(
    house: House, channel: Chat, clock: Clock
) -> None:
    post = await offered(house, channel)
    await chosen(house, house.kari, post)
    await house.services.studies.close(SMALL.id, "a researcher")
    await pass_to(house, clock, clock.at + timedelta(days=1))

    assert await house.operational.appointments.all() == []
    assert SAY("appointment.over") in house.anne.sees(post)


async def test_forged_presses_change_nothing(house: House, channel: Chat) -> None:
    post = await offered(house, channel)
    mine = await chosen(house, house.kari, post)
    before = await the_offer(house)
    slot = before.times.slots[0].id
    for user, where, verb, data in (
        (house.ola, mine, "appointment.call_off", {"offer": before.id, "slot": slot}),
        (house.ola, mine, "appointment.set", {"offer": before.id, "person": house.ola.id}),
        (house.ola, post, "appointment.choose", {"offer": before.id, "slot": slot}),
        (house.anne, post, "appointment.call_off", {"offer": before.id, "slot": slot}),
        (house.kari, mine, "appointment.cancel", {"offer": "nope"}),
        (house.kari, mine, "appointment.choose", {"offer": 7}),
        (house.ola, post, "appointment.offer", {"study": "prove", "times": TIMES}),
        (house.anne, mine, "appointment.offer", {"study": "prove", "times": TIMES}),
    ):
        assert (await press_raw(user, where, verb, data)).text
    assert (await the_offer(house)).times == before.times  # the only one
    assert house.kari.name not in house.ola.sees(post)


async def test_an_offer_that_is_delivered_again_is_made_once(house: House, channel: Chat) -> None:
    reply = await house.anne.write(LINE, channel)
    await asyncio.gather(*(house.teams.deliver(reply.activity) for _ in range(3)))
    await house.settle()
    assert len(await house.operational.appointments.all()) == 1


async def form_of(house: House, channel: Chat) -> Post:
    """Asked for in the channel, it comes to who asked."""
    before = len(channel.posts)
    await house.anne.write("timer", channel)
    await house.settle()
    assert [each.text for each in channel.posts[before + 1 :]] == [SAY("private.sent")]
    return house.anne.chat.last


async def test_the_form_works_for_who_asked_and_from_where_they_did(
    house: House, channel: Chat
) -> None:
    """What its button carries is ours: no other place is written to by it."""
    form = await form_of(house, channel)
    (action,) = cards.actions(house.anne.card(form))
    given = {"study": "prove", "times": TIMES}
    other = house.teams.channel(house.kari, house.anne)
    for user, post, place in (
        (house.anne, form, ""),
        (house.anne, form, other.id),
        (house.anne, form, action["data"]["place"][:-8] + "AAAAAAA="),
        (house.kari, form, action["data"]["place"]),
        (house.anne, other.posts[-1] if other.posts else channel.last, action["data"]["place"]),
    ):
        reply = await press_raw(user, post, "appointment.offer", {**given, "place": place})
        assert reply.text in (SAY("appointment.form.gone"), SAY("role.no"))
    assert await house.operational.appointments.all() == []
    await house.anne.press(form, "appointment.offer", {"times": TIMES})
    await house.settle()
    assert can(house.kari, channel.last, "appointment.open")
    assert house.anne.sees(form) == SAY("appointment.form.offered")


async def test_a_form_of_a_study_that_has_closed_says_so(house: House, channel: Chat) -> None:
    form = await form_of(house, channel)
    await house.services.studies.close("prove", "anne")
    reply = await house.anne.press(form, "appointment.offer", {"times": "12.1. kl 9"})
    assert reply.text == SAY("study.list.none")
    await house.anne.write("timer", channel)
    assert channel.last.text == SAY("study.list.none")
    # Asked for while it was open, and on its way since.
    about = {"person": house.anne.id, "language": "nb"}
    async with house.operational.begin() as transaction:
        place = (await house.operational.person(house.anne.id)).chat  # type: ignore[union-attr] # she is known by then
        transaction.enqueue(OutboxMessage("late", "appointment_form", place or {}, about, MONDAY))
    await house.settle()
    assert house.anne.sees(house.anne.chat.last) == SAY("study.list.none")


async def test_times_are_offered_on_a_form(house: House, channel: Chat) -> None:
    form = await form_of(house, channel)
    await house.anne.press(form, "appointment.offer", {"times": "12.1. kl 9\nkl 13"})
    seen = house.anne.sees(form)
    assert SAY("appointment.fault.bad_number.slots", number=2, least=3, most=12) in seen
    assert cards.inputs(house.anne.card(form))["times"]["value"] == "12.1. kl 9\nkl 13"
    given = {"times": "12.1. kl 9\nkl 13\n14.1. kl 9, 8 plasser"}
    press = house.anne.prepared(form, "appointment.offer", given)
    for _ in range(2):
        await press()
    await house.settle()
    offer = await the_offer(house)
    assert [slot.places for slot in offer.times.slots] == [8, 8, 8]


async def test_where_and_with_whom_stand_on_the_cards_and_in_the_calendar(
    house: House, channel: Chat
) -> None:
    link = "https://teams.example/l/meetup-join/19%3ameeting_99887766@thread.v2"
    form = await form_of(house, channel)
    given = {"times": TIMES, "venue": f"Rom 204, Anne leder. {link}"}
    await house.anne.press(form, "appointment.offer", given)
    await house.settle()
    assert "Rom 204, Anne leder." in house.kari.sees(channel.last)
    assert link not in house.kari.sees(channel.last)
    mine = await opened(house, house.kari, channel.last)
    assert opening(house.kari, mine) == {SAY("appointment.link"): link}
    await choose(house, house.kari, mine)

    address = opening(house.kari, mine)[SAY("appointment.calendar")]
    status, kind, text = await fetched(address)
    assert (status, what_outlook_misreads(text)) == (200, [])
    assert kind.startswith("text/calendar")
    unfolded = text.replace("\r\n ", "")
    assert f"SUMMARY:{TITLE}" in unfolded
    assert "LOCATION:Rom 204\\, Anne leder." in unfolded
    assert house.kari.id not in text

    await house.kari.press(mine, "appointment.cancel")
    assert SAY("appointment.calendar") not in opening(house.kari, mine)
    await house.services.studies.close("prove", "anne")
    assert (await fetched(address))[0] == 404


def opening(user: User, post: Post) -> dict[str, str]:
    """What the buttons that lead out of the chat open."""
    shown = user.card(post).get("actions", ())
    return {each["title"]: each["url"] for each in shown if each["type"] == "Action.OpenUrl"}


async def test_what_tells_who_somebody_is_goes_on_no_card_with_the_place(
    house: House, channel: Chat
) -> None:
    form = await form_of(house, channel)
    given = {"times": TIMES, "venue": "Ring 998 87 766, fnr 010190 12345"}
    reply = await house.anne.press(form, "appointment.offer", given)
    assert reply.text
    assert await house.operational.appointments.all() == []


async def test_what_one_has_at_the_same_time_is_told(house: House, channel: Chat) -> None:
    group = house.teams.group_chat(house.anne, house.kari)
    await house.anne.write("planlegg 3 x 14 dager fra 2027-01-12 kl 9", group)
    await house.anne.press(group.last, "group.plan")
    await house.settle()
    await house.kari.press(group.last, "group.join")
    await house.settle()
    form = await form_of(house, channel)
    await house.anne.press(form, "appointment.offer", {"times": TIMES})
    await house.settle()
    mine = await chosen(house, house.kari, channel.last)
    clash = SAY("appointment.clash", other="Veiledningsgruppe")
    assert clash in house.kari.sees(mine)
    assert await house.services.appointments.clash(await the_offer(house), house.kari.id, "nb")

    await choose(house, house.kari, mine, 1)  # the others are free of it
    assert clash not in house.kari.sees(mine)


def number(what: str, given: int, least: int, most: int) -> str:
    return SAY(f"appointment.fault.bad_number.{what}", number=given, least=least, most=most)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("timer prove 12.1. kl 9", number("slots", 1, 3, 12)),
        ("timer 3 min 12.1. kl 9, kl 10, kl 11", number("minutes", 3, 15, 480)),
        ("timer 99 plasser 12.1. kl 9, kl 10, kl 11", number("places", 99, 1, 30)),
        ("timer 12.1. kl 9, kl 10, kl 9", "tirsdag 12. januar 2027 kl. 09:00 står der to ganger"),
        ("timer 31.2. kl 9, kl 10, kl 11", "31.2."),
        ("timer 12.1.2026 kl 9, kl 10, kl 11", "2026"),
        ("timer når det passer", "når det passer"),
    ],
)
async def test_what_cannot_be_offered_is_named_with_a_right_example(
    house: House, channel: Chat, line: str, fault: str
) -> None:
    await house.anne.write(line, channel)
    answer = channel.last.text
    assert fault in answer.replace("\\", "")
    example = answer.partition("@Kollegial ")[2].rstrip("».").replace("\\", "")
    assert await house.operational.appointments.all() == []
    await house.anne.write(example, channel)
    await house.settle()
    assert len(await house.operational.appointments.all()) == 1


@pytest.mark.parametrize("line", re.findall(r"^@Kollegial (timer .+)$", GUIDE, re.MULTILINE))
async def test_what_the_guide_for_facilitators_says_to_write_is_done(
    house: House, channel: Chat, line: str
) -> None:
    await house.create(study_of({-1: 1, 0: 1, 1: 1}, id="oppfolging"))
    await offered(house, channel, line)
    slots = (await the_offer(house)).times.slots
    assert [f"{slot.starts_at.astimezone(OSLO):%d.%m %H:%M}" for slot in slots] == [
        "12.01 09:00",
        "12.01 13:00",
        "14.01 09:00",
    ]
    assert {(slot.minutes, slot.places) for slot in slots} == {(60, 8)}


async def test_a_participant_offers_nothing_and_is_shown_the_way(
    house: House, channel: Chat
) -> None:
    await house.kari.write(LINE, channel)
    assert channel.last.text == SAY("appointment.in_personal")
    await house.kari.write("timer")
    assert house.kari.chat.last.text == SAY("appointment.nothing")
    await offered(house, channel)
    await house.kari.write("timer")
    assert can(house.kari, house.kari.chat.last, "appointment.choose")


async def test_among_several_studies_one_is_named(house: House, channel: Chat) -> None:
    await house.create(
        study_of({-1: 1, 0: 1, 1: 1}, id="annen", title=dict.fromkeys(LANGUAGES, "X"))
    )
    await house.anne.write("timer 12.1. kl 9, kl 10, kl 11", channel)
    assert SAY("appointment.fault.no_such_study") in channel.last.text


async def test_without_an_open_study_nothing_can_be_offered(tmp_path: Path) -> None:
    async with kollegial(tmp_path, []) as house:
        chat = house.teams.group_chat(house.anne, house.kari)
        for line in ("timer", LINE):
            await house.anne.write(line, chat)
            assert SAY("study.list.none") in chat.last.text


async def test_who_has_not_installed_the_bot_hears_how(house: House, channel: Chat) -> None:
    siri = house.teams.user("Siri Eksempel", has_app=False)
    reply = await siri.press(await offered(house, channel), "appointment.open")
    assert reply.text == SAY("private.parked")
