"""Orders, parts, lines, events. What was agreed is frozen here: names, prices, stars, certificate codes."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money, total
from marketplace.platform.core.types import choice
from marketplace.shop.delivery.models import PickupPoint
from marketplace.shop.vouchers.models import Voucher

NOTHING = Money(0)


class PaymentMethod(StrEnum):
    CASH_ON_DELIVERY = "cash_on_delivery"
    BANK_TRANSFER = "bank_transfer"
    CARD = "card"


class PartState(StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    RETURNED = "returned"
    UNDELIVERED = "undelivered"


TRANSITIONS: dict[PartState, frozenset[PartState]] = {
    PartState.PLACED: frozenset({PartState.CONFIRMED, PartState.DECLINED, PartState.CANCELLED}),
    PartState.CONFIRMED: frozenset({PartState.PACKED, PartState.SHIPPED, PartState.DECLINED, PartState.CANCELLED}),
    PartState.PACKED: frozenset({PartState.SHIPPED, PartState.DECLINED}),
    PartState.SHIPPED: frozenset({PartState.DELIVERED, PartState.UNDELIVERED}),
    PartState.UNDELIVERED: frozenset({PartState.RETURNED}),
    PartState.DELIVERED: frozenset({PartState.COMPLETED}),
    PartState.COMPLETED: frozenset(),
    PartState.DECLINED: frozenset(),
    PartState.CANCELLED: frozenset(),
    PartState.RETURNED: frozenset(),
}


UNDER_WAY = frozenset(
    {PartState.PLACED, PartState.CONFIRMED, PartState.PACKED, PartState.SHIPPED, PartState.UNDELIVERED}
)
ENDED_UNPAID = frozenset({PartState.CANCELLED, PartState.DECLINED, PartState.RETURNED, PartState.UNDELIVERED})


INVOICE_WHOLE = " AND ".join(  # an invoice is asked for with all its facts, or not at all
    f"(invoice_name IS NULL) = (invoice_{name} IS NULL)" for name in ("tax_code", "address", "email")
)
FETCHED_WHOLE = "(pickup_id IS NULL) = (pickup_name IS NULL) AND (pickup_id IS NULL) = (pickup_code IS NULL)"


class Order(Model):
    """What one buyer placed at one moment. `checkout_key` makes placing it twice the same as once.

    Where the buyer fetches it, the address is that of the place as it was then, and `pickup_code` is what the buyer
    shows there: nobody but the buyer is told it.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total = goods_total + shipping_total - discount_total", name="total"),
        CheckConstraint("discount_total >= 0 AND total >= 0", name="discount"),
        CheckConstraint("(payment_method = 'cash_on_delivery') = (pay_until IS NULL)", name="pay_until"),
        CheckConstraint(INVOICE_WHOLE, name="invoice"),
        CheckConstraint(FETCHED_WHOLE, name="pickup"),
        CheckConstraint("pickup_id IS NULL OR payment_method <> 'cash_on_delivery'", name="pickup_prepaid"),
        Index("ix_orders_buyer_id", "buyer_id"),
        Index("ix_orders_pickup_id", "pickup_id"),
        Index("ix_orders_pay_until", "pay_until"),
        Index("ix_orders_placed_at", "placed_at"),
    )

    id: Mapped[RowId]
    number: Mapped[str] = mapped_column(String(16), unique=True)
    checkout_key: Mapped[str] = mapped_column(String(64), unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))  # of what the buyer saw and agreed to
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(16))
    recipient: Mapped[str] = mapped_column(String(120))
    province_code: Mapped[str] = mapped_column(String(5))
    province_name: Mapped[str] = mapped_column(String(120))
    commune_code: Mapped[str] = mapped_column(String(5))
    commune_name: Mapped[str] = mapped_column(String(120))
    street: Mapped[str] = mapped_column(String(200))
    pickup_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"))
    pickup_name: Mapped[str | None] = mapped_column(String(200))
    pickup_code: Mapped[str | None] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(500), default="")
    gift_note: Mapped[str] = mapped_column(String(300), default="")  # to be put in the parcel, without prices
    invoice_name: Mapped[str | None] = mapped_column(String(200))
    invoice_tax_code: Mapped[str | None] = mapped_column(String(14))
    invoice_address: Mapped[str | None] = mapped_column(String(300))
    invoice_email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5))
    came_by: Mapped[str] = mapped_column(String(40), default="")  # where it began: "fair:" and a stand's code, or ""
    payment_method: Mapped[PaymentMethod] = mapped_column(choice(PaymentMethod, "payment_method"))
    goods_total: Mapped[Money]
    shipping_total: Mapped[Money]
    discount_total: Mapped[Money] = mapped_column(default=NOTHING)
    total: Mapped[Money]
    placed_at: Mapped[datetime]
    pay_until: Mapped[datetime | None]  # paid before it is sent: when the goods are given up if it is not
    paid_at: Mapped[datetime | None]  # when its whole amount had come, where it is paid before it is sent

    pickup: Mapped[PickupPoint | None] = related()
    parts: Mapped[list["OrderPart"]] = related(order_by="OrderPart.position", back_populates="order")
    vouchers: Mapped[list["VoucherUse"]] = related(order_by="VoucherUse.id", back_populates="order")

    @property
    def prepaid(self) -> bool:
        """Whether it is paid before it is sent."""
        return self.payment_method is not PaymentMethod.CASH_ON_DELIVERY

    @property
    def awaits_payment(self) -> bool:
        """Whether nothing is done with it until it is paid."""
        return self.prepaid and self.paid_at is None

    @property
    def due(self) -> Money:
        """What is still to be paid at the doors, for the parts on their way."""
        return total(
            part.total for part in self.parts if part.state not in ENDED_UNPAID and part.cash_collected is None
        )

    @property
    def collected(self) -> Money:
        """What was paid at the doors."""
        return total(part.cash_collected for part in self.parts if part.cash_collected is not None)


