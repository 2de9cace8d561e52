"""The grid of goods as a producer uses it: with a browser that has no JavaScript."""

import re
from datetime import datetime

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.services import set_price
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.inventory.services import BatchFacts, receive_batch, set_low_mark
from tests.builders import BY, make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import Client
from tests.pages import send, sign_in

GRID = "/producer/grid"


@pytest.fixture
def owner(client: Client, at: datetime) -> User:
    user = make_user(Role.PRODUCER, at=at)
    sign_in(client, user)
    return user


def typed(client: Client, address: str = GRID) -> dict[str, str]:
    """Everything the form would send, as it stands."""
    page = client.get(address).text
    form = page[page.index("data-once") :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if facts.get("type") != "checkbox" or " checked" in tag:
            found[facts["name"]] = facts.get("value", "")
    return found


def price(variant: Variant) -> Money:
    db.session.rollback()
    found = db.session.get_one(Variant, variant.id).price
    db.session.expunge_all()
    db.session.rollback()
    return found


def test_edited_cells_are_saved(app: Flask, client: Client, owner: User, at: datetime) -> None:
    producer = make_producer(at=at, user=owner)
    a, b = make_offer("Miến", at=at, producer=producer), make_offer("Trà", at=at, producer=producer)
    foreign = make_offer("Của người khác", at=at)
    page = client.get(GRID).text
    assert [each.sku in page for each in (a, b, foreign)] == [True, True, False]
    answer = send(client, GRID, **{**typed(client), f"price:{a.sku}": "55.000 ₫", f"counted:{b.sku}": "12"})
    assert "Đã lưu 2 ô." in client.get(answer.headers["Location"]).text
    assert (price(a), price(b), on_hand([a.id, b.id])) == (Money(55_000), Money(50_000), {a.id: 10, b.id: 12})
    db.session.rollback()
    assert send(client, GRID, **typed(client)).status_code == 302
    forged = {f"seen:{foreign.sku}": "50000,10,,1,,500,1,1", f"price:{foreign.sku}": "1"}
    assert send(client, GRID, **forged).status_code == 302
    assert price(foreign) == Money(50_000)


def test_a_bad_cell_is_told_beside_itself_with_what_was_typed(client: Client, owner: User, at: datetime) -> None:
    producer = make_producer(at=at, user=owner)
    a, b = make_offer("Miến", at=at, producer=producer), make_offer("Trà", at=at, producer=producer)
    for wrong, words in (
        ("rẻ", "Nhập bằng chữ số."),
        ("", "Ô này còn trống."),
        ("0", "Giá từ 1 đồng đến 1 tỉ đồng."),
    ):
        answer = send(client, GRID, **{**typed(client), f"price:{a.sku}": wrong, f"weight_g:{b.sku}": "777"})
        assert answer.status_code == 422
        assert f'<a href="#price-{a.sku}">{a.sku}, Giá, đồng: {words}</a>' in answer.text
        assert f'id="price-{a.sku}-error"' in answer.text
        assert re.search(rf'id="price-{a.sku}"[^>]*value="{wrong}"', answer.text)
        assert re.search(rf'id="weight_g-{b.sku}"[^>]*value="777"', answer.text)
    assert (price(a), db.session.get_one(Variant, b.id).weight_g) == (Money(50_000), 500)


def test_what_another_changed_is_told_and_saved_the_second_time(client: Client, owner: User, at: datetime) -> None:
    a = make_offer("Miến", at=at, producer=make_producer(at=at, user=owner))
    shown = typed(client)
    with transaction():
        set_price(sku=a.sku, price=Money(52_000), by=BY, at=at)
    answer = send(client, GRID, **{**shown, f"price:{a.sku}": "55000"})
    assert (answer.status_code, "Vừa có người đổi thành 52000" in answer.text) == (422, True)
    assert price(a) == Money(52_000)
    seen = re.search(rf'name="seen:{a.sku}" value="([^"]+)"', answer.text)
    assert seen is not None
    again = {**shown, f"seen:{a.sku}": seen.group(1), f"price:{a.sku}": "55000"}
    assert send(client, GRID, **again).status_code == 302
    assert price(a) == Money(55_000)
    for forged in ("", "x", "1,2", "1,,,,,,,²"):
        assert send(client, GRID, **{**again, f"seen:{a.sku}": forged, f"price:{a.sku}": "1"}).status_code == 302
    assert price(a) == Money(55_000)


def test_which_cells_there_are_and_filters(client: Client, owner: User, at: datetime) -> None:
    producer = make_producer(at=at, user=owner)
    a, b = make_offer("Miến", at=at, producer=producer), make_offer("Trà", at=at, producer=producer)
    _, stay = make_listing(make_product(producer, "Nhà sàn", at=at, set_code="VI.1"), at=at, weight_g=None)
    with transaction():
        receive_batch(sku=a.sku, facts=BatchFacts(5, "L"), counts=1, by=BY, at=at)
        set_low_mark(sku=b.sku, low_at=10, by=BY, at=at)
        db.session.get_one(Variant, stay.id).active = False
    cells = typed(client)
    assert [f"{column}:{a.sku}" in cells for column in ("price", "counted", "active")] == [True, False, True]
    assert [f"{column}:{stay.sku}" in cells for column in ("price", "seen", "active")] == [False, True, False]
    slug = db.session.get_one(Listing, a.listing_id).slug
    for asked, found in (
        ("low=1", [b]),
        (f"listing={slug}", [a]),
        ("state=published", [a, b, stay]),
        ("state=draft", []),
        ("listing=khong-co", []),
    ):
        page = client.get(f"{GRID}?{asked}").text
        assert [each for each in (a, b, stay) if f"seen:{each.sku}" in page] == found
    answer = send(client, f"{GRID}?low=1&nonsense=1", **{**typed(client, f"{GRID}?low=1"), f"price:{b.sku}": "51000"})
    assert answer.headers["Location"] == f"{GRID}?low=1"
    assert price(b) == Money(51_000)
    send(client, GRID, **{**typed(client), f"active:{stay.sku}": "1"})
    assert db.session.get_one(Variant, stay.id).active
