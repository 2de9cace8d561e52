"""The rates in force and the regions of provinces, read once from their data files."""

import csv
import json
from functools import cache
from pathlib import Path

from marketplace.shop.delivery.rules import Quote, Rates, TooHeavy, Zone, ZoneRate, quote, zone_between

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


def quote_parcel(*, origin: str, destination: str, weight_g: int, producer: str) -> Quote:
    """What sending one producer's goods costs, from province to province; raises TooHeavy naming the producer."""
    table = rates()
    if weight_g > table.heaviest_g:
        raise TooHeavy(producer=producer, kg=table.heaviest_g // 1000)
    return quote(table, zone_between(origin, destination, regions()), weight_g)
