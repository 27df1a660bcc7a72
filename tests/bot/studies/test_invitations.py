"""Inviting, beginning, closing: what facilitators do in a channel, and what others press there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.ui.elements import plain
from bot.ui.texts import texts
from dialogs.studies.study import LANGUAGES
from simulation import cards
from simulation.teams import Chat, Post, User
from tests.support.kollegial import (
    House,
    begin,
    can,
    deliver,
    impatient,
    kollegial,
    press_raw,
    sort,
)
from tests.support.questionnaires import shipped
from tests.support.studies import SMALL, study_of

SAY = texts("nb")
OTHER = study_of(
    {-1: 1, 0: 1, 1: 1}, id="annen", title=dict.fromkeys(LANGUAGES, "*Annen* {{DATE()}}")
)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with kollegial(tmp_path) as house:
        yield house


def channel_of(house: House, count: int = 12) -> Chat:
    others = [house.teams.user(f"Kollega {n}") for n in range(count - 3)]
    return house.teams.channel(house.anne, house.kari, house.ola, *others)


async def invite(house: House, channel: Chat, text: str = "inviter") -> Post:
    """The invitation as it stands in the channel."""
    count = len(channel.posts)
    await house.anne.write(text, channel)
    await house.teams.until(lambda: len(channel.posts) == count + 2)
    await house.settle()
    return channel.last


def consents(user: User) -> list[Post]:
    return [post for post in user.chat.posts if post.card and can(user, post, "study.consent")]


# Inviting


async def test_an_invitation_says_what_and_for_whom_and_until_when(house: House) -> None:
    channel = channel_of(house)
    post = await invite(house, channel)

    seen = house.kari.sees(post)
    for expected in (
        SMALL.title["nb"],
        SMALL.purpose["nb"],
        SAY("study.facts.length.value", n=9, minutes=20),
        SAY("study.facts.until.open"),
        SAY("study.facts.who.value"),
        SAY("study.facts.voluntary.value"),
    ):
        assert expected in seen
    (invitation,) = await house.operational.invitations(SMALL.id)
    assert (invitation.activity, invitation.members) == (post.id, 12)
    await house.anne.write("status", channel)
    assert "12 inviterte" in house.anne.sees(channel.last)


async def test_few_people_are_not_invited(house: House) -> None:
    channel = channel_of(house, 9)
    await house.anne.write("inviter", channel)
    await house.settle()

    link = SAY("invite.few.link", link=f"{house.settings.board}/studie/prove")
    assert channel.last.text == f"{SAY('invite.few', n=9, minimum=10)} {link}"
    assert await house.operational.invitations(SMALL.id) == []


async def test_the_bound_is_for_the_study_and_not_for_each_place(house: House) -> None:
    """Four groups of four: the card comes in all of them when enough will be invited."""
    places = [four(house, group) for group in "ABCD"]
    for n, place in enumerate(places[:2], start=1):
        await house.anne.write("inviter", place)
        await house.anne.write("inviter", place)  # again counts once
        await house.settle()
        # Anne is in all of them, and one person.
        assert SAY("invite.few", n=1 + 3 * n, minimum=10) in place.last.text
    assert await house.operational.invitations(SMALL.id) == []

    await house.anne.write("inviter", places[2])
    await house.settle()
    for place in places[:3]:
        assert can(house.anne, place.last, "study.start")
    await house.anne.write("inviter", places[3])
    await house.settle()
    assert can(house.anne, places[3].last, "study.start")
    assert await house.services.studies.invited(SMALL.id) == 16
    assert await house.operational.waiting_invitations(SMALL.id) == []


def four(house: House, group: str) -> Chat:
    others = (house.teams.user(f"Kollega {group}{n}") for n in range(3))
    return house.teams.channel(house.anne, *others)


async def test_the_same_people_in_two_places_are_as_few_as_they_are(house: House) -> None:
    place = channel_of(house, 6)
    again = house.teams.group_chat(*place.members)
    for each in (place, again):
        await house.anne.write("inviter", each)
        await house.settle()
        assert SAY("invite.few", n=6, minimum=10) in each.last.text
    assert await house.operational.invitations(SMALL.id) == []


async def test_a_place_that_cannot_be_reached_counts_for_nobody(house: House) -> None:
    gone, place = four(house, "A"), channel_of(house, 9)
    await house.anne.write("inviter", gone)
    gone.refuses = "BotNotInConversationRoster"
    await house.anne.write("inviter", place)
    await house.settle()

    assert SAY("invite.few", n=9, minimum=10) in place.last.text


async def test_a_place_that_waited_for_others_waits_no_more_when_the_study_closes(
    house: House,
) -> None:
    await house.anne.write("inviter", channel_of(house, 4))
    assert len(await house.operational.waiting_invitations(SMALL.id)) == 1

    await house.services.studies.close(SMALL.id, "a researcher")

    assert await house.operational.waiting_invitations(SMALL.id) == []


async def test_on_ones_own_machine_few_people_will_do(tmp_path: Path) -> None:
    async with kollegial(tmp_path, signed=False) as house:
        # Without credentials nobody vouches for who anyone is: `from.id` stands in.
        async with house.operational.begin() as transaction:
            transaction.grant(house.anne.teams_id, "facilitator")
        channel = house.teams.group_chat(house.anne, house.kari)
        await house.anne.write("inviter", channel)
        await house.settle()

        said = [house.anne.sees(post) for post in channel.posts if post.author is None]
        assert len(said) == 2
        assert SAY("invite.few.demonstration", minimum=10) in said
        assert len(await house.operational.invitations(SMALL.id)) == 1


async def test_with_several_studies_one_is_named(house: House) -> None:
    await house.create(OTHER)
    channel = channel_of(house)
    for text in ("inviter", "inviter finnes-ikke", "inviter prove annen"):
        await house.anne.write(text, channel)
        assert channel.last.text.endswith(SAY("invite.which"))
        wrong = text.removeprefix("inviter").strip()
        assert (SAY("study.not_open", name=plain(wrong)) in channel.last.text) == bool(wrong)

    post = await invite(house, channel, "inviter ANNEN")
    assert "\\*Annen\\*" in house.kari.sees(post)
    assert "{{" not in house.kari.sees(post).replace("{\u200b{", "")


async def test_without_an_open_study_there_is_nothing_to_invite_to(tmp_path: Path) -> None:
    async with kollegial(tmp_path, []) as house:
        channel = channel_of(house)
        for text in ("inviter", "lukk", "inviter prove"):
            await house.anne.write(text, channel)
            assert channel.last.text == SAY("study.list.none")


async def test_an_invitation_command_delivered_again_invites_once(house: House) -> None:
    channel = channel_of(house)
    reply = await house.anne.write("inviter", channel)
    await asyncio.gather(*(house.teams.deliver(reply.activity) for _ in range(3)))
    await house.settle()

    assert len([post for post in channel.posts if post.author is None]) == 1


# Pressing the invitation


async def test_the_invitation_opens_the_information_in_the_personal_chat(house: House) -> None:
    post = await invite(house, channel_of(house))
    reply = await house.kari.press(post, "study.start")
    await house.settle()

    assert reply.text == SAY("private.sent")
    (consent,) = consents(house.kari)
    assert SAY("study.origin") in house.kari.sees(consent)
    assert SMALL.information.text["nb"] in house.kari.sees(consent)
    assert can(house.kari, post, "study.start")
    await sort(house.kari, consent)
    assert (await house.kari.press(consent, "qsort.deliver")).card


async def test_pressed_often_and_delivered_again_it_sends_one_card(house: House) -> None:
    post = await invite(house, channel_of(house))
    press = house.kari.prepared(post, "study.start")
    replies = await asyncio.gather(*(press() for _ in range(8)))
    for reply in replies[:3]:
        replies.append(await house.kari.redeliver(reply))
    await house.settle()

    assert {reply.text for reply in replies} == {SAY("private.sent")}
    assert len(consents(house.kari)) == 1
    await house.ola.press(post, "study.start")
    await house.settle()
    assert len(consents(house.ola)) == 1


async def test_without_the_bot_installed_one_hears_how(house: House) -> None:
    siri = house.teams.user("Siri Eksempel", has_app=False, locale="en-GB")
    post = await invite(house, channel_of(house))
    reply = await siri.press(post, "study.start")
    assert reply.text == texts("en")("private.parked")

    await house.teams.install(siri.chat, siri)
    assert (await siri.press(post, "study.start")).text == texts("en")("private.sent")
    await house.settle()
    assert len(consents(siri)) == 1


async def test_who_took_the_bot_away_hears_how_to_get_it_back(house: House) -> None:
    post = await invite(house, channel_of(house))
    await house.kari.write("hjelp")
    await house.teams.uninstall(house.kari.chat, house.kari)
    reply = await house.kari.press(post, "study.start")
    await house.settle()

    assert reply.text == SAY("private.parked")
    assert len(await house.operational.outbox.parked()) == 1


async def test_a_teams_out_of_reach_is_said(house: House) -> None:
    post = await invite(house, channel_of(house))
    house.teams.fail("POST", path="/v3/conversations", status=500)
    with impatient():
        assert (await house.kari.press(post, "study.start")).text == SAY("private.later")

    assert (await house.kari.press(post, "study.start")).text == SAY("private.sent")


async def test_who_cannot_be_counted_is_not_invited(house: House) -> None:
    channel = channel_of(house)
    house.teams.fail("GET", path="pagedmembers", status=403)
    await house.anne.write("inviter", channel)

    assert channel.last.text == SAY("study.start.later")


async def test_no_thanks_leaves_nothing(house: House) -> None:
    await house.kari.write("studie")
    post = house.kari.chat.last
    await house.kari.press(post, "study.start")
    await house.kari.press(post, "study.decline")

    assert house.kari.sees(post) == SAY("consent.declined")
    assert await drafts(house) == 0


async def drafts(house: House) -> int:
    return (await house.urn.destroy(SMALL.id))["drafts"]


async def test_the_start_button_shows_a_sort_that_has_begun(house: House) -> None:
    """A press of `studie`'s button that comes late does not take the sort away."""
    await house.kari.write("studie")
    post = house.kari.chat.last
    start = await house.kari.press(post, "study.start")
    consent = await house.kari.press(post, "study.consent")
    for reply in (start, consent):
        again = await house.kari.redeliver(reply)
        assert again.card == consent.card
    await sort(house.kari, post)
    await house.kari.press(post, "qsort.deliver")

    for reply in (start, consent):
        assert (await house.kari.redeliver(reply)).text == SAY("delivered.already")
    assert can(house.kari, post, "qsort.noted")


