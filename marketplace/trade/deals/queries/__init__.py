"""Reading deals and what stands on them."""

from marketplace.trade.deals.queries.facts import follow_through, last_met, supplying_pairs
from marketplace.trade.deals.queries.quotes import (
    accepted_quote,
    get_quoted,
    last_number,
    list_quotes,
    list_requests,
    newest_quotes,
    quoted_goods,
)
from marketplace.trade.deals.queries.roads import (
    count_by_stage,
    count_deals,
    count_waiting,
    find_open,
    get_deal,
    get_file,
    get_within,
    list_deals,
    list_events,
    list_files,
    list_stuck,
    name_of,
    side_of,
)

__all__ = [
    "accepted_quote",
    "count_by_stage",
    "count_deals",
    "count_waiting",
    "find_open",
    "follow_through",
    "get_deal",
    "get_file",
    "get_quoted",
    "get_within",
    "last_met",
    "last_number",
    "list_deals",
    "list_events",
    "list_files",
    "list_quotes",
    "list_requests",
    "list_stuck",
    "name_of",
    "newest_quotes",
    "quoted_goods",
    "side_of",
    "supplying_pairs",
]
