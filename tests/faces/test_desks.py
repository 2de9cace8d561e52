"""The producer's and the office's desks, by their forms."""

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.queries import get_within
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Certificate
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.orders.models import PartState
from marketplace.shop.orders.queries import get_order
from tests.builders import (
    BY,
    make_certificate,
    make_listing,
    make_offer,
    make_order,
    make_producer,
    make_product,
    make_user,
)
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in, token


def test_two_producers_each_send_their_own_part(app: Flask, client: Client, at: datetime) -> None:
    users = [make_user(Role.PRODUCER, at=at) for _ in range(2)]
    goods = [
        make_offer(name, at=at, producer=make_producer(name, at=at, user=user))
        for name, user in zip(("Một", "Hai"), users, strict=True)
    ]
    order = make_order((goods[0], 1), (goods[1], 2), at=at)
    for position, user in enumerate(users, start=1):
        desk = new_client(app)
        sign_in(desk, user)
        assert order.number in desk.get("/producer/").text
        assert order.number in desk.get("/producer/orders").text
        path, foreign = (f"/producer/orders/{order.number}/{p}" for p in (position, 3 - position))
        assert desk.get(foreign).status_code == 404
        assert send(desk, f"{foreign}/confirm").status_code == 404
        assert "Nhận đơn" in desk.get(path).text
        assert send(desk, f"{path}/confirm").status_code == 302
        empty = send(desk, f"{path}/ship", carrier="", tracking_number="VN123")
        assert (empty.status_code, "Nhập tên bên vận chuyển" in empty.text, 'value="VN123"' in empty.text) == (
            422,
            True,
            True,
        )
        assert send(desk, f"{path}/ship", carrier="Bưu điện", tracking_number="VN123").status_code == 302
        assert send(desk, f"{path}/deliver").status_code == 302
        assert "Đã thu" in desk.get(path).text
        again = send(desk, f"{path}/deliver")
        assert "chuyển sang trạng thái khác" in desk.get(again.headers["Location"]).text
        assert send(desk, f"{path}/explode").status_code == 404
    assert [p.state for p in get_order(order.number).parts] == [PartState.DELIVERED] * 2


def test_a_refusal_needs_its_reason(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    order = make_order((make_offer(at=at, producer=make_producer(at=at, user=user)), 1), at=at)
    sign_in(client, user)
    path = f"/producer/orders/{order.number}/1/decline"
    answer = send(client, path, reason="")
    assert (answer.status_code, "Ghi lý do để người mua biết" in answer.text) == (422, True)
    assert send(client, path, reason="Hết hàng").status_code == 302
    assert get_order(order.number).parts[0].state is PartState.DECLINED


def test_own_stock_and_prices(app: Flask, client: Client, at: datetime) -> None:
    user, other = make_user(Role.PRODUCER, at=at), make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=user), stock=10)
    make_producer("Khác", at=at, user=other)
    sign_in(client, user)
    assert variant.sku in client.get("/producer/stock").text
    shelf = f"/producer/stock/{variant.sku}"
    first = {**hidden(client.get("/producer/stock"), shelf), "price": "62.500", "counted": "12"}
    assert send(client, shelf, **first).status_code == 302
    assert db.session.get_one(Variant, variant.id).price == Money(62_500)
    assert on_hand([variant.id]) == {variant.id: 12}
    again = send(client, shelf, **first)
    assert (again.status_code, "Kho vừa thay đổi" in again.text) == (409, True)
    shown = hidden(client.get("/producer/stock"), shelf)
    for typed, words in (
        ({"price": "miễn phí", "counted": "12"}, "Nhập giá bằng chữ số"),
        ({"price": "95.5", "counted": "12"}, "Nhập giá bằng chữ số"),
        ({"price": "1.2.3.4", "counted": "12"}, "Nhập giá bằng chữ số"),
        ({"price": "62500", "counted": "-3"}, "Nhập số lượng bằng chữ số"),
        ({"price": "0", "counted": "12"}, "Giá từ 1 đồng"),
        ({"price": "62500", "counted": "0", "seen": "99"}, "Kho vừa thay đổi"),
        ({"price": "62500", "counted": "0", "seen": ""}, "Dữ liệu vừa thay đổi"),
    ):
        answer = send(client, shelf, **{**shown, **typed})
        assert answer.status_code in (409, 422)
        assert words in answer.text
        assert f'value="{typed["price"]}"' in answer.text
    assert on_hand([variant.id]) == {variant.id: 12}
    stranger = new_client(app)
    sign_in(stranger, other)
    assert variant.sku not in stranger.get("/producer/stock").text
    assert (
        send(stranger, shelf, **{**shown, "price": "1", "counted": "0", "csrf_token": token(stranger)}).status_code
        == 404
    )
    slug = db.session.get_one(Listing, variant.listing_id).slug
    assert send(stranger, f"/producer/listings/{slug}/pause").status_code == 404
    assert send(client, f"/producer/listings/{slug}/nope").status_code == 404
    for verb, state in (("pause", ListingState.PAUSED), ("publish", ListingState.PUBLISHED)):
        assert send(client, f"/producer/listings/{slug}/{verb}").status_code == 302
        assert db.session.get_one(Listing, variant.listing_id).state is state
    assert on_hand([variant.id]) == {variant.id: 12}


