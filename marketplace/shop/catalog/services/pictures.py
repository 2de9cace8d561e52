"""The pictures of a listing. Making them is slow and done before these verbs are called: see `media.intake`.

On a public page a producer's pictures wait like words: these verbs change what the page would show.
"""

from datetime import datetime
from typing import Any

from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.jobs.services import enqueue
from marketplace.platform.media.intake import Made
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.policies import looks
from marketplace.shop.catalog.proposals import now_said, wished
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services.editing import FORGET_AFTER, FORGET_PICTURE, Edited, edit
from marketplace.shop.catalog.statements import MOST_PICTURES, PICTURES

Shot = dict[str, Any]


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
    key, payload = f"{FORGET_PICTURE}:{name}:put", {"name": name}
    enqueue(name=FORGET_PICTURE, key=key, at=at, due_at=at + FORGET_AFTER, payload=payload)


def add_picture(*, slug: str, made: Made, alt: str, by: Actor, at: datetime, alt_en: str = "") -> Edited:
    """Show a picture, whose files are kept already, as the last of the listing; the first one is the cover."""
    listing, shots = _shots(slug, by)
    if any(shot["source_digest"] == made.source_digest for shot in shots):
        raise PictureGiven
    if len(shots) >= MOST_PICTURES:
        raise TooManyPictures
    shots.append(_taken(made) | _described(alt, alt_en))
    return _settle(listing, shots, "added", by=by, at=at)


def change_picture(
    *, slug: str, name: str, alt: str, by: Actor, at: datetime, alt_en: str = "", made: Made | None = None
) -> Edited:
    """Change what a picture is said to show, and the square it is shown in where it was cut anew (`made`)."""
    listing, shots = _shots(slug, by)
    shot = _named(shots, name)
    shot |= _described(alt, alt_en)
    if made is not None:
        shot |= _taken(made)
    return _settle(listing, shots, "changed", by=by, at=at)


def move_picture(*, slug: str, name: str, step: int, by: Actor, at: datetime) -> Edited:
    """Move a picture one place forward (-1) or back (1); at the end of the row nothing changes."""
    listing, shots = _shots(slug, by)
    shot = _named(shots, name)
    place = min(max(shots.index(shot) + step, 0), len(shots) - 1)
    shots.remove(shot)
    shots.insert(place, shot)
    return _settle(listing, shots, "moved", by=by, at=at)


def remove_picture(*, slug: str, name: str, by: Actor, at: datetime) -> Edited:
    """Take a picture off; its files follow once nothing shows them, orders placed meanwhile included."""
    listing, shots = _shots(slug, by)
    shots.remove(_named(shots, name))
    return _settle(listing, shots, "removed", by=by, at=at)


def _shots(slug: str, by: Actor) -> tuple[Listing, list[Shot]]:
    """The listing, and the pictures that `by` changes: an officer the page's, a producer what it would show."""
    listing = get_kept(slug, by=by, hold=True)
    statement = now_said(listing) if looks(by) else wished(listing)
    return listing, [dict(shot) for shot in statement[PICTURES]]


def _named(shots: list[Shot], name: str) -> Shot:
    shot = next((each for each in shots if each["name"] == name), None)
    if shot is None:
        raise NotFound
    return shot


def _taken(made: Made) -> Shot:
    return {
        "name": made.name,
        "source_digest": made.source_digest,
        "width": made.width,
        "height": made.height,
        "crop_x": made.crop.x,
        "crop_y": made.crop.y,
        "crop_size": made.crop.size,
    }


def _described(alt: str, alt_en: str) -> Shot:
    alt, alt_en = nfc(alt), nfc(alt_en)
    if not alt or len(alt) > 200:
        raise Invalid({"alt": N_("Ghi ảnh cho thấy gì, nhiều nhất 200 ký tự: người không nhìn thấy ảnh đọc câu này.")})
    if len(alt_en) > 200:
        raise Invalid({"alt_en": N_("Nhiều nhất 200 ký tự.")})
    return {"alt": alt, "alt_en": alt_en}


def _settle(listing: Listing, shots: list[Shot], what: str, *, by: Actor, at: datetime) -> Edited:
    return edit(listing, {PICTURES: shots}, action=f"picture.{what}", by=by, at=at)
