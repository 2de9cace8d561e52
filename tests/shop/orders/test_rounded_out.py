"""Around an order: gift and invoice, days of arrival, on paper, again, the list of a member's orders."""

import re
from datetime import date, datetime

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.services import move_listing
from marketplace.shop.checkout.rules import read_tax_code
from marketplace.shop.checkout.services import Extras, Invoice, ReviewChanged, place_order, save_extras
from marketplace.shop.delivery.rules import arrival
from marketplace.shop.fulfilment.services import confirm_part, note_invoice
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.queries import get_order
from tests.builders import BY, fill_basket, make_offer, make_order, make_producer, make_user, start_checkout
from tests.conftest import AT, Client, new_client
from tests.pages import send, sign_in

INVOICE = Invoice("Công ty TNHH Thử", "0101234567", "Số 1 Tràng Tiền, Hà Nội", "ke-toan@example.com")


def start(client: Client, sku: str, **more: str) -> None:
    """Put one in the cart and say where it goes."""
    send(client, "/cart/add", sku=sku, quantity=1)
    address = {"recipient": "Yến", "phone": "0912 345 678", "email": "yen@example.com", "street": "Ngõ 42"}
    answer = send(client, "/checkout", **address, province_code="01", commune_code="00004", **more)
    assert answer.status_code == 302, answer.text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0101234567", "0101234567"),
        ("0101234567-001", "0101234567-001"),
        ("0101234567001", "0101234567-001"),
        ("001 099 012 345", "001099012345"),
        ("12345", None),
        ("01012345678", None),
        ("٠١٠١٢٣٤٥٦٧", None),
        ("", None),
    ],
)
def test_tax_codes(typed: str, read: str | None) -> None:
    if read is None:
        with pytest.raises(Invalid):
            read_tax_code(typed)
    else:
        assert read_tax_code(typed) == read


@pytest.mark.parametrize(
    ("day", "ready", "carried", "expected"),
    [
        (date(2026, 11, 23), (1, 2), (2, 4), (date(2026, 11, 26), date(2026, 11, 30))),  # a Sunday between
        (date(2026, 11, 28), (0, 1), (1, 1), (date(2026, 11, 30), date(2026, 12, 1))),
        (date(2026, 11, 23), (0, 0), (0, 0), (date(2026, 11, 23), date(2026, 11, 23))),
    ],
)
def test_sundays_do_not_count(
    day: date, ready: tuple[int, int], carried: tuple[int, int], expected: tuple[date, date]
) -> None:
    assert arrival(day, ready, carried) == expected


def test_gift_and_invoice_are_agreed_to_and_frozen(app: Flask, at: datetime) -> None:
    token = fill_basket((make_offer(at=at), 1), at=at)
    key, before = start_checkout(token, at=at)
    basket = find_basket(token, by=GUEST)
    assert basket is not None
    with transaction():
        save_extras(basket_id=basket.id, extras=Extras("Chúc bà  khỏe", INVOICE), at=at)
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=before, language="vi", by=GUEST, at=at)
    key, now_agreed = start_checkout(token, at=at)  # the address again: what was asked besides stays
    with transaction():
        order = place_order(key=key, fingerprint=now_agreed, language="vi", by=GUEST, at=at)
    assert (order.gift_note, order.invoice_name, order.invoice_tax_code) == (
        "Chúc bà khỏe",
        "Công ty TNHH Thử",
        "0101234567",
    )
    assert order.parts[0].arrives_from is not None
    assert order.parts[0].arrives_from <= (order.parts[0].arrives_until or date.min)


def test_nothing_is_asked_besides_before_there_is_an_address(app: Flask, at: datetime) -> None:
    basket = find_basket(fill_basket((make_offer(at=at), 1), at=at), by=GUEST)
    assert basket is not None
    with pytest.raises(NotFound), transaction():
        save_extras(basket_id=basket.id, extras=Extras("x"), at=at)


def test_the_extras_page_keeps_what_was_typed(client: Client, at: datetime) -> None:
    assert client.get("/checkout/extras").location == "/checkout"
    start(client, make_offer(at=at).sku)
    answer = send(
        client, "/checkout/extras", gift_note="Mừng thọ", invoice="1", invoice_name="Cty", invoice_tax_code="12"
    )
    assert answer.status_code == 422
    assert 'value="Cty"' in answer.text
    assert "Mừng thọ" in answer.text
    assert "Mã số thuế có 10 chữ số" in answer.text
    for missing in ("Nhập địa chỉ ghi trên hóa đơn", "Nhập địa chỉ thư nhận hóa đơn"):
        assert answer.text.count(missing) == 2  # in the summary and beside the field
    facts = {f"invoice_{name}": value for name, value in vars(INVOICE).items()}
    assert send(client, "/checkout/extras", gift_note="Mừng thọ", invoice="1", **facts).status_code == 302
    page = client.get("/checkout/review").text
    assert "Xuất hóa đơn cho Công ty TNHH Thử, mã số thuế 0101234567" in page
    assert "Gửi kèm lời chúc: “Mừng thọ”" in page
    assert re.search(r"Nhận từ Thứ \w+ \d\d/\d\d đến Thứ \w+ \d\d/\d\d", page)
    send(client, "/checkout/extras", gift_note="")
    assert "Xuất hóa đơn cho" not in client.get("/checkout/review").text


