"""Campaigns in words: states, answers, stages, reasons; times of slots; on every desk."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import dmy
from marketplace.trade.campaigns.models import Answer, CampaignKind, CampaignSlot, CampaignState, MeetingState, RunState
from marketplace.trade.campaigns.models import Side as MeetingSide
from marketplace.trade.timetables.timetable import Method, Reason, Stage

STATES = {
    CampaignState.DRAFT: ("line", N_("nháp"), "pencil"),
    CampaignState.OPEN: ("warn", N_("đang nhận trả lời"), "clock"),
    CampaignState.PUBLISHED: ("ok", N_("đã công bố lịch"), "calendar"),
    CampaignState.RUNNING: ("ok", N_("đang diễn ra"), "users"),
    CampaignState.CLOSED: ("line", N_("đã kết thúc"), "check"),
    CampaignState.CANCELLED: ("bad", N_("đã hủy"), "ban"),
}
ANSWERS = {
    Answer.INVITED: ("line", N_("chưa trả lời"), "clock"),
    Answer.COMING: ("ok", N_("sẽ đến"), "check"),
    Answer.DECLINED: ("bad", N_("không đến"), "x"),
    Answer.WITHDRAWN: ("bad", N_("đã rút"), "undo-2"),
}
MEETINGS = {
    MeetingState.TENTATIVE: ("warn", N_("chờ chốt"), "clock"),
    MeetingState.CONFIRMED: ("ok", N_("hai bên đã chốt"), "check"),
    MeetingState.HELD: ("ok", N_("đã gặp"), "handshake"),
    MeetingState.NO_SHOW: ("bad", N_("có bên vắng"), "ban"),
    MeetingState.CANCELLED: ("bad", N_("đã hủy"), "x"),
}
RUNS = {
    RunState.ASKED: ("warn", N_("chờ máy xếp"), "clock"),
    RunState.RUNNING: ("warn", N_("đang xếp"), "clock"),
    RunState.DONE: ("ok", N_("xong, chưa công bố"), "check"),
    RunState.STOPPED: ("line", N_("đã dừng"), "ban"),
    RunState.FAILED: ("bad", N_("không xếp được"), "triangle-alert"),
    RunState.PUBLISHED: ("ok", N_("đã công bố"), "calendar"),
}
STAGES = {
    Stage.WHO: N_("chọn ai gặp ai"),
    Stage.WHEN: N_("xếp vào lượt"),
    Stage.ONE_STAGE: N_("xếp ai và lượt cùng lúc"),
    Stage.FALLBACK: N_("xếp lần lượt từng lượt"),
    Stage.COMFORT: N_("bớt giờ chờ"),
    Stage.TABLES: N_("xếp bàn"),
    Stage.CHECKING: N_("soát lại mọi điều"),
}
METHODS = {
    Method.TWO_STAGES: N_("hai bước: ai gặp ai, rồi lượt nào"),
    Method.ONE_STAGE: N_("một bước"),
    Method.GREEDY_FALLBACK: N_("lần lượt từng lượt"),
}
REASONS = {
    Reason.NOT_AVAILABLE: N_("có mặt ở ít lượt hơn số cuộc cần"),
    Reason.NO_PARTNERS: N_("ít nơi mua hợp hơn số cuộc cần"),
    Reason.NO_COMMON_SLOT: N_("nơi mua hợp không có mặt cùng lượt"),
    Reason.PARTNERS_FULL: N_("nơi mua hợp đã đủ số cuộc"),
    Reason.NO_ROOM: N_("hết bàn ở các lượt cả hai rảnh"),
    Reason.CLASHES: N_("các lượt rảnh không trùng nhau"),
}
KINDS = {CampaignKind.ON_SITE: N_("gặp tại chỗ"), CampaignKind.ONLINE: N_("gặp trực tuyến")}


def campaign_words() -> dict[str, Any]:
    """What templates that show campaigns call."""
    return {
        "campaign_state": lambda state: _mark(STATES[state]),
        "answer_of": lambda answer: _mark(ANSWERS[answer]),
        "meeting_state": lambda state: _mark(MEETINGS[state]),
        "run_mark": lambda state: _mark(RUNS[state]),
        "stage_name": lambda stage: _(STAGES[Stage(stage)]) if stage else "",
        "method_name": lambda method: _(METHODS[method]),
        "short_reason": lambda reason: _(REASONS[reason]),
        "campaign_kind": lambda kind: _(KINDS[kind]),
        "slot_words": slot_words,
        "clock": clock,
        "days_words": days_words,
        "percent": percent,
        "sides": MeetingSide,
    }


def _mark(words: tuple[str, str, str]) -> tuple[str, str, str]:
    return words[0], _(words[1]), words[2]


def clock(at: datetime) -> str:
    """`08:25`, Vietnam's time."""
    return f"{at.astimezone(VIETNAM):%H:%M}"


def slot_words(slot: CampaignSlot) -> str:
    """`08:00–08:20, 12/12/2026`."""
    return f"{clock(slot.starts_at)}–{clock(slot.ends_at)}, {dmy(slot.starts_at)}"


def days_words(slots: list[CampaignSlot]) -> str:
    """The day or days of a campaign."""
    first, last = dmy(slots[0].starts_at), dmy(slots[-1].starts_at)
    return first if first == last else f"{first}–{last}"


def percent(share: float) -> str:
    """A share in percent with two decimals: `0,53%`."""
    written = f"{share * 100:.2f}%"
    return written if language() == "en" else written.replace(".", ",")
