"""The reader's language and theme: asked for in the address or on the page, remembered in a cookie and an account."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, request
from flask_babel import Babel, force_locale
from werkzeug.wrappers import Response as BaseResponse

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.web.links import safe_target

LANGUAGES = ("vi", "en")
THEMES = ("light", "dark", "auto")
A_YEAR = 365 * 24 * 3600

bp = Blueprint("preferences", __name__)


def init_language(app: Flask) -> None:
    """Choose the language of each request: `?lang=`, else the cookie, else what the account says, else Vietnamese."""
    Babel(app, locale_selector=language)
    app.after_request(_remember)
    app.register_blueprint(bp)


def language() -> str:
    """`vi` or `en`: of the letter being written (`letters.compose`), else of this request."""
    if "letter_language" in g:
        return str(g.letter_language)
    if "language" not in g:
        g.language = _chosen() if request else LANGUAGES[0]
    return str(g.language)


@contextmanager
def in_language(chosen: str) -> Iterator[None]:
    """All that is written inside is in this language: a letter, a document for others than who asks for it."""
    g.letter_language = chosen
    try:
        with force_locale(chosen):
            yield
    finally:
        g.pop("letter_language")


def document_language() -> str:
    """The language a document is taken in: `?language=` names it and leaves the site's alone, as `?lang=` would not."""
    asked = request.args.get("language")
    return asked if asked in LANGUAGES else language()


def asked_language() -> str | None:
    """The language that this request's address asks for."""
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else None


def keep_language(response: Response, chosen: str) -> Response:
    """Remember the language in this browser."""
    response.set_cookie("lang", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)
    return response


def _chosen() -> str:
    kept = asked_language() or request.cookies.get("lang")
    if kept in LANGUAGES:
        return str(kept)
    own = current_app.extensions.get("own_language", lambda: None)()  # provided by the accounts room
    return own if own in LANGUAGES else LANGUAGES[0]


def theme() -> str:
    """`light`, `dark` or `auto` (the device decides), from the cookie."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def _remember(response: Response) -> Response:
    asked = asked_language()
    return keep_language(response, asked) if asked and asked != request.cookies.get("lang") else response


@bp.post("/preferences/theme")
@allow(PUBLIC)
def set_theme() -> BaseResponse:
    """Remember the theme and go back to the page."""
    response = make_response(redirect(safe_target(request.form.get("next"))))
    chosen = request.form.get("theme", "auto")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)
    return response
