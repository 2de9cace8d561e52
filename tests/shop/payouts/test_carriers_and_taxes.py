"""Carriers hand over, sellers' taxes are declared by month, a producer reads its statement."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.books.queries import verify
from marketplace.shop.orders.models import Order
from marketplace.shop.payments.models import RefundReason
from marketplace.shop.payouts.models import RemittedPart
from marketplace.shop.payouts.queries.carriers import (
    count_differing,
    find_pocket,
    get_remittance,
    list_pockets,
    list_remittances,
)
from marketplace.shop.payouts.queries.statement import statement_of
from marketplace.shop.payouts.queries.taxes import list_filings, month_of, month_to_pay
from marketplace.shop.payouts.services import (
    MonthOpen,
    RemittedBefore,
    give_back,
    note_remittance,
    pay_taxes,
    settle_remittance,
)
from marketplace.shop.payouts.services.carriers import RemittanceFacts
from tests.builders import BY, make_user
from tests.money import books
from tests.paying_out import make_maker, sell, taxed

HELD = "carrier:bưu điện"


def remit(amount: int, *orders: Order, at: datetime, reference: str = "FT1") -> str:
    parts = tuple(f"{order.number}/1" for order in orders)
    facts = RemittanceFacts("bưu điện", Money(amount), reference, at.date(), parts)
    with transaction():
        return note_remittance(facts=facts, by=BY, at=at).code


def test_a_carrier_hands_over_what_it_took(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    one, two = sell(maker, at=at), sell(maker, 1, at=at + timedelta(days=1))
    (pocket,) = list_pockets()
    total = one.total + two.total
    assert (pocket.carrier, pocket.balance, pocket.due, len(pocket.parts)) == ("bưu điện", total, total, 2)
    assert pocket.age(at + timedelta(days=9)) == 9
    remit(one.total.amount, one, at=at)
    assert (books()["bank"], books()[HELD]) == (one.total.amount, two.total.amount)
    assert [part.number for part in find_pocket("bưu điện").parts] == [f"{two.number}/1"]
    for reference, order in (("FT1", two), ("FT2", one)):
        with pytest.raises(RemittedBefore):
            remit(order.total.amount, order, at=at, reference=reference)
    assert (len(list_remittances()), count_differing(), list_remittances(differing=True)) == (1, 0, [])
    remit(two.total.amount, two, at=at, reference="FT3")
    assert list_pockets() == []
    with pytest.raises(NotFound):
        find_pocket("bưu điện")
    with transaction():
        db.session.execute(update(RemittedPart).values(amount=RemittedPart.amount + Money(1)))
    found = {f.what for each in verify(at=at) for f in each.faults}
    assert "remitted_over" in found


@pytest.mark.parametrize("more", [-5_000, 5_000])
def test_what_differs_waits_until_it_is_settled(app: Flask, at: datetime, more: int) -> None:
    order = sell(make_maker(at=at), at=at)
    due = order.total.amount
    code = remit(due + more, order, at=at)
    kept = {HELD: 5_000} if more < 0 else {"unmatched": 5_000}
    own = {code: n for code, n in books().items() if code.startswith("producer")}
    assert books() == {"bank": due + more} | kept | own
    assert [each.difference for each in list_remittances(differing=True)] == [Money(more)]
    assert [pocket.age(at) for pocket in list_pockets()] == ([0] if more < 0 else [])
    with pytest.raises(Invalid), transaction():
        settle_remittance(code=code, note=" ", by=BY, at=at)
    with transaction():
        settle_remittance(code=code, note="FT9", by=BY, at=at)
    assert books() == {"bank": due} | own
    with pytest.raises(Conflict), transaction():
        settle_remittance(code=code, note="FT9", by=BY, at=at)
    assert count_differing() == 0


def test_what_is_refused_changes_nothing(app: Flask, at: datetime) -> None:
    order = sell(make_maker(at=at), at=at)
    before, stranger = books(), make_user(Role.PRODUCER, at=at).actor()
    wrong = RemittanceFacts("bưu điện", Money(0), " ", at.date() + timedelta(days=1), ())
    with pytest.raises(Invalid) as refused, transaction():
        note_remittance(facts=wrong, by=BY, at=at)
    assert sorted(refused.value.fields) == ["amount", "bank_reference", "parts", "received_on"]
    old = RemittanceFacts("bưu điện", Money(1), "FT1", date(1, 1, 1), (f"{order.number}/1",))
    with pytest.raises(Invalid) as refused, transaction():
        note_remittance(facts=old, by=BY, at=at)
    assert list(refused.value.fields) == ["received_on"]
    good = RemittanceFacts("bưu điện", Money(1), "FT1", at.date(), (f"{order.number}/1",))
    with pytest.raises(Forbidden), transaction():
        note_remittance(facts=good, by=stranger, at=at)
    with pytest.raises(NotFound):
        get_remittance("x")
    assert books() == before


def give(order: Order, amount: Money, at: datetime) -> None:
    with transaction():
        give_back(number=order.number, position=1, amount=amount, reason=RefundReason.RETURNED, note="x", by=BY, at=at)


NOV, DEC, JAN = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


def pay(month: date, at: datetime) -> tuple[int, int]:
    with transaction():
        filing = pay_taxes(month=month, bank_reference="FT1", by=BY, at=at)
    return filing.vat.amount, filing.income_tax.amount


def test_taxes_by_month_with_returns_offset_and_carried(app: Flask, at: datetime) -> None:
    one, two, firm = make_maker("Hộ Một", at=at), make_maker("Hộ Hai", at=at), make_maker("Công ty", at=at)
    first, _ = taxed(one, 2, at), taxed(two, 1, at)
    sell(firm, 1, at=at)
    november = month_of(NOV)
    assert [(s.producer.name, s.turnover, s.vat, s.income_tax) for s in november.sellers] == [
        ("Hộ Hai", Money(50_000), Money(500), Money(250)),
        ("Hộ Một", Money(100_000), Money(1_000), Money(500)),
    ]
    december, january = at + timedelta(days=20), at + timedelta(days=45)
    assert month_to_pay(at.date()) is None
    with pytest.raises(MonthOpen):
        pay(NOV, at)
    assert month_to_pay(december.date()) == NOV
    assert pay(NOV, december) == (1_500, 750)
    with pytest.raises(MonthOpen):
        pay(NOV, december)
    give(first, first.total, december)
    assert [(s.turnover, s.vat) for s in month_of(DEC).sellers] == [(Money(-100_000), Money(-1_000))]
    assert (month_of(DEC).vat_due, month_of(DEC).vat_over, month_of(DEC).income_over) == (
        Money(0),
        Money(-1_000),
        Money(-500),
    )
    assert pay(DEC, january) == (0, 0)
    taxed(two, 6, january)
    assert (month_of(JAN).carried_vat, month_of(JAN).vat_due) == (Money(-1_000), Money(2_000))
    february = january + timedelta(days=30)
    assert pay(JAN, february) == (2_000, 1_000)
    assert [code for code in books() if code.startswith("tax")] == []
    assert [filing.month for filing in list_filings()] == [JAN, DEC, NOV]
    assert month_to_pay(february.date()) is None
    assert month_of(date(2026, 1, 1)).sellers == ()


def test_who_pays_taxes(app: Flask, at: datetime) -> None:
    stranger = make_user(Role.PRODUCER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        pay_taxes(month=NOV, bank_reference="x", by=stranger, at=at)
    with pytest.raises(Invalid), transaction():
        pay_taxes(month=NOV, bank_reference=" ", by=BY, at=at)
    assert month_of(NOV).sellers == ()


def test_a_producer_reads_its_statement(app: Flask, at: datetime) -> None:
    maker = make_maker(at=at)
    assert statement_of(maker.producer, at=at).months == []
    order = taxed(maker, 2, at)
    give(order, order.total, at + timedelta(days=20))
    taxed(maker, 2, at)
    sums = {month.first: (month.sums, month.kept, month.earned) for month in statement_of(maker.producer, at=at).months}
    goods, shipping = Money(2 * 98_500), order.shipping_total * 2
    assert sums[NOV][0]["goods"] == goods
    assert sums[NOV][0]["shipping"] == shipping
    assert sums[NOV][1] == {"commission": Money(0), "vat": Money(-2_000), "income_tax": Money(-1_000)}
    assert sums[DEC][0]["refunds"] == Money(0) - Money(98_500) - order.shipping_total
    assert sums[DEC][1]["vat"] == Money(1_000)
    assert sums[DEC][2] == sums[DEC][0]["refunds"]
