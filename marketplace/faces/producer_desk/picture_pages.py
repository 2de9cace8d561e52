"""The pictures of a listing at the producer's desk."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, g, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.listing_forms import PictureForm
from marketplace.faces.producer_desk.listing_pages import desk, opened, saved
from marketplace.faces.producer_desk.picture_work import show_anew, show_new
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.media.intake import MOST_BYTES
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.glue import limiter
from marketplace.shop.catalog.models import ListingPicture
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.proposals import wished_pictures
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services import Edited, move_picture, remove_picture
from marketplace.shop.catalog.statements import MOST_PICTURES

bp = Blueprint("producer_pictures", __name__, url_prefix="/producer/listings/<slug>/pictures")
PICTURES_PAGE = "producer_pictures.pictures"


@bp.route("/", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
@limiter.limit("120 per hour", exempt_when=lambda: request.method != "POST")
def pictures(slug: str) -> Any:
    get_kept(slug, by=current_actor())
    form = PictureForm()
    if form.validate_on_submit():
        edited = _done(form, lambda: _send(slug, form))
        if edited is not None:
            return saved(edited, PICTURES_PAGE)
    return _page("producer_desk/listing_pictures.html", slug, form)


def _send(slug: str, form: Any) -> Edited:
    if "picture" not in g:  # the view may be asked once more after a collision
        g.picture = _read(form.picture.data)
    words = {"alt": form.alt.data, "alt_en": form.alt_en.data}
    return show_new(slug, g.picture, form.crop(), **words, by=current_actor(), at=now())


def _read(sent: FileStorage | None) -> bytes:
    """What was sent, as far as it may reach; a large file lies on disk until it is closed."""
    if not sent:
        return b""
    data: bytes = sent.read(MOST_BYTES + 1)
    sent.close()
    return data


@bp.route("/<name>", methods=["GET", "POST"])
@allow(KEEP_OWN_SHOP)
def picture(slug: str, name: str) -> Any:
    shown = _own(slug, name)
    form = PictureForm(
        data={"alt": shown.alt, "alt_en": shown.alt_en, "x": shown.crop_x, "y": shown.crop_y, "size": shown.crop_size}
    )
    del form.picture
    if form.validate_on_submit():
        edited = _done(form, lambda: _change(slug, shown, form))
        if edited is not None:
            return saved(edited, PICTURES_PAGE)
    return _page("producer_desk/listing_picture.html", slug, form, picture=shown)


def _change(slug: str, shown: ListingPicture, form: Any) -> Edited:
    words = {"alt": form.alt.data, "alt_en": form.alt_en.data}
    return show_anew(slug, shown, form.crop(), **words, by=current_actor(), at=now())


def _done(form: Any, work: Callable[[], Edited]) -> Edited | None:
    """Do the work; a refusal is put beside its field, or on the form as a whole, and there is no answer."""
    with told_on(form, Refusal):
        return work()
    return None


@bp.post("/<name>/<verb>")
@allow(KEEP_OWN_SHOP)
def change(slug: str, name: str, verb: str) -> Response:
    steps = {"up": -1, "down": 1}
    if verb not in {*steps, "remove"}:
        raise NotFound
    with transaction():
        if verb == "remove":
            edited = remove_picture(slug=slug, name=name, by=current_actor(), at=now())
        else:
            edited = move_picture(slug=slug, name=name, step=steps[verb], by=current_actor(), at=now())
    return saved(edited, PICTURES_PAGE)


def _own(slug: str, name: str) -> ListingPicture:
    listing = get_kept(slug, by=current_actor())
    found = next((each for each in wished_pictures(listing) if each.name == name), None)
    if found is None:
        raise NotFound
    return found


def _page(template: str, slug: str, form: Any, **more: object) -> Any:
    listing = get_kept(slug, by=current_actor())
    page = render_template(
        template,
        listing=listing,
        form=form,
        pictures=wished_pictures(listing),
        **opened(listing),
        most=MOST_PICTURES,
        **desk(current_actor()),
        **more,
    )
    return page, 422 if form.errors else 200
