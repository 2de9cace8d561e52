"""Files of goods: listings, variants and stock of certified products, whole or not at all."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import Change
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.imports.rules import ChangedMeanwhile, Work
from marketplace.platform.imports.sheets import read_sheet
from marketplace.registry.certification.models import Certificate
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.intake.rules import COLUMNS
from marketplace.shop.intake.services import ProductsImporter, write_goods
from marketplace.shop.inventory.models import Stock, StockMovement
from marketplace.shop.inventory.queries import on_hand
from tests.builders import BY, make_certificate, make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import TODAY, Client
from tests.pages import send, sign_in

HEADER = [column.name for column in COLUMNS]
GOOD = {
    "sku": "M-500",
    "name": "Miến dong",
    "name_en": "Canna noodles",
    "description": "Sợi mộc.",
    "price_vnd": "50.000",
    "stock": "12",
    "weight_g": "550",
    "unit": "gói 500 g",
    "shelf_life_days": "365",
    "images": "",
}


def csv_file(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def prepare(rows: Iterable[dict[str, str]], at: datetime, *, publish: bool = False, by: Actor = BY) -> Work:
    read = read_sheet(csv_file(rows), COLUMNS)
    return ProductsImporter().prepare(read, {"publish": publish}, by=by, at=at, progress=lambda _done: None)


def bring_in(rows: Iterable[dict[str, str]], at: datetime, *, publish: bool = False) -> Work:
    work = prepare(rows, at, publish=publish)
    assert work.checked.bad_lines == 0, work.checked.findings
    with transaction():
        work.write()
    return work


def certified(
    at: datetime, name: str = "Miến dong", *, verified: bool = True, printed: str = "", **of: str
) -> Certificate:
    product = make_product(make_producer(f"HTX {name}", at=at, verified=verified), name, at=at, **of)
    return make_certificate(product, at=at, printed=printed)


def counts() -> list[int]:
    tables = (Listing, Variant, Stock, StockMovement, AuditEntry, Change)
    found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    db.session.rollback()
    return found


def told(work: Work) -> list[tuple[int, str, str, str]]:
    return [(f.line, f.column, f.weight.value, f.reason % f.facts) for f in work.checked.findings]


def test_two_packs_of_one_product_and_a_third_later(app: Flask, at: datetime) -> None:
    certificate = certified(at, printed="7/OCOP")
    row = {**GOOD, "certificate_number": "7/OCOP"}
    work = bring_in([row, {**row, "sku": "M-1000", "unit": "gói 1 kg", "stock": "", "price_vnd": "95000"}], at)
    assert work.checked.summary == {"listings": 1, "variants": 2, "published": 1, "verified": 0, "known": 0}
    listing = db.session.scalars(select(Listing)).one()
    assert (listing.slug, listing.state, listing.shelf_life_days) == ("mien-dong", ListingState.PUBLISHED, 365)
    variants = {v.sku: v for v in db.session.scalars(select(Variant))}
    assert {sku: (v.price.amount, v.weight_g, v.label) for sku, v in variants.items()} == {
        "M-500": (50_000, 550, "gói 500 g"),
        "M-1000": (95_000, 550, "gói 1 kg"),
    }
    assert on_hand(v.id for v in variants.values()) == {variants["M-500"].id: 12, variants["M-1000"].id: 0}
    again = [{**row, "certificate_number": certificate.code.lower()}, {**row, "sku": "M-2"}]
    later = bring_in(again, at)
    assert later.checked.summary == {"listings": 0, "variants": 1, "published": 0, "verified": 0, "known": 1}
    assert told(later) == [(2, "sku", "note", "Mã hàng này đã có, bỏ qua.")]


def test_the_exact_problems_of_a_bad_file(app: Flask, at: datetime) -> None:
    one = certified(at, "Một", printed="1/OCOP")
    certified(at, "Hai", printed="1/OCOP")
    tour = certified(at, "Bản", set_code="VI.1")
    taken = make_offer(at=at)
    good = {**GOOD, "certificate_number": one.code}
    before = counts()
    work = prepare(
        [
            {**good, "certificate_number": "nope"},
            {**good, "certificate_number": "1/OCOP"},
            {**good, "sku": "có dấu", "price_vnd": "miễn phí", "weight_g": "0", "unit": ""},
            {**good, "weight_g": ""},
            {**good, "certificate_number": tour.code},
            {**good, "sku": taken.sku},
            good,
            {**good, "name": "x" * 201},
            good,
            {**good, "sku": "P", "price_vnd": ""},
            {**good, "sku": "Q", "images": "a.jpg"},
        ],
        at,
    )
    assert told(work) == [
        (2, "certificate_number", "bad", "Không có giấy chứng nhận nào mang số nope."),
        (3, "certificate_number", "bad", "Số này in trên nhiều giấy. Hãy ghi mã tra cứu (CN…) của giấy."),
        (4, "sku", "bad", "Mã hàng gồm chữ không dấu, số và dấu . _ -, nhiều nhất 40 ký tự."),
        (4, "price_vnd", "bad", "Số nguyên từ 1 đến 1000000000: miễn phí."),
        (4, "weight_g", "bad", "Số nguyên từ 1 đến 1000000: 0."),
        (4, "unit", "bad", "Ô này còn trống."),
        (5, "weight_g", "bad", "Hàng hóa cần khối lượng gửi, tính bằng gam."),
        (6, "weight_g", "bad", "Dịch vụ không có khối lượng và không có kho."),
        (7, "sku", "bad", "Mã hàng này đã có với sản phẩm hoặc giá khác."),
        (9, "name", "bad", "Dài quá 200 ký tự."),
        (10, "sku", "bad", "Mã hàng trùng với dòng 8."),
        (11, "price_vnd", "bad", "Ô này còn trống."),
        (12, "images", "warning", "Ảnh chưa nhận qua tệp; hãy thêm trên trang bán."),
    ]
    assert counts() == before


@pytest.mark.parametrize(("publish", "state"), [(False, ListingState.DRAFT), (True, ListingState.PUBLISHED)])
def test_an_unverified_producer_is_published_only_on_demand(
    app: Flask, at: datetime, publish: bool, state: ListingState
) -> None:
    certificate = certified(at, verified=False)
    work = bring_in([{**GOOD, "certificate_number": certificate.code}], at, publish=publish)
    assert db.session.scalars(select(Listing)).one().state is state
    assert (db.session.scalars(select(Producer)).one().verified_at == at) is publish
    assert work.checked.summary["verified"] == publish
    assert [f.column for f in work.checked.findings] == ([] if publish else ["certificate_number"])


def test_services_have_no_stock_and_lapsed_goods_are_told(app: Flask, at: datetime) -> None:
    tour = certified(at, "Bản", set_code="VI.1")
    lapsed = make_certificate(
        make_product(make_producer(at=at), at=at), at=at, days_ago=500, expires_on=TODAY.replace(year=2025, month=12)
    )
    rows = [
        {**GOOD, "certificate_number": tour.code, "weight_g": "", "stock": ""},
        {**GOOD, "certificate_number": lapsed.code, "sku": "L"},
    ]
    work = bring_in(rows, at)
    assert told(work) == [(3, "certificate_number", "warning", "Giấy này không còn hiệu lực, nên hàng chưa lên chợ.")]
    assert db.session.scalar(select(func.count()).select_from(Stock)) == 1


def test_a_file_of_services_alone(app: Flask, at: datetime) -> None:
    tour = certified(at, "Bản", set_code="VI.1")
    bring_in([{**GOOD, "certificate_number": tour.code, "weight_g": "", "stock": ""}], at)
    assert db.session.scalar(select(func.count()).select_from(Stock)) == 0


def test_the_same_file_again_makes_nothing(app: Flask, at: datetime) -> None:
    code = certified(at).code
    rows = [{**GOOD, "certificate_number": code, "sku": f"S{n}"} for n in range(501)]
    bring_in(rows, at)
    before = counts()
    assert bring_in(rows, at).checked.summary["known"] == 501
    assert counts() == before


def test_a_change_in_between_is_noticed(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    work = prepare([{**GOOD, "certificate_number": make_certificate(product, at=at).code}], at)
    make_listing(product, at=at)
    before = counts()
    with pytest.raises(ChangedMeanwhile), transaction():
        work.write()
    assert counts() == before


def test_only_who_keeps_listings(app: Flask, at: datetime) -> None:
    commune = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    row = {**GOOD, "certificate_number": certified(at).code}
    with pytest.raises(Forbidden):
        prepare([row], at, by=commune)
    write = prepare([row], at).write
    assert isinstance(write, partial)
    with pytest.raises(Forbidden), transaction():
        write_goods(*write.args, by=commune, at=at)


def test_the_command_and_the_page(app: Flask, client: Client, at: datetime, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_bytes(csv_file([{**GOOD, "certificate_number": certified(at, verified=False).code}]))
    runner = app.test_cli_runner()
    assert runner.invoke(args=["import", "products", str(file), "--dry-run"]).exit_code == 0
    assert db.session.scalar(select(func.count(Listing.id))) == 0
    done = runner.invoke(args=["import", "products", str(file), "--publish"])
    assert (done.exit_code, "1 rows imported (listings 1, variants 1, published 1, verified 1)" in done.output) == (
        0,
        True,
    )
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    assert "Đăng ngay các trang bán mới" in client.get("/office/imports/products").text
    upload = {"file": (io.BytesIO(file.read_bytes()), "goods.csv"), "publish": "1"}
    page = send(client, "/office/imports/products", **upload).headers["Location"]
    assert "Đã kiểm tra 0 trên 1 dòng" in client.get(page).text
