"""What a demand says, and how two parties stand to each other, as the gates and the score read it."""

from dataclasses import dataclass
from datetime import date

from marketplace.platform.core.money import Money
from marketplace.shop.catalog.rules import Packaging, Unit
from marketplace.shop.delivery.rules import Place
from marketplace.trade.demands.models import Criterion, Demand, Storage
from marketplace.trade.distributors.models import DistributorKind


@dataclass(frozen=True)
class DemandFacts:
    """A demand as of a day. Amounts are in `unit`; None and empty are not asked. `place`: where goods go."""

    id: int
    code: str
    distributor_id: int
    channel: DistributorKind
    sets: tuple[str, ...]
    unit: Unit
    volume_from: int
    volume_until: int | None = None
    least_stars: int = 3
    papers: tuple[str, ...] = ()
    invoice: bool = False
    barcode: bool = False
    traceability: bool = False
    price_ceiling: Money | None = None
    order_size: int | None = None
    packagings: tuple[Packaging, ...] = ()
    places: tuple[str, ...] = ()  # `system:code` of communes or former districts
    storages: tuple[Storage, ...] = ()
    transit_days: int | None = None
    shelf_life_days: int | None = None
    shelf_life_left: int | None = None
    listing_fee: Money | None = None
    discount: int | None = None
    payment_days: int | None = None
    consignment: bool = False
    exclusive: bool = False
    months: frozenset[int] = frozenset(range(1, 13))
    insisted: frozenset[Criterion] = frozenset()
    place: Place | None = None

    def insists(self, criterion: Criterion) -> bool:
        """Whether an offer that misses it is excluded."""
        return criterion in self.insisted


def demand_facts(demand: Demand) -> DemandFacts:
    """The facts of a demand; its distributor and delivery province are loaded."""
    province = demand.delivery_province
    return DemandFacts(
        id=demand.id,
        code=demand.code,
        distributor_id=demand.distributor_id,
        channel=demand.distributor.kind,
        sets=tuple(demand.sets),
        unit=demand.unit,
        volume_from=demand.volume_from,
        volume_until=demand.volume_until,
        least_stars=demand.least_stars,
        papers=tuple(demand.papers),
        invoice=demand.invoice,
        barcode=demand.barcode,
        traceability=demand.traceability,
        price_ceiling=demand.price_ceiling,
        order_size=demand.order_size,
        packagings=tuple(Packaging(code) for code in demand.packagings),
        places=tuple(demand.places),
        storages=tuple(Storage(code) for code in demand.storages),
        transit_days=demand.transit_days,
        shelf_life_days=demand.shelf_life_days,
        shelf_life_left=demand.shelf_life_left,
        listing_fee=demand.listing_fee,
        discount=demand.discount,
        payment_days=demand.payment_days,
        consignment=demand.consignment,
        exclusive=demand.exclusive,
        months=demand.months,
        insisted=frozenset(Criterion(code) for code in demand.insisted),
        place=place_of(province.latitude, province.longitude) if province else None,
    )


def place_of(latitude: float | None, longitude: float | None) -> Place | None:
    """A point on the map, where both are known."""
    return None if latitude is None or longitude is None else (latitude, longitude)


@dataclass(frozen=True)
class Between:
    """How two parties stand to each other, and what is known of each's doing.

    `kept`, `asked`: parts of orders the producer sent, of those placed with it. `answered`, `approached`: roads on
    which the distributor went as far as a quotation's answer, of those it was quoted on.
    """

    refused_by_buyer: bool = False
    refused_by_producer: bool = False
    supplies: bool = False  # a contract of the two runs already
    met_on: date | None = None  # their last meeting held
    kept: int = 0
    asked: int = 0
    answered: int = 0
    approached: int = 0
