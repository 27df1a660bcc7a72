"""Every card of every room, drawn: what can be written in and pressed is found, not listed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.cases.cards import queue as case_queue
from bot.colleagues import cards as colleague_cards
from bot.erasure import cards as erasure_cards
from bot.erasure.service import Found
from bot.gateway.events import Json
from bot.help import cards as help_cards
from bot.ideas.cards import ideas
from bot.notes import cards as note_cards
from bot.sessions.cards import phase
from bot.sessions.cards.rehearsing import to_rehearse
from bot.sessions.methods import shipped
from bot.studies.cards import results as result_cards
from bot.studies.cards.study import own_answer
from bot.ui.texts import Texts
from dialogs.groups.colleagues import Colleague
from dialogs.groups.ideas import Idea
from dialogs.retention import naming_a_person
from dialogs.sessions.notes import NOTE_STATES, KeptNote, Note
from research.publication import FormResults, ItemResult
from tests.bot.groups.test_cards import every_card as of_groups
from tests.bot.reminders.test_cards import every_card as of_reminders
from tests.bot.studies.test_cards import every_card as of_studies
from tests.support import questionnaire_cards, session_cards
from tests.support.case_cards import NOW as CASES_NOW
from tests.support.case_cards import case_cards, crowded
from tests.support.private_chat_cards import private_chat
from tests.support.questionnaires import AFTER, ASKS, ONCE
from tests.support.sessions import EVERYTHING
from tests.support.studies import SMALL

LINE = "Slik er det. Skriv «studie» eller «start»."


def all_cards(say: Texts) -> Iterator[Json]:
    """A session's own, a group's, a study's, and what helps along."""
    form = next(form for method in shipped() for form in method.forms.values())
    for method in (*shipped(), replace(EVERYTHING, forms={"log": form})):
        drawn = (*session_cards.every_card(method, say), *session_cards.resting(method, say))
        yield from (card for _, card in drawn)
        yield from session_cards.of_writers(method, say)
        yield from session_cards.asked(method, say)
        if method.subgroups:
            yield from (card for _, card in session_cards.in_small_groups(method, say))
        if not method.after.keeps:
            yield from (card for _, card in session_cards.rehearsing(method, say))
            yield from (card for _, card in session_cards.each_apart(method, say))
            colleague = Colleague("7" * 36, "Kari Eksempel", ())
            for themes in ({}, {colleague.person: LINE}):
                yield colleague_cards.choose(say, method, [colleague], themes)
            yield colleague_cards.choose(say, method, [], {}, problem=LINE)
    yield from (card for name, card in private_chat(say) if name != "reminders together")
    yield from (card for _, card in case_cards(say))
    yield case_queue(say, crowded(), CASES_NOW, 0, leads=True)
    yield ideas(say, LINE, [Idea(LINE * 20, date(2026, 12, 1))] * 60, 1)
    yield from of_groups(say)
    yield from of_reminders(say)
    yield from of_studies(SMALL, say)
    for study in (ONCE, AFTER, ASKS):
        yield from questionnaire_cards.every_card(study, say)
    yield from besides(say)


def besides(say: Texts) -> Iterator[Json]:
    """What belongs to no phase, no group and no study: asked, chosen, handed over, deleted."""
    yield colleague_cards.left_alone(say)
    for is_kept in (True, False):
        yield colleague_cards.gladly(say, LINE, is_kept=is_kept, anyway=is_kept)
    yield phase.methods(say, shipped())
    yield phase.methods(say, shipped(), unknown="kakemøte")
    yield to_rehearse(say, shipped())
    yield to_rehearse(say, shipped(), LINE, shipped()[0], 12)
    carried = {"group": "6" * 32, "method": "saksrunde", "session": "5" * 32}
    yield phase.asking(LINE, [(LINE, carried)], ("Status", "status"))
    yield own_answer(say, SMALL, "elv-rev", "CODE", token="token")
    kept = [
        KeptNote("6" * 32, number, date(2031, 3, 10), Note(LINE, "saksrunde", state, LINE))
        for number, state in enumerate(NOTE_STATES)
    ]
    views = [note_cards.NoteView(each, "Saksrunde") for each in kept]
    yield from (note_cards.notes(say, views, page, anyway=bool(page)) for page in range(len(views)))
    yield note_cards.notes(say, [], 0, anyway=False)
    yield help_cards.under_way(say, LINE)
    yield phase.collection(say, "6" * 32, "Lillevik", {f"{n:032}": LINE * 40 for n in range(30)})
    method = next(each for each in shipped() if not each.after.keeps)
    yield colleague_cards.choose(say, method, [], {}, problem=LINE)
    yield from session_cards.asked(method, say)
    yield from session_cards.gone(method, say)
    yield help_cards.choosing(LINE, [("Status", "status"), ("Hjelp", "hjelp")])
    counts = {"1": None, "2": None, "3": 7, "unknown": 0}
    found = FormResults(12, (ItemResult("calm", 12, counts, 2.58),))
    yield result_cards.form_results(say, ONCE, found)
    named_in = {kept.named: kept.asked for kept in naming_a_person()}
    told = Found(
        Counter(
            [
                "session",
                "own_session",
                "outbox",
                *(each for each, asked in named_in.items() if asked != "stays"),
            ]
        ),
        Counter(each for each, asked in named_in.items() if asked == "stays"),
    )
    yield erasure_cards.asking(say, told)
    left = replace(told, goes=Counter(membership=1))
    yield erasure_cards.receipt(say, told, left, is_clear=False)
    if named := help_cards.naming(LINE, is_personal=True, facilitator=True):
        yield named
