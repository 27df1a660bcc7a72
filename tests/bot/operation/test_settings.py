"""What is set is what is meant: nothing is inferred from a setting that is missing or misspelt."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from bot.operation.settings import Settings
from storage.settings import BOT, DatabaseSettings, NotSet, read_environment

APP_ID = "7B0A6C1E-0000-4000-8000-00000000000A"
PRODUCTION = {
    "app_id": APP_ID,
    "app_secret": "hunter2",
    "tenant": "7b0a6c1e-0000-4000-8000-00000000000B",
    "server_key": "5e" * 32,
    "public_url": "https://kollegial.example.org/",
    "database_url": "postgresql://kollegial_bot@db/kollegial",
    "urn_url": "postgresql://urn_bot@db/urn",
}


@pytest.fixture
def arrange(monkeypatch: pytest.MonkeyPatch) -> Any:
    def arrange(**settings: str) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(f"KOLLEGIAL_{name.upper()}", value)

    return arrange


def faults() -> str:
    with pytest.raises(NotSet) as fault:
        Settings.production()
    assert "hunter" not in str(fault.value)
    return str(fault.value)


def test_every_setting_is_known_where_the_environment_is_read() -> None:
    assert set(Settings.model_fields) - {"is_demonstration"} == set(BOT)


def test_for_production_everything_is_set(arrange: Any) -> None:
    arrange(**PRODUCTION)
    settings = Settings.production()

    assert not settings.is_demonstration
    assert settings.app_id == APP_ID.lower()
    assert settings.tenant == PRODUCTION["tenant"].lower()
    assert settings.pictures("key") == "https://kollegial.example.org/results/key"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("name", PRODUCTION)
def test_what_is_missing_is_no_default(arrange: Any, name: str) -> None:
    arrange(**PRODUCTION | {name: ""})

    assert f"KOLLEGIAL_{name.upper()}" in faults()


@pytest.mark.parametrize("name", PRODUCTION)
def test_what_is_misspelt_is_named(
    arrange: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    arrange(**PRODUCTION)
    monkeypatch.delenv(f"KOLLEGIAL_{name.upper()}")
    arrange(**{name.replace("_", "") + "x": "hunter2"})

    assert f"Is KOLLEGIAL_{name.upper()}" in faults()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"app_id": "kollegial"}, "KOLLEGIAL_APP_ID: that is no id of Microsoft Entra"),
        ({"tenant": "example.org"}, "KOLLEGIAL_TENANT: that is no id"),
        ({"server_key": "hunter"}, "64 hexadecimal digits"),
        ({"port": "70000"}, "KOLLEGIAL_PORT"),
        ({"metrics_port": "many"}, "KOLLEGIAL_METRICS_PORT"),
        ({"public_url": "http://kollegial.example.org"}, "does not begin with https://"),
        ({"public_url": "kollegial.example.org"}, "KOLLEGIAL_PUBLIC_URL: that is no address"),
        ({"proxy": "proxy:3128"}, "KOLLEGIAL_PROXY: that is no address"),
        ({"identity": "mine"}, "KOLLEGIAL_IDENTITY is one of managed, workload"),
        ({"identity": "managed"}, "are all set, and one shows who the bot is"),
        ({"app_secret": "", "app_certificate": "no/such.pem"}, "there is no file no/such.pem"),
        ({"database_url": "", "database_url_file": "/no/such"}, "/no/such cannot be read"),
        ({"service_host": "10.0.0.1"}, "enableServiceLinks: false"),
        ({"zzz": "red"}, "KOLLEGIAL_ZZZ is no setting. Take it away"),
    ],
)
def test_what_cannot_be_meant_is_named(arrange: Any, settings: dict[str, str], why: str) -> None:
    arrange(**PRODUCTION | settings)

    assert why in faults()


def test_a_name_in_small_letters_is_named(monkeypatch: pytest.MonkeyPatch, arrange: Any) -> None:
    arrange(**PRODUCTION | {"app_secret": ""})
    monkeypatch.setenv("kollegial_app_secret", "hunter2")

    assert "Is KOLLEGIAL_APP_SECRET meant?" in faults()


def test_secrets_come_from_files(arrange: Any, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n", "utf-8")
    arrange(**PRODUCTION | {"app_secret": "", "app_secret_file": str(tmp_path / "secret")})
    assert Settings.production().app_secret == SecretStr("from a file")

    (tmp_path / "secret").write_text(" \n", "utf-8")
    assert "is empty" in faults()
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    assert "is not text" in faults()
    arrange(app_secret="both")
    assert "is set twice" in faults()


def test_a_demonstration_is_asked_for(arrange: Any) -> None:
    arrange(port="4000", administrator="Someone")
    settings = Settings.demonstration()

    assert settings.is_demonstration
    assert (settings.port, settings.administrator) == (4000, "someone")
    assert settings.calendars == "http://127.0.0.1:4000/calendar"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "localhost"])
def test_a_demonstration_is_for_this_machine(arrange: Any, host: str) -> None:
    arrange(host=host)
    assert Settings.demonstration().is_demonstration


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.2", "example.org", "localhost.example.org"],  # noqa: S104 - to be refused
)
def test_a_demonstration_is_for_no_other(arrange: Any, host: str) -> None:
    arrange(host=host)
    with pytest.raises(NotSet, match="KOLLEGIAL_HOST"):
        Settings.demonstration()


def test_a_demonstration_has_no_credentials(arrange: Any) -> None:
    arrange(app_id=APP_ID, tenant=str(uuid4()))
    with pytest.raises(NotSet, match="KOLLEGIAL_APP_ID and KOLLEGIAL_TENANT set"):
        Settings.demonstration()


def test_the_databases_of_a_demonstration_need_no_setting() -> None:
    assert DatabaseSettings.read().urn_url == "sqlite:///.data/urn.db"
    assert read_environment({"PATH": "/bin", "KOLLEGIAL_HOST": " "}) == {}
