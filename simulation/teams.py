"""A small Teams: the connector that a bot sends to, and the client that people use.

It keeps every chat as its members see it now, and posts to the bot what Teams
would post, signed if the bot has an app id.

    async with Teams(bot_url) as teams:
        kari = teams.user("Kari Eksempel")
        await kari.write("hjelp")
        reply = await kari.press(kari.chat.last, "Start")
"""

import asyncio
import io
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.gateway.events import ConversationKind, Json
from simulation import cards
from simulation.identity import TeamsIdentity, make_key

CARD = "application/vnd.microsoft.card.adaptive"
MAX_ACTIVITY = 80 * 1024
"""Bytes as UTF-16."""

PAGE = 50
"""Members in one answer at most, however many were asked for."""

BOT_NAME = "Kollegial"
NO_APP = "BotNotInConversationRoster"
EXAMPLE_TENANT = "11111111-2222-4333-8444-555555555555"


@dataclass
class Post:
    """A message in a chat, as it stands now."""

    id: str
    activity: Json
    chat: "Chat"
    author: "User | None" = None
    """None where the bot wrote it."""
    thread: str | None = None
    """In a channel: the id of the post that the thread hangs on."""
    views: dict[str, Json] = field(default_factory=dict)
    """Cards that the bot returned to one user alone, by that user's id."""

    @property
    def text(self) -> str:
        """Of a message, or of a card that only says something and has buttons that say more."""
        card = self.card or {"body": [], "actions": []}
        texts = [each["text"] for each in card["body"] if each.keys() == {"type", "text", "wrap"}]
        only_says = len(texts) == len(card["body"]) and all(
            action.get("verb") == "said" for action in card["actions"]
        )
        said = "\n\n".join(texts) if only_says else ""
        return str(self.activity.get("text") or said)

    @property
    def card(self) -> Json | None:
        """The card as those see it who have pressed nothing."""
        for attachment in self.activity.get("attachments", ()):
            if attachment["contentType"] == CARD:
                return dict(attachment["content"])
        return None


@dataclass(eq=False)
class Chat:
    """A personal chat, a group chat or a channel."""

    id: str
    kind: ConversationKind
    members: "list[User]"
    team: str | None = None
    posts: list[Post] = field(default_factory=list)
    refuses: str | None = None
    """The error code for everything that the bot sends here."""

    @property
    def last(self) -> Post:
        """The newest post of the bot."""
        return next(post for post in reversed(self.posts) if post.author is None)

    def find(self, post_id: str) -> Post | None:
        return next((post for post in self.posts if post.id == post_id), None)


@dataclass(frozen=True)
class BotReply:
    """How the bot answered what Teams posted."""

    status: int
    body: Json
    activity: Json
    """What was posted."""

    @property
    def card(self) -> Json | None:
        return self.body["value"] if self.body.get("type") == CARD else None

    @property
    def text(self) -> str:
        """The line that the client shows to the presser alone; empty where there is none."""
        value = self.body.get("value")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Sent:
    """One request of the bot to the connector."""

    method: str
    path: str
    body: Json


