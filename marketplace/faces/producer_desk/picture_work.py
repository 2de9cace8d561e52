"""A picture's way from the form to the page: made outside any block, kept, then shown in a short one."""

from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.media.intake import Made, copy, cut_anew, forget, keep, renamed, take_in
from marketplace.platform.media.rules import Crop, master_name
from marketplace.platform.media.stores import media_store
from marketplace.shop.catalog.models import Listing, ListingPicture
from marketplace.shop.catalog.queries import get_kept, list_pictures
from marketplace.shop.catalog.services import Edited, add_picture, change_picture, duplicate_listing, expect_picture


def show_new(slug: str, data: bytes, crop: Crop, *, alt: str, alt_en: str, by: Actor, at: datetime) -> Edited:
    """Take a picture in and show it last on the page; a refusal leaves no file."""
    made = take_in(data, crop)
    try:
        _keep(made, at)
        with transaction():
            return add_picture(slug=slug, made=made, alt=alt, alt_en=alt_en, by=by, at=at)
    except BaseException:
        forget(made.name, media_store())
        raise


def show_anew(
    slug: str, picture: ListingPicture, crop: Crop, *, alt: str, alt_en: str, by: Actor, at: datetime
) -> Edited:
    """Change what a picture is said to show, and cut it anew where another square was chosen."""
    made = None
    if crop != picture.crop:
        master = media_store().get(master_name(picture.name))
        made = cut_anew(master, crop, source_digest=picture.source_digest)
    try:
        if made is not None:
            _keep(made, at)
        with transaction():
            return change_picture(slug=slug, name=picture.name, alt=alt, alt_en=alt_en, made=made, by=by, at=at)
    except BaseException:
        if made is not None:
            forget(made.name, media_store())
        raise


def copy_listing(slug: str, product_code: str, *, by: Actor, at: datetime) -> Listing:
    """Make another product's page of this one; its pictures get files of their own, which a refusal takes away."""
    names = {picture.name: renamed(picture.name) for picture in list_pictures(get_kept(slug, by=by).id)}
    with transaction():
        for new in names.values():
            expect_picture(name=new, at=at)
    try:
        for old, new in names.items():
            copy(old, new, media_store())
        with transaction():
            return duplicate_listing(slug=slug, product_code=product_code, pictures=names, by=by, at=at)
    except BaseException:
        for new in names.values():
            forget(new, media_store())
        raise


def _keep(made: Made, at: datetime) -> None:
    with transaction():
        expect_picture(name=made.name, at=at)
    keep(made, media_store())
