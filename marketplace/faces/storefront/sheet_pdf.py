"""Product sheets and catalogues as tagged PDFs, in the reader's language; made outside any write block."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.faces.storefront.sheet import headings, named, place_of, sheet_facts, sheet_files
from marketplace.platform.web.printing import typeset
from marketplace.platform.web.templates import dmy
from marketplace.trade.export.queries import Goods


def sheet_pdf(goods: Goods, *, on: date) -> bytes:
    """One page of one wholesale offer; some 60 ms."""
    facts = {**headings(on), "title": _("Tờ giới thiệu %(name)s", name=named(goods)), "goods": sheet_facts(goods)}
    return typeset("sheet", facts, kind="pdf", files=sheet_files(goods, ""))


def catalogue_pdf(chosen: Sequence[Goods], *, title: str, on: date) -> bytes:
    """A cover, the contents and a page for each; some 40 ms a product, so hand in no more than `MOST_AT_ONCE`."""
    files: dict[str, str] = {}
    for index, goods in enumerate(chosen):
        files |= sheet_files(goods, str(index))
    facts = {
        **headings(on),
        "title": title,
        "subtitle": ngettext("%(num)d sản phẩm OCOP có bán sỉ", "%(num)d sản phẩm OCOP có bán sỉ", len(chosen)),
        "dated": _("Số liệu ngày %(day)s", day=dmy(on)),
        "contents": _("Mục lục"),
        "rows": [[named(goods), f"{goods.facts.producer_name}, {place_of(goods)}"] for goods in chosen],
        "goods": [sheet_facts(goods) for goods in chosen],
    }
    return typeset("catalogue", facts, kind="pdf", files=files)
