"""Every card of a session: valid, small enough, and saying who sees what, in three languages."""

import json
import re
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest

from bot.gateway.events import Json
from bot.sessions.cards import own, panel
from bot.sessions.cards import phase as cards
from bot.sessions.cards.meeting import SessionView
from bot.sessions.cards.part import PartView
from bot.sessions.cards.primitives import VIEWS
from bot.sessions.methods import shipped
from bot.ui.elements import plain
from bot.ui.texts import texts
from dialogs.sessions import queries
from dialogs.sessions.method import Method
from dialogs.sessions.primitives import TYPES
from dialogs.sessions.primitives.agreement import Agreement
from dialogs.sessions.primitives.guide import Guide
from dialogs.sessions.primitives.inform import Inform
from dialogs.sessions.primitives.open import Open
from dialogs.sessions.primitives.owner import Owner
from dialogs.sessions.primitives.private import Private
from dialogs.sessions.primitives.round import Round
from dialogs.sessions.primitives.vote import Vote
from dialogs.sessions.state import (
    MAX_MEMBERS,
    TEXT_LIMIT,
    Advanced,
    Confirmed,
    Finished,
    Joined,
    Pace,
    Paused,
    Placed,
    Refused,
    Skipped,
    ThemesLeft,
    Told,
    Voted,
    Why,
    Worded,
)
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards as reading
from tests.bot.studies.test_cards import ENVELOPE, MAX_ACTIVITY
from tests.support import card_schema
from tests.support.session_cards import ZONE, asked, every_card, notices, rehearsing, resting
from tests.support.sessions import Group, guide, matrix, method_of, phase_of

SAY = texts("nb")
WITHOUT_EPISODES = ("metasamtale", "veiledningsforum", "saksrunde")
METHODS = {method.id: method for method in shipped()}
BUTTONS = {
    texts("nb")(f"session.button.{each}")
    for each in ("write", "rate", "place", "form", "agree", "vote", "choose")
}
LONGEST = "\u00e6" * TEXT_LIMIT


def all_cards(method: Method, language: Language, **values: Any) -> dict[str, Json]:
    say = texts(language)
    return dict([*every_card(method, say, **values), *resting(method, say)])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", METHODS)
def test_every_card_is_valid(method: str, language: Language) -> None:
    for name, card in all_cards(METHODS[method], language).items():
        assert card_schema.faults(card) == [], name
        assert len(card["actions"]) <= 6, name


def test_every_primitive_has_its_cards() -> None:
    assert set(VIEWS) == set(TYPES.values())


@pytest.mark.parametrize("method", METHODS)
def test_no_card_that_several_share_answers_for_them(method: str) -> None:
    for name, card in all_cards(METHODS[method], "nb").items():
        if not any(own in name for own in ("panel", "own", "form")):
            preset = [key for key, asked in reading.inputs(card).items() if asked.get("value")]
            assert preset == [], name


@pytest.mark.parametrize("pace", get_args(Pace))
@pytest.mark.parametrize("method", METHODS)
def test_what_a_card_claims_is_so_at_first_and_in_the_end(method: str, pace: Pace) -> None:
    """Nobody is finished, and nobody has had the floor, in a part that has just begun."""
    say, group = texts("nb"), Group(METHODS[method], members=MANY[:6], pace=pace)
    while (phase := group.phase) and (opened := group.session.opened):
        meeting = SessionView("5" * 32, METHODS[method], group.session, "Lillevik", "6" * 32, ZONE)
        acting = queries.acting(METHODS[method], group.session)
        drawn = [
            reading.text_of(cards.group_card(say, meeting)),
            reading.text_of(panel.panel(say, meeting, prepared=0)),
        ]
        assert meeting.phase
        assert (cards.readiness(meeting, meeting.phase) or (0,))[0] == 0, phase
        for claims in drawn:
            assert say("session.do.round.over") not in claims, phase
        for person in acting:
            if group.session.opened is opened or group.phase == phase:
                group.do(Finished, person, anyway=True)
        if group.phase == phase:
            meeting = SessionView(
                "5" * 32, METHODS[method], group.session, "Lillevik", "6" * 32, ZONE
            )
            ready = cards.readiness(meeting, meeting.phase) if meeting.phase else None
            assert ready in (None, (len(acting), len(acting))), phase
            group.do(Skipped, "frode")


