"""The app package is what Teams takes, in three languages, and asks for no more than it needs."""

import io
import json
import struct
from dataclasses import replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import jsonschema_rs
import pytest
from matplotlib.image import imread
from typer.testing import CliRunner, Result

from bot.ui.texts import texts
from cli.app import app as cli
from cli.manifest import DEFAULT_LANGUAGE, SCOPES, Publisher, build, localization, manifest
from cli.playground import ROOT
from dialogs.studies.study import LANGUAGES, Language
from dialogs.writing.commands import COMMANDS
from dialogs.writing.understanding import Doing, understand

SCHEMAS = ROOT / "node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.30"
PUBLISHER = Publisher(
    app_id="7b0a6c1e-0000-4000-8000-000000000000",
    domain="kollegial.example.org",
    name="Lillevik kommune",
    support="https://example.org/kollegial",
    privacy="https://example.org/kollegial/personvern",
    terms="https://example.org/kollegial/vilkår",
)


def schema(name: str) -> Any:
    path = SCHEMAS / f"MicrosoftTeams{name}.schema.json"
    if not path.exists():
        pytest.skip("The schemas from npm are not installed (make test fetches them)")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.browser  # npm is there where the browser is
def test_the_manifest_is_valid_against_the_schema_that_microsoft_ships() -> None:
    jsonschema_rs.Draft4Validator(schema("")).validate(manifest(PUBLISHER))


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_valid_against_the_schema_that_microsoft_ships(
    language: Language,
) -> None:
    jsonschema_rs.Draft4Validator(schema(".Localization")).validate(localization(language))


def test_the_zip_holds_what_the_manifest_names_and_nothing_else() -> None:
    with ZipFile(io.BytesIO(build(PUBLISHER))) as archive:
        packed = json.loads(archive.read("manifest.json"))
        named = {*packed["icons"].values()}
        named |= {it["file"] for it in packed["localizationInfo"]["additionalLanguages"]}
        assert set(archive.namelist()) == {"manifest.json"} | named
        assert packed == manifest(PUBLISHER)
        assert {json.loads(archive.read("en.json"))["name.short"]} == {"Kollegial"}


def test_the_same_publisher_gets_the_same_bytes() -> None:
    assert build(PUBLISHER) == build(PUBLISHER)


def test_the_app_asks_for_no_permissions_and_no_domain_but_its_own() -> None:
    asked = manifest(PUBLISHER)

    assert not {"permissions", "devicePermissions", "authorization", "webApplicationInfo"} & set(
        asked
    )
    assert asked["validDomains"] == ["kollegial.example.org"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_command_is_understood_and_shown_whole_everywhere(language: Language) -> None:
    said = localization(language)
    for i, scope in enumerate(SCOPES):
        for j, command in enumerate(c for c in COMMANDS if scope in c.scopes):
            title = said[f"bots[0].commandLists[{i}].commands[{j}].title"]
            assert understand(title, is_personal=scope == "personal") == Doing(command)
            assert len(title) <= 32
            assert len(said[f"bots[0].commandLists[{i}].commands[{j}].description"]) <= 128


def test_teams_lists_every_command_of_a_place() -> None:
    for listed in manifest(PUBLISHER)["bots"][0]["commandLists"]:
        assert len(listed["commands"]) <= 10, listed["scopes"]


def test_the_version_is_the_apps_own_and_can_be_raised() -> None:
    assert manifest(PUBLISHER)["version"] != version("kollegial")
    with ZipFile(io.BytesIO(build(PUBLISHER, "2.10.3"))) as archive:
        assert json.loads(archive.read("manifest.json"))["version"] == "2.10.3"
    for wrong in ("2", "1.2", "1.2.3.4", "01.2.3", "v1.2.3", "1.2.x"):
        with pytest.raises(ValueError, match="three numbers"):
            build(PUBLISHER, wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_app_says_what_it_is_for_and_not_half_of_it(language: Language) -> None:
    said = localization(language)["description.full"]
    words = texts(language)
    for name in ("start", "plan", "help"):
        assert words(f"command.{name}.title") in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_app_does_not_carry_the_names_of_others(language: Language) -> None:
    words = localization(language)
    shown = " ".join(words[f"{part}"] for part in ("name.short", "name.full", "description.short"))

    assert not [n for n in ("microsoft", "teams", "office", "365", "nav") if n in shown.lower()]


def test_the_manifest_speaks_the_default_language() -> None:
    said, stands = localization(DEFAULT_LANGUAGE), manifest(PUBLISHER)

    assert stands["description"]["full"] == said["description.full"]
    titles = [c["title"] for c in stands["bots"][0]["commandLists"][0]["commands"]]
    assert titles[:3] == ["hjelp", "grupper", "studie"]


@pytest.mark.parametrize(("icon", "size"), [("color.png", 192), ("outline.png", 32)])
def test_icons_have_the_size_that_teams_demands(icon: str, size: int) -> None:
    with ZipFile(io.BytesIO(build(PUBLISHER))) as archive:
        header = archive.read(icon)[:24]

    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:24]) == (size, size)


