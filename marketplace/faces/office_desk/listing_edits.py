"""An officer mends a listing on its maker's behalf: what he writes needs no look, and the page's history names him."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_forms import TextsForm, label_form, read_label
from marketplace.people.places.queries import list_communes
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.catalog.queries import get_kept, missing_of
from marketplace.shop.catalog.services import save_label, save_texts

bp = Blueprint("office_edits", __name__, url_prefix="/office/listings/<slug>")


@bp.route("/texts", methods=["GET", "POST"])
@allow(KEEP_LISTINGS)
def texts(slug: str) -> Any:
    found = get_kept(slug, by=current_actor())
    form = TextsForm(obj=found)
    if form.validate_on_submit():
        with told_on(form), transaction():
            save_texts(slug=slug, texts=form.texts(found.art_seed), by=current_actor(), at=now())
    return _answer("producer_desk/listing_texts.html", found, form)


@bp.route("/label", methods=["GET", "POST"])
@allow(KEEP_LISTINGS)
def label(slug: str) -> Any:
    found = get_kept(slug, by=current_actor())
    form = label_form(found, list_communes(current_app.config["SETTINGS"].province_code))
    if form.validate_on_submit():
        with told_on(form), transaction():
            save_label(slug=slug, label=read_label(form), by=current_actor(), at=now())
    return _answer("producer_desk/listing_label.html", found, form)


def _answer(template: str, found: Listing, form: Any) -> Any:
    """Back to the listing once it is saved; else the section, with what was refused beside its fields."""
    if form.is_submitted() and not form.errors:
        flash(_("Đã lưu."), "ok")
        return redirect(url_for("office_listings.listing", slug=found.slug))
    facts = {"listing": found, "form": form, "missing": missing_of(found), "proposal": None, "public_now": {}}
    page = render_template(template, frame="office_desk/desk.html", **facts)
    return page, 422 if form.errors else 200
