"""Evidence as a dated PDF and as a spreadsheet, in the reader's language."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from marketplace.office.evidence.distributors import Supplied
from marketplace.office.evidence.queries import Evidence, FairShown
from marketplace.platform.web.language import language
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.spreadsheets import Cell, xlsx_file
from marketplace.platform.web.templates import dmy, money, my


def evidence_pdf(evidence: Evidence, *, on: date) -> bytes:
    """The dated report; takes some 50 ms, so outside any write block."""
    settings, f = current_app.config["SETTINGS"], evidence.figures
    most = max((month.amount.amount for month in f.months), default=0) or 1
    facts: dict[str, Any] = {
        "lang": language(),
        "site": settings.site_name,
        "title": _("Bằng chứng thị trường của %(name)s", name=_named(evidence)),
        "maker": f"{evidence.producer.name} · {evidence.product.code}",
        "dated": _("Lập ngày %(day)s từ sổ bán hàng của chợ", day=dmy(on)),
        "period": _("Từ %(first)s đến %(last)s", first=dmy(f.first), last=dmy(f.last)),
        "facts": [[name, value] for name, value in _facts(evidence)],
        "months_title": _("Bán theo tháng"),
        "months": [[my(m.first), str(m.units), money(m.amount), m.amount.amount / most] for m in f.months],
        "months_heads": [_("Tháng"), _("Số lượng"), _("Tiền hàng"), ""],
        "places_title": _("Nơi hàng đã tới"),
        "places_heads": [_("Tỉnh, thành phố"), _("Đơn"), _("Tiền hàng")],
        "places": [[place.name, str(place.orders), money(place.amount)] for place in f.places],
        "nowhere": _("Chưa có đơn nào tới nơi trong thời gian này."),
        "fairs_title": _("Hội chợ đã tham gia với sản phẩm này"),
        "fairs_heads": [_("Hội chợ"), _("Ngày"), _("Gian"), _("Sản phẩm"), _("Doanh thu cả gian")],
        "fairs": [
            [fair_name(fair), fair_days(fair), fair.booth or "–", str(fair.products), money(fair.taken)]
            for fair in evidence.fairs
        ],
        "supplied_title": _("Nơi phân phối đã ký về sản phẩm này"),
        "supplied_heads": [_("Nơi phân phối"), _("Ký"), _("Đến"), _("Ghi nhớ"), _("Hợp đồng"), _("Đã giao")],
        "supplied": [
            [each.name, dmy(each.signed_on), dmy(each.runs_until), *_worth(each)] for each in evidence.supplied
        ],
        "criteria_title": _("Dùng cho tiêu chí nào"),
        "criteria": _criteria(evidence),
        "foot": _("Chỉ kể hàng đã tới tay người mua. Báo cáo không nêu tên ai."),
    }
    return typeset("evidence", facts, kind="pdf")


def evidence_xlsx(evidence: Evidence, *, on: date) -> bytes:
    """The same figures as a table: what, when or where, figure."""
    return xlsx_file([_("Mục"), _("Chi tiết"), _("Số"), _("Tiền hàng, đồng")], _rows(evidence, on))


def fair_name(fair: FairShown) -> str:
    """The fair's title in the reader's language."""
    return (fair.edition.title_en if language() == "en" else "") or fair.edition.title


def fair_days(fair: FairShown) -> str:
    """`18/12/2026`, or `18/12/2026 – 20/12/2026`."""
    first, last = dmy(fair.edition.first_day), dmy(fair.edition.last_day)
    return first if first == last else f"{first} – {last}"


def _named(evidence: Evidence) -> str:
    product = evidence.product
    return (product.name_en if language() == "en" else "") or product.name


def _worth(each: Supplied) -> tuple[str, str, str]:
    return money(each.values.memoranda), money(each.values.contracts), money(each.values.delivered)


def _facts(evidence: Evidence) -> list[tuple[str, str]]:
    f, story = evidence.figures, evidence.story
    site = current_app.config["SETTINGS"].site_url
    found = [
        (_("Đơn đã giao"), str(f.orders)),
        (_("Số lượng đã giao"), str(f.units)),
        (_("Tiền hàng"), money(f.amount)),
        (_("Năm trước đó"), money(f.before)),
        (
            _("Tăng trưởng"),
            _("chưa so được") if f.growth is None else _("%(growth)s phần trăm", growth=_decimal(str(f.growth))),
        ),
        (_("Người mua khác nhau"), str(f.buyers)),
        (_("Tỉnh, thành phố đã tới"), str(len(f.places))),
        (_("Xã, phường đã tới"), str(f.communes)),
    ]
    for certificate in evidence.certificates[:3]:
        score = f", {_decimal(str(certificate.score))}" if certificate.score is not None else ""
        words = _("%(n)d sao, cấp ngày %(day)s", n=certificate.stars, day=dmy(certificate.issued_on))
        found.append((_("Giấy %(code)s", code=certificate.code), words + score))
    if story is not None:
        found.append((_("Trang câu chuyện"), f"{site}/products/{story.slug}"))
        english = _("có tiếng Anh") if story.english else _("chưa có tiếng Anh")
        words = _("%(n)d ký tự, %(m)d ảnh", n=story.characters, m=story.pictures)
        found.append((_("Trên trang có"), f"{words}, {english}"))
    return found


def _grown(evidence: Evidence) -> str:
    growth = evidence.figures.growth
    return str(_("chưa so được") if growth is None else _("%(growth)s phần trăm", growth=_decimal(str(growth))))


def _criteria(evidence: Evidence) -> list[str]:
    """Which marketing criteria the figures speak for, in the words of QĐ 1048's sheet (domain: part B and 3.4)."""
    f, story = evidence.figures, evidence.story
    places = len(f.places)
    found = [
        _("Khu vực phân phối chính: hàng đã tới %(n)d tỉnh, thành phố.", n=places),
        _("Tổ chức phân phối: đơn hàng, kho và giao hàng quản lý bằng công nghệ thông tin trên chợ."),
    ]
    if f.growth is not None:
        grown = _decimal(str(f.growth))
        found.append(_("Tăng trưởng sản xuất kinh doanh: %(growth)s phần trăm so với năm trước.", growth=grown))
    if evidence.fairs:
        found.append(_("Xúc tiến thương mại: đã trưng bày tại %(n)d hội chợ.", n=len(evidence.fairs)))
    if evidence.supplied:
        found.append(_("Tổ chức phân phối: %(n)d nơi phân phối đã ký với nơi làm.", n=len(evidence.supplied)))
    if story is not None and story.published_on is not None:
        found.append(_("Quảng bá và câu chuyện sản phẩm: trang riêng mở từ %(day)s.", day=dmy(story.published_on)))
    return found


