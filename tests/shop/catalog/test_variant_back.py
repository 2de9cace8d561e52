"""A variant that was taken off its page comes back on it."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.catalog.services import VariantFacts, add_variant, restore_variant, retire_variant
from marketplace.shop.catalog.services.variants import MOST_VARIANTS
from tests.builders import BY, make_offer

FACTS = VariantFacts(label="túi", weight_g=500, net_quantity=500, net_unit=Unit.GRAM)


def second(at: datetime, sku: str = "HAI", listing_id: int = 0) -> Variant:
    listing_id = listing_id or make_offer(at=at).listing_id
    with transaction():
        return add_variant(listing_id=listing_id, sku=sku, price=Money(60_000), facts=FACTS, by=BY, at=at)


def off(at: datetime) -> Variant:
    variant = second(at)
    with transaction():
        retire_variant(sku=variant.sku, by=BY, at=at)
    return variant


def back(sku: str, at: datetime) -> None:
    with transaction():
        restore_variant(sku=sku, by=BY, at=at)


def is_active(sku: str) -> bool:
    return bool(db.session.scalar(select(Variant.active).where(Variant.sku == sku)))


def test_it_comes_back_once(app: Flask, at: datetime) -> None:
    variant = off(at)
    assert not is_active(variant.sku)
    back(variant.sku, at)
    back(variant.sku, at)
    assert is_active(variant.sku)
    told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "variant.restored")
    assert db.session.scalar(told) == 1


def test_a_full_page_takes_none_back(app: Flask, at: datetime) -> None:
    variant = off(at)
    for n in range(MOST_VARIANTS - 1):
        second(at, f"THEM-{n}", variant.listing_id)
    with pytest.raises(Invalid) as refused:
        back(variant.sku, at)
    assert list(refused.value.fields) == ["active"]
    assert not is_active(variant.sku)


def test_what_others_see_says_how_much_is_inside(app: Flask, at: datetime) -> None:
    variant = off(at)
    with transaction():  # as rows from before the net quantity was asked for
        db.session.execute(update(Variant).where(Variant.id == variant.id).values(net_quantity=None, net_unit=None))
    with pytest.raises(Invalid) as refused:
        back(variant.sku, at)
    assert list(refused.value.fields) == ["active"]
    assert not is_active(variant.sku)