@pytest.mark.parametrize("method", METHODS)
def test_what_a_part_talks_about_is_at_hand_on_its_card(method: str) -> None:
    """In the part itself, for everything that a method says it is about."""
    group = Group(METHODS[method], members=MANY[:6], pace="days", meeting=2)
    for number, role in enumerate(METHODS[method].roles):
        group.do(Joined, MANY[number], name=MANY[number], role=role.id)
    written: dict[str, str] = {}
    while group.phase:
        opened, phase = group.session.opened, queries.phase(METHODS[method], group.session)
        assert phase
        meeting = SessionView("5" * 32, METHODS[method], group.session, "Lillevik", "6" * 32, ZONE)
        if phase.about in written:
            told = reading.text_of(cards.group_card(texts("nb"), meeting))
            assert written[phase.about] in told, (method, phase.id)
        for person in queries.acting(METHODS[method], group.session)[:1]:
            if phase.does.writes and phase.sees == "group":
                said = f"Dette skrev de i {phase.title['nb']}"
                theme = {"theme": phase.does.asks()[0].id} if phase.does.asks() else {}
                if Told("written") in group.write(person, said, anyway=True, **theme):
                    written[phase.id] = plain(said)
        for _ in range(3):
            if group.session.opened and opened and group.session.opened.visit == opened.visit:
                group.next()
    assert {each.about for each in METHODS[method].plan(2)} - {""} <= written.keys()


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("method", METHODS)
def test_every_card_fits_however_much_is_written(method: str, number: int) -> None:
    for language in LANGUAGES:
        for name, card in all_cards(METHODS[method], language, number=number, said=LONGEST).items():
            assert size(card) < MAX_ACTIVITY - ENVELOPE, (name, language)


def size(card: Json) -> int:
    """In bytes, as Teams counts them."""
    return len(json.dumps(card, ensure_ascii=False).encode("utf-16-le"))


METHOD = method_of(
    "lengthy",
    phase_of("open", Open()),
    phase_of("alone", Private()),
    phase_of("guide", guide(*("v" * 380 + str(number) for number in range(10, 18)), alone=True)),
    phase_of("picture", matrix("alone", 10, 10)),
    phase_of("bye", Inform()),
)
MANY = [f"{number:0>36}" for number in range(MAX_MEMBERS)]


@pytest.mark.parametrize(
    "text", [LONGEST, "*" * TEXT_LIMIT, '\n"' * 700 + "x", "x", "\U0001f642" * 90]
)
@pytest.mark.parametrize("phase", ["open", "alone", "guide"])
def test_a_card_fits_when_twelve_members_write_as_much_as_they_may(phase: str, text: str) -> None:
    group = writing(phase, text)
    group.next()

    drawn = cards.group_card(texts("nb"), meeting_of(group))
    assert group.shown(phase)
    assert size(drawn) < MAX_ACTIVITY - ENVELOPE


def test_a_picture_and_the_card_to_place_on_fit_whatever_was_written() -> None:
    for text in (LONGEST, "*" * TEXT_LIMIT):
        group = writing("alone", text)
        group.next()
        group.skip_to("picture")
        part = own.own(PartView(texts("nb"), meeting_of(group), MANY[0], "new"))
        assert size(part) < MAX_ACTIVITY - ENVELOPE
        shown = placed(group)
        for person in MANY:
            group.do(Placed, person, places=shown)
        group.next()
        group.next()
        over = cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3])
        assert size(over) < MAX_ACTIVITY - ENVELOPE


def writing(phase: str, text: str) -> Group:
    """Everyone writes, in turn, until there is no room."""
    group = Group(METHOD, members=MANY)
    group.skip_to(phase)
    themes = next(
        each.does.themes if isinstance(each.does, Guide) else ()
        for each in METHOD.phases
        if each.id == phase
    )
    theme = themes[0].id if themes else ""
    for number in range(1000):
        if group.write(MANY[number % 12], text, theme=theme) == [Refused("no_room")]:
            return group
    raise AssertionError("there is always room")


