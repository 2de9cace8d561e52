"""Exhibiting in words: states of applications, what a product lacks, decisions, fees, what was done."""

from fractions import Fraction
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import fair_words
from marketplace.people.papers.kinds import paper_kind
from marketplace.people.papers.models import Paper
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.trade.exhibitors.models import ApplicationState, BoothWish, Decision, FeeMethod
from marketplace.trade.exhibitors.rules import LACKS, Lack

STATES = {
    ApplicationState.DRAFT: ("line", N_("bản nháp"), "pencil"),
    ApplicationState.SUBMITTED: ("warn", N_("đã nộp"), "clock"),
    ApplicationState.WAITING: ("warn", N_("trong danh sách chờ"), "clock"),
    ApplicationState.REJECTED: ("bad", N_("không được chọn"), "x"),
    ApplicationState.OFFERED: ("warn", N_("được mời, chờ trả lời"), "mail"),
    ApplicationState.CONFIRMED: ("ok", N_("đã nhận gian"), "check"),
    ApplicationState.DECLINED: ("bad", N_("từ chối lời mời"), "x"),
    ApplicationState.LAPSED: ("bad", N_("lời mời quá hạn"), "clock"),
    ApplicationState.WITHDRAWN: ("line", N_("đã rút"), "undo-2"),
    ApplicationState.CANCELLED: ("bad", N_("bị hủy"), "ban"),
    ApplicationState.NO_SHOW: ("bad", N_("không đến"), "ban"),
}
NEXT = {
    ApplicationState.DRAFT: N_("Điền tiếp rồi nộp trước hạn."),
    ApplicationState.SUBMITTED: N_("Chờ văn phòng tỉnh chọn. Trước hạn nộp, bạn còn lấy lại để sửa được."),
    ApplicationState.WAITING: N_("Khi có người thôi, bạn được mời theo thứ tự; thư sẽ báo."),
    ApplicationState.REJECTED: N_("Xem lý do; lần sau bạn đăng ký lại được."),
    ApplicationState.OFFERED: N_("Trả lời trước hạn, nếu không chỗ sang người chờ."),
    ApplicationState.CONFIRMED: N_("Chuẩn bị hàng và người; gian của bạn hiện ở đây khi được công bố."),
    ApplicationState.DECLINED: N_("Bạn đã từ chối lời mời."),
    ApplicationState.LAPSED: N_("Lời mời đã quá hạn nên chỗ chuyển cho người chờ."),
    ApplicationState.WITHDRAWN: N_("Bạn đã rút. Còn hạn nộp thì đăng ký lại được."),
    ApplicationState.CANCELLED: N_("Đơn đã bị hủy; xem lý do."),
    ApplicationState.NO_SHOW: N_("Bạn đã nhận gian mà không đến."),
}
DECISIONS = {Decision.OFFER: N_("Mời"), Decision.WAIT: N_("Cho chờ"), Decision.REJECT: N_("Không chọn")}
METHODS = {FeeMethod.CASH: N_("Tiền mặt"), FeeMethod.TRANSFER: N_("Chuyển khoản")}
ACTS = {
    "started": N_("Bắt đầu đơn"),
    "saved": N_("Lưu nháp"),
    "draft": N_("Lấy lại để sửa"),
    "submitted": N_("Nộp đơn"),
    "scored": N_("Chấm điểm"),
    "pending": N_("Ghi ý định"),
    "offered": N_("Mời nhận gian"),
    "waiting": N_("Đưa vào danh sách chờ"),
    "rejected": N_("Không chọn"),
    "confirmed": N_("Nhận gian"),
    "declined": N_("Từ chối lời mời"),
    "lapsed": N_("Lời mời quá hạn"),
    "withdrawn": N_("Rút đơn"),
    "cancelled": N_("Hủy đơn"),
    "no_show": N_("Ghi là không đến"),
    "paid": N_("Ghi phí đã nộp"),
    "refunded": N_("Ghi phí đã trả lại"),
    "waived": N_("Miễn phí gian hàng"),
}


def state_words(state: ApplicationState) -> tuple[str, str, str]:
    """The kind of a state's mark, its name, its sign."""
    kind, name, sign = STATES[state]
    return kind, _(name), sign


def lack_words(lack: Lack) -> str:
    """What a product lacks, as a sentence."""
    return str(_(LACKS[lack]))


def score_words(score: Fraction | None) -> str:
    """A score with at most two places, or a dash."""
    return "–" if score is None else str(format_decimal(float(score), format="0.##"))


def wish_words(wish: BoothWish) -> str:
    """A zone's name, or a booth's label."""
    if wish.booth is not None:
        return str(_("gian %(label)s", label=wish.booth.label))
    return wish.zone.name if wish.zone is not None else ""


def shown_paper(paper: Paper) -> str:
    """A paper's title, or the name of its kind."""
    kind = paper_kind(paper.kind)
    return paper.title or (kind.name_en if language() == "en" else kind.name)


def act_words(action: str) -> str:
    """What was done to an application, from the trail's action."""
    return str(_(ACTS[action.removeprefix("exhibitor.")]))


def exhibitor_words() -> dict[str, Any]:
    """What the templates of exhibiting call."""
    return {
        **fair_words(),
        "application_state": state_words,
        "next_thing": lambda state: _(NEXT[state]),
        "lack_words": lack_words,
        "score_words": score_words,
        "wish_words": wish_words,
        "shown_paper": shown_paper,
        "act_words": act_words,
        "decision_name": lambda decision: _(DECISIONS[decision]),
        "method_name": lambda method: _(METHODS[method]),
    }
