"""Questionnaires, as a kind of study; what a press on their cards means."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import TypeAdapter

from bot import pseudonyms
from bot.cards import questionnaire as cards
from bot.gateway.events import Json
from bot.kinds import Desk, Kind, Record
from bot.presses import text, texts
from dialogs import answering
from dialogs.answering import Draft
from dialogs.handing_in import Broken, Confirmed, Redrawn
from dialogs.questionnaire import Questionnaire


class Questionnaires(Kind[Questionnaire, Draft]):
    """The dialog of `dialogs/answering.py`."""

    records = TypeAdapter(Record[Draft, answering.Notice])

    def begin(self, study: Questionnaire, pseudonym: str, code: str) -> Draft:
        return answering.begin(study, pseudonym, code)

    def read(self, verb: str, data: Json) -> answering.Event | None:
        read = _READERS.get(verb)
        return read(data) if read else None

    def step(
        self, study: Questionnaire, draft: Draft, event: answering.Event
    ) -> tuple[Draft, list[answering.Effect]]:
        return answering.step(study, draft, event)

    def draw(self, desk: Desk[Questionnaire], draft: Draft, said: Sequence[Any]) -> Json:
        return cards.draw(desk, draft, said)

    def answer(self, study: Questionnaire, draft: Draft) -> bytes:
        return answering.dump_answer(answering.answer(study, draft))


# Anyone can forge card data: it is checked here for its type, and by the dialog for its sense.
# `Found` is not among the events, for only the shell may say whose answer a code leads to.
_READERS: dict[str, Callable[[Json], answering.Event]] = {
    "code": lambda data: answering.Coded(text(data, "before_code")),
    "mine": lambda _: answering.Recognised(),
    "not_mine": lambda _: answering.Disowned(),
    "unpaired": lambda _: answering.WentUnpaired(),
    "next": lambda data: answering.Answered(texts(data, "item.")),
    "leave": lambda data: answering.Answered(texts(data, "item."), leaving=True),
    "pause": lambda data: answering.Paused(texts(data, "item.")),
    "resume": lambda _: answering.Resumed(),
    "revise": lambda data: answering.Revised(text(data, "block")),
    "approve": lambda _: answering.Approved(),
    "redraw": lambda _: Redrawn(pseudonyms.draw()),
    "deliver": lambda data: Confirmed(text(data, "earlier_code")),
    "break": lambda _: Broken(),
    "back": lambda data: answering.WentBack(texts(data, "item.")),
}
