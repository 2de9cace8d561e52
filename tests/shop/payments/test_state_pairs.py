"""Every standing of a payment with every state of its order's part, and what each piece of news makes of the two.

The tables are in `pairs`. What never happens is named by a rule there, proved here by trying every act from every
pair; a new state without a row, or without a rule, fails.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.running import run_due
from marketplace.shop.bank.models import TransferSource
from marketplace.shop.bank.queries import count_queues
from marketplace.shop.bank.services import take_transfers
from marketplace.shop.books.queries import verify
from marketplace.shop.fulfilment import services as fulfilment
from marketplace.shop.orders.models import TRANSITIONS, OrderPart, PartState, PaymentMethod
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.jobs import refund, watch_payments
from marketplace.shop.payments.models import Attempt, PaymentState
from marketplace.shop.payments.paying import ask_again, pay
from marketplace.shop.payments.providers.interface import Fact, Standing
from marketplace.shop.payments.queries import payment_of
from marketplace.shop.payments.services import change_method, lapse, learn
from marketplace.shop.payments.services.refunds import REFUND
from tests.money import books, incoming, make_prepaid, make_transfer, offer_transfers
from tests.paying_out import Maker, make_maker
from tests.peers.teller import Teller, offer_teller
from tests.shop.payments.pairs import CARDS, DOORS, NOTHING_CAME, TRANSFERS, Pair, why_never

CASH, CARD, TRANSFER = PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.CARD, PaymentMethod.BANK_TRANSFER
MORE, SOON, TWO_DAYS = Money(5_000), timedelta(minutes=3), timedelta(days=2)


@dataclass
class Desk:
    """One order brought to a pair, and whoever can say something of it."""

    app: Flask
    at: datetime
    method: PaymentMethod
    teller: Teller
    maker: Maker

    def __post_init__(self) -> None:
        ordered = CARD if self.method is CASH else self.method
        self.number = make_prepaid((self.maker.variant, 2), at=self.at, method=ordered).number
        self.total = payment_of(self.number).amount
        if ordered is CARD:
            pay(self.number, self.at)
            self.say(0, Fact("", Standing.EXPIRED))  # its page stays open in another tab
            pay(self.number, self.at)
        if self.method is CASH:
            with transaction():
                change_method(payment_id=payment_of(self.number).id, method=CASH, by=GUEST, at=self.at)

    def attempts(self) -> list[Attempt]:
        return payment_of(self.number).attempts

    def say(self, n: int, fact: Fact) -> None:
        """The provider says something of an attempt."""
        attempt = self.attempts()[n]
        with transaction():
            learn(attempt_id=attempt.id, fact=Fact(attempt.reference or "", fact.standing), at=self.at)

    def paid(self, n: int = -1, *, more: Money | None = None, at: datetime | None = None) -> None:
        """An attempt is paid at the provider, though we may think otherwise of its page, and that is learned."""
        attempt = self.attempts()[n]
        page = self.teller.pages[attempt.reference or ""]
        if page.charge is None:
            page.standing, page.expires_at = Standing.OPEN, self.teller.now + SOON
            self.teller.pay(page.reference, self.total + more if more else self.total)
        ask_again(attempt.id, at or self.at)

    def both_paid(self) -> None:
        self.paid()
        self.paid(0)

    def came(self, amount: Money, *, at: datetime | None = None, times: int = 1) -> None:
        """A transfer that names the order, or several alike."""
        for _ in range(times):
            make_transfer(self.number, amount.amount, at=at or self.at)

    def came_again(self) -> None:
        """One transfer, told by the feed twice and by the statement once more."""
        by_feed = incoming(self.number, self.total.amount, at=self.at)
        by_file = replace(by_feed, reference="92704", source=TransferSource.STATEMENT, timed=False)
        for told in (by_feed, by_feed, by_file):
            with transaction():
                take_transfers(incoming=[told], at=self.at)

    def bring(self, payment: PaymentState, part: PartState) -> None:
        """To the pair, as people would."""
        if payment is PaymentState.PAID:
            self.came(self.total) if self.method is TRANSFER else self.paid()
        if payment is PaymentState.LAPSED:
            self.work(self.at + TWO_DAYS)
        else:
            for state in way_to(part):
                with transaction():
                    self.act(state)
            if payment is not PaymentState.AWAITING:
                self.work(self.at)
        assert self.pair() == (payment, part)

    def act(self, state: PartState) -> None:
        """Whatever takes a part to a state, in the open block."""
        facts = {"number": self.number, "position": 1, "by": self.maker.user.actor(), "at": self.at}
        acts: dict[PartState, Callable[[], object]] = {
            PartState.CONFIRMED: lambda: fulfilment.confirm_part(**facts),  # type: ignore[arg-type]
            PartState.PACKED: lambda: fulfilment.pack_part(**facts),  # type: ignore[arg-type]
            PartState.SHIPPED: lambda: fulfilment.ship_part(**facts, carrier="Bưu điện", tracking_number=""),  # type: ignore[arg-type]
            PartState.DELIVERED: lambda: fulfilment.deliver_part(**facts),  # type: ignore[arg-type]
            PartState.DECLINED: lambda: fulfilment.decline_part(**facts, reason="Hết"),  # type: ignore[arg-type]
            PartState.UNDELIVERED: lambda: fulfilment.report_undelivered(**facts, reason="Vắng"),  # type: ignore[arg-type]
            PartState.RETURNED: lambda: fulfilment.take_back(**facts),  # type: ignore[arg-type]
            PartState.COMPLETED: lambda: fulfilment.complete_part(number=self.number, position=1, at=self.at),
            PartState.CANCELLED: lambda: cancel_order(number=self.number, by=GUEST, at=self.at),
        }
        acts[state]()

    def work(self, at: datetime) -> None:
        """What the worker does, until nothing is left to do."""
        self.teller.now = at
        for _ in range(2):
            watch_payments(at)
            run_due(at, handlers={REFUND: refund, fulfilment.COMPLETE: lambda _p, _at: None}, lease=SOON)

    def pair(self) -> Pair:
        part = db.session.scalars(select(OrderPart).where(OrderPart.order.has(number=self.number))).one()
        return payment_of(self.number).state, part.state

    def told(self) -> str:
        """How it stands, as the tables say it."""
        payment, (state, part) = payment_of(self.number), self.pair()
        short = {"provider:teller": "teller", f"producer:{self.maker.producer.id}": "producer"}
        short["carrier:bưu điện"] = "carrier"
        there = sorted(f"{short.get(code, code)} {self._said(n)}" for code, n in books().items())
        back = sorted(f"{r.reason} {self._said(r.amount.amount)} {r.state}" for r in payment.refunds)
        queues = [queue.value for queue, n in count_queues().items() if n]
        standing = f"{state} {part} | {', '.join(there)} | {', '.join(back)}"
        return f"{standing} | {', '.join(queues)}" if queues else standing

    def _said(self, amount: int) -> str:
        whole = self.total.amount
        for times, name in ((1, "T"), (2, "2T"), (3, "3T")):
            if abs(amount - times * whole) <= MORE.amount:
                return f"{name}{amount - times * whole:+}" if amount != times * whole else name
        return str(amount)


def way_to(goal: PartState) -> list[PartState]:
    """The shortest way from placed to a state."""
    ways: list[list[PartState]] = [[PartState.PLACED]]
    while ways[0][-1] is not goal:
        way = ways.pop(0)
        ways += [[*way, after] for after in sorted(TRANSITIONS[way[-1]])]
    return ways[0][1:]


def news_of_cards(desk: Desk) -> dict[str, Callable[[], None]]:
    """What may be said of the attempt that paid, or would; `double`: of both."""
    news: dict[str, Callable[[], None]] = {
        standing.value: lambda standing=standing: desk.say(-1, Fact("", standing))  # type: ignore[misc]
        for standing in Standing
        if standing.value in NOTHING_CAME
    }
    return news | {
        "paid": desk.paid,
        "late": lambda: desk.paid(at=desk.at + TWO_DAYS),
        "over": lambda: desk.paid(more=MORE),
        "under": lambda: desk.paid(more=Money(0) - MORE),
        "double": desk.both_paid,
    }


def news_of_transfers(desk: Desk) -> dict[str, Callable[[], None]]:
    return {
        "exact": lambda: desk.came(desk.total),
        "again": desk.came_again,
        "late": lambda: desk.came(desk.total, at=desk.at + TWO_DAYS),
        "over": lambda: desk.came(desk.total + MORE),
        "under": lambda: desk.came(desk.total - MORE),
        "two": lambda: desk.came(desk.total, times=2),
    }


def news_at_the_door(desk: Desk) -> dict[str, Callable[[], None]]:
    by_card = news_of_cards(desk)
    kept = {name: by_card[name] for name in (*NOTHING_CAME, "paid")}
    return kept | {"transfer": lambda: desk.came(desk.total)}


@contextmanager
def undone(desk: Desk) -> Iterator[None]:
    """Within: what is committed is a savepoint, taken back at the end; so is what the provider did."""
    there = deepcopy(desk.teller.__dict__)
    db.session.remove()
    connection = cast("Connection", db.engines[None])
    point = connection.begin_nested()
    try:
        yield
    finally:
        db.session.remove()
        point.rollback()
        desk.teller.__dict__ |= there


@pytest.fixture
def desks(app: Flask, at: datetime) -> Callable[[PaymentMethod], Desk]:
    offer_transfers(app)
    teller = offer_teller(app, at)
    teller.percent = 0
    maker = make_maker(at=at)
    return lambda method: Desk(app, at, method, teller, maker)


TABLES = {CARD: (CARDS, news_of_cards), TRANSFER: (TRANSFERS, news_of_transfers), CASH: (DOORS, news_at_the_door)}
ROWS = [(method, *pair) for method, (table, _) in TABLES.items() for pair in table]


@pytest.mark.parametrize(("method", "payment", "part"), ROWS)
def test_the_news_comes_to_what_the_table_says(
    desks: Callable[[PaymentMethod], Desk], method: PaymentMethod, payment: PaymentState, part: PartState
) -> None:
    desk = desks(method)
    desk.bring(payment, part)
    table, news = TABLES[method]
    found, faults = {}, {}
    for name, tell in news(desk).items():
        with undone(desk):
            tell()
            desk.work(desk.at + TWO_DAYS if name == "late" else desk.at)
            found[name] = desk.told()
            faults[name] = [fault for finding in verify(at=desk.at) for fault in finding.faults]
    assert found == table[payment, part]
    assert [name for name in faults if faults[name]] == []


def test_every_pair_has_a_row_or_a_reason() -> None:
    """A state that is new here is in neither, and fails."""
    rows = CARDS.keys() | TRANSFERS.keys() | DOORS.keys()
    assert CARDS.keys() == TRANSFERS.keys()
    for pair in product(PaymentState, PartState):
        assert (pair in rows) != bool(why_never(*pair)), pair
    for table, told in ((CARDS, len(CARDS)), (TRANSFERS, len(TRANSFERS)), (DOORS, len(PartState))):
        assert len(table) == told
        assert len({tuple(sorted(row)) for row in table.values()}) == 1, "each row tells of the same news"
    assert {standing.value for standing in Standing} == {*NOTHING_CAME, "paid"}


@pytest.mark.parametrize(("payment", "part"), [*CARDS, *DOORS])
def test_whatever_is_tried_no_other_pair_comes_about(
    desks: Callable[[PaymentMethod], Desk], payment: PaymentState, part: PartState
) -> None:
    """From each pair every act of buyer, producer, provider and time, done or refused, leads to one with a row."""
    desk = desks(CASH if payment is PaymentState.AT_THE_DOOR else CARD)
    desk.bring(payment, part)
    whole = payment_of(desk.number)
    fact = Fact("", Standing.PAID, whole.amount, "ch_other")
    acts: list[Callable[[], object]] = [
        *(lambda state=state: desk.act(state) for state in PartState if state is not PartState.PLACED),
        lambda: learn(attempt_id=whole.attempts[0].id, fact=fact, at=desk.at),
        lambda: lapse(payment_id=whole.id, at=desk.at),
        lambda: lapse(payment_id=whole.id, at=desk.at + TWO_DAYS),
        *(
            lambda method=method: change_method(payment_id=whole.id, method=method, by=GUEST, at=desk.at)
            for method in PaymentMethod
        ),
    ]
    for act in acts:
        with undone(desk):
            with suppress(Refusal), transaction():
                act()
            assert why_never(*desk.pair()) == ""
