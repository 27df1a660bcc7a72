"""A questionnaire on the page: what each part of the form shows.

The same dialog and draft as the card (`dialogs/studies/answering.py`). The page is a form for
each part and needs no JavaScript.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.gateway.events import Json
from bot.studies.cards import questionnaire as cards
from bot.studies.instrument import InstrumentView
from bot.ui.texts import Texts
from bot.web import pages
from dialogs.studies import answering
from dialogs.studies.answering import Answering, Delivering, Draft, Pairing
from dialogs.studies.items import NONE, Item, chosen
from dialogs.studies.questionnaire import Questionnaire, asked
from dialogs.studies.study import TextByLanguage as Spoken
from dialogs.writing.door import may_stay
from storage.crypto.codes import ResumeCode

_Desk = InstrumentView[Questionnaire]


def shown(view: _Desk, draft: Draft, said: Sequence[Any]) -> Json:
    """Where the participant is, as the page takes it."""
    left_open = [item for each in said for item in cards.pointed_out(each)]
    stage = "paused" if draft.paused else draft.stage.kind
    return {
        "kind": "questionnaire",
        "study": view.study.id,
        "nonce": view.nonce,
        "stage": stage,
        "said": [each if isinstance(each, str) else cards.notice_text(view, each) for each in said],
        "mayStay": any(map(may_stay, said)),
        "found": draft.stage.found if isinstance(draft.stage, Pairing) else "",
        "open": left_open,
        "block": _block(view, draft),
        "review": _review(view, draft),
        "sums": cards.shown_sums(view, draft),
        "paired": _paired(view, draft),
        "about": cards.follows(view, draft),
        "corrects": draft.corrects,
        "pseudonym": draft.pseudonym,
        # The code is shown where the card shows it: in the last step.
        "code": draft.code if isinstance(draft.stage, Delivering) else "",
    }


def draw(
    say: Texts, study: Questionnaire, typed: str, reply: Json, given: Mapping[str, str]
) -> str:
    """The form for where the draft is. What was given in vain stays in its field."""
    code = ResumeCode.parse(typed)
    return pages.draw(
        "questionnaire",
        say,
        title=study.title[study.language(say.language)],
        reply=reply,
        token=typed,
        nonce=reply["nonce"],
        resume=str(code) if code else "",
        given=given,
        none=NONE,
        wave=study.wave,
        limit=study.text_limit,
    )


def _block(view: _Desk, draft: Draft) -> Json | None:
    if not isinstance(draft.stage, Answering) or draft.paused:
        return None
    stage, study = draft.stage, view.study
    block, there = answering.pages(study)[stage.page].block, answering.asking(study, draft.answers)
    passed, asks = answering.done(study, draft)
    return {
        "title": _text(view, block.title),
        "intro": _text(view, block.intro) if block.intro else "",
        "number": there.index(stage.page) + 1,
        "total": len(there),
        "passed": passed,
        "asked": asks,
        "items": [
            _item(view, item, draft.answers.get(item.id, ""))
            for item in answering.on_card(study, draft.answers, stage)
        ],
    }


def _item(view: _Desk, item: Item, answer: str) -> Json:
    return {
        "id": item.id,
        "n": cards.number_of(view, item),
        "text": _text(view, item.text),
        "help": _text(view, item.help) if item.help else "",
        "way": item.way,
        "options": [{"id": o.id, "text": _text(view, o.text)} for o in item.options],
        "answer": answer,
        "chosen": [NONE] if answer == NONE else list(chosen(answer)),
    }


def _review(view: _Desk, draft: Draft) -> list[Json]:
    there = [*asked(view.study, draft.answers)]
    return [
        {
            "title": _text(view, block.title),
            "items": [
                {
                    "id": item.id,
                    "n": cards.number_of(view, item),
                    "text": _text(view, item.text),
                    "answer": cards.words(view, item, draft.answers.get(item.id, "")),
                }
                for item in block.items
                if item in there
            ],
        }
        for block in view.study.blocks
        if any(item in there for item in block.items)
    ]


def _paired(view: _Desk, draft: Draft) -> str:
    if not view.study.before:
        return ""
    if not draft.before:
        return view.say("questionnaire.unpaired")
    return view.say("questionnaire.paired", pseudonym=draft.before)


def _text(view: _Desk, texts: Spoken) -> str:
    return texts[view.study.language(view.say.language)]
