"""/verify: by number or name, in words for each standing, with history and a QR picture; the API says the same."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import transaction
from marketplace.registry.certification.history import Change, steps
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.queries import list_of_product
from marketplace.registry.certification.services import certify
from tests.builders import (
    BY,
    make_certificate,
    make_decision,
    make_listing,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import AT, TODAY, Client
from tests.pages import sign_in


def product_named(name: str, at: datetime, producer: str = "HTX Bình Lư") -> Certificate:
    return make_certificate(make_product(make_producer(producer, at=at), name, at=at), at=at)


def test_words_for_each_standing(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer(at=at)
    kept = make_certificate(make_product(producer, "Một", at=at), at=at)
    lapsed = make_certificate(
        make_product(producer, "Hai", at=at), at=at, days_ago=500, expires_on=TODAY - timedelta(days=1)
    )
    revoked = make_certificate(make_product(producer, "Ba", at=at), at=at)
    revoke_certificate(revoked, at=at, reason="Kiểm tra không đạt")
    renewed = make_product(producer, "Bốn", at=at)
    superseded = make_certificate(renewed, at=at, stars=4, days_ago=800)
    make_certificate(renewed, at=at, stars=3, days_ago=10)
    with transaction():
        coming = certify(
            product_code=renewed.code,
            decision=make_decision(TODAY),
            stars=4,
            issued_on=TODAY + timedelta(days=30),
            by=BY,
            at=at,
        )
    for certificate, verdict, advice in (
        (kept, "Thật và còn hiệu lực", "Yên tâm mua"),
        (lapsed, "đã hết hạn từ ngày", "chưa được đánh giá lại"),
        (revoked, "Đã bị thu hồi từ ngày", "Đừng dựa vào ngôi sao"),
        (superseded, "đã có quyết định mới hơn thay", "của giấy mới nhất"),
        (coming, "có hiệu lực từ ngày", "chưa đến ngày dùng"),
    ):
        page = client.get(f"/verify/{certificate.code}").text
        assert (verdict in page, advice in page) == (True, True), certificate.code
    assert "Kiểm tra không đạt" in client.get(f"/verify/{revoked.code}").text
    history = client.get(f"/verify/{superseded.code}").text
    assert "3 sao, hạ sao" in history
    assert "4 sao, nâng sao" in history
    assert "4 sao, lần đầu" in history


@pytest.mark.parametrize("words", ["mien dong", "Miến Dong", "DONG mien", "binh lu"])
def test_found_by_name_with_marks_or_without(app: Flask, client: Client, at: datetime, words: str) -> None:
    code = product_named("Miến dong sợi", at).code
    product_named("Chè Shan", at, "HTX Khác")
    page = client.get(f"/verify?q={words}")
    assert (page.status_code, f"/verify/{code}" in page.text, "Chè Shan" in page.text) == (200, True, False)


def test_whole_words_come_first(app: Flask, client: Client, at: datetime) -> None:
    product_named("Cá chép", at)
    product_named("Trà chè xanh", at)
    page = client.get("/verify?q=chè").text
    assert page.index("Trà chè xanh") < page.index("Cá chép")


@pytest.mark.parametrize("words", ["%", "%%", "__", "gạo nếp", "x", "\u0301\u0301"])
def test_nothing_found_says_so(app: Flask, client: Client, at: datetime, words: str) -> None:
    product_named("Miến dong", at)
    answer = client.get("/verify", query_string={"q": words})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    assert page.status_code == 404
    assert "Không có giấy chứng nhận nào cho" in page.text, "a name is no number that might be forged"


def test_many_names_come_in_pages(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer(at=at)
    for n in range(21):
        make_certificate(make_product(producer, f"Miến {n:02}", at=at), at=at)
    first, second = (client.get(f"/verify?q=mien&page={n}").text for n in (1, 2))
    assert "21 sản phẩm khớp" in first
    assert ("Miến 19" in first, "Miến 20" in first, "Miến 20" in second) == (True, False, True)


def test_the_page_leads_to_the_shop_while_it_is_on_sale(app: Flask, client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    certificate = make_certificate(product, at=at)
    path = f"/verify/{certificate.code}"
    assert "Xem món này trong chợ" not in client.get(path).text
    listing, _ = make_listing(product, at=at)
    assert f"/products/{listing.slug}" in client.get(path).text
    revoke_certificate(certificate, at=at)
    assert "Xem món này trong chợ" not in client.get(path).text


def test_the_set_of_its_time_is_told(app: Flask, client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at, set_code="IV.1")
    old = make_certificate(product, at=at, days_ago=(day_of(AT) - date(2022, 6, 1)).days)
    page = client.get(f"/verify/{old.code}").text
    assert "Thủ công mỹ nghệ trang trí" in page
    assert "QĐ 1048/QĐ-TTg" in page
    assert "Decorative handicrafts" in client.get(f"/verify/{old.code}?lang=en").text


def test_potential_five_stays_four_everywhere(app: Flask, client: Client, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    with transaction():
        certificate = certify(
            product_code=product.code, decision=make_decision(TODAY, 4), stars=4, potential_five=True, by=BY, at=at
        )
    page = client.get(f"/verify/{certificate.code}").text
    assert "Tiềm năng 5 sao" in page
    assert "OCOP 4 sao, còn hiệu lực" in page
    assert "OCOP 5 sao" not in page
    item = client.get(f"/api/v1/certificates/{certificate.code}").json["items"][0]  # type: ignore[index] # it is JSON
    assert (item["stars"], item["potential_five"]) == (4, True)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "4 sao, lần đầu · tiềm năng 5 sao" in client.get(f"/office/certification/products/{product.code}").text


def test_the_qr_picture(app: Flask, client: Client, at: datetime) -> None:
    code = product_named("Miến", at).code
    svg, png = client.get(f"/verify/{code}/qr.svg"), client.get(f"/verify/{code}/qr.png?download=1")
    assert (svg.mimetype, svg.headers["Cache-Control"]) == ("image/svg+xml", "public, max-age=86400")
    assert svg.text.startswith("<svg")
    assert "style=" not in svg.text
    assert (png.mimetype, png.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert png.headers["Content-Disposition"] == f'attachment; filename="{code}.png"'
    assert client.get("/verify/CN00000000/qr.svg").status_code == 404
    assert client.get(f"/verify/{code}/qr.gif").status_code == 404


def test_the_producer_is_offered_the_picture(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    product = make_product(make_producer(at=at, user=user), at=at)
    certificate = make_certificate(product, at=at)
    make_listing(product, at=at)
    sign_in(client, user)
    assert f"/verify/{certificate.code}#qr" in client.get("/producer/stock").text


def test_the_api_says_the_same(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer("HTX Bình Lư", at=at)
    product = make_product(producer, "Miến", at=at)
    certificate = make_certificate(product, at=at, printed="7/2026/OCOP")
    listing, _ = make_listing(product, at=at)
    revoked = make_certificate(make_product(producer, "Chè", at=at), at=at, printed="7/2026/OCOP")
    revoke_certificate(revoked, at=at, reason="Sai hồ sơ")
    items = client.get("/api/v1/certificates/7/2026/OCOP").json["items"]  # type: ignore[index] # it is JSON
    by_code = {item["code"]: item for item in items}
    good, bad = by_code[certificate.code], by_code[revoked.code]
    assert (good["standing"], good["revocation"], good["category"]["decision"]) == ("in_force", None, "QĐ 148/QĐ-TTg")
    assert good["url"].endswith(f"/verify/{certificate.code}")
    assert good["product_url"].endswith(f"/products/{listing.slug}")
    assert (bad["standing"], bad["product_url"], bad["revocation"]["reason"]) == ("revoked", None, "Sai hồ sơ")
    missing = client.get("/api/v1/certificates/NOPE")
    assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    page = client.get("/api/v1/producers").json
    assert page is not None
    assert [(p["name"], p["products"]) for p in page["items"]] == [("HTX Bình Lư", 1)]
    one = client.get(f"/api/v1/producers/{producer.slug}").json
    assert one is not None
    assert [item["slug"] for item in one["items"]] == [listing.slug]
    categories = client.get("/api/v1/categories").json
    assert categories is not None
    assert sum(len(group["sets"]) for group in categories["items"]) == 26
    for wrong in ("page=0", "page=10001", "page=x", "stars=3"):
        assert client.get(f"/api/v1/producers?{wrong}").status_code == 422


def test_the_ladder(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    make_certificate(product, at=at, stars=3, days_ago=1000)
    make_certificate(product, at=at, stars=4, days_ago=500)
    make_certificate(product, at=at, stars=4, days_ago=100)
    make_certificate(product, at=at, stars=3, days_ago=0)
    revoke_certificate(list_of_product(product.id)[0], at=at)
    history = steps(list_of_product(product.id), TODAY)
    assert [step.change for step in history] == [Change.LOWERED, Change.RENEWED, Change.RAISED, Change.FIRST]
    assert history[0].width == 0.0  # revoked on its first day it never counted
    assert history[-1].start == 0.0
    assert all(step.start + step.width <= 100 for step in history)
    assert history[1].start == pytest.approx(history[2].start + history[2].width, abs=0.02)
    assert steps([], TODAY) == []