async def test_in_a_channel_the_list_of_studies_works_like_an_invitation(house: House) -> None:
    channel = channel_of(house)
    await house.kari.write("studie", channel)
    reply = await house.ola.press(channel.last, "study.start")
    await house.settle()

    assert reply.text == SAY("private.sent")
    assert (len(consents(house.ola)), len(consents(house.kari))) == (1, 0)


async def test_studie_shows_what_was_announced_where_one_is_and_no_observers_form(
    tmp_path: Path,
) -> None:
    (sheet,) = shipped("observasjon")
    async with kollegial(tmp_path, [SMALL, OTHER, sheet]) as house:
        channel, elsewhere = channel_of(house), channel_of(house)
        await invite(house, channel, f"inviter {OTHER.id}")

        def listed(post: Post) -> list[str]:
            actions = cards.actions(house.kari.card(post))
            return [a["data"]["study"] for a in actions if a.get("verb") == "study.start"]

        for place, text, shown in (
            (channel, "studie", [OTHER.id]),
            (elsewhere, "studie", [SMALL.id, OTHER.id]),
            (house.kari.chat, "studie", [SMALL.id, OTHER.id]),
            (house.kari.chat, f"studie {sheet.id}", [sheet.id]),
        ):
            await house.kari.write(text, place)
            assert listed(place.last) == shown


