"""Paying producers out while something else happens to the same money: netted or refused, never paid twice.

Each guard is also taken away, and the fault shows: decisions by a conditional UPDATE on both databases, what only a
lock holds on PostgreSQL (on SQLite a whole write block waits for the other, so there is no such moment).
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select, update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.payments.models import RefundReason
from marketplace.shop.payouts.models import BatchState, LineState, PayoutBatch, PayoutLine
from marketplace.shop.payouts.queries.batches import get_batch
from marketplace.shop.payouts.services import (
    approve_batch,
    cancel_batch,
    fail_line,
    give_back,
    make_batch,
    mark_sent,
)
from tests.builders import BY
from tests.conftest import AT
from tests.databases import KINDS
from tests.faults.test_judged_at_once import house, meet
from tests.faults.test_last_units import shop, together
from tests.faults.test_refund_races import faults, insisting
from tests.money import books
from tests.paying_out import make_maker, officers, sell
from tests.shop.payouts.test_batches import LATER, another

__all__ = ["house", "shop"]  # the fixtures

LATE = AT + LATER
BATCHES = "marketplace.shop.payouts.services.batches"
QUEUED = [(kind, "whole") for kind in KINDS] + [("postgresql", "unheld")]
DECIDED = [(kind, guard) for kind in KINDS for guard in ("whole", "undecided")]


class Drafted(NamedTuple):
    """A draft over one producer's balance."""

    code: str
    number: str  # of the order by which it was earned
    slug: str
    own: str  # the producer's account
    amount: int
    maker: Actor
    checker: Actor

    def refund(self, amount: int = 9_000) -> Callable[[], object]:
        facts = {"number": self.number, "position": 1, "reason": RefundReason.GOODWILL, "note": "x", "by": BY}
        return lambda: give_back(amount=Money(amount), at=LATE, **facts)  # type: ignore[arg-type]

    def approval(self, code: str = "", by: Actor | None = None) -> Callable[[], object]:
        return lambda: approve_batch(code=code or self.code, by=by or self.checker, at=LATE)

    def cancelling(self) -> Callable[[], object]:
        return lambda: cancel_batch(code=self.code, by=self.maker, at=LATE)

    def sending(self) -> Callable[[], object]:
        return lambda: mark_sent(code=self.code, bank_reference="FT1", by=self.maker, at=LATE)

    def failing(self) -> Callable[[], object]:
        return lambda: fail_line(code=self.code, slug=self.slug, trouble="Sai tên", by=self.maker, at=LATE)

    def do(self, *verbs: Callable[[], object]) -> None:
        for verb in verbs:
            with transaction():
                verb()

    def standing(self) -> tuple[str, str]:
        batch = get_batch(self.code)
        return batch.state.value, batch.lines[0].state.value


def drafted() -> Drafted:
    maker = make_maker(at=AT)
    order = sell(maker, at=AT)
    first, second = (user.actor() for user in officers(AT))
    with transaction():
        batch = make_batch(by=first, at=LATE)
    own = f"producer:{maker.producer.id}"
    return Drafted(batch.code, order.number, maker.producer.slug, own, order.total.amount, first, second)


def undecided(batch: PayoutBatch, _before: BatchState, after: BatchState, **values: object) -> None:
    """`_decide` by what was read before."""
    db.session.execute(update(PayoutBatch).where(PayoutBatch.id == batch.id).values(state=after, **values))