def placed(group: Group) -> dict[str, tuple[int, int]]:
    shown = [each.id for each in group.session.contributions if each.is_shown]
    return {ident: (1 + number % 10, 1 + number % 3) for number, ident in enumerate(shown[:12])}


def unfolded(card: Json) -> str:
    """What a card says when everything on it is unfolded."""
    return "\n".join(str(each["text"]) for each in reading.elements(card) if "text" in each)


def meeting_of(group: Group) -> SessionView:
    return SessionView("5" * 32, METHOD, group.session, "Lillevik", "6" * 32, ZONE)


def test_the_picture_says_in_numbers_and_in_words_where_everything_lies() -> None:
    group = Group(METHOD, members=MANY[:5])
    group.skip_to("alone")
    for number in range(14):
        group.write(MANY[number % 5], f"tekst {number}")
    group.next()
    group.skip_to("picture")
    before = reading.text_of(cards.group_card(texts("nb"), meeting_of(group)))
    assert "Ingen ser hva hver enkelt svarer" in before
    assert "2 er ikke med her" in before
    shown = placed(group)
    last = list(shown)[-1]
    for person in MANY[:5]:
        group.do(Placed, person, places={each: at for each, at in shown.items() if each != last})
    group.next()
    after = unfolded(cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3]))

    assert "vannrett: 1, loddrett: 2" in after  # the eleventh, on the same column as the first
    assert after.count("ikke i bildet") == 1
    assert "1 er low, 10 er high" in after
    folded = reading.text_of(cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3]))
    assert len(set(folded.splitlines())) == 3  # a part that is over takes three lines of the chat


def test_where_few_have_placed_the_group_is_told_why_there_is_no_picture() -> None:
    group = Group(METHOD, members=MANY[:5])
    group.skip_to("alone")
    group.write(MANY[0], "tekst")
    group.next()
    group.skip_to("picture")
    for person in MANY[:4]:
        group.do(Placed, person, places=placed(group))
    group.next()

    over = unfolded(cards.closed(texts("nb"), meeting_of(group), METHOD.phases[3]))
    assert "Færre enn fem" in over
    assert "oppover 1" not in over


@pytest.mark.parametrize("method", METHODS)
def test_every_phase_says_who_sees_what(method: str) -> None:
    say = texts("nb")
    for name, card in every_card(METHODS[method], say):
        is_theirs = "panel" not in name and not name.startswith("ended")
        if is_theirs and any(verb.startswith("session.") for verb in verbs(card)):
            said = reading.text_of(card)
            assert "ser" in said.casefold(), name


def verbs(card: Json) -> list[str]:
    return [str(action.get("verb")) for action in reading.actions(card)]


@pytest.mark.parametrize("method", METHODS)
def test_what_is_read_beside_the_field_names_no_button_of_another_card(method: str) -> None:
    say = texts("nb")
    for name, card in every_card(METHODS[method], say):
        if name.endswith((", own", ", panel")):
            named = re.findall("«([^»]+)»", reading.text_of({"body": card["body"][:6]}))
            titles = {str(action.get("title")) for action in reading.actions(card)}
            assert not {each for each in named if each in BUTTONS} - titles, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_vote_that_nobody_takes_part_in_is_said_on_the_panel_and_ends_in_a_lot(
    language: Language,
) -> None:
    say = texts(language)
    method = method_of(
        "choosing", phase_of("told", Open()), phase_of("choice", Vote("told", "owner")),
        phase_of("more", Owner()),
    )  # fmt: skip
    group = Group(method, members=MANY[:4])
    group.skip_to("choice")

    def drawn() -> Json:
        meeting = SessionView("5" * 32, method, group.session, "Lillevik", "6" * 32, ZONE)
        return panel.panel(say, meeting, 0)

    assert say("panel.no_votes") not in reading.text_of(drawn())
    group.next()
    asked = drawn()
    assert say("panel.no_votes") in reading.text_of(asked)
    assert asked["actions"][0]["title"] == say("panel.lot")
    group.next()
    meeting = SessionView("5" * 32, method, group.session, "Lillevik", "6" * 32, ZONE)
    assert say("session.by_lot") in reading.text_of(cards.group_card(say, meeting))


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_there_is_to_say_is_said_and_the_text_is_kept(language: Language) -> None:
    refused = (Refused(why) for why in get_args(Why))
    told = (Told(what) for what in get_args(get_type_hints(Told)["what"]))
    for each in [*notices("Hva tenkte du?"), *refused, *told, ThemesLeft(("a", "b"))]:
        blocks = own.said(texts(language), each, "Kari og ring")
        assert reading.text_of({"body": blocks}).strip()


