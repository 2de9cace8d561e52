"""The office looks at listings before the public does: publishes them, or returns them with a remark."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.product_page import preview_of
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.catalog.queries import get_kept, list_in_review, missing_of
from marketplace.shop.catalog.services import move_listing, return_listing

bp = Blueprint("office_listings", __name__, url_prefix="/office/listings")


@bp.get("/")
@allow(KEEP_LISTINGS)
def listings() -> str:
    return render_template("office_desk/listings.html", listings=list_in_review(by=current_actor()))


@bp.get("/<slug>")
@allow(KEEP_LISTINGS)
def listing(slug: str) -> str:
    return _look(slug)


def _look(slug: str, error: str = "") -> str:
    found = get_kept(slug, by=current_actor())
    return render_template(
        "office_desk/listing.html",
        page=preview_of(found, on=day_of(now())),
        listing=found,
        missing=missing_of(found),
        error=error,
    )


@bp.post("/<slug>/<verb>")
@allow(KEEP_LISTINGS)
def decide(slug: str, verb: str) -> Any:
    if verb not in ("publish", "return"):
        raise NotFound
    try:
        with transaction():
            if verb == "publish":
                move_listing(slug=slug, to=ListingState.PUBLISHED, by=current_actor(), at=now())
            else:
                remark = request.form.get("remark", "")
                return_listing(slug=slug, remark=remark, by=current_actor(), at=now())
    except Invalid as invalid:
        return _look(slug, _(invalid.fields.get("remark", invalid.message))), 422
    except NotFound:
        raise
    except Refusal as refusal:
        return _look(slug, sentence(refusal)), refusal.status
    flash(_("Đã đăng.") if verb == "publish" else _("Đã gửi lại cho nơi làm, kèm thư."), "ok")
    return redirect(url_for("office_listings.listings"))
