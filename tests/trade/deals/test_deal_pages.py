"""The pages of both parties and the office, walked as people walk them."""

import io
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db
from marketplace.registry.certification.models import Certificate
from marketplace.shop.orders.models import Order
from marketplace.trade.deals.models import Deal, Quotation, QuoteRequest
from tests.builders import ADDRESS, make_member, make_offer, make_producer, make_user, pdf, revoke_certificate
from tests.conftest import Client, new_client
from tests.dealing import DAY, agreed, make_distributor, make_road, quote
from tests.pages import hidden, send, sign_in
from tests.trade.deals.test_talking import make_demand

UNTIL = (DAY + timedelta(days=30)).isoformat()
PRICES = {"from_1": "100", "price_1": "40.000", "from_2": "500", "price_2": "36.000"}
QUOTED = {**PRICES, "least_order": "100", "lead_days": "7", "payment_days": "30", "valid_until": UNTIL}
ASKED = {"quantity": "500", "unit": "kg", "monthly": "1", "delivery_place": "Kho Sóc Sơn", "wanted_on": UNTIL}


def test_from_a_products_page_to_an_order(app: Flask, client: Client, at: datetime) -> None:
    buyer, _ = make_distributor(at=at)
    seller = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer("Lò miến", at=at, user=seller), stock=900)
    other = new_client(app)
    sign_in(client, buyer)
    sign_in(other, seller)
    page = client.get("/products/mien-dong-thu")
    assert 'action="/distributor/enquire/mien-dong-thu"' in page.text
    assert "/distributor/enquire/" not in other.get("/products/mien-dong-thu").text
    opened = send(client, "/distributor/enquire/mien-dong-thu")
    deal = db.session.scalars(select(Deal)).one()
    base = f"/distributor/deals/{deal.code}"
    theirs = f"/producer/deals/{deal.code}"
    assert opened.headers["Location"] == base
    wrong = send(client, f"{base}/request", **{**ASKED, "quantity": "nhiều"})
    assert (wrong.status_code, "Nhập một số nguyên, từ 1." in wrong.text) == (422, True)
    assert db.session.scalar(select(func.count(QuoteRequest.id))) == 0
    assert send(client, f"{base}/request", **ASKED).status_code == 302
    assert "500 kg" in other.get(theirs).text.replace("\N{NO-BREAK SPACE}", " ")
    half = send(other, f"{theirs}/quote", number="0", sku=variant.sku, **{**QUOTED, "price_2": ""})
    assert (half.status_code, "Nhập giá lớn hơn 0." in half.text, 'value="40.000"' in half.text) == (422, True, True)
    assert send(other, f"{theirs}/quote", number="0", sku=variant.sku, **QUOTED).status_code == 302
    assert "36.000" in client.get("/distributor/quotes").text
    assert "36.000" in other.get("/producer/deals").text
    counter = send(client, f"{base}/quote", number="1", sku=variant.sku, **{**QUOTED, "price_2": "35.000"})
    assert counter.status_code == 302
    declined = send(other, f"{theirs}/decline", number="2", reason="")
    assert (declined.status_code, "Ghi lý do; bên kia đọc được." in declined.text) == (422, True)
    assert send(other, f"{theirs}/decline", number="2", reason="Thấp quá").status_code == 302
    assert "Thấp quá" in client.get(base).text
    assert send(other, f"{theirs}/quote", number="2", sku=variant.sku, **QUOTED).status_code == 302
    late = send(client, f"{base}/accept", number="1")
    assert "vừa đổi" in client.get(late.headers["Location"]).text
    assert send(client, f"{base}/accept", number="3").status_code == 302
    few = send(client, f"{base}/order", quantity="9")
    assert (few.status_code, "Số gói từ đơn nhỏ nhất" in few.text) == (422, True)
    laid = send(client, f"{base}/order", quantity="500")
    assert laid.headers["Location"] == "/cart"
    cart = client.get("/cart").text
    assert "500 gói theo báo giá đã thỏa thuận" in cart
    assert "18.000.000" in cart
    typed = {name: getattr(ADDRESS, name) for name in ("recipient", "email", "province_code", "commune_code", "street")}
    assert send(client, "/checkout", phone="0912345678", **typed).status_code == 302
    review = client.get("/checkout/review").text
    key, fingerprint = (review.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "fingerprint"))
    placed = send(client, "/checkout/place", key=key, fingerprint=fingerprint, method="cash_on_delivery")
    assert placed.status_code == 302
    order = db.session.scalars(select(Order)).one()
    for page_of, path in ((client, base), (other, theirs)):
        assert order.number in page_of.get(path).text
    colleague = make_member(buyer, at=at)
    for user, reads in ((buyer, True), (colleague, False)):
        sign_in(client, user)
        seen = client.get(base).text
        assert (order.number in seen, f'href="/orders/{order.number}"' in seen) == (True, reads)
        assert client.get(f"/orders/{order.number}").status_code == (200 if reads else 404)


