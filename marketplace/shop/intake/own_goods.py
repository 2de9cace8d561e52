"""A producer's own goods by file: taken along, checked against what stands, and written whole in one short block."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, insert, update

from marketplace.platform.audit.services import Act, record_all
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed_all
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.imports.rules import ChangedMeanwhile, Checked, Column, Progress, Row, Work
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.catalog.queries import get_kept
from marketplace.shop.catalog.services import ListingTexts, save_texts
from marketplace.shop.intake.own_columns import COLUMNS, READERS, Value, shown
from marketplace.shop.intake.own_plan import Change, OwnPlan, OwnShelf, plan_own, tiers_in
from marketplace.shop.intake.queries import load_own, lock_variants
from marketplace.shop.inventory.services import Correction, correct_many, hold_stocks, set_low_marks
from marketplace.shop.pricing.services import replace_tiers

OWN_GOODS = "own_goods"  # the kind of these files
MOST_POSITION = 999  # new ones stand behind those with a place
OF_VARIANT = ("label", "label_en", "price_vnd", "least_quantity", "most_quantity", "weight_g", "active")


class OwnGoodsImporter:
    """The importer of one's own goods: changes what has a SKU, adds what has none."""

    @property
    def columns(self) -> Sequence[Column]:
        return COLUMNS

    def prepare(
        self, rows: Sequence[Row], options: Mapping[str, Any], *, by: Actor, at: datetime, progress: Progress
    ) -> Work:
        """Plan the file against one's own goods as they stand. Raises Forbidden where `by` keeps no shop."""
        if not KEEP_OWN_SHOP.held_by(by):
            raise Forbidden
        shelf = load_own(by=by)
        plan = plan_own(rows, shelf, progress=progress)
        seen = state_of(shelf, plan)
        return Work(Checked(plan.findings, plan.summary, seen), partial(write_own, plan, seen, by=by, at=at))


def export_rows(*, by: Actor) -> list[list[str]]:
    """One's own goods as a file of the importer's columns, each variant a row, as they stand."""
    shelf = load_own(by=by)
    rows = []
    for variant in shelf.variants.values():
        cells = {"sku": variant.sku, "listing": variant.listing.slug, **variant.listing.texts}
        cells |= {name: shown(value) for name, value in variant.values.items() if name not in cells}
        rows.append([cells[column.name] for column in COLUMNS])
    return rows


def state_of(shelf: OwnShelf, plan: OwnPlan) -> str:
    """A name for everything that the plan was made on: other goods' units may go on being sold."""
    counted = {change.known.sku for change in plan.changes if change.known and "stock" in change.columns}
    facts = [
        [v.sku, v.listing.slug, v.batches, *(shown(v.values[n]) for n in READERS if n in v.values and n != "stock")]
        + ([shown(v.values["stock"])] if v.sku in counted else [])
        for v in sorted(shelf.variants.values(), key=lambda v: v.sku)
    ]
    listings = [[each.slug, each.shown, *each.texts.values()] for _, each in sorted(shelf.listings.items())]
    return sha256(json.dumps([facts, listings], ensure_ascii=False).encode()).hexdigest()


def write_own(plan: OwnPlan, seen: str, *, by: Actor, at: datetime) -> None:
    """Write everything that the plan changes in the open block, or raise ChangedMeanwhile and write nothing.

    Rows are held in a checkout's own order: variants ascending, with their listings, then stock ascending.
    """
    if not KEEP_OWN_SHOP.held_by(by):
        raise Forbidden
    known = [change for change in plan.changes if change.known]
    lock_variants([change.known.id for change in known if change.known])
    hold_stocks([change.known.id for change in known if change.known and not change.listing.service])
    if state_of(load_own(by=by), plan) != seen:
        raise ChangedMeanwhile
    ids = _write_variants(plan)
    _write_stock(plan, ids, by=by, at=at)
    replace_tiers({ids[change.line]: tiers_in(change.values) for change in plan.changes if "tiers" in change.columns})
    for slug, texts in plan.texts.items():
        _write_texts(slug, texts, by=by, at=at)
    changed_all("listing", {change.listing.id for change in plan.changes}, at=at)
    record_all(_acts(plan), by=by, at=at)


def _write_variants(plan: OwnPlan) -> dict[int, int]:
    """Change and add variants; answers their numbers by the file's lines."""
    ids = {change.line: change.known.id for change in plan.changes if change.known}
    moved = [c for c in plan.changes if c.known and c.columns & set(OF_VARIANT)]
    if moved:
        statement = update(Variant).where(Variant.id == bindparam("of"))
        values: dict[str, Any] = {name: bindparam(name) for name in _columns(moved[0].values)}
        rows = [{"of": ids[change.line], **_columns(change.values)} for change in moved]
        db.session.connection().execute(statement.values(**values), rows)
    new = [change for change in plan.changes if change.known is None]
    if new:
        rows = [
            {
                "sku": f"V{random_code(8)}",
                "listing_id": change.listing.id,
                "net_quantity": change.values["net_quantity"],
                "net_unit": change.values["net_unit"],
                "position": MOST_POSITION,
                **_columns(change.values),
            }
            for change in new
        ]
        adding = insert(Variant).returning(Variant.id, sort_by_parameter_order=True)
        made = db.session.scalars(adding, rows, execution_options={"render_nulls": True})
        ids |= {change.line: variant_id for change, variant_id in zip(new, made, strict=True)}
    return ids


def _columns(values: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "label": values["label"],
        "label_en": values["label_en"],
        "price": Money(int(str(values["price_vnd"]))),
        "least_quantity": values["least_quantity"],
        "most_quantity": values["most_quantity"],
        "weight_g": values["weight_g"],
        "active": values["active"],
    }


def _write_stock(plan: OwnPlan, ids: Mapping[int, int], *, by: Actor, at: datetime) -> None:
    goods = [change for change in plan.changes if not change.listing.service]
    hold_stocks([ids[change.line] for change in goods if change.known is None])
    corrections = [
        Correction(ids[change.line], change.known.batch_id if change.known else None, _delta(change))
        for change in goods
        if "stock" in change.columns
    ]
    correct_many(corrections, reference="", by=by, at=at)
    set_low_marks({ids[c.line]: _whole(c.values["low_at"]) for c in goods if "low_at" in c.columns}, at=at)


def _delta(change: Change) -> int:
    before = _whole(change.known.values["stock"]) if change.known else 0
    return (_whole(change.values["stock"]) or 0) - (before or 0)


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _write_texts(slug: str, texts: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    listing = get_kept(slug, by=by)
    said: dict[str, Any] = {
        "name": listing.name,
        "name_en": listing.name_en,
        "summary": listing.summary,
        "summary_en": listing.summary_en,
        **texts,
    }
    whole = ListingTexts(
        art_seed=listing.art_seed,
        description=listing.description,
        description_en=listing.description_en,
        **said,
    )
    save_texts(slug=slug, texts=whole, by=by, at=at)


def _acts(plan: OwnPlan) -> list[Act]:
    acts = []
    for change in plan.changes:
        new = {column: shown(change.values[column]) for column in sorted(change.columns)}
        if change.known is None:
            acts.append(Act("variant.added", "listing", change.listing.slug, {"line": change.line, **new}))
        else:
            acts.append(Act("variant.changed", "variant", change.known.sku, {"line": change.line, **new}))
    return acts
