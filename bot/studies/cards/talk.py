"""The card that tells everybody which pseudonyms are invited to a talk."""

from collections.abc import Sequence

from bot.gateway.events import Json
from bot.studies.cards.study import title
from bot.ui.elements import card, heading, open_url, paragraph, plain, small
from bot.ui.texts import Texts
from dialogs.studies.definitions import Definition


def invitation_to_talk(say: Texts, study: Definition, pseudonyms: Sequence[str], page: str) -> Json:
    """Who is invited, by pseudonym, and the page where the holders read why."""
    names = "\n\n".join(f"**{plain(name)}**" for name in pseudonyms)
    link = open_url(say("talk.open"), page)
    return card(
        [
            small(plain(title(say, study))),
            heading(say("talk.heading")),
            paragraph(say("talk.what", n=len(pseudonyms))),
            paragraph(names),
            paragraph(say("talk.how")),
            small(say("talk.nobody_sees"), separator=True),
        ],
        [link],
    )
