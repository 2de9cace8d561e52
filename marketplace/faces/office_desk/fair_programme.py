"""The office writes a fair's programme and releases it."""

from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.fair_forms import SessionForm, said_of_item
from marketplace.faces.storefront.fair_words import fair_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import told_on
from marketplace.platform.web.verbs import perform
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import find_release, get_edition, get_item, list_programme, released_programme
from marketplace.trade.fairs.rules import changes_between, clashes
from marketplace.trade.fairs.services import drop_item, put_item, release_programme
from marketplace.trade.fairs.services.programme import session_of

bp = Blueprint("office_fair_programme", __name__, url_prefix="/office/fairs/<code>/programme")


@bp.get("")
@allow(RUN_FAIRS)
def programme(code: str) -> str:
    edition = get_edition(code)
    sessions = [session_of(item) for item in list_programme(edition.id)]
    return render_template(
        "office_desk/fair_programme.html",
        edition=edition,
        sessions=sessions,
        release=find_release(edition.id),
        changes=changes_between(released_programme(edition.id), sessions),
        clashes=clashes(sessions),
        **fair_words(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(RUN_FAIRS)
def new(code: str) -> Any:
    return _write(code, SessionForm(), "")


@bp.route("/<item>", methods=["GET", "POST"])
@allow(RUN_FAIRS)
def item(code: str, item: str) -> Any:
    row = get_item(code, item)
    return _write(code, SessionForm(data=None if request.method == "POST" else said_of_item(row)), item)


def _write(code: str, form: SessionForm, item: str) -> Any:
    edition = get_edition(code)
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            put_item(code=code, facts=form.facts(), item=item, by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu vào bản nháp. Công chúng thấy sau khi công bố."), "ok")
            return redirect(url_for("office_fair_programme.programme", code=code))
    page = render_template("office_desk/fair_item.html", form=form, edition=edition, item=item, **fair_words())
    return page, 422 if form.errors else 200


@bp.post("/<item>/drop")
@allow(RUN_FAIRS)
def drop(code: str, item: str) -> Any:
    perform(partial(drop_item, code=code, item=item, by=current_actor(), at=now()), _("Đã bỏ khỏi bản nháp."))
    return redirect(url_for("office_fair_programme.programme", code=code))


@bp.post("/release")
@allow(RUN_FAIRS)
def release(code: str) -> Any:
    done = _("Đã công bố chương trình. Người giữ chỗ ở mục có thay đổi được báo.")
    perform(partial(release_programme, code=code, by=current_actor(), at=now()), done)
    return redirect(url_for("office_fair_programme.programme", code=code))
