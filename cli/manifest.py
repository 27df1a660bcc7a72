"""The app package that an administrator uploads to Teams: a zip of manifest, icons and languages.

It asks for no permissions. What it says of itself stands in `manifest/app.toml`,
its commands in `dialogs/writing/commands.py` and the text catalogues.
"""

import io
import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import typer

from bot.gateway.events import Json
from bot.ui.texts import texts
from bot.web.statements import PATHS
from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.commands import COMMANDS, TeamsScope

SCHEMA_VERSION = "1.30"
DEFAULT_LANGUAGE: Language = "nb"
ICONS = ("color.png", "outline.png")
SCOPES: tuple[TeamsScope, ...] = get_args(TeamsScope)

_VERSION = re.compile(r"(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){2}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def is_domain(name: str) -> bool:
    """Whether Teams takes it for a host name: with a dot, and not an address."""
    return bool(_DOMAIN.fullmatch(name.lower()))


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who offers the bot, and where. Raises ValueError for what Teams would refuse."""

    app_id: str
    """The bot's app id in Microsoft Entra: a GUID."""
    domain: str
    """The host name under which the bot is reached."""
    name: str
    """Of the organisation; Teams shows it to everyone who installs the app."""
    support: str
    privacy: str
    terms: str
    """The three are pages with https addresses."""

    def __post_init__(self) -> None:
        try:
            canonical = str(UUID(self.app_id)) == self.app_id.lower()
        except ValueError:
            canonical = False
        if not canonical:
            raise ValueError(
                f"The app id is a GUID such as 7b0a6c1e-0000-4000-8000-000000000000, "
                f"not {self.app_id!r}. Microsoft Entra shows it as “Application (client) ID”."
            )
        if not is_domain(self.domain):
            raise ValueError(
                f"The domain is a host name such as kollegial.example.org, not {self.domain!r}: "
                "no https://, no port and no path."
            )
        if not 1 <= len(self.name) <= 32:
            raise ValueError(f"The publisher's name has 1 to 32 characters, not {len(self.name)}.")
        for address in (self.support, self.privacy, self.terms):
            parts = urlsplit(address)
            if parts.scheme != "https" or not parts.netloc:
                raise ValueError(f"Teams demands an address that begins with https://: {address!r}")


app = typer.Typer(add_completion=False, name="manifest", no_args_is_help=True)


@app.callback()
def commands() -> None:
    """Make the app package for Teams."""


@app.command("build")
def build_command(
    *,
    app_id: Annotated[str, typer.Option(help="The bot's app id in Microsoft Entra.")],
    domain: Annotated[str, typer.Option(help="The host name under which the bot is reached.")],
    publisher: Annotated[str, typer.Option(help="The organisation that offers the bot.")],
    support: Annotated[str, typer.Option(help="Page about support; else the bot's own.")] = "",
    privacy: Annotated[str, typer.Option(help="Privacy statement; else the bot's own.")] = "",
    terms: Annotated[str, typer.Option(help="Terms of use; else the bot's own.")] = "",
    app_version: Annotated[
        str, typer.Option(help="A version such as 1.2.0, higher than the one that Teams has.")
    ] = "",
    out: Annotated[Path, typer.Option(dir_okay=False)] = Path("kollegial.zip"),
) -> None:
    """Write the zip that an administrator uploads to Teams."""
    try:
        own = {kind: f"https://{domain}{path}" for kind, path in PATHS.items()}
        pages = support or own["support"], privacy or own["privacy"], terms or own["terms"]
        package = build(Publisher(app_id, domain, publisher, *pages), app_version)
        out.write_bytes(package)
    except ValueError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{out} cannot be written: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"Wrote {out}. Upload it in the Teams admin centre, under Manage apps.")


def build(publisher: Publisher, number: str = "") -> bytes:
    """The zip, the same bytes for the same publisher and version.

    Raises ValueError for a version that Teams would not take.
    """
    if number and not _VERSION.fullmatch(number):
        raise ValueError(f"A version is three numbers such as 1.2.0, not {number!r}.")
    members = {"manifest.json": _json(manifest(publisher, number))}
    members |= {
        f"{language}.json": _json(localization(language))
        for language in LANGUAGES
        if language != DEFAULT_LANGUAGE
    }
    members |= {icon: files("manifest").joinpath(icon).read_bytes() for icon in ICONS}
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in members.items():
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix wherever it is built
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED)
    return packed.getvalue()


def manifest(publisher: Publisher, number: str = "") -> Json:
    """The manifest in the default language; `number` is its version, if not the usual."""
    words = _app()[DEFAULT_LANGUAGE]
    return {
        "$schema": "https://developer.microsoft.com/en-us/json-schemas/teams/"
        f"v{SCHEMA_VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA_VERSION,
        "version": number or _app()["version"],
        "id": publisher.app_id,
        "localizationInfo": {
            "defaultLanguageTag": DEFAULT_LANGUAGE,
            "additionalLanguages": [
                {"languageTag": language, "file": f"{language}.json"}
                for language in LANGUAGES
                if language != DEFAULT_LANGUAGE
            ],
        },
        "developer": {
            "name": publisher.name,
            "websiteUrl": publisher.support,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {"short": words["short_name"], "full": words["full_name"]},
        "description": {
            "short": words["short_description"],
            "full": words["full_description"].strip(),
        },
        "icons": {"color": ICONS[0], "outline": ICONS[1]},
        "accentColor": _app()["accent_color"],
        "defaultInstallScope": "personal",
        "bots": [
            {
                "botId": publisher.app_id,
                "scopes": list(SCOPES),
                "isNotificationOnly": False,
                "commandLists": [
                    {"scopes": [scope], "commands": _commands(scope, DEFAULT_LANGUAGE)}
                    for scope in SCOPES
                ],
            }
        ],
        # Shared and private channels too; nothing here needs to know which it is in.
        "supportsChannelFeatures": "tier1",
        "validDomains": [publisher.domain.lower()],
    }


def localization(language: Language) -> Json:
    """What stands in the manifest's place for those who use Teams in another language."""
    words = _app()[language]
    return {
        "$schema": "https://developer.microsoft.com/en-us/json-schemas/teams/"
        f"v{SCHEMA_VERSION}/MicrosoftTeams.Localization.schema.json",
        "name.short": words["short_name"],
        "name.full": words["full_name"],
        "description.short": words["short_description"],
        "description.full": words["full_description"].strip(),
    } | {
        f"bots[0].commandLists[{i}].commands[{j}].{part}": text
        for i, scope in enumerate(SCOPES)
        for j, command in enumerate(_commands(scope, language))
        for part, text in command.items()
    }


def _commands(scope: TeamsScope, language: Language) -> list[dict[str, str]]:
    say = texts(language)
    return [
        {
            "title": say(f"command.{command.name}.title"),
            "description": say(f"command.{command.name}.description"),
        }
        for command in COMMANDS
        if scope in command.scopes
    ]


@cache
def _app() -> dict[str, Any]:
    return tomllib.loads(files("manifest").joinpath("app.toml").read_text("utf-8"))


def _json(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
