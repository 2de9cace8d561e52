"""Where providers tell us what happened."""

from flask import Blueprint, Response, request

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.glue import csrf
from marketplace.shop.payments.providers.interface import BadNotice
from marketplace.shop.payments.services.events import store_event
from marketplace.shop.payments.setup import provider_named

bp = Blueprint("payments", __name__)
csrf.exempt(bp)  # who speaks is told by the signature


@bp.post("/payments/<name>/webhook")
@allow(PUBLIC)
def webhook(name: str) -> Response:
    """Check who speaks, keep what was said, answer at once; the worker sees to it."""
    way = provider_named(name)
    if way is None:
        raise NotFound
    body = request.get_data(cache=False)
    try:
        notice = way.verify_webhook(body, dict(request.headers))
    except BadNotice:
        return Response("signature\n", 400, mimetype="text/plain")
    if notice is not None:
        with transaction():
            store_event(provider=name, notice=notice, body=body.decode(), at=now())
    return Response("ok\n", mimetype="text/plain")
