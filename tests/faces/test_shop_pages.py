"""The shop's pages: find, open, put in the cart, check out, follow; a lapse and a revocation on the way."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing, ListingState
from marketplace.shop.catalog.services import move_listing, set_price
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.inventory.services import take
from marketplace.shop.orders.models import Order
from marketplace.shop.search.jobs import follow_changes
from tests.builders import (
    BY,
    indexed,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in

ADDRESS = {
    "recipient": "Nguyễn Thị Hoàng Yến",
    "phone": "0912 345 678",
    "email": "yen@example.com",
    "province_code": "01",
    "commune_code": "00004",
    "street": "Ngõ 42",
    "note": "Gọi trước",
}


def check_out(client: Client) -> dict[str, str]:
    """Go as far as the review; answers its hidden fields."""
    answer = send(client, "/checkout", **ADDRESS)
    assert answer.status_code == 302, answer.text
    return hidden(client.get("/checkout/review"), "/checkout/place")


def test_the_road_of_a_guest(app: Flask, client: Client, at: datetime) -> None:
    one, two = make_producer("HTX Một", at=at), make_producer("HTX Hai", at=at, commune="03445")
    a = make_offer("Miến dong sợi mộc", at=at, producer=one)
    b = make_offer("Chè Shan", at=at, producer=two, set_code="I.5.a", price=175_000)
    with indexed(app, at):
        found = client.get("/search?q=mien+dong").text
        assert "Miến dong sợi mộc" in found
        assert "Chè Shan" not in found
    page = client.get("/products/mien-dong-soi-moc").text
    assert "OCOP 4 sao, còn hạn đến" in page
    code = re.search(r"/verify/(CN\w+)", page)
    assert code is not None
    assert "Thật và còn hiệu lực" in client.get(f"/verify/{code.group(1)}").text
    for variant in (a, b):
        assert send(client, "/cart/add", sku=variant.sku, quantity=2).headers["Location"] == "/cart"
    cart = client.get("/cart").text
    assert cart.index("HTX Một") < cart.index("HTX Hai")
    assert "450.000\u00a0₫" in cart
    fields = check_out(client)
    placed = send(client, "/checkout/place", **fields)
    location = placed.headers["Location"]
    assert re.fullmatch(r"/orders/2611-\w{6}\?key=[\w-]+", location)
    order = client.get(location).text
    assert "Nơi bán đã nhận đơn" in order
    assert "Hủy phần chưa gửi" in order
    assert send(client, "/checkout/place", **fields).headers["Location"] == location
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
    assert "Giỏ còn trống" in client.get("/cart").text
    number = db.session.scalars(select(Order.number)).one()
    for visitor, path in (
        (new_client(app), f"/orders/{number}"),
        (new_client(app), f"/orders/{number}?key=guess"),
        (client, f"/orders/{number}"),
    ):
        assert visitor.get(path).status_code == 404
    assert send(new_client(app), f"/orders/{number}/cancel", key="guess").status_code == 404
    assert on_hand([a.id, b.id]) == {a.id: 8, b.id: 8}
    answer = send(client, f"/orders/{number}/cancel", key=location.split("key=")[1])
    assert "Đã hủy" in client.get(answer.headers["Location"]).text
    assert on_hand([a.id, b.id]) == {a.id: 10, b.id: 10}
    again = send(client, f"/orders/{number}/cancel", key=location.split("key=")[1])
    assert "không hủy được nữa" in client.get(again.headers["Location"]).text


def test_midnight_takes_it_off_everywhere_without_a_write(app: Flask, client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), "Miến dong", at=at)
    make_certificate(product, at=at, expires_on=at.date())
    listing, variant = make_listing(product, at=at)
    with indexed(app, at):
        send(client, "/cart/add", sku=variant.sku, quantity=1)
        fields = check_out(client)
        pages = ("/products", "/search?q=mien", "/categories/mien-bun-banh", "/producers/htx-thu", "/")
        for path in pages:
            assert f"/products/{listing.slug}" in client.get(path).text, path
        assert client.get("/api/v1/products").get_json()["total"] == 1
        with time_machine.travel(at + timedelta(hours=12, minutes=1)):
            for path in pages:
                assert f"/products/{listing.slug}" not in client.get(path).text, path
            assert client.get(f"/products/{listing.slug}").status_code == 404
            answer = client.get("/api/v1/products").get_json()
            names = ("category", "stars", "district", "commune", "producer", "month", "price")
            assert (answer["total"], answer["facets"]) == (0, {name: {} for name in names})
            assert client.get(f"/api/v1/products/{listing.slug}").status_code == 404
            assert "vừa rời chợ" in client.get("/cart").text
            assert send(client, "/checkout/place", **fields).status_code == 302
            assert client.get("/checkout").status_code == 302
            send(client, "/cart/add", sku=variant.sku, quantity=1)
            assert "không bán nữa" in client.get("/cart").text
        assert db.session.scalar(select(func.count()).select_from(Order)) == 0


def test_a_revocation_takes_it_off_and_a_new_certificate_brings_it_back(
    app: Flask, client: Client, at: datetime
) -> None:
    product = make_product(make_producer(at=at), "Miến dong", at=at)
    certificate = make_certificate(product, at=at)
    listing, _ = make_listing(product, at=at)
    with indexed(app, at):
        assert client.get(f"/products/{listing.slug}").status_code == 200
        revoke_certificate(certificate, at=at, reason="Thiếu hồ sơ an toàn thực phẩm")
        assert client.get(f"/products/{listing.slug}").status_code == 404
        assert listing.slug not in client.get("/search?q=mien").text
        page = client.get(f"/verify/{certificate.code}").text
        assert "Đã bị thu hồi" in page
        assert "Thiếu hồ sơ an toàn thực phẩm" in page
        make_certificate(product, at=at, stars=3, days_ago=0)
        follow_changes(at)
        assert client.get(f"/products/{listing.slug}").status_code == 200
        assert client.get("/api/v1/products?stars=3").get_json()["total"] == 1


def test_a_price_changed_during_checkout_is_shown_and_nothing_lost(client: Client, at: datetime) -> None:
    variant = make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity=2)
    fields = check_out(client)
    with transaction():
        set_price(sku=variant.sku, price=Money(60_000), by=BY, at=at)
    answer = send(client, "/checkout/place", **fields)
    assert answer.status_code == 409
    assert "Giỏ hàng vừa thay đổi" in answer.text
    assert "120.000\u00a0₫" in answer.text
    fresh = hidden(answer, "/checkout/place")
    assert fresh["fingerprint"] != fields["fingerprint"]
    assert send(client, "/checkout/place", **fresh).status_code == 302
    assert db.session.scalars(select(Order.goods_total)).one() == Money(120_000)


def test_a_listing_withdrawn_while_in_the_cart(client: Client, at: datetime) -> None:
    variant = make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity=2)
    slug = db.session.get_one(Listing, variant.listing_id).slug
    with transaction():
        move_listing(slug=slug, to=ListingState.WITHDRAWN, by=BY, at=at)
    page = client.get("/cart").text
    assert "vừa rời chợ" in page
    assert "Tới phần giao hàng" not in page
    send(client, f"/cart/{variant.sku}", remove="1")
    assert "Giỏ còn trống" in client.get("/cart").text


def test_the_last_unit_gone(client: Client, at: datetime) -> None:
    variant = make_offer(at=at, stock=2)
    send(client, "/cart/add", sku=variant.sku, quantity=2)
    with transaction():
        take({variant.id: 1}, reference="another", by=BY, at=at)
    assert "Chỉ còn 1" in client.get("/cart").text
    send(client, f"/cart/{variant.sku}", quantity=1)
    check_out(client)
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    assert "Chỉ còn 1 gói. Giỏ của bạn đã có 1." in client.get("/cart").text


@pytest.mark.parametrize("quantity", ["-1", "0", "abc", "1e3", "99999999999", "1000"])
def test_odd_quantities_are_answered_and_the_cart_kept(client: Client, at: datetime, quantity: str) -> None:
    variant = make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    send(client, "/cart/add", sku=variant.sku, quantity=quantity)
    page = client.get("/cart").text
    assert "Số lượng từ 1 đến 999." in page
    assert 'value="1"' in page


def test_a_bad_address_keeps_what_was_typed(client: Client, at: datetime) -> None:
    send(client, "/cart/add", sku=make_offer(at=at).sku, quantity=1)
    answer = send(client, "/checkout", **(ADDRESS | {"phone": "0912 345", "email": "x", "commune_code": ""}))
    assert answer.status_code == 422
    for text in ("Lỗi:", "Chọn xã hoặc phường", 'value="0912 345"', "Ngõ 42", "Gọi trước", "Nguyễn Thị Hoàng Yến"):
        assert text in answer.text
    answer = send(client, "/checkout", **(ADDRESS | {"phone": "0912 345", "email": "x"}))
    assert "Nhập số điện thoại đủ 10 chữ số" in answer.text
    assert "Nhập địa chỉ thư" in answer.text
    answer = send(client, "/checkout", **(ADDRESS | {"commune_code": "03388"}))
    assert (answer.status_code, "Chọn xã hoặc phường" in answer.text) == (422, True)


def test_without_javascript_a_province_is_picked_first(client: Client, at: datetime) -> None:
    send(client, "/cart/add", sku=make_offer(at=at).sku, quantity=1)
    answer = send(client, "/checkout", **(ADDRESS | {"province_code": "12", "commune_code": "", "pick": "1"}))
    assert answer.status_code == 200
    assert "Phường Đoàn Kết" in answer.text
    assert 'value="Ngõ 42"' in answer.text


def test_checkout_without_a_cart_goes_back_to_it(client: Client, at: datetime) -> None:
    for path in ("/checkout", "/checkout/review"):
        assert client.get(path).status_code == 302
    assert send(client, "/checkout/place", key="x", fingerprint="y").headers["Location"] == "/cart"
    assert send(client, "/cart/NOPE", quantity=2).status_code == 302


def test_a_member_finds_own_orders_and_cart(app: Flask, client: Client, at: datetime) -> None:
    user, other = make_user(at=at), make_user(at=at)
    variant = make_offer(at=at)
    send(client, "/cart/add", sku=variant.sku, quantity=3)
    sign_in(client, user)
    assert client.get("/checkout").text.count(user.email) >= 1
    send(client, "/checkout/place", **check_out(client))
    order = db.session.scalars(select(Order)).one()
    assert order.buyer_id == user.id
    assert order.number in client.get("/account/orders").text
    assert client.get(f"/orders/{order.number}").status_code == 200
    stranger = new_client(app)
    sign_in(stranger, other)
    assert stranger.get(f"/orders/{order.number}").status_code == 404
    assert order.number not in stranger.get("/account/orders").text
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    elsewhere = new_client(app)
    sign_in(elsewhere, user)
    assert "Miến dong Thử" in elsewhere.get("/cart").text


def test_a_service_is_asked_for_and_not_put_in_the_cart(client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), "Món", at=at, set_code="VI.1")
    make_certificate(product, at=at)
    listing, _ = make_listing(product, at=at, weight_g=None)
    page = client.get(f"/products/{listing.slug}").text
    assert f'action="/products/{listing.slug}/ask#ask"' in page
    assert "Thêm vào giỏ" not in page


def test_bad_search_addresses_are_answered(app: Flask, client: Client, at: datetime) -> None:
    make_offer(at=at)
    with indexed(app, at):
        page = client.get("/products?price_min=abc&stars=9&category=nope&sort=x&page=0")
        assert page.status_code == 200
        assert 'value="abc"' in page.text
        assert "Nhập giá bằng chữ số" in page.text
        answer = client.get("/api/v1/products?price_min=abc&page=0")
        assert answer.status_code == 422
        assert answer.content_type == "application/problem+json"
        assert set(answer.get_json()["errors"]) == {"price_min", "page"}
        assert "Không tìm thấy món nào" in client.get("/search?q=khong-co-gi").text


def test_filters_are_chips_that_can_be_lifted(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer(at=at)
    make_offer("Miến dong", at=at, producer=producer, stars=4, price=95_000)
    make_offer("Chè Shan", at=at, producer=producer, stars=3, set_code="I.5.a", price=175_000)
    with indexed(app, at):
        page = client.get("/products?stars=4&category=I.3.b&district=106&price_max=100.000").text
        assert "1 sản phẩm" in page
        for url in (
            "/products?category=I.3.b&amp;district=106&amp;price_max=100.000",
            "/products?stars=4&amp;district=106&amp;price_max=100.000",
            "/products?stars=4&amp;category=I.3.b&amp;district=106",
        ):
            assert f'href="{url}"' in page
        assert "Không có món nào hợp tất cả bộ lọc" in client.get("/products?stars=5&price_min=1").text
        assert client.get("/categories/che").text.count('class="card"') == 1
        assert client.get("/categories/I.5.a").status_code == 200
        assert client.get("/categories/nope").status_code == 404


def test_a_number_printed_twice_lists_both(client: Client, at: datetime) -> None:
    producer = make_producer(at=at)
    for name in ("Miến", "Chè"):
        make_certificate(make_product(producer, name, at=at), at=at, printed="12/2026/OCOP")
    page = client.get(client.get("/verify?q=12/2026/OCOP").headers["Location"]).text
    assert "Số này được in trên 2 giấy" in page
    assert page.count("Thật và còn hiệu lực") == 2
    missing = client.get("/verify/CN00000000")
    assert missing.status_code == 404
    assert "Không có giấy chứng nhận nào mang số" in missing.text


def test_the_history_of_a_products_stars(client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    old = make_certificate(product, at=at, stars=4, days_ago=900)
    make_certificate(product, at=at, stars=3, days_ago=10)
    page = client.get(f"/verify/{old.code}").text
    assert "đã có quyết định mới hơn thay" in page
    assert "còn hiệu lực" in page
