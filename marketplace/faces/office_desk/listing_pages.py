"""The office looks at listings before the public does: first publications, and what producers would change later."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.faces.storefront.changes import differences
from marketplace.faces.storefront.product_page import preview_of
from marketplace.people.places.queries import find_commune
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, whole_number
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.catalog.proposals import as_if, find_proposal, list_waiting_pages, now_said
from marketplace.shop.catalog.queries import get_kept, missing_of
from marketplace.shop.catalog.services import (
    approve_proposal,
    move_listing,
    number_of,
    return_page,
)
from marketplace.shop.catalog.statements import ORIGIN, overtaken, pictures_of

bp = Blueprint("office_listings", __name__, url_prefix="/office/listings")
A_PAGE = 30
KINDS = ("first", "change")


@bp.get("/")
@allow(KEEP_LISTINGS)
def listings() -> str:
    found = list_waiting_pages(by=current_actor())
    kind, commune = request.args.get("kind", ""), request.args.get("commune", "")
    homes = {each.listing.product.producer.commune.code: each.listing.product.producer.commune for each in found}
    shown = [each for each in found if kind not in KINDS or each.kind == kind]
    shown = [each for each in shown if commune not in homes or each.listing.product.producer.commune.code == commune]
    page = read_page()
    return render_template(
        "office_desk/listings.html",
        total=len(found),
        counts={each: sum(1 for one in found if one.kind == each) for each in KINDS},
        found=len(shown),
        shown=shown[(page - 1) * A_PAGE : page * A_PAGE],
        kind=kind if kind in KINDS else "",
        commune=commune if commune in homes else "",
        communes=sorted(homes.values(), key=lambda unit: unit.name),
        page=page,
        pages=-(-len(shown) // A_PAGE),
        page_url=lambda n: url_for("office_listings.listings", kind=kind or None, commune=commune or None, page=n),
        waited=lambda since: waited(since, now()),
    )


def waited(since: datetime, at: datetime) -> str:
    """How long something has waited, in whole days, or in hours on the first day."""
    gone = at - since
    if gone >= timedelta(days=1):
        return str(ngettext("chờ %(num)d ngày", "chờ %(num)d ngày", gone.days))
    hours = gone // timedelta(hours=1)
    return str(ngettext("chờ %(num)d giờ", "chờ %(num)d giờ", hours)) if hours else str(_("vừa gửi"))


@bp.get("/<slug>")
@allow(KEEP_LISTINGS)
def listing(slug: str) -> str:
    return _look(slug)


def _look(slug: str, error: str = "", remark: str = "") -> str:
    found = get_kept(slug, by=current_actor())
    return render_template(
        "office_desk/listing.html",
        listing=found,
        missing=missing_of(found),
        error=error,
        remark=remark,
        seen=number_of(found.id),
        waited=lambda since: waited(since, now()),
        **_proposed(found),
    )


def _proposed(found: Listing) -> dict[str, Any]:
    """The page as it would be with what is proposed, and the difference; as it is, where nothing is."""
    proposal, said = find_proposal(found.id), now_said(found)
    if proposal is None:
        return {"proposal": None, "proposed": [], "page": preview_of(found, at=now())}
    statement = said | proposal.wanted
    moved = overtaken(proposal.wanted, proposal.base, said)
    seen = as_if(found, statement, find_commune(statement[ORIGIN]))
    return {
        "proposal": proposal,
        "proposed": differences(said, statement, overtaken=moved),
        "moved": moved,
        "page": preview_of(seen, at=now(), pictures=pictures_of(statement)),
    }


@bp.post("/<slug>/<verb>")
@allow(KEEP_LISTINGS)
def decide(slug: str, verb: str) -> Any:
    if verb not in DONE:
        raise NotFound
    remark = request.form.get("remark", "")
    try:
        with transaction():
            DECISIONS[verb](slug, _seen(), remark)
    except NotFound:
        raise
    except Invalid as invalid:
        return _look(slug, _(invalid.fields.get("remark", invalid.message)), remark), 422
    except Refusal as refusal:
        return _look(slug, sentence(refusal), remark), refusal.status
    flash(_(DONE[verb]), "ok")
    return redirect(url_for("office_listings.listings"))


def _seen() -> int:
    """The version that the officer's page showed; 0, which is none, where the form does not say."""
    return whole_number(request.form.get("seen", "")) or 0


def _publish(slug: str, seen: int, _remark: str) -> None:
    move_listing(slug=slug, to=ListingState.PUBLISHED, by=current_actor(), at=now(), seen=seen)


def _approve(slug: str, seen: int, _remark: str) -> None:
    approve_proposal(slug=slug, seen=seen, by=current_actor(), at=now())


def _return(slug: str, seen: int, remark: str) -> None:
    return_page(slug=slug, seen=seen, remark=remark, by=current_actor(), at=now())


DECISIONS = {"publish": _publish, "approve": _approve, "return": _return}
DONE = {
    "publish": N_("Đã đăng."),
    "approve": N_("Đã duyệt: khách thấy bản mới từ bây giờ."),
    "return": N_("Đã gửi lại cho nơi làm, kèm thư."),
}
