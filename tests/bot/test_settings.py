"""The bot refuses to start where anyone could be anyone."""

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Settings

SIGNED = {
    "app_id": "app",
    "app_secret": SecretStr("secret"),
    "tenant": "tenant",
    "server_key": SecretStr("5e" * 32),
}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_on_loopback_it_needs_nothing(host: str) -> None:
    assert Settings(host=host).is_demonstration


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.2", "example.org", "", "localhost.example.org"],  # noqa: S104 - to be refused
)
def test_elsewhere_it_needs_an_app_id(host: str) -> None:
    with pytest.raises(ValidationError, match="KOLLEGIAL_APP_ID"):
        Settings(host=host)


def test_with_credentials_it_listens_anywhere() -> None:
    settings = Settings(host="0.0.0.0", **SIGNED)  # type: ignore[arg-type] # noqa: S104 - as in production
    assert not settings.is_demonstration


@pytest.mark.parametrize("missing", ["app_secret", "tenant"])
def test_half_the_credentials_are_none(missing: str) -> None:
    values = {name: value for name, value in SIGNED.items() if name != missing}
    with pytest.raises(ValidationError, match="Set KOLLEGIAL_APP_SECRET and KOLLEGIAL_TENANT"):
        Settings(**values)  # type: ignore[arg-type] # some of them


def test_without_a_server_key_nothing_could_be_locked() -> None:
    values = {name: value for name, value in SIGNED.items() if name != "server_key"}
    with pytest.raises(ValidationError, match="openssl rand -hex 32"):
        Settings(**values)  # type: ignore[arg-type] # all but one


def test_a_server_key_that_is_none_is_refused_and_not_shown() -> None:
    with pytest.raises(ValidationError, match="64 hexadecimal digits") as fault:
        Settings(server_key=SecretStr("beef"))
    assert "beef" not in str(fault.value)


def test_what_is_set_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOLLEGIAL_PORT", "4000")
    monkeypatch.setenv("KOLLEGIAL_ADMINISTRATOR", "someone")

    assert (Settings().port, Settings().administrator) == (4000, "someone")


def test_the_secret_does_not_show() -> None:
    assert "secret" not in repr(Settings(**SIGNED)).replace("app_secret", "")  # type: ignore[arg-type] # all of them
