"""Putting things in a basket and taking them out."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Update, delete, select, update

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.ids import token_hash
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.models import Basket, BasketLine, BasketVoucher
from marketplace.shop.baskets.queries import contents, entered, find_basket
from marketplace.shop.baskets.rules import for_vouchers
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import get_offer
from marketplace.shop.inventory.queries import sellable
from marketplace.shop.pricing.models import AgreedPrice
from marketplace.shop.pricing.queries import sales_of, tiers_of
from marketplace.shop.pricing.rules import MOST_OF_ONE, price_at
from marketplace.shop.vouchers.models import Voucher
from marketplace.shop.vouchers.queries import find_voucher, judge
from marketplace.shop.vouchers.rules import UNKNOWN, VoucherUnfit, persons

MOST_LINES = 60


class NotEnough(Conflict):
    """Fewer units are on hand than were asked for; the basket keeps what it had."""

    code = "not_enough"
    message = N_("Chỉ còn %(on_hand)d %(label)s. Giỏ của bạn đã có %(held)d.")


class OutsideLimits(Conflict):
    """The maker sells from so many to so many of it in one order; the basket keeps what it had."""

    code = "outside_limits"
    message = N_("%(label)s: mỗi đơn mua từ %(least)d đến %(most)d. Giỏ của bạn đã có %(held)d.")


class BasketFull(Conflict):
    """A basket holds at most 60 different things."""

    code = "basket_full"
    message = N_("Giỏ đã đầy 60 món. Hãy đặt đơn này rồi mua tiếp.")


class AgreedOn(Conflict):
    """The basket holds it at an agreed price and quantity: that line is taken out first, or agreed on anew."""

    code = "agreed_on"
    message = N_("%(label)s nằm trong giỏ theo báo giá đã thỏa thuận. Bỏ dòng ấy trước, hoặc đổi ở trang thương vụ.")


def add_to_basket(*, token: str, sku: str, quantity: int, by: Actor, at: datetime) -> None:
    """Put `quantity` more of a variant in the visitor's basket, which is made if need be.

    Refuses what is not on sale today (NotFound) and more than is on hand (NotEnough).
    """
    if not 1 <= quantity <= MOST_OF_ONE:
        raise Invalid({"quantity": N_("Số lượng từ 1 đến 999.")})
    offer = get_offer(sku, on=day_of(at))
    join_baskets(token=token, by=by, at=at)
    basket = find_basket(token, by=by, hold=True) or _new_basket(token, by, at)
    lines = {line.variant_id: line for line in _lines(basket)}
    line = lines.get(offer.variant.id)
    if line is not None and line.agreed_id is not None:
        raise AgreedOn(label=offer.variant.label)
    held = line.quantity if line and line.saved_at is None else 0
    _check_limits(offer.variant, held=held, wanted=held + quantity)
    _check_enough(offer.variant, held=held, wanted=held + quantity, on=day_of(at))
    if line is None:
        if len(lines) >= MOST_LINES:
            raise BasketFull
        line = BasketLine(
            basket_id=basket.id,
            variant_id=offer.variant.id,
            quantity=quantity,
            price_seen=_unit_price(offer.variant, quantity, at),
            added_at=at,
        )
        db.session.add(line)
    else:
        line.quantity, line.saved_at = held + quantity, None
        line.price_seen = _unit_price(offer.variant, line.quantity, at)
    basket.updated_at = at


def add_agreed(*, token: str, agreed: AgreedPrice, by: Actor, at: datetime) -> None:
    """Lay a purchase agreed on into the buyer's basket, in the place of the same goods at the shop's price.

    Refuses what is not on sale today (NotFound). Laid again it is the same line.
    """
    variant = db.session.get_one(Variant, agreed.variant_id)
    get_offer(variant.sku, on=day_of(at))
    join_baskets(token=token, by=by, at=at)
    basket = find_basket(token, by=by, hold=True) or _new_basket(token, by, at)
    lines = {line.variant_id: line for line in _lines(basket)}
    if variant.id not in lines and len(lines) >= MOST_LINES:
        raise BasketFull
    line = lines.get(variant.id) or BasketLine(basket_id=basket.id, variant_id=variant.id, added_at=at)
    db.session.add(line)
    line.quantity, line.price_seen = agreed.quantity, agreed.price
    line.agreed_id, line.saved_at = agreed.id, None
    basket.updated_at = at


def set_quantity(*, token: str, sku: str, quantity: int, by: Actor, at: datetime) -> None:
    """Change how many of a variant the basket holds; 0 takes the line out. An unknown line changes nothing."""
    if not 0 <= quantity <= MOST_OF_ONE:
        raise Invalid({"quantity": N_("Số lượng từ 0 đến 999.")})
    basket = find_basket(token, by=by, hold=True)
    variant = db.session.scalar(select(Variant).where(Variant.sku == sku))
    if basket is None or variant is None:
        return
    line = next((line for line in _lines(basket) if line.variant_id == variant.id), None)
    if line is None:
        return
    if quantity == 0:
        db.session.delete(line)
    elif line.agreed_id is not None:
        raise AgreedOn(label=variant.label)
    else:
        _check_limits(variant, held=line.quantity, wanted=quantity)
        if quantity > line.quantity:
            _check_enough(variant, held=line.quantity, wanted=quantity, on=day_of(at))
        line.quantity = quantity
        line.price_seen = _unit_price(variant, quantity, at)
    basket.updated_at = at


def save_for_later(*, token: str, sku: str, by: Actor, at: datetime) -> None:
    """Put a variant aside: one in the basket leaves what is ordered, any other on sale today is noted."""
    join_baskets(token=token, by=by, at=at)
    basket = find_basket(token, by=by, hold=True)
    if basket is not None and rows_changed(_line_of(basket, sku).values(saved_at=at)):
        return
    offer = get_offer(sku, on=day_of(at))
    basket = basket or _new_basket(token, by, at)
    if len(_lines(basket)) >= MOST_LINES:
        raise BasketFull
    line = BasketLine(
        basket_id=basket.id,
        variant_id=offer.variant.id,
        quantity=offer.variant.least_quantity,
        price_seen=_unit_price(offer.variant, offer.variant.least_quantity, at),
        added_at=at,
        saved_at=at,
    )
    db.session.add(line)
    basket.updated_at = at


def put_aside(variant_ids: Iterable[int], *, basket_id: int, at: datetime) -> None:
    """Put these lines of a basket aside for later, all at once: what is left may be ordered."""
    chosen = update(BasketLine).where(BasketLine.basket_id == basket_id, BasketLine.variant_id.in_(list(variant_ids)))
    db.session.execute(chosen.values(saved_at=at))


def take_up_again(*, token: str, sku: str, by: Actor, at: datetime) -> None:
    """Bring what was put aside back into what is ordered, where it is on sale today; else NotFound."""
    get_offer(sku, on=day_of(at))
    basket = find_basket(token, by=by, hold=True)
    if basket is None or rows_changed(_line_of(basket, sku).values(saved_at=None)) != 1:
        raise NotFound
    basket.updated_at = at


def _line_of(basket: Basket, sku: str) -> Update:
    variant = select(Variant.id).where(Variant.sku == sku).scalar_subquery()
    return update(BasketLine).where(BasketLine.basket_id == basket.id, BasketLine.variant_id == variant)


def accept_prices(*, basket_id: int, at: datetime) -> None:
    """Remember the prices of now as seen, once the basket's page has told of the change."""
    for line in db.session.scalars(select(BasketLine).where(BasketLine.basket_id == basket_id)):
        if line.agreed_id is None:
            line.price_seen = _unit_price(db.session.get_one(Variant, line.variant_id), line.quantity, at)


