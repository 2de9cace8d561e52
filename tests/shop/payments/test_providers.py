"""One contract over every provider of payment: what each call answers, and how it says no.

A provider of which a machine of ours can ask (Stripe by its peer, the teller of the state machine) is held to all of
it; ways by hand, of which people say what happened, to what the protocol promises of them.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from marketplace.platform.core.money import Money
from marketplace.shop.payments.providers.cash import CashOnDelivery
from marketplace.shop.payments.providers.interface import (
    Asked,
    BadNotice,
    Provider,
    ProviderDown,
    ProviderRefused,
    RefundStanding,
    Standing,
)
from marketplace.shop.payments.providers.stripe_cards import StripeCards
from marketplace.shop.payments.providers.transfer import BankTransfer
from tests.conftest import AT
from tests.money import ACCOUNT, NOWHERE
from tests.peers.stripe.receiving import Received, receiver
from tests.peers.stripe.running import Refused, StripePeer
from tests.peers.teller import Teller, down

BY_HAND, MACHINES = ("cash", "transfer"), ("stripe", "teller")
PRICE, LONG_AGO = Money(150_000), datetime(2020, 1, 1, tzinfo=UTC)
ENDED = {Standing.EXPIRED, Standing.CANCELLED}
Letter = tuple[bytes, dict[str, str]]


def nobody_can(_reference: str) -> None:
    """No machine is paid."""


@dataclass
class Way:
    """A provider, and what its own side does and says: a buyer pays a page, letters that it sent, sums given back."""

    provider: Provider
    pay: Callable[[str], object] = nobody_can
    letters: Callable[[], list[Letter]] = list
    given_back: Callable[[], list[int]] = list


def stripe_at(base: str, secret: str = "whsec_1", key: str = "sk_test_1") -> StripeCards:
    least, most = Money(15_000), Money(99_999_999)
    return StripeCards(secret_key=key, webhook_secret=secret, base=base, least=least, most=most, timeout=2)


def by_stripe(peer: StripePeer, slot: Received) -> Way:
    def letters() -> list[Letter]:
        peer.deliveries()
        return [(body, {"Stripe-Signature": signature}) for body, signature in slot.raw]

    return Way(
        stripe_at(peer.url, peer.webhook_secret, peer.key),
        peer.pay,
        letters,
        lambda: [refund["amount"] for refund in peer.effects().get("refund", [])],
    )


def by_teller() -> Way:
    teller = Teller(AT)
    return Way(
        teller,
        teller.pay,
        lambda: [(letter.body, letter.headers) for letter in teller.letters],
        lambda: [given.amount.amount for given in teller.refunds.values()],
    )


@pytest.fixture
def way(request: pytest.FixtureRequest, at: datetime) -> Iterator[Way]:
    """The provider that the test names."""
    named = request.param
    if named != "stripe":
        yield {"cash": lambda: Way(CashOnDelivery()), "transfer": lambda: Way(BankTransfer(ACCOUNT))}.get(
            named, by_teller
        )()
        return
    peer: StripePeer = request.getfixturevalue("peer")
    with receiver(peer.webhook_secret) as slot:
        peer.point_webhooks_at(slot.url)
        yield by_stripe(peer, slot)


every = pytest.mark.parametrize("way", BY_HAND + MACHINES, indirect=True)
machines = pytest.mark.parametrize("way", MACHINES, indirect=True)
by_hand = pytest.mark.parametrize("way", BY_HAND, indirect=True)


def asked(key: str = "pay:A:v1", **changes: Any) -> Asked:
    facts = Asked(
        key=key,
        amount=PRICE,
        order_number="2611-ABCDEF",
        note="2611ABCDEF",
        email="yen@example.com",
        language="vi",
        return_url="http://shop.test/paid",
        cancel_url="http://shop.test/pay",
        expires_at=AT + timedelta(minutes=31),
    )
    return replace(facts, **changes)


def paid(way: Way) -> tuple[str, str]:
    """An attempt that was paid: what it is called, and its charge."""
    reference = way.provider.create(asked()).reference
    way.pay(reference)
    charge = way.provider.fetch(reference).charge
    assert charge
    return reference, charge


@every
def test_created_twice_with_one_key_is_one_attempt(way: Way) -> None:
    first = way.provider.create(asked())
    assert way.provider.create(asked()) == first
    assert way.provider.create(asked("pay:A:v2")).reference != first.reference
    assert len(first.reference) <= 255


@every
def test_what_was_opened_is_open_until_somebody_pays(way: Way) -> None:
    reference = way.provider.create(asked()).reference
    fact = way.provider.fetch(reference)
    assert (fact.reference, fact.standing, fact.captured) == (reference, Standing.OPEN, Money(0))
    assert way.provider.fetch(reference) == fact, "asking changes nothing"


@machines
def test_paid_is_told_with_its_amount_and_its_charge(way: Way) -> None:
    reference = way.provider.create(asked()).reference
    way.pay(reference)
    fact = way.provider.fetch(reference)
    assert (fact.reference, fact.standing, fact.captured) == (reference, Standing.PAID, PRICE)
    assert fact.charge
    assert way.provider.fetch(reference) == fact


@machines
def test_the_same_key_with_another_amount_is_refused(way: Way) -> None:
    way.provider.create(asked())
    with pytest.raises(ProviderRefused):
        way.provider.create(asked(amount=PRICE + Money(1)))


@every
def test_cancelled_it_can_no_longer_be_paid(way: Way) -> None:
    reference = way.provider.create(asked()).reference
    assert way.provider.cancel(reference).standing in ENDED
    assert way.provider.cancel(reference).standing in ENDED, "as often as one likes"
    if way.pay is not nobody_can:
        with pytest.raises((ProviderRefused, Refused)):
            way.pay(reference)
    assert way.provider.fetch(reference).captured == Money(0)


@machines
def test_cancelling_what_was_paid_answers_that_it_is(way: Way) -> None:
    reference, charge = paid(way)
    fact = way.provider.cancel(reference)
    assert (fact.standing, fact.captured, fact.charge) == (Standing.PAID, PRICE, charge)


@every
def test_capturing_answers_the_fact_or_refuses(way: Way) -> None:
    reference = way.provider.create(asked()).reference
    with pytest.raises(ProviderRefused):
        way.provider.capture(reference, PRICE)
    way.pay(reference)
    try:
        fact = way.provider.capture(reference, PRICE)
    except ProviderRefused:
        fact = way.provider.fetch(reference)
    assert fact.captured == (PRICE if way.pay is not nobody_can else Money(0))


@machines
def test_given_back_once_with_one_key_and_never_above_what_came(way: Way) -> None:
    _, charge = paid(way)
    half = Money(100_000)
    first = way.provider.refund(key="refund:1", charge=charge, amount=half)
    assert first.standing is RefundStanding.DONE
    assert first.reference
    assert way.provider.refund(key="refund:1", charge=charge, amount=half) == first
    assert way.provider.fetch_refund(first.reference) == first
    with pytest.raises(ProviderRefused):
        way.provider.refund(key="refund:2", charge=charge, amount=half)
    with pytest.raises(ProviderRefused):
        way.provider.refund(key="refund:1", charge=charge, amount=Money(1))
    rest = way.provider.refund(key="refund:3", charge=charge, amount=PRICE - half)
    assert rest.reference != first.reference
    assert sorted(way.given_back()) == [50_000, 100_000]


@by_hand
def test_by_hand_a_person_gives_back(way: Way) -> None:
    fact = way.provider.refund(key="refund:1", charge="x", amount=PRICE)
    assert fact.standing is RefundStanding.BY_HAND
    assert way.provider.fetch_refund("x").standing is RefundStanding.BY_HAND


FOREIGN: list[Letter] = [
    (b"", {}),
    (b"{}", {"Stripe-Signature": "t=1,v1=00", "Teller-Signature": "00"}),
    (b"\xff\x00", {"Stripe-Signature": "x", "Teller-Signature": "\xff"}),
    (b'{"id": "ev_1", "kind": "x", "subject": "attempt", "reference": "x"}', {"Authorization": "Apikey x"}),
]


@every
def test_what_is_not_its_own_is_no_notice(way: Way) -> None:
    for body, headers in FOREIGN:
        with pytest.raises(BadNotice):
            way.provider.verify_webhook(body, headers)


@machines
def test_its_own_letters_say_where_to_look_and_altered_ones_nothing(way: Way) -> None:
    reference, charge = paid(way)
    refund = way.provider.refund(key="refund:1", charge=charge, amount=PRICE)
    notices = [way.provider.verify_webhook(body, headers) for body, headers in way.letters()]
    about = {(notice.subject, notice.reference) for notice in notices if notice is not None}
    assert ("attempt", reference) in about
    assert about <= {("attempt", reference), ("refund", str(refund.reference))}
    body, headers = way.letters()[0]
    for altered in (body + b" ", body.replace(b"{", b"[", 1), b""):
        with pytest.raises(BadNotice):
            way.provider.verify_webhook(altered, headers)


@every
def test_books_are_listed_from_an_instant_oldest_first(way: Way) -> None:
    if way.pay is nobody_can:
        assert list(way.provider.list_settlements(LONG_AGO)) == []
        return
    _, charge = paid(way)
    way.provider.refund(key="refund:1", charge=charge, amount=Money(50_000))
    lines = list(way.provider.list_settlements(LONG_AGO))
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert sorted(line.amount.amount for line in lines) == [-50_000, 150_000]
    assert all(line.net == line.amount - line.fee for line in lines)
    assert list(way.provider.list_settlements(AT + timedelta(days=1))) == []


CALLS: list[tuple[str, Callable[[Provider], object]]] = [
    ("create", lambda way: way.create(asked(key="x" * 400, amount=Money(-1), email="no", expires_at=LONG_AGO))),
    ("fetch", lambda way: way.fetch("nothing/../of that name?")),
    ("capture", lambda way: way.capture("nothing", Money(-1))),
    ("cancel", lambda way: way.cancel("nothing")),
    ("refund", lambda way: way.refund(key="k", charge="nothing", amount=Money(-1))),
    ("fetch_refund", lambda way: way.fetch_refund("nothing")),
    ("fetch_dispute", lambda way: way.fetch_dispute("nothing")),
    ("list_settlements", lambda way: list(way.list_settlements(LONG_AGO))),
]
NAMES = [name for name, _ in CALLS]


@pytest.mark.parametrize("name", NAMES)
@every
def test_nonsense_is_refused_in_the_protocols_words(way: Way, name: str) -> None:
    call = dict(CALLS)[name]
    if name == "list_settlements" or (way.pay is nobody_can and name not in ("capture", "fetch_dispute")):
        call(way.provider)
        return
    with pytest.raises(ProviderRefused):
        call(way.provider)


@contextmanager
def gibberish(status: int) -> Iterator[str]:
    """Something on the way that answers every call with a page of its own."""

    class Page(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(status)
            self.send_header("Content-Length", "11")
            self.end_headers()
            self.wfile.write(b"<p>Busy</p>")

        do_GET = do_POST = answer  # noqa: N815  # the base class asks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


GOOD: list[tuple[str, Callable[[Provider], object]]] = [("create", lambda way: way.create(asked())), *CALLS[1:]]


@pytest.mark.parametrize("name", NAMES)
def test_who_does_not_answer_is_down(name: str) -> None:
    call = dict(GOOD)[name]
    teller = Teller(AT, meets=down)
    for provider in (teller, stripe_at(NOWHERE)):
        with pytest.raises(ProviderDown):
            call(provider)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 404, 409, 429, 500, 502, 503])
def test_what_tells_nothing_of_the_outcome_is_no_refusal(status: int) -> None:
    """A page of something in between, a key that was taken away: whoever took it for a no would pay back twice."""
    with gibberish(status) as url:
        provider = stripe_at(url)
        for name, call in GOOD:
            with pytest.raises(ProviderDown):
                pytest.fail(f"{name} answered {call(provider)}")
            provider.breaker.worked()
