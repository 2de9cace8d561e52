"""Each invariant: whole where nothing is wrong, and named with what broke where a fault is planted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.jobs import seal_new
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.books.jobs import check_books, watch_books
from marketplace.shop.books.queries import last_check, verify
from marketplace.shop.books.rules import NAMES, WORDS, Finding, History, read_history
from marketplace.shop.books.services import ask_check, keep
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.services import place_order
from marketplace.shop.fulfilment.services import confirm_part, deliver_part, ship_part
from marketplace.shop.inventory.models import Stock, StockBatch, StockMovement
from marketplace.shop.ledger import rules as money
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.ledger.models import Entry, PartTerms
from marketplace.shop.ledger.services import book
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartEvent, PartState, VoucherUse
from marketplace.shop.orders.services import cancel_order
from marketplace.shop.payments.models import Attempt, Payment, ProviderEvent, Refund, RefundState
from marketplace.shop.payments.services import learn, refund_part
from marketplace.shop.vouchers.models import Voucher, VoucherPerson
from tests.builders import (
    BY,
    enter,
    fill_basket,
    make_offer,
    make_order,
    make_producer,
    make_user,
    make_voucher,
    start_checkout,
)
from tests.money import make_attempt, make_prepaid, offer_cards, paid


class Town(NamedTuple):
    """A delivered order paid at the door, one by card of which a part came back, one with vouchers, and its twin."""

    cash: str
    card: str
    lowered: str  # by a voucher of its producer and one of the province
    released: str  # was lowered so too, and was cancelled
    sku: str
    code: str  # of the refund


@pytest.fixture
def town(app: Flask, at: datetime) -> Town:
    offer_cards(app)
    owner = make_user(Role.PRODUCER, at=at)
    variant = make_offer(at=at, producer=make_producer(at=at, user=owner))
    by = owner.actor()
    cash = make_order((variant, 2), at=at).number
    with transaction():
        confirm_part(number=cash, position=1, by=by, at=at)
    with transaction():
        ship_part(number=cash, position=1, carrier="Bưu điện", tracking_number="", by=by, at=at)
    with transaction():
        deliver_part(number=cash, position=1, by=by, at=at)
    payment = make_prepaid((variant, 1), at=at)
    attempt = make_attempt(payment, at=at)
    with transaction():
        learn(attempt_id=attempt.id, fact=paid(attempt), at=at)
    with transaction():
        cancel_order(number=payment.number, by=BY, at=at)
    part = db.session.scalars(select(OrderPart).where(OrderPart.order_id == payment.order_id)).one()
    with transaction():
        code = refund_part(payment_id=payment.id, part=part, by=BY, at=at).code
    make_voucher("OWN", at=at, giver=owner, off=7_000, uses=1, each=2)
    make_voucher("PROVINCE", at=at, off=3_000, uses=2)
    released = _lowered(variant, at)
    with transaction():
        cancel_order(number=released, by=BY, at=at)
    lowered = _lowered(variant, at)
    seal_new(at)
    BOOKS.seal_new(at)
    return Town(cash, payment.number, lowered, released, variant.sku, code)


def _lowered(variant: Variant, at: datetime) -> str:
    """An order at the door, lowered by both vouchers."""
    token = fill_basket((variant, 1), at=at)
    enter(token, "OWN", "PROVINCE", at=at)
    key, fingerprint = start_checkout(token, at=at)
    with transaction():
        return place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=at).number


def broken(at: datetime, history: History | None = None) -> dict[str, list[str]]:
    """The words of what each broken check says."""
    found = verify(at=at, history=history)
    return {each.code: sorted({f.what for f in each.faults}) for each in found if each.faults}


def test_books_that_are_whole(town: Town, at: datetime) -> None:
    history = History(frozenset({town.cash, town.card}), frozenset({"2611-NOTHER"}))
    found = verify(at=at, history=history)
    assert [each.code for each in found] == list(NAMES)
    assert found == [Finding(code) for code in NAMES]
    assert verify(at=at)[0] == Finding("I1", asked=False)
    assert NAMES["I2"] == Finding("I2").name


def test_a_history_is_read_by_lines() -> None:
    lines = ["acknowledged 2611-AAAAAA\n", "refused key-1\n", "unknown key-2\n", "refused\n", "\n"]
    assert read_history(lines) == History(frozenset({"2611-AAAAAA"}), frozenset({"key-1"}))


def test_what_a_client_was_told_is_compared_with_orders(town: Town, at: datetime) -> None:
    key = db.session.scalars(select(Order.checkout_key).where(Order.number == town.card)).one()
    told = History(frozenset({town.cash, "2611-NOTHER"}), frozenset({key}))
    found = verify(at=at, history=told)[0]
    assert [(f.where, f.what) for f in found.faults] == [
        ("2611-NOTHER", "acknowledged_missing"),
        (key, "refused_exists"),
    ]


@dataclass
class Planter:
    """Puts one thing wrong, in a block that is never committed."""

    town: Town
    at: datetime

    def do(self, *statements: Any) -> None:
        for statement in statements:
            db.session.execute(statement)

    def unkept(self, table: str) -> None:
        """Take the database's own guard off, as somebody could who owns it."""
        name = f"{table}_kept"
        if db.engine.dialect.name == "sqlite":
            self.do(text(f"DROP TRIGGER {name}"))
        else:
            self.do(text(f"ALTER TABLE {table} DISABLE TRIGGER {name}"))

    def first(self, model: Any, **values: object) -> None:
        """Change a table's first row."""
        row = db.session.scalars(select(model.id).order_by(model.id).limit(1)).one()
        self.do(update(model).where(model.id == row).values(**values))

    def order(self, of: str, **values: object) -> None:
        self.do(update(Order).where(Order.number == of).values(**values))

    def part(self, number: str, **values: object) -> None:
        self.do(update(OrderPart).where(OrderPart.id == part_id(number)).values(**values))

    def payment(self, number: str, **values: object) -> None:
        order = select(Order.id).where(Order.number == number).scalar_subquery()
        self.do(update(Payment).where(Payment.order_id == order).values(**values))

    def refund(self, **values: object) -> None:
        self.do(update(Refund).where(Refund.code == self.town.code).values(**values))

    def job(self, **values: object) -> None:
        facts = {"name": "x", "key": "x", "payload": {}, "created_at": self.at - timedelta(hours=2), "attempts": 0}
        self.do(insert(Job).values(**facts, due_at=self.at - timedelta(hours=2), **values))

    def book(self, *moves: money.Move, about: str = "x", kind: str = "x") -> None:
        book(key=f"{kind}:{about}", kind=kind, reference=about, moves=moves, at=self.at)

    def unseal(self, model: Any) -> None:
        self.first(model, seal=None, position=None, at=self.at - timedelta(hours=2))

    def voucher(self, code: str, **values: object) -> None:
        self.do(update(Voucher).where(Voucher.code == code).values(**values))

    def use(self, code: str, **values: object) -> None:
        self.do(update(VoucherUse).where(VoucherUse.code == code).values(**values))

    def used_again(self) -> None:
        """The use that was given back is held again, and nobody counts it."""
        self.do(more(VoucherUse, released_at=None))

    def event(self) -> None:
        facts = {"provider": "stripe", "event_id": "evt_1", "kind": "x", "reference": "x", "body": ""}
        self.do(insert(ProviderEvent).values(**facts, received_at=self.at - timedelta(hours=2)))