async def test_nothing_of_a_sort_happens_in_a_channel(house: House) -> None:
    post = await invite(house, channel_of(house))
    mine = await begin(house.kari)
    seen = house.kari.sees(post)
    card = house.kari.card(mine)
    for verb, data in (
        ("study.consent", {"study": SMALL.id, "token": "x"}),
        ("study.decline", {"study": SMALL.id}),
        ("study.withdraw", {"code": "x"}),
        ("study.keep", {"study": SMALL.id}),
        ("study.close", {"study": SMALL.id}),
        ("qsort.read", card["actions"][0]["data"]),
        ("qsort.noted", {"study": SMALL.id}),
        ("qsort.", {}),
        ("forged", {}),
        ("", {}),
    ):
        reply = await press_raw(house.kari, post, verb, data)
        assert reply.text
    await house.settle()

    assert (house.kari.sees(post), house.ola.sees(post)) == (seen, seen)
    assert await house.services.studies.is_open(SMALL.id)
    assert house.kari.card(mine) == card


# Closing


async def test_closing_asks_first_and_can_be_left(house: House) -> None:
    await house.anne.write("lukk")
    assert SAY("close.question", title="Prøve") in house.anne.sees(house.anne.chat.last)
    await house.anne.press(house.anne.chat.last, SAY("close.cancel"))

    assert house.anne.sees(house.anne.chat.last) == SAY("close.cancelled")
    assert await house.services.studies.is_open(SMALL.id)


