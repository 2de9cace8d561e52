"""A year's plan with its targets; sums of sales that the worker keeps, and as of when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.registry.certification.models import Certificate

FIRST_YEAR, LAST_YEAR = 2018, 2100
MOST_COUNTED = 10_000_000


class Indicator(StrEnum):
    NEW_PRODUCTS = "new_products"  # certified for the first time, 3 stars or more
    UPGRADES = "upgrades"  # more stars than by the certificate before
    PRIORITY_PRODUCTS = "priority_products"  # new ones of the sets that the plan prefers
    SHOWCASE_POINTS = "showcase_points"
    PEOPLE_REACHED = "people_reached"
    ACTIVITIES = "activities"
    PRODUCERS_SUPPORTED = "producers_supported"


class Dimension(StrEnum):
    SET = "set"
    KIND = "kind"
    LED = "led"


class EffectKind(StrEnum):
    CERTIFICATION = "certification"
    UPGRADE = "upgrade"


class PlanYear(Model):
    """A province's plan for a year, by a decision. `version` counts its changes."""

    __tablename__ = "plan_years"
    __table_args__ = (
        UniqueConstraint("province_id", "year"),
        CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year"),
        CheckConstraint("decision_number <> ''", name="decision"),
    )

    id: Mapped[RowId]
    province_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))
    year: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    decision_number: Mapped[str] = mapped_column(String(64))
    decided_on: Mapped[date]
    priority_sets: Mapped[list[str]] = mapped_column(JSON, default=list)  # processed and traditional goods
    updated_at: Mapped[datetime]
    updated_by: Mapped[str] = mapped_column(String(120))

    targets: Mapped[list["PlanTarget"]] = related(
        order_by="PlanTarget.id", back_populates="plan", cascade="all, delete-orphan"
    )


class PlanTarget(Model):
    """What a unit, the province or a former district, is to reach: at least, at most where the plan says so."""

    __tablename__ = "plan_targets"
    __table_args__ = (
        UniqueConstraint("plan_id", "indicator", "unit_id"),
        CheckConstraint(f"least BETWEEN 0 AND {MOST_COUNTED}", name="least"),
        CheckConstraint(f"most IS NULL OR most BETWEEN least AND {MOST_COUNTED}", name="most"),
        CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),
        Index("ix_plan_targets_unit_id", "unit_id"),
    )

    id: Mapped[RowId]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_years.id", ondelete="CASCADE"))
    indicator: Mapped[Indicator] = mapped_column(choice(Indicator, "indicator"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))
    least: Mapped[int]
    most: Mapped[int | None]
    weight: Mapped[int] = mapped_column(default=1)  # how much it matters beside the others, 5 most

    plan: Mapped[PlanYear] = related(back_populates="targets")
    unit: Mapped[AdministrativeUnit] = related()


class SalesSum(Model):
    """A month's sales of a unit's producers, by one dimension: the sums of a dimension's keys are the whole.

    A unit is a commune, a former district or a province, each with rows of its own, so that a page reads few.
    """

    __tablename__ = "sales_sums"

    unit_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"), primary_key=True)
    dimension: Mapped[Dimension] = mapped_column(choice(Dimension, "dimension"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    key: Mapped[str] = mapped_column(String(16), primary_key=True)  # a set's code, a kind, or who leads
    lines: Mapped[int]
    units: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[Money]


class SalesEffect(Model):
    """What a product sold a month before and after a certificate, in as many months as can be compared."""

    __tablename__ = "sales_effects"
    __table_args__ = (CheckConstraint("pairs BETWEEN 0 AND 11", name="pairs"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[EffectKind] = mapped_column(choice(EffectKind, "kind"))
    pairs: Mapped[int]
    before: Mapped[Money]  # on average a month, over the months compared
    after: Mapped[Money]

    certificate: Mapped[Certificate] = related()


class SalesChange(Model):
    """What certification and upgrade came to over a unit's products, by `rules.change_of`; no unit: over all."""

    __tablename__ = "sales_changes"
    __table_args__ = (
        UniqueConstraint("unit_id", "kind"),
        Index(
            "uq_sales_changes_all",
            "kind",
            unique=True,
            sqlite_where=text("unit_id IS NULL"),
            postgresql_where=text("unit_id IS NULL"),
        ),
        CheckConstraint("products >= 0 AND left_out >= 0", name="counts"),
        CheckConstraint("(low IS NULL) = (high IS NULL) AND (low IS NULL) = (products < 2)", name="interval"),
    )

    id: Mapped[RowId]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))
    kind: Mapped[EffectKind] = mapped_column(choice(EffectKind, "kind"))
    products: Mapped[int]
    left_out: Mapped[int]
    before: Mapped[Money]  # of a product a month, on average
    after: Mapped[Money]
    low: Mapped[int | None] = mapped_column(BigInteger)  # the interval of the change; none for one product alone
    high: Mapped[int | None] = mapped_column(BigInteger)


class SalesCount(Model):
    """As of when the sums stand: one row. `seen_event` is the last step of an order's part that they know."""

    __tablename__ = "sales_counts"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen_event: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[datetime]
    whole_at: Mapped[datetime]  # when everything was last counted anew
