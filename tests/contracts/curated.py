"""The shop window for the table of access and the table of costs."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import transaction
from marketplace.shop.catalog.models import Variant
from marketplace.trade.collections.models import CollectionKind
from marketplace.trade.collections.services import set_parts
from marketplace.trade.promotion.models import Place, Target
from tests.builders import BY, make_voucher
from tests.conftest import TODAY
from tests.curating import make_collection, make_placement, slug_of

BASE = "POST /office/featured"
DAYS = {"first_day": TODAY.isoformat(), "last_day": TODAY.isoformat(), "audience": "both", "reason": "Vào mùa"}
CURATED_TYPED: Mapping[str, Mapping[str, str | list[str]]] = {
    f"{BASE}/new": {**DAYS, "place": "home_banner", "category": "", "target": "/products/{listing}"},
    f"{BASE}/{{window}}": DAYS,
    f"{BASE}/order": {"code": ["{window}"]},
    f"{BASE}/collections/new": {"kind": "theme", "title": "Vị núi"},
    f"{BASE}/collections/{{bag}}": {"title": "Vị rừng"},
    f"{BASE}/collections/{{bag}}/items": {"listing": "/products/{listing}", "quantity": "2"},
    f"{BASE}/collections/{{bag}}/order": {"code": ["{listing}"]},
    f"{BASE}/collections/{{season}}/parts": {"part": ["{bag}"], "voucher": []},
}


def curated(variant: Variant, at: datetime) -> dict[str, str]:
    """A placement, a gift basket, a season and a draft, of a product on sale."""
    spot = make_placement(slug_of(variant), at=at)
    bag = make_collection((variant, 1), at=at, kind=CollectionKind.BASKET, title="Giỏ Tết")
    season = make_collection((variant, 1), at=at, kind=CollectionKind.SEASON, title="Tết 2027")
    draft = make_collection(at=at, title="Nháp")
    return {
        "window": spot.code,
        "bag": bag.code,
        "bagpage": bag.slug,
        "season": season.code,
        "seasonpage": season.slug,
        "draftpage": draft.slug,
    }


def grow_curated(going_on: Mapping[str, str], own: Variant, maker: Producer, at: datetime, name: str) -> dict[str, str]:
    """One more of everything that stands in the shop window."""
    theme = make_collection((own, 1), at=at, title=f"Vị núi {name}")
    bag = make_collection((own, 1), at=at, kind=CollectionKind.BASKET, title=f"Giỏ {name}")
    season = make_collection((own, 1), at=at, kind=CollectionKind.SEASON, title=f"Mùa {name}")
    code = going_on.get("season", season.code)
    parts = [*(going_on["parts"].split(",") if "parts" in going_on else []), theme.code]
    codes = [*(going_on["codes"].split(",") if "codes" in going_on else []), f"{name}MUA".upper()]
    make_voucher(codes[-1], at=at)
    with transaction():
        set_parts(code=code, parts=parts, vouchers=codes, by=BY, at=at)
    spot = make_placement(slug_of(own), at=at)
    make_placement(slug_of(own), at=at, place=Place.HOME_BANNER)
    make_placement(slug_of(own), at=at, place=Place.CATEGORY_HEAD, category="mien-bun-banh")
    make_placement(theme.slug, at=at, place=Place.SEASONAL, target=Target.COLLECTION)
    make_placement(bag.slug, at=at, place=Place.GIFT_BASKETS, target=Target.BASKET)
    its_week = at + timedelta(days=30 * (len(codes) - 1))  # the same stands once in a place and day
    make_placement(maker.slug, at=its_week, place=Place.PRODUCER_OF_WEEK, target=Target.PRODUCER)
    return {
        "season": code,
        "seasonpage": going_on.get("seasonpage", season.slug),
        "parts": ",".join(parts),
        "codes": ",".join(codes),
        "bag": bag.code,
        "bagpage": bag.slug,
        "window": spot.code,
    }
