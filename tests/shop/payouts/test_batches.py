"""Payout batches: two people, balances worked out again, failed lines, refunds netted."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.people.accounts.models import Role
from marketplace.people.verification.models import AccountState, BankAccount
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.books.queries import verify
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.queries import list_lines
from marketplace.shop.orders.models import Order
from marketplace.shop.payments.models import RefundReason
from marketplace.shop.payouts.models import BatchState, LineState
from marketplace.shop.payouts.queries.balances import RESTS, list_owed, standings
from marketplace.shop.payouts.queries.batches import get_batch, get_line, list_batches, list_payouts
from marketplace.shop.payouts.rules import bank_note, next_month, read_month
from marketplace.shop.payouts.services import (
    BalanceChanged,
    NothingToPay,
    SamePerson,
    approve_batch,
    batches,
    cancel_batch,
    fail_line,
    give_back,
    make_batch,
    mark_sent,
)
from tests.builders import BY, make_user
from tests.money import books
from tests.paying_out import Maker, make_account, make_maker, officers, sell

LATER = timedelta(days=8)


def refund(order: Order, amount: int, *, at: datetime) -> None:
    facts = {"number": order.number, "position": 1, "reason": RefundReason.GOODWILL, "note": "x", "by": BY}
    with transaction():
        give_back(amount=Money(amount), at=at, **facts)  # type: ignore[arg-type]


def test_from_a_draft_to_the_bank(app: Flask, at: datetime) -> None:
    one, two = make_maker("Một", at=at), make_maker("Hai", at=at, account=False)
    first, _ = sell(one, at=at), sell(two, at=at)
    late = at + LATER
    young = sell(one, 1, at=late)
    maker, checker = (user.actor() for user in officers(at))
    total, own = first.total, f"producer:{one.producer.id}"
    owed = {each.producer.name: each for each in list_owed(earned_until=late - RESTS)}
    assert (owed["Một"].standing.available, owed["Một"].standing.later) == (total, young.total)
    assert (owed["Hai"].standing.available, owed["Hai"].account) == (total, None)
    with transaction():
        batch = make_batch(by=maker, at=late)
    assert [(line.producer_id, line.amount, line.state) for line in batch.lines] == [
        (one.producer.id, total, LineState.PLANNED)
    ]
    before = books()
    with pytest.raises(SamePerson), transaction():
        approve_batch(code=batch.code, by=maker, at=late)
    assert books() == before
    with transaction():
        approve_batch(code=batch.code, by=checker, at=late)
    with pytest.raises(Conflict), transaction():
        approve_batch(code=batch.code, by=checker, at=late)
    assert (books()["payouts"], books()[own]) == (total.amount, young.total.amount)
    with pytest.raises(Invalid), transaction():
        mark_sent(code=batch.code, bank_reference=" ", by=maker, at=late)
    with transaction():
        sent = mark_sent(code=batch.code, bank_reference="FT1", by=maker, at=late)
    assert (sent.state, sent.lines[0].state, sent.bank_reference) == (BatchState.SENT, LineState.SENT, "FT1")
    with pytest.raises(Conflict), transaction():
        mark_sent(code=batch.code, bank_reference="FT1", by=maker, at=late)
    assert books()["bank"] == -total.amount
    assert [each.code for each in list_batches()] == [batch.code]
    assert [line.batch.code for line in list_payouts(one.producer.id)] == [batch.code]
    assert [f for each in verify(at=late) for f in each.faults if each.code != "I6"] == []
    with pytest.raises(NothingToPay), transaction():
        make_batch(by=maker, at=late)


def drafted(maker: Maker, at: datetime) -> tuple[str, Order, datetime]:
    order = sell(maker, at=at)
    late = at + LATER
    by = officers(at)[0].actor()
    with transaction():
        return make_batch(by=by, at=late).code, order, late


def test_a_refund_before_approval_refuses_the_batch(app: Flask, at: datetime) -> None:
    one = make_maker(at=at)
    code, order, late = drafted(one, at)
    refund(order, 1_000, at=late)
    before = books()
    by = another(at)
    with pytest.raises(BalanceChanged), transaction():
        approve_batch(code=code, by=by, at=late)
    assert books() == before
    assert get_batch(code).state is BatchState.DRAFT
    with transaction():
        cancel_batch(code=code, by=by, at=late)
    with pytest.raises(Conflict), transaction():
        cancel_batch(code=code, by=by, at=late)
    with transaction():
        again = make_batch(by=by, at=late)
    assert again.lines[0].amount == order.total - Money(1_000)


def another(at: datetime) -> Actor:
    """Somebody else who keeps the money."""
    return make_user(Role.ADMIN, at=at).actor()


def test_a_refund_after_the_payout_is_netted_in_the_next(app: Flask, at: datetime) -> None:
    one = make_maker(at=at)
    code, order, late = drafted(one, at)
    by = another(at)
    with transaction():
        approve_batch(code=code, by=by, at=late)
    refund(order, 30_000, at=late)
    assert standings([one.producer.id], earned_until=late)[one.producer.id].balance == Money(-30_000)
    second = sell(one, at=late)
    later = late + LATER
    with transaction():
        batch = make_batch(by=by, at=later)
    assert batch.lines[0].amount == second.total - Money(30_000)
    lines = list_lines(money.producer(one.producer.id, one.producer.slug))
    assert [line.what for line in lines][-3:] == ["payout", "shipping", "goods"]


def test_own_cash_is_netted_at_once(app: Flask, at: datetime) -> None:
    one = make_maker(at=at)
    sell(one, at=at, carrier="Tự giao")
    found = standings([one.producer.id], earned_until=at - RESTS)[one.producer.id]
    assert (found.balance, found.available) == (Money(0), Money(0))
    assert list_owed(earned_until=at) == []


def test_an_account_replaced_meanwhile_refuses_the_batch(app: Flask, at: datetime) -> None:
    one = make_maker(at=at)
    code, _, late = drafted(one, at)
    with transaction():
        db.session.execute(update(BankAccount).values(state=AccountState.REPLACED))
    make_account(one.producer, at=late, number="999988887777")
    by = another(at)
    with pytest.raises(BalanceChanged), transaction():
        approve_batch(code=code, by=by, at=late)


@pytest.mark.parametrize("sent", [False, True])
def test_a_line_that_failed_is_the_producers_again(app: Flask, at: datetime, sent: bool) -> None:
    one = make_maker(at=at)
    code, order, late = drafted(one, at)
    by, slug = another(at), one.producer.slug
    with pytest.raises(Conflict), transaction():
        fail_line(code=code, slug=slug, trouble="x", by=by, at=late)
    with transaction():
        approve_batch(code=code, by=by, at=late)
    if sent:
        with transaction():
            mark_sent(code=code, bank_reference="FT1", by=by, at=late)
    with pytest.raises(Invalid), transaction():
        fail_line(code=code, slug=slug, trouble=" ", by=by, at=late)
    with pytest.raises(NotFound), transaction():
        fail_line(code=code, slug="x", trouble="x", by=by, at=late)
    with transaction():
        fail_line(code=code, slug=slug, trouble="Sai tên", by=by, at=late)
    assert books()[f"producer:{one.producer.id}"] == order.total.amount
    assert "payouts" not in books()
    batch = get_batch(code)
    line = batch.lines[0]
    assert (line.state, line.trouble, batch.going) == (LineState.FAILED, "Sai tên", [])


def test_a_line_that_was_sent_meanwhile_does_not_fail_from_where_it_was(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was read as approved, and sent before it was written: its money would come back from the wrong account."""
    one = make_maker(at=at)
    code, _order, late = drafted(one, at)
    by = another(at)
    with transaction():
        approve_batch(code=code, by=by, at=late)
    read = get_line(code, one.producer.slug)
    assert read.state is LineState.APPROVED
    db.session.expunge(read)
    with transaction():
        mark_sent(code=code, bank_reference="FT1", by=by, at=late)
    before = books()
    monkeypatch.setattr(batches, "get_line", lambda *_: read)
    with pytest.raises(Conflict), transaction():
        fail_line(code=code, slug=one.producer.slug, trouble="Sai tên", by=by, at=late)
    assert (books(), get_batch(code).lines[0].state) == (before, LineState.SENT)


def test_who_may_and_what_is_not_there(app: Flask, at: datetime) -> None:
    stranger = make_user(Role.PRODUCER, at=at).actor()
    for by in (stranger, system("x")):
        with pytest.raises(Forbidden), transaction():
            make_batch(by=by, at=at)
    with pytest.raises(NotFound):
        get_batch("NOTHING")


def test_notes_and_months() -> None:
    assert bank_note("AB12", "=HTX Miến đao (Tam Đường) số 1") == "OCOP AB12 HTX MIEN DAO TAM DUONG SO 1"
    assert len(bank_note("AB12", "x" * 90)) == 50
    assert (next_month(date(2026, 12, 1)), next_month(date(2026, 1, 1))) == (date(2027, 1, 1), date(2026, 2, 1))
    assert read_month("2026-12") == date(2026, 12, 1)
    assert [read_month(typed) for typed in ("2026-13", "0000-01", "x")] == [None, None, None]
