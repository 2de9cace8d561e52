"""The office's newsletter: written, looked at as it will arrive, changed or thrown away, sent."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.news_forms import IssueForm, typed_of
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.verbs import perform
from marketplace.trade.news.mails import letter_of
from marketplace.trade.news.models import Issue
from marketplace.trade.news.policies import WRITE_NEWS
from marketplace.trade.news.queries import count_issues, count_subscribers, get_issue, list_issues, list_news
from marketplace.trade.news.services import (
    change_issue,
    discard_issue,
    mark_of_issue,
    send_issue,
    write_issue,
)

bp = Blueprint("office_newsletter", __name__, url_prefix="/office/newsletter")
A_PAGE = 30
TO_CHOOSE = 40
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@bp.route("", methods=["GET", "POST"])
@allow(WRITE_NEWS)
def issues() -> Any:
    form = IssueForm()
    form.offer(list_news(now(), per_page=TO_CHOOSE))
    if form.validate_on_submit():
        with told_on(form), transaction():
            code = write_issue(facts=form.facts(), by=current_actor(), at=now()).code
        if not form.errors:
            flash(_("Đã soạn. Xem lại rồi gửi."), "ok")
            return redirect(url_for("office_newsletter.issue", code=code))
    page = read_page()
    shown = render_template(
        "office_desk/newsletter.html",
        form=form,
        issues=list_issues(page=page, per_page=A_PAGE),
        page=page,
        pages=max(1, -(-count_issues() // A_PAGE)),
        subscribers=count_subscribers(),
    )
    return shown, 422 if form.errors else 200


@bp.route("/<code>", methods=["GET", "POST"])
@allow(WRITE_NEWS)
def issue(code: str) -> Any:
    """A draft to be changed, or what was sent; beside it the letter as it arrives."""
    found = get_issue(code)
    form = _form(found) if request.method == "GET" else IssueForm()
    _offer(form, found)
    if form.validate_on_submit():
        facts, seen = form.facts(), form.seen.data or ""
        with told_on(form, Refusal), transaction():
            change_issue(code=code, seen=seen, facts=facts, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("office_newsletter.issue", code=code))
    return _page(get_issue(code), form), 422 if form.errors else 200


def _form(found: Issue) -> IssueForm:
    return IssueForm(formdata=None, data={**typed_of(found), "seen": mark_of_issue(found)})


def _offer(form: IssueForm, found: Issue) -> None:
    inside = [each.article for each in found.items]
    form.offer([*inside, *(each for each in list_news(now(), per_page=TO_CHOOSE) if each not in inside)])


def _page(found: Issue, form: IssueForm, *, unsure: bool = False) -> str:
    """`unsure`: it was to be sent without the tick."""
    return render_template(
        "office_desk/newsletter_issue.html",
        form=form,
        issue=found,
        letters={language: letter_of(found, language) for language in ("vi", "en")},
        missing=[each.article for each in found.items if not each.article.out(now())],
        subscribers=count_subscribers(),
        unsure=unsure,
    )


@bp.get("/<code>/letter/<any(vi, en):language>")
@allow(WRITE_NEWS)
def letter(code: str, language: str) -> Response:
    """The letter itself, as a mail program shows it: it leads nowhere, and runs nothing."""
    answer = Response(letter_of(get_issue(code), language).html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    return answer


@bp.post("/<code>/discard")
@allow(WRITE_NEWS)
def discard(code: str) -> Any:
    perform(partial(discard_issue, code=code, by=current_actor(), at=now()), _("Đã bỏ bản nháp."))
    return redirect(url_for("office_newsletter.issues"))


@bp.post("/<code>/send")
@allow(WRITE_NEWS)
def send(code: str) -> Any:
    """What has left for everybody's mailbox is not called back: it wants a tick."""
    if not request.form.get("sure"):
        found = get_issue(code)
        form = _form(found)
        _offer(form, found)
        return _page(found, form, unsure=True), 422
    act = partial(send_issue, code=code, by=current_actor(), at=now())
    perform(act, _("Đang gửi tới mọi người đã đăng ký, mỗi người một lá."))
    return redirect(url_for("office_newsletter.issue", code=code))
