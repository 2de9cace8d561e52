"""The API described, from the same models that make its documents (OpenAPI 3.1)."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema
from werkzeug.datastructures import MultiDict

from marketplace.faces.api.fair_items import FairList
from marketplace.faces.api.items import (
    CategoryList,
    CertifiedList,
    Problem,
    ProducerDetail,
    ProducerPage,
    ProductDetail,
    ProductPage,
    Suggestions,
)
from marketplace.faces.api.point_items import PointList
from marketplace.faces.api.total_items import TotalsDocument
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import all_groups, all_sets
from marketplace.shop.delivery.queries import regions
from marketplace.shop.search.rules import Sort

MODELS = (
    ProductPage,
    ProductDetail,
    Suggestions,
    CertifiedList,
    ProducerPage,
    ProducerDetail,
    CategoryList,
    FairList,
    PointList,
    TotalsDocument,
    Problem,
)
REF = "#/components/schemas/{model}"


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


CATEGORIES = [*(group.slug for group in all_groups()), *(known.code for known in all_sets())]
ITEM = "^[A-Za-z0-9-]{1,40}:[1-9][0-9]{0,2}$"
NO_NUL = "^[^\\u0000]*$"
DONG = {"type": "integer", "minimum": 0, "maximum": 999_999_999_999}
CODE = {"type": "string", "minLength": 1, "pattern": NO_NUL}
ADULT = _parameter("adult", {"type": "string", "enum": ["true"]}, "Whoever asks is of age: alcohol is shown too.")
SUGGEST = [
    {**_parameter("q", {"type": "string", "pattern": NO_NUL}, "What was typed so far."), "required": True},
    ADULT,
]
SEARCH = [
    ADULT,
    _parameter("q", {"type": "string", "pattern": NO_NUL}, "Words, with or without diacritics."),
    _parameter(
        "category",
        _many({"type": "string", "enum": CATEGORIES}),
        "Code of a product set or slug of a group; several widen.",
    ),
    _parameter("stars", _many({"type": "integer", "enum": [3, 4, 5]}), "Stars in force today; several widen."),
    _parameter(
        "district",
        _many(CODE),
        "Code of a former district; several widen.",
    ),
    _parameter("commune", _many(CODE), "Code of a commune of today; several widen."),
    _parameter("producer", _many(CODE), "Slug of a producer; several widen."),
    _parameter("month", _many({"type": "integer", "minimum": 1, "maximum": 12}), "In season; several widen."),
    _parameter("price_min", DONG, "Dong."),
    _parameter("price_max", DONG, "Dong."),
    _parameter("sort", {"type": "string", "enum": [sort.value for sort in Sort]}, "Order of hits."),
    _parameter("page", {"type": "integer", "minimum": 1, "maximum": 10_000}, "From 1."),
]
PAGED = [SEARCH[-1]]
TOTALS = [
    {
        **_parameter(
            "item",
            {**_many({"type": "string", "pattern": ITEM}), "minItems": 1, "maxItems": 60},
            "A variant and how many: SKU:2; several goods, several items.",
        ),
        "required": True,
    },
    {**_parameter("province", {"type": "string", "enum": sorted(regions())}, "Where to: its code."), "required": True},
]
SIGNED = [_parameter("s", CODE, "The signature that the label's QR code carries.")]


def misread(args: MultiDict[str, str], parameters: list[dict[str, Any]]) -> dict[str, str]:
    """What a form may send and a program may not: an empty value, one value given twice, a name nobody knows."""
    known = {parameter["name"]: parameter["schema"]["type"] for parameter in parameters} | {"lang": "string"}
    errors: dict[str, str] = {}
    for name, values in args.lists():
        if name not in known:
            errors[name] = N_("Không có tham số này.")
        elif known[name] != "array" and len(values) > 1:
            errors[name] = N_("Tham số này chỉ cho một lần.")
        elif name != "q" and not all(values):
            errors[name] = N_("Tham số này không được trống.")
        elif name == "adult" and values[0] != "true":
            errors[name] = N_("Tham số này là “true” hoặc không có.")
        elif known[name] == "integer" and not (values[0].isascii() and values[0].isdigit()):
            errors[name] = N_("Tham số này là một số nguyên.")
    return errors


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document of `/api/v1`."""
    _, schemas = models_json_schema([(model, "serialization") for model in MODELS], ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marketplace of certified OCOP products",
            "version": "1",
            "description": "What is certified and on sale today.",
        },
        "paths": {
            "/api/v1/products": {"get": _operation("products", "Find products", "ProductPage", SEARCH, 422)},
            "/api/v1/products/{slug}": {
                "get": _operation("product", "One product", "ProductDetail", [_slug(), ADULT], 404),
            },
            "/api/v1/suggest": {"get": _operation("suggest", "What may be meant", "Suggestions", SUGGEST, 422)},
            "/api/v1/certificates/{number}": {
                "get": _operation(
                    "certificate", "Is it real and in force", "CertifiedList", [_number(), *SIGNED], 404, 422
                ),
            },
            "/api/v1/producers": {"get": _operation("producers", "Verified producers", "ProducerPage", PAGED, 422)},
            "/api/v1/producers/{slug}": {
                "get": _operation("producer", "One producer", "ProducerDetail", [_slug()], 404),
            },
            "/api/v1/categories": {"get": _operation("categories", "The shop's groups", "CategoryList", [], 422)},
            "/api/v1/totals": {
                "get": _operation("totals", "What goods cost together", "TotalsDocument", TOTALS, 404, 409, 422)
            },
            "/api/v1/fairs": {"get": _operation("fairs", "Coming trade fairs", "FairList", [], 422)},
            "/api/v1/showcase-points": {
                "get": _operation("points", "Where goods are shown and sold", "PointList", [], 422)
            },
        },
        "components": {"schemas": schemas["$defs"]},
    }


def _slug() -> dict[str, Any]:
    return {
        "name": "slug",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[a-z0-9-]{1,96}$"},
    }


def _number() -> dict[str, Any]:
    return {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9 /_-]{0,63}$"},
        "description": "Our code, or the number printed on the certificate.",
    }


def _operation(name: str, summary: str, model: str, parameters: list[dict[str, Any]], *refusals: int) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": _ref("Problem")}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "Found.", "content": {"application/json": {"schema": _ref(model)}}},
            "400": {"description": "Not understood.", **problem},
            **{str(refusal): {"description": "Refused.", **problem} for refusal in refusals},
        },
    }


def _ref(model: str) -> dict[str, str]:
    return {"$ref": REF.format(model=model)}
