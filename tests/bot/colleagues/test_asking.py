"""Five minutes from one's own chat, through HTTP: asked, answered, and talked each in their own."""

import asyncio
import sqlite3
from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select, table, text

from bot.ui.texts import texts
from dialogs.groups.colleagues import ANSWER_WITHIN
from dialogs.groups.working_hours import Quiet
from dialogs.retention import UNFINISHED
from storage.operational.preferences import Preferences
from storage.operational.sessions import SessionStore
from tests.support.colleagues import (
    HOUR,
    Clock,
    ask,
    can_press,
    clock,
    everything_in,
    house,
    leave_the_group,
    offered,
    press,
    share_a_group,
)
from tests.support.databases import on_both
from tests.support.kollegial import House, press_raw

__all__ = ["clock", "house"]

SAY = texts("nb")
HAPPENED, ASKED, ANSWERED = "Hun gikk på dør", "Hva sa du da?", "At jeg skulle ringe"
MINE, THEIRS = "Ringe henne i morgen", "Spørre mer før jeg svarer"


async def rows(house: House, name: str) -> int:
    count = select(func.count()).select_from(table(name))
    return await house.operational._database.read(lambda c: c.scalar(count)) or 0


async def night(house: House, clock: Clock) -> None:
    clock.at += timedelta(hours=40)
    for _ in range(3):
        await house.settle()


async def test_what_a_colleague_writes_is_told_of_and_what_one_is_writing_stays(
    house: House,
) -> None:
    """A card that is drawn anew tells nobody of it."""
    kari, ola = house.kari, house.ola
    await share_a_group(house, kari, ola)
    await ask(house, kari, ola)
    await press(house, ola, "colleague.yes")
    await press(house, kari, "session.next")
    own = can_press(kari, "session.send")[-1]
    await press(house, ola, "session.send", text=ASKED)

    assert ASKED in kari.sees(kari.chat.last), "a new message"
    assert len(can_press(kari, "session.next")) == 1, "and nothing is left of the one before"
    assert can_press(kari, "session.send")[-1] is own
    assert can_press(ola, "session.send")[-1] is ola.chat.last, "whoever wrote stays where they are"

    house.teams.fail("DELETE", status=501)
    await press(house, ola, "session.send", text=HAPPENED)
    assert SAY("session.moved") in everything_in(kari)
    assert HAPPENED in kari.sees(kari.chat.last)


@on_both
async def test_from_ones_own_chat_to_a_colleagues_help_in_five_presses(
    house: House, clock: Clock
) -> None:
    kari, ola = house.kari, house.ola
    await share_a_group(house, kari, ola)
    await kari.write("fem minutter")
    presses = 1  # the colleague is ticked
    await press(house, kari, "colleague.ask", people=ola.id)
    presses += 1
    assert SAY("colleague.question", name="Kari Eksempel") in ola.sees(ola.chat.last)
    await press(house, ola, "colleague.yes")
    await press(house, kari, "session.send", text=HAPPENED)
    presses += 1
    assert HAPPENED in everything_in(ola)
    await press(house, kari, "session.next")
    presses += 1
    await press(house, ola, "session.send", text=ASKED)
    assert ASKED in everything_in(kari)
    assert presses <= 5

    await press(house, kari, "session.send", text=ANSWERED)
    assert ANSWERED in everything_in(ola)
    await press(house, kari, "session.next")
    await press(house, kari, "session.next")
    notes = {kari: MINE, ola: THEIRS}
    for user, note in notes.items():
        await press(house, user, "session.send", text=note)
    await press(house, kari, "session.next")

    for user in notes:
        assert SAY("session.ended.forgotten") in user.sees(user.chat.last)
    assert MINE not in everything_in(ola)
    assert THEIRS not in everything_in(kari)
    assert HAPPENED not in everything_in(ola)
    assert ASKED not in everything_in(kari)
    await night(house, clock)
    assert [await rows(house, each) for each in ("session", "session_card")] == [0, 0]
    for user, note in notes.items():
        await user.write("notater")
        assert note in user.sees(user.chat.last)
    assert len(await house.operational.groups.all()) == 1, "theirs"


