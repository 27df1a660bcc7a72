"""The words the bot says, in bokmål, nynorsk and English: gettext catalogues.

Each room of the house has its own, `<room>.<language>.po`; together they are one.
Keys are names, not sentences, so that no language is the original of the others.
"""

from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from dialogs.study import LANGUAGES, Language

_FALLBACK: Language = "nb"


@cache
def _catalogue(language: Language) -> GNUTranslations:
    whole = Catalog(locale=language)
    for room in files(__name__).iterdir():
        if room.name.endswith(f".{language}.po"):
            with room.open("rb") as source:
                for message in read_po(source, locale=language):
                    whole[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return GNUTranslations(compiled)


class Texts:
    """The texts of one language: `say("qsort.progress", n=3, total=36)`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._catalogue = _catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its values; `n` chooses between singular and plural.

        Raises KeyError for a key that the catalogue lacks.
        """
        n = values.get("n")
        if isinstance(n, int):
            text = self._catalogue.ngettext(key, key, n)
            text = self._catalogue.gettext(key) if text == key else text
        else:
            text = self._catalogue.gettext(key)
        if text == key:
            raise KeyError(f"{self.language}.po has no text for {key}")
        return text.format_map(values) if values else text


@cache
def texts(language: Language) -> Texts:
    """The texts of a language, loaded once."""
    return Texts(language)


def language_of(locale: str) -> Language:
    """The catalogue for a Teams locale such as `nn-NO`; bokmål for one we do not speak."""
    code = locale.replace("_", "-").partition("-")[0].lower()
    return next((language for language in LANGUAGES if language == code), _FALLBACK)
