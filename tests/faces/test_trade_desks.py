"""Both sides of trade by their pages: what was typed stays, what is shown follows, English is whole."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import update

from config import ROOT
from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Variant
from marketplace.shop.catalog.queries import get_variant
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.demands.models import Demand, DemandState
from marketplace.trade.demands.queries import get_own, list_own
from marketplace.trade.distributors.models import Standing
from marketplace.trade.offers.models import OfferState
from marketplace.trade.offers.queries import find_offer
from tests.builders import make_offer, make_paper, make_producer, make_user
from tests.conftest import TODAY, Client, new_client
from tests.pages import send, sign_in
from tests.trading import distributor_of, make_demand, make_distributor, make_wholesale

WISH: dict[str, Any] = {
    "title": "Miến dong cho bảy cửa hàng",
    "sets": ["I.3.b"],
    "least_stars": "4",
    "papers": ["haccp"],
    "hard_papers": "hard",
    "unit": "kg",
    "volume_from": "1.200",
    "price_ceiling": "90.000 ₫",
    "wanted_from": TODAY.isoformat(),
}


@pytest.fixture
def buyer(client: Client, at: datetime) -> User:
    user = make_distributor(at=at)
    sign_in(client, user)
    return user


@pytest.fixture
def maker(app: Flask, at: datetime) -> tuple[User, Producer]:
    user = make_user(Role.PRODUCER, at=at)
    return user, make_producer("Lò miến", at=at, user=user)


def entered(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def shown(page: str) -> str:
    """The words of a page, one space between them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def slug_of(variant: Variant) -> str:
    return get_variant(variant.sku).listing.slug


def test_what_the_province_checked_changes_with_consent(client: Client, buyer: User, at: datetime) -> None:
    own = distributor_of(buyer)
    typed = {
        "name": "Siêu thị Đồi",
        "kind": "supermarket",
        "country": "VN",
        "registration_number": own.registration_number,
        "tax_code": own.tax_code,
        "about": "Đã dời về Thái Nguyên",
    }
    page = send(client, "/distributor/profile", **typed)
    assert page.status_code == 422
    for told in ('value="Siêu thị Đồi"', "Đã dời về Thái Nguyên", 'name="sure"', "Tỉnh đã xác minh điều bạn đang đổi"):
        assert told in page.text, told
    assert (distributor_of(buyer).standing, distributor_of(buyer).organisation.name) == (
        Standing.VERIFIED,
        "Siêu thị Núi",
    )
    assert send(client, "/distributor/profile", **typed, sure="1").status_code == 302
    assert distributor_of(buyer).standing is Standing.WAITING
    assert "Tỉnh đang xác minh nơi bán của bạn" in client.get("/distributor/").text


@pytest.mark.parametrize("said", [{"outlets": "nhiều"}, {"phone": "12"}, {"tax_code": "1"}, {"website": "x"}])
def test_a_wrong_profile_keeps_what_was_typed(client: Client, buyer: User, said: dict[str, str]) -> None:
    typed = {"name": "Siêu thị Núi", "kind": "shop", "about": "Chữ còn đây", **said}
    page = send(client, "/distributor/profile", **typed)
    assert (page.status_code, "Chữ còn đây" in page.text, "field--bad" in page.text) == (422, True, True)
    assert distributor_of(buyer).about == ""


def test_an_empty_profile_is_not_sent(client: Client, at: datetime) -> None:
    user = make_user(Role.DISTRIBUTOR, at=at)
    sign_in(client, user)
    assert send(client, "/distributor/profile/send").status_code == 404
    assert client.get("/distributor/demands/new").status_code == 302  # the profile comes first
    send(client, "/distributor/profile", name="Chuỗi Núi", kind="shop", country="VN")
    page = send(client, "/distributor/profile/send")
    assert (page.status_code, "Gửi ít nhất một giấy" in page.text) == (422, True)
    assert distributor_of(user).standing is Standing.OPEN


