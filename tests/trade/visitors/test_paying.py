"""Tickets are paid online: one charge, settled once; what came in vain, or for a cancelled ticket, goes back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.platform.core.access import GUEST, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.bank.models import TransferState
from marketplace.shop.books.queries import verify
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import Payment, PaymentState, Refund, RefundReason
from marketplace.shop.payments.paying import give_up
from marketplace.shop.payments.queries import list_overdue, payment_of
from marketplace.shop.payments.services import learn
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services import move
from marketplace.trade.visitors.jobs import watch
from marketplace.trade.visitors.links import ticket_path
from marketplace.trade.visitors.models import Outcome, Registration, Ticket, TicketCharge, TicketState
from marketplace.trade.visitors.queries import get_ticket
from marketplace.trade.visitors.services import (
    TicketOver,
    ask_ticket_payment,
    cancel_ticket,
    give_back_called_off,
    settle_paid,
    take_payment,
)
from tests.builders import BY
from tests.conftest import Client
from tests.fairing import make_edition
from tests.money import books, make_attempt, make_transfer, offer_cards, offer_transfers, paid
from tests.pages import send
from tests.visiting import NOON, make_visitor, outcome, signed

PRICE = 30_000


@pytest.fixture(autouse=True)
def _ways(app: Flask) -> None:
    offer_transfers(app)
    offer_cards(app)


def visitors(at: datetime, people: int = 2) -> tuple[Edition, Registration]:
    edition = make_edition(at=at, ticket_price=Money(PRICE))
    return edition, make_visitor(edition, at=at, people=people, phone="0912345678")


def asked(edition: Edition, ticket: Ticket, at: datetime) -> Payment:
    with transaction():
        made = ask_ticket_payment(
            code=edition.code, ticket=ticket.code, method=PaymentMethod.BANK_TRANSFER, by=GUEST, at=at
        )
    return payment_of(made.number)


def settled(at: datetime) -> int:
    with transaction():
        return settle_paid(at=at)


def states(edition: Edition, row: Registration) -> list[str]:
    return [get_ticket(edition.id, each.code).state.value for each in row.tickets]


def refunds() -> list[tuple[str, int]]:
    rows = db.session.scalars(select(Refund).order_by(Refund.id))
    return [(row.reason.value, row.amount.amount) for row in rows]


def key_of(address: str) -> str:
    return address.partition("?key=")[2]


def faults(at: datetime) -> list[str]:
    return [f"{found.code} {fault}" for found in verify(at=at) for fault in found.faults]


def test_one_charge_for_all_that_is_unpaid_and_the_same_again(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    first, again = asked(edition, row.tickets[0], at), asked(edition, row.tickets[1], at)
    assert (first.id, first.amount, first.state) == (again.id, Money(2 * PRICE), PaymentState.AWAITING)
    assert (first.due.recipient, first.due.email, first.due.pay_until) == ("An", row.email, at + timedelta(hours=24))
    assert db.session.query(TicketCharge).count() == 2


def test_the_transfer_that_pays_lets_the_tickets_in_once(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    payment = asked(edition, row.tickets[0], at)
    make_transfer(payment.number, PRICE, at=at)
    assert (settled(at), states(edition, row)) == (0, ["unpaid", "unpaid"])  # half of it lets in nobody
    assert make_transfer(payment.number, PRICE, at=at).state is TransferState.MATCHED
    assert (settled(at), settled(at)) == (2, 0)
    assert states(edition, row) == ["valid", "valid"]
    ticket = get_ticket(edition.id, row.tickets[0].code)
    assert (ticket.paid_at, ticket.paid_to) == (at, f"payments {payment.number}")
    assert books() == {"bank": 2 * PRICE, "charges": 2 * PRICE}
    letters = db.session.scalars(
        select(OutgoingMail.subject).where(OutgoingMail.to_address == row.email).order_by(OutgoingMail.id)
    )
    assert [each.replace("\xa0", " ") for each in letters if payment.number in each] == [
        f"Khoản {payment.number} còn thiếu 30.000 ₫",
        f"Đã nhận tiền khoản {payment.number}",
    ]
    assert faults(at) == []
    with pytest.raises(TicketOver):
        asked(edition, row.tickets[0], at)


def test_who_left_no_address_gets_no_letter(app: Flask, at: datetime) -> None:
    edition = make_edition(at=at, ticket_price=Money(PRICE))
    row = make_visitor(edition, at=at, email="", phone="0912345678")
    payment = asked(edition, row.tickets[0], at)
    make_transfer(payment.number, PRICE - 1, at=at)
    make_transfer(payment.number, 1, at=at)
    assert payment_of(payment.number).state is PaymentState.PAID
    assert db.session.query(OutgoingMail).count() == 0


def test_the_gate_lets_in_what_was_paid_a_moment_ago(app: Flask, at: datetime) -> None:
    edition, row = visitors(at, people=1)
    payment = asked(edition, row.tickets[0], NOON)
    assert outcome(edition, signed(edition, row.tickets[0])) is Outcome.UNPAID
    make_transfer(payment.number, PRICE, at=NOON)
    assert outcome(edition, signed(edition, row.tickets[0])) is Outcome.OK
    assert states(edition, row) == ["valid"]


def test_paid_at_the_desk_meanwhile_the_charge_is_withdrawn_and_what_comes_goes_back(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    before = asked(edition, row.tickets[0], at)
    with transaction():
        take_payment(code=edition.code, ticket=row.tickets[0].code, by=BY, at=at)
    after = asked(edition, row.tickets[1], at + timedelta(minutes=1))
    assert (after.number != before.number, after.amount) == (True, Money(PRICE))
    assert [each.number for each in list_overdue(at)] == [before.number]
    give_up(payment_of(before.number), at)
    make_transfer(before.number, 2 * PRICE, at=at)  # sent all the same: it waits for an officer, nobody is let in by it
    assert payment_of(before.number).state is PaymentState.LAPSED
    assert (settled(at), states(edition, row)) == (0, ["valid", "unpaid"])


def test_paid_in_the_moment_of_withdrawing_each_share_that_is_not_needed_goes_back(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    payment = asked(edition, row.tickets[0], at)
    with transaction():
        take_payment(code=edition.code, ticket=row.tickets[0].code, by=BY, at=at)
    make_transfer(payment.number, 2 * PRICE, at=at)  # before the worker closed it
    assert settled(at) == 2
    assert states(edition, row) == ["valid", "valid"]
    assert get_ticket(edition.id, row.tickets[0].code).paid_to == BY.name
    assert refunds() == [("cancelled", PRICE)]
    assert books() == {"bank": 2 * PRICE, "charges": PRICE, "refunds": PRICE}
    assert faults(at) == []


def test_of_a_cancelled_ticket_the_price_goes_back_once(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    payment = asked(edition, row.tickets[0], at)
    make_transfer(payment.number, 2 * PRICE, at=at)
    settled(at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=row.tickets[1].code, by=GUEST, at=at)
    assert refunds() == [("cancelled", PRICE)]
    assert states(edition, row) == ["valid", "cancelled"]
    with pytest.raises(TicketOver), transaction():
        cancel_ticket(code=edition.code, ticket=row.tickets[1].code, by=GUEST, at=at)
    assert refunds() == [("cancelled", PRICE)]
    assert faults(at) == []


def test_cancelled_when_the_money_has_just_come_the_share_goes_back_with_the_next_round(
    app: Flask, at: datetime
) -> None:
    edition, row = visitors(at)
    payment = asked(edition, row.tickets[0], at)
    make_transfer(payment.number, 2 * PRICE, at=at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=row.tickets[1].code, by=GUEST, at=at)
    assert refunds() == []
    assert (settled(at), refunds(), states(edition, row)) == (2, [("cancelled", PRICE)], ["valid", "cancelled"])
    assert faults(at) == []


def test_cancelled_before_it_was_paid_the_rest_is_asked_anew(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    before = asked(edition, row.tickets[0], at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=row.tickets[1].code, by=GUEST, at=at)
    after = asked(edition, row.tickets[0], at)
    assert (payment_of(before.number).due.pay_until, after.amount) == (at, Money(PRICE))
    assert refunds() == []


def test_another_number_of_tickets_is_another_charge(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    before = asked(edition, row.tickets[0], at)
    with transaction():
        db.session.get_one(Ticket, row.tickets[1].id).state = TicketState.CANCELLED  # as from before there were charges
    after = asked(edition, row.tickets[0], at)
    assert (payment_of(before.number).due.pay_until, after.amount) == (at, Money(PRICE))


def test_who_went_in_cannot_cancel(app: Flask, at: datetime) -> None:
    edition, row = visitors(at, people=1)
    make_transfer(asked(edition, row.tickets[0], at).number, PRICE, at=at)
    settled(at)
    assert outcome(edition, signed(edition, row.tickets[0])) is Outcome.OK
    with pytest.raises(TicketOver), transaction():
        cancel_ticket(code=edition.code, ticket=row.tickets[0].code, by=GUEST, at=NOON)
    assert (states(edition, row), refunds()) == (["valid"], [])


def test_called_off_what_was_paid_online_goes_back_once(app: Flask, at: datetime) -> None:
    edition, row = visitors(at)
    make_transfer(asked(edition, row.tickets[0], at).number, 2 * PRICE, at=at)
    settled(at)
    with transaction():
        cancel_ticket(code=edition.code, ticket=row.tickets[0].code, by=GUEST, at=at)
    with transaction():
        move(code=edition.code, to=EditionState.CANCELLED, note="Bão", by=BY, at=at)
    watch(at)
    with transaction():
        assert give_back_called_off(at=at) == 0
    assert refunds() == [("cancelled", PRICE), ("cancelled", PRICE)]
    assert books() == {"bank": 2 * PRICE, "refunds": 2 * PRICE}
    assert faults(at) == []
    with pytest.raises(TicketOver):
        asked(edition, row.tickets[1], at)


def test_a_card_pays_and_what_comes_twice_goes_back(app: Flask, at: datetime) -> None:
    edition, row = visitors(at, people=1)
    payment = asked(edition, row.tickets[0], at)
    attempt = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    make_transfer(payment.number, PRICE, at=at)
    assert (settled(at), payment_of(payment.number).state) == (1, PaymentState.PAID)
    assert [reason for reason, _ in refunds()] in ([], [RefundReason.DOUBLE.value])
    assert faults(at) == []


def test_on_the_page_one_pays_and_comes_back_to_a_valid_ticket(app: Flask, client: Client, at: datetime) -> None:
    edition, row = visitors(at)
    path = ticket_path(edition.slug, row.tickets[0].code)
    key = path.partition("?k=")[2]
    shown = client.get(path).text.replace("&nbsp;", " ").replace("\xa0", " ")
    assert "Trả 60.000 ₫ cho 2 vé, bằng thẻ hoặc chuyển khoản" in shown
    sent = send(client, f"{path.partition('?')[0]}/pay", k=key)
    number = db.session.scalars(select(Payment.number)).one()
    assert sent.location.startswith(f"/charges/{number}/pay?key=")
    page = client.get(sent.location).text
    assert "Trả tiền vé, Hội chợ OCOP thử" in page
    assert "60.000" in page
    assert client.get(f"/charges/{number}/pay").status_code == 404
    assert client.get(f"/orders/{number}/pay?{sent.location.partition('?')[2]}").status_code == 404
    assert (payment_of(number).method, 'value="bank_transfer"' in page) == (PaymentMethod.CARD, True)
    send(client, f"/charges/{number}/pay/method", key=key_of(sent.location), method="bank_transfer")
    assert payment_of(number).method is PaymentMethod.BANK_TRANSFER
    send(client, f"/charges/{number}/pay/method", key=key_of(sent.location), method="cash_on_delivery")
    assert payment_of(number).method is PaymentMethod.BANK_TRANSFER
    make_transfer(number, 2 * PRICE, at=at)
    back = client.get(sent.location)
    assert back.location == path
    assert "Đã trả" not in shown
    assert "Trả 60.000" not in client.get(path).text
    assert states(edition, row) == ["valid", "valid"]
    assert system("payments").name in get_ticket(edition.id, row.tickets[0].code).paid_to
