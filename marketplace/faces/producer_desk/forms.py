"""What a producer types at the desk."""

from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.core.words import N_


def read_price(typed: str) -> Money:
    """Dong as people write them, `95.000` or `95000`; raises Invalid on `price`."""
    digits = ungroup(typed.removesuffix("₫"))
    if digits is None or len(digits) > 12:
        raise Invalid({"price": N_("Nhập giá bằng chữ số, tính bằng đồng.")})
    return Money(int(digits))


def read_shown(typed: str) -> int:
    """What the page showed, as its hidden field says; raises Conflict on anything else, for then it was no page."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 12):
        raise Conflict
    return int(typed)


def read_units(typed: str) -> int | None:
    """A whole number, not negative; None where nothing was typed; raises Invalid on `counted`."""
    if not typed.strip():
        return None
    digits = ungroup(typed)
    if digits is None or len(digits) > 9:
        raise Invalid({"counted": N_("Nhập số lượng bằng chữ số, không âm.")})
    return int(digits)
