"""Many give back of one payment at once: never more goes back than came, and nothing goes back twice.

Each guard is also taken away, and the fault shows. Where only a lock stands between the two, the twin runs on
PostgreSQL: on SQLite a whole write block waits for the other, so there is no such moment.
"""

from collections.abc import Callable
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import selectinload

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Conflict, Refusal
from marketplace.platform.core.money import Money, total
from marketplace.shop.books.queries import verify
from marketplace.shop.fulfilment.services import confirm_part, decline_part, deliver_part, ship_part
from marketplace.shop.orders.models import OrderPart
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.models import Payment, Refund, RefundReason
from marketplace.shop.payments.paying import send_refund
from marketplace.shop.payments.queries import payment_of, with_due
from marketplace.shop.payments.services import ask_refund, learn, refund_part, sent_by_hand
from marketplace.shop.payouts.services import give_back
from tests.builders import BY, make_user
from tests.conftest import AT
from tests.databases import KINDS
from tests.faults.test_judged_at_once import house, meet
from tests.faults.test_last_units import shop, together
from tests.money import books, make_attempt, make_prepaid, offer_cards, paid
from tests.paying_out import make_maker, sell

__all__ = ["house", "shop"]  # the fixtures

PROCESSES, A_LOOK = 32, 0.02  # seconds between looking and taking
ONCE_EACH = [(kind, "whole") for kind in KINDS]


def unheld(payment_id: int) -> Payment:
    """`hold` without its lock."""
    everything = (*with_due(), selectinload(Payment.attempts), selectinload(Payment.refunds))
    query = select(Payment).where(Payment.id == payment_id).options(*everything)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def faults() -> set[str]:
    """What does not hold, by its words."""
    return {fault.what for finding in verify(at=AT) for fault in finding.faults}


def insisting(deed: Callable[[], object]) -> bool:
    """Do it in a block of its own; False where it is refused. SQLite's queue is not fair: who starves asks again."""
    while True:
        try:
            with transaction():
                deed()
        except Refusal:
            return False
        except OperationalError:
            continue
        return True


def paid_order(app: Flask, *, delivered: bool = True) -> str:
    """An order of three producers' parts, paid by card: the first delivered, the second declined, the third cancelled.

    `delivered`: False leaves all of them placed.
    """
    offer_cards(app)
    makers = [make_maker(f"HTX {n}", at=AT) for n in range(3)]
    payment = make_prepaid(*((maker.variant, 2) for maker in makers), at=AT)
    attempt, number = make_attempt(payment, at=AT), payment.number
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=AT)
    if delivered:
        users = {maker.producer.id: maker.user.actor() for maker in makers}
        first, second, _third = (users[part.producer_id] for part in parts_of(number))
        with transaction():
            confirm_part(number=number, position=1, by=first, at=AT)
            ship_part(number=number, position=1, carrier="Bưu điện", tracking_number="", by=first, at=AT)
            deliver_part(number=number, position=1, by=first, at=AT)
            decline_part(number=number, position=2, reason="Hết hàng", by=second, at=AT)
            cancel_order(number=number, by=GUEST, at=AT)
    return number


def parts_of(number: str) -> list[OrderPart]:
    query = select(OrderPart).join(OrderPart.order).options(selectinload(OrderPart.lines))
    where = OrderPart.order.has(number=number)
    return list(db.session.scalars(query.where(where).order_by(OrderPart.position)))


def given_back() -> Money:
    return total(db.session.scalars(select(Refund.amount)))


def test_32_processes_ask_for_whatever_they_can(shop: Flask) -> None:
    """Goodwill for what was delivered, all of it as returned, what was declined, what was cancelled: more than came.

    Each part goes back once, and the delivered one never further than what was paid for it.
    """
    with shop.app_context():
        number = paid_order(shop)
        payment, parts = payment_of(number), parts_of(number)
        half = parts[0].total.split([1, 1])[1]

    def of_delivered(amount: Money, reason: RefundReason) -> None:
        give_back(number=number, position=1, amount=amount, reason=reason, note="x", by=BY, at=AT)

    def of_part(part: OrderPart) -> None:
        refund_part(payment_id=payment.id, part=part, by=system("payments"), at=AT)

    ways: list[Callable[[], None]] = [
        lambda: of_delivered(half, RefundReason.GOODWILL),
        lambda: of_delivered(parts[0].total, RefundReason.RETURNED),
        lambda: of_part(parts[1]),
        lambda: of_part(parts[2]),
    ]

    def ask(n: int) -> bool:
        return insisting(ways[n % 4])

    came = together(shop, ask, PROCESSES, processes=PROCESSES)
    with shop.app_context():
        found = payment_of(number)
        back = {part.id: [r.amount for r in found.refunds if r.part_id == part.id] for part in parts}
        assert [back[part.id] for part in parts[1:]] == [[part.total] for part in parts[1:]]
        assert back[parts[0].id] in ([parts[0].total], [half, half])
        assert came == PROCESSES // 2 + len(back[parts[0].id]), "asked again, a part's refund is the one there is"
        assert found.refunded == given_back() <= found.captured
        assert faults() == set()