def test_the_producer_notes_the_invoice_of_a_buyer_who_asked(app: Flask, at: datetime) -> None:
    seller = make_user(Role.PRODUCER, at=at)
    goods = make_offer(at=at, producer=make_producer(at=at, user=seller))
    plain = make_order((goods, 1), at=at)
    by = seller.actor()
    with pytest.raises(NotFound), transaction():
        note_invoice(number=plain.number, position=1, invoice_number="1", by=by, at=at)
    token = fill_basket((goods, 1), at=at)
    start_checkout(token, at=at)
    basket = find_basket(token, by=GUEST)
    assert basket is not None
    with transaction():
        save_extras(basket_id=basket.id, extras=Extras("", INVOICE), at=at)
    key, fingerprint = start_checkout(token, at=at)
    with transaction():
        asked = place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at)
    with pytest.raises(Invalid), transaction():
        note_invoice(number=asked.number, position=1, invoice_number=" ", by=by, at=at)
    stranger = make_user(Role.PRODUCER, at=at).actor()
    with pytest.raises(NotFound), transaction():
        note_invoice(number=asked.number, position=1, invoice_number="1", by=stranger, at=at)
    with transaction():
        note_invoice(number=asked.number, position=1, invoice_number="1C26TYY-15", by=by, at=at)
    assert get_order(asked.number).parts[0].invoice_number == "1C26TYY-15"
    client = new_client(app)
    sign_in(client, seller)
    assert "Người mua cần hóa đơn" in client.get(f"/producer/orders/{asked.number}/1").text
    assert send(client, f"/producer/orders/{asked.number}/1/invoice", invoice_number="").status_code == 422
    page = new_client(app).get(f"/orders/{asked.number}?key={order_key(asked.number)}").text
    assert "Hóa đơn số 1C26TYY-15" in page


def test_an_order_on_paper(app: Flask, client: Client, at: datetime) -> None:
    order = make_order((make_offer("Miến dong #evil[x]", at=at), 2), at=at)
    assert client.get(f"/orders/{order.number}/receipt.pdf").status_code == 404
    answer = client.get(f"/orders/{order.number}/receipt.pdf?key={order_key(order.number)}")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in answer.data  # tagged, for a screen reader
    assert b"/Lang (vi)" in answer.data or b"/Lang(vi)" in answer.data


def test_order_again_at_todays_prices(app: Flask, client: Client, at: datetime) -> None:
    producer = make_producer(at=at)
    kept, gone = make_offer("Miến", at=at, producer=producer), make_offer("Măng", at=at, producer=producer)
    order = make_order((kept, 2), (gone, 1), at=at)
    with transaction():
        move_listing(slug="mang", to=ListingState.PAUSED, by=BY, at=at)
    assert send(client, f"/orders/{order.number}/again").status_code == 404
    answer = send(client, f"/orders/{order.number}/again", key=order_key(order.number))
    assert answer.location == "/cart"
    page = client.get("/cart").text
    assert "Chưa đưa được vào giỏ: Măng" in page
    assert "/products/mien" in page
    send(client, f"/orders/{order.number}/again", key=order_key(order.number))


def test_a_members_orders_by_page_and_state(app: Flask, at: datetime) -> None:
    seller, buyer = make_user(Role.PRODUCER, at=at), make_user(at=at)
    goods = make_offer(at=at, stock=90, producer=make_producer(at=at, user=seller))
    orders = [make_order((goods, 1), at=at, by=buyer.actor()) for _ in range(22)]
    with transaction():
        confirm_part(number=orders[0].number, position=1, by=seller.actor(), at=at)
    client = new_client(app)
    sign_in(client, buyer)
    assert client.get("/account/orders").text.count("/again") == 20
    assert client.get("/account/orders?page=2").text.count("/again") == 2
    assert client.get("/account/orders?under_way=1&page=2").text.count("/again") == 2
    assert "under_way=1" in client.get("/account/orders?under_way=1").text
    stranger = new_client(app)
    sign_in(stranger, make_user(at=at))
    assert "Không có đơn nào đang trên đường" in stranger.get("/account/orders?under_way=1").text


def test_put_aside_from_the_page_of_a_product(app: Flask, at: datetime) -> None:
    goods, buyer, client = make_offer("Miến dong", at=at), make_user(at=at), new_client(app)
    sign_in(client, buyer)
    assert "Chưa để dành món nào" in client.get("/account/wishlist").text
    send(client, "/cart/add", sku=goods.sku, later="1")
    assert "Miến dong" in client.get("/account/wishlist").text
    answer = send(client, f"/cart/{goods.sku}", back="1", next="/account/wishlist")
    assert answer.location == "/account/wishlist"
    assert [x.variant.sku for x in contents(find_basket(None, by=buyer.actor()), at=AT).lines] == [goods.sku]
    send(client, f"/cart/{goods.sku}", later="1")
    assert "Đưa vào giỏ" in client.get("/cart").text
    send(client, "/cart/SKU-NONE", back="1")
    assert "không bán nữa" in client.get("/cart").text


def test_the_producers_terms_page(app: Flask, at: datetime) -> None:
    seller, client = make_user(Role.PRODUCER, at=at), new_client(app)
    goods = make_offer(at=at, price=30_000, producer=make_producer(at=at, user=seller))
    sign_in(client, seller)
    bad = send(client, "/producer/terms", minimum_order="abc", ready_from="1", ready_until="2")
    assert (bad.status_code, 'value="abc"' in bad.text) == (422, True)
    assert send(client, "/producer/terms", minimum_order="", ready_from="5", ready_until="2").status_code == 422
    assert send(client, "/producer/terms", minimum_order="100.000", ready_from="1", ready_until="3").status_code == 302
    assert 'value="100000"' in client.get("/producer/terms").text
    buyer = new_client(app)
    send(buyer, "/cart/add", sku=goods.sku, quantity=1)
    assert "Nơi này nhận đơn từ 100.000" in buyer.get("/cart").text
