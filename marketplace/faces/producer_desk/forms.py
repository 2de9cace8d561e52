"""What a producer types at the desk."""

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_


def read_price(typed: str) -> Money:
    """Dong as people write them, `95.000` or `95000`; raises Invalid on `price`."""
    digits = typed.replace(".", "").replace(" ", "").replace("\u00a0", "").removesuffix("₫")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise Invalid({"price": N_("Nhập giá bằng chữ số, tính bằng đồng.")})
    return Money(int(digits))


def read_units(typed: str) -> int | None:
    """A whole number, not negative; None where nothing was typed; raises Invalid on `counted`."""
    digits = typed.replace(".", "").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise Invalid({"counted": N_("Nhập số lượng bằng chữ số, không âm.")})
    return int(digits)
