"""One row of a certificates file, read by itself."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from marketplace.people.producers.models import ProducerKind
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import Column, Finding, Row, Weight
from marketplace.registry.certification.classifications import (
    Classification,
    ClassifiedSet,
    classification_on,
    classified_set,
    granted_set,
)
from marketplace.registry.certification.product_sets import UnknownProductSet
from marketplace.registry.certification.rules import PROGRAMME_BEGAN, AuthorityLevel, expiry, may_grant

COLUMNS = (
    Column(
        "certificate_number",
        what=N_("Số in trên giấy chứng nhận. Chép đúng như trên giấy; hai giấy được trùng số."),
        example="12/2026/OCOP-VD",
    ),
    Column(
        "authority",
        what=N_("Cơ quan ra quyết định: UBND tỉnh, UBND huyện (trước 01/07/2025), hoặc bộ."),
        example="UBND tỉnh Lai Châu",
    ),
    Column("decision_number", what=N_("Số quyết định công nhận."), example="1234/QĐ-UBND"),
    Column("issued_on", what=N_("Ngày ra quyết định, như 2026-03-15 hoặc 15/03/2026."), example="2026-03-15"),
    Column(
        "expires_on",
        needed=False,
        what=N_("Ngày cuối còn hiệu lực. Để trống: đúng 36 tháng sau ngày ra quyết định."),
    ),
    Column("stars", what=N_("Số sao được công nhận: 3, 4 hoặc 5."), example="4"),
    Column("score", needed=False, what=N_("Điểm của hội đồng, từ 0 đến 100."), example="78,5"),
    Column("product_name", what=N_("Tên sản phẩm như trong quyết định."), example="Miến dong (ví dụ)"),
    Column(
        "producer_name",
        what=N_("Tên nơi làm. Tên mới thì tạo nơi làm mới, chưa xác minh."),
        example="HTX Ví Dụ",
    ),
    Column(
        "producer_kind",
        what=N_("Loại nơi làm: cooperative, group, company, household hoặc farm."),
        example="cooperative",
    ),
    Column("commune_code", what=N_("Mã xã, năm chữ số, của cơ quan thống kê."), example="03388"),
    Column("category_code", what=N_("Mã bộ sản phẩm theo quyết định, như I.3.b."), example="I.3.b"),
)
CENTRAL_CITIES = ("ha noi", "hai phong", "da nang", "ho chi minh", "can tho", "hue")  # cities that are provinces
LAST_DAY = date(2100, 1, 1)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DMY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SCORE = re.compile(r"\d{1,3}([.,]\d{1,2})?")


class Unfit(Exception):
    """A cell that cannot be taken: a translatable sentence and the facts of its gaps."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason, self.facts = reason, facts


@dataclass(frozen=True)
class CertificateRow:
    """A row that is sound by itself."""

    line: int
    printed_number: str
    authority: str
    level: AuthorityLevel
    decision_number: str
    issued_on: date
    expires_on: date
    stars: int
    score: Decimal | None
    product_name: str
    producer_name: str
    producer_kind: ProducerKind
    commune_code: str
    set_code: str  # of QĐ 148
    granted: ClassifiedSet

    @property
    def potential_five(self) -> bool:
        """Scored 90 or more at the province, which grants 4: the ministry is still to decide."""
        return self.stars == 4 and self.score is not None and self.score >= 90


def authority_level(authority: str) -> AuthorityLevel | None:
    """The level that a printed authority's name tells; None where it tells none."""
    name = fold(nfc(authority)).replace("uy ban nhan dan", "ubnd").removeprefix("chu tich ")
    if re.match(r"(bo truong )?bo\b", name):
        return AuthorityLevel.MINISTRY
    place = re.match(r"ubnd (tinh|thanh pho|tp\.?|huyen|quan|thi xa|tx\.?)\s+(.*)", name)
    if place is None:
        return None
    kind, where = place.groups()
    if kind == "tinh":
        return AuthorityLevel.PROVINCE
    if kind.startswith(("thanh", "tp")) and where.startswith(CENTRAL_CITIES):
        return AuthorityLevel.PROVINCE
    return AuthorityLevel.DISTRICT


