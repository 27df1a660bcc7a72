"""What the page is shown: a study, and where its participant is, as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.gateway.events import Json
from bot.studies.cards.qsort import SortView as QSortDesk
from bot.studies.cards.qsort import may_stay, notice_text, own_words, signed, speaking
from bot.studies.cards.study import room_of
from bot.studies.draft_service import Face
from bot.studies.instrument import InstrumentView, Work
from bot.ui.texts import Texts, brought_page_texts, own_page_texts
from bot.web import questionnaires
from dialogs.studies import answering, qsort
from dialogs.studies.definitions import Definition
from dialogs.studies.items import NONE
from dialogs.studies.study import Study


class BoardFace(Face):
    """A participant's work as the page in the browser takes it."""

    def at_work(self, view: InstrumentView[Any], draft: Work, said: Sequence[Any]) -> Json:
        if isinstance(draft, answering.Draft):
            return questionnaires.shown(view, draft, said)
        assert isinstance(draft, qsort.Draft)  # noqa: S101 - there are drafts of two kinds
        words = QSortDesk(view.study, speaking(view.study, view.say), view.token, view.nonce)
        return {
            "kind": "draft",
            "study": view.study.id,
            "nonce": view.nonce,
            "draft": shown(view.study, draft),
            "said": [_said(words, each) for each in said],
            "mayStay": may_stay(said),
        }

    def delivered(
        self, study: Definition, say: Texts, pseudonym: str, code: str, *, replaced: bool
    ) -> Json:
        return {
            "kind": "delivered",
            "heading": say(f"{room_of(study)}delivered"),
            "study": study.id,
            "text": say("delivered.replaced" if replaced else "delivered.first"),
            "pseudonym": pseudonym,
            "code": code,
        }

    def message(self, text: str) -> Json:
        return {"kind": "ended", "text": text}


def shown(study: Study, draft: qsort.Draft) -> Json:
    """A draft: pairs where the order counts, for JSON objects have none."""
    return {
        "stage": draft.stage.kind,
        "piles": list(draft.board.piles.items()),
        "placed": list(draft.board.placed.items()),
        "asked": [s.id for s in qsort.extremes(study, draft.board)],
        "reasons": dict(draft.reasons),
        "answers": dict(draft.answers),
        "comment": draft.comment,
        "pseudonym": draft.pseudonym,
        # The code is shown where the card shows it: in the last step.
        "code": draft.code if isinstance(draft.stage, qsort.Delivering) else "",
        "canUndo": bool(draft.changes),
        "corrects": draft.corrects,
        "before": draft.before,
    }


def _said(view: QSortDesk, each: Any) -> Json:
    words = each if isinstance(each, str) else notice_text(view, each)
    kind, field = getattr(each, "kind", "text"), getattr(each, "field", "")
    return {"kind": kind, "text": words, "field": field}


def instrument(study: Study, say: Texts) -> Json:
    """What does not change: the statements, the grid and the questions, in one language."""
    language = study.language(say.language)
    none = {"id": NONE, "text": say.around(language)("questionnaire.none_of_these")}
    return {
        "id": study.id,
        "hasBefore": bool(study.before),
        "isFree": not study.forced,
        "words": _own_words(study, say),
        "title": study.title[language],
        "language": language,
        "instruction": study.instruction[language],
        "grid": [
            {"value": value, "sign": signed(value), "cells": study.grid.cells[value]}
            for value in study.grid.values
        ],
        "statements": [
            {
                "id": s.id,
                "n": n,
                "text": s.text[language],
                "help": s.help.get(language, ""),
                "image": f"/tavle/bilde/{study.id}/{s.id}" if s.image else "",
            }
            for n, s in enumerate(study.statements, start=1)
        ],
        "questions": [
            {
                "id": q.id,
                "text": q.text[language],
                "way": q.way,
                "choices": [
                    *({"id": o.id, "text": o.text[language]} for o in q.options),
                    *([none] if q.way == "several" else []),
                ],
            }
            for q in study.questions
        ],
        "limits": {
            "reason": qsort.REASON_LIMIT,
            "answer": qsort.ANSWER_LIMIT,
            "comment": qsort.COMMENT_LIMIT,
        },
    }


def _own_words(study: Study, say: Texts) -> dict[str, list[str]]:
    """What the page says otherwise: in the study's language, with its words for the ends."""
    brought = brought_page_texts(study.language(say.language))
    own = own_words(study, say)
    if not own:
        return brought
    texts = own_page_texts(say.language)
    filled = {name: [_filled(form, own) for form in forms] for name, forms in texts.items()}
    return brought | filled


def _filled(form: str, own: Mapping[str, str]) -> str:
    for name, word in own.items():
        form = form.replace(f"{{{name}}}", word)
    return form
