"""The age barrier: whether a visitor has said that they are of age, kept in a cookie (Luật 44/2019/QH14, art. 16).

Alcohol is shown, found and sold only to those who have.
"""

from flask import request
from werkzeug.wrappers import Response

from marketplace.registry.certification.product_sets import alcohol_sets

OF_AGE = 18
COOKIE = "of_age"
A_MONTH = 30 * 24 * 3600


def of_age() -> bool:
    """Whether this visitor has said so: by the page's button, or a program by `adult=true`."""
    program = request.path.startswith("/api/") and request.args.get("adult") == "true"
    return program or request.cookies.get(COOKIE) == "yes"


def left_out() -> frozenset[str]:
    """The product sets that this visitor is not shown."""
    return frozenset() if of_age() else alcohol_sets()


def remember(response: Response) -> None:
    """Keep the answer for a month."""
    response.set_cookie(COOKIE, "yes", max_age=A_MONTH, httponly=True, samesite="Lax", secure=request.is_secure)
