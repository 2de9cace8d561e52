"""Health and readiness, and what crawlers may read."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.db import db

bp = Blueprint("operations", __name__)


@bp.get("/healthz")
@allow(PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@allow(PUBLIC)
def readyz() -> Response:
    """The process and its database answer."""
    db.session.execute(text("SELECT 1 FROM administrative_units LIMIT 1"))
    return jsonify(status="ready")


@bp.get("/robots.txt")
@allow(PUBLIC)
def robots() -> Response:
    """Crawlers keep out of what is personal."""
    closed = ("/account/", "/cart", "/checkout", "/orders/", "/bookings/", "/producer/", "/office/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