async def test_closed_everywhere(house: House) -> None:
    """Invitations, lists and open sorts say so; drafts are gone."""
    posts = [await invite(house, channel_of(house)), await invite(house, channel_of(house))]
    begun = await begin(house.kari)
    await house.ola.write("studie")
    listed = house.ola.chat.last
    await house.anne.write("lukk prove")
    question = house.anne.chat.last
    reply = await house.anne.press(question, "study.close")
    assert reply.card
    again = await house.anne.redeliver(reply)
    assert again.card == reply.card
    await house.teams.until(lambda: all(not can(house.ola, p, "study.start") for p in posts))

    assert house.anne.sees(question) == SAY("close.done", title="Prøve")
    for post in posts:
        assert SAY("invite.closed") in house.kari.sees(post)
    await house.kari.press(begun, "qsort.read")
    assert house.kari.sees(begun) == SAY("draft.gone")
    closed = SAY("study.closed", title="Prøve")
    assert (await house.ola.press(listed, "study.start")).text == closed
    entries = [e for e in await house.operational.audit_log() if e.what == "close"]
    assert [(e.who, e.study) for e in entries] == [(house.anne.id, SMALL.id)]
    assert await drafts(house) == 0


async def test_the_question_names_the_study_and_an_unknown_one_is_asked_for(house: House) -> None:
    await house.create(OTHER)
    await house.anne.write("lukk noe annet")
    assert house.anne.chat.last.text.endswith(SAY("close.which"))

    await house.anne.write("lukk annen")
    assert "\\*Annen\\*" in house.anne.sees(house.anne.chat.last)
    await house.anne.press(house.anne.chat.last, "study.close")
    assert "\\*Annen\\*" in house.anne.sees(house.anne.chat.last)


async def test_a_participants_forged_press_closes_nothing(house: House) -> None:
    channel = channel_of(house)
    await house.anne.write("lukk", channel)
    post = channel.last
    for reply in (
        await house.kari.press(post, "study.close"),
        await house.kari.press(post, "study.keep"),
        await press_raw(house.kari, await begin(house.kari), "study.close", {"study": SMALL.id}),
    ):
        assert reply.text == SAY("role.no")

    assert await house.services.studies.is_open(SMALL.id)
    assert can(house.anne, post, "study.close")


async def test_what_was_never_open_is_not_closed(house: House) -> None:
    await house.create(OTHER, is_open=False)
    await house.anne.write("lukk")
    post = house.anne.chat.last
    reply = await press_raw(house.anne, post, "study.close", {"study": "annen"})
    assert reply.text == SAY("study.closed", title=OTHER.title["nb"])

    for unknown in ("", "nope", "ANNEN", None, 7):
        reply = await press_raw(house.anne, post, "study.close", {"study": unknown})
        assert reply.text == SAY("study.unknown")
    assert (await house.urn.states()) == {SMALL.id: "open", "annen": "created"}


