"""Lines of Stripe's own books. They are in the currency that the account settles in, which need not be dong.

What a line is about is told by `reporting_category`, which Stripe made for accounting
(docs.stripe.com/reports/reporting-categories).
"""

from datetime import UTC, date, datetime
from typing import Any

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.money import Money
from marketplace.shop.payments.providers.interface import LineKind, Settlement

KINDS = {
    "charge": LineKind.CHARGE,
    "refund": LineKind.REFUND,
    "refund_failure": LineKind.REFUND_FAILED,
    "dispute": LineKind.DISPUTE,
    "dispute_reversal": LineKind.DISPUTE_WON,
    "fee": LineKind.FEE,
    "network_cost": LineKind.FEE,
    "tax": LineKind.FEE,
    "payout": LineKind.PAYOUT,
    "payout_reversal": LineKind.PAYOUT_FAILED,
}
PAYOUTS = (LineKind.PAYOUT, LineKind.PAYOUT_FAILED)


def settlement(line: Any, payout: str | None) -> Settlement:
    """A balance transaction, its source expanded, as a line of any provider's books."""
    kind, source = KINDS.get(line.reporting_category, LineKind.OTHER), line.source
    currency, at = str(line.currency).upper(), datetime.fromtimestamp(line.created, UTC)
    to_bank = kind in PAYOUTS
    return Settlement(
        reference=line.id,
        kind=kind,
        source=id_of(source),
        presentment=None if to_bank else _presentment(source, line.amount),
        amount=Money(line.amount, currency),
        fee=Money(line.fee, currency),
        payout=payout,
        at=at,
        arrives_on=_day(getattr(source, "arrival_date", None), at) if to_bank else None,
        descriptor=str(getattr(source, "statement_descriptor", None) or "") if to_bank else "",
    )


def in_dong(line: Any) -> bool:
    """Whether an amount of these books is dong."""
    return str(line.currency) == "vnd"


def id_of(found: Any) -> str:
    """The identifier of what may be one, or the object itself."""
    return found if isinstance(found, str) else str(getattr(found, "id", "") or "")


def _presentment(source: Any, signed: int) -> Money | None:
    """What the buyer's bank was asked for, in dong, with the sign of the line."""
    amount = getattr(source, "amount", None)
    if amount is None or getattr(source, "currency", None) != "vnd":
        return None
    return Money(amount if signed > 0 else -amount)


def _day(seconds: int | None, at: datetime) -> date:
    """The day a payout is to arrive; of one that does not say it, the day of its line."""
    return day_of(at if seconds is None else datetime.fromtimestamp(seconds, UTC))
