"""Tables of deals."""

from marketplace.trade.deals.models.quotes import DealRequest, Quotation, QuotationTier, QuoteRequest, QuoteState
from marketplace.trade.deals.models.roads import Deal, DealEvent, DealFile, EventKind
from marketplace.trade.deals.models.signed import Appointment, DealPaper, Delivery, MeetingState, PaperKind, Sample
from marketplace.trade.deals.rules import Origin, Side, Stage

__all__ = [
    "Appointment",
    "Deal",
    "DealEvent",
    "DealFile",
    "DealPaper",
    "DealRequest",
    "Delivery",
    "EventKind",
    "MeetingState",
    "Origin",
    "PaperKind",
    "Quotation",
    "QuotationTier",
    "QuoteRequest",
    "QuoteState",
    "Sample",
    "Side",
    "Stage",
]
