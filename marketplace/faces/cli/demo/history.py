"""Two years of orders for the demonstration, a year to stand beside the last: made up, and with the books in order.

For the same day they are the same. Rows are inserted many at a time, past the services, which would take minutes
and write thousands of letters. What the services promise is kept and proved by the test: only what was certified on
the day was sold, parts sum to their orders, stock is the sum of its movements.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from marketplace.faces.cli.demo.books import Book
from marketplace.faces.cli.demo.money import Part, pay_for
from marketplace.people.accounts.models import Role, User
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.places.queries import list_communes, list_provinces
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of, midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import ALPHABET
from marketplace.platform.core.money import total
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.queries import list_of_products
from marketplace.registry.certification.rules import Interval, intervals
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.delivery.queries import quote_parcel
from marketplace.shop.delivery.rules import arrival
from marketplace.shop.fulfilment.services import COMPLETE_AFTER
from marketplace.shop.orders.models import PartState
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import USUAL, Tier, price_at

BY = system("flask demo load")
ORDERS = 2300
DAYS = 730
SOUGHT = 12  # how much oftener a product is bought whose stars have risen
GUESTS = 0.35
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Lò", "Tẩn", "Vàng", "Giàng")
MIDDLES = ("Thị", "Văn", "Minh", "Thu", "Ngọc", "Quang", "Hải", "Thanh", "Đức", "Bích")
GIVEN = ("An", "Bình", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hiếu", "Hoa", "Khánh", "Lan", "Linh", "Mai", "Nam", "Nga",
         "Phương", "Quân", "Sơn", "Thảo", "Trang", "Tuấn", "Uyên", "Vân", "Yến")  # fmt: skip
STREETS = ("Ngõ {n} Trần Phú", "Số {n} Lê Lợi", "Tổ {n}", "Số {n} Nguyễn Huệ", "Thôn {n}", "Ngách {n} Kim Mã",
           "Bản {n}", "Số {n} Điện Biên Phủ", "Khu {n}", "Số {n} Hùng Vương")  # fmt: skip
NOTES = ("", "", "", "", "", "Gọi trước khi giao", "Giao giờ hành chính", "Gói kỹ giúp, hàng biếu", "Để ở bảo vệ")
CARRIERS = ("Bưu điện Việt Nam", "Viettel Post", "Giao hàng tiết kiệm", "Xe khách Lai Châu – Hà Nội")
WHERE = {"01": 34, "12": 22, "79": 14, "31": 5, "22": 4, "25": 4, "24": 3, "15": 4, "11": 3, "08": 3, "48": 2, "92": 2}
ENDINGS = (
    (PartState.COMPLETED, 88), (PartState.CANCELLED, 4), (PartState.DECLINED, 3), (PartState.RETURNED, 5),
)  # fmt: skip
REASONS = {PartState.DECLINED: "Hết mẻ, tuần sau mới có", PartState.UNDELIVERED: "Không gọi được người nhận"}
HOURS = (2, 30)  # from one state to the next
HOURS_BACK = (12 * 24, 28 * 24)  # a parcel that nobody took is slow to come back: some are always on their way
ROAD = (PartState.PLACED, PartState.CONFIRMED, PartState.PACKED, PartState.SHIPPED, PartState.DELIVERED)


@dataclass(frozen=True)
class Good:
    """A variant that was sold on some days, and the certificates that admitted it."""

    variant: Variant
    listing: Listing
    producer: Producer
    certified: Sequence[Interval]
    codes: dict[int, tuple[str, date]]
    tiers: Sequence[Tier]

    def on(self, day: date) -> Interval | None:
        """What certifies it on a day, its page being open since the day before."""
        if self.listing.published_at is None or day <= day_of(self.listing.published_at):
            return None
        return next((i for i in self.certified if i.first <= day <= i.last), None)

    @property
    def sought(self) -> int:
        """How often it is bought, beside others."""
        return SOUGHT if len({interval.stars for interval in self.certified}) > 1 else 1


def make_history(*, password_hash: str, at: datetime) -> int:
    """Make buyers and two years of orders, in the open block; answers how many orders."""
    chance = random.Random(20_26)
    goods, buyers = _goods(), _buyers(chance, password_hash, at)
    provinces = {unit.code: unit for unit in list_provinces()}
    communes = {code: list_communes(code) for code in WHERE if code in provinces}
    book = Book()
    for _ in range(ORDERS):
        placed = _moment(chance, at)
        chosen = _choose(chance, goods, day_of(placed))
        if chosen:
            place = chance.choices(list(communes), [WHERE[code] for code in communes])[0]
            _order(book, chance, chosen, provinces[place], chance.choice(communes[place]), buyers, placed, at)
    book.write(at)
    record(
        by=BY, action="demo.history", subject_type="demo", subject="orders", at=at, detail={"orders": len(book.orders)}
    )
    return len(book.orders)


def _goods() -> list[Good]:
    """What may have been in a cart: goods on sale, but no alcohol, which is not sold for cash."""
    rows = db.session.execute(
        select(Variant, Listing)
        .join(Listing, Variant.listing_id == Listing.id)
        .where(Listing.state == ListingState.PUBLISHED, Variant.weight_g.is_not(None))
        .options(joinedload(Listing.product).joinedload(Product.producer).joinedload(Producer.commune))
        .order_by(Variant.id)
    )
    pairs = [
        (variant, listing)
        for variant, listing in rows
        if listing.product.producer.verified_at and not product_set(listing.product.set_code).alcohol
    ]
    certificates = list_of_products({listing.product_id for _, listing in pairs})
    tiers = tiers_of(variant.id for variant, _ in pairs)
    found = []
    for variant, listing in pairs:
        own: list[Certificate] = certificates.get(listing.product_id, [])
        codes = {c.id: (c.code, c.expires_on) for c in own}
        found.append(Good(variant, listing, listing.product.producer, intervals(own), codes, tiers.get(variant.id, ())))
    return found


def _buyers(chance: random.Random, password_hash: str, at: datetime) -> list[User]:
    """Sixty members beside the demonstration's own buyer, who is among them."""
    rows = []
    for n in range(1, 61):
        joined = at - timedelta(days=DAYS + chance.randrange(120), hours=chance.randrange(24))
        rows.append(
            {
                "code": _code(chance, 10),
                "email": f"khach{n}@demo.test",
                "name": _name(chance),
                "phone": f"+84900001{n:03}",
                "password_hash": password_hash,
                "role": Role.BUYER,
                "language": "vi",
                "created_at": joined,
                "confirmed_at": joined,
            }
        )
    db.session.execute(insert(User), rows)
    known = select(User).where(User.role == Role.BUYER).order_by(User.id)
    return list(db.session.scalars(known))


