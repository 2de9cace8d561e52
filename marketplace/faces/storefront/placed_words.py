"""Places, audiences, kinds and hindrances in words; the parts of a score."""

from typing import Any

from flask_babel import gettext as _

from marketplace.platform.core.words import N_
from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import find_group, product_set
from marketplace.trade.collections.models import CollectionKind
from marketplace.trade.promotion.models import Audience, Place, Placement
from marketplace.trade.promotion.rules import MOST

PLACES = {
    Place.HOME_BANNER: N_("Biển đầu trang chủ"),
    Place.FEATURED_ROW: N_("Hàng giới thiệu"),
    Place.SEASONAL: N_("Đang mùa"),
    Place.CATEGORY_HEAD: N_("Đầu nhóm hàng"),
    Place.PRODUCER_OF_WEEK: N_("Nơi làm của tuần"),
    Place.GIFT_BASKETS: N_("Giỏ quà"),
}
AUDIENCES = {
    Audience.BOTH: N_("mọi người đọc"),
    Audience.VI: N_("người đọc tiếng Việt"),
    Audience.EN: N_("người đọc tiếng Anh"),
}
KINDS = {
    CollectionKind.THEME: N_("Bộ sưu tập"),
    CollectionKind.BASKET: N_("Giỏ quà"),
    CollectionKind.SEASON: N_("Chiến dịch mùa"),
}
HINDRANCES = {
    "not_public": N_("không còn công khai: chứng nhận hết hạn hay thu hồi, trang tạm nghỉ"),
    "sold_out": N_("tạm hết hàng"),
    "hidden": N_("bộ sưu tập đã ẩn"),
    "empty": N_("không còn đủ món công khai"),
    "out_of_days": N_("chiến dịch chưa tới ngày hoặc đã kết thúc"),
}
PARTS = {
    "stars": N_("số sao"),
    "newness": N_("mới đăng"),
    "stock": N_("còn hàng"),
    "district": N_("vùng ít được thấy"),
    "sales": N_("bán chạy"),
}


def placed_words() -> dict[str, Any]:
    """What templates about the shop window call."""
    return {
        "place_name": lambda place: _(PLACES[place]),
        "audience_name": lambda audience: _(AUDIENCES[audience]),
        "kind_name": lambda kind: _(KINDS[kind]),
        "hindrance_words": lambda why: _(HINDRANCES[str(why)]),
        "part_name": lambda part: _(PARTS[part]),
        "part_most": MOST,
        "target_name": target_name,
        "category_name": category_name,
    }


def target_name(placement: Placement) -> str:
    """What kind of thing a placement shows."""
    if placement.listing_id is not None:
        return str(_("Sản phẩm"))
    return str(_(KINDS[placement.collection.kind])) if placement.collection is not None else str(_("Nơi làm"))


def category_name(slug: str) -> str:
    """A category in the reader's language."""
    english, group = language() == "en", find_group(slug)
    if group is not None:
        return group.name_en if english else group.name
    known = product_set(slug)
    return known.short_en if english else known.short
