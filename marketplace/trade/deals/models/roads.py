"""A deal, and what happened on it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptFile
from marketplace.shop.catalog.models import Listing
from marketplace.trade.deals.rules import Origin, Side, Stage
from marketplace.trade.demands.models import Demand
from marketplace.trade.distributors.models import Distributor


class Deal(Model):
    """The road of one distributor and one producer, about a listing or a demand.

    `open_key` names the pair and what it is about while the road is open, so that there is one such road at a time.
    `turn` says who is waited for; `moved_at` when anything last happened. `officer` has taken it in charge.
    """

    __tablename__ = "deals"
    __table_args__ = (
        CheckConstraint("(stage = 'ended') = (open_key IS NULL)", name="open_key"),
        CheckConstraint("(stage = 'ended') = (ended_by IS NOT NULL)", name="ended_by"),
        CheckConstraint("stage <> 'ended' OR ended_reason <> ''", name="ended_reason"),
        CheckConstraint("listing_id IS NOT NULL OR demand_id IS NOT NULL", name="about"),
        Index("ix_deals_distributor_id", "distributor_id", "moved_at"),
        Index("ix_deals_producer_id", "producer_id", "moved_at"),
        Index("ix_deals_stage", "stage", "moved_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listings.id"))
    demand_id: Mapped[int | None] = mapped_column(ForeignKey("demands.id", ondelete="SET NULL"))
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"))
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))
    open_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    turn: Mapped[Side | None] = mapped_column(choice(Side, "turn"))
    opened_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    ended_by: Mapped[Side | None] = mapped_column(choice(Side, "ended_by_side"))
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reminded_at: Mapped[datetime | None]  # when the office last reminded whose turn it is

    distributor: Mapped[Distributor] = related()
    producer: Mapped[Producer] = related()
    listing: Mapped[Listing | None] = related()
    demand: Mapped[Demand | None] = related()
    officer: Mapped[User | None] = related()

    @property
    def open(self) -> bool:
        return self.stage is not Stage.ENDED


class EventKind(StrEnum):
    OPENED = "opened"
    MESSAGE = "message"
    REQUESTED = "requested"
    QUOTED = "quoted"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    FILE = "file"
    MEETING = "meeting"
    SAMPLE = "sample"
    MEMORANDUM = "memorandum"
    CONTRACT = "contract"
    CONTRACT_ENDED = "contract_ended"
    ORDERED = "ordered"
    DELIVERED = "delivered"
    CHARGE = "charge"
    NOTE = "note"  # the office's, seen by the office alone
    REMINDED = "reminded"
    ENDED = "ended"


class DealEvent(Model):
    """What happened on a deal: who, for which side, when, in which words. Append-only."""

    __tablename__ = "deal_events"
    __table_args__ = (Index("ix_deal_events_deal_id", "deal_id"),)

    id: Mapped[RowId]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))  # after it
    actor_name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class DealFile(Model):
    """A file that one side gave: seen by the two parties and the officer in charge."""

    __tablename__ = "deal_files"
    __table_args__ = (Index("ix_deal_files_deal_id", "deal_id"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("kept_files.id"), primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    title: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]

    file: Mapped[KeptFile] = related()
