"""A goods file read and planned: which listings and variants it makes. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import read_code
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import Column, Finding, Progress, Row, Weight
from marketplace.registry.certification.product_sets import product_set

COLUMNS = (
    Column(
        "certificate_number",
        what=N_("Số giấy chứng nhận, hoặc mã của chợ, của sản phẩm được bán."),
        example="12/2026/OCOP-VD",
    ),
    Column("sku", what=N_("Mã của quy cách, không trùng: chữ, số, dấu chấm, gạch."), example="VD-MIEN-500"),
    Column(
        "name", what=N_("Tên trên trang bán. Các quy cách cùng sản phẩm ghi cùng tên."), example="Miến dong (ví dụ)"
    ),
    Column("name_en", needed=False, what=N_("Tên tiếng Anh."), example="Canna noodles (example)"),
    Column("description", needed=False, what=N_("Giới thiệu, nhiều nhất 5.000 ký tự."), example="Sợi mộc, phơi nắng."),
    Column("price_vnd", what=N_("Giá bán lẻ, bằng đồng, không có số lẻ."), example="48000"),
    Column("stock", needed=False, what=N_("Số hàng đang có. Để trống là 0."), example="120"),
    Column("weight_g", needed=False, what=N_("Khối lượng gửi cả bao bì, gam. Dịch vụ để trống."), example="550"),
    Column("unit", what=N_("Tên quy cách người mua thấy."), example="gói 500 g"),
    Column("shelf_life_days", needed=False, what=N_("Hạn dùng tính từ ngày làm ra, bằng ngày."), example="365"),
    Column("images", needed=False, what=N_("Chưa đọc: ảnh được thêm ở trang bán.")),
)
HIGHEST_PRICE = 1_000_000_000
MOST_UNITS = 1_000_000
HEAVIEST = 1_000_000  # grams
LONGEST_LIFE = 3650  # days
A_STEP = 500

_SKU = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_NUMBER = re.compile(r"\d{1,12}|\d{1,3}([.,]\d{3})+")


@dataclass(frozen=True)
class CertifiedProduct:
    """A product that a certificate number names."""

    id: int
    producer_id: int
    producer_slug: str
    verified: bool
    set_code: str
    in_force: bool
    listing_id: int | None


@dataclass(frozen=True)
class KnownVariant:
    product_id: int
    price: int


@dataclass
class Shelves:
    """What the plan needs of register and shop. A printed number given twice names several products."""

    numbers: dict[str, list[CertifiedProduct]] = field(default_factory=dict)
    variants: dict[str, KnownVariant] = field(default_factory=dict)  # by SKU
    seen: str = ""


@dataclass(frozen=True)
class GoodsRow:
    """A row that is sound. Weight in grams; None, like stock, for a service."""

    line: int
    product: CertifiedProduct
    sku: str
    name: str
    name_en: str
    description: str
    price: int
    stock: int
    weight_g: int | None
    unit: str
    shelf_life_days: int | None


@dataclass
class GoodsPlan:
    """What a goods file does. `listings` has the first row of each new listing; `variants` every new variant."""

    findings: list[Finding] = field(default_factory=list)
    listings: list[GoodsRow] = field(default_factory=list)
    variants: list[GoodsRow] = field(default_factory=list)
    verified: dict[int, str] = field(default_factory=dict)  # producers that publishing verifies: id, slug
    published: set[int] = field(default_factory=set)  # products whose new listing is published
    known: int = 0

    @property
    def summary(self) -> dict[str, int]:
        return {
            "listings": len(self.listings),
            "variants": len(self.variants),
            "published": len(self.published),
            "verified": len(self.verified),
            "known": self.known,
        }


class _Bad(Exception):
    def __init__(self, column: str, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.column, self.reason, self.facts = column, reason, facts


def plan_goods(rows: Sequence[Row], shelves: Shelves, *, publish: bool, progress: Progress) -> GoodsPlan:
    """Plan every row in the file's order. `publish` publishes new listings and verifies their producers."""
    plan, skus, listed = GoodsPlan(), dict[str, int](), set[int]()
    for done, row in enumerate(rows, start=1):
        read, findings = _read(row, shelves)
        plan.findings += findings
        if read is not None:
            _take(read, plan, shelves, skus, listed, publish=publish)
        if done % A_STEP == 0:
            progress(done)
    return plan


def _take(
    row: GoodsRow, plan: GoodsPlan, shelves: Shelves, skus: dict[str, int], listed: set[int], *, publish: bool
) -> None:
    earlier = skus.setdefault(row.sku, row.line)
    if earlier != row.line:
        _say(plan, row, "sku", Weight.BAD, N_("Mã hàng trùng với dòng %(line)s."), line=earlier)
        return
    known = shelves.variants.get(row.sku)
    if known is not None and (known.product_id, known.price) == (row.product.id, row.price):
        plan.known += 1
        _say(plan, row, "sku", Weight.NOTE, N_("Mã hàng này đã có, bỏ qua."))
        return
    if known is not None:
        _say(plan, row, "sku", Weight.BAD, N_("Mã hàng này đã có với sản phẩm hoặc giá khác."))
        return
    plan.variants.append(row)
    if row.product.listing_id is None and row.product.id not in listed:
        listed.add(row.product.id)
        _list(row, plan, publish=publish)


