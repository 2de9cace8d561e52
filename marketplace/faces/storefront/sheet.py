"""What a product sheet says of a wholesale offer, in the reader's language, and the pictures it shows."""

from base64 import b64encode
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.faces.storefront.findable import address, site
from marketplace.faces.storefront.label import label_rows
from marketplace.faces.storefront.product_page import unit_name
from marketplace.faces.storefront.record import drawn_stars
from marketplace.faces.storefront.stamp import signed_address
from marketplace.faces.storefront.trade_words import STORAGE_NAMES, amount, number, set_name
from marketplace.people.papers.kinds import paper_kind
from marketplace.platform.core.money import Money
from marketplace.platform.media.rules import jpeg_path
from marketplace.platform.media.stores import NoSuchFile, media_store
from marketplace.platform.web.language import language
from marketplace.platform.web.qr import picture
from marketplace.platform.web.templates import dmy, money
from marketplace.shop.art.rules import draw
from marketplace.shop.catalog.models import Variant
from marketplace.trade.export.queries import Goods
from marketplace.trade.offers.facts import OfferFacts
from marketplace.trade.offers.rules import content_of, price_of_one

ON_SHEET = (
    "origin",
    "ingredients",
    "allergens",
    "ethanol",
    "shelf_life_days",
    "storage",
    "usage",
    "warnings",
    "material",
)
SHOWN_PAPERS = frozenset(  # what buyers ask for; all else in the vault is between the producer and the office
    [
        "business_registration",
        "food_safety",
        "food_commitment",
        "quality_declaration",
        "test_report",
        "barcode_trace_ip",
        "haccp",
        "iso_22000",
        "vietgap",
        "organic",
        "halal",
        "quality_system",
        "environment",
        "gacc_registration",
        "fda_registration",
        "mfds_registration",
    ]
)
SIDE = 640


def named(goods: Goods) -> str:
    """The goods' name: English where the reader wants it and it exists."""
    return (goods.listing.name_en if language() == "en" else "") or goods.listing.name


def place_of(goods: Goods) -> str:
    """The maker's commune and province."""
    commune = goods.listing.product.producer.commune
    return commune.name + (f", {commune.parent.name}" if commune.parent else "")


def sheet_facts(goods: Goods) -> dict[str, Any]:
    """Everything one sheet says, as the template reads it; introduction and note only in the reader's own language."""
    facts, listing, certificate = goods.facts, goods.listing, goods.certificate
    label = label_rows(listing, goods.variants)
    return {
        "name": named(goods),
        "set": set_name(facts.set_code),
        "maker": facts.producer_name,
        "place": place_of(goods),
        "summary": listing.summary_en if language() == "en" else listing.summary,
        "stars_words": _("%(n)d trên 5 sao", n=certificate.stars),
        "code": certificate.code,
        "until": _("Chứng nhận OCOP đến hết ngày %(day)s", day=dmy(certificate.expires_on)),
        "qr_words": _("Mã QR dẫn tới trang tra giấy %(code)s", code=certificate.code),
        "verify": f"{site()}/verify/{certificate.code}",
        "address": address(f"/products/{listing.slug}", language()),
        "shown_address": f"{site()}/products/{listing.slug}",
        "label": [[row.name, "".join(text for text, _strong in row.pieces)] for row in label if row.code in ON_SHEET],
        "packs": [_pack(variant) for variant in goods.variants],
        "tiers": _tiers(goods),
        "terms": _terms(facts),
        "months": _months(facts),
        "papers": _papers(facts),
        "note": facts.note_en if language() == "en" else facts.note,
    }


def headings(on: date) -> dict[str, Any]:
    """The words around the facts, the same on every sheet."""
    return {
        "lang": language(),
        "site": current_app.config["SETTINGS"].site_name,
        "heads": {
            "label": _("Trên nhãn"),
            "packs": _("Quy cách"),
            "tiers": _("Giá sỉ"),
            "tier_heads": [_("Từ số gói"), _("Giá một gói"), _("Giá một đơn vị")],
            "terms": _("Điều kiện giao hàng"),
            "months": _("Còn nhận được mỗi tháng"),
            "papers": _("Giấy tờ còn hạn"),
            "no_papers": _("Chưa có giấy nào trong tủ giấy tờ."),
            "verify": _("Quét mã để xem chứng nhận hôm nay."),
        },
        "as_of": _("Số liệu ngày %(day)s.", day=dmy(on)),
        "foot": _(
            "Số liệu ngày %(day)s, từ %(at)s. Giá và điều kiện bán sỉ chỉ dành cho nơi nhận tờ này; "
            "nơi làm xác nhận khi báo giá.",
            day=dmy(on),
            at=site(),
        ),
    }


