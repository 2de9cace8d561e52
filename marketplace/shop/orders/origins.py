"""Where an order began, kept by the browser from the page that led to it until the order is placed."""

import re
from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

NAME = "came_by"
WRITTEN = re.compile(r"[a-z]{2,10}:[A-Z0-9]{4,20}")
A_WHILE = timedelta(days=3)


def where_from() -> str:
    """What this browser says of where it came from; nothing where it says nothing that we write."""
    said = request.cookies.get(NAME, "")
    return said if WRITTEN.fullmatch(said) else ""


def keep_origin(response: Response, came_by: str) -> None:
    """Have the browser remember for three days where it came from."""
    secure = current_app.config["SETTINGS"].production
    response.set_cookie(NAME, came_by, max_age=A_WHILE, httponly=True, samesite="Lax", secure=secure, path="/")
