"""Orders, payments, refunds, webhooks, transfers, payouts, deaths and silences in any order: the books hold after each.

After each step every invariant of `shop.books` is asked, and whether our books have anything of the provider that it
has not. Once all is seen to they say the same, to the dong. `FAULT_ROUNDS=long` goes further. The twins take one guard
away each, and the machine must find it.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from marketplace.platform.core.access import GUEST
from marketplace.platform.core.money import Money
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.models import BY_A_PERSON, RefundReason
from marketplace.shop.payments.paying import pay, pay_otherwise
from marketplace.shop.payments.providers.interface import ProviderRefused, RefundStanding, Standing
from marketplace.shop.payments.queries import list_refunds
from marketplace.shop.payouts.services import give_back
from tests.conftest import AT
from tests.databases import KINDS, migrated_app, rolled_back
from tests.faults.money_world import OWN, PROVINCE, World

LONG = os.environ.get("FAULT_ROUNDS") == "long"
MOST_ORDERS, LAST = 4, AT + timedelta(days=13)  # an older order that nobody sees to is a fault, by I10
T = TypeVar("T")
ANY = st.integers(0, 11)
GOODS = st.sampled_from([((0, 1),), ((1, 1),), ((0, 1), (1, 2))])
CODES = st.sampled_from([(), (), (OWN,), (PROVINCE,), (OWN, PROVINCE)])
METHODS = st.sampled_from([PaymentMethod.CARD, PaymentMethod.CARD, *PaymentMethod])
Goods: TypeAlias = tuple[tuple[int, int], ...]
Codes: TypeAlias = tuple[str, ...]


def one(of: Sequence[T], n: int) -> T:
    """One of several."""
    return of[n % len(of)]


class Market(RuleBasedStateMachine):
    """Whatever people, banks, the provider and the worker may do, one deed after the other."""

    kind = KINDS[0]

    def __init__(self) -> None:
        super().__init__()
        app = migrated_app(self.kind)
        self.ways = dict(app.extensions["payments"])
        self.undone = rolled_back(app)
        self.undone.__enter__()
        self.world = World(app)
        self.spoil(self.world)

    def spoil(self, world: World) -> None:
        """A twin takes a guard away."""

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.all_is_seen_to()
                self.the_books_hold()
        finally:
            self.world.close()
            self.world.app.extensions["payments"] = self.ways
            self.undone.__exit__(None, None, None)

    @property
    def ordered(self) -> bool:
        return bool(self.world.orders)

    @property
    def room(self) -> bool:
        return len(self.world.orders) < MOST_ORDERS

    @initialize(bought=st.lists(METHODS, max_size=2), week=st.booleans(), paid_out=st.integers(0, 3))
    def the_story_so_far(self, bought: list[PaymentMethod], week: bool, paid_out: int) -> None:
        for n, method in enumerate(bought):
            self.somebody_buys(method, ((n, 2),), ())
        if week:
            self.world.days_pass(8)
            for step in ("make", "approve", "sent")[:paid_out]:
                self.world.payout(step)

    # buyers

    @precondition(lambda self: self.room)
    @rule(method=METHODS, goods=GOODS, codes=CODES)
    def somebody_orders(self, method: PaymentMethod, goods: Goods, codes: Codes) -> None:
        self.world.place(method, goods, codes)

    @precondition(lambda self: self.room)
    @rule(goods=GOODS, codes=CODES)
    def somebody_orders_and_pays_by_card(self, goods: Goods, codes: Codes) -> None:
        self.world.place(PaymentMethod.CARD, goods, codes)
        self.begins_to_pay(-1)
        self.at_the_providers_page(-1, True)

    @precondition(lambda self: self.room)
    @rule(method=METHODS, goods=GOODS, codes=CODES)
    def somebody_buys(self, method: PaymentMethod, goods: Goods, codes: Codes) -> None:
        """Ordered, paid, delivered, as most are."""
        self.world.place(method, goods, codes)
        if method is PaymentMethod.CARD:
            self.begins_to_pay(-1)
            self.at_the_providers_page(-1, True)
            self.minutes_pass(3)
            self.the_worker_goes_round()
        elif method is PaymentMethod.BANK_TRANSFER:
            self.world.transfer(-1, "exact")
        for n, (number, _part) in enumerate(self.world.parts()):
            if self.ordered and number == self.world.orders[-1]:
                for _ in range(3):
                    self.world.part_moves(n, "forth")

    @precondition(lambda self: self.ordered)
    @rule(n=ANY)
    def begins_to_pay(self, n: int) -> None:
        if self.ordered:
            with self.world.doing():
                pay(one(self.world.orders, n), self.world.at)

    @precondition(lambda self: self.world.teller.pages)
    @rule(n=ANY, good=st.sampled_from([True, True, False]))
    def at_the_providers_page(self, n: int, good: bool) -> None:
        teller = self.world.teller
        pages = [page.reference for page in teller.pages.values() if page.standing is Standing.OPEN]
        if pages:
            with suppress(ProviderRefused):
                teller.pay(one(pages, n)) if good else teller.fail(one(pages, n))

    @precondition(lambda self: self.ordered)
    @rule(n=ANY)
    def the_buyer_cancels(self, n: int) -> None:
        number = one(self.world.orders, n)
        self.world.do(lambda: cancel_order(number=number, by=GUEST, at=self.world.at))

    @precondition(lambda self: self.ordered)
    @rule(n=ANY, method=METHODS)
    def the_buyer_pays_otherwise(self, n: int, method: PaymentMethod) -> None:
        with self.world.doing():
            pay_otherwise(one(self.world.orders, n), method, GUEST, self.world.at)

    # producers, carriers, the office

    @precondition(lambda self: self.ordered)
    @rule(n=ANY, act=st.sampled_from(["forth", "forth", "forth", "pack", "decline", "undelivered", "back"]))
    def a_part_moves(self, n: int, act: str) -> None:
        self.world.part_moves(n, act)

    @precondition(lambda self: self.ordered)
    @rule(n=ANY, quarters=st.integers(1, 4), reason=st.sampled_from([RefundReason.GOODWILL, RefundReason.RETURNED]))
    def the_office_gives_back(self, n: int, quarters: int, reason: RefundReason) -> None:
        number, part = one(self.world.parts(), n)
        amount = Money(part.total.amount * quarters // 4)
        about: dict[str, Any] = {
            "number": number,
            "position": part.position,
            "amount": amount,
            "reason": reason,
            "note": "x",
        }
        self.world.do(lambda: give_back(**about, by=self.world.keeper, at=self.world.at))

    @precondition(lambda self: self.ordered and bool(list_refunds(BY_A_PERSON)))
    @rule(n=ANY)
    def the_office_sends_by_hand(self, n: int) -> None:
        self.world.by_hand(one(list_refunds(BY_A_PERSON), n))

    @precondition(lambda self: self.ordered)
    @rule(n=ANY, how=st.sampled_from(["exact", "exact", "under", "over", "unknown", "again"]))
    def a_transfer_comes(self, n: int, how: str) -> None:
        self.world.transfer(n, how)

    @precondition(lambda self: self.world.open_transfers())
    @rule(n=ANY, act=st.sampled_from(["assign", "send back", "close"]))
    def the_office_decides_on_a_transfer(self, n: int, act: str) -> None:
        self.world.decide_on_transfer(n, act)

    @precondition(lambda self: self.world.carriers_owe())
    @rule(how=st.sampled_from(["exact", "under", "over", "settle"]))
    def a_carrier_hands_over(self, how: str) -> None:
        self.world.remit(how)

    @precondition(lambda self: self.world.payout_steps())
    @rule(n=ANY)
    def producers_are_paid_out(self, n: int) -> None:
        self.world.payout(one(self.world.payout_steps(), n))

    # the provider

    @precondition(lambda self: self.world.teller.letters)
    @rule(n=ANY, times=st.sampled_from([0, 1, 1, 2]))
    def a_letter_comes(self, n: int, times: int) -> None:
        """In any order; lost, or more often than once."""
        self.world.letter(n % len(self.world.teller.letters), times=times)

    @rule(wait=st.booleans())
    def refunds_wait_there(self, wait: bool) -> None:
        self.world.teller.refunds_wait = wait

    @precondition(lambda self: self.world.teller.refunds)
    @rule(n=ANY, standing=st.sampled_from([RefundStanding.DONE, RefundStanding.DONE, RefundStanding.FAILED]))
    def a_refund_arrives(self, n: int, standing: RefundStanding) -> None:
        self.world.teller.finish_refund(one(list(self.world.teller.refunds), n), standing)

    @precondition(lambda self: self.world.teller.charges)
    @rule(n=ANY, step=st.sampled_from(["open", "open", "won", "lost"]))
    def a_cards_bank_takes_back(self, n: int, step: str) -> None:
        teller = self.world.teller
        if step == "open":
            teller.dispute(one(list(teller.charges), n))
        elif teller.contests:
            teller.decide(one(list(teller.contests), n), won=step == "won")

    # time, the worker, death, silence

    @rule()
    def the_worker_goes_round(self) -> None:
        with self.world.doing():
            self.world.work()

    @rule(minutes=st.sampled_from([1, 3, 35]))
    def minutes_pass(self, minutes: int) -> None:
        """The worker goes round at least once in an hour."""
        time = timedelta(minutes=minutes)
        if self.world.at + time > self.world.worked_at + timedelta(minutes=45):
            self.world.calm()
            self.world.work()
        self.world.passes(time)

    @precondition(lambda self: self.world.at < LAST - timedelta(days=9))
    @rule(days=st.sampled_from([1, 8, 8]))
    def days_pass(self, days: int) -> None:
        self.world.days_pass(days)

    @rule(points=st.integers(1, 8))
    def the_process_will_die(self, points: int) -> None:
        self.world.dies_in = points + 1

    @rule(when=st.sampled_from(["before", "after"]))
    def the_provider_will_fall_silent(self, when: str) -> None:
        self.world.silent = when

    @rule()
    def all_is_seen_to(self) -> None:
        self.world.settle()
        assert self.world.astray() == []

    @invariant()
    def the_books_hold(self) -> None:
        assert self.world.faults() == []


def run(machine: type[Market], kind: str, *, examples: int, phases: Sequence[Phase] = (Phase.generate,)) -> None:
    """The machine on one database, the same way each time; at length where the rounds are long."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        type(machine.__name__, (machine,), {"kind": kind}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=120 if LONG else 40,
            derandomize=True,
            deadline=None,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=slow,
        ),
    )


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 12), ("postgresql", 5)])
def test_in_any_order_the_books_hold(kind: str, examples: int) -> None:
    run(Market, kind, examples=40 * examples if LONG else examples)


class Forgetful(Market):
    """Whoever takes in a payment does not look whether it is in the books already."""

    def spoil(self, world: World) -> None:
        world.patch("marketplace.shop.payments.services.outcomes._taken", lambda _attempt: False)


class Keyless(Market):
    """Each call brings the provider a key of its own, so that asking again is asking anew."""

    def spoil(self, world: World) -> None:
        world.teller.once = lambda _key, _params, deed: deed()


class Deaf(Market):
    """A dispute that comes before the word of its payment is dropped."""

    def spoil(self, world: World) -> None:
        world.patch("marketplace.shop.payments.jobs.find_attempt_by_charge", lambda charge: charge)


@pytest.mark.parametrize("twin", [Forgetful, Keyless])
def test_the_machine_finds_what_a_missing_guard_lets_through(twin: type[Market]) -> None:
    with pytest.raises(AssertionError):
        run(twin, "sqlite", examples=200, phases=[Phase.generate])
