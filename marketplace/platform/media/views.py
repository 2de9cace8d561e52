"""The addresses of pictures. A name's content never changes, so it may be kept for ever."""

from flask import Blueprint, Response, abort

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.media.rules import served_type
from marketplace.platform.media.stores import NoSuchFile, media_store

bp = Blueprint("media", __name__)


@bp.get("/media/<path:name>")
@allow(PUBLIC)
def picture(name: str) -> Response:
    """One file of a picture; nothing else in the store has an address here."""
    kind = served_type(name)
    if kind is None:
        abort(404)
    try:
        data = media_store().get(name)
    except NoSuchFile:
        abort(404)
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    return response
