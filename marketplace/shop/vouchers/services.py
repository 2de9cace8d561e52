"""Giving vouchers, ending them, and their uses: taken by conditional UPDATEs, so that none is used too often."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.people.producers.queries import get_own
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.policies import KEEP_OWN_SHOP
from marketplace.shop.pricing.rules import Phase
from marketplace.shop.pricing.totals import NOTHING, VoucherKind
from marketplace.shop.vouchers.models import Voucher, VoucherPerson
from marketplace.shop.vouchers.policies import KEEP_PROVINCE_VOUCHERS
from marketplace.shop.vouchers.queries import find_voucher, get_given
from marketplace.shop.vouchers.rules import read_code

MOST = Money(100_000_000)
LONGEST = timedelta(days=366)
MOST_USES = 1_000_000


class VoucherRanOut(Conflict):
    """Somebody took the last use while the buyer was looking: nothing was placed, all is kept."""

    code = "voucher_ran_out"
    message = N_("Mã %(code)s vừa hết lượt dùng. Chưa đặt gì cả: hãy xem lại tổng tiền rồi bấm đặt.")


class VoucherOver(Conflict):
    """The voucher has ended already."""

    code = "voucher_over"
    message = N_("Mã này đã kết thúc rồi.")


@dataclass(frozen=True)
class VoucherFacts:
    """What a new voucher says. Of `amount`, `percent` and `cap` the kind needs its own; limits None: none."""

    code: str
    name: str
    kind: VoucherKind
    starts_at: datetime
    ends_at: datetime
    amount: Money | None = None
    percent: int | None = None
    cap: Money | None = None
    minimum_goods: Money = NOTHING
    most_uses: int | None = None
    most_each: int | None = None


def giver_of(by: Actor, *, province: bool) -> int | None:
    """In whose name `by` gives vouchers: the own producer's id, or None for the province; Forbidden otherwise."""
    if not (KEEP_PROVINCE_VOUCHERS if province else KEEP_OWN_SHOP).held_by(by):
        raise Forbidden
    return None if province else get_own(by).id


def give_voucher(*, facts: VoucherFacts, province: bool, by: Actor, at: datetime) -> Voucher:
    """Give a voucher in the own producer's name, or the province's; raises Invalid with each field that will not do."""
    producer_id = giver_of(by, province=province)
    code = read_code(facts.code)
    _check(facts, code, at)
    if find_voucher(code) is not None:
        raise Invalid({"code": N_("Mã này đã có rồi. Chọn mã khác.")})
    kind = facts.kind
    voucher = Voucher(
        code=code,
        name=nfc(facts.name),
        producer_id=producer_id,
        kind=kind,
        amount=facts.amount if kind is VoucherKind.AMOUNT else None,
        percent=facts.percent if kind is VoucherKind.PERCENT else None,
        cap=None if kind is VoucherKind.AMOUNT else facts.cap,
        minimum_goods=facts.minimum_goods,
        starts_at=facts.starts_at,
        ends_at=facts.ends_at,
        most_uses=facts.most_uses,
        most_each=facts.most_each,
        created_at=at,
    )
    db.session.add(voucher)
    db.session.flush()
    detail = {"kind": kind.value, "uses": facts.most_uses, "each": facts.most_each}
    record(by=by, action="voucher.given", subject_type="voucher", subject=code, at=at, detail=detail)
    return voucher


def _check(facts: VoucherFacts, code: str, at: datetime) -> None:
    wrong = {}
    if len(code) < 3:
        wrong["code"] = N_("Mã có từ 3 đến 20 chữ cái hoặc chữ số.")
    if not 3 <= len(nfc(facts.name)) <= 120:
        wrong["name"] = N_("Đặt tên từ 3 đến 120 ký tự: người mua thấy tên này trên đơn.")
    if not NOTHING <= facts.minimum_goods <= MOST:
        wrong["minimum_goods"] = N_("Tiền hàng tối thiểu từ 0 đến 100 triệu đồng.")
    if facts.ends_at <= max(facts.starts_at, at):
        wrong["ends_at"] = N_("Lúc kết thúc phải sau lúc bắt đầu, và chưa qua.")
    elif facts.ends_at - facts.starts_at > LONGEST:
        wrong["ends_at"] = N_("Một mã chạy nhiều nhất một năm.")
    for name, most in (("most_uses", facts.most_uses), ("most_each", facts.most_each)):
        if most is not None and not 1 <= most <= MOST_USES:
            wrong[name] = N_("Từ 1 đến 1 triệu lượt; để trống là không giới hạn.")
    wrong |= _check_promise(facts)
    if wrong:
        raise Invalid(wrong)


