"""Checkout: address, review, place."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.people.accounts.queries import get_self
from marketplace.people.accounts.rules import show_phone
from marketplace.people.addresses.models import SavedAddress
from marketplace.people.addresses.queries import get_address, list_addresses
from marketplace.people.addresses.services import AddressBookFull, add_address
from marketplace.people.addresses.views import known as known_address
from marketplace.people.places.queries import find_commune
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import language
from marketplace.shop.baskets.models import Basket
from marketplace.shop.baskets.queries import contents
from marketplace.shop.baskets.rules import Contents
from marketplace.shop.baskets.views import own_basket
from marketplace.shop.catalog.age import of_age
from marketplace.shop.checkout.forms import INVOICE_FIELDS, AddressForm, ExtrasForm
from marketplace.shop.checkout.queries import find_draft, review, unreachable
from marketplace.shop.checkout.services import Address, MethodGone, NotOfAge, place_order, save_draft, save_extras
from marketplace.shop.delivery.pickups import find_chosen, list_open_pickups
from marketplace.shop.orders.links import order_key, order_link
from marketplace.shop.orders.models import PaymentMethod
from marketplace.shop.orders.origins import where_from
from marketplace.shop.payments.setup import prepays

bp = Blueprint("checkout", __name__)


@bp.route("/checkout", methods=["GET", "POST"])
@allow(PUBLIC)
def address() -> Any:
    basket = own_basket()
    inside = contents(basket, at=now())
    if basket is None or not inside.groups:
        return back_to_cart()
    saved = list_addresses(by=current_actor()) if current_actor().known else []
    form = AddressForm(data=known(basket, saved))
    form.offer_places()
    if "use" in request.form:
        with told_on(form):
            return _use(request.form["use"], basket)
        return _address_page(form, inside, saved, code=request.form["use"])
    if "pick" not in request.form and form.validate_on_submit():
        with told_on(form):
            _save(form, basket.id)
        if not form.errors:
            return redirect(url_for("checkout.check"))
    return _address_page(form, inside, saved)


def _address_page(form: AddressForm, inside: Contents, saved: list[SavedAddress], code: str = "") -> Any:
    """The form; where goods may not travel to what it says, or to the saved address `code`, they are named."""
    chosen = next((each.commune.code for each in saved if each.code == code), form.commune_code.data or "")
    commune = find_commune(chosen)
    lines = unreachable(inside, commune) if commune else ()
    facts = {"unreachable": lines, "used": code, "commune": commune, "pickups": prepays() and list_open_pickups()}
    page = render_template("checkout/address.html", form=form, contents=inside, saved=saved, **facts)
    return page, 422 if form.errors else 200


def _save(form: AddressForm, basket_id: int) -> None:
    """Keep the draft; a member who asks for it also keeps the address, unless their book is full."""
    typed, at = form.address(), now()
    with transaction():
        save_draft(basket_id=basket_id, address=typed, at=at, aside="aside" in request.form)
        if form.keep.data and current_actor().known:
            with suppress(AddressBookFull):
                add_address(facts=form.saved(), default=False, by=current_actor(), at=at)


def _use(code: str, basket: Basket) -> Response:
    """Have the goods sent to an address of the member's book; what the draft says besides is kept."""
    chosen, draft, user = get_address(code, by=current_actor()), find_draft(basket), get_self(current_actor())
    parent = chosen.commune.parent
    typed = Address(
        recipient=chosen.recipient,
        phone=chosen.phone,
        email=draft.email if draft else user.email,
        province_code=parent.code if parent else "",
        commune_code=chosen.commune.code,
        street=chosen.street,
        note=draft.note if draft else "",
    )
    with transaction():
        save_draft(basket_id=basket.id, address=typed, at=now(), aside="aside" in request.form)
    return redirect(url_for("checkout.check"))


