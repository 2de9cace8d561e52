"""The balance of the peer: fees, refunds, disputes, payouts, and lists in pages."""

import pytest
import stripe

from tests.peers.conftest import client_of
from tests.peers.selling import paid_intent
from tests.peers.stripe.running import Refused, StripePeer, stripe_peer


def charge_of(client: stripe.StripeClient, intent: stripe.PaymentIntent) -> stripe.Charge:
    return client.v1.charges.retrieve(str(intent.latest_charge))


def booked(client: stripe.StripeClient) -> list[tuple[str, int, int, int]]:
    """Type, amount, fee, net; oldest first."""
    rows = client.v1.balance_transactions.list({"limit": 100}).data
    return [(row.type, row.amount, row.fee, row.net) for row in reversed(rows)]


def test_a_charge_costs_its_fee(client: stripe.StripeClient) -> None:
    intent = paid_intent(client, amount=150_000)
    assert booked(client) == [("charge", 150_000, 12_350, 137_650)]  # 2.9 % of 150,000 = 4,350, and 8,000
    balance = client.v1.balance.retrieve()
    assert [(part.amount, part.currency) for part in balance.pending] == [(137_650, "vnd")]
    assert [part.amount for part in balance.available] == [0]
    row = client.v1.balance_transactions.list({"source": str(intent.latest_charge)}).data[0]
    assert (row.status, row.exchange_rate, row.fee_details[0].amount) == ("pending", None, 12_350)


def test_a_charge_becomes_available(client: stripe.StripeClient, peer: StripePeer) -> None:
    paid_intent(client)
    peer.clock(ahead=2 * 86_400)
    balance = client.v1.balance.retrieve()
    assert ([part.amount for part in balance.available], [part.amount for part in balance.pending]) == ([137_650], [0])


def test_refunds_never_pass_what_was_captured(client: stripe.StripeClient) -> None:
    intent = paid_intent(client, amount=100_000)
    first = client.v1.refunds.create(
        {
            "payment_intent": intent.id,
            "amount": 60_000,
            "reason": "requested_by_customer",
            "metadata": {"return": "TH-1"},
        }
    )
    assert (first.status, first.reason, first.metadata and first.metadata.to_dict()) == (
        "succeeded",
        "requested_by_customer",
        {"return": "TH-1"},
    )
    assert (charge_of(client, intent).amount_refunded, charge_of(client, intent).refunded) == (60_000, False)
    for wrong in (40_001, 0, -1):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create({"payment_intent": intent.id, "amount": wrong})
        assert refused.value.param == "amount"
    client.v1.refunds.create({"charge": str(intent.latest_charge)})  # all that is left
    assert (charge_of(client, intent).amount_refunded, charge_of(client, intent).refunded) == (100_000, True)
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert again.value.code == "charge_already_refunded"
    assert [refund.amount for refund in client.v1.refunds.list({"payment_intent": intent.id}).data] == [40_000, 60_000]
    assert booked(client)[1:] == [("refund", -60_000, 0, -60_000), ("refund", -40_000, 0, -40_000)]


