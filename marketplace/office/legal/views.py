"""The legal pages for everyone, and their desk."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from marketplace.office.legal.forms import PageForm
from marketplace.office.legal.models import Page
from marketplace.office.legal.policies import WRITE_LEGAL
from marketplace.office.legal.queries import Wording, find_version, in_force, list_newest, list_versions
from marketplace.office.legal.services import write_page
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on, whole_number
from marketplace.platform.web.language import language
from marketplace.platform.web.written import html_of

bp = Blueprint("legal", __name__)

TITLES = {
    Page.RULES: _l("Quy chế hoạt động"),
    Page.OWNER: _l("Chủ quản chợ"),
    Page.PRIVACY: _l("Bảo vệ dữ liệu cá nhân"),
    Page.PAYMENT: _l("Thanh toán"),
    Page.DELIVERY: _l("Giao hàng"),
    Page.RETURNS: _l("Đổi trả và hoàn tiền"),
    Page.DISPUTES: _l("Khiếu nại và tranh chấp"),
}


@bp.app_context_processor
def links() -> dict[str, object]:
    """The legal pages, for the foot of every page."""
    return {"legal_titles": TITLES}


def _page(slug: str) -> Page:
    try:
        return Page(slug)
    except ValueError as error:
        raise NotFound from error


def _body(wording: Wording) -> Markup:
    text = wording.text_en if language() == "en" else wording.text
    return html_of(text)


@bp.get("/legal/<slug>")
@allow(PUBLIC)
def page(slug: str) -> str:
    wanted, today = _page(slug), day_of(now())
    number = whole_number(request.args.get("version", ""))
    wording = None if number is None else find_version(wanted, number)
    shown = wording or in_force(wanted, on=today)
    return render_template(
        "legal/page.html", wording=shown, title=TITLES[wanted], body=_body(shown), versions=list_versions(wanted)
    )


@bp.get("/office/legal")
@allow(WRITE_LEGAL)
def desk() -> str:
    return render_template("legal/desk.html", newest=list_newest())


@bp.route("/office/legal/<slug>", methods=["GET", "POST"])
@allow(WRITE_LEGAL)
def write(slug: str) -> Any:
    wanted, today = _page(slug), day_of(now())
    versions = list_versions(wanted)
    form = _form(wanted, today)
    if "preview" not in request.form and form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            write_page(page=wanted, wording=form.wording(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu bản mới."), "ok")
            return redirect(url_for("legal.write", slug=slug))
    previews = [html_of(text or "") for text in (form.text.data, form.text_en.data)]
    shown = render_template(
        "legal/write.html", form=form, page=wanted, title=TITLES[wanted], versions=versions, previews=previews
    )
    return shown, 422 if form.errors else 200


def _form(page: Page, today: date) -> PageForm:
    """The newest wording to go on from, in force or to come."""
    versions = list_versions(page)
    known = versions[0] if versions else in_force(page, on=today)
    return PageForm(text=known.text, text_en=known.text_en, effective_on=today, seen=known.number)
