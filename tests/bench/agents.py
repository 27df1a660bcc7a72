"""Microsoft's Agents SDK's echo in a process of its own: `python -m tests.bench.agents`.

The successor of the archived SDK, which a newcomer would pick. Two things are made easier for it:
it verifies no token, and its own lies ready.
"""

import os

from aiohttp import web
from microsoft_agents.hosting.aiohttp import CloudAdapter
from microsoft_agents.hosting.core import ActivityHandler, TurnContext
from microsoft_agents.hosting.core.authorization import ClaimsIdentity

from tests.bench.echo import ready


class TokenAtHand:
    """The SDK's way to a token."""

    async def get_access_token(self, *_: object, **__: object) -> str:
        return "example-token"


class Connections:
    """The SDK's way to `TokenAtHand`."""

    def get_token_provider(self, *_: object) -> TokenAtHand:
        return TokenAtHand()


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:  # type: ignore[override] # as the samples write it
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


def application() -> web.Application:
    adapter = CloudAdapter(connection_manager=Connections())  # type: ignore[arg-type] # all that an echo asks of one
    echo = Echo()

    async def messages(request: web.Request) -> web.StreamResponse:
        request["claims_identity"] = ClaimsIdentity({"aud": os.environ["KOLLEGIAL_APP_ID"]})
        return await adapter.process(request, echo) or web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    return app


if __name__ == "__main__":
    port = int(os.environ["KOLLEGIAL_PORT"])
    web.run_app(application(), host="127.0.0.1", port=port, access_log=None, print=ready)
