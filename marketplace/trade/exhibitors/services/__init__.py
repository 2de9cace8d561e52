"""The verbs of exhibiting: applying and answering, judging and deciding, fees."""

from marketplace.trade.exhibitors.services.answering import OfferOver, confirm, decline, lapse
from marketplace.trade.exhibitors.services.applying import (
    ApplicationFacts,
    WindowClosed,
    save_application,
    start_application,
    submit,
    take_back,
    withdraw,
)
from marketplace.trade.exhibitors.services.deciding import (
    NothingPending,
    QuotaFull,
    TooLateToOffer,
    cancel,
    mark_no_show,
    publish_decisions,
)
from marketplace.trade.exhibitors.services.fees import (
    ReceiptFacts,
    ReferenceKnown,
    record_fee,
    refund_fee,
    waive_fee,
)
from marketplace.trade.exhibitors.services.judging import (
    CriteriaFixed,
    mark_pending,
    score_application,
    set_criteria,
)
from marketplace.trade.exhibitors.services.online_fees import ask_fee, refund_online_fee
from marketplace.trade.exhibitors.services.steps import NothingToShow, NotNow

__all__ = [
    "ApplicationFacts",
    "CriteriaFixed",
    "NotNow",
    "NothingPending",
    "NothingToShow",
    "OfferOver",
    "QuotaFull",
    "ReceiptFacts",
    "ReferenceKnown",
    "TooLateToOffer",
    "WindowClosed",
    "ask_fee",
    "cancel",
    "confirm",
    "decline",
    "lapse",
    "mark_no_show",
    "mark_pending",
    "publish_decisions",
    "record_fee",
    "refund_fee",
    "refund_online_fee",
    "save_application",
    "score_application",
    "set_criteria",
    "start_application",
    "submit",
    "take_back",
    "waive_fee",
    "withdraw",
]
