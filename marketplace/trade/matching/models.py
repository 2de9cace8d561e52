"""What parties have declared of each other, the officers' weights, and how often each was shown."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model
from marketplace.platform.core.types import choice
from marketplace.trade.matching.pairing import Wish
from marketplace.trade.matching.score import BUYER_PARTS, PRODUCER_PARTS, Weights


class PartyWish(Model):
    """What one party wishes of another: it stands until it is changed, for lists and timetables alike."""

    __tablename__ = "party_wishes"

    distributor_id: Mapped[int] = mapped_column(
        ForeignKey("distributors.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    producer_id: Mapped[int] = mapped_column(
        ForeignKey("producers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    by_buyer: Mapped[bool] = mapped_column(primary_key=True)
    wish: Mapped[Wish] = mapped_column(choice(Wish, "wish"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    said_at: Mapped[datetime]


class MatchWeights(Model):
    """A version of the weights: never changed, the newest counts, and a campaign keeps the one it began with."""

    __tablename__ = "match_weights"
    __table_args__ = (CheckConstraint("number >= 1", name="number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    buyer: Mapped[dict[str, int]] = mapped_column(JSON)
    producer: Mapped[dict[str, int]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]

    @property
    def weights(self) -> Weights:
        """As the score takes them; a part that came later counts nothing in an older version."""
        return Weights(
            {part: self.buyer.get(part, 0) for part in BUYER_PARTS},
            {part: self.producer.get(part, 0) for part in PRODUCER_PARTS},
            self.number,
        )


class ShownOffer(Model):
    """How often an offer stood among the recommended of a buyer's list: exposure is shared out by it."""

    __tablename__ = "shown_offers"

    row_id: Mapped[int] = mapped_column(
        "offer_id", ForeignKey("wholesale_offers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    times: Mapped[int]


class ShownDemand(Model):
    """How often a demand stood among the recommended of a producer's list."""

    __tablename__ = "shown_demands"

    row_id: Mapped[int] = mapped_column(
        "demand_id", ForeignKey("demands.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    times: Mapped[int]


SHOWN: dict[str, type[ShownOffer] | type[ShownDemand]] = {"offer": ShownOffer, "demand": ShownDemand}
