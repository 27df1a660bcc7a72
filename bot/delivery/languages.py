"""Which language somebody is spoken to in: decided here, and nowhere else.

1. The language that they have chosen (`språk`).
2. Else the one in which they were first spoken to, for as long as they are known: that of the
   group where they were met, else Norwegian where they wrote it to a Teams in another language,
   else that of their Teams, else bokmål.

So nobody who has chosen nothing is answered in two languages: Teams tells of an installation
without saying its language, and of a message with it. What stands in a group for all is in the
group's language, whoever pressed there.
"""

from collections.abc import Iterator
from functools import cache

from bot.gateway.events import Message, Origin, Press, Told
from bot.ui.texts import language_of, texts
from dialogs.studies.languages import LANGUAGES, Language
from dialogs.writing.commands import COMMANDS
from dialogs.writing.folding import words_of
from dialogs.writing.norwegian import written_in
from storage.operational.store import KnownPerson as Known
from storage.operational.store import Operational


async def spoken_with(
    operational: Operational, known: Known | None, event: Press | Told
) -> Language:
    """The language of whoever did this, from their first card to their last."""
    if known and known.speaks:
        return language_of(known.speaks)
    origin = event.origin
    return (
        await _of_group(operational, origin)
        or (_of_words(event.text, origin) if isinstance(event, Message) else None)
        or language_of(origin.locale)
    )


async def _of_group(operational: Operational, origin: Origin) -> Language | None:
    """The one language of the groups that belong here."""
    if origin.is_personal:
        return None
    here = await operational.groups.at_place(origin.conversation.id)
    spoken = {language_of(group.language) for group in here}
    return spoken.pop() if len(spoken) == 1 else None


def _of_words(text: str, origin: Origin) -> Language | None:
    """Norwegian, where Teams is in another language: that is common, and no choice of ours.

    English words to a Teams in Norwegian say nothing: *help* and *start* are read by all.
    """
    if origin.locale[:2].lower() in ("nb", "nn", "no"):
        return None
    return written_in(text) or _commanded_in(text)


def _commanded_in(text: str) -> Language | None:
    """The first language whose word for a command this is, if it is no English one."""
    said = " ".join(words_of(text))
    found = [language for language in LANGUAGES if said in _titles(language)]
    return found[0] if found and "en" not in found else None


@cache
def _titles(language: Language) -> frozenset[str]:
    return frozenset(_folded_titles(language))


def _folded_titles(language: Language) -> Iterator[str]:
    say = texts(language)
    for command in COMMANDS:
        yield " ".join(words_of(say(f"command.{command.name}.title")))
