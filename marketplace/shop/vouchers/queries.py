"""Reading vouchers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from marketplace.people.producers.queries import insiders
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.shop.pricing.totals import Promise
from marketplace.shop.vouchers.models import Voucher, VoucherPerson
from marketplace.shop.vouchers.rules import VoucherUnfit, read_code, unfit


@dataclass(frozen=True)
class Judged:
    """A voucher that a buyer would use, and why it cannot be (None where it can)."""

    voucher: Voucher
    why_not: VoucherUnfit | None


def judge(
    vouchers: Sequence[Voucher],
    goods: Mapping[int, Money],
    *,
    people: Collection[str],
    at: datetime,
    user_id: int | None = None,
    phone: str = "",
) -> tuple[Judged, ...]:
    """Each of these vouchers with whether it fits these goods (by producer), now, for this person.

    `user_id` and `phone` tell whether the goods are the buyer's own, for which the province gives nothing.
    """
    spent = _spent(vouchers, people)
    ours = any(voucher.producer_id is None for voucher in vouchers)
    own = insiders(goods, user_id=user_id, phone=phone) if ours else set()
    return tuple(Judged(voucher, unfit(voucher, goods, at=at, spent=spent, own=own)) for voucher in vouchers)


def promises(judged: Iterable[Judged]) -> list[Promise]:
    """What those that fit take off."""
    return [each.voucher.promise for each in judged if each.why_not is None]


def _spent(vouchers: Sequence[Voucher], people: Collection[str]) -> set[str]:
    bounded = {voucher.id: voucher.code for voucher in vouchers if voucher.most_each is not None}
    if not bounded or not people:
        return set()
    query = select(VoucherPerson.voucher_id).where(
        VoucherPerson.voucher_id.in_(bounded),
        VoucherPerson.person.in_(people),
        VoucherPerson.used >= VoucherPerson.most,
    )
    return {bounded[voucher_id] for voucher_id in db.session.scalars(query)}


def find_voucher(typed: str) -> Voucher | None:
    """The voucher of a code as people type it."""
    query = select(Voucher).where(Voucher.code == read_code(typed)).options(joinedload(Voucher.producer))
    return db.session.scalar(query)


def list_given(producer_id: int | None, *, page: int = 1, per_page: int = 30) -> list[Voucher]:
    """A page of what a producer (None: the province) gives, those that end last first."""
    return list(
        db.session.scalars(
            select(Voucher)
            .where(_given_by(producer_id))
            .order_by(Voucher.ends_at.desc(), Voucher.id.desc())
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def count_given(producer_id: int | None) -> int:
    """How many `list_given` has in all."""
    return db.session.scalar(select(func.count(Voucher.id)).where(_given_by(producer_id))) or 0


def get_given(code: str, producer_id: int | None, *, hold: bool = False) -> Voucher:
    """A voucher that this producer (None: the province) gives, or NotFound; `hold` until the block ends."""
    query = select(Voucher).where(Voucher.code == code, _given_by(producer_id))
    voucher = db.session.scalar(query.with_for_update() if hold else query)
    if voucher is None:
        raise NotFound
    return voucher


def _given_by(producer_id: int | None) -> ColumnElement[bool]:
    return Voucher.producer_id.is_(None) if producer_id is None else Voucher.producer_id == producer_id
