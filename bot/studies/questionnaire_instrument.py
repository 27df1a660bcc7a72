"""Questionnaires, as a kind of study; what a press on their cards means."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from bot.gateway.events import Json
from bot.studies import pseudonyms
from bot.studies.cards import questionnaire as cards
from bot.studies.instrument import Instrument, InstrumentView, Part, Record
from bot.studies.qsort_events import id_of, text, texts
from bot.ui.texts import Texts
from dialogs.studies import answering
from dialogs.studies.answering import Draft
from dialogs.studies.questionnaire import Questionnaire
from dialogs.studies.submission import Broken, Confirmed, Redrawn


class Questionnaires(Instrument[Questionnaire, Draft]):
    """The dialog of `dialogs/studies/answering.py`."""

    records = TypeAdapter(Record[Draft, answering.Notice])

    def begin(self, study: Questionnaire, pseudonym: str, code: str) -> Draft:
        return answering.begin(study, pseudonym, code)

    def again(self, study: Questionnaire, pseudonym: str, code: str, delivered: bytes) -> Draft:
        return answering.begin_again(study, pseudonym, code, answering.load_answer(delivered))

    def read(self, verb: str, data: Json) -> answering.Event | None:
        read = _READERS.get(verb)
        return read(data) if read else None

    def step(
        self, study: Questionnaire, draft: Draft, event: answering.Event
    ) -> tuple[Draft, list[answering.Effect]]:
        return answering.step(study, draft, event)

    def draw(self, view: InstrumentView[Questionnaire], draft: Draft, said: Sequence[Any]) -> Json:
        around = view.say.around(view.study.language(view.say.language))
        return cards.draw(replace(view, say=around), draft, said)

    def told(self, study: Questionnaire, say: Texts, delivered: bytes) -> list[Part]:
        around = say.around(study.language(say.language))
        view = InstrumentView(study, around, "", "")
        return cards.handed_in(view, self.again(study, "", "", delivered))

    def answer(self, study: Questionnaire, draft: Draft, before: str) -> bytes:
        del before  # asked for in a step of its own, and in the draft
        return answering.dump_answer(answering.answer(study, draft))


def _anyway(data: Json) -> bool:
    return text(data, "anyway") == "yes"


# Anyone can forge card data: it is checked here for its type, and by the dialog for its sense.
# `Found` is not among the events, for only the shell may say whose answer a code leads to.
_READERS: dict[str, Callable[[Json], answering.Event]] = {
    "code": lambda data: answering.Coded(text(data, "before_code")),
    "mine": lambda _: answering.Recognised(),
    "not_mine": lambda _: answering.Disowned(),
    "unpaired": lambda _: answering.WentUnpaired(),
    "next": lambda data: answering.Answered(texts(data, "item."), anyway=_anyway(data)),
    "leave": lambda data: answering.Answered(
        texts(data, "item."), leaving=True, anyway=_anyway(data)
    ),
    "pause": lambda data: answering.Paused(texts(data, "item."), _anyway(data)),
    "resume": lambda _: answering.Resumed(),
    "revise": lambda data: answering.Revised(id_of(data, "item")),
    "approve": lambda _: answering.Approved(),
    "redraw": lambda _: Redrawn(pseudonyms.draw()),
    "deliver": lambda data: Confirmed(text(data, "earlier_code")),
    "break": lambda _: Broken(),
    "back": lambda data: answering.WentBack(texts(data, "item."), _anyway(data)),
}
