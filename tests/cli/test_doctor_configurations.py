"""Forty broken configurations: the doctor names each, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
import pytest_asyncio

from cli.doctor import Finding, look
from storage.crypto.vault import Vault
from storage.operational.store import Operational
from tests.support.databases import postgres_server
from tests.support.roles import Hardened, hardened

BOT = "postgresql://kollegial_bot@127.0.0.1:9/kollegial"
URN = "postgresql://urn_bot@127.0.0.1:9/urn"
WELL: Mapping[str, str] = {
    "app_id": "00000000-1111-4222-8333-444444444444",
    "app_secret": "hunter2",
    "tenant": "00000000-1111-4222-8333-444444444445",
    "server_key": "5e" * 32,
    "public_url": "https://kollegial.example.org",
    "administrator": "00000000-1111-4222-8333-444444444446",
    "database_url": BOT,
    "urn_url": URN,
    # Nobody is there: what the services say is tested in `test_doctor`.
    "token_url": "http://127.0.0.1:9",
    "openid_url": "http://127.0.0.1:9",
    "proxy": "http://127.0.0.1:9",
}


@dataclass(frozen=True)
class Broken:
    """What is wrong, and what should be said and advised."""

    said: str
    remedy: str
    settings: Mapping[str, str] = field(default_factory=dict)
    sql: str = ""
    undo: str = ""
    database: str = "urn"


SETTINGS = {
    "an app id that is misspelt": Broken(
        "", "Is KOLLEGIAL_APP_ID meant?", {"app_id": "", "app_idd": WELL["app_id"]}
    ),
    "no app id": Broken("does not start", "KOLLEGIAL_APP_ID is not set", {"app_id": ""}),
    "a name for an app id": Broken("", "KOLLEGIAL_APP_ID: that is no id", {"app_id": "kollegial"}),
    "no tenant": Broken("", "KOLLEGIAL_TENANT is not set", {"tenant": ""}),
    "a domain for a tenant": Broken("", "KOLLEGIAL_TENANT: that is no id", {"tenant": "nav.no"}),
    "no way to show who the bot is": Broken("", "None of KOLLEGIAL_APP_SECRET", {"app_secret": ""}),
    "two ways": Broken("", "take the others away", {"identity": "managed"}),
    "an identity that is none": Broken("", "one of managed", {"identity": "azure"}),
    "a certificate that is not there": Broken(
        "", "no file /no/such.pem", {"app_secret": "", "app_certificate": "/no/such.pem"}
    ),
    "a secret's file that is not there": Broken(
        "", "/no/such cannot be read", {"app_secret": "", "app_secret_file": "/no/such"}
    ),
    "a secret twice": Broken("", "set twice", {"app_secret_file": "/dev/null"}),
    "no server key": Broken("", "openssl rand -hex 32", {"server_key": ""}),
    "half a server key": Broken("", "64 hexadecimal digits", {"server_key": "5e" * 16}),
    "no public address": Broken("", "KOLLEGIAL_PUBLIC_URL is not set", {"public_url": ""}),
    "an address without TLS": Broken("", "https://", {"public_url": "http://kollegial.no"}),
    "a port that is none": Broken("", "KOLLEGIAL_PORT", {"port": "http"}),
    "a proxy without a scheme": Broken("", "KOLLEGIAL_PROXY", {"proxy": "proxy:3128"}),
    "what Kubernetes sets": Broken(
        "", "enableServiceLinks: false", {"port_80_tcp_addr": "10.0.0.1"}
    ),
    "no databases": Broken("", "KOLLEGIAL_DATABASE_URL is not set", {"database_url": ""}),
    "no urn": Broken("", "KOLLEGIAL_URN_URL is not set", {"urn_url": ""}),
    "a kind of database that is none": Broken(
        "mysql is neither", "KOLLEGIAL_DATABASE_URL", {"database_url": "mysql://x/y"}
    ),
    "an sslmode that is none": Broken(
        "no sslmode 'verify'", "KOLLEGIAL_URN_URL", {"urn_url": f"{URN}?sslmode=verify"}
    ),
    "a misspelt sslmode": Broken(
        "Is sslmode meant?", "KOLLEGIAL_URN_URL", {"urn_url": f"{URN}?ssl_mode=require"}
    ),
    "a certificate of an authority that is not there": Broken(
        "cannot be read: /no/ca.pem",
        "KOLLEGIAL_URN_URL",
        {"urn_url": f"{URN}?sslmode=verify-full&sslrootcert=/no/ca.pem"},
    ),
    "more patience than Teams has": Broken(
        "Teams waits 15 s", "KOLLEGIAL_URN_URL", {"urn_url": f"{URN}?command_timeout=30"}
    ),
    "a server that is not there": Broken("cannot be read", "whether the server runs"),
    "one role for both": Broken(
        "one role opens both",
        "KOLLEGIAL_URN_URL",
        {"urn_url": "postgresql://kollegial_bot@127.0.0.1:9/urn"},
    ),
    "methods that are not there": Broken("does not start", "no/such", {"methods": "/no/such"}),
}
SERVER = {
    "no schema": Broken(
        "it has no schema yet",
        "kollegial migrate",
        sql="ALTER TABLE alembic_version RENAME TO elsewhere",
        undo="ALTER TABLE elsewhere RENAME TO alembic_version",
    ),
    "a later schema": Broken(
        "of a later version",
        "the version that last used",
        sql="UPDATE alembic_version SET version_num = 'later ' || version_num",
        undo="UPDATE alembic_version SET version_num = replace(version_num, 'later ', '')",
    ),
    "a role that may not empty a table": Broken(
        'may not TRUNCATE "submission"',
        "GRANT TRUNCATE ON",
        sql="REVOKE TRUNCATE ON submission FROM urn_bot",
        undo="GRANT TRUNCATE ON submission TO urn_bot",
    ),
    "a role that may not write": Broken(
        'may not UPDATE "person"',
        "GRANT UPDATE ON",
        sql="REVOKE UPDATE ON person FROM kollegial_bot",
        undo="GRANT UPDATE ON person TO kollegial_bot",
        database="kollegial",
    ),
    "a role that may not write the tables anew": Broken(
        'may not MAINTAIN "person"',
        "GRANT MAINTAIN ON",
        sql="REVOKE MAINTAIN ON person FROM kollegial_bot",
        undo="GRANT MAINTAIN ON person TO kollegial_bot",
        database="kollegial",
    ),
    "a role that may not look": Broken(
        'may not SELECT "alembic_version"',
        "GRANT SELECT ON",
        sql="REVOKE SELECT ON alembic_version FROM urn_bot",
        undo="GRANT SELECT ON alembic_version TO urn_bot",
    ),
    "a role without temporary tables": Broken(
        "no temporary tables",
        "GRANT TEMPORARY ON DATABASE",
        sql="REVOKE TEMPORARY ON DATABASE urn FROM urn_bot",
        undo="GRANT TEMPORARY ON DATABASE urn TO urn_bot",
    ),
    "a role without the schema": Broken(
        "may not use its schema",
        "GRANT USAGE ON SCHEMA public",
        sql="REVOKE USAGE ON SCHEMA public FROM urn_bot",
        undo="GRANT USAGE ON SCHEMA public TO urn_bot",
    ),
    "a role that may do anything": Broken(
        "may do more than the bot needs: SUPER",
        "NOSUPERUSER",
        sql="ALTER ROLE urn_bot SUPERUSER",
        undo="ALTER ROLE urn_bot NOSUPERUSER",
    ),
    "a role that may change the schema": Broken(
        "may change the schema",
        "kollegial migrate",
        sql="GRANT CREATE ON SCHEMA public TO kollegial_bot",
        undo="REVOKE CREATE ON SCHEMA public FROM kollegial_bot",
        database="kollegial",
    ),
    "a role that reaches the other database": Broken(
        "reaches the database urn",
        "REVOKE CONNECT ON DATABASE urn",
        sql="GRANT CONNECT ON DATABASE urn TO kollegial_bot",
        undo="REVOKE CONNECT ON DATABASE urn FROM kollegial_bot",
    ),
    "a role that may not come in": Broken(
        "permission denied for database",
        "KOLLEGIAL_URN_URL",
        sql="REVOKE CONNECT ON DATABASE urn FROM urn_bot",
        undo="GRANT CONNECT ON DATABASE urn TO urn_bot",
    ),
    "a role that only reads": Broken(
        "read-only transaction",
        "target_session_attrs=read-write",
        sql="ALTER ROLE urn_bot SET default_transaction_read_only = on",
        undo="ALTER ROLE urn_bot RESET default_transaction_read_only",
    ),
    "a log that keeps statements": Broken(
        "its log keeps statements",
        "log_statement = 'none'",
        sql="ALTER ROLE urn_bot SET log_statement = 'all'",
        undo="ALTER ROLE urn_bot RESET log_statement",
    ),
    "a trigger that fails": Broken(
        "tried, and failed: no room",
        "make room",
        sql=(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
            "'no room' USING ERRCODE = '53100'; END $$;\n"
            "CREATE TRIGGER fail BEFORE INSERT ON withdrawal EXECUTE FUNCTION fail();\n"
        ),
        undo="DROP FUNCTION fail CASCADE",
    ),
}


def test_there_are_forty() -> None:
    assert len(SETTINGS) + len(SERVER) + len(REACHED) >= 40


def use(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"KOLLEGIAL_{name.upper()}", value)


async def faults() -> list[Finding]:
    found = [finding async for finding in look() if finding.remedy]
    assert "hunter2" not in str(found)
    return found


def named(found: list[Finding], broken: Broken) -> bool:
    return any(broken.said in each.said and broken.remedy in each.remedy for each in found)


@pytest.mark.parametrize("broken", SETTINGS.values(), ids=SETTINGS)
async def test_settings_that_are_broken(monkeypatch: pytest.MonkeyPatch, broken: Broken) -> None:
    use(monkeypatch, {**WELL, **broken.settings})
    found = await faults()

    assert named(found, broken), found


@pytest.fixture(scope="module")
def server() -> Iterator[Hardened]:
    """Made once: each test breaks one thing, and mends it."""
    with asyncio.Runner() as runner:
        context = hardened(postgres_server())
        made = runner.run(context.__aenter__())
        yield made
        runner.run(context.__aexit__(None, None, None))


@pytest_asyncio.fixture
async def well(server: Hardened, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[dict[str, str]]:
    """The bot's own roles, which may do just what the bot needs."""
    settings = {
        **WELL,
        "database_url": server.url("kollegial_bot", "kollegial"),
        "urn_url": server.url("urn_bot", "urn"),
    }
    use(monkeypatch, settings)
    yield settings


