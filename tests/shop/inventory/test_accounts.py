"""Any sequence of receiving, taking, putting back, counting and writing off keeps the books of stock."""

from contextlib import nullcontext
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, Refusal
from marketplace.shop.catalog.models import Variant
from marketplace.shop.inventory.models import StockBatch, StockMovement
from marketplace.shop.inventory.queries import hands, on_hand, sellable
from marketplace.shop.inventory.services import (
    BatchFacts,
    OutOfStock,
    StockMoved,
    TooManyBack,
    count_stock,
    put_back,
    receive_batch,
    take,
    write_off,
)
from tests.builders import BY, make_offer

UNITS = st.integers(1, 12)
WHICH = st.integers(0, 50)


class Books(RuleBasedStateMachine):
    """Stock as it should be, in plain numbers, beside stock as it is."""

    def __init__(self, variant: Variant, at: datetime) -> None:
        super().__init__()
        self.variant, self.at = variant, at
        self.units: dict[str, int] = {}  # by code, in the order received
        self.ends: dict[str, date | None] = {}
        self.out: list[tuple[str, dict[str, int]]] = []  # orders, and what of each batch they still hold

    @property
    def hands(self) -> int:
        return hands([self.variant.id]).get(self.variant.id, 0)

    def _in_date(self) -> list[str]:
        good = [c for c in self.units if (self.ends[c] or date.max) >= day_of(self.at) and self.units[c]]
        return sorted(good, key=lambda c: (self.ends[c] or date.max, list(self.units).index(c)))

    def _does(self, refusal: type[Refusal] | None, verb: object, **named: object) -> None:
        """The verb does what it is asked, or refuses in this way."""
        expected = pytest.raises(refusal) if refusal else nullcontext()
        with expected, transaction():
            verb(by=BY, at=self.at, **named)  # type: ignore[operator] # one of the services

    @rule(days=st.integers(1, 9))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)

    @rule(units=UNITS, life=st.one_of(st.none(), st.integers(0, 20)))
    def receive(self, units: int, life: int | None) -> None:
        code, today = f"B{len(self.units)}", day_of(self.at)
        self.units[code], self.ends[code] = units, None if life is None else today + timedelta(days=life)
        facts = BatchFacts(units, code, today, self.ends[code])
        self._does(None, receive_batch, sku=self.variant.sku, facts=facts, counts=self.hands)

    @rule(units=UNITS)
    def buy(self, units: int) -> None:
        number, left, held = f"N{len(self.out)}", units, {}
        enough = sum(self.units[c] for c in self._in_date()) >= units
        if enough:
            for code in self._in_date():
                held[code] = min(left, self.units[code])
                self.units[code] -= held[code]
                left -= held[code]
                if not left:
                    break
            self.out.append((number, held))
        self._does(None if enough else OutOfStock, take, quantities={self.variant.id: units}, reference=number)

    @precondition(lambda self: self.out)
    @rule(which=WHICH, units=UNITS)
    def bring_back(self, which: int, units: int) -> None:
        number, held = self.out[which % len(self.out)]
        enough, left = sum(held.values()) >= units, units
        if enough:
            for code in reversed(held):
                part = min(left, held[code])
                held[code] -= part
                self.units[code] += part
                left -= part
        quantities = {self.variant.id: units}
        refusal = None if enough else TooManyBack
        self._does(refusal, put_back, quantities=quantities, sold_as=number, reference=f"{number}/1")

    @precondition(lambda self: self.units)
    @rule(which=WHICH, counted=st.integers(0, 20), sold_since=st.integers(0, 3))
    def count(self, which: int, counted: int, sold_since: int) -> None:
        code = list(self.units)[which % len(self.units)]
        seen = self.units[code] + sold_since
        result = self.units[code] + counted - seen
        refusal = StockMoved if result < 0 and counted != seen else None
        if refusal is None:
            self.units[code] = result
        self._does(
            refusal, count_stock, sku=self.variant.sku, batch=code, counted=counted, seen=seen, counts=self.hands
        )

    @precondition(lambda self: self.units)
    @rule(which=WHICH, units=UNITS)
    def drop(self, which: int, units: int) -> None:
        code = list(self.units)[which % len(self.units)]
        enough = units <= self.units[code]
        self.units[code] -= units if enough else 0
        named = {"sku": self.variant.sku, "batch": code, "units": units, "reason": "mốc", "counts": self.hands}
        self._does(None if enough else Invalid, write_off, **named)

    @invariant()
    def the_books_agree(self) -> None:
        db.session.expunge_all()
        rows = select(StockBatch.code, StockBatch.units).where(StockBatch.variant_id == self.variant.id)
        assert {row[0]: row[1] for row in db.session.execute(rows)} == self.units
        whole, moved = sum(self.units.values()), func.sum(StockMovement.delta)
        assert on_hand([self.variant.id]).get(self.variant.id, 0) == whole
        assert (db.session.scalar(select(moved).where(StockMovement.variant_id == self.variant.id)) or 0) == whole
        by_batch = select(StockBatch.code, moved).join(StockMovement.batch).group_by(StockBatch.code)
        by_batch = by_batch.where(StockMovement.variant_id == self.variant.id)
        assert {row[0]: int(row[1]) for row in db.session.execute(by_batch)} == self.units
        good = sum(self.units[code] for code in self._in_date())
        assert sellable([self.variant.id], on=day_of(self.at)).get(self.variant.id, 0) == good
        db.session.rollback()


def test_any_sequence_keeps_the_books(app: Flask, at: datetime) -> None:
    def books() -> Books:
        return Books(make_offer(at=at, stock=0), at)

    how = settings(max_examples=20, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(books, settings=how)  # type: ignore[arg-type] # any maker of a machine will do