def part_id(number: str) -> int:
    return db.session.scalars(select(OrderPart.id).join(OrderPart.order).where(Order.number == number)).one()


def more(model: Any, **values: Any) -> Any:
    return update(model).values(**values)


ONE, GIFT = Money(1), money.Move(money.VOUCHERS, money.BUYERS, Money(9), "gift")
FEE = money.Move(money.BUYERS, money.CHARGES, Money(1), "charge")
OVERDRAWN = money.Move(money.PAYOUTS, money.BANK, Money(9), "x")
EMPTY: dict[str, Any] = {"key": "x", "kind": "x", "reference": "x", "memo": ""}
DAYS = timedelta(days=1)


def dated(p: Planter) -> None:
    p.payment(p.town.card, state="awaiting")
    p.order(p.town.card, pay_until=p.at - 2 * DAYS)


def incomplete(p: Planter) -> None:
    p.part(p.town.cash, state_since=p.at - 9 * DAYS)
    p.do(delete(Job))


def edited(p: Planter) -> None:
    p.unkept("ledger_entries")
    p.first(Entry, memo="changed")


def unsealed(p: Planter) -> None:
    p.unkept("ledger_entries")
    p.unseal(Entry)


def counted(p: Planter) -> None:
    p.do(more(Stock, on_hand=Stock.on_hand + 1), more(StockBatch, units=StockBatch.units + 1))


