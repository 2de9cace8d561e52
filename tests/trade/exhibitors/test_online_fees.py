"""A booth's fee is paid online: what is owed and no more, withdrawn when it came another way, given back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.books.queries import verify
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import Payment, PaymentState, Refund
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import withdraw_charge
from marketplace.trade.exhibitors.models import Application, Decision, FeeCharge, FeeMethod, Placing
from marketplace.trade.exhibitors.services import (
    NotNow,
    ReceiptFacts,
    ask_fee,
    confirm,
    record_fee,
    refund_online_fee,
    waive_fee,
)
from marketplace.trade.exhibitors.standing import fees_of
from marketplace.trade.fairs.models import Edition, EditionState
from tests.applying import LATE, Exhibitor, apply, decide, make_booth, make_exhibitor, place
from tests.builders import BY
from tests.conftest import Client
from tests.fairing import lead_to, make_edition
from tests.money import books, make_transfer, offer_transfers
from tests.pages import send, sign_in

BY_TRANSFER = PaymentMethod.BANK_TRANSFER
PRICE = 2_000_000


@pytest.fixture(autouse=True)
def _ways(app: Flask) -> None:
    offer_transfers(app)


def confirmed(at: datetime) -> tuple[Edition, Exhibitor, Application]:
    """An exhibitor that took its place, in a booth that was told to it."""
    edition = make_edition(at=at)
    who = make_exhibitor(at=at)
    row = apply(who, edition.code, at=at)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    with transaction():
        confirm(code=edition.code, by=who.by, at=LATE)
    lead_to(edition.code, EditionState.ALLOCATED, at=LATE)
    place(row, make_booth(edition.code, price=PRICE), at=LATE)
    return edition, who, row


def asked(edition: Edition, who: Exhibitor, at: datetime = LATE) -> Payment:
    with transaction():
        made = ask_fee(code=edition.code, method=BY_TRANSFER, by=who.by, at=at)
    return payment_of(made.number)


def stands(row: Application) -> tuple[int, int, int]:
    """What was paid, is owed and is to be returned."""
    fee = fees_of([row.id])[row.id]
    return fee.paid.amount, fee.owed.amount, fee.to_return.amount


def given_back() -> list[int]:
    return [row.amount.amount for row in db.session.scalars(select(Refund).order_by(Refund.id))]


def sound(at: datetime) -> bool:
    return [found.code for found in verify(at=at) if found.faults] == []


def test_what_is_owed_is_asked_once_and_paid(app: Flask, at: datetime) -> None:
    edition, who, row = confirmed(at)
    payment = asked(edition, who)
    assert (payment.amount, payment.due.recipient) == (Money(PRICE), who.producer.name)
    assert payment.due.email == who.user.email
    assert asked(edition, who).id == payment.id
    make_transfer(payment.number, PRICE - 1, at=LATE)
    assert stands(row) == (0, PRICE, 0)  # a part is nobody's yet
    make_transfer(payment.number, 1, at=LATE)
    assert stands(row) == (PRICE, 0, 0)
    assert books() == {"bank": PRICE, "charges": PRICE}
    with pytest.raises(NotNow):
        asked(edition, who)
    assert db.session.query(FeeCharge).count() == 1
    assert sound(LATE)


def test_only_who_has_a_place_and_owes_pays(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    who = make_exhibitor(at=at)
    with pytest.raises(NotFound):
        asked(edition, who)
    row = apply(who, edition.code, at=at)
    decide(edition.code, Decision.OFFER, row, at=LATE)
    place(row, make_booth(edition.code, price=PRICE), at=LATE)
    lead_to(edition.code, EditionState.ALLOCATED, at=LATE)
    with pytest.raises(NotNow):
        asked(edition, who)  # the offer is not answered yet
    with transaction():
        db.session.query(Placing).one().published_at = None
    with transaction():
        confirm(code=edition.code, by=who.by, at=LATE)
    with pytest.raises(NotNow):
        asked(edition, who)  # where it stands is nobody's to know yet
    assert db.session.query(Payment).count() == 0


def test_money_at_the_office_withdraws_what_was_begun_online(app: Flask, at: datetime) -> None:
    edition, who, row = confirmed(at)
    before = asked(edition, who)
    with transaction():
        facts = ReceiptFacts(Money(500_000), FeeMethod.CASH)
        record_fee(code=edition.code, application=row.code, facts=facts, by=BY, at=LATE)
    assert payment_of(before.number).due.pay_until == LATE
    after = asked(edition, who)
    assert (after.number != before.number, after.amount) == (True, Money(PRICE - 500_000))
    with transaction():
        waive_fee(code=edition.code, application=row.code, reason="Hộ nghèo", by=BY, at=LATE)
    assert payment_of(after.number).due.pay_until == LATE
    assert given_back() == []


def test_another_price_is_asked_anew_and_so_is_what_ran_out(app: Flask, at: datetime) -> None:
    edition, who, row = confirmed(at)
    before = asked(edition, who)
    with transaction():
        placing = db.session.query(Placing).one()
        placing.released_at = LATE
    place(row, make_booth(edition.code, "A2", price=PRICE + 1), at=LATE)
    after = asked(edition, who)
    assert (after.amount, payment_of(before.number).due.pay_until) == (Money(PRICE + 1), LATE)
    later = asked(edition, who, LATE + timedelta(hours=25))
    assert later.number not in (before.number, after.number)


def test_what_was_paid_beyond_what_is_asked_goes_back_once(app: Flask, at: datetime) -> None:
    edition, who, row = confirmed(at)
    payment = asked(edition, who)
    make_transfer(payment.number, PRICE, at=LATE)

    def refund(number: str = payment.number) -> None:
        with transaction():
            refund_online_fee(code=edition.code, application=row.code, number=number, by=BY, at=LATE)

    with pytest.raises(NotNow):
        refund()
    with pytest.raises(NotFound):
        refund("2611-AAAAAA")
    with transaction():
        waive_fee(code=edition.code, application=row.code, reason="Hộ nghèo", by=BY, at=LATE)
    assert stands(row) == (PRICE, 0, PRICE)
    refund()
    with pytest.raises(NotNow):
        refund()
    assert (stands(row), given_back()) == ((0, 0, 0), [PRICE])
    assert books() == {"bank": PRICE, "refunds": PRICE}
    assert sound(LATE)


def test_a_charge_that_is_paid_or_over_is_not_withdrawn(app: Flask, at: datetime) -> None:
    edition, who, _row = confirmed(at)
    payment = asked(edition, who)
    make_transfer(payment.number, PRICE, at=LATE)
    with transaction():
        assert withdraw_charge(number=payment.number, by=BY, at=LATE) is False
    assert payment_of(payment.number).state is PaymentState.PAID


def test_on_the_pages(app: Flask, client: Client, at: datetime) -> None:
    edition, who, row = confirmed(at)
    sign_in(client, who.user)
    page = f"/producer/fairs/{edition.code}"
    assert f'action="{page}/pay"' in client.get(page).text
    sent = send(client, f"{page}/pay")
    number = db.session.query(Payment).one().number
    assert sent.location.startswith(f"/charges/{number}/pay?key=")
    shown = client.get(sent.location).text
    assert "Trả phí gian hàng, Hội chợ OCOP thử" in shown
    assert "cash_on_delivery" not in shown
    make_transfer(number, PRICE, at=LATE)
    assert client.get(sent.location).location == page
    assert f'action="{page}/pay"' not in client.get(page).text
    assert "đã trả qua mạng" in client.get(page).text
    assert send(client, f"{page}/pay").location == page
    assert stands(row) == (PRICE, 0, 0)
