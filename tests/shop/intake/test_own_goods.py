"""One's own goods by file: taken along, changed in a spreadsheet, brought back; every change is shown, then made."""

import csv
import io
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.core.money import Money
from marketplace.platform.imports.models import ImportFinding, ImportState, StagedImport
from marketplace.platform.imports.rules import ChangedMeanwhile, Weight, Work, template
from marketplace.platform.imports.sheets import read_sheet
from marketplace.platform.jobs.worker import run_sweep
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.proposals import find_proposal
from marketplace.shop.catalog.services import set_price
from marketplace.shop.intake.own_columns import COLUMNS
from marketplace.shop.intake.own_goods import OwnGoodsImporter, export_rows, write_own
from marketplace.shop.intake.own_plan import OwnPlan
from marketplace.shop.intake.queries import load_own
from marketplace.shop.inventory.models import StockBatch, StockMovement
from marketplace.shop.inventory.queries import on_hand
from marketplace.shop.inventory.services import BatchFacts, open_stock, receive_batch, set_low_mark, take
from marketplace.shop.pricing.queries import tiers_of
from marketplace.shop.pricing.rules import Tier
from marketplace.shop.pricing.services import set_tiers
from tests.builders import BY, make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import Client
from tests.pages import send, sign_in

HEADER = [column.name for column in COLUMNS]
PAGE = "/producer/goods/"


@pytest.fixture
def owner(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at)


@pytest.fixture
def goods(owner: User, at: datetime) -> Variant:
    made = make_offer("Miến", at=at, producer=make_producer(at=at, user=owner))
    with transaction():
        set_tiers(sku=made.sku, tiers=[Tier(10, Money(45_000))], by=BY, at=at)
        set_low_mark(sku=made.sku, low_at=3, by=BY, at=at)
    return made


def exported(by: Actor) -> list[dict[str, str]]:
    rows = [dict(zip(HEADER, row, strict=True)) for row in export_rows(by=by)]
    db.session.expunge_all()
    db.session.rollback()
    return rows


