"""Studies and Q-sorts: what is written and pressed about them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Protocol, TypeAlias

from bot.delivery.live_cards import OpenCard
from bot.delivery.outgoing import digest, information
from bot.gateway.events import Conversation, Json, Origin, Press, Say, SendError
from bot.help.cards import choosing
from bot.routing.needs import (
    HasClock,
    HasCodes,
    HasDispatcher,
    HasLiveCards,
    HasMethods,
    HasOpenCards,
    HasOperational,
    HasRoles,
    HasSettings,
    HasSittings,
    HasStudies,
    HasTeams,
    HasUrn,
)
from bot.routing.scopes import Run, Verb, anywhere, facilitating, personally
from bot.routing.shared import CommandHandler, CommandReply, in_personal_chat
from bot.studies import pseudonyms
from bot.studies.cards import study as cards
from bot.studies.cards.results import lookup
from bot.studies.cards.submission import delivered, in_words
from bot.studies.draft_service import PressReply, kind_of
from bot.studies.qsort_events import id_of, text, texts
from bot.studies.results import look_up
from bot.studies.service import StudyNotCreated
from bot.ui.elements import plain
from bot.ui.texts import Texts
from dialogs.studies import answering
from dialogs.studies.definitions import Definition
from dialogs.studies.questionnaire import Questionnaire
from dialogs.writing.commands import CommandName
from storage.crypto.codes import Code, Token
from storage.operational.groups import channel_of
from storage.operational.store import Invitation


class Needs(
    HasCodes,
    HasDispatcher,
    HasRoles,
    HasLiveCards,
    HasMethods,
    HasClock,
    HasOpenCards,
    HasOperational,
    HasSettings,
    HasSittings,
    HasStudies,
    HasTeams,
    HasUrn,
    Protocol,
):
    """What these handlers work with."""


_Run: TypeAlias = Callable[[Needs, Press, Texts], Awaitable[PressReply]]
_OfStudy: TypeAlias = Callable[[Needs, Press, Texts, Definition], Awaitable[PressReply]]


async def _list(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """What was announced here, else what is open; or the one that is named."""
    studies = await services.studies.open_ones()
    if rest and (named := _named(rest, studies)):
        studies = [named]
    else:
        sheets = {method.observer for method in services.methods.all()}
        here = await services.studies.announced_at(origin.conversation)
        at = [study for each in here for study in studies if study.id == each]
        studies = at or [study for study in studies if study.id not in sheets]
    return cards.studies(say, [(study, str(Token.new())) for study in studies])


async def resume(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    """Bring the card down in the chat; the old one says that it has moved."""
    if not origin.is_personal:
        return say("draft.in_personal")
    conversation = origin.conversation
    last = services.open_cards.recall(conversation.id)
    card = await services.drafts.show(last.token, say) if last else None
    if last is None or card is None:
        services.open_cards.forget(conversation.id)
        return say("resume.none")
    new_id = await services.teams.send_card(conversation, card, say("card.summary"))
    services.open_cards.remember(conversation.id, OpenCard(last.token, new_id))
    if last.card_id:
        services.live_cards.put(conversation, last.card_id, cards.message(say("draft.moved")))
    return None


async def _withdraw(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    if not origin.is_personal:
        return say("withdraw.in_personal")
    if rest and not services.codes.allow(origin.person.id):
        return say("code.too_often")
    return await _withdrawn(services, rest, say, is_sure=False) if rest else cards.withdrawal(say)


async def _result(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    if not origin.is_personal:
        return say("result.in_personal")
    if rest and not services.codes.allow(origin.person.id):
        return say("code.too_often")
    return await look_up(services, rest, say) if rest else lookup(say)


async def _invite(services: Needs, origin: Origin, say: Texts, rest: str) -> CommandReply:
    """Announce a study here, where enough people see it that answers cannot be told apart.

    Enough over all places: one with few waits until others have been named. Whoever is in two of
    them is one person.
    """
    if origin.is_personal:
        return say("invite.where")
    study = _named(rest, await services.studies.open_ones())
    if study is None:
        return await _which(services, "invite", say, rest)
    try:
        people = await services.teams.members(origin.conversation)
    except SendError:
        return say("study.start.later")
    place = channel_of(origin.conversation.id)
    here = Invitation(study.id, place, "", asdict(origin.conversation), len(people))
    others = [
        each
        for each in await services.operational.waiting_invitations(study.id)
        if each.conversation != place
    ]
    announced = await services.operational.invitations(study.id)
    total = await _together(services, people, [*others, *announced], study.minimum_invited)
    too_few = total < study.minimum_invited
    if too_few and not services.settings.is_demonstration:
        await services.studies.wait_for_others(here)
        return _too_few(services, say, study, total)
    await services.studies.announce(
        study.id, [here, *others], say.language, origin.activity_id, services.now()
    )
    services.dispatcher.wake()
    return say("invite.few.demonstration", minimum=study.minimum_invited) if too_few else None


async def _together(
    services: Needs, people: frozenset[str], places: Sequence[Invitation], enough: int
) -> int:
    """How many different people are there and in these places: no more are asked than need be.

    Nobody is kept. A place that cannot be reached counts for nobody.
    """
    together = people
    for each in places:
        if len(together) >= enough:
            break
        with suppress(SendError):
            together |= await services.teams.members(Conversation(**each.reference))
    return len(together)


def _too_few(services: Needs, say: Texts, study: Definition, people: int) -> str:
    """The link, which is tied to nobody, is what remains where few are together."""
    few = say("invite.few", n=people, minimum=study.minimum_invited)
    address = f"{services.settings.board}/studie/{study.id}"
    return f"{few} {say('invite.few.link', link=address)}"


async def _close(services: Needs, _: Origin, say: Texts, rest: str) -> CommandReply:
    study = _named(rest, await services.studies.open_ones())
    return cards.closing(say, study) if study else await _which(services, "close", say, rest)


async def status(services: Needs, origin: Origin, say: Texts, _: str) -> CommandReply:
    if not await services.is_facilitator(origin):
        return await _list(services, origin, say, "")
    rows = []
    for study, state in await services.studies.with_states():
        # No count while a study is open: it would tell who answered when.
        submitted = await services.studies.submitted(study.id) if state == "closed" else None
        rows.append((study, state, await services.studies.invited(study.id), submitted))
    return cards.status(say, rows)


def _named(wanted: str, studies: list[Definition]) -> Definition | None:
    """The study that was named, or the only one there is."""
    if not wanted and len(studies) == 1:
        return studies[0]
    return next((study for study in studies if study.id == wanted.casefold()), None)


async def _which(services: Needs, command: CommandName, say: Texts, wanted: str) -> CommandReply:
    """Which of the open studies: a button for each; and that there is none of a wrong name."""
    studies = await services.studies.open_ones()
    words = say(f"command.{command}.title")
    choices = [(cards.title(say, study), f"{words} {study.id}") for study in studies]
    question = say(f"{command}.which")
    if wanted:
        question = f"{say('study.not_open', name=plain(wanted[:60]))} {question}"
    return choosing(question, choices) if choices else say("study.list.none")


# --- Presses -----------------------------------------------------------------------------------


def _of_study(verb: _OfStudy) -> Run:
    """With the study that the card names, if there is one."""

    async def checked(services: Needs, press: Press, say: Texts) -> PressReply:
        try:
            study = await services.studies.get(id_of(press.data, "study"))
        except StudyNotCreated:
            return Say(say("study.unknown"))
        return await verb(services, press, say, study)

    return checked


def _with_code(run: _Run, *keys: str) -> Run:
    """Where codes are tried: so many each person's share of the time that it takes."""

    async def checked(services: Needs, press: Press, say: Texts) -> PressReply:
        tries = any(text(press.data, key).strip() for key in keys)
        if tries and not services.codes.allow(press.origin.person.id):
            return Say(say("code.too_often"))
        return await run(services, press, say)

    return checked


