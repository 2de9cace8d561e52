"""The day of a campaign: who has arrived, what was held or missed, who may take a free place."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.faces.storefront.campaign_words import campaign_words
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import now
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.campaigns.models import MeetingState, Side
from marketplace.trade.campaigns.policies import RUN_CAMPAIGNS
from marketplace.trade.campaigns.queries import get_campaign, get_meeting, list_meetings, list_participants
from marketplace.trade.campaigns.services import (
    arrive,
    cancel_meeting,
    follow_up,
    hold_meeting,
    miss_meeting,
    note_meeting,
    put_in,
)
from marketplace.trade.campaigns.substitutes import list_substitutes

bp = Blueprint("office_campaign_day", __name__, url_prefix="/office/matchmaking/campaigns/<code>")


@bp.get("/day")
@allow(RUN_CAMPAIGNS)
def day(code: str) -> str:
    campaign = get_campaign(code)
    return render_template(
        "office_desk/campaign_day.html",
        campaign=campaign,
        people=list_participants(campaign.id),
        meetings=list_meetings(campaign.id),
        at=now(),
        **campaign_words(),
    )


@bp.post("/arrivals/<int(max=999999999):participant>")
@allow(RUN_CAMPAIGNS)
def arrived(code: str, participant: int) -> Any:
    return _do(code, partial(arrive, participant_id=participant), N_("Đã ghi là có mặt."), "#arrivals")


@bp.get("/meetings/<meeting>")
@allow(RUN_CAMPAIGNS)
def one(code: str, meeting: str) -> str:
    return _look(code, meeting)


def _look(code: str, meeting: str, errors: dict[str, str] | None = None) -> str:
    campaign = get_campaign(code)
    row = get_meeting(meeting, campaign_id=campaign.id)
    missed = row.state is MeetingState.NO_SHOW
    return render_template(
        "office_desk/campaign_meeting.html",
        campaign=campaign,
        meeting=row,
        substitutes=list_substitutes(campaign, row, at=now()) if missed else [],
        errors=errors or {},
        **campaign_words(),
    )


@bp.post("/meetings/<meeting>/<any(held, missed, cancel, note, replace):verb>")
@allow(RUN_CAMPAIGNS)
def move(code: str, meeting: str, verb: str) -> Any:
    typed = request.form
    absent = Side.BUYER if typed.get("absent") == Side.BUYER else Side.PRODUCER
    chosen = typed.get("participant", "")
    verbs: dict[str, tuple[Callable[..., Any], str]] = {
        "held": (hold_meeting, N_("Đã ghi là gặp.")),
        "missed": (partial(miss_meeting, absent=absent), N_("Đã ghi vắng. Xem ai thế được.")),
        "cancel": (partial(cancel_meeting, reason=typed.get("reason", "")), N_("Đã hủy cuộc gặp.")),
        "note": (partial(note_meeting, note=typed.get("note", "")), N_("Đã lưu.")),
        "replace": (
            partial(put_in, participant_id=int(chosen) if re.fullmatch("[0-9]{1,9}", chosen) else 0),
            N_("Đã xếp người thế."),
        ),
    }
    done, words = verbs[verb]
    return _do(code, partial(done, meeting=meeting), words, meeting=meeting)


@bp.post("/meetings/<meeting>/deal")
@allow(RUN_CAMPAIGNS)
def deal(code: str, meeting: str) -> Any:
    done = perform(lambda: follow_up(code=code, meeting=meeting, by=current_actor(), at=now()).code)
    if done.made:
        return redirect(f"/office/deals/{done.value}")
    return redirect(url_for("office_campaign_day.one", code=code, meeting=meeting))


def _do(code: str, verb: Callable[..., Any], done: str, anchor: str = "", meeting: str = "") -> Any:
    act = partial(verb, code=code, by=current_actor(), at=now())
    day = url_for("office_campaign_day.day", code=code) + anchor
    then = url_for("office_campaign_day.one", code=code, meeting=meeting) if meeting else day
    return answered(act, _(done), again=partial(_look, code, meeting), then=then)