def csv_file(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def prepare(rows: list[dict[str, str]], by: Actor, at: datetime) -> Work:
    read = read_sheet(csv_file(rows), COLUMNS)
    work = OwnGoodsImporter().prepare(read, {}, by=by, at=at, progress=lambda _done: None)
    db.session.expunge_all()
    db.session.rollback()
    return work


def write(work: Work) -> None:
    with transaction():
        work.write()


def said(work: Work, weight: Weight) -> list[tuple[int, str, str]]:
    return [(f.line, f.column, f.reason % f.facts) for f in work.checked.findings if f.weight is weight]


def bad(row: dict[str, str], by: Actor, at: datetime) -> list[tuple[str, str]]:
    return [(column, words) for _, column, words in said(prepare([row], by, at), Weight.BAD)]


def test_what_is_taken_along_changes_nothing_when_brought_back(owner: User, goods: Variant, at: datetime) -> None:
    rows = exported(owner.actor())
    slug = db.session.get_one(Listing, goods.listing_id).slug
    assert rows == [
        {
            "sku": goods.sku,
            "listing": slug,
            "name": "Miến",
            "name_en": "",
            "summary": "Ngon.",
            "summary_en": "",
            "label": "gói",
            "label_en": "",
            "price_vnd": "50000",
            "low_at": "3",
            "least_quantity": "1",
            "most_quantity": "",
            "weight_g": "500",
            "net_quantity": "500",
            "net_unit": "g",
            "tiers": "10:45000",
            "stock": "10",
            "active": "1",
        }
    ]
    work = prepare(rows, owner.actor(), at)
    assert (work.checked.findings, work.checked.summary) == (
        [],
        {"changed": 0, "new_variants": 0, "texts": 0, "known": 1},
    )
    write(work)
    assert exported(owner.actor()) == rows


def test_every_change_is_shown_and_then_made(owner: User, goods: Variant, at: datetime) -> None:
    row = exported(owner.actor())[0]
    new = {
        "name": "Miến dong", "summary_en": "Good.", "label": "gói lớn", "price_vnd": "55.000", "low_at": "",
        "least_quantity": "2", "most_quantity": "40", "weight_g": "520", "tiers": "5:52000; 10:45000", "stock": "12",
    }  # fmt: skip
    work = prepare([{**row, **new}], owner.actor(), at)
    assert said(work, Weight.BAD) == []
    assert said(work, Weight.NOTE) == [
        (2, "name", "Miến → Miến dong (chờ tỉnh xem; đến lúc đó khách vẫn thấy chữ cũ)"),
        (2, "summary_en", "– → Good. (chờ tỉnh xem; đến lúc đó khách vẫn thấy chữ cũ)"),
        (2, "label", "gói → gói lớn"),
        (2, "price_vnd", "50000 → 55000"),
        (2, "low_at", "3 → –"),
        (2, "least_quantity", "1 → 2"),
        (2, "most_quantity", "– → 40"),
        (2, "weight_g", "500 → 520"),
        (2, "tiers", "10:45000 → 5:52000; 10:45000"),
        (2, "stock", "10 → 12"),
    ]
    write(work)
    at_once = {name: text for name, text in new.items() if name not in ("name", "summary_en")}
    assert exported(owner.actor()) == [{**row, **at_once, "price_vnd": "55000"}]
    proposal = find_proposal(goods.listing_id)
    assert proposal is not None
    assert (proposal.wanted["name"], proposal.wanted["summary_en"]) == ("Miến dong", "Good.")
    moved = select(StockMovement.delta, StockBatch.code).join(StockMovement.batch).order_by(StockMovement.id.desc())
    assert db.session.execute(moved).first() == (2, "-")


def test_wholesale_prices_are_taken_away_by_an_empty_cell(owner: User, goods: Variant, at: datetime) -> None:
    work = prepare([{"sku": goods.sku, "tiers": ""}], owner.actor(), at)
    assert said(work, Weight.NOTE) == [(2, "tiers", "10:45000 → –")]
    write(work)
    assert tiers_of([goods.id]) == {}
    assert OwnGoodsImporter().columns == COLUMNS


def test_a_row_without_a_code_is_a_new_variant(owner: User, goods: Variant, at: datetime) -> None:
    slug = exported(owner.actor())[0]["listing"]
    row = {
        "sku": "", "listing": slug, "label": "gói 1 kg", "price_vnd": "95000", "weight_g": "1050",
        "net_quantity": "1", "net_unit": "kg", "stock": "30", "tiers": "10:90000", "low_at": "5",
    }  # fmt: skip
    work = prepare([row], owner.actor(), at)
    assert said(work, Weight.NOTE) == [(2, "sku", f"Quy cách mới của trang {slug}: gói 1 kg, giá 95000.")]
    write(work)
    first, second = exported(owner.actor())
    assert first["sku"] == goods.sku
    shown = {name: second[name] for name in row if name != "sku"}
    assert shown == {name: text for name, text in row.items() if name != "sku"}
    assert (second["least_quantity"], second["most_quantity"], second["active"]) == ("1", "", "1")
    with pytest.raises(ChangedMeanwhile):
        write(work)


def test_columns_left_out_stay(owner: User, goods: Variant, at: datetime) -> None:
    before = exported(owner.actor())[0]
    write(prepare([{"sku": goods.sku, "price_vnd": "60000"}], owner.actor(), at))
    assert exported(owner.actor()) == [{**before, "price_vnd": "60000"}]
    write(prepare([{"sku": goods.sku, "stock": "", "active": "", "price_vnd": "61000"}], owner.actor(), at))
    assert exported(owner.actor()) == [{**before, "price_vnd": "61000"}]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"sku": "XXX"}, "sku", "Không có mã này trong hàng của bạn: XXX."),
        ({"listing": "khac"}, "listing", "Mã này thuộc trang bán"),
        ({"sku": "", "listing": ""}, "listing", "Không có trang bán này trong hàng của bạn: –."),
        ({"name": ""}, "name", "Ô này còn trống."),
        ({"name": "x" * 201}, "name", "Viết ngắn hơn: nhiều nhất 200 ký tự."),
        ({"summary": ""}, "summary", "Ô này còn trống."),
        ({"price_vnd": ""}, "price_vnd", "Ô này còn trống."),
        ({"price_vnd": "48,5"}, "price_vnd", "Số từ 1 đến 1000000000: 48,5."),
        ({"price_vnd": "45000"}, "tiers", "Giá sỉ phải thấp hơn giá lẻ."),
        ({"tiers": "10-45000"}, "tiers", "Ghi như 10:45000; 50:42000, không như 10-45000."),
        ({"tiers": "10:45000; 20:46000"}, "tiers", "Giá mức sau phải thấp hơn mức trước."),
        ({"most_quantity": "1000"}, "most_quantity", "Số từ 1 đến 999: 1000."),
        ({"least_quantity": "5", "most_quantity": "4"}, "most_quantity", "Mua nhiều nhất phải từ số ít nhất đến 999."),
        ({"weight_g": ""}, "weight_g", "Hàng hóa cần khối lượng gửi; dịch vụ thì không."),
        ({"stock": "-1"}, "stock", "Số từ 0 đến 1000000: -1."),
        ({"active": "x"}, "active", "Ghi 1 hoặc 0: X."),
        ({"active": "0"}, "active", "Trang đang hiện cần ít nhất một quy cách. Hãy tạm ngừng bán trước."),
        ({"net_unit": "lạng"}, "net_unit", "Đơn vị lạ: lạng."),
        ({"sku": "", "net_unit": ""}, "net_quantity", "Lượng tịnh gồm cả số và đơn vị."),
        ({"sku": "", "net_unit": "", "net_quantity": ""}, "net_quantity", "Nhập lượng tịnh"),
    ],
)
def test_a_bad_cell(owner: User, goods: Variant, at: datetime, cells: dict[str, str], column: str, words: str) -> None:
    before = exported(owner.actor())
    told = bad({**before[0], **cells}, owner.actor(), at)
    assert [name for name, _ in told] == [column]
    assert told[0][1].startswith(words)
    assert exported(owner.actor()) == before


