"""The public's pages."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.faces.storefront.age import ask_age
from marketplace.faces.storefront.cards import Card, cards, picture_of, seal_of
from marketplace.faces.storefront.findable import (
    alternates,
    canonical,
    crumbs_ld,
    organization_ld,
    product_ld,
    share_picture,
    site,
    site_ld,
)
from marketplace.faces.storefront.results import SORTS, category, group_counts, results
from marketplace.faces.storefront.standing import verify
from marketplace.faces.storefront.window import find
from marketplace.people.producers.queries import count_verified, get_verified, list_verified
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import all_groups, group_of
from marketplace.shop.catalog.age import left_out
from marketplace.shop.catalog.queries import (
    PublicListing,
    count_public_by_producer,
    get_public,
    list_public_of_producer,
)
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.search.forms import Asked, read_query
from marketplace.shop.search.rules import Query, Sort

bp = Blueprint("storefront", __name__)
PRODUCERS_A_PAGE = 24
RELATED = 4


@bp.app_context_processor
def window() -> dict[str, object]:
    """The shop window's groups, for the menu of every page."""
    return {
        "shop_groups": all_groups(),
        "canonical": canonical,
        "alternates": alternates,
        "site_picture": f"{site()}/static/img/share.png",
    }


@bp.get("/")
@allow(PUBLIC)
def home() -> str:
    today = day_of(now())
    hits = find(Query(sort=Sort.NEWEST, per_page=8), on=today)
    return render_template(
        "storefront/home.html",
        ld=site_ld(),
        cards=cards(hits.listings, on=today),
        groups=group_counts(hits.found.facets["category"]),
        total=hits.found.total,
        producers=count_verified(),
    )


@bp.get("/products")
@allow(PUBLIC)
def products() -> Any:
    return _list_page("storefront/list.html")


@bp.get("/search")
@allow(PUBLIC)
def search_page() -> Any:
    return _list_page("storefront/list.html")


def _list_page(template: str, asked: Asked | None = None, **more: object) -> Any:
    asked = asked or read_query(request.args)
    page = results(asked, MultiDict(request.args), request.path, on=day_of(now()))
    return render_template(template, results=page, sorts=SORTS, crumbs_ld=crumbs_ld, **{"subject": None, **more})


@bp.get("/categories/<slug>")
@allow(PUBLIC)
def category_page(slug: str) -> Any:
    subject = category(slug)
    asked = read_query(request.args)
    if set(subject.sets) <= left_out():
        return ask_age(request.full_path)
    inside = asked.query.sets & set(subject.sets) or frozenset(subject.sets)
    narrowed = Asked(replace(asked.query, sets=inside), asked.errors)
    return _list_page("storefront/list.html", narrowed, subject=subject)


@bp.get("/products/<slug>")
@allow(PUBLIC)
def product(slug: str) -> Any:
    today = day_of(now())
    public = get_public(slug, on=today)
    if public.product.set_code in left_out():
        return ask_age(request.path)
    card = _card(public, on=today)
    variants, kind = card.variants, card.kind
    related = find(Query(sets=frozenset(group_of(kind.code).sets), per_page=RELATED + 1), on=today)
    others = [p for p in related.listings if p.listing.id != public.listing.id][:RELATED]
    units = on_hand(v.id for v in variants)
    group = group_of(kind.code)
    trail = [(group.name_en if language() == "en" else group.name, f"/categories/{group.slug}"), (card.name, "")]
    return render_template(
        "storefront/product.html",
        public=public,
        ld=[product_ld(card, units), crumbs_ld(trail)],
        trail=trail,
        picture=picture_of(public),
        kind=kind,
        group=group,
        variants=variants,
        units=units,
        seal=seal_of(public.certificate, on=today),
        related=cards(others, on=today),
    )


def _card(public: PublicListing, *, on: date) -> Card:
    """The one listing as a card; NotFound where nothing of it is for sale, or not to this visitor."""
    found = cards([public], on=on)
    if not found:
        raise NotFound
    return found[0]


@bp.get("/products/<slug>/share.png")
@allow(PUBLIC)
def share(slug: str) -> Response:
    """The picture that other sites show of a link to the product."""
    today = day_of(now())
    response = Response(share_picture(_card(get_public(slug, on=today), on=today)), mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@bp.get("/producers")
@allow(PUBLIC)
def producers() -> str:
    page = read_page()
    found = list_verified(page=page, per_page=PRODUCERS_A_PAGE)
    counts = count_public_by_producer((p.id for p in found), on=day_of(now()))
    total = count_verified()
    pages = max(1, -(-total // PRODUCERS_A_PAGE))
    return render_template(
        "storefront/producers.html", producers=found, counts=counts, total=total, page=page, pages=pages
    )


@bp.get("/producers/<slug>")
@allow(PUBLIC)
def producer(slug: str) -> str:
    found = get_verified(slug)
    today = day_of(now())
    listings = list_public_of_producer(found.id, on=today)
    trail = [(_("Nơi làm"), "/producers"), (found.name, "")]
    ld = [organization_ld(found), crumbs_ld(trail)]
    return render_template(
        "storefront/producer.html", producer=found, cards=cards(listings, on=today), ld=ld, trail=trail
    )


@bp.get("/verify")
@allow(PUBLIC)
def verify_form() -> Any:
    typed = request.args.get("q", "").strip()
    if typed:
        return redirect(url_for("storefront.verify_number", typed=typed))
    return render_template("storefront/verify.html", typed="", found=None)


@bp.get("/verify/<path:typed>")
@allow(PUBLIC)
def verify_number(typed: str) -> Any:
    found = verify(typed, on=day_of(now()))
    return render_template("storefront/verify.html", typed=typed, found=found), 200 if found else 404