def no_lock(_producer_ids: Iterable[int]) -> None:
    """`hold_accounts` that holds nothing."""


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_a_refund_begun_first_refuses_the_batch(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """The approval waits for the refund and works the balance out again; the twin pays out what has gone back."""
    with house.app_context():
        draft = drafted()
    if guard == "unheld":
        monkeypatch.setattr(f"{BATCHES}.hold_accounts", no_lock)
    came = meet(house, draft.refund(), draft.approval(), joined=guard == "unheld")
    with house.app_context():
        left = books()[draft.own]
        if guard == "unheld":
            assert (came, left, draft.standing()[0]) == ("done", -9_000, "approved")
            return
        assert (came, left, draft.standing()) == ("409 balance_changed", draft.amount - 9_000, ("draft", "planned"))
        assert (books().get("payouts"), faults()) == (None, set())
        draft.do(draft.cancelling())
        with transaction():
            again = make_batch(by=draft.maker, at=LATE)
        assert [line.amount.amount for line in again.lines] == [draft.amount - 9_000]


@pytest.mark.parametrize("kind", KINDS)
def test_a_refund_after_the_approval_is_netted_in_the_next(house: Flask, kind: str) -> None:
    with house.app_context():
        draft = drafted()
    came = meet(house, draft.approval(), draft.refund())
    with house.app_context():
        assert (came, draft.standing()) == ("done", ("approved", "approved"))
        assert (books()["payouts"], books()[draft.own], faults()) == (draft.amount, -9_000, set())


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_two_drafts_of_one_balance_are_not_both_approved(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """The second approval waits, and finds nothing left to pay; the twin pays the producer twice.

    It waits, too, but only for the account of payouts, which the first one makes.
    """
    with house.app_context():
        draft = drafted()
        with transaction():
            second = make_batch(by=draft.maker, at=LATE).code
    if guard == "unheld":
        monkeypatch.setattr(f"{BATCHES}.hold_accounts", no_lock)
    came = meet(house, draft.approval(), draft.approval(second))
    with house.app_context():
        if guard == "whole":
            assert (came, books()["payouts"], faults()) == ("409 balance_changed", draft.amount, set())
        else:
            assert (came, books()["payouts"], books()[draft.own]) == ("done", 2 * draft.amount, -draft.amount)


@pytest.mark.parametrize(("kind", "guard"), [*DECIDED, *((kind, "unread") for kind in KINDS)])
def test_of_two_approvals_one_wins(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """Behind the decision stands the balance, worked out again; without both a second name is under it."""
    with house.app_context():
        draft = drafted()
        other = another(AT)
    if guard != "whole":
        monkeypatch.setattr(f"{BATCHES}._decide", undecided)
    if guard == "unread":
        monkeypatch.setattr(f"{BATCHES}.check_lines", lambda _lines, **_until: None)
    came = meet(house, draft.approval(), draft.approval(by=other))
    with house.app_context():
        assert (books()["payouts"], draft.standing()[0]) == (draft.amount, "approved")
        by = db.session.scalars(select(PayoutBatch.approved_by_id)).one()
        whole = {"whole": "409 conflict", "undecided": "409 balance_changed"}
        if guard in whole:
            assert (came, by, faults()) == (whole[guard], draft.checker.user_id, set())
        else:
            assert (came, by, faults()) == ("done", other.user_id, {"act_unrecorded"})


@pytest.mark.parametrize("guarded", [True, False])
def test_of_32_approvals_one_wins(shop: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """The twin decides by what each has read before, and looks at no balance."""
    with shop.app_context():
        draft = drafted()
    if not guarded:
        monkeypatch.setattr(f"{BATCHES}._decide", undecided)
        monkeypatch.setattr(f"{BATCHES}.check_lines", lambda _lines, **_until: None)

    def approve(_n: int) -> bool:
        return insisting(draft.approval())

    won = together(shop, approve, 32, processes=32)
    with shop.app_context():
        assert books()["payouts"] == draft.amount, "the ledger takes the event once in either case"
        assert (won, faults()) == (1, set()) if guarded else (32, {"act_unrecorded"})


@pytest.mark.parametrize(("kind", "guard"), DECIDED)
def test_cancelled_while_it_is_approved(house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str) -> None:
    """Nothing is set aside for what was dropped; the twin pays by a batch that its maker has cancelled."""
    with house.app_context():
        draft = drafted()
    if guard == "undecided":
        monkeypatch.setattr(f"{BATCHES}._decide", undecided)
    came = meet(house, draft.cancelling(), draft.approval())
    with house.app_context():
        if guard == "whole":
            assert (came, draft.standing(), books().get("payouts")) == ("409 conflict", ("cancelled", "planned"), None)
        else:
            assert (came, draft.standing()[0], books()["payouts"]) == ("done", "approved", draft.amount)


@pytest.mark.parametrize("kind", KINDS)
def test_approved_while_it_is_cancelled(house: Flask, kind: str) -> None:
    with house.app_context():
        draft = drafted()
    came = meet(house, draft.approval(), draft.cancelling())
    with house.app_context():
        assert (came, draft.standing(), faults()) == ("409 conflict", ("approved", "approved"), set())


def careless_lines(batch_id: int, state: LineState) -> list[PayoutLine]:
    """`_lines_of` that waits for nobody."""
    return list(
        db.session.scalars(select(PayoutLine).where(PayoutLine.batch_id == batch_id, PayoutLine.state == state))
    )


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_what_failed_is_not_sent_in_that_moment(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """The line is its producer's again; the twin takes it out of the bank as well."""
    with house.app_context():
        draft = drafted()
        draft.do(draft.approval())
    if guard == "unheld":
        monkeypatch.setattr(f"{BATCHES}._lines_of", careless_lines)
    came = meet(house, draft.failing(), draft.sending())
    with house.app_context():
        if guard == "whole":
            assert (came, draft.standing(), faults()) == ("done", ("sent", "failed"), set())
            assert (books()[draft.own], books().get("payouts"), books().get("bank")) == (draft.amount, None, None)
        else:
            assert (came, draft.standing()) == ("done", ("sent", "sent"))
            assert (books()[draft.own], books()["bank"]) == (draft.amount, -draft.amount)
            assert "below_nothing" in faults()


def careless_leaving(line: PayoutLine, _before: LineState, **values: object) -> None:
    """`_leave` by what was read before."""
    db.session.execute(update(PayoutLine).where(PayoutLine.id == line.id).values(state=LineState.FAILED, **values))


@pytest.mark.parametrize(("kind", "guard"), QUEUED)
def test_what_was_sent_in_that_moment_fails_from_the_bank(
    house: Flask, monkeypatch: pytest.MonkeyPatch, kind: str, guard: str
) -> None:
    """It comes back from where it is: the bank. On PostgreSQL the officer, who saw it unsent, is told first.

    The twin takes it back from what was set aside, where it no longer is.
    """
    with house.app_context():
        draft = drafted()
        draft.do(draft.approval())
    if guard == "unheld":
        monkeypatch.setattr(f"{BATCHES}._leave", careless_leaving)
    came = meet(house, draft.sending(), draft.failing())
    with house.app_context():
        if guard == "unheld":
            assert (came, books()["payouts"], books()["bank"]) == ("done", -draft.amount, -draft.amount)
            assert "below_nothing" in faults()
            return
        assert came == ("409 conflict" if kind == "postgresql" else "done")
        if kind == "postgresql":
            draft.do(draft.failing())
        assert (draft.standing(), books()[draft.own]) == (("sent", "failed"), draft.amount)
        assert (books().get("bank"), books().get("payouts"), faults()) == (None, None, set())


def test_one_approves_while_fifteen_give_back(shop: Flask) -> None:
    """In whatever order: the producer is paid at most what it had, and owes what went back afterwards."""
    with shop.app_context():
        draft = drafted()

    def act(n: int) -> bool:
        return insisting(draft.refund(1_000) if n else draft.approval())

    came = together(shop, act, 16, processes=16)
    with shop.app_context():
        approved = draft.standing()[0] == "approved"
        assert came == 15 + approved
        paid_out = draft.amount if approved else 0
        assert (books().get("payouts", 0), books().get(draft.own, 0)) == (paid_out, draft.amount - paid_out - 15_000)
        assert faults() == set()
