"""What an operator can set: environment variables that begin with `KOLLEGIAL_`.

Nothing is inferred from what is missing. Without `--demo` the bot does not start until it is
set up for production; with `--demo` it runs on this machine alone, authenticates nobody, and
refuses settings that only production has.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, Self, TypeAlias, get_args
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.gateway.credentials import TOKEN_URL, Credentials
from bot.gateway.tokens import OPENID_URL
from storage.crypto.vault import Vault
from storage.settings import DATABASES, PREFIX, NotSet, read_environment

IdentityKind: TypeAlias = Literal["managed", "workload"]


class Settings(BaseModel):
    """Read them with `production` or `demonstration`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_demonstration: bool = False
    """Nobody is authenticated: for trying out on one's own machine."""
    host: str = "127.0.0.1"
    port: int = Field(default=3978, ge=1, le=65535)
    metrics_host: str = "127.0.0.1"
    metrics_port: int = Field(default=0, ge=0, le=65535)
    """Where /metrics answers, and nothing else; 0 for nowhere."""
    proxy: str = ""
    """`http://HOST:PORT`, by which the bot reaches Microsoft's services."""
    app_id: str = ""
    """The bot's app id in Microsoft Entra."""
    app_secret: SecretStr = SecretStr("")
    app_certificate: str = ""
    """A PEM file with the app's certificate and its private key, in the secret's place."""
    identity: IdentityKind | Literal[""] = ""
    """The identity of what the bot runs on in Azure, in the secret's place."""
    tenant: str = ""
    """The only Microsoft 365 tenant that is served."""
    openid_url: str = OPENID_URL
    """Where the channel's signing keys are found."""
    token_url: str = TOKEN_URL
    """Where the bot gets its own tokens."""
    public_url: str = ""
    """The bot's own address as Teams reaches it, for pictures, calendars and pages."""
    server_key: SecretStr = SecretStr("")
    """64 hexadecimal digits. Locks what only its writer should read. While it is changed, the
    new one and the old one, with a comma between."""
    methods: str = ""
    """A folder with method files of one's own, beside those that are shipped."""
    administrator: str = ""
    """Microsoft Entra object id of the first administrator."""
    organisation: str = ""
    """Who is responsible for the bot, by name: for the pages about privacy and terms."""
    contact: str = ""
    """An e-mail address for whoever has a question."""
    data_protection: str = ""
    """The data protection officer's e-mail address."""

    @classmethod
    def read(cls) -> Self:
        """From the environment, whether it is enough for a bot or not. Raises `NotSet`."""
        return cls._of(read_environment())

    @classmethod
    def production(cls) -> Self:
        """From the environment. Raises `NotSet`, with every fault and its remedy."""
        found = read_environment()
        settings = cls._of(found)
        if faults := [*settings.missing(found)]:
            raise NotSet("\n".join(faults))
        return settings

    @classmethod
    def demonstration(cls) -> Self:
        """From the environment, for loopback and nowhere else. Raises `NotSet`."""
        found = read_environment()
        if forbidden := [f"{PREFIX}{name.upper()}" for name in _CREDENTIALS if name in found]:
            raise NotSet(
                f"{' and '.join(forbidden)} set, and a demonstration asks nobody who they are. "
                "Leave --demo away, or take the settings away."
            )
        settings = cls._of(found | {"is_demonstration": "yes"})
        if not is_loopback(settings.host):
            raise NotSet(
                f"A demonstration would answer anyone who reaches {settings.host}. Leave "
                "KOLLEGIAL_HOST at 127.0.0.1."
            )
        return settings

    @classmethod
    def _of(cls, found: dict[str, str]) -> Self:
        values: dict[str, Any] = {n: text for n, text in found.items() if n not in DATABASES}
        try:
            return cls(**values)
        except ValidationError as error:
            raise NotSet("\n".join(map(_fault, error.errors()))) from None

    def missing(self, found: dict[str, str]) -> Iterator[str]:
        """What production needs beside what is set, each with its remedy."""
        for name, why in _NEEDED.items():
            if name not in found:
                yield f"{PREFIX}{name.upper()} is not set: {why}"
        ways = [name for name in _WAYS if name in found]
        if len(ways) != 1:
            names = ", ".join(f"{PREFIX}{name.upper()}" for name in ways or _WAYS)
            yield (
                f"{names} are all set, and one shows who the bot is: take the others away."
                if ways
                else f"None of {names} is set: Microsoft Entra must know that it is the bot. Set "
                "one, the secret if in doubt."
            )
        if found.get("public_url", "https").partition(":")[0] != "https":
            yield f"{PREFIX}PUBLIC_URL does not begin with https://: Teams reaches nothing else."

    def pictures(self, key: str) -> str:
        """The address of a publication's pictures, which Teams' clients fetch by themselves."""
        return f"{self.address}/results/{key}"

    @property
    def calendars(self) -> str:
        """The address of calendars, which people's own programs fetch, but for their keys."""
        return f"{self.address}/calendar"

    @property
    def summaries(self) -> str:
        """The address of what groups take along, but for their keys."""
        return f"{self.address}/summary"

    @property
    def board(self) -> str:
        """The address of the board (`bot/web`)."""
        return f"{self.address}/tavle"

    @property
    def teams_app(self) -> str:
        """The app's id in Teams, where Teams can open a page of the bot."""
        is_reached = self.address.startswith("https://") and not self.is_demonstration
        return self.app_id if is_reached else ""

    def results(self, study: str, key: str) -> str:
        """The page with a study's published results, which whoever has the link can read."""
        return f"{self.board}/resultat/{study}/{key}"

    @property
    def address(self) -> str:
        """The bot's own, without a stroke at its end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def credentials(self) -> Credentials:
        """Who the bot is, and how it shows it."""
        return Credentials(
            self.app_id,
            self.tenant,
            self.app_secret.get_secret_value(),
            self.app_certificate,
            self.identity,
        )

    @property
    def vault(self) -> Vault:
        """What locks and unlocks with the server's key."""
        return Vault.from_hex(self.server_key.get_secret_value())

    @field_validator("server_key")
    @classmethod
    def _is_a_key(cls, key: SecretStr) -> SecretStr:
        if key:
            Vault.from_hex(key.get_secret_value())
        return key

    @field_validator("app_id", "tenant", mode="after")
    @classmethod
    def _is_an_id(cls, text: str) -> str:
        return as_id(text)

    @field_validator("administrator")
    @classmethod
    def _is_a_person(cls, text: str) -> str:
        return text.strip().lower()

    @field_validator("app_certificate")
    @classmethod
    def _is_a_file(cls, path: str) -> str:
        if path and not Path(path).is_file():
            raise ValueError(f"there is no file {path}; look at its path")
        return path

    @field_validator("public_url", "proxy", "openid_url", "token_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("that is no address: it begins with https:// and a host name")
        return url


_CREDENTIALS = ("app_id", "app_secret", "app_certificate", "identity", "tenant")
_WAYS = ("app_secret", "app_certificate", "identity")
_NEEDED = {
    "app_id": "it is on the app's overview in Microsoft Entra, as application (client) id. To try "
    "the bot on your own machine, run it with --demo.",
    "tenant": "the directory (tenant) id on the same page. Only its people are answered.",
    "server_key": "log forms and sessions are locked with it. Make one with `openssl rand -hex "
    "32`, keep it away from the databases, and give every replica the same.",
    "public_url": "it is https://HOST, as Teams reaches the bot.",
    "database_url": "name the PostgreSQL database of people and groups, as the bot's own role.",
    "urn_url": "name the PostgreSQL database of the urn, with a role of its own.",
}


def as_id(text: str) -> str:
    """A GUID as Teams writes it, in small letters. Raises ValueError."""
    if not text:
        return text
    try:
        canonical = str(UUID(text))
    except ValueError:
        canonical = ""
    if canonical != text.lower():
        raise ValueError(
            "that is no id of Microsoft Entra, such as 00000000-1111-4222-8333-444444444444"
        )
    return canonical


def _fault(fault: Any) -> str:
    name = f"{PREFIX}{str(fault['loc'][0]).upper()}"
    if fault["loc"][0] == "identity":
        return f"{name} is one of {', '.join(get_args(IdentityKind))}."
    said = fault["msg"].removeprefix("Value error, ")
    return f"{name}: {said}."


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
