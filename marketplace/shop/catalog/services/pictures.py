"""The pictures of a listing. Making them is slow and done before these verbs are called: see `media.intake`."""

from datetime import datetime, timedelta

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.platform.media.intake import Made
from marketplace.shop.catalog.models import Listing, ListingPicture
from marketplace.shop.catalog.queries import get_kept, list_pictures

MOST_PICTURES = 8
FORGET_PICTURE = "pictures.forget"
FORGET_AFTER = timedelta(days=1)


class TooManyPictures(Conflict):
    """A page shows at most eight pictures."""

    code = "too_many_pictures"
    message = N_("Mỗi trang nhiều nhất 8 ảnh. Hãy bỏ bớt một ảnh trước.")


class PictureGiven(Conflict):
    """The same file was sent to this page before."""

    code = "picture_given"
    message = N_("Ảnh này đã có trên trang.")


def expect_picture(*, name: str, at: datetime) -> None:
    """Before a picture's files are put: whatever happens next, a day later those that nothing shows are removed."""
    enqueue(name=FORGET_PICTURE, key=f"{FORGET_PICTURE}:{name}:put", at=at, due_at=at + FORGET_AFTER, payload=_of(name))


def add_picture(*, slug: str, made: Made, alt: str, by: Actor, at: datetime, alt_en: str = "") -> ListingPicture:
    """Show a picture, whose files are kept already, as the last of the listing; the first one is the cover."""
    listing = get_kept(slug, by=by, hold=True)
    pictures = list_pictures(listing.id)
    if any(picture.source_digest == made.source_digest for picture in pictures):
        raise PictureGiven
    if len(pictures) >= MOST_PICTURES:
        raise TooManyPictures
    picture = ListingPicture(listing_id=listing.id, position=len(pictures), added_at=at)
    _take(picture, made)
    _describe(picture, alt, alt_en)
    db.session.add(picture)
    _settle(listing, [*pictures, picture], "added", by=by, at=at)
    return picture


def change_picture(
    *, slug: str, name: str, alt: str, by: Actor, at: datetime, alt_en: str = "", made: Made | None = None
) -> ListingPicture:
    """Change what a picture is said to show, and the square it is shown in where it was cut anew (`made`)."""
    listing, pictures, picture = _own(slug, name, by)
    _describe(picture, alt, alt_en)
    if made is not None:
        _forget(picture.name, at)
        _take(picture, made)
    _settle(listing, pictures, "changed", by=by, at=at)
    return picture


def move_picture(*, slug: str, name: str, step: int, by: Actor, at: datetime) -> None:
    """Move a picture one place forward (-1) or back (1); at the end of the row nothing changes."""
    listing, pictures, picture = _own(slug, name, by)
    place = min(max(picture.position + step, 0), len(pictures) - 1)
    pictures.remove(picture)
    pictures.insert(place, picture)
    _settle(listing, pictures, "moved", by=by, at=at)


def remove_picture(*, slug: str, name: str, by: Actor, at: datetime) -> None:
    """Take a picture off; its files follow once nothing shows them, orders placed meanwhile included."""
    listing, pictures, picture = _own(slug, name, by)
    pictures.remove(picture)
    db.session.delete(picture)
    _forget(name, at)
    _settle(listing, pictures, "removed", by=by, at=at)


def _own(slug: str, name: str, by: Actor) -> tuple[Listing, list[ListingPicture], ListingPicture]:
    listing = get_kept(slug, by=by, hold=True)
    pictures = list_pictures(listing.id)
    picture = next((each for each in pictures if each.name == name), None)
    if picture is None:
        raise NotFound
    return listing, pictures, picture


def _take(picture: ListingPicture, made: Made) -> None:
    picture.name, picture.source_digest = made.name, made.source_digest
    picture.width, picture.height = made.width, made.height
    picture.crop_x, picture.crop_y, picture.crop_size = made.crop.x, made.crop.y, made.crop.size


def _describe(picture: ListingPicture, alt: str, alt_en: str) -> None:
    alt, alt_en = nfc(alt), nfc(alt_en)
    if not alt or len(alt) > 200:
        raise Invalid({"alt": N_("Ghi ảnh cho thấy gì, nhiều nhất 200 ký tự: người không nhìn thấy ảnh đọc câu này.")})
    if len(alt_en) > 200:
        raise Invalid({"alt_en": N_("Nhiều nhất 200 ký tự.")})
    picture.alt, picture.alt_en = alt, alt_en


def _settle(listing: Listing, pictures: list[ListingPicture], what: str, *, by: Actor, at: datetime) -> None:
    """Positions from 0 without gaps, the cover the first of them."""
    for position, picture in enumerate(pictures):
        picture.position = position
    listing.cover = pictures[0].name if pictures else None
    db.session.flush()
    changed("listing", listing.id, at=at)
    record(by=by, action=f"picture.{what}", subject_type="listing", subject=listing.slug, at=at)


def _forget(name: str, at: datetime) -> None:
    enqueue(name=FORGET_PICTURE, key=f"{FORGET_PICTURE}:{name}:off", at=at, due_at=at + FORGET_AFTER, payload=_of(name))


def _of(name: str) -> dict[str, str]:
    return {"name": name}
