"""Carrying out what the dialogs of studies decide: one press, one transaction, one card.

The card that was pressed carries the draft's token and the nonce of its step.
A press with the nonce of the step before gets the answer that it got then; one
with any other changes nothing and shows where the participant is. So it does not
matter how often, how late or how many at once presses arrive.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot import pseudonyms
from bot.cards.handing_in import delivered
from bot.cards.parts import plain
from bot.cards.study import message, room_of, title
from bot.gateway.events import Json, Say
from bot.kinds import Desk, Kind, Record, Work
from bot.presses import text
from bot.qsorts import QSorts
from bot.questionnaires import Questionnaires
from bot.texts import Texts
from dialogs.answering import Found, LookUp
from dialogs.definitions import Definition
from dialogs.handing_in import Deliver, Discard, OutOfTurn, Redrawn
from dialogs.study import Study
from storage.codes import Code, Token
from storage.urn import Draft as StoredDraft
from storage.urn import Refusal, Submitted, Urn

Studies: TypeAlias = Callable[[str], Awaitable[Definition]]
"""The definition of a study that is known to exist, by its id."""

Reply: TypeAlias = Json | Say
"""A card in the place of the pressed one, or a line beside it."""

_QSORTS, _QUESTIONNAIRES = QSorts(), Questionnaires()


def kind_of(study: Definition) -> Kind[Any, Any]:
    """The dialog and the cards of a study."""
    return _QSORTS if isinstance(study, Study) else _QUESTIONNAIRES


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One participant at work: the draft as it lies in the urn."""

    study: Definition
    say: Texts
    token: Token
    stored: StoredDraft
    draft: Work

    @property
    def kind(self) -> Kind[Any, Any]:
        return kind_of(self.study)

    def card(self, notices: Sequence[Any] = ()) -> Json:
        desk = Desk(self.study, self.say, str(self.token), self.stored.tag)
        room = room_of(self.study)
        said = [self.say(room + one) if isinstance(one, str) else one for one in notices]
        return self.kind.draw(desk, self.draft, said)


class Sittings:
    """Everyone who is answering a study."""

    def __init__(self, urn: Urn, studies: Studies) -> None:
        self._urn = urn
        self._studies = studies

    async def begin(self, study: Definition, token: Token, say: Texts) -> Reply:
        """Open the draft of a participant who has accepted; one that is open stays as it is."""
        if begun := await self.resume(token, say):
            return begun
        kind = kind_of(study)
        draft = kind.begin(study, pseudonyms.draw(), str(Code.new()))
        document = kind.records.dump_json(Record(draft, "", ()))
        if await self._urn.open_draft(token, study.id, document) is None:
            return message(say("study.closed", title=plain(title(say, study))))
        return await self.show(token, say) or await self._ended(token, {}, say)

    async def show(self, token: Token, say: Texts) -> Json | None:
        """The card as it is now, or None where the draft has ended."""
        stored = await self._urn.draft(token)
        if stored is None:
            return None
        sitting, record = await self._sitting(token, stored, say)
        return sitting.card(record.said)

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
        sitting, record = await self._sitting(token, stored, say)
        nonce = text(data, "nonce")
        if nonce != stored.tag:
            return sitting.card(record.said if nonce == record.pressed else [OutOfTurn()])
        event = sitting.kind.read(verb, data)
        if event is None:
            return sitting.card([OutOfTurn()])
        return await self._step(sitting, event, lambda: self.press(verb, data, say))

    async def _sitting(
        self, token: Token, stored: StoredDraft, say: Texts
    ) -> tuple[_Sitting, Record[Any, Any]]:
        study = await self._studies(stored.study)
        record = kind_of(study).records.validate_json(stored.document)
        return _Sitting(study, say, token, stored, record.draft), record

    async def _step(
        self, sitting: _Sitting, event: Any, again: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        """Take the step; `again` is for when someone else was quicker."""
        draft, effects = sitting.kind.step(sitting.study, sitting.draft, event)
        match effects:
            case [Discard()]:
                await self._urn.discard_draft(sitting.token)
                return message(sitting.say(f"{room_of(sitting.study)}broken"))
            case [Deliver(earlier_code)]:
                return await self._deliver(sitting, earlier_code, again)
            case [LookUp(code)]:
                return await self._look_up(sitting, code, again)
        if draft == sitting.draft:  # refused: nothing to store, and the nonce stays good
            return sitting.card(effects)
        saved = await self._save(sitting, draft, tuple(effects))
        return saved.card(effects) if saved else await again()

    async def _save(self, sitting: _Sitting, draft: Work, said: tuple[Any, ...]) -> _Sitting | None:
        document = sitting.kind.records.dump_json(Record(draft, sitting.stored.tag, said))
        stored = await self._urn.save_draft(sitting.token, sitting.stored, document)
        return replace(sitting, stored=stored, draft=draft) if stored else None

    async def _look_up(
        self, sitting: _Sitting, typed: str, again: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        """Find the answer before that a code belongs to; whose it is, the participant says."""
        code = Code.parse(typed)
        if not isinstance(code, Code):
            return sitting.card(["pair.mistyped_code"])
        found = await self._urn.verify(code)
        if found is None or isinstance(sitting.study, Study) or found.study != sitting.study.before:
            return sitting.card(["pair.unknown_code"])
        return await self._step(sitting, Found(found.pseudonym), again)

    async def _deliver(
        self, sitting: _Sitting, earlier_code: str, again: Callable[[], Awaitable[Reply]]
    ) -> Reply:
        say, study, draft = sitting.say, sitting.study, sitting.draft
        replaces = Code.parse(earlier_code) if earlier_code.strip() else None
        if earlier_code.strip() and not isinstance(replaces, Code):
            return sitting.card(["deliver.mistyped_code"])
        sealed = sitting.kind.answer(study, draft)
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
                redrawn, _ = sitting.kind.step(study, draft, Redrawn(pseudonyms.draw()))
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
        return Say(say(f"{room_of(study)}delivered.already"))


def _own_code(draft: Work) -> Code:
    code = Code.parse(draft.code)
    if not isinstance(code, Code):
        raise TypeError("a draft holds a code that is none")
    return code
