"""An exhibitor at its stand: sells, voids, notes a day's takings; prints the code that leads visitors to its goods."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.findable import address
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import Money, read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import day_in, whole_number
from marketplace.platform.web.qr import KINDS, picture
from marketplace.platform.web.verbs import answered
from marketplace.shop.catalog.queries import list_public_of_producer, variants_of
from marketplace.shop.inventory.queries import sellable
from marketplace.trade.exhibitors.queries import get_own_stand
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.stands.models import PaidBy
from marketplace.trade.stands.policies import SELL_AT_STAND
from marketplace.trade.stands.queries import by_day, list_orders_of, list_sales, list_takings
from marketplace.trade.stands.services import note_takings, sell, void

bp = Blueprint("producer_stand", __name__, url_prefix="/producer/fairs/<code>/stand")
PAYMENTS = {PaidBy.CASH: _l("tiền mặt"), PaidBy.TRANSFER: _l("chuyển khoản"), PaidBy.CARD: _l("thẻ")}


@bp.get("")
@allow(SELL_AT_STAND)
def stand(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    by, at = current_actor(), now()
    own, on = get_own_stand(code, by=by), day_of(at)
    public = list_public_of_producer(own.producer_id, on=on)
    variants = variants_of(each.listing.id for each in public)
    goods = [(each.listing, variant) for each in public for variant in variants.get(each.listing.id, ())]
    orders = list_orders_of([own]).get(own.id, [])
    return render_template(
        "producer_desk/stand.html",
        stand=own,
        edition=own.edition,
        running=own.edition.state is EditionState.RUNNING,
        goods=goods,
        units=sellable([variant.id for _listing, variant in goods], on=on),
        sales=list_sales(own.id),
        takings=list_takings(own.id),
        days=by_day([own.id]).get(own.id, {}),
        orders=orders,
        payments=PAYMENTS,
        key=request.form.get("key") or new_token(),
        today=on,
        errors=errors or {},
        typed=request.form if errors else {},
        **desk(by),
        **fair_words(),
    )


@bp.get("/qr.svg")
@allow(SELL_AT_STAND)
def code_picture(code: str) -> Response:
    """The code to put on the table: it leads to the stand's public page."""
    own = get_own_stand(code, by=current_actor())
    leads_to = address(f"/fairs/{own.edition.slug}/stands/{own.code}")
    return Response(picture(leads_to, "svg"), mimetype=KINDS["svg"])


@bp.post("/sales")
@allow(SELL_AT_STAND)
def sold(code: str) -> Any:
    def act(**who: Any) -> None:
        goods = _goods()
        paid = request.form.get("paid_by", "")
        if paid not in set(PaidBy):
            raise Invalid({"paid_by": N_("Chọn cách trả tiền.")})
        sell(key=request.form.get("key", "")[:64] or new_token(), goods=goods, paid_by=PaidBy(paid), **who)

    return _do(code, act, N_("Đã ghi. Số hàng này đã trừ khỏi kho trên chợ."))


def _goods() -> dict[str, tuple[int, Money]]:
    """What was typed for each variant; raises Invalid beside what cannot be read."""
    goods: dict[str, tuple[int, Money]] = {}
    wrong: dict[str, str] = {}
    for name, typed in request.form.items():
        sku = name.removeprefix("quantity-")
        if sku == name or not typed.strip():
            continue
        price = read_dong(request.form.get(f"price-{sku}", ""))
        number = whole_number(typed, 6)
        if number is None:
            wrong[name] = N_("Nhập bằng chữ số.")
        elif price is None:
            wrong[f"price-{sku}"] = N_("Viết số tiền bằng chữ số, ví dụ 12.000.000.")
        else:
            goods[sku] = (number, price)
    if wrong:
        raise Invalid(wrong)
    return {sku: good for sku, good in goods.items() if good[0]}


@bp.post("/sales/<sale>/void")
@allow(SELL_AT_STAND)
def voided(code: str, sale: str) -> Any:
    act = partial(void, sale=sale, reason=request.form.get("reason", ""))
    return _do(code, act, N_("Đã hủy lần bán; hàng về lại kho trên chợ."))


@bp.post("/takings")
@allow(SELL_AT_STAND)
def noted(code: str) -> Any:
    def act(**who: Any) -> None:
        day, amount = day_in(request.form.get("day", "")), read_dong(request.form.get("amount", ""))
        wrong = {} if day else {"day": N_("Nhập ngày như 31/12/2026.")}
        wrong |= {} if amount is not None else {"amount": N_("Viết số tiền bằng chữ số, ví dụ 12.000.000.")}
        if day is None or amount is None:
            raise Invalid(wrong)
        note_takings(day=day, amount=amount, note=request.form.get("note", ""), **who)

    return _do(code, act, N_("Đã ghi doanh thu của ngày."))


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    """One verb at one's stand; a refusal is told on its page, with what was typed."""
    act, then = partial(verb, edition=code, by=current_actor(), at=now()), url_for("producer_stand.stand", code=code)
    return answered(act, _(done), again=partial(_look, code), then=then)
