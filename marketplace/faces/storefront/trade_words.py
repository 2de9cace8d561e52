"""Demands and offers in words, the same on every desk."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from marketplace.faces.storefront.product_page import season_ranges, unit_name
from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.places.queries import list_units
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import NBSP, dmy, money
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.rules import Packaging, Unit, packaging_names
from marketplace.trade.demands.models import Criterion, Demand, Storage
from marketplace.trade.demands.rules import wanted_paper
from marketplace.trade.distributors.rules import KIND_NAMES, country_name

STORAGE_NAMES = {
    Storage.AMBIENT: N_("nhiệt độ thường"),
    Storage.COOL: N_("mát, 0 đến 8 độ"),
    Storage.FROZEN: N_("đông lạnh, từ -18 độ"),
}
CRITERION_NAMES = {
    Criterion.STARS: N_("Số sao"),
    Criterion.PAPERS: N_("Giấy cần có"),
    Criterion.INVOICE: N_("Hóa đơn điện tử"),
    Criterion.BARCODE: N_("Mã vạch"),
    Criterion.TRACEABILITY: N_("Truy xuất nguồn gốc"),
    Criterion.VOLUME: N_("Lượng mỗi tháng"),
    Criterion.PRICE: N_("Giá trần"),
    Criterion.ORDER_SIZE: N_("Mỗi lần đặt"),
    Criterion.PACKAGING: N_("Đóng gói"),
    Criterion.PLACES: N_("Lấy hàng từ"),
    Criterion.STORAGE: N_("Giữ hàng"),
    Criterion.TRANSIT: N_("Hàng đi đường"),
    Criterion.SHELF_LIFE: N_("Hạn dùng"),
    Criterion.LISTING_FEE: N_("Phí mở mã hàng"),
    Criterion.DISCOUNT: N_("Chiết khấu"),
    Criterion.PAYMENT: N_("Trả tiền sau"),
    Criterion.CONSIGNMENT: N_("Ký gửi"),
    Criterion.SEASON: N_("Mùa cần hàng"),
    Criterion.EXCLUSIVITY: N_("Độc quyền"),
}


@dataclass(frozen=True)
class Ask:
    """One thing that a demand asks, in words; `hard`: an offer that misses it is excluded."""

    criterion: Criterion
    label: str
    words: str
    hard: bool


def trade_words() -> dict[str, Any]:
    """What templates of trade call."""
    return {
        "set_name": set_name,
        "amount": amount,
        "unit_name": unit_name,
        "kind_name": lambda kind: _(KIND_NAMES[kind]),
        "country": lambda code: country_name(code, language()),
        "asks_of": asks_of,
        "span_words": span_words,
        "volume_words": volume_words,
    }


def _in_language(names: tuple[str, str]) -> str:
    return names[1] if language() == "en" else names[0]


def set_name(code: str) -> str:
    """A product set in short."""
    known = product_set(code)
    return _in_language((known.short, known.short_en))


def paper_title(code: str) -> str:
    """A paper that demands ask for."""
    paper = wanted_paper(code)
    return _in_language((paper.name, paper.name_en))


def number(figure: int) -> str:
    """A whole number as it is written: 1.200, in English 1,200."""
    written = f"{figure:,}"
    return written if language() == "en" else written.replace(",", ".")


def amount(figure: int, unit: Unit) -> str:
    """`1.200 kg`; no break inside."""
    return f"{number(figure)}{NBSP}{unit_name(unit)}"


def volume_words(demand: Demand) -> str:
    """How much is wanted a month."""
    if demand.volume_until is None:
        return str(_("từ %(a)s", a=amount(demand.volume_from, demand.unit)))
    if demand.volume_until == demand.volume_from:
        return amount(demand.volume_from, demand.unit)
    return str(_("%(a)s đến %(b)s", a=number(demand.volume_from), b=amount(demand.volume_until, demand.unit)))


def span_words(start: date, end: date | None) -> str:
    """From when to when it is wanted."""
    return str(_("từ %(a)s đến %(b)s", a=dmy(start), b=dmy(end)) if end else _("từ %(a)s", a=dmy(start)))


def places_named(demands: Iterable[Demand]) -> dict[str, str]:
    """The names of the places that these demands would source from, by their marks: one query."""
    return marks_named({mark for demand in demands for mark in demand.places})


def marks_named(marks: Collection[str]) -> dict[str, str]:
    """The names of the places with these marks, in the order of places: one query, none without marks."""
    return {f"{unit.system}:{unit.code}": _place(unit) for unit in list_units(marks)} if marks else {}


def _place(unit: AdministrativeUnit) -> str:
    return str(_("%(name)s (cũ)", name=unit.name)) if unit.level is Level.DISTRICT else unit.name


def asks_of(demand: Demand, places: Mapping[str, str]) -> list[Ask]:
    """Everything a demand asks, in words, in the form's order. `places`: of `places_named`."""
    return [
        Ask(criterion, _(CRITERION_NAMES[criterion]), words, demand.insists(criterion))
        for criterion, words in _said(demand, places).items()
        if words
    ]