def test_the_bots_words_shrink_from_meeting_to_meeting() -> None:
    method = METHODS["veiledningsgruppe"]
    shown = [
        reading.text_of(dict(every_card(method, texts("nb"), number=number))["episoder"])
        for number in (1, 2, 3)
    ]
    phase = next(each for each in method.phases if each.id == "episoder")
    assert phase.prompt["nb"].split(".")[0] not in shown[2]
    assert phase.prompt["nb"].split(".")[0] in shown[1]
    assert [phase.title["nb"] in each for each in shown] == [True] * 3
    assert len(shown[0]) > len(shown[2])


def test_the_agreement_stands_on_the_closing_card_where_all_have_agreed() -> None:
    method = method_of("talk", phase_of("agreement", Agreement()))

    def closing(*confirming: str) -> str:
        group = Group(method, members=("kari", "ola", "siri"))
        group.do(Worded, "kari", text="Vi sier fra", edition=0)
        for person in confirming:
            group.do(Confirmed, person, edition=1)
        group.do(Skipped, "frode")
        meeting = SessionView("5" * 32, method, group.session, "Lillevik", "6" * 32, ZONE)
        return reading.text_of(cards.ended(texts("nb"), meeting))

    assert "Vi sier fra" in closing("ola", "siri")
    assert "Vi sier fra" not in closing("ola")


def test_a_text_that_was_not_sent_stays_in_the_field_and_can_be_left() -> None:
    group = Group(method_of("talk", phase_of("talk", Open())), members=("kari", "ola"))
    meeting = SessionView("5" * 32, group.method, group.session, "Lillevik", "6" * 32, ZONE)
    desk = PartView(texts("nb"), meeting, "kari", "new", (Refused("unsent"),), text="Hva så?")

    card = own.own(desk)

    assert reading.inputs(card)["text"]["value"] == "Hva så?"
    assert texts("nb")("refused.unsent") in reading.text_of(card)
    assert texts("nb")("own.done.unsent") in [each["title"] for each in reading.actions(card)]


def own_card(group: Group, person: str) -> Json:
    meeting = SessionView("5" * 32, group.method, group.session, "Lillevik", "6" * 32, ZONE)
    return own.own(PartView(texts("nb"), meeting, person, "new"))


def test_ones_own_card_says_you_to_who_has_the_floor_and_names_them_to_others() -> None:
    group = Group(method_of("talk", phase_of("talk", Round())), members=("kari", "ola"))
    turn = queries.whose_turn(group.method, group.session)
    (other,) = {"kari", "ola"} - {turn}

    assert SAY("own.turn") in reading.text_of(own_card(group, str(turn)))
    waiting = reading.text_of(own_card(group, other))
    assert SAY("session.do.round", name=str(turn).title()) in waiting
    assert SAY("own.turn") not in waiting


def test_who_leads_reads_that_nobody_is_there_and_no_nought() -> None:
    group = Group(METHODS["kritisk_hendelse"], members=(), is_started=False)
    meeting = SessionView("5" * 32, group.method, group.session, "Lillevik", "6" * 32, ZONE)
    said = reading.text_of(panel.panel(SAY, meeting, prepared=0))

    assert SAY("panel.here.none") in said
    assert SAY.in_words(group.method.words)("panel.prepared.none") in said
    assert "0 " not in said


def test_the_panel_says_you_to_who_leads_and_has_the_floor_unless_another_reads_it_too() -> None:
    group = Group(METHODS["fem_minutter"], members=("frode", "kari"))
    own_talk = group.session
    assert own_talk.owner == own_talk.facilitator == "frode"
    for session, says_you in (
        (own_talk, True),
        (replace(own_talk, co_leader="kari"), False),
        (replace(own_talk, owner="kari"), False),
    ):
        meeting = SessionView("5" * 32, group.method, session, "Lillevik", "6" * 32, ZONE)
        said = reading.text_of(panel.panel(SAY, meeting, 0))
        assert (SAY("own.turn.owner") in said) == says_you


