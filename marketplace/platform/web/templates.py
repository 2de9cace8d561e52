"""What every template may call: money, dates, static addresses, who reads."""

from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, get_flashed_messages, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.media.rules import file_name, jpeg_path, sizes_of
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import says_no_field
from marketplace.platform.web.language import language, theme

WEEKDAYS = (N_("Thứ Hai"), N_("Thứ Ba"), N_("Thứ Tư"), N_("Thứ Năm"), N_("Thứ Sáu"), N_("Thứ Bảy"), N_("Chủ nhật"))
NBSP = "\u00a0"


def init_templates(app: Flask) -> None:
    """Offer the globals; templates are strict: an unknown name is an error, not an empty string."""
    from jinja2 import StrictUndefined

    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(
        srcset=srcset,
        jpeg_path=jpeg_path,
        whole_path=whole_path,
        money=money,
        dmy=dmy,
        my=my,
        local_time=local_time,
        static=static,
        days_between=days_between,
        notices=notices,
        weekday=weekday,
        words=words,
        in_vietnamese=in_vietnamese,
        says_no_field=says_no_field,
    )
    app.context_processor(_reader)


def _reader() -> dict[str, object]:
    return {
        "lang": language(),
        "theme": theme(),
        "current_actor": current_actor(),
        "site_name": current_app.config["SETTINGS"].site_name,
        "site_url": current_app.config["SETTINGS"].site_url,
    }


def srcset(name: str, kind: str) -> str:
    """Every size of a picture in one format, for a `<source>`."""
    return ", ".join(f"/media/{file_name(name, size, kind)} {size}w" for size in sizes_of(name))


def whole_path(name: str) -> str:
    """The address of a picture as it was taken, not cut to a square."""
    return f"/media/{file_name(name, 'whole', 'webp')}"


def money(amount: Money | int) -> str:
    """`320.000 ₫` in Vietnamese, `₫320,000` in English; no break inside."""
    dong = amount.amount if isinstance(amount, Money) else amount
    if language() == "en":
        return f"₫{dong:,}"
    return f"{dong:,}".replace(",", ".") + f"{NBSP}₫"


def days_between(at: datetime, today: date) -> int:
    """How many days ago an instant was, as Vietnam counts days."""
    return (today - day_of(at)).days


def dmy(day: date | datetime) -> str:
    """dd/mm/yyyy; an instant is shown as its day in Vietnam."""
    if isinstance(day, datetime):
        day = day.astimezone(VIETNAM).date()
    return f"{day:%d/%m/%Y}"


def weekday(day: date) -> str:
    """`Thứ Tư 26/11`, `Wed 26/11`: a day that is near."""
    return f"{_(WEEKDAYS[day.weekday()])} {day:%d/%m}"


def my(day: date) -> str:
    """mm/yyyy."""
    return f"{day:%m/%Y}"


def local_time(at: datetime) -> str:
    """`19/11/2026, 20:14`, in Vietnam."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y, %H:%M}"


def words(vietnamese: str, english: str) -> str | Markup:
    """A text kept in both languages: English where the reader wants it and it exists, marked as such if not."""
    return english if english and language() == "en" else in_vietnamese(vietnamese)


def in_vietnamese(text: str) -> str | Markup:
    """A text kept in Vietnamese alone (a name, what somebody wrote), marked as such where the page is English."""
    return Markup('<span lang="vi">{}</span>').format(text) if text and language() == "en" else text


def notices() -> list[tuple[str, str]]:
    """Messages for this page: (kind, sentence)."""
    return [(message[0], message[1]) for message in get_flashed_messages(with_categories=True)]


@cache
def static(path: str) -> str:
    """The address of a static file, with its content's hash, so that it may be cached for ever.

    Asked some eighty times a page, so worked out once a process: after a change to `static/`, start again.
    """
    content = (Path(str(current_app.static_folder)) / path).read_bytes()
    return url_for("static", filename=path, v=sha256(content).hexdigest()[:12])
