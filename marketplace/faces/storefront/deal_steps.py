"""After the price: samples, papers, deliveries and meetings, done by both parties from one page."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import request
from flask_babel import gettext as _

from marketplace.faces.storefront.deal_desk import Done, perform
from marketplace.faces.storefront.deal_forms import Typed, day, money_of, whole
from marketplace.platform.core.clock import VIETNAM, now
from marketplace.platform.web.access import current_actor
from marketplace.trade.campaigns.queries import meets_then
from marketplace.trade.deals.models import PaperKind
from marketplace.trade.deals.services import (
    Judgement,
    MeetingFacts,
    SignedFacts,
    accept_meeting,
    cancel_meeting,
    confirm_paper,
    decline_meeting,
    end_contract,
    judge_sample,
    note_delivery,
    propose_meeting,
    receive_sample,
    send_sample,
    tell_outcome,
    write_paper,
)

STEPS = "any(sample, received, judge, paper, confirm, finish, delivered, propose, meet, refuse, cancel, outcome)"
Verbs = dict[str, tuple[Callable[..., object], str]]


def take_step(code: str, verb: str) -> Done:
    """One of the verbs of `STEPS`, as the form asks."""
    typed, by, at = request.form, current_actor(), now()
    act, done = {**_goods(typed), **_papers(typed), **_meetings(typed)}[verb]
    return perform(verb, partial(act, code=code, by=by, at=at), done)


def _goods(typed: Typed) -> Verbs:
    sample: dict[str, Any] = {name: typed.get(name, "") for name in ("what", "carrier", "tracking_number")}
    words: dict[str, Any] = {name: typed.get(name, "") for name in ("taste", "packaging", "label", "price")}
    given: dict[str, Any] = {"on": day(typed, "delivered_on"), "value": money_of(typed, "value")}
    given["note"] = typed.get("note", "")
    return {
        "sample": (partial(send_sample, **sample), _("Đã ghi hàng mẫu; nơi mua được báo.")),
        "received": (receive_sample, _("Đã ghi là đã nhận.")),
        "judge": (
            partial(judge_sample, judgement=Judgement(rating=whole(typed, "rating"), **words)),
            _("Đã gửi nhận xét."),
        ),
        "delivered": (partial(note_delivery, **given), _("Đã ghi lần giao.")),
    }


def _papers(typed: Typed) -> Verbs:
    paper = typed.get("paper", "")
    return {
        "paper": (partial(write_paper, facts=_signed(typed)), _("Đã ghi; tính khi bên kia xác nhận.")),
        "confirm": (partial(confirm_paper, paper=paper), _("Đã xác nhận.")),
        "finish": (
            partial(end_contract, paper=paper, reason=typed.get("ended_reason", "")),
            _("Đã kết thúc hợp đồng; lượng đã hứa được trả lại."),
        ),
    }


def _meetings(typed: Typed) -> Verbs:
    meeting, why, time = typed.get("appointment", ""), typed.get("meeting_reason", ""), whole(typed, "time")
    which: dict[str, Any] = {"appointment": meeting}
    return {
        "propose": (partial(propose_meeting, facts=_meeting(typed), instead_of=meeting), _("Đã gửi giờ hẹn.")),
        "meet": (
            partial(accept_meeting, **which, time=-1 if time is None else time, elsewhere=meets_then),
            _("Đã nhận cuộc hẹn."),
        ),
        "refuse": (partial(decline_meeting, **which, reason=why), _("Đã báo là không gặp được.")),
        "cancel": (partial(cancel_meeting, **which, reason=why), _("Đã hủy cuộc hẹn.")),
        "outcome": (
            partial(tell_outcome, **which, outcome=typed.get("outcome", "")),
            _("Đã ghi kết quả cuộc hẹn."),
        ),
    }


def _signed(typed: Typed) -> SignedFacts:
    kind = typed.get("kind", "")
    return SignedFacts(
        kind=PaperKind(kind) if kind in set(PaperKind) else PaperKind.MEMORANDUM,
        number=typed.get("paper_number", ""),
        signed_on=day(typed, "signed_on"),
        value=money_of(typed, "value"),
        starts_on=day(typed, "starts_on"),
        ends_on=day(typed, "ends_on"),
        volumes=tuple(whole(typed, f"volume_{month}") or 0 for month in range(1, 13)),
    )


def _meeting(typed: Typed) -> MeetingFacts:
    times = (_instant(typed.get(f"time_{n}", "")) for n in (1, 2, 3))
    return MeetingFacts(
        times=tuple(each for each in times if each is not None),
        minutes=whole(typed, "minutes"),
        online=typed.get("online") == "1",
        place=typed.get("place", ""),
        note=typed.get("note", ""),
    )


def _instant(text: str) -> datetime | None:
    """A day and time as Vietnam's clocks show it."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=VIETNAM)
    except ValueError:
        return None
