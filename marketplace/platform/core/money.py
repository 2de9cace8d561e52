"""Money: a whole number of dong with its currency, never a float."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import total_ordering

MOST_FIGURES = 12  # of an amount in dong as people type it
_SIGN = re.compile(r"\s*(\u20ab|\u0111|\u0111\u1ed3ng|d|dong|vn[\u0111d])\s*$", re.IGNORECASE)


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in dong. Adding another currency, or multiplying by anything but a whole number, raises."""

    amount: int
    currency: str = "VND"

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError(f"money is a whole number of dong, not {self.amount!r}")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise TypeError(f"{self.currency} and {other.currency} do not add up")

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Shares in the proportion of `weights` (not negative, some positive) that sum to the whole.

        Largest remainder; of equal remainders the earlier share takes the dong.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must not be negative, and some must be positive")
        shares = [self.amount * w // whole for w in weights]
        rest = [self.amount * w % whole for w in weights]
        for i in sorted(range(len(weights)), key=lambda i: (-rest[i], i))[: self.amount - sum(shares)]:
            shares[i] += 1
        return [Money(share, self.currency) for share in shares]


def total(amounts: Iterable[Money]) -> Money:
    """The sum; of nothing, zero dong."""
    return sum(amounts, Money(0))


def ungroup(typed: str) -> str | None:
    """The digits of `95000`, `95.000` or `95 000`; None for anything else, `95.5` and `1.2.3` too."""
    bare = typed.replace("\u00a0", " ").strip()
    if re.fullmatch(r"[0-9]+|[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,3}( [0-9]{3})+", bare) is None:
        return None
    return bare.replace(".", "").replace(" ", "")


def read_dong(typed: str) -> Money | None:
    """Dong as people type them: `95000`, `95.000`, `95 000 ₫`, `95.000đ`, `95.000 đồng`, `95.000 VND`.

    None for anything else, and for more figures than an amount of ours has.
    """
    digits = ungroup(_SIGN.sub("", typed))
    return Money(int(digits)) if digits is not None and len(digits) <= MOST_FIGURES else None
