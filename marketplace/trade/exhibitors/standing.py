"""Where an edition's applications stand: score, rank, places they count in, room that quotas leave, fees."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from marketplace.people.places.queries import list_units
from marketplace.platform.core.money import Money, total
from marketplace.shop.payments.models import Payment, PaymentState
from marketplace.trade.exhibitors.models import (
    PLACED,
    Application,
    Decision,
    FeeReceipt,
    FeeWaiver,
    Placing,
)
from marketplace.trade.exhibitors.queries import (
    list_fee_payments,
    list_receipts,
    marks_of_placed,
    placings_of,
    points_of,
    waivers_of,
)
from marketplace.trade.exhibitors.rules import Scored, ranks, score_of, taken
from marketplace.trade.fairs.models import PLACED as TOLD
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.rules import OUTSIDE, marks_of

NOTHING = Money(0)


@dataclass(frozen=True)
class Ranked:
    """An application with its score and its rank among those listed, and the places it counts in."""

    application: Application
    score: Fraction | None
    rank: int
    marks: tuple[str, ...]


def ranked(applications: Sequence[Application], *, home: str) -> list[Ranked]:
    """Applications by rank."""
    points = points_of([each.id for each in applications])
    scores = {each.id: score_of(points.get(each.id, {})) for each in applications}
    order = ranks(Scored(each.id, scores[each.id], each.submitted_at or each.created_at) for each in applications)
    rows = [
        Ranked(each, scores[each.id], order[each.id], marks_of(each.producer.commune, province_code=home))
        for each in applications
    ]
    return sorted(rows, key=lambda row: row.rank)


@dataclass(frozen=True)
class Room:
    """A place's quota: how many count in it, and how many more would if what is pending were published."""

    place: str
    name: str
    used: int
    pending: int
    most: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.used)


def rooms(edition: Edition, rows: Collection[Ranked], *, home: str) -> list[Room]:
    """Each quota of an edition, in the office's order."""
    used = taken(marks_of_placed(edition.id, home=home))
    offers = [row for row in rows if row.application.pending is Decision.OFFER and row.application.state not in PLACED]
    pending = taken(row.marks for row in offers)
    names = place_names([quota.place for quota in edition.quotas])
    return [Room(q.place, names.get(q.place, ""), used[q.place], pending[q.place], q.most) for q in edition.quotas]


def place_names(marks: Collection[str]) -> dict[str, str]:
    """The names of places by mark; `rules.OUTSIDE` has none."""
    return {f"{unit.system}:{unit.code}": unit.name for unit in list_units([m for m in marks if m != OUTSIDE])}


@dataclass(frozen=True)
class Fee:
    """What an exhibitor owes for its booth and what it paid. `fee` None: it stands nowhere yet."""

    fee: Money | None
    waiver: FeeWaiver | None
    receipts: tuple[FeeReceipt, ...]
    online: tuple[Payment, ...] = ()

    @property
    def paid(self) -> Money:
        """What came in and was not given back, at the office and online."""
        by_hand = total(each.amount for each in self.receipts if each.refunded_at is None)
        return by_hand + total(kept(each) for each in self.online)

    @property
    def awaited(self) -> Payment | None:
        """What it has begun to pay online, the latest."""
        return next((each for each in reversed(self.online) if each.state is PaymentState.AWAITING), None)

    @property
    def due(self) -> Money:
        """What is asked of it: the booth's price, or nothing where it is waived or stands nowhere."""
        return NOTHING if self.fee is None or self.waiver is not None else self.fee

    @property
    def owed(self) -> Money:
        """What is still to come."""
        return self.due - self.paid if self.paid < self.due else NOTHING

    @property
    def to_return(self) -> Money:
        """What was paid beyond what is asked."""
        return self.paid - self.due if self.due < self.paid else NOTHING


def told_of(edition: Edition, row: Application) -> tuple[Placing | None, Fee]:
    """Where an exhibitor stands and what it owes, as far as that is published: before, it stands nowhere."""
    placings = placings_of([row.id])
    placing = placings.get(row.id)
    told = placing is not None and placing.published_at is not None and edition.state in TOLD
    return (placing if told else None), fees_of([row.id], placings=placings if told else {})[row.id]


def kept(payment: Payment) -> Money:
    """What the office has of an online payment: nothing until it is paid whole."""
    if payment.state is not PaymentState.PAID:
        return NOTHING
    return min(payment.amount, payment.captured - payment.refunded)


def fees_of(application_ids: Collection[int], *, placings: Mapping[int, Placing] | None = None) -> dict[int, Fee]:
    """What each of these owes and paid, by application."""
    where = placings_of(application_ids) if placings is None else placings
    receipts, waivers = list_receipts(application_ids), waivers_of(application_ids)
    online = list_fee_payments(application_ids)
    return {
        each: Fee(
            where[each].booth.price if each in where else None,
            waivers.get(each),
            tuple(receipts.get(each, ())),
            tuple(online.get(each, ())),
        )
        for each in application_ids
    }
