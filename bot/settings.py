"""What an operator can set: environment variables that begin with `KOLLEGIAL_`.

With nothing set, the bot runs on two SQLite files, on loopback, without
credentials, and only there.
"""

from ipaddress import ip_address
from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.gateway.credentials import TOKEN_URL
from bot.gateway.tokens import OPENID_URL
from storage.vault import Vault


class NotSet(Exception):
    """The bot cannot start with these settings; the message names each fault."""


class Settings(BaseSettings):
    """Raises ValidationError where the settings would leave the bot open to anyone."""

    model_config = SettingsConfigDict(env_prefix="KOLLEGIAL_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 3978
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(
        default=0, description="Where /metrics answers, and nothing else; 0 for nowhere."
    )
    app_id: str = Field(default="", description="The bot's app id in Microsoft Entra.")
    app_secret: SecretStr = SecretStr("")
    tenant: str = Field(default="", description="The only Microsoft 365 tenant that is served.")
    openid_url: str = Field(
        default=OPENID_URL, description="Where the channel's signing keys are found."
    )
    token_url: str = Field(default=TOKEN_URL, description="Where the bot gets its own tokens.")
    public_url: str = Field(
        default="",
        description="The bot's own address as Teams reaches it, for pictures and calendars.",
    )
    server_key: SecretStr = Field(
        default=SecretStr(""),
        description="64 hexadecimal digits. Locks what only its writer should read.",
    )
    methods: str = Field(
        default="",
        description="A folder with method files of your own, beside those that are shipped.",
    )
    administrator: str = Field(
        default="", description="Microsoft Entra object id of the first administrator."
    )

    @classmethod
    def read(cls) -> Self:
        """From the environment. Raises `NotSet`."""
        try:
            return cls()
        except ValidationError as error:
            faults = (
                f"KOLLEGIAL_{str(fault['loc'][0]).upper()}: {fault['msg']}."
                if fault["loc"]
                else fault["msg"].removeprefix("Value error, ")
                for fault in error.errors()
            )
            raise NotSet("\n".join(faults)) from None

    def pictures(self, key: str) -> str:
        """The address of a publication's pictures, which Teams' clients fetch by themselves."""
        return f"{self._address}/results/{key}"

    @property
    def calendars(self) -> str:
        """The address of calendars, which people's own programs fetch, but for their keys."""
        return f"{self._address}/calendar"

    @property
    def _address(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def is_demonstration(self) -> bool:
        """Nobody is authenticated: for trying out on one's own machine."""
        return not self.app_id

    @model_validator(mode="after")
    def _never_open_to_anyone(self) -> "Settings":
        if self.is_demonstration and not _is_loopback(self.host):
            raise ValueError(
                f"The bot has no app id and would answer anyone who reaches {self.host}. "
                "Set KOLLEGIAL_APP_ID, KOLLEGIAL_APP_SECRET and KOLLEGIAL_TENANT, "
                "or leave KOLLEGIAL_HOST at 127.0.0.1."
            )
        if not self.is_demonstration and not (self.app_secret and self.tenant):
            raise ValueError(
                "KOLLEGIAL_APP_ID is set. Set KOLLEGIAL_APP_SECRET and KOLLEGIAL_TENANT as well."
            )
        if not self.is_demonstration and not self.server_key:
            raise ValueError(
                "KOLLEGIAL_SERVER_KEY is not set: log forms and sessions are locked with it. "
                "Make one with `openssl rand -hex 32`, keep it away from the databases, and "
                "give every replica the same."
            )
        return self

    @field_validator("server_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr) -> SecretStr:
        if key:
            Vault.from_hex(key.get_secret_value())
        return key


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
