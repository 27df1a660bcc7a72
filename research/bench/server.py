"""The bench's server: loopback only, under an unguessable address, for one page.

Other pages in the same browser, and names that lead to this machine, are kept out: the path
is a secret, `Host` must be the loopback address, and what changes or computes anything must
come from the page's own `Origin` as JSON.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from research.analysis import NotAnalysable
from research.bench.bench import Bench
from research.bench.texts import page_words, refusal
from research.bench.wanted import MOST_FACTORS, Wanted
from research.formats.faults import BadFile, CannotHold
from research.report.marks import PictureFormat

HOST: Final = "127.0.0.1"
MOST_BYTES = 2_000_000
MOST_STEPS = 10_000
STATIC: Final = {
    "bench.css": "text/css",
    "main.js": "text/javascript",
    "dom.js": "text/javascript",
    "state.js": "text/javascript",
    "sorts.js": "text/javascript",
    "number.js": "text/javascript",
    "rotation.js": "text/javascript",
    "flags.js": "text/javascript",
    "factors.js": "text/javascript",
    "statements.js": "text/javascript",
    "saving.js": "text/javascript",
    "pictures.js": "text/javascript",
}
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Asked = TypeVar("Asked", bound=BaseModel)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")
    wanted: Wanted


class Pictured(_Asked):
    """`picture`."""

    factor: str = Field(max_length=8)
    kind: PictureFormat


class Saving(_Asked):
    """`save` and `command`."""

    name: str = Field(max_length=100)
    steps: int = Field(0, ge=0, le=MOST_STEPS)
    report: bool = True


class Server:
    """Serves one bench until it is stopped."""

    def __init__(self, bench: Bench, key: str | None = None) -> None:
        self.bench = bench
        self.key = key or secrets.token_urlsafe(24)
        self.port = 0
        self._drawing = asyncio.Lock()
        """Matplotlib draws one thing at a time."""
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"{self.origin}/{self.key}/"

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one."""
        self._runner = web.AppRunner(self._app(), access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End it."""
        if self._runner is not None:
            await self._runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[self._guard])
        root = f"/{self.key}"
        app.router.add_get(f"{root}/", self._page)
        app.router.add_get(f"{root}/static/{{name}}", self._static)
        app.router.add_get(f"{root}/opened", self._opened)
        for name, handle in (
            ("step", self._step),
            ("number", self._number),
            ("correlations", self._correlations),
            ("picture", self._picture),
            ("command", self._command),
            ("save", self._save),
        ):
            app.router.add_post(f"{root}/{name}", handle)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host != f"{HOST}:{self.port}" or not self._is_own(request):
            response: web.StreamResponse = web.Response(status=403)
        else:
            try:
                response = await handler(request)
            except web.HTTPException as http:
                response = web.Response(status=http.status)
            except (NotAnalysable, BadFile, CannotHold) as no:
                said = refusal(no, self.bench.command.language)
                response = _json({"refused": said, "code": getattr(no, "code", None)}, 409)
            except OSError as error:
                response = _json({"refused": f"{error.filename}: {error.strerror}."}, 409)
        response.headers.update(HEADERS)
        return response

    def _is_own(self, request: web.Request) -> bool:
        """Whether a request comes from the page itself."""
        if request.method in {"GET", "HEAD"}:
            return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
        return (
            request.headers.get("Origin") == self.origin
            and request.content_type == "application/json"
        )

    async def _page(self, _: web.Request) -> web.Response:
        words = page_words(self.bench.command.language)
        html = (files("research.bench") / "static" / "index.html").read_text("utf-8")
        html = html.replace("{language}", self.bench.command.language)
        html = html.replace("{title}", words["title"]).replace("{skip}", words["skip"])
        return web.Response(text=html, content_type="text/html")

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in STATIC:
            raise web.HTTPNotFound
        content = (files("research.bench") / "static" / name).read_bytes()
        return web.Response(body=content, content_type=STATIC[name], charset="utf-8")

    async def _opened(self, _: web.Request) -> web.Response:
        opened = {
            **self.bench.opened(),
            "words": page_words(self.bench.command.language),
            "most_factors": MOST_FACTORS,
            "most_steps": MOST_STEPS,
        }
        return _json(opened)

    async def _step(self, request: web.Request) -> web.Response:
        asked = await _asked(request, _Asked)
        return _json(self.bench.step(asked.wanted))

    async def _number(self, request: web.Request) -> web.Response:
        asked = await _asked(request, _Asked)
        return _json(await asyncio.to_thread(self.bench.number, asked.wanted))

    async def _correlations(self, request: web.Request) -> web.Response:
        asked = await _asked(request, _Asked)
        return _json(self.bench.correlations(asked.wanted))

    async def _picture(self, request: web.Request) -> web.Response:
        asked = await _asked(request, Pictured)
        async with self._drawing:
            drawn = await asyncio.to_thread(
                self.bench.picture, asked.wanted, asked.factor, asked.kind
            )
        kind = "image/svg+xml" if asked.kind == "svg" else "image/png"
        return web.Response(body=drawn, content_type=kind)

    async def _command(self, request: web.Request) -> web.Response:
        asked = await _asked(request, Saving)
        return _json({"command": self.bench.typed(asked.wanted, asked.name, asked.steps)})

    async def _save(self, request: web.Request) -> web.Response:
        asked = await _asked(request, Saving)
        async with self._drawing:
            saved = await asyncio.to_thread(
                self.bench.save,
                asked.wanted,
                asked.name,
                steps=asked.steps,
                with_report=asked.report,
            )
        return _json(
            {"folder": str(saved.folder), "files": list(saved.files), "command": saved.command}
        )


async def _asked(request: web.Request, kind: type[Asked]) -> Asked:
    try:
        return kind.model_validate_json(await request.read())
    except ValidationError:
        raise web.HTTPBadRequest from None


def _json(content: dict[str, Any], status: int = 200) -> web.Response:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return web.Response(text=text, status=status, content_type="application/json")
