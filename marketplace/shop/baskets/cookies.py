"""The secret by which a browser finds its basket, in a cookie of its own."""

from flask import current_app, g, request
from werkzeug.wrappers import Response

from marketplace.platform.core.ids import new_token

A_WHILE = 90 * 24 * 3600


def _name() -> str:
    return "__Host-basket" if current_app.config["SETTINGS"].production else "basket"


def basket_token() -> str | None:
    """The secret this browser holds, if any."""
    return request.cookies.get(_name())


def keep_token(response: Response, *, fresh: bool = False) -> str:
    """The secret this browser holds from now on: its own, or a new one (`fresh`: in any case), set on the response."""
    token = (None if fresh else basket_token()) or g.setdefault("new_basket_token", new_token())
    secure = current_app.config["SETTINGS"].production
    response.set_cookie(_name(), token, max_age=A_WHILE, httponly=True, samesite="Lax", secure=secure, path="/")
    return token
