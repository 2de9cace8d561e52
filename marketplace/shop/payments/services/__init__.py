"""The verbs of payment."""

from marketplace.shop.payments.services.attempts import (
    AlreadyPaid,
    NotForCash,
    PartlyPaid,
    begin_attempt,
    change_method,
    open_payment,
    opened,
    refused,
    unclear,
)
from marketplace.shop.payments.services.charges import ChargeFacts, ask_charge, refund_charge, withdraw_charge
from marketplace.shop.payments.services.disputes import learn_dispute
from marketplace.shop.payments.services.outcomes import cash_taken, lapse, learn, part_delivered, take_in
from marketplace.shop.payments.services.refunds import (
    TooMuch,
    ask_refund,
    learn_refund,
    refund_part,
    sent_by_hand,
)

__all__ = [
    "AlreadyPaid",
    "ChargeFacts",
    "NotForCash",
    "PartlyPaid",
    "TooMuch",
    "ask_charge",
    "ask_refund",
    "begin_attempt",
    "cash_taken",
    "change_method",
    "lapse",
    "learn",
    "learn_dispute",
    "learn_refund",
    "open_payment",
    "opened",
    "part_delivered",
    "refund_charge",
    "refund_part",
    "refused",
    "sent_by_hand",
    "take_in",
    "unclear",
    "withdraw_charge",
]