async def test_consent_after_closing_opens_nothing(house: House) -> None:
    await house.kari.write("studie")
    post = house.kari.chat.last
    await house.kari.press(post, "study.start")
    await house.services.studies.close(SMALL.id, "a researcher")
    await house.kari.press(post, "study.consent")

    assert house.kari.sees(post) == SAY("study.closed", title="Prøve")
    assert await drafts(house) == 0


@pytest.mark.parametrize("token", ["", "short", "A" * 43 + "=", None, 3, [], "\ud800"])
async def test_consent_needs_a_token_of_ours(house: House, token: object) -> None:
    await house.kari.write("studie")
    reply = await press_raw(
        house.kari, house.kari.chat.last, "study.consent", {"study": SMALL.id, "token": token}
    )

    assert reply.text == SAY("study.unknown")
    assert await drafts(house) == 0


# Being added and taken away


async def test_a_welcome_comes_once_in_each_chat(house: House) -> None:
    siri = house.teams.user("Siri Eksempel", has_app=False)
    await house.teams.install(siri.chat, siri)
    assert [SAY("welcome.personal") in siri.sees(post) for post in siri.chat.posts] == [True]
    person = await house.operational.person(siri.id)
    assert person is not None
    assert person.chat is not None
    assert person.chat["id"] == siri.chat.id

    channel = channel_of(house)
    await house.teams.install(channel, siri)
    said = SAY("welcome.group", name="Siri Eksempel").split("\n\n")
    assert [all(each in siri.sees(post) for each in said) for post in channel.posts] == [True]
    assert can(siri, channel.last, "said")


async def test_a_welcome_offers_the_other_languages(house: House) -> None:
    await house.teams.install(house.kari.chat, house.kari)
    await house.kari.press(house.kari.chat.last, "Nynorsk")

    assert texts("nn")("welcome.start") in house.kari.sees(house.kari.chat.last)


async def test_a_nameless_person_is_someone(house: House) -> None:
    group = house.teams.group_chat(house.kari)
    house.kari.name = ""
    await house.teams.install(group, house.kari)

    said = SAY("welcome.group", name=SAY("welcome.someone"))
    assert said.partition("\n\n")[0] in house.kari.sees(group.last)


async def test_who_comes_back_is_welcomed_again(house: House) -> None:
    for where in (house.kari.chat, house.teams.group_chat(house.kari, house.ola)):
        for _ in range(2):
            await house.teams.install(where, house.kari)
            await house.teams.uninstall(where, house.kari)
        assert len(where.posts) == 2


async def test_a_language_survives_the_bot_being_taken_away(house: House) -> None:
    await house.kari.write("språk nynorsk")
    await house.teams.uninstall(house.kari.chat, house.kari)
    await house.teams.install(house.kari.chat, house.kari)

    assert texts("nn")("welcome.personal") in house.kari.sees(house.kari.chat.last)


async def test_old_cards_with_submit_are_answered_in_the_chat(house: House) -> None:
    """Action.Submit comes as a message, and has no answer of its own."""
    await house.kari.write("studie")
    post = house.kari.chat.last
    data = {"verb": "study.start", "study": "nope"}
    activity = house.kari._activity(post.chat, "message", None)
    await house.teams.deliver(activity | {"value": data, "replyToId": post.id})
    assert house.kari.chat.last.text == SAY("study.unknown")

    await house.teams.deliver(
        activity | {"value": {**data, "study": SMALL.id}, "replyToId": post.id}
    )
    await house.settle()
    assert can(house.kari, post, "study.consent")


async def test_who_submits_twice_has_two_answers_and_two_codes(house: House) -> None:
    first, second = await deliver(house.kari), await deliver(house.kari)

    assert first[0] != second[0]
    assert first[1] != second[1]