def test_who_only_listens_is_told_neither_to_write_nor_who_sees_it() -> None:
    private = phase_of("alone", Private(), acts="others", sees="group", content="alternative")
    owners = phase_of("tell", Owner(), content="recognition")
    method = method_of("talk", phase_of("vote", Vote("", "owner")), owners, private)
    group = Group(method, members=("kari", "ola"))
    group.do(Voted, "kari", choices=("kari",))
    group.do(Voted, "ola", choices=("kari",))
    group.do(Advanced, "frode")
    telling = own_card(group, "kari")
    assert SAY("own.turn.owner") in reading.text_of(telling)
    assert reading.inputs(telling)["text"]["label"] == SAY("own.write.recognition.self")
    assert SAY("session.do.owner", name="Kari") in reading.text_of(own_card(group, "ola"))

    group.do(Advanced, "frode")
    listening = reading.text_of(own_card(group, "kari"))
    assert SAY("own.others") in listening
    assert SAY("session.do.private") not in listening
    assert SAY("session.button.done") in listening
    assert reading.inputs(own_card(group, "ola"))["text"]["label"] == SAY("own.write.alternative")
    group.do(Paused, "frode")
    assert SAY("now.rest") in reading.text_of(own_card(group, "ola"))


def test_a_form_of_who_leads_is_not_everybodys_and_is_promised_no_longer_than_it_is_kept() -> None:
    method = METHODS["fokusgruppe"]
    form = next(each for each in method.phases if each.acts == "facilitator")
    group = Group(method_of("talk", replace(form, id="form"), forms=method.forms))
    drawn = SessionView("5" * 32, group.method, group.session, "Lillevik", "6" * 32, ZONE)
    said = reading.text_of(cards.group_card(SAY, drawn))

    assert SAY("session.sees.form") in said
    assert SAY("session.sees.writer") not in said
    assert SAY("session.do.form.leader") in said
    assert SAY("session.do.form") not in said
    assert SAY("own.form") in reading.text_of(own_card(group, "frode"))


OWN = {
    "session.do.vote.owner": "explored",
    "session.owner_stopped": "explored",
    "session.ended.picked": "owner",
    "session.ended.forms": "form",
    "panel.prepared": "form",
    "form.delete.question": "form",
}
"""Texts with a method's own word in them, by what the word is for."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_explored_who_owns_it_and_its_form_are_called_as_the_method_calls_them(
    language: Language,
) -> None:
    say, said = texts(language), dict.fromkeys(OWN, 0)
    for method in METHODS.values():
        told = json.dumps(all_cards(method, language), ensure_ascii=False)
        for key, word in OWN.items():
            own_words = say.in_words(method.words)(key, n=4)
            if word in method.words:
                assert method.words[word][language] in own_words
                assert say(key, n=4) not in told.replace(own_words, ""), (method.id, key)
            said[key] += own_words in told
    assert {key for key, times in said.items() if not times} <= {"session.owner_stopped"}


def test_a_method_without_words_is_spoken_of_as_ever() -> None:
    say = texts("nb")
    for key in OWN:
        assert say.in_words({})(key, n=4) == say(key, n=4)
    assert say.in_words({"form": dict.fromkeys(LANGUAGES, "notatet")})(
        "session.do.vote.owner"
    ) == say("session.do.vote.owner")


@pytest.mark.parametrize("method", METHODS)
def test_of_forms_that_are_deleted_hear_those_who_had_one(method: str) -> None:
    drawn = reading.text_of(all_cards(METHODS[method], "nb")["ended"])
    assert ("blir slettet om noen dager" in drawn) == bool(METHODS[method].forms)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("method", WITHOUT_EPISODES)
def test_no_card_calls_an_episode_what_is_none(method: str, language: Language) -> None:
    """A talk about working together, a case and a course of events: on no card, in no button."""
    say = texts(language)
    drawn = all_cards(METHODS[method], language) | dict(rehearsing(METHODS[method], say))
    drawn |= {f"asked {n}": card for n, card in enumerate(asked(METHODS[method], say))}

    assert len(drawn) > 20
    assert [name for name, card in drawn.items() if "episod" in json.dumps(card).casefold()] == []
