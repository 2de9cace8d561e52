"""The pages of moderation: proposing, looking word by word, approving, returning; history; preview; rest; copies."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.catalog.models import ListingPicture, ListingProposal, ListingRevision, ListingState, Variant
from marketplace.shop.catalog.services import (
    ListingTexts,
    SellingTerms,
    move_listing,
    rest_listing,
    save_terms,
    save_texts,
    set_price,
)
from tests.builders import BY, indexed, make_certificate, make_listing, make_producer, make_product, make_user
from tests.conftest import AT, TODAY, Client, new_client
from tests.faces.test_listing_editor import LABEL, files, upload
from tests.pages import hidden, send, sign_in
from tests.platform.media.drawing import photo, saved

TEXTS = {"name": "Miến dong Thử", "summary": "Ngon.", "name_en": "", "summary_en": "", "description": ""}
BACK = TODAY + timedelta(days=30)


class Town(NamedTuple):
    """The maker's browser, the officer's, and the public's; whose goods, at which address."""

    maker: Client
    office: Client
    guest: Client
    producer: Producer
    slug: str
    user: User

    @property
    def desk(self) -> str:
        return f"/producer/listings/{self.slug}"

    @property
    def look(self) -> str:
        return f"/office/listings/{self.slug}"

    def reads(self) -> str:
        return self.guest.get(f"/products/{self.slug}").text


@pytest.fixture
def town(app: Flask, at: datetime) -> Town:
    user = make_user(Role.PRODUCER, at=at, name="Lò Thị Mây")
    producer = make_producer("Lò miến", at=at, user=user)
    product = make_product(producer, at=at)
    make_certificate(product, at=at)
    listing, _ = make_listing(product, at=at)
    maker, office = new_client(app), new_client(app)
    sign_in(maker, user)
    sign_in(office, make_user(Role.PROVINCE_OFFICER, at=at, name="Vù Thị Sính"))
    return Town(maker, office, new_client(app), producer, listing.slug, user)


def test_a_new_name_waits_and_is_approved_as_seen(town: Town) -> None:
    answer = send(town.maker, f"{town.desk}/texts", **{**TEXTS, "name": "Miến dong mộc"})
    assert answer.headers["Location"] == town.desk
    page = town.maker.get(town.desk).text
    for shown in ("Đã gửi tỉnh xem: Tên sản phẩm.", "thay đổi chờ tỉnh xem", "Rút lại thay đổi", "chỗ thay đổi"):
        assert shown in page, shown
    editor = town.maker.get(f"{town.desk}/texts").text
    assert 'value="Miến dong mộc"' in editor
    assert 'Khách đang thấy:</span> <span lang="vi">Miến dong Thử</span>' in editor
    assert "thay đổi chờ tỉnh xem" in town.maker.get("/producer/listings/").text
    assert "Miến dong mộc" in town.maker.get(f"{town.desk}/preview").text
    assert ("Miến dong Thử" in town.reads(), "Miến dong mộc" in town.reads()) == (True, False)
    queue = town.office.get("/office/listings/").text
    assert ("1 trang chờ xem" in queue, "vừa gửi" in queue, "thay đổi" in queue) == (True, True, True)
    look = town.office.get(town.look)
    assert "[bỏ:" in look.text
    assert ' class="diff__gone"' in look.text
    assert ' class="diff__new"' in look.text
    seen = hidden(look, f"{town.look}/approve")
    send(town.maker, f"{town.desk}/texts", **{**TEXTS, "name": "Miến chữa bệnh"})
    stale = send(town.office, f"{town.look}/approve", **seen)
    assert (stale.status_code, "vừa sửa lại sau khi bạn mở" in stale.text) == (409, True)
    assert "Miến dong Thử" in town.reads()
    empty = send(town.office, f"{town.look}/return", **hidden(stale, f"{town.look}/return"), remark=" ")
    assert (empty.status_code, "Ghi điều cần sửa" in empty.text) == (422, True)
    sent = send(town.office, f"{town.look}/return", **hidden(stale, f"{town.look}/return"), remark="Không chữa bệnh.")
    assert sent.headers["Location"] == "/office/listings/"
    page = town.maker.get(town.desk).text
    assert ("Không chữa bệnh." in page, "thay đổi cần sửa" in page) == (True, True)
    assert 'value="Miến chữa bệnh"' in town.maker.get(f"{town.desk}/texts").text  # kept for mending
    assert "Đã xem hết" in town.office.get("/office/listings/").text
    assert "Đã gửi lại với lời: Không chữa bệnh." in town.office.get(town.look).text
    send(town.maker, f"{town.desk}/texts", **{**TEXTS, "name": "Miến dong mộc"})
    look = town.office.get(town.look)
    assert "Lần trước đã gửi lại với lời: Không chữa bệnh." in look.text
    done = send(town.office, f"{town.look}/approve", **hidden(look, f"{town.look}/approve"))
    assert done.headers["Location"] == "/office/listings/"
    assert "Miến dong mộc" in town.reads()
    twice = send(town.office, f"{town.look}/approve", **hidden(look, f"{town.look}/approve"))
    assert (twice.status_code, "Không còn đề nghị nào" in twice.text) == (409, True)
    nothing = send(town.office, f"{town.look}/return", seen="1", remark="x")
    assert nothing.status_code == 409


