"""Rendering: one template, in the reader's language, as a whole page or as the block that htmx asked for."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from threading import get_ident
from typing import Any, ClassVar
from urllib.parse import quote, unquote, urlencode

import jinja2
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2_fragments import render_block
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from web.looks import assets, fields, figures, shapes
from web.looks.tongue import Lang, Tongue, tongue, tongue_of

log = logging.getLogger(__name__)

WEB = Path(__file__).resolve().parent.parent
TEMPLATES, STATIC = WEB / "templates", WEB / "static"
LARGE, KEYS, NOTE = "lvyue_text", "lvyue_keys", "lvyue_note"
# Files of macros, in an order in which each may use those before it.
MACROS = ("tags", "deadline", "forms", "tables", "pictures", "timeline", "loops", "empty")
NOBODY: Mapping[str, Any] = {"authority": "", "note": "", "who": None, "nav": (), "footer": None, "trial": False, "whose": "", "notices": ()}


class Looks:
    """Everything a page needs to be shown. One for the whole application.

    `frame(request)` tells what stands round every page: `authority`, `note`, `who` {name, role, region, read_only},
    `nav` [{href, label, current, count}], `footer` {events, checkpoint, signed, lag}, `trial`, `whose` (the mark that a form carries), `notices` [{sentence,
    values}]. `today` is the day.
    `folder` holds the operator's own copy of htmx, if there is one. `cited(basis)` is the cited rule in English, where it is known.
    """

    def __init__(
        self,
        *,
        frame: Callable[[Request], Mapping[str, Any]] = lambda _: NOBODY,
        today: Callable[[], date] = lambda: datetime.now(figures.ZONE).date(),
        source: assets.Source = "cdn",
        folder: Path | None = None,
        templates: Path = TEMPLATES,
        cited: Callable[[Any], str | None] = lambda _: None,
    ) -> None:
        self.frame, self.today, self.source, self.folder = frame, today, source, folder
        self.cited = cited
        self.stamp = assets.stamp(STATIC)
        self.fallback = folder is not None and assets.local_htmx(folder) is not None
        self._templates = templates
        self._rooms = dict[Lang, Environment]()

    def _room(self, lang: Lang) -> Environment:
        """A language is read when it is first asked for."""
        if lang not in self._rooms:
            self._rooms[lang] = _environment(tongue(lang), self._templates, self)
        return self._rooms[lang]

    def tongue(self, request: Request) -> Tongue:
        """The reader's language, to say sentences in: `looks.tongue(request).said("…{n}…", n=3)`."""
        return tongue_of(request)

    def render(
        self,
        request: Request,
        template: str,
        status: int = 200,
        block: str | None = None,
        *,
        private: bool = True,
        headers: Mapping[str, str] | None = None,
        **shown: Any,
    ) -> HTMLResponse:
        """The page, or, when htmx asks for a part and `block` names it, that block alone."""
        speaks = tongue_of(request)
        context = self.context(request, speaks.lang, **shown)
        if block and is_fragment(request):
            html = render_block(self._room(speaks.lang), template, block, context)
        else:
            html = self._room(speaks.lang).get_template(template).render(context)
        response = HTMLResponse(carried(html, request), status, dict(headers or {}))
        response.headers["Vary"] = "HX-Request, Accept-Language, Cookie"
        response.headers["Content-Language"] = speaks.tag
        response.headers.setdefault("Cache-Control", "no-store" if private else "no-cache")
        if context["flash"] and not is_fragment(request):
            response.delete_cookie(NOTE)
        return response

    def context(self, request: Request, lang: Lang, **shown: Any) -> dict[str, Any]:
        """What every template knows beside what the page shows; the macro files stand in it under their own names."""
        room = self._room(lang)
        common = {
            "request": request,
            "today": _today_of(shown, self.today()),
            "looking_back": bool(shown.get("time")) and not shown["time"]["now"],
            "large": request.cookies.get(LARGE) == "large",
            "keys": request.cookies.get(KEYS) != "off",
            "frame": {**NOBODY, **(shown["frame"] if "frame" in shown else self.frame(request))},
            "flash": _note_of(request),
        }
        for name in MACROS:
            common[name] = room.get_template(f"macros/{name}.html").make_module(common)
        return shown | common

    def text(self, lang: Lang, template: str, **shown: Any) -> str:
        """A template that is no answer to a request: a file to take away."""
        return self._room(lang).get_template(template).render(today=self.today(), **shown)


PLACES = re.compile(r'href="(/(?:(?:contracts|cases|repairs|commitments|parties|audit)(?:[/?][^"#]*)?)?)(#[^"]*)?"')