def _moment(chance: random.Random, at: datetime) -> datetime:
    """An instant of two years, more often before Tết and in the evening; the last days have their orders too."""
    while True:
        ago = DAYS * chance.random() if chance.random() > 0.05 else 4 * chance.random()
        day = day_of(at - timedelta(days=ago))
        if day.month in (1, 12) or chance.random() < 0.6:
            break
    hour = chance.choices(range(6, 23), [2, 3, 5, 6, 6, 6, 5, 4, 4, 4, 4, 5, 6, 8, 10, 9, 5])[0]
    return min(midnight(day) + timedelta(hours=hour, minutes=chance.randrange(60)), at - timedelta(minutes=9))


def _choose(chance: random.Random, goods: Sequence[Good], day: date) -> dict[int, list[tuple[Good, int]]]:
    """What was bought, by producer: one to three variants of one or two producers, certified on the day."""
    chosen: dict[int, list[tuple[Good, int]]] = {}
    for first in chance.choices(goods, [good.sought for good in goods], k=chance.choices((1, 2), (78, 22))[0]):
        shelf = [good for good in goods if good.producer.id == first.producer.id and good.on(day)]
        more = min(len(shelf), chance.choices((1, 2, 3), (62, 28, 10))[0])
        for good in [good for good in (first, *chance.sample(shelf, more)) if good.on(day)][:more]:
            quantity = max(good.variant.least_quantity, chance.choices((1, 2, 3, 5), (60, 25, 10, 5))[0])
            chosen.setdefault(good.producer.id, []).append((good, quantity))
    for lines in chosen.values():  # where both turns fell on one producer, a variant stands once
        lines[:] = {good.variant.id: (good, quantity) for good, quantity in lines}.values()
    return {producer: lines for producer, lines in chosen.items() if lines}


