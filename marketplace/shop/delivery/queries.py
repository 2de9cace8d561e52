"""The rates in force and the regions of provinces, read once from their data files."""

import csv
import json
from functools import cache
from pathlib import Path

from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.money import Money
from marketplace.shop.delivery.rules import (
    OutOfReach,
    Place,
    Quote,
    Rates,
    Reach,
    TooHeavy,
    Zone,
    ZoneRate,
    distance_km,
    out_of_reach,
    quote,
    zone_between,
)

DATA = Path(__file__).parent / "data"


@cache
def rates() -> Rates:
    """The table of `data/rates.json`."""
    table = json.loads((DATA / "rates.json").read_text(encoding="utf-8"))
    zones = {
        Zone(name): ZoneRate(z["first"], z["step"], (z["days"][0], z["days"][1])) for name, z in table["zones"].items()
    }
    return Rates(table["first_g"], table["step_g"], table["heaviest_g"], zones)


@cache
def regions() -> dict[str, str]:
    """The region of each province of today, by code, of `data/provinces.csv`."""
    with (DATA / "provinces.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["region"] for row in csv.DictReader(file)}


def quote_parcel(*, origin: str, destination: str, weight_g: int, producer: str, several: bool = False) -> Quote:
    """What sending one producer's goods costs, from province to province; raises TooHeavy naming the producer.

    With `several` goods beyond a parcel's weight go as full parcels and a rest, each at its own price.
    """
    table, zone = rates(), zone_between(origin, destination, regions())
    full, rest = divmod(weight_g, table.heaviest_g)
    if not several or full == 0 or (full, rest) == (1, 0):
        if weight_g > table.heaviest_g:
            raise TooHeavy(producer=producer, kg=table.heaviest_g // 1000)
        return quote(table, zone, weight_g)
    whole = quote(table, zone, table.heaviest_g)
    last = quote(table, zone, rest).price if rest else Money(0)
    return Quote(zone, whole.price * full + last, whole.days)


def beyond(reach: Reach, *, origin: AdministrativeUnit, destination: AdministrativeUnit) -> OutOfReach | None:
    """Why goods of this reach may not go from commune to commune, or None; their provinces are loaded."""
    home, away = (unit.parent.code if unit.parent else unit.code for unit in (origin, destination))
    km = distance_km(_place(origin), _place(destination), same_province=home == away)
    days = rates().zones[zone_between(home, away, regions())].days
    return out_of_reach(reach, km=km, days=days[1])


def _place(unit: AdministrativeUnit) -> Place | None:
    known = unit.latitude is not None and unit.longitude is not None
    return (unit.latitude or 0.0, unit.longitude or 0.0) if known else None
