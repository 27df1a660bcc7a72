"""Carrying out what the dialogs of studies decide: one press, one transaction, one card.

The card that was pressed carries the draft's token and the nonce of its step.
A press with the nonce of the step before gets the answer that it got then; one
with any other changes nothing and shows where the participant is. So it does not
matter how often, how late or how many at once presses arrive. A page in a browser
gives each of its presses an id as well, for two tabs may hold the same nonce.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from bot.gateway.events import Json, Say
from bot.studies import pseudonyms
from bot.studies.board_link import BoardLink
from bot.studies.cards.study import message, room_of, title
from bot.studies.cards.submission import delivered
from bot.studies.instrument import CodeNotice, Instrument, InstrumentView, Record, Work
from bot.studies.qsort_events import id_of, text
from bot.studies.qsort_instrument import QSorts
from bot.studies.questionnaire_instrument import Questionnaires
from bot.ui.elements import plain, refilled
from bot.ui.fitting import too_large
from bot.ui.texts import Texts
from dialogs.studies.answering import Found, LookUp
from dialogs.studies.definitions import Definition
from dialogs.studies.study import Study
from dialogs.studies.submission import Deliver, Discard, OutOfTurn, Redrawn
from dialogs.writing.door import TextFault
from storage.crypto.codes import Code, Token
from storage.urn.store import StoredDraft, SubmissionRefusal, Submitted, Urn

ReadDefinition: TypeAlias = Callable[[str], Awaitable[Definition]]
"""The definition of a study that is known to exist, by its id."""

PressReply: TypeAlias = Json | Say
"""A card in the place of the pressed one, or a line beside it."""

MAX_PRESS_ID = 40
_QSORTS, _QUESTIONNAIRES = QSorts(), Questionnaires()


def kind_of(study: Definition) -> Instrument[Any, Any]:
    """The dialog and the cards of a study."""
    return _QSORTS if isinstance(study, Study) else _QUESTIONNAIRES


class Face(ABC):
    """How participants see where they are: as cards in a chat, or as a board in a browser."""

    @abstractmethod
    def at_work(self, view: InstrumentView[Any], draft: Work, said: Sequence[Any]) -> Json:
        """The draft, with what there is to say. Texts among `said` are shown as they are."""

    @abstractmethod
    def delivered(
        self, study: Definition, say: Texts, pseudonym: str, code: str, *, replaced: bool
    ) -> Json:
        """The receipt, with the code."""

    @abstractmethod
    def message(self, text: str) -> Json:
        """Nothing but a text: there is no draft any more."""


class Cards(Face):
    """In the chat, with a link to the board where there is one."""

    def __init__(self, board: BoardLink | None = None) -> None:
        self._board = board

    def at_work(self, view: InstrumentView[Any], draft: Work, said: Sequence[Any]) -> Json:
        return kind_of(view.study).draw(replace(view, board=self._board), draft, said)

    def delivered(
        self, study: Definition, say: Texts, pseudonym: str, code: str, *, replaced: bool
    ) -> Json:
        return delivered(study, say, pseudonym, code, replaced=replaced)

    def message(self, text: str) -> Json:
        return message(text)


@dataclass(frozen=True, slots=True)
class _Sitting:
    """One participant at work: the draft as it lies in the urn."""

    study: Definition
    say: Texts
    token: Token
    stored: StoredDraft
    draft: Work
    face: Face
    press: str
    """The nonce of the press that is dealt with, and its id where it has one."""

    @property
    def kind(self) -> Instrument[Any, Any]:
        return kind_of(self.study)

    def card(self, notices: Sequence[Any] = ()) -> Json:
        view = InstrumentView(self.study, self.say, str(self.token), self.stored.tag)
        room = room_of(self.study)
        said = [self.say(room + one) if isinstance(one, str) else one for one in notices]
        return self.face.at_work(view, self.draft, said)


class DraftService:
    """Everyone who is answering a study."""

    def __init__(self, urn: Urn, studies: ReadDefinition, face: Face | None = None) -> None:
        self._urn = urn
        self._studies = studies
        self._face = face or Cards()

    async def begin(
        self, study: Definition, token: Token, say: Texts, draft: Work | None = None
    ) -> PressReply:
        """Open the draft of a participant who has accepted; one that is open stays as it is.

        `draft` is what to begin with, where that is not an empty one.
        """
        if begun := await self.resume(token, say):
            return begun
        kind = kind_of(study)
        draft = draft or kind.begin(study, pseudonyms.draw(), str(Code.new()))
        document = kind.records.dump_json(Record(draft, "", ()))
        if await self._urn.open_draft(token, study.id, document) is None:
            return self._face.message(say("study.closed", title=plain(title(say, study))))
        return await self.show(token, say) or await self._ended(token, {}, say)

    async def show(self, token: Token, say: Texts) -> Json | None:
        """The card as it is now, or None where the draft has ended."""
        stored = await self._urn.draft(token)
        if stored is None:
            return None
        sitting, record = await self._sitting(token, stored, say)
        return sitting.card(record.said)

    async def resume(self, token: Token, say: Texts) -> PressReply | None:
        """What a token has come to; None where nothing was begun with it, or nothing is left."""
        if card := await self.show(token, say):
            return card
        return await self._ended(token, {}, say) if await self._urn.receipt(token) else None

    async def press(self, verb: str, data: Json, say: Texts) -> PressReply:
        """A press on a card of the dialog. Nothing in `data` is trusted."""
        token, nonce = Token.parse(text(data, "token")), text(data, "nonce")
        stored = await self._stored(token, nonce) if token else None
        if token is None or stored is None:
            return await self._ended(token, data, say)
        sitting, record = await self._sitting(token, stored, say)
        sitting = replace(sitting, press=nonce + id_of(data, "id")[:MAX_PRESS_ID])
        if nonce != stored.tag:
            if sitting.press == record.pressed:
                return _with_texts(say, sitting.card(record.said), record.said, data)
            return sitting.card([OutOfTurn()])
        event = sitting.kind.read(verb, data)
        if event is None:
            return sitting.card([OutOfTurn()])
        return await self._step(sitting, event, lambda: self.press(verb, data, say), data)

    async def _stored(self, token: Token, nonce: str) -> StoredDraft | None:
        """Not read where this very step was the last one saved here: most presses are the next."""
        return self._urn.draft_at_hand(token, nonce) or await self._urn.draft(token)

    async def _sitting(
        self, token: Token, stored: StoredDraft, say: Texts
    ) -> tuple[_Sitting, Record[Any, Any]]:
        study = await self._studies(stored.study)
        record = kind_of(study).records.validate_json(stored.document)
        return _Sitting(study, say, token, stored, record.draft, self._face, ""), record

    async def _step(
        self,
        sitting: _Sitting,
        event: Any,
        again: Callable[[], Awaitable[PressReply]],
        data: Json | None = None,
    ) -> PressReply:
        """Take the step; `again` is for when someone else was quicker.

        What cannot be kept stays in the fields of the card: `data` is what stands in them.
        """
        draft, effects = sitting.kind.step(sitting.study, sitting.draft, event)
        match effects:
            case [Discard()]:
                await self._urn.discard_draft(sitting.token)
                return self._face.message(sitting.say(f"{room_of(sitting.study)}broken"))
            case [Deliver(earlier_code, before_code)]:
                return await self._deliver(sitting, earlier_code, before_code, again)
            case [LookUp(code)]:
                return await self._look_up(sitting, code, again)
        if draft == sitting.draft:  # refused: nothing to store, and the nonce stays good
            if self._urn.let_go(sitting.token):  # nothing was written that would have told
                return await again()
            return _with_texts(sitting.say, sitting.card(effects), effects, data)
        saved = await self._save(sitting, draft, tuple(effects))
        if saved is None:
            return await again()
        return _with_texts(sitting.say, saved.card(effects), effects, data)

    async def _save(self, sitting: _Sitting, draft: Work, said: tuple[Any, ...]) -> _Sitting | None:
        document = sitting.kind.records.dump_json(Record(draft, sitting.press, said))
        stored = await self._urn.save_draft(sitting.token, sitting.stored, document)
        return replace(sitting, stored=stored, draft=draft) if stored else None

    async def _look_up(
        self, sitting: _Sitting, typed: str, again: Callable[[], Awaitable[PressReply]]
    ) -> PressReply:
        """Find the answer before that a code belongs to; whose it is, the participant says."""
        found = await self._before(sitting, typed)
        if isinstance(found, list):
            return sitting.card(found)
        return await self._step(sitting, Found(found), again)

    async def _before(self, sitting: _Sitting, typed: str) -> str | list[CodeNotice]:
        """The pseudonym of the answer before that a code belongs to, or why there is none."""
        code = Code.parse(typed)
        if not isinstance(code, Code):
            return ["pair.mistyped_code"]
        found = await self._urn.verify(code)
        if found is None or found.study != sitting.study.before:
            return ["pair.unknown_code"]
        return found.pseudonym

    async def _deliver(
        self,
        sitting: _Sitting,
        earlier_code: str,
        before_code: str,
        again: Callable[[], Awaitable[PressReply]],
    ) -> PressReply:
        say, study, draft = sitting.say, sitting.study, sitting.draft
        is_paired = bool(study.before and before_code.strip())
        before = await self._before(sitting, before_code) if is_paired else ""
        if isinstance(before, list):
            return sitting.card(before)
        replaces = Code.parse(earlier_code) if earlier_code.strip() else None
        if earlier_code.strip() and not isinstance(replaces, Code):
            return sitting.card(["deliver.mistyped_code"])
        sealed = sitting.kind.answer(study, draft, before)
        code = replaces if isinstance(replaces, Code) else _own_code(draft)
        if code is replaces:
            outcome = await self._urn.replace(sitting.token, sitting.stored, sealed, code)
        else:
            outcome = await self._urn.submit(
                sitting.token, sitting.stored, sealed, draft.pseudonym, code
            )
        match outcome:
            case Submitted(_, pseudonym):
                replaced = code is replaces
                return self._face.delivered(study, say, pseudonym, str(code), replaced=replaced)
            case SubmissionRefusal.PSEUDONYM_TAKEN:
                redrawn, _ = sitting.kind.step(study, draft, Redrawn(pseudonyms.draw()))
                saved = await self._save(sitting, redrawn, ("deliver.taken",))
                return saved.card(["deliver.taken"]) if saved else await again()
            case SubmissionRefusal.UNKNOWN_CODE:
                is_gone = draft.corrects
                return sitting.card(["deliver.withdrawn" if is_gone else "deliver.unknown_code"])
            case SubmissionRefusal.NOT_OPEN:
                return self._face.message(say("deliver.closed", title=plain(title(say, study))))
            case SubmissionRefusal.STALE:
                return await again()

    async def _ended(self, token: Token | None, data: Json, say: Texts) -> PressReply:
        """The draft is gone: it was delivered, perhaps by this very press, or destroyed."""
        done = await self._urn.receipt(token) if token else None
        if done is None:
            return self._face.message(say("draft.gone"))
        study = await self._studies(done.study)
        for key in ("code", "earlier_code"):
            code = Code.parse(text(data, key))
            if isinstance(code, Code) and await self._urn.verify(code) == done:
                replaced = key == "earlier_code"
                return self._face.delivered(
                    study, say, done.pseudonym, str(code), replaced=replaced
                )
        # Whatever old press this is, the card with the code must not be taken away by it.
        return Say(say(f"{room_of(study)}delivered.already"))


def _with_texts(say: Texts, card: Json, said: Sequence[Any], data: Json | None) -> PressReply:
    """The card, with the texts that could not be kept still in their fields.

    Where they have no room on it, the card that they were typed on stays.
    """
    if data is None or not any(isinstance(each, TextFault) for each in said):
        return card
    filled = refilled(card, data)
    has_room = filled == card or not too_large(filled)
    return filled if has_room else Say(say("text.stays"))


def _own_code(draft: Work) -> Code:
    code = Code.parse(draft.code)
    if not isinstance(code, Code):
        raise TypeError("a draft holds a code that is none")
    return code
