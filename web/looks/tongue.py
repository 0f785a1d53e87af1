"""The two languages: Chinese is the source text, English is read from `.po` files when the program starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape
from starlette.requests import Request

from web.looks import figures

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
COOKIE = "lvyue_lang"
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"


class Lazy(str):
    """A source sentence to be said later, in the reader's language: `{{ title|said }}`."""

    __slots__ = ()


def lazy(sentence: str) -> Lazy:
    """Mark a sentence in Python for translation without translating it yet. Babel finds it by this name."""
    return Lazy(sentence)


class Tongue:
    """One language: says sentences, with `{values}` put in, as a person reads them."""

    def __init__(self, lang: Lang, catalogue: NullTranslations) -> None:
        self.lang, self.catalogue = lang, catalogue

    @property
    def tag(self) -> str:
        """The language tag for `<html lang>` and `Content-Language`."""
        return "zh-CN" if self.lang == "zh" else "en"

    def said(self, sentence: str, /, **values: Any) -> str:
        """Plain text, for JSON, headings of files and the like."""
        text = self.catalogue.gettext(sentence) if sentence else ""
        return text.format_map(self._readable(values)) if values else text

    def written(self, sentence: str, /, **values: Any) -> Markup:
        """The same for a page: text is escaped, a value that is markup (a link, a time) stays markup."""
        text = escape(self.catalogue.gettext(sentence) if sentence else "")
        return text.format_map(self._readable(values)) if values else text

    def counted(self, one: str, many: str, n: int, /, **values: Any) -> Markup:
        """As `written`, with English singular and plural told apart; `{n}` is the number."""
        text = escape(self.catalogue.ngettext(one, many, n))
        return text.format_map(self._readable({"n": n, **values}))

    def _readable(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Lazy):
            return self.said(value)
        if isinstance(value, datetime):
            return figures.instant_text(value, self.lang, "said")
        if isinstance(value, date):
            return figures.day_text(value, self.lang, "said")
        if isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}" if value >= 10_000 else value
        return value


@cache
def tongue(lang: Lang) -> Tongue:
    """The language `lang`, read once. English may stand in several `.po` files; they are one catalogue."""
    if lang == "zh":
        return Tongue(lang, NullTranslations())
    merged = Translations()
    for path in sorted((TRANSLATIONS / lang / "LC_MESSAGES").glob("*.po")):
        compiled = BytesIO()
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=lang))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return Tongue(lang, merged)


def preferred(accepted: str) -> Lang:
    """Chinese, unless an `Accept-Language` header asks for English more (RFC 9110, 12.5.4)."""
    wishes = {"zh": 0.0, "en": 0.0}
    for part in accepted.split(","):
        tag, _, parameter = part.strip().partition(";")
        name = tag.strip().lower().split("-")[0]
        if name in wishes:
            wishes[name] = max(wishes[name], _quality(parameter))
    return "en" if wishes["en"] > wishes["zh"] else "zh"


def _quality(parameter: str) -> float:
    name, _, number = parameter.strip().partition("=")
    try:
        return float(number) if name == "q" else 1.0
    except ValueError:
        return 0.0


def tongue_of(request: Request) -> Tongue:
    """The reader's language: what they chose (cookie), else what their browser asks for."""
    chosen = request.cookies.get(COOKIE)
    if chosen == "zh" or chosen == "en":  # mypy narrows this, and not `in`, to Lang
        return tongue(chosen)
    return tongue(preferred(request.headers.get("accept-language", "")))
