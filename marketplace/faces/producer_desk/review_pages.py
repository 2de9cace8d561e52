"""The producer's desk: what buyers say of its goods, and one reply to each."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.glue import limiter
from marketplace.platform.web.verbs import Done, perform
from marketplace.shop.reviews.policies import REPLY_OWN
from marketplace.shop.reviews.queries import count_own, get_answered, list_own
from marketplace.shop.reviews.rules import MOST_REPLY
from marketplace.shop.reviews.services import reply_to_review, withdraw_reply
from marketplace.shop.reviews.views import read_seen

bp = Blueprint("producer_reviews", __name__, url_prefix="/producer/reviews")
A_PAGE = 20


@bp.get("")
@allow(REPLY_OWN)
def reviews() -> str:
    by, page, unanswered = current_actor(), read_page(), request.args.get("answered") == "no"
    waiting, every = count_own(by=by, unanswered=True), count_own(by=by)
    return render_template(
        "producer_desk/reviews.html",
        reviews=list_own(by=by, unanswered=unanswered, page=page, per_page=A_PAGE),
        unanswered=unanswered,
        waiting=waiting,
        every=every,
        page=page,
        pages=max(1, -(-(waiting if unanswered else every) // A_PAGE)),
        **desk(by),
    )


@bp.get("/<code>")
@allow(REPLY_OWN)
def review(code: str) -> str:
    return _look(code)


@bp.post("/<code>/reply")
@allow(REPLY_OWN)
@limiter.limit("240 per hour")
def reply(code: str) -> Any:
    act = partial(reply_to_review, code=code, words=request.form.get("words", ""), seen=read_seen())
    return _answer(code, perform(partial(act, by=current_actor(), at=now()), _("Đã đăng lời đáp.")))


@bp.post("/<code>/reply/withdraw")
@allow(REPLY_OWN)
def withdraw(code: str) -> Any:
    act = partial(withdraw_reply, code=code, seen=read_seen(), by=current_actor(), at=now())
    return _answer(code, perform(act, _("Đã rút lời đáp.")))


def _answer(code: str, came: Done) -> Any:
    if came.made:
        return redirect(url_for("producer_reviews.reviews"))
    return _look(code, came.errors, request.form.get("words")), 422 if came.errors else 409


def _look(code: str, errors: dict[str, str] | None = None, typed: str | None = None) -> str:
    by = current_actor()
    found = get_answered(code, by=by)
    text = found.reply if typed is None else typed
    facts = {"review": found, "text": text, "longest": MOST_REPLY, "errors": errors or {}}
    return render_template("producer_desk/review.html", **facts, **desk(by))