def of_databases(found: list[Finding]) -> list[Finding]:
    outside = {"credentials", "Teams' keys", "public address"}
    return [each for each in found if each.what not in outside]


@pytest.mark.postgres
async def test_with_the_roles_of_the_file_all_is_well(well: dict[str, str]) -> None:
    assert well
    assert of_databases(await faults()) == []


@pytest.mark.postgres
@pytest.mark.parametrize("broken", SERVER.values(), ids=SERVER)
async def test_a_server_that_is_broken(
    well: dict[str, str], server: Hardened, broken: Broken
) -> None:
    assert well
    await server.as_superuser(broken.database, broken.sql)
    try:
        found = of_databases(await faults())
    finally:
        await server.as_superuser(broken.database, broken.undo)

    assert named(found, broken), found


REACHED = {
    "a role that does not exist": Broken("does not exist", "KOLLEGIAL_URN_URL"),
    "a database that does not exist": Broken("does not exist", "KOLLEGIAL_URN_URL"),
    "more connections than there are": Broken("connections", "lower pool_size"),
    "another server key": Broken("does not open this database", "KOLLEGIAL_SERVER_KEY is not"),
}


@pytest.mark.postgres
@pytest.mark.parametrize("broken", REACHED.values(), ids=REACHED)
async def test_what_is_reached_and_is_not_right(
    well: dict[str, str],
    server: Hardened,
    monkeypatch: pytest.MonkeyPatch,
    broken: Broken,
    request: pytest.FixtureRequest,
) -> None:
    match request.node.callspec.id:
        case "a role that does not exist":
            use(monkeypatch, {"urn_url": server.url("nobody", "urn")})
        case "a database that does not exist":
            use(monkeypatch, {"urn_url": server.url("urn_bot", "nothing")})
        case "more connections than there are":
            use(monkeypatch, {"urn_url": f"{well['urn_url']}&pool_size=200"})
        case _:
            assert of_databases(await faults()) == []
            await note_another_key(well["database_url"])

    found = of_databases(await faults())
    assert named(found, broken), found


async def note_another_key(url: str) -> None:
    operational = await Operational.open(url, migrating=False)
    await operational.server_key.check(Vault(b"another key of thirty-two bytes."))
    await operational.close()
