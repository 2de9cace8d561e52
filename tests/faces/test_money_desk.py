"""The office's money: queues, a transfer's page, refunds by hand, statements; and who may not see them."""

import html
import io
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.imports.jobs import apply, check
from marketplace.platform.imports.models import StagedImport
from marketplace.platform.imports.queries import rows_of
from marketplace.platform.jobs.models import Job
from marketplace.shop.bank.models import TransferState
from marketplace.shop.bank.queries import count_all, get_transfer
from marketplace.shop.bank.statements import StatementImporter
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import BY_A_PERSON, Payment, RefundReason, RefundState
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.providers.interface import RefundFact, RefundStanding
from marketplace.shop.payments.queries import hold, list_refunds, payment_of
from marketplace.shop.payments.services import ask_refund, learn, learn_refund, unclear
from tests.builders import BY, make_offer, make_user
from tests.conftest import Client
from tests.money import ACCOUNT, books, make_attempt, make_prepaid, make_transfer, offer_cards, offer_transfers, paid
from tests.pages import send, sign_in, token

CODE = "/office/payments/transfers/"


@pytest.fixture(autouse=True)
def _officer(app: Flask, client: Client, at: datetime) -> None:
    offer_transfers(app)
    offer_cards(app)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))


def prepaid(at: datetime) -> Payment:
    return make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER)


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ").split())


def test_queues_and_how_many_wait(app: Flask, client: Client, at: datetime) -> None:
    assert "Không có khoản nào ở đây." in words(client.get("/office/payments").text)
    payment = prepaid(at)
    make_transfer(payment.number, payment.amount.amount + 5_000, at=at)
    make_transfer(payment.number, 7_000, at=at)
    code = make_transfer("<b>tiền hàng</b>", 9_000, at=at).code
    page = client.get("/office/payments?queue=unknown")
    assert "Thiếu 0 Thừa 1 Trễ 0 Hai lần 1 Không rõ 1 Hoàn tiền chờ chuyển tay 0" in words(page.text)
    assert "&lt;b&gt;tiền hàng&lt;/b&gt;" in page.text
    assert f"{CODE}{code}" in page.text
    for queue in ("all", "over", "double", "late", "under", "refunds", "unclear", "disputes"):
        assert client.get(f"/office/payments?queue={queue}").status_code == 200
    assert client.get("/office/payments?queue=other").status_code == 404


def test_a_transfer_is_assigned_in_two_and_the_rest_sent_back(app: Flask, client: Client, at: datetime) -> None:
    payment = prepaid(at)
    amount = payment.amount.amount
    code = make_transfer("tien", amount + 9_000, at=at).code
    wrong = send(client, f"{CODE}{code}/assign", number="2611-ZZZZZZ", amount="1")
    assert (wrong.status_code, "Không có đơn nào số này." in wrong.text) == (422, True)
    wrong = send(client, f"{CODE}{code}/assign", number=payment.number, amount="nhiều")
    assert (wrong.status_code, "Nhập số tiền lớn hơn 0." in wrong.text) == (422, True)
    assert get_transfer(code).allocated.amount == 0
    typed = {"number": payment.number.lower(), "amount": f"{amount:,}"}
    assert send(client, f"{CODE}{code}/assign", **typed).status_code == 302
    assert send(client, f"{CODE}{code}/back", amount="9.000", bank_reference="").status_code == 422
    send(client, f"{CODE}{code}/back", amount="10.000", bank_reference="FT1")
    assert "không còn đủ" in client.get(f"{CODE}{code}").text
    send(client, f"{CODE}{code}/back", amount="9.000", bank_reference="FT1")
    send(client, f"{CODE}{code}/remark", words="Đã gọi")
    found = get_transfer(code)
    assert (found.state, found.remark) == (TransferState.RESOLVED, "Đã gọi")
    assert (payment_of(payment.number).state.value, books()) == ("paid", {"bank": amount, "buyers": amount})
    deeds = (AuditEntry.subject == code, AuditEntry.action != "personal.seen")
    acts = db.session.scalars(select(AuditEntry.action).where(*deeds)).all()
    assert sorted(acts) == ["transfer.assigned", "transfer.came", "transfer.remarked", "transfer.sent_back"]
    assert send(client, f"{CODE}CK000/remark", words="x").status_code == 404


def test_too_much_is_sent_back_by_hand_and_leaves_its_queues(app: Flask, client: Client, at: datetime) -> None:
    payment = prepaid(at)
    code = make_transfer(payment.number, payment.amount.amount + 5_000, at=at).code
    refund = list_refunds([RefundState.ASKED])[0].code
    send_refund(refund, at)
    page = words(client.get("/office/payments?queue=refunds").text)
    assert "5.000 ₫ · Đơn" in page
    assert "Đã chuyển từ: NGUYEN VAN A, tài khoản 0123" in page
    sent = f"/office/payments/refunds/{refund}/sent"
    empty = send(client, sent, bank_reference=" ")
    assert (empty.status_code, "Nhập số giao dịch của ngân hàng." in empty.text) == (422, True)
    assert f'id="ref-{refund}" name="bank_reference" value="" autocomplete="off" aria-invalid="true"' in empty.text
    assert [each.code for each in list_refunds([RefundState.BY_HAND])] == [refund]
    send(client, sent, bank_reference="FT9")
    assert list_refunds([RefundState.BY_HAND]) == []
    send(client, sent, bank_reference="FT9")
    assert send(client, "/office/payments/refunds/none/sent", bank_reference="x").status_code == 404
    assert get_transfer(code).state is TransferState.RESOLVED
    assert "Thừa 0" in words(client.get("/office/payments?queue=all").text)
    assert send(client, f"{CODE}{code}/close").status_code == 302
    assert books() == {"bank": payment.amount.amount, "buyers": payment.amount.amount}


