"""The newsletter: asked for, and confirmed from the mailbox."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.people.accounts.rules import read_email
from marketplace.platform.core.access import PUBLIC, allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.language import language
from marketplace.trade.news.links import read_confirm
from marketplace.trade.news.services import ask_for_newsletter, confirm_newsletter

bp = Blueprint("newsletter", __name__, url_prefix="/newsletter")


@bp.route("", methods=["GET", "POST"])
@allow(PUBLIC)
@limiter.limit("20 per hour", exempt_when=lambda: request.method != "POST")
def ask() -> Any:
    """The answer is the same whether somebody has it already: the letter alone says."""
    typed, error = request.form.get("email", ""), ""
    if request.method == "POST":
        try:
            email = read_email(typed)
        except Invalid as invalid:
            (sentence,) = invalid.fields.values()
            error = str(_(sentence))
        else:
            with transaction():
                ask_for_newsletter(email=email, language=language(), at=now())
            return redirect(url_for("newsletter.asked"))
    return render_template("newsletter/ask.html", typed=typed, error=error), 422 if error else 200


@bp.get("/asked")
@allow(PUBLIC)
def asked() -> str:
    return render_template("newsletter/asked.html")


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@allow(PUBLIC)
def confirm(token: str) -> Any:
    """A page with a button, so that a program which opens links in letters confirms nothing."""
    email, lang, asked_at = read_confirm(token)
    if request.method == "POST":
        with transaction():
            confirm_newsletter(email=email, language=lang, asked=asked_at, by=current_actor(), at=now())
        return render_template("newsletter/joined.html", email=email)
    return render_template("newsletter/confirm.html", email=email)
