"""The province checks distributors: the queue, one distributor's file, and every verb on what was seen."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.trade_words import trade_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import file_answer
from marketplace.platform.web.forms import read_page, whole_number
from marketplace.platform.web.language import language
from marketplace.platform.web.verbs import perform
from marketplace.trade.demands.queries import list_of_distributor
from marketplace.trade.distributors.models import Standing
from marketplace.trade.distributors.policies import VERIFY_DISTRIBUTORS
from marketplace.trade.distributors.queries import (
    count_by_standing,
    count_distributors,
    get_distributor,
    get_file,
    lacking_of,
    list_distributors,
    list_files,
    list_steps,
    list_waiting,
)
from marketplace.trade.distributors.rules import DECIDABLE, KIND_NAMES, country_name
from marketplace.trade.distributors.services import approve, lift_suspension, return_distributor, suspend

bp = Blueprint("office_distributors", __name__, url_prefix="/office/distributors")
A_PAGE = 40


@bp.get("")
@allow(VERIFY_DISTRIBUTORS)
def distributors() -> str:
    by, page, words = current_actor(), read_page(), request.args.get("q", "").strip()[:100]
    asked = request.args.get("standing", "")
    standing = Standing(asked) if asked in set(Standing) else None
    total = count_distributors(by=by, standing=standing, words=words)
    return render_template(
        "office_desk/distributors.html",
        waiting=list_waiting(by=by),
        found=list_distributors(by=by, standing=standing, words=words, page=page, per_page=A_PAGE),
        counts=count_by_standing(by=by),
        standings=list(Standing),
        standing=standing,
        words=words,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        today=day_of(now()),
        day_of=day_of,
        kind_names=KIND_NAMES,
        country=partial(country_name, language=language()),
    )


@bp.get("/<slug>")
@allow(VERIFY_DISTRIBUTORS)
def distributor(slug: str) -> str:
    return _look(slug)


def _look(slug: str, errors: dict[str, str] | None = None) -> str:
    found = get_distributor(slug, by=current_actor())
    files = list_files(found.id)
    return render_template(
        "office_desk/distributor.html",
        distributor=found,
        organisation=found.organisation,
        files=files,
        steps=list_steps(found.id),
        demands=list_of_distributor(found.id),
        lacking=lacking_of(found, len(files)),
        decidable=found.standing in DECIDABLE,
        may_return=found.standing is Standing.WAITING,
        errors=errors or {},
        typed=request.form,
        today=day_of(now()),
        kind_names=KIND_NAMES,
        **trade_words(),
    )


@bp.get("/<slug>/papers/<code>")
@allow(VERIFY_DISTRIBUTORS)
def paper(slug: str, code: str) -> Response:
    return file_answer(get_file(get_distributor(slug, by=current_actor()).id, code).file)


@bp.post("/<slug>/<any(approve, return, suspend, lift):verb>")
@allow(VERIFY_DISTRIBUTORS)
def decide(slug: str, verb: str) -> Any:
    words = request.form.get("remark", "")
    verbs: dict[str, tuple[Callable[..., None], str]] = {
        "approve": (approve, _("Đã xác minh; nơi phân phối được báo bằng thư.")),
        "return": (partial(return_distributor, remark=words), _("Đã gửi lại cho nơi phân phối, kèm thư.")),
        "suspend": (partial(suspend, remark=words), _("Đã tạm ngừng; nơi làm không thấy nhu cầu của nơi này nữa.")),
        "lift": (lift_suspension, _("Nơi này hoạt động lại.")),
    }
    decision, said = verbs[verb]
    done = perform(partial(decision, slug=slug, seen=_seen(), by=current_actor(), at=now()), said)
    if done.made:
        return redirect(url_for("office_distributors.distributor", slug=slug))
    errors = {verb: next(iter(done.errors.values()))} if done.errors else {}
    return _look(slug, errors), 422 if errors else 409  # what was refused as a whole stands above the page


def _seen() -> int:
    """What the officer's page was made from; a form that does not say saw nothing."""
    seen = whole_number(request.form.get("seen", ""))
    return -1 if seen is None else seen
