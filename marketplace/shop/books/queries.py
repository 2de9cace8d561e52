"""Asking whether the books hold, and what was found last time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import select

from marketplace.platform.core.db import db
from marketplace.shop.books.checks import acts, goods, money, vouchers
from marketplace.shop.books.models import BookCheck
from marketplace.shop.books.rules import Fault, Finding, History

Check = Callable[[], list[Fault]]


def verify(*, at: datetime, history: History | None = None) -> list[Finding]:
    """Every invariant in its order with what breaks it; nothing is changed."""
    checks: dict[str, Check] = {
        "I2": goods.stock,
        "I3": money.ledger,
        "I4": money.payments,
        "I5": money.shares,
        "I6": partial(acts.done_once, at),
        "I7": lambda: [*money.gifts(), *vouchers.uses()],
        "I8": money.limits,
        "I9": goods.numbers,
        "I10": partial(goods.forgotten, at),
        "I11": acts.trail,
    }
    first = Finding("I1", asked=False) if history is None else Finding("I1", tuple(goods.acknowledged(history)))
    return [first, *(Finding(code, tuple(check())) for code, check in checks.items())]


def last_check() -> BookCheck | None:
    """What was found the last time somebody, or the night, looked."""
    return db.session.scalar(select(BookCheck).order_by(BookCheck.id.desc()).limit(1))
