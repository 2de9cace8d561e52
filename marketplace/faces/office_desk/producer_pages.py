"""The office checks producers: the queue, one producer's whole file, and every verb with what was checked or why."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.programme_words import programme_words
from marketplace.faces.producer_desk.onboarding_pages import shown_words
from marketplace.office.support.queries import list_of_producer
from marketplace.people.mandates.policies import ACT_AS_OFFICER
from marketplace.people.papers.models import CHANGEABLE, PaperState
from marketplace.people.papers.policies import LOOK_AT_PAPERS
from marketplace.people.papers.queries import list_papers
from marketplace.people.producers.policies import VERIFY_PRODUCERS
from marketplace.people.producers.queries import get_within
from marketplace.people.verification.policies import SEE_ACCOUNT, SEE_PRODUCERS
from marketplace.people.verification.queries import (
    count_verified_within,
    file_of,
    list_changed,
    list_first_checks,
    list_steps,
    list_unfinished,
    list_verified_within,
)
from marketplace.people.verification.rules import Step, same_holder
from marketplace.people.verification.services import (
    approve_producer,
    decide_account,
    decide_changes,
    lift_suspension,
    look_at,
    remark_producer,
    return_producer,
    see_account,
    suspend,
)
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import read_page, whole_number
from marketplace.platform.web.seeing import noted

bp = Blueprint("office_producers", __name__, url_prefix="/office/producers")
A_PAGE = 40


@bp.get("")
@allow(SEE_PRODUCERS)
def producers() -> str:
    by, words, page = current_actor(), request.args.get("q", "").strip()[:100], read_page()
    total = count_verified_within(by=by, words=words)
    return render_template(
        "office_desk/producers.html",
        waiting=list_first_checks(by=by),
        changed=list_changed(by=by),
        unfinished=list_unfinished(by=by),
        verified=list_verified_within(by=by, words=words, page=page, per_page=A_PAGE),
        total=total,
        words=words,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        today=day_of(now()),
        **shown_words(),
    )


@bp.get("/<slug>")
@allow(SEE_PRODUCERS)
def producer(slug: str) -> str:
    return noted(_look(slug), "producer", slug)


def _look(slug: str, errors: dict[str, str] | None = None, refused: str = "") -> str:
    by, day = current_actor(), day_of(now())
    found = get_within(slug, by=by)
    file = file_of(found, on=day)
    holders = [found.name, found.contact_name, *(contact.name for contact in file.contacts)]
    account = file.proposed or file.account
    return render_template(
        "office_desk/producer.html",
        producer=found,
        file=file,
        papers=[paper for paper in list_papers(found.id, by=by) if paper.state is not PaperState.DRAFT],
        history=list_steps(found.id),
        support=list_of_producer(found.id),
        holder_known=account is not None and same_holder(account.holder, *holders),
        may_decide=VERIFY_PRODUCERS.held_by(by),
        may_look=LOOK_AT_PAPERS.held_by(by),
        may_act=ACT_AS_OFFICER.held_by(by),
        to_look_at=CHANGEABLE - {PaperState.DRAFT},
        errors=errors or {},
        refused=refused,
        typed=request.form,
        today=day,
        **shown_words(),
        **programme_words(),
    )


@bp.get("/<slug>/bank")
@allow(SEE_ACCOUNT)
def bank(slug: str) -> str:
    """The whole number; each look leaves a trace."""
    by = current_actor()
    with transaction():
        accounts = see_account(slug=slug, by=by, at=now())
    shown = render_template("office_desk/producer_bank.html", producer=get_within(slug, by=by), accounts=accounts)
    return noted(shown, "bank", slug)


@bp.post("/<slug>/<any(verify, return, suspend, lift):verb>")
@allow(VERIFY_PRODUCERS)
def decide(slug: str, verb: str) -> Any:
    typed, seen = request.form, _seen()
    remarks = {step.value: typed.get(f"remark-{step.value}", "") for step in Step}
    verbs: dict[str, tuple[Callable[..., None], str]] = {
        "verify": (
            partial(approve_producer, checked=typed.getlist("checked"), seen=seen),
            _("Đã xác minh; nơi làm được báo bằng thư."),
        ),
        "return": (partial(return_producer, remarks=remarks, seen=seen), _("Đã gửi lại cho nơi làm, kèm thư.")),
        "suspend": (
            partial(suspend, reason=typed.get("reason", "")),
            _("Đã tạm ngừng; hàng của nơi này rời chợ ngay."),
        ),
        "lift": (partial(lift_suspension, remark=typed.get("reason", "")), _("Nơi này hoạt động lại.")),
    }
    return _do(slug, *verbs[verb])


@bp.post("/<slug>/remark")
@allow(SEE_PRODUCERS)
def remark(slug: str) -> Any:
    return _do(slug, partial(remark_producer, words=request.form.get("words", "")), _("Đã ghi nhận xét."))


@bp.post("/<slug>/changes/<any(identity, tax, bank):step>/<any(accept, refuse):verb>")
@allow(VERIFY_PRODUCERS)
def change(slug: str, step: str, verb: str) -> Any:
    said = {"accepted": verb == "accept", "remark": request.form.get("remark", ""), "seen": _seen()}
    verbs: Callable[..., None] = decide_account if step == Step.BANK else partial(decide_changes, step=Step(step))
    done = _("Đã duyệt; có hiệu lực từ bây giờ.") if verb == "accept" else _("Không nhận; điều cũ vẫn dùng.")
    return _do(slug, partial(verbs, **said), done, at=f"{step}-remark")


@bp.post("/<slug>/papers/<code>/<any(accept, refuse):verb>")
@allow(LOOK_AT_PAPERS)
def paper(slug: str, code: str, verb: str) -> Any:
    words = request.form.get("remark", "")
    seen = request.form.get("seen", "")
    said = partial(look_at, code=code, accepted=verb == "accept", remark=words, seen=seen)
    done = _("Đã nhận giấy.") if verb == "accept" else _("Không nhận giấy; nơi làm được báo bằng thư.")
    return _do(slug, said, done, at=f"{code}-remark")


def _do(slug: str, verb: Callable[..., object], done: str, at: str = "") -> Any:
    """One verb on one producer; a refusal is told on its page, beside the field, `at` where several share a name."""
    try:
        with transaction():
            verb(slug=slug, by=current_actor(), at=now())
    except Invalid as invalid:
        errors = {at if at and name == "remark" else name: _(text) for name, text in invalid.fields.items()}
        return _look(slug, errors), 422
    except NotFound:
        raise
    except Refusal as refusal:
        return _look(slug, refused=sentence(refusal)), refusal.status
    flash(done, "ok")
    return redirect(url_for("office_producers.producer", slug=slug))


def _seen() -> int:
    """What the officer's page was made from; a form that does not say saw nothing."""
    seen = whole_number(request.form.get("seen", ""))
    return -1 if seen is None else seen
