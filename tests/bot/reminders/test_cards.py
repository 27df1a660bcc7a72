"""Every card of reminders and appointments: valid, small enough, and saying who sees it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.appointments import cards as appointments
from bot.gateway.events import Json
from bot.notes import cards as notes
from bot.reminders import cards as reminders
from bot.reminders.cards import Letter, Matter
from bot.ui.dates import near_moment
from bot.ui.elements import notice
from bot.ui.fitting import too_large
from bot.ui.texts import Texts, texts
from dialogs.groups.appointments import Choice, Slot, Times
from dialogs.groups.planning import NAME_LIMIT
from dialogs.groups.reminders import KINDS, Recipient
from dialogs.groups.working_hours import Quiet
from dialogs.sessions.notes import LINE_LIMIT, KeptNote, Note
from dialogs.studies.study import LANGUAGES, Language
from simulation import cards as reading
from storage.operational.appointments import Offer
from tests.bot.studies.test_cards import ENVELOPE, MAX_ACTIVITY
from tests.support import card_schema
from tests.support.studies import SMALL

OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2027, 1, 11, 8, tzinfo=UTC)
TITLE = "**" * (NAME_LIMIT // 2)
MATTER = Matter(
    dict.fromkeys(LANGUAGES, TITLE), 90, "https://example.org/calendar/k.ics", {"group": "g"}
)
SLOTS = tuple(Slot(f"t{n}", NOW + timedelta(days=n), 60, 30) for n in range(12))
CROWD = tuple(
    Choice(f"aad-{n}", f"Kollega *{n}* Eksempel", SLOTS[n % 12].id if n < 360 else None)
    for n in range(400)
)
OFFER = Offer(
    study="prove",
    conversation={},
    facilitator="aad-anne",
    language="nb",
    timezone="America/Argentina/Buenos_Aires",
    times=Times(SLOTS, CROWD),
)
LONG_NOTE = KeptNote("g", 3, NOW.date(), Note("**Vente** litt til. " * 1000, went="*" * LINE_LIMIT))
FRESH = replace(OFFER, times=Times(SLOTS))


def every_card(say: Texts) -> Iterator[Json]:
    when = near_moment(say, NOW + timedelta(days=1), OSLO, NOW)
    for kind in KINDS:
        for source in ("meeting", "slot"):
            yield reminders.reminder(say, Letter(kind, source, "a/b/c/d", MATTER), when)
    asked = replace(MATTER, study="skjema-before")
    yield reminders.reminder(say, Letter("questionnaire", "meeting", "a/b/c/d", asked), when)
    for kind in ("try", "used"):
        of_note = Letter(kind, "meeting", "a/b/c/d", MATTER, LONG_NOTE)
        yield reminders.reminder(say, of_note, when)
    yield notes.kept(say, LONG_NOTE)
    yield reminders.pause(say)
    yield reminders.pause(say, "Nei.")
    yield reminders.settings(say, Recipient(OSLO))
    paused = Recipient(OSLO, time(9), time(15), date(2027, 2, 1), frozenset(KINDS))
    yield reminders.settings(say, paused, notice("Ja."))
    yield reminders.quiet_hours(say, TITLE, "g", None)
    yield reminders.quiet_hours(say, TITLE, "g", Quiet(time(16), time(8)))
    for offer in (OFFER, FRESH, None):
        yield appointments.offered(say, TITLE, offer)
        yield appointments.overview(say, TITLE, offer, "Nei.")
    for person in ("aad-0", "aad-399", "a stranger"):
        yield appointments.chooser(say, TITLE, OFFER, person, "Nei.")
    yield appointments.chooser(say, TITLE, FRESH, "aad-0", of_several=True)
    for person in ("aad-0", OFFER.facilitator):
        several = [(TITLE, OFFER), ("B", FRESH), (TITLE, FRESH)]
        yield appointments.everyones(say, several, person)
    for news in ("asked", "set", "called_off", "unanswered"):
        yield appointments.letter(say, TITLE, news, when)
    study = replace(SMALL, title=dict.fromkeys(LANGUAGES, TITLE))
    yield appointments.everyones(say, [(TITLE, OFFER)], OFFER.facilitator)
    yield appointments.form(say, [study], "locked", "12.1. kl 9", "Nei.")
    yield appointments.said("Ja.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_a_valid_adaptive_card(language: Language) -> None:
    for card in every_card(texts(language)):
        assert card_schema.faults(card) == [], card


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_fits_and_has_at_most_six_buttons(language: Language) -> None:
    for card in every_card(texts(language)):
        assert len(json.dumps(card).encode("utf-16-le")) < MAX_ACTIVITY - ENVELOPE
        assert len(card.get("actions", ())) <= 6
        ids = [element["id"] for element in reading.elements(card) if "id" in element]
        assert len(set(ids)) == len(ids)
        for field in reading.inputs(card).values():
            assert field.get("label") or field.get("title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reminder_says_where_it_comes_from_and_how_to_have_fewer(language: Language) -> None:
    say = texts(language)
    for kind in KINDS:
        card = reminders.reminder(say, Letter(kind, "meeting", "a/b/c/d", MATTER), "x")
        assert say("reminder.origin.meeting", title="\\*" * NAME_LIMIT) in reading.text_of(card)
        titles = [action["title"] for action in reading.actions(card)]
        assert {say("reminder.put_off"), say("reminder.off"), say("pause")} <= set(titles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_of_several_notes_fits(language: Language) -> None:
    of_note = Letter("try", "meeting", "a/b/c/d", MATTER, LONG_NOTE)
    card = reminders.together(texts(language), [(of_note, "x")] * 4)
    assert card_schema.faults(card) == []
    assert not too_large(card)
    ids = [element["id"] for element in reading.elements(card) if "id" in element]
    assert len(set(ids)) == len(ids)
    assert texts(language)("notes.rest") in reading.text_of(card)


def test_the_log_form_is_offered_only_where_there_is_one() -> None:
    say, without = texts("nb"), replace(MATTER, form=None, calendar="")
    for kind in KINDS:
        card = reminders.reminder(say, Letter(kind, "meeting", "a/b/c/d", without), "x")
        assert len(card["actions"]) == 3


def test_a_time_zone_is_read_as_words() -> None:
    say, far = texts("nb"), ZoneInfo("America/Argentina/Buenos_Aires")
    at = datetime(2027, 1, 12, 8, tzinfo=UTC)
    for said in (
        reading.text_of(reminders.settings(say, Recipient(far))),
        reading.text_of(appointments.offered(say, TITLE, OFFER)),
        near_moment(say, at, far, at, OSLO),
    ):
        assert "America/Argentina/Buenos Aires" in said


def test_a_day_is_said_as_one_would_say_it() -> None:
    say = texts("nb")
    at = datetime(2027, 1, 12, 8, tzinfo=UTC)
    for days, said in ((0, "i dag kl. 09:00"), (1, "i morgen, tirsdag 12. januar, kl. 09:00")):
        assert near_moment(say, at, OSLO, at - timedelta(days=days)) == said
    assert near_moment(say, at, OSLO, at - timedelta(days=5)) == "tirsdag 12. januar kl. 09:00"


def test_where_everyone_reads_there_are_no_names_and_no_counts() -> None:
    say = texts("nb")
    assert reading.text_of(appointments.offered(say, TITLE, OFFER)) == reading.text_of(
        appointments.offered(say, TITLE, FRESH)
    )
    mine = reading.text_of(appointments.chooser(say, TITLE, OFFER, "aad-0"))
    assert "Kollega" not in mine
