"""Sessions through HTTP: what the group, the facilitator and each member see and can do."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.delivery.dispatcher import LEASE
from bot.sessions.handlers import VERBS
from bot.sessions.jobs import SessionSenders
from bot.ui.elements import plain
from bot.ui.texts import texts
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards
from simulation.teams import BotReply, Chat, Post, User
from tests.support.databases import on_both
from tests.support.kollegial import House, can, kollegial, press_raw

SAY = texts("nb")
METHOD = "veiledningsgruppe"
LOCALES: dict[Language, str] = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path, ()) as house:
        yield house


def verbs(user: User, post: Post) -> list[str]:
    return [str(action.get("verb")) for action in cards.actions(user.card(post))]


def with_button(chat: Chat, user: User, verb: str) -> Post:
    """The newest post in a chat that has this button."""
    return next(
        post
        for post in reversed(chat.posts)
        if post.author is None and post.card and verb in verbs(user, post)
    )


def status(chat: Chat, user: User) -> Post:
    """The card of the phase that is open."""
    return with_button(chat, user, "session.here")


def fact_of(user: User, post: Post, title: str) -> str:
    """The value of a fact on a card."""
    facts = (f for e in cards.elements(user.card(post)) for f in e.get("facts", ()))
    return next(str(fact["value"]) for fact in facts if fact["title"] == title)


async def gather(house: House, *members: User, language: str = "start") -> Chat:
    """A group chat in which these have pressed that they are here; Anne leads."""
    chat = house.teams.group_chat(house.anne, *members)
    await house.anne.write(f"{language} {METHOD}", chat)
    await house.settle()
    for member in members:
        await member.press(status(chat, member), "session.here")
    await house.settle()
    return chat


async def told_in(house: House, chat: Chat, user: User, text: str) -> str:
    """What the bot says in the chat to something that is written there."""
    before = len(chat.posts)
    await user.write(text, chat)
    await house.settle()
    return "\n".join(user.sees(post) for post in chat.posts[before:] if post.author is None)


async def lead(house: House, verb: str) -> BotReply:
    """Press on Anne's panel."""
    reply = await house.anne.press(with_button(house.anne.chat, house.anne, verb), verb)
    await house.settle()
    return reply


async def reach(house: House, chat: Chat, title: str) -> Post:
    """Start, and skip phases until this one is open."""
    if any(verb == "session.start" for verb in verbs(house.anne, house.anne.chat.last)):
        await lead(house, "session.start")
    for _ in range(20):
        post = status(chat, house.anne)
        if title in house.anne.sees(post):
            return post
        await lead(house, "session.next" if "Velg én" in house.anne.sees(post) else "session.skip")
    raise AssertionError(title)


async def part(house: House, user: User, post: Post) -> Post:
    """One's own part of the phase, brought down in the personal chat."""
    await user.press(post, "session.open")
    await house.settle()
    return user.chat.last


async def test_while_an_owner_is_chosen_the_panel_names_the_part_that_is_theirs(
    house: House,
) -> None:
    chat = await gather(house, house.kari, house.ola)
    await reach(house, chat, "Velg én episode")
    phases = house.services.methods.get(METHOD).phases
    vote = next(n for n, each in enumerate(phases) if each.does.elects_from() is not None)
    panel = house.anne.sees(with_button(house.anne.chat, house.anne, "session.next"))
    assert SAY("panel.next", title=plain(phases[vote + 1].title["nb"])) in panel


async def chosen(house: House, chat: Chat, *members: User) -> Post:
    """The first of them is chosen as the owner, who tells more."""
    post = await reach(house, chat, "Velg én episode")
    for member in members:
        own = await part(house, member, post)
        first = cards.inputs(member.card(own))["choices"]["choices"][0]["value"]
        await member.press(own, "session.vote", {"choices": first})
    await lead(house, "session.next")
    return status(chat, house.anne)


async def told(house: House, chat: Chat, *members: User) -> None:
    """Each tells an episode."""
    post = await reach(house, chat, "Fortell kort")
    for _ in members:
        for member in members:
            await member.press(post, "session.done")
    await house.settle()


# --- Gathering and starting ---------------------------------------------------------------------


