"""A page made of another: texts, label, season, terms, variants and pictures for a product that has none yet."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.registry.certification.models import Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.label_fields import MEDICINE_SET, asked_fields
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.proposals import now_said
from marketplace.shop.catalog.queries import get_kept, variants_of
from marketplace.shop.catalog.services.editing import write
from marketplace.shop.catalog.services.listings import ListingTexts, create_listing
from marketplace.shop.catalog.services.variants import VariantFacts, add_variant
from marketplace.shop.catalog.statements import PICTURES, Statement, facts_in

OF_A_VARIANT = tuple(VariantFacts.__dataclass_fields__)


def duplicate_listing(*, slug: str, product_code: str, pictures: Mapping[str, str], by: Actor, at: datetime) -> Listing:
    """Make a draft for another product of the same producer that says what this page says, under its own name.

    Variants get SKUs of their own and no stock. `pictures` gives each picture of this page the name that its copy's
    files are kept under; a picture added since is left out. Of the label only what the other set asks is taken.
    """
    listing = get_kept(slug, by=by, hold=True)
    product = db.session.scalar(select(Product).where(Product.code == product_code))
    if product is None or product.producer_id != listing.product.producer_id:
        raise NotFound
    kind = product_set(product.set_code)
    if kind.service != product_set(listing.product.set_code).service:
        raise Invalid({"product": N_("Hàng hóa không chép sang dịch vụ được, và ngược lại.")})
    texts = ListingTexts(name=product.name, name_en=product.name_en, art_seed=f"{kind.art}-{product.id}")
    made = create_listing(product_id=product.id, texts=texts, by=by, at=at)
    write(made, _copied(now_said(listing), product, pictures), at=at)
    for variant in variants_of([listing.id]).get(listing.id, []):
        _sell(variant, made, by=by, at=at)
    detail = {"to": made.slug}
    record(by=by, action="listing.copied", subject_type="listing", subject=slug, at=at, detail=detail)
    return made


def _copied(said: Statement, product: Product, pictures: Mapping[str, str]) -> Statement:
    asked = {code for field in asked_fields(product.set_code) for code in (field.code, f"{field.code}_en")}
    shots = [shot | {"name": pictures[shot["name"]]} for shot in said[PICTURES] if shot["name"] in pictures]
    copied = {code: value for code, value in said.items() if code not in facts_in(said) or code in asked}
    if product.set_code != MEDICINE_SET:
        copied["declared_kind"] = None
    return copied | {"name": product.name, "name_en": product.name_en, PICTURES: shots}


def _sell(variant: Variant, on: Listing, *, by: Actor, at: datetime) -> None:
    facts = VariantFacts(**{name: getattr(variant, name) for name in OF_A_VARIANT})
    add_variant(listing_id=on.id, price=variant.price, facts=facts, by=by, at=at)
