"""Demands of distributors."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.catalog.rules import Unit, months_of
from marketplace.trade.distributors.models import Distributor


class DemandState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


TRANSITIONS: dict[DemandState, frozenset[DemandState]] = {
    DemandState.DRAFT: frozenset({DemandState.OPEN, DemandState.CLOSED}),
    DemandState.OPEN: frozenset({DemandState.PAUSED, DemandState.CLOSED}),
    DemandState.PAUSED: frozenset({DemandState.OPEN, DemandState.CLOSED}),
    DemandState.CLOSED: frozenset(),
}


class Criterion(StrEnum):
    """What a demand may ask. Product sets and a certificate in force are always insisted on and not among these."""

    STARS = "stars"
    PAPERS = "papers"
    INVOICE = "invoice"
    BARCODE = "barcode"
    TRACEABILITY = "traceability"
    VOLUME = "volume"
    PRICE = "price"
    ORDER_SIZE = "order_size"
    PACKAGING = "packaging"
    PLACES = "places"
    STORAGE = "storage"
    TRANSIT = "transit"
    SHELF_LIFE = "shelf_life"
    LISTING_FEE = "listing_fee"
    DISCOUNT = "discount"
    PAYMENT = "payment"
    CONSIGNMENT = "consignment"
    SEASON = "season"
    EXCLUSIVITY = "exclusivity"


class Storage(StrEnum):
    """How goods are kept, from the plainest on: who can keep frozen goods need not be able to keep cool ones."""

    AMBIENT = "ambient"
    COOL = "cool"  # 0 to 8 degrees
    FROZEN = "frozen"  # -18 degrees and below


class Demand(Model):
    """What one distributor seeks. What is None or empty is not asked.

    Amounts are in `unit` (a weight, a volume, pieces); `price_ceiling` is dong for one of it, tax included. `season` is
    a mask of months (bit 0 is January; 0 the whole year). `insisted` holds the codes of the criteria that exclude; the
    others only weigh. `shelf_life_left` is the least share of the shelf life left on delivery, in percent.
    """

    __tablename__ = "demands"
    __table_args__ = (
        CheckConstraint("least_stars BETWEEN 3 AND 5", name="least_stars"),
        CheckConstraint("volume_from > 0 AND (volume_until IS NULL OR volume_until >= volume_from)", name="volume"),
        CheckConstraint("price_ceiling IS NULL OR price_ceiling > 0", name="price_ceiling"),
        CheckConstraint("order_size IS NULL OR order_size > 0", name="order_size"),
        CheckConstraint("transit_days IS NULL OR transit_days BETWEEN 0 AND 60", name="transit_days"),
        CheckConstraint("shelf_life_days IS NULL OR shelf_life_days > 0", name="shelf_life_days"),
        CheckConstraint("shelf_life_left IS NULL OR shelf_life_left BETWEEN 1 AND 100", name="shelf_life_left"),
        CheckConstraint("listing_fee IS NULL OR listing_fee >= 0", name="listing_fee"),
        CheckConstraint("discount IS NULL OR discount BETWEEN 0 AND 60", name="discount"),
        CheckConstraint("payment_days IS NULL OR payment_days BETWEEN 0 AND 180", name="payment_days"),
        CheckConstraint("season BETWEEN 0 AND 4094", name="season"),
        CheckConstraint("wanted_until IS NULL OR wanted_until >= wanted_from", name="wanted"),
        Index("ix_demands_distributor_id", "distributor_id"),
        Index("ix_demands_state", "state", "opened_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id", ondelete="CASCADE"))
    state: Mapped[DemandState] = mapped_column(choice(DemandState, "state"))
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    folded: Mapped[str] = mapped_column(Text, default="")  # title, note and names of the sets, for finding
    sets: Mapped[list[str]] = mapped_column(JSON)  # product set codes, at least one
    least_stars: Mapped[int] = mapped_column(default=3)
    papers: Mapped[list[str]] = mapped_column(JSON, default=list)  # codes of `rules.wanted_papers`
    invoice: Mapped[bool] = mapped_column(default=False)
    barcode: Mapped[bool] = mapped_column(default=False)
    traceability: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[Unit] = mapped_column(choice(Unit, "unit"))
    volume_from: Mapped[int]  # a month
    volume_until: Mapped[int | None]
    price_ceiling: Mapped[Money | None]
    order_size: Mapped[int | None]  # what is usually ordered at once
    packagings: Mapped[list[str]] = mapped_column(JSON, default=list)  # any of these
    places: Mapped[list[str]] = mapped_column(JSON, default=list)  # communes or former districts: system:code
    storages: Mapped[list[str]] = mapped_column(JSON, default=list)  # what the distributor can keep
    transit_days: Mapped[int | None]  # how long goods are on the way to it
    shelf_life_days: Mapped[int | None]  # the least whole shelf life
    shelf_life_left: Mapped[int | None]
    listing_fee: Mapped[Money | None]  # that it charges for a new article
    discount: Mapped[int | None]  # percent off the retail price that it asks
    payment_days: Mapped[int | None]  # after which it pays
    consignment: Mapped[bool] = mapped_column(default=False)  # it pays for what was sold
    exclusive: Mapped[bool] = mapped_column(default=False)  # in its area
    season: Mapped[int] = mapped_column(default=0)
    insisted: Mapped[list[str]] = mapped_column(JSON, default=list)
    delivery_province_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))
    wanted_from: Mapped[date]
    wanted_until: Mapped[date | None]
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    closed_reason: Mapped[str] = mapped_column(String(300), default="")

    distributor: Mapped[Distributor] = related()
    delivery_province: Mapped[AdministrativeUnit | None] = related()

    @property
    def months(self) -> frozenset[int]:
        """The months in which it is wanted."""
        return months_of(self.season)

    def seen_on(self, day: date) -> bool:
        """Whether producers see it on a day: the same as `queries.wanted`; its distributor is loaded."""
        lasts = self.wanted_until is None or self.wanted_until >= day
        return self.state is DemandState.OPEN and lasts and self.distributor.verified

    def insists(self, criterion: Criterion) -> bool:
        """Whether an offer that misses it is excluded."""
        return criterion.value in self.insisted