def carried(html: str, request: Request) -> str:
    """Whoever looks back keeps looking at the same moment on every page they go to; "back to now" is a link of its own."""
    asked = {name: value for name in ("known_at", "as_of") if (value := request.query_params.get(name))}
    if not asked:
        return html
    added = escape(urlencode(asked))

    def keep(link: re.Match[str]) -> str:
        place, anchor = link[1], link[2] or ""
        return link[0] if "known_at=" in place or "as_of=" in place else f'href="{place}{"&amp;" if "?" in place else "?"}{added}{anchor}"'

    return PLACES.sub(keep, html)


class Compiled(BytecodeCache):
    """Templates compiled once, for every language and every application: kept in the process, and beside the templates as
    Python keeps modules, where it may."""

    kept: ClassVar[dict[str, bytes]] = {}

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "__pycache__"

    def load_bytecode(self, bucket: Bucket) -> None:
        found = f"{bucket.key}{bucket.checksum}"
        if found not in self.kept:
            with suppress(OSError):  # none there, or none that this account may read: it is compiled
                bucket.bytecode_from_string(self._file(bucket).read_bytes())  # of another text or another Python it is left alone
            if bucket.code is not None:
                self.kept[found] = bucket.bytecode_to_string()
        else:
            bucket.bytecode_from_string(self.kept[found])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[f"{bucket.key}{bucket.checksum}"] = told = bucket.bytecode_to_string()
        if sys.dont_write_bytecode or not os.access(self._folder.parent, os.W_OK):
            return
        file = self._file(bucket)
        draft = file.with_suffix(f".{os.getpid()}-{get_ident()}")
        try:
            self._folder.mkdir(exist_ok=True)
            draft.write_bytes(told)
            draft.replace(file)  # nobody reads half of it
        except OSError as why:  # a full disk: the page is there all the same, and the next process compiles it again
            log.warning("a compiled template is not kept: %s", why)
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}-jinja-{jinja2.__version__}.pyc"


def _today_of(shown: Mapping[str, Any], today: date) -> date:
    """The day that overdue and soon are reckoned from: `today` or the time bar's `as_of` where the page looks back."""
    time = shown.get("time")
    return figures.as_day(shown.get("today") or (time["as_of"] if time and not time["now"] else today))


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of the page (a boosted link wants all of it)."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def leave_note(response: Response, sentence: str, tone: str = "done", **values: Any) -> Response:
    """Say something once, on the page that comes next: the source sentence and its values, in a cookie for a minute."""
    told = json.dumps({"sentence": sentence, "tone": tone, "values": values}, default=str, ensure_ascii=False)
    response.set_cookie(NOTE, quote(told), max_age=60, httponly=True, samesite="lax")
    return response


def _note_of(request: Request) -> Mapping[str, Any] | None:
    told = request.cookies.get(NOTE)
    if not told:
        return None
    try:
        note = json.loads(unquote(told))
        return {"sentence": str(note["sentence"]), "tone": str(note["tone"]), "values": dict(note["values"])}
    except (ValueError, KeyError, TypeError):
        return None  # a cookie is the browser's word: one that is not ours is no note


def _environment(speaks: Tongue, templates: Path, looks: Looks) -> Environment:
    room = Environment(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=Compiled(templates),
    )
    room.globals.update(
        _=speaks.written,
        ngettext=speaks.counted,
        lang=speaks.lang,
        lang_tag=speaks.tag,
        zh_day=lambda day: figures.day_text(day, "zh", "letter"),
        shapes=shapes,
        cited=looks.cited,
        Markup=Markup,
        stamp=looks.stamp,
        htmx_config=assets.HTMX_CONFIG,
        htmx_integrity=assets.HTMX_INTEGRITY,
        htmx_cdn=assets.HTMX,
        htmx_source=looks.source,
        htmx_fallback=looks.fallback,
    )
    room.filters.update(_filters(speaks, looks))
    return room


def _filters(speaks: Tongue, looks: Looks) -> dict[str, Callable[..., Any]]:
    lang = speaks.lang

    def day(value: Any, style: str = "table", tag: bool = True) -> str:
        text = figures.day_text(value, lang, style, looks.today().year)
        return figures.time_tag(figures.as_day(value), text) if tag and value else text

    def instant(value: Any, style: str = "table", tag: bool = True) -> str:
        text = figures.instant_text(value, lang, style, looks.today().year)
        return figures.time_tag(figures.as_instant(value), text) if tag and value else text

    def money(value: Any, unit: str = "", bare: bool = False) -> str:
        return figures.money_text(value, lang, unit, bare)

    return {
        "day": day, "instant": instant, "money": money, "percent": figures.percent_text, "share": figures.share_text,
        "capitals": figures.capitals, "said": speaks.written, "as_day": figures.as_day,
        "whole": fields.whole, "placed": fields.placed, "wrong": fields.wrong, "has_files": fields.has_files,
        "chosen": fields.chosen, "is_iso_day": fields.is_iso_day, "size": fields.size_text,
    }  # fmt: skip
