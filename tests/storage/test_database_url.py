"""Database URLs: every spelling that libpq has means the same here, or is a fault."""

from pathlib import Path
from typing import Any

import pytest

from storage import database_url
from storage.database_url import (
    BadUrl,
    PostgresServer,
    SqliteFile,
    read_url,
    same_server_and_role,
)


def server(url: str) -> PostgresServer:
    found = read_url(url)
    assert isinstance(found, PostgresServer)
    return found


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///.data/urn.db", ".data/urn.db"),
        ("sqlite:////var/lib/kollegial/urn.db", "/var/lib/kollegial/urn.db"),
        ("sqlite+aiosqlite:///a%20b.db\n", "a b.db"),
    ],
)
def test_a_file(url: str, path: str) -> None:
    assert read_url(url) == SqliteFile(Path(path))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:se%40cret@db:5433/urn",
        "postgres://bot:se%40cret@db:5433/urn",
        "postgresql+asyncpg://bot:se%40cret@db:5433/urn",
        "postgresql://db:5433/urn?user=bot&password=se%40cret",
        "postgresql:///?host=db&port=5433&dbname=urn&user=bot&password=se%40cret",
        "postgresql://bot:se%40cret@db:5433?database=urn",
        "host=db port=5433 dbname=urn user=bot password='se@cret'",
        "host = db port = 5433 dbname = urn user = bot password = se@cret",
    ],
)
def test_the_same_server_in_every_spelling(url: str) -> None:
    found = server(url)

    assert (found.hosts, found.database, found.user) == ((("db", 5433),), "urn", "bot")
    assert found.password == "se@cret"
    assert "se@cret" not in repr(found)


@pytest.mark.parametrize(
    ("where", "hosts"),
    [
        ("bot@db/urn", [("db", 5432)]),
        ("bot@one,two:5433/urn", [("one", 5432), ("two", 5433)]),
        ("bot@[::1]:5434,[2001:db8::1]/urn", [("::1", 5434), ("2001:db8::1", 5432)]),
        ("bot@%2Frun%2Fpostgresql/urn", [("/run/postgresql", 5432)]),
        ("bot@/urn?host=/run/pg&port=6000", [("/run/pg", 6000)]),
        ("bot@/urn?host=one,two&port=6000", [("one", 6000), ("two", 6000)]),
    ],
)
def test_several_hosts(where: str, hosts: list[tuple[str, int]]) -> None:
    assert list(server(f"postgresql://{where}").hosts) == hosts


@pytest.mark.parametrize("mode", database_url.SSL_MODES)
def test_every_sslmode_is_kept(mode: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    root = f"&sslrootcert={tmp_path}/ca.pem" if mode in database_url.VERIFIED else ""
    found = server(f"postgresql://bot@db/urn?sslmode={mode}{root}")

    assert found.sslmode == found.driver["sslmode"] == mode
    assert found.is_elsewhere


def test_what_is_not_said_is_what_is_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)
    found = server("postgresql://bot@127.0.0.1/urn?application_name=&channel_binding=prefer")

    assert (found.sslmode, found.is_elsewhere, found.password) == ("prefer", False, None)
    assert (found.pool_size, found.connect_timeout, found.pool_timeout) == (20, 4, 4)
    assert (found.command_timeout, found.statement_timeout, found.lock_timeout) == (6, 5000, 4000)
    assert found.settings == {"application_name": "kollegial"}


def test_pool_and_time_outs_are_set() -> None:
    found = server(
        "postgresql://bot@db/urn?pool_size=20&connect_timeout=2&pool_timeout=3&command_timeout=9"
        "&statement_timeout=8s&lock_timeout=2500ms&options=-c%20work_mem%3D8MB&keepalives_idle=9"
    )

    assert (found.pool_size, found.connect_timeout, found.pool_timeout) == (20, 2, 3)
    assert (found.command_timeout, found.statement_timeout, found.lock_timeout) == (9, 8000, 2500)
    assert found.settings["options"] == "-c work_mem=8MB"