def test_the_office_decides_on_what_it_saw(app: Flask, at: datetime) -> None:
    user = make_distributor("Chuỗi Núi", at=at, verified=False)
    office = entered(app, make_user(Role.PROVINCE_OFFICER, at=at))
    own = distributor_of(user)
    path = f"/office/distributors/{own.organisation.slug}"
    for page in ("/office/distributors", "/office/"):  # the queue, and what waits today
        assert "1 nơi phân phối chờ xác minh" in office.get(page).text, page
    looked = office.get(path).text
    for told in ("Chuỗi Núi", "0100112233", "Đăng ký kinh doanh", f'name="seen" value="{own.version}"'):
        assert told in looked, told
    stale = send(office, f"{path}/approve", seen=own.version - 1)
    assert (stale.status_code, "vừa đổi sau khi bạn mở trang" in stale.text) == (409, True)
    bare = send(office, f"{path}/return", seen=own.version, remark=" ")
    assert (bare.status_code, "Ghi điều cần sửa" in bare.text) == (422, True)
    for seen in ("", "x", "9" * 12):
        assert send(office, f"{path}/approve", seen=seen).status_code == 409
    assert distributor_of(user).standing is Standing.WAITING
    assert send(office, f"{path}/return", seen=own.version, remark="Giấy mờ").status_code == 302
    assert "Giấy mờ" in entered(app, user).get("/distributor/profile").text
    assert send(office, f"{path}/approve", seen=own.version + 1).status_code == 302
    assert send(office, f"{path}/suspend", seen=own.version + 2, remark="Không gặp").status_code == 302
    assert "Không gặp" in entered(app, user).get("/distributor/").text
    assert send(office, f"{path}/lift", seen=own.version + 3).status_code == 302
    assert distributor_of(user).verified
    assert send(office, "/office/distributors/khong-co/approve", seen=1).status_code == 404
    found = shown(office.get("/office/distributors?standing=verified&q=chuỗi").text)
    assert "Tất cả (1)" in found
    assert "Tất cả (0)" in shown(office.get("/office/distributors?standing=open&q=chuỗi").text)


def test_a_demand_is_written_and_opened(app: Flask, client: Client, buyer: User, at: datetime) -> None:
    begun = client.get("/distributor/demands/new").text
    for told in ('value="food_safety" checked', 'id="shelf_life_left" name="shelf_life_left" value="66"'):
        assert told in begun, told  # what supermarkets usually ask
    assert re.search(r'name="hard_barcode" value="hard" checked', begun)
    wrong = send(client, "/distributor/demands/new", **{**WISH, "volume_from": "nhiều", "discount": "x"})
    assert wrong.status_code == 422
    for told in (
        'value="nhiều"',
        'value="I.3.b" checked',
        'name="hard_papers" value="hard" checked',
        "Nhập bằng chữ số.",
    ):
        assert told in wrong.text, told
    impossible = send(client, "/distributor/demands/new", **{**WISH, "hard_price": "hard", "price_ceiling": ""})
    assert (impossible.status_code, "phải nói rõ điều này" in impossible.text) == (422, True)
    unknown = send(client, "/distributor/demands/new", **{**WISH, "sets": ["I.9.z"]})
    assert (unknown.status_code, list_own(by=buyer.actor())) == (422, [])
    assert send(client, "/distributor/demands/new", **WISH, open="1").status_code == 302
    (demand,) = list_own(by=buyer.actor())
    assert (demand.state, demand.volume_from, demand.price_ceiling, demand.insisted) == (
        DemandState.OPEN,
        1200,
        Money(90_000),
        ["papers"],
    )
    page = shown(client.get(f"/distributor/demands/{demand.code}").text)
    for told in ("từ 4 sao ưu tiên", "HACCP bắt buộc", "từ 1.200 kg ưu tiên", "90.000 ₫/kg ưu tiên"):
        assert told in page, told
    assert "1 nhu cầu đang mở" in client.get("/distributor/demands").text
    assert "Nơi làm đang thấy 1 nhu cầu của bạn" in client.get("/distributor/").text


