"""Product sheets and catalogues: what they say in both languages, of what, and who may take them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.media.intake import keep, take_in
from marketplace.platform.media.stores import media_store
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.queries import get_variant
from marketplace.shop.catalog.services import add_picture, move_listing, rest_listing
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers
from marketplace.trade.demands.models import Criterion
from marketplace.trade.export.queries import get_goods, list_goods
from marketplace.trade.offers.models import OfferState, WholesaleOffer
from marketplace.trade.offers.services import move_offer
from tests.builders import BY, make_offer, make_paper, make_producer, make_user
from tests.conftest import TODAY, Client, new_client
from tests.pages import sign_in
from tests.pdf_text import pdf_words
from tests.platform.media.drawing import photo, saved
from tests.trading import make_demand, make_distributor, make_wholesale

GTIN = "8936012345674"
Maker = tuple[User, Producer]
CERTIFIED = "Chứng nhận OCOP đến hết ngày 15/08/2029"


@pytest.fixture
def maker(app: Flask, at: datetime) -> Maker:
    user = make_user(Role.PRODUCER, at=at)
    return user, make_producer("Lò miến", at=at, user=user)


@pytest.fixture
def noodles(maker: Maker, at: datetime) -> Variant:
    variant = make_offer("Miến dong", at=at, producer=maker[1], price=50_000)
    tiers = (Tier(10, Money(45_000)), Tier(100, Money(40_001)))
    with transaction():
        set_tiers(sku=variant.sku, tiers=tiers, by=maker[0].actor(), at=at)
    return variant


@pytest.fixture
def offer(maker: Maker, noodles: Variant, at: datetime) -> WholesaleOffer:
    make_paper(maker[0], "haccp", at=at, valid_until=TODAY)
    make_paper(maker[0], "vietgap", at=at, valid_until=TODAY - timedelta(days=1))
    make_paper(maker[0], "bank_account", at=at)
    return make_wholesale(
        maker[0],
        noodles,
        at=at,
        committed=(100, *(0,) * 11),
        barcode=GTIN,
        traceability=True,
        invoice=True,
        note="Giao tận kho.",
        note_en="To your store.",
    )


def entered(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def said(client: Client, path: str) -> str:
    """The words of a PDF that is handed out privately."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.status_code
    assert answer.headers["Cache-Control"] == "private, no-store"
    return " ".join(pdf_words(answer.data).replace("\u00a0", " ").split())


def sheet(client: Client, offer: WholesaleOffer, language: str) -> str:
    return said(client, f"/trade/sheets/{offer.code}.pdf?language={language}")


def slug_of(variant: Variant) -> str:
    return get_variant(variant.sku).listing.slug


def test_a_sheet_in_both_languages(app: Flask, maker: Maker, offer: WholesaleOffer) -> None:
    client = entered(app, maker[0])
    vietnamese, english = sheet(client, offer, "vi"), sheet(client, offer, "en")
    goods = get_goods(offer.code, by=BY, on=TODAY)
    code, place = goods.certificate.code, "Xã Bình Lư, Tỉnh Lai Châu"
    for part in (
        f"Số liệu ngày 23/11/2026. Miến, bún, bánh Miến dong Lò miến {place} Ngon. 4 trên 5 sao {code} {CERTIFIED}.",
        "Từ số gói Giá một gói Giá một đơn vị 1 50.000 ₫ 100.000 ₫/kg 10 45.000 ₫ 90.000 ₫/kg 100 40.001 ₫ 80.002 ₫/kg",
        "Đơn ít nhất 20 kg Giao sau khi đặt 3 ngày Giữ hàng nhiệt độ thường Mã vạch 8936012345674",
        "Truy xuất nguồn gốc có mã trên bao bì Hóa đơn điện tử có Quy cách gói cả bao bì 500 g 50.000 ₫",
        f"Trên nhãn Xuất xứ {place} Thành phần Thử Chất dễ gây dị ứng Không có chất nào",
        "Hạn dùng 90 ngày kể từ ngày sản xuất Cách bảo quản Nơi khô",
        "Còn nhận được mỗi tháng, kg 200" + 11 * " 300" + " 1 2 3 4 5 6 7 8 9 10 11 12",
        "Giấy tờ còn hạn Giấy chứng nhận HACCP 01/GT đến 23/11/2026 Giao tận kho.",
        "Giá và điều kiện bán sỉ chỉ dành cho nơi nhận tờ này",
    ):
        assert part in vietnamese
    for part in (
        f"As of 23/11/2026. Noodles and cakes Miến dong Lò miến {place}",
        "From packs Price a pack Price a unit 1 ₫50,000 ₫100,000/kg 10 ₫45,000 ₫90,000/kg",
        "Smallest order 20 kg Lead time 3 days Storage room temperature Barcode 8936012345674",
        "Papers in force HACCP certificate 01/GT until 23/11/2026 To your store.",
        "OCOP certificate valid until 15/08/2029. Scan to see the certificate as of today.",
    ):
        assert part in english
    for both in (vietnamese, english):
        assert f"/verify/ {code}" in both
        assert "VietGAP" not in both  # lapsed yesterday
        assert "01/GT" in both
        assert both.count("01/GT") == 1  # the bank's paper is nobody's business
    assert client.get("/producer/offers").text.count('<html lang="vi"') == 1  # the site's language has not changed