def join_baskets(*, token: str, by: Actor, at: datetime) -> None:
    """What a member put in as a guest becomes theirs; what they had before joins it, one line a variant."""
    guest = db.session.scalar(select(Basket).where(Basket.token_hash == token_hash(token), Basket.user_id.is_(None)))
    if guest is None or not by.known:
        return
    own = db.session.scalar(select(Basket).where(Basket.user_id == by.user_id))
    if own is not None:
        held = {line.variant_id: line for line in _lines(guest)}
        for line in _lines(own):
            if line.variant_id in held:
                _join_lines(held[line.variant_id], line)
            else:
                line.basket_id = guest.id
        db.session.flush()
        _join_vouchers(guest, own)
        db.session.execute(delete(BasketLine).where(BasketLine.basket_id == own.id))
        db.session.execute(delete(Basket).where(Basket.id == own.id))
    guest.user_id = by.user_id
    guest.updated_at = at


def _join_lines(kept: BasketLine, other: BasketLine) -> None:
    """What both want adds up; what one wants and the other has put aside is wanted as it is."""
    if other.agreed_id is not None:
        kept.quantity, kept.price_seen = other.quantity, other.price_seen
        kept.agreed_id, kept.saved_at = other.agreed_id, other.saved_at
        return
    if other.saved_at is not None:
        return
    wanted = kept.quantity if kept.saved_at is None else 0
    kept.quantity, kept.saved_at = min(MOST_OF_ONE, wanted + other.quantity), None