def test_a_demand_goes_its_way(client: Client, buyer: User, at: datetime) -> None:
    code = make_demand(buyer, at=at, season=1, price_ceiling=Money(90_000)).code
    path = f"/distributor/demands/{code}"
    edit = client.get(f"{path}/edit").text
    for told in ('value="90000"', 'name="season" value="1" checked', '<option value="kg" selected>'):
        assert told in edit, told
    assert send(client, f"{path}/edit", **WISH).status_code == 302
    for verb, state in (("pause", "paused"), ("resume", "open"), ("pause", "paused")):
        assert send(client, f"{path}/{verb}").status_code == 302
        assert get_own(code, by=buyer.actor()).state == state
    send(client, f"{path}/pause")
    assert "trạng thái khác" in client.get(path).text  # the second pause was refused, and the page says so
    bare = send(client, f"{path}/close", reason=" ")
    assert (bare.status_code, "Ghi lý do đóng." in bare.text) == (422, True)
    copied = send(client, f"{path}/copy")
    assert copied.headers["Location"].endswith("/edit")
    assert send(client, f"{path}/close", reason="Đã tìm được").status_code == 302
    assert "Đã đóng: Đã tìm được" in client.get(path).text
    closed = send(client, f"{path}/edit", **WISH)
    assert (closed.status_code, "Nhu cầu này đã đóng" in closed.text) == (422, True)
    assert [d.state.value for d in list_own(by=buyer.actor())] == ["draft", "closed"]
    assert "Không có nhu cầu nào ở trạng thái này." in client.get("/distributor/demands?state=open").text


def test_a_demand_past_its_day_says_so_when_opened(client: Client, buyer: User, at: datetime) -> None:
    code = make_demand(buyer, at=at, opened=False).code
    with transaction():
        past = {"wanted_from": TODAY.replace(year=2025), "wanted_until": TODAY.replace(year=2025)}
        db.session.execute(update(Demand).where(Demand.code == code).values(**past))
    page = send(client, f"/distributor/demands/{code}/open")
    assert (page.status_code, "Ngày này đã qua" in page.text) == (422, True)
    assert get_own(code, by=buyer.actor()).state is DemandState.DRAFT


def test_the_office_looks_over_demands(app: Flask, buyer: User, at: datetime) -> None:
    code = make_demand(buyer, at=at).code
    office = entered(app, make_user(Role.PROVINCE_OFFICER, at=at))
    for query, found in (("state=open&set=I.3.b", True), ("set=I.5.a", False), ("state=closed", False), ("", True)):
        assert (f"/office/demands/{code}" in office.get(f"/office/demands?{query}").text) is found, query
    path = f"/office/demands/{code}"
    assert "từ 100 kg" in office.get(path).text.replace("\u00a0", " ")
    bare = send(office, f"{path}/close", reason="")
    assert (bare.status_code, get_own(code, by=buyer.actor()).state) == (422, DemandState.OPEN)
    for told in ("Đã đóng; nơi phân phối được báo bằng thư.", "trạng thái khác"):
        assert send(office, f"{path}/close", reason="Trùng").status_code == 302
        assert told in office.get(path).text


