"""Stages of a deal and how they follow, sides, a quotation's prices. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_

STUCK_AFTER = timedelta(days=14)
MOST_TIERS = 6
MOST_UNITS = 1_000_000
LONGEST_WORDS = 4_000
NOTHING = Money(0)


class Side(StrEnum):
    BUYER = "buyer"
    PRODUCER = "producer"
    OFFICE = "office"

    @property
    def other(self) -> "Side":
        """The party across the table."""
        return Side.PRODUCER if self is Side.BUYER else Side.BUYER


class Origin(StrEnum):
    ENQUIRY = "enquiry"  # from a product's page, or a match
    DEMAND = "demand"  # the producer answered a demand
    MEETING = "meeting"
    OFFICER = "officer"


class Stage(StrEnum):
    ENQUIRY = "enquiry"
    REQUESTED = "requested"
    QUOTED = "quoted"
    AGREED = "agreed"
    SAMPLE = "sample"
    MEMORANDUM = "memorandum"
    CONTRACT = "contract"
    DELIVERING = "delivering"
    REPEATING = "repeating"
    ENDED = "ended"


WAY = (
    Stage.ENQUIRY,
    Stage.REQUESTED,
    Stage.QUOTED,
    Stage.AGREED,
    Stage.SAMPLE,
    Stage.MEMORANDUM,
    Stage.CONTRACT,
    Stage.DELIVERING,
    Stage.REPEATING,
)
"""Onward in this order; what a deal does not need is skipped, and an end may come anywhere."""

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    **{stage: frozenset(WAY[n + 1 :]) | {Stage.ENDED} for n, stage in enumerate(WAY)},
    Stage.ENDED: frozenset(),
}


def onward(stage: Stage, reached: Stage) -> Stage:
    """Where a deal stands after something that belongs to `reached`: it never goes back (a sample after a contract)."""
    return reached if reached in TRANSITIONS[stage] else stage


@dataclass(frozen=True)
class QuoteTier:
    """What one pack costs from so many packs on."""

    from_quantity: int
    price: Money


def price_for(tiers: Sequence[QuoteTier], quantity: int) -> Money:
    """What one pack costs when so many are bought; the lowest tier's where it is fewer than that."""
    reached = [tier for tier in tiers if tier.from_quantity <= quantity]
    return (reached[-1] if reached else tiers[0]).price


@dataclass(frozen=True)
class QuoteTerms:
    """What one side offers: prices of packs of a variant, and on which terms."""

    sku: str
    tiers: tuple[QuoteTier, ...]
    least_order: int
    lead_days: int
    payment_days: int
    valid_until: date | None
    delivery_terms: str = ""
    note: str = ""


def check_terms(terms: QuoteTerms, *, today: date) -> None:
    """Raises Invalid with a sentence for each field that will not do; `from_1` and `price_1` are the first tier's."""
    wrong = _check_tiers(terms.tiers)
    if not 1 <= terms.least_order <= MOST_UNITS:
        wrong["least_order"] = N_("Nhập một số nguyên, từ 1.")
    elif terms.tiers and terms.tiers[0].from_quantity > terms.least_order:
        wrong["least_order"] = N_("Mức giá đầu phải có từ đơn nhỏ nhất.")
    if not 0 <= terms.lead_days <= 365:
        wrong["lead_days"] = N_("Số ngày từ 0 đến 365.")
    if not 0 <= terms.payment_days <= 180:
        wrong["payment_days"] = N_("Số ngày từ 0 đến 180.")
    if terms.valid_until is None:
        wrong["valid_until"] = N_("Chọn ngày cuối của báo giá.")
    elif not today <= terms.valid_until <= today + timedelta(days=366):
        wrong["valid_until"] = N_("Ngày cuối từ hôm nay đến một năm nữa.")
    if wrong:
        raise Invalid(wrong)


def _check_tiers(tiers: Sequence[QuoteTier]) -> dict[str, str]:
    if not 1 <= len(tiers) <= MOST_TIERS:
        return {"tiers": N_("Ghi từ 1 đến 6 mức giá.")}
    wrong: dict[str, str] = {}
    out_of_order: dict[str, str] = {}
    for n, tier in enumerate(tiers, start=1):
        if not 1 <= tier.from_quantity <= MOST_UNITS:
            wrong[f"from_{n}"] = N_("Nhập một số nguyên, từ 1.")
        if not NOTHING < tier.price <= Money(1_000_000_000):
            wrong[f"price_{n}"] = N_("Nhập giá lớn hơn 0.")
    for n, (before, after) in enumerate(pairwise(tiers), start=2):
        follows = {
            "from": (after.from_quantity > before.from_quantity, N_("Số lượng mức sau phải lớn hơn mức trước.")),
            "price": (after.price < before.price, N_("Giá mức sau phải thấp hơn mức trước.")),
        }
        for name, (holds, words) in follows.items():
            if not holds and not wrong.keys() & {f"{name}_{n - 1}", f"{name}_{n}"}:
                out_of_order[f"{name}_{n}"] = words
    return wrong | out_of_order
