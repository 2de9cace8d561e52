"""Stock and prices as a producer keeps them in the field: batches, counts, marks, prices by quantity."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from marketplace.faces.producer_desk.stock_forms import read_day
from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.inventory.models import Stock
from marketplace.shop.inventory.queries import batches_of, hands, on_hand
from marketplace.shop.inventory.services import BatchFacts, receive_batch, set_low_mark, take
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import Tier
from tests.builders import BY, make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import TODAY, Client, new_client
from tests.pages import send, sign_in


@pytest.fixture
def owner(client: Client, at: datetime) -> User:
    user = make_user(Role.PRODUCER, at=at)
    sign_in(client, user)
    return user


@pytest.fixture
def goods(owner: User, at: datetime) -> Variant:
    """Noodles whose label says 90 days, none on hand."""
    return make_offer(at=at, producer=make_producer(at=at, user=owner), stock=0)


def inside(variant: Variant) -> dict[str, tuple[int, date | None]]:
    db.session.rollback()
    found = {b.code: (b.units, b.expires_on) for b in batches_of([variant.id], empty=True).get(variant.id, [])}
    db.session.expunge_all()
    db.session.rollback()
    return found


def by_hand(variant: Variant) -> str:
    found = str(hands([variant.id]).get(variant.id, 0))
    db.session.rollback()
    return found


def test_a_batch_is_received_once(client: Client, goods: Variant, at: datetime) -> None:
    here = f"/producer/stock/{goods.sku}"
    assert "Chưa có hàng trong kho" in client.get(here).text
    typed = {"units": "1.200", "made_on": "2026-11-20", "counts": "0", "back": "stock"}
    answer = send(client, f"{here}/receive", **typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/producer/stock")
    assert inside(goods) == {"261120": (1200, date(2027, 2, 18))}  # the label's 90 days
    again = send(client, f"{here}/receive", **typed)
    assert (again.status_code, "Kho vừa thay đổi" in again.text) == (409, True)
    given = {"units": "5", "made_on": "20/11/2026", "expires_on": "31/12/2026", "code": "Mẻ 2", "counts": "1"}
    assert send(client, f"{here}/receive", **given).headers["Location"] == here
    assert inside(goods) == {"Mẻ 2": (5, date(2026, 12, 31)), "261120": (1200, date(2027, 2, 18))}
    page = client.get(here).text
    for words in (
        "Lô 261120",
        "làm 20/11/2026, hạn 18/02/2027",
        "còn trên 2/3 hạn",
        "dưới mức này",
        "+1200",
        "bán trước",
    ):
        assert words in page
    assert 'name="counted"' not in client.get("/producer/stock").text  # two batches are counted one by one


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"units": ""}, "units", "Nhập số lượng."),
        ({"units": "nhiều"}, "units", "Nhập số lượng bằng chữ số"),
        ({"units": "0"}, "units", "Số lượng từ 1 đến 1.000.000."),
        ({"made_on": "hôm qua"}, "made", "Nhập ngày như 31/12/2026."),
        ({"made_on": "2026-11-24"}, "made", "Ngày làm ra không ở sau hôm nay"),
        ({"expires_on": "2026-11-01"}, "expires", "Hạn dùng không trước ngày làm ra."),
        ({"made_on": "2026-01-01"}, "expires", "Hạn dùng từ hôm nay trở đi"),
        ({"note": "x" * 201}, "note", "Viết ngắn hơn: nhiều nhất 200 ký tự."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    client: Client, goods: Variant, typed: dict[str, str], field: str, words: str
) -> None:
    good = {"units": "5", "made_on": "2026-11-20", "expires_on": "", "counts": "0", "code": "Mẻ 7"}
    answer = send(client, f"/producer/stock/{goods.sku}/receive", **{**good, **typed})
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-new-error">.*?{re.escape(words)}', answer.text, re.S)
    assert 'value="Mẻ 7"' in answer.text
    assert inside(goods) == {}


def test_counting_and_throwing_away(client: Client, goods: Variant, at: datetime) -> None:
    here = f"/producer/stock/{goods.sku}"
    send(client, f"{here}/count", batch="-", counted="8", seen="0", counts="0")
    with transaction():
        take({goods.id: 1}, reference="2611-ABC", by=BY, at=at)
    send(client, f"{here}/count", batch="-", counted="9", seen="8", counts="1", note="đếm lại")
    assert inside(goods) == {"-": (8, None)}
    drop = {"batch": "-", "units": "3", "reason": "Ẩm mốc", "counts": by_hand(goods)}
    for wrong, words in (
        ({"units": "9"}, "Lô này còn 8: nhập từ 1 đến số đó."),
        ({"units": ""}, "Lô này còn 8"),
        ({"reason": " "}, "Ghi lý do, để sau này còn biết hàng đi đâu."),
    ):
        answer = send(client, f"{here}/write-off", **{**drop, **wrong})
        assert (answer.status_code, words in answer.text) == (422, True)
    assert send(client, f"{here}/write-off", **{**drop, "batch": "Z"}).status_code == 404
    assert send(client, f"{here}/write-off", **drop).status_code == 302
    assert send(client, f"{here}/write-off", **drop).status_code == 409
    assert inside(goods) == {"-": (5, None)}
    page = client.get(here).text
    assert [words in page for words in ("Ẩm mốc", "2611-ABC", "đếm lại", "bỏ đi", "−3")] == [True] * 5
    assert send(client, f"{here}/count", batch="-", counted="", seen="5", counts="3").status_code == 302
    assert inside(goods) == {"-": (5, None)}
    assert send(client, f"{here}/count", batch="-", counted="1", seen="năm", counts="3").status_code == 409


def test_the_mark_and_the_desk(client: Client, goods: Variant, at: datetime) -> None:
    here = f"/producer/stock/{goods.sku}"
    send(client, f"{here}/count", batch="-", counted="8", seen="0", counts="0")
    answer = send(client, f"{here}/low", low_at="mười")
    assert (answer.status_code, "Nhập số lượng bằng chữ số" in answer.text) == (422, True)
    assert send(client, f"{here}/low", low_at="8").status_code == 302
    assert db.session.get_one(Stock, goods.id).low_at == 8
    assert "còn 8 để bán, tới mức bạn hẹn báo" in client.get("/producer/").text
    assert "sắp hết" in client.get("/producer/stock").text
    assert "Đã xuống tới mức bạn hẹn báo (8)." in client.get(here).text
    assert send(client, f"{here}/low", low_at="").status_code == 302
    assert "tới mức bạn hẹn báo" not in client.get("/producer/").text


def test_prices_by_quantity(client: Client, goods: Variant) -> None:
    here = f"/producer/stock/{goods.sku}"
    for wrong, words in (
        ({"from_1": "10", "price_1": "50.000"}, "Giá sỉ phải thấp hơn giá lẻ."),
        ({"from_1": "10", "price_1": ""}, "Nhập giá bằng chữ số"),
        ({"from_1": "", "price_1": "45000"}, "Nhập số lượng bằng chữ số"),
        ({"from_1": "10", "price_1": "45000", "from_2": "5", "price_2": "44000"}, "Số lượng mức sau phải lớn hơn"),
    ):
        answer = send(client, f"{here}/tiers", **wrong)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert tiers_of([goods.id]) == {}
    db.session.rollback()
    rows = {"from_1": "10", "price_1": "45.000", "from_3": "50", "price_3": "42000 ₫"}
    assert send(client, f"{here}/tiers", **rows).status_code == 302
    assert tiers_of([goods.id]) == {goods.id: (Tier(10, Money(45_000)), Tier(50, Money(42_000)))}
    db.session.rollback()
    assert 'value="45.000"' in client.get(here).text
    lowered = send(client, here, price="45000", price_seen="50000", counted="", seen="0", counts="0")
    assert (lowered.status_code, "Giá lẻ phải cao hơn giá sỉ" in lowered.text) == (422, True)


def test_how_batches_stand_is_said_in_words(client: Client, goods: Variant, at: datetime) -> None:
    for counts, (code, born, life) in enumerate((("A", 0, 100), ("B", 50, 100), ("C", 80, 100), ("D", 98, 98))):
        when = at - timedelta(days=born)
        facts = BatchFacts(2, code, TODAY - timedelta(days=born), TODAY + timedelta(days=life - born))
        with transaction():
            receive_batch(sku=goods.sku, facts=facts, counts=counts, by=BY, at=when)
        assert on_hand([goods.id]) == {goods.id: 2 * counts + 2}
        db.session.rollback()
    later = "/producer/stock"
    page = client.get(later).text
    for words in ("còn trên 2/3 hạn", "dưới 2/3 hạn", "còn 20 ngày", "hết hạn hôm nay"):
        assert words in page
    today = client.get("/producer/").text
    assert "2 món hết hạn vào 23/11/2026." in today


def test_past_its_day(client: Client, goods: Variant, at: datetime) -> None:
    facts = BatchFacts(4, "CŨ", TODAY - timedelta(days=40), TODAY - timedelta(days=2))
    with transaction():
        receive_batch(sku=goods.sku, facts=facts, counts=0, by=BY, at=at - timedelta(days=30))
    assert "4 món quá hạn từ 21/11/2026, không bán nữa." in client.get("/producer/").text
    page = client.get(f"/producer/stock/{goods.sku}").text
    assert "quá hạn, không bán" in page
    assert "trong kho 4" in page
    slug = db.session.get_one(Listing, goods.listing_id).slug
    assert "Tạm hết hàng" in client.get(f"/products/{slug}").text
    assert client.get(f"/api/v1/products/{slug}").get_json()["variants"][0]["stock"] == 0


def test_the_book_of_movements_by_page(client: Client, goods: Variant, at: datetime) -> None:
    with transaction():
        receive_batch(sku=goods.sku, facts=BatchFacts(100), counts=0, by=BY, at=at)
    for n in range(31):
        with transaction():
            take({goods.id: 1}, reference=f"ĐƠN-{n:02}", by=BY, at=at + timedelta(minutes=n))
    here = f"/producer/stock/{goods.sku}"
    first, second = client.get(here).text, client.get(f"{here}?page=2").text
    assert [f"ĐƠN-{n:02}" in first for n in (30, 1, 0)] == [True, True, False]
    assert [f"ĐƠN-{n:02}" in second for n in (30, 1, 0)] == [False, False, True]


def test_only_ones_own_and_no_services(app: Flask, client: Client, goods: Variant, owner: User, at: datetime) -> None:
    stranger = new_client(app)
    other = make_user(Role.PRODUCER, at=at)
    make_producer("Khác", at=at, user=other)
    sign_in(stranger, other)
    here = f"/producer/stock/{goods.sku}"
    assert stranger.get(here).status_code == 404
    for verb in ("receive", "count", "write-off", "low", "tiers"):
        typed = {"units": "1", "counts": "0", "batch": "-", "counted": "1", "seen": "0", "reason": "x"}
        assert send(stranger, f"{here}/{verb}", **typed).status_code == 404
    assert send(client, f"{here}/burn").status_code == 404
    product = db.session.get_one(Product, db.session.get_one(Listing, goods.listing_id).product_id)
    maker = db.session.get_one(Producer, product.producer_id)
    _, stay = make_listing(make_product(maker, "Ngủ bản", at=at, set_code="VI.1"), at=at, weight_g=None)
    assert client.get(f"/producer/stock/{stay.sku}").status_code == 404
    with transaction():
        set_low_mark(sku=goods.sku, low_at=1, by=owner.actor(), at=at)
    assert inside(goods) == {}


def test_days_as_people_and_browsers_write_them() -> None:
    assert read_day("", "x") is None
    assert read_day("2026-12-31", "x") == read_day(" 31/12/2026 ", "x") == date(2026, 12, 31)
    with pytest.raises(Invalid) as refused:
        read_day("31-12-2026", "x")
    assert list(refused.value.fields) == ["x"]