def test_an_offer_is_written_and_opened(app: Flask, maker: tuple[User, Producer], at: datetime) -> None:
    user, producer = maker
    noodles = make_offer("Miến dong", at=at, producer=producer)
    desk, path = entered(app, user), f"/producer/offers/{slug_of(noodles)}"
    assert "chưa chào" in desk.get("/producer/offers").text
    typed = {
        "sku": noodles.sku,
        "unit": "kg",
        "each_capacity": "300",
        "capacity_1": "9",
        "committed_2": "1.000",
        "least_order": "20",
        "lead_days": "3",
        "storage": "ambient",
        "barcode": "893 601 234 5675",
        "note": "Giao thùng",
    }
    wrong = send(desk, path, **typed)
    assert wrong.status_code == 422
    for told in ("chưa khớp", "Đã hứa nhiều hơn làm được.", 'value="1.000"', "Giao thùng"):
        assert told in wrong.text, told
    assert beside(wrong.text, "committed_2") == "Đã hứa nhiều hơn làm được."
    assert find_offer(noodles.listing_id) is None
    good = {**typed, "barcode": "893 601 234 5674", "committed_2": "100", "most_listing_fee": "2.000.000 ₫"}
    assert send(desk, path, **good).status_code == 302
    offer = find_offer(noodles.listing_id)
    assert offer is not None
    assert (offer.capacity, offer.committed[:3], offer.barcode, offer.most_listing_fee) == (
        [300] * 12,
        [0, 100, 0],
        "8936012345674",
        Money(2_000_000),
    )
    for told in ('name="each_capacity" value="300"', 'name="committed_2" value="100"'):
        assert told in desk.get(path).text, told
    for verb, state in (("open", OfferState.OPEN), ("pause", OfferState.PAUSED)):
        assert send(desk, f"{path}/{verb}").status_code == 302
        again = find_offer(noodles.listing_id)
        assert again is not None
        assert again.state is state
    send(desk, f"{path}/pause")
    assert "trạng thái khác" in desk.get(path).text


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"capacity_3": "ba"}, "capacity_3", "Nhập bằng chữ số."),  # though one figure for all is there
        ({"each_capacity": "", "capacity_3": "ba"}, "capacity_3", "Nhập bằng chữ số."),
        ({"each_capacity": ""}, "each_capacity", "Cho biết ít nhất một tháng làm được bao nhiêu."),
        ({"each_capacity": "0"}, "each_capacity", "Cho biết ít nhất một tháng làm được bao nhiêu."),
        ({"each_capacity": "9.999.999.999"}, "each_capacity", "Nhập một số nguyên từ 0 đến một tỷ."),
        ({"each_committed": "301"}, "each_committed", "Đã hứa nhiều hơn làm được."),
        ({"committed_12": "301"}, "committed_12", "Đã hứa nhiều hơn làm được."),
        ({"committed_12": "9" * 16}, "committed_12", "Viết ngắn hơn: nhiều nhất 15 ký tự."),
    ],
)
def test_what_is_wrong_with_a_month_is_said_beside_it(
    app: Flask, maker: tuple[User, Producer], at: datetime, said: dict[str, str], field: str, words: str
) -> None:
    user, producer = maker
    noodles = make_offer("Miến dong", at=at, producer=producer)
    path = f"/producer/offers/{slug_of(noodles)}"
    typed = {"sku": noodles.sku, "unit": "kg", "each_capacity": "300", "least_order": "20", "lead_days": "3"}
    page = send(entered(app, user), path, **{**typed, "storage": "ambient", **said})
    assert (page.status_code, beside(page.text, field)) == (422, words)
    assert re.search(rf'<a href="#{field}">[^<]*{re.escape(words)}</a>', page.text)  # the field's name may go before it
    assert page.text.count('aria-invalid="true"') == 1
    assert ("<details open>" in page.text) is ("each" not in field)
    assert find_offer(noodles.listing_id) is None


def beside(page: str, field: str) -> str:
    """The error that a field is described by."""
    assert re.search(rf'id="{field}"[^>]* aria-invalid="true"[^>]* aria-describedby="[^"]*{field}-error"', page)
    found = re.search(rf'id="{field}-error">(.*?)</p>', page, re.DOTALL)
    return shown(found[1]) if found else ""


def test_a_checklist_says_what_is_missing_and_where_to_get_it(
    app: Flask, buyer: User, maker: tuple[User, Producer], at: datetime
) -> None:
    user, producer = maker
    noodles = make_offer("Miến dong", at=at, producer=producer, price=50_000)
    asked: dict[str, Any] = {
        "papers": ("haccp", "test_report"),
        "barcode": True,
        "price_ceiling": Money(90_000),
        "shelf_life_days": 360,
        "discount": 20,
        "insisted": frozenset({"papers", "price"}),
    }
    code = make_demand(buyer, at=at, title="Miến cho siêu thị", **asked).code
    desk = entered(app, user)
    listed = shown(desk.get("/producer/demands").text)
    for told in ("1 nơi mua đang tìm hàng", "Miến cho siêu thị", "Siêu thị Núi", "giá đến 90.000 ₫"):
        assert told in listed, told
    path = f"/producer/demands/{code}"
    assert "Chào bán sỉ món này" in desk.get(path).text
    assert shown(desk.get(path).text).count("Nơi mua đòi gì") == 1
    make_wholesale(user, noodles, at=at)
    haccp = make_paper(user, "haccp", at=at, valid_until=TODAY)
    page = desk.get(path).text
    told = shown(page)
    for words in (
        "thiếu 2 điều bắt buộc",
        "Phiếu kiểm nghiệm chưa đạt bắt buộc",
        "Phòng thử nghiệm được chỉ định",
        "Giá trần chưa đạt bắt buộc cần: 90.000 ₫/kg; có: 100.000 ₫/kg",
        "Mã vạch chưa đạt ưu tiên",
        f"HACCP đạt cần: còn hạn ngày {TODAY:%d/%m/%Y}; có: {haccp.number or haccp.code}, hạn {TODAY:%d/%m/%Y}",
        "Lượng mỗi tháng đạt cần: 100 kg mỗi tháng; có: 300 kg mỗi tháng",
        "Chiết khấu để ngỏ, sẽ bàn cần: 20%",
    ):
        assert words in told, words
    for link in ("/producer/papers", f"/producer/stock/{noodles.sku}", f"/producer/offers/{slug_of(noodles)}"):
        assert f'<a href="{link}">Mở chỗ sửa' in page, link
    make_paper(user, "test_report", at=at)
    make_wholesale(user, noodles, at=at, opened=False, barcode="8936012345674", most_discount=10)
    told = shown(desk.get(path).text)
    assert "thiếu 1 điều bắt buộc" in told
    assert "Chiết khấu chưa đạt ưu tiên cần: 20%; có: 10%" in told


