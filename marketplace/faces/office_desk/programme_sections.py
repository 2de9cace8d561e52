"""The sections of the year's report: heading, sentences, columns, rows."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from marketplace.faces.office_desk.programme_words import (
    EFFECTS,
    INDICATORS,
    LEADERS,
    SHORT,
    aim_words,
    behind_words,
    interval_words,
    lapse_month_words,
    number,
    percent_words,
    standing_words,
    unit_name,
)
from marketplace.faces.storefront.trade_words import set_name
from marketplace.office.programme.models import EffectKind
from marketplace.office.programme.queries import YearProgress
from marketplace.office.programme.register import Narrowed, lapsing_by_month, lapsing_rows
from marketplace.office.programme.rules import Change, Progress, growth, urgency
from marketplace.office.programme.sales import Sold, YearSales, as_of, effects_of, women_and_minority
from marketplace.people.producers.models import ProducerKind
from marketplace.people.producers.views import KINDS
from marketplace.platform.core.db import db
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.templates import dmy, local_time, money

Section = tuple[str, list[str], list[str], list[list[str]]]  # title, sentences, heads, rows; one cell is a sub-heading


def targets_section(found: YearProgress) -> Section:
    """What is behind, and how each indicator stands."""
    said = []
    if found.plan:
        day = dmy(found.plan.decided_on)
        said.append(_("Thực hiện %(number)s ngày %(day)s.", number=found.plan.decision_number, day=day))
    said += [
        f"{INDICATORS[row.indicator]}: {behind_words(row)}"
        for row in sorted((each for each in found.own.rows if each.behind), key=urgency)
    ]
    heads = [_("Chỉ tiêu"), _("Đã có"), _("Đang xét"), _("Mục tiêu"), _("Đánh giá")]
    rows = [
        [
            str(INDICATORS[row.indicator]),
            "–" if row.done is None else number(row.done),
            number(row.more) if row.more else "–",
            aim_words(row) or "–",
            standing_words(row),
        ]
        for row in found.own.rows
    ]
    return _("Mục tiêu của năm"), said, heads, rows


def districts_section(found: YearProgress) -> Section:
    """The same by former district."""
    heads = [_("Huyện, thành phố cũ"), *(str(SHORT[row.indicator]) for row in found.own.rows if row.done is not None)]
    rows = [
        [unit_name(each.unit), *(_of_aim(row) for row in each.rows if row.done is not None)] for each in found.districts
    ]
    return _("Theo huyện, thành phố cũ"), [_("Số đã có, và mục tiêu ở nơi có đặt.")], heads, rows


def _of_aim(row: Progress) -> str:
    done = number(row.done or 0)
    return f"{done} / {aim_words(row)}" if row.least is not None else done


def lapsing_section(on: date) -> Section:
    """Certificates that end soon."""
    months = lapsing_by_month(by=current_actor(), on=on)
    said = [_("%(n)d giấy hết hạn trong sáu tháng tới; danh sách ở phụ lục.", n=sum(months.values()))]
    return (
        _("Giấy sắp hết hạn"),
        said,
        [_("Tháng"), _("Số giấy")],
        [[lapse_month_words(day, on), str(n)] for day, n in months.items()],
    )


def sold_section(sales: YearSales, found: YearProgress) -> Section:
    """What sold."""
    count = as_of()
    said = [
        _("Chỉ kể hàng đã tới tay người mua, theo ngày đặt, theo giá bán chưa trừ phiếu giảm giá."),
        _("Tiền hàng từ đầu năm: %(amount)s.", amount=money(sales.total.amount)),
    ]
    if sales.months_compared:
        said.append(_compared(sales))
    if count:
        said.append(_("Sổ bán hàng tính đến %(when)s.", when=local_time(count.as_of)))
    heads = [_("Theo"), _("Tiền hàng"), _("Các tháng trọn"), _("Cùng kỳ"), _("Tăng, giảm")]
    rows = []
    for by, group in groupby(told_apart(sales, found), key=lambda each: each[0]):
        rows += [[by], *(_sold_row(label, sold) for _by, label, sold in group)]
    return _("Tiêu thụ trên chợ"), said, heads, rows


def _compared(sales: YearSales) -> str:
    change = growth(sales.total.whole.amount, sales.total.before.amount)
    return str(
        _(
            "%(n)d tháng trọn: %(now)s, cùng kỳ năm trước %(before)s (%(change)s).",
            n=sales.months_compared,
            now=money(sales.total.whole),
            before=money(sales.total.before),
            change=percent_words(change),
        )
    )


def told_apart(sales: YearSales, found: YearProgress) -> Iterator[tuple[str, str, Sold]]:
    """Sales told apart by what, of what: district, set, kind, and who leads; by district where these are seen whole."""
    names = {str(unit.id): unit_name(unit) for unit in found.home.districts}
    of_districts = sales.by["district"].items() if names else ()
    for key, sold in sorted(of_districts, key=lambda each: -each[1].amount.amount):
        yield _("Theo huyện, thành phố cũ"), names.get(key, _("nơi khác")), sold
    for key, sold in sorted(sales.by["set"].items(), key=lambda each: -each[1].amount.amount):
        yield _("Theo bộ sản phẩm"), set_name(key), sold
    for key, sold in sorted(sales.by["kind"].items(), key=lambda each: -each[1].amount.amount):
        yield _("Theo loại hình"), str(KINDS[ProducerKind(key)]), sold
    for key, sold in women_and_minority(sales.by["led"]).items():
        yield _("Theo người đứng đầu"), str(LEADERS[key]), sold


def _sold_row(label: str, sold: Sold) -> list[str]:
    change = percent_words(growth(sold.whole.amount, sold.before.amount))
    return [label, money(sold.amount), money(sold.whole), money(sold.before), change]


def effects_section() -> Section:
    """Before and after."""
    said = [
        _("Cùng sản phẩm, cùng các tháng lịch, trước và sau; chỉ lấy sản phẩm so được từ ba tháng trở lên."),
        _("Khoảng tin cậy 95 phần trăm; đây là so sánh, chưa phải bằng chứng về nguyên nhân."),
    ]
    heads = [_("Việc"), _("Sản phẩm"), _("Để ngoài"), _("Trước, mỗi tháng"), _("Sau, mỗi tháng")]
    rows = [_effect_row(kind, change) for kind, change in effects_of(by=current_actor()).items()]
    return _("Trước và sau công nhận, nâng sao"), said, [*heads, _("Thay đổi, khoảng tin cậy")], rows


def _effect_row(kind: EffectKind, change: Change) -> list[str]:
    first = [str(EFFECTS[kind]), str(change.products), str(change.left_out)]
    if not change.products:
        return [*first, "–", "–", _("chưa đủ số liệu")]
    return [*first, money(change.before), money(change.after), interval_words(change)]


def annex(on: date) -> dict[str, Any]:
    """Every certificate that lapses within six months."""
    rows = db.session.scalars(lapsing_rows(by=current_actor(), on=on, narrowed=Narrowed()).limit(500))
    return {
        "title": _("Phụ lục: giấy hết hạn trong sáu tháng tới"),
        "heads": [_("Sản phẩm"), _("Nơi làm"), _("Sao"), _("Hết hạn")],
        "rows": [[row.product.name, row.product.producer.name, str(row.stars), dmy(row.expires_on)] for row in rows],
    }