def test_one_that_is_too_little_names_its_order_and_what_is_missing(app: Flask, client: Client, at: datetime) -> None:
    payment = prepaid(at)
    number, amount = payment.number, payment.amount.amount
    code = make_transfer(number, amount - 39_000, at=at).code
    page = client.get("/office/payments?queue=under").text
    assert f'<a href="/office/orders/{number}">{number}</a>' in page
    assert '<td class="num" data-l="Đơn còn thiếu">39.000\xa0₫</td>' in page
    assert "Còn lại" not in page
    assert f'<a href="/office/orders/{number}">Đơn {number}</a>' in client.get(f"{CODE}{code}").text
    make_transfer(number, 39_000, at=at)
    assert "Thiếu 0" in words(client.get("/office/payments?queue=all").text)


def test_a_transfer_that_names_two_orders_offers_both(app: Flask, client: Client, at: datetime) -> None:
    one, two = prepaid(at), prepaid(at)
    amount = one.amount.amount
    note = f"tra {one.number} va {two.number}"
    code = make_transfer(note, amount + 10_000, at=at).code
    assert get_transfer(code).state is TransferState.UNKNOWN
    page = client.get(f"{CODE}{code}").text
    for number in (one.number, two.number):
        assert f'<a href="/office/orders/{number}">{number}</a>' in page
        assert f'<input type="hidden" name="number" value="{number}">' in page
    assert words(page).count(f"Gán {amount:,} ₫ cho đơn".replace(",", ".")) == 2
    send(client, f"{CODE}{code}/assign", number=one.number, amount=str(amount))
    page = client.get(f"{CODE}{code}").text
    assert f'name="number" value="{one.number}"' not in page
    assert f"Gán 10.000 ₫ cho đơn {two.number}" in words(page)
    send(client, f"{CODE}{code}/assign", number=two.number, amount="10000")
    assert payment_of(one.number).state.value == "paid"
    assert (payment_of(two.number).captured.amount, get_transfer(code).left.amount) == (10_000, 0)
    assert "Đơn mà nội dung nhắc tới" not in client.get(f"{CODE}{code}").text


def test_cards_in_doubt(app: Flask, client: Client, at: datetime) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    with transaction():
        unclear(attempt_id=attempt.id, at=at)
    assert attempt.key in client.get("/office/payments?queue=unclear").text


def upload(client: Client, text: str) -> str:
    data = {"csrf_token": token(client), "file": (io.BytesIO(text.encode()), "sao-ke.csv")}
    answer = client.post("/office/payments/statements", data=data)
    assert answer.status_code == 302, answer.text
    return answer.location


def worked(at: datetime, verb: str) -> None:
    """Do what the worker would."""
    job = db.session.scalars(select(Job).where(Job.name == f"imports.{verb}").order_by(Job.id.desc())).first()
    assert job is not None
    facts: dict[str, Any] = {"importers": {"statement": StatementImporter(ACCOUNT.number)}, "identify": lambda by: by}
    {"check": check, "apply": apply}[verb](job.payload, at, **facts)


def test_a_statement_is_shown_row_by_row_and_booked_whole(app: Flask, client: Client, at: datetime) -> None:
    payment = prepaid(at)
    amount = payment.amount.amount
    head = "date,reference,credit,debit,note\n"
    good = f'{head}23/11/2026,FT1,"{amount:,}",,{payment.number}\n23/11/2026,FT2,,5000,ra\n'
    page = upload(client, good)
    worked(at, "check")
    shown = words(client.get(page).text)
    assert f"trả đủ đơn {payment.number}." in shown
    assert "Tiền ra 5.000 ₫: hiện để biết, không ghi." in shown
    assert count_all() == 0
    send(client, f"{page}/apply")
    worked(at, "apply")
    assert (count_all(), payment_of(payment.number).state.value) == (1, "paid")
    assert "Khoản mới 1 Khớp đơn 1" in words(client.get(page).text)
    again = upload(client, good)
    worked(at, "check")
    assert "Đã có trong sổ: không đổi gì." in words(client.get(again).text)
    send(client, f"{again}/cancel")
    send(client, f"{again}/apply")
    assert "Tệp đã hủy" in client.get(again).text
    bad = upload(client, f"{head}hôm qua,FT3,một,,x\n")
    worked(at, "check")
    assert "Có 1 dòng sai" in words(client.get(bad).text)
    assert count_all() == 1
    assert len(rows_of(db.session.scalars(select(StagedImport.id).order_by(StagedImport.id)).all()[0])) == 2
    assert client.get("/office/payments/statements/none").status_code == 404
    assert send(client, "/office/payments/statements/none/apply").status_code == 404
    assert client.get("/office/payments/statements").status_code == 200


def test_a_refund_that_the_provider_would_not_make_waits_with_its_reason(
    app: Flask, client: Client, at: datetime
) -> None:
    payment = make_prepaid((make_offer(at=at), 1), at=at)
    attempt = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    asked = {"reason": RefundReason.GOODWILL, "key": "1", "by": BY, "at": at}
    with transaction():
        code = ask_refund(payment=hold(payment.id), amount=Money(9_000), **asked).code  # type: ignore[arg-type]
    with transaction():
        learn_refund(code=code, fact=RefundFact(None, RefundStanding.FAILED, "charge_disputed"), at=at)
    page = words(client.get("/office/payments?queue=refunds").text)
    assert "9.000 ₫ · Đơn" in page
    assert "Nơi nhận thẻ không hoàn được (charge_disputed): chuyển trả từ ngân hàng." in page
    send(client, f"/office/payments/refunds/{code}/sent", bank_reference="FT9")
    assert list_refunds(BY_A_PERSON) == []
    assert books()["bank"] == -9_000