def read_row(row: Row, *, communes: Collection[str], today: date) -> tuple[CertificateRow | None, list[Finding]]:
    """The row, where nothing in it is bad, and what is to say of it."""
    values: dict[str, object] = {}
    findings = []
    for column, read in _READERS.items():
        try:
            values[column] = read(row.cells.get(column, ""))
        except Unfit as unfit:
            findings.append(Finding(row.line, column, Weight.BAD, unfit.reason, unfit.facts))
    for column, judge in _JUDGES.items():
        try:
            judge(values, communes, today)
        except Unfit as unfit:
            findings.append(Finding(row.line, column, Weight.BAD, unfit.reason, unfit.facts))
        except KeyError:  # what it judges could not be read, and that is told already
            continue
    if findings:
        return None, findings
    found = _made(row.line, values)
    return found, [*_warnings(found)]


def _made(line: int, values: Mapping[str, object]) -> CertificateRow:
    v = dict(values)
    granted = v.pop("granted")
    assert isinstance(granted, ClassifiedSet)
    if v["expires_on"] is None:
        assert isinstance(v["issued_on"], date)
        v["expires_on"] = expiry(v["issued_on"])
    v["printed_number"] = v.pop("certificate_number")
    v.pop("category_code")
    return CertificateRow(line=line, granted=granted, **v)  # type: ignore[arg-type] # read column by column above


def _warnings(row: CertificateRow) -> list[Finding]:
    found = []
    if row.potential_five:
        found.append(Finding(row.line, "score", Weight.NOTE, N_("Tiềm năng 5 sao: ghi 4 sao, chờ cấp bộ công nhận.")))
    elif row.score is not None and row.stars != _band(row.score):
        reason = N_("Điểm %(score)s thường ứng với %(band)s sao, tệp ghi %(stars)s sao.")
        facts = {"score": str(row.score), "band": _band(row.score), "stars": row.stars}
        found.append(Finding(row.line, "score", Weight.WARNING, reason, facts))
    return found


def _band(score: Decimal) -> int:
    """The stars that a score alone would give (both decisions: from 30, 50, 70 and 90 points)."""
    return 1 + sum(score >= least for least in (30, 50, 70, 90))


