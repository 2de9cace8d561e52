"""Shipping by weight and zone."""

import pytest

from marketplace.platform.core.money import Money
from marketplace.shop.delivery.queries import quote_parcel, rates, regions
from marketplace.shop.delivery.rules import TooHeavy, Zone, quote, zone_between


@pytest.mark.parametrize(
    ("zone", "grams", "dong"),
    [
        (Zone.PROVINCE, 1, 18_000),
        (Zone.PROVINCE, 500, 18_000),
        (Zone.PROVINCE, 501, 20_500),
        (Zone.PROVINCE, 1000, 20_500),
        (Zone.REGION, 1001, 33_000),
        (Zone.COUNTRY, 50_000, 32_000 + 99 * 5_500),
    ],
)
def test_each_step_begun_counts(zone: Zone, grams: int, dong: int) -> None:
    assert quote(rates(), zone, grams).price == Money(dong)


def test_zones() -> None:
    assert len(regions()) == 34
    assert zone_between("12", "12", regions()) is Zone.PROVINCE
    assert zone_between("12", "14", regions()) is Zone.REGION
    assert zone_between("12", "79", regions()) is Zone.COUNTRY


def test_a_parcel_has_a_greatest_weight() -> None:
    assert quote_parcel(origin="12", destination="01", weight_g=50_000, producer="HTX").days == (3, 6)
    with pytest.raises(TooHeavy) as refused:
        quote_parcel(origin="12", destination="01", weight_g=50_001, producer="HTX")
    assert refused.value.facts == {"producer": "HTX", "kg": 50}