def test_the_outline_is_white_on_nothing() -> None:
    pixels = imread(ROOT / "manifest/outline.png")

    shown = pixels[pixels[..., 3] > 0]
    assert (shown[:, :3] == 1).all()
    assert 0.1 < len(shown) / (32 * 32) < 0.9


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("app_id", "kollegial", "Application"),
        ("app_id", "{7b0a6c1e-0000-4000-8000-000000000000}", "Application"),
        ("app_id", "7b0a6c1e000040008000000000000000", "Application"),
        ("domain", "https://kollegial.example.org", "no https://"),
        ("domain", "kollegial.example.org:443", "no port"),
        ("domain", "*.example.org", "host name"),
        ("domain", "", "host name"),
        ("name", "", "1 to 32"),
        ("name", "x" * 33, "not 33"),
        ("privacy", "http://example.org", "https://"),
        ("terms", "example.org", "https://"),
        ("support", "https://", "https://"),
    ],
)
def test_what_teams_would_refuse_is_refused_first(field: str, value: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        replace(PUBLISHER, **{field: value})


def test_the_command_writes_the_zip_or_says_why_not(tmp_path: Path) -> None:
    out = tmp_path / "app.zip"
    options = {
        "--app-id": PUBLISHER.app_id,
        "--domain": PUBLISHER.domain,
        "--publisher": PUBLISHER.name,
        "--support": PUBLISHER.support,
        "--privacy": PUBLISHER.privacy,
        "--terms": PUBLISHER.terms,
        "--out": str(out),
    }

    def run(**changed: str) -> Result:
        given = options | {f"--{name}": value for name, value in changed.items()}
        return CliRunner().invoke(cli, ["manifest", "build", *chain(*given.items())])

    assert run(domain="https://x.example.org").exit_code == 1
    assert not out.exists()
    assert "cannot be written" in run(out=str(tmp_path / "nowhere" / "app.zip")).output
    assert run().exit_code == 0
    assert out.read_bytes() == build(PUBLISHER)


def test_the_pages_are_the_bots_own_unless_told_otherwise(tmp_path: Path) -> None:
    out = tmp_path / "own.zip"
    named = ("--app-id", PUBLISHER.app_id, "--domain", PUBLISHER.domain, "--publisher", "Lillevik")
    asked = ["manifest", "build", *named, "--terms", PUBLISHER.terms, "--out", str(out)]
    result = CliRunner().invoke(cli, asked)
    assert result.exit_code == 0, result.output
    with ZipFile(out) as archive:
        developer = json.loads(archive.read("manifest.json"))["developer"]
    assert developer["privacyUrl"] == "https://kollegial.example.org/om/personvern"
    assert developer["websiteUrl"] == "https://kollegial.example.org/om"
    assert developer["termsOfUseUrl"] == PUBLISHER.terms
