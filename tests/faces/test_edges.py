"""Numbers and days at the edge of what fits: told in words beside the field, what was typed kept, nothing changed."""

import csv
import io
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db
from marketplace.platform.imports.models import ImportState, StagedImport
from marketplace.platform.jobs.worker import run_sweep
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.inventory.models import Stock, StockBatch
from tests.builders import make_offer, make_producer, make_user
from tests.conftest import Client
from tests.faces.test_grid import typed
from tests.faces.test_listing_editor import LABEL
from tests.pages import send, sign_in, token

NUMBERS = ("0", "-1", "1e5", "1e999999999", "sNaN", "５００", "9999999", "9" * 12, str(10**30), "9" * 5000)
DAYS = ("0001-01-01", "9999-12-31", "1700-05-05", "0000-00-00", "10000-01-01", "1e5")
VARIANT = {"net_quantity": "500", "net_unit": "g", "packaging": "bag", "price": "80.000", "weight_g": "560"}


@pytest.fixture
def owner(client: Client, at: datetime) -> User:
    user = make_user(Role.PRODUCER, at=at)
    sign_in(client, user)
    return user


@pytest.fixture
def goods(owner: User, at: datetime) -> Variant:
    return make_offer("Rượu ngô", at=at, producer=make_producer(at=at, user=owner), stock=7)


def facts(sku: str) -> tuple[object, ...]:
    """What the variant and its stock are."""
    db.session.rollback()
    row = db.session.execute(
        select(Variant.price, Variant.weight_g, Variant.net_quantity, Variant.least_quantity, Variant.most_quantity)
        .add_columns(Listing.shelf_life_days, Listing.max_transit_days, Stock.on_hand, Stock.low_at)
        .join(Variant.listing)
        .join(Stock, Stock.variant_id == Variant.id)
        .where(Variant.sku == sku)
    ).one()
    db.session.rollback()
    return tuple(row)


@pytest.mark.parametrize("field", ["net_quantity", "price", "weight_g", "least_quantity", "most_quantity"])
def test_a_variants_numbers(client: Client, goods: Variant, field: str) -> None:
    here, before = f"/producer/listings/{goods.listing.slug}/variants/{goods.sku}", facts(goods.sku)
    for number in NUMBERS:
        answer = send(client, here, **{**VARIANT, field: number})
        if answer.status_code == 302:
            assert number in ("9999999", "0"), number  # right where it stands
            before = facts(goods.sku)
            continue
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), number
        assert f'value="{number.strip()}"' in answer.text, number
        assert facts(goods.sku) == before


@pytest.mark.parametrize(("field", "right"), [("shelf_life_days", {"５００"}), ("ethanol", set())])
def test_a_labels_numbers(client: Client, goods: Variant, at: datetime, field: str, right: set[str]) -> None:
    if field == "ethanol":
        goods = make_offer("Rượu", at=at, producer=goods.listing.product.producer, set_code="II.1.a")
    here, before = f"/producer/listings/{goods.listing.slug}/label", facts(goods.sku)
    for number in NUMBERS:
        answer = send(client, here, **{**LABEL, "warnings": "Không uống khi lái xe", "ethanol": "29,5", field: number})
        if answer.status_code != 302:
            assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), number
            assert facts(goods.sku) == before
        else:
            assert number in right, number
            before = facts(goods.sku)


@pytest.mark.parametrize("field", ["capacity_per_month", "max_transit_days", "delivery_radius_km"])
def test_the_numbers_of_how_it_is_sold(client: Client, goods: Variant, field: str) -> None:
    here, before = f"/producer/listings/{goods.listing.slug}/terms", facts(goods.sku)
    for number in NUMBERS:
        answer = send(client, here, **{"capacity_unit": "kg", field: number})
        if answer.status_code == 302:
            assert (field, number) == ("capacity_per_month", "9999999")
            before = facts(goods.sku)
            continue
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), number
        assert facts(goods.sku) == before
    for number in NUMBERS:
        told = send(client, "/producer/terms", minimum_order=number, ready_from="1", ready_until="2")
        assert told.status_code in (302, 422), number
        told = send(client, "/producer/terms", minimum_order="0", ready_from=number, ready_until=number)
        assert told.status_code in (302, 422), number


