"""A browser that runs no JavaScript: it reads the forms of a page and sends them."""

from html.parser import HTMLParser

import aiohttp

from tests.support.kollegial import House


class Forms(HTMLParser):
    """The forms of a page: the fields of each, with their values, by its verb."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._area = ""
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        match tag:
            case "form":
                self.forms.append({})
            case "input" if self.forms and given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    kept = self.forms[-1].get(name)
                    value = given.get("value") or ""
                    self.forms[-1][name] = f"{kept},{value}" if kept else value
            case "input" if self.forms:
                self.forms[-1][name] = given.get("value") or ""
            case "textarea":
                self._area = name
                self.forms[-1][name] = ""
            case "select":
                self._select = name
                self.forms[-1][name] = ""
            case "option" if "selected" in given:
                self.forms[-1][self._select] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data


class Reader:
    """Somebody whose browser runs no JavaScript."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self.url = f"http://127.0.0.1:{house.settings.port}"
        self.session = session
        self.html = ""

    async def open(self, path: str) -> None:
        async with self.session.get(self.url + path) as response:
            self.html = await response.text()

    async def send(
        self, verb: str, as_verb: str = "", path: str = "/tavle/skjema", **given: str
    ) -> None:
        """Send a form; `as_verb` is another of its buttons."""
        form = next(each for each in Forms(self.html).forms if each["verb"] == verb)
        data = form | {key.replace("__", "."): value for key, value in given.items()}
        data["verb"] = as_verb or verb
        async with self.session.post(f"{self.url}{path}?l=nb", data=data) as response:
            self.html = await response.text()

    async def arrange(self, columns: dict[str, int]) -> None:
        await self.send("arrange", **{f"column__{s}": str(c) for s, c in columns.items()})
