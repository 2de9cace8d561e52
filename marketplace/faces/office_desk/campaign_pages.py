"""The office's campaigns: planned, invited, timetabled, published."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.office_desk.campaign_forms import CampaignForm, said, usual
from marketplace.faces.storefront.campaign_words import campaign_words
from marketplace.faces.storefront.match_words import match_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import read_page, told_on
from marketplace.platform.web.verbs import answered
from marketplace.trade.campaigns.models import LIVE, TIMETABLED, Ruling, RunState
from marketplace.trade.campaigns.policies import RUN_CAMPAIGNS
from marketplace.trade.campaigns.queries import (
    busy_slots,
    count_answers,
    count_campaigns,
    get_campaign,
    get_run,
    list_campaigns,
    list_meetings,
    list_participants,
    list_rulings,
    list_runs,
)
from marketplace.trade.campaigns.reports import outcome_of, unsound_meetings
from marketplace.trade.campaigns.services import (
    ask_run,
    cancel_campaign,
    change_campaign,
    close_campaign,
    invite,
    open_campaign,
    plan_campaign,
    publish_run,
    rule_pair,
    start_campaign,
    stop_run,
)
from marketplace.trade.campaigns.snapshots import Snapshot
from marketplace.trade.distributors.models import Standing
from marketplace.trade.distributors.queries import list_distributors
from marketplace.trade.matching.queries import list_matches
from marketplace.trade.timetables.timetable import Timetable

bp = Blueprint("office_campaigns", __name__, url_prefix="/office/matchmaking/campaigns")
A_PAGE = 30
MOVED = {
    "open": N_("Đã mở. Thư mời đang được gửi."),
    "start": N_("Đợt kết nối bắt đầu."),
    "close": N_("Đã kết thúc."),
    "cancel": N_("Đã hủy; người dự được báo bằng thư."),
}


@bp.get("")
@allow(RUN_CAMPAIGNS)
def campaigns() -> str:
    page = read_page()
    found = list_campaigns(page=page, per_page=A_PAGE)
    return render_template(
        "office_desk/campaigns.html",
        campaigns=found,
        answers=count_answers([each.id for each in found]),
        page=page,
        pages=max(1, -(-count_campaigns() // A_PAGE)),
        **campaign_words(),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(RUN_CAMPAIGNS)
def new() -> Any:
    form = CampaignForm(data=None if request.method == "POST" else usual())
    if form.validate_on_submit():
        with told_on(form), transaction():
            code = plan_campaign(facts=form.facts(), by=current_actor(), at=now()).code
        if not form.errors:
            flash(_("Đã lưu nháp. Mời người dự rồi mở đợt."), "ok")
            return redirect(url_for("office_campaigns.inviting", code=code))
    page = render_template("office_desk/campaign_form.html", form=form, campaign=None)
    return page, 422 if form.errors else 200


@bp.route("/<code>/edit", methods=["GET", "POST"])
@allow(RUN_CAMPAIGNS)
def edit(code: str) -> Any:
    campaign = get_campaign(code)
    form = CampaignForm(data=None if request.method == "POST" else said(campaign))
    if form.validate_on_submit():
        with told_on(form, Refusal), transaction():
            change_campaign(code=code, facts=form.facts(), by=current_actor(), at=now())
        if not form.errors:
            flash(_("Đã lưu."), "ok")
            return redirect(url_for("office_campaigns.campaign", code=code))
    page = render_template("office_desk/campaign_form.html", form=form, campaign=campaign)
    return page, 422 if form.errors else 200


@bp.get("/<code>")
@allow(RUN_CAMPAIGNS)
def campaign(code: str) -> str:
    return _look(code)


def _look(code: str, errors: dict[str, str] | None = None) -> str:
    found = get_campaign(code)
    people = list_participants(found.id)
    every = list_meetings(found.id, all_states=True)
    meetings = [each for each in every if each.state in LIVE]
    return render_template(
        "office_desk/campaign.html",
        campaign=found,
        people=people,
        away=busy_slots(found, people),
        runs=list_runs(found.id),
        rulings=list_rulings(found.id),
        meetings=meetings,
        outcome=outcome_of(found) if found.state in TIMETABLED else None,
        released=sum(each.released_at is not None for each in every),
        unsound=unsound_meetings(meetings, on=day_of(now())),
        errors=errors or {},
        typed=request.form,
        **campaign_words(),
    )


@bp.route("/<code>/invite", methods=["GET", "POST"])
@allow(RUN_CAMPAIGNS)
def inviting(code: str) -> Any:
    found = get_campaign(code)
    if request.method == "POST":
        makers, buyers_sent = request.form.getlist("producer"), request.form.getlist("distributor")
        chosen = partial(invite, producers=makers, distributors=buyers_sent)
        return _do(code, chosen, N_("Đã thêm người dự."))
    pairs = [each for each in list_matches(on=day_of(now())) if each.eligible]
    producers: dict[str, tuple[str, set[int]]] = {}
    buyers: dict[int, set[int]] = {}
    for each in pairs:
        producers.setdefault(each.offer.producer_slug, (each.offer.producer_name, set()))[1].add(
            each.demand.distributor_id
        )
        buyers.setdefault(each.demand.distributor_id, set()).add(each.offer.producer_id)
    sellers = list_distributors(by=current_actor(), standing=Standing.VERIFIED, per_page=1000)
    people = list_participants(found.id)
    return render_template(
        "office_desk/campaign_invite.html",
        campaign=found,
        producers=sorted(producers.items(), key=lambda pair: (-len(pair[1][1]), pair[1][0])),
        sellers=[(each, len(buyers[each.id])) for each in sellers if each.id in buyers],
        there={each.producer.slug for each in people if each.producer}
        | {each.distributor.organisation.slug for each in people if each.distributor},
    )


@bp.post("/<code>/<any(open, start, close, cancel):verb>")
@allow(RUN_CAMPAIGNS)
def move(code: str, verb: str) -> Any:
    verbs: dict[str, Callable[..., Any]] = {
        "open": open_campaign,
        "start": start_campaign,
        "close": close_campaign,
        "cancel": partial(cancel_campaign, reason=request.form.get("reason", "")),
    }
    return _do(code, verbs[verb], MOVED[verb])


@bp.post("/<code>/pairs")
@allow(RUN_CAMPAIGNS)
def pairs(code: str) -> Any:
    typed = request.form
    sent = typed.get("ruling", "")
    word = partial(
        rule_pair,
        producer=typed.get("producer", ""),
        buyer=typed.get("buyer", ""),
        ruling=Ruling(sent) if sent in set(Ruling) else None,
        reason=typed.get("why", ""),
    )
    return _do(code, word, N_("Đã ghi; lượt xếp sau theo lời này."))


@bp.post("/<code>/runs")
@allow(RUN_CAMPAIGNS)
def ask(code: str) -> Any:
    return _do(code, ask_run, N_("Đang xếp lịch. Trang này tự cập nhật; có thể rời đi và quay lại."))


@bp.post("/<code>/runs/<int(max=999999):number>/<any(stop, publish):verb>")
@allow(RUN_CAMPAIGNS)
def move_run(code: str, number: int, verb: str) -> Any:
    if verb == "stop":
        return _do(code, partial(stop_run, number=number), N_("Đang dừng."))
    return _do(code, partial(publish_run, number=number), N_("Đã công bố lịch; người dự được báo bằng thư."))


@bp.get("/<code>/runs/<int(max=999999):number>")
@allow(RUN_CAMPAIGNS)
def run(code: str, number: int) -> str:
    found = get_campaign(code)
    row = get_run(found.id, number)
    ready = row.state in (RunState.DONE, RunState.PUBLISHED) and row.snapshot and row.result
    snapshot = Snapshot.from_json(row.snapshot) if ready and row.snapshot else None
    timetable = Timetable.from_json(row.result) if ready and row.result else None
    return render_template(
        "office_desk/campaign_run.html",
        campaign=found,
        run=row,
        people={each.id: each for each in list_participants(found.id)},
        must=[each for each in list_rulings(found.id) if each.ruling is Ruling.MUST],
        met=snapshot.pairs_of(timetable.meetings) if snapshot and timetable else (),
        snapshot=snapshot,
        timetable=timetable,
        **campaign_words(),
        **match_words(),
    )


@bp.get("/<code>/runs/<int(max=999999):number>/state")
@allow(RUN_CAMPAIGNS)
def run_state(code: str, number: int) -> str:
    """How far a run is: a part of the campaign's page that asks for itself until it is over."""
    found = get_campaign(code)
    row = get_run(found.id, number)
    return render_template("office_desk/campaign_run_state.html", campaign=found, run=row, **campaign_words())


def _do(code: str, verb: Callable[..., Any], done: str) -> Any:
    """One verb on one campaign; a refusal is told on its page."""
    act, then = partial(verb, code=code, by=current_actor(), at=now()), url_for("office_campaigns.campaign", code=code)
    return answered(act, _(done), again=partial(_look, code), then=then)
