"""Making listings, moving them between states, setting prices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update

from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import TRANSITIONS, Listing, ListingState, Variant
from marketplace.shop.catalog.policies import keeps, may_move
from marketplace.shop.catalog.queries import get_listing, get_variant

HIGHEST_PRICE = Money(1_000_000_000)


class ListedAlready(Conflict):
    """A product has one listing."""

    code = "listed_already"
    message = N_("Sản phẩm này đã có trang bán.")


class StateChanged(Conflict):
    """The listing cannot go from where it is to where it was sent."""

    code = "listing_state"
    message = N_("Trang bán không chuyển được sang trạng thái này.")


@dataclass(frozen=True)
class ListingTexts:
    """What a listing says of its product. English may be empty."""

    name: str
    art_seed: str
    name_en: str = ""
    summary: str = ""
    summary_en: str = ""
    description: str = ""
    description_en: str = ""
    ingredients: str = ""
    storage: str = ""
    shelf_life_days: int | None = None


def create_listing(*, product_id: int, texts: ListingTexts, by: Actor, at: datetime) -> Listing:
    """Make the page of a product, as a draft."""
    product = db.session.get(Product, product_id)
    if product is None:
        raise NotFound
    _may_keep(by, product)
    if db.session.scalar(select(exists().where(Listing.product_id == product_id))):
        raise ListedAlready
    listing = Listing(
        slug=free_slug(texts.name, lambda s: bool(db.session.scalar(select(exists().where(Listing.slug == s))))),
        product_id=product_id,
        state=ListingState.DRAFT,
        name=nfc(texts.name),
        name_en=nfc(texts.name_en),
        summary=nfc(texts.summary),
        summary_en=nfc(texts.summary_en),
        description=texts.description.strip(),
        description_en=texts.description_en.strip(),
        ingredients=nfc(texts.ingredients),
        storage=nfc(texts.storage),
        shelf_life_days=texts.shelf_life_days,
        art_seed=texts.art_seed,
        created_at=at,
    )
    db.session.add(listing)
    db.session.flush()
    record(by=by, action="listing.created", subject_type="listing", subject=listing.slug, at=at)
    return listing


def add_variant(
    *,
    listing_id: int,
    sku: str,
    label: str,
    price: Money,
    by: Actor,
    at: datetime,
    label_en: str = "",
    weight_g: int | None = None,
    position: int = 0,
) -> Variant:
    """Add what is sold. Goods have a shipping weight in grams; a service has none."""
    listing = db.session.get(Listing, listing_id)
    if listing is None:
        raise NotFound
    product = db.session.get_one(Product, listing.product_id)
    _may_keep(by, product)
    _check_price(price)
    if (weight_g is None) != product_set(product.set_code).service:
        raise Invalid({"weight_g": N_("Hàng hóa cần khối lượng gửi; dịch vụ thì không.")})
    variant = Variant(
        sku=sku,
        listing_id=listing_id,
        label=nfc(label),
        label_en=nfc(label_en),
        price=price,
        weight_g=weight_g,
        position=position,
    )
    db.session.add(variant)
    db.session.flush()
    changed("listing", listing_id, at=at)
    record(by=by, action="variant.added", subject_type="variant", subject=sku, at=at, detail={"price": price.amount})
    return variant


def move_listing(*, slug: str, to: ListingState, by: Actor, at: datetime) -> None:
    """Publish, pause, resume or withdraw a listing, where its state admits it."""
    listing = get_listing(slug)
    if not keeps(by, listing.product.producer):
        raise NotFound
    before = [state for state, after in TRANSITIONS.items() if to in after and may_move(by, state, to)]
    done = rows_changed(
        update(Listing)
        .where(Listing.id == listing.id, Listing.state.in_(before))
        .values(state=to, published_at=listing.published_at or (at if to is ListingState.PUBLISHED else None))
    )
    if done != 1:
        raise StateChanged
    changed("listing", listing.id, at=at)
    record(by=by, action=f"listing.{to}", subject_type="listing", subject=slug, at=at)


def set_price(*, sku: str, price: Money, by: Actor, at: datetime) -> None:
    """Change what a variant costs, in dong, from now on; baskets are told, orders keep what was agreed."""
    variant = get_variant(sku)
    if not keeps(by, variant.listing.product.producer):
        raise NotFound
    _check_price(price)
    if variant.price == price:
        return
    detail = {"from": variant.price.amount, "to": price.amount}
    variant.price = price
    changed("listing", variant.listing_id, at=at)
    record(by=by, action="variant.priced", subject_type="variant", subject=sku, at=at, detail=detail)


def _check_price(price: Money) -> None:
    if not Money(0) < price <= HIGHEST_PRICE:
        raise Invalid({"price": N_("Giá từ 1 đồng đến 1 tỉ đồng.")})


def _may_keep(by: Actor, product: Product) -> None:
    if not keeps(by, db.session.get_one(Producer, product.producer_id)):
        raise Forbidden
