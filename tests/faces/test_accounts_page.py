"""Three lists beside each other on a page: buckets, links, what a person does; the file, the night, the command."""

import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from structlog.testing import capture_logs

from marketplace.faces.office_desk.accounts_words import BUCKETS, KINDS, MEANING, SIDES, WAYS, amount_words
from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.providers.interface import LineKind, Settlement
from marketplace.shop.payments.services import learn
from marketplace.shop.payouts.services import note_remittance
from marketplace.shop.payouts.services.carriers import RemittanceFacts
from marketplace.shop.reconciliation.jobs import check_accounts, watch_accounts
from marketplace.shop.reconciliation.queries import known, list_cases
from marketplace.shop.reconciliation.rows import Bucket, Kind, Side, Way
from marketplace.shop.reconciliation.services import explain_case
from marketplace.shop.settlements.services import keep_lines
from tests.builders import BY, make_offer, make_user
from tests.conftest import Client, new_client
from tests.money import books, make_attempt, make_prepaid, make_transfer, offer_cards, offer_transfers, order_of, paid
from tests.pages import send, sign_in
from tests.paying_out import make_maker, sell

PAGE = "/office/reconcile/accounts"
OLD = timedelta(days=20)


@pytest.fixture
def desk(app: Flask, at: datetime) -> Client:
    client = new_client(app)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def table(content: bytes) -> list[list[Any]]:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return [list(row) for row in rows]


def line(name: str, kind: LineKind, source: str, amount: Money, on: datetime, fee: int = 0) -> Settlement:
    own = kind is LineKind.PAYOUT
    return Settlement(
        reference=name,
        kind=kind,
        source=source,
        presentment=None if own else amount,
        amount=amount,
        fee=Money(fee, amount.currency),
        payout="po_1",
        at=on,
        arrives_on=on.date() if own else None,
    )


def trade(app: Flask, at: datetime) -> dict[str, str]:
    """A card order paid out and not seen at the bank, a transfer, cash with a carrier, a stranger's money."""
    offer_cards(app)
    offer_transfers(app)
    then = at - OLD
    card = make_prepaid((make_offer("Miến", at=at), 1), at=then)
    attempt = make_attempt(card, at=then)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt, charge="ch_1", fee=1_000), at=then)
    with transaction():
        lines = [
            line("txn_1", LineKind.CHARGE, "ch_1", card.amount, then, fee=1_000),
            line("txn_2", LineKind.PAYOUT, "po_1", Money(1_000) - card.amount, then),
        ]
        keep_lines(provider="stripe", lines=lines, at=at)
    order = order_of(make_prepaid((make_offer("Bún", at=at), 1), at=then, method=PaymentMethod.BANK_TRANSFER))
    make_transfer(order.number, order.total.amount, at=then)
    stranger = make_transfer("=cmd|' /C calc'!A0", 70_000, at=at)
    cash = sell(make_maker(at=at), at=then)
    return {"card": card.number, "transfer": order.number, "stranger": stranger.code, "cash": cash.number}


def fields(page: str, verb: str) -> dict[str, str]:
    """The hidden fields of the first form for a verb."""
    form = page.split(f'action="{PAGE}/{verb}"', 1)[1].split("</form>", 1)[0]
    return {name: re.search(f'name="{name}" value="([^"]*)"', form).group(1) for name in ("month", "case", "figures")}  # type: ignore[union-attr] # absent fails the test


def test_an_officer_sees_the_month_and_does_something(app: Flask, desk: Client, at: datetime) -> None:
    told = trade(app, at)
    page = desk.get(PAGE).text
    assert "Bên kia không có" in page
    assert "Sao kê ngân hàng có tới 23/11/2026" in page
    assert "po_1" in page, "the first loud bucket is open"
    on_the_way = desk.get(f"{PAGE}?month=2026-11&bucket=on_the_way").text
    assert f'href="/office/orders/{told["card"]}"' in on_the_way
    assert f'href="/office/orders/{told["cash"]}"' in on_the_way
    unknown = desk.get(f"{PAGE}?bucket=unknown_bank_row").text
    assert f'href="/office/payments/transfers/{told["stranger"]}"' in unknown
    assert f'href="/office/orders/{told["transfer"]}"' in desk.get(f"{PAGE}?bucket=matched").text
    assert "Không có khoản nào ở đây" in desk.get(f"{PAGE}?bucket=twice").text
    assert "Tháng này không có khoản nào" in desk.get(f"{PAGE}?month=2025-01&bucket=nothing").text
    assert desk.get(f"{PAGE}?month=2026-99").status_code == 404

    payout = fields(page, "arrived")
    assert (
        "Không có khoản chuyển nào mã này"
        in desk.get(send(desk, f"{PAGE}/arrived", **payout, code="CKX").location).text
    )
    stranger = fields(unknown, "explain")
    assert send(desk, f"{PAGE}/arrived", **stranger, code="CKX").status_code == 404, "no payout is there"
    assert "Ghi vì sao" in desk.get(send(desk, f"{PAGE}/explain", **stranger, words=" ").location).text
    assert "Đã ghi" in desk.get(send(desk, f"{PAGE}/explain", **stranger, words="Tiền thuê gian hàng").location).text
    assert "Tiền thuê gian hàng" in desk.get(f"{PAGE}?bucket=explained").text
    assert send(desk, f"{PAGE}/explain", **stranger, words="Lần nữa").status_code == 404, "it stands elsewhere now"
    late = make_transfer("BANK CHARGES TAKEN", 40_000, at=at).code
    assert "Đã ghi" in desk.get(send(desk, f"{PAGE}/arrived", **payout, code=late).location).text
    assert "Lệch số tiền" in desk.get(PAGE).text
    assert "provider:stripe" not in books()
    assert send(desk, f"{PAGE}/arrived", **payout, code=late).status_code == 404
    assert "Khoản chi po_1" in desk.get(f"/office/payments/transfers/{late}").text
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    acts = [each.action for each in entries if each.actor_id and each.action != "personal.seen"]
    assert acts[-2:] == ["case.explained", "transfer.settles"]


