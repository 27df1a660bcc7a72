"""The mailbox of a pseudonym: opened with the code of an answer, and answered there.

It is for whoever holds an invited pseudonym. Which code was tried, and that a message was opened,
is noted nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ui.texts import Texts
from bot.web import pages
from dialogs.studies.definitions import Definition
from dialogs.writing.door import RecognisedWords, stopped
from dialogs.writing.text import fault
from research.talks import REACH_LIMIT, WORDS_LIMIT
from storage.operational.store import Talk


@dataclass(frozen=True, slots=True)
class Opened:
    """What whoever has the code of an invited pseudonym sees."""

    pseudonym: str
    code: str
    given: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    may_stay: bool = False


def draw(
    say: Texts, study: Definition, talk: Talk, *, opened: Opened | None = None, said: str = ""
) -> str:
    """The mailbox, closed or opened, with what there is to say."""
    return pages.draw(
        "talk",
        say,
        title=study.title[study.language(say.language)],
        talk=talk,
        opened=opened,
        said=said,
        words_limit=WORDS_LIMIT,
        reach_limit=REACH_LIMIT,
    )


def objection(say: Texts, given: Mapping[str, str]) -> tuple[str, bool]:
    """What speaks against an answer as it is written, and whether it may be sent anyway."""
    words, reach = given.get("words", ""), given.get("reach", "")
    if not words.strip() and not reach.strip():
        return say("talk.empty"), False
    if fault("reach", reach, REACH_LIMIT):
        return say("talk.too_long"), False
    match why := stopped("words", words, WORDS_LIMIT, anyway=given.get("anyway") == "yes"):
        case None:
            return "", False
        case RecognisedWords():
            kinds = ", ".join(say(f"found.{kind}") for kind in why.kinds)
            return say("talk.hard" if why.hard else "talk.soft", kinds=kinds), not why.hard
        case _:
            return say("talk.too_long"), False