def test_a_new_page_is_returned_as_seen(town: Town, at: datetime) -> None:
    """What the maker mends while the officer writes the remark is read first; the remark is kept meanwhile."""
    product = make_product(town.producer, "Rượu ngô", at=at, set_code="I.3.b")
    listing, _ = make_listing(product, at=at, state=ListingState.IN_REVIEW)
    look, desk = f"/office/listings/{listing.slug}", f"/producer/listings/{listing.slug}"
    seen = hidden(town.office.get(look), f"{look}/return")
    assert send(town.maker, f"{desk}/texts", **{**TEXTS, "name": "Rượu ngô men lá"}).status_code == 302
    for stale in (seen, {**seen, "seen": ""}):
        told = send(town.office, f"{look}/return", **stale, remark="Tên chưa đúng.")
        assert (told.status_code, "vừa sửa lại sau khi bạn mở" in told.text) == (409, True)
        assert ">Tên chưa đúng.</textarea>" in told.text
    assert "tỉnh đang xem" in town.maker.get(desk).text
    done = send(town.office, f"{look}/return", **hidden(told, f"{look}/return"), remark="Tên chưa đúng.")
    assert done.headers["Location"] == "/office/listings/"
    assert "Tên chưa đúng." in town.maker.get(desk).text


def test_without_a_version_nothing_is_approved(town: Town) -> None:
    send(town.maker, f"{town.desk}/texts", **{**TEXTS, "name": "Miến dong mộc"})
    for seen in ("", "x", "9" * 20, "-1"):
        assert send(town.office, f"{town.look}/approve", seen=seen).status_code == 409
    assert send(town.office, f"{town.look}/burn", seen="1").status_code == 404
    assert "Miến dong Thử" in town.reads()


def test_an_edit_of_the_offices_overtakes(town: Town, at: datetime) -> None:
    send(town.maker, f"{town.desk}/texts", **{**TEXTS, "summary": "Dai nhất."})
    with transaction():
        texts = ListingTexts(name="Miến dong Thử", art_seed="x", summary="Lời của tỉnh.")
        save_texts(slug=town.slug, texts=texts, by=BY, at=at)
    look = town.office.get(town.look)
    assert ("đã sửa ở nơi khác" in look.text, "disabled" in look.text) == (True, True)
    refused = send(town.office, f"{town.look}/approve", **hidden(look, f"{town.look}/approve"))
    assert (refused.status_code, "đã được sửa ở đúng chỗ này" in refused.text) == (409, True)
    assert "Lời của tỉnh." in town.reads()


