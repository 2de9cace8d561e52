"""A collection's picture on its way: made outside any block, kept, then shown in a short one."""

from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.media.intake import forget, keep, take_in
from marketplace.platform.media.stores import media_store
from marketplace.trade.collections.services import expect_picture, set_picture


def show_picture(code: str, data: bytes, *, alt: str, alt_en: str, by: Actor, at: datetime) -> None:
    """Take a picture in and show it on the collection; a refusal leaves no file."""
    made = take_in(data)
    try:
        with transaction():
            expect_picture(name=made.name, at=at)
        keep(made, media_store())
        with transaction():
            set_picture(code=code, name=made.name, alt=alt, alt_en=alt_en, by=by, at=at)
    except BaseException:
        forget(made.name, media_store())
        raise
