"""The desk of a showcase point, for the people of the organisation that keeps it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.point_words import point_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.errors import Invalid, Refusal
from marketplace.platform.core.ids import new_token
from marketplace.platform.core.money import read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import day_in, read_page, together, whole_number
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import answered
from marketplace.shop.fulfilment.pickups import (
    count_at_points,
    hand_over,
    list_at_points,
    note_arrival,
    report_unfetched,
)
from marketplace.trade.distributors.queries import get_own_organisation
from marketplace.trade.showcase.models import MoveKind
from marketplace.trade.showcase.policies import KEEP_DESK
from marketplace.trade.showcase.queries import (
    count_moves,
    get_own_point,
    goods_shown,
    list_goods,
    list_moves,
    list_own,
    list_stock,
    sold_by_day,
    undone,
)
from marketplace.trade.showcase.services import (
    BY_HAND,
    MoveFacts,
    NotSoMany,
    WrittenAlready,
    hide_good,
    record_move,
    show_good,
    undo_move,
)

bp = Blueprint("point_desk", __name__, url_prefix="/point")
A_PAGE = 20
PARCELS = 50
SALES_DAYS = timedelta(days=30)
REFUSED: dict[type[Refusal], str] = {NotSoMany: "units", WrittenAlready: "move"}


@bp.get("/")
@allow(KEEP_DESK)
def points() -> str:
    by = current_actor()
    own = list_own(by)
    return render_template(
        "point_desk/points.html", points=own, organisation=get_own_organisation(by), at=now(), **point_words()
    )


@bp.get("/<slug>")
@allow(KEEP_DESK)
def point(slug: str) -> str:
    return _look(slug)


def _look(slug: str, errors: dict[str, str] | None = None, at_parcel: str = "", at_move: str = "") -> str:
    by, at, page = current_actor(), now(), read_page()
    found = get_own_point(slug, by=by)
    moves, parcels = list_moves(found.id, page=page, per_page=A_PAGE), read_page("parcels")
    waiting = count_at_points(pickup_id=found.pickup_id or 0, by=by)
    return render_template(
        "point_desk/point.html",
        point=found,
        organisation=found.organisation,
        parts=list_at_points(pickup_id=found.pickup_id or 0, by=by, page=parcels, per_page=PARCELS),
        waiting=waiting,
        parcels=parcels,
        parcel_pages=max(1, -(-waiting // PARCELS)),
        stock=list_stock(found.id),
        goods=list_goods(found.id),
        shown={each.listing.id for each in goods_shown([found.id], on=day_of(at)).get(found.id, [])},
        sold=sold_by_day(found.id, first=day_of(at) - SALES_DAYS, last=day_of(at)),
        moves=moves,
        undone=undone(each.id for each in moves),
        kinds=[kind for kind in MoveKind if kind in BY_HAND],
        page=page,
        pages=max(1, -(-count_moves(found.id) // A_PAGE)),
        key=new_token(),  # of a refused form nothing was written: what is sent next is another
        errors=errors or {},
        at_parcel=at_parcel,
        at_move=at_move,
        typed=request.form,
        today=day_of(at),
        at=at,
        **point_words(),
    )


@bp.post("/<slug>/moves")
@allow(KEEP_DESK)
def move(slug: str) -> Any:
    def act(**who: Any) -> None:
        facts, unread = _typed()
        with together(unread), _beside_the_form():
            record_move(key=request.form.get("key", "")[:64] or new_token(), facts=facts, **who)

    return _do(slug, act, N_("Đã ghi."))


@contextmanager
def _beside_the_form() -> Iterator[None]:
    """What the point's own books refuse is told where it was typed, and what was typed is kept."""
    try:
        yield
    except (NotSoMany, WrittenAlready) as refused:
        raise Invalid({REFUSED[type(refused)]: refused.message}) from refused


def _typed() -> tuple[MoveFacts, dict[str, str]]:
    """What came or went as typed, with stand-ins for what could not be read."""
    typed = request.form
    kind, units, day = typed.get("kind", ""), typed.get("units", ""), day_in(typed.get("day", ""))
    counted = whole_number(units, 6)
    unread = {
        **({} if kind in set(MoveKind) else {"kind": N_("Chọn một mục trong danh sách.")}),
        **({} if counted is not None else {"units": N_("Nhập bằng chữ số.")}),
        **({} if day else {"day": N_("Nhập ngày như 31/12/2026.")}),
    }
    facts = MoveFacts(
        sku=typed.get("other", "").strip() or typed.get("sku", ""),
        kind=MoveKind(kind) if kind in set(MoveKind) else MoveKind.RECEIVED,
        units=counted if counted is not None else 1,
        day=day or day_of(now()),
        unit_price=read_dong(typed.get("unit_price", "")),
        note=typed.get("note", ""),
    )
    return facts, unread


@bp.post("/<slug>/moves/<code>/undo")
@allow(KEEP_DESK)
def undo(slug: str, code: str) -> Any:
    verb = partial(undo_move, code=code, reason=request.form.get("reason", ""))
    return _do(slug, verb, N_("Đã hủy lần ghi ấy."), at_move=code)


@bp.post("/<slug>/goods")
@allow(KEEP_DESK)
def goods(slug: str) -> Any:
    return _do(slug, partial(show_good, listing=request.form.get("listing", "")), N_("Đã ghi món này có ở điểm."))


@bp.post("/<slug>/goods/<listing>/drop")
@allow(KEEP_DESK)
def good_off(slug: str, listing: str) -> Any:
    return _do(slug, partial(hide_good, listing=listing), N_("Đã bỏ món này khỏi điểm."))


@bp.post("/<slug>/parcels/<number>/<int(max=9999):position>/arrived")
@allow(KEEP_DESK)
def arrived(slug: str, number: str, position: int) -> Any:
    verb = partial(note_arrival, number=number, position=position)
    return _parcel(slug, number, position, verb, N_("Đã ghi. Người mua được báo bằng thư kèm mã nhận hàng."))


@bp.post("/<slug>/parcels/<number>/<int(max=9999):position>/handed")
@allow(KEEP_DESK)
@limiter.limit("120 per hour")
def handed(slug: str, number: str, position: int) -> Any:
    verb = partial(hand_over, number=number, position=position, code=request.form.get("code", ""))
    return _parcel(slug, number, position, verb, N_("Đã trao hàng."))


@bp.post("/<slug>/parcels/<number>/<int(max=9999):position>/unfetched")
@allow(KEEP_DESK)
def unfetched(slug: str, number: str, position: int) -> Any:
    verb = partial(report_unfetched, number=number, position=position, reason=request.form.get("reason", ""))
    return _parcel(slug, number, position, verb, N_("Đã ghi. Hàng trả về nơi làm, người mua được báo."))


def _parcel(slug: str, number: str, position: int, verb: Callable[..., Any], done: str) -> Any:
    get_own_point(slug, by=current_actor())

    return _answer(slug, verb, done, at_parcel=f"{number}/{position}")


def _do(slug: str, verb: Callable[..., Any], done: str, **where: str) -> Any:
    """One verb at one's own point."""
    return _answer(slug, partial(verb, slug=slug), done, **where)


def _answer(slug: str, verb: Callable[..., Any], done: str, **where: str) -> Any:
    """What is refused is told on the point's page."""
    act = partial(verb, by=current_actor(), at=now())
    then = url_for("point_desk.point", slug=slug)
    return answered(act, _(done), again=lambda errors: _look(slug, errors, **where), then=then)
