"""A fair whose every figure is known: who exhibited, who came, what was sold, signed, spent and thought of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import select, update

from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.orders.models import Order
from marketplace.trade.deals.models import DealPaper, Origin, PaperKind
from marketplace.trade.deals.models import Side as DealSide
from marketplace.trade.deals.services import open_deal
from marketplace.trade.exhibitors.models import Application, ApplicationState, ShownGoods
from marketplace.trade.fair_reports.services import rate_as_exhibitor, rate_as_visitor
from marketplace.trade.fairs.models import Edition, EditionState, Fair
from marketplace.trade.fairs.services import set_budget
from marketplace.trade.stands.models import DayTakings, PaidBy
from marketplace.trade.stands.queries import came_by
from marketplace.trade.stands.services import sell, void
from marketplace.trade.visitors.models import Admission, CheckinList, Lead, ListKind, Ticket
from tests.builders import BY, make_offer, make_order, make_producer
from tests.dealing import make_distributor
from tests.exhibiting import make_exhibitor
from tests.fairing import OPENING, lead_to, make_edition
from tests.visiting import gate_of, make_ticket

FIRST, SECOND, LAST = date(2026, 12, 18), date(2026, 12, 19), date(2026, 12, 20)


@dataclass(frozen=True)
class Held:
    """A closed edition, the one before it, the noodle maker who exhibited, what it sells, four visitors' tickets."""

    edition: Edition
    earlier: Edition
    maker: User
    stand: Application
    noodles: Variant
    tickets: tuple[Ticket, ...]


def make_held(*, at: datetime) -> Held:
    """Noodles (three products, two of them of one set) and tea (one) came; fruit did not; honey was only offered."""
    before = make_edition(at=at, state=EditionState.CLOSED)
    _take(make_exhibitor(before, "Lò cũ", at=at)[2], FIRST, 1_000, at)
    series = db.session.get_one(Fair, before.fair_id).code
    edition = make_edition(at=at, state=EditionState.RUNNING, series=series, title="Hội chợ lần hai")
    maker, noodles_of, stand = make_exhibitor(edition, "Lò miến", at=at)
    tea_maker, tea_of, tea = make_exhibitor(edition, "Xưởng chè", at=at, commune="03388")
    make_exhibitor(edition, "Vườn quả", at=at, state=ApplicationState.NO_SHOW)
    make_exhibitor(edition, "Trại ong", at=at, state=ApplicationState.OFFERED)
    noodles = make_offer("Miến tại gian", at=at, producer=noodles_of)
    wine = make_offer("Rượu ngô", at=at, producer=noodles_of, set_code="II.1.a")
    with transaction():
        for variant in (noodles, wine):
            db.session.add(ShownGoods(application_id=stand.id, listing_id=variant.listing_id))
        db.session.execute(update(Producer).where(Producer.id == tea_of.id).values(kind=ProducerKind.COMPANY))
        set_budget(
            code=edition.code, lines=[("Nhà bạt", Money(700), Money(650)), ("Điện", Money(300), Money(0))], by=BY, at=at
        )
    _sell(edition, maker, noodles)
    _take(stand, SECOND, 10_000, at)
    _take(tea, FIRST, 5_000, at)
    order = make_order((noodles, 1), at=at)
    with transaction():
        db.session.get_one(Order, order.id).came_by = came_by(stand.code)
    _sign(noodles_of, noodles, at)
    tickets = _visit(edition, at)
    with transaction():
        for application, ticket in ((stand, tickets[0]), (stand, tickets[1]), (tea, tickets[0])):
            db.session.add(_lead(application, ticket, at))
    with transaction():
        rate_as_exhibitor(edition=edition.code, rating=5, words="Đông khách.", by=maker.actor(), at=at)
        rate_as_exhibitor(edition=edition.code, rating=4, words="", by=tea_maker.actor(), at=at)
        for ticket, rating, words in ((tickets[0], 3, "Thiếu ghế."), (tickets[1], 3, ""), (tickets[2], 4, "")):
            rate_as_visitor(code=edition.code, ticket=ticket.code, rating=rating, words=words, at=at)
    lead_to(edition.code, EditionState.CLOSED, at=at)
    return Held(edition, before, maker, stand, noodles, tickets)