def test_label_and_pictures_side_by_side(town: Town) -> None:
    typed = {**LABEL, "storage": "Tủ lạnh", "ingredients": "Bột sắn", "origin_commune_code": "03388"}
    answer = send(town.maker, f"{town.desk}/label", **typed)
    assert answer.status_code == 302
    assert "Đã gửi tỉnh xem: Thành phần, Cách bảo quản, Cách dùng" in town.maker.get(town.desk).text
    page = town.reads()
    for shown, there in (("Tủ lạnh", False), ("Phường Đoàn Kết", True), ("Có: ", True), ("Bột sắn", False)):
        assert (shown in page) is there, shown
    assert upload(town.maker, town.slug, saved(photo(400, 400)), alt_en="Racks").status_code == 302
    name = db.session.scalars(select(ListingProposal)).one().wanted["pictures"][0]["name"]
    assert "Đây là ảnh bạn đề nghị" in town.maker.get(f"{town.desk}/pictures/").text
    assert f"/media/pictures/{name}/" not in town.reads()
    look = town.office.get(town.look)
    for shown in (f"/media/pictures/{name}/320", "không có ảnh", "ảnh bìa", "Racks", "Bột sắn"):
        assert shown in look.text, shown
    send(town.office, f"{town.look}/approve", **hidden(look, f"{town.look}/approve"))
    assert f"/media/pictures/{name}/" in town.reads()
    send(town.maker, f"{town.desk}/pictures/{name}", alt="Lời khác", x="0", y="0", size="90")
    redone = town.office.get(town.look).text
    assert ("Lời khác" in redone, "</svg>sửa</span>" in redone) == (True, True)
    send(town.maker, f"{town.desk}/proposal/withdraw")
    assert db.session.scalars(select(ListingProposal)).all() == []
    send(town.maker, f"{town.desk}/pictures/{name}/remove")
    assert "</svg>bỏ</span>" in town.office.get(town.look).text
    assert db.session.scalars(select(ListingPicture.name)).one() == name


def test_the_queue_is_filtered_and_paged(town: Town, at: datetime) -> None:
    far = make_producer("Xa", at=at, commune="03394")
    early = at - timedelta(days=2)
    for n in range(32):
        product = make_product(far, f"Bún {n:02}", at=at)
        make_listing(product, at=early + timedelta(minutes=n), state=ListingState.IN_REVIEW)
    send(town.maker, f"{town.desk}/texts", **{**TEXTS, "name": "Miến dong mộc"})
    queue = town.office.get("/office/listings/").text
    for shown in ("33 trang chờ xem", "32 trang mới, 1 thay đổi", "Bún 00", "chờ 2 ngày", "Bún 29", "?page=2"):
        assert shown in queue, shown
    assert "Bún 30" not in queue
    assert "Miến dong Thử" in town.office.get("/office/listings/?page=2").text
    changes = town.office.get("/office/listings/?kind=change&commune=").text
    assert ("Miến dong Thử" in changes, "Bún 00" in changes, "Bỏ lọc" in changes) == (True, False, True)
    assert "Bún 00" in town.office.get("/office/listings/?commune=03394").text
    assert "Không có trang nào hợp" in town.office.get("/office/listings/?commune=03394&kind=change").text
    assert "Bún 00" in town.office.get("/office/listings/?kind=khac&commune=99999").text


def test_history_tells_and_restores(town: Town, at: datetime) -> None:
    first = town.maker.get(f"{town.desk}/history").text
    assert ("Bản đầu" in first, "đang dùng" in first, "Mở trang" in first) == (True, True, True)
    assert "Đây là bản đầu" in town.maker.get(f"{town.desk}/history/1").text
    with transaction():
        texts = ListingTexts(name="Miến của tỉnh", art_seed="x", summary="Ngon.")
        save_texts(slug=town.slug, texts=texts, by=BY, at=at + timedelta(minutes=1))
        sku = db.session.scalars(select(Variant.sku)).one()
        set_price(sku=sku, price=Money(45_000), by=BY, at=at + timedelta(minutes=2))
    page = town.maker.get(f"{town.desk}/history").text
    for shown in (
        "Bản 2",
        "builder, thay cho Lò miến",
        "Tên sản phẩm",
        "Thêm quy cách",
        "từ 50.000\u00a0₫ thành 45.000\u00a0₫",
    ):
        assert shown in page, shown
    second = town.maker.get(f"{town.desk}/history/2").text
    assert ("[bỏ:" in second, "Trang đang nói đúng như bản này" in second) == (True, True)
    assert town.maker.get(f"{town.desk}/history/3").status_code == 404
    assert town.maker.get(f"{town.desk}/history/99999999999").status_code == 404
    answer = send(town.maker, f"{town.desk}/history/1/restore")
    assert answer.headers["Location"] == town.desk
    assert "Miến của tỉnh" in town.reads()  # to go back is a change, and waits like any other
    look = town.office.get(town.look)
    send(town.office, f"{town.look}/approve", **hidden(look, f"{town.look}/approve"))
    assert "Miến dong Thử" in town.reads()
    assert "Vù Thị Sính, thay cho Lò Thị Mây" in town.office.get(f"{town.look}/history").text
    assert "Trở lại bản này" in town.office.get(f"{town.look}/history/2").text
    send(town.office, f"{town.look}/history/2/restore")
    assert "Miến của tỉnh" in town.reads()  # an officer's act needs no other look
    assert "Trở lại bản 2" in town.office.get(f"{town.look}/history").text
    assert send(town.office, f"{town.look}/history/99/restore").status_code == 404
    assert send(town.maker, f"{town.desk}/history/99/restore").status_code == 404


