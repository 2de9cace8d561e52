"""The public's pages."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from marketplace.faces.storefront.cards import cards, picture_of, seal_of
from marketplace.faces.storefront.qr import KINDS, picture
from marketplace.faces.storefront.results import SORTS, category, group_counts, results
from marketplace.faces.storefront.standing import seal_of_any, verify
from marketplace.people.producers.queries import count_verified, get_verified, list_verified
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.web.forms import read_page
from marketplace.registry.certification.product_sets import all_groups, group_of, product_set
from marketplace.registry.certification.queries import count_named, find_by_code, find_certificates, list_named
from marketplace.registry.certification.rules import standing
from marketplace.shop.catalog.queries import (
    count_public_by_producer,
    get_public,
    list_public_of_producer,
    variants_of,
)
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.search.forms import Asked, read_query
from marketplace.shop.search.queries import search
from marketplace.shop.search.rules import Query, Sort

bp = Blueprint("storefront", __name__)
PRODUCERS_A_PAGE = 24
RELATED = 4
NAMED_A_PAGE = 20


@bp.app_context_processor
def window() -> dict[str, object]:
    """The shop window's groups, for the menu of every page."""
    return {"shop_groups": all_groups()}


@bp.get("/")
@allow(PUBLIC)
def home() -> str:
    today = day_of(now())
    hits = search(Query(sort=Sort.NEWEST, per_page=8), on=today)
    return render_template(
        "storefront/home.html",
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
def find() -> Any:
    return _list_page("storefront/list.html")


def _list_page(template: str, asked: Asked | None = None, **more: object) -> Any:
    asked = asked or read_query(request.args)
    page = results(asked, MultiDict(request.args), request.path, on=day_of(now()))
    return render_template(template, results=page, sorts=SORTS, **{"subject": None, **more})


@bp.get("/categories/<slug>")
@allow(PUBLIC)
def category_page(slug: str) -> Any:
    subject = category(slug)
    asked = read_query(request.args)
    inside = asked.query.sets & set(subject.sets) or frozenset(subject.sets)
    narrowed = Asked(replace(asked.query, sets=inside), asked.errors)
    return _list_page("storefront/list.html", narrowed, subject=subject)


@bp.get("/products/<slug>")
@allow(PUBLIC)
def product(slug: str) -> str:
    today = day_of(now())
    public = get_public(slug, on=today)
    variants = variants_of([public.listing.id]).get(public.listing.id, [])
    kind = product_set(public.product.set_code)
    related = search(Query(sets=frozenset(group_of(kind.code).sets), per_page=RELATED + 1), on=today)
    others = [p for p in related.listings if p.listing.id != public.listing.id][:RELATED]
    return render_template(
        "storefront/product.html",
        public=public,
        picture=picture_of(public),
        kind=kind,
        group=group_of(kind.code),
        variants=variants,
        units=on_hand(v.id for v in variants),
        seal=seal_of(public.certificate, on=today),
        related=cards(others, on=today),
    )


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
    return render_template("storefront/producer.html", producer=found, cards=cards(listings, on=today))


@bp.get("/verify")
@allow(PUBLIC)
def verify_form() -> Any:
    """By a number, straight to its page; by a product's or producer's name, a list to choose from."""
    typed, today, page = request.args.get("q", "").strip()[:200], day_of(now()), read_page()
    if not typed:
        return render_template("storefront/verify.html", typed="", found=None)
    total = 0 if find_certificates(typed) or len(typed) < 2 else count_named(typed, on=today)
    if not total:
        return redirect(url_for("storefront.verify_number", typed=typed))
    found = [(c, seal_of_any(c, standing(c, [c], today), on=today)) for c in list_named(typed, on=today, page=page)]
    pages = max(1, -(-total // NAMED_A_PAGE))
    facts = {"found": found, "total": total, "page": page, "pages": pages}
    return render_template("storefront/verify_names.html", typed=typed, **facts)


@bp.get("/verify/<code>/qr.<any(svg, png):form>")
@allow(PUBLIC)
def verify_qr(code: str, form: str) -> Response:
    """A picture to print on labels, which leads to this certificate's page."""
    if find_by_code(code) is None:
        raise NotFound
    site = current_app.config["SETTINGS"].site_url
    answer = Response(picture(f"{site}/verify/{code}", form), mimetype=KINDS[form])
    answer.headers["Cache-Control"] = "public, max-age=86400"
    if "download" in request.args:
        answer.headers["Content-Disposition"] = f'attachment; filename="{code}.{form}"'
    return answer


@bp.get("/verify/<path:typed>")
@allow(PUBLIC)
def verify_number(typed: str) -> Any:
    found = verify(typed, on=day_of(now()))
    return render_template("storefront/verify.html", typed=typed, found=found, today=day_of(now())), (
        200 if found else 404
    )
