"""What both desks do in a campaign they are invited to: answer, say when they cannot come, confirm or call off."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Response, redirect, render_template, request
from flask_babel import gettext as _

from marketplace.faces.storefront.campaign_words import campaign_words
from marketplace.faces.storefront.ics import calendar_file
from marketplace.faces.storefront.match_words import match_words
from marketplace.faces.storefront.meeting_file import calendar_answer
from marketplace.platform.core.clock import now
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.words import N_
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.forms import whole_number
from marketplace.platform.web.verbs import answered, perform
from marketplace.trade.campaigns.models import LIVE, Answer, CampaignState, MeetingState, Side
from marketplace.trade.campaigns.queries import (
    absences_of,
    get_own_participant,
    list_meetings_of,
    list_own_participants,
)
from marketplace.trade.campaigns.services import answer_invitation, cancel_meeting, confirm_meeting, follow_up, withdraw

Desk = Callable[[], dict[str, Any]]
Errors = dict[str, dict[str, str]]


def list_page(base: str, desk: Desk) -> str:
    """The campaigns that the acting party is invited to. `base`: the desk's address, `/producer`."""
    rows = list_own_participants(by=current_actor())
    return render_template(f"{base[1:]}_desk/campaigns.html", invited=rows, base=base, **campaign_words(), **desk())


def page(code: str, base: str, desk: Desk, errors: Errors | None = None) -> str:
    """One campaign for one who is invited: the answer, and the meetings once they are out.

    `errors` are by form (`answer`, `withdraw`, or a meeting's code) and field.
    """
    mine = get_own_participant(code, by=current_actor())
    every = list_meetings_of(mine.id, all_states=True)
    return render_template(
        f"{base[1:]}_desk/campaign.html",
        mine=mine,
        campaign=mine.campaign,
        away=absences_of([mine.id]).get(mine.id, frozenset()),
        meetings=[each for each in every if each.state in LIVE],
        called_off=[each for each in every if each.state is MeetingState.CANCELLED],
        may_answer=mine.campaign.state in (CampaignState.OPEN, CampaignState.PUBLISHED)
        and now() <= mine.campaign.wishes_until,
        coming=mine.answer is Answer.COMING,
        confirmable=mine.campaign.confirm_until is None or now() <= mine.campaign.confirm_until,
        errors=errors or {},
        typed=request.form,
        typed_here=set(request.form.getlist("here")),
        base=base,
        **campaign_words(),
        **match_words(),
        **desk(),
    )


def answer(code: str, base: str, desk: Desk) -> Any:
    """What was sent about coming."""
    most = request.form.get("most", "").strip()
    if most and small_number(most) is None:
        return page(code, base, desk, {"answer": {"most": _("Nhập một số.")}}), 422
    here = {small_number(number) for number in request.form.getlist("here")}
    slots = {slot.number for slot in get_own_participant(code, by=current_actor()).campaign.slots}
    verb = partial(
        answer_invitation,
        coming=request.form.get("coming") == "yes",
        absent=slots - here,
        most=small_number(most),
        reason=request.form.get("reason", ""),
    )
    return _do(code, base, desk, verb, N_("Đã lưu câu trả lời."), "answer")


def small_number(typed: str) -> int | None:
    """A whole number of at most four figures, from 0; None for anything else."""
    return whole_number(typed, 4)


def leave(code: str, base: str, desk: Desk) -> Any:
    """Coming no more."""
    verb = partial(withdraw, reason=request.form.get("reason", ""))
    return _do(code, base, desk, verb, N_("Đã rút. Các cuộc gặp của bạn được hủy và bên kia được báo."), "withdraw")


def meet(code: str, meeting: str, verb: str, base: str, desk: Desk) -> Any:
    """Confirm a meeting, or call it off."""
    if verb == "confirm":
        return _do(code, base, desk, partial(confirm_meeting, meeting=meeting), N_("Đã chốt phía bạn."), meeting)
    off = partial(cancel_meeting, meeting=meeting, reason=request.form.get("reason", ""))
    return _do(code, base, desk, off, N_("Đã hủy cuộc gặp; bên kia được báo."), meeting)


def calendar(code: str, meeting: str) -> Response:
    """A meeting of one's own, live or called off, as a file for one's calendar, or NotFound.

    One that was called off takes itself out of the calendar.
    """
    mine = get_own_participant(code, by=current_actor())
    row = next((each for each in list_meetings_of(mine.id, all_states=True) if each.code == meeting), None)
    if row is None:
        raise NotFound
    other = row.buyer if mine.side is Side.PRODUCER else row.producer
    table = f"{mine.campaign.place}, {_('bàn %(n)d', n=row.table + 1)}"
    place = mine.campaign.room_of(row.code) or table
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
        tentative=row.state is MeetingState.TENTATIVE,
    )
    return calendar_answer(text, row.code)


def deal(code: str, meeting: str, base: str) -> Any:
    """From a held meeting on to the deal of the two."""
    done = perform(lambda: follow_up(code=code, meeting=meeting, by=current_actor(), at=now()).code)
    return redirect(f"{base}/deals/{done.value}" if done.made else f"{base}/campaigns/{code}")


def _do(code: str, base: str, desk: Desk, verb: Callable[..., Any], done: str, form: str) -> Any:
    def again(errors: dict[str, str]) -> Any:
        return page(code, base, desk, {form: errors})

    act = partial(verb, code=code, by=current_actor(), at=now())
    return answered(act, _(done), again=again, then=f"{base}/campaigns/{code}")
