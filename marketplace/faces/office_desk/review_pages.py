"""The office judges what buyers say: new words before anybody reads them, and what was reported."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page
from marketplace.platform.web.verbs import perform
from marketplace.shop.reviews.models import TRANSITIONS
from marketplace.shop.reviews.policies import MODERATE
from marketplace.shop.reviews.queries import Pile, count_piles, get_judged, list_pile, list_reports
from marketplace.shop.reviews.rules import MOST_REMARK, signs_in
from marketplace.shop.reviews.services import keep_review, publish_review, refuse_review
from marketplace.shop.reviews.words import GROUNDS, PILES, SIGNS, STATES

bp = Blueprint("office_reviews", __name__, url_prefix="/office/reviews")
A_PAGE = 30


@bp.get("")
@allow(MODERATE)
def reviews() -> str:
    by, page, asked = current_actor(), read_page(), request.args.get("pile", "")
    pile, counts = Pile(asked) if asked in set(Pile) else Pile.WAITING, count_piles(by=by)
    return render_template(
        "office_desk/reviews.html",
        reviews=list_pile(pile, by=by, page=page, per_page=A_PAGE),
        pile=pile,
        piles=PILES,
        counts=counts,
        today=day_of(now()),
        page=page,
        pages=max(1, -(-counts[pile] // A_PAGE)),
        **_words(),
    )


@bp.get("/<code>")
@allow(MODERATE)
def review(code: str) -> str:
    return _look(code)


@bp.post("/<code>/<any(publish, refuse, keep):verb>")
@allow(MODERATE)
def decide(code: str, verb: str) -> Any:
    found, typed = get_judged(code, by=current_actor()), request.form
    facts: dict[str, Any] = {"code": found.code, "seen": typed.get("seen", ""), "by": current_actor(), "at": now()}
    refusing: dict[str, Any] = {"ground": typed.get("ground", ""), "remark": typed.get("remark", "")}
    verbs: dict[str, tuple[Callable[[], object], str]] = {
        "publish": (partial(publish_review, **facts), _("Đã đăng. Người viết được báo bằng thư.")),
        "refuse": (partial(refuse_review, **facts, **refusing), _("Đã từ chối. Người viết được báo bằng thư.")),
        "keep": (partial(keep_review, **facts), _("Đã để nguyên.")),
    }
    came = perform(*verbs[verb])
    if came.made:
        return redirect(url_for("office_reviews.reviews"))
    return _look(code, came.errors, typed), 422 if came.errors else 409


def _look(code: str, errors: dict[str, str] | None = None, typed: Any = None) -> str:
    found = get_judged(code, by=current_actor())
    return render_template(
        "office_desk/review.html",
        review=found,
        signs=[SIGNS[sign] for sign in signs_in(found.words)],
        reports=list_reports(found.id),
        may={state.value for state in TRANSITIONS[found.state]},
        longest=MOST_REMARK,
        errors=errors or {},
        typed=typed or {},
        **_words(),
    )


def _words() -> dict[str, Any]:
    return {"grounds": GROUNDS, "states": STATES}
