"""The board's requests. Who asks is known by the token alone, and the token is in no address.

The page sends it in a header, the form without JavaScript in its body. Nothing
here reads a cookie, an address or a name, and nothing is logged but the type
and the place of a bug (docs/adr/0029-board.md).
"""

import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import orjson
import structlog
from aiohttp import hdrs, web

from bot.gateway.events import Json, Say
from bot.operation.logs import what_failed
from bot.operation.shares import Limits
from bot.studies.draft_service import DraftService, PressReply, kind_of
from bot.studies.instrument import Work
from bot.studies.qsort_events import id_of, text
from bot.studies.results import places_of
from bot.studies.service import StudyNotCreated, StudyService
from bot.ui.texts import Texts, language_of, page_texts, texts
from bot.web import forms, hour, pages, questionnaires, results, talks
from bot.web.views import BoardFace, instrument
from dialogs.studies import qsort
from dialogs.studies.definitions import Definition
from dialogs.studies.study import Study
from research import talks as mailbox
from research.publication import Results
from storage.crypto.codes import Code, Mistyped, ResumeCode, Token
from storage.operational.store import Talk
from storage.urn.store import OwnAnswer, State, Urn

log = structlog.get_logger()

MAX_BODY = 64 * 1024
"""Bytes: the longest texts of a sort, three times over."""
FORMS = ("draft", "questionnaire")
"""What a reply shows while there is something to fill in."""
TEAMS_HOSTS = (
    "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft "
    "https://*.microsoft365.com https://*.office.com https://outlook.office.com "
    "https://outlook.office365.com"
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors 'self' {TEAMS_HOSTS}"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class AnsweredEarly(Exception):
    """Ends a request early with a status and a line for the participant."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


def bearer(typed: str) -> Token | None:
    """The token that a card carried, or the one of a resume code."""
    if token := Token.parse(typed.strip()):
        return token
    code = ResumeCode.parse(typed)
    return code.token() if code else None


class BoardRoutes:
    """The board's routes."""

    def __init__(self, urn: Urn, studies: StudyService) -> None:
        self._urn = urn
        self._studies = studies
        self._sittings = DraftService(urn, studies.get, BoardFace())
        self._presses = Limits(burst=300, rate=20)
        self._codes = Limits(burst=60, rate=2)
        """Codes are checked with a slow hash: all who try them share this."""
        self._begun = Limits(burst=1000, rate=20)
        """New drafts in one study, whoever begins them."""
        self._steps = hour.Steps()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/tavle", self._page),
            web.get("/tavle/studie/{study}", self._page),
            web.get("/tavle/fil/{name}", self._file),
            web.get("/tavle/bilde/{study}/{statement}", self._picture),
            web.get("/tavle/tekst/{language}", self._texts),
            web.post("/tavle/skjema", self._form),
            web.get("/tavle/resultat/{study}/{key}", self._results),
            web.post("/tavle/resultat/{study}/{key}", self._own_place),
            web.get("/tavle/time/{study}", self._hour),
            web.get("/tavle/time/{study}/tall", self._counts),
            web.get("/tavle/samtale/{study}", self._mailbox),
            web.post("/tavle/samtale/{study}", self._open_mailbox),
            web.post("/tavle/api/{verb}", self._api),
        ]

    # Pages

    async def _page(self, request: web.Request) -> web.Response:
        say = _say(request)
        study_id = request.match_info.get("study", "")
        study = await self._open_study(study_id) if study_id else None
        if study_id and study is None:
            return _html(pages.closed(say, await self._study_in(study_id, "closed")), 404)
        return _html(pages.page(say, study))

    async def _file(self, request: web.Request) -> web.Response:
        file = pages.file(request.match_info["name"])
        if file is None:
            return _html(pages.closed(_say(request)), 404)
        body, kind = file
        packed = {hdrs.CONTENT_TYPE: kind, hdrs.CONTENT_ENCODING: "gzip"}  # every browser reads it
        return web.Response(body=body, headers=HEADERS | packed)

    async def _picture(self, request: web.Request) -> web.Response:
        """A statement that is a picture, which Teams' clients fetch by themselves."""
        study = await self._open_study(request.match_info["study"])
        wanted = request.match_info["statement"]
        statements = study.statements if isinstance(study, Study) else ()
        image = next((s.image for s in statements if s.id == wanted), "")
        if not image:
            return _html(pages.closed(_say(request)), 404)
        body = b64decode(image)
        kind = "image/png" if body.startswith(b"\x89PNG") else "image/jpeg"
        return web.Response(body=body, headers=HEADERS, content_type=kind)

    async def _texts(self, request: web.Request) -> web.Response:
        return _json(page_texts(language_of(request.match_info["language"])))

    async def _open_study(self, study_id: str) -> Definition | None:
        """A study that takes answers."""
        return await self._study_in(study_id, "open")

    async def _study_in(self, study_id: str, state: State) -> Definition | None:
        """The study, if there is one and it is so."""
        try:
            study = await self._studies.get(study_id)
        except StudyNotCreated:
            return None
        return study if await self._studies.state(study_id) == state else None

    # Results, for whoever has their link

    async def _results(self, request: web.Request) -> web.Response:
        say = _say(request)
        found = await self._published(request)
        return _html(results.draw(say, *found)) if found else _html(pages.closed(say), 404)

    async def _own_place(self, request: web.Request) -> web.Response:
        say = _say(request)
        if (found := await self._published(request)) is None:
            return _html(pages.closed(say), 404)
        try:
            typed = _fields(await _body(request), say).get("code", "")
            own_answer = await self._own_answer(typed, say, found[0].id)
        except AnsweredEarly as answered:
            return _html(results.draw(say, *found, fault=answered.words), answered.status)
        sort = qsort.load_answer(own_answer.document).sort
        own = results.own_place(say, *found, sort, await places_of(sort, found[1]))
        return _html(results.draw(say, *found, own=own))

    async def _published(self, request: web.Request) -> tuple[Study, Results] | None:
        """The study and its results, where the key is the one that they were published with."""
        study_id = request.match_info["study"]
        try:
            study = await self._studies.q_study(study_id)
        except StudyNotCreated:
            return None
        found = await self._studies.results(study_id)
        is_theirs = found and secrets.compare_digest(
            found[1].encode(), request.match_info["key"].encode()
        )
        if not found or not is_theirs or not isinstance(found[0], Results):
            return None
        return study, found[0]

    async def _own_answer(self, typed: str, say: Texts, study_id: str = "") -> OwnAnswer:
        """The answer that a code belongs to as it was handed in, of one study if it is named."""
        self._try_code(say)
        code = Code.parse(typed)
        if not isinstance(code, Code):
            raise AnsweredEarly(422, say("withdraw.mistyped"))
        own = await self._urn.own_answer(code)
        if own is None or (study_id and own.study != study_id):
            raise AnsweredEarly(422, say("withdraw.unknown"))
        return own

    # The screen of a sorting hour

    async def _hour(self, request: web.Request) -> web.Response:
        say = _say(request)
        study = await self._open_study(request.match_info["study"])
        if not isinstance(study, Study):
            return _html(pages.closed(say), 404)
        asked = request.query.get("steg", "")
        step = asked if asked in hour.STEPS else hour.STEPS[0]
        return _html(hour.draw(say, study, step, self._steps.watch(study.id)))

    async def _counts(self, request: web.Request) -> web.Response:
        study = await self._open_study(request.match_info["study"])
        return _json(self._steps.watch(study.id) if isinstance(study, Study) else {})

    # The mailbox of a pseudonym

    async def _mailbox(self, request: web.Request) -> web.Response:
        say = _say(request)
        found = await self._talk(request)
        return _html(talks.draw(say, *found)) if found else _html(pages.closed(say), 404)

    async def _open_mailbox(self, request: web.Request) -> web.Response:
        say = _say(request)
        if (found := await self._talk(request)) is None:
            return _html(pages.closed(say), 404)
        try:
            given = _fields(await _body(request), say)
            return _html(await self._answered(found, given, say))
        except AnsweredEarly as answered:
            return _html(talks.draw(say, *found, said=answered.words), answered.status)

    async def _talk(self, request: web.Request) -> tuple[Definition, Talk] | None:
        try:
            study = await self._studies.get(request.match_info["study"])
        except StudyNotCreated:
            return None
        talk = await self._studies.talk(study.id)
        return (study, talk) if talk else None

    async def _answered(
        self, found: tuple[Definition, Talk], given: Mapping[str, str], say: Texts
    ) -> str:
        """The message for whoever has the code of an invited pseudonym, or what was answered."""
        study, talk = found
        self._try_code(say)
        code = Code.parse(given.get("code", ""))
        if not isinstance(code, Code):
            raise AnsweredEarly(422, say("withdraw.mistyped"))
        holder = await self._urn.verify(code)
        if holder is None or holder.study != study.id:
            raise AnsweredEarly(422, say("withdraw.unknown"))
        if holder.pseudonym not in talk.pseudonyms:
            raise AnsweredEarly(422, say("talk.not_you", pseudonym=holder.pseudonym))
        opened = talks.Opened(holder.pseudonym, str(code), given)
        if given.get("verb") != "answer":
            return talks.draw(say, study, talk, opened=opened)
        why, may_stay = talks.objection(say, given)
        if why:
            again = replace(opened, fault=why, may_stay=may_stay)
            return talks.draw(say, study, talk, opened=again)
        reply = mailbox.Reply(given.get("words", ""), given.get("reach", ""))
        if await self._urn.reply(code, mailbox.dump_reply(reply)) is None:
            raise AnsweredEarly(422, say("withdraw.unknown"))
        return pages.message(say, say("talk.sent"))

    # The page's own requests

    async def _api(self, request: web.Request) -> web.Response:
        say = _say(request)
        try:
            data = _object(await _body(request), say)
            verb = request.match_info["verb"]
            if verb == "withdraw":
                return _json(await self._withdraw(data, say))
            return _json(await self._press(verb, data, _token(request, say), say))
        except AnsweredEarly as answered:
            return _json({"kind": "refused", "text": answered.words}, answered.status)
        except Exception as error:  # noqa: BLE001 - whatever the bug, the page gets an answer
            log.error("turn_failed", turn="board", **what_failed(error))
            return _json({"kind": "refused", "text": say("error.bug")}, 500)

    async def _press(self, verb: str, data: Json, token: Token, say: Texts) -> Json:
        if not self._presses.allow(str(token)):
            raise AnsweredEarly(429, say("web.too_fast"))
        match verb:
            case "look":
                reply = await self._sittings.resume(token, say)
                return await self._with_study(reply, say)
            case "begin":
                return await self._begin(data, token, say)
        if verb == "deliver" and (text(data, "earlier_code") or text(data, "before_code")):
            self._try_code(say)
        shown = _shown(await self._sittings.press(verb, {**data, "token": str(token)}, say))
        if shown["kind"] == "draft":
            self._steps.note(shown["study"], str(token), shown["draft"]["stage"])
        return shown

    def _try_code(self, say: Texts) -> None:
        if not self._codes.allow(""):
            raise AnsweredEarly(429, say("web.too_fast"))

    async def _with_study(self, reply: PressReply | None, say: Texts) -> Json:
        if reply is None:
            return {"kind": "ended", "text": say("web.nothing_here")}
        shown = _shown(reply)
        if shown["kind"] != "draft":
            return shown
        study = await self._studies.q_study(shown["study"])
        return shown | {"instrument": instrument(study, say)}

    async def _begin(self, data: Json, token: Token, say: Texts) -> Json:
        """After the information was accepted; with a code, from the answer that it belongs to."""
        study = await self._open_study(id_of(data, "study"))
        if study is None:
            raise AnsweredEarly(404, say("web.closed"))
        if text(data, "version") != study.information.version:
            raise AnsweredEarly(409, say("web.new_information"))
        if not self._begun.allow(study.id):
            raise AnsweredEarly(429, say("web.too_fast"))
        draft = await self._earlier(study, text(data, "code"), say)
        return await self._with_study(await self._sittings.begin(study, token, say, draft), say)

    async def _earlier(self, study: Definition, typed: str, say: Texts) -> Work | None:
        if not typed.strip():
            return None
        own = await self._own_answer(typed, say, study.id)
        draft: Work = kind_of(study).again(
            study, own.pseudonym, str(Code.parse(typed)), own.document
        )
        return draft

    async def _withdraw(self, data: Json, say: Texts) -> Json:
        self._try_code(say)
        code = Code.parse(text(data, "code"))
        if code is None or isinstance(code, Mistyped):
            raise AnsweredEarly(422, say("withdraw.mistyped"))
        if await self._urn.withdraw(code) is None:
            raise AnsweredEarly(422, say("withdraw.unknown"))
        return {"kind": "ended", "text": say("withdraw.done")}

    async def _read(self, typed: str, say: Texts) -> str:
        """One's own answer, as long as it is there: also when the study is over."""
        own = await self._own_answer(typed, say)
        study = await self._studies.get(own.study)
        told = kind_of(study).told(study, say, own.document)
        return pages.own(say, study, own.pseudonym, told)

    # Without JavaScript

    async def _form(self, request: web.Request) -> web.Response:
        say = _say(request)
        try:
            data = _fields(await _body(request), say)
            return _html(await self._filled(data, say))
        except AnsweredEarly as answered:
            return _html(pages.message(say, answered.words), answered.status)
        except Exception as error:  # noqa: BLE001 - whatever the bug, the person gets an answer
            log.error("turn_failed", turn="form", **what_failed(error))
            return _html(pages.message(say, say("error.bug")), 500)

    async def _filled(self, data: Mapping[str, str], say: Texts) -> str:
        verb = data.get("verb", "look")
        if verb == "withdraw":
            return pages.message(say, (await self._withdraw(dict(data), say))["text"])
        if verb == "read":
            return await self._read(data.get("code", ""), say)
        typed = data.get("token") or (str(ResumeCode.new()) if verb == "begin" else "")
        typed = typed.rpartition("#")[2].removeprefix("t=").removeprefix("r=")
        token = bearer(typed)
        if token is None:
            raise AnsweredEarly(401, say("web.no_token"))
        if verb in {"look", "begin"}:
            reply = await self._press(verb, dict(data), token, say)
        else:
            reply = await self._press(verb, forms.event(verb, data), token, say)
        if reply["kind"] not in FORMS:
            return pages.ended(say, reply)
        study = await self._studies.get(reply["study"])
        if isinstance(study, Study):
            return forms.draw(say, study, typed, reply, data)
        return questionnaires.draw(say, study, typed, reply, data)