def counted_over(p: Planter) -> None:
    """Both uses are one person's, of a voucher that gives each one; the counter knows of one."""
    p.used_again()
    p.voucher("OWN", most_each=1)


def unrecorded(p: Planter) -> None:
    values = {"part_id": part_id(p.town.cash), "state": PartState.SHIPPED, "at": p.at, "actor_id": 1, "note": ""}
    p.do(insert(PartEvent).values(**values))


FAULTS: list[tuple[str, str, Callable[[Planter], object]]] = [
    ("I2", "stock_differs", counted),
    ("I2", "batches_differ", lambda p: p.do(more(StockBatch, units=StockBatch.units + 1))),
    ("I2", "sold_differs", lambda p: p.do(more(StockMovement, reference="other"))),
    ("I2", "returned_differs", lambda p: p.part(p.town.card, state=PartState.CONFIRMED)),
    ("I3", "entry_empty", lambda p: p.do(insert(Entry).values(**EMPTY, day=p.at.date(), at=p.at))),
    ("I3", "chain_broken", edited),
    ("I3", "seal_lost", unsealed),
    ("I3", "below_nothing", lambda p: p.book(OVERDRAWN)),
    ("I4", "amount_differs", lambda p: p.payment(p.town.cash, amount=ONE)),
    ("I4", "captured_differs", lambda p: p.payment(p.town.cash, captured=ONE)),
    ("I4", "refunded_differs", lambda p: p.payment(p.town.card, refunded=Money(0))),
    ("I4", "paid_unsaid", lambda p: p.order(p.town.card, paid_at=None)),
    ("I4", "charged_twice", lambda p: p.payment(p.town.card, captured=Payment.captured + ONE)),
    ("I4", "paid_short", lambda p: p.refund(reason="double")),
    ("I5", "totals_differ", lambda p: p.do(more(OrderLine, quantity=1, line_total=OrderLine.unit_price))),
    ("I5", "totals_differ", lambda p: p.do(more(Order, goods_total=Order.goods_total + ONE, total=Order.total + ONE))),
    ("I5", "not_earned", lambda p: p.part(p.town.card, state=PartState.DELIVERED)),
    ("I5", "earned_unsent", lambda p: p.part(p.town.cash, state=PartState.SHIPPED)),
    ("I5", "earned_unsent", lambda p: p.book(GIFT, about="2611-NOTHER/1", kind="earned")),
    ("I5", "charge_differs", lambda p: p.book(FEE, about="2611-NOTHER", kind="charged")),
    ("I5", "share_differs", lambda p: p.do(more(PartTerms, commission_bp=500))),
    ("I6", "job_failed", lambda p: p.job(failed_at=p.at)),
    ("I6", "job_late", lambda p: p.job()),
    ("I6", "letter_late", lambda p: p.do(more(OutgoingMail, due_at=p.at - 2 * DAYS))),
    ("I6", "event_late", lambda p: p.event()),
    ("I6", "refund_without_job", lambda p: p.do(delete(Job))),
    ("I6", "effect_missing", lambda p: p.refund(state=RefundState.DONE, done_at=p.at)),
    ("I7", "gift_differs", lambda p: p.book(GIFT, about=f"{p.town.cash}/1")),
    ("I7", "uses_differ", lambda p: p.voucher("OWN", used=0)),
    ("I7", "uses_differ", lambda p: p.used_again()),
    ("I7", "uses_over", lambda p: p.used_again()),
    ("I7", "person_differs", lambda p: p.do(more(VoucherPerson, used=VoucherPerson.used + 1))),
    ("I7", "person_differs", lambda p: p.do(delete(VoucherPerson))),
    ("I7", "person_differs", lambda p: p.voucher("OWN", most_each=None)),
    ("I7", "person_over", lambda p: p.do(more(VoucherPerson, most=3))),
    ("I7", "person_over", counted_over),
    ("I7", "lowered_otherwise", lambda p: p.use("OWN", amount=ONE)),
    ("I7", "lowered_otherwise", lambda p: p.use("PROVINCE", amount=ONE)),
    ("I7", "lowered_otherwise", lambda p: p.do(delete(VoucherUse))),
    ("I8", "refunds_over", lambda p: p.refund(amount=Refund.amount + ONE)),
    ("I9", "number_misshapen", lambda p: p.order(p.town.card, number="2611-abcdef")),
    ("I9", "number_repeated", lambda p: p.order(p.town.card, number=p.town.cash.lower())),
    ("I9", "position_missing", lambda p: p.part(p.town.card, position=2)),
    ("I9", "position_missing", lambda p: p.do(more(Attempt, n=2))),
    ("I10", "part_forgotten", lambda p: p.part(p.town.cash, state=PartState.PLACED, state_since=p.at - 15 * DAYS)),
    ("I10", "part_forgotten", incomplete),
    ("I10", "payment_forgotten", dated),
    ("I10", "refund_forgotten", lambda p: p.refund(asked_at=p.at - 8 * DAYS)),
    ("I11", "trail_broken", lambda p: p.first(AuditEntry, actor_name="Ai đó")),
    ("I11", "trail_seal_lost", lambda p: p.unseal(AuditEntry)),
    ("I11", "act_unrecorded", unrecorded),
]


