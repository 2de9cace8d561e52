"""Deals in words, the same on every desk."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from marketplace.faces.storefront.product_page import unit_name
from marketplace.faces.storefront.trade_words import trade_words
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.trade.deals.models import (
    Appointment,
    Deal,
    EventKind,
    MeetingState,
    Origin,
    Quotation,
    QuoteState,
    Side,
    Stage,
)
from marketplace.trade.deals.queries import name_of
from marketplace.trade.deals.queries.meetings import is_waiting_meeting
from marketplace.trade.demands.rules import DEMAND_UNITS

STAGE_NAMES = {
    Stage.ENQUIRY: N_("Hỏi mua"),
    Stage.REQUESTED: N_("Xin báo giá"),
    Stage.QUOTED: N_("Đã báo giá"),
    Stage.AGREED: N_("Đồng ý giá"),
    Stage.SAMPLE: N_("Gửi mẫu"),
    Stage.MEMORANDUM: N_("Ghi nhớ"),
    Stage.CONTRACT: N_("Hợp đồng"),
    Stage.DELIVERING: N_("Giao lần đầu"),
    Stage.REPEATING: N_("Mua lại"),
    Stage.ENDED: N_("Kết thúc"),
}
EVENT_NAMES = {
    EventKind.OPENED: N_("mở thương vụ"),
    EventKind.MESSAGE: N_("viết"),
    EventKind.REQUESTED: N_("xin báo giá"),
    EventKind.QUOTED: N_("gửi báo giá"),
    EventKind.COUNTERED: N_("trả giá"),
    EventKind.ACCEPTED: N_("đồng ý báo giá"),
    EventKind.DECLINED: N_("không nhận báo giá"),
    EventKind.FILE: N_("gửi tệp"),
    EventKind.MEETING: N_("hẹn gặp"),
    EventKind.SAMPLE: N_("hàng mẫu"),
    EventKind.MEMORANDUM: N_("biên bản ghi nhớ"),
    EventKind.CONTRACT: N_("hợp đồng"),
    EventKind.CONTRACT_ENDED: N_("kết thúc hợp đồng"),
    EventKind.ORDERED: N_("đặt đơn sỉ"),
    EventKind.DELIVERED: N_("giao hàng"),
    EventKind.CHARGE: N_("nhận phụ trách"),
    EventKind.NOTE: N_("ghi chú của văn phòng"),
    EventKind.REMINDED: N_("nhắc bên đang được chờ"),
    EventKind.ENDED: N_("kết thúc thương vụ"),
}
ORIGIN_NAMES = {
    Origin.ENQUIRY: N_("hỏi từ trang sản phẩm hoặc gợi ý"),
    Origin.DEMAND: N_("nơi làm chào theo nhu cầu"),
    Origin.MEETING: N_("từ một cuộc gặp"),
    Origin.OFFICER: N_("văn phòng OCOP giới thiệu"),
}


def deal_words() -> dict[str, Any]:
    """What templates of deals call."""
    return {
        **trade_words(),
        "stage_name": lambda stage: _(STAGE_NAMES[stage]),
        "event_name": lambda kind: _(EVENT_NAMES[kind]),
        "origin_name": lambda origin: _(ORIGIN_NAMES[origin]),
        "deal_title": deal_title,
        "party": party,
        "quote_state": quote_state,
        "sides": Side,
        "waits_to_meet": is_waiting_meeting,
        "meeting_state": meeting_state,
        "request_units": DEMAND_UNITS,
        "unit_name": unit_name,
    }


def deal_title(deal: Deal) -> str:
    """What a deal is about."""
    if deal.listing is not None:
        english = language() == "en" and deal.listing.name_en
        return deal.listing.name_en if english else deal.listing.name
    return deal.demand.title if deal.demand is not None else str(_("Thương vụ %(code)s", code=deal.code))


def party(deal: Deal, side: Side) -> str:
    """A side by its name."""
    return str(_("Văn phòng OCOP")) if side is Side.OFFICE else name_of(deal, side)


def quote_state(quote: Quotation, today: date) -> tuple[str, str, str]:
    """A version's state as a tag: its kind, its words, its sign."""
    if quote.lapsed(today):
        return "line", str(_("hết hạn")), "clock"
    return {
        QuoteState.SENT: ("warn", str(_("chờ trả lời")), "clock"),
        QuoteState.SUPERSEDED: ("line", str(_("đã có bản sau")), "undo-2"),
        QuoteState.ACCEPTED: ("ok", str(_("đã đồng ý")), "check"),
        QuoteState.DECLINED: ("bad", str(_("không nhận")), "x"),
    }[quote.state]


def meeting_state(row: Appointment, at: datetime) -> tuple[str, str, str]:
    """An appointment's state as a tag: its kind, its words, its sign."""
    if row.state is MeetingState.PROPOSED and not is_waiting_meeting(row, at):
        return "line", str(_("quá 7 ngày không trả lời")), "clock"
    return {
        MeetingState.PROPOSED: ("warn", str(_("chờ trả lời")), "clock"),
        MeetingState.ACCEPTED: ("ok", str(_("đã nhận lời")), "check"),
        MeetingState.DECLINED: ("bad", str(_("không gặp được")), "x"),
        MeetingState.COUNTERED: ("line", str(_("đã đề nghị giờ khác")), "undo-2"),
        MeetingState.CANCELLED: ("line", str(_("đã hủy")), "ban"),
        MeetingState.HELD: ("ok", str(_("đã gặp")), "check"),
        MeetingState.BUYER_ABSENT: ("bad", str(_("nơi mua vắng mặt")), "ban"),
        MeetingState.PRODUCER_ABSENT: ("bad", str(_("nơi làm vắng mặt")), "ban"),
    }[row.state]