def known(basket: Basket, saved: list[SavedAddress]) -> dict[str, str]:
    """What a form starts with: the draft, or what a member's account says."""
    draft = find_draft(basket)
    if draft is not None:
        names = ("recipient", "email", "province_code", "commune_code", "street", "note")
        return {name: getattr(draft, name) for name in names} | {"phone": show_phone(draft.phone)}
    if not current_actor().known:
        return {}
    user = get_self(current_actor())
    phone = show_phone(user.phone) if user.phone else ""
    own = known_address(saved[0]) if saved else {"recipient": user.name, "phone": phone}
    return own | {"email": user.email}


@bp.route("/checkout/extras", methods=["GET", "POST"])
@allow(PUBLIC)
def extras() -> Any:
    """A note for a gift, an invoice."""
    draft = find_draft(own_basket())
    if draft is None:
        return redirect(url_for("checkout.address"))
    known = {name: getattr(draft, name) or "" for name in ("gift_note", *INVOICE_FIELDS)}
    form = ExtrasForm(data=known | {"invoice": draft.invoice_name is not None})
    if form.validate_on_submit():
        with told_on(form):
            asked = form.extras()
            with transaction():
                save_extras(basket_id=draft.basket_id, extras=asked, at=now())
        if not form.errors:
            return redirect(url_for("checkout.check"))
    return render_template("checkout/extras.html", form=form), 422 if form.errors else 200


@bp.get("/checkout/review")
@allow(PUBLIC)
def check() -> Any:
    return _review_page(200)


def _review_page(status: int) -> Any:
    draft = find_draft(own_basket())
    if draft is None:
        return redirect(url_for("checkout.address"))
    if draft.pickup_id is not None and find_chosen(draft.pickup_id) is None:
        flash(_("Điểm nhận đã chọn vừa ngừng nhận hàng. Chọn điểm khác, hoặc giao tận nhà."), "warn")
        return redirect(url_for("checkout_pickup.pickup"))
    try:
        agreed = review(draft, at=now())
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return redirect(url_for("baskets.cart"))
    if agreed is None or agreed.contents.troubled:
        return back_to_cart()
    if agreed.unreachable:
        flash(_("Có món không giao tới địa chỉ này được."), "warn")
        return redirect(url_for("checkout.address"))
    if agreed.contents.without_cash and not of_age():
        return redirect(url_for("age.question", next=url_for("checkout.check")))
    facts = {"phone": show_phone(draft.phone), "methods": agreed.methods, "method": _method()}
    return render_template("checkout/review.html", review=agreed, **facts), status


@bp.post("/checkout/place")
@allow(PUBLIC)
@limiter.limit("60 per hour")
def place() -> Any:
    agreed = {name: request.form.get(name, "") for name in ("key", "fingerprint")}
    try:
        if request.form.get("method", PaymentMethod.CASH_ON_DELIVERY) not in set(PaymentMethod):
            raise MethodGone
        with transaction():
            order = place_order(
                **agreed,
                method=_method(),
                adult=of_age(),
                came_by=where_from(),
                language=language(),
                by=current_actor(),
                at=now(),
            )
    except NotOfAge:
        return redirect(url_for("age.question", next=url_for("checkout.check")))
    except NotFound:
        return back_to_cart()
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return _review_page(refusal.status)
    if order.prepaid:
        flash(_("Cảm ơn bạn. Hàng đã giữ cho bạn: trả tiền để nơi bán gửi hàng."), "ok")
        return redirect(
            url_for("payment_pages.pay_page", what="orders", number=order.number, key=order_key(order.number))
        )
    flash(_("Cảm ơn bạn. Đơn đã tới các nơi gửi hàng."), "ok")
    return redirect(order_link(order.number))


def _method() -> PaymentMethod:
    """How the buyer has chosen to pay; cash at the door where nothing was said that we know."""
    wanted = request.form.get("method", "")
    return PaymentMethod(wanted) if wanted in set(PaymentMethod) else PaymentMethod.CASH_ON_DELIVERY


def back_to_cart() -> Response:
    """To the cart, with the word that something there is to be looked at."""
    flash(_("Giỏ hàng có món cần xem lại trước khi đặt."), "warn")
    return redirect(url_for("baskets.cart"))
