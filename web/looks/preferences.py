"""What a reader may choose for themselves (language, large text, shortcuts), and the files every page uses."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web.looks import assets
from web.looks.looks import KEYS, LARGE, STATIC, Looks
from web.looks.tongue import COOKIE, LANGUAGES

YEAR = 365 * 24 * 3600


class KeptFiles(StaticFiles):
    """Static files that a browser may keep for a year, since their address changes with their bytes (`?v=`)."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        kept = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if kept else "no-cache"
        return response


def way_back(request: Request) -> str:
    """Where the reader came from, on this site only: `next`, else the page that held the link, else the front page."""
    told = request.query_params.get("next") or _own_page(request)
    return told if told.startswith("/") and not told.startswith(("//", "/\\")) else "/"


def _own_page(request: Request) -> str:
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc != request.headers.get("host"):
        return "/"
    return (came.path or "/") + (f"?{came.query}" if came.query else "")


def choose(cookie: str, allowed: tuple[str, ...]) -> Route:
    """A link that remembers a choice and goes back: `/lang/en`, `/text/large`, `/keys/off`."""
    name = {COOKIE: "lang", LARGE: "text", KEYS: "keys"}[cookie]

    def remember(request: Request) -> Response:
        choice = request.path_params["choice"]
        if choice not in allowed:
            raise HTTPException(404)
        answer = RedirectResponse(way_back(request), 303, {"Cache-Control": "no-store"})
        secure = request.url.scheme == "https"
        answer.set_cookie(cookie, choice, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
        return answer

    return Route(f"/{name}/{{choice}}", remember, name=f"choose-{name}")


def routes(looks: Looks) -> list[BaseRoute]:
    """The shell's own routes: choices, help, static files, and this machine's copy of htmx."""

    def htmx(request: Request) -> Response:
        content = assets.local_htmx(looks.folder) if looks.folder else None
        if content is None:
            raise HTTPException(404)
        return Response(content, media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"})

    def favicon(_: Request) -> Response:
        return RedirectResponse("/static/favicon.svg", 301)

    def show_help(request: Request) -> Response:
        return looks.render(request, "help.html")

    return [
        choose(COOKIE, LANGUAGES),
        choose(LARGE, ("large", "normal")),
        choose(KEYS, ("on", "off")),
        Route("/help", show_help, name="help"),
        Route("/assets/htmx.min.js", htmx, name="htmx"),
        Route("/favicon.ico", favicon, name="favicon"),
        Mount("/static", KeptFiles(directory=STATIC), name="static"),
    ]
