"""Cards of one's own chat that belong to no phase: notes, reminders of them, whom to ask, what to
rehearse."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.colleagues import cards as colleagues
from bot.groups import cards as groups
from bot.notes import cards as notes
from bot.notes.cards import NoteView
from bot.reminders import cards as reminders
from bot.reminders.cards import Letter, Matter
from bot.sessions.cards import own
from bot.sessions.cards.part import PartView
from bot.sessions.cards.rehearsing import to_rehearse
from bot.sessions.methods import shipped
from bot.ui.dates import near_moment
from bot.ui.texts import Texts
from dialogs.groups.colleagues import Colleague
from dialogs.groups.yearly import Count, summary
from dialogs.sessions.notes import KeptNote, Note
from dialogs.studies.study import LANGUAGES
from tests.support.session_cards import Named, follow_up

NOW = datetime(2027, 1, 21, 13, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
TAKEN = Note("Spørre en gang til før jeg svarer.", "veiledningsgruppe")
MATTER = Matter(
    dict.fromkeys(LANGUAGES, "Torsdager"), 90, "https://example.org/c.ics", {"group": "g"}
)


def private_chat(say: Texts) -> Iterator[Named]:
    """What somebody meets there between meetings."""
    kept = KeptNote("6" * 32, 1, NOW.date() + timedelta(days=365), TAKEN)
    tried = replace(kept, note=replace(TAKEN, state="tried", went="Hun fortalte mer."))
    when = near_moment(say, NOW + timedelta(days=1), OSLO, NOW)
    of_try = Letter("try", "meeting", "try/meeting/g/m", MATTER, kept)
    yield "reminder, note", reminders.reminder(say, of_try, when)
    used = Letter("used", "meeting", "used/meeting/g/m", MATTER, tried)
    yield "reminder, used", reminders.reminder(say, used, when)
    yield "reminder, no note", reminders.reminder(say, replace(of_try, note=None), when)
    invitation = Letter("invitation", "meeting", "invitation/meeting/g/m", MATTER)
    yield "reminders together", reminders.together(say, [(of_try, when), (invitation, when)])
    form = replace(MATTER, study="s", minutes=5)
    asked = Letter("questionnaire", "meeting", "questionnaire/meeting/g/s", form)
    yield "reminder, questionnaire", reminders.reminder(say, asked, when)
    yield "reminder, answered", notes.kept(say, tried)
    yield "notes", notes.notes(say, [NoteView(tried, "Saksrunde")], 0, anyway=False)
    yield "notes, none", notes.notes(say, [], 0, anyway=False)
    method = next(each for each in shipped() if each.id == "veiledningsgruppe")
    view = PartView(say, follow_up(method, say), "m0", "new", note=TAKEN.text)
    yield "since last time", own.own(view)
    yield "since last time, brought", own.own(replace(view, note="", text=TAKEN.text))
    five = next(each for each in shipped() if each.id == "fem_minutter")
    known = [
        Colleague(f"{n}", name, ()) for n, name in enumerate(("Kari Eksempel", "Ola Eksempel"))
    ]
    yield "whom to ask", colleagues.choose(say, five, known, {"0": "tilrettelegging"})
    yield "do not ask me", colleagues.left_alone(say)
    yield "gladly", colleagues.gladly(say, "tilrettelegging", is_kept=True)
    yield "rehearse", to_rehearse(say, shipped())
    counts = Count("veiledningsgruppe", 9, 41), Count("saksrunde", 6, 22), Count("own", 1, 3)
    titles = {each.id: each.title[say.language] for each in shipped()}
    yield "year", groups.year(say, 2026, summary(counts), titles)
    yield "year, few", groups.year(say, 2026, None, titles)
