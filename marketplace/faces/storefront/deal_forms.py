"""What people type on a deal's page, read from the request; numbers as people write them."""

from collections.abc import Mapping
from datetime import date

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import day_in
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.rules import MOST_TIERS, QuoteTerms, QuoteTier
from marketplace.trade.deals.services import RequestFacts
from marketplace.trade.demands.rules import DEMAND_UNITS

Typed = Mapping[str, str]
ROWS = range(1, MOST_TIERS + 1)


def whole(typed: Typed, name: str) -> int | None:
    """A whole number, grouped or not; None where it is none or far too long."""
    text = ungroup(typed.get(name, "").strip())
    return int(text) if text and len(text) <= 12 else None


def day(typed: Typed, name: str) -> date | None:
    """The day of a field; None where it is none."""
    return day_in(typed.get(name, ""))


def money_of(typed: Typed, name: str) -> Money:
    """An amount in dong; what is none is nothing, which every service refuses."""
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
    """A quotation's terms; a row of the prices that is empty is none. Raises Invalid on a row half filled."""
    tiers, wrong = [], {}
    for n in ROWS:
        quantity, price = whole(typed, f"from_{n}"), whole(typed, f"price_{n}")
        if not typed.get(f"from_{n}", "").strip() and not typed.get(f"price_{n}", "").strip():
            continue
        if quantity is None:
            wrong[f"from_{n}"] = N_("Nhập một số nguyên, từ 1.")
        if price is None:
            wrong[f"price_{n}"] = N_("Nhập giá lớn hơn 0.")
        tiers.append(QuoteTier(quantity or 0, Money(price or 0)))
    if wrong:
        raise Invalid(wrong)
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


def _number(typed: Typed, name: str) -> int:
    found = whole(typed, name)
    return -1 if found is None else found