def test_the_numbers_and_days_of_stock(client: Client, goods: Variant) -> None:
    here = f"/producer/stock/{goods.sku}"
    shown = {"price_seen": "50000", "seen": "7", "counts": "1", "batch": "-", "reason": "Mốc"}
    before = facts(goods.sku)
    for number in NUMBERS:
        for path, name in (
            (here, "price"),
            (here, "counted"),
            (f"{here}/receive", "units"),
            (f"{here}/count", "counted"),
            (f"{here}/write-off", "units"),
            (f"{here}/low", "low_at"),
            (f"{here}/tiers", "from_1"),
            (f"{here}/tiers", "price_1"),
        ):
            given = {"price": "50.000", "counted": "7", "from_1": "10", "price_1": "45.000", **shown, name: number}
            if (name, number) == ("price", "9999999") or (
                number == "0" and path in (here, f"{here}/low", f"{here}/count")
            ):
                continue
            answer = send(client, path, **given)
            assert (answer.status_code, number) in ((422, number), (409, number)), (path, name)
            assert number[:40].strip() in answer.text, (path, name, number)
            assert facts(goods.sku) == before, (path, name, number)
        if number != "0":
            given = {"price": "50.000", "counted": "8", **shown, "counts": number}
            assert send(client, here, **given).status_code == 409, number
    before = facts(goods.sku)
    for day in DAYS:
        for name in ("made_on", "expires_on"):
            answer = send(client, f"{here}/receive", units="1", counts="1", **{name: day})
            assert (answer.status_code, f'value="{day}"' in answer.text) == (422, True), (name, day)
            assert facts(goods.sku) == before
        assert send(client, f"/producer/listings/{goods.listing.slug}/rest", back_on=day).status_code == 422, day


def test_the_grids_cells(client: Client, goods: Variant) -> None:
    before = facts(goods.sku)
    for number in NUMBERS:
        for column in ("price", "counted", "low_at", "least_quantity", "most_quantity", "weight_g"):
            answer = send(client, "/producer/grid", **{**typed(client), f"{column}:{goods.sku}": number})
            if answer.status_code == 302:
                assert (column, number) in {
                    ("price", "9999999"),
                    ("counted", "0"),
                    ("low_at", "0"),
                }
                before = facts(goods.sku)
                continue
            assert (answer.status_code, number) == (422, number), column
            assert f'value="{number}"' in answer.text, (column, number)
            assert facts(goods.sku) == before, (column, number)


def test_the_own_goods_file(app: Flask, client: Client, goods: Variant) -> None:
    columns = (
        "price_vnd",
        "low_at",
        "least_quantity",
        "most_quantity",
        "weight_g",
        "stock",
        "tiers",
        "active",
        "net_quantity",
    )
    before = facts(goods.sku)
    for number in NUMBERS[1:-1]:
        out = io.StringIO()
        rows = csv.DictWriter(out, ["sku", *columns], restval="")
        rows.writeheader()
        bad = {"price_vnd": "50000", "weight_g": "500", "sku": goods.sku}
        rows.writerows({**bad, column: number} for column in columns)
        files = {"csrf_token": token(client), "file": (io.BytesIO(out.getvalue().encode()), "hàng\0\u202e.csv")}
        answer = client.post("/producer/goods/", data=files)
        assert answer.status_code == 302, number
        run_sweep(app, "jobs")
        assert client.get(answer.headers["Location"]).status_code == 200
    db.session.rollback()
    assert set(db.session.scalars(select(StagedImport.state))) == {ImportState.CHECKED}
    assert db.session.scalar(select(func.count(StockBatch.id))) == 1
    assert facts(goods.sku) == before
