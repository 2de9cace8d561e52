"""Health and readiness."""

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
