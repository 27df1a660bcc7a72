"""The SDK's echo bot in a process of its own: `python -m tests.bench.echo`.

`CloudAdapter` as its samples set it up, with keys from the stub's identity
service. One thing is made easier for it: an access token lies ready. As it is
shipped it builds a client and asks for a token in every turn, on the event loop.
"""

import os

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import (
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)

from bot.gateway.credentials import SCOPE
from bot.gateway.tokens import ISSUER


class Configuration:
    """The names are the SDK's."""

    APP_TYPE = "SingleTenant"
    APP_ID = os.environ.get("KOLLEGIAL_APP_ID")
    APP_PASSWORD = os.environ.get("KOLLEGIAL_APP_SECRET")
    APP_TENANTID = os.environ.get("KOLLEGIAL_TENANT")
    TO_BOT_FROM_CHANNEL_TOKEN_ISSUER = ISSUER
    TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL = os.environ.get("KOLLEGIAL_OPENID_URL")
    TO_CHANNEL_FROM_BOT_OAUTH_SCOPE = SCOPE.removesuffix("/.default")


class TokenAtHand(MicrosoftAppCredentials):  # type: ignore[misc] # the SDK is untyped
    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: ARG002 - as the SDK calls it
        return "example-token"


class Credentials(PasswordServiceClientCredentialFactory):  # type: ignore[misc] # the SDK is untyped
    async def create_credentials(
        self, app_id: str, oauth_scope: str, login_endpoint: str, validate_authority: bool
    ) -> TokenAtHand:
        del login_endpoint, validate_authority
        return TokenAtHand(app_id, self.password, self.tenant_id, oauth_scope)


class Echo(ActivityHandler):  # type: ignore[misc] # the SDK is untyped
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


def application() -> web.Application:
    settings = Configuration()
    credentials = Credentials(settings.APP_ID, settings.APP_PASSWORD, settings.APP_TENANTID)
    adapter = CloudAdapter(
        ConfigurationBotFrameworkAuthentication(settings, credentials_factory=credentials)
    )
    echo = Echo()

    async def messages(request: web.Request) -> web.Response:
        response: web.Response = await adapter.process(request, echo)
        return response

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    return app


def ready(_: object) -> None:
    print("ready", flush=True)  # noqa: T201 - whoever started us waits for it


if __name__ == "__main__":
    port = int(os.environ["KOLLEGIAL_PORT"])
    web.run_app(application(), host="127.0.0.1", port=port, access_log=None, print=ready)
