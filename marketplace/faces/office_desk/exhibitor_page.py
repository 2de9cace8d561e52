"""One application on the office's desk: everything it says, scores, decisions, its fee, what was done."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.exhibitor_forms import points_in, receipt_in
from marketplace.faces.office_desk.exhibitor_pages import home_province
from marketplace.faces.storefront.exhibitor_words import exhibitor_words
from marketplace.platform.audit.queries import list_acts
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.verbs import answered
from marketplace.trade.exhibitors.goods import lacks_of
from marketplace.trade.exhibitors.models import TO_JUDGE, TRANSITIONS, ApplicationState, Decision, FeeMethod
from marketplace.trade.exhibitors.queries import (
    get_application,
    list_criteria,
    list_papers_shown,
    placings_of,
    points_of,
    scores_by,
)
from marketplace.trade.exhibitors.rules import score_of
from marketplace.trade.exhibitors.services import (
    cancel,
    mark_no_show,
    mark_pending,
    record_fee,
    refund_fee,
    refund_online_fee,
    score_application,
    waive_fee,
)
from marketplace.trade.exhibitors.services.judging import TARGETS
from marketplace.trade.exhibitors.standing import fees_of
from marketplace.trade.fairs.models import EditionState
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition

bp = Blueprint("office_exhibitor", __name__, url_prefix="/office/fairs/<code>/applications/<application>")
MOST_ACTS = 200
ATTENDED = (EditionState.RUNNING, EditionState.CLOSED)


@bp.get("")
@allow(RUN_FAIRS)
def exhibitor(code: str, application: str) -> str:
    return _look(code, application)


@bp.post("/<any(score, pending, cancel, absent, fee, waive):verb>")
@allow(RUN_FAIRS)
def act(code: str, application: str, verb: str) -> Any:
    form = request.form
    reason = form.get("reason", "")
    said = form.get("decision", "")
    decision = Decision(said) if said in set(Decision) else None

    def pend(*, application: str, **who: Any) -> None:
        mark_pending(applications=[application], decision=decision, reason=reason, **who)

    def pay(**who: Any) -> None:
        record_fee(facts=receipt_in(form), **who)

    verbs: dict[str, tuple[Callable[..., object], str]] = {
        "score": (
            partial(score_application, points=points_in(form), note_given=form.get("note", "")),
            N_("Đã lưu điểm của bạn."),
        ),
        "pending": (pend, N_("Đã ghi ý định. Chưa ai ngoài văn phòng biết.")),
        "cancel": (partial(cancel, reason=reason, home=home_province()), N_("Đã hủy đơn; nơi làm được báo bằng thư.")),
        "absent": (mark_no_show, N_("Đã ghi là không đến.")),
        "fee": (pay, N_("Đã ghi phí.")),
        "waive": (partial(waive_fee, reason=form.get("waiver", "")), N_("Đã miễn phí gian hàng.")),
    }
    return _do(code, application, *verbs[verb])


@bp.post("/refund/<int:receipt>")
@allow(RUN_FAIRS)
def refund(code: str, application: str, receipt: int) -> Any:
    return _do(code, application, partial(refund_fee, receipt_id=receipt), N_("Đã ghi là trả lại."))


@bp.post("/refund/<number>")
@allow(RUN_FAIRS)
def refund_online(code: str, application: str, number: str) -> Any:
    verb = partial(refund_online_fee, number=number)
    return _do(code, application, verb, N_("Đã hẹn hoàn; tiền về nơi đã trả, hoặc bạn chuyển từ ngân hàng."))


def _do(code: str, application: str, verb: Callable[..., object], done: str) -> Any:
    """One verb on one application; what is wrong is told on its page."""
    act = partial(verb, code=code, application=application, by=current_actor(), at=now())
    then = url_for("office_exhibitor.exhibitor", code=code, application=application)
    return answered(act, _(done), again=partial(_look, code, application), then=then)


def _look(code: str, application: str, errors: dict[str, str] | None = None) -> str:
    edition = get_edition(code)
    row = get_application(edition.id, application)
    points = points_of([row.id]).get(row.id, {})
    placings = placings_of([row.id])
    return render_template(
        "office_desk/fair_application.html",
        edition=edition,
        row=row,
        lacks=lacks_of(edition, [row]),
        papers=list_papers_shown(row.id),
        criteria=list_criteria(edition.id),
        points=points,
        total=score_of(points),
        mine=scores_by(row.id, officer_id=current_actor().user_id),
        may_score=row.state in TO_JUDGE,
        may_decide=[each for each in Decision if TARGETS[each] in TRANSITIONS[row.state]],
        may_cancel=ApplicationState.CANCELLED in TRANSITIONS[row.state],
        may_miss=row.state is ApplicationState.CONFIRMED and edition.state in ATTENDED,
        placing=placings.get(row.id),
        fee=fees_of([row.id], placings=placings)[row.id],
        methods=list(FeeMethod),
        acts=list_acts([("exhibitor", row.code)], since=None, until=None, most=MOST_ACTS),
        typed=request.form,
        errors=errors or {},
        **exhibitor_words(),
    )