def test_rows_that_do_not_agree(owner: User, goods: Variant, at: datetime) -> None:
    row = exported(owner.actor())[0]
    new = {**row, "sku": "", "label": "gói khác", "name": "Tên khác"}
    work = prepare([row, row, new], owner.actor(), at)
    assert said(work, Weight.BAD) == [
        (3, "sku", "Mã này đã ở dòng 2."),
        (4, "name", "Dòng 2 ghi khác cho cùng trang bán."),
    ]
    crowd = prepare([{**new, "name": "Miến", "label": f"gói {n}"} for n in range(20)], owner.actor(), at)
    assert said(crowd, Weight.BAD) == [(21, "sku", "Nhiều nhất 20 quy cách một trang.")]
    empty = prepare([{"sku": "", "listing": row["listing"]}], owner.actor(), at)
    assert {column for _, column, _ in said(empty, Weight.BAD)} == {"label", "price_vnd", "weight_g", "net_quantity"}


def test_several_batches_and_services_are_not_counted_by_file(owner: User, goods: Variant, at: datetime) -> None:
    with transaction():
        receive_batch(sku=goods.sku, facts=BatchFacts(5, "L"), counts=1, by=BY, at=at)
    row = exported(owner.actor())[0]
    assert row["stock"] == "15"
    assert bad({**row, "stock": "14"}, owner.actor(), at) == [
        ("stock", "Món này có nhiều lô. Hãy kiểm từng lô ở trang kho.")
    ]
    producer = db.session.scalars(select(Product)).one().producer_id
    home = make_product(db.session.get_one(Producer, producer), "Nhà sàn", at=at, set_code="VI.1")
    _, stay = make_listing(home, at=at, weight_g=None)
    row = next(row for row in exported(owner.actor()) if row["sku"] == stay.sku)
    assert row["stock"] == ""
    assert bad({**row, "low_at": "3"}, owner.actor(), at) == [("stock", "Dịch vụ không có kho, mức báo và giá sỉ.")]
    write(prepare([{**row, "price_vnd": "70000"}], owner.actor(), at))
    assert db.session.get_one(Variant, stay.id).price == Money(70_000)


def test_what_changed_since_is_noticed_and_sales_of_other_goods_are_not(
    owner: User, goods: Variant, at: datetime
) -> None:
    row = exported(owner.actor())[0]
    work = prepare([{**row, "label": "bao"}], owner.actor(), at)
    with transaction():
        take({goods.id: 1}, reference="N", by=BY, at=at)
    write(work)  # what was sold meanwhile is none of the file's business
    assert on_hand([goods.id]) == {goods.id: 9}
    db.session.rollback()
    row = exported(owner.actor())[0]
    work = prepare([{**row, "stock": "12"}], owner.actor(), at)
    with transaction():
        take({goods.id: 1}, reference="N2", by=BY, at=at)
    with pytest.raises(ChangedMeanwhile):
        write(work)
    work = prepare([{**row, "label": "túi", "stock": "8"}], owner.actor(), at)
    with transaction():
        set_price(sku=goods.sku, price=Money(51_000), by=BY, at=at)
    with pytest.raises(ChangedMeanwhile):
        write(work)
    assert exported(owner.actor()) == [{**row, "stock": "8", "price_vnd": "51000"}]