def test_what_was_not_paid_cannot_be_refunded(client: stripe.StripeClient) -> None:
    waiting = client.v1.payment_intents.create({"amount": 100_000, "currency": "vnd"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": waiting.id})
    with pytest.raises(stripe.CardError):
        paid_intent(client, payment_method="pm_card_visa_chargeDeclined")
    refused = client.v1.payment_intents.list().data[0]
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": refused.id})
    with pytest.raises(stripe.InvalidRequestError) as named:
        client.v1.refunds.create({"amount": 1})
    assert named.value.code == "parameter_missing"
    assert (client.v1.refunds.list().data, booked(client)) == ([], [])


def test_a_pending_refund_arrives_or_comes_back(client: stripe.StripeClient, peer: StripePeer) -> None:
    peer.settings(refunds_wait=True)
    intent = paid_intent(client, amount=100_000)
    made = [client.v1.refunds.create({"payment_intent": intent.id, "amount": 50_000}) for _ in range(2)]
    assert [(refund.status, refund.pending_reason) for refund in made] == [("pending", "processing")] * 2
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    peer.finish_refunds("failed", refund=made[0].id)
    assert [refund["id"] for refund in peer.finish_refunds()] == [made[1].id]
    assert [client.v1.refunds.retrieve(refund.id).status for refund in made] == ["failed", "succeeded"]
    assert client.v1.refunds.retrieve(made[0].id).failure_reason == "lost_or_stolen_card"
    assert (charge_of(client, intent).amount_refunded, charge_of(client, intent).refunded) == (50_000, False)
    assert booked(client)[3:] == [("refund_failure", 50_000, 0, 50_000)]
    types = [event.type for event in client.v1.events.list().data][:3]
    assert types == ["refund.updated", "refund.updated", "refund.failed"]
    with pytest.raises(Refused):
        peer.finish_refunds("failed", refund=made[0].id)


def test_a_dispute_takes_the_money_and_may_be_won(client: stripe.StripeClient, peer: StripePeer) -> None:
    for won in (True, False):
        peer.reset()
        intent = paid_intent(client, payment_method="pm_card_createDispute")
        (dispute,) = client.v1.disputes.list({"payment_intent": intent.id}).data
        assert (dispute.status, dispute.amount, dispute.reason) == ("needs_response", 150_000, "fraudulent")
        assert charge_of(client, intent).disputed
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.refunds.create({"payment_intent": intent.id})
        assert refused.value.code == "charge_disputed"
        peer.close_dispute(dispute.id, won=won)
        assert client.v1.disputes.retrieve(dispute.id).status == ("won" if won else "lost")
        back = [("adjustment", 150_000, 0, 150_000)] if won else []
        assert booked(client)[1:] == [("adjustment", -150_000, 390_000, -540_000), *back]


def test_any_charge_may_be_disputed_once(client: stripe.StripeClient, peer: StripePeer) -> None:
    charge = str(paid_intent(client).latest_charge)
    assert peer.dispute(charge, reason="product_not_received")["reason"] == "product_not_received"
    with pytest.raises(Refused):
        peer.dispute(charge)
    assert len(client.v1.disputes.list().data) == 1


def test_a_payout_lists_what_it_pays(client: stripe.StripeClient, peer: StripePeer) -> None:
    intents = [paid_intent(client, amount=100_000 + n) for n in range(23)]
    client.v1.refunds.create({"payment_intent": intents[0].id, "amount": 30_000})
    payout = peer.pay_out()
    late = paid_intent(client)
    rows = list(client.v1.balance_transactions.list({"payout": payout["id"], "limit": 10}).auto_paging_iter())
    assert len(rows) == 25, "23 charges, a refund, the payout itself: three pages"
    assert len({row.id for row in rows}) == 25
    assert str(late.latest_charge) not in {str(row.source) for row in rows}
    assert sum(row.net for row in rows) == 0
    assert sum(row.net for row in rows if row.type != "payout") == payout["amount"]
    read = client.v1.payouts.retrieve(payout["id"])
    assert (read.status, read.automatic, read.reconciliation_status) == ("paid", True, "completed")
    types = [event.type for event in client.v1.events.list({"type": "payout.reconciliation_completed"}).data]
    assert types == ["payout.reconciliation_completed"]
    peer.pay_out()
    with pytest.raises(Refused):
        peer.pay_out()


def test_lists_come_in_pages_newest_first(client: stripe.StripeClient, peer: StripePeer) -> None:
    names = [paid_intent(client).id for _ in range(5)][::-1]
    intents = client.v1.payment_intents
    first = intents.list({"limit": 2})
    assert ([one.id for one in first.data], first.has_more) == (names[:2], True)
    assert [one.id for one in intents.list({"limit": 2, "starting_after": names[1]}).data] == names[2:4]
    last = intents.list({"limit": 2, "starting_after": names[3]})
    assert ([one.id for one in last.data], last.has_more) == (names[4:], False)
    assert not intents.list({"limit": 5}).has_more
    before = intents.list({"limit": 2, "ending_before": names[3]})
    assert ([one.id for one in before.data], before.has_more) == (names[1:3], True)
    later = peer.clock(ahead=3600)
    newest = paid_intent(client).id
    assert [one.id for one in intents.list({"created": {"gte": later}}).data] == [newest]
    assert [one.id for one in intents.list({"created": {"lt": later}, "limit": 100}).data] == names
    for wrong in (0, 101):
        with pytest.raises(stripe.InvalidRequestError):
            intents.list({"limit": wrong})


def test_the_balance_may_be_in_another_currency() -> None:
    with stripe_peer(options=("--settlement", "usd", "--minimum", "20000")) as peer:
        client = client_of(peer)
        intent = paid_intent(client, amount=2_600_000)
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 1_300_000})
        rows = client.v1.balance_transactions.list().data
        assert [(row.currency, row.amount, row.fee, row.net) for row in rows] == [
            ("usd", -5_000, 0, -5_000),
            ("usd", 10_000, 321, 9_679),  # 2.9 % of 100.00 dollars, and 8,000 dong
        ]
        assert rows[1].exchange_rate == pytest.approx(1 / 260)
        assert (peer.pay_out()["currency"], charge_of(client, intent).currency) == ("usd", "vnd")
        with pytest.raises(stripe.InvalidRequestError) as refused:
            paid_intent(client, amount=19_999)
        assert refused.value.code == "amount_too_small"