def _join_vouchers(kept: Basket, other: Basket) -> None:
    """Of two vouchers of one giver the one entered as a guest, the later, stays."""
    givers = {voucher.producer_id for voucher in entered(kept.id)}
    moved = [voucher.id for voucher in entered(other.id) if voucher.producer_id not in givers]
    found = update(BasketVoucher).where(BasketVoucher.basket_id == other.id, BasketVoucher.voucher_id.in_(moved))
    db.session.execute(found.values(basket_id=kept.id))


def use_voucher(*, token: str, typed: str, by: Actor, at: datetime) -> Voucher:
    """Enter a voucher's code in the visitor's basket, in the place of another of the same giver.

    Raises VoucherUnfit, which says why, where there is none of that code or it cannot be used on what is there now.
    """
    join_baskets(token=token, by=by, at=at)
    basket = find_basket(token, by=by, hold=True)
    voucher = find_voucher(typed)
    if voucher is None or basket is None:
        raise VoucherUnfit(UNKNOWN)
    goods = for_vouchers(contents(basket, at=at).groups)
    (judged,) = judge([voucher], goods, people=persons(phone="", user_id=by.user_id), at=at, user_id=by.user_id)
    if judged.why_not is not None:
        raise judged.why_not
    replaced = [each.id for each in entered(basket.id) if each.producer_id == voucher.producer_id]
    _forget_vouchers(basket.id, replaced)
    db.session.add(BasketVoucher(basket_id=basket.id, voucher_id=voucher.id, entered_at=at))
    return voucher


def drop_voucher(*, token: str, code: str, by: Actor) -> None:
    """Take a voucher out of the visitor's basket; one that is not in it changes nothing."""
    basket = find_basket(token, by=by, hold=True)
    if basket is not None:
        _forget_vouchers(basket.id, [each.id for each in entered(basket.id) if each.code == code])


def forget_vouchers(*, basket_id: int) -> None:
    """Take out all of a basket's vouchers, once it has become an order."""
    _forget_vouchers(basket_id, [each.id for each in entered(basket_id)])


def _forget_vouchers(basket_id: int, voucher_ids: Iterable[int]) -> None:
    there = BasketVoucher.voucher_id.in_(list(voucher_ids))
    db.session.execute(delete(BasketVoucher).where(BasketVoucher.basket_id == basket_id, there))


def take_out(variant_ids: Iterable[int], *, basket_id: int) -> None:
    """Take these lines out, once they have become an order; what was not ordered stays."""
    ordered = BasketLine.variant_id.in_(list(variant_ids))
    db.session.execute(delete(BasketLine).where(BasketLine.basket_id == basket_id, ordered))


def forget_basket(*, by: Actor) -> None:
    """Take a member's basket away, and the checkout they had begun with it."""
    db.session.execute(delete(Basket).where(Basket.user_id == by.user_id))


def _new_basket(token: str, by: Actor, at: datetime) -> Basket:
    basket = Basket(token_hash=token_hash(token), user_id=by.user_id, updated_at=at)
    db.session.add(basket)
    db.session.flush()
    return basket


def _lines(basket: Basket) -> list[BasketLine]:
    query = select(BasketLine).where(BasketLine.basket_id == basket.id).order_by(BasketLine.id)
    return list(db.session.scalars(query))


def _unit_price(variant: Variant, quantity: int, at: datetime) -> Money:
    tiers, sale = tiers_of([variant.id]).get(variant.id, ()), sales_of([variant.id], at=at).get(variant.id)
    return price_at(variant.price, tiers, quantity, sale).unit


def _check_limits(variant: Variant, *, held: int, wanted: int) -> None:
    most = variant.most_quantity if variant.most_quantity is not None else MOST_OF_ONE
    if not variant.least_quantity <= wanted <= most:
        raise OutsideLimits(label=variant.label, least=variant.least_quantity, most=most, held=held)


def _check_enough(variant: Variant, *, held: int, wanted: int, on: date) -> None:
    units = sellable([variant.id], on=on).get(variant.id, 0)
    if wanted > units:
        raise NotEnough(on_hand=units, held=held, label=variant.label)
