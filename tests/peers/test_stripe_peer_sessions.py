"""Checkout Sessions of the peer: limits, cards, the hosted page, expiry."""

import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message
from typing import Any

import pytest
import stripe

from tests.peers.selling import open_session
from tests.peers.stripe.running import Refused, StripePeer

PAID = "http://shop.test/paid?session="


class Staying(urllib.request.HTTPRedirectHandler):
    """Shows redirects instead of following them to shops that do not exist."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """No."""


def visit(url: str, form: dict[str, str] | None = None, lang: str = "vi") -> tuple[int, str, Message]:
    """A browser without JavaScript: status, text, headers."""
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    request = urllib.request.Request(url, data, {"Accept-Language": lang})
    try:
        answer = urllib.request.build_opener(Staying).open(request, timeout=10)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.read().decode(), answer.headers


def card(number: str) -> dict[str, str]:
    return {"number": number, "expiry": "12 / 34", "cvc": "123", "pay": ""}


def test_a_session_is_open_and_holds_what_was_asked(client: stripe.StripeClient, peer: StripePeer) -> None:
    session = open_session(
        client,
        client_reference_id="DH-7",
        metadata={"order": "DH-7"},
        payment_intent_data={"metadata": {"attempt": "3"}},
        customer_email="an@example.com",
        expand=["line_items"],
    )
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert (session.amount_total, session.currency, session.client_reference_id) == (150_000, "vnd", "DH-7")
    assert session.url == f"{peer.url}/c/pay/{session.id}"
    assert session.expires_at - session.created == 24 * 3600
    assert session.line_items is not None
    assert [(line.description, line.amount_total) for line in session.line_items.data] == [("Mật ong rừng", 150_000)]
    again = client.v1.checkout.sessions.retrieve(session.id)
    assert {**again.to_dict(), "line_items": session.line_items.to_dict()} == session.to_dict()
    assert not hasattr(again, "line_items"), "comes only when asked for"
    lines = client.v1.checkout.sessions.line_items.list(session.id)
    assert [line.quantity for line in lines.data] == [1]


def test_a_session_lives_from_half_an_hour_to_a_day(client: stripe.StripeClient) -> None:
    now = int(time.time())
    for wrong in (now + 60, now + 25 * 3600):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            open_session(client, expires_at=wrong)
        assert refused.value.param == "expires_at"
    assert open_session(client, expires_at=now + 1800).expires_at == now + 1800
    assert len(client.v1.checkout.sessions.list().data) == 1


@pytest.mark.parametrize(("amount", "code"), [(12_999, "amount_too_small"), (100_000_000, "amount_too_large")])
def test_an_amount_outside_the_limits_makes_nothing(client: stripe.StripeClient, amount: int, code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        open_session(client, amount=amount)
    assert refused.value.code == code
    assert client.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize("amount", [13_000, 99_999_999])
def test_the_limits_themselves_are_admitted(client: stripe.StripeClient, amount: int) -> None:
    assert open_session(client, amount=amount).amount_total == amount


def test_parameters_are_checked_as_stripe_does(client: stripe.StripeClient) -> None:
    for wrong, code, param in (
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"line_items": [{"price_data": {"currency": "vnd", "colour": "red"}}]}, "parameter_unknown", None),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"expires_at": "soon"}, "parameter_invalid_integer", "expires_at"),
        ({"client_reference_id": ""}, "parameter_invalid_empty", "client_reference_id"),
        ({"mode": "subscription"}, None, "mode"),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            open_session(client, **wrong)
        assert (refused.value.http_status, refused.value.code) == (400, code)
        assert refused.value.param == (param or "line_items[0][price_data][colour]")
    assert client.v1.checkout.sessions.list().data == []


def test_the_page_pays(client: stripe.StripeClient) -> None:
    session = open_session(client, payment_intent_data={"metadata": {"attempt": "3"}})
    assert session.url
    status, page, _ = visit(session.url)
    assert status == 200
    assert '<html lang="vi">' in page
    assert '<output id="amount">150.000\N{NO-BREAK SPACE}₫</output>' in page
    assert '<label for="number">Số thẻ</label>' in page
    assert "4242 4242 4242 4242" in page
    status, _, headers = visit(session.url, card("4242 4242 4242 4242"))
    assert (status, headers["Location"]) == (303, PAID + session.id)
    done = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert isinstance(done.payment_intent, stripe.PaymentIntent)
    assert done.payment_intent.metadata.to_dict() == {"attempt": "3"}
    assert (done.payment_intent.status, done.payment_intent.amount_received) == ("succeeded", 150_000)
    assert isinstance(done.payment_intent.latest_charge, stripe.Charge)
    assert done.payment_intent.latest_charge.captured


def test_the_page_speaks_english_and_escapes(client: stripe.StripeClient) -> None:
    price = {"currency": "vnd", "unit_amount": 150_000, "product_data": {"name": "<b>Tea</b>"}}
    session = open_session(client, line_items=[{"price_data": price, "quantity": 2}], locale="en")
    assert session.url
    _, page, _ = visit(session.url)
    assert "Card number" in page
    assert "2 × &lt;b&gt;Tea&lt;/b&gt;: ₫300,000" in page


def test_the_buyer_may_read_the_page_in_the_other_language(client: stripe.StripeClient) -> None:
    session = open_session(client, locale="vi")
    assert session.url
    _, page, _ = visit(session.url)
    assert '<a href="?lang=en" lang="en" hreflang="en">English</a>' in page
    _, page, _ = visit(f"{session.url}?lang=en")
    assert "Card number" in page
    _, page, _ = visit(session.url)
    assert "Card number" in page, "and it stays so"
    _, page, _ = visit(f"{session.url}?lang=vi")
    assert "Số thẻ" in page


def test_paying_twice_takes_once(client: stripe.StripeClient, peer: StripePeer) -> None:
    session = open_session(client)
    assert session.url
    for _ in range(2):
        status, _, headers = visit(session.url, card("4242424242424242"))
        assert (status, headers["Location"]) == (303, PAID + session.id)
    _, page, _ = visit(session.url)
    assert "Đã trả rồi." in page
    assert len(peer.effects()["charge"]) == 1


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("4000 0000 0000 0002", "generic_decline", "Thẻ bị từ chối"),
        ("4000 0000 0000 9995", "insufficient_funds", "Thẻ không đủ tiền"),
    ],
)
def test_a_declined_card_leaves_the_session_open(
    client: stripe.StripeClient, peer: StripePeer, number: str, code: str, said: str
) -> None:
    session = open_session(client)
    assert session.url
    status, page, _ = visit(session.url, card(number))
    assert (status, 'role="alert"' in page, said in page) == (402, True, True)
    tried = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (tried.status, tried.payment_status) == ("open", "unpaid")
    assert isinstance(tried.payment_intent, stripe.PaymentIntent)
    assert tried.payment_intent.last_payment_error
    assert (tried.payment_intent.status, tried.payment_intent.last_payment_error.decline_code) == (
        "requires_payment_method",
        code,
    )
    assert visit(session.url, card("4242424242424242"))[0] == 303
    charges = peer.effects()["charge"]
    assert [charge["status"] for charge in charges] == ["failed", "succeeded"]
    assert len({charge["payment_intent"] for charge in charges}) == 1, "one intent for all tries"


@pytest.mark.parametrize("number", ["4242424242424241", "4111111111111111", "", "４２４２"])
def test_other_numbers_do_nothing(client: stripe.StripeClient, peer: StripePeer, number: str) -> None:
    session = open_session(client)
    assert session.url
    assert visit(session.url, card(number))[0] == 402
    assert peer.effects()["payment_intent"] == []


def test_3d_secure_is_a_second_page(client: stripe.StripeClient) -> None:
    session = open_session(client)
    assert session.url
    for answer in ("fail", "complete"):
        status, _, headers = visit(session.url, card("4000 0025 0000 3155"))
        assert (status, "/c/3ds/pi_" in headers["Location"]) == (303, True)
        assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
        assert "Xác thực 3-D Secure" in visit(headers["Location"])[1]
        status, page, headers = visit(headers["Location"], {answer: ""})
        if answer == "fail":
            assert (status, "Chưa xác thực được thẻ" in page) == (402, True)
        else:
            assert (status, headers["Location"]) == (303, PAID + session.id)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_cancelling_goes_back_and_leaves_it_open(client: stripe.StripeClient) -> None:
    session = open_session(client)
    assert session.url
    status, _, headers = visit(session.url, {"number": "", "cancel": ""})
    assert (status, headers["Location"]) == (303, "http://shop.test/cart")
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_session_expires_when_told(client: stripe.StripeClient, peer: StripePeer) -> None:
    session = open_session(client)
    with pytest.raises(Refused):
        peer.pay(session.id, card="4000000000000002")
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert [intent["status"] for intent in peer.effects()["payment_intent"]] == ["canceled"]
    assert session.url
    status, page, _ = visit(session.url, card("4242424242424242"))
    assert (status, "đã hết hạn" in page) == (410, True)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)
    with pytest.raises(Refused) as refused:
        peer.pay(session.id)
    assert refused.value.status == 400
    assert [charge["status"] for charge in peer.effects()["charge"]] == ["failed"]


def test_a_session_expires_by_the_clock(client: stripe.StripeClient, peer: StripePeer) -> None:
    session = open_session(client, expires_at=int(time.time()) + 1800)
    peer.clock(ahead=1700)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    peer.clock(ahead=200)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"
    assert [event.type for event in client.v1.events.list().data] == ["checkout.session.expired"]


def test_a_slow_bank_completes_the_session_unpaid(client: stripe.StripeClient, peer: StripePeer) -> None:
    peer.settings(cards_wait=True)
    session = open_session(client)
    intent = peer.pay(session.id)["payment_intent"]
    waiting = client.v1.checkout.sessions.retrieve(session.id)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert client.v1.payment_intents.retrieve(intent).status == "processing"
    peer.finish_payment(intent, passed=True)
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    types = [event.type for event in client.v1.events.list().data]
    assert types[0] == "checkout.session.async_payment_succeeded"