def test_the_desk_tells_of_certificates_that_end(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(at=at, user=user)
    for name, days_ago in (("Sắp hết", 1050), ("Đã hết", 1200), ("Chưa có", None)):
        product = make_product(producer, name, at=at)
        if days_ago:
            make_certificate(product, at=at, stars=3, days_ago=days_ago)
        make_listing(product, at=at)
    sign_in(client, user)
    page = client.get("/producer/").text
    assert "Nộp hồ sơ chấm lại sớm" in page
    assert "không còn trên chợ" in page
    assert "Chưa có chứng nhận" in client.get("/producer/stock").text
    assert client.get("/producer/orders?state=placed").status_code == 200


def test_an_officer_enters_and_revokes(client: Client, at: datetime) -> None:
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    producer = make_producer("HTX Mây", at=at)
    sign_in(client, officer)
    assert client.get("/office/").status_code == 200
    bad = send(client, "/office/certification/new", producer=producer.slug, name="", set_code="I.3.b")
    assert (bad.status_code, "Nhập tên sản phẩm" in bad.text) == (422, True)
    answer = send(client, "/office/certification/new", producer=producer.slug, name="Miến mây", set_code="I.3.b")
    path = answer.headers["Location"]
    facts = {"authority": "UBND tỉnh Lai Châu", "level": "province", "number": "1425/QĐ-UBND", "stars": "4"}
    wrong = send(client, path, **facts, issued_on="2026-11-24", score="78.5")
    assert (wrong.status_code, "không thể ở tương lai" in wrong.text) == (422, True)
    assert 'value="1425/QĐ-UBND"' in wrong.text
    assert send(client, path, **(facts | {"stars": "5"}), issued_on="2026-11-20").status_code == 422
    assert send(client, path, **facts, issued_on="2026-11-20", score="78.5").status_code == 302
    twice = send(client, path, **facts, issued_on="2026-11-20")
    assert (twice.status_code, "đã cấp chứng nhận" in twice.text) == (422, True)
    certificate = db.session.scalars(select(Certificate)).one()
    assert str(certificate.expires_on) == "2029-11-20"
    revoke = f"/office/certification/{certificate.code}/revoke"
    assert client.get(revoke).status_code == 200
    decision = {"authority": "UBND tỉnh Lai Châu", "level": "province", "number": "9/QĐ-UBND"}
    early = send(client, revoke, **decision, issued_on="2026-11-01", reason="Sai")
    assert (early.status_code, "Ngày thu hồi" in early.text) == (422, True)
    assert send(client, revoke, **decision, issued_on="2026-11-22", reason="Sai hồ sơ").status_code == 302
    assert send(client, revoke, **decision, issued_on="2026-11-22", reason="Sai hồ sơ").status_code == 422
    assert "đã thu hồi" in client.get(path).text
    assert "Miến mây" in client.get("/office/certification?q=Mây").text
    assert "Không có sản phẩm nào khớp" in client.get("/office/certification?q=zzz").text


def test_an_officer_verifies_and_suspends(client: Client, at: datetime) -> None:
    producer = make_producer("HTX Mới", at=at, verified=False)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "HTX Mới" in client.get("/office/producers").text
    compared = {"checked": ["name", "commune"], "seen": "0"}
    for verb, typed, status, verified in (
        ("verify", {}, 409, False),
        ("verify", compared, 302, True),
        ("suspend", {}, 422, True),
        ("suspend", {"reason": "Không có giấy"}, 302, False),
    ):
        assert send(client, f"/office/producers/{producer.slug}/{verb}", **typed).status_code == status
        assert (get_within(producer.slug, by=BY).verified_at is not None) is verified
    assert send(client, f"/office/producers/{producer.slug}/nope").status_code == 404
    assert client.get("/office/producers").status_code == 200


def test_a_commune_officer_reads_only_own_commune(client: Client, at: datetime) -> None:
    here = make_product(make_producer("HTX Đây", at=at, commune="03390"), "Ở đây", at=at)
    far = make_product(make_producer("HTX Xa", at=at, commune="03445"), "Ở xa", at=at)
    sign_in(client, make_user(Role.COMMUNE_OFFICER, at=at))
    page = client.get("/office/certification").text
    assert ("Ở đây" in page, "Ở xa" in page) == (True, False)
    assert client.get(f"/office/certification/products/{here.code}").status_code == 200
    assert client.get(f"/office/certification/products/{far.code}").status_code == 404
    assert client.get("/office/certification/new").status_code == 403
