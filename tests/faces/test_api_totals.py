"""What the API says goods cost is what the order costs; what it cannot read it tells by parameter."""

from datetime import datetime

import pytest
from flask import Flask

from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers
from tests.builders import ADDRESS, BY, make_offer, make_order, make_producer
from tests.conftest import Client


def test_as_the_order_costs(app: Flask, client: Client, at: datetime) -> None:
    noodles, tea = (
        make_offer("Miến", at=at, stock=40),
        make_offer("Trà", at=at, producer=make_producer("HTX Trà", at=at)),
    )
    with transaction():
        set_tiers(sku=noodles.sku, tiers=[Tier(10, Money(45_000))], by=BY, at=at)
    to = ADDRESS.province_code
    asked = f"/api/v1/totals?item={noodles.sku}:10&item={tea.sku}:1&province={to}"
    told = client.get(asked).get_json()
    order = make_order((noodles, 10), (tea, 1), at=at)
    assert (told["goods_vnd"], told["shipping_vnd"], told["total_vnd"]) == (
        order.goods_total.amount,
        order.shipping_total.amount,
        order.total.amount,
    )
    assert sum(part["total_vnd"] for part in told["parts"]) == told["total_vnd"]
    lines = [line for part in told["parts"] for line in part["lines"]]
    assert {line["sku"]: (line["unit_vnd"], line["available"]) for line in lines} == {
        noodles.sku: (45_000, True),
        tea.sku: (50_000, True),
    }


def test_more_than_there_is_is_told(client: Client, at: datetime) -> None:
    goods = make_offer(at=at, stock=3)
    (part,) = client.get(f"/api/v1/totals?item={goods.sku}:3&item={goods.sku}:1&province=12").get_json()["parts"]
    assert part["lines"][0]["available"] is False


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 422, "item"),
        ("item={sku}:x&province=12", 422, "item"),
        ("item={sku}:0&province=12", 422, "item"),
        ("item={sku}&province=12", 422, "item"),
        ("item={sku}:1&province=99", 422, "province"),
        ("item=KHONG:1&province=12", 404, ""),
        ("item={sku}:999&province=12", 409, ""),
    ],
)
def test_what_it_cannot_reckon(client: Client, at: datetime, query: str, status: int, field: str) -> None:
    goods = make_offer(at=at)
    answer = client.get(f"/api/v1/totals?{query.format(sku=goods.sku)}")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert field in answer.text
