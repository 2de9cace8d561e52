"""Finding in the shop: facets, suggestions, help where nothing was found, and the age barrier before alcohol."""

from datetime import datetime

import pytest
from flask import Flask

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import transaction
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.checkout.services import place_order
from tests.builders import (
    fill_basket,
    indexed,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    start_checkout,
)
from tests.conftest import AT, Client, new_client
from tests.pages import send

SPIRIT = "II.1.a"


def test_facets_take_several_values_and_the_address_is_the_state(app: Flask, client: Client, at: datetime) -> None:
    one, two = make_producer("HTX Một", at=at), make_producer("HTX Hai", at=at, commune="03445")
    make_offer("Miến dong", at=at, producer=one, price=45_000)
    make_offer("Chè Shan", at=at, producer=two, set_code="I.5.a", price=175_000)
    make_offer("Măng khô", at=at, producer=two, set_code="I.3.c", price=95_000)
    with indexed(app, at):
        page = client.get("/products?commune=03445&producer=htx-hai&price_max=99999").text
        assert "Măng khô" in page
        assert "/products/che-shan" not in page
        assert "/products/mien-dong" not in page
        assert 'id="commune-03445" name="commune" value="03445" checked' in page
        assert 'href="/products?commune=03445&amp;producer=htx-hai&amp;price_min=100000&amp;price_max=199999"' in page
        several = client.get("/api/v1/products?commune=03445&commune=03390&month=5").get_json()
        assert several["total"] == 3
        assert several["facets"]["price"] == {"0-49999": 1, "100000-199999": 1, "50000-99999": 1}
        assert client.get("/api/v1/products?month=13").status_code == 422


def test_a_groups_own_sets_are_no_filter_of_the_readers(app: Flask, client: Client, at: datetime) -> None:
    make_offer("Chè Shan", at=at, set_code="I.5.a")
    with indexed(app, at):
        assert 'class="chips__clear"' not in client.get("/categories/che").text
        assert 'class="chips__clear"' in client.get("/categories/che?category=I.5.a").text


def test_what_was_searched_for_is_marked(app: Flask, client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), "Miến sợi", at=at)
    make_certificate(product, at=at)
    make_listing(product, at=at, description="Làm từ củ dong riềng.")
    with indexed(app, at):
        assert "củ <mark>dong</mark> riềng" in client.get("/search?q=dong").text


def test_nothing_found_helps(app: Flask, client: Client, at: datetime) -> None:
    make_offer("Miến dong", at=at)
    with indexed(app, at):
        assert "Có phải bạn tìm “miến dong”?" in client.get("/search?q=miem+dong").text
        assert "Bỏ lọc thì có 1 món" in client.get("/search?q=mien&stars=5").text
        near = client.get("/search?q=mien+xyzzy").text
        assert "Gần với điều bạn tìm" in near
        assert "/products/mien-dong" in near
        assert "/categories/che" in client.get("/search?q=xyzzy").text


def test_suggestions(app: Flask, client: Client, at: datetime) -> None:
    make_offer("Miến dong", at=at, producer=make_producer("HTX Miền Tây", at=at))
    make_offer("Rượu mận", at=at, set_code=SPIRIT)
    with indexed(app, at):
        found = client.get("/api/v1/suggest?q=mi").get_json()
        assert [item["slug"] for item in found["products"]] == ["mien-dong"]
        assert {item["name"] for item in found["producers"]} == {"HTX Miền Tây"}
        assert client.get("/api/v1/suggest?q=ruou").get_json()["products"] == []
        assert len(client.get("/api/v1/suggest?q=ruou&adult=true").get_json()["products"]) == 1
        assert [c["code"] for c in client.get("/api/v1/suggest?q=mat+o").get_json()["categories"]] != []
        assert client.get("/api/v1/suggest?q=").get_json() == {"products": [], "categories": [], "producers": []}
        for bad in ("", "?q=a&q=b", "?q=a&x=1", "?q=a&adult=1"):
            assert client.get(f"/api/v1/suggest{bad}").status_code == 422, bad


@pytest.mark.parametrize("path", ["/products/ruou-ngo", "/categories/II.1.a"])
def test_alcohol_asks_for_age_first(app: Flask, client: Client, at: datetime, path: str) -> None:
    make_offer("Rượu ngô", at=at, set_code=SPIRIT)
    with indexed(app, at):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/age?next=")
        assert "Bạn đã đủ 18 tuổi chưa?" in client.get(answer.location).text
        refused = send(client, "/age", next=path, answer="no")
        assert "Phần này chỉ dành cho người lớn" in refused.text
        assert client.get(path).status_code == 302
        admitted = send(client, "/age", next=path, answer="yes")
        assert (admitted.status_code, admitted.location) == (302, path)
        assert "Rượu ngô" in client.get(path).text


def test_alcohol_is_neither_found_nor_bought_before_the_answer(app: Flask, client: Client, at: datetime) -> None:
    spirit = make_offer("Rượu ngô", at=at, set_code=SPIRIT)
    with indexed(app, at):
        for path in ("/", "/products", "/search?q=ruou", "/producers/htx-thu", "/products?adult=true"):
            assert "/products/ruou-ngo" not in client.get(path).text, path
        assert "1 đồ uống có cồn đang được ẩn" in client.get("/products").text
        assert client.get("/api/v1/products").get_json()["total"] == 0
        assert client.get("/api/v1/products/ruou-ngo").status_code == 404
        assert client.get("/api/v1/products/ruou-ngo?adult=true").status_code == 200
        answer = send(client, "/cart/add", sku=spirit.sku, quantity=1, next="/products/ruou-ngo")
        assert answer.location == "/age?next=%2Fproducts%2Fruou-ngo"
        assert "Giỏ còn trống" in client.get("/cart").text
        send(client, "/age", next="/", answer="yes")
        for path in ("/products", "/search?q=ruou", "/producers/htx-thu"):
            assert "/products/ruou-ngo" in client.get(path).text, path
        send(client, "/cart/add", sku=spirit.sku, quantity=1)
        assert "Chờ thanh toán không tiền mặt" in client.get("/cart").text
        assert "/products/ruou-ngo" not in new_client(app).get("/products").text


def test_alcohol_stays_in_the_basket_and_the_rest_is_ordered(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    spirit = make_offer("Rượu ngô", at=at, set_code=SPIRIT, producer=producer)
    noodles = make_offer("Miến dong", at=at, producer=producer, price=50_000)
    token = fill_basket((spirit, 2), (noodles, 1), at=at)
    key, fingerprint = start_checkout(token, at=at)
    with transaction():
        order = place_order(key=key, fingerprint=fingerprint, language="vi", at=at, by=GUEST)
    assert [line.sku for part in order.parts for line in part.lines] == [noodles.sku]
    assert order.goods_total.amount == 50_000
    left = contents(find_basket(token, by=GUEST), at=AT)
    assert (left.groups, [(line.variant.sku, line.quantity) for line in left.cashless]) == ((), [(spirit.sku, 2)])
