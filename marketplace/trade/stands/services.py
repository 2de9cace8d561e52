"""Goods are sold at the stand and leave the online stock at once; a mistake is voided; a day's other takings noted."""

from collections.abc import Mapping
from datetime import date, datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.catalog.queries import get_offer
from marketplace.shop.inventory.services import put_back, take
from marketplace.trade.exhibitors.models import Application
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.stands.models import DayTakings, PaidBy, StandSale, StandSaleLine
from marketplace.trade.stands.policies import SELL_AT_STAND
from marketplace.trade.stands.queries import find_by_key, get_sale

MOST_AMOUNT = Money(100_000_000_000)
MOST_LINES = 60


class NotSelling(Conflict):
    """Sales at the stand are entered while the fair runs."""

    code = "stand_not_selling"
    message = N_("Chỉ ghi bán tại gian khi hội chợ đang diễn ra.")


class AlreadyVoided(Conflict):
    """It was voided before."""

    code = "sale_voided"
    message = N_("Lần bán này đã hủy rồi.")


class SoldAlready(Conflict):
    """The same form was sent with other goods, another way to pay, or at another stand."""

    code = "sale_key_used"
    message = N_("Lần bán này đã được ghi. Mở lại trang để ghi lần khác.")


def sell(
    *, edition: str, key: str, goods: Mapping[str, tuple[int, Money]], paid_by: PaidBy, by: Actor, at: datetime
) -> StandSale:
    """Write down what a visitor bought: by SKU how many, at what price each; the units leave the online stock.

    Only what may be sold today (its certificate in force): NotFound otherwise. OutOfStock where fewer are there. The
    same key again answers the same sale.
    """
    stand = _selling(edition, by)
    sold = find_by_key(key)
    if sold is not None:
        lines = {line.variant.sku: (line.quantity, line.price) for line in sold.lines}
        if (sold.application_id, sold.paid_by, lines) != (stand.id, paid_by, dict(goods)):
            raise SoldAlready
        return sold
    _check(goods)
    offers = {sku: get_offer(sku, on=day_of(at)) for sku in sorted(goods)}
    if any(offer.public.producer.id != stand.producer_id for offer in offers.values()):
        raise NotFound
    sale = StandSale(code=f"BG{random_code(8)}", key=key, application_id=stand.id, paid_by=paid_by)
    sale.sold_at, sale.sold_by = at, by.name
    db.session.add(sale)
    db.session.flush()
    for sku, (quantity, price) in sorted(goods.items()):
        line = StandSaleLine(sale_id=sale.id, variant_id=offers[sku].variant.id, quantity=quantity, price=price)
        db.session.add(line)
    taken = {offers[sku].variant.id: quantity for sku, (quantity, _) in goods.items()}
    take(taken, reference=sale.code, by=by, at=at)
    _record(stand, "sold", sale.code, by, at)
    return sale


def void(*, edition: str, sale: str, reason: str, by: Actor, at: datetime) -> None:
    """Take a sale back that was entered by mistake, or whose goods came back: the units are on sale again."""
    stand = _selling(edition, by)
    row = get_sale(stand.id, sale)
    if row.voided_at is not None:
        raise AlreadyVoided
    words = nfc(reason)[:200]
    if not words:
        raise Invalid({"reason": N_("Ghi lý do hủy.")})
    row.voided_at, row.void_reason = at, words
    units = {line.variant_id: line.quantity for line in row.lines}
    put_back(units, sold_as=row.code, reference=row.code, by=by, at=at)
    _record(stand, "voided", row.code, by, at)


def note_takings(*, edition: str, day: date, amount: Money, note: str, by: Actor, at: datetime) -> None:
    """What a day took besides the sales entered one by one; again for the day replaces it. Until it is reported."""
    if not SELL_AT_STAND.held_by(by):
        raise Forbidden
    stand = get_own_stand(edition, by=by)
    if stand.edition.state not in (EditionState.RUNNING, EditionState.CLOSED):
        raise NotSelling
    wrong = {}
    if not stand.edition.first_day <= day <= min(stand.edition.last_day, day_of(at)):
        wrong["day"] = N_("Chọn một ngày của hội chợ, không sau hôm nay.")
    if not Money(0) <= amount <= MOST_AMOUNT:
        wrong["amount"] = N_("Số tiền từ 0 đến 100 tỉ đồng.")
    if wrong:
        raise Invalid(wrong)
    row = db.session.get(DayTakings, (stand.id, day))
    if row is None:
        row = DayTakings(application_id=stand.id, day=day)
        db.session.add(row)
    row.amount, row.note, row.entered_at, row.entered_by = amount, nfc(note)[:300], at, by.name
    _record(stand, "takings", day.isoformat(), by, at)


def _check(goods: Mapping[str, tuple[int, Money]]) -> None:
    wrong = {}
    if not goods or len(goods) > MOST_LINES:
        wrong["goods"] = N_("Ghi số lượng cho ít nhất một món.")
    for sku, (quantity, price) in goods.items():
        if not 1 <= quantity <= 100_000:
            wrong[f"quantity-{sku}"] = N_("Số lượng từ 1 đến 100.000.")
        if not Money(0) <= price <= MOST_AMOUNT:
            wrong[f"price-{sku}"] = N_("Giá từ 0 đến 100 tỉ đồng.")
    if wrong:
        raise Invalid(wrong)


def _selling(edition: str, by: Actor) -> Application:
    if not SELL_AT_STAND.held_by(by):
        raise Forbidden
    stand = get_own_stand(edition, by=by)
    if stand.edition.state is not EditionState.RUNNING:
        raise NotSelling
    return stand


def _record(stand: Application, verb: str, what: str, by: Actor, at: datetime) -> None:
    record(by=by, action=f"stand.{verb}", subject_type="fair_stand", subject=stand.code, at=at, detail={"what": what})