async def test_nobody_says_yes_to_five_minutes_that_are_an_hour(house: House) -> None:
    kari, ola = house.kari, house.ola
    await share_a_group(house, kari, ola)
    await ask(house, kari, ola, words="to i samtalen")

    method = house.services.methods.get("to_i_samtalen")
    assert f"{method.frame.minutes} minutter" in ola.sees(ola.chat.last)
    assert method.title["nb"] in ola.sees(ola.chat.last)
    assert "fem minutter" not in ola.sees(ola.chat.last).casefold()


async def test_a_no_needs_no_reason_and_leaves_nothing(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.no")

    assert SAY("colleague.no.done") in house.ola.sees(house.ola.chat.last)
    told = house.kari.sees(house.kari.chat.last)
    assert SAY("colleague.cannot", n=1) in told
    assert "Ola" not in told
    (live,) = await house.services.sessions.stored.living()
    assert house.ola.id.encode() not in live.document
    assert list(await house.services.sessions.stored.cards(live.id)) == [f"phase:0:{house.kari.id}"]


@on_both
async def test_the_night_after_nothing_says_who_was_asked_and_could_not(
    house: House, clock: Clock
) -> None:
    """That somebody was asked is counted for a day: beside a talk without them it is their no."""
    told = select(func.count()).select_from(table("told")).where(text("kind = 'colleague'"))
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.no")
    assert await house.operational._database.read(lambda c: c.scalar(told)) == 1

    clock.at += timedelta(hours=20)
    await house.settle()

    assert await house.operational._database.read(lambda c: c.scalar(told)) == 0


async def test_of_two_who_were_asked_nobody_says_who_cannot(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola, siri)
    await ask(house, house.kari, house.ola, siri)
    await press(house, siri, "colleague.no")

    waiting = can_press(house.kari, "colleague.more")[-1]
    told = house.kari.sees(waiting)
    assert SAY("colleague.none_yet", n=1) in told
    assert SAY("colleague.cannot", n=1) in told
    assert not [name for name in ("Siri", "Ola") if name in told]


async def test_later_is_an_answer_and_the_question_stays(house: House, clock: Clock) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.later")
    assert SAY("colleague.can_later", n=1) in everything_in(house.kari)
    assert not can_press(house.ola, "colleague.later")

    clock.at += HOUR
    await press(house, house.ola, "colleague.yes")
    assert can_press(house.kari, "session.next")


async def test_who_can_later_is_reminded_once_and_the_row_that_waits_names_nobody(
    house: House, clock: Clock
) -> None:
    group = await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.later")
    again = SAY("colleague.later.again", at="11:00")
    assert again in house.ola.sees(can_press(house.ola, "colleague.yes")[-1])
    waiting = [row for row in await waits(house) if row[0] == "again_due"]
    assert len(waiting) == 1
    assert house.ola.id not in str(waiting)
    before = len(house.ola.chat.posts)

    await house.services.reminders.keep_quiet(group, Quiet(time(11), time(12)))
    clock.at += HOUR
    await house.settle()
    await house.settle()
    assert len(house.ola.chat.posts) == before, "the group has quiet hours"
    clock.at += HOUR
    for _ in range(3):
        await house.settle()
    assert house.ola.chat.last is can_press(house.ola, "colleague.yes")[-1]
    assert len(can_press(house.ola, "colleague.yes")) == 1, "nothing is left of the one above"
    assert SAY("colleague.later.done", at="14:00") in house.ola.sees(house.ola.chat.last)
    assert again not in house.ola.sees(house.ola.chat.last), "this is it"
    clock.at += HOUR
    await house.settle()
    await house.settle()
    assert len(can_press(house.ola, "colleague.yes")) == 1
    told = select(text("*")).select_from(table("told"))
    counted = await house.operational._database.read(lambda c: c.execute(told).all())
    assert [row.kind for row in counted] == ["colleague"] * 2, "it is gone with the night"
    assert house.ola.id not in str(counted)
    await press(house, house.ola, "colleague.yes")
    assert can_press(house.kari, "session.next")


async def waits(house: House) -> list[tuple[str, str]]:
    """What is to be done later, with all that the rows say."""
    rows_ = select(text("kind, payload")).select_from(table("outbox")).where(text("state = 'due'"))
    return await house.operational._database.read(
        lambda c: [(row.kind, str(row.payload)) for row in c.execute(rows_)]
    )


@pytest.mark.parametrize("meanwhile", ["colleague.no", "colleague.yes", "colleague.off"])
async def test_who_has_answered_meanwhile_is_not_reminded(
    house: House, clock: Clock, meanwhile: str
) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.later")
    await press(house, house.ola, meanwhile)
    before = len(house.ola.chat.posts)
    clock.at += HOUR
    await house.settle()
    await house.settle()
    assert len(house.ola.chat.posts) == before


async def test_whoever_wants_no_questions_says_so_on_one_and_may_take_it_back(
    house: House,
) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.off")
    assert SAY("colleague.off.done") in house.ola.sees(house.ola.chat.last)
    told = house.kari.sees(house.kari.chat.last)
    assert SAY("colleague.cannot", n=1) in told
    assert "Ola" not in told
    await press(house, house.kari, "session.end")
    assert await offered(house, house.kari) == {}

    await press(house, house.ola, "colleague.on")
    assert SAY("colleague.on.done") in house.ola.sees(house.ola.chat.last)
    assert await offered(house, house.kari) == {house.ola.id: "Ola Eksempel"}


async def test_whoever_says_yes_second_comes_into_the_talk(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola, siri)
    await ask(house, house.kari, house.ola, siri)
    await press(house, house.ola, "colleague.yes")
    await press(house, house.kari, "session.send", text=HAPPENED)
    await press(house, siri, "colleague.yes")

    assert HAPPENED in siri.sees(can_press(siri, "session.leave")[-1])
    await press(house, siri, "session.leave")
    assert SAY("colleague.left") in everything_in(siri)
    assert HAPPENED not in everything_in(siri)
    await press(house, house.kari, "session.next")
    assert can_press(house.kari, "session.next"), "the others go on"
    assert HAPPENED not in everything_in(siri)


async def test_who_never_answers_need_not_any_more(house: House, clock: Clock) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    question = can_press(house.ola, "colleague.yes")[-1]
    late = house.ola.prepared(question, "colleague.yes")
    clock.at += ANSWER_WITHIN
    await house.settle()
    await house.settle()

    assert SAY("colleague.in_vain") in house.kari.sees(house.kari.chat.last)
    assert SAY("colleague.gone") in house.ola.sees(question)
    assert (await late()).text == SAY("colleague.gone")
    await night(house, clock)
    assert await rows(house, "session") == 0


async def test_a_talk_that_nobody_ends_goes_away(house: House, clock: Clock) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.yes")
    await press(house, house.kari, "session.send", text=HAPPENED)
    clock.at += UNFINISHED + HOUR
    await house.settle()
    await house.settle()

    assert HAPPENED not in everything_in(house.ola)
    await night(house, clock)
    assert await rows(house, "session") == 0


async def test_whoever_asked_asks_somebody_else_or_takes_it_back(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola, siri)
    await ask(house, house.kari, house.ola)
    await press(house, house.kari, "colleague.more")
    await press(house, house.kari, "colleague.ask", people=siri.id)
    assert can_press(siri, "colleague.yes")

    await press(house, house.kari, "session.end")
    assert SAY("colleague.in_vain") in everything_in(house.kari)
    for user in (house.ola, siri):
        assert not can_press(user, "colleague.yes")
    assert await offered(house, house.kari), "and may ask again"


async def test_who_asks_again_is_shown_where_it_stands(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    assert await offered(house, house.kari) == {}
    assert SAY("colleague.none_yet", n=1) in house.kari.sees(house.kari.chat.last)
    for words in ("fortsett", "panel"):
        before = len(house.kari.chat.posts)
        await house.kari.write(words)
        await house.settle()
        told = "".join(house.kari.sees(each) for each in house.kari.chat.posts[before:])
        assert SAY("colleague.none_yet", n=1) in told, words


async def test_there_is_room_for_as_many_as_the_method_is_for(house: House) -> None:
    others = [house.teams.user(f"Kollega {n}") for n in range(3)]
    await share_a_group(house, house.kari, *others)
    await ask(house, house.kari, *others)

    assert SAY("refused.too_many") in everything_in(house.kari)
    assert not any(can_press(each, "colleague.yes") for each in others)


# --- Who can be asked ---------------------------------------------------------------------------


async def test_only_whom_one_shares_a_group_with_and_each_once(house: House) -> None:
    siri, per = house.teams.user("Siri Eksempel"), house.teams.user("Per Fremmed")
    for number in range(4):
        await share_a_group(house, house.kari, house.ola, name=f"Gruppe {number}")
    await share_a_group(house, house.ola, siri, per)

    assert await offered(house, house.kari) == {house.ola.id: "Ola Eksempel"}
    assert set(await offered(house, house.ola)) == {house.kari.id, siri.id, per.id}
    card = house.kari.chat.last
    forged = {"method": "fem_minutter", "people": per.id}
    reply = await press_raw(house.kari, card, "colleague.ask", forged)
    await house.settle()
    assert "Per" not in str(reply.body)
    assert not can_press(per, "colleague.yes")
    assert await rows(house, "session") == 0


async def test_two_from_different_groups_do_not_learn_of_each_other(house: House) -> None:
    per = house.teams.user("Per Eksempel")
    await share_a_group(house, house.kari, house.ola)
    await share_a_group(house, house.kari, per, name="En annen")
    await ask(house, house.kari, house.ola, per)
    assert SAY("colleague.one_group") in everything_in(house.kari)
    assert not can_press(house.ola, "colleague.yes")

    await press(house, house.kari, "colleague.ask", people=house.ola.id)
    await press(house, house.ola, "colleague.yes")
    await house.kari.press(can_press(house.kari, "session.next")[-1], "session.next")
    card = house.kari.chat.last
    await press_raw(house.kari, card, "colleague.ask", {"method": "fem_minutter", "people": per.id})
    await house.settle()
    assert not can_press(per, "colleague.yes"), "nor one after the other"


async def test_who_is_in_no_group_is_told_where_to_write_it(house: House) -> None:
    await house.kari.write("fem minutter")
    assert SAY("five.where") in house.kari.sees(house.kari.chat.last).replace("\n", " ")


@pytest.mark.parametrize(
    "chosen",
    [Preferences(paused_until=date(2027, 2, 1)), Preferences(opens=time(12), closes=time(16))],
    ids=["away", "not at work"],
)
async def test_whom_nobody_can_ask_now(house: House, chosen: Preferences) -> None:
    await share_a_group(house, house.kari, house.ola)
    keep = house.operational.preferences.change(house.ola.id, lambda _: chosen)
    await house.operational.run(keep)

    assert await offered(house, house.kari) == {}
    told = house.kari.sees(house.kari.chat.last)
    assert SAY("colleague.nobody_now") in told
    assert "Ola" not in told


async def test_nobody_is_asked_in_the_quiet_hours_of_a_group(house: House) -> None:
    group = await share_a_group(house, house.kari, house.ola)
    await house.services.reminders.keep_quiet(group, Quiet(time(9), time(11)))

    assert await offered(house, house.kari) == {}


async def test_being_asked_is_switched_off_where_reminders_are(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await house.ola.write("varsler")
    await press(house, house.ola, "reminder.save", kinds="soon", opens="08:00", closes="16:00")

    assert await offered(house, house.kari) == {}


# --- What goes otherwise ------------------------------------------------------------------------


async def test_three_ask_one_at_once_and_each_gets_an_answer(house: House) -> None:
    fourth, *others = (house.teams.user(f"Kollega {n}") for n in range(3))
    askers = [house.kari, *others]
    await share_a_group(house, house.ola, fourth, *askers)
    for each in askers:
        await ask(house, each, house.ola)
    first, second, third = can_press(house.ola, "colleague.yes")
    await house.ola.press(first, "colleague.no")
    await house.ola.press(second, "colleague.yes")
    await house.ola.press(third, "colleague.later")
    await house.settle()

    assert SAY("colleague.cannot", n=1) in everything_in(askers[0])
    assert can_press(askers[1], "session.next")
    assert SAY("colleague.can_later", n=1) in everything_in(askers[2])
    assert house.ola.id not in await offered(house, fourth), "a fourth time on one day"
    await press(house, askers[1], "session.end")
    await house.ola.press(third, "colleague.yes")
    await house.settle()
    assert can_press(askers[2], "session.next")


async def test_two_say_yes_at_once_and_are_both_in_it(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola, siri)
    await ask(house, house.kari, house.ola, siri)
    presses = [
        each.prepared(can_press(each, "colleague.yes")[-1], "colleague.yes")()
        for each in (house.ola, siri)
    ]
    await asyncio.gather(*presses)
    await house.settle()

    assert can_press(house.ola, "session.leave")
    assert can_press(siri, "session.leave")
    assert len(can_press(house.kari, "session.next")) == 1


async def test_a_finger_that_slips_asks_once(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await offered(house, house.kari)
    card = can_press(house.kari, "colleague.ask")[-1]
    press_it = house.kari.prepared(card, "colleague.ask", {"people": house.ola.id})
    await asyncio.gather(press_it(), press_it())
    await house.settle()

    assert len(can_press(house.ola, "colleague.yes")) == 1
    assert await rows(house, "session") == 1
    question = can_press(house.ola, "colleague.yes")[-1]
    yes = house.ola.prepared(question, "colleague.yes")
    await asyncio.gather(yes(), yes())
    await house.settle()
    assert len(can_press(house.ola, "session.leave")) == 1


async def test_nothing_is_lost_when_the_bot_is_started_anew(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await house.restart()
    await press(house, house.ola, "colleague.yes")
    await house.restart()
    await press(house, house.kari, "session.send", text=HAPPENED)
    assert HAPPENED in everything_in(house.ola)


async def test_who_has_left_the_group_is_not_asked(house: House) -> None:
    group = await share_a_group(house, house.kari, house.ola)
    await offered(house, house.kari)
    await leave_the_group(house, group, house.ola)
    await press(house, house.kari, "colleague.ask", people=house.ola.id)

    assert not can_press(house.ola, "colleague.yes")
    assert await rows(house, "session") == 0


async def test_who_cannot_be_reached_cannot(house: House) -> None:
    gone = house.teams.user("Geir Gått", has_app=False)
    await share_a_group(house, house.kari, gone)
    await ask(house, house.kari, gone)
    await house.settle()

    assert SAY("colleague.cannot", n=1) in house.kari.sees(house.kari.chat.last)


async def test_who_leaves_the_only_other_ends_it_kindly(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await press(house, house.ola, "colleague.yes")
    await press(house, house.ola, "session.leave")

    assert SAY("session.ended.forgotten") in house.kari.sees(house.kari.chat.last)


async def test_whoever_is_deleted_is_asked_no_more_and_asks_no_more(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await house.ola.write("slett")
    await press(house, house.ola, "erase.confirm")
    assert SAY("colleague.cannot", n=1) in everything_in(house.kari)
    await house.kari.write("slett")
    await press(house, house.kari, "erase.confirm")

    with sqlite3.connect(house.folder / "kollegial.db") as database:
        left = "\n".join(database.iterdump())
    assert house.ola.id not in left
    assert await house.services.sessions.stored.living() == []


async def test_whoever_is_deleted_in_the_middle_of_a_talk_is_nobody_in_it(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola, siri)
    await ask(house, house.kari, house.ola, siri)
    for each in (house.ola, siri):
        await press(house, each, "colleague.yes")
    await house.ola.write("slett")
    await press(house, house.ola, "erase.confirm")

    (live,) = await house.services.sessions.stored.living()
    assert house.ola.id.encode() not in live.document
    assert not [c for c in await house.services.sessions.stored.cards(live.id) if house.ola.id in c]
    assert can_press(house.kari, "session.next"), "the others go on"


async def test_what_did_not_begin_leaves_nothing_in_the_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot is ended between the group of a talk and its session."""
    await share_a_group(house, house.kari, house.ola)
    with monkeypatch.context() as patch:
        patch.setattr(SessionStore, "add", lambda *_: 1 / 0)
        await ask(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)

    assert can_press(house.ola, "colleague.yes")


async def test_knowing_a_question_is_no_right_to_answer_it(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    await share_a_group(house, house.kari, house.ola, siri)
    await ask(house, house.kari, house.ola)
    (live,) = await house.services.sessions.stored.living()
    await siri.write("hjelp")
    for verb in (
        "colleague.yes",
        "colleague.later",
        "colleague.no",
        "colleague.off",
        "colleague.more",
    ):
        reply = await press_raw(siri, siri.chat.last, verb, {"session": live.id})
        assert reply.text in (SAY("colleague.gone"), SAY("gate.no"))
        assert "Kari" not in str(reply.body)

    assert await house.services.sessions.stored.get(live.id) == live


async def test_a_talk_is_no_group_of_whoever_asked(house: House) -> None:
    await share_a_group(house, house.kari, house.ola)
    await ask(house, house.kari, house.ola)
    await house.kari.write("grupper")

    assert SAY("groups.leads") not in house.kari.sees(house.kari.chat.last)
