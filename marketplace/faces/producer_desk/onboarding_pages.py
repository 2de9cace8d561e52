"""The producer's way to being verified: six steps in any order, each saved by itself, then sent to the province."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.faces.producer_desk.listing_pages import desk
from marketplace.faces.producer_desk.onboarding_forms import FORMS, ROLES, StepForm
from marketplace.people.papers.kinds import all_kinds
from marketplace.people.places.queries import list_communes
from marketplace.people.producers.queries import get_own
from marketplace.people.producers.views import KINDS
from marketplace.people.verification.demands import tax_rules
from marketplace.people.verification.policies import KEEP_OWN_ACCOUNT, KEEP_OWN_VERIFICATION
from marketplace.people.verification.queries import ProducerFile, file_of, list_steps
from marketplace.people.verification.rules import FIELDS, Step
from marketplace.people.verification.services import (
    Incomplete,
    NotNow,
    TooManyContacts,
    put_contact_first,
    remove_contact,
    send_for_verification,
)
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.platform.web.forms import told_on

bp = Blueprint("producer_onboarding", __name__, url_prefix="/producer/onboarding")


def shown_words() -> dict[str, object]:
    """What the pages of a verification call things, here and at the office."""
    return {
        "kinds": {kind.value: label for kind, label in KINDS.items()},
        "roles": {role.value: label for role, label in ROLES.items()},
        "tax_rules": tax_rules(),
        "paper_kinds": {kind.code: kind for kind in all_kinds()},
        "steps": list(Step),
        "step_fields": FIELDS,
        "communes": {unit.code: unit.name for unit in list_communes(current_app.config["SETTINGS"].province_code)},
    }


@bp.get("")
@allow(KEEP_OWN_VERIFICATION)
def overview() -> str:
    return _overview()


def _overview(refused: str = "") -> str:
    by = current_actor()
    frame, day = desk(by), day_of(now())
    producer = get_own(by)
    return render_template(
        "producer_desk/onboarding.html",
        file=file_of(producer, on=day),
        history=list_steps(producer.id),
        refused=refused,
        today=day,
        may_account=KEEP_OWN_ACCOUNT.held_by(by),
        **shown_words(),
        **frame,
    )


@bp.route("/<any(identity, tax, bank, contacts, leaders):step>", methods=["GET", "POST"])
@allow(KEEP_OWN_VERIFICATION)
def step(step: str) -> Any:
    by, which = current_actor(), Step(step)
    if which is Step.BANK and not KEEP_OWN_ACCOUNT.held_by(by):
        raise Forbidden
    form = FORMS[which]()
    file = file_of(get_own(by), on=day_of(now()))
    form.fill(file)
    if form.validate_on_submit():
        with told_on(form, TooManyContacts), transaction():
            form.save(by=by, at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(request.path if which is Step.CONTACTS else url_for("producer_onboarding.overview"))
    return _step_page(which, form, file), 422 if form.errors else 200


def _step_page(which: Step, form: StepForm, file: ProducerFile) -> str:
    by = current_actor()
    return render_template(
        "producer_desk/onboarding_step.html",
        form=form,
        which=which,
        file=file,
        today=day_of(now()),
        may_account=KEEP_OWN_ACCOUNT.held_by(by),
        **shown_words(),
        **desk(by),
    )


@bp.post("/contacts/<code>/remove")
@allow(KEEP_OWN_VERIFICATION)
def remove(code: str) -> Response:
    return _change_contact(remove_contact, code, _("Đã bỏ người liên hệ."))


@bp.post("/contacts/<code>/first")
@allow(KEEP_OWN_VERIFICATION)
def first(code: str) -> Response:
    return _change_contact(put_contact_first, code, _("Khách sẽ gọi người này trước."))


def _change_contact(verb: Callable[..., None], code: str, done: str) -> Response:
    with transaction():
        verb(code=code, by=current_actor(), at=now())
    flash(done, "ok")
    return redirect(url_for("producer_onboarding.step", step=Step.CONTACTS.value))


@bp.post("/send")
@allow(KEEP_OWN_VERIFICATION)
def send() -> Any:
    try:
        with transaction():
            send_for_verification(by=current_actor(), at=now())
    except (Incomplete, NotNow) as refusal:
        return _overview(sentence(refusal)), refusal.status
    flash(_("Đã gửi tỉnh xác minh. Bạn được báo bằng thư."), "ok")
    return redirect(url_for("producer_onboarding.overview"))
