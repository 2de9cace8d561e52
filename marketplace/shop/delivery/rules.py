"""What it costs to send a weight, by zone, and how many days it takes; how far goods may travel."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_

SUNDAY = 6
EARTH_KM = 6371
ANOTHER_PROVINCE_KM = 300  # how far another province counts where a commune's place on the map is not known
Place = tuple[float, float]  # latitude, longitude


class TooHeavy(Conflict):
    """More than one parcel's greatest weight."""

    code = "too_heavy"
    message = N_("Phần hàng của %(producer)s nặng quá %(kg)d kg. Hãy bớt hàng hoặc chia làm hai đơn.")


class Zone(StrEnum):
    """How far a parcel goes."""

    PROVINCE = "province"
    REGION = "region"
    COUNTRY = "country"


@dataclass(frozen=True)
class ZoneRate:
    """`first` dong for the first weight step, `step` dong for each one begun after it."""

    first: int
    step: int
    days: tuple[int, int]


@dataclass(frozen=True)
class Rates:
    """One carrier's table in force. Weights are grams."""

    first_g: int
    step_g: int
    heaviest_g: int
    zones: dict[Zone, ZoneRate]


@dataclass(frozen=True)
class Quote:
    """What sending costs and, in days from the hand-over, when it arrives."""

    zone: Zone
    price: Money
    days: tuple[int, int]


def arrival(ordered_on: date, ready: tuple[int, int], carried: tuple[int, int]) -> tuple[date, date]:
    """The first and last day on which an order of this day is likely to arrive.

    `ready` and `carried` are days (from, until) to get ready and on the way. Sundays do not count: most makers and
    carriers rest.
    """
    return _after(ordered_on, ready[0] + carried[0]), _after(ordered_on, ready[1] + carried[1])


def _after(day: date, working_days: int) -> date:
    while working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() != SUNDAY
    return day


def zone_between(origin: str, destination: str, regions: dict[str, str]) -> Zone:
    """The zone between two provinces (codes); `regions` gives each province's region."""
    if origin == destination:
        return Zone.PROVINCE
    return Zone.REGION if regions[origin] == regions[destination] else Zone.COUNTRY


def quote(rates: Rates, zone: Zone, weight_g: int) -> Quote:
    """The price of one parcel of `weight_g` grams (positive), each weight step begun counting whole."""
    rate = rates.zones[zone]
    steps = max(0, -(-(weight_g - rates.first_g) // rates.step_g))
    return Quote(zone, Money(rate.first + rate.step * steps), rate.days)


def great_circle_km(a: Place, b: Place) -> float:
    """The distance over ground between two places, as the crow flies (haversine)."""
    (north, east), (other_north, other_east) = (map(radians, place) for place in (a, b))
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def distance_km(origin: Place | None, destination: Place | None, *, same_province: bool) -> int:
    """The whole kilometres between two communes; where one is not on the map its province decides."""
    if origin is None or destination is None:
        return 0 if same_province else ANOTHER_PROVINCE_KM
    return round(great_circle_km(origin, destination))


@dataclass(frozen=True)
class Reach:
    """How far goods may travel: days on the way at most, kilometres from the maker's commune; None: any."""

    days: int | None = None
    km: int | None = None


@dataclass(frozen=True)
class OutOfReach:
    """Why goods may not go to an address: how far it is, or how many days it may take; None where that is well."""

    km: int | None = None
    days: int | None = None


def out_of_reach(reach: Reach, *, km: int, days: int) -> OutOfReach | None:
    """What of an address is beyond the reach; None where goods may go. The days are those that it may take at most."""
    far = km if reach.km is not None and km > reach.km else None
    slow = days if reach.days is not None and days > reach.days else None
    return OutOfReach(far, slow) if far is not None or slow is not None else None
