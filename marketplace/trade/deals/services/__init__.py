"""The verbs of deals."""

from marketplace.trade.deals.services.buying import NothingAgreed, order_agreed, price_holds_until
from marketplace.trade.deals.services.overseeing import InCharge, NobodyWaited, add_note, remind, take_charge
from marketplace.trade.deals.services.quoting import (
    RequestFacts,
    accept_quote,
    decline_quote,
    request_quotes,
    send_quote,
)
from marketplace.trade.deals.services.steps import DealEnded, NotNow
from marketplace.trade.deals.services.talking import (
    FileGiven,
    NotVerified,
    TooManyFiles,
    add_file,
    end_deal,
    open_deal,
    say,
)

__all__ = [
    "DealEnded",
    "FileGiven",
    "InCharge",
    "NobodyWaited",
    "NotNow",
    "NotVerified",
    "NothingAgreed",
    "RequestFacts",
    "TooManyFiles",
    "accept_quote",
    "add_file",
    "add_note",
    "decline_quote",
    "end_deal",
    "open_deal",
    "order_agreed",
    "price_holds_until",
    "remind",
    "request_quotes",
    "say",
    "send_quote",
    "take_charge",
]
