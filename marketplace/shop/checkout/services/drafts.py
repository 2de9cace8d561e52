"""What a buyer types before placing an order: nothing of it is lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from marketplace.people.places.queries import find_commune
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.words import N_
from marketplace.shop.baskets.models import Basket
from marketplace.shop.baskets.queries import contents
from marketplace.shop.baskets.services import put_aside
from marketplace.shop.checkout.models import CheckoutDraft
from marketplace.shop.checkout.queries import Unreachable, unreachable
from marketplace.shop.delivery.pickups import find_open_pickup


class NotDelivered(Invalid):
    """Goods of a short life, or of a maker who delivers nearby, may not travel to the address; nothing was changed."""

    code = "not_delivered"
    message = N_("Không giao tới địa chỉ này được: %(goods)s.")

    def __init__(self, lines: Iterable[Unreachable]) -> None:
        goods = ", ".join(dict.fromkeys(each.listing.name for each in lines))
        super().__init__({"commune_code": self.message}, goods=goods)


@dataclass(frozen=True)
class Address:
    """Where and to whom goods go: phone in E.164, commune by today's code."""

    recipient: str
    phone: str
    email: str
    province_code: str
    commune_code: str
    street: str
    note: str = ""


@dataclass(frozen=True)
class Receiver:
    """Who fetches the goods: phone in E.164."""

    recipient: str
    phone: str
    email: str
    note: str = ""


@dataclass(frozen=True)
class Invoice:
    """To whom the producers' invoices are made out: a firm or person with a tax code."""

    name: str
    tax_code: str
    address: str
    email: str


@dataclass(frozen=True)
class Extras:
    """What a buyer may ask besides: a note for a gift, an invoice."""

    gift_note: str = ""
    invoice: Invoice | None = None


def save_extras(*, basket_id: int, extras: Extras, at: datetime) -> None:
    """Keep what the buyer asks besides; raises NotFound where there is no address yet."""
    draft = db.session.get(CheckoutDraft, basket_id)
    if draft is None:
        raise NotFound
    invoice = extras.invoice
    draft.gift_note = nfc(extras.gift_note)
    draft.invoice_name = nfc(invoice.name) if invoice else None
    draft.invoice_tax_code = invoice.tax_code if invoice else None
    draft.invoice_address = nfc(invoice.address) if invoice else None
    draft.invoice_email = invoice.email if invoice else None
    draft.updated_at = at


def save_pickup(*, basket_id: int, code: str, who: Receiver, at: datetime) -> CheckoutDraft:
    """Keep that the buyer fetches the goods at a point, whose address becomes the order's; raises Invalid on `point`.

    Goods that may not travel there refuse it (NotDelivered).
    """
    point = find_open_pickup(code)
    if point is None or point.commune.parent is None:
        raise Invalid({"point": N_("Chọn một điểm nhận đang mở.")})
    address = Address(
        recipient=who.recipient,
        phone=who.phone,
        email=who.email,
        province_code=point.commune.parent.code,
        commune_code=point.commune.code,
        street=point.street,
        note=who.note,
    )
    draft = save_draft(basket_id=basket_id, address=address, at=at)
    draft.pickup_id = point.id
    return draft


def save_draft(*, basket_id: int, address: Address, at: datetime, aside: bool = False) -> CheckoutDraft:
    """Keep what the buyer typed; refuses a commune that is not one of the province's.

    Goods that may not travel there refuse it too (NotDelivered), or are put `aside` for later.
    """
    commune = find_commune(address.commune_code)
    if commune is None or commune.parent is None or commune.parent.code != address.province_code:
        raise Invalid({"commune_code": N_("Chọn xã hoặc phường")})
    lines = unreachable(contents(db.session.get(Basket, basket_id), at=at), commune)
    if lines and not aside:
        raise NotDelivered(lines)
    put_aside((each.line.variant.id for each in lines), basket_id=basket_id, at=at)
    draft = db.session.get(CheckoutDraft, basket_id)
    if draft is None:
        draft = CheckoutDraft(basket_id=basket_id, key=new_token())
        db.session.add(draft)
    draft.recipient = nfc(address.recipient)
    draft.phone = address.phone
    draft.email = address.email
    draft.province_code = address.province_code
    draft.commune_code = address.commune_code
    draft.pickup_id = None
    draft.street = nfc(address.street)
    draft.note = nfc(address.note)
    draft.updated_at = at
    return draft
