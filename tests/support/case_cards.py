"""Cards about a panel's queue, from the case that is brought to what came of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.cases import cards
from bot.cases.service import Panel
from bot.gateway.events import Conversation
from bot.ideas import cards as idea_cards
from bot.sessions.methods import shipped
from bot.ui.elements import notice
from bot.ui.texts import Texts
from dialogs.groups.cases import MOST_CASES, QUESTION_LIMIT, Bring, Case, Hurry, Queue, step
from dialogs.groups.group import Gather, Group, Meeting, Place, gathered
from dialogs.groups.ideas import Idea
from dialogs.groups.planning import MAX_MEETINGS
from dialogs.sessions.method import Frame
from tests.support.session_cards import Named

NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
QUESTIONS = (
    "Hvordan holder jeg motet oppe når planen ryker for tredje gang?",
    "Hvem snakker jeg med når to enheter peker på hverandre?",
    "Hva sier jeg først i en samtale ingen av oss vil ha?",
    "Hvor mye skal jeg mase?",
)
HURRY: tuple[Hurry, ...] = ("soon", "urgent", "can_wait", "can_wait")


def a_group(meetings: int = 3) -> Group:
    place = Conversation("19:channel", "channel", "tenant", "https://smba.example.org")
    at = Place("19:channel", {name: getattr(place, name) for name in place.__slots__})
    event = Gather(
        at=NOW,
        by="anne",
        method="veiledningsforum",
        language="nb",
        timezone="Europe/Oslo",
        place=at,
    )
    dates = (datetime(2027, 1, 19, 8, tzinfo=UTC) + n * timedelta(days=14) for n in range(meetings))
    planned = tuple(Meeting(n, when, 45, id=f"m{n}") for n, when in enumerate(dates, 1))
    return replace(gathered(Frame(), event), name="Forumet", meetings=planned)


def a_panel(count: int = 4, *, text: str = "", meetings: int = 3) -> Panel:
    """With so many cases, the first of them Ola's."""
    group = a_group(meetings)
    cases: Queue = ()
    for n in range(count):
        person = "ola" if n == 0 else f"p{n}"
        question, hurry = text or QUESTIONS[n % 4], HURRY[n % 4]
        came = NOW - timedelta(days=1) + timedelta(minutes=n)
        case = Case(id=f"c{n}", person=person, question=question, hurry=hurry, came=came)
        cases, _ = step(group, cases, Bring(NOW, case))
    method = next(each for each in shipped() if each.id == "veiledningsforum")
    return Panel(group, method, cases)


def crowded() -> Panel:
    """Every meeting that a group can plan has the longest case there is."""
    return a_panel(MOST_CASES, text="*" * QUESTION_LIMIT, meetings=MAX_MEETINGS)


def case_cards(say: Texts) -> Iterator[Named]:
    panel = a_panel()
    first = panel.cases[0]
    good = notice(say("case.brought"), "good")
    yield "a case, none yet", cards.mine(say, "siri", [panel], "n", NOW)
    yield "a case, with a place", cards.mine(say, "ola", [a_panel(1)], "n", NOW, good)
    yield "a case, waiting", cards.mine(say, "p3", [panel], "n", NOW)
    yield "a case, nowhere", cards.mine(say, "ola", [], "n", NOW)
    yield "a case, two panels", cards.mine(say, "siri", [panel, a_panel(0)], "n", NOW)
    meeting = panel.group.meetings[0]
    yield "case, placed", cards.placed(say, panel, first, meeting, "case_placed")
    yield "case, moved", cards.placed(say, panel, first, meeting, "case_moved")
    yield "case, waits again", cards.waits(say, panel)
    yield "case, panel ended", cards.closed(say, "Forumet")
    learned = ["Avtal neste steg før dere går.", "Spør hva som var vanskelig sist."]
    yield "case, report", cards.report(say, panel, learned)
    yield "case, report of nothing", cards.report(say, panel, [])
    heard = replace(first, question="", meeting="", heard=date(2027, 1, 19))
    after = replace(panel, cases=(heard,))
    yield "case, how it went", cards.how_it_went(say, after, heard)
    yield "a case, heard", cards.mine(say, "ola", [after], "n", NOW)
    told = replace(heard, went="Vi ble enige om én ting hver. Det holdt.")
    yield "case, told", cards.told(say, told)
    kept = [Idea("Avtal neste steg før dere går.", date(2027, 1, 1)), Idea("Ring først.", None)]
    yield "idea bank", idea_cards.ideas(say, "", kept, 0)
    yield "idea bank, nothing", idea_cards.ideas(say, "kakemøte", [], 0)
    yield "queue", cards.queue(say, panel, NOW, 0, leads=False)
    yield "queue, for who leads", cards.queue(say, panel, NOW, 0, leads=True)
    yield "queue, long", cards.queue(say, a_panel(200), NOW, 3, leads=True)
    yield "queue, empty", cards.queue(say, a_panel(0), NOW, 0, leads=True)
