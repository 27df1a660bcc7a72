"""Every card that a questionnaire can show, for tests and for pictures."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from bot.cards import study as study_cards
from bot.cards.handing_in import delivered
from bot.cards.questionnaire import draw
from bot.gateway.events import Json
from bot.kinds import Desk
from bot.texts import Texts
from dialogs.answering import (
    TEXT_LIMIT,
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
)
from dialogs.handing_in import OutOfTurn
from dialogs.questionnaire import Questionnaire
from dialogs.text import TooLong, Unstorable

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
    blocks: list[tuple[str, Stage]] = [
        (block.id, Answering(number)) for number, block in enumerate(study.blocks)
    ]
    pairing: list[tuple[str, Stage]] = [("pairing", Pairing()), ("paired", Pairing(BEFORE))]
    ends: list[tuple[str, Stage]] = [("review", Reviewing()), ("delivering", Delivering())]
    stages = [*(pairing if study.before else []), *blocks, *ends]
    for filled, answers in (("", {}), (", answered", everything)):
        for name, stage in stages:
            yield name + filled, replace(start, answers=answers, stage=stage)


def course(study: Questionnaire, say: Texts) -> Iterator[Named]:
    """What somebody sees from the invitation to the receipt, and what a facilitator sees."""
    desk = Desk(study, say, TOKEN, NONCE)
    yield "invitation", study_cards.invitation(say, study)
    yield "information", study_cards.consent(say, study, TOKEN, "study.origin")
    for name, draft in drafts(study):
        yield name, draw(desk, draft)
    _, first = next(drafts(study))
    yield "paused", draw(desk, replace(first, paused=True))
    yield "delivered", delivered(study, say, PSEUDONYM, CODE, replaced=False)
    yield "noted", delivered(study, say, "", None, replaced=False)
    yield "closing", study_cards.closing(say, study)


def every_card(study: Questionnaire, say: Texts) -> Iterator[Json]:
    """The same, with a pause and with every notice at every stage."""
    desk = Desk(study, say, TOKEN, NONCE)
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
        yield draw(desk, draft, notices)
        yield draw(desk, replace(draft, paused=True))
        yield draw(desk, replace(draft, paused=True), notices)
    yield study_cards.consent(say, study, TOKEN, "questionnaire.because.observer")
