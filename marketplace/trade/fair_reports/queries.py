"""Counting what came of a fair: a fixed number of queries however large it was."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, selectinload

from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money, total
from marketplace.shop.catalog.models import Listing
from marketplace.shop.orders.models import OrderPart
from marketplace.trade.deals.models import Deal, DealPaper, PaperKind
from marketplace.trade.exhibitors.models import Application, ApplicationState, ShownGoods
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.fair_meetings.queries import meetings_held
from marketplace.trade.fair_reports.models import FairFeedback
from marketplace.trade.fair_reports.rules import EditionSums, ExhibitorPart, FairReport, Opinion, Signed
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.queries import budget_of, list_budget, list_earlier
from marketplace.trade.stands.models import StandSale
from marketplace.trade.stands.queries import by_day, list_orders_of
from marketplace.trade.visitors.leading import count_leads
from marketplace.trade.visitors.models import Admission, CheckinList, Lead, ListKind

NOTHING = Money(0)
MOST_WORDS = 40  # opinions in words that a report prints, the latest
MOST_EDITIONS = 6  # of a series side by side


def report_of(edition: Edition) -> FairReport:
    """The figures of an edition as they stand. Exhibitors are those confirmed; who did not come is told apart."""
    there = _applications(edition.id)
    came = [each for each in there if each.state is ApplicationState.CONFIRMED]
    taken = by_day([each.id for each in came])
    opinions = _opinions(edition.id)
    planned, spent = budget_of(list_budget(edition.id))
    signed = _signed(edition, {each.producer_id for each in came})
    return FairReport(
        edition=edition,
        exhibitors=_parts(came, taken),
        no_shows=tuple(each for each in there if each.state is ApplicationState.NO_SHOW),
        sets=_sets(came),
        visitors=_visitors([edition.id]).get(edition.id, 0),
        visits=_visits(edition.id),
        days=_days(edition, taken),
        memoranda=signed[PaperKind.MEMORANDUM],
        contracts=signed[PaperKind.CONTRACT],
        meetings=meetings_held(edition.id),
        planned=planned,
        spent=spent,
        by_exhibitors=opinions[True],
        by_visitors=opinions[False],
        words=tuple(_words(edition.id)),
    )


def _applications(edition_id: int) -> list[Application]:
    states = (ApplicationState.CONFIRMED, ApplicationState.NO_SHOW)
    query = (
        select(Application)
        .join(Application.producer)
        .options(
            contains_eager(Application.producer).joinedload(Producer.commune),
            selectinload(Application.goods).joinedload(ShownGoods.listing).joinedload(Listing.product),
        )
        .where(Application.edition_id == edition_id, Application.state.in_(states))
    )
    return list(db.session.scalars(query.order_by(Producer.name, Application.id)))


def _parts(came: Sequence[Application], taken: Mapping[int, Mapping[date, Money]]) -> tuple[ExhibitorPart, ...]:
    orders, leads = list_orders_of(came), _leads([each.id for each in came])
    return tuple(
        ExhibitorPart(
            application=each,
            products=len({shown.listing.product_id for shown in each.goods}),
            taken=total(taken.get(each.id, {}).values()),
            orders=len(orders.get(each.id, ())),
            ordered=_worth(orders.get(each.id, ())),
            leads=leads.get(each.id, 0),
        )
        for each in came
    )


def _worth(parts: Collection[OrderPart]) -> Money:
    return total(part.goods_total for part in parts)


def _leads(ids: Collection[int]) -> dict[int, int]:
    query = select(Lead.application_id, func.count(Lead.id)).where(Lead.application_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Lead.application_id))}


def _sets(came: Sequence[Application]) -> tuple[tuple[str, int], ...]:
    """How many different products of each set were shown, most first."""
    shown = {good.listing.product_id: good.listing.product.set_code for each in came for good in each.goods}
    return tuple(sorted(Counter(shown.values()).items(), key=lambda each: (-each[1], each[0])))


def _days(edition: Edition, taken: Mapping[int, Mapping[date, Money]]) -> dict[date, Money]:
    """What was taken on each of its days, and on any other day that something was."""
    length = (edition.last_day - edition.first_day).days + 1
    found = {edition.first_day + timedelta(days=n): NOTHING for n in range(length)}
    for days in taken.values():
        for day, amount in days.items():
            found[day] = found.get(day, NOTHING) + amount
    return dict(sorted(found.items()))


def _visits(edition_id: int) -> dict[tuple[date, int], int]:
    """A ticket that went in at two gates on a day counts once, at the earlier hour."""
    first = (
        select(Admission.came_on, func.min(Admission.hour).label("hour"))
        .join(CheckinList, CheckinList.id == Admission.list_id)
        .where(CheckinList.edition_id == edition_id, CheckinList.kind == ListKind.GATE)
        .group_by(Admission.came_on, Admission.ticket_id)
        .subquery()
    )
    query = select(first.c.came_on, first.c.hour, func.count()).group_by(first.c.came_on, first.c.hour)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query.order_by(first.c.came_on, first.c.hour))}


def _visitors(edition_ids: Collection[int]) -> dict[int, int]:
    query = (
        select(CheckinList.edition_id, func.count(Admission.ticket_id.distinct()))
        .join(Admission, Admission.list_id == CheckinList.id)
        .where(CheckinList.edition_id.in_(edition_ids), CheckinList.kind == ListKind.GATE)
        .group_by(CheckinList.edition_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _signed(edition: Edition, producer_ids: Collection[int]) -> dict[PaperKind, Signed]:
    """Papers that both sides stand by, dated within the fair's days, of producers who exhibited."""
    query = (
        select(DealPaper.kind, DealPaper.value)
        .join(DealPaper.deal)
        .where(
            Deal.producer_id.in_(producer_ids),
            DealPaper.signed_on.between(edition.first_day, edition.last_day),
            DealPaper.confirmed_at.is_not(None),
        )
    )
    values: dict[PaperKind, list[Money]] = {kind: [] for kind in PaperKind}
    for kind, value in db.session.execute(query):
        values[kind].append(value)
    return {kind: Signed(len(each), total(each)) for kind, each in values.items()}


