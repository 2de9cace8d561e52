"""Stock in batches, low marks and wholesale prices for the demonstration: the same for the same SKU and day."""

from datetime import date, datetime, timedelta
from zlib import crc32

from marketplace.faces.cli.demo.texts import DemoVariant
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.money import Money
from marketplace.shop.inventory.rules import proposed_end
from marketplace.shop.inventory.services import BatchFacts, count_stock, receive_batch, set_low_mark
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers

DEAREST_WHOLESALE = 300_000
OFFERS = ((10, 95), (30, 90), (100, 85))  # from so many on, percent of the retail price
SPOILED = 4  # units of a batch past its day, beside what may be sold


def stock_up(variant: DemoVariant, *, shelf_life_days: int | None, by: Actor, at: datetime) -> None:
    """Give a variant its units: goods that spoil in batches made on several days, others as counted."""
    turn = crc32(variant.sku.encode())
    if shelf_life_days is None or shelf_life_days < 10:
        if variant.stock:
            count_stock(sku=variant.sku, counted=variant.stock, seen=0, counts=0, by=by, at=at, note="opening stock")
    else:
        _receive(variant, shelf_life_days, turn, by, at)
    if variant.weight_g and variant.stock and turn % 3:
        set_low_mark(sku=variant.sku, low_at=variant.stock + 2 if turn % 11 == 0 else variant.stock // 5, by=by, at=at)
    if variant.weight_g and turn % 2 and variant.price_vnd <= DEAREST_WHOLESALE:
        set_tiers(sku=variant.sku, tiers=wholesale(variant.price_vnd), by=by, at=at)


def _receive(variant: DemoVariant, life: int, turn: int, by: Actor, at: datetime) -> None:
    today = day_of(at)
    old = variant.stock // 3
    parts = [(today - timedelta(days=life // 20), variant.stock - old)]
    if turn % 4 == 0:
        parts.append((today - timedelta(days=life // 2), old))  # below two thirds of its life
    elif turn % 4 == 1:
        parts.append((today - timedelta(days=life - min(12, life // 5)), old))  # near its end
    else:
        parts[0] = (parts[0][0], variant.stock)
    if turn % 5 == 0 and variant.stock:
        parts.append((today - timedelta(days=life + 4), SPOILED))  # past its day
    received = 0
    for made_on, units in sorted(parts):
        if units:
            facts = BatchFacts(units, f"L{made_on:%d%m}", made_on, proposed_end(made_on, life))
            receive_batch(sku=variant.sku, facts=facts, counts=received, by=by, at=_when(made_on, at))
            received += 1


def _when(made_on: date, at: datetime) -> datetime:
    """A batch came in the day after it was made."""
    return at - (day_of(at) - made_on) + timedelta(days=1) if made_on < day_of(at) else at


def wholesale(retail: int) -> list[Tier]:
    """Prices by quantity, in whole hundreds of dong, each below the one before."""
    tiers: list[Tier] = []
    for quantity, percent in OFFERS:
        price = Money(retail * percent // 100 // 100 * 100)
        if Money(0) < price < (tiers[-1].price if tiers else Money(retail)):
            tiers.append(Tier(quantity, price))
    return tiers