def _order(
    book: Book,
    chance: random.Random,
    chosen: dict[int, list[tuple[Good, int]]],
    province: AdministrativeUnit,
    commune: AdministrativeUnit,
    buyers: Sequence[User],
    placed: datetime,
    at: datetime,
) -> None:
    buyer = None if chance.random() < GUESTS else chance.choice(buyers)
    if chance.random() < 0.02:
        buyer = buyers[0]
    name = buyer.name if buyer else _name(chance)
    parts = [_part(chance, lines, province.code, placed, at) for _, lines in sorted(chosen.items())]
    goods, shipping = (total(part.row[key] for part in parts) for key in ("goods_total", "shipping_total"))
    number = f"{day_of(placed):%y%m}-{_code(chance, 6)}"
    order = {
        "number": number,
        "checkout_key": f"demo-{number}",
        "fingerprint": "demo",
        "buyer_id": buyer.id if buyer else None,
        "email": buyer.email if buyer else f"khach.{number.lower()}@demo.test",
        "phone": f"+8490{chance.randrange(1_000_000, 9_999_999)}",
        "recipient": name,
        "province_code": province.code,
        "province_name": province.name,
        "commune_code": commune.code,
        "commune_name": commune.name,
        "street": chance.choice(STREETS).format(n=chance.randrange(2, 180)),
        "note": chance.choice(NOTES),
        "gift_note": "",
        "language": "vi",
        "goods_total": goods,
        "shipping_total": shipping,
        "total": goods + shipping,
        "placed_at": placed,
    }
    pay_for(order, parts, at)
    book.add(order, parts)


def _part(chance: random.Random, lines: list[tuple[Good, int]], province: str, placed: datetime, at: datetime) -> Part:
    producer, day = lines[0][0].producer, day_of(placed)
    weight = sum((good.variant.weight_g or 0) * quantity for good, quantity in lines)
    quote = quote_parcel(origin="12", destination=province, weight_g=min(weight, 29_000), producer=producer.name)
    rows = [_line(good, quantity, day, n) for n, (good, quantity) in enumerate(lines, start=1)]
    worth = total(row["line_total"] for row in rows)
    events = _events(chance, placed, at)
    state, since = events[-1]["state"], events[-1]["at"]
    first, last = arrival(day, USUAL.ready_days, quote.days)
    paid = state in (PartState.DELIVERED, PartState.COMPLETED)
    row = {
        "producer_id": producer.id,
        "producer_name": producer.name,
        "state": state,
        "weight_g": weight,
        "goods_total": worth,
        "shipping_total": quote.price,
        "total": worth + quote.price,
        "cash_collected": worth + quote.price if paid else None,
        "arrives_from": first,
        "arrives_until": last,
        "state_since": since,
    }
    shipped = next((event["at"] for event in events if event["state"] is PartState.SHIPPED), None)
    parcel = None
    if shipped:
        parcel = {
            "carrier": chance.choice(CARRIERS),
            "tracking_number": f"VN{chance.randrange(10**8, 10**9)}",
            "shipped_at": shipped,
        }
    return Part(row, rows, events, parcel)


def _line(good: Good, quantity: int, day: date, position: int) -> dict[str, Any]:
    certified = good.on(day)
    assert certified is not None
    code, expires_on = good.codes[certified.certificate_id]
    priced = price_at(good.variant.price, good.tiers, quantity)
    return {
        "position": position,
        "variant_id": good.variant.id,
        "sku": good.variant.sku,
        "listing_slug": good.listing.slug,
        "image_path": good.listing.image_path(good.listing.product.set_code),
        "name": good.listing.name,
        "name_en": good.listing.name_en,
        "label": good.variant.label,
        "label_en": good.variant.label_en,
        "unit_price": priced.unit,
        "tier_from": priced.tier.from_quantity if priced.tier else None,
        "quantity": quantity,
        "line_total": priced.unit * quantity,
        "stars": certified.stars,
        "certificate_code": code,
        "certificate_expires_on": expires_on,
    }


def _events(chance: random.Random, placed: datetime, at: datetime) -> list[dict[str, Any]]:
    """A part's road as far as it may have come by now: old ones have ended, new ones are on their way."""
    ending = chance.choices([state for state, _ in ENDINGS], [weight for _, weight in ENDINGS])[0]
    states: list[PartState] = list(ROAD[: {PartState.CANCELLED: 1, PartState.DECLINED: 2}.get(ending, 4)])
    if ending is PartState.RETURNED:
        states += [PartState.UNDELIVERED, PartState.RETURNED]
    else:
        states += [PartState.DELIVERED, PartState.COMPLETED] if ending is PartState.COMPLETED else [ending]
    events: list[dict[str, Any]] = []
    when = placed
    for state in states:
        if state is not PartState.PLACED:
            hours = chance.uniform(*(HOURS_BACK if state is PartState.RETURNED else HOURS))
            when += COMPLETE_AFTER if state is PartState.COMPLETED else timedelta(hours=hours)
        if when > at and events:
            break
        events.append({"state": state, "at": when, "actor_id": None, "note": REASONS.get(state, "")})
    return events


def _name(chance: random.Random) -> str:
    return f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"


def _code(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(ALPHABET, k=length))