def test_an_unverified_distributor_is_sent_to_its_profile(client: Client, at: datetime) -> None:
    buyer, _ = make_distributor(at=at, verified=False)
    make_offer(at=at)
    sign_in(client, buyer)
    answer = send(client, "/distributor/enquire/mien-dong-thu")
    assert answer.headers["Location"] == "/distributor/profile"
    assert db.session.scalar(select(func.count(Deal.id))) == 0
    assert "Tỉnh xác minh nơi bán của bạn" in client.get("/distributor/quotes").text


def test_a_distributor_without_a_profile_is_sent_to_write_it(client: Client, at: datetime) -> None:
    make_offer(at=at)
    sign_in(client, make_user(Role.DISTRIBUTOR, at=at))
    assert send(client, "/distributor/enquire/mien-dong-thu").headers["Location"] == "/distributor/profile"
    assert "Viết hồ sơ nơi bán trước, rồi hỏi mua sỉ." in client.get("/distributor/profile").text
    assert send(client, "/distributor/enquire/khong-co").status_code == 404
    assert db.session.scalar(select(func.count(Deal.id))) == 0


def test_a_producer_answers_a_demand(app: Flask, client: Client, at: datetime) -> None:
    buyer, distributor = make_distributor(at=at)
    seller = make_user(Role.PRODUCER, at=at)
    make_offer(at=at, producer=make_producer("Lò miến", at=at, user=seller))
    demand = make_demand(distributor, at=at)
    sign_in(client, seller)
    assert f'action="/producer/deals/offer/{demand.code}"' in client.get(f"/producer/demands/{demand.code}").text
    for listing in ("", "mien-dong-thu"):
        answer = send(client, f"/producer/deals/offer/{demand.code}", listing=listing, words="Chúng tôi có hàng.")
        assert answer.status_code == 302
        assert "Chúng tôi có hàng." in client.get(answer.headers["Location"]).text
    assert db.session.scalar(select(func.count(Deal.id))) == 2
    sign_in(client, buyer)
    page = client.get("/distributor/quotes").text
    assert page.count("/distributor/deals/") == 2
    assert page.count("Lò miến") == 2


def test_files_go_to_the_other_side_and_no_further(app: Flask, client: Client, at: datetime) -> None:
    road = make_road(at=at)
    sign_in(client, road.seller)
    base = f"/producer/deals/{road.code}"
    empty = send(client, f"{base}/files")
    assert (empty.status_code, "Chọn một tệp." in empty.text) == (422, True)
    sent = send(client, f"{base}/files", title="Bảng giá", file=(io.BytesIO(pdf("x")), "gia.pdf"))
    assert sent.status_code == 302
    code = client.get(base).text.split(f"{base}/files/")[1].split('"')[0]
    sign_in(client, road.buyer)
    assert client.get(f"/distributor/deals/{road.code}/files/{code}").data == pdf("x")
    sign_in(client, make_distributor(at=at)[0])
    assert client.get(f"/distributor/deals/{road.code}/files/{code}").status_code == 404
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    sign_in(client, officer)
    assert client.get(f"/office/deals/{road.code}/files/{code}").status_code == 404
    assert send(client, f"/office/deals/{road.code}/charge").status_code == 302
    assert client.get(f"/office/deals/{road.code}/files/{code}").status_code == 200


