"""Writing demands and taking them through their states."""

from marketplace.trade.demands.services.checking import DemandTerms
from marketplace.trade.demands.services.moving import (
    NotNow,
    close_demand,
    close_for_office,
    open_demand,
    pause_demand,
)
from marketplace.trade.demands.services.writing import DemandClosed, TooManyDemands, copy_demand, save_demand, terms_of

__all__ = [
    "DemandClosed",
    "DemandTerms",
    "NotNow",
    "TooManyDemands",
    "close_demand",
    "close_for_office",
    "copy_demand",
    "open_demand",
    "pause_demand",
    "save_demand",
    "terms_of",
]
