"""How far goods may travel: kilometres over ground, days on the way, and what decides where the map is silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.people.places.models import AdministrativeUnit
from marketplace.shop.delivery.queries import beyond
from marketplace.shop.delivery.rules import (
    OutOfReach,
    Reach,
    distance_km,
    great_circle_km,
    out_of_reach,
)

HANOI, SAIGON = (21.0278, 105.8342), (10.7769, 106.7009)
PLACES = st.tuples(st.floats(8, 24), st.floats(102, 110))


def test_a_known_distance() -> None:
    assert round(great_circle_km(HANOI, SAIGON)) == 1144
    assert great_circle_km(HANOI, HANOI) == 0


@given(PLACES, PLACES)
def test_there_is_as_far_as_back(a: tuple[float, float], b: tuple[float, float]) -> None:
    assert great_circle_km(a, b) == pytest.approx(great_circle_km(b, a))
    assert 0 <= great_circle_km(a, b) < 2000


def test_the_province_decides_where_the_map_is_silent() -> None:
    assert distance_km(None, HANOI, same_province=True) == 0
    assert distance_km(HANOI, None, same_province=False) == 300
    assert distance_km(HANOI, SAIGON, same_province=False) == 1144


@pytest.mark.parametrize(
    ("reach", "found"),
    [
        (Reach(), None),
        (Reach(days=4, km=250), None),
        (Reach(days=3), OutOfReach(days=4)),
        (Reach(km=249), OutOfReach(km=250)),
        (Reach(days=3, km=9), OutOfReach(km=250, days=4)),
    ],
)
def test_both_ends_are_within(reach: Reach, found: OutOfReach | None) -> None:
    assert out_of_reach(reach, km=250, days=4) == found


def test_communes_with_and_without_a_place() -> None:
    lai_chau, ha_noi = AdministrativeUnit(code="12"), AdministrativeUnit(code="01")
    home = AdministrativeUnit(code="03390", parent=lai_chau, latitude=22.3, longitude=103.6)
    near = AdministrativeUnit(code="03388", parent=lai_chau, latitude=22.4, longitude=103.45)
    lost = AdministrativeUnit(code="00004", parent=ha_noi)
    assert beyond(Reach(days=3, km=50), origin=home, destination=near) is None
    assert beyond(Reach(days=2), origin=home, destination=near) == OutOfReach(days=3)
    assert beyond(Reach(km=299), origin=home, destination=lost) == OutOfReach(km=300)
    assert beyond(Reach(km=300), origin=home, destination=lost) is None
    assert beyond(Reach(km=1, days=1), origin=lai_chau, destination=lai_chau) == OutOfReach(days=3)