async def _answer(services: Needs, press: Press, say: Texts) -> PressReply:
    _keep_at_hand(services, press)
    step = press.verb.partition(".")[2]
    return await services.drafts.press(step, press.data, say)


def _keep_at_hand(services: Needs, press: Press) -> None:
    """So that `fortsett` finds this card."""
    if token := Token.parse(text(press.data, "token")):
        card = OpenCard(token, press.card_id)
        services.open_cards.remember(press.origin.conversation.id, card)


async def _start(services: Needs, press: Press, say: Texts, study: Definition) -> PressReply:
    """Show the information: here in the personal chat, else there."""
    if not await services.studies.is_open(study.id):
        return Say(say("study.closed", title=cards.title(say, study)))
    if cards.SERIES in press.data:
        because = "questionnaire.because.series"
        return await send_information(services, press, say, study, because)
    if press.origin.is_personal:
        token = Token.parse(text(press.data, "token")) or Token.new()
        begun = await services.drafts.resume(token, say)
        return begun or cards.consent(say, study, str(token))
    return await send_information(services, press, say, study)


async def send_information(
    services: Needs, press: Press, say: Texts, study: Definition, because: str = "study.origin"
) -> Say:
    """Once a day to each person, however often they press."""
    person, now = press.origin.person.id, services.now()
    key = digest("consent", str(press.card_id), study.id, person, now.date().isoformat())
    near = press.origin.conversation
    row = information(person, near, study.id, key, now, language=say.language, because=because)
    return await in_personal_chat(services, press.origin, say, row)


