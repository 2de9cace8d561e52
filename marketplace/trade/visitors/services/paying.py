"""Tickets paid online: one charge for those of a registration that are unpaid, what it did, what goes back."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, held
from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import ChargeKind, Payment, PaymentState
from marketplace.shop.payments.queries import hold, with_due
from marketplace.shop.payments.services import ChargeFacts, ask_charge, refund_charge, withdraw_charge
from marketplace.trade.fairs.models import COMING, Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.links import ticket_path
from marketplace.trade.visitors.models import Registration, Ticket, TicketCharge, TicketState
from marketplace.trade.visitors.queries import get_ticket, hold_tickets
from marketplace.trade.visitors.services.steps import TicketOver, step

TIME_TO_PAY = timedelta(hours=24)
ONLINE = system("payments")
A_BATCH = 200


def ask_ticket_payment(*, code: str, ticket: str, method: PaymentMethod, by: Actor, at: datetime) -> Payment:
    """What is paid for all unpaid tickets of one registration; asked again, the same while it stands.

    Whether `by` holds the ticket's link, the view has asked. Raises TicketOver where none is unpaid.
    """
    edition = get_edition(code)
    row = get_ticket(edition.id, ticket)
    facts = _facts(edition, row.registration, row.code)
    tickets = [each for each in hold_tickets(row.registration_id) if each.state is TicketState.UNPAID]
    if edition.state not in COMING or not tickets or not edition.ticket_price:
        raise TicketOver
    for payment, covered in _awaited(tickets):
        until = payment.due.pay_until
        standing = until is not None and until > at
        if standing and covered == {each.id for each in tickets}:
            return payment
        if standing:
            withdraw_charge(number=payment.number, by=by, at=at)
    amount = Money(edition.ticket_price.amount * len(tickets))
    payment = ask_charge(facts=facts, amount=amount, method=method, until=at + TIME_TO_PAY, by=by, at=at)
    db.session.add_all(TicketCharge(charge_id=payment.charge_id, ticket_id=each.id) for each in tickets)
    db.session.flush()
    return payment


def settle_paid(*, at: datetime, registration_id: int | None = None) -> int:
    """Let in what was paid for, of one registration or of all; answers how many tickets were settled.

    Each is claimed by one conditional change, so that of two rounds one does it. A ticket that was cancelled or paid
    at the desk in the meantime has its share given back at once.
    """
    paid = select(Payment.charge_id).where(Payment.charge_id.is_not(None), Payment.state == PaymentState.PAID)
    claim = update(TicketCharge).where(TicketCharge.settled_at.is_(None), TicketCharge.charge_id.in_(paid))
    if registration_id is not None:
        mine = select(Ticket.id).where(Ticket.registration_id == registration_id)
        claim = claim.where(TicketCharge.ticket_id.in_(mine))
    claimed = db.session.execute(
        claim.values(settled_at=at).returning(TicketCharge.ticket_id, TicketCharge.charge_id),
        execution_options={"synchronize_session": False},
    )
    keys = sorted((row.ticket_id, row.charge_id) for row in claimed)
    for ticket_id, charge_id in keys:
        ticket = db.session.scalars(held(select(Ticket).where(Ticket.id == ticket_id), Ticket)).one()
        payment = db.session.scalars(select(Payment).where(Payment.charge_id == charge_id)).one()
        if ticket.state is TicketState.UNPAID:
            step(ticket, TicketState.VALID, (TicketState.UNPAID,), at=at)
            ticket.paid_at, ticket.paid_to = at, f"{ONLINE.name} {payment.number}"
            record(by=ONLINE, action="ticket.paid", subject_type="ticket", subject=ticket.code, at=at)
        else:
            row = db.session.get_one(TicketCharge, (charge_id, ticket_id), populate_existing=True)
            _return(row, payment, ticket, by=ONLINE, at=at)
    db.session.flush()
    return len(keys)


def give_back_called_off(*, at: datetime) -> int:
    """The fair is called off: what was paid online for its tickets goes back; answers for how many."""
    off = select(Edition.id).where(Edition.state == EditionState.CANCELLED)
    query = (
        select(TicketCharge, Payment, Ticket)
        .join(Payment, Payment.charge_id == TicketCharge.charge_id)
        .join(Ticket, Ticket.id == TicketCharge.ticket_id)
        .where(Payment.state == PaymentState.PAID, Ticket.edition_id.in_(off))
        .where(TicketCharge.settled_at.is_not(None), TicketCharge.returned_at.is_(None))
        .order_by(TicketCharge.ticket_id, TicketCharge.charge_id)
        .limit(A_BATCH)
    )
    rows = db.session.execute(query).all()
    for row, payment, ticket in rows:
        _return(row, payment, ticket, by=ONLINE, at=at)
    return len(rows)


def let_go_of(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """The ticket is cancelled, or paid at the desk: a charge for it is withdrawn, what was paid online goes back.

    A charge that is paid in this moment is settled by the sweep, which gives the share back.
    """
    query = select(TicketCharge, Payment).join(Payment, Payment.charge_id == TicketCharge.charge_id)
    mine = query.where(TicketCharge.ticket_id == ticket.id).order_by(TicketCharge.charge_id)
    for row, payment in db.session.execute(mine).all():
        if withdraw_charge(number=payment.number, by=by, at=at):
            continue
        paid = hold(payment.id).state is PaymentState.PAID
        if paid and row.settled_at is not None and row.returned_at is None:
            _return(row, payment, ticket, by=by, at=at)


def _return(row: TicketCharge, payment: Payment, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    """Give back a ticket's share of what was paid: all tickets of a charge cost the same."""
    tickets = db.session.scalar(
        select(func.count()).select_from(TicketCharge).where(TicketCharge.charge_id == row.charge_id)
    )
    share = Money(payment.amount.amount // (tickets or 1))
    refund_charge(payment_id=payment.id, amount=share, key=f"ticket:{ticket.code}", by=by, at=at)
    row.returned_at = at


def _awaited(tickets: list[Ticket]) -> list[tuple[Payment, set[int]]]:
    """The payments under way for any of these, with the tickets that each covers."""
    ids = [each.id for each in tickets]
    any_of = select(TicketCharge.charge_id).where(TicketCharge.ticket_id.in_(ids))
    query = (
        select(Payment, TicketCharge.ticket_id)
        .join(TicketCharge, TicketCharge.charge_id == Payment.charge_id)
        .where(Payment.charge_id.in_(any_of), Payment.state == PaymentState.AWAITING)
        .options(*with_due())
        .order_by(Payment.id)
    )
    found: dict[int, tuple[Payment, set[int]]] = {}
    for payment, ticket_id in db.session.execute(query):
        found.setdefault(payment.id, (payment, set()))[1].add(ticket_id)
    return list(found.values())


def _facts(edition: Edition, registration: Registration, code: str) -> ChargeFacts:
    return ChargeFacts(
        kind=ChargeKind.TICKETS,
        title=edition.title,
        title_en=edition.title_en,
        recipient=registration.name,
        phone=registration.phone or "",
        email=registration.email or "",
        language=registration.language,
        page=ticket_path(edition.slug, code),
    )
