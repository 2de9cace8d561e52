"""A small market for the state machine of money: makers, officers, a card provider, and a process that may die.

Every deed goes through the verbs that people and the worker use. `dies_in` counts down the points at which the process
can die (before and after each thing the provider does, before each commit) and strikes at 1; `silent` says whether the
provider's next call does nothing ("before") or is done without an answer ("after"). Where either strikes, the deed is
over, and the next one goes on from what is written down.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.platform.audit.jobs import seal_new
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.bank.models import BankTransfer, TransferSource, TransferState
from marketplace.shop.bank.queries import list_latest
from marketplace.shop.bank.services import assign, close, send_back, take_transfers
from marketplace.shop.books.queries import verify
from marketplace.shop.books.rules import History
from marketplace.shop.checkout.services import place_order
from marketplace.shop.fulfilment import services as fulfilment
from marketplace.shop.fulfilment.jobs import complete
from marketplace.shop.fulfilment.services import COMPLETE
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.ledger.services import set_commission
from marketplace.shop.orders.models import Order, OrderPart, PartState, PaymentMethod
from marketplace.shop.payments.jobs import handle_event, refund, watch_payments
from marketplace.shop.payments.models import BY_A_PERSON, Attempt, Payment, ProviderEvent, Refund, RefundState
from marketplace.shop.payments.paying import NotReached
from marketplace.shop.payments.providers.interface import ProviderDown, ProviderRefused, RefundStanding
from marketplace.shop.payments.queries import list_refunds, payment_of
from marketplace.shop.payments.services import sent_by_hand
from marketplace.shop.payments.services.events import EVENT, store_event
from marketplace.shop.payments.services.refunds import REFUND
from marketplace.shop.payouts.models import BatchState, PayoutBatch
from marketplace.shop.payouts.queries.balances import RESTS, list_owed
from marketplace.shop.payouts.queries.batches import list_batches
from marketplace.shop.payouts.queries.carriers import list_pockets, list_remittances
from marketplace.shop.payouts.queries.parts import given_for
from marketplace.shop.payouts.services import (
    approve_batch,
    cancel_batch,
    fail_line,
    make_batch,
    mark_sent,
    note_remittance,
    settle_remittance,
)
from marketplace.shop.payouts.services.carriers import RemittanceFacts
from marketplace.shop.settlements.jobs import fetch_settlements
from tests.builders import BY, enter, fill_basket, make_voucher, start_checkout
from tests.conftest import AT
from tests.money import books, incoming, offer_transfers
from tests.paying_out import declare_anew, make_maker, officers
from tests.peers.teller import offer_teller

HANDLERS = {EVENT: handle_event, REFUND: refund, COMPLETE: complete}
LEASE, A_SWEEP = timedelta(minutes=1), timedelta(minutes=3)
OWN, PROVINCE = "LOMIEN", "SONLA"


class Killed(BaseException):
    """The process is gone; what was committed stays."""


class World:
    """The market at an instant."""

    def __init__(self, app: Flask) -> None:
        self.app, self.at, self.worked_at = app, AT, AT
        self.dies_in, self.silent = 0, ""
        self.changed = True  # since it was asked whether the books hold
        self.teller = offer_teller(app, AT)
        self.teller.meets = self._meets
        offer_transfers(app)
        self.makers = [make_maker("Một", at=AT), make_maker("Hai", at=AT)]
        self.keeper, self.checker = (user.actor() for user in officers(AT))
        before = AT - timedelta(days=3)
        with transaction():
            household = update(Producer).where(Producer.id == self.makers[1].producer.id)
            db.session.execute(household.values(kind=ProducerKind.HOUSEHOLD))
            set_commission(producer_id=None, valid_from=AT.date(), rate_bp=500, reason="x", by=BY, at=before)
        make_voucher(OWN, at=AT, giver=self.makers[0].user, off=7_001, uses=3, each=2, hours=999)
        make_voucher(PROVINCE, at=AT, off=9_999, uses=3, hours=999)
        self.orders: list[str] = []
        event.listen(db.session, "before_commit", self._commits)

        self._patched = pytest.MonkeyPatch()

    def close(self) -> None:
        self._patched.undo()
        event.remove(db.session, "before_commit", self._commits)

    def patch(self, name: str, other: object) -> None:
        """A guard is off, as long as this world lasts."""
        self._patched.setattr(name, other)

    # dying, and a provider that does not answer

    def _commits(self, _session: object) -> None:
        self._point()
        self.changed = True

    def _meets(self, when: str, _call: str) -> None:
        self._point()
        if self.silent == when:
            self.silent = ""
            raise ProviderDown("teller")

    def _point(self) -> None:
        self.dies_in -= bool(self.dies_in)
        if self.dies_in == 1:
            raise Killed

    def calm(self) -> None:
        """Whatever was to strike does not."""
        self.dies_in, self.silent = 0, ""

    @contextmanager
    def doing(self) -> Iterator[None]:
        """Within: a refusal, a silence of the provider or a death ends the deed, and nothing more."""
        try:
            yield
        except (Refusal, NotReached, ProviderDown, ProviderRefused):
            db.session.rollback()
        except Killed:
            db.session.rollback()
            self.calm()

    def do(self, deed: Callable[[], object]) -> None:
        """In a block of its own."""
        with self.doing(), transaction():
            deed()

    # what happens by itself

    def work(self) -> None:
        """One round of the worker."""
        watch_payments(self.at)
        run_due(self.at, handlers=HANDLERS, lease=LEASE)
        seal_new(self.at)
        BOOKS.seal_new(self.at)
        with transaction():
            db.session.execute(update(OutgoingMail).where(OutgoingMail.sent_at.is_(None)).values(sent_at=self.at))
        self.worked_at = self.at

    def passes(self, time: timedelta) -> None:
        self.at += time
        self.changed = True
        self.teller.now = self.at

    def settle(self) -> None:
        """Nothing strikes, letters arrive, the worker goes round until nothing is left for it."""
        self.calm()
        while self.teller.letters:
            self.letter(0)
        for _ in range(3):
            self.passes(A_SWEEP)
            self.work()
        while (due := self._next_job()) is not None:  # one that failed waits longer each time
            self.passes(max(A_SWEEP, due - self.at))
            self.work()
        fetch_settlements({}, self.at)  # what no letter told stands in the provider's books

    def _next_job(self) -> datetime | None:
        """When the next piece of the provider's work is due that is not done."""
        mine = (Job.name.in_([EVENT, REFUND]), Job.finished_at.is_(None), Job.failed_at.is_(None))
        return db.session.scalar(select(func.min(Job.due_at)).where(*mine))

    def letter(self, n: int, *, times: int = 1) -> None:
        """One letter of the provider arrives, so often; not at all, it is lost."""
        letter = self.teller.letters[n]
        notice = self.teller.verify_webhook(letter.body, letter.headers)
        assert notice is not None
        for _ in range(times):
            self.do(lambda: store_event(provider="teller", notice=notice, body="", at=self.at))
        kept = select(ProviderEvent.id).where(ProviderEvent.event_id == notice.event_id)
        if not times or db.session.scalar(kept) is not None:
            self.teller.letters.remove(letter)  # else nobody answered, and it is sent again

    def days_pass(self, days: int) -> None:
        """The office and the banks have seen to what waited before, and the worker goes round after."""
        self.settle()
        for given in list(self.teller.refunds.values()):
            self.teller.finish_refund(given.reference, RefundStanding.DONE)
        self.settle()
        for waiting in list_refunds(BY_A_PERSON):
            self.by_hand(waiting)
        self.passes(timedelta(days=days))
        self.settle()

    # buyers

    def place(self, method: PaymentMethod, goods: Sequence[tuple[int, int]], vouchers: Sequence[str]) -> None:
        """An order of some units of some makers; acknowledged once the block has committed."""
        with self.doing():
            self._place(method, goods, vouchers)

    def _place(self, method: PaymentMethod, goods: Sequence[tuple[int, int]], vouchers: Sequence[str]) -> None:
        token = fill_basket(*((self.makers[n].variant, units) for n, units in goods), at=self.at)
        for code in vouchers:
            with suppress(Refusal):
                enter(token, code, at=self.at)
        key, seen = start_checkout(token, at=self.at)
        with transaction():
            order = place_order(key=key, fingerprint=seen, language="vi", method=method, by=GUEST, at=self.at)
        self.orders.append(order.number)

    # the office

    def by_hand(self, waiting: Refund) -> None:
        code = waiting.code
        self.do(lambda: sent_by_hand(code=code, bank_reference=f"FT{code}", by=self.keeper, at=self.at))

    def transfer(self, n: int, how: str) -> None:
        """Money comes to our account, as a feed tells it, in the name of an order."""
        if not self.orders:
            return
        number = self.orders[n % len(self.orders)]
        amount = payment_of(number).amount + Money({"under": -5_000, "over": 5_000}.get(how, 0))
        if amount <= Money(0):
            return
        told = incoming("tien hang" if how == "unknown" else number, amount.amount, at=self.at)
        file = replace(told, reference=f"file {told.reference}", source=TransferSource.STATEMENT, timed=False)
        for each in (told, told, file) if how == "again" else (told,):
            self.do(lambda each=each: take_transfers(incoming=[each], at=self.at))  # type: ignore[misc]

    def open_transfers(self) -> list[BankTransfer]:
        """Those that an officer may still do something with."""
        return [each for each in list_latest() if each.state is not TransferState.RESOLVED] if self.orders else []

    def decide_on_transfer(self, n: int, act: str) -> None:
        """An officer assigns what is left of one, sends it back, or closes it."""
        transfer = self.open_transfers()[n % len(self.open_transfers())]
        code, left, who = transfer.code, transfer.left, {"by": self.keeper, "at": self.at}
        number = self.orders[n % len(self.orders)]
        acts: dict[str, Callable[[], object]] = {
            "assign": lambda: assign(code=code, number=number, amount=left, **who),  # type: ignore[arg-type]
            "send back": lambda: send_back(code=code, amount=left, bank_reference="FT0", **who),  # type: ignore[arg-type]
            "close": lambda: close(code=code, **who),  # type: ignore[arg-type]
        }
        self.do(acts[act])

    def carriers_owe(self) -> bool:
        return bool(list_pockets() or list_remittances(differing=True))

    def remit(self, how: str) -> None:
        """A carrier pays in what it took, or less or more; or a difference is settled."""
        if how == "settle":
            for code in [each.code for each in list_remittances(differing=True)]:
                self.do(lambda code=code: settle_remittance(code=code, note="FT", by=self.keeper, at=self.at))  # type: ignore[misc]
            return
        for pocket in [pocket for pocket in list_pockets() if pocket.parts]:
            amount = pocket.due + Money({"under": -1_000, "over": 1_000}.get(how, 0))
            parts = tuple(part.number for part in pocket.parts)
            facts = RemittanceFacts(pocket.carrier, amount, f"FT {parts}"[:80], day_of(self.at), parts)
            self.do(lambda facts=facts: note_remittance(facts=facts, by=self.keeper, at=self.at))  # type: ignore[misc]

    def payout_steps(self) -> list[str]:
        """How the newest batch may go on; a new one where it is done, and somebody is owed."""
        newest = next(iter(list_batches(1)), None)
        if newest is not None and newest.state is BatchState.DRAFT:
            return ["approve", "approve", "cancel", "make"]
        steps = ["sent", "sent", "fail"] if newest is not None and newest.state is BatchState.APPROVED else []
        steps += ["fail"] if newest is not None and newest.state is BatchState.SENT else []
        owed = list_owed(earned_until=self.at - RESTS)
        steps += ["anew"] if any(each.trouble for each in owed) else []
        return steps + (["make"] * 2 if any(each.payable for each in owed) else [])

    def payout(self, step: str) -> None:
        """The newest batch goes a step on."""
        at, newest = self.at, next(iter(list_batches(1)), None)
        code = newest.code if newest else ""
        slugs = [maker.producer.slug for maker in self.makers if newest and maker.producer.id in _paid_by(newest)]
        acts: dict[str, Callable[[], object]] = {
            "make": lambda: make_batch(by=self.keeper, at=at),
            "approve": lambda: approve_batch(code=code, by=self.checker, at=at),
            "cancel": lambda: cancel_batch(code=code, by=self.keeper, at=at),
            "sent": lambda: mark_sent(code=code, bank_reference="FT", by=self.keeper, at=at),
            "fail": lambda: fail_line(code=code, slug=slugs[0], trouble="x", by=self.keeper, at=at),
            "anew": self.accounts_anew,
        }
        self.do(acts[step])

    def accounts_anew(self) -> None:
        """Producers whom the bank could not pay declare their accounts anew, and the office has checked them."""
        for each in list_owed(earned_until=self.at - RESTS):
            if each.trouble:
                declare_anew(each.producer, at=self.at)

    # producers

    def part_moves(self, n: int, act: str) -> None:
        """A producer takes a part on its usual way, or off it."""
        number, part = (parts := self.parts())[n % len(parts)]
        maker = next(maker for maker in self.makers if maker.producer.id == part.producer_id)
        about: dict[str, Any] = {"number": number, "position": part.position, "by": maker.user.actor(), "at": self.at}
        forth: dict[PartState, Callable[[], object]] = {
            PartState.PLACED: lambda: fulfilment.confirm_part(**about),
            PartState.SHIPPED: lambda: fulfilment.deliver_part(**about),
        }
        carrier = "Tự giao" if n % 3 == 2 else "Bưu điện"
        sent = lambda: fulfilment.ship_part(**about, carrier=carrier, tracking_number="")  # noqa: E731
        acts: dict[str, Callable[[], object]] = {
            "forth": forth.get(part.state, sent),
            "pack": lambda: fulfilment.pack_part(**about),
            "decline": lambda: fulfilment.decline_part(**about, reason="Hết"),
            "undelivered": lambda: fulfilment.report_undelivered(**about, reason="Vắng"),
            "back": lambda: fulfilment.take_back(**about),
        }
        self.do(acts[act])

    # what is asked after each step

    def faults(self) -> list[str]:
        """What does not hold in the books, and what they have of the provider that is not there."""
        if not self.changed:
            return []
        db.session.expunge_all()
        db.session.rollback()
        told, self.changed = History(frozenset(self.orders)), False
        found = [f"{f.what} {f.where} {f.figures}" for each in verify(at=self.at, history=told) for f in each.faults]
        found += [f"{name} differs" for name, ours, theirs in self._with_the_provider() if ours > theirs]
        kept, wanted = books().get("buyers", 0), self._kept_for_buyers()
        return found if kept == wanted else [*found, f"buyers {kept} ≠ {wanted}"]

    def _kept_for_buyers(self) -> int:
        """What came, less what went back or is promised, less what is sold and was not given back for."""
        came = [row[0] - row[1] for row in db.session.execute(select(Payment.captured, Payment.refunded))]
        sold = [part for _, part in self.parts() if part.state in (PartState.DELIVERED, PartState.COMPLETED)]
        return _sum(came) - _sum(part.total - given_for(part.id) for part in sold)

    def astray(self) -> list[str]:
        """Once all is seen to, our books and the provider's say the same."""
        pairs = [(name, ours, theirs) for name, ours, theirs in self._with_the_provider() if ours != theirs]
        stands = books().get("provider:teller", 0)
        if stands != self.teller.stands.amount:
            pairs.append(("stands", stands, self.teller.stands.amount))
        return [f"{name}: {ours} ≠ {theirs}" for name, ours, theirs in pairs]

    def _with_the_provider(self) -> list[tuple[str, int, int]]:
        """What we have written down of it, and what it has: captured, given back."""
        captured = db.session.scalars(select(Attempt.captured).where(Attempt.provider == "teller"))
        back = db.session.scalars(
            select(Refund.amount)
            .join(Attempt, Attempt.id == Refund.attempt_id)
            .where(Attempt.provider == "teller", Refund.state == RefundState.DONE, Refund.reference.startswith("re_"))
        )
        there = [given.amount for given in self.teller.refunds.values() if given.standing is RefundStanding.DONE]
        return [
            ("captured", _sum(captured), _sum(charge.amount for charge in self.teller.charges.values())),
            ("given back", _sum(back), _sum(there)),
        ]

    def parts(self) -> list[tuple[str, OrderPart]]:
        query = select(Order.number, OrderPart).join(OrderPart, OrderPart.order_id == Order.id)
        return [(row[0], row[1]) for row in db.session.execute(query.order_by(Order.id, OrderPart.position))]


def _paid_by(batch: PayoutBatch) -> set[int]:
    return {line.producer_id for line in batch.lines}


def _sum(amounts: Iterable[Money]) -> int:
    return sum(amount.amount for amount in amounts)
