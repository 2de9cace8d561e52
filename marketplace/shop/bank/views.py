"""Where the bank's feed tells that money has come."""

import hmac
import json

from flask import Blueprint, Response, request

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.glue import csrf
from marketplace.shop.bank.feed import bank_feed
from marketplace.shop.bank.jobs import NOTICE
from marketplace.shop.payments.providers.interface import Notice
from marketplace.shop.payments.services.events import store_event

bp = Blueprint("bank", __name__)
csrf.exempt(bp)  # who speaks is told by the secret


@bp.post("/payments/bank/webhook")
@allow(PUBLIC)
def webhook() -> Response:
    """Check who speaks, keep what was said, answer at once; the worker reads again what is true."""
    feed = bank_feed()
    if feed is None:
        raise NotFound
    said = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(said, f"Apikey {feed.secret}".encode()):
        return Response("key\n", 401, mimetype="text/plain")
    body = request.get_data(cache=False)
    number = _number(body)
    if number is None:
        return Response("body\n", 400, mimetype="text/plain")
    with transaction():
        notice = Notice(number, "transaction", "transfer", number)
        store_event(provider="bank", notice=notice, body=body.decode(errors="replace"), at=now(), job=NOTICE)
    return Response('{"success": true}\n', mimetype="application/json")


def _number(body: bytes) -> str | None:
    """The transaction's number at the feed, the only thing believed of what is told."""
    try:
        number = str(json.loads(body)["id"])
    except (ValueError, KeyError, TypeError):
        return None
    return number if number.isascii() and number.isdecimal() and len(number) < 19 else None
