"""The producer's desk: fairs that call for exhibitors, its own applications, the offer and its answer."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.fair_forms import Typed, kept_in, typed_in
from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.storefront.exhibitor_words import exhibitor_words
from marketplace.people.papers.models import USABLE
from marketplace.people.papers.queries import list_papers
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import together
from marketplace.platform.web.verbs import perform
from marketplace.shop.payments.links import pay_link
from marketplace.shop.payments.models import Payment
from marketplace.shop.payments.setup import first_prepaid, prepays
from marketplace.trade.exhibitors.goods import list_goods
from marketplace.trade.exhibitors.models import Application, ApplicationState
from marketplace.trade.exhibitors.policies import EXHIBIT
from marketplace.trade.exhibitors.queries import (
    find_own,
    list_calls,
    list_criteria,
    list_own,
    list_papers_shown,
    list_wishable,
    open_edition,
)
from marketplace.trade.exhibitors.services import (
    ask_fee,
    confirm,
    decline,
    save_application,
    submit,
    take_back,
    withdraw,
)
from marketplace.trade.exhibitors.standing import told_of
from marketplace.trade.fairs.models import Edition

bp = Blueprint("producer_fairs", __name__, url_prefix="/producer/fairs")
WRITABLE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@bp.get("")
@allow(EXHIBIT)
def fairs() -> str:
    by = current_actor()
    mine = list_own(by=by)
    begun = {each.edition_id for each in mine}
    return render_template(
        "producer_desk/fairs.html",
        calls=[each for each in list_calls(now()) if each.id not in begun],
        mine=mine,
        **exhibitor_words(),
        **desk(by),
    )


@bp.get("/<code>")
@allow(EXHIBIT)
def fair(code: str) -> str:
    return _look(code)


@bp.post("/<code>")
@allow(EXHIBIT)
def save(code: str) -> Any:
    """Keep what was typed; where it is to be sent too, the draft stays kept though it cannot be sent yet."""
    form = typed_in(request.form)
    who: dict[str, Any] = {"code": code, "by": current_actor(), "at": now()}

    def keep() -> None:
        with together(form.unread):
            save_application(facts=form.facts(), **who)

    sending = request.form.get("do") == "submit"
    came = perform(keep, "" if sending else _("Đã lưu nháp. Chỉ bạn thấy cho đến khi nộp."))
    if came.made and sending:
        came = perform(partial(submit, **who), _("Đã nộp. Kết quả sẽ báo bằng thư và hiện ở đây."))
    if came.errors:
        return _look(code, came.errors, form), 422
    return redirect(url_for("producer_fairs.fair", code=code))


@bp.post("/<code>/<any(back, withdraw, confirm, decline):verb>")
@allow(EXHIBIT)
def act(code: str, verb: str) -> Any:
    home = current_app.config["SETTINGS"].province_code
    verbs: dict[str, tuple[Callable[..., object], str]] = {
        "back": (take_back, N_("Đơn lại là bản nháp. Sửa xong nhớ nộp trước hạn.")),
        "withdraw": (partial(withdraw, home=home, reason=request.form.get("reason", "")), N_("Đã rút đơn.")),
        "confirm": (confirm, N_("Bạn đã nhận gian. Hẹn gặp ở hội chợ.")),
        "decline": (partial(decline, home=home), N_("Đã từ chối; chỗ chuyển cho người chờ.")),
    }
    do, done = verbs[verb]
    perform(partial(do, code=code, by=current_actor(), at=now()), _(done))
    return redirect(url_for("producer_fairs.fair", code=code))


@bp.post("/<code>/pay")
@allow(EXHIBIT)
def pay(code: str) -> Any:
    """On to the page where the booth's fee is paid, by card or transfer."""
    asked: list[Payment] = []

    def ask() -> None:
        asked.append(ask_fee(code=code, method=first_prepaid(), by=current_actor(), at=now()))

    came = perform(ask)
    return redirect(pay_link(asked[0]) if came.made else url_for("producer_fairs.fair", code=code))


def _look(code: str, errors: dict[str, str] | None = None, form: Typed | None = None) -> str:
    by, edition = current_actor(), open_edition(code)
    row = find_own(edition.id, by=by)
    papers = list_papers_shown(row.id) if row else []
    writable = edition.open_to_applications(now()) and (row is None or row.state in WRITABLE)
    vault = [each for each in list_papers(get_own(by).id, by=by) if each.state in USABLE] if writable else []
    return render_template(
        "producer_desk/fair.html",
        edition=edition,
        row=row,
        open_now=edition.open_to_applications(now()),
        criteria=list_criteria(edition.id),
        goods=list_goods(edition, by=by),
        chosen={shown.listing_id for shown in row.goods} if row else set(),
        papers=papers,
        vault=vault,
        writable=writable,
        booths=list_wishable(edition.id) if writable else [],
        form=form or kept_in(row, papers),
        errors=errors or {},
        **_place(edition, row),
        **exhibitor_words(),
        **desk(by),
    )


def _place(edition: Edition, row: Application | None) -> dict[str, Any]:
    """Where it stands once that is published, and what it owes."""
    if row is None:
        return {"placing": None, "fee": None, "may_pay": False}
    placing, fee = told_of(edition, row)
    return {"placing": placing, "fee": fee, "may_pay": prepays() and row.state is ApplicationState.CONFIRMED}