def test_producers_see_only_what_is_theirs_to_see(app: Flask, buyer: User, maker: Any, at: datetime) -> None:
    user, producer = maker
    make_offer("Miến dong", at=at, producer=producer)
    tea = make_demand(buyer, at=at, title="Chè Shan", sets=("I.5.a",))
    draft = make_demand(buyer, at=at, opened=False)
    desk = entered(app, user)
    assert "Chưa nơi nào tìm hàng bạn làm" in desk.get("/producer/demands").text
    for query, found in (
        ("sets=all", True),
        ("sets=I.5.a&q=shan", True),
        ("sets=all&q=miến", False),
        ("sets=zz", True),
    ):
        assert ("Chè Shan" in desk.get(f"/producer/demands?{query}").text) is found, query
    page = desk.get(f"/producer/demands/{tea.code}").text
    assert "Bạn không có món nào thuộc bộ sản phẩm này." in page
    own = distributor_of(buyer)
    for private in (own.registration_number, own.contact_name, "0912 345 678"):
        assert private not in page, private
    assert desk.get(f"/producer/demands/{draft.code}").status_code == 404


def test_both_sides_read_english(app: Flask, buyer: User, maker: tuple[User, Producer], at: datetime) -> None:
    user, producer = maker
    noodles = make_offer("Noodles", at=at, producer=producer)
    make_wholesale(user, noodles, at=at)
    full: dict[str, Any] = {
        "papers": ("haccp",),
        "invoice": True,
        "packagings": ("box",),
        "storages": ("cool",),
        "unit": Unit.PIECE,
        "price_ceiling": Money(1),
        "consignment": True,
        "exclusive": True,
        "listing_fee": Money(0),
        "shelf_life_left": 50,
        "season": 3,
    }
    code = make_demand(buyer, at=at, title="Noodles for shops", **full).code
    slug, name = distributor_of(buyer).organisation.slug, slug_of(noodles)
    pages = {
        entered(app, buyer): ["/", "/profile", "/demands", "/demands/new", f"/demands/{code}", f"/demands/{code}/edit"],
        entered(app, user): ["/demands", f"/demands/{code}", "/offers", f"/offers/{name}"],
        entered(app, make_user(Role.ADMIN, at=at)): [
            "/distributors",
            f"/distributors/{slug}",
            "/demands",
            f"/demands/{code}",
        ],
    }
    vietnamese = sentences()
    for (visitor, paths), desk in zip(pages.items(), ("/distributor", "/producer", "/office"), strict=True):
        for path in paths:
            words = shown(visitor.get(f"{desk}{path}?lang=en").text)
            assert [each for each in vietnamese if each in words] == [], path


def sentences() -> list[str]:
    """Every Vietnamese sentence of ours that is long enough to be no name, and differs from its English."""
    with (ROOT / "marketplace/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        found = [(m.id, m.string) for m in read_po(file, locale="en") if isinstance(m.id, str)]
    return [source for source, english in found if len(source) > 9 and source != english and "%" not in source]


def test_an_importer_finds_the_door_in_english(app: Flask) -> None:
    client = new_client(app)
    page = client.get("/?lang=en").text
    assert '<a href="/account/register?role=distributor">Buy wholesale, distribute, import</a>' in page
    form = client.get("/account/register?role=distributor").text
    assert re.search(r'value="distributor"[^>]* (checked|selected)', form)
