"""The shapes of the answers. Which fields an answer carries, and which are null, follows Stripe's published fixtures.

A name that begins with `_` is the peer's own note and never leaves it (`shown`).
"""

from typing import Any

from tests.peers.stripe.cards import Card

Json = dict[str, Any]

API_VERSION = "2026-10-28.endive"


def _with_nulls(names: str, known: Json) -> Json:
    return {**dict.fromkeys(names.split()), "livemode": False, "metadata": {}, **known}


def shown(item: Any) -> Any:
    """A copy of the answer without the peer's own notes."""
    if isinstance(item, dict):
        return {name: shown(value) for name, value in item.items() if not name.startswith("_")}
    return [shown(one) for one in item] if isinstance(item, list) else item


def session(**known: Any) -> Json:
    """A Checkout Session of mode payment, open and unpaid; `line_items` comes only when expanded."""
    nulls = """after_expiration allow_promotion_codes allowed_payment_method_types
        billing_address_collection cancel_url client_reference_id
        client_secret consent consent_collection currency_conversion customer customer_account
        customer_details customer_email discounts integration_identifier invoice locale managed_payments origin_context
        payment_intent payment_link payment_method_configuration_details permissions recovered_from
        saved_payment_method_options setup_intent shipping_address_collection shipping_cost submit_type subscription
        collected_information wallet_options"""
    fixed: Json = {
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": "if_required",
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
    }
    return _with_nulls(nulls, {**fixed, **known})


def line_item(*, identifier: str, price: str, created: int, sold: Json) -> Json:
    """One line of a session, from its `price_data`."""
    data, quantity = sold["price_data"], sold["quantity"]
    total = data["unit_amount"] * quantity
    nulls = "custom_unit_amount lookup_key nickname recurring tiers_mode transform_quantity"
    priced = {
        "object": "price",
        "id": price,
        "active": False,
        "billing_scheme": "per_unit",
        "created": created,
        "currency": data["currency"],
        "product": price.replace("price_", "prod_"),
        "tax_behavior": "unspecified",
        "type": "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }
    return {
        "object": "item",
        "id": identifier,
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": data["currency"],
        "description": data["product_data"]["name"],
        "metadata": {},
        "price": _with_nulls(nulls, priced),
        "quantity": quantity,
    }


def intent(**known: Any) -> Json:
    """A PaymentIntent that waits for a payment method."""
    nulls = """allowed_payment_method_types application application_fee_amount
        canceled_at cancellation_reason customer customer_account
        description excluded_payment_method_types last_payment_error latest_charge managed_payments next_action
        on_behalf_of payment_method payment_method_configuration_details processing receipt_email review
        setup_future_usage shipping source statement_descriptor statement_descriptor_suffix transfer_data transfer_group
        automatic_payment_methods"""
    fixed: Json = {
        "object": "payment_intent",
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }
    return _with_nulls(nulls, {**fixed, **known})


def _card_details(card: Card, *, amount: int, authenticated: bool) -> Json:
    names = """authorization_code mandate wallet network_transaction_id transaction_link_id installments"""
    secure = "electronic_commerce_indicator exemption_indicator result_reason transaction_id"
    proof = {"authentication_flow": "challenge", "result": "authenticated", "version": "2.2.0"}
    details = {
        "amount_authorized": amount,
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": f"peer{card.number}",
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "last4": card.number[-4:],
        "multicapture": {"status": "unavailable"},
        "network": "visa",
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": {**dict.fromkeys(secure.split()), **proof} if authenticated else None,
    }
    return {"type": "card", "card": {**dict.fromkeys(names.split()), **details}}


def charge(card: Card, *, authenticated: bool, **known: Any) -> Json:
    """A Charge that went through, or with `failure_code` one that did not; `refunds` comes only when expanded."""
    nulls = """application application_fee application_fee_amount balance_transaction customer description
        failure_balance_transaction failure_code failure_message on_behalf_of receipt_email receipt_number receipt_url
        review shipping source source_transfer statement_descriptor statement_descriptor_suffix transfer_data
        transfer_group"""
    failed = known.get("failure_code") is not None
    outcome = {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": card.decline_code if failed else None,
        "risk_level": "normal",
        "seller_message": "The bank did not accept this." if failed else "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    fixed: Json = {
        "object": "charge",
        "amount_captured": 0,
        "amount_refunded": 0,
        "billing_details": {"address": address, "email": None, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": "CHO PHIEN",
        "captured": False,
        "disputed": False,
        "fraud_details": {},
        "outcome": outcome,
        "paid": not failed,
        "payment_method_details": _card_details(card, amount=known["amount"], authenticated=authenticated),
        "refunded": False,
        "status": "failed" if failed else "succeeded",
    }
    return _with_nulls(nulls, {**fixed, **known})


def refund(**known: Any) -> Json:
    """A Refund to the card."""
    nulls = "customer customer_account failure_balance_transaction reason receipt_number"
    nulls += " source_transfer_reversal transfer_reversal"
    details = {"type": "card", "card": {"type": "refund", "reference_status": "pending"}}
    made = _with_nulls(nulls, {"object": "refund", "destination_details": details, **known})
    optional = {name for name in ("failure_balance_transaction",) if made[name] is None}
    return {name: value for name, value in made.items() if name not in optional | {"livemode"}}


EVIDENCE = """access_activity_log billing_address cancellation_policy cancellation_policy_disclosure
    cancellation_rebuttal customer_communication customer_email_address customer_name customer_purchase_ip
    customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id
    product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation service_date
    service_documentation shipping_address shipping_carrier shipping_date shipping_documentation
    shipping_tracking_number uncategorized_file uncategorized_text"""


def dispute(*, due_by: int, **known: Any) -> Json:
    """A Dispute that waits for evidence."""
    fixed: Json = {
        "object": "dispute",
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE.split()), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": due_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"},
        },
        "status": "needs_response",
    }
    return _with_nulls("", {**fixed, **known})


def payout(**known: Any) -> Json:
    """An automatic Payout that has arrived."""
    nulls = """application_fee application_fee_amount failure_balance_transaction failure_code failure_message
        original_payout payout_method reversed_by statement_descriptor"""
    fixed: Json = {
        "object": "payout",
        "automatic": True,
        "description": "STRIPE PAYOUT",
        "method": "standard",
        "reconciliation_status": "completed",
        "source_type": "card",
        "status": "paid",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
    return _with_nulls(nulls, {**fixed, **known})


def balance_transaction(**known: Any) -> Json:
    """One movement of the balance: `net = amount - fee`, in the settlement currency."""
    fixed = {"object": "balance_transaction", "balance_type": "payments", "status": "pending"}
    return {**fixed, "description": None, "exchange_rate": None, "net": known["amount"] - known["fee"], **known}


def event(**known: Any) -> Json:
    """An Event as lists and webhooks show it."""
    return {"object": "event", "api_version": API_VERSION, "livemode": False, **known}
