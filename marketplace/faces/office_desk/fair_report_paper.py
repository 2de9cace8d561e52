"""A fair's report in the form of an official paper, and as a table of figures."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from marketplace.faces.storefront.fair_words import days_of
from marketplace.faces.storefront.trade_words import set_name
from marketplace.people.producers.views import KINDS
from marketplace.platform.web.language import language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.spreadsheets import Cell
from marketplace.platform.web.templates import dmy, money
from marketplace.trade.fair_reports.rules import FairReport, Opinion
from marketplace.trade.fairs.models import BudgetLine, Edition


def decimal(value: Decimal | None) -> str:
    """`4,5` in Vietnamese, `4.5` in English; a dash for nothing."""
    if value is None:
        return "–"
    return str(value) if language() == "en" else str(value).replace(".", ",")


def _named(edition: Edition) -> str:
    return (edition.title_en if language() == "en" else "") or edition.title


def report_pdf(report: FairReport, budget: Sequence[BudgetLine], *, on: date) -> bytes:
    """The report as a tagged PDF in the reader's language; takes some 50 ms, so outside any write block."""
    site = current_app.config["SETTINGS"].site_name
    parts = (_scale, _visitors, _money, _trade, _budget, _opinions)
    facts: dict[str, Any] = {
        "lang": language(),
        "site": site,
        "state": [_("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), _("Độc lập – Tự do – Hạnh phúc")],
        "number": _("Số: …… /BC"),
        "dated": _("ngày %(day)d tháng %(month)d năm %(year)d", day=on.day, month=on.month, year=on.year),
        "kind": _("BÁO CÁO"),
        "title": _("Kết quả tổ chức %(name)s", name=_named(report.edition)),
        "held": _("%(days)s, tại %(venue)s", days=days_of(report.edition), venue=report.edition.venue),
        "sections": [
            {"title": f"{numeral}. {title}", "lines": lines, "heads": heads, "rows": rows}
            for numeral, (title, lines, heads, rows) in zip(
                ("I", "II", "III", "IV", "V", "VI"), (part(report, budget) for part in parts), strict=True
            )
        ],
        "annex": _annex(report),
        "to": [_("Nơi nhận:"), _("– Như trên;"), _("– Lưu: VT.")],
        "signed": [_("NGƯỜI LẬP BÁO CÁO"), _("LÃNH ĐẠO ĐƠN VỊ")],
        "foot": _("Số liệu từ sổ của %(site)s đến ngày %(day)s.", site=site, day=dmy(on)),
    }
    return typeset("official-report", facts, kind="pdf")


Section = tuple[str, list[str], list[str], list[list[str]]]


def _scale(report: FairReport, _lines: Sequence[BudgetLine]) -> Section:
    said = [
        _(
            "%(n)d gian hàng tham gia; %(absent)d đã xác nhận nhưng không đến.",
            n=len(report.exhibitors),
            absent=len(report.no_shows),
        ),
        _("%(n)d sản phẩm của %(m)d bộ sản phẩm được trưng bày.", n=report.products, m=len(report.sets)),
    ]
    rows = [[_("Xã, phường: %(name)s", name=name), str(count)] for name, count in report.places]
    rows += [[_("Loại hình: %(name)s", name=KINDS[kind]), str(count)] for kind, count in report.kinds.items()]
    rows += [[_("Bộ sản phẩm: %(name)s", name=set_name(code)), str(count)] for code, count in report.sets]
    return _("Quy mô"), said, [_("Theo"), _("Số lượng")], rows


def _visitors(report: FairReport, _lines: Sequence[BudgetLine]) -> Section:
    said = [_("%(n)d khách khác nhau qua cổng có soát vé.", n=report.visitors)]
    rows = [[dmy(day), str(count)] for day, count in report.visits_by_day.items()]
    return _("Khách tham quan"), said, [_("Ngày"), _("Lượt khách")], rows


def _money(report: FairReport, _lines: Sequence[BudgetLine]) -> Section:
    said = [
        _("Doanh thu tại gian: %(amount)s.", amount=money(report.taken)),
        _("%(n)d đơn bắt đầu từ gian hàng, tiền hàng %(amount)s.", n=report.orders, amount=money(report.ordered)),
    ]
    rows = [[dmy(day), money(amount)] for day, amount in report.days.items()]
    return _("Doanh thu"), said, [_("Ngày"), _("Doanh thu tại gian")], rows


def _trade(report: FairReport, _lines: Sequence[BudgetLine]) -> Section:
    said = [
        _("%(n)d cuộc gặp giao thương; %(m)d khách được gian hàng ghi lại.", n=report.meetings, m=report.leads),
        _("Bản ghi nhớ và hợp đồng là hai con số riêng, không cộng vào nhau."),
    ]
    rows = [
        [_("Bản ghi nhớ"), str(report.memoranda.count), money(report.memoranda.value)],
        [_("Hợp đồng"), str(report.contracts.count), money(report.contracts.value)],
    ]
    return _("Kết nối giao thương"), said, [_("Đã ký"), _("Số lượng"), _("Giá trị")], rows


def _budget(report: FairReport, lines: Sequence[BudgetLine]) -> Section:
    said = [_("Dự toán %(planned)s, đã chi %(spent)s.", planned=money(report.planned), spent=money(report.spent))]
    rows = [[line.what, money(line.planned), money(line.spent)] for line in lines]
    return _("Kinh phí"), said, [_("Khoản"), _("Dự toán"), _("Đã chi")], rows


def _opinions(report: FairReport, _lines: Sequence[BudgetLine]) -> Section:
    rows = [[name, str(opinion.answers), decimal(opinion.average)] for name, opinion in _sides(report)]
    return _("Mức hài lòng"), [], [_("Ai"), _("Số ý kiến"), _("Trung bình trên 5 sao")], rows


def _sides(report: FairReport) -> tuple[tuple[str, Opinion], ...]:
    return (_("Gian hàng"), report.by_exhibitors), (_("Khách"), report.by_visitors)


def _annex(report: FairReport) -> dict[str, Any]:
    return {
        "title": _("Phụ lục: từng gian hàng"),
        "heads": [_("Gian hàng"), _("Xã, phường"), _("Sản phẩm"), _("Doanh thu"), _("Đơn"), _("Khách ghi lại")],
        "rows": [
            [
                part.application.producer.name,
                part.application.producer.commune.name,
                str(part.products),
                money(part.taken),
                str(part.orders),
                str(part.leads),
            ]
            for part in report.exhibitors
        ],
    }


def report_heads() -> list[str]:
    """The columns of the table."""
    return [_("Mục"), _("Chi tiết"), _("Số"), _("Tiền, đồng")]


def report_cells(report: FairReport, budget: Sequence[BudgetLine]) -> Iterator[list[Cell]]:
    """The same figures as a table: what, where or when, figure, money."""
    yield [_("Hội chợ"), _named(report.edition), None, None]
    yield [_("Gian hàng"), "", len(report.exhibitors), None]
    yield [_("Đã xác nhận, không đến"), "", len(report.no_shows), None]
    for name, count in report.places:
        yield [_("Gian hàng theo xã, phường"), name, count, None]
    for kind, count in report.kinds.items():
        yield [_("Gian hàng theo loại hình"), str(KINDS[kind]), count, None]
    yield [_("Sản phẩm trưng bày"), "", report.products, None]
    for code, count in report.sets:
        yield [_("Sản phẩm theo bộ"), set_name(code), count, None]
    yield [_("Khách khác nhau"), "", report.visitors, None]
    for (day, hour), count in report.visits.items():
        yield [_("Lượt khách theo ngày, giờ"), f"{dmy(day)}, {hour}:00", count, None]
    for day, amount in report.days.items():
        yield [_("Doanh thu theo ngày"), dmy(day), None, amount.amount]
    for part in report.exhibitors:
        name = part.application.producer.name
        yield [_("Doanh thu theo gian hàng"), name, None, part.taken.amount]
        yield [_("Đơn từ gian hàng"), name, part.orders, part.ordered.amount]
        yield [_("Khách gian hàng ghi lại"), name, part.leads, None]
    yield [_("Bản ghi nhớ đã ký"), "", report.memoranda.count, report.memoranda.value.amount]
    yield [_("Hợp đồng đã ký"), "", report.contracts.count, report.contracts.value.amount]
    yield [_("Cuộc gặp giao thương"), "", report.meetings, None]
    for line in budget:
        yield [_("Dự toán"), line.what, None, line.planned.amount]
        yield [_("Đã chi"), line.what, None, line.spent.amount]
    for side, opinion in _sides(report):
        for stars, count in sorted(opinion.given.items()):
            yield [_("Ý kiến, %(n)d sao", n=stars), side, count, None]