def test_each_fault_is_named(town: Town, at: datetime) -> None:
    assert broken(at) == {}
    unseen = []
    for n, (code, what, plant) in enumerate(FAULTS):
        with pytest.raises(ZeroDivisionError), transaction():
            plant(Planter(town, at))
            if what not in broken(at).get(code, []):
                unseen.append((n, code, what, broken(at)))
            raise ZeroDivisionError
    assert unseen == []
    assert broken(at) == {}


def test_every_fault_has_its_words_and_is_planted() -> None:
    from_here = {what for _, what, _ in FAULTS} | {"acknowledged_missing", "refused_exists"}
    elsewhere = {"undone_differs", "remitted_over"}  # planted beside what makes them
    assert from_here | elsewhere == set(WORDS)


def test_what_was_found_is_kept_with_the_first_of_many(town: Town, at: datetime) -> None:
    assert last_check() is None
    with transaction():
        for n in range(60):
            db.session.add(Job(name="x", key=f"x{n}", payload={}, created_at=at, due_at=at, failed_at=at))
    check_books({}, at)
    last = last_check()
    assert last is not None
    assert (last.faults, last.at) == (60, at)
    kept = {each["code"]: each for each in last.findings}
    assert (kept["I6"]["count"], len(kept["I6"]["faults"]), kept["I1"]["asked"]) == (60, 50, False)
    assert kept["I6"]["faults"][0] == ["x0", "job_failed", ""]
    with transaction():
        keep(findings=[Finding("I2")], at=at)
    again = last_check()
    assert again is not None
    assert again.faults == 0


def test_the_night_asks_once(app: Flask, at: datetime) -> None:
    early = datetime.fromisoformat("2026-11-24T01:00+07:00")
    night = datetime.fromisoformat("2026-11-24T02:00+07:00")
    assert [watch_books(early), watch_books(night), watch_books(night + timedelta(hours=3))] == [0, 1, 0]
    check_books({}, night)
    last = last_check()
    assert last is not None
    assert last.faults == 0


def test_only_administrators_ask(app: Flask, at: datetime) -> None:
    officer = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        ask_check(by=officer, at=at)
    for _ in range(2):
        with transaction():
            ask_check(by=BY, at=at)
    assert len(db.session.scalars(select(Job).where(Job.name == "books.check")).all()) == 1


def run(app: Flask, *arguments: str) -> tuple[int, list[str]]:
    answer = app.test_cli_runner().invoke(args=["reconcile", *arguments])
    return answer.exit_code, answer.output.splitlines()


def test_the_command_names_what_broke(app: Flask, town: Town, at: datetime, tmp_path: Path) -> None:
    whole = ["I1 not asked: no --history", *(f"{code} holds" for code in list(NAMES)[1:])]
    assert run(app) == (0, [*whole, "accounts on_the_way: 2"]), "the card's charge, and the carrier's cash"
    with transaction():
        db.session.execute(update(StockBatch).values(units=StockBatch.units + 1))
    told = tmp_path / "told.txt"
    told.write_text(f"acknowledged {town.cash}\nacknowledged 2611-NOTHER\n")
    code, lines = run(app, "--history", str(told))
    assert code == 1
    assert lines[:2] == ["I1 broken: 1", "  acknowledged_missing 2611-NOTHER"]
    assert lines[2:4] == ["I2 broken: 1", f"  batches_differ {town.sku} 7 ≠ 8"]
