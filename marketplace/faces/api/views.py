"""`/api/v1`: the same queries as the pages, as JSON."""

from math import ceil

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel

from marketplace.faces.api.items import ProductPage, product_detail, product_item, suggestion_list
from marketplace.faces.api.openapi import SEARCH, SUGGEST, document, misread
from marketplace.faces.storefront.cards import cards
from marketplace.faces.storefront.window import find, suggest
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.queries import get_public
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.search.forms import LONGEST_TEXT, read_query

bp = Blueprint("api", __name__, url_prefix="/api/v1")


def _answer(body: BaseModel) -> Response:
    return Response(body.model_dump_json(), mimetype="application/json")


@bp.get("/products", provide_automatic_options=False)
@allow(PUBLIC)
def products() -> Response:
    asked = read_query(request.args)
    errors = {**asked.errors, **misread(request.args, SEARCH)}
    if errors:
        raise Invalid(errors)
    today = day_of(now())
    hits = find(asked.query, on=today)
    items = [product_item(card) for card in cards(hits.listings, on=today)]
    pages = max(1, ceil(hits.found.total / asked.query.per_page))
    page = ProductPage(
        items=items, total=hits.found.total, page=asked.query.page, pages=pages, facets=hits.found.facets
    )
    return _answer(page)


@bp.get("/products/<slug>", provide_automatic_options=False)
@allow(PUBLIC)
def product(slug: str) -> Response:
    today = day_of(now())
    found = cards([get_public(slug, on=today)], on=today)
    if not found:
        raise NotFound
    return _answer(product_detail(found[0], on_hand(v.id for v in found[0].variants)))


@bp.get("/suggest", provide_automatic_options=False)
@allow(PUBLIC)
def suggestions() -> Response:
    typed = request.args.getlist("q")
    errors = misread(request.args, SUGGEST)
    if not typed:
        errors |= {"q": N_("Cần tham số này.")}
    if errors:
        raise Invalid(errors)
    return _answer(suggestion_list(suggest(typed[0][:LONGEST_TEXT], on=day_of(now()))))


@bp.get("/openapi.json", provide_automatic_options=False)
@allow(PUBLIC)
def openapi() -> Response:
    return jsonify(document())
