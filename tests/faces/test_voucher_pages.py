"""Vouchers and flash sales on pages: the cart's field, what pages show of a discount, the desks' lists and forms."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import Order
from marketplace.shop.pricing.models import FlashSale
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.vouchers.models import Voucher
from tests.builders import make_offer, make_producer, make_sale, make_user, make_voucher
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in
from tests.pdf_text import pdf_words

ADDRESS = {
    "recipient": "Yến",
    "phone": "0912 345 678",
    "email": "yen@example.com",
    "province_code": "01",
    "commune_code": "00004",
    "street": "Ngõ 42",
}


@pytest.fixture
def seller(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at, email="seller@example.com")


@pytest.fixture
def goods(seller: User, at: datetime) -> Variant:
    return make_offer(at=at, producer=make_producer("Lò miến", at=at, user=seller))


def test_from_the_field_in_the_cart_to_the_paper(client: Client, goods: Variant, seller: User, at: datetime) -> None:
    make_voucher("LOMIEN", at=at, giver=seller, kind=VoucherKind.PERCENT, off=10)
    make_voucher("SONLA", at=at, kind=VoucherKind.FREE_DELIVERY, cap=20_000)
    send(client, "/cart/add", sku=goods.sku, quantity="2")
    for code in ("lò-miến", "sonla"):
        assert send(client, "/cart/voucher", code=code).headers["Location"] == "/cart#total"
    cart = client.get("/cart").text
    assert "Phiếu LOMIEN" in cart
    assert "−10.000\xa0₫" in cart
    assert 'Còn lại, chưa kể giao hàng</dt><dd class="totals__sum">90.000\xa0₫' in cart
    assert "Phí giao được trừ ở bước sau, khi biết nơi nhận." in cart
    send(client, "/checkout", **ADDRESS)
    page = client.get("/checkout/review")
    assert "−20.000\xa0₫" in page.text
    assert "trả 107.500\xa0₫ khi nhận" in page.text
    placed = client.post("/checkout/place", data=hidden(page, "/checkout/place"))
    order = client.get(placed.headers["Location"]).text
    for words in ("Nơi bán giảm", "−10.000\xa0₫", "Tỉnh hỗ trợ", "−20.000\xa0₫", "Phiếu SONLA", "107.500\xa0₫"):
        assert words in order
    number, key = placed.headers["Location"].split("/orders/")[1].split("?key=")
    paper = pdf_words(client.get(f"/orders/{number}/receipt.pdf?key={key}").data)
    assert "LOMIEN" in paper
    assert "Tỉnh hỗ trợ" in paper
    letters = {m.to_address: m.text for m in db.session.scalars(select(OutgoingMail))}
    assert "Phiếu LOMIEN (LOMIEN): −10.000\xa0₫" in letters["yen@example.com"]
    assert "Tỉnh hỗ trợ, chợ trả lại bạn: 20.000\xa0₫" in letters["seller@example.com"]
    maker = new_client(client.application)
    sign_in(maker, seller)
    assert "−10.000\xa0₫" in maker.get(f"/producer/orders/{number}/1").text


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("<b>hay", "Không có mã giảm giá này."),
        ("", "Không có mã giảm giá này."),
        ("MUON", "Mã này chưa tới ngày dùng."),
        ("NHIEU", "Mã này dùng cho tiền hàng từ 200.000 ₫. Mua thêm 100.000 ₫ nữa."),
    ],
)
def test_a_wrong_code_says_why_beside_the_field(
    client: Client, goods: Variant, at: datetime, typed: str, why: str
) -> None:
    make_voucher("MUON", at=at, starts=5)
    make_voucher("NHIEU", at=at, least=200_000)
    send(client, "/cart/add", sku=goods.sku, quantity="2")
    answer = send(client, "/cart/voucher", code=typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert f'name="code" value="{typed.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert 'aria-describedby=" voucher-error"' in answer.text
    assert "vouchers__one" not in client.get("/cart").text


def test_taken_out_again(client: Client, goods: Variant, at: datetime) -> None:
    make_voucher(at=at)
    send(client, "/cart/add", sku=goods.sku)
    send(client, "/cart/voucher", code="tet2026")
    assert "vouchers__one" in client.get("/cart").text
    send(client, "/cart/voucher", remove="TET2026")
    assert "vouchers__one" not in client.get("/cart").text


def test_the_review_says_why_a_code_no_longer_counts(client: Client, goods: Variant, at: datetime) -> None:
    make_voucher(at=at, uses=1)
    send(client, "/cart/add", sku=goods.sku)
    send(client, "/cart/voucher", code="TET2026")
    send(client, "/checkout", **ADDRESS)
    page = client.get("/checkout/review")
    other = new_client(client.application)
    send(other, "/cart/add", sku=goods.sku)
    send(other, "/cart/voucher", code="TET2026")
    send(other, "/checkout", **ADDRESS)
    assert (
        other.post("/checkout/place", data=hidden(other.get("/checkout/review"), "/checkout/place")).status_code == 302
    )
    refused = client.post("/checkout/place", data=hidden(page, "/checkout/place"))
    assert refused.status_code == 409
    assert "Mã TET2026 không tính vào đơn này: Mã này đã hết lượt dùng." in refused.text
    assert "Chưa đặt gì cả" in refused.text
    assert db.session.query(Order).count() == 1


VOUCHER = {
    "code": "tết mới",
    "name": "Mừng xuân",
    "kind": "percent",
    "percent": "15",
    "cap": "50.000đ",
    "minimum_goods": "200 000",
    "starts_at": "2026-12-01T08:00",
    "ends_at": "2026-12-31T20:00",
    "most_uses": "100",
    "most_each": "1",
}


@pytest.mark.parametrize(("role", "base"), [(Role.PRODUCER, "/producer"), (Role.PROVINCE_OFFICER, "/office")])
def test_a_giver_keeps_vouchers(app: Flask, client: Client, at: datetime, role: Role, base: str) -> None:
    user = make_user(role, at=at)
    if role is Role.PRODUCER:
        make_producer(at=at, user=user)
    sign_in(client, user)
    assert "Tạo một mã" in client.get(f"{base}/vouchers").text
    assert 'value="2026-11-23T12:00"' in client.get(f"{base}/vouchers/new").text
    wrong = send(client, f"{base}/vouchers/new", **{**VOUCHER, "percent": "nhiều", "cap": "x", "most_uses": "ba"})
    assert wrong.status_code == 422
    for kept in ('value="nhiều"', 'value="x"', 'value="ba"', 'value="tết mới"', 'value="2026-12-31T20:00"'):
        assert kept in wrong.text
    typed = {"code": "", "starts_at": "mai", "ends_at": "2026-11-20T20:00", "cap": "nhiều", "minimum_goods": "x"}
    wrong = send(client, f"{base}/vouchers/new", **VOUCHER | typed)
    assert "Có 5 chỗ cần sửa" in wrong.text, "all at once: what cannot be read and what will not do"
    assert wrong.text.count(">Nhập số tiền bằng chữ số, ví dụ 50.000.</a>") == 2
    for told in (">Mã có từ 3", ">Nhập ngày và giờ.</a>", ">Lúc kết thúc phải sau lúc bắt đầu, và chưa qua.</a>"):
        assert told in wrong.text
    assert "Nhập giá" not in wrong.text
    unread = send(client, f"{base}/vouchers/new", **VOUCHER | {"cap": "x"})
    assert (unread.status_code, "Có 1 chỗ cần sửa" in unread.text) == (422, True)
    assert db.session.query(Voucher).count() == 0, "good but for one number: nothing is kept"
    late = send(client, f"{base}/vouchers/new", **{**VOUCHER, "ends_at": "2026-11-30T20:00"})
    assert "Lúc kết thúc phải sau lúc bắt đầu" in late.text
    assert db.session.query(Voucher).count() == 0
    assert send(client, f"{base}/vouchers/new", **VOUCHER).status_code == 302
    made = db.session.scalars(select(Voucher)).one()
    assert (made.code, made.percent, made.cap, made.minimum_goods) == ("TETMOI", 15, Money(50_000), Money(200_000))
    assert (made.most_uses, made.most_each, made.producer_id is None) == (100, 1, role is not Role.PRODUCER)
    assert made.starts_at.isoformat() == "2026-12-01T01:00:00+00:00"
    page = client.get(f"{base}/vouchers").text
    for words in ("TETMOI", "Sắp chạy", "Giảm 15 %, nhiều nhất 50.000\xa0₫", "0 trên 100", "01/12/2026, 08:00"):
        assert words in page
    assert "Mã này đã có rồi." in send(client, f"{base}/vouchers/new", **VOUCHER).text
    send(client, f"{base}/vouchers/TETMOI/end")
    assert "Đã kết thúc" in client.get(f"{base}/vouchers").text
    send(client, f"{base}/vouchers/TETMOI/end")
    assert "Mã này đã kết thúc rồi." in client.get(f"{base}/vouchers").text


def test_a_producer_keeps_flash_sales(client: Client, goods: Variant, seller: User, at: datetime) -> None:
    sign_in(client, seller)
    assert "Chưa có đợt nào." in client.get("/producer/sales").text
    typed = {"sku": goods.sku, "price": "60.000", "starts_at": "2026-11-23T12:00", "ends_at": "2026-11-24T12:00"}
    wrong = send(client, "/producer/sales/new", **typed, units="3")
    assert wrong.status_code == 422
    assert "Giá chớp nhoáng phải thấp hơn giá lẻ." in wrong.text
    assert 'value="60.000"' in wrong.text
    wrong = send(client, "/producer/sales/new", **typed | {"price": "rẻ", "ends_at": ""}, units="ba")
    assert "Có 3 chỗ cần sửa" in wrong.text
    for told in (">Nhập giá bằng chữ số", ">Nhập ngày và giờ.</a>", ">Nhập bằng chữ số.</a>"):
        assert told in wrong.text.replace("Bán nhiều nhất mấy món: ", "")
    assert ">Nhập giá.</a>" in send(client, "/producer/sales/new", **typed | {"price": ""}).text
    assert db.session.query(FlashSale).count() == 0
    assert send(client, "/producer/sales/new", **{**typed, "price": "40.000"}, units="3").status_code == 302
    page = client.get("/producer/sales").text
    for words in ("Đang chạy", "40.000\xa0₫", "0 trên 3"):
        assert words in page
    code = db.session.scalars(select(FlashSale.code)).one()
    send(client, f"/producer/sales/{code}/end")
    send(client, f"/producer/sales/{code}/end")
    page = client.get("/producer/sales").text
    assert "Đã kết thúc" in page
    assert "Đợt giảm giá này đã kết thúc rồi." in page


def test_english_pages_name_goods_in_english(client: Client, goods: Variant, seller: User, at: datetime) -> None:
    listing = goods.listing
    send(client, "/cart/add", sku=goods.sku)
    cart = client.get("/cart?lang=en").text
    assert f'Quantity of <span lang="vi">{listing.name}</span></label>' in cart
    make_sale(goods, seller, at=at)
    make_voucher("MOT", at=at, each=1)
    with transaction():
        db.session.execute(update(Listing).where(Listing.id == listing.id).values(name_en="Glass noodles"))
    assert "Quantity of Glass noodles</label>" in client.get("/cart").text
    assert listing.name not in client.get("/cart").text
    sign_in(client, seller)
    assert '<span class="vh"> Glass noodles</span>' in client.get("/producer/sales?lang=en").text
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get("/office/vouchers?lang=en").text
    assert ", 1 use per person" in page
    assert "<h1>Discount codes</h1>" in page


def test_without_goods_there_is_nothing_to_plan(client: Client, seller: User, at: datetime) -> None:
    make_producer(at=at, user=seller)
    sign_in(client, seller)
    assert "Viết trang bán trước." in client.get("/producer/sales/new").text


def test_a_card_shows_the_price_before(client: Client, goods: Variant, seller: User, at: datetime) -> None:
    make_sale(goods, seller, at=at)
    page = client.get("/producers/lo-mien").text
    assert '<span>40.000\xa0₫</span><s class="price__old"><span class="vh">giá cũ </span>50.000\xa0₫</s>' in page
