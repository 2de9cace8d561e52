"""`/api/v1`: the same queries as the pages, as JSON."""

from math import ceil

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel

from marketplace.faces.api.items import (
    CategoryList,
    CertifiedList,
    ProducerDetail,
    ProducerPage,
    ProductPage,
    product_detail,
    product_item,
    suggestion_list,
)
from marketplace.faces.api.openapi import PAGED, SEARCH, SIGNED, SUGGEST, document, misread
from marketplace.faces.api.registers import category_item, certified_item, producer_item
from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.stamp import check
from marketplace.faces.storefront.window import find, suggest
from marketplace.people.producers.queries import count_verified, get_verified, list_verified
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import read_page
from marketplace.registry.certification.product_sets import all_groups
from marketplace.shop.catalog.queries import count_public_by_producer, get_public, list_public_of_producer
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.reviews.queries import totals_of
from marketplace.shop.search.forms import LONGEST_TEXT, read_query

bp = Blueprint("api", __name__, url_prefix="/api/v1")
PRODUCERS_A_PAGE = 24


def _answer(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), mimetype="application/json")


@bp.get("/products", provide_automatic_options=False)
@allow(PUBLIC)
def products() -> Response:
    asked = read_query(request.args)
    errors = {**asked.errors, **misread(request.args, SEARCH)}
    if errors:
        raise Invalid(errors)
    at = now()
    hits = find(asked.query, on=day_of(at))
    items = [product_item(card) for card in cards(hits.listings, at=at)]
    pages = max(1, ceil(hits.found.total / asked.query.per_page))
    page = ProductPage(
        items=items, total=hits.found.total, page=asked.query.page, pages=pages, facets=hits.found.facets
    )
    return _answer(page)


@bp.get("/products/<slug>", provide_automatic_options=False)
@allow(PUBLIC)
def product(slug: str) -> Response:
    at = now()
    today = day_of(at)
    found = cards([get_public(slug, on=today)], at=at)
    if not found:
        raise NotFound
    ids = [variant.id for variant in found[0].variants]
    totals = totals_of(found[0].public.listing.id)
    return _answer(product_detail(found[0], sellable(ids, on=today), tiers_of(ids), totals))


@bp.get("/suggest", provide_automatic_options=False)
@allow(PUBLIC)
def suggestions() -> Response:
    typed = request.args.getlist("q")
    errors = misread(request.args, SUGGEST)
    if not typed:
        errors |= {"q": N_("Cần tham số này.")}
    if errors:
        raise Invalid(errors)
    return _answer(suggestion_list(suggest(typed[0][:LONGEST_TEXT], at=now())))


@bp.get("/certificates/<path:typed>", provide_automatic_options=False)
@allow(PUBLIC)
def certificate(typed: str) -> Response:
    errors = misread(request.args, SIGNED)
    if errors:
        raise Invalid(errors)
    checked = check(typed, request.args.get("s"), on=day_of(now()))
    if not checked.found:
        raise NotFound
    items = [certified_item(one) for one in checked.found]
    return _answer(CertifiedList(signature=checked.judgement.signature.value, items=items))


@bp.get("/producers", provide_automatic_options=False)
@allow(PUBLIC)
def producers() -> Response:
    errors = misread(request.args, PAGED)
    page = read_page()
    if not errors and request.args.get("page", "1") != str(page):
        errors = {"page": N_("Trang từ 1 đến 10.000.")}
    if errors:
        raise Invalid(errors)
    found = list_verified(page=page, per_page=PRODUCERS_A_PAGE)
    counts = count_public_by_producer((p.id for p in found), on=day_of(now()))
    items = [producer_item(p, counts.get(p.id, 0)) for p in found]
    total = count_verified()
    pages = max(1, ceil(total / PRODUCERS_A_PAGE))
    return _answer(ProducerPage(items=items, total=total, page=page, pages=pages))


@bp.get("/producers/<slug>", provide_automatic_options=False)
@allow(PUBLIC)
def producer(slug: str) -> Response:
    found, at = get_verified(slug), now()
    shown = [product_item(card) for card in cards(list_public_of_producer(found.id, on=day_of(at)), at=at)]
    return _answer(
        ProducerDetail(
            **producer_item(found, len(shown)).model_dump(),
            story=found.story,
            story_en=found.story_en,
            founded_year=found.founded_year,
            items=shown,
        )
    )


@bp.get("/categories", provide_automatic_options=False)
@allow(PUBLIC)
def categories() -> Response:
    return _answer(CategoryList(items=[category_item(group) for group in all_groups()]))


@bp.get("/openapi.json", provide_automatic_options=False)
@allow(PUBLIC)
def openapi() -> Response:
    return jsonify(document())
