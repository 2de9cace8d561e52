"""Placing an order: one block that makes it, takes the stock, empties the basket and writes the letters."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, NotFound
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.rules import Line
from marketplace.shop.baskets.services import forget_vouchers, take_out
from marketplace.shop.catalog.queries import Offer
from marketplace.shop.checkout import terms
from marketplace.shop.checkout.models import CheckoutDraft
from marketplace.shop.checkout.queries import (
    Review,
    ReviewPart,
    hold_for_sale,
    lock_draft,
    review,
)
from marketplace.shop.checkout.services.drafts import NotDelivered
from marketplace.shop.delivery.pickups import find_chosen
from marketplace.shop.inventory import services as inventory
from marketplace.shop.ledger.queries import commission_on
from marketplace.shop.orders import mails
from marketplace.shop.orders.models import Order, OrderLine, OrderPart, PartEvent, PartState, PaymentMethod, VoucherUse
from marketplace.shop.orders.queries import find_by_checkout_key, get_order
from marketplace.shop.payments.services import open_payment
from marketplace.shop.payments.services.attempts import time_to_pay
from marketplace.shop.pricing.services import sell, use_agreed
from marketplace.shop.pricing.totals import PartTotals
from marketplace.shop.vouchers.rules import persons
from marketplace.shop.vouchers.services import claim


class ReviewChanged(Conflict):
    """Something the buyer agreed to has changed since the page was shown: nothing was placed, all is kept."""

    code = "review_changed"
    message = N_("Giỏ hàng vừa thay đổi so với lúc bạn xem. Chưa đặt gì cả: hãy xem lại rồi bấm đặt.")


class NotOfAge(Forbidden):
    """Alcohol is among the goods, and whoever orders has not said that they are 18 (Luật 44/2019/QH14, art. 16)."""

    code = "not_of_age"
    message = N_("Đơn có rượu: hãy cho biết bạn đủ 18 tuổi trước khi đặt.")


class KeyUsed(Conflict):
    """This checkout became an order with other content."""

    code = "checkout_key_used"
    message = N_("Lượt đặt này đã thành đơn với nội dung khác.")


class MethodGone(Conflict):
    """The order cannot be paid this way now: the way was taken off, or the amount is beyond it. Nothing was placed."""

    code = "method_gone"
    message = N_("Lúc này không trả bằng cách đã chọn được. Hãy chọn cách trả khác: giỏ hàng vẫn còn nguyên.")


def place_order(
    *,
    key: str,
    fingerprint: str,
    language: str,
    by: Actor,
    at: datetime,
    method: PaymentMethod = PaymentMethod.CASH_ON_DELIVERY,
    adult: bool = False,
    came_by: str = "",
) -> Order:
    """Make the order that the buyer agreed to, paid at the door or before it is sent; `came_by` says where it began.

    The same key again answers the same order, however it is paid by now (`payments` changes that); with another
    fingerprint it is a conflict (KeyUsed). If anything differs from what was shown, a voucher, a sale or stock ran out,
    an agreed purchase was ordered, goods may not travel there, it cannot be paid so now, or alcohol is asked for by one
    who is not known to be `adult`, ReviewChanged, VoucherRanOut, SaleSoldOut, OutOfStock, AgreedGone, NotDelivered,
    MethodGone or NotOfAge is raised and nothing is changed. Rows are taken in the order draft, basket, what admits the
    goods to sale, order, payment, vouchers, flash sales, agreed purchases, stock, each by ascending id: a revocation, a
    pause or a new price comes before the order and refuses it, or waits until it is placed.
    """
    draft = lock_draft(key)
    placed = find_by_checkout_key(key)
    if placed is not None:
        if placed.fingerprint != fingerprint:
            raise KeyUsed
        return get_order(placed.number)
    if draft is None:
        raise NotFound
    agreed = _agreed(draft, fingerprint, method, adult, at=at)
    order = _order(agreed, method, came_by=came_by, language=language, by=by, at=at)
    db.session.add(order)
    db.session.flush()
    shares = commission_on((part.producer.id for part in agreed.parts), on=day_of(at))
    for position, (part, costs) in enumerate(agreed.reckoned(), start=1):
        row = _add_part(order, part, costs, position, by=by, at=at)
        terms.freeze(part, part_id=row.id, commission_bp=shares[part.producer.id], on=day_of(at))
    open_payment(order=order, at=at)
    _use_vouchers(order, agreed, at=at)
    _use_prices(agreed, by=by, at=at)
    quantities = {line.variant.id: line.quantity for line in agreed.contents.lines}
    inventory.take(quantities, reference=order.number, by=by, at=at)
    take_out(quantities, basket_id=draft.basket_id)
    forget_vouchers(basket_id=draft.basket_id)
    db.session.delete(draft)
    detail = {"total": order.total.amount, "parts": len(agreed.parts)}
    record(by=by, action="order.placed", subject_type="order", subject=order.number, at=at, detail=detail)
    db.session.flush()
    mails.placed(placed := get_order(order.number), at=at)
    return placed


def _agreed(draft: CheckoutDraft, fingerprint: str, method: PaymentMethod, adult: bool, *, at: datetime) -> Review:
    """What the buyer was shown, if all of it still stands; what admits it to sale is held from here on."""
    hold_for_sale(draft.basket_id)
    find_chosen(draft.pickup_id, hold=True)
    agreed = review(draft, at=at)
    if agreed is not None and agreed.unreachable:
        raise NotDelivered(agreed.unreachable)
    if agreed is None or agreed.contents.troubled or agreed.fingerprint != fingerprint:
        raise ReviewChanged
    if agreed.contents.without_cash and not adult:
        raise NotOfAge
    if method not in agreed.methods:
        raise MethodGone
    return agreed


def _order(agreed: Review, method: PaymentMethod, *, came_by: str, language: str, by: Actor, at: datetime) -> Order:
    draft = agreed.draft
    return Order(
        came_by=came_by,
        number=f"{day_of(at):%y%m}-{random_code(6)}",
        checkout_key=draft.key,
        fingerprint=agreed.fingerprint,
        buyer_id=by.user_id,
        email=draft.email,
        phone=draft.phone,
        recipient=draft.recipient,
        province_code=agreed.province.code,
        province_name=agreed.province.name,
        commune_code=agreed.commune.code,
        commune_name=agreed.commune.name,
        street=draft.street,
        pickup_id=agreed.pickup.id if agreed.pickup else None,
        pickup_name=agreed.pickup.name if agreed.pickup else None,
        pickup_code=random_code(6) if agreed.pickup else None,
        note=draft.note,
        gift_note=draft.gift_note,
        invoice_name=draft.invoice_name,
        invoice_tax_code=draft.invoice_tax_code,
        invoice_address=draft.invoice_address,
        invoice_email=draft.invoice_email,
        language=language,
        payment_method=method,
        pay_until=time_to_pay(method, at),
        goods_total=agreed.totals.goods,
        shipping_total=agreed.totals.shipping,
        discount_total=agreed.totals.discount,
        total=agreed.total,
        placed_at=at,
    )


def _use_vouchers(order: Order, agreed: Review, *, at: datetime) -> None:
    """Take a use of each voucher that lowers the order, and keep with the order what it took off."""
    people = persons(phone=order.phone, user_id=order.buyer_id)
    used = [each.voucher for each in agreed.contents.vouchers if each.why_not is None]
    for voucher in sorted(used, key=lambda each: each.id):
        claim(voucher_id=voucher.id, people=people)
        use = VoucherUse(
            voucher_id=voucher.id,
            order_id=order.id,
            producer_id=voucher.producer_id,
            code=voucher.code,
            name=voucher.name,
            amount=agreed.totals.taken_off(voucher.code),
            used_at=at,
        )
        db.session.add(use)


def _use_prices(agreed: Review, *, by: Actor, at: datetime) -> None:
    """Count the units sold in flash sales, and mark the purchases at an agreed price as ordered."""
    lines = agreed.contents.lines
    sell({line.priced.sale.id: line.quantity for line in lines if line.priced.sale is not None}, at=at)
    bought = [line.agreed.id for line in lines if line.agreed is not None]
    use_agreed(bought, user_id=by.user_id, on=day_of(at), at=at)


def _add_part(
    order: Order, part: ReviewPart, costs: PartTotals, position: int, *, by: Actor, at: datetime
) -> OrderPart:
    row = OrderPart(
        order_id=order.id,
        position=position,
        producer_id=part.producer.id,
        producer_name=part.producer.name,
        state=PartState.PLACED,
        weight_g=part.group.weight_g,
        goods_total=costs.goods,
        shipping_total=costs.shipping,
        own_discount=costs.own_discount,
        gift=costs.gift,
        total=costs.total,
        arrives_from=part.arrives[0],
        arrives_until=part.arrives[1],
        state_since=at,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(PartEvent(part_id=row.id, state=PartState.PLACED, at=at, actor_id=by.user_id))
    for n, (line, offer) in enumerate(part.group.offered, start=1):
        db.session.add(_frozen(line, offer, part_id=row.id, position=n))
    return row


def _frozen(line: Line, offer: Offer, *, part_id: int, position: int) -> OrderLine:
    """The line as agreed: later changes of name, price or certificate do not reach it."""
    listing, certificate = offer.public.listing, offer.public.certificate
    return OrderLine(
        part_id=part_id,
        position=position,
        variant_id=line.variant.id,
        sku=line.variant.sku,
        listing_slug=listing.slug,
        image_path=listing.image_path(offer.public.product.set_code),
        name=listing.name,
        name_en=listing.name_en,
        label=line.variant.label,
        label_en=line.variant.label_en,
        unit_price=line.unit_price,
        tier_from=line.priced.tier.from_quantity if line.priced.tier else None,
        sale_id=line.priced.sale.id if line.priced.sale else None,
        agreed_id=line.agreed.id if line.agreed else None,
        quantity=line.quantity,
        line_total=line.total,
        stars=certificate.stars,
        certificate_code=certificate.code,
        certificate_expires_on=certificate.expires_on,
    )
