"""Booths paid online: a charge for what is owed, its money given back by the office."""

from datetime import datetime, timedelta

from marketplace.people.producers.queries import get_own, people_of
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.payments.models import ChargeKind, Payment, Refund
from marketplace.shop.payments.services import ChargeFacts, ask_charge, refund_charge, withdraw_charge
from marketplace.trade.exhibitors.models import ApplicationState, FeeCharge
from marketplace.trade.exhibitors.queries import find_own, get_application, open_edition
from marketplace.trade.exhibitors.services.steps import NotNow, note
from marketplace.trade.exhibitors.standing import Fee, fees_of, kept, told_of
from marketplace.trade.fairs.models import Edition
from marketplace.trade.fairs.services.steps import office_edition

TIME_TO_PAY = timedelta(hours=24)


def ask_fee(*, code: str, method: PaymentMethod, by: Actor, at: datetime) -> Payment:
    """What an exhibitor pays online for its booth: all that is still owed; asked again, the same while it stands.

    What is owed by another sum than was asked (another booth, a part paid at the office) is asked anew, and the charge
    before is withdrawn. Raises NotNow where nothing is owed, or its place is not confirmed yet.
    """
    edition = open_edition(code, hold=True)
    row = find_own(edition.id, by=by, hold=True)
    if row is None:
        raise NotFound
    _placing, fee = told_of(edition, row)
    if row.state is not ApplicationState.CONFIRMED or not fee.owed:
        raise NotNow
    if fee.awaited is not None:
        if fee.awaited.amount == fee.owed and fee.awaited.due.pay_until is not None and fee.awaited.due.pay_until > at:
            return fee.awaited
        withdraw_charge(number=fee.awaited.number, by=by, at=at)
    facts = _facts(edition, by)
    payment = ask_charge(facts=facts, amount=fee.owed, method=method, until=at + TIME_TO_PAY, by=by, at=at)
    db.session.add(FeeCharge(charge_id=payment.charge_id, application_id=row.id))
    note(row, "charged", by=by, at=at, amount=fee.owed.amount, charge=payment.number)
    return payment


def refund_online_fee(*, code: str, application: str, number: str, by: Actor, at: datetime) -> Refund:
    """Give back what was paid online beyond what is asked, or all of it where nothing is asked any more.

    Raises NotNow where nothing is to be given back.
    """
    edition = office_edition(code, by)
    row = get_application(edition.id, application, hold=True)
    fee = fees_of([row.id])[row.id]
    payment = next((each for each in fee.online if each.number == number), None)
    if payment is None:
        raise NotFound
    amount = min(kept(payment), fee.to_return)
    if not amount:
        raise NotNow
    key = f"booth:{payment.refunded.amount}"  # whoever asks twice at once: the second finds nothing left to return
    refund = refund_charge(payment_id=payment.id, amount=amount, key=key, by=by, at=at)
    note(row, "refunded", by=by, at=at, amount=amount.amount, charge=number)
    return refund


def drop_awaited(fee: Fee, *, by: Actor, at: datetime) -> None:
    """Money came another way, or none is asked: what was begun online is withdrawn; what still comes goes back."""
    if fee.awaited is not None:
        withdraw_charge(number=fee.awaited.number, by=by, at=at)


def _facts(edition: Edition, by: Actor) -> ChargeFacts:
    producer = get_own(by)
    payer = next((user for user in people_of(producer.id) if user.id == by.user_id), None)
    return ChargeFacts(
        kind=ChargeKind.BOOTH,
        title=edition.title,
        title_en=edition.title_en,
        recipient=producer.name,
        phone=(payer.phone or "") if payer else "",
        email=payer.email if payer else "",
        language=payer.language if payer else "vi",
        page=f"/producer/fairs/{edition.code}",
    )
