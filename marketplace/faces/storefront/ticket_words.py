"""Tickets, scans and seats in words, the same on every page of visitors."""

from typing import Any

from flask_babel import lazy_gettext as _l

from marketplace.people.accounts.rules import show_phone
from marketplace.trade.visitors.models import ListKind, Outcome, TicketState, VisitorKind

KINDS = {
    VisitorKind.BUYER: _l("Khách tham quan, mua hàng"),
    VisitorKind.TRADE: _l("Mua cho cửa hàng, doanh nghiệp"),
    VisitorKind.PRESS: _l("Báo chí"),
}
STATES = {
    TicketState.VALID: (_l("Có hiệu lực"), "ok"),
    TicketState.UNPAID: (_l("Chưa trả tiền"), "warn"),
    TicketState.CANCELLED: (_l("Đã hủy"), "bad"),
}
OUTCOMES = {
    Outcome.OK: _l("Mời vào"),
    Outcome.DOUBLE: _l("Vé này đã vào rồi"),
    Outcome.FORGED: _l("Vé giả: chữ ký không phải của hội chợ"),
    Outcome.CANCELLED: _l("Vé đã hủy"),
    Outcome.UNPAID: _l("Vé chưa trả tiền"),
    Outcome.UNKNOWN: _l("Không có vé nào mang mã này"),
    Outcome.OUTSIDE_HOURS: _l("Ngoài giờ mở cửa"),
    Outcome.WRONG_EDITION: _l("Vé của hội chợ khác"),
}
LISTS = {ListKind.GATE: _l("Cổng, lối vào"), ListKind.SESSION: _l("Phòng, buổi")}


def ticket_words() -> dict[str, Any]:
    """What the templates of visitors call."""
    return {
        "kind_name": KINDS.__getitem__,
        "ticket_state": STATES.__getitem__,
        "outcome_name": OUTCOMES.__getitem__,
        "list_kind": LISTS.__getitem__,
        "show_phone": show_phone,
    }