def _decimal(written: str) -> str:
    return written if language() == "en" else written.replace(".", ",")


def _rows(evidence: Evidence, on: date) -> Iterator[list[Cell]]:
    f = evidence.figures
    yield [_("Sản phẩm"), f"{evidence.product.code} {_named(evidence)}", None, None]
    yield [_("Lập ngày"), on.isoformat(), None, None]
    for name, value in _facts(evidence):
        yield [name, value, None, None]
    for month in f.months:
        yield [_("Bán theo tháng"), my(month.first), month.units, month.amount.amount]
    for place in f.places:
        yield [_("Nơi hàng đã tới"), place.name, place.orders, place.amount.amount]
    for fair in evidence.fairs:
        named = f"{fair_name(fair)}, {fair_days(fair)}"
        booth = _("%(name)s, gian %(label)s", name=named, label=fair.booth) if fair.booth else named
        yield [_("Hội chợ, số sản phẩm, doanh thu cả gian"), booth, fair.products, fair.taken.amount]
    for each in evidence.supplied:
        term = f"{each.name}, {dmy(each.signed_on)} – {dmy(each.runs_until)}"
        yield [_("Nơi phân phối: giá trị ghi nhớ"), term, None, each.values.memoranda.amount]
        yield [_("Nơi phân phối: giá trị hợp đồng"), term, None, each.values.contracts.amount]
        yield [_("Nơi phân phối: giá trị đã giao"), term, None, each.values.delivered.amount]
