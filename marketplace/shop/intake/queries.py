"""Reading register and shop as a goods plan needs them: whole, in a few queries, as plain values."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.queries import in_force
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.services.editing import SHOWN_TO_OTHERS as SHOWN
from marketplace.shop.intake.own_columns import OF_LISTING, Value
from marketplace.shop.intake.own_plan import OwnListing, OwnShelf, OwnVariant
from marketplace.shop.intake.rules import CertifiedProduct, KnownVariant, Shelves
from marketplace.shop.inventory.queries import filled_batches, low_marks, on_hand
from marketplace.shop.pricing.queries import tiers_of

KEPT = ("producer", "product", "certificate", "listing", "variant")


def shop_state() -> str:
    """A name for register and shop as they stand; any change of what a plan reads gives another."""
    acts = db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.subject_type.in_(KEPT)))
    newest = (db.session.scalar(select(func.max(table.id))) or 0 for table in (Certificate, Listing, Variant))
    return "-".join(str(number) for number in (acts, *newest))


def load_shelves(*, by: Actor, on: date) -> Shelves:
    """Every certificate that the officer may see, by its numbers, and every SKU."""
    shelves = Shelves(seen=shop_state())
    counting = set(db.session.scalars(select(Certificate.product_id).where(in_force(on))))
    query = (
        select(
            Certificate.code,
            Certificate.printed_number,
            Product.id,
            Producer.id,
            Producer.slug,
            Producer.verified_at,
            Product.set_code,
            Listing.id,
        )
        .join(Product, Certificate.product_id == Product.id)
        .join(Producer, Product.producer_id == Producer.id)
        .outerjoin(Listing, Listing.product_id == Product.id)
        .where(producers_within(by))
        .order_by(Certificate.id)
    )
    for code, printed, product, producer, slug, verified, set_code, listing in db.session.execute(query):
        found = CertifiedProduct(product, producer, slug, verified is not None, set_code, product in counting, listing)
        for number in {code, printed or code}:
            shelves.numbers.setdefault(number, []).append(found)
    variants = select(Variant.sku, Variant.price, Listing.product_id).join(Variant.listing).order_by(Variant.id)
    shelves.variants = {
        sku: KnownVariant(product, price.amount) for sku, price, product in db.session.execute(variants)
    }
    return shelves


def taken_slugs() -> set[str]:
    """Every listing's slug."""
    return set(db.session.scalars(select(Listing.slug)))


def list_own_variants(*, by: Actor) -> list[Variant]:
    """Every variant of one's own listings, those taken off their page too, with listing and product, by listing."""
    query = _own(by).order_by(Listing.name, Listing.id, Variant.position, Variant.id)
    return list(db.session.scalars(query))


def hold_own(skus: Iterable[str], *, by: Actor) -> dict[str, Variant]:
    """One's own among these variants by SKU, held until the block ends, in a checkout's order: ascending variant."""
    query = _own(by).where(Variant.sku.in_(list(skus))).order_by(Variant.id)
    return {variant.sku: variant for variant in db.session.scalars(query.with_for_update(of=[Variant, Listing]))}


def lock_variants(variant_ids: Iterable[int]) -> None:
    """Hold these variants and their listings until the block ends, in a checkout's order: ascending variant."""
    query = select(Variant.id).join(Variant.listing).where(Variant.id.in_(list(variant_ids))).order_by(Variant.id)
    db.session.execute(query.with_for_update(of=[Variant, Listing])).all()


def standing_of(variant: Variant) -> dict[str, int | None]:
    """What the columns of goods say of a variant now, beside its units."""
    return {
        "price": variant.price.amount,
        "low_at": low_marks([variant.id]).get(variant.id),
        "least_quantity": variant.least_quantity,
        "most_quantity": variant.most_quantity,
        "weight_g": variant.weight_g,
        "active": int(variant.active),
    }


def _own(by: Actor) -> Select[Variant]:
    return (
        select(Variant)
        .join(Variant.listing)
        .join(Listing.product)
        .join(Product.producer)
        .options(contains_eager(Variant.listing).contains_eager(Listing.product).contains_eager(Product.producer))
        .where(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
    )


def load_own(*, by: Actor) -> OwnShelf:
    """All goods of one's own producer as plain values, in a few queries whatever their number."""
    shelf = OwnShelf()
    for listing, set_code in db.session.execute(_own_listings(by)):
        texts = {name: getattr(listing, name) for name in OF_LISTING}
        service = product_set(set_code).service
        shelf.listings[listing.slug] = OwnListing(listing.id, listing.slug, listing.state in SHOWN, service, texts)
    by_id = {listing.id: listing for listing in shelf.listings.values()}
    query = (
        select(Variant).where(Variant.listing_id.in_(by_id)).order_by(Variant.listing_id, Variant.position, Variant.id)
    )
    variants = list(db.session.scalars(query.execution_options(populate_existing=True)))
    ids = [variant.id for variant in variants]
    units, marks, tiers, filled = on_hand(ids), low_marks(ids), tiers_of(ids), filled_batches(ids)
    for v in variants:
        inside = filled.get(v.id, [])
        values: dict[str, Value] = {
            "label": v.label,
            "label_en": v.label_en,
            "price_vnd": v.price.amount,
            "low_at": marks.get(v.id),
            "least_quantity": v.least_quantity,
            "most_quantity": v.most_quantity,
            "weight_g": v.weight_g,
            "net_quantity": v.net_quantity,
            "net_unit": v.net_unit,
            "tiers": tiers.get(v.id, ()),
            "stock": units.get(v.id, 0) if v.weight_g is not None else None,
            "active": v.active,
        }
        only = inside[0] if len(inside) == 1 else None
        shelf.variants[v.sku] = OwnVariant(v.id, v.sku, by_id[v.listing_id], values, len(inside), only)
    return shelf


def _own_listings(by: Actor) -> Select[Listing, str]:
    return (
        select(Listing, Product.set_code)
        .join(Listing.product)
        .join(Product.producer)
        .where(Producer.organisation_id == by.organisation_id, Producer.organisation_id.is_not(None))
        .order_by(Listing.name, Listing.id)
        .execution_options(populate_existing=True)
    )
