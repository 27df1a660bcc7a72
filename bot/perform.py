"""Carrying out what the Q-sort dialog decides: one press, one transaction, one card.

The card that was pressed carries the draft's token and the nonce of its step.
A press with the nonce of the step before gets the answer that it got then; one
with any other changes nothing and shows where the participant is. So it does not
matter how often, how late or how many at once presses arrive.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pydantic import TypeAdapter

from bot import pseudonyms
from bot.cards.parts import plain
from bot.cards.qsort import Desk, delivered, draw
from bot.cards.study import message, title
from bot.gateway.events import Json, Say
from bot.presses import read_event, text
from bot.texts import Texts
from dialogs import qsort
from dialogs.qsort import Draft, Notice
from dialogs.study import Study
from storage.codes import Code, Token
from storage.urn import Draft as StoredDraft
from storage.urn import Refusal, Submitted, Urn

Studies: TypeAlias = Callable[[str], Awaitable[Study]]
"""The definition of a study that is known to exist, by its id."""

Reply: TypeAlias = Json | Say
"""A card in the place of the pressed one, or a line beside it."""


_Key: TypeAlias = Literal["deliver.mistyped_code", "deliver.unknown_code", "deliver.taken"]
"""What there is to say of a delivery: the key of a text."""


@dataclass(frozen=True, slots=True)
class _Record:
    """What the urn keeps of a draft: with it, the press that led here and what was said to it."""

    draft: Draft
    pressed: str
    said: tuple[Notice | _Key, ...]


_records = TypeAdapter(_Record)


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One participant at work: the draft as it lies in the urn."""

    study: Study
    say: Texts
    token: Token
    stored: StoredDraft
    draft: Draft

    def card(self, notices: Sequence[Notice | _Key] = ()) -> Json:
        desk = Desk(self.study, self.say, str(self.token), self.stored.tag)
        said = [self.say(notice) if isinstance(notice, str) else notice for notice in notices]
        return draw(desk, self.draft, said)


class QSorts:
    """Every Q-sort in progress."""

    def __init__(self, urn: Urn, studies: Studies) -> None:
        self._urn = urn
        self._studies = studies

    async def begin(self, study: Study, token: Token, say: Texts) -> Reply:
        """Open the draft of a participant who has accepted; one that is open stays as it is."""
        if begun := await self.resume(token, say):
            return begun
        draft = qsort.begin(pseudonyms.draw(), str(Code.new()))
        document = _records.dump_json(_Record(draft, "", ()))
        if await self._urn.open_draft(token, study.id, document) is None:
            return message(say("study.closed", title=plain(title(say, study))))
        return await self.show(token, say) or await self._ended(token, {}, say)

    async def show(self, token: Token, say: Texts) -> Json | None:
        """The card as it is now, or None where the draft has ended."""
        stored = await self._urn.draft(token)
        if stored is None:
            return None
        record = _records.validate_json(stored.document)
        study = await self._studies(stored.study)
        return _Sitting(study, say, token, stored, record.draft).card(record.said)

    async def resume(self, token: Token, say: Texts) -> Reply | None:
        """What a token has come to; None where nothing was begun with it, or nothing is left."""
        if card := await self.show(token, say):
            return card
        return await self._ended(token, {}, say) if await self._urn.receipt(token) else None

    async def press(self, verb: str, data: Json, say: Texts) -> Reply:
        """A press on a card of the dialog. Nothing in `data` is trusted."""
        token = Token.parse(text(data, "token"))
        stored = await self._urn.draft(token) if token else None
        if token is None or stored is None:
            return await self._ended(token, data, say)
        record = _records.validate_json(stored.document)
        sitting = _Sitting(await self._studies(stored.study), say, token, stored, record.draft)
        nonce = text(data, "nonce")
        if nonce != stored.tag:
            return sitting.card(record.said if nonce == record.pressed else [qsort.OutOfTurn()])
        event = read_event(verb, data)
        if event is None:
            return sitting.card([qsort.OutOfTurn()])
        return await self._step(sitting, event, lambda: self.press(verb, data, say))

    async def _step(
        self, sitting: _Sitting, event: qsort.Event, again: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        """Take the step; `again` is for when someone else was quicker."""
        draft, effects = qsort.step(sitting.study, sitting.draft, event)
        match effects:
            case [qsort.Discard()]:
                await self._urn.discard_draft(sitting.token)
                return message(sitting.say("qsort.broken"))
            case [qsort.Deliver(earlier_code)]:
                return await self._deliver(sitting, earlier_code, again)
        said = tuple(e for e in effects if not isinstance(e, qsort.Deliver | qsort.Discard))
        if draft == sitting.draft:  # refused: nothing to store, and the nonce stays good
            return sitting.card(said)
        saved = await self._save(sitting, draft, said)
        return saved.card(said) if saved else await again()

    async def _save(
        self, sitting: _Sitting, draft: Draft, said: tuple[Notice | _Key, ...]
    ) -> _Sitting | None:
        record = _Record(draft, sitting.stored.tag, said)
        document = _records.dump_json(record)
        stored = await self._urn.save_draft(sitting.token, sitting.stored, document)
        return replace(sitting, stored=stored, draft=draft) if stored else None

    async def _deliver(
        self, sitting: _Sitting, earlier_code: str, again: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        say, study, draft = sitting.say, sitting.study, sitting.draft
        replaces = Code.parse(earlier_code) if earlier_code.strip() else None
        if earlier_code.strip() and not isinstance(replaces, Code):
            return sitting.card(["deliver.mistyped_code"])
        sealed = qsort.dump_answer(qsort.answer(study, draft))
        code = replaces if isinstance(replaces, Code) else _own_code(draft)
        if code is replaces:
            outcome = await self._urn.replace(sitting.token, sitting.stored, sealed, code)
        else:
            outcome = await self._urn.submit(
                sitting.token, sitting.stored, sealed, draft.pseudonym, code
            )
        match outcome:
            case Submitted(_, pseudonym):
                return delivered(study, say, pseudonym, str(code), replaced=code is replaces)
            case Refusal.PSEUDONYM_TAKEN:
                redrawn = replace(draft, pseudonym=pseudonyms.draw())
                saved = await self._save(sitting, redrawn, ("deliver.taken",))
                return saved.card(["deliver.taken"]) if saved else await again()
            case Refusal.UNKNOWN_CODE:
                return sitting.card(["deliver.unknown_code"])
            case Refusal.NOT_OPEN:
                return message(say("study.closed", title=plain(title(say, study))))
            case Refusal.STALE:
                return await again()

    async def _ended(self, token: Token | None, data: Json, say: Texts) -> Reply:
        """The draft is gone: it was delivered, perhaps by this very press, or destroyed."""
        done = await self._urn.receipt(token) if token else None
        if done is None:
            return message(say("draft.gone"))
        study = await self._studies(done.study)
        for key in ("code", "earlier_code"):
            code = Code.parse(text(data, key))
            if isinstance(code, Code) and await self._urn.verify(code) == done:
                replaced = key == "earlier_code"
                return delivered(study, say, done.pseudonym, str(code), replaced=replaced)
        # Whatever old press this is, the card with the code must not be taken away by it.
        return Say(say("delivered.already"))


def _own_code(draft: Draft) -> Code:
    code = Code.parse(draft.code)
    if not isinstance(code, Code):
        raise TypeError("a draft holds a code that is none")
    return code