class OrderPart(Model):
    """The part of an order that one producer sends. `cash_collected` is what was taken at the door."""

    __tablename__ = "order_parts"
    __table_args__ = (
        UniqueConstraint("order_id", "producer_id"),
        UniqueConstraint("order_id", "position"),
        CheckConstraint("total = goods_total + shipping_total - own_discount - gift", name="total"),
        CheckConstraint("own_discount BETWEEN 0 AND goods_total AND gift >= 0 AND total >= 0", name="discount"),
        CheckConstraint("cash_collected IS NULL OR cash_collected = total", name="cash_collected"),
        CheckConstraint("weight_g > 0", name="weight"),
        CheckConstraint(
            "(arrives_from IS NULL) = (arrives_until IS NULL)"
            " AND (arrives_from IS NULL OR arrives_from <= arrives_until)",
            name="arrival",
        ),
        Index("ix_order_parts_producer_id_state", "producer_id", "state"),
    )

    id: Mapped[RowId]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    producer_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[PartState] = mapped_column(choice(PartState, "state"))
    weight_g: Mapped[int]
    goods_total: Mapped[Money]
    shipping_total: Mapped[Money]
    own_discount: Mapped[Money] = mapped_column(default=NOTHING)  # what its producer gives away
    gift: Mapped[Money] = mapped_column(default=NOTHING)  # what the province gives
    total: Mapped[Money]
    cash_collected: Mapped[Money | None]
    arrives_from: Mapped[date | None]  # as told when it was ordered
    arrives_until: Mapped[date | None]
    arrived_at: Mapped[datetime | None]  # came to the place where its buyer fetches it
    invoice_number: Mapped[str | None] = mapped_column(String(40))  # what the producer's invoice is called
    state_since: Mapped[datetime]

    order: Mapped[Order] = related(back_populates="parts")
    producer: Mapped[Producer] = related()
    lines: Mapped[list["OrderLine"]] = related(order_by="OrderLine.position", back_populates="part")
    events: Mapped[list["PartEvent"]] = related(order_by="PartEvent.id", back_populates="part")


class OrderLine(Model):
    """One variant of a part, as it was when it was bought."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("part_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("line_total = unit_price * quantity", name="line_total"),
        CheckConstraint("tier_from IS NULL OR tier_from BETWEEN 2 AND quantity", name="tier_from"),
        CheckConstraint("sale_id IS NULL OR tier_from IS NULL", name="sale"),
        CheckConstraint("agreed_id IS NULL OR (sale_id IS NULL AND tier_from IS NULL)", name="agreed"),
    )

    id: Mapped[RowId]
    part_id: Mapped[int] = mapped_column(ForeignKey("order_parts.id"))
    position: Mapped[int]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    sku: Mapped[str] = mapped_column(String(40))
    listing_slug: Mapped[str] = mapped_column(String(96))
    image_path: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    unit_price: Mapped[Money]
    tier_from: Mapped[int | None]  # the quantity from which that price held; None: the retail price, or a sale's
    sale_id: Mapped[int | None] = mapped_column(ForeignKey("flash_sales.id"))  # the flash sale whose price that was
    agreed_id: Mapped[int | None] = mapped_column(ForeignKey("agreed_prices.id"), unique=True)  # ordered once
    quantity: Mapped[int]
    line_total: Mapped[Money]
    stars: Mapped[int]
    certificate_code: Mapped[str] = mapped_column(String(16))
    certificate_expires_on: Mapped[date]

    part: Mapped[OrderPart] = related(back_populates="lines")


class VoucherUse(Model):
    """A voucher as it was used on an order, frozen. Given back once (`released_at`) where nothing of it was delivered.

    `producer_id` says whose part it lowers; None: all parts, by the province's gift.
    """

    __tablename__ = "voucher_uses"
    __table_args__ = (
        UniqueConstraint("voucher_id", "order_id"),
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_voucher_uses_order_id", "order_id"),
    )

    id: Mapped[RowId]
    voucher_id: Mapped[int] = mapped_column(ForeignKey("vouchers.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    amount: Mapped[Money]
    used_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    order: Mapped[Order] = related(back_populates="vouchers")
    voucher: Mapped[Voucher] = related()


class PartEvent(Model):
    """A part reached a state: who, when, and what they said. Append-only."""

    __tablename__ = "part_events"
    __table_args__ = (Index("ix_part_events_part_id", "part_id"), Index("ix_part_events_state_at", "state", "at"))

    id: Mapped[RowId]
    part_id: Mapped[int] = mapped_column(ForeignKey("order_parts.id"))
    state: Mapped[PartState] = mapped_column(choice(PartState, "state"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")

    part: Mapped[OrderPart] = related(back_populates="events")
