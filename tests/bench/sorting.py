"""The presses of a whole Q-sort but the delivery, and all the way back by undo."""

import re
from itertools import chain, cycle

from bot.gateway.events import Json
from dialogs.studies import qsort
from dialogs.studies.study import Study
from storage.crypto.codes import Token
from tests.bench.teams import Client, Teams

_NONCE = re.compile(rb'"nonce": ?"([0-9a-f]+)"')


def presses(study: Study) -> list[Json]:
    """What the buttons carry, from the first page and back to it, beside token and nonce."""
    made: list[Json] = []
    draft = qsort.begin("fjord-ekorn", "code")

    def press(event: qsort.Event, verb: str, **data: object) -> None:
        nonlocal draft
        draft, _ = qsort.step(study, draft, event)
        made.append({"verb": f"qsort.{verb}", **data})

    while isinstance(draft.stage, qsort.Reading):
        press(qsort.Read(), "read")
    while isinstance(draft.stage, qsort.Presorting):
        page = qsort.page_of(study, draft.stage.page, qsort.PRESORT_PAGE)
        piles = {s.id: qsort.PILES[n % len(qsort.PILES)] for n, s in enumerate(page)}
        press(qsort.Piled(piles), "pile", **{f"pile.{s}": pile for s, pile in piles.items()})
    while ask := qsort.prompt(study, draft.board):
        chosen = tuple(s.id for s in ask.candidates[: ask.free])
        data = {"pile": ask.pile, "column": ask.column, "chosen": ",".join(chosen)}
        press(qsort.Chosen(ask.pile, ask.column, chosen), "choose", **data)
    press(qsort.Approved(), "approve")
    reasons = {s.id: "Fordi det er slik hos oss." for s in qsort.extremes(study, draft.board)}
    explained = {f"reason.{s}": text for s, text in reasons.items()}
    press(qsort.Explained(reasons, {}, ""), "explain", **explained)
    while draft.changes:
        press(qsort.Undone(), "undo")
    return made


class Sorter:
    """One participant, who accepts with their first turn and then sorts for ever."""

    def __init__(self, teams: Teams, client: Client, name: str, study: Study) -> None:
        self._teams, self._client, self._name = teams, client, name
        self._activity = teams.activity(name, "invoke") | {
            "name": "adaptiveCard/action",
            "replyToId": f"card-{name}",
        }
        token = str(Token.new())
        self._carried = {"token": token, "nonce": ""}
        consent = {"verb": "study.consent", "study": study.id}
        self._next = chain([consent], cycle(presses(study)))

    async def turn(self) -> float:
        """One press; seconds until the answer and the update of the card had come.

        Raises AssertionError where the press has changed nothing.
        """
        data = {**self._carried, **next(self._next)}
        action = {"type": "Action.Execute", "verb": data["verb"], "data": data}
        activity = self._activity | {"value": {"action": action, "trigger": "manual"}}
        request = self._teams.request(activity)
        answer, seconds = await self._teams.turn(self._client, self._name, request)
        nonce = _NONCE.search(answer)
        assert nonce, answer
        assert nonce[1].decode() != self._carried["nonce"], answer
        self._carried["nonce"] = nonce[1].decode()
        return seconds


class Writer:
    """Somebody who writes the same to an echo again and again."""

    def __init__(self, teams: Teams, client: Client, name: str) -> None:
        self._teams, self._client, self._name = teams, client, name
        self._request = teams.request(teams.activity(name, "message") | {"text": "Hei på deg"})

    async def turn(self) -> float:
        answer, seconds = await self._teams.turn(self._client, self._name, self._request)
        assert answer.startswith(b"HTTP/1.1 20"), answer
        return seconds
