"""The office sends notices and sees who has read them; it writes newsletters and sends them."""

from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.news_forms import IssueForm, NoticeForm
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
    count_issues,
    count_notices,
    count_reads,
    count_subscribers,
    get_notice,
    list_concerned,
    list_issues,
    list_news,
    list_notices,
)
from marketplace.trade.news.services import send_issue, send_notice, take_back, write_issue

bp = Blueprint("office_notices", __name__, url_prefix="/office")
A_PAGE = 30
PEOPLE = 50
TO_CHOOSE = 40


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


@bp.route("/newsletter", methods=["GET", "POST"])
@allow(WRITE_NEWS)
def issues() -> Any:
    form = IssueForm()
    form.offer(list_news(now(), per_page=TO_CHOOSE))
    if form.validate_on_submit():
        with told_on(form), transaction():
            write_issue(facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã soạn. Xem lại rồi gửi."), "ok")
            return redirect(url_for("office_notices.issues"))
    page = read_page()
    facts = {"pages": max(1, -(-count_issues() // A_PAGE)), "subscribers": count_subscribers()}
    shown = render_template(
        "office_desk/newsletter.html", form=form, issues=list_issues(page=page, per_page=A_PAGE), page=page, **facts
    )
    return shown, 422 if form.errors else 200


@bp.post("/newsletter/<code>/send")
@allow(WRITE_NEWS)
def send(code: str) -> Any:
    act = partial(send_issue, code=code, by=current_actor(), at=now())
    perform(act, _("Đang gửi tới mọi người đã đăng ký, mỗi người một lá."))
    return redirect(url_for("office_notices.issues"))