def _opinions(edition_id: int) -> dict[bool, Opinion]:
    """What exhibitors gave (True), and what visitors gave (False)."""
    of_exhibitors = FairFeedback.application_id.is_not(None)
    query = select(of_exhibitors, FairFeedback.rating, func.count(FairFeedback.id))
    query = query.where(FairFeedback.edition_id == edition_id).group_by(of_exhibitors, FairFeedback.rating)
    given: dict[bool, dict[int, int]] = defaultdict(dict)
    for exhibitors, rating, count in db.session.execute(query):
        given[bool(exhibitors)][rating] = count
    return {side: Opinion(given[side]) for side in (True, False)}


def _words(edition_id: int) -> list[str]:
    query = select(FairFeedback.words).where(FairFeedback.edition_id == edition_id, FairFeedback.words != "")
    return list(db.session.scalars(query.order_by(FairFeedback.at.desc(), FairFeedback.id.desc()).limit(MOST_WORDS)))


def sums_of_series(edition: Edition) -> list[EditionSums]:
    """The edition and the earlier ones of its series that took place, the first of them first; six at most."""
    held = [each for each in list_earlier(edition) if each.state in (EditionState.CLOSED, EditionState.REPORTED)]
    there = sorted([edition, *held][:MOST_EDITIONS], key=lambda each: each.number)
    ids = [each.id for each in there]
    came = select(Application.id, Application.edition_id).where(
        Application.edition_id.in_(ids), Application.state == ApplicationState.CONFIRMED
    )
    edition_of = {row[0]: row[1] for row in db.session.execute(came)}
    taken: dict[int, Money] = defaultdict(lambda: NOTHING)
    for application, days in by_day(edition_of).items():
        taken[edition_of[application]] += total(days.values())
    exhibitors, visitors, given = Counter(edition_of.values()), _visitors(ids), _given(ids)
    return [
        EditionSums(each, exhibitors[each.id], visitors.get(each.id, 0), taken[each.id], given[each.id].average)
        for each in there
    ]


def _given(edition_ids: Collection[int]) -> dict[int, Opinion]:
    query = select(FairFeedback.edition_id, FairFeedback.rating, func.count(FairFeedback.id))
    query = query.where(FairFeedback.edition_id.in_(edition_ids))
    found: dict[int, dict[int, int]] = {each: {} for each in edition_ids}
    for edition, rating, count in db.session.execute(query.group_by(FairFeedback.edition_id, FairFeedback.rating)):
        found[edition][rating] = count
    return {each: Opinion(given) for each, given in found.items()}


@dataclass(frozen=True)
class OwnPart:
    """What a fair brought one exhibitor, as it alone reads it. `visitors`: of the whole fair."""

    stand: Application
    days: Mapping[date, Money]
    sales: int
    orders: int
    ordered: Money
    leads: int
    visitors: int
    feedback: FairFeedback | None

    @property
    def taken(self) -> Money:
        """What the stand took in all."""
        return total(self.days.values())


def own_part(edition_code: str, *, by: Actor) -> OwnPart:
    """The acting producer's own part of an edition at which it is confirmed, or NotFound."""
    stand = get_own_stand(edition_code, by=by)
    orders = list_orders_of([stand]).get(stand.id, [])
    sold = select(func.count(StandSale.id)).where(StandSale.application_id == stand.id, StandSale.voided_at.is_(None))
    return OwnPart(
        stand=stand,
        days=_days(stand.edition, by_day([stand.id])),
        sales=db.session.scalar(sold) or 0,
        orders=len(orders),
        ordered=_worth(orders),
        leads=count_leads(stand.id),
        visitors=_visitors([stand.edition_id]).get(stand.edition_id, 0),
        feedback=find_feedback(application_id=stand.id),
    )


def find_feedback(*, application_id: int | None = None, ticket_id: int | None = None) -> FairFeedback | None:
    """What an exhibitor, or a ticket's holder, said of the fair."""
    query: Select[FairFeedback] = select(FairFeedback)
    if application_id is not None:
        return db.session.scalar(query.where(FairFeedback.application_id == application_id))
    return db.session.scalar(query.where(FairFeedback.ticket_id == ticket_id))