def test_the_offices_board(app: Flask, client: Client, at: datetime) -> None:
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    sign_in(client, officer)
    assert "Chưa có thương vụ nào." in client.get("/office/deals").text
    road = make_road(at=at - timedelta(days=15))
    quote(road, at=at - timedelta(days=14))
    board = client.get("/office/deals").text
    assert "1 thương vụ đứng yên từ 14 ngày" in board
    assert "Siêu thị Thử" in board
    path = f"/office/deals/{road.code}"
    assert "40.000" not in client.get(path).text
    assert send(client, f"{path}/remind").status_code == 302
    assert "Không có ai để nhắc" in client.get(send(client, f"{path}/remind").headers["Location"]).text
    assert send(client, f"{path}/charge").status_code == 302
    assert "40.000" in client.get(path).text
    assert send(client, f"{path}/note", words="").status_code == 422
    assert send(client, f"{path}/note", words="Gọi lại thứ hai").status_code == 302
    assert "Gọi lại thứ hai" in client.get(path).text
    sign_in(client, road.seller)
    assert "Gọi lại thứ hai" not in client.get(f"/producer/deals/{road.code}").text
    assert "Không có thương vụ nào ở bước này." in client.get("/producer/deals?stage=contract").text
    assert send(client, f"/producer/deals/{road.code}/end", reason="Hết hàng").status_code == 302
    assert "Hết hàng" in client.get(f"/producer/deals/{road.code}").text
    assert send(client, f"/producer/deals/{road.code}/say", words="Chào").status_code == 302
    assert db.session.scalar(select(func.count(Quotation.id))) == 1


def test_the_steps_after_the_price(app: Flask, client: Client, at: datetime) -> None:
    """Samples, papers, deliveries and meetings, each refused once beside its field and then done."""
    road, other = make_road(at=at), new_client(app)
    sign_in(client, road.buyer)
    sign_in(other, road.seller)
    base, theirs = f"/distributor/deals/{road.code}", f"/producer/deals/{road.code}"
    refused = send(other, f"{theirs}/sample", what="")
    assert (refused.status_code, "Ghi hàng mẫu là gì, bao nhiêu." in refused.text) == (422, True)
    assert send(other, f"{theirs}/sample", what="5 gói", carrier="Bưu điện", tracking_number="VN9").status_code == 302
    assert "VN9" in client.get(base).text
    assert send(client, f"{base}/received").status_code == 302
    refused = send(client, f"{base}/judge", taste="Dai")
    assert (refused.status_code, "Chọn từ 1 đến 5." in refused.text, 'value="Dai"' in refused.text) == (422, True, True)
    assert send(client, f"{base}/judge", rating="4", taste="Dai").status_code == 302
    assert "4/5" in other.get(theirs).text
    signed = {"signed_on": DAY.isoformat(), "starts_on": DAY.isoformat(), "ends_on": UNTIL, "value": "9.000.000"}
    refused = send(other, f"{theirs}/paper", kind="contract", **signed)
    assert (refused.status_code, "Ghi số văn bản." in refused.text) == (422, True)
    wrote = send(other, f"{theirs}/paper", kind="contract", paper_number="12/HĐ", volume_1="10", **signed)
    assert wrote.status_code == 302
    page = client.get(base)
    paper = hidden(page, f"{base}/confirm")["paper"]
    assert send(client, f"{base}/confirm", paper=paper).status_code == 302
    assert "9.000.000" in client.get(base).text
    refused = send(client, f"{base}/finish", paper=paper)
    assert (refused.status_code, "Ghi lý do; bên kia đọc được." in refused.text) == (422, True)
    assert send(client, f"{base}/finish", paper=paper, ended_reason="Đổi hướng").status_code == 302
    assert "Đổi hướng" in other.get(theirs).text
    refused = send(client, f"{base}/delivered", value="x")
    assert (refused.status_code, "Chọn ngày giao, không sau hôm nay." in refused.text) == (422, True)
    assert send(client, f"{base}/delivered", value="500.000", delivered_on=DAY.isoformat()).status_code == 302
    assert "500.000" in other.get(theirs).text


