"""A goods file made ready outside any block, and written whole in one short block."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import insert, select, update

from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.platform.audit.services import Act, record_all
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed_all
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.ids import free_slug
from marketplace.platform.core.money import Money
from marketplace.platform.imports.rules import ChangedMeanwhile, Checked, Column, Progress, Row, Work
from marketplace.platform.imports.services import hold_still
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.intake.queries import load_shelves, shop_state, taken_slugs
from marketplace.shop.intake.rules import COLUMNS, GoodsPlan, plan_goods
from marketplace.shop.inventory.services import open_stock

PRODUCTS = "products"  # the kind of these files
TABLES = "producers, products, decisions, certificates, listings, variants"


class ProductsImporter:
    """The importer of goods. The option `publish` publishes new listings and verifies their producers."""

    @property
    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def prepare(
        self, rows: Sequence[Row], options: Mapping[str, Any], *, by: Actor, at: datetime, progress: Progress
    ) -> Work:
        """Plan the file against register and shop as they stand. Raises Forbidden where `by` does not keep listings."""
        if not KEEP_LISTINGS.held_by(by):
            raise Forbidden
        shelves = load_shelves(by=by, on=day_of(at))
        plan = plan_goods(rows, shelves, publish=bool(options.get("publish")), progress=progress)
        taken, slugs = taken_slugs(), []
        for row in plan.listings:
            slugs.append(free_slug(row.name, taken.__contains__))
            taken.add(slugs[-1])
        checked = Checked(plan.findings, plan.summary, shelves.seen)
        return Work(checked, partial(write_goods, plan, slugs, shelves.seen, by=by, at=at))


@dataclass(frozen=True)
class _Made:
    """Numbers of the rows that stand now: listings by product, variants by SKU."""

    listings: dict[int, int]
    variants: dict[str, int]


def write_goods(plan: GoodsPlan, slugs: Sequence[str], seen: str, *, by: Actor, at: datetime) -> None:
    """Write everything a plan makes in the open block, or raise ChangedMeanwhile and write nothing."""
    if not KEEP_LISTINGS.held_by(by) or (plan.verified and not VERIFY_PRODUCERS.held_by(by)):
        raise Forbidden
    hold_still(TABLES)
    if shop_state() != seen:
        raise ChangedMeanwhile
    if plan.verified:
        waiting = update(Producer).where(Producer.id.in_(plan.verified), Producer.verified_at.is_(None))
        db.session.execute(waiting.values(verified_at=at), execution_options={"synchronize_session": False})
        changed_all("producer", plan.verified, at=at)
    made = _shelve(plan, slugs, at)
    _stock_up(plan, made, by, at)
    changed_all("listing", made.listings.values(), at=at)
    record_all(_acts(plan, slugs), by=by, at=at)


def _shelve(plan: GoodsPlan, slugs: Sequence[str], at: datetime) -> _Made:
    """Insert listings and variants."""
    listings = [_listing(plan, position, slug, at) for position, slug in enumerate(slugs)]
    if listings:
        db.session.execute(insert(Listing), listings, execution_options={"render_nulls": True})
    products = {row.product.id for row in plan.variants}
    homes = select(Listing.product_id, Listing.id).where(Listing.product_id.in_(products))
    by_product = {row[0]: row[1] for row in db.session.execute(homes)}
    variants = [
        {
            "sku": row.sku,
            "listing_id": by_product[row.product.id],
            "label": row.unit,
            "price": Money(row.price),
            "weight_g": row.weight_g,
            "position": position,
        }
        for position, row in enumerate(plan.variants)
    ]
    if variants:
        db.session.execute(insert(Variant), variants, execution_options={"render_nulls": True})
    named = select(Variant.sku, Variant.id).where(Variant.listing_id.in_(by_product.values()))
    return _Made(by_product, {row[0]: row[1] for row in db.session.execute(named)})


def _listing(plan: GoodsPlan, position: int, slug: str, at: datetime) -> dict[str, Any]:
    row = plan.listings[position]
    published = row.product.id in plan.published
    return {
        "slug": slug,
        "product_id": row.product.id,
        "state": ListingState.PUBLISHED if published else ListingState.DRAFT,
        "name": row.name,
        "name_en": row.name_en,
        "description": row.description,
        "shelf_life_days": row.shelf_life_days,
        "art_seed": f"{product_set(row.product.set_code).art}-{row.product.id % 1000}",
        "created_at": at,
        "published_at": at if published else None,
    }


def _stock_up(plan: GoodsPlan, made: _Made, by: Actor, at: datetime) -> None:
    """Opening stock, with the movement that says where it comes from."""
    units = [(made.variants[row.sku], row.stock) for row in plan.variants if row.weight_g is not None]
    open_stock(units, reference="import", by=by, at=at)


def _acts(plan: GoodsPlan, slugs: Sequence[str]) -> list[Act]:
    acts = [Act("producer.verified", "producer", slug) for slug in plan.verified.values()]
    for row, slug in zip(plan.listings, slugs, strict=True):
        acts.append(Act("listing.created", "listing", slug, {"line": row.line}))
        if row.product.id in plan.published:
            acts.append(Act("listing.published", "listing", slug))
    return acts + [Act("variant.added", "variant", row.sku, {"price": row.price}) for row in plan.variants]
