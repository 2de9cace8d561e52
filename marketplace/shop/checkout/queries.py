"""The review: everything a buyer agrees to, worked out from the basket, the draft and today's facts."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256

from sqlalchemy import select

from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.places.queries import find_commune
from marketplace.people.producers.models import Producer
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate, Product
from marketplace.shop.baskets.models import Basket, BasketLine
from marketplace.shop.baskets.queries import contents
from marketplace.shop.baskets.rules import Contents, Group, Line
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.checkout.models import CheckoutDraft
from marketplace.shop.delivery.models import PickupPoint
from marketplace.shop.delivery.pickups import find_chosen
from marketplace.shop.delivery.queries import beyond, quote_parcel
from marketplace.shop.delivery.rules import OutOfReach, Quote, Reach, arrival
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.setup import offered
from marketplace.shop.pricing.totals import PartTotals, Totals, totals
from marketplace.shop.vouchers.queries import promises

CASH = PaymentMethod.CASH_ON_DELIVERY


@dataclass(frozen=True)
class Unreachable:
    """A line whose goods may not travel to the address, and why."""

    line: Line
    why: OutOfReach
    producer: Producer

    @property
    def listing(self) -> Listing:
        return self.line.variant.listing


@dataclass(frozen=True)
class ReviewPart:
    """What one producer sends, and what sending it costs."""

    group: Group
    quote: Quote
    arrives: tuple[date, date]

    @property
    def producer(self) -> Producer:
        return self.group.producer


@dataclass(frozen=True)
class Review:
    """What the buyer is shown before placing the order. `fingerprint` stands for all of it."""

    draft: CheckoutDraft
    commune: AdministrativeUnit
    province: AdministrativeUnit
    contents: Contents
    parts: tuple[ReviewPart, ...]
    unreachable: tuple[Unreachable, ...] = ()
    pickup: PickupPoint | None = None

    @cached_property
    def totals(self) -> Totals:
        """What it costs, part by part in the order of `parts`."""
        whole = [part.group.part(part.quote.price) for part in self.parts]
        return totals(whole, promises(self.contents.vouchers))

    @property
    def total(self) -> Money:
        return self.totals.total

    @property
    def methods(self) -> list[PaymentMethod]:
        """By which ways it can be paid now: never in cash where alcohol is among the goods, or it is fetched."""
        ways, without = offered(self.total), self.contents.without_cash or self.pickup is not None
        return [way for way in ways if way is not CASH or not without]

    def reckoned(self) -> list[tuple[ReviewPart, PartTotals]]:
        """Each part with what it costs."""
        return list(zip(self.parts, self.totals.parts, strict=True))

    @property
    def fingerprint(self) -> str:
        """Changes with anything shown: goods, quantities, prices, discounts, stars, papers, delivery, address."""
        draft = self.draft
        facts = [
            [draft.recipient, draft.phone, draft.email, draft.commune_code, draft.street, draft.note],
            [
                [line.variant.sku, line.quantity, line.unit_price.amount, offer.public.certificate.code]
                for line, offer in self.contents.offered
            ],
            [[part.producer.id, part.quote.price.amount, *map(str, part.arrives)] for part in self.parts],
            [[each.code, each.amount.amount] for each in self.totals.reductions],
            [self.pickup.code, self.pickup.name] if self.pickup else [],
            [draft.gift_note, draft.invoice_name, draft.invoice_tax_code, draft.invoice_address, draft.invoice_email],
        ]
        return sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def find_draft(basket: Basket | None) -> CheckoutDraft | None:
    """What the buyer has typed so far for this basket."""
    return db.session.get(CheckoutDraft, basket.id) if basket is not None else None


def lock_draft(key: str) -> CheckoutDraft | None:
    """The draft with this key, held until the block ends: of two clicks on one checkout the second waits here."""
    return db.session.scalar(select(CheckoutDraft).where(CheckoutDraft.key == key).with_for_update())


def hold_for_sale(basket_id: int) -> None:
    """Hold, until the block ends, the basket and the rows that admit its goods to sale at their price."""
    db.session.execute(select(Basket.id).where(Basket.id == basket_id).with_for_update())
    db.session.execute(
        select(Variant.id)
        .join(BasketLine, BasketLine.variant_id == Variant.id)
        .join(Variant.listing)
        .join(Listing.product)
        .join(Product.producer)
        .join(Certificate, Certificate.product_id == Product.id)
        .where(BasketLine.basket_id == basket_id)
        .order_by(Variant.id, Certificate.id)
        .with_for_update(read=True, of=[Variant, Listing, Producer, Certificate])
    )


def review(draft: CheckoutDraft, *, at: datetime) -> Review | None:
    """What the draft's basket would become now; None where nothing in it is on sale or the address is gone.

    Gone too is a place to fetch it from that takes no more orders.
    """
    basket = db.session.get(Basket, draft.basket_id)
    inside, on = contents(basket, at=at, phone=draft.phone), day_of(at)
    commune = find_commune(draft.commune_code)
    pickup = find_chosen(draft.pickup_id)
    if commune is None or commune.parent is None or not inside.groups or (draft.pickup_id and pickup is None):
        return None
    destination, fee = commune.parent.code, pickup.fee if pickup else None
    parts = tuple(part_to(group, destination, on, fee) for group in inside.groups)
    return Review(draft, commune, commune.parent, inside, parts, unreachable(inside, commune), pickup)


def unreachable(inside: Contents, commune: AdministrativeUnit) -> tuple[Unreachable, ...]:
    """The lines on sale whose goods may not travel to this commune, its province loaded: too far, or too slow."""
    found = []
    for line, offer in inside.offered:
        listing, producer = offer.public.listing, offer.public.producer
        reach = Reach(listing.max_transit_days, listing.delivery_radius_km)
        why = beyond(reach, origin=producer.commune, destination=commune)
        if why is not None:
            found.append(Unreachable(line, why, producer))
    return tuple(found)


def part_to(group: Group, destination: str, on: date, fee: Money | None = None) -> ReviewPart:
    """What one producer sends to a province (its code) on a day, and what that costs; raises TooHeavy.

    Fetched by the buyer it costs the place's `fee` instead.
    """
    quote = quote_parcel(
        origin=_province_code(group.producer),
        destination=destination,
        weight_g=group.weight_g,
        producer=group.producer.name,
        several=group.wholesale,
    )
    quote = quote if fee is None else replace(quote, price=fee)
    return ReviewPart(group, quote, arrival(on, group.terms.ready_days, quote.days))


def _province_code(producer: Producer) -> str:
    parent = producer.commune.parent
    return parent.code if parent is not None else producer.commune.code
