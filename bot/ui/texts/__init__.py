"""The words the bot says, in bokmål, nynorsk and English: gettext catalogues.

Each room of the house has its own, `<room>.<language>.po`; together they are one.
Keys are names, not sentences, so that no language is the original of the others.

A further language is a folder: whoever brings `<language>/*.po` here has the cards and the
board of studies in that language say so. What it lacks is said as before.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dialogs.studies.languages import LANGUAGES, Language, TextByLanguage

_FALLBACK: Language = "nb"
BROUGHT: Traversable = files(__name__)
"""Where the folders of further languages lie."""


@cache
def _catalogue(language: Language) -> GNUTranslations:
    return _compiled(_whole(language))


def _compiled(whole: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _whole(language: Language) -> Catalog:
    whole = Catalog(locale=language)
    for room in files(__name__).iterdir():
        if room.name.endswith(f".{language}.po"):
            with room.open("rb") as source:
                for message in read_po(source, locale=language):
                    whole[message.id] = message
    return whole


@cache
def _brought(language: Language) -> Catalog | None:
    """What somebody has brought in a language that is not ours; None where there is no folder."""
    folder = BROUGHT / language
    if language in LANGUAGES or not folder.is_dir():
        return None
    whole: Catalog | None = None
    for room in sorted(folder.iterdir(), key=lambda each: each.name):
        if room.name.endswith(".po"):
            with room.open("rb") as source:
                found = read_po(source)
            whole = whole or found  # its header says how the language counts
            for message in found:
                whole[message.id] = message
    return whole


@cache
def _brought_catalogue(language: Language) -> GNUTranslations | None:
    whole = _brought(language)
    return None if whole is None else _compiled(whole)


def brought_page_texts(language: Language) -> dict[str, list[str]]:
    """What the board's page says in a language that somebody has brought, as `page_texts`."""
    room = "web.page."
    return {
        _key(each).removeprefix(room): _forms(each)
        for each in _brought(language) or ()
        if each.id and _key(each).startswith(room) and each.string
    }


def page_texts(language: Language) -> dict[str, list[str]]:
    """What the board's page says by itself: singular and plural, or the one text, by name."""
    return {
        name: _forms(_whole(language)[f"web.page.{name}"]) for name in _in(language, "web.page.")
    }


def own_page_texts(language: Language) -> dict[str, list[str]]:
    """Those with a study's own words in them, as `page_texts`."""
    return {name: _forms(_whole(language)[f"web.own.{name}"]) for name in _in(language, "web.own.")}


def _in(language: Language, room: str) -> list[str]:
    keys = (_key(each) for each in _whole(language) if each.id)
    return [key.removeprefix(room) for key in keys if key.startswith(room)]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _forms(message: Message) -> list[str]:
    text = message.string or ""
    return [text] if isinstance(text, str) else list(text)


class Texts:
    """The texts of one language: `say("qsort.progress", n=3, total=36)`.

    With `own` words, a text whose key ends with `.own` goes before the one without, where
    it finds every word that it needs.
    """

    def __init__(
        self,
        language: Language,
        own: Mapping[str, str] | None = None,
        around: GNUTranslations | None = None,
    ) -> None:
        self.language = language
        self._catalogues = (*((around,) if around else ()), _catalogue(language))
        self._around = around
        self._own = own or {}

    def with_own(self, own: Mapping[str, str]) -> "Texts":
        """The same texts with words of a study's own in them."""
        return Texts(self.language, own, self._around)

    def in_words(self, words: Mapping[str, TextByLanguage]) -> "Texts":
        """The same texts with a method's own words in them, by their names."""
        return self.with_own({name: text[self.language] for name, text in words.items()})

    def around(self, language: Language) -> "Texts":
        """The texts around something in a language that somebody may have brought."""
        brought = _brought_catalogue(language)
        return Texts(self.language, self._own, brought) if brought else self

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its values; `n` chooses between singular and plural.

        Raises KeyError for a key that the catalogue lacks.
        """
        if self._own and (text := self._found(f"{key}.own", values.get("n"))) is not None:
            with suppress(KeyError):
                return text.format_map({**self._own, **values})
        if (text := self._found(key, values.get("n"))) is None:
            raise KeyError(f"{self.language}.po has no text for {key}")
        return text.format_map(values) if values else text

    def _found(self, key: str, n: object) -> str | None:
        for catalogue in self._catalogues:
            text = catalogue.ngettext(key, key, n) if isinstance(n, int) else key
            text = catalogue.gettext(key) if text == key else text
            if text != key:
                return text
        return None


@cache
def texts(language: Language) -> Texts:
    """The texts of a language, loaded once."""
    return Texts(language)


def language_of(locale: str) -> Language:
    """The catalogue for a Teams locale such as `nn-NO`; bokmål for one we do not speak."""
    code = locale.replace("_", "-").partition("-")[0].lower()
    return next((language for language in LANGUAGES if language == code), _FALLBACK)
