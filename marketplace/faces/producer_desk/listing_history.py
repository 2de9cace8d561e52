"""What a listing has said from instant to instant, at the producer's desk; bringing back, taking back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.listing_pages import desk, saved
from marketplace.faces.storefront.past import past_of, version_of
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services import restore_revision, withdraw_proposal
from marketplace.shop.catalog.services.editing import LOOKED_AT

bp = Blueprint("producer_history", __name__, url_prefix="/producer/listings/<slug>")


@bp.get("/history")
@allow(KEEP_OWN_SHOP)
def history(slug: str) -> str:
    found = get_kept(slug, by=current_actor())
    past = past_of(found, page=read_page())
    return render_template("producer_desk/listing_history.html", listing=found, past=past, **desk(current_actor()))


@bp.get("/history/<int(max=999999):number>")
@allow(KEEP_OWN_SHOP)
def revision(slug: str, number: int) -> str:
    found = get_kept(slug, by=current_actor())
    looked_at = found.published_at is not None and found.state in LOOKED_AT
    version = version_of(found, number, looked_at=looked_at)
    return render_template(
        "producer_desk/listing_revision.html", listing=found, version=version, **desk(current_actor())
    )


@bp.post("/history/<int(max=999999):number>/restore")
@allow(KEEP_OWN_SHOP)
def restore(slug: str, number: int) -> Response:
    try:
        with transaction():
            edited = restore_revision(slug=slug, number=number, by=current_actor(), at=now())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return redirect(url_for("producer_history.revision", slug=slug, number=number))
    return saved(edited)


@bp.post("/proposal/withdraw")
@allow(KEEP_OWN_SHOP)
def withdraw(slug: str) -> Response:
    with transaction():
        withdraw_proposal(slug=slug, by=current_actor(), at=now())
    flash(_("Đã rút lại. Trang vẫn như khách đang thấy."), "ok")
    return redirect(url_for("producer_listings.listing", slug=slug))
