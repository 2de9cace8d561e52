"""What people type on a deal's page, read from the request; numbers as people write them.

What is typed but cannot be read becomes a number below every bound, so that the service refuses it beside its field
together with whatever else is wrong; only what is left empty is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.web.forms import day_in
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.rules import MOST_TIERS, QuoteTerms, QuoteTier
from marketplace.trade.deals.services import RequestFacts
from marketplace.trade.demands.rules import DEMAND_UNITS

Typed = Mapping[str, str]
ROWS = range(1, MOST_TIERS + 1)
UNREADABLE = -1
LONGEST = 13  # figures: no number or amount of ours has more


def whole(typed: Typed, name: str) -> int | None:
    """A whole number, grouped or not; None where nothing is typed, `UNREADABLE` where it is none or far too long."""
    text = typed.get(name, "").strip()
    digits = ungroup(text)
    if digits is None or len(digits) > LONGEST:
        return UNREADABLE if text else None
    return int(digits)


def day(typed: Typed, name: str) -> date | None:
    """The day of a field; None where it is none."""
    return day_in(typed.get(name, ""))


def money_of(typed: Typed, name: str) -> Money:
    """An amount in dong; nothing where nothing is typed, below it what cannot be read."""
    return Money(whole(typed, name) or 0)


def request_facts(typed: Typed) -> RequestFacts:
    """A request for quotation."""
    unit = typed.get("unit", "")
    return RequestFacts(
        quantity=whole(typed, "quantity"),
        unit=Unit(unit) if unit in set(DEMAND_UNITS) else None,
        monthly=typed.get("monthly") == "1",
        delivery_place=typed.get("delivery_place", ""),
        wanted_on=day(typed, "wanted_on"),
        note=typed.get("note", ""),
    )


def quote_terms(typed: Typed) -> QuoteTerms:
    """A quotation's terms; a row of the prices that is empty is none, what is missing in one half filled is zero."""
    tiers = [QuoteTier(whole(typed, f"from_{n}") or 0, money_of(typed, f"price_{n}")) for n in rows_of(typed)]
    least = whole(typed, "least_order")
    return QuoteTerms(
        sku=typed.get("sku", ""),
        tiers=tuple(tiers),
        least_order=least if least is not None else (tiers[0].from_quantity if tiers else 0),
        lead_days=_number(typed, "lead_days"),
        payment_days=_number(typed, "payment_days"),
        valid_until=day(typed, "valid_until"),
        delivery_terms=typed.get("delivery_terms", ""),
        note=typed.get("note", ""),
    )


def rows_of(typed: Typed) -> list[int]:
    """The rows of the prices in which something is typed."""
    return [n for n in ROWS if typed.get(f"from_{n}", "").strip() or typed.get(f"price_{n}", "").strip()]


@contextmanager
def told_by_row(rows: Sequence[int]) -> Iterator[None]:
    """What a service says within of its n-th price is told beside the row that this was typed in."""
    try:
        yield
    except Invalid as invalid:
        moved = {f"{name}_{n}": f"{name}_{row}" for n, row in enumerate(rows, start=1) for name in ("from", "price")}
        raise Invalid({moved.get(name, name): text for name, text in invalid.fields.items()}, **invalid.facts) from None


def _number(typed: Typed, name: str) -> int:
    found = whole(typed, name)
    return -1 if found is None else found