def test_an_appointment_by_its_pages(app: Flask, client: Client, at: datetime) -> None:
    road, other = make_road(at=at), new_client(app)
    sign_in(client, road.buyer)
    sign_in(other, road.seller)
    base, theirs = f"/distributor/deals/{road.code}", f"/producer/deals/{road.code}"
    for desk in (client.get("/distributor/meetings"), other.get("/producer/meetings")):
        assert "Chưa có cuộc hẹn nào." in desk.text
    refused = send(client, f"{base}/propose", time_1="mai", minutes="30", online="1", place="https://x.example")
    assert (refused.status_code, "Chọn từ một đến ba giờ." in refused.text) == (422, True)
    asked = {"minutes": "30", "online": "1", "place": "https://x.example/a"}
    assert send(client, f"{base}/propose", time_1="2026-11-25T09:00", **asked).status_code == 302
    first = hidden(other.get(theirs), f"{theirs}/meet")["appointment"]
    refused = send(other, f"{theirs}/refuse", appointment=first)
    assert (refused.status_code, "Ghi lý do; bên kia đọc được." in refused.text) == (422, True)
    countered = send(other, f"{theirs}/propose", appointment=first, time_1="2026-11-26T14:30", **asked)
    assert countered.status_code == 302
    code = hidden(client.get(base), f"{base}/meet")["appointment"]
    assert client.get(f"/distributor/meetings/{road.code}/{code}.ics").status_code == 404
    assert send(client, f"{base}/meet", appointment=code, time="0").status_code == 302
    file = other.get(f"/producer/meetings/{road.code}/{code}.ics")
    assert file.mimetype == "text/calendar"
    assert "DTSTART:20261126T073000Z\r\nDTEND:20261126T080000Z\r\n" in file.text
    assert "SUMMARY:Gặp Siêu thị Thử\r\n" in file.text
    assert "26/11/2026, 14:30" in client.get("/distributor/meetings").text
    early = send(client, f"{base}/outcome", appointment=code, outcome="held")
    assert "vừa đổi" in client.get(early.headers["Location"]).text
    assert send(client, f"{base}/cancel", appointment=code, meeting_reason="Bận").status_code == 302
    gone = other.get(f"/producer/meetings/{road.code}/{code}.ics").text
    assert "METHOD:CANCEL" in gone
    assert "SEQUENCE:2" in gone
    assert "đã hủy" in other.get("/producer/meetings").text


def test_goods_that_are_not_on_sale_are_not_ordered(client: Client, at: datetime) -> None:
    road = make_road(at=at)
    agreed(road, at=at)
    sign_in(client, road.buyer)
    revoke_certificate(db.session.scalars(select(Certificate)).one(), at=at)
    answer = send(client, f"/distributor/deals/{road.code}/order", quantity="100")
    assert answer.headers["Location"] == f"/distributor/deals/{road.code}"
    assert "hiện không bán" in client.get(answer.headers["Location"]).text


def test_a_page_of_deals_in_english(client: Client, at: datetime) -> None:
    road = make_road(at=at)
    quote(road, at=at)
    sign_in(client, road.buyer)
    client.get("/?lang=en")
    page = client.get(f"/distributor/deals/{road.code}").text
    for words in ("Accept version 1", "Counter-offer", "Valid through", "Value delivered", "Propose times"):
        assert words in page, words
