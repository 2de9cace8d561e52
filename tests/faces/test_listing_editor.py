"""The listing editor: own pages only, nothing typed lost, what is missing said, pictures; the office's look."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.media.stores import FolderStore, media_store
from marketplace.shop.catalog.models import Listing, ListingPicture, ListingState, Variant
from marketplace.shop.catalog.services import move_listing
from tests.builders import BY, make_certificate, make_listing, make_producer, make_product, make_user
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in, token
from tests.platform.media.drawing import hostile, photo, saved

LABEL = {
    "ingredients": "Bột dong riềng, trứng",
    "allergens": ["eggs"],
    "shelf_life_days": "180",
    "shelf_life_from": "made",
    "storage": "Nơi khô",
    "usage": "Nấu chín",
    "months": ["1", "2", "12"],
}
VARIANT = {"net_quantity": "0,5", "net_unit": "kg", "packaging": "bag", "price": "80.000", "weight_g": "560"}


@pytest.fixture
def maker(client: Client, at: datetime) -> tuple[User, Producer]:
    user = make_user(Role.PRODUCER, at=at)
    producer = make_producer("Lò miến", at=at, user=user)
    sign_in(client, user)
    return user, producer


def the_listing() -> Listing:
    db.session.expunge_all()
    db.session.rollback()
    return db.session.scalars(select(Listing).execution_options(populate_existing=True)).one()


def files() -> list[str]:
    store = media_store()
    assert isinstance(store, FolderStore)
    return sorted(path.name for path in Path(store.folder).rglob("*") if path.is_file())


def upload(client: Client, slug: str, data: bytes, **fields: object) -> TestResponse:
    typed = {"csrf_token": token(client), "alt": "Miến phơi trên phên", "x": "50", "y": "50", "size": "100", **fields}
    with BytesIO(data) as sent:
        answer = client.post(f"/producer/listings/{slug}/pictures/", data={**typed, "picture": (sent, "../anh.jpg")})
    answer.request.environ["wsgi.input"].close()  # a large body lies on disk meanwhile
    return answer


def test_from_a_product_to_the_market(app: Flask, client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    product = make_product(maker[1], "Miến dong", at=at)
    make_certificate(product, at=at)
    assert "Miến dong" in client.get("/producer/listings/").text
    base = send(client, "/producer/listings/new", product=product.code).headers["Location"]
    assert base == "/producer/listings/mien-dong"
    assert send(client, "/producer/listings/new", product=product.code).status_code == 404
    page = client.get(base).text
    for sentence in ("Viết một câu giới thiệu.", "Thêm ít nhất một quy cách", "Thành phần", "Còn thiếu"):
        assert sentence in page
    refused = send(client, f"{base}/review")
    assert (refused.status_code, the_listing().state) == (422, ListingState.DRAFT)
    assert "còn thiếu điều nhãn phải ghi" in refused.text
    assert 'id="missing-ingredients"' in client.get(f"{base}/label").text
    texts = {"name": "Miến dong Lò Miến", "summary": "Dai.", "summary_en": "Chewy.", "description": "Một.\nHai."}
    assert send(client, f"{base}/texts", **texts).headers["Location"] == base
    assert send(client, f"{base}/label", **LABEL).headers["Location"] == base
    assert send(client, f"{base}/variants/new", **VARIANT).headers["Location"] == base
    listing, variant = the_listing(), db.session.scalars(select(Variant)).one()
    assert (listing.name, listing.months, listing.told["allergens"]) == (
        "Miến dong Lò Miến",
        frozenset({1, 2, 12}),
        ["eggs"],
    )
    assert (variant.label, variant.label_en, variant.net_quantity) == ("túi 500 g", "500 g bag", 500)
    preview = client.get(f"{base}/preview").text
    for shown in ("bản xem trước", "<strong>trứng</strong>", "16.000\u00a0₫/100 g", "tháng 12 đến tháng 2", "180 ngày"):
        assert shown in preview
    assert send(client, f"{base}/review").headers["Location"] == base
    assert client.get("/products/mien-dong").status_code == 404

    office = new_client(app)
    sign_in(office, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Miến dong Lò Miến" in office.get("/office/listings/").text
    assert "trứng" in office.get("/office/listings/mien-dong").text
    back = "/office/listings/mien-dong/return"
    seen = hidden(office.get("/office/listings/mien-dong"), back)
    empty = send(office, back, **seen, remark=" ")
    assert (empty.status_code, the_listing().state) == (422, ListingState.IN_REVIEW)
    send(office, back, **seen, remark="Ảnh chưa rõ <b>")
    assert (the_listing().state, the_listing().remark) == (ListingState.DRAFT, "Ảnh chưa rõ <b>")
    assert "Ảnh chưa rõ &lt;b&gt;" in client.get(base).text
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert (mail.to_address, "Ảnh chưa rõ <b>" in mail.text, "&lt;b&gt;" in mail.html) == (maker[0].email, True, True)
    send(client, f"{base}/review")
    look = office.get("/office/listings/mien-dong")
    send(client, f"{base}/texts", **{**texts, "summary": "Rất dai."})
    unseen = send(office, "/office/listings/mien-dong/publish", **hidden(look, "/office/listings/mien-dong/publish"))
    assert (unseen.status_code, "vừa sửa lại sau khi bạn mở" in unseen.text) == (409, True)
    assert the_listing().state is ListingState.IN_REVIEW
    send(client, f"{base}/texts", **texts)
    look = office.get("/office/listings/mien-dong")
    send(office, "/office/listings/mien-dong/publish", **hidden(look, "/office/listings/mien-dong/publish"))
    assert (the_listing().state, the_listing().remark) == (ListingState.PUBLISHED, "")
    public = new_client(app).get("/products/mien-dong").text
    for shown in ("Lượng tịnh", "Xã Bình Lư", "Người bán", "Hợp tác xã", "16.000\u00a0₫/100 g", "Dai."):
        assert shown in public
    for to, state in (("pause", ListingState.PAUSED), ("publish", ListingState.PUBLISHED)):
        send(client, f"{base}/{to}")
        assert the_listing().state is state
    refused = send(client, f"{base}/label", **(LABEL | {"ingredients": " "}))
    assert refused.status_code == 422
    assert "Cần có" in refused.text
    assert "Nấu chín" in refused.text
    assert the_listing().ingredients == "Bột dong riềng, trứng"


def test_what_is_mistyped_is_said_and_kept(client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    listing, variant = make_listing(make_product(maker[1], at=at), at=at, state=ListingState.DRAFT)
    base = f"/producer/listings/{listing.slug}"
    for path, fields, sentence, kept in (
        ("texts", {"name": " ", "summary": "Vẫn còn đây"}, "Nhập tên sản phẩm", "Vẫn còn đây"),
        ("label", LABEL | {"shelf_life_days": "0", "usage": "Vẫn còn đây"}, "Nhập số ngày, từ 1.", "Vẫn còn đây"),
        ("label", LABEL | {"no_allergens": "y", "usage": "Vẫn còn đây"}, "Hoặc đánh dấu nhóm", "Vẫn còn đây"),
        ("label", LABEL | {"origin_commune_code": "99999"}, "Chọn một mục trong danh sách.", "Nấu chín"),
        ("variants/new", VARIANT | {"price": "rẻ", "label": "Vẫn còn đây"}, "Nhập giá bằng chữ số", "Vẫn còn đây"),
        ("variants/new", VARIANT | {"net_quantity": "nửa", "label": "Vẫn"}, "Nhập lượng tịnh bằng số", "Vẫn"),
        ("variants/new", VARIANT | {"net_quantity": "NaN", "label": "Vẫn"}, "Nhập lượng tịnh bằng số", "Vẫn"),
        ("variants/new", VARIANT | {"weight_g": "", "label": "Vẫn"}, "Hàng hóa cần khối lượng gửi", "Vẫn"),
        ("variants/new", VARIANT | {"weight_g": "nặng", "label": "Vẫn"}, "Nhập một số nguyên", "Vẫn"),
        ("variants/new", VARIANT | {"net_unit": "", "net_quantity": "5", "label": "Vẫn"}, "gồm cả số và đơn vị", "Vẫn"),
        (
            f"variants/{variant.sku}",
            VARIANT | {"least_quantity": "5", "most_quantity": "2"},
            "phải từ số ít nhất",
            "0,5",
        ),
    ):
        answer = send(client, f"{base}/{path}", **fields)
        assert (answer.status_code, sentence in answer.text, kept in answer.text) == (422, True, True), (path, sentence)
    assert db.session.scalar(select(func.count()).select_from(Variant)) == 1


def test_variants_are_changed_and_retired(client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    listing, variant = make_listing(make_product(maker[1], at=at), at=at)
    base = f"/producer/listings/{listing.slug}"
    changed = VARIANT | {"label": "gói to", "least_quantity": "2", "most_quantity": "10", "grade": "loại một"}
    assert send(client, f"{base}/variants/{variant.sku}", **changed).headers["Location"] == base
    db.session.expunge_all()
    db.session.rollback()
    found = db.session.get_one(Variant, variant.id, populate_existing=True)
    assert (found.label, found.price.amount, found.least_quantity, found.most_quantity) == ("gói to", 80_000, 2, 10)
    assert "mỗi đơn từ 2 đến 10" in client.get(base).text
    assert 'value="gói to"' in client.get(f"{base}/variants/{variant.sku}").text
    send(client, f"{base}/variants/{variant.sku}/retire")
    assert "cần ít nhất một quy cách" in client.get(base).text
    send(client, f"{base}/variants/new", **VARIANT)
    send(client, f"{base}/variants/{variant.sku}/retire")
    db.session.expunge_all()
    db.session.rollback()
    assert not db.session.get_one(Variant, variant.id, populate_existing=True).active
    for verb in ("", "/retire"):
        assert send(client, f"{base}/variants/{variant.sku}{verb}").status_code == 404


def test_pictures_come_in_are_ordered_cut_and_go(
    app: Flask, client: Client, maker: tuple[User, Producer], at: datetime
) -> None:
    product = make_product(maker[1], at=at)
    make_certificate(product, at=at)
    listing, variant = make_listing(product, at=at, state=ListingState.DRAFT)
    base = f"/producer/listings/{listing.slug}/pictures"
    assert "đang dùng tranh vẽ" in client.get(f"{base}/").text
    assert f"/art/I.3.b/{listing.art_seed}.svg" in client.get(f"/producer/listings/{listing.slug}/preview").text
    assert upload(client, listing.slug, saved(photo(900, 700))).headers["Location"] == f"{base}/"
    assert upload(client, listing.slug, saved(photo(900, 800)), alt="Bát miến", alt_en="A bowl").status_code == 302
    first, second = db.session.scalars(select(ListingPicture).order_by(ListingPicture.position))
    assert (first.alt, second.alt, the_listing().cover) == ("Miến phơi trên phên", "Bát miến", first.name)
    again = upload(client, listing.slug, saved(photo(900, 700)))
    assert (again.status_code, "đã có trên trang" in again.text) == (422, True)
    send(client, f"{base}/{second.name}/up")
    assert the_listing().cover == second.name
    send(client, f"{base}/{second.name}/up")
    send(client, f"{base}/{second.name}/down")
    assert the_listing().cover == first.name
    assert "data-crop" in client.get(f"{base}/{first.name}").text
    assert send(client, f"{base}/{first.name}", alt="Phên miến", x="0", y="0", size="60").status_code == 302
    cut = db.session.scalars(select(ListingPicture).where(ListingPicture.alt == "Phên miến")).one()
    assert (cut.name != first.name, cut.crop_size, the_listing().cover) == (True, 60, cut.name)
    refused = send(client, f"{base}/{cut.name}", alt="", x="0", y="0", size="10")
    assert (refused.status_code, "Ghi ảnh cho thấy gì" in refused.text) == (422, True)
    refused = send(client, f"{base}/{cut.name}", alt="Phên", x="0", y="0", size="10")
    assert (refused.status_code, "Khung cắt nhỏ quá" in refused.text) == (422, True)
    assert send(client, f"{base}/{cut.name}", alt="Phên phơi", x="0", y="0", size="60").status_code == 302

    with transaction():
        move_listing(slug=listing.slug, to=ListingState.PUBLISHED, by=BY, at=at)
    page = client.get(f"/products/{listing.slug}").text
    for shown in (f"/media/pictures/{cut.name}/320.avif 320w", 'alt="Phên phơi"', 'href="#picture-2"'):
        assert shown in page
    assert f"/media/pictures/{cut.name}/" in client.get(f"/producers/{maker[1].slug}").text
    image = client.get(f"/api/v1/products/{listing.slug}").get_json()["image_url"]
    assert image.endswith(f"/media/pictures/{cut.name}/320.jpg")
    assert client.get(image.partition("8000")[2]).mimetype == "image/jpeg"
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    assert f"/media/pictures/{cut.name}/" in client.get("/cart").text
    send(client, f"{base}/{cut.name}/remove")
    send(client, f"{base}/{second.name}/remove")
    assert the_listing().cover == cut.name  # the public sees it until an officer has looked
    assert "đang dùng tranh vẽ" in client.get(f"{base}/").text
    assert send(client, f"{base}/{second.name}/remove").status_code == 404
    assert send(client, f"{base}/{second.name}/turn").status_code == 404


@pytest.mark.parametrize("kind", list(hostile()))
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_refused_file_leaves_nothing(
    app: Flask, client: Client, maker: tuple[User, Producer], at: datetime, kind: str
) -> None:
    data, sentence = hostile()[kind]
    listing, _ = make_listing(make_product(maker[1], at=at), at=at)
    before, jobs = files(), db.session.scalar(select(func.count()).select_from(Job))
    answer = upload(client, listing.slug, data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert "Miến phơi trên phên" in answer.text
    assert db.session.scalar(select(func.count()).select_from(ListingPicture)) == 0
    assert db.session.scalar(select(func.count()).select_from(Job)) == jobs
    assert (files(), the_listing().cover) == (before, None)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_page_holds_eight_pictures(app: Flask, client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    listing, _ = make_listing(make_product(maker[1], at=at), at=at, state=ListingState.DRAFT)
    for n in range(8):
        assert upload(client, listing.slug, saved(photo(330 + n, 330))).status_code == 302
    before = files()
    answer = upload(client, listing.slug, saved(photo(400, 400)))
    assert answer.status_code == 422
    assert (files(), db.session.scalar(select(func.count()).select_from(ListingPicture))) == (before, 8)


def test_medicine_is_refused_in_words_and_leaves_the_shop(
    client: Client, maker: tuple[User, Producer], at: datetime
) -> None:
    product = make_product(maker[1], "Cao thuốc", at=at, set_code="III.1")
    make_certificate(product, at=at)
    listing, variant = make_listing(product, at=at)
    assert client.get(f"/products/{listing.slug}").status_code == 200
    base = f"/producer/listings/{listing.slug}"
    answer = send(client, f"{base}/label", **LABEL, warnings="Hỏi thầy thuốc", declared_kind="medicine")
    assert "Thuốc không được bán trên chợ này" in client.get(answer.headers["Location"]).text
    assert the_listing().state is ListingState.PAUSED
    assert client.get(f"/products/{listing.slug}").status_code == 404
    refused = send(client, f"{base}/publish")
    assert (refused.status_code, "Thuốc không được bán" in refused.text) == (422, True)
    send(client, "/cart/add", sku=variant.sku, quantity=1)
    assert "không bán nữa" in client.get("/cart").text


def test_the_profile_says_who_sells(client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    typed = {"street": "Bản Thẳm", "founded_year": "2012", "story": "Kể."}
    answer = send(client, "/producer/profile/", **(typed | {"founded_year": "2090"}))
    assert (answer.status_code, "không thể ở tương lai" in answer.text, "Bản Thẳm" in answer.text) == (422, True, True)
    assert send(client, "/producer/profile/", **typed).status_code == 302
    with transaction():
        producer = db.session.get_one(Producer, maker[1].id)
        producer.registration_number, producer.tax_code, producer.phone = "6200.12345", "6200012345", "+84912345678"
    page = client.get(f"/producers/{maker[1].slug}").text
    for shown in ("Bản Thẳm", "6200.12345", "0912 345 678", "2012", "Kể."):
        assert shown in page
    assert "6200012345" not in page, "a household's tax code is a person's number: shown only where nothing else is"
    with transaction():
        db.session.get_one(Producer, maker[1].id).registration_number = None
    assert "6200012345" in client.get(f"/producers/{maker[1].slug}").text