def _said(demand: Demand, places: Mapping[str, str]) -> dict[Criterion, str]:
    yes = _("có")
    optional: dict[Criterion, tuple[Any, Callable[[Any], str]]] = {
        Criterion.PRICE: (demand.price_ceiling, lambda dong: f"{money(dong)}/{unit_name(demand.unit)}"),
        Criterion.ORDER_SIZE: (demand.order_size, lambda size: amount(size, demand.unit)),
        Criterion.TRANSIT: (demand.transit_days, _days),
        Criterion.LISTING_FEE: (demand.listing_fee, fee_words),
        Criterion.DISCOUNT: (demand.discount, lambda percent: f"{percent}%"),
        Criterion.PAYMENT: (demand.payment_days, _days),
    }
    said = {
        Criterion.STARS: _("từ %(n)d sao", n=demand.least_stars),
        Criterion.PAPERS: ", ".join(paper_title(code) for code in demand.papers),
        Criterion.INVOICE: yes if demand.invoice else "",
        Criterion.BARCODE: yes if demand.barcode else "",
        Criterion.TRACEABILITY: yes if demand.traceability else "",
        Criterion.VOLUME: volume_words(demand),
        Criterion.PACKAGING: packagings_named(demand.packagings),
        Criterion.PLACES: ", ".join(places.get(mark, mark) for mark in demand.places),
        Criterion.STORAGE: ", ".join(_(STORAGE_NAMES[Storage(code)]) for code in demand.storages),
        Criterion.SHELF_LIFE: _life(demand),
        Criterion.CONSIGNMENT: _("trả tiền theo hàng đã bán") if demand.consignment else "",
        Criterion.SEASON: season_ranges(demand.months) if demand.season else _("quanh năm"),
        Criterion.EXCLUSIVITY: _("trong vùng bán của nơi này") if demand.exclusive else "",
    }
    said |= {each: way(value) if value is not None else "" for each, (value, way) in optional.items()}
    return {criterion: said[criterion] for criterion in Criterion}


def packagings_named(codes: Iterable[str]) -> str:
    """Kinds of packaging by their names."""
    return ", ".join(_in_language(packaging_names(Packaging(code))) for code in codes)


def fee_words(fee: Money) -> str:
    """A fee; none is said as such."""
    return money(fee) if fee else _("không thu")


def _days(days: int) -> str:
    return str(_("%(n)d ngày", n=days))


def _life(demand: Demand) -> str:
    parts = []
    if demand.shelf_life_days is not None:
        parts.append(_("từ %(n)d ngày", n=demand.shelf_life_days))
    if demand.shelf_life_left is not None:
        parts.append(_("khi nhận còn ít nhất %(n)d%%", n=demand.shelf_life_left))
    return ", ".join(parts)
