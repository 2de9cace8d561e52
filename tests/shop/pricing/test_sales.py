"""Flash sales: one price everywhere while they run, no more units than promised, nothing written at their ends."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.changes import Change
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.running import run_due
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.checkout.services import ReviewChanged, place_order
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.orders.models import Order
from marketplace.shop.orders.queries import get_order
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.pricing.jobs import turn_sale
from marketplace.shop.pricing.models import FlashSale
from marketplace.shop.pricing.queries import count_sales, get_sale, list_sales, sales_of
from marketplace.shop.pricing.rules import Phase, Sale, Tier, price_at
from marketplace.shop.pricing.services import (
    SALE_TURNS,
    SaleFacts,
    SaleOver,
    SaleSoldOut,
    end_sale,
    plan_sale,
    put_back_sold,
    sell,
    set_tiers,
)
from marketplace.shop.search.queries import documents_of
from tests.builders import (
    BY,
    fill_basket,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_sale,
    make_user,
    start_checkout,
)
from tests.conftest import AT, Client
from tests.pages import send

RETAIL, LOW = Money(50_000), Money(40_000)
TIERS = (Tier(10, Money(45_000)), Tier(20, Money(35_000)))


@pytest.mark.parametrize(
    ("quantity", "left", "unit", "by_sale", "following"),
    [
        (1, None, LOW, True, TIERS[1]),
        (12, None, LOW, True, TIERS[1]),
        (20, None, TIERS[1].price, False, None),
        (3, 3, LOW, True, TIERS[1]),
        (4, 3, RETAIL, False, TIERS[0]),
        (12, 3, TIERS[0].price, False, TIERS[1]),
    ],
)
def test_the_lowest_price_counts(
    quantity: int, left: int | None, unit: Money, by_sale: bool, following: Tier | None
) -> None:
    sale = Sale(1, LOW, AT, left)
    found = price_at(RETAIL, TIERS, quantity, sale)
    assert (found.unit, found.sale, found.following) == (unit, sale if by_sale else None, following)


def test_a_sale_not_below_the_retail_price_gives_nothing() -> None:
    assert price_at(LOW, (), 1, Sale(1, LOW, AT)).sale is None
    assert price_at(RETAIL, (), 1, Sale(1, LOW, AT)).following is None


@pytest.fixture
def seller(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at)


@pytest.fixture
def goods(seller: User, at: datetime) -> Variant:
    return make_offer(at=at, producer=make_producer(at=at, user=seller), stock=50)


def placed(token: str, at: datetime) -> Order:
    key, fingerprint = start_checkout(token, at=at)
    with transaction():
        order = place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    return get_order(order.number)


def sold(sale: FlashSale) -> int:
    return db.session.scalar(select(FlashSale.sold).where(FlashSale.id == sale.id)) or 0


def test_start_and_end_need_no_write(goods: Variant, seller: User, at: datetime) -> None:
    sale = make_sale(goods, seller, at=at)
    basket = find_basket(fill_basket((goods, 1), at=at), by=GUEST)
    day = timedelta(days=1)
    for when, price in ((-day, RETAIL), (timedelta(), LOW), (day - timedelta(seconds=1), LOW), (day, RETAIL)):
        assert contents(basket, at=at + when).lines[0].unit_price == price
        assert sales_of([goods.id], at=at + when) == ({goods.id: Sale(sale.id, LOW, at + day)} if price == LOW else {})


def test_the_order_keeps_the_price_and_counts_the_units(goods: Variant, seller: User, at: datetime) -> None:
    sale = make_sale(goods, seller, at=at, units=5)
    order = placed(fill_basket((goods, 3), at=at), at)
    (line,) = order.parts[0].lines
    assert (line.unit_price, line.tier_from, line.sale_id, order.goods_total) == (LOW, None, sale.id, Money(120_000))
    assert sold(sale) == 3
    many = placed(fill_basket((goods, 3), at=at), at)  # two are left: the whole line at the ordinary price
    assert (many.parts[0].lines[0].unit_price, many.parts[0].lines[0].sale_id, sold(sale)) == (RETAIL, None, 3)
    placed(fill_basket((goods, 2), at=at), at)
    assert (sold(sale), sales_of([goods.id], at=at)) == (5, {})
    assert db.session.get_one(FlashSale, sale.id).phase(at) is Phase.ENDED
    with transaction():
        cancel_order(number=order.number, by=GUEST, at=at)
    assert (sold(sale), sales_of([goods.id], at=at)[goods.id].left) == (2, 3)


def test_an_end_between_review_and_order_is_noticed(goods: Variant, seller: User, at: datetime) -> None:
    sale = make_sale(goods, seller, at=at)
    key, fingerprint = start_checkout(fill_basket((goods, 2), at=at), at=at)
    with transaction():
        end_sale(code=sale.code, by=seller.actor(), at=at)
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    assert (db.session.query(Order).count(), on_hand([goods.id])) == (0, {goods.id: 50})


def test_no_more_units_than_promised(goods: Variant, seller: User, at: datetime) -> None:
    sale = make_sale(goods, seller, at=at, units=5)
    for quantity, when in ((6, at), (1, sale.ends_at)):
        with pytest.raises(SaleSoldOut), transaction():
            sell({sale.id: quantity}, at=when)
    assert sold(sale) == 0
    with transaction():
        sell({sale.id: 5}, at=at)
        sell({}, at=at)
    with pytest.raises(SaleSoldOut), transaction():
        sell({sale.id: 1}, at=at)
    with transaction():
        put_back_sold({sale.id: 2}, at=at)
    assert sold(sale) == 3


def test_the_index_learns_of_start_end_and_the_last_unit(
    app: Flask, goods: Variant, seller: User, at: datetime
) -> None:
    ids = [goods.listing_id]
    with transaction():
        db.session.execute(delete(Change))
    sale = make_sale(goods, seller, at=at + timedelta(hours=1), units=2)

    def told() -> int:
        found = db.session.query(Change).filter_by(kind="listing", subject_id=goods.listing_id).count()
        with transaction():
            db.session.execute(delete(Change))
        return found

    assert told() == 1
    handlers, lease = {SALE_TURNS: turn_sale}, timedelta(minutes=1)
    for hours, price in ((0, 50_000), (1, 40_000), (25, 50_000)):
        when = at + timedelta(hours=hours)
        assert run_due(when, handlers=handlers, lease=lease) == told() == (hours > 0)
        assert {document.price for document in documents_of(ids, at=when)[goods.listing_id]} == {price}
    for quantity, wanted in ((1, 0), (1, 1)):
        with transaction():
            sell({sale.id: quantity}, at=at + timedelta(hours=2))
        assert told() == wanted


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"price": RETAIL}, ["price"]),
        ({"price": Money(0)}, ["price"]),
        ({"units": 0}, ["units"]),
        ({"hours": 24}, ["ends_at"]),
        ({"starts": -2, "hours": 0}, ["ends_at"]),
        ({"hours": 24 * 33}, ["ends_at"]),
        ({"starts": 0, "hours": 23}, ["starts_at"]),
        ({"starts": 23, "hours": 40}, ["starts_at"]),
        ({"starts": 24, "hours": 40}, []),
        ({"starts": 60, "hours": 70}, []),
    ],
)
def test_what_will_not_do(
    goods: Variant, seller: User, at: datetime, facts: dict[str, int | Money], fields: list[str]
) -> None:
    make_sale(goods, seller, at=at)
    ended = make_sale(goods, seller, at=at + timedelta(hours=60))
    with transaction():
        end_sale(code=ended.code, by=seller.actor(), at=at)
    starts, hours = (
        at + timedelta(hours=int(str(facts.get(name, usual)))) for name, usual in (("starts", 24), ("hours", 40))
    )
    price, units = facts.get("price", LOW), facts.get("units")
    assert isinstance(price, Money)
    assert not isinstance(units, Money)
    said = SaleFacts(price, starts, hours, units)
    if not fields:
        with transaction():
            plan_sale(sku=goods.sku, facts=said, by=seller.actor(), at=at)
        return
    with pytest.raises(Invalid) as refused, transaction():
        plan_sale(sku=goods.sku, facts=said, by=seller.actor(), at=at)
    assert list(refused.value.fields) == fields
    assert db.session.query(FlashSale).count() == 2


def test_whose_it_is(goods: Variant, seller: User, at: datetime) -> None:
    sale = make_sale(goods, seller, at=at)
    foreign = make_user(Role.PRODUCER, at=at)
    theirs = make_producer("Hai", at=at, user=foreign)
    facts = SaleFacts(LOW, sale.ends_at, sale.ends_at + timedelta(hours=1))
    with pytest.raises(NotFound), transaction():
        plan_sale(sku=goods.sku, facts=facts, by=foreign.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        end_sale(code=sale.code, by=foreign.actor(), at=at)
    for by in (make_user(at=at).actor(), BY):
        with pytest.raises(Forbidden), transaction():
            plan_sale(sku=goods.sku, facts=facts, by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            end_sale(code=sale.code, by=by, at=at)
    with transaction():
        end_sale(code=sale.code, by=seller.actor(), at=at)
    with pytest.raises(SaleOver), transaction():
        end_sale(code=sale.code, by=seller.actor(), at=at)
    assert (count_sales(theirs.id), list_sales(theirs.id)) == (0, [])
    with pytest.raises(NotFound):
        get_sale(sale.code, theirs.id)


def test_services_have_none(app: Flask, seller: User, at: datetime) -> None:
    _, stay = make_listing(
        make_product(make_producer(at=at, user=seller), at=at, set_code="VI.1"), at=at, weight_g=None
    )
    with pytest.raises(Invalid) as refused:
        make_sale(stay, seller, at=at)
    assert list(refused.value.fields) == ["sku"]


def test_the_database_knows_too(goods: Variant, at: datetime) -> None:
    usual = {"code": "X", "variant_id": goods.id, "price": LOW, "starts_at": at, "ends_at": at, "created_at": at}
    for wrong in (
        {"price": Money(0)},
        {"units": 0},
        {"units": 1, "sold": 2},
        {"sold": -1},
        {"ends_at": at - timedelta(1)},
    ):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(FlashSale(**{**usual, **wrong}))


def test_shown_wherever_the_price_is(goods: Variant, seller: User, client: Client, at: datetime) -> None:
    make_sale(goods, seller, at=at, units=9)
    with transaction():
        set_tiers(sku=goods.sku, tiers=(Tier(10, Money(45_000)),), by=BY, at=at)
    slug = db.session.get_one(Listing, goods.listing_id).slug
    page = client.get(f"/products/{slug}").text
    assert '40.000\xa0₫ <s class="price__old"><span class="vh">giá cũ </span>50.000\xa0₫</s>' in page
    assert "Giá chớp nhoáng đến 24/11/2026, 12:00. Còn 9 suất." in page
    assert '"price": 40000' in page
    told = client.get(f"/api/v1/products/{slug}").get_json()
    assert told["price_vnd"] == 40_000
    (variant,) = told["variants"]
    assert (variant["price_vnd"], variant["former_price_vnd"]) == (40_000, 50_000)
    assert variant["sale_ends_at"] == "2026-11-24T05:00:00Z"
    send(client, "/cart/add", sku=goods.sku, quantity="3")
    cart = client.get("/cart").text
    assert "giá lẻ </span>50.000\xa0₫</s> 40.000\xa0₫" in cart
    assert "120.000\xa0₫" in cart
