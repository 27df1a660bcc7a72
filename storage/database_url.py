"""Where a database is, read from its URL: the one reader for the bot, the commands and the doctor.

    sqlite:///file  sqlite:////absolute/file
    postgresql://role@one,two:5433/urn?sslmode=verify-full&sslrootcert=/run/ca.pem
    host=/run/postgresql dbname=urn user=urn_bot

PostgreSQL's URLs are libpq's (https://www.postgresql.org/docs/current/libpq-connect.html).
What cannot be kept as it is written is a fault that says what to write instead; nothing
that was set is passed over in silence, and no fault repeats a URL: it may hold a password.
"""

import os
import re
import shlex
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, unquote, urlencode

import asyncpg

TEAMS_WAITS_S = 15.0
"""After which Teams sends a turn again."""
SSL_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
VERIFIED: Final = frozenset({"verify-ca", "verify-full"})
_FILES: Final = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
_SECONDS: Final = {"connect_timeout": 4, "pool_timeout": 4, "command_timeout": 6}
_MILLISECONDS: Final = {"statement_timeout": 5_000, "lock_timeout": 4_000}
_DRIVER: Final = (
    *_FILES,
    *("sslmode", "sslpassword", "sslnegotiation", "target_session_attrs", "krbsrvname", "gsslib"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)
"""What asyncpg keeps as libpq does."""
_SERVER: Final = ("application_name", "options")
_PLACE: Final = ("host", "port", "user", "password", "dbname")
_HARMLESS: Final[Mapping[str, frozenset[str]]] = {
    "channel_binding": frozenset({"disable", "prefer"}),
    "client_encoding": frozenset({"auto", "utf8", "utf-8"}),
    "gssencmode": frozenset({"disable", "prefer"}),
    "load_balance_hosts": frozenset({"disable"}),
    "sslcompression": frozenset({"0"}),
    "sslsni": frozenset({"1"}),
    "keepalives": frozenset({"1"}),
}
"""What is so in any case, with these values and no others."""
_OURS: Final = (*_SECONDS, *_MILLISECONDS, "pool_size")
KNOWN: Final = (*_PLACE, *_DRIVER, *_SERVER, *_HARMLESS, *_OURS)
_DURATION = re.compile(r"(\d+)(ms|s|min)?")
_UNITS: Final = {"ms": 1, "s": 1_000, "min": 60_000}


class BadUrl(ValueError):
    """A URL that is no database's; the message says why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A database in a file of this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A database of one or several PostgreSQL servers, and how long to wait for them."""

    hosts: tuple[tuple[str, int], ...]
    """Tried in this order. A host that begins with `/` is a folder with sockets."""
    database: str
    user: str
    password: str | None = field(repr=False)
    driver: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, str]
    pool_size: int
    connect_timeout: int
    """Seconds, for each host."""
    pool_timeout: int
    """Seconds, for a connection that is not in use."""
    command_timeout: int
    """Seconds until a server that says nothing is given up."""
    statement_timeout: int
    """Milliseconds that the server works on a statement."""
    lock_timeout: int
    """Milliseconds that a statement waits for another's lock."""

    @property
    def sslmode(self) -> str:
        return self.driver.get("sslmode") or os.environ.get("PGSSLMODE") or "prefer"

    @property
    def is_elsewhere(self) -> bool:
        """Whether what is said goes over a network."""
        return any(not _is_here(host) for host, _ in self.hosts)

    async def connect(self, *, patient: bool = False) -> Any:
        """A connection to the first of the hosts that takes one.

        A patient one has no time-outs once it is there: for migrations, and for the
        night's work. Raises OSError, TimeoutError and asyncpg's errors.
        """
        limits: dict[str, str] = {}
        if not patient:
            limits = {
                "statement_timeout": str(self.statement_timeout),
                "lock_timeout": str(self.lock_timeout),
            }
        *others, last = self.hosts
        for host, port in others:
            try:
                return await self._connect_to(host, port, limits, patient=patient)
            except (OSError, TimeoutError, asyncpg.PostgresConnectionError, *_ELSEWHERE):
                continue
        return await self._connect_to(*last, limits, patient=patient)

    async def _connect_to(
        self, host: str, port: int, limits: Mapping[str, str], *, patient: bool
    ) -> Any:
        driver = dict(self.driver)
        options: dict[str, Any] = {}
        if driver.get("sslrootcert") == "system":
            del driver["sslrootcert"]
            options["ssl"] = ssl.create_default_context()
        return await asyncpg.connect(
            f"postgresql:///?{urlencode(driver)}" if driver else None,
            host=host,
            port=port,
            user=self.user,
            password=self.password,
            database=self.database,
            timeout=self.connect_timeout,
            command_timeout=None if patient else self.command_timeout,
            server_settings={**self.settings, **limits},
            **options,
        )


