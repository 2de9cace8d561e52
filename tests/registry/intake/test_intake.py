"""Files of certificates: planned against the register, written whole in one block, or not at all."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Organisation, Role
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import Change
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.imports.rules import ChangedMeanwhile, Weight, Work
from marketplace.platform.imports.sheets import read_sheet
from marketplace.registry.certification.models import Certificate, Decision, Product
from marketplace.registry.certification.queries import list_of_product
from marketplace.registry.certification.rules import AuthorityLevel
from marketplace.registry.certification.services import DecisionFacts, certify
from marketplace.registry.intake.queries import register_state
from marketplace.registry.intake.rules import COLUMNS
from marketplace.registry.intake.services import CertificatesImporter, write_plan
from tests.builders import BY, make_certificate, make_listing, make_producer, make_product, make_user
from tests.registry.intake.files import csv_file, many, row

TABLES = (Organisation, Producer, Product, Decision, Certificate, AuditEntry, Change)


def prepare(rows: Iterable[dict[str, str]], at: datetime, by: Actor = BY, province: str = "12") -> Work:
    read = read_sheet(csv_file(rows), COLUMNS)
    return CertificatesImporter(province).prepare(read, {}, by=by, at=at, progress=lambda _done: None)


def bring_in(rows: Iterable[dict[str, str]], at: datetime, by: Actor = BY) -> Work:
    work = prepare(rows, at, by)
    assert work.checked.bad_lines == 0, work.checked.findings
    with transaction():
        work.write()
    return work


def counts() -> list[int]:
    found = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]
    db.session.rollback()
    return found


def told(work: Work) -> list[tuple[int, str, str, str]]:
    return [(f.line, f.column, f.weight.value, f.reason % f.facts) for f in work.checked.findings]


def test_a_good_file_makes_what_it_says(app: Flask, at: datetime) -> None:
    work = bring_in(
        [
            row(),
            row(product_name="Miến đao", certificate_number="02/OCOP", stars="3", score="", expires_on="2027-01-01"),
            row(product_name="Khăn", producer_name="Tổ thêu", producer_kind="group", issued_on="2022-06-01",
                category_code="1048-25", commune_code="3388"),
        ],
        at,
    )  # fmt: skip
    assert work.checked.summary == {
        "producers": 2, "products": 3, "decisions": 2, "certificates": 3, "known": 0, "renewed": 0, "raised": 0,
        "lowered": 0,
    }  # fmt: skip
    assert {p.name: (p.slug, p.kind.value, p.verified_at) for p in db.session.scalars(select(Producer))} == {
        "HTX Bình Lư": ("htx-binh-lu", "cooperative", None),
        "Tổ thêu": ("to-theu", "group", None),
    }
    found = db.session.execute(select(Product.name, Product.set_code, Certificate).join(Certificate.product))
    assert {name: (code, c.stars, c.set_code, str(c.score), c.expires_on) for name, code, c in found} == {
        "Miến dong": ("I.3.b", 4, "I.3.b", "78.50", date(2029, 3, 2)),
        "Miến đao": ("I.3.b", 3, "I.3.b", "None", date(2027, 1, 1)),
        "Khăn": ("IV.1", 4, "1048-25", "78.50", date(2025, 6, 1)),
    }
    acts = db.session.execute(select(AuditEntry.action, func.count()).group_by(AuditEntry.action)).all()
    assert {act[0]: act[1] for act in acts} == {
        "producer.created": 2, "product.created": 3, "certificate.entered": 3,
    }  # fmt: skip


GOLDEN = """\
line 2, stars, bad: Cấp này không có quyền công nhận số sao này vào ngày ban hành.
line 3, issued_on, bad: Ngày phải viết dd/mm/yyyy hoặc yyyy-mm-dd: 31/02/2026.
line 3, commune_code, bad: Không có xã, phường nào của tỉnh hiện nay mang mã 00004.
line 4, producer_name, note: Nơi làm mới, chưa xác minh: chưa bán được cho đến khi xác minh.
line 5, product_name, bad: Trùng với dòng 4: cùng sản phẩm và cùng quyết định.
line 6, authority, bad: Quyết định này đã được nhập với cấp ban hành khác.
line 7, certificate_number, warning: Số in trên giấy trùng với dòng 4.
line 8, score, warning: Điểm 55 thường ứng với 3 sao, tệp ghi 4 sao.
line 8, certificate_number, warning: Số in trên giấy này đã có trong sổ cho giấy khác.
line 9, stars, bad: Chứng nhận {known} đã có trong sổ và ghi khác: 3.
line 9, score, bad: Chứng nhận {known} đã có trong sổ và ghi khác: –.
line 10, stars, note: Nâng sao: 3 sao thành 4 sao; giấy trước được thay.
line 11, stars, warning: Hạ sao: 4 sao còn 3 sao; giấy trước được thay.
line 12, producer_kind, warning: Sổ ghi nơi làm này là loại khác; giữ như trong sổ.
line 12, category_code, warning: Sổ ghi sản phẩm này ở bộ I.3.b; giữ như trong sổ.
line 12, stars, note: Cấp lại 3 sao; giấy trước được thay.
"""


def old_certificate(at: datetime) -> str:
    """A certificate of 3 stars in the register, by a decision of 1 June 2022."""
    product = make_product(make_producer("HTX Cũ", at=at), "Chè Cũ", at=at)
    decision = DecisionFacts("UBND tỉnh Lai Châu", AuthorityLevel.PROVINCE, "7/QĐ-UBND", date(2022, 6, 1))
    with transaction():
        kept = certify(product_code=product.code, decision=decision, stars=3, printed_number="9/OCOP", by=BY, at=at)
    return kept.code


def test_the_exact_problems_of_a_bad_file(app: Flask, at: datetime) -> None:
    code = old_certificate(at)
    old = {"producer_name": "htx cu", "product_name": "che cu", "score": "", "certificate_number": "9/OCOP"}
    first = {"decision_number": "7/QĐ-UBND", "issued_on": "2022-06-01"}
    mistaken = DecisionFacts("UBND tỉnh Lai Châu", AuthorityLevel.DISTRICT, "5/QĐ", date(2024, 6, 1))
    product = make_product(make_producer("HTX Khác", at=at), at=at)
    with transaction():
        certify(product_code=product.code, decision=mistaken, stars=3, by=BY, at=at)
    before = counts()
    work = prepare(
        [
            row(stars="5", certificate_number="0/OCOP"),
            row(issued_on="31/02/2026", commune_code="00004"),
            row(),
            row(product_name="MIEN DONG"),
            row(decision_number="5/QĐ", issued_on="2024-06-01", certificate_number="3/OCOP"),
            row(product_name="Miến ba"),
            row(product_name="Miến bốn", certificate_number="9/OCOP", score="55"),
            row(**(old | first | {"stars": "4", "score": "70"})),
            row(**(old | {"decision_number": "8/QĐ", "issued_on": "2022-07-01", "certificate_number": "10/O"})),
            row(**(old | {"stars": "3", "issued_on": "2025-08-01", "certificate_number": "11/O"})),
            row(**(old | {"producer_kind": "farm", "category_code": "I.5.a", "certificate_number": "12/O",
                          "decision_number": "9/QĐ", "issued_on": "2025-08-02", "stars": "3"})),
        ],
        at,
    )  # fmt: skip
    lines = [f"line {line}, {column}, {weight}: {reason}" for line, column, weight, reason in told(work)]
    assert lines == GOLDEN.format(known=code).splitlines()
    assert work.checked.bad_lines == 5
    assert counts() == before


def test_the_same_file_again_is_recognised(app: Flask, at: datetime) -> None:
    bring_in(many(6), at)
    before = counts()
    again = bring_in(many(6), at)
    assert again.checked.summary["known"] == 6
    assert counts() == before


def test_a_listing_follows_its_products_new_certificate(app: Flask, at: datetime) -> None:
    producer = make_producer("HTX Bình Lư", at=at)
    product = make_product(producer, "Miến dong", at=at)
    make_certificate(product, at=at, stars=4, days_ago=900)
    make_listing(product, at=at)
    before = db.session.scalar(select(func.count()).select_from(Change)) or 0
    bring_in([row(stars="3", score="", issued_on="2026-03-02")], at)
    assert [c.stars for c in list_of_product(product.id)] == [3, 4]
    assert db.session.scalar(select(func.count()).select_from(Change)) == before + 1


def test_an_older_certificate_entered_late_takes_no_place(app: Flask, at: datetime) -> None:
    product = make_product(make_producer("HTX Bình Lư", at=at), "Miến dong", at=at)
    make_certificate(product, at=at, stars=4, days_ago=10)
    late = bring_in([row(stars="3", score="", issued_on="2022-06-01")], at)
    assert told(late) == []
    assert [c.stars for c in list_of_product(product.id)] == [4, 3]


def test_only_who_keeps_the_register(app: Flask, at: datetime) -> None:
    commune = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    before = counts()
    with pytest.raises(Forbidden):
        prepare([row()], at, by=commune)
    work = prepare([row()], at)
    write = work.write
    assert isinstance(write, partial)
    with pytest.raises(Forbidden), transaction():
        write_plan(*write.args, by=commune, at=at)
    assert counts() == before


def test_an_officer_brings_in_their_own_province_only(app: Flask, at: datetime) -> None:
    here, elsewhere = (make_user(Role.PROVINCE_OFFICER, at=at, unit=unit).actor() for unit in ("12", "01"))
    assert prepare([row()], at, by=here).checked.bad_lines == 0
    assert [(f.column, f.weight) for f in prepare([row()], at, by=elsewhere).checked.findings] == [
        ("commune_code", Weight.BAD)
    ]


def test_a_change_between_check_and_writing_is_noticed(app: Flask, at: datetime) -> None:
    work = prepare([row()], at)
    make_product(make_producer("HTX Bình Lư", at=at), "Miến dong", at=at)  # what the file would have made
    before = counts()
    with pytest.raises(ChangedMeanwhile), transaction():
        work.write()
    assert counts() == before


def test_without_that_guard_the_block_breaks_on_the_database(app: Flask, at: datetime) -> None:
    """The twin: told that the register is as it was, it would write over what came between, and nothing stays of it."""
    work = prepare([row()], at)
    make_product(make_producer("HTX Bình Lư", at=at), "Miến dong", at=at)
    write = work.write
    assert isinstance(write, partial)
    plan, named, _ = write.args
    before, now = counts(), register_state()
    with pytest.raises(IntegrityError), transaction():
        write_plan(plan, named, now, by=BY, at=at)
    assert counts() == before


def test_slugs_of_the_same_name_differ(app: Flask, at: datetime) -> None:
    make_producer("HTX Bình Lư", at=at, commune="03388")
    rows = [row(product_name="Miến dong", commune_code=code) for code in ("03390", "03394")]
    bring_in(rows, at)
    assert sorted(db.session.scalars(select(Producer.slug))) == ["htx-binh-lu", "htx-binh-lu-2", "htx-binh-lu-3"]
    assert sorted(db.session.scalars(select(Product.slug))) == ["mien-dong", "mien-dong-2"]


def test_the_command(app: Flask, at: datetime, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(csv_file(many(3)))
    bad.write_bytes(csv_file([*many(2), row(stars="9")]))
    runner = app.test_cli_runner()
    before = counts()
    failed = runner.invoke(args=["import", "certificates", str(bad)])
    assert (failed.exit_code, "line 4, stars, BAD: Số sao là 3, 4 hoặc 5: 9." in failed.output) == (1, True)
    assert "1 of 3 rows are bad; nothing was imported" in failed.output
    dry = runner.invoke(args=["import", "certificates", str(good), "--dry-run"])
    assert (dry.exit_code, "3 rows are good" in dry.output) == (0, True)
    assert counts() == before
    done = runner.invoke(args=["import", "certificates", str(good)])
    assert (done.exit_code, "3 rows imported" in done.output) == (0, True)
    assert db.session.scalar(select(func.count(Certificate.id))) == 3
    good.write_bytes(b"a,b\n1,2\n")
    strange = runner.invoke(args=["import", "certificates", str(good)])
    assert (strange.exit_code, "Cột lạ" in strange.output) == (1, True)