class _Refusal(Exception):
    """An answer of the connector that is no success."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except _Refusal as refusal:
        body = {"error": {"code": refusal.code, "message": "No."}}
        return web.json_response(body, status=refusal.status)


class User:
    """Someone at a Teams client."""

    def __init__(
        self, teams: "SimulatedTeams", name: str, *, locale: str, timezone: str, has_app: bool
    ) -> None:
        self._teams = teams
        self.name = name
        self.locale = locale
        self.timezone = timezone
        self.id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{teams.tenant}/{name}"))
        self.teams_id = f"29:{self.id}"
        self.chat = Chat(f"a:{self.id}", "personal", [self], refuses=None if has_app else NO_APP)

    async def write(
        self, text: str, chat: Chat | None = None, *, thread: str | None = None
    ) -> BotReply:
        """Write to the bot; in a group chat or channel with a mention, as it must be there."""
        chat = chat or self.chat
        activity = self._activity(chat, "message", thread)
        post = Post(activity["id"], activity, chat, self, thread)
        chat.posts.append(post)
        activity |= {"text": text, "textFormat": "plain"}
        if chat.kind != "personal":
            tag = f"<at>{BOT_NAME}</at>"
            mentioned = {"id": self._teams.bot_id, "name": BOT_NAME}
            activity["text"] = f"{tag}&nbsp;{text}\n"
            activity["entities"].append({"type": "mention", "text": tag, "mentioned": mentioned})
        return await self._teams.deliver(activity)

    async def press(
        self,
        post: Post,
        name: str,
        inputs: Mapping[str, str] | None = None,
        *,
        data: Mapping[str, Any] | None = None,
    ) -> BotReply:
        """Fill in and press the one action of that title, verb or id.

        `data` tells apart actions that are called the same, by what they carry.

        Raises:
            CannotPress: the card, as this user sees it, does not allow it.
        """
        return await self.prepared(post, name, inputs, data=data)()

    def prepared(
        self,
        post: Post,
        name: str,
        inputs: Mapping[str, str] | None = None,
        *,
        data: Mapping[str, Any] | None = None,
    ) -> Callable[[], Awaitable[BotReply]]:
        """`press`, to be done later, or more than once as by a finger that slips."""
        card = self.card(post)
        action = cards.action(card, name, data)
        carried = cards.submitted(card, action, inputs or {})
        if action["type"] == "Action.Execute":
            return lambda: self._execute(post, {**action, "data": carried}, "manual")
        if action["type"] != "Action.Submit":
            raise cards.CannotPress(f"{action['type']} tells the bot nothing")
        activity = self._activity(post.chat, "message", post.thread or post.id)
        return lambda: self._teams.deliver(activity | {"value": carried, "replyToId": post.id})

    async def refresh(self, post: Post) -> BotReply | None:
        """What the client does as the card comes into view; None if it asks for no refresh."""
        match self.card(post):
            case {"refresh": {"action": dict(action), "userIds": list(users)}}:
                if self.teams_id in users:
                    return await self._execute(post, action, "automatic")
        return None

    async def redeliver(self, reply: BotReply) -> BotReply:
        """Teams sends again what this user did."""
        return await self._teams.redeliver(reply)

    def card(self, post: Post) -> Json:
        """The card as this user sees it."""
        card = post.views.get(self.id) or post.card
        if card is None:
            raise cards.CannotPress("there is no card in this post")
        return card

    def sees(self, post: Post) -> str:
        """All that the post says to this user."""
        return post.text if post.card is None else cards.text_of(self.card(post))

    async def _execute(self, post: Post, action: Json, trigger: str) -> BotReply:
        activity = self._activity(post.chat, "invoke", post.thread or post.id) | {
            "name": "adaptiveCard/action",
            "replyToId": post.id,
            "value": {"action": action, "trigger": trigger},
        }
        return await self._teams.deliver(activity)

    def _activity(self, chat: Chat, kind: str, thread: str | None) -> Json:
        return self._teams.activity(self, chat, kind, thread)


class SimulatedTeams:
    """The service. `deliver` and the users post to `bot_url`; what comes back is in the chats."""

    def __init__(
        self,
        bot_url: str,
        *,
        app_id: str | None = None,
        tenant: str = EXAMPLE_TENANT,
        identity: TeamsIdentity | None = None,
        port: int = 0,
        middlewares: Sequence[Middleware] = (),
    ) -> None:
        self.bot_url = bot_url
        self.app_id = app_id
        self.tenant = tenant
        self.bot_id = f"28:{app_id or 'kollegial'}"
        self.identity = identity or TeamsIdentity(make_key())
        self.sent: list[Sent] = []
        """Everything that the bot asked of the connector, in order."""
        self.on_its_way_s = 0.5
        """How long what the bot sends because of an activity may still be on its way."""
        self._port = port
        self._ids = count(time.time_ns() // 1_000_000)  # as Teams does: no run has another's ids
        self._people: dict[str, User] = {}
        self._chats: dict[str, Chat] = {}
        self._token: tuple[float, str] = (0.0, "")
        self._changed = asyncio.Condition()
        app = web.Application(middlewares=[*middlewares, _refusals], client_max_size=2**24)
        activities = "/{region}/v3/conversations/{chat}/activities"
        app.add_routes(
            [
                *self.identity.routes(),
                web.post("/{region}/v3/conversations", self._open),
                web.post(activities, self._post),
                web.put(activities + "/{post}", self._put),
                web.delete(activities + "/{post}", self._delete),
                web.get("/{region}/v3/conversations/{chat}/pagedmembers", self._members),
            ]
        )
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def service_url(self) -> str:
        return f"{self.url}/emea/"

    @property
    def openid_url(self) -> str:
        return f"{self.url}/openid"

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    # Who and where

    def user(
        self,
        name: str,
        *,
        locale: str = "nb-NO",
        timezone: str = "Europe/Oslo",
        has_app: bool = True,
    ) -> User:
        """Someone new, with a personal chat; `has_app` says whether the bot is installed there."""
        user = User(self, name, locale=locale, timezone=timezone, has_app=has_app)
        self._people[user.teams_id] = user
        self._chats[user.chat.id] = user.chat
        return user

    def group_chat(self, *members: User) -> Chat:
        return self._new(Chat(f"19:{uuid.uuid4().hex}@thread.v2", "groupChat", [*members]))

    def channel(self, *members: User) -> Chat:
        """A channel of a team of its own."""
        id_ = f"19:{uuid.uuid4().hex}@thread.tacv2"
        return self._new(Chat(id_, "channel", [*members], team=id_))

    def _new(self, chat: Chat) -> Chat:
        self._chats[chat.id] = chat
        return chat

    # From the clients to the bot

    def activity(self, user: User, chat: Chat, kind: str, thread: str | None = None) -> Json:
        """What every activity of this user in this chat says."""
        id_ = str(next(self._ids))
        now = datetime.now(UTC)
        root = f";messageid={thread or id_}" if chat.kind == "channel" else ""
        return {
            "type": kind,
            "id": id_ if kind == "message" else f"f:{uuid.uuid4()}",
            "timestamp": now.isoformat(),
            "localTimestamp": now.astimezone(ZoneInfo(user.timezone)).isoformat(),
            "localTimezone": user.timezone,
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": {"id": user.teams_id, "name": user.name, "aadObjectId": user.id},
            "conversation": {
                "id": chat.id + root,
                "conversationType": chat.kind,
                "tenantId": self.tenant,
                "isGroup": chat.kind != "personal",
            },
            "recipient": {"id": self.bot_id, "name": BOT_NAME},
            "entities": [{"type": "clientInfo", "locale": user.locale, "timezone": user.timezone}],
            "channelData": {
                "tenant": {"id": self.tenant},
                **({"team": {"id": chat.team}, "channel": {"id": chat.id}} if chat.team else {}),
            },
            "locale": user.locale,
        }

    async def install(self, chat: Chat, by: User) -> list[BotReply]:
        """Add the bot to a chat. Teams tells it twice, in two ways."""
        chat.refuses = None
        added = self.activity(by, chat, "conversationUpdate")
        installed = self.activity(by, chat, "installationUpdate")
        return [
            await self.deliver(added | {"membersAdded": [{"id": self.bot_id}]}),
            await self.deliver(installed | {"action": "add"}),
        ]

    async def uninstall(self, chat: Chat, by: User) -> BotReply:
        chat.refuses = NO_APP
        return await self.deliver(
            self.activity(by, chat, "installationUpdate") | {"action": "remove"}
        )

    async def deliver(self, activity: Json) -> BotReply:
        """Post an activity to the bot, and show a returned card to whoever pressed."""
        headers = {"Content-Type": "application/json"}
        if self.app_id:
            headers["Authorization"] = f"Bearer {self._bearer(self.app_id)}"
        data = io.BytesIO(json.dumps(activity).encode())  # aiohttp warns of large plain bytes
        async with self._session.post(self.bot_url, data=data, headers=headers) as response:
            body = await response.json() if response.content_type == "application/json" else {}
            reply = BotReply(response.status, body, activity)
        if reply.card is not None:
            chat = self._chats[activity["conversation"]["id"].partition(";")[0]]
            if post := chat.find(activity["replyToId"]):
                post.views[activity["from"]["aadObjectId"]] = reply.card
        return reply

    async def redeliver(self, reply: BotReply) -> BotReply:
        """Send again what was answered, as Teams does: with a new id and a new time."""
        news = {"id": f"f:{uuid.uuid4()}", "timestamp": datetime.now(UTC).isoformat()}
        return await self.deliver({**reply.activity, **news})

    def _bearer(self, app_id: str) -> str:
        """A signed token, used for many requests as Teams does."""
        made, token = self._token
        now = asyncio.get_running_loop().time()
        if not token or now - made > 600:
            token = self.identity.signed(self.identity.claims(app_id, self.service_url))
            self._token = now, token
        return token

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something that the bot sends has made it true.

        Raises:
            TimeoutError: it has not within a minute.
        """
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(condition)

    # From the bot to the clients

    async def _open(self, request: web.Request) -> web.Response:
        body = await self._note(request)
        user = self._people.get(body["members"][0]["id"])
        if user is None or body["tenantId"] != self.tenant:
            raise _Refusal(404, "MemberNotFound")
        if user.chat.refuses:
            raise _Refusal(403, user.chat.refuses)
        return web.json_response({"id": user.chat.id}, status=201)

    async def _post(self, request: web.Request) -> web.Response:
        body = await self._note(request)
        chat, thread = self._chat(request)
        if body["type"] == "typing":
            return web.json_response({}, status=202)
        if not (str(body.get("text", "")).strip() or body.get("attachments")):
            raise _Refusal(400, "BadSyntax")  # nothing at all is no message
        parts = [body]
        if body.get("text") and body.get("attachments"):
            parts = [{**body, "attachments": []}, {**body, "text": ""}]
        for part in parts:
            id_ = str(next(self._ids))
            chat.posts.append(Post(id_, part, chat, thread=thread))
        await self._tell()
        return web.json_response({"id": id_} if len(parts) == 1 else {}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        body = await self._note(request)
        post = self._find(request)
        post.activity = body
        post.views.clear()
        await self._tell()
        return web.json_response({"id": post.id})

    async def _delete(self, request: web.Request) -> web.Response:
        await self._note(request)
        post = self._find(request)
        post.chat.posts.remove(post)
        await self._tell()
        return web.Response()

    async def _members(self, request: web.Request) -> web.Response:
        await self._note(request)
        chat, _ = self._chat(request)
        start = int(request.query.get("continuationToken", "0"))
        size = min(int(request.query.get("pageSize", PAGE)), PAGE)
        page: Json = {
            "members": [
                {"id": user.teams_id, "aadObjectId": user.id, "name": user.name}
                for user in chat.members[start : start + size]
            ]
        }
        if start + size < len(chat.members):
            page["continuationToken"] = str(start + size)
        return web.json_response(page)

    async def _note(self, request: web.Request) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.app_id and token not in self.identity.granted:
            raise _Refusal(401, "AuthorizationFailed")
        raw = await request.text()
        if len(raw.encode("utf-16-le")) > MAX_ACTIVITY:
            raise _Refusal(413, "MessageSizeTooBig")
        body: Json = json.loads(raw) if raw else {}
        self.sent.append(Sent(request.method, request.path, body))
        await self._tell()
        return body

    def _chat(self, request: web.Request) -> tuple[Chat, str | None]:
        id_, _, thread = request.match_info["chat"].partition(";messageid=")
        chat = self._chats.get(id_)
        if chat is None:
            raise _Refusal(404, "ConversationNotFound")
        if chat.refuses:
            raise _Refusal(403, chat.refuses)
        return chat, thread or None

    def _find(self, request: web.Request) -> Post:
        chat, _ = self._chat(request)
        post = chat.find(request.match_info["post"])
        if post is None:
            raise _Refusal(404, "ActivityNotFoundInConversation")
        return post

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