_ELSEWHERE: Final = (
    asyncpg.TargetServerAttributeNotMatched,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""What another host may answer otherwise."""
Address: TypeAlias = SqliteFile | PostgresServer


def read_url(url: str) -> Address:
    """What a URL says. Raises `BadUrl`."""
    url = url.strip()
    if url.startswith(("'", '"')):
        raise BadUrl("It begins with a quotation mark. Write the URL without quotation marks.")
    if "://" not in url and re.match(r"\s*\w+\s*=", url):
        return _server(_keywords(url))
    scheme, separator, rest = url.partition("://")
    match scheme.partition("+")[0] if separator else "":
        case "sqlite":
            return _file(rest)
        case "postgresql" | "postgres":
            return _server(_parts(rest))
        case "":
            raise BadUrl(
                "That is no address of a database. Write sqlite:///FILE or "
                "postgresql://ROLE@HOST/DATABASE."
            )
        case other:
            raise BadUrl(
                f"{other} is neither sqlite nor postgresql. Write sqlite:///FILE or "
                "postgresql://ROLE@HOST/DATABASE."
            )


def same_server_and_role(one: Address, other: Address) -> bool:
    """Whether one role opens both: the same file, or the same role of the same server."""
    match one, other:
        case PostgresServer(), PostgresServer():
            return one.user == other.user and bool(set(one.hosts) & set(other.hosts))
        case SqliteFile(first), SqliteFile(second):
            return first.resolve() == second.resolve()
    return False


def _file(rest: str) -> SqliteFile:
    if "?" in rest:
        raise BadUrl("A file takes no settings. Take the `?` away, and what follows it.")
    host, _, path = rest.partition("/")
    if host:
        raise BadUrl(
            "A file has no host. Write sqlite:///FILE with three strokes, or sqlite:////FILE "
            "with four where the path begins at the root."
        )
    if path in {"", ":memory:"}:
        raise BadUrl("No file is named. Write sqlite:///FILE: what is in memory is lost.")
    return SqliteFile(Path(unquote(path)))


def _keywords(text: str) -> dict[str, str]:
    """libpq's other spelling: `host=db dbname=urn`."""
    try:
        words = shlex.split(re.sub(r"\s*=\s*", "=", text))
        pairs = dict(word.split("=", 1) for word in words)
    except ValueError:
        raise BadUrl(
            "It is not a row of NAME=VALUE. Put values with spaces between single quotation marks."
        ) from None
    return {name.lower(): value for name, value in pairs.items()}


def _parts(rest: str) -> dict[str, str]:
    """The same, of a URL. What stands behind the `?` may also say where the server is."""
    where, _, query = rest.partition("?")
    netloc, _, database = where.partition("/")
    who, _, hosts = netloc.rpartition("@")
    user, colon, password = who.partition(":")
    found = {"user": unquote(user), "dbname": unquote(database)}
    if colon:
        found["password"] = unquote(password)
    if hosts:
        found["host"], found["port"] = _hosts(hosts)
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise BadUrl("Behind the `?` should stand NAME=VALUE, with & between them.") from None
    for name, value in pairs:
        if found.get(name) and name in _PLACE:
            raise BadUrl(f"{name} is said twice. Leave one.")
        found[name] = value
    return {name: value for name, value in found.items() if value or name == "password"}


def _hosts(text: str) -> tuple[str, str]:
    """Hosts and ports of `one,two:5433,[::1]:5434`, as libpq's two keywords have them."""
    hosts, ports = [], []
    for each in text.split(","):
        found = re.fullmatch(r"(\[[^]]*\]|[^:\[\]]*)(?::(\d*))?", each)
        if found is None:
            raise BadUrl(
                "A host is not HOST or HOST:PORT. Write special signs of a password as %XX."
            )
        hosts.append(unquote(found[1].strip("[]")))
        ports.append(found[2] or "")
    return ",".join(hosts), ",".join(ports) if any(ports) else ""


def _server(found: dict[str, str]) -> PostgresServer:
    if "database" in found and "dbname" not in found:
        found["dbname"] = found.pop("database")
    for name, value in found.items():
        _must_know(name, value)
    for name, what in (("dbname", "database"), ("user", "role")):
        if not found.get(name):
            raise BadUrl(f"No {what} is named. Write postgresql://ROLE@HOST/DATABASE.")
    _check_tls(found)
    hosts = _addresses(found.get("host", ""), found.get("port", ""))
    seconds = {name: _number(found, name, usual, 1, 60) for name, usual in _SECONDS.items()}
    _check_patience(len(hosts), **seconds)
    return PostgresServer(
        hosts=hosts,
        database=found["dbname"],
        user=found["user"],
        password=found.get("password") or None,
        driver={name: found[name] for name in _DRIVER if found.get(name)},
        settings={"application_name": "kollegial"}
        | {name: found[name] for name in _SERVER if found.get(name)},
        pool_size=_number(found, "pool_size", 20, 1, 200),
        statement_timeout=_milliseconds(found, "statement_timeout"),
        lock_timeout=_milliseconds(found, "lock_timeout"),
        **seconds,
    )


def _must_know(name: str, value: str) -> None:
    if name not in KNOWN and not name.startswith("keepalives_"):
        near = get_close_matches(name, KNOWN, n=1)
        remedy = f"Is {near[0]} meant?" if near else "Take it away."
        raise BadUrl(f"There is no setting {name!r} of a connection. {remedy}")
    if name in _HARMLESS and value.lower() not in _HARMLESS[name]:
        raise BadUrl(
            f"{name}={value} cannot be kept. Take it away, or write {name}="
            f"{' or '.join(sorted(_HARMLESS[name]))}."
        )


def _check_tls(found: Mapping[str, str]) -> None:
    mode = found.get("sslmode", "")
    if mode and mode not in SSL_MODES:
        raise BadUrl(f"There is no sslmode {mode!r}. It is one of {', '.join(SSL_MODES)}.")
    for name in _FILES:
        path = found.get(name, "")
        if not path or (name, path) == ("sslrootcert", "system"):
            continue
        if not (Path(path).is_file() and os.access(path, os.R_OK)):
            raise BadUrl(f"The file that {name} names cannot be read: {path}. Look at its path.")
    if found.get("sslrootcert") == "system" and mode != "verify-full":
        raise BadUrl("sslrootcert=system trusts every public host. Write sslmode=verify-full too.")
    if found.get("sslkey") and not found.get("sslcert"):
        raise BadUrl("sslkey has no sslcert beside it. Name the certificate as well.")
    if mode in VERIFIED and not (found.get("sslrootcert") or _has_usual_root()):
        raise BadUrl(
            f"sslmode={mode} has nothing to verify with. Name the authority's certificate: "
            "sslrootcert=FILE."
        )
    if mode not in {"", "require", *VERIFIED} and found.get("sslrootcert"):
        raise BadUrl(f"sslmode={mode} does not look at sslrootcert. Write sslmode=verify-full.")
    attributes = found.get("target_session_attrs", "any")
    if attributes not in {"any", "read-write", "primary"}:
        raise BadUrl(
            f"target_session_attrs={attributes} finds servers that cannot be written to. Write "
            "read-write."
        )


def _has_usual_root() -> bool:
    usual = Path("~/.postgresql/root.crt").expanduser()
    return bool(os.environ.get("PGSSLROOTCERT")) or usual.is_file()


def _addresses(hosts: str, ports: str) -> tuple[tuple[str, int], ...]:
    if not hosts:
        raise BadUrl("No host is named. Write postgresql://ROLE@HOST/DATABASE.")
    names = hosts.split(",")
    numbers = [each or "5432" for each in ports.split(",")]
    if len(numbers) == 1:
        numbers *= len(names)
    if len(numbers) != len(names):
        raise BadUrl(f"There are {len(names)} hosts and {len(numbers)} ports. Name one for each.")
    if not all(names):
        raise BadUrl("A host is empty. Take a comma away.")
    if not all(each.isdecimal() and 0 < int(each) < 65536 for each in numbers):
        raise BadUrl("A port is no number from 1 to 65535. PostgreSQL's own is 5432.")
    return tuple(zip(names, map(int, numbers), strict=True))


def _is_here(host: str) -> bool:
    return host.startswith(("/", "127.")) or host in {"localhost", "::1"}


def _number(found: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = found.get(name, str(usual))
    if not (text.isdecimal() and least <= int(text) <= most):
        raise BadUrl(f"{name} is no number from {least} to {most}. {usual} is usual.")
    return int(text)


def _milliseconds(found: Mapping[str, str], name: str) -> int:
    usual = _MILLISECONDS[name]
    text = found.get(name, str(usual))
    length = _DURATION.fullmatch(text)
    milliseconds = int(length[1]) * _UNITS[length[2] or "ms"] if length else 0
    if milliseconds <= 0:
        raise BadUrl(f"{name} is no duration. Write {usual}ms, say, or {usual // 1000}s.")
    return milliseconds


def _check_patience(
    hosts: int, *, connect_timeout: int, pool_timeout: int, command_timeout: int
) -> None:
    """A turn waits for a connection, and then for an answer, and no longer than Teams does."""
    longest = max(pool_timeout, connect_timeout * hosts) + command_timeout
    if longest >= TEAMS_WAITS_S:
        raise BadUrl(
            f"A turn could wait {longest} s for this database, and Teams waits "
            f"{TEAMS_WAITS_S:.0f} s. Lower connect_timeout (for each host), pool_timeout or "
            "command_timeout."
        )
