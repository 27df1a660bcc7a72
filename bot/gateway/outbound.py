"""Sending to Teams: `Teams` of `events`, in the Bot Connector's REST calls.

Activities are plain JSON here and not the SDK's classes, which drop every
field that they do not know.
"""

from dataclasses import replace
from typing import Final as Constant
from urllib.parse import quote

from bot.gateway.connector import Call, Connector
from bot.gateway.events import ACTIVITY_GONE, Ambiguous, Conversation, Final, Json, Person

CARD: Constant = "application/vnd.microsoft.card.adaptive"
PAGE_SIZE = 500


class Outbound:
    """Implements `Teams` over one connector.

    `bot_id` is the bot's own id in Teams; None where there is no registration.
    """

    def __init__(self, connector: Connector, bot_id: str | None) -> None:
        self._connector = connector
        self._bot_id = bot_id

    async def send_text(self, conversation: Conversation, text: str) -> str:
        return await self.send(conversation, {"type": "message", "text": text})

    async def send_card(self, conversation: Conversation, card: Json, summary: str) -> str:
        return await self.send(conversation, {**_showing(card), "summary": summary})

    async def update_card(self, conversation: Conversation, activity_id: str, card: Json) -> None:
        await self.update(conversation, activity_id, _showing(card))

    async def delete(self, conversation: Conversation, activity_id: str) -> None:
        try:
            await self._connector.request(
                Call(
                    "DELETE",
                    conversation.service_url,
                    _activity(conversation, activity_id),
                    conversation.tenant,
                    _place(conversation),
                    "change",
                )
            )
        except Final as error:
            if error.code != ACTIVITY_GONE:  # an earlier attempt, or the user, was quicker
                raise

    async def personal_chat(self, person: Person, near: Conversation) -> Conversation:
        body: Json = {
            "isGroup": False,
            "members": [{"id": person.teams_id}],
            "tenantId": near.tenant,
            "channelData": {"tenant": {"id": near.tenant}},
        }
        if self._bot_id is not None:
            body["bot"] = {"id": self._bot_id}
        # Repeatable: Teams answers with the chat that the two already have.
        answer = await self._connector.request(
            Call("POST", near.service_url, "", near.tenant, person.teams_id, "send", body)
        )
        return replace(near, id=_id(answer), kind="personal", team=None)

    async def members(self, conversation: Conversation) -> frozenset[str]:
        place = _place(conversation)
        path = f"/{_quoted(place)}/pagedmembers?pageSize={PAGE_SIZE}"
        there, more = set[str](), ""
        while True:
            page = await self._connector.request(
                Call(
                    "GET", conversation.service_url, path + more, conversation.tenant, place, "read"
                )
            )
            there |= {str(member["id"]) for member in page.get("members", ())}
            token = page.get("continuationToken")
            if not token:
                return frozenset(there)
            more = f"&continuationToken={_quoted(token)}"

    async def send(self, conversation: Conversation, activity: Json) -> str:
        """Any activity, in the REST interface's own form; the new one's id."""
        answer = await self._connector.request(
            Call(
                "POST",
                conversation.service_url,
                f"/{_quoted(conversation.id)}/activities",
                conversation.tenant,
                _place(conversation),
                "send",
                activity,
                is_repeatable=False,
            )
        )
        return _id(answer)

    async def update(self, conversation: Conversation, activity_id: str, activity: Json) -> None:
        """Put any activity in the place of one."""
        await self._connector.request(
            Call(
                "PUT",
                conversation.service_url,
                _activity(conversation, activity_id),
                conversation.tenant,
                _place(conversation),
                "change",
                {**activity, "id": activity_id},
            )
        )


def _showing(card: Json) -> Json:
    return {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}


def _activity(conversation: Conversation, activity_id: str) -> str:
    return f"/{_quoted(conversation.id)}/activities/{_quoted(activity_id)}"


def _place(conversation: Conversation) -> str:
    """The conversation without its thread: members and limits belong to the whole."""
    return conversation.id.partition(";messageid=")[0]


def _quoted(part: str) -> str:
    return quote(part, safe="", errors="surrogatepass")


def _id(answer: Json) -> str:
    match answer:
        case {"id": str(id_)} if id_:
            return id_
    raise Ambiguous("no id in the answer")
