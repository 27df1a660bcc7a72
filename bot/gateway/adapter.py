"""The SDK's adapter: a turn runs through its middleware and reaches the handler."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import cast

from botbuilder.core import BotAdapter, Middleware, TurnContext
from botbuilder.schema import Activity, ActivityTypes, ConversationReference, ResourceResponse

from bot.gateway.events import (
    Answer,
    Conversation,
    Handler,
    Incoming,
    Press,
    SendError,
    Told,
)
from bot.gateway.outbound import Outbound

EVENT = "event"
TYPING_AFTER_S = 2.0


class Adapter(BotAdapter):  # type: ignore[misc] # the SDK is untyped
    """Runs turns, and sends what the SDK's own parts want to send."""

    def __init__(self, outbound: Outbound) -> None:
        super().__init__()
        self._outbound = outbound
        self.use(ShowTyping())

    async def press(self, activity: Activity, press: Press, handler: Handler) -> Answer:
        context = self._context(activity, press)
        return cast("Answer", await self.run_pipeline(context, lambda _: handler.press(press)))

    async def tell(self, activity: Activity, event: Told, handler: Handler) -> None:
        context = self._context(activity, event)
        await self.run_pipeline(context, lambda _: handler.tell(event))

    def _context(self, activity: Activity, event: Incoming) -> TurnContext:
        context = TurnContext(self, activity)
        context.turn_state[EVENT] = event
        return context

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        return [
            ResourceResponse(id=await self._outbound.send(_place(context), activity.serialize()))
            for activity in activities
        ]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        await self._outbound.update(_place(context), activity.id, activity.serialize())

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        await self._outbound.delete(_place(context), reference.activity_id)


class ShowTyping(Middleware):  # type: ignore[misc] # the SDK is untyped
    """Shows that the bot is at work once a message has waited for two seconds.

    In personal chats only: elsewhere it would tell the others that someone is
    with the bot. (The SDK's own middleware leaves a timer behind every turn.)
    """

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    async def on_turn(
        self, context: TurnContext, logic: Callable[[], Awaitable[Answer | None]]
    ) -> Answer | None:
        activity = context.activity
        if (
            activity.type != ActivityTypes.message
            or activity.conversation.conversation_type != "personal"
        ):
            return await logic()
        timer = asyncio.get_running_loop().call_later(TYPING_AFTER_S, self._begin, context)
        try:
            return await logic()
        finally:
            timer.cancel()

    def _begin(self, context: TurnContext) -> None:
        task = asyncio.create_task(_send_typing(context))
        self._under_way.add(task)  # the loop itself keeps tasks only weakly
        task.add_done_callback(self._under_way.discard)


async def _send_typing(context: TurnContext) -> None:
    with suppress(SendError):  # a courtesy: the turn goes on without it
        await context.send_activity(Activity(type=ActivityTypes.typing))


def _place(context: TurnContext) -> Conversation:
    return cast("Incoming", context.turn_state[EVENT]).origin.conversation
