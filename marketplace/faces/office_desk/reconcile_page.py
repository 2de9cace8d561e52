"""Whether the books hold: what the last check found, and asking for one now."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.shop.books.queries import last_check
from marketplace.shop.books.rules import NAMES, WORDS
from marketplace.shop.books.services import ask_check
from marketplace.shop.ledger.policies import CHECK_BOOKS

bp = Blueprint("office_reconcile", __name__, url_prefix="/office/reconcile")


@bp.get("")
@allow(CHECK_BOOKS)
def page() -> str:
    return render_template("office_desk/reconcile.html", last=last_check(), names=NAMES, words=WORDS)


@bp.post("")
@allow(CHECK_BOOKS)
def check_now() -> Any:
    with transaction():
        ask_check(by=current_actor(), at=now())
    flash(_("Đang soát. Tải lại trang sau một phút để xem kết quả."), "ok")
    return redirect(url_for("office_reconcile.page"))
