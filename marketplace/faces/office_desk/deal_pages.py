"""The office's board of deals: what stands where, what is stuck and who is waited for; one deal in charge."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.deal_desk import Done, deal_list, deal_page, perform
from marketplace.faces.storefront.deal_words import deal_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.trade.deals.policies import OVERSEE_DEALS, reads_within
from marketplace.trade.deals.queries import (
    get_deal,
    get_file,
    list_stuck,
)
from marketplace.trade.deals.services import add_note, remind, take_charge

bp = Blueprint("office_deals", __name__, url_prefix="/office/deals")
A_PAGE = 40


@bp.get("")
@allow(OVERSEE_DEALS)
def deals() -> str:
    listed = deal_list(A_PAGE)
    whole = listed["stage"] is None and listed["page"] == 1
    return render_template(
        "office_desk/deals.html",
        stuck=list_stuck(by=current_actor(), at=now()) if whole else [],
        **listed,
        **deal_words(),
    )


@bp.get("/<code>")
@allow(OVERSEE_DEALS)
def deal(code: str) -> str:
    return _look(code)


def _look(code: str, done: Done | None = None) -> str:
    by = current_actor()
    found = get_deal(code, by=by)
    within = reads_within(by, found)
    shown = (
        deal_page(found, done.errors if done else None)
        if within
        else {"deal": found, "errors": {}, "typed": {}, "values": None, **deal_words()}
    )
    return render_template("office_desk/deal.html", within=within, base=f"/office/deals/{code}", **shown)


@bp.post("/<code>/<any(charge, note, remind):verb>")
@allow(OVERSEE_DEALS)
def act(code: str, verb: str) -> Any:
    verbs: dict[str, tuple[Callable[..., object], str]] = {
        "charge": (take_charge, _("Bạn phụ trách thương vụ này; hai bên được báo bằng thư.")),
        "note": (partial(add_note, words=request.form.get("words", "")), _("Đã ghi.")),
        "remind": (remind, _("Đã nhắc bằng thư.")),
    }
    service, told = verbs[verb]
    done = perform(verb, partial(service, code=code, by=current_actor(), at=now()), told)
    if done.errors:
        return _look(code, done), 422
    return redirect(url_for("office_deals.deal", code=code))


@bp.get("/<code>/files/<file>")
@allow(OVERSEE_DEALS)
def file(code: str, file: str) -> Response:
    return file_answer(get_file(code, file, by=current_actor()).file)