def _list(row: GoodsRow, plan: GoodsPlan, *, publish: bool) -> None:
    """A new listing, from the first row that speaks of its product."""
    plan.listings.append(row)
    if not row.product.in_force:
        _say(plan, row, "certificate_number", Weight.WARNING, N_("Giấy này không còn hiệu lực, nên hàng chưa lên chợ."))
    if publish and not row.product.verified:
        plan.verified[row.product.producer_id] = row.product.producer_slug
    if publish or row.product.verified:
        plan.published.add(row.product.id)
    else:
        _say(plan, row, "certificate_number", Weight.NOTE, N_("Nơi làm chưa xác minh: trang bán để ở bản nháp."))


def _say(plan: GoodsPlan, row: GoodsRow, column: str, weight: Weight, reason: str, **facts: object) -> None:
    plan.findings.append(Finding(row.line, column, weight, reason, facts))


def _read(row: Row, shelves: Shelves) -> tuple[GoodsRow | None, list[Finding]]:
    findings, values = [], dict[str, object]()
    for name, read in _READERS.items():
        try:
            values[name] = read(row.cells, shelves)
        except _Bad as bad:
            findings.append(Finding(row.line, bad.column, Weight.BAD, bad.reason, bad.facts))
    if findings:
        return None, findings
    found = GoodsRow(line=row.line, **values)  # type: ignore[arg-type] # read column by column above
    try:
        _judge(found, row.cells)
    except _Bad as bad:
        return None, [Finding(row.line, bad.column, Weight.BAD, bad.reason, bad.facts)]
    if row.cells.get("images"):
        note = N_("Ảnh chưa nhận qua tệp; hãy thêm trên trang bán.")
        findings.append(Finding(row.line, "images", Weight.WARNING, note))
    return found, findings


def _judge(row: GoodsRow, cells: Mapping[str, str]) -> None:
    service = product_set(row.product.set_code).service
    if service and (cells.get("weight_g") or cells.get("stock")):
        raise _Bad("weight_g", N_("Dịch vụ không có khối lượng và không có kho."))
    if not service and row.weight_g is None:
        raise _Bad("weight_g", N_("Hàng hóa cần khối lượng gửi, tính bằng gam."))


def _product(cells: Mapping[str, str], shelves: Shelves) -> CertifiedProduct:
    typed = nfc(cells.get("certificate_number", ""))
    found = shelves.numbers.get(read_code(typed)) or shelves.numbers.get(typed) or []
    if not found:
        raise _Bad("certificate_number", N_("Không có giấy chứng nhận nào mang số %(typed)s."), typed=typed or "–")
    if len({product.id for product in found}) > 1:
        raise _Bad("certificate_number", N_("Số này in trên nhiều giấy. Hãy ghi mã tra cứu (CN…) của giấy."))
    return found[0]


def _sku(cells: Mapping[str, str], _shelves: Shelves) -> str:
    sku = cells.get("sku", "")
    if not _SKU.fullmatch(sku):
        raise _Bad("sku", N_("Mã hàng gồm chữ không dấu, số và dấu . _ -, nhiều nhất 40 ký tự."))
    return sku


def _text(name: str, most: int, *, needed: bool = False) -> Callable[[Mapping[str, str], Shelves], str]:
    def read(cells: Mapping[str, str], _shelves: Shelves) -> str:
        text = cells.get(name, "")
        if needed and not text:
            raise _Bad(name, N_("Ô này còn trống."))
        if len(text) > most:
            raise _Bad(name, N_("Dài quá %(most)s ký tự."), most=most)
        return text

    return read


def _whole(cells: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    """A whole number, also with its thousands parted; None for an empty cell."""
    cell = cells.get(name, "")
    if not cell:
        return None
    number = int(re.sub(r"[.,]", "", cell)) if cell.isascii() and _NUMBER.fullmatch(cell) else -1
    if not least <= number <= most:
        raise _Bad(name, N_("Số nguyên từ %(least)s đến %(most)s: %(cell)s."), least=least, most=most, cell=cell[:40])
    return number


def _price(cells: Mapping[str, str], _shelves: Shelves) -> int:
    price = _whole(cells, "price_vnd", 1, HIGHEST_PRICE)
    if price is None:
        raise _Bad("price_vnd", N_("Ô này còn trống."))
    return price


_READERS: dict[str, Callable[[Mapping[str, str], Shelves], object]] = {
    "product": _product,
    "sku": _sku,
    "name": _text("name", 200, needed=True),
    "name_en": _text("name_en", 200),
    "description": _text("description", 5000),
    "price": _price,
    "stock": lambda cells, _shelves: _whole(cells, "stock", 0, MOST_UNITS) or 0,
    "weight_g": lambda cells, _shelves: _whole(cells, "weight_g", 1, HEAVIEST),
    "unit": _text("unit", 120, needed=True),
    "shelf_life_days": lambda cells, _shelves: _whole(cells, "shelf_life_days", 1, LONGEST_LIFE),
}
