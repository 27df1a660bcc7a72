"""The catalogues: complete, alike, used, and true to what is promised."""

import ast
import string
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import bot
from bot.commands import COMMANDS
from bot.texts import language_of, texts
from dialogs.study import LANGUAGES, Language

FOLDER = Path(bot.__file__).parent
PLACEHOLDERS = string.Formatter()


def catalogue(language: Language) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for path in sorted((FOLDER / "texts").glob(f"*.{language}.po")):
        with path.open("rb") as source:
            room = {_key(message): message for message in read_po(source) if message.id}
        assert not found.keys() & room.keys(), path.name
        found |= room
    return found


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def forms(message: Message) -> tuple[str, ...]:
    """Singular and plural, or the one text."""
    text = message.string or ""
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in PLACEHOLDERS.parse(text) if name is not None}


CATALOGUES = {language: catalogue(language) for language in LANGUAGES}
KEYS = set(CATALOGUES["nb"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_every_key_once_and_every_text(language: Language) -> None:
    assert set(CATALOGUES[language]) == KEYS
    for key, message in CATALOGUES[language].items():
        assert not message.fuzzy, key
        for text in forms(message):
            assert text.strip() == text != "", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_asks_for_the_same_values_in_every_language(language: Language) -> None:
    for key, message in CATALOGUES[language].items():
        here, there = (
            set().union(*map(placeholders, forms(each)))
            for each in (message, CATALOGUES["nb"][key])
        )
        assert here == there, key
        assert message.pluralizable == CATALOGUES["nb"][key].pluralizable, key
        assert len(forms(message)) == (2 if message.pluralizable else 1), key


# Keys as the code has them


def used() -> Iterator[str]:
    """A pattern for each string in the bot's code that could be a key."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(text)) if text in KEYS:
                    yield text
                case ast.JoinedStr(values=parts):
                    yield "".join(
                        part.value if isinstance(part, ast.Constant) else "*"  # type: ignore[misc] # of str
                        for part in parts
                    )


def said() -> Iterator[str]:
    """A pattern for each key that `say` is called with in so many words."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=func, args=[ast.Constant(value=str(key)), *_]) if _says(func):
                    yield key
                case ast.Call(func=func, args=[ast.JoinedStr(values=parts), *_]) if _says(func):
                    yield "".join(
                        part.value if isinstance(part, ast.Constant) else "*"  # type: ignore[misc] # of str
                        for part in parts
                    )


def _says(func: ast.expr) -> bool:
    match func:
        case ast.Name(id="say") | ast.Attribute(attr="say"):
            return True
        case ast.Call(func=ast.Name(id="texts")):
            return True
    return False


def test_every_key_that_is_said_exists() -> None:
    missing = {pattern for pattern in said() if not any(fnmatchcase(key, pattern) for key in KEYS)}
    assert missing == set()
    assert len(set(said())) > 100


def test_no_text_is_left_over() -> None:
    patterns = {pattern for pattern in used() if pattern.strip("*")}
    families = [pattern for pattern in patterns if "*" in pattern and "." in pattern]
    unused = {
        key for key in KEYS - patterns if not any(fnmatchcase(key, pattern) for pattern in families)
    }
    assert unused == set()


def test_a_key_that_does_not_exist_is_an_error() -> None:
    for values in ({}, {"n": 1}):
        with pytest.raises(KeyError, match=r"nb\.po has no text for nope"):
            texts("nb")("nope", **values)


def test_one_is_singular_and_others_plural() -> None:
    for language in LANGUAGES:
        say = texts(language)
        one, two = (say("invite.few", n=n, minimum=10) for n in (1, 2))
        assert one != two.replace("2", "1")


@pytest.mark.parametrize(
    ("locale", "language"),
    [("nb-NO", "nb"), ("NN-no", "nn"), ("nn_NO", "nn"), ("en", "en"), ("no", "nb"), ("", "nb")],
)
def test_the_locale_of_teams_chooses(locale: str, language: Language) -> None:
    assert language_of(locale) == language


# What is promised


@pytest.mark.parametrize("language", LANGUAGES)
def test_teams_takes_every_command(language: Language) -> None:
    """As long as its manifest allows for."""
    for command in COMMANDS:
        assert len(texts(language)(f"command.{command.name}.title")) <= 32
        assert len(texts(language)(f"command.{command.name}.description")) <= 128


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_called_anonymous(language: Language) -> None:
    """Teams knows who is writing while they write (privacy)."""
    everything = chain.from_iterable(forms(message) for message in CATALOGUES[language].values())
    assert [text for text in everything if "anonym" in text.casefold()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_command_named_in_a_text_is_one(language: Language) -> None:
    """«Write X» is understood when X is written."""
    say = texts(language)
    for key, command in (
        ("welcome.start", "study"),
        ("welcome.start", "help"),
        ("role.no", "help"),
        ("withdraw.in_personal", "withdraw"),
        ("invite.where", "invite"),
        ("resume.none", "study"),
        ("draft.gone", "study"),
    ):
        assert say(f"command.{command}.title") in say(key)
