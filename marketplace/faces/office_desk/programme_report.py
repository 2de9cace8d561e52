"""The year as an official report, and all its figures as one table."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app
from flask_babel import gettext as _

from marketplace.faces.office_desk.programme_pages import year_asked
from marketplace.faces.office_desk.programme_sections import (
    annex,
    districts_section,
    effects_section,
    lapsing_section,
    sold_section,
    targets_section,
    told_apart,
)
from marketplace.faces.office_desk.programme_words import (
    EFFECTS,
    INDICATORS,
    home,
    lapse_month_words,
    unit_name,
)
from marketplace.office.programme.policies import SEE_PROGRAMME
from marketplace.office.programme.queries import YearProgress, progress_of
from marketplace.office.programme.register import lapsing_by_month
from marketplace.office.programme.sales import effects_of, sales_of
from marketplace.people.places.models import Level
from marketplace.platform.core.access import allow
from marketplace.platform.core.clock import day_of, now
from marketplace.platform.core.folding import fold
from marketplace.platform.media.models import FileKind
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.downloads import document_answer
from marketplace.platform.web.language import language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.spreadsheets import Cell, csv_answer, xlsx_answer
from marketplace.platform.web.templates import dmy, my

KINDS_OF_UNITS = ("tinh ", "thanh pho ")  # as folded

bp = Blueprint("office_programme_report", __name__, url_prefix="/office/programme")


@bp.get("/report.pdf")
@allow(SEE_PROGRAMME)
def paper() -> Response:
    """The official report, dated today; it takes some 60 ms and is made outside any write block."""
    year, on = year_asked(), day_of(now())
    return document_answer(report_pdf(year, on), f"bao-cao-ocop-{year}.pdf", FileKind.PDF)


@bp.get("/figures.<any(xlsx, csv):form>")
@allow(SEE_PROGRAMME)
def figures(form: str) -> Response:
    year = year_asked()
    heads = [_("Mục"), _("Chi tiết"), _("Đơn vị"), _("Số"), _("Đang xét"), _("Ít nhất"), _("Nhiều nhất")]
    heads += [_("Tiền hàng, đồng"), _("Các tháng trọn, đồng"), _("Cùng kỳ năm trước, đồng")]
    heads += [
        _("Trước, đồng mỗi tháng"),
        _("Sau, đồng mỗi tháng"),
        _("Thay đổi, từ"),
        _("Thay đổi, đến"),
        _("Để ngoài"),
    ]
    answer = xlsx_answer if form == "xlsx" else csv_answer
    made: Response = answer(f"chuong-trinh-{year}", heads, _cells(year, day_of(now())))
    return made


def report_pdf(year: int, on: date) -> bytes:
    """The report in the form of Decree 30/2020/NĐ-CP: state and motto, number, place and day, sections, signature."""
    by = current_actor()
    found = progress_of(year, by=by, home=home(by), on=on)
    sales = sales_of(year, by=by, on=on)
    sections = [
        targets_section(found),
        *([districts_section(found)] if found.districts else []),
        lapsing_section(on),
        sold_section(sales, found),
        effects_section(),
    ]
    site = current_app.config["SETTINGS"].site_name
    day = _("ngày %(day)d tháng %(month)d năm %(year)d", day=on.day, month=on.month, year=on.year)
    facts: dict[str, Any] = {
        "lang": language(),
        "site": _office(found),
        "state": [_("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), _("Độc lập – Tự do – Hạnh phúc")],
        "number": _("Số: …… /BC"),
        "dated": f"{_bare(found.home.province.name)}, {day}",
        "kind": _("BÁO CÁO"),
        "title": _("Kết quả thực hiện Chương trình OCOP năm %(year)d", year=year),
        "held": _("Số liệu đến ngày %(day)s", day=dmy(min(on, date(year, 12, 31)))),
        "addressed": _("Kính gửi: Ủy ban nhân dân %(name)s", name=_lowered(found.home.province.name)),
        "sections": [
            {"title": f"{numeral}. {title}", "lines": lines, "heads": heads, "rows": rows}
            for numeral, (title, lines, heads, rows) in zip(("I", "II", "III", "IV", "V"), sections, strict=False)
        ],
        "annex": annex(on),
        "to": [
            _("Nơi nhận:"),
            _("– Như trên;"),
            _("– Sở Nông nghiệp và Môi trường;"),
            _("– UBND các xã, phường;"),
            _("– Lưu: VT."),
        ],
        "signed": [_("NGƯỜI LẬP BÁO CÁO"), _("LÃNH ĐẠO ĐƠN VỊ")],
        "foot": _("Số liệu từ sổ của %(site)s đến ngày %(day)s.", site=site, day=dmy(on)),
    }
    return typeset("official-report", facts, kind="pdf")


def _office(found: YearProgress) -> str:
    unit = found.home.unit
    if unit.level is Level.PROVINCE:
        return str(_("VĂN PHÒNG ĐIỀU PHỐI OCOP"))
    if unit.level is Level.DISTRICT:  # its committee is no more; the report is of its land
        return str(_("Địa bàn %(name)s", name=_lowered(unit_name(unit))))
    return str(_("UBND %(name)s", name=_lowered(unit.name)))


def _lowered(name: str) -> str:
    return name[:1].lower() + name[1:]


def _bare(name: str) -> str:
    """A province's name without what kind of unit it is."""
    plain = fold(name)
    return next((name[len(kind) :] for kind in KINDS_OF_UNITS if plain.startswith(kind)), name)


def _cells(year: int, on: date) -> Iterator[list[Cell]]:
    """A row for each figure of the year, under the heads of `figures`."""
    by = current_actor()
    found = progress_of(year, by=by, home=home(by), on=on)
    for unit in (found.own, *found.districts):
        for row in unit.rows:
            said = [_("Mục tiêu"), str(INDICATORS[row.indicator]), unit_name(unit.unit)]
            yield _row(*said, row.done, row.more, row.least, row.most)
    for day, n in lapsing_by_month(by=by, on=on).items():
        yield _row(_("Giấy sắp hết hạn"), lapse_month_words(day, on), "", n)
    sales = sales_of(year, by=by, on=on)
    for how, label, sold in told_apart(sales, found):
        amounts = (sold.amount.amount, sold.whole.amount, sold.before.amount)
        yield _row(_("Hàng đã bán: %(how)s", how=how[:1].lower() + how[1:]), label, "", sold.lines, amounts=amounts)
    for day, amount in sales.months.items():
        yield _row(_("Hàng đã bán theo tháng"), my(day), "", None, amounts=(amount.amount,))
    for kind, change in effects_of(by=by).items():
        said = [_("Trước và sau"), str(EFFECTS[kind]), _("trung bình mỗi tháng")]
        means = (change.before, change.after) if change.products else (None, None)
        yield _row(*said, change.products, effect=(*means, change.low, change.high, change.left_out))


def _row(*first: Cell, amounts: tuple[Cell, ...] = (), effect: tuple[Cell, ...] = ()) -> list[Cell]:
    """Seven cells of what, how many and its target; three amounts; five of before and after."""
    parts = ((first, 7), (amounts, 3), (effect, 5))
    return [cell for cells, wide in parts for cell in (*cells, *[None] * (wide - len(cells)))]