def test_what_cannot_be_restored_is_told(town: Town, at: datetime) -> None:
    with transaction():
        texts = ListingTexts(name="Miến", art_seed="x", summary="Ngon.")
        save_texts(slug=town.slug, texts=texts, by=BY, at=at)
    with transaction():  # what the law asks may have grown since: the old page lacks it
        old = db.session.scalars(select(ListingRevision).where(ListingRevision.number == 1)).one()
        old.said = {**old.said, "summary": ""}
    refused = send(town.maker, f"{town.desk}/history/1/restore")
    assert refused.headers["Location"] == f"{town.desk}/history/1"
    assert "còn thiếu điều nhãn phải ghi" in town.maker.get(f"{town.desk}/history/1").text
    send(town.office, f"{town.look}/history/1/restore")
    assert "còn thiếu điều nhãn phải ghi" in town.office.get(f"{town.look}/history").text


def test_a_long_history_is_paged(town: Town, at: datetime) -> None:
    for n in range(24):
        with transaction():
            texts = ListingTexts(name=f"Miến {n}", art_seed="x", summary="Ngon.")
            save_texts(slug=town.slug, texts=texts, by=BY, at=at + timedelta(minutes=n + 1))
    newest, oldest = (town.maker.get(f"{town.desk}/history?page={n}").text for n in (1, 2))
    assert ("Bản 25" in newest, "Bản 5<" in newest, "Mở trang" in newest) == (True, False, False)
    assert ("Bản 5<" in oldest, "Bản đầu" in oldest, "Mở trang" in oldest) == (True, True, True)
    assert town.maker.get(f"{town.desk}/history?page=9").status_code == 200


def test_the_page_is_shown_while_it_is_typed_and_nothing_is_written(town: Town) -> None:
    editor = town.maker.get(f"{town.desk}/texts").text
    for shown in ('hx-post="/producer/listings/', 'id="live"', 'formtarget="_blank"', "Chưa có tiếng Anh"):
        assert shown in editor, shown
    whole = send(town.maker, f"{town.desk}/preview/texts", **{**TEXTS, "name": "Đang gõ", "summary": "Nửa câu"})
    assert ("<!doctype html>" in whole.text, "Đang gõ" in whole.text, "Nửa câu" in whole.text) == (True, True, True)
    csrf = hidden(town.maker.get(f"{town.desk}/label"), f"{town.desk}/label")
    headers = {"HX-Request": "true"}
    typed = {**csrf, **LABEL, "storage": "Hầm mát", "shelf_life_days": "chín"}
    part = town.maker.post(f"{town.desk}/preview/label", data=typed, headers=headers)
    assert ("<!doctype html>" in part.text, "Hầm mát" in part.text, "90 ngày" in part.text) == (False, True, True)
    both = town.maker.post(f"{town.desk}/preview/label", data={**typed, "no_allergens": "y"}, headers=headers)
    assert both.status_code == 200
    nameless = send(town.maker, f"{town.desk}/preview/texts", name="")
    assert "Miến dong Thử" in nameless.text
    assert send(town.maker, f"{town.desk}/preview/variants").status_code == 404
    assert ("Đang gõ" in town.reads(), db.session.scalars(select(ListingProposal)).all()) == (False, [])


