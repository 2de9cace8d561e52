"""Criteria, applications with goods, wishes, badges and papers, scores, decisions; who stands in which booth."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.papers.models import Paper
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.models import Listing
from marketplace.trade.fairs.models import Edition, EditionZone
from marketplace.trade.floorplans.models import Booth


class ApplicationState(StrEnum):
    DRAFT = "draft"  # seen by the producer alone
    SUBMITTED = "submitted"
    WAITING = "waiting"  # on the waiting list
    REJECTED = "rejected"
    OFFERED = "offered"  # a place is offered, until `answer_until`
    CONFIRMED = "confirmed"  # the producer took it
    DECLINED = "declined"
    LAPSED = "lapsed"  # not answered in time
    WITHDRAWN = "withdrawn"  # by the producer, before an offer or after confirming
    CANCELLED = "cancelled"  # by the office, or with the fair
    NO_SHOW = "no_show"  # confirmed, and did not come


class Decision(StrEnum):
    """What the office means to decide, until decisions are published together."""

    OFFER = "offer"
    WAIT = "wait"
    REJECT = "reject"


TRANSITIONS: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.DRAFT: frozenset({ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN}),
    ApplicationState.SUBMITTED: frozenset(
        {
            ApplicationState.DRAFT,
            ApplicationState.WAITING,
            ApplicationState.REJECTED,
            ApplicationState.OFFERED,
            ApplicationState.WITHDRAWN,
            ApplicationState.CANCELLED,
        }
    ),
    ApplicationState.WAITING: frozenset(
        {
            ApplicationState.OFFERED,
            ApplicationState.REJECTED,
            ApplicationState.WITHDRAWN,
            ApplicationState.CANCELLED,
        }
    ),
    ApplicationState.OFFERED: frozenset(
        {
            ApplicationState.CONFIRMED,
            ApplicationState.DECLINED,
            ApplicationState.LAPSED,
            ApplicationState.CANCELLED,
        }
    ),
    ApplicationState.CONFIRMED: frozenset(
        {ApplicationState.WITHDRAWN, ApplicationState.CANCELLED, ApplicationState.NO_SHOW}
    ),
    ApplicationState.REJECTED: frozenset({ApplicationState.WAITING}),
    ApplicationState.DECLINED: frozenset(),
    ApplicationState.LAPSED: frozenset({ApplicationState.WAITING}),
    ApplicationState.WITHDRAWN: frozenset({ApplicationState.DRAFT}),
    ApplicationState.CANCELLED: frozenset(),
    ApplicationState.NO_SHOW: frozenset(),
}
TO_JUDGE = frozenset({ApplicationState.SUBMITTED, ApplicationState.WAITING})
PLACED = frozenset({ApplicationState.OFFERED, ApplicationState.CONFIRMED})  # counts against quotas; may hold a booth


class Criterion(Model):
    """What applications are scored by, told to producers before they apply."""

    __tablename__ = "fair_criteria"
    __table_args__ = (
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("most BETWEEN 1 AND 100", name="most"),
    )

    id: Mapped[RowId]
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    most: Mapped[int]  # points


class Application(Model):
    """A producer's wish to exhibit, one for each edition. Needs are hard; `pending` is what the office means to say."""

    __tablename__ = "fair_applications"
    __table_args__ = (
        UniqueConstraint("edition_id", "producer_id"),
        CheckConstraint("power_w BETWEEN 0 AND 100000", name="power_w"),
        CheckConstraint("least_area IS NULL OR least_area BETWEEN 1 AND 2500", name="least_area"),
        CheckConstraint("state <> 'offered' OR answer_until IS NOT NULL", name="offered_until"),
        CheckConstraint("state NOT IN ('rejected', 'cancelled') OR reason <> ''", name="reason"),
        Index("ix_fair_applications_edition_id_state", "edition_id", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("fair_editions.id"))
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    state: Mapped[ApplicationState] = mapped_column(choice(ApplicationState, "state"))
    pending: Mapped[Decision | None] = mapped_column(choice(Decision, "pending"))
    pitch: Mapped[str] = mapped_column(Text, default="")  # what it would show
    power_w: Mapped[int] = mapped_column(default=0)
    water: Mapped[bool] = mapped_column(default=False)
    cold: Mapped[bool] = mapped_column(default=False)
    least_area: Mapped[int | None]  # square metres
    wants_corner: Mapped[bool] = mapped_column(default=False)  # a wish
    apart_from: Mapped[str] = mapped_column(String(300), default="")  # in words, for the office
    reason: Mapped[str] = mapped_column(String(300), default="")
    wait_number: Mapped[int | None]  # its place on the waiting list, the lowest first
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    answer_until: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    edition: Mapped[Edition] = related()
    producer: Mapped[Producer] = related()
    goods: Mapped[list["ShownGoods"]] = related(order_by="ShownGoods.listing_id", viewonly=True)
    wishes: Mapped[list["BoothWish"]] = related(order_by="BoothWish.rank", viewonly=True)
    badges: Mapped[list["StaffBadge"]] = related(order_by="StaffBadge.id", viewonly=True)


class ShownGoods(Model):
    """A product that an exhibitor brings."""

    __tablename__ = "fair_goods"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("fair_applications.id"), primary_key=True, autoincrement=False
    )
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, autoincrement=False)

    listing: Mapped[Listing] = related()


