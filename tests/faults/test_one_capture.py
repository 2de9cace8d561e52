"""One payment, told of by two at once, or decided on otherwise in that moment: it is booked once and lost never.

Each guard is also taken away, and the fault shows: the look at the attempt on both databases, the lock on PostgreSQL
(on SQLite a whole write block waits for the other, so there is no such moment).
"""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import travel

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.web.glue import limiter
from marketplace.shop.ledger.models import Entry
from marketplace.shop.orders.links import order_key
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.jobs import handle_event
from marketplace.shop.payments.models import Attempt, Payment, ProviderEvent, RefundReason
from marketplace.shop.payments.paying import pay
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import change_method, lapse, learn
from marketplace.shop.payments.services.events import store_event
from tests.builders import make_offer
from tests.conftest import AT
from tests.databases import KINDS
from tests.faults.test_judged_at_once import house, meet
from tests.faults.test_last_units import shop, together
from tests.faults.test_refund_races import faults, unheld
from tests.money import books, make_attempt, make_prepaid, offer_cards, paid
from tests.peers.teller import offer_teller

__all__ = ["house", "shop"]  # the fixtures

TOO_LATE = AT.replace(hour=AT.hour + 1)
TAKEN = "marketplace.shop.payments.services.outcomes._taken"
HOLD = "marketplace.shop.payments.services.outcomes.hold"
BOTH = [(kind, guard) for kind in KINDS for guard in ("whole", "unasked")]
QUEUED = [(kind, "whole") for kind in KINDS] + [("postgresql", "unheld")]


def by_card(app: Flask) -> tuple[Payment, Attempt]:
    offer_cards(app)
    payment = make_prepaid((make_offer(at=AT), 1), at=AT)
    return payment, make_attempt(payment, at=AT)


def stands(payment: Payment) -> tuple[str, int, list[str]]:
    """State, captured in whole amounts, why what went back."""
    found = payment_of(payment.number)
    times = found.captured.amount // found.amount.amount
    return found.state.value, times, [refund.reason.value for refund in found.refunds]


def times_booked() -> int:
    return db.session.scalar(select(func.count(Entry.id)).where(Entry.kind == "payment")) or 0


def test_64_hear_of_one_payment(shop: Flask) -> None:
    with shop.app_context():
        payment, attempt = by_card(shop)

    def hear(_n: int) -> bool:
        with transaction():
            learn(attempt_id=attempt.id, fact=paid(attempt, fee=1_000), at=AT)
        return True

    assert together(shop, hear, 64) == 64
    with shop.app_context():
        total = payment.amount.amount
        assert (stands(payment), times_booked(), faults()) == (("paid", 1, []), 1, set())
        assert books() == {"buyers": total, "provider:stripe": total - 1_000, "provider_fees": 1_000}


@pytest.mark.parametrize(("kind", "guard"), BOTH)
def test_the_webhook_and_the_buyers_return_at_once(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """Both have asked the provider and heard that it is paid before either writes it down.

    The twin, which does not look whether it is known, takes it for a second payment and gives it back.
    """
    monkeypatch.setattr(limiter, "enabled", False)
    with house.app_context():
        teller = offer_teller(house, AT)
        payment = make_prepaid((make_offer(at=AT), 1), at=AT)
        number = payment.number
        attempt = pay(number, AT)
        teller.pay(attempt.reference or "")
        notice = teller.verify_webhook(teller.letters[-1].body, teller.letters[-1].headers)
        assert notice is not None
        with transaction():
            store_event(provider="teller", notice=notice, body="", at=AT)
        event = db.session.scalars(select(ProviderEvent.id)).one()
        page = f"/orders/{number}/paid?key={order_key(number)}"
    if guard == "unasked":
        monkeypatch.setattr(TAKEN, lambda _attempt: False)
    heard = threading.Barrier(2)
    answers: list[int] = []

    def meets(when: str, call: str) -> None:
        if (when, call) == ("after", "fetch"):
            heard.wait(20)

    teller.meets = meets

    def worker() -> None:
        with house.app_context():
            handle_event({"id": event, "subject": "attempt"}, AT)

    def buyer() -> None:
        answers.append(house.test_client().get(page).status_code)

    both = [threading.Thread(target=each) for each in (worker, buyer)]
    with travel(AT):
        for each in both:
            each.start()
        for each in both:
            each.join(30)
    with house.app_context():
        assert (answers, times_booked()) == ([302], 1), "the ledger takes the event once in either case"
        if guard == "whole":
            assert (stands(payment), faults()) == (("paid", 1, []), set())
        else:
            assert stands(payment) == ("paid", 2, ["double"])
            assert {"captured_differs", "charged_twice"} & faults()


def lapses(payment: Payment) -> Callable[[], object]:
    return lambda: lapse(payment_id=payment.id, at=TOO_LATE)


def hears(attempt: Attempt) -> Callable[[], object]:
    return lambda: learn(attempt_id=attempt.id, fact=paid(attempt), at=TOO_LATE)


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_paid_while_time_runs_out(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """What was paid stays sold; the twin, which did not wait, puts the goods on sale and keeps the money."""
    with house.app_context():
        payment, attempt = by_card(house)
    if guard == "unheld":
        monkeypatch.setattr(HOLD, unheld)
    came = meet(house, hears(attempt), lapses(payment))
    with house.app_context():
        if guard == "whole":
            assert (came, stands(payment), faults()) == ("done", ("paid", 1, []), set())
        else:
            assert (came, stands(payment)) == ("done", ("lapsed", 1, []))
            assert "paid_unsaid" in faults()


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_time_runs_out_while_it_is_paid(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """What came too late goes back; the twin, which did not wait, calls an order paid whose goods are on sale."""
    with house.app_context():
        payment, attempt = by_card(house)
    if guard == "unheld":
        monkeypatch.setattr(HOLD, unheld)
    came = meet(house, lapses(payment), hears(attempt))
    with house.app_context():
        if guard == "whole":
            assert (came, stands(payment), faults()) == ("done", ("lapsed", 1, ["late"]), set())
        else:
            assert (came, stands(payment)) == ("done", ("paid", 1, []))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", ["the card", "the change"])
def test_paid_by_card_while_the_buyer_turns_to_cash(house: Flask, kind: str, first: str) -> None:
    """Whoever is first: an order is paid for once."""
    with house.app_context():
        payment, attempt = by_card(house)

    def changes() -> object:
        cash = PaymentMethod.CASH_ON_DELIVERY
        return change_method(payment_id=payment.id, method=cash, by=GUEST, at=AT)

    both = (hears(attempt), changes) if first == "the card" else (changes, hears(attempt))
    came = meet(house, *both)
    with house.app_context():
        if first == "the card":
            assert (came, stands(payment)) == ("409 nothing_to_pay", ("paid", 1, []))
        else:
            assert (came, stands(payment)) == ("done", ("at_the_door", 1, [RefundReason.LATE.value]))
        assert faults() == set()