def test_a_carriers_payment_is_found_by_hand(app: Flask, desk: Client, at: datetime) -> None:
    order = sell(make_maker(at=at), at=at - OLD)
    facts = RemittanceFacts("bưu điện", order.total, "FT1", date(2026, 11, 3), [f"{order.number}/1"])
    with transaction():
        note_remittance(facts=facts, by=BY, at=at)
    code = make_transfer("NOP TIEN", order.total.amount, at=at, reference="MB77").code
    page = desk.get(f"{PAGE}?bucket=missing_there").text
    assert "bưu điện" in page
    send(desk, f"{PAGE}/arrived", **fields(page, "arrived"), code=code)
    assert books()["bank"] == order.total.amount
    assert "/office/payments/carriers" in desk.get(f"{PAGE}?bucket=matched").text
    again = make_transfer("NOP TIEN", order.total.amount, at=at).code
    assert send(desk, f"{PAGE}/arrived", **fields(page, "arrived"), code=again).status_code == 404


def test_the_file_holds_every_row_and_no_formula(app: Flask, desk: Client, at: datetime) -> None:
    told = trade(app, at)
    answer = desk.get(f"{PAGE}/accounts.xlsx?month=2026-11")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="reconciliation-2026-11.xlsx"'
    rows = table(answer.data)
    cases = list_cases(date(2026, 11, 1), date(2026, 11, 30), known=known(at.date()))
    assert len(rows) - 1 == sum(len(case.rows) for case in cases)
    assert rows[0][:4] == ["Vụ", "Ngăn", "Ngày", "Sổ của"]
    stranger = next(row for row in rows if row[6] == told["stranger"])
    assert stranger[1:4] == ["Tiền vào không rõ", at.date(), "Ngân hàng"]
    assert stranger[8:10] == [70_000, "VND"]
    assert stranger[13] == "=cmd|' /C calc'!A0", "as text"
    assert b"<f>" not in answer.data


def test_dollars_are_told_as_dollars(app: Flask, desk: Client, at: datetime) -> None:
    with transaction():
        lines = [line("txn_1", LineKind.PAYOUT, "po_1", Money(-12_345, "USD"), at)]
        keep_lines(provider="stripe", lines=lines, at=at)
    assert "123.45 USD" in desk.get(PAGE).text
    assert [amount_words(Money(n, code)) for n, code in ((-5, "USD"), (500, "JPY"))] == ["-0.05 USD", "500 JPY"]


def test_the_books_are_read_when_an_officer_asks(app: Flask, desk: Client, at: datetime) -> None:
    page = desk.get(send(desk, f"{PAGE}/fetch").location).text
    assert "Đang đọc sổ" in page
    assert "Chưa đọc sổ nơi nhận thẻ lần nào" in page
    assert [job.name for job in db.session.scalars(select(Job))] == ["settlements.fetch"]
    assert "/office/reconcile" not in re.findall('tabs__link" href="([^"]*)"', page), "not theirs"


def test_everything_has_its_words() -> None:
    assert BUCKETS.keys() == MEANING.keys() == set(Bucket)
    assert KINDS.keys() == set(Kind)
    assert WAYS.keys() == set(Way)
    assert SIDES.keys() == set(Side)


def test_only_those_who_keep_money_explain(app: Flask, at: datetime) -> None:
    make_transfer("", 70_000, at=at)
    (case,) = list_cases(at.date(), at.date(), known=known(at.date()))
    stranger = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        explain_case(case=case, words="x", by=stranger, at=at)
    for words in ("Một", "Hai"):
        with transaction():
            explain_case(case=case, words=words, by=BY, at=at)
    (case,) = list_cases(at.date(), at.date(), known=known(at.date()))
    assert (case.bucket, case.explained) == (Bucket.EXPLAINED, "Hai")
    with pytest.raises(Invalid), transaction():
        explain_case(case=case, words="Ba", by=BY, at=at)


def test_the_night_says_what_nobody_has_explained(app: Flask, at: datetime) -> None:
    early = datetime.fromisoformat("2026-11-24T02:00+07:00")
    night = datetime.fromisoformat("2026-11-24T03:00+07:00")
    assert [watch_accounts(when) for when in (early, night, night)] == [0, 1, 0]
    sell(make_maker(at=at), at=at)
    with capture_logs() as said:
        check_accounts({}, at)
        assert said == [], "what is on its way alarms nobody"
        make_transfer("", 70_000, at=at)
        check_accounts({}, at)
    assert said == [{"event": "accounts do not match", "unknown_bank_row": 1, "log_level": "error"}]


def test_the_command_tells_of_accounts(app: Flask, at: datetime) -> None:
    answer = app.test_cli_runner().invoke(args=["reconcile"])
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "accounts on_the_way: 0")
    code = make_transfer("", 70_000, at=at).code
    answer = app.test_cli_runner().invoke(args=["reconcile"])
    told = ["accounts unknown_bank_row: 1", f"  2026-11-23 transfer:transfer:{code}:bank bank=70000 VND"]
    assert (answer.exit_code, answer.output.splitlines()[-2:]) == (1, told)
