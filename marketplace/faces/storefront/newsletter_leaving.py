"""The newsletter is ended: by a letter's link and a button, or by one click of the mail program (RFC 8058)."""

from typing import Any

from flask import Blueprint, render_template, request

from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.glue import csrf
from marketplace.trade.news.links import read_leave
from marketplace.trade.news.services import leave_newsletter

bp = Blueprint("newsletter_leaving", __name__, url_prefix="/newsletter/leave")
csrf.exempt(bp)  # a mail program's click carries no token; who may is told by the link


@bp.route("/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
def leave(token: str) -> Any:
    email = read_leave(token)
    if request.method == "POST":
        with transaction():
            leave_newsletter(email=email, by=current_actor(), at=now())
        return render_template("newsletter/left.html")
    return render_template("newsletter/leave.html", email=email)
