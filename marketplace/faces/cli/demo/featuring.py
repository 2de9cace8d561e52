"""The shop window: collections with stories, gift baskets, a season with a voucher, what is placed and was seen."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from marketplace.people.accounts.queries import find_user
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.folding import slugify
from marketplace.platform.core.money import Money
from marketplace.shop.pricing.totals import VoucherKind
from marketplace.shop.vouchers.services import VoucherFacts, give_voucher
from marketplace.trade.collections.models import CollectionKind
from marketplace.trade.collections.queries import get_collection
from marketplace.trade.collections.services import (
    CollectionFacts,
    add_item,
    set_parts,
    show_collection,
    write_collection,
)
from marketplace.trade.promotion.models import Audience, Place, Placement, PlacementDay, Target
from marketplace.trade.promotion.services import Schedule, place_target

BEGUN = 21  # days ago
TEA = ("Chè Shan tuyết Tân Phong một tôm hai lá", "Bạch trà Tân Phong búp non", "Hồng trà Tân Phong ủ gỗ",
       "Chè đinh Đội Bảy hái sương", "Ô long sữa Nậm Cung")  # fmt: skip
TABLE = ("Gạo séng cù Mường Kim", "Thịt trâu gác bếp Than Uyên", "Măng khô Mường Tè", "Mắc khẻn rang Bản Bo",
         "Tương nếp Mường So phơi chum")  # fmt: skip
FAMILY = (("Miến dong Bình Lư sợi mộc", 2), ("Mật ong hoa bạc hà Phong Thổ", 1), ("Mắc ca sấy nứt vỏ Khun Há", 1),
          ("Măng khô Mường Tè", 1))  # fmt: skip
GIFT = (("Hồng trà Tân Phong ủ gỗ", 1), ("Mật ong hoa dẻ Hua Bum", 1), ("Bánh quy mắc ca Than Uyên", 2))
FEATURED = ("Miến dong gói quà Bình Lư hai ký", "Gạo séng cù Bình Lư vụ mùa", "Mật ong hoa dẻ Hua Bum",
            "Vải lanh chàm Tả Lèng", "Cá hồi hun khói Tả Lèng thái lát", "Ngủ bản Sin Suối Hồ một đêm")  # fmt: skip
TEA_HEAD = ("Đông phương mỹ nhân Tân Phong", "Matcha Tân Uyên xay cối đá")


def load_window(*, at: datetime) -> None:
    """Write the collections and dress the window, as an officer did three weeks ago; in the open block."""
    officer = find_user("province@demo.test")
    assert officer is not None
    _Window(officer.actor(), at).dress()


class _Window:
    def __init__(self, by: Actor, at: datetime) -> None:
        self.by, self.at = by, at
        self.begun = at - timedelta(days=BEGUN)
        self.today = day_of(at)

    def dress(self) -> None:
        tea = self._collection(
            CollectionKind.THEME, "Năm sắc chè Lai Châu", "Five shades of Lai Chau tea", _once(TEA),
            "Từ búp trắng tới lá ủ gỗ, đều hái ở trên nghìn mét.", "From white buds to wood-aged leaves, all picked "
            "above a thousand metres.",
            "Chè ở đây mọc chậm vì sương. Người hái đi từ lúc còn tối, trưa đã phải về sao.\n\nMột cây chè cho năm "
            "thứ nước: trắng, xanh, vàng, đỏ, nâu, tùy tay người làm.",
            "Tea grows slowly here because of the mist. Pickers leave in the dark and fire the leaves by noon.\n\n"
            "One tree gives five colours of tea: it is the hand that makes the difference.",
        )  # fmt: skip
        table = self._collection(
            CollectionKind.THEME, "Mâm cơm ngày mùa", "A harvest table", _once(TABLE),
            "Đủ một mâm cơm của bản ngày gặt.", "All that a village table holds at harvest.",
            "Ngày gặt, nhà nào cũng nấu gạo mới, gỡ miếng thịt gác bếp, chấm tương nếp.",
            "At harvest every house cooks the new rice, takes smoked meat off the rack and dips it in rice sauce.",
        )  # fmt: skip
        family = self._collection(
            CollectionKind.BASKET, "Giỏ Tết sum vầy", "New Year family basket", FAMILY,
            "Miến, mật, măng, mắc ca: đủ nấu một bữa đoàn viên.", "Noodles, honey, bamboo shoots, macadamia: a "
            "reunion dinner.", "", "",
        )  # fmt: skip
        gift = self._collection(
            CollectionKind.BASKET, "Giỏ trà biếu", "A basket of tea to give", GIFT,
            "Hồng trà, mật hoa dẻ, bánh quy.", "Black tea, chestnut honey, biscuits.", "", "",
        )  # fmt: skip
        season = self._season([family, gift, tea])
        self._season_past([table])
        self._place(tea, table, family, gift, season)

    def _collection(
        self, kind: CollectionKind, title: str, title_en: str, goods: Sequence[tuple[str, int]], summary: str,
        summary_en: str, story: str, story_en: str, days: tuple[date, date] | tuple[None, None] = (None, None),
    ) -> str:  # fmt: skip
        facts = CollectionFacts(kind, title, title_en, summary, summary_en, story, story_en, *days)
        made = write_collection(facts=facts, by=self.by, at=self.begun)
        for name, quantity in goods:
            add_item(code=made.code, listing=slugify(name), quantity=quantity, by=self.by, at=self.begun)
        if goods:
            show_collection(code=made.code, by=self.by, at=self.begun)
        return made.code

    def _season(self, parts: Sequence[str]) -> str:
        days = (self.today - timedelta(days=3), self.today + timedelta(days=55))
        code = self._collection(
            CollectionKind.SEASON, "Tết về bản", "New Year in the villages", _once(TEA[:1] + TABLE[:2]),
            "Quà Tết có sao, gửi thẳng từ bản, thêm mã giảm của tỉnh.",
            "New Year gifts with stars, sent straight from the villages, with the province's voucher.",
            "Trước Tết, chợ phiên nào cũng đông. Tỉnh chọn sẵn giỏ quà và chè ngon của các xã để người ở xa kịp mua.",
            "Before New Year every market is crowded. The province has chosen baskets and teas of its communes for "
            "those who live far away.", days,
        )  # fmt: skip
        facts = VoucherFacts(
            code="TETVEBAN", name="Tết về bản", kind=VoucherKind.AMOUNT, amount=Money(30_000),
            minimum_goods=Money(400_000), starts_at=self.begun, ends_at=self.at + timedelta(days=55), most_uses=2_000,
        )  # fmt: skip
        give_voucher(facts=facts, province=True, by=self.by, at=self.begun)
        set_parts(code=code, parts=parts, vouchers=["TETVEBAN"], by=self.by, at=self.begun)
        return code

    def _season_past(self, parts: Sequence[str]) -> None:
        days = (self.today - timedelta(days=80), self.today - timedelta(days=40))
        code = self._collection(
            CollectionKind.SEASON, "Mùa lúa mới", "New rice", _once(TABLE[:1]), "Gạo vừa gặt của các xã.",
            "Rice just harvested in the communes.", "", "", days,
        )  # fmt: skip
        set_parts(code=code, parts=parts, vouchers=[], by=self.by, at=self.begun)

    def _place(self, tea: str, table: str, family: str, gift: str, season: str) -> None:
        slugs = {code: get_collection(code).slug for code in (tea, table, family, gift, season)}
        self._show(Place.HOME_BANNER, Target.SEASON, slugs[season], "Tết đến", 60)
        for name in FEATURED:
            self._show(Place.FEATURED_ROW, Target.PRODUCT, slugify(name), "Cân các vùng, các bộ hàng", 40)
        self._show(Place.SEASONAL, Target.COLLECTION, slugs[tea], "Chè vụ cuối năm", 30)
        self._show(Place.SEASONAL, Target.COLLECTION, slugs[table], "Sau vụ gặt", 30)
        for code in (family, gift):
            self._show(Place.GIFT_BASKETS, Target.BASKET, slugs[code], "Quà Tết", 55)
        maker = "cong-ty-tnhh-che-shan-tan-phong"
        self._show(Place.PRODUCER_OF_WEEK, Target.PRODUCER, maker, "Năm sao thứ hai của nơi làm", 6)
        for name in TEA_HEAD:
            self._show(Place.CATEGORY_HEAD, Target.PRODUCT, slugify(name), "Chè năm sao", 40, "che")

    def _show(self, place: Place, target: Target, slug: str, why: str, days: int, category: str = "") -> None:
        first = self.today if place is Place.PRODUCER_OF_WEEK else day_of(self.begun)
        schedule = Schedule(first, self.today + timedelta(days=days), Audience.BOTH, why)
        placed = place_target(
            place=place, target=target, slug=slug, category=category, schedule=schedule, by=self.by, at=self.begun
        )
        self._count(placed)

    def _count(self, placement: Placement) -> None:
        """What each of its days so far saw."""
        for n in range((self.today - placement.first_day).days):
            shown = 60 + (placement.id * 37 + n * 23) % 90
            day = placement.first_day + timedelta(days=n)
            row = PlacementDay(placement_id=placement.id, day=day, shown=shown, clicked=shown * (3 + n % 4) // 60)
            db.session.add(row)


def _once(names: Sequence[str]) -> list[tuple[str, int]]:
    return [(name, 1) for name in names]
