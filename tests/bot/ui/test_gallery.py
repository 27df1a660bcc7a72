"""Every kind of card has its picture in the gallery, and the gallery says which there are."""

import ast
import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.gateway.events import Json
from bot.sessions.methods import shipped
from bot.ui import elements
from bot.ui.texts import texts
from dialogs.studies.study import LANGUAGES
from tests.e2e import gallery_of_methods as gallery

Kind = tuple[str, str]
"""A function that makes a card: its module, and its name."""


def kinds() -> set[Kind]:
    """Every function of the bot in which a card is made."""
    folder = Path(bot.__file__).parent
    return {
        (".".join(("bot", *path.relative_to(folder).with_suffix("").parts)), function.name)
        for path in folder.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        if any(map(makes_card, ast.walk(function)))
    }


def makes_card(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name("card")):
            return True
    return False


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> set[Kind]:
    """Those of which the gallery has a card."""
    found: set[Kind] = set()
    real = elements.card

    def noted(*args: Any, **given: Any) -> Json:
        frame = sys._getframe(1)
        found.add((frame.f_globals["__name__"], frame.f_code.co_name))
        return real(*args, **given)

    for info in pkgutil.walk_packages(bot.__path__, "bot."):
        module = importlib.import_module(info.name)
        if getattr(module, "card", None) is real:
            monkeypatch.setattr(module, "card", noted)
    say = texts("nb")
    for shown in gallery.everything():
        assert [*gallery.cards(shown, say)]
    return found


def test_every_kind_of_card_is_in_the_gallery(drawn: set[Kind]) -> None:
    """A new one is drawn where those of its room are: `tests/support/session_cards.py`,
    `private_chat_cards.py`, `all_cards.besides`, or `every_card` beside a room's tests."""
    assert kinds() - drawn == set()


def test_the_gallery_names_every_sheet_and_has_it() -> None:
    listed = (gallery.GALLERY / "README.md").read_text("utf-8")
    assert listed == gallery.contents(shipped(), gallery.forms())
    there = {path.name for path in gallery.GALLERY.glob("*.png")}
    ids = [each.id for each in gallery.everything()]
    assert there == {f"{each}.{language}.png" for each in ids for language in LANGUAGES}