def test_out_of_season_it_rests(app: Flask, town: Town, at: datetime) -> None:
    send(town.maker, f"{town.desk}/label", **{**LABEL, "months": ["1", "2"]})
    page = town.maker.get(town.desk).text
    for shown in ("Hôm nay ngoài mùa. Cho nghỉ tới đầu mùa, 01/01/2027?", 'value="2027-01-01"', "season__month--now"):
        assert shown in page, shown
    for typed in ("", "hôm qua", TODAY.isoformat()):
        refused = send(town.maker, f"{town.desk}/rest", back_on=typed)
        assert (refused.status_code, 'class="errors"' in refused.text) == (422, True)
    assert send(town.maker, f"{town.desk}/wake").status_code == 409
    sku = town.guest.get(f"/products/{town.slug}").text.partition('name="sku" value="')[2].partition('"')[0]
    send(town.guest, "/cart/add", sku=sku, quantity=1)
    assert send(town.maker, f"{town.desk}/rest", back_on=BACK.isoformat()).status_code == 302
    said = f"Hết mùa, có lại từ {BACK:%d/%m/%Y}"
    page = town.reads()
    assert (said in page, "Thêm vào giỏ" in page, "schema.org/OutOfStock" in page) == (True, False, True)
    cart = town.guest.get("/cart").text
    assert (said in cart, "Tới phần giao hàng" in cart) == (True, False)
    assert (
        "hiện không bán" in town.guest.get(send(town.guest, "/cart/add", sku=sku, quantity=1).headers["Location"]).text
    )
    with indexed(app, at):
        listed = town.guest.get("/products").text
        assert f"có lại từ {BACK:%d/%m/%Y}" in listed
        item = town.guest.get(f"/api/v1/products/{town.slug}").get_json()
        assert item["available"] is False
    assert "Đang nghỉ, có lại từ" in town.maker.get(town.desk).text
    send(town.guest, f"/cart/{sku}", later="1")
    assert said in town.guest.get("/cart").text
    send(town.maker, f"{town.desk}/wake")
    assert "Thêm vào giỏ" in town.reads()


def test_terms_at_the_desk_and_for_distributors(app: Flask, town: Town, at: datetime) -> None:
    assert "trong tỉnh 1 đến 3 ngày" in town.maker.get(f"{town.desk}/terms").text
    for typed, sentence in (
        ({"max_transit_days": "hai"}, "Nhập một số nguyên"),
        ({"delivery_radius_km": "5000"}, "từ 1 đến 3.000"),
        ({"capacity_per_month": "300"}, "cả số và đơn vị"),
    ):
        refused = send(town.maker, f"{town.desk}/terms", **typed)
        assert (refused.status_code, sentence in refused.text) == (422, True), typed
    typed = {"capacity_per_month": "1.300", "capacity_unit": "kg", "max_transit_days": "", "delivery_radius_km": "90"}
    assert send(town.maker, f"{town.desk}/terms", **typed).headers["Location"] == town.desk
    overview = town.maker.get(town.desk).text
    assert ("giao trong 90 km" in overview, "khoảng 1300 kg mỗi tháng" in overview) == (True, True)
    shop = new_client(app)
    sign_in(shop, make_user(Role.DISTRIBUTOR, at=at))
    capacity = "Làm được khoảng 1300 kg mỗi tháng"
    assert (capacity in shop.get(f"/products/{town.slug}").text, capacity in town.reads()) == (True, False)
    stay, _ = make_listing(make_product(town.producer, "Ngủ", at=at, set_code="VI.1"), at=at, weight_g=None)
    assert town.maker.get(f"/producer/listings/{stay.slug}/terms").status_code == 404
    assert f"{stay.slug}/terms" not in town.maker.get(f"/producer/listings/{stay.slug}").text


