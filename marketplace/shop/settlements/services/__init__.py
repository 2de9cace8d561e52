"""The verbs of settlement."""

from marketplace.shop.settlements.services.arrivals import (
    ArrivedBefore,
    find_arrivals,
    payout_arrived,
    remittance_arrived,
)
from marketplace.shop.settlements.services.lines import FETCH, ask_fetch, keep_lines

__all__ = [
    "FETCH",
    "ArrivedBefore",
    "ask_fetch",
    "find_arrivals",
    "keep_lines",
    "payout_arrived",
    "remittance_arrived",
]