@pytest.mark.parametrize("guarded", [True, False])
def test_the_guard_is_what_holds(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """32 ask for an eighth each: eight get it; the twin, which writes what it has read before, gives back too much."""
    with shop.app_context():
        number = paid_order(shop, delivered=False)
        eighth = payment_of(number).amount.split([1] * 8)[-1]
    seen: list[Payment] = []

    def careless(payment: Payment, amount: Money) -> None:
        if seen[-1].captured < seen[-1].refunded + amount:
            raise Conflict
        there = update(Payment).where(Payment.id == payment.id)
        db.session.execute(there.values(refunded=seen[-1].refunded + amount))

    if not guarded:
        monkeypatch.setattr("marketplace.shop.payments.services.refunds._set_aside", careless)

    def ask(n: int) -> bool:
        seen.append(payment_of(number))
        sleep(A_LOOK)
        facts = {"reason": RefundReason.GOODWILL, "key": f"hand:{n}", "by": BY, "at": AT}
        return insisting(lambda: ask_refund(payment=payment_of(number), amount=eighth, **facts))  # type: ignore[arg-type]

    came = together(shop, ask, PROCESSES, processes=PROCESSES)
    with shop.app_context():
        captured = payment_of(number).captured
        if guarded:
            assert (came, given_back() <= captured, faults()) == (8, True, set())
        else:
            assert came > 8
            assert given_back() > captured
            assert "refunds_over" in faults()


@pytest.mark.parametrize(("kind", "guard"), [*ONCE_EACH, ("postgresql", "unheld")])
def test_two_officers_give_back_the_whole_of_one_part(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """The payment has room for both, its part has not; the twin without the lock gives back more than the part cost."""
    with house.app_context():
        number = paid_order(house)
        paid_for_it = parts_of(number)[0].total
    if guard == "unheld":
        monkeypatch.setattr("marketplace.shop.payouts.services.giving_back.hold", unheld)

    def give(reason: RefundReason) -> Callable[[], object]:
        return lambda: give_back(number=number, position=1, amount=paid_for_it, reason=reason, note="x", by=BY, at=AT)

    came = meet(house, give(RefundReason.GOODWILL), give(RefundReason.RETURNED))
    with house.app_context():
        if guard == "whole":
            assert (came, given_back(), faults()) == ("409 refund_too_much", paid_for_it, set())
        else:
            assert (came, given_back()) == ("done", paid_for_it + paid_for_it)


@pytest.mark.parametrize(
    ("kind", "guard"), [*ONCE_EACH, *((kind, "unasked") for kind in KINDS), ("postgresql", "unheld")]
)
def test_two_officers_send_one_refund_by_hand(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """The second is told before it goes to the bank once more; the twin takes the second transfer's number as well."""
    with house.app_context():
        order = sell(make_maker(at=AT), at=AT)
        officer, other = (make_user(Role.PROVINCE_OFFICER, at=AT).actor() for _ in range(2))
        facts = {"reason": RefundReason.GOODWILL, "note": "x", "by": BY, "at": AT}
        with transaction():
            code = give_back(number=order.number, position=1, amount=Money(9_000), **facts).code  # type: ignore[arg-type]
        send_refund(code, AT)
    if guard == "unasked":
        monkeypatch.setattr("marketplace.shop.payments.services.refunds._still_waits", lambda _refund: None)
    if guard == "unheld":
        monkeypatch.setattr("marketplace.shop.payments.services.refunds.hold", unheld)
    came = meet(
        house,
        lambda: sent_by_hand(code=code, bank_reference="FT1", by=officer, at=AT),
        lambda: sent_by_hand(code=code, bank_reference="FT2", by=other, at=AT),
    )
    with house.app_context():
        (reference,) = db.session.scalars(select(Refund.reference))
        said = db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.action == "refund.sent"))
        assert books()["bank"] == -9_000, "the ledger takes the event once in either case"
        assert (came, reference, said) == (("409 conflict", "FT1", 1) if guard == "whole" else ("done", "FT2", 2))
