"""What is set in the environment: each name that begins with `KOLLEGIAL_`, and none unknown.

A setting whose name is misspelt is a fault and not a default: the bot would else run
without it, and nobody would know. `KOLLEGIAL_APP_SECRET_FILE` names a file that holds what
`KOLLEGIAL_APP_SECRET` would; so it is for every setting.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

PREFIX: Final = "KOLLEGIAL_"
FILE: Final = "_FILE"
DATABASES: Final = ("database_url", "urn_url")
BOT: Final = (
    *("host", "port", "public_url", "metrics_host", "metrics_port", "proxy"),
    *("app_id", "tenant", "administrator", "openid_url", "token_url"),
    *("app_secret", "app_certificate", "identity"),
    *("server_key", "methods"),
    *("organisation", "contact", "data_protection"),
)
"""The bot's own, that `bot/operation/settings.py` reads."""
_OF_KUBERNETES: Final = ("_SERVICE_HOST", "_SERVICE_PORT", "_TCP", "_PROTO", "_ADDR")


class NotSet(Exception):
    """The settings cannot be used; the message names each fault and its remedy."""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """URLs as `storage.database_url` reads them. By default those of a demonstration."""

    database_url: str = "sqlite:///.data/kollegial.db"
    """People and groups."""
    urn_url: str = "sqlite:///.data/urn.db"
    """Drafts and sealed answers."""

    @classmethod
    def read(cls) -> "DatabaseSettings":
        """From the environment. Raises `NotSet`."""
        found = read_environment()
        return cls(**{name: found[name] for name in DATABASES if name in found})


def read_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Every setting that has a value, by its name in small letters. Raises `NotSet`."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for variable in sorted(name for name in environ if name.upper().startswith(PREFIX)):
        name = variable.removeprefix(PREFIX).lower()
        is_file = variable.endswith(FILE) and name.removesuffix(FILE.lower()) in KNOWN
        name = name.removesuffix(FILE.lower()) if is_file else name
        value = environ[variable].strip()
        if name not in KNOWN or not variable.startswith(PREFIX) or not variable.isupper():
            faults.append(_unknown(variable))
        elif not value:
            continue
        elif name in found:
            faults.append(f"{PREFIX}{name.upper()} is set twice, once by its file. Leave one.")
        elif is_file:
            try:
                found[name] = _content(Path(value))
            except NotSet as fault:
                faults.append(f"{variable}: {fault}")
        else:
            found[name] = value
    if faults:
        raise NotSet("\n".join(faults))
    return found


KNOWN: Final = (*DATABASES, *BOT)


def _unknown(variable: str) -> str:
    if variable.endswith(_OF_KUBERNETES):
        return (
            f"{variable} is no setting: Kubernetes sets it. Write enableServiceLinks: false in the "
            "pod's specification."
        )
    known = [name.upper() for name in KNOWN]
    name = variable.upper().removeprefix(PREFIX)
    near = get_close_matches(name, [*known, *(each + FILE for each in known)], n=1)
    remedy = f"Is {PREFIX}{near[0]} meant?" if near else "Take it away, or see docs/operators.md."
    return f"{variable} is no setting. {remedy}"


def _content(path: Path) -> str:
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        raise NotSet(f"{path} cannot be read: {error.strerror}. Look at its path.") from None
    except UnicodeDecodeError:
        raise NotSet(f"{path} is not text. Write the value as text.") from None
    if not text:
        raise NotSet(f"{path} is empty. Write the value into it.")
    return text