def test_only_who_keeps_a_shop(owner: User, goods: Variant, at: datetime) -> None:
    foreign = make_user(Role.PRODUCER, at=at)
    make_producer("Khác", at=at, user=foreign)
    assert bad({"sku": goods.sku, "label": "x"}, foreign.actor(), at)[0][0] == "sku"
    with pytest.raises(Forbidden):
        prepare([{"sku": goods.sku, "label": "x"}], BY, at)
    with pytest.raises(Forbidden):
        write_own(OwnPlan(), "", by=BY, at=at)
    assert load_own(by=BY).variants == {}


def test_off_the_page_and_back(owner: User, goods: Variant, at: datetime) -> None:
    row = exported(owner.actor())[0]
    with transaction():
        db.session.get_one(Listing, goods.listing_id).state = ListingState.DRAFT
    for active in ("0", "1"):
        write(prepare([{**row, "active": active}], owner.actor(), at))
        assert exported(owner.actor())[0]["active"] == active


def test_a_cell_that_looks_like_a_formula_comes_back_as_it_was(owner: User, goods: Variant, at: datetime) -> None:
    row = {**exported(owner.actor())[0], "label": "'=gói"}
    write(prepare([row], owner.actor(), at))
    assert exported(owner.actor())[0]["label"] == "=gói"


def upload(client: Client, content: bytes, name: str = "hàng.csv") -> str:
    answer = send(client, PAGE, file=(io.BytesIO(content), name))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def work(app: Flask) -> int:
    db.session.rollback()
    done = run_sweep(app, "jobs")
    db.session.expunge_all()
    db.session.rollback()
    return done


def test_from_the_export_to_the_shop(app: Flask, client: Client, owner: User, goods: Variant, at: datetime) -> None:
    sign_in(client, owner)
    assert "Tải về" in client.get(PAGE).text
    assert "Khối lượng gửi cả bao bì, gam." in client.get(PAGE).text
    text = client.get(f"{PAGE}export.csv").data.decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(HEADER)
    for kind in ("csv", "xlsx"):
        same = upload(client, client.get(f"{PAGE}export.{kind}").data, f"x.{kind}")
        work(app)
        assert "Tệp giống hệt hàng đang có" in client.get(same).text
    page = upload(client, text.replace("50000", "52000").encode())
    assert "Đã kiểm tra 0 trên 1 dòng" in client.get(page).text
    work(app)
    told = client.get(page).text
    assert "50000 → 52000" in told
    assert "Ghi mọi thay đổi" in told
    for _ in range(2):
        assert send(client, f"{page}/apply").status_code == 302
    work(app)
    assert "Đã ghi trọn tệp" in client.get(page).text
    assert db.session.get_one(Variant, goods.id).price == Money(52_000)
    wrong = upload(client, text.replace("50000", "0").encode())
    work(app)
    told = client.get(wrong).text
    assert "Có 1 dòng sai, nên chưa đổi gì cả" in told
    assert "<code>price_vnd</code>" in told
    assert "Ghi mọi thay đổi" not in told
    refused = client.get(send(client, f"{wrong}/apply").headers["Location"]).text
    assert "chưa ghi vào sổ được" in refused
    assert "Đã hủy" in client.get(send(client, f"{wrong}/cancel").headers["Location"]).text
    assert client.get(f"{PAGE}NK00000000").status_code == 404
    assert send(client, f"{PAGE}NK00000000/apply").status_code == 404
    answer = send(client, PAGE, file=(io.BytesIO(b"a,b\n1,2"), "x.csv"))
    assert (answer.status_code, "Cột lạ ở dòng tiêu đề" in answer.text) == (422, True)


def test_the_template_has_an_example_that_is_passed_over(client: Client, owner: User, at: datetime) -> None:
    make_producer(at=at, user=owner)
    sign_in(client, owner)
    header, rows = template(COLUMNS)
    assert all(column.what for column in COLUMNS)
    assert (header, len(rows)) == (HEADER, 1)
    for kind in ("csv", "xlsx"):
        content = client.get(f"{PAGE}template.{kind}").data
        answer = send(client, PAGE, file=(io.BytesIO(content), f"x.{kind}"))
        assert (answer.status_code, "chưa có dòng dữ liệu nào" in answer.text) == (422, True)


