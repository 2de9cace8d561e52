"""Gates in words, the same wherever they are shown: names, what would pass them, figures with their units."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _

from marketplace.faces.storefront.product_page import unit_name
from marketplace.faces.storefront.trade_words import (
    CRITERION_NAMES,
    STORAGE_NAMES,
    amount,
    fee_words,
    packagings_named,
    paper_title,
    set_name,
)
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import dmy, money
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.demands.models import Storage
from marketplace.trade.demands.rules import wanted_paper
from marketplace.trade.matching.gates import Evidence, GateCode

GATE_NAMES = {
    GateCode.CERTIFICATE: N_("Chứng nhận còn hiệu lực"),
    GateCode.SETS: N_("Bộ sản phẩm"),
    GateCode.BUYER_REFUSES: N_("Nơi phân phối không từ chối"),
    GateCode.PRODUCER_REFUSES: N_("Nơi làm không từ chối"),
    GateCode.SUPPLIES: N_("Chưa có hợp đồng với nhau"),
    GateCode.MET: N_("Chưa gặp trong nửa năm nay"),
    GateCode.REACH: N_("Trong tầm giao của nơi làm"),
    GateCode.SHELF_LIFE_LEFT: N_("Hạn còn lại khi nhận"),
    **{GateCode(criterion.value): name for criterion, name in CRITERION_NAMES.items()},
}
NEEDS = {
    GateCode.CERTIFICATE: N_("giữ chứng nhận OCOP còn hiệu lực"),
    GateCode.STARS: N_("thêm sao"),
    GateCode.INVOICE: N_("xuất được hóa đơn điện tử"),
    GateCode.BARCODE: N_("có mã vạch"),
    GateCode.TRACEABILITY: N_("có mã truy xuất nguồn gốc"),
    GateCode.VOLUME: N_("làm được nhiều hơn mỗi tháng"),
    GateCode.SEASON: N_("có hàng đủ các tháng cần"),
    GateCode.ORDER_SIZE: N_("nhận đơn nhỏ hơn"),
    GateCode.PRICE: N_("có giá sỉ thấp hơn"),
    GateCode.PACKAGING: N_("đóng gói như nơi mua cần"),
    GateCode.PLACES: N_("được nơi mua mở thêm vùng lấy hàng"),
    GateCode.STORAGE: N_("giữ được ở điều kiện nơi mua có"),
    GateCode.TRANSIT: N_("chịu được đường đi lâu hơn"),
    GateCode.REACH: N_("giao được xa hơn"),
    GateCode.SHELF_LIFE: N_("có hạn dùng dài hơn"),
    GateCode.SHELF_LIFE_LEFT: N_("đến nơi khi hạn còn dài hơn"),
    GateCode.LISTING_FEE: N_("chịu phí mở mã hàng, hoặc được miễn"),
    GateCode.DISCOUNT: N_("chiết khấu thêm"),
    GateCode.PAYMENT: N_("chờ được tiền lâu hơn"),
    GateCode.CONSIGNMENT: N_("nhận bán ký gửi"),
    GateCode.EXCLUSIVITY: N_("nhận bán độc quyền trong vùng"),
}


def gate_label(key: str) -> str:
    """A gate by its key: a paper by its own name."""
    code, _colon, subject = key.partition(":")
    return paper_title(subject) if subject else str(_(GATE_NAMES[GateCode(code)]))


def need_of(key: str) -> str:
    """What a producer would have to do to pass the gate with this key."""
    code, _colon, subject = key.partition(":")
    if subject:
        return str(_("có %(paper)s", paper=paper_title(subject)))
    return str(_(NEEDS[GateCode(code)]))


def paper_where(code: str) -> str:
    """Where a paper that a demand asks for may be had."""
    paper = wanted_paper(code)
    return paper.where_en if language() == "en" else paper.where


def figure(code: GateCode, value: Evidence, unit: Unit) -> str:
    """A figure of a gate with its unit, which is the demand's; nothing where nothing was said."""
    if value is None:
        return ""
    if isinstance(value, date):
        return dmy(value)
    if isinstance(value, Money):
        return fee_words(value) if code is GateCode.LISTING_FEE else f"{money(value)}/{unit_name(unit)}"
    if isinstance(value, str):
        return _named(code, value)
    write: dict[GateCode, Callable[[int], str]] = {
        GateCode.STARS: lambda n: str(_("%(n)d sao", n=n)),
        GateCode.VOLUME: lambda n: str(_("%(amount)s mỗi tháng", amount=amount(n, unit))),
        GateCode.ORDER_SIZE: lambda n: amount(n, unit),
        GateCode.SEASON: lambda n: str(_("%(n)d tháng", n=n)),
        GateCode.REACH: lambda n: f"{n} km",
        GateCode.SHELF_LIFE_LEFT: lambda n: f"{n}%",
        GateCode.DISCOUNT: lambda n: f"{n}%",
    }
    said = write.get(code)
    return said(value) if said else str(_("%(n)d ngày", n=value))


def _named(code: GateCode, value: str) -> str:
    if code is GateCode.SETS:
        return set_name(value)
    if code is GateCode.STORAGE:
        return ", ".join(_(STORAGE_NAMES[Storage(each)]) for each in value.split(","))
    return packagings_named(value.split(","))