async def test_a_group_gathers_and_starts(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)

    assert "Kari Eksempel, Ola Eksempel" in house.kari.sees(status(chat, house.kari))
    await lead(house, "session.start")

    said = house.kari.sees(status(chat, house.kari))
    assert "Velkommen" in said
    assert "del 1 av" in said


async def test_start_gathers_then_begins_then_shows_where_we_are(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await house.anne.write("start", chat)
    await house.settle()
    first = status(chat, house.anne)
    await house.anne.write("start", chat)
    await house.settle()

    again = status(chat, house.anne)
    assert again is not first
    assert house.anne.sees(again) == house.anne.sees(again)
    assert house.anne.sees(first) == SAY("session.moved")


async def test_one_needs_company(house: House) -> None:
    await gather(house, house.kari)

    reply = await lead(house, "session.start")

    assert SAY("refused.too_few") in cards.text_of(reply.card or {})


async def test_only_facilitators_begin_where_there_is_no_group(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    await house.kari.write("start", chat)

    assert chat.last.text == SAY("session.start.no")


async def test_who_leads_the_office_is_told_why_not_to_facilitate_there(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    async with house.operational.begin() as transaction:
        transaction.run(house.operational.groups.list_leader(house.anne.id, chat.id))
    await house.anne.write("start", chat)

    assert chat.last.text == SAY("plan.fault.leads_here")


async def test_members_of_a_group_may_begin_the_next_time(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    await lead(house, "session.end")
    await house.kari.write("start", chat)
    await house.settle()

    assert SAY("session.gathering") in house.ola.sees(status(chat, house.ola))
    assert "session.start" in verbs(house.kari, house.kari.chat.last)


async def test_what_is_chosen_on_the_card_is_the_method(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    await house.anne.write("start", chat)
    await house.anne.press(chat.last, "session.choose", {"method": METHOD})
    await house.settle()

    assert "Veiledningsgruppe" in house.kari.sees(status(chat, house.kari))


# --- The group's card ---------------------------------------------------------------------------


async def test_eight_presses_at_once_are_all_counted(house: House) -> None:
    members = [house.teams.user(f"Deltaker {n}") for n in range(8)]
    chat = house.teams.group_chat(house.anne, *members)
    await house.anne.write(f"start {METHOD}", chat)
    await house.settle()
    post = status(chat, house.anne)
    replies = await asyncio.gather(*(member.press(post, "session.here") for member in members))
    await house.settle()

    assert [reply.text for reply in replies] == [SAY("told.here")] * 8
    said = house.anne.sees(status(chat, house.anne))
    assert all(member.name in said for member in members)
    (group,) = await house.operational.groups.of_person(members[0].id)
    assert {each.person for each in group.members} == {member.id for member in members}


async def test_a_double_press_of_next_goes_one_step(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    panel = with_button(house.anne.chat, house.anne, "session.next")
    press = house.anne.prepared(panel, "session.next")
    replies = await asyncio.gather(press(), press())
    await house.anne._teams.redeliver(replies[0])
    await house.settle()

    assert "del 2 av" in house.anne.sees(status(chat, house.anne))


async def test_a_double_press_of_next_passes_nobody_over_in_a_round(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    chat = await gather(house, house.kari, house.ola, siri)
    post = await reach(house, chat, "Fortell kort")
    panel = with_button(house.anne.chat, house.anne, "session.next")
    press = house.anne.prepared(panel, "session.next")
    reply, _ = await asyncio.gather(press(), press())
    await house.teams.redeliver(reply)
    await house.settle()

    assert "1 av 3" in house.anne.sees(post)


async def test_each_phase_has_one_card_and_the_last_one_no_buttons(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    first = await reach(house, chat, "Velkommen")
    await reach(house, chat, "Fortell kort")

    assert verbs(house.kari, first) == []
    assert SAY("session.phase.over") in house.kari.sees(first)
    assert sum("Velkommen" in house.kari.sees(post) for post in chat.posts if post.card) == 1


@pytest.mark.parametrize("is_late", [False, True], ids=["at once", "when it is over"])
async def test_a_card_that_nobody_noted_is_known_again_when_pressed(
    house: House, is_late: bool
) -> None:
    """The connection broke, or the bot was killed, when the card had just arrived."""
    chat = await gather(house, house.kari, house.ola)
    house.teams.fail("POST", path="/activities", is_after=True, is_cut=True)
    await lead(house, "session.start")
    post = status(chat, house.kari)
    assert "Velkommen" in house.kari.sees(post)
    parked = await house.operational.outbox.parked()
    assert [each.kind for each in parked] == ["phase_card"]

    if is_late:
        await lead(house, "session.next")
        assert "session.break" in verbs(house.kari, post)
    await house.kari.press(post, "session.here")
    if not is_late:
        await lead(house, "session.next")
    await house.settle()

    assert verbs(house.kari, post) == []
    assert await house.operational.outbox.parked() == []
    assert "Fortell kort" in house.kari.sees(status(chat, house.kari))


@pytest.mark.parametrize("replicas", [1, 2])
async def test_no_update_that_was_overtaken_is_the_last(house: House, replicas: int) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    slow = asyncio.Event()
    house.teams.fail("PUT", path=f"/activities/{post.id}", until=slow)
    await house.kari.press(post, "session.done")
    await house.teams.until(lambda: house.teams.pending_faults == 0)
    if replicas == 2:  # the other knows nothing of what this one is drawing
        services = house.services
        other = SessionSenders(
            services.operational,
            services.teams,
            services.sessions,
            services.reminders,
            services.studies,
            calendars="",
            summaries="",
        )
        services.dispatcher._kinds = {**services.dispatcher._kinds, **other.kinds}
    here = len(chat.posts)
    await house.anne.press(with_button(house.anne.chat, house.anne, "session.skip"), "session.skip")
    await house.teams.until(lambda: len(chat.posts) > here)  # the part after it is there
    slow.set()
    await house.settle()

    assert verbs(house.kari, post) == []


@on_both
@pytest.mark.parametrize("by", ["a press", "the next to take it over"])
async def test_a_card_that_a_killed_bot_drew_too_late_is_closed_again(
    tmp_path: Path, urls: dict[str, str], by: str
) -> None:
    now = [datetime(2026, 9, 1, 8, tzinfo=UTC)]
    async with kollegial(tmp_path, (), now=lambda: now[0], urls=urls) as house:
        chat = await gather(house, house.kari, house.ola)
        post = await reach(house, chat, "Fortell kort")
        slow = asyncio.Event()
        house.teams.fail("PUT", path=f"/activities/{post.id}", until=slow)
        await house.kari.press(post, "session.done")
        await house.teams.until(lambda: house.teams.pending_faults == 0)
        skip = with_button(house.anne.chat, house.anne, "session.skip")
        here = len(chat.posts)
        await house.anne.press(skip, "session.skip")
        await house.teams.until(lambda: not verbs(house.kari, post) and len(chat.posts) > here)
        while "phase_closed" in await house.operational.outbox.counted("due"):
            pass  # it has arrived, and is not noted yet
        for worker in house.services.dispatcher._lanes[0].workers:
            worker.cancel()
        slow.set()
        await house.teams.until(lambda: "session.break" in verbs(house.kari, post))

        if by == "a press":
            await house.kari.press(post, "session.done")
        else:
            now[0] += LEASE
        await house.settle()

        assert verbs(house.kari, post) == []
        assert SAY("session.phase.over") in house.kari.sees(post)
        assert status(chat, house.kari) is not post


@pytest.mark.parametrize("language", LANGUAGES)
async def test_commands_do_what_buttons_do(house: House, language: Language) -> None:
    say = texts(language)
    anne = house.teams.user("Anne Administrator", locale=LOCALES[language])
    chat = house.teams.group_chat(anne, house.kari, house.ola)

    async def command(name: str) -> str:
        await anne.write(say(f"command.{name}.title"), chat)
        await house.settle()
        return anne.sees(chat.last)

    await anne.write(f"{say('command.start.title')} {METHOD}", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(chat, member), "session.here")
    await command("start")
    assert "2" in (await command("next")).splitlines()[0]
    assert "1" in (await command("back")).splitlines()[0]
    await command("pause")
    assert say("session.resting") in anne.sees(with_button(chat, anne, "session.resume"))
    await command("resume")
    assert "session.break" in verbs(anne, status(chat, anne))
    await command("status")
    assert "session.break" in verbs(anne, chat.last)
    assert say("panel.end.question") in await command("end")
    await anne.press(chat.last, "session.end")
    await house.settle()
    assert say("session.ended.ended") in anne.sees(chat.last)
    assert say("session.none") in await command("next")


async def test_only_the_facilitator_leads(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    await house.kari.write("neste", chat)

    assert chat.last.text == SAY("refused.not_facilitator")
    assert "del 1 av" in house.anne.sees(status(chat, house.anne))


async def test_who_is_not_there_is_told_how_to_join(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    per = house.teams.user("Per Eksempel")
    chat.members.append(per)
    post = await reach(house, chat, "Fortell kort")

    for verb in ("session.done", "session.open"):
        assert (await per.press(post, verb)).text == SAY("refused.not_a_member")
    assert (await per.press(post, "session.here")).text == SAY("told.here")


async def test_late_arrivals_and_leavers_come_and_go(house: House) -> None:
    siri = house.teams.user("Siri Eksempel")
    chat = await gather(house, house.kari, house.ola)
    chat.members.append(siri)
    post = await reach(house, chat, "Fortell kort")
    await siri.press(post, "session.here")
    await house.kari.press(post, "session.leave")
    await house.settle()
    assert "0 av 2" in house.anne.sees(post)

    await house.kari.press(post, "session.here")
    await house.settle()
    assert "0 av 3" in house.anne.sees(post)


async def test_the_facilitator_leaves_while_the_group_gathers(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await house.anne.press(status(chat, house.anne), "session.leave")
    await house.settle()
    post = status(chat, house.kari)

    assert SAY("session.leaderless") in house.kari.sees(post)
    assert "session.start" not in verbs(house.kari, post)
    assert SAY("refused.nobody_leads") in (await told_in(house, chat, house.kari, "start"))
    await house.kari.press(post, "session.take")
    await house.settle()
    await house.kari.press(
        with_button(house.kari.chat, house.kari, "session.start"), "session.start"
    )
    await house.settle()
    assert "Velkommen" in house.ola.sees(status(chat, house.ola))


async def test_who_gathers_a_group_and_leaves_it_to_nobody_holds_up_no_other(house: House) -> None:
    chat = house.teams.group_chat(house.anne, house.kari)
    await house.anne.write(f"start {METHOD}", chat)
    await house.settle()
    await house.anne.press(status(chat, house.anne), "session.leave")
    await house.settle()
    await house.anne.write("start", chat)
    await house.settle()

    await house.kari.press(status(chat, house.kari), "session.here")
    await house.settle()
    assert "Kari Eksempel" in house.kari.sees(status(chat, house.kari))
    assert "session.start" in verbs(house.kari, status(chat, house.kari))


async def test_the_facilitator_drops_out_and_a_member_takes_over(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    await house.anne.press(post, "session.leave")
    await house.settle()
    assert SAY("session.leaderless") in house.kari.sees(post)

    await house.kari.press(post, "session.take")
    await house.settle()
    panel = with_button(house.kari.chat, house.kari, "session.next")
    await house.kari.press(panel, "session.skip")
    await house.settle()
    assert "Velg én episode" in house.ola.sees(status(chat, house.ola))


async def test_handing_over_changes_both_panels(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    panel = with_button(house.anne.chat, house.anne, "session.choices")
    await house.anne.press(panel, "session.choices")
    heir = {"to": house.kari.id}
    await house.anne.press(house.anne.chat.last, "session.hand", heir)
    await house.settle()

    assert "Kari Eksempel" in house.anne.sees(panel)
    assert can(house.kari, house.kari.chat.last, "session.next")
    assert chat.last.text == SAY("session.leads_now", name="Kari Eksempel")  # all are told
    assert "Kari Eksempel" in fact_of(house.ola, status(chat, house.ola), SAY("session.leads"))
    stale = await house.anne.write("neste", chat)
    assert stale.status == 200
    assert chat.last.text == SAY("refused.not_a_member")


async def test_a_break_keeps_everything_and_nobody_sees_who_asked(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    reply = await house.kari.press(post, "session.break")
    await house.settle()

    assert reply.text == SAY("told.pause_asked")
    assert SAY("session.resting") in house.ola.sees(post)
    await house.restart()
    await house.ola.press(status(chat, house.ola), "session.resume")  # who may pause may go on
    await house.settle()
    assert "session.break" in verbs(house.ola, status(chat, house.ola))


async def test_a_session_belongs_to_the_channel_and_not_to_the_thread(house: House) -> None:
    channel = house.teams.channel(house.anne, house.kari, house.ola)
    first = (await house.anne.write(f"start {METHOD}", channel)).activity["id"]
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(channel, member), "session.here")
    for said in ("status", f"start {METHOD}", "neste", "pause", "avslutt likevel"):
        posted = (await house.anne.write(said, channel)).activity["id"]
        await house.settle()
        line = next(post for post in reversed(channel.posts) if post.thread == posted)
        assert f"/{first}?tenantId=" in line.text or line.text == SAY("session.pause.written"), said

    assert SAY("session.ended") in house.kari.sees(
        [post for post in channel.posts if post.thread == first and post.card][-1]
    )
    assert not await house.services.sessions.at(channel.id)


async def test_the_bot_is_removed_and_comes_back_to_the_session(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await reach(house, chat, "Fortell kort")
    await house.teams.uninstall(chat, house.anne)
    await house.teams.install(chat, house.anne)
    await house.anne.write("status", chat)
    await house.settle()

    assert "Fortell kort" in house.kari.sees(chat.last)
    assert (await house.kari.press(chat.last, "session.done")).status == 200


# --- What members write -------------------------------------------------------------------------


async def test_what_is_written_alone_is_shown_together_without_names(house: House) -> None:
    members = [house.kari, house.ola, *(house.teams.user(f"Deltaker {n}") for n in range(3))]
    chat = await gather(house, *members)
    await told(house, chat, *members)
    await chosen(house, chat, *members)
    post = await reach(house, chat, "Skriv alene")
    writers = []
    for word, member in zip(("rolig", "lenge", "litt", "gjerne", "stille"), members, strict=True):
        own = await part(house, member, post)
        if "session.send" in verbs(member, own):  # the owner listens
            await member.press(own, "session.send", {"text": f"Jeg ventet {word}"})
            writers.append((member, own))
    await house.settle()
    assert len(writers) == 4
    assert "Jeg ventet" not in house.anne.sees(post)
    assert "Jeg ventet" not in house.anne.sees(
        with_button(house.anne.chat, house.anne, "session.next")
    )

    (editor, own), *_ = writers
    await editor.press(own, "session.edit", {"text": "Halvferdig"})
    assert SAY("refused.unsent") in editor.sees(own)  # nothing that is not sent is dropped
    assert cards.inputs(editor.card(own))["text"]["value"] == "Halvferdig"
    await editor.press(own, "session.edit", {"text": ""})
    await editor.press(own, "session.send", {"text": "Jeg telte til ti"})
    await lead(house, "session.next")

    said = house.anne.sees(status(chat, house.anne))
    assert "Jeg telte til ti" in said
    assert said.count("Jeg ventet") == 3
    assert not any(member.name in said.split(SAY("session.sees"))[1] for member in members)


async def test_a_guard_suggests_and_never_stops(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await told(house, chat, house.kari, house.ola)
    await chosen(house, chat, house.kari, house.ola)
    post = await reach(house, chat, "Åpne spørsmål")
    asking = house.ola if "Kari" in str(await owner_name(house, chat)) else house.kari
    own = await part(house, asking, post)
    advice = "Har du prøvd å ringe legen?"

    reply = await asking.press(own, "session.send", {"text": advice})
    said = cards.text_of(reply.card or {})
    assert SAY("own.anyway") in said
    assert advice in said
    assert advice not in house.anne.sees(post)

    await asking.press(own, "session.send", {"text": advice}, data={"anyway": "yes"})
    await house.settle()
    assert advice in house.anne.sees(post)


async def owner_name(house: House, chat: Chat) -> str:
    """Whose part has the button that stops it."""
    for user in (house.kari, house.ola):
        own = await part(house, user, status(chat, user))
        if "session.stop" in verbs(user, own):
            return user.name
    return ""


BAD = {
    "far too long": "æ" * 20_000,
    "empty": "",
    "blank": " \u200b\n",
    "half a character": "hei \ud83d",
    "an e-mail address": "Skriv til noen@example.org",
}
GOOD = {
    "only emoji": "🙂🙂",
    "a mention": "<at>Ola</at> sa noe",
    "Markdown": "**fet** [lenke](https://example.org) # tittel",
    "direction marks": "abc \u202etxet\u202c",
    "card functions": "{{DATE(2026-01-01T00:00:00Z)}} ${x}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
async def test_what_cannot_be_taken_stays_with_its_writer(house: House, text: str) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    own = await part(house, house.kari, post)
    before = house.ola.sees(post)

    reply = await house.kari.press(own, "session.send", {"text": text})
    await house.settle()

    assert reply.status == 200
    card = reply.card or {}
    assert SAY("error.bug") not in cards.text_of(card)
    assert cards.inputs(card)["text"]["value"] == (text or "")
    assert house.ola.sees(post) == before


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
async def test_what_can_be_taken_is_shown_as_it_was_written(house: House, text: str) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    own = await part(house, house.kari, post)

    await house.kari.press(own, "session.send", {"text": text})
    with suppress(cards.CannotPress):  # where it could be a name, one is asked once more
        await house.kari.press(own, "session.send", {"text": text}, data={"anyway": "yes"})
    await house.settle()

    shown = [e["text"] for e in cards.elements(house.ola.card(post)) if "text" in e]
    assert plain(text) in shown


async def test_a_text_for_a_phase_that_is_over_is_kept_on_its_card(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    own = await part(house, house.kari, post)
    late = house.kari.prepared(own, "session.send", {"text": "Det var en gang"})
    await lead(house, "session.skip")

    reply = await late()

    said = cards.text_of(reply.card or {})
    assert SAY("refused.phase_over") in said
    assert "Det var en gang" in said


async def test_the_same_words_delivered_again_are_one_contribution(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    own = await part(house, house.kari, post)
    press = house.kari.prepared(own, "session.send", {"text": "Det var en gang"})
    reply, _ = await asyncio.gather(press(), press())
    await house.teams.redeliver(reply)
    await house.settle()

    assert house.ola.sees(post).count("Det var en gang") == 1


@pytest.mark.parametrize(
    "forged",
    [
        {"session": "nope"},
        {"session": 7},
        {"visit": 99},
        {"visit": "x"},
        {"id": "x" * 5000},
        {"to": "somebody"},
        {"minutes": "-5"},
        {},
    ],
    ids=str,
)
async def test_whatever_is_forged_changes_nothing(house: House, forged: dict[str, object]) -> None:
    chat = await gather(house, house.kari, house.ola)
    post = await reach(house, chat, "Fortell kort")
    genuine = cards.action(house.kari.card(post), "session.done")["data"]
    before = house.ola.sees(post)
    for verb in sorted({*every_verb()} - {"session.choose"}):
        data = {**genuine, "visit": 99, **forged}
        for user in (house.teams.user("Fremmed Eksempel"), house.ola):
            if verb in ("session.here", "session.leave", "session.break", "session.observe"):
                continue  # what anyone there may do, whatever the card says
            reply = await press_raw(user, post, verb, data)
            assert reply.status == 200, verb
            assert SAY("error.bug") not in str(reply.body), verb
    await house.settle()
    assert house.ola.sees(post) == before


def every_verb() -> Sequence[str]:
    return tuple(VERBS)


async def test_a_session_that_never_started_is_not_the_groups_first_meeting(house: House) -> None:
    chat = await gather(house, house.kari, house.ola)
    await house.anne.write("avslutt likevel", chat)
    await house.settle()
    assert SAY("session.ended.never_started") in house.anne.sees(chat.last)

    await house.anne.write("start", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(chat, member), "session.here")
    await house.settle()
    await lead(house, "session.start")
    assert "Det er frivillig" in house.kari.sees(status(chat, house.kari))


async def test_the_bots_words_shrink_and_the_second_meeting_asks_what_was_tried(
    house: House,
) -> None:
    chat = await gather(house, house.kari, house.ola)
    await lead(house, "session.start")
    await lead(house, "session.end")
    await house.anne.write("start", chat)
    await house.settle()
    for member in (house.kari, house.ola):
        await member.press(status(chat, member), "session.here")
    await house.settle()
    await lead(house, "session.start")

    card = house.kari.card(status(chat, house.kari))
    hidden = [e for e in cards.elements(card) if e.get("isVisible") is False]
    assert len(hidden) == 1, "the whole script, for those who want it"
    await lead(house, "session.next")
    assert "siden sist" in house.kari.sees(status(chat, house.kari)).casefold()
