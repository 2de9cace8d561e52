"""What is typed about stock and prices, read into what the services take; refusals name the field."""

from collections.abc import Mapping
from datetime import date

from marketplace.faces.producer_desk.forms import read_price
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import day_in, whole_number
from marketplace.shop.inventory.rules import proposed_end
from marketplace.shop.inventory.services import BatchFacts
from marketplace.shop.pricing.rules import MOST_TIERS, Tier

Typed = Mapping[str, str]


def read_shown(typed: str) -> int:
    """What the page showed, as its hidden field says; raises Conflict on anything else, for then it was no page."""
    number = whole_number(typed, 12)
    if number is None:
        raise Conflict
    return number


def read_units(typed: str, field: str = "counted") -> int | None:
    """A whole number, not negative; None where nothing was typed; raises Invalid on `field`."""
    if not typed.strip():
        return None
    digits = ungroup(typed)
    if digits is None or len(digits) > 9:
        raise Invalid({field: N_("Nhập số lượng bằng chữ số, không âm.")})
    return int(digits)


def read_day(typed: str, field: str) -> date | None:
    """The day that was typed, None where nothing was; raises Invalid on `field`."""
    day = day_in(typed)
    if day is None and nfc(typed):
        raise Invalid({field: N_("Nhập ngày như 31/12/2026.")})
    return day


def read_batch(typed: Typed, shelf_life_days: int | None) -> BatchFacts:
    """A batch that comes in. Its last day, where none was typed, is that of the label's shelf life."""
    units = read_units(typed["units"], "units")
    if units is None:
        raise Invalid({"units": N_("Nhập số lượng.")})
    made_on, expires_on = read_day(typed["made_on"], "made_on"), read_day(typed["expires_on"], "expires_on")
    if made_on is not None and expires_on is None:
        expires_on = proposed_end(made_on, shelf_life_days)
    if made_on is not None and expires_on is not None and expires_on < made_on:
        raise Invalid({"expires_on": N_("Hạn dùng không trước ngày làm ra.")})
    return BatchFacts(units, typed["code"], made_on, expires_on, typed["note"])


def read_tiers(typed: Typed) -> list[Tier]:
    """The prices by quantity, row after row; a row left empty is none. Raises Invalid on `from_1`, `price_1` and on."""
    tiers: list[Tier] = []
    wrong: dict[str, str] = {}
    for n in range(1, MOST_TIERS + 1):
        quantity, price = typed.get(f"from_{n}", ""), typed.get(f"price_{n}", "")
        if not quantity.strip() and not price.strip():
            continue
        try:
            tiers.append(Tier(read_units(quantity or "?", f"from_{n}") or 0, read_price(price, f"price_{n}")))
        except Invalid as invalid:
            wrong |= invalid.fields
    if wrong:
        raise Invalid(wrong)
    return tiers