def _check_promise(facts: VoucherFacts) -> dict[str, str]:
    """Of the amounts, those that its kind needs."""
    wrong = {}
    if facts.kind is VoucherKind.AMOUNT:
        if not NOTHING < (facts.amount or NOTHING) <= MOST:
            wrong["amount"] = N_("Số tiền giảm từ 1 đồng đến 100 triệu đồng.")
        return wrong
    if facts.kind is VoucherKind.PERCENT and not 1 <= (facts.percent or 0) <= 100:
        wrong["percent"] = N_("Giảm từ 1 đến 100 phần trăm.")
    if facts.cap is not None and not NOTHING < facts.cap <= MOST:
        wrong["cap"] = N_("Mức giảm nhiều nhất từ 1 đồng đến 100 triệu đồng.")
    return wrong


def end_voucher(*, code: str, province: bool, by: Actor, at: datetime) -> None:
    """Let a voucher end now; orders placed with it keep what they got. Raises VoucherOver where it has ended."""
    voucher = get_given(code, giver_of(by, province=province), hold=True)
    if voucher.phase(at) is Phase.ENDED:
        raise VoucherOver
    voucher.ends_at = max(at, voucher.starts_at)
    record(by=by, action="voucher.ended", subject_type="voucher", subject=code, at=at)


def claim(*, voucher_id: int, people: Collection[str]) -> None:
    """Take one use of a voucher, in the block that places the order; raises VoucherRanOut where none is left.

    The row's own UPDATE comes first and holds it until the block ends, so that the counters of its people change one
    order at a time. Of several vouchers the caller takes the lower id first.
    """
    left = update(Voucher).where(
        Voucher.id == voucher_id, Voucher.most_uses.is_(None) | (Voucher.used < Voucher.most_uses)
    )
    if rows_changed(left.values(used=Voucher.used + 1)) != 1:
        raise VoucherRanOut(code=_code(voucher_id))
    most = db.session.scalar(select(Voucher.most_each).where(Voucher.id == voucher_id))
    for person in sorted(people) if most is not None else ():
        if not _claim_for(voucher_id, person, most or 0):
            raise VoucherRanOut(code=_code(voucher_id))


def _claim_for(voucher_id: int, person: str, most: int) -> bool:
    mine = (VoucherPerson.voucher_id == voucher_id, VoucherPerson.person == person)
    if db.session.scalar(select(VoucherPerson.voucher_id).where(*mine)) is None:
        db.session.add(VoucherPerson(voucher_id=voucher_id, person=person, used=1, most=most))
        db.session.flush()
        return True
    once_more = update(VoucherPerson).where(*mine, VoucherPerson.used < VoucherPerson.most)
    return rows_changed(once_more.values(used=VoucherPerson.used + 1)) == 1


def give_back(*, voucher_id: int, people: Collection[str]) -> None:
    """Return one use of a voucher and of its people; the caller makes sure that it is returned once."""
    rows_changed(update(Voucher).where(Voucher.id == voucher_id, Voucher.used > 0).values(used=Voucher.used - 1))
    for person in sorted(people):
        mine = (VoucherPerson.voucher_id == voucher_id, VoucherPerson.person == person, VoucherPerson.used > 0)
        rows_changed(update(VoucherPerson).where(*mine).values(used=VoucherPerson.used - 1))


def _code(voucher_id: int) -> str:
    return db.session.scalar(select(Voucher.code).where(Voucher.id == voucher_id)) or ""