def test_a_page_is_copied_with_files_of_its_own(town: Town, at: datetime) -> None:
    draft, _ = make_listing(make_product(town.producer, "Nháp", at=at), at=at, state=ListingState.DRAFT)
    none = len(files())
    upload(town.maker, draft.slug, saved(photo(700, 700)))
    one = len(files())
    other = make_product(town.producer, "Miến đen", at=at)
    stay = make_product(town.producer, "Ngủ bản", at=at, set_code="VI.1")
    page = town.maker.get(f"/producer/listings/{draft.slug}").text
    assert (f'value="{other.code}"' in page, f'value="{stay.code}"' in page) == (True, False)
    made = send(town.maker, f"/producer/listings/{draft.slug}/duplicate", product=other.code)
    assert made.headers["Location"] == "/producer/listings/mien-den"
    assert len(files()) == one + (one - none)
    first, second = db.session.scalars(select(ListingPicture).order_by(ListingPicture.id))
    assert (first.source_digest, first.alt, first.name == second.name) == (second.source_digest, second.alt, False)
    assert town.guest.get(f"/media/pictures/{second.name}/320.avif").status_code == 200
    assert "Đã chép thành trang nháp" in town.maker.get("/producer/listings/mien-den").text
    again = send(town.maker, f"/producer/listings/{draft.slug}/duplicate", product=other.code)
    assert again.headers["Location"] == f"/producer/listings/{draft.slug}"
    assert "đã có trang bán" in town.maker.get(f"/producer/listings/{draft.slug}").text
    assert send(town.maker, f"/producer/listings/{draft.slug}/duplicate", product="KHONG").status_code == 404
    assert len(files()) == one + (one - none)


def test_letters_are_in_the_readers_language(town: Town, at: datetime) -> None:
    with transaction():
        db.session.get_one(User, town.user.id).language = "en"
    for name in ("Miến một", "Miến hai"):
        send(town.maker, f"{town.desk}/texts", **{**TEXTS, "name": name})
        look = town.office.get(town.look)
        verb = "approve" if name == "Miến một" else "return"
        send(town.office, f"{town.look}/{verb}", **hidden(look, f"{town.look}/{verb}"), remark="Please mend.")
    approved, returned = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    assert ("approved" in approved.subject, "needs mending" in returned.subject) == (True, True)
    assert "Please mend." in returned.text


def test_resting_and_paused_goods_say_so_in_the_list(app: Flask, town: Town, at: datetime) -> None:
    with transaction():
        rest_listing(slug=town.slug, back_on=BACK, by=BY, at=AT)
        save_terms(slug=town.slug, terms=SellingTerms(max_transit_days=2), by=BY, at=at)
        move_listing(slug=town.slug, to=ListingState.PAUSED, by=BY, at=at)
    assert town.guest.get(f"/products/{town.slug}").status_code == 404
    page = town.maker.get(town.desk).text
    assert ("đi đường nhiều nhất 2 ngày" in page, "Bán lại ngay" in page) == (True, True)


def test_an_officer_mends_on_the_makers_behalf(town: Town) -> None:
    assert ("/texts" in town.office.get(town.look).text, "hx-post" in town.office.get(f"{town.look}/texts").text) == (
        True,
        False,
    )
    refused = send(town.office, f"{town.look}/texts", **{**TEXTS, "summary": ""})
    assert (refused.status_code, "Viết một câu giới thiệu." in refused.text) == (422, True)
    assert send(town.office, f"{town.look}/texts", **{**TEXTS, "name": "Miến sửa lỗi"}).headers["Location"] == town.look
    assert "Miến sửa lỗi" in town.reads()
    assert "Vù Thị Sính, thay cho Lò miến" in town.maker.get(f"{town.desk}/history").text
    both = send(town.office, f"{town.look}/label", **LABEL, no_allergens="y")
    assert (both.status_code, "Hoặc đánh dấu nhóm" in both.text) == (422, True)
    assert send(town.office, f"{town.look}/label", **{**LABEL, "ingredients": "Bột sắn dây"}).status_code == 302
    assert "Bột sắn dây" in town.reads()


def test_the_list_says_what_rests_and_each_move_what_it_did(town: Town, at: datetime) -> None:
    assert "nghỉ đến" not in town.maker.get("/producer/listings/").text
    send(town.maker, f"{town.desk}/rest", back_on=BACK.isoformat())
    assert f"nghỉ đến {BACK:%d/%m/%Y}" in town.maker.get("/producer/listings/").text
    for verb, told in (("pause", "Đã tạm ngừng bán."), ("publish", "Đã bán trở lại."), ("withdraw", "Đã rút trang.")):
        assert told in town.maker.get(send(town.maker, f"{town.desk}/{verb}").headers["Location"]).text
