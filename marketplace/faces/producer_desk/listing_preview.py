"""The page as buyers will see it, before they do: as it is wished, and while it is being typed. Nothing is written."""

from typing import Any

from flask import Blueprint, current_app, render_template, request

from marketplace.faces.producer_desk.listing_forms import TextsForm, label_form, read_label
from marketplace.faces.producer_desk.listing_pages import as_wished
from marketplace.faces.storefront.product_page import preview_of
from marketplace.people.places.queries import find_commune, list_communes
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.web.access import current_actor
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.proposals import as_if, wished, wished_pictures
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services import label_statement, texts_statement
from marketplace.shop.catalog.statements import ORIGIN, Statement

bp = Blueprint("producer_preview", __name__, url_prefix="/producer/listings/<slug>/preview")


@bp.get("")
@allow(KEEP_OWN_SHOP)
def preview(slug: str) -> str:
    found = get_kept(slug, by=current_actor())
    return _page("storefront/product.html", found, as_wished(found))


@bp.post("/<part>")
@allow(KEEP_OWN_SHOP)
def typed(slug: str, part: str) -> str:
    """What is typed in one section, not yet saved: a fragment beside the editor, or the whole page."""
    if part not in ("texts", "label"):
        raise NotFound
    found = get_kept(slug, by=current_actor())
    statement = wished(found) | (_texts(found) if part == "texts" else _label(found))
    fragment = request.headers.get("HX-Request") == "true"
    template = "producer_desk/listing_live.html" if fragment else "storefront/product.html"
    return _page(template, found, as_if(found, statement, find_commune(statement[ORIGIN])))


def _page(template: str, found: Listing, seen: Listing) -> str:
    page = preview_of(seen, at=now(), pictures=wished_pictures(found))
    return render_template(template, page=page, back=f"/producer/listings/{found.slug}", live=True)


def _texts(found: Listing) -> Statement:
    form = TextsForm()
    form.name.data = form.name.data or found.name
    return texts_statement(form.texts(found.art_seed))


def _label(found: Listing) -> Statement:
    """What the label's form says as far as it can be read: half a word typed is no fault yet."""
    form: Any = label_form(found, list_communes(current_app.config["SETTINGS"].province_code))
    if not form.validate():
        for name in form.errors:
            if name in form:
                form[name].data = form[name].object_data
    try:
        return label_statement(read_label(form))
    except Invalid:
        return {}