def test_what_is_not_said_has_no_line(maker: Maker, noodles: Variant, app: Flask, at: datetime) -> None:
    with transaction():
        rest_listing(slug=slug_of(noodles), back_on=TODAY + timedelta(days=9), by=maker[0].actor(), at=at)
        listing = db.session.get_one(Listing, noodles.listing_id)
        listing.max_transit_days = 5
    bare = make_wholesale(maker[0], noodles, at=at, opened=False, lead_days=1)
    text = sheet(entered(app, maker[0]), bare, "vi")  # its producer sees a draft's too
    terms = "Đơn ít nhất 20 kg Giao sau khi đặt 1 ngày Giữ hàng nhiệt độ thường Đi đường nhiều nhất 5 ngày"
    assert f"{terms} Bán lại từ 02/12/2026 Quy cách" in text
    assert "Giấy tờ còn hạn Chưa có giấy nào trong tủ giấy tờ." in text


def test_the_photograph_is_inside(app: Flask, maker: Maker, offer: WholesaleOffer, at: datetime) -> None:
    client, path = entered(app, maker[0]), f"/trade/sheets/{offer.code}.pdf"
    drawn = client.get(path).data
    made = take_in(saved(photo()))
    keep(made, media_store())
    slug = db.session.get_one(Listing, offer.listing_id).slug
    with transaction():
        add_picture(slug=slug, made=made, alt="Miến", by=BY, at=at)
    assert b"/DCTDecode" not in drawn
    assert b"/DCTDecode" in client.get(path).data


def test_who_may_have_it(app: Flask, maker: Maker, offer: WholesaleOffer, at: datetime) -> None:
    other = make_user(Role.PRODUCER, at=at)
    make_producer("Lò khác", at=at, user=other)
    verified, waiting = make_distributor(at=at), make_distributor("Chờ", at=at, verified=False)
    newcomer = make_user(Role.DISTRIBUTOR, at=at)
    for user in (maker[0], verified, make_user(Role.PROVINCE_OFFICER, at=at)):
        assert get_goods(offer.code, by=user.actor(), on=TODAY).facts.code == offer.code
    with pytest.raises(NotFound):
        get_goods(offer.code, by=other.actor(), on=TODAY)
    for user in (waiting, newcomer):
        with pytest.raises(Forbidden):
            get_goods(offer.code, by=user.actor(), on=TODAY)
        assert entered(app, user).get(f"/trade/sheets/{offer.code}.pdf").status_code == 403
    with transaction():
        slug = db.session.get_one(Listing, offer.listing_id).slug
        move_offer(slug=slug, to=OfferState.PAUSED, by=maker[0].actor(), at=at)
    with pytest.raises(NotFound):
        get_goods(offer.code, by=verified.actor(), on=TODAY)
    assert get_goods(offer.code, by=maker[0].actor(), on=TODAY).facts.state is OfferState.PAUSED


def test_only_of_what_is_public(maker: Maker, offer: WholesaleOffer, noodles: Variant, at: datetime) -> None:
    assert list_goods([], by=BY, on=TODAY) == []
    assert [each.facts.code for each in list_goods([offer.code, "x", offer.code], by=BY, on=TODAY)] == [offer.code]
    with transaction():
        move_listing(slug=slug_of(noodles), to=ListingState.PAUSED, by=BY, at=at)
    for by in (BY, maker[0].actor()):
        assert list_goods([offer.code], by=by, on=TODAY) == []


