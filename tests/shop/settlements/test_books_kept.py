"""The provider's books over HTTP with a peer of Stripe: kept once, fees booked once, payouts found at the bank."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.shop.bank.models import TransferState
from marketplace.shop.bank.queries import get_transfer
from marketplace.shop.bank.services import NotLeft, assign
from marketplace.shop.books.queries import verify
from marketplace.shop.ledger.models import Entry
from marketplace.shop.ledger.services import BookedOtherwise
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.jobs import watch_payments
from marketplace.shop.payments.models import DisputeState, Payment, RefundReason
from marketplace.shop.payments.paying import ask_again, pay, send_refund
from marketplace.shop.payments.providers.interface import LineKind, ProviderDown, Settlement
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.queries import list_disputes, payment_of
from marketplace.shop.payments.services import ask_refund, learn
from marketplace.shop.reconciliation.queries import known, list_cases, list_open
from marketplace.shop.reconciliation.rows import Bucket
from marketplace.shop.settlements.jobs import fetch_settlements, watch_settlements
from marketplace.shop.settlements.models import Arrival, ProviderLine
from marketplace.shop.settlements.services import ArrivedBefore, ask_fetch, keep_lines, payout_arrived
from tests.builders import BY, make_offer, make_user
from tests.money import books, make_attempt, make_prepaid, make_transfer, offer_cards, offer_transfers, order_of, paid
from tests.peers.stripe.running import StripePeer

CLERK = system("test")


class Sold(NamedTuple):
    """What was paid by card and what became of it."""

    kept: Payment
    returned: Payment
    contested: Payment


def bought(peer: StripePeer, at: datetime, *, card: str = "4242 4242 4242 4242", price: int = 400_000) -> Payment:
    payment = make_prepaid((make_offer(at=at, price=price), 1), at=at)
    attempt = pay(payment.number, at)
    peer.pay(attempt.reference or "", card=card)
    ask_again(attempt.id, at)
    return payment_of(payment.number)


def give_back(payment: Payment, amount: int, at: datetime) -> None:
    with transaction():
        asked = ask_refund(
            payment=payment_of(payment.number),
            amount=Money(amount),
            reason=RefundReason.GOODWILL,
            key="hand:1",
            by=CLERK,
            at=at,
        )
    send_refund(asked.code, at)


def trade(peer: StripePeer, at: datetime) -> Sold:
    """Three orders by card: one kept, one partly given back, one disputed of which no webhook told."""
    kept, returned = bought(peer, at), bought(peer, at)
    give_back(returned, 150_000, at)
    return Sold(kept, returned, bought(peer, at, card="4000 0000 0000 0259"))


def lines() -> dict[str, list[ProviderLine]]:
    found: dict[str, list[ProviderLine]] = {}
    for line in db.session.scalars(select(ProviderLine).order_by(ProviderLine.id)):
        found.setdefault(line.kind.value, []).append(line)
    return found


def fetch(at: datetime) -> None:
    fetch_settlements({}, at)


def look(at: datetime) -> None:
    """What the worker does while nobody answers at the provider: the statement is looked at all the same."""
    with pytest.raises(ProviderDown):
        fetch(at)


def buckets(at: datetime) -> dict[str, list[str]]:
    """What is open: kinds of the first rows by bucket."""
    found: dict[str, list[str]] = {}
    for case in list_open(at.date()):
        found.setdefault(case.bucket.value, []).append(case.rows[0].kind.value)
    return {bucket: sorted(kinds) for bucket, kinds in found.items()}


def test_a_payout_with_charges_a_refund_and_a_dispute(
    app: Flask, at: datetime, cards: StripeCards, peer: StripePeer
) -> None:
    sold = trade(peer, at)
    contested = sold.contested.amount.amount
    before = books()
    fetch(at)
    kept = lines()
    assert {kind: len(rows) for kind, rows in kept.items()} == {"charge": 3, "refund": 1, "dispute": 1}
    assert [(d.state, d.amount.amount) for d in list_disputes()] == [(DisputeState.OPEN, contested)]
    dispute = kept["dispute"][0]
    assert (dispute.presentment, dispute.fee) == (Money(-contested), 390_000)
    after = books()
    assert after["disputes"] == contested
    assert after["provider_fees"] == before["provider_fees"] + 390_000, "charges' fees were known: not once more"
    assert after["provider:stripe"] == sum(line.net for rows in kept.values() for line in rows)
    assert buckets(at) == {"on_the_way": ["charge", "charge", "charge", "dispute", "refund"]}

    payout = peer.pay_out()
    fetch(at + timedelta(hours=1))
    kept = lines()
    assert {line.payout for rows in kept.values() for line in rows} == {payout["id"]}
    (own,) = kept["payout"]
    assert (own.net, own.currency, own.arrives_on) == (-payout["amount"], "VND", at.date())
    assert books() == after, "it is on its way"
    assert buckets(at)["on_the_way"] == ["charge", "charge", "charge", "dispute", "payout", "refund"]

    came = make_transfer("STRIPE PAYOUT", payout["amount"], at=at + timedelta(days=2))
    assert came.state is TransferState.UNKNOWN
    fetch(at + timedelta(days=3))
    assert get_transfer(came.code).state is TransferState.RESOLVED
    assert [piece.settles for piece in get_transfer(came.code).allocations] == [payout["id"]]
    left = {code: amount for code, amount in after.items() if code != "provider:stripe"}
    assert books() == left | {"bank": payout["amount"]}
    assert buckets(at + timedelta(days=3)) == {}
    assert [(f.where, f.what) for each in verify(at=at) if each.code != "I6" for f in each.faults] == []
    reach = known(at.date())
    cases = list_cases(at.date() - timedelta(days=30), at.date() + timedelta(days=30), known=reach)
    assert {case.bucket for case in cases} == {Bucket.MATCHED}
    assert sum(len(case.rows) for case in cases) == 5 * 2 + 2


def test_what_arrived_is_in_the_ledger_or_the_check_of_the_books_says_so(
    app: Flask, at: datetime, on_its_way: str
) -> None:
    code = make_transfer("STRIPE", 90_000, at=at).code
    with transaction():
        payout_arrived(payout=on_its_way, code=code, by=CLERK, at=at)
    assert missing(at) == []
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.execute(update(ProviderLine).where(ProviderLine.source == "po_1").values(source="po_2"))
        assert missing(at) == ["arrived:stripe:po_2"]
        raise ZeroDivisionError


def missing(at: datetime) -> list[str]:
    """Effects that should be in the ledger and are not."""
    return [f.where for each in verify(at=at) for f in each.faults if f.what == "effect_missing"]


def test_read_twice_is_once(app: Flask, at: datetime, cards: StripeCards, peer: StripePeer) -> None:
    trade(peer, at)
    payout = peer.pay_out()
    make_transfer("STRIPE PAYOUT", payout["amount"], at=at)
    for hours in range(3):
        fetch(at + timedelta(hours=hours))
    stood = books()
    entries = db.session.scalar(select(func.count(Entry.id)))
    fetch(at + timedelta(hours=4))
    assert books() == stood
    assert db.session.scalar(select(func.count(Entry.id))) == entries
    assert db.session.scalar(select(func.count(ProviderLine.id))) == 6
    assert db.session.scalar(select(func.count(Arrival.id))) == 1
    noted = select(func.count(AuditEntry.id)).where(AuditEntry.action == "settlement.kept")
    assert db.session.scalar(noted) == 1


def test_books_in_dollars_end_with_what_the_bank_credited(app: Flask, at: datetime, dollars: StripePeer) -> None:
    offer_cards(app, base=dollars.url, key=dollars.key, secret=dollars.webhook_secret)
    sold = trade(dollars, at)
    asked = sold.kept.amount.amount + sold.returned.amount.amount - 150_000
    assert books()["provider:stripe"] == asked + sold.contested.amount.amount, "cents were never taken for dong"
    fetch(at)
    assert "provider_fees" not in books()
    payout = dollars.pay_out()
    fetch(at)
    charge = next(line for line in lines()["charge"] if line.source == sold.kept.attempts[0].charge)
    assert (charge.presentment, charge.currency) == (sold.kept.amount, "USD")
    assert charge.amount == round(sold.kept.amount.amount * 100 / 26_000)
    fees = sum(line.fee for rows in lines().values() for line in rows)

    credited = 777_777
    make_transfer("STRIPE", credited, at=at + timedelta(days=1))
    fetch(at + timedelta(days=2))
    fee = round(fees * credited / payout["amount"])
    assert books() == {
        "bank": credited,
        "buyers": asked + sold.contested.amount.amount,
        "disputes": sold.contested.amount.amount,
        "provider_fees": fee,
        "exchange": asked - credited - fee,
    }
    assert buckets(at + timedelta(days=2)) == {}


def test_a_dollar_payout_in_doubt_waits_for_a_person(app: Flask, at: datetime, dollars: StripePeer) -> None:
    offer_cards(app, base=dollars.url, key=dollars.key, secret=dollars.webhook_secret)
    bought(dollars, at)
    payout = dollars.pay_out()
    codes = [make_transfer("STRIPE", amount, at=at).code for amount in (300_000, 900_000)]
    fetch(at)
    assert books()["unmatched"] == 1_200_000, "either could be it"
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    with transaction():
        payout_arrived(payout=payout["id"], code=codes[1], by=officer, at=at)
    assert (books()["unmatched"], books()["bank"]) == (300_000, 1_200_000)
    assert books()["exchange"] < 0, "more dong than buyers were asked for"
    assert "provider:stripe" not in books()


@pytest.fixture
def on_its_way(app: Flask, at: datetime) -> str:
    """A charge of 100.000 that was paid out less a fee of 10.000, kept without any provider to ask."""
    offer_cards(app)
    attempt = make_attempt(make_prepaid((make_offer(at=at, price=100_000), 1), at=at), at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt, amount=Money(100_000), charge="ch_1"), at=at)
    keep(
        at, told("txn_1", LineKind.CHARGE, "ch_1", 100_000, fee=10_000), told("txn_2", LineKind.PAYOUT, "po_1", -90_000)
    )
    return "po_1"


def told(
    name: str, kind: LineKind, source: str, amount: int, *, fee: int = 0, payout: str | None = "po_1", at: str = ""
) -> Settlement:
    when = datetime.fromisoformat(at or "2026-11-23T05:00:00+00:00")
    own = kind in (LineKind.PAYOUT, LineKind.PAYOUT_FAILED)
    return Settlement(
        reference=name,
        kind=kind,
        source=source,
        presentment=None if own else Money(amount),
        amount=Money(amount),
        fee=Money(fee),
        payout=payout,
        at=when,
        arrives_on=when.date() if own else None,
    )


def keep(at: datetime, *told: Settlement) -> int:
    with transaction():
        return keep_lines(provider="stripe", lines=told, at=at)


def test_a_fee_that_was_not_known_is_booked_once_the_charge_is(app: Flask, at: datetime, on_its_way: str) -> None:
    assert books()["provider_fees"] == 10_000
    keep(at, told("txn_5", LineKind.CHARGE, "ch_2", 50_000, fee=5_000, payout=None))
    assert books()["provider_fees"] == 10_000, "nobody knows this charge"
    attempt = make_attempt(make_prepaid((make_offer(at=at), 1), at=at), at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt, charge="ch_2"), at=at)
    keep(at, told("txn_5", LineKind.CHARGE, "ch_2", 50_000, fee=5_000, payout=None))
    assert books()["provider_fees"] == 15_000


def test_a_fee_booked_otherwise_is_not_booked_again_and_is_told(app: Flask, at: datetime) -> None:
    offer_cards(app)
    attempt = make_attempt(make_prepaid((make_offer(at=at), 1), at=at), at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt, fee=4_000, charge="ch_1"), at=at)
    keep(at, told("txn_1", LineKind.CHARGE, "ch_1", attempt.amount.amount, fee=5_000, payout=None))
    assert books()["provider_fees"] == 4_000
    assert buckets(at) == {"fee_differs": ["charge"]}
    with pytest.raises(BookedOtherwise), transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt, fee=5_000, charge="ch_1"), at=at)


def test_lines_of_no_order_are_booked_so_that_the_books_agree(app: Flask, at: datetime) -> None:
    keep(
        at,
        told("txn_1", LineKind.FEE, "", -7_000, payout=None),
        told("txn_2", LineKind.REFUND, "re_1", -10_000, fee=500, payout=None),
        told("txn_3", LineKind.OTHER, "", 3_000, payout=None),
        told("txn_4", LineKind.OTHER, "", -1_000, payout=None),
        told("txn_5", LineKind.DISPUTE, "du_1", -9_000, fee=400, payout=None),
        told("txn_6", LineKind.CHARGE, "ch_1", 9_000, payout=None),
    )
    assert books() == {"provider_fees": 7_500, "unmatched": 2_000, "provider:stripe": -5_500}
    assert buckets(at)["missing_here"] == ["other", "other"]
    assert keep(at, told("txn_1", LineKind.FEE, "", -7_000, payout=None)) == 0
    assert keep(at) == 0


def test_the_bank_kept_some_and_a_person_says_so(app: Flask, at: datetime, on_its_way: str) -> None:
    less = make_transfer("STRIPE", 80_000, at=at).code
    more = make_transfer("STRIPE", 90_001, at=at).code
    look(at)
    assert books()["unmatched"] == 170_001, "amounts differ: nothing by itself"
    officer, stranger = make_user(Role.ADMIN, at=at).actor(), make_user(Role.COMMUNE_OFFICER, at=at).actor()
    stood = books()
    for code, by, payout, refusal in (
        (less, stranger, on_its_way, Forbidden),
        (less, officer, "po_x", NotFound),
        (more, officer, on_its_way, Invalid),
        ("CKNONE", officer, on_its_way, Invalid),
    ):
        with pytest.raises(refusal), transaction():
            payout_arrived(payout=payout, code=code, by=by, at=at)
    assert books() == stood
    with transaction():
        payout_arrived(payout=on_its_way, code=f" {less} ", by=officer, at=at)
    assert books() == {"bank": 170_001, "unmatched": 90_001, "buyers": 100_000, "provider_fees": 20_000}
    with pytest.raises(ArrivedBefore), transaction():
        payout_arrived(payout=on_its_way, code=more, by=officer, at=at)
    assert buckets(at) == {"amount_differs": ["payout"], "on_the_way": ["transfer"]}


def test_a_transfer_that_somebody_decided_on_is_no_payout(app: Flask, at: datetime, on_its_way: str) -> None:
    offer_transfers(app)
    order = order_of(make_prepaid((make_offer(at=at), 1), at=at, method=PaymentMethod.BANK_TRANSFER))
    code = make_transfer("STRIPE", 90_000, at=at).code
    with transaction():
        assign(code=code, number=order.number, amount=Money(1_000), by=BY, at=at)
    look(at)
    with pytest.raises(NotLeft), transaction():
        payout_arrived(payout=on_its_way, code=code, by=CLERK, at=at)
    assert db.session.scalar(select(func.count(Arrival.id))) == 0


def test_what_failed_is_paid_out_again_with_the_next(app: Flask, at: datetime, on_its_way: str) -> None:
    keep(
        at,
        told("txn_7", LineKind.PAYOUT_FAILED, "po_1", 90_000, payout="po_2"),
        told("txn_8", LineKind.FEE, "", -1_000, payout="po_2"),
        told("txn_9", LineKind.PAYOUT, "po_2", -89_000, payout="po_2"),
    )
    make_transfer("STRIPE", 90_000, at=at)
    make_transfer("STRIPE", 89_000, at=at)
    look(at)
    assert books() == {"bank": 179_000, "unmatched": 90_000, "buyers": 100_000, "provider_fees": 11_000}
    assert buckets(at) == {"on_the_way": ["transfer"]}, "young, and called Stripe: its books may tell tomorrow"


def test_a_dispute_won_of_which_no_webhook_told(app: Flask, at: datetime, cards: StripeCards, peer: StripePeer) -> None:
    bought(peer, at, card="4000 0000 0000 0259")
    fetch(at)
    peer.close_dispute(peer.effects()["dispute"][0]["id"], won=True)
    fetch(at)
    assert [dispute.state for dispute in list_disputes()] == [DisputeState.WON]
    assert "disputes" not in books()
    assert buckets(at) == {"on_the_way": ["charge", "dispute", "dispute_won"]}


def test_a_cancelled_order_and_its_refund_match(app: Flask, at: datetime, cards: StripeCards, peer: StripePeer) -> None:
    payment = bought(peer, at)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    for _ in range(2):
        watch_payments(at + timedelta(minutes=3))
    for refund in payment_of(payment.number).refunds:
        send_refund(refund.code, at)
    fetch(at)
    assert buckets(at) == {"on_the_way": ["charge", "refund"]}


@pytest.mark.parametrize("fault", ["unavailable", "reset_before"])
def test_a_provider_that_is_down_is_asked_again_and_the_rest_is_done(
    app: Flask, at: datetime, cards: StripeCards, peer: StripePeer, on_its_way: str, fault: str
) -> None:
    offer_cards(app, base=peer.url, key=peer.key, secret=peer.webhook_secret)
    make_transfer("STRIPE", 90_000, at=at)
    peer.fault(fault, path="/v1/balance_transactions")
    with pytest.raises(ProviderDown):
        fetch(at)
    assert db.session.scalar(select(func.count(Arrival.id))) == 1


def test_the_night_asks_once_and_an_officer_when_they_like(app: Flask, at: datetime) -> None:
    early = datetime.fromisoformat("2026-11-24T00:30+07:00")
    night = datetime.fromisoformat("2026-11-24T01:00+07:00")
    assert [watch_settlements(when) for when in (early, night, night + timedelta(hours=3))] == [0, 1, 0]
    buyer = make_user(Role.BUYER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        ask_fetch(by=buyer, at=at)
    for _ in range(2):
        with transaction():
            ask_fetch(by=BY, at=at)
    asked = select(func.count(Job.id)).where(Job.name == "settlements.fetch")
    assert db.session.scalar(asked) == 2