def sheet_files(goods: Goods, mark: str) -> dict[str, str]:
    """Stars, signed QR and picture as SVG texts, by names that end with `mark`."""
    qr = picture(signed_address(goods.certificate), "svg").decode()
    return {f"stars{mark}": drawn_stars(goods.certificate.stars), f"qr{mark}": qr, f"picture{mark}": _picture(goods)}


def _picture(goods: Goods) -> str:
    """The cover's JPEG inside an SVG; the drawing where there is no photograph, or its file is gone."""
    if goods.listing.cover:
        try:
            data = media_store().get(jpeg_path(goods.listing.cover).removeprefix("/media/"))
        except NoSuchFile:
            pass
        else:
            href = f"data:image/jpeg;base64,{b64encode(data).decode()}"
            size = f'viewBox="0 0 {SIDE} {SIDE}"'
            image = f'<image width="{SIDE}" height="{SIDE}" href="{href}"/>'
            return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>'
    return draw(goods.facts.set_code, goods.listing.art_seed)


def _pack(variant: Variant) -> list[str]:
    label = (variant.label_en if language() == "en" else "") or variant.label
    weight = _("cả bao bì %(n)s g", n=number(variant.weight_g)) if variant.weight_g else ""
    return [label, weight, money(variant.price)]


def _tiers(goods: Goods) -> list[list[str]]:
    """A row for the retail price and one for each tier, least quantity first."""
    facts = goods.facts
    steps = [(1, facts.retail), *((tier.from_quantity, tier.price) for tier in facts.tiers)]
    return [[number(quantity), money(price), _each(facts, price)] for quantity, price in steps]


def _each(facts: OfferFacts, price: Money) -> str:
    """What one of the offer's unit costs in packs at that price, rounded to the dong."""
    content = content_of(facts.net_quantity, facts.net_unit, facts.unit)
    one = price_of_one(price, content)
    return f"{money(round(one))}/{unit_name(facts.unit)}" if one is not None else "–"


def _terms(facts: OfferFacts) -> list[list[str]]:
    rows = [
        [_("Đơn ít nhất"), amount(facts.least_order, facts.unit)],
        [_("Giao sau khi đặt"), ngettext("%(num)d ngày", "%(num)d ngày", facts.lead_days)],
        [_("Giữ hàng"), _(STORAGE_NAMES[facts.storage])],
    ]
    if facts.max_transit_days is not None:
        rows.append([_("Đi đường nhiều nhất"), ngettext("%(num)d ngày", "%(num)d ngày", facts.max_transit_days)])
    if facts.back_on is not None:
        rows.append([_("Bán lại từ"), dmy(facts.back_on)])
    if facts.barcode:
        rows.append([_("Mã vạch"), facts.barcode])
    if facts.traceability:
        rows.append([_("Truy xuất nguồn gốc"), _("có mã trên bao bì")])
    if facts.invoice:
        rows.append([_("Hóa đơn điện tử"), _("có")])
    return rows


def _months(facts: OfferFacts) -> dict[str, Any]:
    free = [facts.free_in(month) for month in range(1, 13)]
    most = max(free) or 1
    return {
        "unit": unit_name(facts.unit),
        "bars": [[str(month), number(figure), figure / most] for month, figure in enumerate(free, 1)],
    }


def _papers(facts: OfferFacts) -> list[list[str]]:
    """Name, number and last day of each paper in force that is no person's own."""
    rows = []
    for paper in facts.papers:
        kind = paper_kind(paper.kind)
        if paper.kind not in SHOWN_PAPERS:
            continue
        until = _("đến %(day)s", day=dmy(paper.valid_until)) if paper.valid_until else ""
        rows.append([kind.name_en if language() == "en" else kind.name, paper.number, until])
    return rows
