"""The communes' map: every commune with a product has room for its number, and none lies on another."""

import re
from datetime import datetime
from itertools import combinations
from math import dist

from flask import Flask

from marketplace.faces.office_desk.programme_map import drawn
from marketplace.office.programme.register import Place
from marketplace.people.accounts.models import Role
from marketplace.people.places.models import AdministrativeUnit
from tests.builders import make_certificate, make_producer, make_product, make_user
from tests.conftest import Client
from tests.pages import sign_in


def test_the_smallest_dot_holds_its_number() -> None:
    numbers = (0, 1, 2, 60)
    units = [AdministrativeUnit(code=str(n), latitude=22 + n / 100, longitude=103.4) for n in numbers]
    points = drawn([Place(unit, n) for unit, n in zip(units, numbers, strict=True)]).points
    assert [(point.place.products, point.radius) for point in points] == [(60, 3.6), (2, 2.29), (1, 2.21), (0, 1.1)]
    for one, other in combinations(points, 2):
        assert dist((one.x, one.y), (other.x, other.y)) >= one.radius + other.radius


def test_every_commune_with_products_says_how_many(client: Client, app: Flask, at: datetime) -> None:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    for commune, goods in (("03390", ("A",)), ("03388", tuple("BCDEFG"))):
        maker = make_producer(f"Lò {commune}", at=at, commune=commune)
        for name in goods:
            make_certificate(make_product(maker, name, at=at), at=at)
    page = client.get("/office/programme").text
    assert sorted(re.findall(r'<text class="commune-map__text"[^>]*>(\d+)</text>', page)) == ["1", "6"]
