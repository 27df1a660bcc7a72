"""Every card that a questionnaire can show, for tests and for pictures."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from bot.gateway.events import Json
from bot.studies.cards import study as study_cards
from bot.studies.cards.questionnaire import draw
from bot.studies.cards.submission import delivered
from bot.studies.instrument import InstrumentView
from bot.ui.texts import Texts
from dialogs.studies.answering import (
    ABOUT,
    Answering,
    Delivering,
    Draft,
    MoreAsked,
    NotYours,
    Open,
    Pairing,
    Reviewing,
    Stage,
    begin,
    pages,
)
from dialogs.studies.questionnaire import TEXT_LIMIT, Questionnaire
from dialogs.studies.submission import OutOfTurn
from dialogs.writing.text import TooLong, Unstorable

Named: TypeAlias = tuple[str, Json]

TOKEN, NONCE = "T" * 43, "0" * 16
CODE = "K7QM-2F9T-AAAA-BBBB-CCCC-DDDD"
PSEUDONYM, BEFORE = "fjord-ekorn", "elv-rev"


def drafts(study: Questionnaire, words: str = "Slik er det.") -> Iterator[tuple[str, Draft]]:
    """At every stage, with nothing answered and with everything."""
    everything = {
        item.id: words
        if item.way == "text"
        else ",".join(o.id for o in item.options)
        if item.way == "several"
        else item.options[0].id
        for item in study.items
    }
    start = replace(begin(study, PSEUDONYM, CODE), before=BEFORE if study.before else "")
    if study.shares:
        start = replace(start, about=dict.fromkeys(ABOUT, words))
    blocks: list[tuple[str, Stage]] = [
        (
            page.block.id if page.items[0] == page.block.items[0] else f"{page.block.id} {number}",
            Answering(number),
        )
        for number, page in enumerate(pages(study))
    ]
    pairing: list[tuple[str, Stage]] = [("pairing", Pairing()), ("paired", Pairing(BEFORE))]
    ends: list[tuple[str, Stage]] = [("review", Reviewing()), ("delivering", Delivering())]
    stages = [*(pairing if study.before else []), *blocks, *ends]
    for filled, answers in (("", {}), (", answered", everything)):
        for name, stage in stages:
            yield name + filled, replace(start, answers=answers, stage=stage)


def course(study: Questionnaire, say: Texts) -> Iterator[Named]:
    """What somebody sees from the invitation to the receipt, and what a facilitator sees."""
    view = InstrumentView(study, say, TOKEN, NONCE)
    yield "invitation", study_cards.invitation(say, study)
    yield "information", study_cards.consent(say, study, TOKEN, "study.origin")
    for name, draft in drafts(study):
        yield name, draw(view, draft)
    _, first = next(drafts(study))
    yield "paused", draw(view, replace(first, paused=True))
    yield "delivered", delivered(study, say, PSEUDONYM, CODE, replaced=False)
    yield "noted", delivered(study, say, "", None, replaced=False)
    yield "closing", study_cards.closing(say, study)


def every_card(study: Questionnaire, say: Texts) -> Iterator[Json]:
    """The same, with a pause and with every notice at every stage."""
    view = InstrumentView(study, say, TOKEN, NONCE)
    ids = tuple(item.id for item in study.blocks[-1].items)
    notices = [
        Open(ids),
        MoreAsked(ids[:1]),
        NotYours(),
        OutOfTurn(),
        TooLong(ids[0], 2000, TEXT_LIMIT),
        Unstorable(ids[0]),
        "noe",
    ]
    yield from (card for _, card in course(study, say))
    for _, draft in drafts(study):
        yield draw(view, draft, notices)
        yield draw(view, replace(draft, paused=True))
        yield draw(view, replace(draft, paused=True), notices)
    for because in ("observer", "shared"):
        yield study_cards.consent(say, study, TOKEN, f"questionnaire.because.{because}")
