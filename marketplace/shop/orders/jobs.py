"""The worker's part: a picture's files go once no page, past or present, no proposal and no order shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.db import db
from marketplace.platform.media.intake import forget
from marketplace.platform.media.rules import jpeg_path
from marketplace.platform.media.stores import media_store
from marketplace.shop.catalog.proposals import is_proposed, is_remembered
from marketplace.shop.catalog.queries import is_pictured
from marketplace.shop.orders.models import OrderLine


def forget_picture(payload: Mapping[str, Any], _at: datetime) -> None:
    """Handle the job `pictures.forget`. No two pictures share files, so nobody can come to need them meanwhile."""
    name = str(payload["name"])
    ordered = select(OrderLine.id).where(OrderLine.image_path == jpeg_path(name)).limit(1)
    shown = is_pictured(name) or is_proposed(name) or is_remembered(name)
    if not shown and db.session.scalar(ordered) is None:
        forget(name, media_store())
