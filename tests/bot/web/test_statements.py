"""The pages about privacy, terms and accessibility: who is responsible, and what the code does."""

import re
from pathlib import Path

import aiohttp
import pytest

from bot.operation.settings import Settings
from bot.ui.texts import texts
from bot.web.statements import PATHS, StatementKind, Statements
from dialogs.retention import GROUP
from dialogs.studies.study import LANGUAGES, Language
from tests.support.kollegial import kollegial

OURS = Settings(
    organisation="Lillevik <kommune>",
    contact="kollegial@example.org",
    data_protection="ombud@example.org",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PATHS)
def test_every_page_is_whole_in_every_language(kind: StatementKind, language: Language) -> None:
    page = Statements(OURS).draw(kind, texts(language))

    assert f'<html lang="{language}">' in page
    assert "kollegial@example.org" in page
    assert "<kommune>" not in page
    assert not re.search(r"\{\w*\}", page)
    assert len(re.findall("<h1>", page)) == 1
    for address in set(PATHS.values()) - {PATHS[kind]}:
        assert f'href="{address}?l={language}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_long_things_are_kept_is_what_the_code_does(language: Language) -> None:
    page = Statements(OURS).draw("privacy", texts(language))

    assert f" {GROUP.days} da" in page
    assert "ombud@example.org" in page
    assert "Lillevik &lt;kommune&gt;" in page


def test_nobody_is_named_where_nobody_is_set() -> None:
    page = Statements(Settings()).draw("privacy", texts("nb"))
    assert "Ansvarlig er den som har innført Kollegial hos dere." in page


async def test_they_are_served_in_the_language_of_the_browser(tmp_path: Path) -> None:
    async with kollegial(tmp_path, ()) as house, aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{house.settings.port}"
        for path, headers, title in (
            ("/om/personvern", {}, "Personvern"),
            ("/om/personvern", {"Accept-Language": "en-GB,nb;q=0.5"}, "Privacy"),
            ("/om/tilgjengelighet?l=nn", {"Accept-Language": "en"}, "Tilgjengeerklæring"),
            ("/om", {}, "Hjelp og kontakt"),
        ):
            async with session.get(f"{address}{path}", headers=headers) as response:
                assert response.status == 200
                assert f"<h1>{title}</h1>" in await response.text()
                assert "default-src 'none'" in response.headers["Content-Security-Policy"]
