"""The addresses of the drawings. A drawing never changes, so it may be kept for ever."""

from flask import Blueprint, Response, abort

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.shop.art import rules, scenes

bp = Blueprint("art", __name__)


@bp.get("/art/<set_code>/<seed>.svg")
@allow(PUBLIC)
def drawing(set_code: str, seed: str) -> Response:
    """A product's drawing."""
    return _svg(rules.draw(_known(set_code), seed[:80]))


@bp.get("/art/icons/<set_code>.svg")
@allow(PUBLIC)
def icon(set_code: str) -> Response:
    """A product set's sign."""
    return _svg(rules.icon(_known(set_code)))


@bp.get("/art/stall.svg")
@allow(PUBLIC)
def stall() -> Response:
    """The market stall of the front page."""
    return _svg(scenes.stall())


@bp.get("/art/village.svg")
@allow(PUBLIC)
def village() -> Response:
    """The village of a maker's story."""
    return _svg(scenes.village())


def _known(set_code: str) -> str:
    if set_code not in rules.SETS:
        abort(404)
    return set_code


def _svg(drawn: str) -> Response:
    response = Response(drawn, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
