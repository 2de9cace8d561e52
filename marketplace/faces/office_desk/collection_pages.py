"""The office keeps collections, gift baskets and seasons: texts, products in order, a picture, vouchers, the public."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from marketplace.faces.office_desk.featured_forms import CollectionForm, CollectionPictureForm, read_address, told
from marketplace.faces.office_desk.picture_of_collection import show_picture
from marketplace.faces.storefront.placed_words import placed_words
from marketplace.faces.storefront.window import suggest
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import MOST_BYTES
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on, whole_number
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import answered
from marketplace.shop.vouchers.queries import list_given
from marketplace.trade.collections.models import CollectionKind
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.collections.queries import (
    count_collections,
    count_items,
    get_collection,
    list_collections,
    list_kept_items,
    list_parts,
    list_possible_parts,
    list_vouchers,
)
from marketplace.trade.collections.services import (
    add_item,
    change_collection,
    drop_item,
    hide_collection,
    move_item,
    order_items,
    set_parts,
    set_picture,
    show_collection,
    write_collection,
)
from marketplace.trade.promotion.standing import goods_of

bp = Blueprint("office_collections", __name__, url_prefix="/office/featured/collections")
A_PAGE = 30
ONE = "office_collections.collection"


@bp.get("")
@allow(CURATE)
def collections() -> str:
    page = read_page()
    found = list_collections(page=page, per_page=A_PAGE)
    return render_template(
        "office_desk/collections.html",
        collections=found,
        counts=count_items([each.id for each in found]),
        today=day_of(now()),
        page=page,
        pages=max(1, -(-count_collections() // A_PAGE)),
        **placed_words(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(CURATE)
def new() -> Any:
    form = CollectionForm()
    form.offer()
    if form.validate_on_submit():
        with told_on(form), transaction():
            code = write_collection(facts=form.facts(), by=current_actor(), at=now()).code
        if not form.errors:
            flash(_("Đã lưu nháp. Thêm sản phẩm, ảnh, rồi đăng."), "ok")
            return redirect(url_for(ONE, code=code))
    return render_template("office_desk/collection_new.html", form=form), 422 if form.errors else 200


@bp.route("/<code>", methods=["GET", "POST"])
@allow(CURATE)
def collection(code: str) -> Any:
    found = get_collection(code)
    form = CollectionForm(data=told(found)) if request.method != "POST" else CollectionForm()
    form.offer()
    form.kind.data = found.kind.value
    if form.validate_on_submit():
        with told_on(form), transaction():
            change_collection(code=code, facts=form.facts(found.kind), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for(ONE, code=code))
    return _look(code, form=form), 422 if form.errors else 200


def _look(code: str, errors: dict[str, str] | None = None, form: Any = None, picture: Any = None) -> str:
    found, at = get_collection(code), now()
    if form is None:
        form = CollectionForm(formdata=None, data=told(found))
        form.offer()
    words = _searched()
    season = found.kind is CollectionKind.SEASON
    return render_template(
        "office_desk/collection.html",
        collection=found,
        form=form,
        picture_form=picture or CollectionPictureForm(formdata=None),
        items=list_kept_items(found.id),
        goods=goods_of([], on=day_of(at), hidden=frozenset(), also=[found]),
        parts=list_parts(found.id) if season else [],
        possible=list_possible_parts() if season else [],
        vouchers={each.code for each in list_vouchers(found.id)} if season else set(),
        given=list_given(None, per_page=60) if season else [],
        q=words,
        found=suggest(words, at=at) if words else None,
        errors=errors or {},
        today=day_of(at),
        **placed_words(),
    )


def _searched() -> str:
    """The words that were looked for: every button beside what was found keeps them."""
    return request.values.get("q", "").strip()[:200]


@bp.post("/<code>/items")
@allow(CURATE)
def add(code: str) -> Any:
    quantity = whole_number(request.form.get("quantity", "1"), 4) or 0
    _target, slug = read_address(request.form.get("listing", "")[:300])
    where = "found" if _searched() else None
    return _do(code, partial(add_item, listing=slug, quantity=quantity), N_("Đã thêm sản phẩm."), where)


@bp.post("/<code>/items/<slug>/<any(up, down, drop):what>")
@allow(CURATE)
def change_item(code: str, slug: str, what: str) -> Any:
    if what == "drop":
        return _do(code, partial(drop_item, listing=slug), N_("Đã bỏ sản phẩm khỏi bộ."))
    moved = partial(move_item, listing=slug, step=-1 if what == "up" else 1)
    return _do(code, moved, N_("Đã đổi thứ tự."), f"row-{slug}")


@bp.post("/<code>/order")
@allow(CURATE)
def order(code: str) -> Any:
    """The whole order at once, as dragging leaves it."""
    return _do(code, partial(order_items, listings=request.form.getlist("code")), N_("Đã đổi thứ tự."))


@bp.post("/<code>/picture")
@allow(CURATE)
@limiter.limit("120 per hour")
def picture(code: str) -> Any:
    get_collection(code)
    form = CollectionPictureForm()
    if form.validate_on_submit():
        if "picture" not in g:  # the view may be asked once more after a collision
            g.picture = _read(form.picture.data)
        words = {"alt": form.alt.data, "alt_en": form.alt_en.data or ""}
        with told_on(form):
            show_picture(code, g.picture, **words, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã thay ảnh."), "ok")
            return redirect(url_for(ONE, code=code))
    return _look(code, picture=form), 422


def _read(sent: FileStorage | None) -> bytes:
    if not sent:
        return b""
    data: bytes = sent.read(MOST_BYTES + 1)
    sent.close()
    return data


@bp.post("/<code>/picture/drop")
@allow(CURATE)
def drop_picture(code: str) -> Any:
    return _do(code, partial(set_picture, name=None), N_("Đã bỏ ảnh."))


@bp.post("/<code>/parts")
@allow(CURATE)
def parts(code: str) -> Any:
    shown, told_of = request.form.getlist("part"), request.form.getlist("voucher")
    act = partial(set_parts, parts=shown, vouchers=told_of)
    return _do(code, act, N_("Đã lưu bộ sưu tập và mã giảm giá của chiến dịch."))


@bp.post("/<code>/<any(show, hide):step>")
@allow(CURATE)
def publish(code: str, step: str) -> Any:
    if step == "show":
        return _do(code, show_collection, N_("Đã đăng: ai cũng xem được."))
    return _do(code, hide_collection, N_("Đã ẩn."))


def _do(code: str, verb: Callable[..., Any], done: str, where: str | None = None) -> Any:
    """One verb on one collection, then back to `where` on its page; a refusal is told there."""
    act = partial(verb, code=code, by=current_actor(), at=now())
    then = url_for(ONE, code=code, q=_searched() or None, _anchor=where)
    return answered(act, _(done), again=partial(_look, code), then=then)
