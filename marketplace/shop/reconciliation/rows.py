"""A row of a list, a case that rows belong to, and the buckets that cases are put in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.platform.core.money import Money


class Side(StrEnum):
    """Whose list a row is from."""

    HERE = "here"
    PROVIDER = "provider"  # or a carrier
    BANK = "bank"


class Way(StrEnum):
    CARD = "card"
    TRANSFER = "transfer"
    CASH = "cash"


class Kind(StrEnum):
    """What a row is about."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    FEE = "fee"
    PAYOUT = "payout"  # of a provider; of a carrier: what it paid in
    PAYOUT_FAILED = "payout_failed"
    OTHER = "other"
    TRANSFER = "transfer"
    SENT_BACK = "sent_back"
    CASH = "cash"


class Bucket(StrEnum):
    """How a case stands."""

    MATCHED = "matched"
    ON_THE_WAY = "on_the_way"
    EXPLAINED = "explained"  # a person has written why it is in order
    AMOUNT_DIFFERS = "amount_differs"
    FEE_DIFFERS = "fee_differs"
    SUM_DIFFERS = "sum_differs"  # a payout is not the sum of what it carries
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    TWICE = "twice"
    OVERDUE = "overdue"  # on its way for too long
    UNKNOWN_BANK_ROW = "unknown_bank_row"


QUIET = frozenset({Bucket.MATCHED, Bucket.ON_THE_WAY, Bucket.EXPLAINED})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of one list. `name` is its own, once in its list; `key` is what rows of other lists name too.

    `amount` is dong that came (or went, below nothing); of a payout, what is to be at the bank, in the currency it is
    paid out in. `net` is by what it changes the provider's books. `through` names the payout that carries it.
    """

    side: Side
    way: Way
    kind: Kind
    name: str
    key: str
    amount: Money
    on: date
    fee: Money | None = None  # None: not known, or not to be compared
    net: Money | None = None
    through: str = ""
    says: str = ""  # of a payout: how the bank's note begins
    numbers: tuple[str, ...] = ()  # the bank's numbers
    note: str = ""
    about: str = ""  # the order, transfer or remittance that a page leads to
    double: bool = False  # of a bank's row: its order was paid already


@dataclass(frozen=True, slots=True)
class Case:
    """Rows that belong together, and how they stand."""

    bucket: Bucket
    rows: tuple[Row, ...]
    explained: str = ""

    @property
    def name(self) -> str:
        """What the case is about: the same as long as its first row is there."""
        first = self.rows[0]
        return f"{first.way}:{first.kind}:{first.key or first.name}:{first.side}"

    @property
    def figures(self) -> str:
        """What an explanation holds for."""
        sums = [f"{side}={self.of(side).amount}" for side in Side if any(row.side is side for row in self.rows)]
        return f"{self.bucket} {' '.join(sums)}"

    @property
    def on(self) -> date:
        return min(row.on for row in self.rows)

    def of(self, side: Side) -> Money:
        """What one list says."""
        amounts = [row.amount for row in self.rows if row.side is side]
        currency = amounts[0].currency if amounts else "VND"
        return Money(sum(each.amount for each in amounts if each.currency == currency), currency)
