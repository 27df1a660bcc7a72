"""What an authority must tell: help, privacy, terms of use and accessibility, in three languages.

Who is responsible stands in the settings; for how long things are kept is read from the code
that deletes them.
"""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from aiohttp import hdrs, web

from bot.operation.settings import Settings
from bot.ui.texts import Texts, language_of, texts
from bot.web.pages import draw
from dialogs.retention import GROUP, SENT
from dialogs.sessions.method import After

StatementKind: TypeAlias = Literal["support", "privacy", "terms", "accessibility"]
PATHS: Final[Mapping[StatementKind, str]] = {
    "support": "/om",
    "privacy": "/om/personvern",
    "terms": "/om/vilkar",
    "accessibility": "/om/tilgjengelighet",
}
PARTS: Final[Mapping[StatementKind, tuple[str, ...]]] = {
    "support": ("help", "contact"),
    "privacy": ("responsible", "stored", "unstored", "seen", "research", "kept", "rights"),
    "terms": ("purpose", "voluntary", "others", "content", "failing"),
    "accessibility": ("aim", "checked", "limits", "tell"),
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=3600",
    hdrs.VARY: hdrs.ACCEPT_LANGUAGE,
}


class Statements:
    """The pages, at addresses that the app's manifest names."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def routes(self) -> list[web.RouteDef]:
        return [web.get(path, self._page) for path in PATHS.values()]

    async def _page(self, request: web.Request) -> web.Response:
        kind = next(kind for kind, path in PATHS.items() if path == request.path)
        asked: str = request.query.get("l") or request.headers.get(hdrs.ACCEPT_LANGUAGE) or ""
        say = texts(language_of(asked.partition(",")[0].strip()))
        return web.Response(
            text=self.draw(kind, say), content_type="text/html", charset="utf-8", headers=_HEADERS
        )

    def draw(self, kind: StatementKind, say: Texts) -> str:
        """A page in a language."""
        facts = self._facts(say)
        parts = [
            (say(f"pages.{kind}.{part}.title"), say(f"pages.{kind}.{part}.text", **facts))
            for part in PARTS[kind]
        ]
        links = [(path, say(f"pages.{each}.title")) for each, path in PATHS.items()]
        title = say(f"pages.{kind}.title")
        return draw("statement", say, title=title, parts=parts, links=links, path=PATHS[kind])

    def _facts(self, say: Texts) -> dict[str, object]:
        settings, someone = self._settings, say("pages.someone")
        return {
            "organisation": settings.organisation or someone,
            "contact": settings.contact or someone,
            "data_protection": settings.data_protection or settings.contact or someone,
            "group_days": GROUP.days,
            "form_days": After().destroy_forms_days,
            "sent_days": SENT.days,
        }