FAULTS = {
    "": "no address",
    "nonsense": "no address",
    "'postgresql://bot@db/urn'": "quotation mark",
    "mysql://bot@db/urn": "neither sqlite nor postgresql",
    "sqlite://": "No file is named",
    "sqlite:///:memory:": "No file is named",
    "sqlite://urn.db/": "three strokes",
    "sqlite:///urn.db?mode=ro": "takes no settings",
    "postgresql://bot@db": "No database is named",
    "postgresql://db/urn": "No role is named",
    "postgresql:///urn?user=bot": "No host is named",
    "postgresql://bot@db,/urn": "A host is empty",
    "postgresql://bot@db:0/urn": "A port is no number",
    "postgresql://bot@db:70000/urn": "A port is no number",
    "postgresql://bot@a,b/urn?port=1,2,3": "Name one for each",
    "postgresql://bot:hunter/2@db/urn": "%XX",
    "postgresql://bot:hunter2@db/urn?host=other": "host is said twice",
    "postgresql://bot@db/urn?sslmode": "NAME=VALUE",
    "postgresql://bot@db/urn?sslmod=require": "Is sslmode meant?",
    "postgresql://bot@db/urn?what=ever": "Take it away",
    "postgresql://bot@db/urn?sslmode=required": "There is no sslmode 'required'",
    "postgresql://bot@db/urn?sslmode=Require": "There is no sslmode 'Require'",
    "postgresql://bot@db/urn?sslmode=verify-full": "nothing to verify with",
    "postgresql://bot@db/urn?sslmode=verify-full&sslrootcert=/no/ca": "cannot be read",
    "postgresql://bot@db/urn?sslmode=require&sslrootcert=system": "Write sslmode=verify-full too",
    "postgresql://bot@db/urn?sslkey=/dev/null": "cannot be read",
    "postgresql://bot@db/urn?channel_binding=require": "cannot be kept",
    "postgresql://bot@db/urn?target_session_attrs=read-only": "Write read-write",
    "postgresql://bot@db/urn?pool_size=0": "no number from 1 to 200",
    "postgresql://bot@db/urn?pool_size=many": "no number from 1 to 200",
    "postgresql://bot@db/urn?statement_timeout=5sec": "no duration",
    "postgresql://bot@db/urn?lock_timeout=0": "no duration",
    "postgresql://bot@db/urn?command_timeout=20": "Teams waits 15 s",
    "postgresql://bot@a,b,c/urn": "for each host",
    "host=db dbname": "not a row of NAME=VALUE",
    "host=db dbname='urn": "not a row of NAME=VALUE",
}


@pytest.mark.parametrize(("url", "why"), FAULTS.items())
def test_each_fault_says_what_to_write(
    url: str, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # which has no ~/.postgresql
    monkeypatch.delenv("PGSSLROOTCERT", raising=False)
    with pytest.raises(BadUrl) as fault:
        read_url(url)

    assert why in str(fault.value)
    assert "hunter" not in str(fault.value)


def test_half_a_certificate_is_none(tmp_path: Path) -> None:
    file = tmp_path / "file.pem"
    file.touch()
    with pytest.raises(BadUrl, match="no sslcert beside it"):
        read_url(f"postgresql://bot@db/urn?sslkey={file}")
    with pytest.raises(BadUrl, match="does not look at sslrootcert"):
        read_url(f"postgresql://bot@db/urn?sslmode=prefer&sslrootcert={file}")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql://a@h/x", "host=h dbname=y user=a", True),
        ("postgresql://a@h/x", "postgresql://b@h/y", False),
        ("postgresql://a@h/x", "postgresql://a@h:5433/y", False),
        ("postgresql://a@h,i/x", "postgresql://a@i/y", True),
        ("sqlite:///x.db", "sqlite:///./x.db", True),
        ("sqlite:///x.db", "sqlite:///y.db", False),
        ("sqlite:///x.db", "postgresql://a@h/x", False),
    ],
)
def test_who_opens_both(one: str, other: str, same: bool) -> None:
    assert same_server_and_role(read_url(one), read_url(other)) == same


@pytest.mark.parametrize("patient", [True, False])
async def test_a_connection_is_asked_of_each_host_in_turn(
    monkeypatch: pytest.MonkeyPatch, patient: bool
) -> None:
    asked: list[dict[str, Any]] = []

    async def connect(dsn: str | None, **options: Any) -> str:
        asked.append({"dsn": dsn, **options})
        if options["host"] == "one":
            raise OSError
        return "a connection"

    monkeypatch.setattr("asyncpg.connect", connect)
    found = server("postgresql://bot@one,two/urn?sslmode=verify-full&sslrootcert=system")

    assert await found.connect(patient=patient) == "a connection"
    assert [each["host"] for each in asked] == ["one", "two"]
    assert asked[1]["dsn"] == "postgresql:///?sslmode=verify-full"
    assert asked[1]["ssl"].check_hostname
    assert asked[1]["command_timeout"] == (None if patient else 6)
    assert ("statement_timeout" in asked[1]["server_settings"]) != patient