def test_a_catalogue_that_the_office_chose(app: Flask, maker: Maker, offer: WholesaleOffer, at: datetime) -> None:
    more = [make_offer(f"Bún {n}", at=at, producer=maker[1], stars=3) for n in range(2)]
    codes = [make_wholesale(maker[0], each, at=at).code for each in more]
    office = entered(app, make_user(Role.PROVINCE_OFFICER, at=at))
    path = f"/office/catalogue/chosen.pdf?title=Tet+2027&offer={codes[1]}&offer={offer.code}&offer={codes[1]}"
    text = said(office, f"{path}&language=en")
    place = "Lò miến, Xã Bình Lư, Tỉnh Lai Châu"
    start = text.index("Tet 2027")
    assert text[start:].startswith("Tet 2027 2 OCOP products at wholesale As of 23/11/2026")
    assert f"Contents Bún 1 {place} 3 Miến dong {place} 4" in text
    assert "Bún 0" not in text
    assert "2 sản phẩm OCOP có bán sỉ" in said(office, f"{path}&language=vi")
    assert "Danh mục sản phẩm OCOP" in said(office, f"/office/catalogue/chosen.pdf?offer={offer.code}&language=vi")


def test_none_too_many_and_gone(app: Flask, offer: WholesaleOffer, noodles: Variant, at: datetime) -> None:
    office = entered(app, make_user(Role.PROVINCE_OFFICER, at=at))
    none = office.get("/office/catalogue/chosen.pdf")
    assert (none.status_code, "bạn đã chọn 0." in none.text) == (422, True)
    asked = "&".join([f"offer={offer.code}", *(f"offer=X{n}" for n in range(60))])
    many = office.get(f"/office/catalogue/chosen.pdf?{asked}")
    assert (many.status_code, "bạn đã chọn 61." in many.text) == (422, True)
    assert f'value="{offer.code}" checked' in many.text
    with transaction():
        move_listing(slug=slug_of(noodles), to=ListingState.PAUSED, by=BY, at=at)
    gone = office.get(f"/office/catalogue/chosen.pdf?offer={offer.code}")
    assert (gone.status_code, "không còn công khai" in gone.text) == (422, True)


def test_the_office_narrows_the_list(app: Flask, maker: Maker, offer: WholesaleOffer, at: datetime) -> None:
    honey = make_offer("Mật ong", at=at, producer=maker[1], set_code="I.2.b", stars=3)
    other = make_wholesale(maker[0], honey, at=at)
    office = entered(app, make_user(Role.PROVINCE_OFFICER, at=at))

    def shown(query: str) -> list[bool]:
        page = office.get(f"/office/catalogue?{query}").text
        return [f'value="{each.code}"' in page for each in (offer, other)]

    assert shown("") == [True, True]
    assert shown("set=I.2.b") == [False, True]
    assert shown("stars=4") == [True, False]
    assert shown("stars=nine&place=2025:03390") == [True, True]
    assert shown("place=2025:03394") == [False, False]
    assert office.get("/office/catalogue?all=1&set=I.2.b").text.count(" checked>") == 2  # the goods, and Vietnamese


def test_a_distributor_takes_its_matches(app: Flask, offer: WholesaleOffer, at: datetime) -> None:
    buyer = make_distributor(at=at)
    demand = make_demand(buyer, at=at)
    choosy = make_demand(buyer, at=at, title="Năm sao", least_stars=5, insisted=(Criterion.STARS,))
    client = entered(app, buyer)
    text = said(client, f"/distributor/catalogue/{demand.code}.pdf?language=en")
    assert "Miến cho bảy cửa hàng 1 OCOP product at wholesale As of 23/11/2026" in text
    assert "Miến dong Lò miến, Xã Bình Lư" in text
    nothing = client.get(f"/distributor/catalogue/{choosy.code}.pdf", follow_redirects=True)
    assert "Chưa có món nào qua hết các cửa nên chưa có danh mục." in nothing.text
    page = client.get(f"/distributor/matches/{demand.code}/{offer.code}").text
    assert f'href="/trade/sheets/{offer.code}.pdf?language=en"' in page


def test_the_producer_finds_it(app: Flask, maker: Maker, offer: WholesaleOffer, noodles: Variant, at: datetime) -> None:
    client, slug = entered(app, maker[0]), slug_of(noodles)
    page = client.get(f"/producer/offers/{slug}").text
    assert f'href="/trade/sheets/{offer.code}.pdf?language=vi"' in page
    assert f'href="/producer/export/{slug}"' in page
    with transaction():
        move_listing(slug=slug, to=ListingState.PAUSED, by=BY, at=at)
    assert "/trade/sheets/" not in client.get(f"/producer/offers/{slug}").text
