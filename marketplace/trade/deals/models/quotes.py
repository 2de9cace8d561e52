"""Requests for quotation, and quotations in versions: none of them changes once it was sent."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.rules import QuoteTier, Side


class QuoteRequest(Model):
    """What a distributor asks a price for. One request may stand on several deals, one a producer."""

    __tablename__ = "quote_requests"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_quote_requests_distributor_id", "distributor_id", "sent_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    quantity: Mapped[int]
    unit: Mapped[Unit] = mapped_column(choice(Unit, "unit"))
    monthly: Mapped[bool]  # every month; else once
    delivery_place: Mapped[str] = mapped_column(String(300))
    wanted_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    sent_by: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]


class DealRequest(Model):
    """A request as it came to one deal."""

    __tablename__ = "deal_requests"
    __table_args__ = (Index("ix_deal_requests_request_id", "request_id"),)

    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), primary_key=True, autoincrement=False)
    request_id: Mapped[int] = mapped_column(ForeignKey("quote_requests.id"), primary_key=True, autoincrement=False)

    request: Mapped[QuoteRequest] = related()


class QuoteState(StrEnum):
    SENT = "sent"  # waits for the other side; past `valid_until` it has lapsed, which nothing writes
    SUPERSEDED = "superseded"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Quotation(Model):
    """One version of what a side offers: the producer's quotation, or the buyer's counter-offer."""

    __tablename__ = "quotations"
    __table_args__ = (
        UniqueConstraint("deal_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("least_order BETWEEN 1 AND 1000000", name="least_order"),
        CheckConstraint("lead_days BETWEEN 0 AND 365", name="lead_days"),
        CheckConstraint("payment_days BETWEEN 0 AND 180", name="payment_days"),
        CheckConstraint("(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)", name="answered"),
        Index(
            "uq_quotations_waiting",
            "deal_id",
            unique=True,
            sqlite_where=text("state = 'sent'"),
            postgresql_where=text("state = 'sent'"),
        ),
    )

    id: Mapped[RowId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    number: Mapped[int]
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    state: Mapped[QuoteState] = mapped_column(choice(QuoteState, "state"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    least_order: Mapped[int]  # packs
    lead_days: Mapped[int]
    payment_days: Mapped[int]  # 0: on delivery or before
    delivery_terms: Mapped[str] = mapped_column(String(500), default="")
    valid_until: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    sent_by: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime]
    answered_by: Mapped[str] = mapped_column(String(200), default="")
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")  # why it was declined

    variant: Mapped[Variant] = related()
    tiers: Mapped[list["QuotationTier"]] = related(order_by="QuotationTier.from_quantity")

    def waits(self, on: date) -> bool:
        """Whether it may still be answered on a day."""
        return self.state is QuoteState.SENT and on <= self.valid_until

    def lapsed(self, on: date) -> bool:
        """Whether it was never answered and its last day is over."""
        return self.state is QuoteState.SENT and on > self.valid_until

    @property
    def prices(self) -> tuple[QuoteTier, ...]:
        return tuple(QuoteTier(tier.from_quantity, tier.price) for tier in self.tiers)


class QuotationTier(Model):
    """What one pack costs from so many packs on."""

    __tablename__ = "quotation_tiers"
    __table_args__ = (
        CheckConstraint("from_quantity BETWEEN 1 AND 1000000", name="from_quantity"),
        CheckConstraint("price > 0", name="price"),
    )

    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotations.id"), primary_key=True, autoincrement=False)
    from_quantity: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    price: Mapped[Money]