async def _consent(services: Needs, press: Press, say: Texts, study: Definition) -> PressReply:
    token = Token.parse(text(press.data, "token"))
    if token is None:
        return Say(say("study.unknown"))
    _keep_at_hand(services, press)
    return await services.drafts.begin(study, token, say, _shared(study, press.data))


def sharing(say: Texts, study: Questionnaire, shared: str, about: Mapping[str, str]) -> Json:
    """The information of a study that asks for texts; accepting begins with this one."""
    carried = {"shared": shared, **{f"about.{key}": value for key, value in about.items()}}
    return cards.consent(say, study, str(Token.new()), "questionnaire.because.shared", carried)


def _shared(study: Definition, data: Json) -> answering.Draft | None:
    """A draft with the text that somebody wants to share, where the study asks for one."""
    shared = text(data, "shared")
    if not (isinstance(study, Questionnaire) and study.shares and shared):
        return None
    empty = answering.begin(study, pseudonyms.draw(), str(Code.new()))
    return answering.begin_sharing(study, empty, shared, texts(data, "about."))


async def _decline(_: Needs, __: Press, say: Texts) -> PressReply:
    return cards.message(say("consent.declined"))


async def _noted(services: Needs, press: Press, say: Texts, study: Definition) -> PressReply:
    services.open_cards.forget(press.origin.conversation.id)
    return delivered(study, say, "", None, replaced=False)


async def _withdraw_by_code(services: Needs, press: Press, say: Texts) -> PressReply:
    is_sure = text(press.data, "sure") == "yes"
    return await _withdrawn(services, text(press.data, "code"), say, is_sure=is_sure)


async def _look_up(services: Needs, press: Press, say: Texts) -> PressReply:
    return await look_up(services, text(press.data, "code"), say)


async def _confirm_close(
    services: Needs, press: Press, say: Texts, study: Definition
) -> PressReply:
    match await services.studies.state(study.id):
        case "created":
            return Say(say("study.closed", title=cards.title(say, study)))
        case "open":
            await services.studies.close(study.id, press.origin.person.id)
            services.dispatcher.wake()
    return cards.message(say("close.done", title=plain(cards.title(say, study))))


