"""Pages of money: an order's whole story, payouts by two people, carriers, taxes, statement, the check of the books."""

import io
from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import transaction
from marketplace.platform.core.money import Money
from marketplace.shop.books.jobs import check_books
from marketplace.shop.orders.models import Order
from marketplace.shop.payments.models import RefundReason
from marketplace.shop.payouts.queries.batches import list_batches
from marketplace.shop.payouts.queries.carriers import list_remittances
from marketplace.shop.payouts.services import give_back
from tests.builders import BY, make_user
from tests.conftest import Client, new_client
from tests.money import books
from tests.pages import send, sign_in
from tests.paying_out import declare_anew, make_maker, officers, sell, taxed


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
        made = send(one, "/office/payouts/new")
        assert "Đã lập đợt chi. Một người khác giữ tiền xem và duyệt." in one.get(made.location).text
        code = list_batches()[0].code
        path = f"/office/payouts/{code}"
        assert one.get(f"{path}/bank.csv").status_code == 404
        assert "không được tự duyệt" in one.get(send(one, f"{path}/approve").location).text
        assert "Đã duyệt. Tải tệp gửi ngân hàng ở đây." in two.get(send(two, f"{path}/approve").location).text
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
        wait = "Lần trước ngân hàng không chuyển được vào Agribank •••• 2345: Sai tên. Chờ nơi bán khai lại tài khoản."
        assert wait in one.get("/office/payouts").text
        assert "Chưa có nơi bán nào" in one.get(send(one, "/office/payouts/new").location).text
        owner = new_client(app)
        sign_in(owner, maker.user)
        page = owner.get("/producer/payouts").text
        assert "Ngân hàng không chuyển được vào tài khoản Agribank •••• 2345: Sai tên." in page
        assert 'href="/producer/onboarding/bank">Khai lại tài khoản nhận tiền' in page
        assert f"{total:_}\xa0₫ chờ tài khoản nhận tiền".replace("_", ".") in page
        assert "vào đợt chi tới" not in page
        rows = table(owner.get("/producer/payouts/statement.xlsx").data)[1:]
        assert [row[2:4] for row in rows[:2]] == [["Chi trả bị trả về", total], ["Đã chi trả", -total]]
        assert rows[-1][2:] == ["Tiền hàng bạn nhận", 100_000, 100_000]
        with transaction():
            declare_anew(maker.producer, at=at)
        assert "chờ tài khoản nhận tiền" not in owner.get("/producer/payouts").text
        assert "vào đợt chi tới" in owner.get("/producer/payouts").text
        send(one, "/office/payouts/new")
        again = list_batches()[0].code
        assert again != code
        assert "Đã hủy đợt này. Chưa chi gì." in one.get(send(one, f"/office/payouts/{again}/cancel").location).text


def test_what_was_withheld_is_not_taken_off_twice(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    taxed(maker, 2, at)
    order = taxed(maker, 2, at)
    facts = {"reason": RefundReason.RETURNED, "note": "x", "by": BY, "at": at + timedelta(days=40)}
    with transaction():
        give_back(number=order.number, position=1, amount=Money(50_000), **facts)  # type: ignore[arg-type]
    owner = new_client(app)
    with time_machine.travel(at + timedelta(days=70), tick=True):
        sign_in(owner, maker.user)
        page = owner.get("/producer/payouts").text
    assert '<td class="num" data-l="Tiền hàng bạn nhận">197.000\xa0₫</td>' in page
    assert '<td class="num" data-l="Đã trừ: thuế GTGT">2.000\xa0₫</td>' in page
    assert "không trừ thêm lần nữa" in page
    assert "12/2026 0\xa0₫, 01/2027" in page  # the chart leaves no month out
    assert page.count('class="columns__bar') == 4


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
    empty = send(desk, path, amount="", bank_reference="", received_on="").text
    for name in ("Số tiền nhận được (₫)", "Số giao dịch của ngân hàng", "Ngày nhận"):
        assert f">{name}: Cần điền chỗ này.</a>" in empty, "a summary names the field"
    short = send(desk, path, **typed | {"amount": "1.000đ"}, received_on="23/11/2026")
    due = f"{order.total.amount:,}".replace(",", ".")
    less = f"{order.total.amount - 1_000:,}".replace(",", ".")
    page = desk.get(short.location).text
    assert f"phải nộp {due}\xa0₫, nộp 1.000\xa0₫, thiếu {less}\xa0₫. Khoản lệch chờ giải quyết" in page
    assert f'data-l="Lệch">thiếu {less}\xa0₫</td>' in page
    assert "nộp thiếu" in page
    code = list_remittances()[0].code
    empty = send(desk, f"/office/payments/carriers/settle/{code}", note=" ").text
    assert 'id="note-' + code + '-error"' in empty
    assert "Ghi số giao dịch bù hoặc trả lại." in empty
    assert send(desk, f"/office/payments/carriers/settle/{code}", note="FT2").status_code == 302
    assert books()["bank"] == order.total.amount
    assert "đã giải quyết: FT2" in desk.get("/office/payments/carriers").text


def test_a_carrier_pays_in_what_is_due_or_too_much(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    desk, _ = desks(app, at)
    for more, told in ((0, "đúng số phải nộp"), (5_000, "thừa 5.000\xa0₫. Khoản lệch chờ giải quyết ở dưới.")):
        order = sell(maker, at=at)
        typed = {"amount": str(order.total.amount + more), "bank_reference": order.number}
        typed |= {"parts": f"{order.number}/1", "received_on": "23/11/2026"}
        noted = send(desk, "/office/payments/carriers/bưu điện", **typed)
        assert told in desk.get(noted.location).text


def test_taxes_are_declared(app: Flask, at: datetime) -> None:
    desk, _ = desks(app, at)
    assert desk.get("/office/payments/tax?month=2026-10").status_code == 200
    assert table(desk.get("/office/payments/tax.xlsx").data)[0][0] == "Mã số thuế"
    for typed in ("2026-13", "abc"):
        wrong = desk.get(f"/office/payments/tax?month={typed}")
        assert (wrong.status_code, "Nhập tháng như 2026-11." in wrong.text) == (422, True)
        assert f'name="month" value="{typed}"' in wrong.text
        assert desk.get(f"/office/payments/tax.xlsx?month={typed}").status_code == 404
        assert send(desk, f"/office/payments/tax/{typed}", bank_reference="FT1").status_code == 404
    empty = send(desk, "/office/payments/tax/2026-10", bank_reference="")
    assert (empty.status_code, "Số giao dịch của ngân hàng: Cần điền chỗ này." in empty.text) == (422, True)
    refused = send(desk, "/office/payments/tax/2026-11", bank_reference="FT1")
    assert (refused.status_code, "chưa hết" in refused.text) == (422, True)


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
