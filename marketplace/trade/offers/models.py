"""Wholesale offers of producers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.demands.models import Storage


class OfferState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"


TRANSITIONS: dict[OfferState, frozenset[OfferState]] = {
    OfferState.DRAFT: frozenset({OfferState.OPEN}),
    OfferState.OPEN: frozenset({OfferState.PAUSED}),
    OfferState.PAUSED: frozenset({OfferState.OPEN}),
}


class WholesaleOffer(Model):
    """What a producer can supply of one listing. It counts only while that listing is public.

    `capacity` holds twelve whole numbers of `unit`, January first; `committed` is what of each month is already
    promised in contracts. `least_order` is in `unit` too. What is None is open to talk. Prices are those of `variant`
    (its retail price and tiers), stars, shelf life and papers those of the listing, the certificate and the vault:
    nothing is said twice.
    """

    __tablename__ = "wholesale_offers"
    __table_args__ = (
        CheckConstraint("least_order > 0", name="least_order"),
        CheckConstraint("lead_days BETWEEN 0 AND 120", name="lead_days"),
        CheckConstraint("most_payment_days IS NULL OR most_payment_days BETWEEN 0 AND 180", name="payment_days"),
        CheckConstraint("most_discount IS NULL OR most_discount BETWEEN 0 AND 60", name="discount"),
        CheckConstraint("most_listing_fee IS NULL OR most_listing_fee >= 0", name="listing_fee"),
        Index("ix_wholesale_offers_state", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))  # what is supplied
    state: Mapped[OfferState] = mapped_column(choice(OfferState, "state"))
    unit: Mapped[Unit] = mapped_column(choice(Unit, "unit"))
    capacity: Mapped[list[int]] = mapped_column(JSON)
    committed: Mapped[list[int]] = mapped_column(JSON)
    least_order: Mapped[int]
    lead_days: Mapped[int]
    most_payment_days: Mapped[int | None]  # the longest it waits for its money
    most_discount: Mapped[int | None]  # percent off the retail price
    most_listing_fee: Mapped[Money | None]
    consignment: Mapped[bool] = mapped_column(default=False)  # it accepts to be paid for what was sold
    exclusive: Mapped[bool] = mapped_column(default=False)  # it accepts to sell to one alone in an area
    invoice: Mapped[bool] = mapped_column(default=False)  # it issues e-invoices
    barcode: Mapped[str] = mapped_column(String(14), default="")  # GTIN, check digit right
    traceability: Mapped[bool] = mapped_column(default=False)  # a code on the pack leads back to the batch
    storage: Mapped[Storage] = mapped_column(choice(Storage, "storage"))
    channels: Mapped[list[str]] = mapped_column(JSON, default=list)  # DistributorKind wanted; empty: any
    first_time: Mapped[bool] = mapped_column(default=True)  # it has not supplied a distributor yet
    note: Mapped[str] = mapped_column(Text, default="")
    note_en: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    listing: Mapped[Listing] = related()
    variant: Mapped[Variant] = related()
