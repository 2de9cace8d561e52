"""The reader's language and theme: asked for in the address or on the page, remembered in a cookie."""

from flask import Blueprint, Flask, Response, g, make_response, redirect, request
from flask_babel import Babel
from werkzeug.wrappers import Response as BaseResponse

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.web.links import safe_target

LANGUAGES = ("vi", "en")
THEMES = ("light", "dark", "auto")
A_YEAR = 365 * 24 * 3600

bp = Blueprint("preferences", __name__)


def init_language(app: Flask) -> None:
    """Choose the language of each request: `?lang=`, else the cookie, else Vietnamese."""
    Babel(app, locale_selector=language)
    app.after_request(_remember)
    app.register_blueprint(bp)


def language() -> str:
    """`vi` or `en`: of the letter being written (`letters.compose`), else of this request."""
    if "letter_language" in g:
        return str(g.letter_language)
    if "language" not in g:
        asked = (request.args.get("lang"), request.cookies.get("lang")) if request else ()
        g.language = next((chosen for chosen in asked if chosen in LANGUAGES), LANGUAGES[0])
    return str(g.language)


def theme() -> str:
    """`light`, `dark` or `auto` (the device decides), from the cookie."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def _remember(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES and asked != request.cookies.get("lang"):
        response.set_cookie("lang", asked, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)
    return response


@bp.post("/preferences/theme")
@allow(PUBLIC)
def set_theme() -> BaseResponse:
    """Remember the theme and go back to the page."""
    response = make_response(redirect(safe_target(request.form.get("next"))))
    chosen = request.form.get("theme", "auto")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure)
    return response
