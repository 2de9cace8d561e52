"""Putting things in a basket and taking them out."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.ids import token_hash
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.models import Basket, BasketLine
from marketplace.shop.baskets.queries import find_basket
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import get_offer
from marketplace.shop.inventory.queries import on_hand

MOST_OF_ONE = 999
MOST_LINES = 60


class NotEnough(Conflict):
    """Fewer units are on hand than were asked for; the basket keeps what it had."""

    code = "not_enough"
    message = N_("Chỉ còn %(on_hand)d %(label)s. Giỏ của bạn đã có %(held)d.")


class BasketFull(Conflict):
    """A basket holds at most 60 different things."""

    code = "basket_full"
    message = N_("Giỏ đã đầy 60 món. Hãy đặt đơn này rồi mua tiếp.")


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
    held = line.quantity if line else 0
    _check_enough(offer.variant, held=held, wanted=held + quantity)
    if line is None:
        if len(lines) >= MOST_LINES:
            raise BasketFull
        line = BasketLine(
            basket_id=basket.id,
            variant_id=offer.variant.id,
            quantity=quantity,
            price_seen=offer.variant.price,
            added_at=at,
        )
        db.session.add(line)
    else:
        line.quantity = held + quantity
        line.price_seen = offer.variant.price
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
    else:
        if quantity > line.quantity:
            _check_enough(variant, held=line.quantity, wanted=quantity)
        line.quantity = quantity
        line.price_seen = variant.price
    basket.updated_at = at


def accept_prices(*, basket_id: int) -> None:
    """Remember today's prices as seen, once the basket's page has told of the change."""
    for line in db.session.scalars(select(BasketLine).where(BasketLine.basket_id == basket_id)):
        line.price_seen = db.session.get_one(Variant, line.variant_id).price


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
                both = held[line.variant_id].quantity + line.quantity
                held[line.variant_id].quantity = min(MOST_OF_ONE, both)
            else:
                line.basket_id = guest.id
        db.session.flush()
        db.session.execute(delete(BasketLine).where(BasketLine.basket_id == own.id))
        db.session.execute(delete(Basket).where(Basket.id == own.id))
    guest.user_id = by.user_id
    guest.updated_at = at


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


def _check_enough(variant: Variant, *, held: int, wanted: int) -> None:
    units = on_hand([variant.id]).get(variant.id, 0)
    if wanted > units:
        raise NotEnough(on_hand=units, held=held, label=variant.label)
