"""The office's window dressing: what is placed where, in which order, from when to when, and how often it was seen."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.faces.office_desk.featured_forms import PlacementForm, ScheduleForm, said, usual
from marketplace.faces.storefront.home import home_page
from marketplace.faces.storefront.list_pages import category_list
from marketplace.faces.storefront.placed_words import placed_words
from marketplace.faces.storefront.window import suggest
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import VIETNAM, day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import day_in, read_page, told_on
from marketplace.platform.web.templates import dmy
from marketplace.platform.web.verbs import perform
from marketplace.trade.collections.policies import CURATE
from marketplace.trade.collections.queries import list_published
from marketplace.trade.promotion.models import ROOMS, Place, Placement
from marketplace.trade.promotion.queries import (
    count_by_place,
    count_kept,
    counts_of,
    get_placement,
    list_days,
    list_kept,
    list_running,
)
from marketplace.trade.promotion.services import change_placement, move_placement, order_place, place_target, withdraw
from marketplace.trade.promotion.standing import goods_of, hindrance, lapses_within

bp = Blueprint("office_featured", __name__, url_prefix="/office/featured")
A_PAGE = 50
COUNTED = timedelta(days=29)  # today and the 29 before
FARTHEST = timedelta(days=366)


@bp.get("")
@allow(CURATE)
def featured() -> str:
    on, page, past = day_of(now()), read_page(), "past" in request.args
    asked = request.args.get("place", "")
    place = Place(asked) if asked in set(Place) else Place.FEATURED_ROW
    placements = list_kept(place, on=on, past=past, page=page, per_page=A_PAGE)
    return render_template(
        "office_desk/featured.html",
        place=place,
        room=ROOMS[place],
        past=past,
        page=page,
        pages=max(1, -(-count_kept(place, on=on, past=past) // A_PAGE)),
        **_looked_at(placements, on),
    )


@bp.get("/hindered")
@allow(CURATE)
def hindered() -> str:
    """What should be shown today and gives way to the next, at every place."""
    on = day_of(now())
    running = list_running(on)
    goods = goods_of(running, on=on, hidden=frozenset())
    found = [each for each in running if hindrance(each, goods) is not None]
    return render_template("office_desk/featured_hindered.html", **_looked_at(found, on))


def _looked_at(placements: list[Placement], on: date) -> dict[str, Any]:
    """What a list of placements tells of each."""
    goods = goods_of(placements, on=on, hidden=frozenset())
    return {
        "places": list(Place),
        "per_place": count_by_place(on),
        "placements": placements,
        "hindrances": {each.id: hindrance(each, goods) for each in placements if each.runs(on)},
        "counts": counts_of([each.id for each in placements], since=on - COUNTED),
        "today": on,
        **placed_words(),
    }


@bp.route("/new", methods=["GET", "POST"])
@allow(CURATE)
def new() -> Any:
    """The form; a search and what is picked of it show it again with all that was typed."""
    at, asked, sent, words = now(), request.args, request.form, ""
    start = usual(asked.get("place", ""), asked.get("target", "")[:300], day_of(at))
    form = PlacementForm(data=None if request.method == "POST" else {**start, "category": asked.get("category", "")})
    form.offer()
    if "search" in sent or "pick" in sent:
        words = form.look(sent.get("pick", "")[:300])
    elif form.validate_on_submit():
        target, slug = form.aim()
        place = {"place": Place(form.place.data), "category": form.category.data, "target": target, "slug": slug}
        with told_on(form), transaction():
            code = place_target(**place, schedule=form.schedule(), by=current_actor(), at=at).code
        if not form.errors:
            flash(_("Đã đặt vào chỗ trưng bày."), "ok")
            _warn(get_placement(code), day_of(at))
            return redirect(url_for("office_featured.featured", place=form.place.data))
    found = suggest(words, at=at) if words else None
    known = list_published(on=day_of(at), per_page=50)
    page = render_template("office_desk/featured_new.html", form=form, found=found, collections=known)
    return page, 422 if form.errors else 200


def _warn(placed: Placement, on: date) -> None:
    """Say aloud that the certificate ends before the placement does: from then on it gives way to the next."""
    ends = lapses_within(placed, goods_of([placed], on=on, hidden=frozenset()))
    if ends is not None:
        flash(_("Chứng nhận của món này hết hạn ngày %(day)s: sau đó suất này nhường mục kế.", day=dmy(ends)), "warn")


@bp.get("/preview")
@allow(CURATE)
def preview() -> str:
    """The home page or a category's as on a day: the placements of that day, the certificates in force on it."""
    day, remark = _looked_at_on(request.args.get("on", "").strip(), day_of(now()))
    at, group = datetime.combine(day, time(12), VIETNAM), request.args.get("category", "")
    if group:
        return category_list(group, MultiDict(), at=at, preview=day, remark=remark)
    return home_page(at=at, preview=day, remark=remark)


def _looked_at_on(typed: str, today: date) -> tuple[date, str]:
    """The day of a preview, and what is to be said where it is not the one that was typed."""
    day, last = day_in(typed), today + FARTHEST
    if day is None:
        said = _("“%(typed)s” không phải là ngày; đang xem hôm nay.", typed=typed[:40]) if typed else ""
        return today, said
    if day < today:
        return today, _("Ngày %(day)s đã qua; đang xem hôm nay.", day=dmy(day))
    if day > last:
        return last, _("Chỉ xem trước được đến ngày %(day)s; đang xem ngày ấy.", day=dmy(last))
    return day, ""


@bp.route("/<code>", methods=["GET", "POST"])
@allow(CURATE)
def placement(code: str) -> Any:
    found, on = get_placement(code), day_of(now())
    form = ScheduleForm(data=None if request.method == "POST" else said(found))
    form.offer()
    if form.validate_on_submit():
        with told_on(form), transaction():
            change_placement(code=code, schedule=form.schedule(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            _warn(get_placement(code), on)
            return redirect(url_for("office_featured.placement", code=code))
        found = get_placement(code)
    why = hindrance(found, goods_of([found], on=on, hidden=frozenset())) if found.runs(on) else None
    more = {"days": list_days(found.id), "why": why, "today": on, **placed_words()}
    page = render_template("office_desk/featured_one.html", form=form, placement=found, **more)
    return page, 422 if form.errors else 200


@bp.post("/<code>/<any(up, down):way>")
@allow(CURATE)
def shift(code: str, way: str) -> Any:
    """Back to the row that moved, so that the keyboard goes on from there."""
    return _do(code, partial(move_placement, code=code, step=-1 if way == "up" else 1), N_("Đã đổi thứ tự."), row=code)


@bp.post("/<code>/withdraw")
@allow(CURATE)
def off(code: str) -> Any:
    return _do(code, partial(withdraw, code=code), N_("Đã gỡ khỏi chỗ trưng bày; số lượt xem vẫn giữ."))


@bp.post("/order")
@allow(CURATE)
def order() -> Any:
    """The whole order at once, as dragging leaves it."""
    codes = request.form.getlist("code")
    return _do(codes[0] if codes else "", partial(order_place, codes=codes), N_("Đã đổi thứ tự."))


def _do(code: str, verb: Callable[..., object], done: str, *, row: str | None = None) -> Any:
    perform(partial(verb, by=current_actor(), at=now()), _(done))
    return redirect(url_for("office_featured.featured", place=get_placement(code).place.value, _anchor=row))
