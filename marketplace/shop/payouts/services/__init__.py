"""The verbs of money that goes on."""

from marketplace.shop.payouts.services.batches import (
    BalanceChanged,
    NothingToPay,
    SamePerson,
    approve_batch,
    cancel_batch,
    fail_line,
    make_batch,
    mark_sent,
)
from marketplace.shop.payouts.services.carriers import RemittedBefore, note_remittance, settle_remittance
from marketplace.shop.payouts.services.giving_back import NotDelivered, give_back
from marketplace.shop.payouts.services.taxes import MonthOpen, pay_taxes

__all__ = [
    "BalanceChanged",
    "MonthOpen",
    "NotDelivered",
    "NothingToPay",
    "RemittedBefore",
    "SamePerson",
    "approve_batch",
    "cancel_batch",
    "fail_line",
    "give_back",
    "make_batch",
    "mark_sent",
    "note_remittance",
    "pay_taxes",
    "settle_remittance",
]
