"""The largest method that is read makes no card that Teams refuses."""

import json

import pytest

from bot.ui.texts import texts
from dialogs.sessions.method import Method
from dialogs.sessions.method_file import (
    MAX_FIELDS,
    MAX_PART,
    MAX_PROMPT,
    MAX_SCRIPT,
    read,
)
from dialogs.sessions.reading import MAX_END, MAX_SCALES, MAX_STEPS, MAX_THEMES
from dialogs.sessions.state import TEXT_LIMIT
from dialogs.toml.reader import MAX_HELP, MAX_PURPOSE, MAX_QUESTION, MAX_TITLE
from tests.bot.studies.test_cards import ENVELOPE, MAX_ACTIVITY
from tests.support.session_cards import every_card


class Largest:
    """A method's file in which every text is as long as it may be, of one character."""

    def __init__(self, character: str) -> None:
        self._character = character

    def text(self, length: int) -> str:
        return json.dumps(self._character * length, ensure_ascii=False)

    def phase(self, name: str, does: str, more: str = "") -> str:
        return (
            f'[[phases]]\nid = "{name}"\ndoes = "{does}"\n{more}\ntitle = {self.text(MAX_TITLE)}\n'
            f"prompt = {self.text(MAX_PROMPT)}\nscript = {self.text(MAX_SCRIPT)}\n"
        )

    def fields(self) -> str:
        each = MAX_PART // MAX_FIELDS
        return "".join(
            f'[[forms.f.parts.fields]]\nid = "f{n}"\ntext = {self.text(each // 2)}\n'
            f"help = {self.text(each // 2)}\n"
            for n in range(MAX_FIELDS)
        )

    def themes(self) -> str:
        return "".join(
            f'[[phases.themes]]\nid = "t{n}"\ntext = {self.text(MAX_QUESTION)}\n'
            f"help = {self.text(MAX_HELP)}\n"
            for n in range(MAX_THEMES)
        )

    def scales(self) -> str:
        return "".join(
            f'[[phases.scales]]\nid = "s{n}"\nsteps = {MAX_STEPS}\n'
            f"text = {self.text(MAX_QUESTION)}\nlow = {self.text(MAX_END)}\n"
            f"high = {self.text(MAX_END)}\n"
            for n in range(MAX_SCALES)
        )

    def read(self) -> Method:
        source = (
            f'id = "largest"\nlanguages = ["nb"]\npreparation = "f"\n'
            f"title = {self.text(MAX_TITLE)}\npurpose = {self.text(MAX_PURPOSE)}\n"
            f"[forms.f]\ntitle = {self.text(MAX_TITLE)}\nintro = {self.text(MAX_PURPOSE)}\n"
            f"[[forms.f.parts]]\ntitle = {self.text(MAX_TITLE)}\n"
            + self.fields()
            + self.phase("told", "round")
            + self.phase("alone", "private")
            + self.phase("vote", "vote", 'of = "told"\nelects = "owner"')
            + self.phase("owner", "owner", 'picks = "alone"')
            + self.phase("kept", "vote", 'of = "alone"\nelects = "collection"')
            + self.phase("guide", "guide")
            + self.themes()
            + self.phase("rating", "rating")
            + self.scales()
        )
        found = read("largest.toml", source.encode())
        assert isinstance(found, Method), "\n".join(map(str, found))
        return found


@pytest.mark.parametrize("character", ["æ", "*", '"', "_", "<"])
def test_every_card_of_the_largest_method_fits(character: str) -> None:
    """Markdown is escaped on a card, and quotes in JSON: they take the most."""
    method = Largest(character).read()

    sizes = {
        name: len(json.dumps(card, ensure_ascii=False).encode("utf-16-le"))
        for name, card in every_card(method, texts("nb"), said='"' * TEXT_LIMIT)
    }

    assert {name: size for name, size in sizes.items() if size > MAX_ACTIVITY - ENVELOPE} == {}
