"""What this visitor looked at last: slugs in a signed cookie of the browser's own; we keep nothing."""

from datetime import datetime

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from marketplace.faces.storefront.cards import Card, cards
from marketplace.platform.core.clock import day_of
from marketplace.shop.catalog.queries import list_public_by_slug

COOKIE = "seen"
MOST = 8
SHOWN = 4
A_MONTH = 30 * 24 * 3600


def recent_slugs() -> list[str]:
    """The slugs the cookie holds, newest first; none where it is not ours."""
    try:
        held = _serializer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return []
    return [slug for slug in held if isinstance(slug, str)][:MOST] if isinstance(held, list) else []


def recent_cards(*, besides: str, at: datetime) -> list[Card]:
    """The cards of what was seen before and is still public."""
    slugs = [slug for slug in recent_slugs() if slug != besides]
    return cards(list_public_by_slug(slugs, on=day_of(at)), at=at)[:SHOWN] if slugs else []


def remember(response: Response, slug: str) -> None:
    """Put a page that was seen first in the cookie."""
    slugs = [slug, *(other for other in recent_slugs() if other != slug)][:MOST]
    secure = current_app.config["SETTINGS"].production
    response.set_cookie(
        COOKIE, str(_serializer().dumps(slugs)), max_age=A_MONTH, httponly=True, samesite="Lax", secure=secure
    )


def forget_all(response: Response) -> None:
    """Empty the cookie."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="recently-seen")
