"""The office at the gate: letting in by hand, doors and devices, counts, who went in twice, what was refused."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.faces.storefront.ticket_words import ticket_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import VIETNAM, day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.qr import picture
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.gates import get_list, list_devices, list_double, list_lists, list_refused
from marketplace.trade.visitors.links import ticket_seed
from marketplace.trade.visitors.models import ListKind, Scan
from marketplace.trade.visitors.queries import visits_by_day, visits_by_hour
from marketplace.trade.visitors.services import Seen, make_device, make_list, revoke_device, scan_one

bp = Blueprint("office_fair_checkin", __name__, url_prefix="/office/fairs")


@bp.get("/<code>/checkin")
@allow(RUN_FAIRS)
def checkin(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None, scan: Scan | None = None, link: str = "") -> str:
    edition = get_edition(code)
    lists = list_lists(edition.id)
    asked = request.values.get("list", "")
    chosen = next((each for each in lists if each.code == asked), lists[0] if lists else None)
    hours = visits_by_hour(chosen.id, day_of(now())) if chosen else {}
    return render_template(
        "office_desk/fair_checkin.html",
        edition=edition,
        lists=lists,
        chosen=chosen,
        hours=hours,
        inside=sum(hours.values()),
        days=visits_by_day(chosen.id) if chosen else {},
        devices=list_devices(edition.id),
        double=list_double(edition.id),
        refused=list_refused(edition.id),
        kinds=list(ListKind),
        scan=scan,
        link=link,
        link_qr=picture(link, "svg").decode() if link else "",
        errors=errors or {},
        typed=request.form,
        **fair_words(),
        **ticket_words(),
    )


@bp.post("/<code>/checkin")
@allow(RUN_FAIRS)
def by_hand(code: str) -> Any:
    """A code typed by an officer."""
    edition = get_edition(code)
    with transaction():
        row = get_list(edition.id, request.form.get("list", ""))
        seen = Seen(str(uuid4()), request.form.get("text", "").strip()[:200], now())
        scan = scan_one(row, seen, device=current_actor().name, seed=ticket_seed(), at=now())
    return _look(code, scan=scan)


@bp.post("/<code>/checkin/lists")
@allow(RUN_FAIRS)
def add_list(code: str) -> Any:
    form = request.form
    act = partial(
        make_list,
        name=form.get("name", ""),
        kind=ListKind.SESSION if form.get("kind") == ListKind.SESSION.value else ListKind.GATE,
        daily=form.get("daily") == "1",
    )
    return _do(code, partial(_within, act), N_("Đã thêm cửa."))


def _within(act: Callable[..., Any], **who: Any) -> Any:
    """The door with the hours that were typed; Invalid beside what cannot be read, for without hours it stays open."""
    typed = {name: request.form.get(name, "").strip() for name in ("starts_at", "ends_at")}
    hours = {name: _time(each) for name, each in typed.items()}
    wrong = {name: N_("Chọn ngày và giờ, hoặc để trống.") for name, each in typed.items() if each and not hours[name]}
    if wrong:
        raise Invalid(wrong)
    return act(**hours, **who)


@bp.post("/<code>/checkin/devices")
@allow(RUN_FAIRS)
def add_device(code: str) -> Any:
    """The new device's link is shown now and never again."""
    act = partial(make_device, code=code, at_list=request.form.get("list", ""), name=request.form.get("device", ""))
    came = perform(partial(act, by=current_actor(), at=now()))
    if not came.made:
        return _look(code, came.errors), 422
    flash(_("Đã tạo máy. Mở đường dẫn dưới đây trên điện thoại của người soát vé; nó chỉ hiện lần này."), "ok")
    return _look(code, link=f"{current_app.config['SETTINGS'].site_url}/checkin/{came.value[1]}")


@bp.post("/<code>/checkin/devices/<device>/revoke")
@allow(RUN_FAIRS)
def revoke(code: str, device: str) -> Any:
    return _do(code, partial(revoke_device, device=device), N_("Máy ấy không soát vé được nữa."))


def _time(typed: str) -> datetime | None:
    try:
        return datetime.strptime(typed, "%Y-%m-%dT%H:%M").replace(tzinfo=VIETNAM)
    except ValueError:
        return None


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    act, then = (
        partial(verb, code=code, by=current_actor(), at=now()),
        url_for("office_fair_checkin.checkin", code=code),
    )
    return answered(act, _(done), again=partial(_look, code), then=then)
