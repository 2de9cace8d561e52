"""Pages of money: an order's whole story, payouts by two people, carriers, taxes, statement, the check of the books."""

import io
from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook

from marketplace.people.accounts.models import Role
from marketplace.shop.books.jobs import check_books
from marketplace.shop.orders.models import Order
from marketplace.shop.payouts.queries.batches import list_batches
from marketplace.shop.payouts.queries.carriers import list_remittances
from tests.builders import make_user
from tests.conftest import Client, new_client
from tests.money import books
from tests.pages import send, sign_in
from tests.paying_out import make_maker, officers, sell


def table(content: bytes) -> list[list[Any]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [list(row) for row in rows]


def desks(app: Flask, at: datetime) -> tuple[Client, Client]:
    clients = []
    for user in officers(at):
        client = new_client(app)
        sign_in(client, user)
        clients.append(client)
    return clients[0], clients[1]


def test_an_officer_gives_back_on_the_orders_page(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    order: Order = sell(maker, at=at)
    desk, _ = desks(app, at)
    assert order.number in desk.get("/office/orders?q=" + order.number).text
    page = desk.get(f"/office/orders/{order.number}").text
    assert "Hoàn tiền cho người mua" in page
    path = f"/office/orders/{order.number}/1/give-back"
    refused = send(desk, path, amount="9.999.999.999", reason="goodwill", note="x")
    assert (refused.status_code, "lớn hơn số đã nhận" in refused.text) == (422, True)
    assert send(desk, path, amount="ba", reason="goodwill", note="x").status_code == 422
    assert send(desk, f"/office/orders/{order.number}/9/give-back", amount="1").status_code == 404
    assert send(desk, path, amount="10.000", reason="goodwill", note="Hộp móp").status_code == 302
    page = desk.get(f"/office/orders/{order.number}").text
    assert "Hộp móp" in page
    assert books()["refunds"] == 10_000


def test_a_batch_goes_through_two_hands_to_the_bank(app: Flask, at: datetime) -> None:
    maker = make_maker("=HTX Thử", at=at)
    order = sell(maker, at=at)
    with time_machine.travel(at + timedelta(days=8), tick=True):
        one, two = desks(app, at + timedelta(days=8))
        assert "Agribank" in one.get("/office/payouts").text
        send(one, "/office/payouts/new")
        code = list_batches()[0].code
        path = f"/office/payouts/{code}"
        assert one.get(f"{path}/bank.csv").status_code == 404
        assert "không được tự duyệt" in one.get(send(one, f"{path}/approve").location).text
        assert send(two, f"{path}/approve").status_code == 302
        text = one.get(f"{path}/bank.csv").data.decode("utf-8-sig").splitlines()
        total = order.total.amount
        assert text[1] == f"7900205012345,970405,Agribank,HTX THU,{total},OCOP {code} HTX THU"
        row = table(one.get(f"{path}/bank.xlsx").data)[1]
        assert [*row[:2], row[4]] == ["7900205012345", "970405", total]
        assert send(one, f"{path}/sent", bank_reference=" ").status_code == 422
        assert send(one, f"{path}/sent", bank_reference="FT1").status_code == 302
        slug = maker.producer.slug
        assert send(one, f"{path}/{slug}/failed", trouble="").status_code == 422
        assert send(one, f"{path}/{slug}/failed", trouble="Sai tên").status_code == 302
        assert "Sai tên" in one.get(path).text
        assert len(one.get(f"{path}/bank.csv").data.decode().splitlines()) == 1
        assert send(one, f"{path}/cancel").status_code == 302
        send(one, "/office/payouts/new")
        send(one, "/office/payouts/new")
        owner = new_client(app)
        sign_in(owner, maker.user)
        page = owner.get("/producer/payouts").text
        assert "Sai tên" in page
        assert table(owner.get("/producer/payouts/statement.xlsx").data)[-1][2:] == ["Tiền hàng", 100_000, 100_000]


def test_nothing_to_pay_is_said(app: Flask, at: datetime) -> None:
    desk, _ = desks(app, at)
    assert "Chưa có nơi bán nào" in desk.get(send(desk, "/office/payouts/new").location).text


def test_a_carrier_pays_in_too_little(app: Flask, at: datetime) -> None:
    order = sell(make_maker(at=at), at=at)
    desk, _ = desks(app, at)
    assert "Bưu Điện" in desk.get("/office/payments/carriers").text
    path = "/office/payments/carriers/bưu điện"
    assert " checked" not in desk.get(f"{path}?until=hôm qua").text
    assert "Đã chọn 0 phần, cộng 0\xa0₫" in desk.get(f"{path}?until=2026-11-22").text
    chosen = desk.get(f"{path}?until=2026-11-23").text
    assert f"Đã chọn 1 phần, cộng {order.total.amount:_}\xa0₫".replace("_", ".") in chosen
    assert f'value="{order.number}/1" checked' in chosen
    assert f'value="{order.total.amount}"' in chosen
    typed = {"amount": str(order.total.amount - 1), "bank_reference": "FT1", "parts": f"{order.number}/1"}
    assert send(desk, path, **typed, received_on="31/12/2026").status_code == 422
    assert send(desk, path, **typed, received_on="23/11/2026").status_code == 302
    assert "nộp thiếu" in desk.get("/office/payments/carriers").text
    code = list_remittances()[0].code
    assert send(desk, f"/office/payments/carriers/settle/{code}", note="FT2").status_code == 302
    assert books()["bank"] == order.total.amount


def test_taxes_are_declared(app: Flask, at: datetime) -> None:
    desk, _ = desks(app, at)
    assert desk.get("/office/payments/tax?month=2026-10").status_code == 200
    assert table(desk.get("/office/payments/tax.xlsx").data)[0][0] == "Mã số thuế"
    refused = send(desk, "/office/payments/tax/2026-10", bank_reference="FT1")
    assert "chưa hết" in desk.get(refused.location).text


def test_an_administrator_sees_what_the_check_found(app: Flask, at: datetime) -> None:
    desk = new_client(app)
    sign_in(desk, make_user(Role.ADMIN, at=at))
    assert "Chưa soát lần nào" in desk.get("/office/reconcile").text
    assert send(desk, "/office/reconcile").status_code == 302
    check_books({}, at)
    assert "Mọi thứ khớp" in desk.get("/office/reconcile").text
    check_books({}, at + timedelta(days=3))
    assert "Thư quá một ngày chưa gửi" not in desk.get("/office/reconcile").text
    sell(make_maker(at=at), at=at)
    check_books({}, at + timedelta(days=3))
    assert "Thư quá một ngày chưa gửi" in desk.get("/office/reconcile").text
