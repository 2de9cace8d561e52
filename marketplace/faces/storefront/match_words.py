"""Matches in words: each gate with what was asked and what there is, each part of a score, wishes; on every desk."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from marketplace.faces.storefront.gate_words import figure, gate_label, need_of, paper_where
from marketplace.faces.storefront.trade_words import trade_words
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import dmy
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.matching.gates import Gate, GateCode
from marketplace.trade.matching.pairing import Bracket, Match, Wish
from marketplace.trade.matching.score import Part

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


def told(match: Match, *, kept: GateCode | None = None) -> list[Told]:
    """The gates of a match in words, those that exclude first. `kept`: the refusal that the reader is not told of."""
    words = [_told(gate, match.demand.unit) for gate in match.gates if gate.code is not kept]
    return sorted(words, key=lambda each: (not each.gate.excludes, each.gate.passed))


def _told(gate: Gate, unit: Unit) -> Told:
    where = paper_where(gate.subject) if gate.subject and not gate.passed else ""
    asked = str(_("còn hiệu lực")) if gate.subject else figure(gate.code, gate.wanted, unit)
    return Told(gate_label(gate.key), asked, _there(gate, unit), gate, where)


def _there(gate: Gate, unit: Unit) -> str:
    if gate.there is None:
        if gate.wanted is None and not gate.subject:
            return str(_("có") if gate.passed else _("không"))
        return str(_("chưa ràng buộc") if gate.left_open else _("chưa khai") if not gate.subject else _("chưa có"))
    if gate.subject and isinstance(gate.there, date):
        return str(_("đến %(day)s", day=dmy(gate.there)) if gate.passed else _("hết hạn %(day)s", day=dmy(gate.there)))
    if gate.subject:
        return str(_("có"))
    return figure(gate.code, gate.there, unit)
