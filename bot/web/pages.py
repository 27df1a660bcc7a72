"""The HTML: one page for the board, and plain ones for whoever has no JavaScript."""

import gzip
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import PurePath

import jinja2

from bot.gateway.events import Json
from bot.studies.cards.study import facts
from bot.studies.instrument import Part
from bot.ui.dates import day
from bot.ui.texts import Texts, page_texts
from dialogs.studies.definitions import Definition
from dialogs.studies.study import LANGUAGES, Study

KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("bot.web", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def draw(template: str, say: Texts, **values: object) -> str:
    """A page in a language."""
    common = {"say": say, "languages": LANGUAGES, "day": day}
    return _environment().get_template(f"{template}.html.j2").render(common | values)


@cache
def file(name: str) -> tuple[bytes, str] | None:
    """What the browser loads, packed with gzip, and its type; None for a name that we have not."""
    kind = KINDS.get(PurePath(name).suffix)
    found = next((each for each in files("bot.web.files").iterdir() if each.name == name), None)
    return (gzip.compress(found.read_bytes(), mtime=0), kind) if found and kind else None


def page(say: Texts, study: Definition | None) -> str:
    """The board; with a study, its information and consent, as everybody with the link sees it."""
    texts = json.dumps(page_texts(say.language), ensure_ascii=False).replace("<", "\\u003c")
    if study is None:
        return draw("page", say, texts=texts, study=None, language=say.language, is_board=True)
    language = study.language(say.language)
    sections = study.information.sections(language, "link")
    return draw(
        "page",
        say,
        texts=texts,
        study=study,
        language=language,
        is_board=isinstance(study, Study),
        facts=facts(say, study),
        sections=sections,
        of_teams=any("Teams" in section.text for section in sections),
    )


def message(say: Texts, text: str) -> str:
    return draw("message", say, text=text, reply=None)


def closed(say: Texts, study: Definition | None = None) -> str:
    """There is nothing to answer; of a study that is over one's own answer is still there."""
    if study is None:
        return message(say, say("web.closed"))
    return draw("closed", say, title=study.title[study.language(say.language)])


def own(say: Texts, study: Definition, pseudonym: str, parts: Sequence[Part]) -> str:
    """An answer as it was handed in, for whoever has its code."""
    title = study.title[study.language(say.language)]
    return draw("own", say, title=title, pseudonym=pseudonym, parts=parts)


def ended(say: Texts, reply: Json) -> str:
    """What a form has come to: handed in with its code, or ended."""
    return draw("message", say, text=reply["text"], reply=reply)