def _say(request: web.Request) -> Texts:
    """The language that the address asks for, else the browser's first."""
    asked: str = request.query.get("l") or request.headers.get(hdrs.ACCEPT_LANGUAGE) or ""
    return texts(language_of(asked.partition(",")[0].strip()))


def _token(request: web.Request, say: Texts) -> Token:
    scheme, _, typed = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    token = bearer(typed) if scheme == "Bearer" else None
    if token is None:
        raise AnsweredEarly(401, say("web.no_token"))
    return token


async def _body(request: web.Request) -> bytes:
    """Not more than a sort needs, whatever the length that was told."""
    body = bytearray()
    if request.headers.get(hdrs.CONTENT_ENCODING):
        raise AnsweredEarly(415, "")
    async for chunk in request.content.iter_chunked(MAX_BODY):
        body += chunk
        if len(body) > MAX_BODY:
            raise AnsweredEarly(413, "")
    return bytes(body)


def _object(body: bytes, say: Texts) -> Json:
    try:
        data: Any = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        raise AnsweredEarly(400, say("error.bug")) from None
    if not isinstance(data, dict):
        raise AnsweredEarly(400, say("error.bug"))
    return data


def _fields(body: bytes, say: Texts) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=400)
    except ValueError:
        raise AnsweredEarly(400, say("error.bug")) from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        # Several boxes of one question have one name; of two verbs the pressed button's comes last.
        several = name in fields and "." in name
        fields[name] = f"{fields[name]},{value}" if several else value
    return fields


def _shown(reply: PressReply) -> Json:
    return {"kind": "ended", "text": reply.text} if isinstance(reply, Say) else reply


def _json(value: Json, status: int = 200) -> web.Response:
    body = orjson.dumps(value)
    return web.Response(body=body, status=status, headers=HEADERS, content_type="application/json")


def _html(page: str, status: int = 200) -> web.Response:
    response = web.Response(text=page, status=status, headers=HEADERS, content_type="text/html")
    response.enable_compression()
    return response
