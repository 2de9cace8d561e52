"""Purchases agreed on outside the shop's prices: laid ready for one buyer, and ordered once."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update

from marketplace.platform.core.db import db, held, rows_changed
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.shop.pricing.models import AgreedPrice


class AgreedGone(Conflict):
    """What was agreed on was ordered already, has lapsed, or was taken up by somebody else."""

    code = "agreed_gone"
    message = N_("Giá thỏa thuận của một món đã được đặt hoặc hết hạn. Chưa đặt gì cả: hãy xem lại giỏ.")


def agree(
    *,
    reference: str,
    user_id: int,
    variant_id: int,
    price: Money,
    quantity: int,
    valid_until: date,
    at: datetime,
) -> AgreedPrice:
    """Lay a purchase ready for a buyer to order once; the one of this reference that waits is laid anew.

    The caller has made sure that both sides agreed, and holds what `reference` names.
    """
    waiting = select(AgreedPrice).where(AgreedPrice.reference == reference, AgreedPrice.used_at.is_(None))
    row = db.session.scalar(held(waiting, AgreedPrice))
    if row is None:
        row = AgreedPrice(reference=reference)
        db.session.add(row)
    row.user_id, row.variant_id = user_id, variant_id
    row.price, row.quantity = price, quantity
    row.valid_until, row.agreed_at = valid_until, at
    db.session.flush()
    return row


def use_agreed(ids: Collection[int], *, user_id: int | None, on: date, at: datetime) -> None:
    """Mark purchases as ordered, all or none: raises AgreedGone where one is not this buyer's to order any more."""
    for agreed_id in sorted(ids):
        row = update(AgreedPrice).where(
            AgreedPrice.id == agreed_id,
            AgreedPrice.used_at.is_(None),
            AgreedPrice.user_id == user_id,
            AgreedPrice.valid_until >= on,
        )
        if rows_changed(row.values(used_at=at)) != 1:
            raise AgreedGone
