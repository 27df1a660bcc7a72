"""The ways from a card to the board: an ordinary link, and two inside Teams.

The token is in the address's fragment, which browsers send nowhere. Teams opens its own
addresses by itself, but whoever copies one into a browser sends it to Microsoft whole: so the
ordinary link comes first, and the two others are kept under *More* (docs/adr/0029-board.md).
"""

import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.gateway.events import Json
from bot.ui.texts import Texts

_TEAMS = "https://teams.microsoft.com/l"


@dataclass(frozen=True, slots=True)
class BoardLink:
    """Where the board is, and in which app of Teams; no app where Teams cannot reach it."""

    address: str
    app: str = ""

    def actions(self, say: Texts, token: str) -> list[Json]:
        """The buttons that open somebody's board."""
        plain = f"{self.address}?l={say.language}#t={token}"
        actions = [_link(say("web.open"), plain)]
        if self.app:
            inside = f"{self.address}?l={say.language}&i=teams&tema={{theme}}#t={token}"
            more = [
                _link(say("web.open.dialog"), self._dialog(say, inside)),
                _link(say("web.open.beside"), self._beside(say, inside, plain)),
            ]
            actions += [each | {"mode": "secondary"} for each in more]
        return actions

    def _dialog(self, say: Texts, inside: str) -> str:
        about = {"url": inside, "title": say("web.title"), "height": "large", "width": "large"}
        return f"{_TEAMS}/task/{self.app}?{urlencode(about, quote_via=quote)}"

    def _beside(self, say: Texts, inside: str, plain: str) -> str:
        context = {
            "contentUrl": inside,
            "websiteUrl": plain,
            "name": say("web.title"),
            "openMode": "popoutWithChat",
        }
        asked = urlencode({"context": json.dumps(context)}, quote_via=quote)
        return f"{_TEAMS}/stage/{self.app}/0?{asked}"


def _link(title: str, address: str) -> Json:
    return {"type": "Action.OpenUrl", "title": title, "url": address}