class BoothWish(Model):
    """A zone or a booth that an exhibitor would like, the first rank most."""

    __tablename__ = "fair_booth_wishes"
    __table_args__ = (
        UniqueConstraint("application_id", "rank"),
        CheckConstraint("(zone_id IS NULL) <> (booth_id IS NULL)", name="zone_or_booth"),
    )

    id: Mapped[RowId]
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"))
    rank: Mapped[int]
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("fair_zones.id"))
    booth_id: Mapped[int | None] = mapped_column(ForeignKey("fair_booths.id", ondelete="CASCADE"))

    zone: Mapped[EditionZone | None] = related()
    booth: Mapped[Booth | None] = related()


class StaffBadge(Model):
    """Somebody who stands in the booth."""

    __tablename__ = "fair_badges"

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))


class ShownPaper(Model):
    """A paper of the producer's vault that goes with the application."""

    __tablename__ = "fair_application_papers"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("fair_applications.id"), primary_key=True, autoincrement=False
    )
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True, autoincrement=False)

    paper: Mapped[Paper] = related()


class Score(Model):
    """An officer's points of one criterion for one application."""

    __tablename__ = "fair_scores"
    __table_args__ = (CheckConstraint("points >= 0", name="points"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("fair_applications.id"), primary_key=True, autoincrement=False
    )
    criterion_id: Mapped[int] = mapped_column(ForeignKey("fair_criteria.id"), primary_key=True, autoincrement=False)
    officer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    points: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
    scored_at: Mapped[datetime]


class Placing(Model):
    """Who stands where. One booth for an exhibitor, one exhibitor for a booth, as long as it is not released.

    `pinned`: the office wants it so, and no run moves it. Seen by nobody outside the office before `published_at`.
    """

    __tablename__ = "fair_placings"
    __table_args__ = (
        Index(
            "uq_fair_placings_booth_id",
            "booth_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
        Index(
            "uq_fair_placings_application_id",
            "application_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: Mapped[RowId]
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"))
    booth_id: Mapped[int] = mapped_column(ForeignKey("fair_booths.id"))
    pinned: Mapped[bool] = mapped_column(default=False)
    placed_at: Mapped[datetime]
    placed_by: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]

    application: Mapped[Application] = related()
    booth: Mapped[Booth] = related()


class FeeMethod(StrEnum):
    CASH = "cash"
    TRANSFER = "transfer"


class FeeReceipt(Model):
    """Money that an exhibitor gave for its booth, as the office wrote it down. One transfer is written down once."""

    __tablename__ = "fair_fee_receipts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(method = 'transfer') = (bank_reference IS NOT NULL)", name="reference"),
    )

    id: Mapped[RowId]
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"), index=True)
    amount: Mapped[Money]
    method: Mapped[FeeMethod] = mapped_column(choice(FeeMethod, "method"))
    bank_reference: Mapped[str | None] = mapped_column(String(120), unique=True)
    received_at: Mapped[datetime]
    received_by: Mapped[str] = mapped_column(String(200))
    refunded_at: Mapped[datetime | None]


class FeeCharge(Model):
    """A charge by which an exhibitor pays for its booth online; how it stands, its payment says."""

    __tablename__ = "fair_fee_charges"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charges.id"), primary_key=True, autoincrement=False)
    application_id: Mapped[int] = mapped_column(ForeignKey("fair_applications.id"), index=True)


class FeeWaiver(Model):
    """The office asks no fee of an exhibitor, and says why."""

    __tablename__ = "fair_fee_waivers"

    application_id: Mapped[int] = mapped_column(
        ForeignKey("fair_applications.id"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(String(300))
    waived_at: Mapped[datetime]
    waived_by: Mapped[str] = mapped_column(String(200))


class ToldStep(Model):
    """A step of an edition of which producers and exhibitors were told what concerns them."""

    __tablename__ = "fair_steps_told"

    step_id: Mapped[int] = mapped_column(ForeignKey("fair_steps.id"), primary_key=True, autoincrement=False)
    told_at: Mapped[datetime]
