"""Every single piece of work that waits for an officer, of all rooms, what is due first before the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from marketplace.office.worklist.rules import due_on
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.people.verification.queries import list_changed, list_first_checks
from marketplace.platform.core.access import Actor
from marketplace.registry.councils.policies import KEEP_COUNCILS
from marketplace.registry.councils.queries import list_open_appeals
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.dossiers.policies import ADMIT_DOSSIERS
from marketplace.registry.dossiers.queries import Asked, list_dossiers
from marketplace.shop.bank.models import QUEUES
from marketplace.shop.bank.queries import list_queue
from marketplace.shop.catalog.policies import KEEP_LISTINGS
from marketplace.shop.catalog.proposals import list_waiting_pages
from marketplace.shop.ledger.policies import KEEP_MONEY
from marketplace.shop.payments.models import BY_A_PERSON, DisputeState
from marketplace.shop.payments.queries import list_disputes, list_refunds
from marketplace.shop.payouts.models import BatchState
from marketplace.shop.payouts.queries.batches import list_batches
from marketplace.shop.reviews.queries import list_to_judge
from marketplace.trade.distributors.policies import VERIFY_DISTRIBUTORS
from marketplace.trade.distributors.queries import list_waiting

MOST = 200  # of one kind: who has more works the oldest off first
KINDS = {
    "producer": _l("Xác minh nơi làm"),
    "dossier": _l("Hồ sơ"),
    "appeal": _l("Khiếu nại"),
    "page": _l("Trang bán"),
    "review": _l("Đánh giá của khách"),
    "distributor": _l("Xác minh nơi phân phối"),
    "transfer": _l("Khoản chuyển tới"),
    "refund": _l("Hoàn tiền tay"),
    "dispute": _l("Tranh chấp thẻ"),
    "payout": _l("Duyệt chi"),
}


@dataclass(frozen=True)
class Item:
    """One piece of work: what it is called, since when it waits, where it is done."""

    kind: str
    key: str
    title: str
    since: datetime
    link: str
    deadline: date | None = None  # of the round that a dossier is in

    @property
    def due(self) -> date:
        """The last day on which it is done in time."""
        usual = due_on(self.kind, self.since)
        return min(usual, self.deadline) if self.deadline else usual


def work_items(*, by: Actor) -> list[Item]:
    """What waits for `by`, by the same rights as the desk's own counts."""
    found = [*_dossiers(by)]
    if VERIFY_PRODUCERS.held_by(by):
        found += _producers(by)
    if KEEP_COUNCILS.held_by(by):
        found += [
            Item("appeal", a.code, a.code, a.made_at, f"/office/appeals/{a.code}") for a in list_open_appeals(by=by)
        ]
    if KEEP_LISTINGS.held_by(by):
        found += _pages(by)
        found += _reviews(by)
    if VERIFY_DISTRIBUTORS.held_by(by):
        found += _distributors(by)
    if KEEP_MONEY.held_by(by):
        found += _money(by)
    return sorted(found, key=lambda each: (each.due, each.since, each.kind, each.key))


def _dossiers(by: Actor) -> Iterator[Item]:
    states = [DossierState.IDEA_SENT, DossierState.SUBMITTED]
    if ADMIT_DOSSIERS.held_by(by):
        states.append(DossierState.FORWARDED)
    if KEEP_COUNCILS.held_by(by):
        states.append(DossierState.SCORED)
    for state in states:
        for each in list_dossiers(by=by, asked=Asked(state=state), per_page=MOST):
            since = each.submitted_at or each.created_at
            passed_on = each.round.province_deadline if each.round and state is DossierState.SUBMITTED else None
            yield Item("dossier", each.code, each.name, since, f"/office/dossiers/{each.code}", passed_on)


def _producers(by: Actor) -> list[Item]:
    """First checks and changes; a producer with both waits once."""
    found = {each.producer.slug: each for each in (*list_changed(by=by), *list_first_checks(by=by))}
    return [
        Item("producer", slug, each.producer.name, each.since, f"/office/producers/{slug}")
        for slug, each in found.items()
    ]


def _pages(by: Actor) -> list[Item]:
    """New pages and changes of published ones; a page waits once."""
    found = {each.listing.slug: each for each in reversed(list_waiting_pages(by=by))}
    return [
        Item("page", slug, each.listing.name, each.since, f"/office/listings/{slug}") for slug, each in found.items()
    ]


def _reviews(by: Actor) -> Iterator[Item]:
    """What buyers wrote and nobody looked at, and what somebody reported."""
    for each in list_to_judge(by=by):
        yield Item("review", each.code, each.listing.name, each.since, f"/office/reviews/{each.code}")


def _distributors(by: Actor) -> Iterator[Item]:
    for each in list_waiting(by=by):
        if each.sent_at is not None:
            link = f"/office/distributors/{each.organisation.slug}"
            yield Item("distributor", each.organisation.slug, each.organisation.name, each.sent_at, link)


def _money(by: Actor) -> Iterator[Item]:
    for state in QUEUES:
        for row in list_queue(state, per_page=MOST):
            yield Item("transfer", row.code, row.code, row.received_at, f"/office/payments/transfers/{row.code}")
    for refund in list_refunds(BY_A_PERSON, limit=MOST):
        link = "/office/payments?queue=refunds"
        yield Item("refund", refund.code, refund.payment.number, refund.asked_at, link)
    for each in list_disputes():
        if each.state is DisputeState.OPEN:
            link = "/office/payments?queue=disputes"
            yield Item("dispute", each.reference[:120], each.reference, each.opened_at, link)
    for batch in list_batches():
        if batch.state is BatchState.DRAFT and batch.made_by_id != by.user_id:
            yield Item("payout", batch.code, batch.code, batch.made_at, f"/office/payouts/{batch.code}")
