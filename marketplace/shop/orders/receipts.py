"""An order on paper: a tagged PDF in the reader's language."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from marketplace.people.accounts.rules import show_phone
from marketplace.platform.web.language import language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.templates import local_time, money
from marketplace.shop.orders.models import NOTHING, Order, OrderPart


def receipt(order: Order) -> bytes:
    """The PDF of an order with its parts and lines; takes some 20 ms, so outside any write block."""
    english = language() == "en"
    settings = current_app.config["SETTINGS"]
    facts = {
        "lang": language(),
        "site": settings.site_name,
        "address": f"{settings.site_url}/orders/{order.number}",
        "title": _("Phiếu đặt hàng %(number)s", number=order.number),
        "placed": _("Đặt lúc %(at)s", at=local_time(order.placed_at)),
        "to": [
            _("Giao tới"),
            f"{order.recipient}, {show_phone(order.phone)}",
            f"{order.street}, {order.commune_name}, {order.province_name}",
        ],
        "invoice": _invoice(order),
        "heads": [_("Món"), _("Số lượng"), _("Đơn giá"), _("Thành tiền")],
        "parts": [_part(part, english) for part in order.parts],
        "totals": [
            [_("Tiền hàng"), money(order.goods_total)],
            [_("Giao hàng"), money(order.shipping_total)],
            *([f"{use.name} ({use.code})", f"−{money(use.amount)}"] for use in order.vouchers),
            [_("Tổng cộng"), money(order.total)],
            *([[_("Đã trả khi nhận"), money(order.collected)]] if order.collected.amount else []),
        ],
        "due": _due(order),
        "foot": _(
            "Phiếu này không phải hóa đơn thuế. Tra giấy chứng nhận của từng món tại %(at)s.", at=settings.site_url
        ),
    }
    return typeset("receipt", facts, kind="pdf")


def _due(order: Order) -> list[str]:
    if not order.prepaid:
        return [_("Còn phải trả khi nhận"), money(order.due)]
    return [_("Đã trả trước"), money(order.total if order.paid_at else NOTHING)]


def _invoice(order: Order) -> list[str]:
    if order.invoice_name is None:
        return []
    code = _("Mã số thuế %(code)s", code=order.invoice_tax_code)
    return [_("Xuất hóa đơn cho"), order.invoice_name, code, order.invoice_address or ""]


def _part(part: OrderPart, english: bool) -> dict[str, Any]:
    return {
        "producer": part.producer_name,
        "costs": [
            [_("Giao hàng"), money(part.shipping_total)],
            *([[_("Nơi bán giảm"), f"−{money(part.own_discount)}"]] if part.own_discount else []),
            *([[_("Tỉnh hỗ trợ"), f"−{money(part.gift)}"]] if part.gift else []),
        ],
        "lines": [
            [
                (line.name_en if english else "") or line.name,
                (line.label_en if english else "") or line.label,
                _("OCOP %(n)d sao, giấy %(code)s", n=line.stars, code=line.certificate_code),
                str(line.quantity),
                money(line.unit_price),
                money(line.line_total),
            ]
            for line in part.lines
        ],
    }
