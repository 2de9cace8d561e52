"""Builders of money that goes on: a part delivered, a producer with a checked account, officers."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Insert, insert, select, update

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.people.verification.models import AccountState, BankAccount
from marketplace.platform.core.db import db, transaction
from marketplace.shop.catalog.models import Variant
from marketplace.shop.fulfilment.services import complete_part, confirm_part, deliver_part, ship_part
from marketplace.shop.ledger.models import PartTerms
from marketplace.shop.orders.models import Order, OrderPart
from tests.builders import make_offer, make_order, make_producer, make_user


class Maker(NamedTuple):
    """A producer with its owner and goods on sale."""

    user: User
    producer: Producer
    variant: Variant


def make_maker(name: str = "HTX Thử", *, at: datetime, account: bool = True, price: int = 50_000) -> Maker:
    """A producer with something to sell, and an account that the office has checked."""
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer(name, at=at, user=user)
    variant = make_offer(f"Miến {name}", at=at, producer=producer, price=price, stock=50)
    if account:
        make_account(producer, at=at)
    return Maker(user, producer, variant)


def make_account(producer: Producer, *, at: datetime, number: str = "7900205012345") -> None:
    """An account in force."""
    with transaction():
        db.session.execute(_account(producer, at=at, number=number))


def _account(producer: Producer, *, at: datetime, number: str) -> Insert:
    facts: dict[str, object] = {"bank_bin": "970405", "bank_name": "Agribank", "number": number, "holder": "HTX THU"}
    facts |= {"entered_by": "A", "decided_by": "B", "told": [], "remark": ""}
    made = {"producer_id": producer.id, "state": AccountState.IN_FORCE, "entered_at": at, "decided_at": at}
    return insert(BankAccount).values(**made, **facts)


def declare_anew(producer: Producer, *, at: datetime) -> None:
    """The account in force is declared and checked again, as after a payment that the bank could not make."""
    in_force = (BankAccount.producer_id == producer.id, BankAccount.state == AccountState.IN_FORCE)
    db.session.execute(update(BankAccount).where(*in_force).values(state=AccountState.REPLACED))
    db.session.execute(_account(producer, at=at, number="7900205012345"))


def deliver(order: Order, maker: Maker, *, at: datetime, carrier: str = "Bưu điện", completed: bool = False) -> None:
    """Take the only part of an order to its buyer."""
    by, number = maker.user.actor(), order.number
    with transaction():
        confirm_part(number=number, position=1, by=by, at=at)
    with transaction():
        ship_part(number=number, position=1, carrier=carrier, tracking_number="", by=by, at=at)
    with transaction():
        deliver_part(number=number, position=1, by=by, at=at)
    if completed:
        with transaction():
            complete_part(number=number, position=1, at=at + timedelta(days=7))


def sell(maker: Maker, units: int = 2, *, at: datetime, carrier: str = "Bưu điện") -> Order:
    """An order paid at the door, delivered."""
    order = make_order((maker.variant, units), at=at)
    deliver(order, maker, at=at, carrier=carrier)
    return order


def taxed(maker: Maker, units: int, at: datetime) -> Order:
    """A delivered order of a household, 1 % and 0.5 % withheld."""
    order = make_order((maker.variant, units), at=at)
    with transaction():
        part = db.session.scalars(select(OrderPart.id).where(OrderPart.order_id == order.id)).one()
        terms = update(PartTerms).where(PartTerms.part_id == part)
        db.session.execute(terms.values(vat_bp=100, income_bp=50, tax_subject="household"))
    deliver(order, maker, at=at)
    return order


def officers(at: datetime) -> tuple[User, User]:
    """Two people who keep the money."""
    return make_user(Role.PROVINCE_OFFICER, at=at), make_user(Role.ADMIN, at=at)