def test_a_colleague_sees_the_file_and_a_stranger_does_not(
    app: Flask, client: Client, owner: User, goods: Variant, at: datetime
) -> None:
    sign_in(client, owner)
    page = upload(client, csv_file(exported(owner.actor())))
    stranger = make_user(Role.PRODUCER, at=at)
    make_producer("Khác", at=at, user=stranger)
    sign_in(client, stranger)
    assert client.get(page).status_code == 404
    assert client.get(f"/office/imports/own_goods/{page.rsplit('/', 1)[1]}").status_code in (403, 404)


@pytest.fixture
def wholesale_house(owner: User, at: datetime) -> None:
    """5,000 variants in 250 listings of one producer."""
    producer = make_producer(at=at, user=owner)
    with transaction():
        products = [
            {"code": f"SP-{n}", "producer_id": producer.id, "name": f"Miến {n}", "set_code": "I.3.b", "slug": f"p-{n}"}
            for n in range(250)
        ]
        known = {column.name for column in Product.__table__.columns}
        facts = {"created_at": at, "name_en": ""}
        rows = [{**row, **{k: v for k, v in facts.items() if k in known}} for row in products]
        ids = list(db.session.scalars(insert(Product).returning(Product.id, sort_by_parameter_order=True), rows))
        listings = [
            {
                "slug": f"mien-{n}", "product_id": product, "state": ListingState.DRAFT, "name": f"Miến {n}",
                "art_seed": "mien-1", "created_at": at,
            }
            for n, product in enumerate(ids)
        ]  # fmt: skip
        homes = list(db.session.scalars(insert(Listing).returning(Listing.id, sort_by_parameter_order=True), listings))
        variants = [
            {
                "sku": f"S-{n}",
                "listing_id": homes[n // 20],
                "label": f"gói {n}",
                "price": Money(50_000),
                "weight_g": 500,
            }
            for n in range(5000)
        ]
        made = list(db.session.scalars(insert(Variant).returning(Variant.id, sort_by_parameter_order=True), variants))
        open_stock([(variant_id, 10) for variant_id in made], reference="import", by=BY, at=at)


@pytest.mark.usefixtures("wholesale_house")
def test_five_thousand_rows_from_upload_to_shop(app: Flask, client: Client, owner: User, at: datetime) -> None:
    sign_in(client, owner)
    rows = [
        {**row, "price_vnd": "51000", "stock": "12", "tiers": "10:45000", "low_at": "2"}
        for row in exported(owner.actor())
    ]
    assert len(rows) == 5000
    page = upload(client, csv_file(rows))
    work(app)
    staged = db.session.scalars(select(StagedImport)).one()
    assert (staged.state, staged.rows_done, staged.rows_bad) == (ImportState.CHECKED, 5000, 0)
    assert staged.summary == {"changed": 5000, "new_variants": 0, "texts": 0, "known": 0}
    notes = select(func.count()).select_from(ImportFinding).where(ImportFinding.weight == Weight.NOTE)
    assert db.session.scalar(notes) == 20_000
    send(client, f"{page}/apply")
    work(app)
    assert db.session.scalar(select(func.count()).where(Variant.price == Money(51_000))) == 5000
    some = db.session.scalars(select(Variant.id).where(Variant.sku.in_(("S-0", "S-4999")))).all()
    assert on_hand(some) == dict.fromkeys(some, 12)
    assert tiers_of(some) == dict.fromkeys(some, (Tier(10, Money(45_000)),))
    assert db.session.scalar(select(func.sum(StockMovement.delta))) == 60_000
    assert work(app) == 0


def test_a_file_calls_nothing_by_stars(owner: User, goods: Variant, at: datetime) -> None:
    row = exported(owner.actor())[0]
    for column in ("label", "label_en"):
        told = bad({**row, column: "hop nam sao"}, owner.actor(), at)
        assert told == [(column, "Số sao do giấy chứng nhận nói. Hãy bỏ khỏi chỗ này.")]


def test_changes_are_told_in_the_words_of_the_desk(client: Client, app: Flask, owner: User, goods: Variant) -> None:
    sign_in(client, owner)
    row = exported(owner.actor())[0]
    for changed, words, code in (("55000", "Giá, đồng", False), ("x", "Giá, đồng", True)):
        with io.BytesIO(csv_file([{**row, "price_vnd": changed}])) as file:
            page = send(client, PAGE, file=(file, "hàng.csv")).headers["Location"]
        run_sweep(app, "jobs")
        text = client.get(page).text
        assert (words in text, "<code>price_vnd</code>" in text) == (True, code)
