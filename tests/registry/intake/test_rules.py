"""One row read by itself: every column's reasons, and what the authority's name tells."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.platform.imports.rules import Finding, Row, Weight
from marketplace.registry.certification.rules import AuthorityLevel
from marketplace.registry.intake.rules import CertificateRow, authority_level, read_row
from tests.registry.intake.files import row

TODAY = date(2026, 11, 23)
COMMUNES = {"03390", "03388"}


def read(**changes: str) -> tuple[CertificateRow | None, list[Finding]]:
    return read_row(Row(2, row(**changes)), communes=COMMUNES, today=TODAY)


def good(**changes: str) -> CertificateRow:
    found, findings = read(**changes)
    assert found is not None, findings
    return found


@pytest.mark.parametrize(
    ("authority", "level"),
    [
        ("UBND tỉnh Lai Châu", AuthorityLevel.PROVINCE),
        ("Ủy ban nhân dân tỉnh Lai Châu", AuthorityLevel.PROVINCE),
        ("Chủ tịch UBND tỉnh Lai Châu", AuthorityLevel.PROVINCE),
        ("UBND thành phố Hà Nội", AuthorityLevel.PROVINCE),
        ("UBND TP. Hồ Chí Minh", AuthorityLevel.PROVINCE),
        ("UBND thành phố Lai Châu", AuthorityLevel.DISTRICT),
        ("UBND huyện Tam Đường", AuthorityLevel.DISTRICT),
        ("ubnd thị xã Sa Pa", AuthorityLevel.DISTRICT),
        ("UBND quận Hà Đông", AuthorityLevel.DISTRICT),
        ("Bộ Nông nghiệp và Môi trường", AuthorityLevel.MINISTRY),
        ("Bộ trưởng Bộ Nông nghiệp và PTNT", AuthorityLevel.MINISTRY),
        ("UBND xã Bình Lư", None),
        ("Sở Nông nghiệp", None),
    ],
)
def test_the_level_that_a_name_tells(authority: str, level: AuthorityLevel | None) -> None:
    assert authority_level(authority) is level


def test_a_good_row() -> None:
    found = good()
    assert (found.issued_on, found.expires_on) == (date(2026, 3, 2), date(2029, 3, 2))
    assert (found.stars, found.score, found.level) == (4, Decimal("78.5"), AuthorityLevel.PROVINCE)
    assert (found.set_code, found.granted.code, found.potential_five) == ("I.3.b", "I.3.b", False)


@pytest.mark.parametrize("day", ["2026-03-02", "2/3/2026", "02/03/2026", "2026-3-2"])
def test_days_as_written(day: str) -> None:
    assert good(issued_on=day).issued_on == date(2026, 3, 2)


def test_spreadsheets_lose_leading_zeros() -> None:
    assert good(commune_code="3390").commune_code == "03390"


def test_the_set_in_both_classifications() -> None:
    old = good(issued_on="2022-06-01", category_code="1048-09")
    assert (old.set_code, old.granted.code) == ("I.3.d", "1048-09")
    today = good(issued_on="2022-06-01", category_code="IV.1")
    assert (today.set_code, today.granted.code) == ("IV.1", "1048-24")


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        ({"certificate_number": ""}, "certificate_number", "còn trống"),
        ({"decision_number": "x" * 65}, "decision_number", "Dài quá"),
        ({"authority": "UBND xã Bình Lư"}, "authority", "Không rõ cấp"),
        ({"issued_on": ""}, "issued_on", "Ngày phải viết"),
        ({"issued_on": "2026-02-30"}, "issued_on", "Ngày phải viết"),
        ({"issued_on": "tháng ba"}, "issued_on", "Ngày phải viết"),
        ({"issued_on": "24/11/2026"}, "issued_on", "tương lai"),
        ({"issued_on": "2018-05-06"}, "issued_on", "07/05/2018"),
        ({"expires_on": "x"}, "expires_on", "Ngày phải viết"),
        ({"expires_on": "02/03/2026"}, "expires_on", "phải sau"),
        ({"expires_on": "02/03/2126"}, "expires_on", "phải sau"),
        ({"stars": "2"}, "stars", "3, 4 hoặc 5"),
        ({"stars": ""}, "stars", "3, 4 hoặc 5"),
        ({"stars": "5"}, "stars", "không có quyền"),
        ({"stars": "3", "issued_on": "2024-01-01"}, "stars", "không có quyền"),
        ({"score": "100,01"}, "score", "Điểm từ 0"),
        ({"score": "NaN"}, "score", "Điểm từ 0"),
        ({"score": "66.667"}, "score", "Điểm từ 0"),
        ({"score": "-1"}, "score", "Điểm từ 0"),
        ({"product_name": " "}, "product_name", "còn trống"),
        ({"producer_kind": "htx"}, "producer_kind", "Loại nơi làm"),
        ({"commune_code": "00004"}, "commune_code", "của tỉnh hiện nay"),
        ({"commune_code": "x"}, "commune_code", "năm chữ số"),
        ({"commune_code": "٣٣٩٠"}, "commune_code", "năm chữ số"),
        ({"category_code": "IX.1"}, "category_code", "Không có bộ"),
        ({"category_code": "1048-09"}, "category_code", "phân loại cũ"),
    ],
)
def test_why_a_row_is_bad(changes: dict[str, str], column: str, words: str) -> None:
    found, findings = read(**changes)
    assert found is None
    assert [(f.line, f.column, f.weight) for f in findings] == [(2, column, Weight.BAD)]
    assert words in findings[0].reason
    assert findings[0].reason % findings[0].facts


def test_every_bad_cell_is_told_at_once() -> None:
    _, findings = read(issued_on="x", stars="9", commune_code="", authority="Ai đó")
    assert [f.column for f in findings] == ["issued_on", "stars", "commune_code", "authority"]


@pytest.mark.parametrize(
    ("changes", "weight", "words"),
    [
        ({"score": "60"}, Weight.WARNING, "thường ứng với"),
        ({"score": "95"}, Weight.NOTE, "Tiềm năng 5 sao"),
    ],
)
def test_what_is_odd_is_told(changes: dict[str, str], weight: Weight, words: str) -> None:
    found, findings = read(**changes)
    assert found is not None
    assert [(f.column, f.weight, words in f.reason) for f in findings] == [("score", weight, True)]


def test_no_score_no_remark() -> None:
    assert read(score="")[1] == []
