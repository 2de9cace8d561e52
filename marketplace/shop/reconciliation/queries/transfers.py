"""Bank transfers: what orders were paid by them, and the pieces of each that came."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.shop.bank.models import BankAllocation, BankTransfer, TransferState
from marketplace.shop.orders.models import NOTHING, PaymentMethod
from marketplace.shop.payments.models import Payment
from marketplace.shop.reconciliation.queries.cards import Lists
from marketplace.shop.reconciliation.rows import Kind, Row, Side, Way
from marketplace.shop.settlements.queries import credit


def rows(since: datetime, until: datetime) -> Lists:
    """Orders paid by transfers of this time, or placed in it, with every piece that paid them; and what is left."""
    within = (BankTransfer.booked_at >= since, BankTransfer.booked_at < until)
    paid = select(BankAllocation.payment_id).join(BankAllocation.transfer)
    touched = paid.where(*within, BankAllocation.payment_id.is_not(None))
    by_transfer = (Payment.method == PaymentMethod.BANK_TRANSFER, Payment.captured > NOTHING)
    wanted = or_(Payment.id.in_(touched), (Payment.created_at >= since) & (Payment.created_at < until))
    orders = select(Payment.id, Payment.captured, Payment.created_at, Payment.number)
    here, numbers = [], {}
    for payment_id, captured, at, number in db.session.execute(orders.where(*by_transfer, wanted)):
        numbers[payment_id] = number
        here.append(Row(Side.HERE, Way.TRANSFER, Kind.TRANSFER, number, number, captured, day_of(at), about=number))
    paying = BankAllocation.payment_id.in_(select(Payment.id).where(*by_transfer, wanted))
    return here, [], [*_pieces(or_(and_(*within), paying)), *_left(*within)]


def _pieces(which: ColumnElement[bool]) -> list[Row]:
    """What of transfers was given to orders, or went back. What settles something else has its own list."""
    query = (
        select(BankAllocation, BankTransfer.code, BankTransfer.booked_at, BankTransfer.note, Payment.number)
        .join(BankAllocation.transfer)
        .outerjoin(BankAllocation.payment)
        .where(which, BankAllocation.settles.is_(None))
    )
    return [
        Row(
            Side.BANK,
            Way.TRANSFER,
            Kind.TRANSFER if number else Kind.SENT_BACK,
            f"{code}/{piece.id}",
            number or "",
            piece.amount,
            day_of(at),
            note=note,
            about=code,
        )
        for piece, code, at, note, number in db.session.execute(query)
    ]


def _left(*which: ColumnElement[bool]) -> list[Row]:
    """What of transfers nobody has decided on."""
    query = select(BankTransfer).where(*which, BankTransfer.allocated < BankTransfer.amount)
    return [
        Row(
            Side.BANK,
            Way.TRANSFER,
            Kind.TRANSFER,
            row.code,
            "",
            row.left,
            day_of(row.booked_at),
            numbers=credit(row).numbers,
            note=row.note,
            about=row.code,
            double=row.state is TransferState.DOUBLE,
        )
        for row in db.session.scalars(query)
    ]
