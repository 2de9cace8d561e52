"""The office keeps the register of showcase points: each with hours, photographs, goods, pick-up, visits."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.point_forms import PointForm, said, week_in, week_said
from marketplace.faces.storefront.point_words import point_words
from marketplace.people.accounts.queries import people_of
from marketplace.people.places.queries import list_communes, list_former_districts
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, Refusal
from marketplace.platform.core.money import read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import MOST_BYTES
from marketplace.platform.media.keeping import put_picture
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import day_in, read_page, together, told_on
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.showcase.models import TRANSITIONS, PointState
from marketplace.trade.showcase.policies import KEEP_POINTS, VISIT_POINTS
from marketplace.trade.showcase.queries import (
    PointsAsked,
    count_points,
    count_visits,
    get_point,
    goods_shown,
    list_goods,
    list_points,
    list_visits,
)
from marketplace.trade.showcase.services import (
    add_photo,
    change_point,
    close_on,
    drop_closure,
    drop_photo,
    move_point,
    put_on_display,
    register_point,
    set_hours,
    set_pickup,
    take_off_display,
)

bp = Blueprint("office_points", __name__, url_prefix="/office/showcase")
A_PAGE = 30
VISITS_A_PAGE = 10
NO_DAY = N_("Nhập ngày như 31/12/2026.")
STEPS = {
    PointState.OPEN: N_("Điểm đã có trong danh bạ công khai."),
    PointState.CLOSED: N_("Đã đóng điểm; không nhận đơn mới nữa."),
}

YEARS = 5  # that points may be narrowed to, unless an address asks for another


@bp.get("")
@allow(VISIT_POINTS)
def points() -> str:
    by, page, asked, this_year = current_actor(), read_page(), _asked(), day_of(now()).year
    latest = range(this_year - YEARS + 1, this_year + 1)
    return render_template(
        "office_desk/points.html",
        points=list_points(by=by, asked=asked, page=page, per_page=A_PAGE),
        states=list(PointState),
        asked=asked,
        years=[(year, year) for year in sorted({*latest, asked.year or this_year}, reverse=True)],
        districts=[(unit.code, unit.name) for unit in list_former_districts()],
        keeps=KEEP_POINTS.held_by(by),
        page=page,
        pages=max(1, -(-count_points(by=by, asked=asked) // A_PAGE)),
        at=now(),
        **point_words(),
    )


def _asked() -> PointsAsked:
    state, year = request.args.get("state", ""), request.args.get("year", "")
    return PointsAsked(
        PointState(state) if state in set(PointState) else None,
        int(year) if re.fullmatch("[12][0-9]{3}", year) else None,
        request.args.get("district", "")[:16],
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(KEEP_POINTS)
def new() -> Any:
    form = _form()
    if form.validate_on_submit():
        with told_on(form), transaction():
            slug = register_point(facts=form.facts(), by=current_actor(), at=now()).slug
        if not form.errors:
            flash(_("Đã lưu nháp. Ghi giờ mở cửa, thêm ảnh rồi mở cho công chúng."), "ok")
            return redirect(url_for("office_points.point", slug=slug))
    return render_template("office_desk/point_form.html", form=form, point=None), 422 if form.errors else 200


@bp.route("/<slug>/edit", methods=["GET", "POST"])
@allow(KEEP_POINTS)
def edit(slug: str) -> Any:
    point = get_point(slug, by=current_actor())
    people = people_of(point.organisation_id) if point.organisation_id else []
    form = _form(said(point, people[0].email if people else ""))
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            change_point(slug=slug, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("office_points.point", slug=slug))
    return render_template("office_desk/point_form.html", form=form, point=point), 422 if form.errors else 200


def _form(data: dict[str, object] | None = None) -> PointForm:
    form = PointForm(data=None if request.method == "POST" else data)
    form.offer(list_communes(current_app.config["SETTINGS"].province_code))
    return form


@bp.get("/<slug>")
@allow(VISIT_POINTS)
def point(slug: str) -> str:
    return look(slug)


def look(slug: str, errors: dict[str, str] | None = None) -> str:
    """The point's page in the office, with what a form of it was refused for."""
    by, page, at = current_actor(), read_page(), now()
    found = get_point(slug, by=by)
    return render_template(
        "office_desk/point.html",
        point=found,
        keeps=KEEP_POINTS.held_by(by),
        may=sorted(TRANSITIONS[found.state]),
        week=week_said(found, request.form),
        goods=list_goods(found.id),
        shown={each.listing.id for each in goods_shown([found.id], on=day_of(at)).get(found.id, [])},
        visits=list_visits(found.id, page=page, per_page=VISITS_A_PAGE),
        page=page,
        pages=max(1, -(-count_visits(found.id) // VISITS_A_PAGE)),
        errors=errors or {},
        typed=request.form,
        today=day_of(at),
        at=at,
        **point_words(),
    )


@bp.post("/<slug>/<any(open, closed):step>")
@allow(KEEP_POINTS)
def take(slug: str, step: str) -> Any:
    to = PointState(step)
    return do(slug, partial(move_point, to=to), STEPS[to])


@bp.post("/<slug>/hours")
@allow(KEEP_POINTS)
def hours(slug: str) -> Any:
    def act(**who: Any) -> None:
        set_hours(spans=week_in(request.form), **who)

    return do(slug, act, N_("Đã lưu giờ mở cửa."))


@bp.post("/<slug>/closures")
@allow(KEEP_POINTS)
def closures(slug: str) -> Any:
    first, last = (day_in(request.form.get(name, "")) for name in ("first_day", "last_day"))
    unread = {name: NO_DAY for name, day in (("first_day", first), ("last_day", last)) if day is None}

    def act(at: Any, **who: Any) -> None:
        begin, end = first or last or day_of(at), last or first or day_of(at)
        with together(unread):
            close_on(first_day=begin, last_day=end, reason=request.form.get("reason", ""), at=at, **who)

    return do(slug, act, N_("Đã ghi ngày nghỉ."))


@bp.post("/<slug>/closures/<code>/drop")
@allow(KEEP_POINTS)
def open_again(slug: str, code: str) -> Any:
    return do(slug, partial(drop_closure, code=code), N_("Đã bỏ ngày nghỉ."))


@bp.post("/<slug>/photos")
@allow(KEEP_POINTS)
@limiter.limit("120 per hour")
def photos(slug: str) -> Any:
    """A photograph is taken in before the write block opens; what is refused leaves no file beyond a day."""
    get_point(slug, by=current_actor())
    words = {name: request.form.get(name, "") for name in ("alt", "alt_en")}

    def act() -> None:
        sent, at = request.files.get("picture"), now()
        made = put_picture(sent.read(MOST_BYTES + 1) if sent else b"", at=at)
        with transaction():
            add_photo(slug=slug, made=made, by=current_actor(), at=at, **words)

    came = perform(act, _("Đã thêm ảnh."), blocked=False)
    return (look(slug, came.errors), 422) if came.errors else redirect(_there(slug))


@bp.post("/<slug>/photos/<name>/drop")
@allow(KEEP_POINTS)
def photo_off(slug: str, name: str) -> Any:
    return do(slug, partial(drop_photo, name=name), N_("Đã bỏ ảnh."))


@bp.post("/<slug>/goods")
@allow(KEEP_POINTS)
def goods(slug: str) -> Any:
    listing = request.form.get("listing", "")
    return do(slug, partial(put_on_display, listing=listing), N_("Đã ghi món này có ở điểm."))


@bp.post("/<slug>/goods/<listing>/drop")
@allow(KEEP_POINTS)
def good_off(slug: str, listing: str) -> Any:
    return do(slug, partial(take_off_display, listing=listing), N_("Đã bỏ món này khỏi điểm."))


@bp.post("/<slug>/pickup")
@allow(KEEP_POINTS)
def pickup(slug: str) -> Any:
    """For a fee a parcel; `off` has the point take no more orders."""

    def act(**who: Any) -> None:
        fee = None if "off" in request.form else read_dong(request.form.get("fee", ""))
        if fee is None and "off" not in request.form:
            raise Invalid({"fee": N_("Nhập bằng chữ số.")})
        set_pickup(fee=fee, **who)

    done = N_("Điểm không nhận đơn mới nữa.") if "off" in request.form else N_("Người mua chọn nhận ở điểm này được.")
    return do(slug, act, done)


def do(slug: str, verb: Callable[..., Any], done: str) -> Any:
    """One verb on one point; what is refused is told on its page."""
    act = partial(verb, slug=slug, by=current_actor(), at=now())
    return answered(act, _(done), again=partial(look, slug), then=_there(slug))


def _there(slug: str) -> str:
    return url_for("office_points.point", slug=slug)