async def _keep(_: Needs, __: Press, say: Texts) -> PressReply:
    return cards.message(say("close.cancelled"))


async def _withdrawn(services: Needs, typed: str, say: Texts, *, is_sure: bool) -> Json:
    """Say which answer it is, and then ask for it to be destroyed; or ask for a better code."""
    code = Code.parse(typed)
    if not isinstance(code, Code):
        return cards.withdrawal(say, say("withdraw.mistyped"))
    if not is_sure:
        found = await services.urn.verify(code)
        if found is None:
            return cards.withdrawal(say, say("withdraw.unknown"))
        study = await services.studies.get(found.study)
        token = await _may_change(services, study)
        return cards.own_answer(say, study, found.pseudonym, str(code), token=token)
    if await services.urn.withdraw(code) is None:
        return cards.withdrawal(say, say("withdraw.unknown"))
    return cards.message(say("withdraw.done"))


async def _may_change(services: Needs, study: Definition) -> str:
    """The token of the draft that changing an answer begins; empty once its study is closed."""
    return str(Token.new()) if await services.studies.is_open(study.id) else ""


async def _read(services: Needs, press: Press, say: Texts) -> PressReply:
    """Whoever has the code reads what was handed in, as long as it is there."""
    code = Code.parse(text(press.data, "code"))
    own = await services.urn.own_answer(code) if isinstance(code, Code) else None
    if own is None:
        return cards.withdrawal(say, say("withdraw.unknown"))
    study = await services.studies.get(own.study)
    told = in_words(kind_of(study).told(study, say, own.document))
    token = await _may_change(services, study)
    return cards.own_answer(say, study, own.pseudonym, str(code), token=token, told=told)


async def _change(services: Needs, press: Press, say: Texts) -> PressReply:
    """Begin with what was delivered: it is looked over, changed, and goes in its place."""
    code, token = Code.parse(text(press.data, "code")), Token.parse(text(press.data, "token"))
    own = await services.urn.own_answer(code) if isinstance(code, Code) else None
    if own is None or token is None:
        return cards.withdrawal(say, say("withdraw.unknown"))
    study = await services.studies.get(own.study)
    if not await services.studies.is_open(study.id):
        return cards.message(say("study.closed", title=plain(cards.title(say, study))))
    draft = kind_of(study).again(study, own.pseudonym, str(code), own.document)
    _keep_at_hand(services, press)
    return await services.drafts.begin(study, token, say, draft)


async def _not_withdrawn(_: Needs, __: Press, say: Texts) -> PressReply:
    return cards.message(say("withdraw.kept"))


_CODES = ("code", "earlier_code", "before_code")
COMMANDS: dict[str, CommandHandler] = {
    "study": _list,
    "resume": resume,
    "withdraw": _withdraw,
    "result": _result,
    "invite": _invite,
    "close": _close,
    "status": status,
}
VERBS: dict[str, Verb] = {
    "study.start": anywhere(_of_study(_start)),
    "study.consent": personally(_of_study(_consent)),
    "study.decline": personally(_decline),
    "study.withdraw": personally(_with_code(_withdraw_by_code, "code")),
    "study.read": personally(_with_code(_read, "code")),
    "study.change": personally(_with_code(_change, "code")),
    "study.stay": personally(_not_withdrawn),
    "study.result": personally(_with_code(_look_up, "code")),
    "study.close": facilitating(_of_study(_confirm_close)),
    "study.keep": facilitating(_keep),
    "qsort.noted": personally(_of_study(_noted)),
}
DIALOGS: dict[str, Verb] = {
    "qsort": personally(_with_code(_answer, *_CODES)),
    "questionnaire": personally(_with_code(_answer, *_CODES)),
}
"""Whole dialogs, whose verbs the dialog itself knows."""
