"""Q-sorts, as a kind of study."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bot.cards import qsort as cards
from bot.gateway.events import Json
from bot.kinds import Desk, Kind, Record
from bot.presses import read_event
from dialogs import qsort
from dialogs.qsort import Draft
from dialogs.study import Study


class QSorts(Kind[Study, Draft]):
    """The dialog of `dialogs/qsort.py`."""

    records = TypeAdapter(Record[Draft, qsort.Notice])

    def begin(self, study: Study, pseudonym: str, code: str) -> Draft:
        del study
        return qsort.begin(pseudonym, code)

    def read(self, verb: str, data: Json) -> qsort.Event | None:
        return read_event(verb, data)

    def step(
        self, study: Study, draft: Draft, event: qsort.Event
    ) -> tuple[Draft, list[qsort.Effect]]:
        return qsort.step(study, draft, event)

    def draw(self, desk: Desk[Study], draft: Draft, said: Sequence[Any]) -> Json:
        return cards.draw(cards.Desk(desk.study, desk.say, desk.token, desk.nonce), draft, said)

    def answer(self, study: Study, draft: Draft) -> bytes:
        return qsort.dump_answer(qsort.answer(study, draft))
