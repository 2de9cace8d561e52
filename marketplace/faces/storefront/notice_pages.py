"""The notices of the office that concern whoever is signed in: to read, and to say so."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.news_words import news_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.trade.news.policies import READ_NOTICES
from marketplace.trade.news.queries import count_own_notices, list_own_notices, read_by
from marketplace.trade.news.services import mark_read

bp = Blueprint("notices", __name__, url_prefix="/notices")
A_PAGE = 20


@bp.get("")
@allow(READ_NOTICES)
def notices() -> str:
    by, at, page = current_actor(), now(), read_page()
    found = list_own_notices(at, by=by, page=page, per_page=A_PAGE)
    return render_template(
        "notices/list.html",
        found=found,
        read=read_by([each.id for each in found], by=by),
        page=page,
        pages=max(1, -(-count_own_notices(at, by=by) // A_PAGE)),
        **news_words(),
    )


@bp.post("/<code>/read")
@allow(READ_NOTICES)
def read(code: str) -> Any:
    with transaction():
        mark_read(code=code, by=current_actor(), at=now())
    flash(_("Đã ghi là bạn đã đọc."), "ok")
    return redirect(url_for("notices.notices"))