def _line_of(most: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = nfc(cell)
        if not text:
            raise Unfit(N_("Ô này còn trống."))
        if len(text) > most:
            raise Unfit(N_("Dài quá %(most)s ký tự."), most=most)
        return text

    return read


def _day(cell: str) -> date:
    found = _ISO.fullmatch(cell)
    parts = found.groups() if found else tuple(reversed(m.groups())) if (m := _DMY.fullmatch(cell)) else None
    try:
        day = date(*(int(part) for part in parts)) if parts else None
    except ValueError:
        day = None
    if day is None:
        raise Unfit(N_("Ngày phải viết dd/mm/yyyy hoặc yyyy-mm-dd: %(cell)s."), cell=cell[:40] or "–")
    return day


def _day_or_none(cell: str) -> date | None:
    return _day(cell) if cell else None


def _stars(cell: str) -> int:
    if cell not in ("3", "4", "5"):
        raise Unfit(N_("Số sao là 3, 4 hoặc 5: %(cell)s."), cell=cell[:40] or "–")
    return int(cell)


def _score(cell: str) -> Decimal | None:
    if not cell:
        return None
    score = Decimal(cell.replace(",", ".")) if _SCORE.fullmatch(cell) else Decimal(-1)
    if not 0 <= score <= 100:
        raise Unfit(N_("Điểm từ 0 đến 100, nhiều nhất hai chữ số thập phân: %(cell)s."), cell=cell[:40])
    return score


def _kind(cell: str) -> ProducerKind:
    try:
        return ProducerKind(cell.casefold())
    except ValueError as error:
        raise Unfit(
            N_("Loại nơi làm là một trong: %(kinds)s."), kinds=", ".join(kind.value for kind in ProducerKind)
        ) from error


def _commune(cell: str) -> str:
    """A spreadsheet drops leading zeros of what it takes for a number."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 5):
        raise Unfit(N_("Mã xã gồm năm chữ số: %(cell)s."), cell=cell[:40] or "–")
    return cell.zfill(5)


_READERS: dict[str, Callable[[str], object]] = {
    "certificate_number": _line_of(64),
    "authority": _line_of(200),
    "decision_number": _line_of(64),
    "issued_on": _day,
    "expires_on": _day_or_none,
    "stars": _stars,
    "score": _score,
    "product_name": _line_of(200),
    "producer_name": _line_of(200),
    "producer_kind": _kind,
    "commune_code": _commune,
    "category_code": _line_of(16),
}

Values = dict[str, object]


def _judge_authority(values: Values, _communes: Collection[str], _today: date) -> None:
    level = authority_level(str(values["authority"]))
    if level is None:
        raise Unfit(N_("Không rõ cấp của cơ quan này. Ghi như trên quyết định: UBND tỉnh …, UBND huyện …, Bộ …"))
    values["level"] = level


def _judge_issued(values: Values, _communes: Collection[str], today: date) -> None:
    issued = values["issued_on"]
    assert isinstance(issued, date)
    if issued > today:
        del values["issued_on"]
        raise Unfit(N_("Ngày ban hành không thể ở tương lai."))
    if issued < PROGRAMME_BEGAN:
        del values["issued_on"]
        raise Unfit(N_("Chương trình OCOP có từ 07/05/2018; không có quyết định nào trước đó."))


def _judge_expires(values: Values, _communes: Collection[str], _today: date) -> None:
    issued, expires = values["issued_on"], values["expires_on"]
    assert isinstance(issued, date)
    if expires is None:
        return
    assert isinstance(expires, date)
    if not issued < expires <= LAST_DAY:
        raise Unfit(N_("Ngày hết hạn phải sau ngày ban hành."))


def _judge_stars(values: Values, _communes: Collection[str], _today: date) -> None:
    level, stars, issued = values["level"], values["stars"], values["issued_on"]
    assert isinstance(level, AuthorityLevel)
    assert isinstance(stars, int)
    assert isinstance(issued, date)
    if not may_grant(level, stars, issued):
        raise Unfit(N_("Cấp này không có quyền công nhận số sao này vào ngày ban hành."))


def _judge_commune(values: Values, communes: Collection[str], _today: date) -> None:
    if values["commune_code"] not in communes:
        raise Unfit(N_("Không có xã, phường nào của tỉnh hiện nay mang mã %(code)s."), code=values["commune_code"])


def _judge_category(values: Values, _communes: Collection[str], _today: date) -> None:
    code, issued = str(values["category_code"]), values["issued_on"]
    assert isinstance(issued, date)
    try:
        said = classified_set(code)
    except UnknownProductSet as error:
        raise Unfit(N_("Không có bộ sản phẩm mang mã %(code)s."), code=code) from error
    if said.classification is Classification.OF_2019 and classification_on(issued) is not Classification.OF_2019:
        raise Unfit(N_("Bộ %(code)s thuộc phân loại cũ, không dùng cho quyết định từ 24/02/2023."), code=code)
    values["set_code"] = said.today[0]
    values["granted"] = said if said.classification is Classification.OF_2019 else granted_set(code, issued)


_JUDGES: dict[str, Callable[[Values, Collection[str], date], None]] = {
    "authority": _judge_authority,
    "issued_on": _judge_issued,
    "expires_on": _judge_expires,
    "stars": _judge_stars,
    "commune_code": _judge_commune,
    "category_code": _judge_category,
}
