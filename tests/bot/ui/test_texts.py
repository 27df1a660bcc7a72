"""The catalogues: complete, alike, used, and true to what is promised."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import bot
from bot.studies.cards.qsort import speaking
from bot.ui import texts as module
from bot.ui.texts import language_of, page_texts, texts
from bot.web.views import instrument
from dialogs.studies.study import LANGUAGES, Labels, Language
from dialogs.writing.commands import COMMANDS
from tests.support.studies import SMALL

FOLDER = Path(bot.__file__).parent
PLACEHOLDERS = string.Formatter()


def catalogue(language: Language) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for path in sorted((FOLDER / "ui/texts").glob(f"*.{language}.po")):
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
                        str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts
                    )

    for path in FOLDER.rglob("*.j2"):
        yield from re.findall(r'say\("([a-z_.]+)"', path.read_text(encoding="utf-8"))


def on_the_page() -> Iterator[str]:
    """A pattern for each string in the board's scripts that could be the name of a text."""
    for path in FOLDER.rglob("*.js"):
        source = path.read_text(encoding="utf-8")
        yield from re.findall(r'"([a-z][a-z_.]*)"', source)
        yield from (
            re.sub(r"\$\{[^}]*\}", "*", each) for each in re.findall(r"t\(`([^`]+)`", source)
        )


def test_the_page_has_the_texts_that_it_says_and_no_other() -> None:
    names = {key.removeprefix("web.page.") for key in KEYS if key.startswith("web.page.")}
    patterns = {each for each in on_the_page() if each.strip("*")}
    assert {name for name in names if not any(fnmatchcase(name, p) for p in patterns)} == set()
    scripts = " ".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.js"))
    assert set(re.findall(r'\bt\("([a-z_.]+)"', scripts)) - names == set()
    for language in LANGUAGES:
        assert page_texts(language)["said.left"] == [
            *forms(CATALOGUES[language]["web.page.said.left"])
        ]


def said() -> Iterator[str]:
    """A pattern for each key that `say` is called with in so many words."""
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=func, args=[ast.Constant(value=str(key)), *_]) if _says(func):
                    yield key
                case ast.Call(func=func, args=[ast.JoinedStr(values=parts), *_]) if _says(func):
                    yield "".join(
                        str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts
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
    asked = "answer.anonymous"  # who asks whether it is anonymous is told that it is not
    everything = chain.from_iterable(
        forms(message) for key, message in CATALOGUES[language].items() if key != asked
    )
    assert [text for text in everything if "anonym" in text.casefold()] == []
    assert re.search(r"\b(?:ikke anonyme|ikkje anonyme|not anonymous)\b", texts(language)(asked))


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


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of Northern Sami with a few texts, as somebody might bring it."""
    folder = tmp_path / "se"
    folder.mkdir()
    head = 'msgid ""\nmsgstr ""\n"Language: se\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    head += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    rows = {"qsort.next": "Viidáseappot", "qsort.pile.agree": "Ovtta oaivilis"}
    (folder / "qsort.po").write_text(
        head + "".join(f'\nmsgid "{key}"\nmsgstr "{text}"\n' for key, text in rows.items()), "utf-8"
    )
    (folder / "web.po").write_text(
        head + '\nmsgid "web.page.next"\nmsgstr "Viidáseappot"\n\nmsgid "web.page.chip"\n'
        'msgid_plural "web.page.chip"\nmsgstr[0] "okta"\nmsgstr[1] "{n} rabas"\n', "utf-8"
    )  # fmt: skip
    (folder / "README").write_text("no texts")
    monkeypatch.setattr(module, "BROUGHT", tmp_path)
    caches = (module._brought, module._brought_catalogue)
    for each in caches:
        each.cache_clear()
    yield tmp_path
    for each in caches:
        each.cache_clear()


def test_a_language_of_studies_is_a_folder(brought: Path) -> None:
    assert brought.is_dir()
    x = {"se": "x"}
    sami = replace(
        SMALL,
        languages=("se",),
        title=x,
        purpose=x,
        instruction=x,
        statements=tuple(replace(s, text={"se": s.id}) for s in SMALL.statements),
        questions=(),
    )
    say = speaking(sami, texts("nb"))

    assert say("qsort.next") == "Viidáseappot"
    assert say("qsort.back") == "Tilbake"
    words = instrument(sami, texts("nb"))["words"]
    assert words == {"next": ["Viidáseappot"], "chip": ["okta", "{n} rabas"]}
    own = Labels({"se": "Eanemus"}, {"se": "Unnimus"})
    with_labels = speaking(replace(sami, labels=own), texts("nb"))
    assert with_labels("qsort.pile.agree") == "Mot «Eanemus»"
    assert with_labels("qsort.next") == "Viidáseappot"


def test_without_a_folder_a_study_in_another_language_is_spoken_around_as_before() -> None:
    say = texts("nb")
    assert say.around("se") is say
    assert say.around("en") is say


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_some_methods_explore_is_named_by_their_files(language: Language) -> None:
    """A forum, a case round and a conversation about cooperation have no episodes."""
    told = [text for message in CATALOGUES[language].values() for text in forms(message)]

    assert [text for text in told if "episod" in text.casefold()] == []


UNWANTED: dict[Language, tuple[str, ...]] = {
    "nb": (
        "og ser ingenting",
        *("Tenk ut", "kjente du igjen eller likte", "kan alt være", "dette trykket", "NAV"),
        *("Snart er det tid", "av dette slaget", "Klokka er den", "Avlys for meg", "tid å avlyse"),
        *("den enige siden", "Kort ned", "Bortover", "Hva menes", "gjetter aldri", "møtene står"),
        *("hver sin lesning", "på bånd", "få feste", "floker", "vanskelig stilling", "bryne deg"),
        *("allereie", "ikkje", "Det over halvparten", "Utsagn der ingen par", "møtet på tre"),
        *("dere alt har", "gjerne alt"),
    ),
    "nn": (
        "og ser ingenting",
        *("åtte episoden", "kor den einskilde", " svarer", "velkommen", "galne", "for å sjå ho"),
        *(" att.", "kjennast att", "bed om", "NAV", " ikke ", "allerede", "usamd"),
        *(" vart ", "attende", "opp att", "gjerne alt", "lesing", "på band", " røyst"),
    ),
    "en": ("and see nothing", "Whoever", "You who own", "that worked", "I pair nothing", "NAV"),
}
"""Words over which native readers stumbled: each has a better one."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_has_a_word_over_which_readers_stumbled(language: Language) -> None:
    told = [text for message in CATALOGUES[language].values() for text in forms(message)]
    for path in sorted((FOLDER.parent / "methods").rglob("*.toml")):
        told += spoken(tomllib.loads(path.read_text("utf-8")), language)

    found = [(each, text) for text in told for each in UNWANTED[language] if each in text]
    assert found == []


def spoken(tree: object, language: Language) -> Iterator[str]:
    """Every text of a method's or a study's file in a language."""
    pairs = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree if isinstance(tree, list) else ())
    )
    for key, value in pairs:
        if key == language and isinstance(value, str):
            yield value
        else:
            yield from spoken(value, language)
