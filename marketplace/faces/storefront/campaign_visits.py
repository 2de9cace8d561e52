"""What both desks do in a campaign they are invited to: answer, say when they cannot come, confirm or call off."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, flash, redirect, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.campaign_words import campaign_words
from marketplace.faces.storefront.ics import calendar_file
from marketplace.faces.storefront.match_words import match_words
from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.errors import sentence
from marketplace.trade.campaigns.models import TIMETABLED, Answer, CampaignKind, CampaignState, MeetingState, Side
from marketplace.trade.campaigns.queries import (
    absences_of,
    get_own_participant,
    list_meetings_of,
    list_own_participants,
)
from marketplace.trade.campaigns.services import answer_invitation, cancel_meeting, confirm_meeting, follow_up, withdraw

Desk = Callable[[], dict[str, Any]]


def list_page(base: str, desk: Desk) -> str:
    """The campaigns that the acting party is invited to. `base`: the desk's address, `/producer`."""
    rows = list_own_participants(by=current_actor())
    return render_template(f"{base[1:]}_desk/campaigns.html", invited=rows, base=base, **campaign_words(), **desk())


def page(code: str, base: str, desk: Desk, errors: dict[str, str] | None = None) -> str:
    """One campaign for one who is invited: the answer, and the meetings once they are out."""
    mine = get_own_participant(code, by=current_actor())
    out = mine.campaign.state in TIMETABLED
    return render_template(
        f"{base[1:]}_desk/campaign.html",
        mine=mine,
        campaign=mine.campaign,
        away=absences_of([mine.id]).get(mine.id, frozenset()),
        meetings=list_meetings_of(mine.id) if out else [],
        may_answer=mine.campaign.state in (CampaignState.OPEN, CampaignState.PUBLISHED)
        and now() <= mine.campaign.wishes_until,
        coming=mine.answer is Answer.COMING,
        errors=errors or {},
        typed=request.form,
        base=base,
        **campaign_words(),
        **match_words(),
        **desk(),
    )


def answer(code: str, base: str, desk: Desk) -> Any:
    """What was sent about coming."""
    most = request.form.get("most", "").strip()
    if most and not (most.isascii() and most.isdigit()):
        return page(code, base, desk, {"most": _("Nhập một số.")}), 422
    here = {int(number) for number in request.form.getlist("here") if number.isascii() and number.isdigit()}
    slots = {slot.number for slot in get_own_participant(code, by=current_actor()).campaign.slots}
    verb = partial(
        answer_invitation,
        coming=request.form.get("coming") == "yes",
        absent=slots - here,
        most=int(most) if most else None,
        reason=request.form.get("reason", ""),
    )
    return _do(code, base, desk, verb, N_("Đã lưu câu trả lời."))


def leave(code: str, base: str, desk: Desk) -> Any:
    """Coming no more."""
    verb = partial(withdraw, reason=request.form.get("reason", ""))
    return _do(code, base, desk, verb, N_("Đã rút. Các cuộc gặp của bạn được hủy và bên kia được báo."))


def meet(code: str, meeting: str, verb: str, base: str, desk: Desk) -> Any:
    """Confirm a meeting, or call it off."""
    if verb == "confirm":
        return _do(code, base, desk, partial(confirm_meeting, meeting=meeting), N_("Đã chốt phía bạn."))
    off = partial(cancel_meeting, meeting=meeting, reason=request.form.get("reason", ""))
    return _do(code, base, desk, off, N_("Đã hủy cuộc gặp; bên kia được báo."))


def calendar(code: str, meeting: str) -> Response:
    """A meeting of one's own as a file for one's calendar, or NotFound; a cancelled one takes itself out."""
    mine = get_own_participant(code, by=current_actor())
    row = next((each for each in list_meetings_of(mine.id, all_states=True) if each.code == meeting), None)
    if row is None or mine.campaign.state not in TIMETABLED:
        raise NotFound
    other = row.buyer if mine.side is Side.PRODUCER else row.producer
    place = mine.campaign.place
    if mine.campaign.kind is CampaignKind.ON_SITE:
        place = f"{place}, {_('bàn %(n)d', n=row.table + 1)}"
    text = calendar_file(
        uid=f"{row.code}@cho-phien",
        sequence=row.sequence,
        stamp=now(),
        starts=row.slot.starts_at,
        ends=row.slot.ends_at,
        summary=_("Gặp %(who)s", who=other.name),
        place=place,
        about=mine.campaign.title,
        cancelled=row.state is MeetingState.CANCELLED,
    )
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.code}.ics"'
    return response


def deal(code: str, meeting: str, base: str) -> Any:
    """From a held meeting on to the deal of the two."""
    try:
        with transaction():
            found = follow_up(code=code, meeting=meeting, by=current_actor(), at=now()).code
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
        return redirect(f"{base}/campaigns/{code}")
    return redirect(f"{base}/deals/{found}")


def _do(code: str, base: str, desk: Desk, verb: Callable[..., Any], done: str) -> Any:
    try:
        with transaction():
            verb(code=code, by=current_actor(), at=now())
    except Invalid as invalid:
        return page(code, base, desk, {n: _(text) for n, text in invalid.fields.items()}), 422
    except NotFound:
        raise
    except Refusal as refusal:
        flash(sentence(refusal), "bad")
    else:
        flash(_(done), "ok")
    return redirect(f"{base}/campaigns/{code}")
