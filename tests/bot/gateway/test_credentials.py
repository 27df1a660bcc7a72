"""How the bot shows Microsoft who it is: by a secret, a certificate, or an identity in Azure."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.gateway.credentials import IMDS, AccessToken, Credentials
from bot.gateway.events import Unreachable

APP, TENANT = "00000000-1111-4222-8333-444444444444", "tenant"


@asynccontextmanager
async def service(answer: dict[str, Any]) -> AsyncIterator[tuple[str, list[web.Request]]]:
    """A token service that answers so; its address, and what it was asked."""
    asked: list[web.Request] = []

    async def token(request: web.Request) -> web.Response:
        await request.post()
        asked.append(request)
        return web.json_response(answer)

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", token)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


async def fetched(credentials: Credentials, url: str) -> tuple[str, float]:
    async with aiohttp.ClientSession() as session:
        token = AccessToken(session, credentials, url)
        return await token.get(), token.remaining_s


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and its key in one file, as the page says to make it."""
    key = generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "kollegial")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    ).sign(key, SHA256())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "app.pem").write_bytes(pem + made.public_bytes(Encoding.PEM))
    return tmp_path / "app.pem"


async def test_a_certificate_signs_who_the_bot_is(certificate: Path) -> None:
    credentials = Credentials(APP, TENANT, certificate=str(certificate))
    async with service({"access_token": "a", "expires_in": 3600}) as (url, asked):
        token, remaining = await fetched(credentials, f"{url}/{{tenant}}/token")

    assert token == "a"
    assert remaining == pytest.approx(3600, abs=5)
    form = await asked[0].post()
    assertion = str(form["client_assertion"])
    made = x509.load_pem_x509_certificate(await asyncio.to_thread(certificate.read_bytes))
    public = made.public_key()
    assert isinstance(public, RSAPublicKey)
    claims = jwt.decode(assertion, public, ["PS256"], audience=f"{url}/{TENANT}/token")
    assert (claims["iss"], claims["sub"]) == (APP, APP)
    assert claims["exp"] - time.time() < 700
    assert "x5t#S256" in jwt.get_unverified_header(assertion)
    assert "client_secret" not in form


async def test_a_workload_identity_shows_the_token_of_its_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("of the cluster\n", "ascii")
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "token"))
    async with service({"access_token": "b", "expires_in": 60}) as (url, asked):
        assert (await fetched(Credentials(APP, TENANT, identity="workload"), url))[0] == "b"

    assert (await asked[0].post())["client_assertion"] == "of the cluster"


async def test_a_managed_identity_asks_where_azure_says(monkeypatch: pytest.MonkeyPatch) -> None:
    expires = str(int(time.time()) + 500)
    async with service({"access_token": "c", "expires_on": expires}) as (url, asked):
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "a header")
        token, remaining = await fetched(Credentials(APP, TENANT, identity="managed"), "")

    assert token == "c"
    assert remaining == pytest.approx(500, abs=5)
    assert asked[0].query["client_id"] == APP
    assert asked[0].query["resource"] == "https://api.botframework.com"
    assert asked[0].headers["X-IDENTITY-HEADER"] == "a header"


def test_a_virtual_machine_has_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    asked = Credentials(APP, TENANT, identity="managed").request("")

    assert asked.url.startswith(f"{IMDS}?")
    assert asked.headers == {"Metadata": "true"}


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----"])
async def test_a_file_that_shows_nothing_gives_no_token(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "app.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Unreachable):
        await fetched(Credentials(APP, TENANT, certificate=str(path)), "http://127.0.0.1:9")


def test_no_secret_shows() -> None:
    credentials = Credentials(APP, TENANT, "hunter2")
    assert "hunter2" not in repr(credentials) + repr(credentials.request("https://x"))
