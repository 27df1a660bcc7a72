"""Q-sorts, as a kind of study."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.gateway.events import Json
from bot.studies.cards import qsort as cards
from bot.studies.instrument import Instrument, InstrumentView, Part, Record
from bot.studies.qsort_events import read_event
from bot.ui.texts import Texts
from dialogs.studies import qsort
from dialogs.studies.qsort import Draft
from dialogs.studies.study import Study


class QSorts(Instrument[Study, Draft]):
    """The dialog of `dialogs/studies/qsort.py`."""

    records = TypeAdapter(Record[Draft, qsort.Notice])

    def begin(self, study: Study, pseudonym: str, code: str) -> Draft:
        del study
        return qsort.begin(pseudonym, code)

    def again(self, study: Study, pseudonym: str, code: str, delivered: bytes) -> Draft:
        del study
        return qsort.begin_again(pseudonym, code, qsort.load_answer(delivered))

    def read(self, verb: str, data: Json) -> qsort.Event | None:
        return read_event(verb, data)

    def step(
        self, study: Study, draft: Draft, event: qsort.Event
    ) -> tuple[Draft, list[qsort.Effect]]:
        return qsort.step(study, draft, event)

    def draw(self, view: InstrumentView[Study], draft: Draft, said: Sequence[Any]) -> Json:
        say = cards.speaking(view.study, view.say)
        own = cards.SortView(view.study, say, view.token, view.nonce, view.board)
        return cards.draw(own, draft, said)

    def told(self, study: Study, say: Texts, delivered: bytes) -> list[Part]:
        view = cards.SortView(study, cards.speaking(study, say), "", "")
        return cards.handed_in(view, self.again(study, "", "", delivered))

    def answer(self, study: Study, draft: Draft, before: str) -> bytes:
        return qsort.dump_answer(qsort.answer(study, draft, before))
