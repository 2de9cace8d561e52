"""Matches in words: each gate with what was asked and what there is, each part of a score, wishes; on every desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from marketplace.faces.storefront.trade_words import (
    CRITERION_NAMES,
    STORAGE_NAMES,
    amount,
    fee_words,
    paper_title,
    set_name,
    trade_words,
)
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import dmy, money
from marketplace.shop.catalog.rules import Packaging, Unit, packaging_names
from marketplace.trade.demands.models import Storage
from marketplace.trade.demands.rules import wanted_paper
from marketplace.trade.matching.gates import Evidence, Gate, GateCode
from marketplace.trade.matching.pairing import Bracket, Match, Wish
from marketplace.trade.matching.score import Part

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
PART_NAMES = {
    Part.STARS: N_("Số sao hơn mức cần"),
    Part.VOLUME: N_("Đủ lượng"),
    Part.PRICE: N_("Giá so với mức trần"),
    Part.WISHES: N_("Điều ưu tiên có được"),
    Part.MORE_PAPERS: N_("Giấy chất lượng thêm"),
    Part.NEARNESS: N_("Gần"),
    Part.RELIABILITY: N_("Giao hàng đúng hẹn"),
    Part.NOVELTY: N_("Mới với nhau"),
    Part.USE: N_("Dùng bao nhiêu sức làm"),
    Part.MARGIN: N_("Giá trần so với giá bán"),
    Part.CREDIT: N_("Trả tiền sớm"),
    Part.DISCOUNT: N_("Chiết khấu thấp"),
    Part.CHANNEL: N_("Kênh bán mong muốn"),
    Part.ORDER_SIZE: N_("Cỡ mỗi lần đặt"),
    Part.FOLLOW_THROUGH: N_("Nơi mua đi đến cùng"),
}
BRACKET_NAMES = {
    Bracket.INFERRED: N_("chưa ai nói mong gặp"),
    Bracket.ONE_SIDED: N_("một bên muốn gặp"),
    Bracket.MUTUAL: N_("hai bên muốn gặp"),
    Bracket.MUST_AND_MEET: N_("một bên nhất định gặp, bên kia muốn gặp"),
    Bracket.MUTUAL_MUST: N_("hai bên nhất định gặp"),
}
WISH_NAMES = {Wish.MUST: N_("Nhất định gặp"), Wish.MEET: N_("Muốn gặp"), Wish.NO: N_("Không gặp")}
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


@dataclass(frozen=True)
class Told:
    """A gate in words. `where`: where what is missing may be had, if that is known."""

    label: str
    asked: str
    there: str
    gate: Gate
    where: str = ""


def match_words() -> dict[str, Any]:
    """What templates that show matches call."""
    return {
        **trade_words(),
        "told": told,
        "part_name": lambda part: _(PART_NAMES[part]),
        "bracket_name": lambda bracket: _(BRACKET_NAMES[bracket]),
        "wish_names": {wish.value: _(name) for wish, name in WISH_NAMES.items()},
        "points": points,
        "gate_label": gate_label,
        "need_of": need_of,
    }


def points(hundredths: int) -> str:
    """`72,50` of hundredths of a point; in English `72.50`."""
    written = f"{hundredths // 100}.{hundredths % 100:02}"
    return written if language() == "en" else written.replace(".", ",")


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


def told(match: Match) -> list[Told]:
    """The gates of a match in words, those that exclude first."""
    words = [_told(gate, match.demand.unit) for gate in match.gates]
    return sorted(words, key=lambda each: (not each.gate.excludes, each.gate.passed))


def _told(gate: Gate, unit: Unit) -> Told:
    where = ""
    if gate.subject and not gate.passed:
        paper = wanted_paper(gate.subject)
        where = paper.where_en if language() == "en" else paper.where
    asked = str(_("còn hiệu lực")) if gate.subject else _figure(gate, gate.wanted, unit)
    return Told(gate_label(gate.key), asked, _there(gate, unit), gate, where)


def _there(gate: Gate, unit: Unit) -> str:
    if gate.there is None:
        open_to_talk = gate.code in TERMS and gate.passed
        if gate.wanted is None and not gate.subject:
            return str(_("có") if gate.passed else _("không"))
        return str(_("chưa ràng buộc") if open_to_talk else _("chưa khai") if not gate.subject else _("chưa có"))
    if gate.subject and isinstance(gate.there, date):
        return str(_("đến %(day)s", day=dmy(gate.there)) if gate.passed else _("hết hạn %(day)s", day=dmy(gate.there)))
    if gate.subject:
        return str(_("có"))
    return _figure(gate, gate.there, unit)


TERMS = frozenset({GateCode.LISTING_FEE, GateCode.DISCOUNT, GateCode.PAYMENT, GateCode.TRANSIT})


def _figure(gate: Gate, value: Evidence, unit: Unit) -> str:
    """A figure of a gate with its unit."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return fee_words(value) if gate.code is GateCode.LISTING_FEE else money(value)
    if isinstance(value, date):
        return dmy(value)
    if isinstance(value, str):
        return _codes(gate.code, value)
    write: dict[GateCode, Callable[[int], str]] = {
        GateCode.STARS: lambda n: str(_("%(n)d sao", n=n)),
        GateCode.VOLUME: lambda n: amount(n, unit),
        GateCode.ORDER_SIZE: lambda n: amount(n, unit),
        GateCode.SEASON: lambda n: str(_("%(n)d tháng", n=n)),
        GateCode.REACH: lambda n: f"{n} km",
        GateCode.SHELF_LIFE_LEFT: lambda n: f"{n}%",
        GateCode.DISCOUNT: lambda n: f"{n}%",
    }
    said = write.get(gate.code)
    return said(value) if said else str(_("%(n)d ngày", n=value))


def _codes(code: GateCode, value: str) -> str:
    if code is GateCode.SETS:
        return set_name(value)
    if code is GateCode.STORAGE:
        return ", ".join(_(STORAGE_NAMES[Storage(each)]) for each in value.split(","))
    names = [packaging_names(Packaging(each)) for each in value.split(",")]
    return ", ".join(pair[1] if language() == "en" else pair[0] for pair in names)
