"""The worker's part: a picture's files go once no collection shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace.platform.media.intake import forget
from marketplace.platform.media.stores import media_store
from marketplace.trade.collections.queries import is_shown


def forget_picture(payload: Mapping[str, Any], _at: datetime) -> None:
    """Handle the job `collections.forget_picture`. No two pictures share files."""
    name = str(payload["name"])
    if not is_shown(name):
        forget(name, media_store())
