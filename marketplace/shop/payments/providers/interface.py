"""What every provider of payment can be asked. Adapters know no table of ours; one contract test holds over all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import NOTHING, PaymentMethod


class ProviderDown(Exception):
    """No answer, or none that tells what happened: ask again with the same key."""


class ProviderRefused(Exception):
    """The provider says no, and will say it again. `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadNotice(Exception):
    """What came to the webhook is not from the provider, or too old."""


@dataclass(frozen=True)
class Asked:
    """An attempt to be opened. `key` is its own for ever: asking again answers the same."""

    key: str
    amount: Money
    order_number: str
    note: str  # short, ASCII: what the buyer's bank shows
    email: str
    language: str
    return_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """How the buyer pays: at `url`, or by the instructions that our own page shows (None)."""

    reference: str
    url: str | None


class Standing(StrEnum):
    OPEN = "open"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Fact:
    """What the provider says today of an attempt. `fee` is known once its books have it, where they are in dong."""

    reference: str
    standing: Standing
    captured: Money = NOTHING
    charge: str | None = None
    fee: Money | None = None
    trouble: str = ""


class RefundStanding(StrEnum):
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    BY_HAND = "by_hand"


@dataclass(frozen=True)
class RefundFact:
    """What the provider says of a refund."""

    reference: str | None
    standing: RefundStanding
    trouble: str = ""


@dataclass(frozen=True)
class Notice:
    """A webhook's word, its signature checked: what it is about (`subject`: attempt, refund, dispute)."""

    event_id: str
    kind: str
    subject: str
    reference: str


@dataclass(frozen=True)
class Contest:
    """A dispute as the provider has it; `attempt` is the key by which we had the charge made, where it is known."""

    reference: str
    charge: str
    amount: Money
    fee: Money
    open: bool
    won: bool
    reason: str
    attempt: str = ""


class LineKind(StrEnum):
    """What a line of a provider's books is about."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"  # it came back from the card's bank
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"
    FEE = "fee"  # of its own, for no charge
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout_failed"
    OTHER = "other"  # a person looks


@dataclass(frozen=True)
class Settlement:
    """A line of the provider's own books, in the currency the account settles in: `net` is `amount` less `fee`.

    `presentment` is what the buyer's bank was asked for, or given back, signed like `amount`; None where no buyer
    was. `payout` names the payout by which it went to our bank; the payout's own line, which leaves the books, too.
    """

    reference: str
    kind: LineKind
    source: str  # the charge, refund, dispute or payout
    presentment: Money | None
    amount: Money
    fee: Money
    payout: str | None
    at: datetime
    arrives_on: date | None = None  # of a payout: when it is to be at the bank
    descriptor: str = ""  # of a payout: what the bank's note says

    @property
    def net(self) -> Money:
        return self.amount - self.fee


class Provider(Protocol):
    """One way to pay. Every call may raise ProviderDown; what a provider cannot do raises ProviderRefused."""

    name: str
    method: PaymentMethod
    keeps_books: bool  # whether `list_settlements` is worth asking

    def offers(self, amount: Money) -> bool:
        """Whether an amount can be paid this way now: within its limits, and the provider answers."""
        ...

    def create(self, asked: Asked) -> Opened:
        """Open an attempt; the same key answers the same one."""
        ...

    def fetch(self, reference: str) -> Fact:
        """What is true of an attempt now."""
        ...

    def capture(self, reference: str, amount: Money) -> Fact:
        """Take what was only authorised."""
        ...

    def cancel(self, reference: str) -> Fact:
        """See that it can no longer be paid; answers what is true then, which may be that it was paid before."""
        ...

    def refund(self, *, key: str, charge: str, amount: Money) -> RefundFact:
        """Give back some of what was captured; the same key gives it back once, however late it comes again."""
        ...

    def fetch_refund(self, reference: str) -> RefundFact:
        """What is true of a refund now."""
        ...

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        """What a webhook says; None where it is of no interest. Raises BadNotice where it is not the provider's."""
        ...

    def fetch_dispute(self, reference: str) -> Contest:
        """What is true of a dispute now."""
        ...

    def list_settlements(self, since: datetime) -> Iterable[Settlement]:
        """The provider's books since an instant, oldest first, with older lines of what was paid out since."""
        ...
