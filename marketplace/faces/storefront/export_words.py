"""Export readiness in words, the same on the producer's desk and the office's."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from marketplace.people.papers.kinds import paper_kind
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.shop.catalog.label_fields import FIELDS
from marketplace.trade.export.rules import PAPER, Checked, Line, LineKind, Market, Need

KIND_NAMES = {
    LineKind.REGISTRATION: N_("Đăng ký cơ sở"),
    LineKind.STANDARD: N_("Tiêu chuẩn, giấy tờ"),
    LineKind.LABEL: N_("Nhãn"),
    LineKind.SHIPMENT: N_("Theo lô, do nơi nhập"),
}
OTHERS = {"name_en": N_("Tên tiếng Anh"), "net_quantity": N_("Lượng tịnh")}
NOT_ON_LABEL = frozenset(OTHERS)


@dataclass(frozen=True)
class Lacking:
    """What is not there, and the page where it is given."""

    words: str
    path: str


def export_words() -> dict[str, Any]:
    """What templates of export call."""
    return {
        "market_name": market_name,
        "line_name": line_name,
        "line_where": line_where,
        "law": law,
        "kind_of": lambda line: _(KIND_NAMES[line.kind]),
        "lacking": lacking,
    }


def market_name(market: Market) -> str:
    """A market in the reader's language."""
    return market.name_en if language() == "en" else market.name


def line_name(line: Line) -> str:
    """What a line asks."""
    return line.name_en if language() == "en" else line.name


def line_where(line: Line) -> str:
    """Where to get it."""
    return line.where_en if language() == "en" else line.where


def law(line: Line) -> str:
    """The law that asks it."""
    return line.source.law_en if language() == "en" else line.source.law


def lacking(checked: Checked, slug: str) -> list[Lacking]:
    """Everything that a line still needs of a listing."""
    return [Lacking(_words(need), _path(need, slug)) for need in checked.lacking]


def _words(need: Need) -> str:
    if need.kind == PAPER:
        return str(_(" hoặc ")).join(_kinds(need.codes))
    (code,) = need.codes
    if code in OTHERS:
        return str(_(OTHERS[code]))
    field = FIELDS[code.removesuffix("_en")]
    name = str(_("Hạn dùng")) if field.code == "shelf_life_days" else str(_(field.label))
    return str(_("%(name)s, bằng tiếng Anh", name=name)) if code.endswith("_en") else name


def _kinds(codes: Iterable[str]) -> list[str]:
    kinds = [paper_kind(code) for code in codes]
    return [kind.name_en if language() == "en" else kind.name for kind in kinds]


def _path(need: Need, slug: str) -> str:
    if need.kind == PAPER:
        return "/producer/papers"
    return f"/producer/listings/{slug}" + ("" if need.codes[0] in NOT_ON_LABEL else "/label")
