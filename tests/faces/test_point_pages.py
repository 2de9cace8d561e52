"""Showcase points on the page: the directory and its map, one point, the product that is found there, the desks."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.platform.media.models import KeptFile
from marketplace.shop.catalog.models import ListingState, Variant
from marketplace.shop.catalog.services import move_listing
from marketplace.shop.orders.models import Order
from marketplace.shop.orders.queries import get_order
from marketplace.trade.showcase.models import MoveKind, ShowcasePoint
from marketplace.trade.showcase.queries import get_point, list_goods, list_open, list_stock, list_visits
from marketplace.trade.showcase.services import set_pickup
from tests.builders import BY, make_offer, make_producer, make_user
from tests.conftest import Client
from tests.money import offer_transfers
from tests.pages import hidden, send, sign_in
from tests.platform.media.drawing import photo, saved
from tests.showing import POINT_TYPED, fetch_order, make_keeper, make_point, send_there, show, write_move


@pytest.fixture
def keeper(app: Flask, at: datetime) -> User:
    return make_keeper(at=at)


@pytest.fixture
def point(keeper: User, at: datetime) -> ShowcasePoint:
    return make_point(at=at, keeper=keeper, pickup=0)


@pytest.fixture
def officer(app: Flask, at: datetime, client: Client) -> User:
    user = make_user(Role.PROVINCE_OFFICER, at=at)
    sign_in(client, user)
    return user


def order_of(page: str, *names: str) -> list[str]:
    return sorted(names, key=page.index)


def test_the_directory_sorts_by_distance_and_tells_who_is_open(
    app: Flask, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    make_point(at=at, name="Bến xe", latitude=22.45, longitude=103.40, commune_code="03394")
    make_point(at=at, name="Nháp", opened=False)
    page = client.get("/showcase").text
    assert order_of(page, "Bến xe", "Điểm OCOP Đoàn Kết") == ["Bến xe", "Điểm OCOP Đoàn Kết"]
    assert "Nháp" not in page
    assert page.count("Đang mở, đến 17:00") == 4  # twice in the list, twice on the map
    near = client.get("/showcase?near=03390").text
    assert order_of(near, "Bến xe</a>", "Điểm OCOP Đoàn Kết</a>")[0] == "Điểm OCOP Đoàn Kết</a>"
    assert "cách " in near
    assert 'aria-label="1. Điểm OCOP Đoàn Kết, Đang mở, đến 17:00"' in near
    assert "Bến xe" not in client.get("/showcase?kind=tourism").text
    for odd in ("?near=xx", "?kind=xx", "?page=99", "?near=&kind=&open="):
        assert client.get(f"/showcase{odd}").status_code == 200
    later = client.get("/showcase?open=1").text
    assert "2 điểm" in later


def test_one_point_says_when_it_opens_and_what_is_there(
    app: Flask, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    variant = make_offer(at=at)
    show(point, variant, at=at)
    page = client.get(f"/showcase/{point.slug}").text
    assert "7:30 – 17:00" in page
    assert "118/QĐ-SCT" in page
    assert f'href="/products/{variant.listing.slug}"' in page
    product = client.get(f"/products/{variant.listing.slug}").text
    assert f'href="/showcase/{point.slug}"' in product
    item = client.get("/api/v1/showcase-points").json
    assert item is not None
    (told,) = item["items"]
    assert (told["slug"], told["open"], told["products"]) == (point.slug, True, [variant.listing.slug])
    assert (told["pickup"], told["latitude"], told["kind"]) == (True, 22.39, "market")
    assert client.get("/api/v1/showcase-points?x=1").status_code == 422
    assert client.get("/showcase/khong-co").status_code == 404
    assert f"/showcase/{point.slug}" in client.get("/sitemap.xml").text


def test_the_office_enters_a_point_and_opens_it(app: Flask, officer: User, client: Client, at: datetime) -> None:
    wrong = send(client, "/office/showcase/new", **dict(POINT_TYPED) | {"name": "", "latitude": "22"})
    assert (wrong.status_code, list_open()) == (422, [])
    assert 'value="Bản Mới"' in wrong.text
    assert send(client, "/office/showcase/new", **dict(POINT_TYPED) | {"phone": "12"}).status_code == 422
    south = send(client, "/office/showcase/new", **dict(POINT_TYPED) | {"latitude": "10", "longitude": "103,6"}).text
    far = "Tọa độ này cách Xã Bình Lư 1374 km, quá xa. Xem lại vĩ độ, kinh độ, hoặc chọn xã, phường khác."
    assert south.count(far) == 2  # beside the field, and above
    assert ('value="10"' in south, 'value="103,6"' in south) == (True, True)
    odd = send(client, "/office/showcase/new", **dict(POINT_TYPED) | {"latitude": "22°23′", "longitude": "103,6"}).text
    assert ('<a href="#latitude">Vĩ độ: Nhập độ thập phân, như 22,39.</a>' in odd, "22°23′" in odd) == (True, True)
    assert send(client, "/office/showcase/new", **POINT_TYPED).status_code == 302
    base = "/office/showcase/diem-moi"
    refused = send(client, f"{base}/open")
    assert (refused.status_code, "Chưa mở được" in refused.text) == (422, True)
    decided = {"decision_number": "1/QĐ", "decided_on": "01/11/2026", "latitude": "22,4", "longitude": " 103,6"}
    assert send(client, f"{base}/edit", **{**POINT_TYPED, **decided}).status_code == 302
    assert 'type="date" id="decided_on" name="decided_on" value="2026-11-01"' in client.get(f"{base}/edit").text
    shown = client.get(base).text
    assert [f'type="date" id="{name}"' in shown for name in ("first_day", "last_day", "visited_on")] == [True] * 3
    assert 'name="visited_on" value="2026-11-23"' in shown
    bad_hours = send(client, f"{base}/hours", **{"day-0": "sáng"})
    assert (bad_hours.status_code, 'value="sáng"' in bad_hours.text) == (422, True)
    assert send(client, f"{base}/hours", **{"day-0": "25:00-26:00"}).status_code == 422
    assert send(client, f"{base}/hours", **{"day-0": "7:30-11:30, 13:30-17:00", "day-5": "18h-1h"}).status_code == 302
    assert send(client, f"{base}/open").status_code == 302
    (found,) = list_open()
    assert [(each.weekday, str(each.opens), str(each.closes)) for each in found.hours] == [
        (0, "07:30:00", "11:30:00"),
        (0, "13:30:00", "17:00:00"),
        (5, "18:00:00", "01:00:00"),
    ]
    assert send(client, f"{base}/edit", **POINT_TYPED).status_code == 422  # an open one keeps its decision


def test_a_point_may_be_open_round_the_clock(
    app: Flask, officer: User, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    base = f"/office/showcase/{point.slug}"
    for wrong in ("7:00-7:00", "24:00-8:00", "0:00-24:30", "0:00-24:00, 8:00-9:00"):
        assert send(client, f"{base}/hours", **{"day-0": wrong}).status_code == 422
    assert send(client, f"{base}/hours", **{f"day-{n}": "0:00-24:00" for n in range(7)}).status_code == 302
    assert client.get(base).text.count('value="0:00 – 24:00"') == 7
    page = client.get(f"/showcase/{point.slug}").text
    assert ("Đang mở cả ngày đêm" in page, "0:00 – 24:00" in page) == (True, True)
    assert page.count("23:59") == 7, "what machines read of a whole day"
    (told,) = (client.get("/api/v1/showcase-points").json or {})["items"]
    assert (told["open"], told["hours"][0]["opens"], told["hours"][0]["closes"]) == (True, "00:00:00", "00:00:00")
    assert send(client, f"{base}/hours", **{"day-0": "8:00-24:00"}).status_code == 302
    assert "Đang mở, đến 24:00" in client.get(f"/showcase/{point.slug}").text
    assert "8:00 – 24:00" in client.get(f"/showcase/{point.slug}").text


def test_the_office_keeps_days_off_photographs_goods_and_pickup(
    app: Flask, officer: User, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    base, variant = f"/office/showcase/{point.slug}", make_offer(at=at)
    wrong = send(client, f"{base}/closures", first_day="x", last_day="y", reason="Tết")
    assert (wrong.status_code, wrong.text.count("Nhập ngày như 31/12/2026."), 'value="Tết"' in wrong.text) == (
        422,
        2,
        True,
    )
    assert send(client, f"{base}/closures", first_day="24/11/2026", last_day="2026-11-25").status_code == 302
    (closure,) = get_point(point.slug, by=BY).closures
    assert send(client, f"{base}/closures/{closure.code}/drop").status_code == 302
    assert send(client, f"{base}/photos", alt="Quầy").status_code == 422
    sent = send(client, f"{base}/photos", alt="Quầy", picture=_file(saved(photo(400, 400)), "a.jpg"))
    assert sent.status_code == 302
    (shot,) = get_point(point.slug, by=BY).photos
    assert shot.picture.name in client.get(f"/showcase/{point.slug}").text
    assert send(client, f"{base}/photos/{shot.picture.name}/drop").status_code == 302
    assert send(client, f"{base}/goods", listing="khong-co").status_code == 422
    assert send(client, f"{base}/goods", listing=variant.listing.slug).status_code == 302
    assert send(client, f"{base}/goods/{variant.listing.slug}/drop").status_code == 302
    assert send(client, f"{base}/pickup", fee="x").status_code == 422
    assert send(client, f"{base}/pickup", fee="5.000").status_code == 302
    assert send(client, f"{base}/pickup", off="1").status_code == 302
    assert not get_point(point.slug, by=BY).fetched
    assert send(client, f"{base}/closed").status_code == 302
    assert client.get(f"/showcase/{point.slug}").status_code == 404


def test_a_commune_visits_and_its_photographs_are_officers_only(
    app: Flask, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    sign_in(client, make_user(Role.COMMUNE_OFFICER, at=at))
    base = f"/office/showcase/{point.slug}"
    assert "Ghi điểm mới" not in client.get("/office/showcase").text
    wrong = send(client, f"{base}/visits", visited_on="x", visitors="Lò A", findings="")
    assert (wrong.status_code, 'value="Lò A"' in wrong.text, list_visits(point.id)) == (422, True, [])
    not_photo = {"visited_on": "20/11/2026", "visitors": "Lò A", "findings": "Sạch"}
    for name, data in (("a.pdf", b"%PDF-1.7\n%%EOF\n"), ("a.txt", b"x")):
        assert send(client, f"{base}/visits", **not_photo, photos=_file(data, name)).status_code == 422
    sent = send(client, f"{base}/visits", **not_photo, photos=_file(saved(photo(400, 400)), "a.jpg"))
    assert sent.status_code == 302
    file = db.session.scalars(select(KeptFile)).one()
    assert client.get(f"{base}/visits/photos/{file.code}").status_code == 200
    assert client.get(f"{base}/visits/photos/TT00000000").status_code == 404
    assert "Sạch" in client.get(base).text
    assert send(client, f"{base}/hours", **{"day-0": ""}).status_code == 403


def test_the_points_desk_records_and_hands_over(
    app: Flask, point: ShowcasePoint, keeper: User, client: Client, at: datetime
) -> None:
    offer_transfers(app)
    seller = make_user(Role.PRODUCER, at=at)
    goods = make_offer(at=at, producer=make_producer(at=at, user=seller))
    order = fetch_order(point, (goods, 1), at=at)
    send_there(order, seller, at=at)
    sign_in(client, keeper)
    base = f"/point/{point.slug}"
    assert "/point/" in client.get("/distributor/").text
    assert point.slug in client.get("/point/").text
    wrong = send(client, f"{base}/moves", kind="x", units="ba", day="", key="k1", other=goods.sku)
    assert (wrong.status_code, 'value="ba"' in wrong.text, list_stock(point.id)) == (422, True, [])
    for _ in range(2):
        _moved(client, base, goods, kind="received", units="5", key="k1")
    _moved(client, base, goods, kind="sold", units="2", key="k2", unit_price="45.000")
    assert [row.units for row in list_stock(point.id)] == [3]
    assert "90.000" in client.get(base).text
    move = write_move(point, keeper, goods, MoveKind.SPOILED, 1, at=at)
    assert send(client, f"{base}/moves/{move.code}/undo", reason="").status_code == 422
    assert send(client, f"{base}/moves/{move.code}/undo", reason="Nhầm").status_code == 302
    _parcel(client, base, order)
    assert send(client, f"{base}/goods/{goods.listing.slug}/drop").status_code == 302
    assert list_goods(point.id) == []
    assert send(client, f"{base}/goods", listing=goods.listing.slug).status_code == 302
    assert client.get("/point/khong-co").status_code == 404


def test_a_used_form_with_other_content_is_refused_on_the_form(
    app: Flask, point: ShowcasePoint, keeper: User, client: Client, at: datetime
) -> None:
    goods, base = make_offer(at=at), f"/point/{point.slug}"
    write_move(point, keeper, goods, MoveKind.RECEIVED, 9, at=at)
    sign_in(client, keeper)
    sale = {"kind": "sold", "unit_price": "45.000", "key": "k1"}
    _moved(client, base, goods, units="1", **sale)
    typed = {"sku": goods.sku, "day": "23/11/2026", **sale}
    refused = send(client, f"{base}/moves", **typed, units="3")
    assert (refused.status_code, [row.units for row in list_stock(point.id)]) == (422, [8])
    assert "Mẫu này đã ghi một lần khác" in refused.text
    assert 'name="key" value="k1"' not in refused.text
    key = refused.text.split('name="key" value="')[1].split('"')[0]
    _moved(client, base, goods, **{**sale, "units": "3", "key": key})
    assert [row.units for row in list_stock(point.id)] == [5]
    more = send(client, f"{base}/moves", **{**typed, "units": "6", "key": "k2"})
    assert (more.status_code, 'value="6"' in more.text, "không còn đủ số ấy" in more.text) == (422, True, True)


def test_what_is_not_public_is_refused_where_it_is_received(
    app: Flask, point: ShowcasePoint, keeper: User, client: Client, at: datetime
) -> None:
    goods, other, base = make_offer("Miến cũ", at=at), make_offer(at=at), f"/point/{point.slug}"
    with transaction():
        move_listing(slug=goods.listing.slug, to=ListingState.PAUSED, by=BY, at=at)
    sign_in(client, keeper)
    said = "Chưa thấy sản phẩm này trên chợ, hoặc chứng nhận đã hết hạn."
    typed = {"kind": "received", "units": "4", "day": "23/11/2026", "key": "k1", "other": goods.sku}
    refused = send(client, f"{base}/moves", **typed)
    assert (refused.status_code, list_stock(point.id), list_goods(point.id)) == (422, [], [])
    assert refused.text.count(said) == 1
    assert refused.text.index('for="other"') < refused.text.index(said) < refused.text.index('id="other"')
    write_move(point, keeper, other, MoveKind.RECEIVED, 1, at=at)
    chosen = send(client, f"{base}/moves", **{**typed, "other": "", "sku": goods.sku})
    assert chosen.text.index('name="kind"') < chosen.text.index(said) < chosen.text.index('id="sku"')


@pytest.mark.parametrize("day", ["01/01/0001", "1999-12-31"])
def test_nothing_comes_or_goes_in_another_century(
    app: Flask, point: ShowcasePoint, keeper: User, client: Client, at: datetime, day: str
) -> None:
    goods = make_offer(at=at)
    write_move(point, keeper, goods, MoveKind.RECEIVED, 5, at=at)
    sign_in(client, keeper)
    sold = {"kind": "sold", "sku": goods.sku, "units": "1", "unit_price": "45.000", "key": "k1", "day": day}
    refused = send(client, f"/point/{point.slug}/moves", **sold)
    assert (refused.status_code, "Nhập ngày như 31/12/2026." in refused.text) == (422, True)
    assert [row.units for row in list_stock(point.id)] == [5]


def test_alcohol_is_not_counted_for_whom_it_is_not_shown(
    app: Flask, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    for variant in (make_offer(at=at), make_offer("Rượu ngô", at=at, set_code="II.1.a")):
        show(point, variant, at=at)

    def told() -> tuple[bool, bool, int]:
        directory, one = client.get("/showcase").text, client.get(f"/showcase/{point.slug}").text
        (item,) = (client.get("/api/v1/showcase-points").json or {})["items"]
        return "1 sản phẩm" in directory, "Rượu ngô" in one, len(item["products"])

    assert told() == (True, False, 1)
    client.set_cookie("of_age", "yes")
    assert told() == (False, True, 2)
    assert "2 sản phẩm" in client.get("/showcase").text


def _moved(client: Client, base: str, goods: Variant, **typed: str) -> None:
    assert send(client, f"{base}/moves", sku=goods.sku, day="23/11/2026", **typed).status_code == 302


def _parcel(client: Client, base: str, order: Order) -> None:
    parcel = f"{base}/parcels/{order.number}/1"
    assert send(client, f"{parcel}/arrived").status_code == 302
    assert send(client, f"{parcel}/unfetched", reason="").status_code == 422
    wrong = send(client, f"{parcel}/handed", code="SAI")
    assert (wrong.status_code, "Mã nhận hàng không đúng" in wrong.text) == (422, True)
    assert send(client, f"{parcel}/handed", code=order.pickup_code).status_code == 302
    assert get_order(order.number).parts[0].state.value == "delivered"


def test_a_buyer_chooses_a_point_without_javascript(
    app: Flask, point: ShowcasePoint, client: Client, at: datetime
) -> None:
    variant = make_offer(at=at)
    assert client.get("/checkout/pickup").status_code == 404  # nothing can be paid before it is sent
    offer_transfers(app)
    assert client.get("/checkout/pickup").status_code == 302
    assert send(client, "/cart/add", sku=variant.sku, quantity="1").status_code == 302
    assert "/checkout/pickup" in client.get("/checkout").text
    page = client.get("/checkout/pickup").text
    code = page.split('name="point" value="')[1][:10]
    who = {"recipient": "Yến", "phone": "0912 345 678", "email": "yen@example.com"}
    wrong = send(client, "/checkout/pickup", point=code, **who | {"phone": "12", "email": "x"})
    assert (wrong.status_code, 'value="Yến"' in wrong.text) == (422, True)
    assert send(client, "/checkout/pickup", point="DN00000000", **who).status_code == 422
    assert send(client, "/checkout/pickup", point=code, **who).status_code == 302
    review = client.get("/checkout/review")
    assert "Nhận tại điểm" in review.text
    assert "cash_on_delivery" not in review.text
    placed = client.post("/checkout/place", data={**hidden(review, "/checkout/place"), "method": "bank_transfer"})
    assert placed.status_code == 302
    order = db.session.scalars(select(Order)).one()
    assert (order.pickup_name, order.shipping_total.amount) == (point.name, 0)
    unpaid = client.get(f"/orders/{order.number}?key={placed.location.rpartition('key=')[2]}").text
    assert "Nhận tại điểm" in unpaid
    assert (order.pickup_code or "-") not in unpaid


def test_a_point_that_closed_meanwhile_is_told(app: Flask, point: ShowcasePoint, client: Client, at: datetime) -> None:
    offer_transfers(app)
    send(client, "/cart/add", sku=make_offer(at=at).sku, quantity="1")
    code = client.get("/checkout/pickup").text.split('name="point" value="')[1][:10]
    who = {"recipient": "Yến", "phone": "0912 345 678", "email": "yen@example.com"}
    send(client, "/checkout/pickup", point=code, **who)
    make_point(at=at, keeper=make_keeper(at=at, email="k2@example.com"), pickup=0, name="Điểm khác")
    admin = make_user(Role.ADMIN, at=at)
    with transaction():
        set_pickup(slug=point.slug, fee=None, by=admin.actor(), at=at + timedelta(minutes=1))
    gone = client.get("/checkout/review")
    assert (gone.status_code, gone.location) == (302, "/checkout/pickup")
    assert "Điểm khác" in client.get("/checkout/pickup").text


def _file(data: bytes, name: str) -> tuple[object, str]:
    return BytesIO(data), name
