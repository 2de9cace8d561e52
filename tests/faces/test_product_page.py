"""The product's page: what the law asks, others like it, what was seen, sharing; the maker's shop; the categories."""

import re
from datetime import datetime
from xml.etree import ElementTree

from flask import Flask

from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.services import move_listing, save_label
from tests.builders import (
    BY,
    complete_label,
    indexed,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
)
from tests.conftest import Client, new_client
from tests.pages import send


def test_the_label_in_both_languages(client: Client, at: datetime) -> None:
    variant = make_offer(at=at)
    slug = db.session.get_one(Listing, variant.listing_id).slug
    label = complete_label(
        "I.3.b", allergens=["eggs", "fish"], usage="Nấu chín", usage_en="Cook it", shelf_life_from="packed"
    )
    label = type(label)(
        **{**label.__dict__, "ingredients": "Bột, trứng vịt", "origin_commune_code": "03388", "season": 0b100000000011}
    )
    with transaction():
        save_label(slug=slug, label=label, by=BY, at=at)
        db.session.get_one(Variant, variant.id).most_quantity = 6
    page = client.get(f"/products/{slug}").text
    for shown in (
        "Bột, <strong>trứng vịt</strong>",
        "<strong>trứng, cá</strong>",
        "90 ngày kể từ ngày đóng gói",
        "Phường Đoàn Kết, Tỉnh Lai Châu",
        "Chịu trách nhiệm" if "responsible" not in label.facts else "Thử",
        "Có vào tháng 12 đến tháng 2.",
        "10.000\u00a0₫/100 g",
        "mỗi đơn nhiều nhất 6",
        "Hợp tác xã",
    ):
        assert shown in page, shown
    english = client.get(f"/products/{slug}?lang=en").text
    for shown in (
        "<strong>eggs, fish</strong>",
        "Cook it",
        "90 days from the day of packing",
        "Net quantity",
        "December to February",
    ):
        assert shown in english, shown
    assert '<dd lang="vi">Bột' in english


def test_alcohol_and_medicine_sets_show_their_facts(client: Client, at: datetime) -> None:
    send(client, "/age", next="/", answer="yes")
    for set_code, facts, wanted in (
        ("II.1.a", {"ethanol": "29,5"}, "29,5 phần trăm thể tích"),
        ("III.1", {"declaration_number": "12/2025"}, "Thảo mộc dùng như thực phẩm"),
        ("IV.2", {"material": "Lanh"}, "Lanh"),
    ):
        product = make_product(make_producer(f"Nhà {set_code}", at=at), f"Món {set_code}", at=at, set_code=set_code)
        make_certificate(product, at=at)
        listing, _ = make_listing(product, at=at)
        with transaction():
            save_label(slug=listing.slug, label=complete_label(set_code, **facts), by=BY, at=at)
        assert wanted in client.get(f"/products/{listing.slug}").text


def test_others_like_it_never_itself(app: Flask, client: Client, at: datetime) -> None:
    home = make_producer("Nhà", at=at)
    make_offer("Miến một", at=at, producer=home)
    make_offer("Miến hai", at=at, producer=make_producer("Xa", at=at, commune="03445"))
    make_offer("Chè nhà", at=at, producer=home, set_code="I.5.a")
    make_offer("Chè xa", at=at, producer=make_producer("Xa nữa", at=at, commune="03445"), set_code="I.5.a")
    with indexed(app, at):
        page = client.get("/products/mien-mot").text
    related = page[page.index('id="related"') : page.index("</main>")]
    assert ["/products/mien-hai" in related, "/products/che-nha" in related] == [True, True]
    assert "/products/mien-mot" not in related
    assert "/products/che-xa" not in related


def test_what_was_seen_is_the_browsers_and_only_what_is_public(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer(at=at)
    for name in ("Món một", "Món hai", "Món ba"):
        make_offer(name, at=at, producer=producer)
    assert "Bạn vừa xem" not in client.get("/products/mon-mot").text
    client.get("/products/mon-hai")
    page = client.get("/products/mon-ba").text
    seen = page[page.index('id="recent"') :]
    assert seen.index("/products/mon-hai") < seen.index("/products/mon-mot")
    with transaction():
        move_listing(slug="mon-hai", to=ListingState.PAUSED, by=BY, at=at)
    page = client.get("/products/mon-ba").text
    seen = page[page.index('id="recent"') :]
    assert ("/products/mon-hai" in seen, "/products/mon-mot" in seen) == (False, True)
    assert "Bạn vừa xem" not in new_client(app).get("/products/mon-ba").text
    for forged in ("W10.bad", "x", '["mon-mot"]'):
        other = new_client(app)
        other.set_cookie("seen", forged)
        assert "Bạn vừa xem" not in other.get("/products/mon-ba").text
    cleared = send(client, "/recent/clear", next="/products/mon-ba")
    assert cleared.headers["Location"] == "/products/mon-ba"
    assert "Bạn vừa xem" not in client.get("/products/mon-ba").text
    assert send(client, "/recent/clear", next="https://elsewhere.example/").headers["Location"] == "/"


def test_sharing_without_a_script(client: Client, at: datetime) -> None:
    make_offer("Miến", at=at)
    page = client.get("/products/mien").text
    assert re.findall(r'href="(mailto:[^"]+)"', page) == [
        "mailto:?subject=Mi%E1%BA%BFn&amp;body=http%3A%2F%2F127.0.0.1%3A8000%2Fproducts%2Fmien"
    ]
    assert 'value="http://127.0.0.1:8000/products/mien" readonly' in page
    code = client.get("/products/mien/qr.svg")
    assert (code.mimetype, "style=" in code.text) == ("image/svg+xml", False)
    assert ElementTree.fromstring(code.text).tag == "{http://www.w3.org/2000/svg}svg"  # else no browser draws it


def test_the_makers_shop_by_set(client: Client, at: datetime) -> None:
    producer = make_producer("HTX Nhà", at=at)
    make_offer("Miến", at=at, producer=producer)
    assert "?set=" not in client.get("/producers/htx-nha").text
    make_offer("Chè", at=at, producer=producer, set_code="I.5.a")
    page = client.get("/producers/htx-nha").text
    for shown in ("?set=I.5.a", "/products/mien", "/products/che", "2 món còn chứng nhận", "Người bán"):
        assert shown in page
    narrowed = client.get("/producers/htx-nha?set=I.5.a").text
    assert ("/products/mien" in narrowed, "/products/che" in narrowed) == (False, True)
    assert "/products/mien" in client.get("/producers/htx-nha?set=NOPE").text


def test_a_category_introduces_itself(client: Client, at: datetime) -> None:
    page = client.get("/categories/I.5.a").text
    assert "Chè Shan cây cổ thụ" in page
    assert 'href="/categories/che"' in page[page.index('class="crumbs"') : page.index("<h1>")]
    assert "tea of old Shan trees" in client.get("/categories/I.5.a?lang=en").text.replace("Tea", "tea")