def _take(stand: Application, day: date, amount: int, at: datetime) -> None:
    with transaction():
        row = DayTakings(application_id=stand.id, day=day, amount=Money(amount), entered_at=at, entered_by="x")
        db.session.add(row)


def _sell(edition: Edition, maker: User, goods: Variant) -> None:
    """Two units at 45.000; one more sale is voided."""
    for key, quantity in (("kept", 2), ("voided", 1)):
        with transaction():
            sale = sell(
                edition=edition.code,
                key=f"{key}{edition.id}",
                goods={goods.sku: (quantity, Money(45_000))},
                paid_by=PaidBy.CASH,
                by=maker.actor(),
                at=OPENING,
            )
    with transaction():
        void(edition=edition.code, sale=sale.code, reason="Nhầm", by=maker.actor(), at=OPENING)


def _sign(producer: Producer, goods: Variant, at: datetime) -> None:
    """Signed at the fair: a memorandum of 900 and a contract of 500. Before it, unconfirmed, by another: not."""
    _, distributor = make_distributor(at=at)
    other = make_producer("Ngoài hội chợ", at=at)
    papers = [
        (producer, goods, PaperKind.MEMORANDUM, 900, FIRST, True),
        (producer, goods, PaperKind.CONTRACT, 500, LAST, True),
        (producer, goods, PaperKind.CONTRACT, 7_000, date(2026, 12, 17), True),
        (producer, goods, PaperKind.CONTRACT, 3_000, FIRST, False),
        (other, make_offer("Món khác", at=at, producer=other), PaperKind.CONTRACT, 8_000, FIRST, True),
    ]
    deals: dict[int, int] = {}
    for n, (maker, variant, kind, value, day, confirmed) in enumerate(papers):
        if maker.id not in deals:
            with transaction():
                deals[maker.id] = open_deal(
                    distributor_id=distributor.id,
                    producer_id=maker.id,
                    listing_id=variant.listing_id,
                    origin=Origin.MEETING,
                    by=BY,
                    at=at,
                ).id
        with transaction():
            paper = DealPaper(
                code=f"GT{n}{uuid4().hex[:8]}", deal_id=deals[maker.id], kind=kind, number="1", volumes=[]
            )
            paper.signed_on = paper.starts_on = day
            paper.value, paper.ends_on, paper.written_by = Money(value), date(2027, 12, 31), DealSide.BUYER
            paper.written_at, paper.confirmed_at = at, at if confirmed else None
            db.session.add(paper)


def _visit(edition: Edition, at: datetime) -> tuple[Ticket, ...]:
    """Three went in: one on two days, one by both gates on a day; a fourth only took a seat at a session."""
    gate = gate_of(edition)
    tickets = tuple(make_ticket(edition, at=at, name=f"Khách {n}") for n in range(4))
    with transaction():
        for name, kind in (("Cổng sau", ListKind.GATE), ("Hội thảo", ListKind.SESSION)):
            code = f"CO{uuid4().hex[:8]}"
            db.session.add(CheckinList(code=code, edition_id=edition.id, name=name, kind=kind, daily=True))
    rows = db.session.execute(select(CheckinList.name, CheckinList.id).where(CheckinList.edition_id == edition.id))
    ids = {row[0]: row[1] for row in rows}
    with transaction():
        for name, ticket, day, hour in (
            (gate.name, 0, FIRST, 9),
            (gate.name, 0, SECOND, 9),
            (gate.name, 1, FIRST, 9),
            ("Cổng sau", 1, FIRST, 11),
            ("Cổng sau", 2, FIRST, 14),
            ("Hội thảo", 3, FIRST, 9),
        ):
            went = Admission(list_id=ids[name], day=day, ticket_id=tickets[ticket].id, scanned_at=at)
            went.came_on, went.hour = day, hour
            db.session.add(went)
    return tickets


def _lead(application: Application, ticket: Ticket, at: datetime) -> Lead:
    code = uuid4().hex
    return Lead(
        code=f"KH{code[:8]}",
        client_id=code,
        application_id=application.id,
        ticket_id=ticket.id,
        noted_at=at,
        noted_by="x",
    )
