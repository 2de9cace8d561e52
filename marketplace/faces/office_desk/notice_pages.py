"""The office sends notices and sees who has read them."""

from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.news_forms import NoticeForm
from marketplace.faces.storefront.news_words import news_words
from marketplace.people.places.queries import list_communes, list_former_districts
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.verbs import perform
from marketplace.trade.news.policies import WRITE_NEWS
from marketplace.trade.news.queries import (
    count_concerned,
    count_notices,
    count_reads,
    get_notice,
    list_concerned,
    list_notices,
)
from marketplace.trade.news.services import send_notice, take_back

bp = Blueprint("office_notices", __name__, url_prefix="/office")
A_PAGE = 30
PEOPLE = 50


@bp.route("/notices", methods=["GET", "POST"])
@allow(WRITE_NEWS)
def notices() -> Any:
    form = NoticeForm()
    form.offer(_places())
    if form.validate_on_submit():
        with told_on(form), transaction():
            code = send_notice(facts=form.facts(), by=current_actor(), at=now()).code
        if not form.errors:
            flash(_("Đã gửi. Thông báo đứng trên bàn của những người liên quan tới khi họ đọc."), "ok")
            return redirect(url_for("office_notices.notice", code=code))
    page = read_page()
    found = list_notices(page=page, per_page=A_PAGE)
    facts = {"pages": max(1, -(-count_notices() // A_PAGE)), "read": count_reads([each.id for each in found])}
    shown = render_template(
        "office_desk/notices.html", form=form, sent=found, page=page, at=now(), **facts, **news_words()
    )
    return shown, 422 if form.errors else 200


def _places() -> list[tuple[str, str]]:
    communes = list_communes(current_app.config["SETTINGS"].province_code)
    former = [
        (f"{unit.system}:{unit.code}", _("%(name)s (huyện cũ)", name=unit.name)) for unit in list_former_districts()
    ]
    return [*former, *((f"{unit.system}:{unit.code}", unit.name) for unit in communes)]


@bp.get("/notices/<code>")
@allow(WRITE_NEWS)
def notice(code: str) -> str:
    found, page = get_notice(code), read_page()
    total = count_concerned(found)
    return render_template(
        "office_desk/notice.html",
        notice=found,
        people=list_concerned(found, page=page, per_page=PEOPLE),
        total=total,
        read=count_reads([found.id]).get(found.id, 0),
        page=page,
        pages=max(1, -(-total // PEOPLE)),
        at=now(),
        **news_words(),
    )


@bp.post("/notices/<code>/withdraw")
@allow(WRITE_NEWS)
def withdraw(code: str) -> Any:
    perform(partial(take_back, code=code, by=current_actor(), at=now()), _("Đã thu lại thông báo."))
    return redirect(url_for("office_notices.notice", code=code))
