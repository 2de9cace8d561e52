"""The columns of a producer's own goods: what each means, how a cell is read and shown. Pure."""

from collections.abc import Callable, Mapping, Sequence

from marketplace.platform.core.folding import nfc
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.imports.rules import Column
from marketplace.platform.web.spreadsheets import FORMULA_STARTS
from marketplace.shop.catalog.rules import STARLESS, Unit, speaks_of_stars
from marketplace.shop.pricing.rules import Tier

MOST = 1_000_000_000

COLUMNS = (
    Column(
        "sku",
        what=N_("Mã quy cách có sẵn trong tệp xuất ra. Để trống là thêm quy cách mới vào trang bán ấy."),
        example="",
    ),
    Column(
        "listing",
        needed=False,
        what=N_("Tên trang bán trong địa chỉ web. Quy cách mới phải ghi."),
        example="mien-dong-vi-du",
    ),
    Column("name", needed=False, what=N_("Tên sản phẩm; các dòng cùng trang bán ghi như nhau."), example="Miến dong"),
    Column("name_en", needed=False, what=N_("Tên tiếng Anh; được để trống."), example="Canna noodles"),
    Column("summary", needed=False, what=N_("Một câu giới thiệu, nhiều nhất 400 ký tự."), example="Sợi mộc, dai."),
    Column("summary_en", needed=False, what=N_("Câu ấy bằng tiếng Anh; được để trống."), example=""),
    Column("label", needed=False, what=N_("Tên quy cách người mua thấy."), example="gói 500 g"),
    Column("label_en", needed=False, what=N_("Tên quy cách bằng tiếng Anh; được để trống."), example="500 g pack"),
    Column("price_vnd", needed=False, what=N_("Giá bán lẻ, bằng đồng."), example="48000"),
    Column("low_at", needed=False, what=N_("Báo cho bạn khi còn từ số này trở xuống; trống: không báo."), example="20"),
    Column("least_quantity", needed=False, what=N_("Mỗi đơn mua ít nhất; trống là 1."), example="1"),
    Column("most_quantity", needed=False, what=N_("Mỗi đơn mua nhiều nhất; trống: không giới hạn."), example="200"),
    Column("weight_g", needed=False, what=N_("Khối lượng gửi cả bao bì, gam. Dịch vụ để trống."), example="550"),
    Column("net_quantity", needed=False, what=N_("Lượng tịnh: số. Dòng có mã rồi thì bỏ qua cột này."), example="500"),
    Column(
        "net_unit",
        needed=False,
        what=N_("Lượng tịnh: đơn vị g, kg, ml, l, m, piece hoặc set."),
        example="g",
    ),
    Column(
        "tiers",
        needed=False,
        what=N_("Giá sỉ: số lượng, hai chấm, giá; các mức cách nhau bằng chấm phẩy; trống: không có."),
        example="10:45000; 50:42000",
    ),
    Column(
        "stock",
        needed=False,
        what=N_("Số đếm được trong kho; trống: không đổi. Món có nhiều lô thì kiểm từng lô ở trang kho."),
        example="120",
    ),
    Column("active", needed=False, what=N_("1: bán, 0: bỏ khỏi trang bán; trống: không đổi."), example="1"),
)

NAMES = {  # what people call a column
    "sku": N_("Quy cách"),
    "listing": N_("Trang bán"),
    "name": N_("Tên sản phẩm"),
    "name_en": N_("Tên tiếng Anh"),
    "summary": N_("Một câu giới thiệu"),
    "summary_en": N_("Một câu giới thiệu, tiếng Anh"),
    "label": N_("Tên quy cách"),
    "label_en": N_("Tên quy cách, tiếng Anh"),
    "price_vnd": N_("Giá, đồng"),
    "low_at": N_("Báo khi còn"),
    "least_quantity": N_("Mua ít nhất mỗi đơn"),
    "most_quantity": N_("Mua nhiều nhất mỗi đơn (nếu có)"),
    "weight_g": N_("Nặng cả bao bì, gam"),
    "net_quantity": N_("Lượng tịnh"),
    "net_unit": N_("Đơn vị"),
    "tiers": N_("Giá theo số lượng"),
    "stock": N_("Trong kho"),
    "active": N_("Đang bán"),
}

Value = str | int | bool | Unit | tuple[Tier, ...] | None
Reader = Callable[[str], Value]


class BadCell(Exception):
    """A cell that cannot be taken: its column, a translatable sentence, the facts of its gaps."""

    def __init__(self, column: str, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.column, self.reason, self.facts = column, reason, facts


EMPTY_CELL = N_("Ô này còn trống.")


def text_of(cell: str) -> str:
    """The cell without the apostrophe that keeps spreadsheets from computing it, in its stored form."""
    bare = cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
    return nfc(bare)


def _text(column: str, longest: int, *, needed: bool = False, starless: bool = False) -> Reader:
    def read(cell: str) -> Value:
        text = text_of(cell)
        if needed and not text:
            raise BadCell(column, EMPTY_CELL)
        if len(text) > longest:
            raise BadCell(column, N_("Viết ngắn hơn: nhiều nhất %(longest)s ký tự."), longest=longest)
        if starless and speaks_of_stars(text):
            raise BadCell(column, STARLESS)
        return text

    return read


def _whole(column: str, low: int, high: int, *, needed: bool = False, empty: int | None = None) -> Reader:
    def read(cell: str) -> Value:
        text = text_of(cell)
        if not text:
            if needed:
                raise BadCell(column, EMPTY_CELL)
            return empty
        digits = ungroup(text)
        if digits is None or len(digits) > 12 or not low <= int(digits) <= high:
            raise BadCell(column, N_("Số từ %(low)s đến %(high)s: %(cell)s."), low=low, high=high, cell=text[:40])
        return int(digits)

    return read


def _unit(cell: str) -> Value:
    text = text_of(cell)
    if text and text not in set(Unit):
        raise BadCell("net_unit", N_("Đơn vị lạ: %(cell)s."), cell=text[:40])
    return Unit(text) if text else None


def _active(cell: str) -> Value:
    known = {"1": True, "TRUE": True, "0": False, "FALSE": False, "": None}
    text = text_of(cell).upper()
    if text not in known:
        raise BadCell("active", N_("Ghi 1 hoặc 0: %(cell)s."), cell=text[:40])
    return known[text]


def _tiers(cell: str) -> Value:
    tiers = []
    for part in filter(None, (piece.strip() for piece in text_of(cell).split(";"))):
        quantity, _, price = part.partition(":")
        numbers = ungroup(quantity), ungroup(price)
        if numbers[0] is None or numbers[1] is None or max(map(len, filter(None, numbers))) > 12:
            raise BadCell("tiers", N_("Ghi như 10:45000; 50:42000, không như %(cell)s."), cell=part[:40])
        tiers.append(Tier(int(numbers[0]), Money(int(numbers[1]))))
    return tuple(tiers)


READERS: Mapping[str, Reader] = {
    "name": _text("name", 200, needed=True),
    "name_en": _text("name_en", 200),
    "summary": _text("summary", 400),
    "summary_en": _text("summary_en", 400),
    "label": _text("label", 120, needed=True, starless=True),
    "label_en": _text("label_en", 120, starless=True),
    "price_vnd": _whole("price_vnd", 1, MOST, needed=True),
    "low_at": _whole("low_at", 0, 1_000_000),
    "least_quantity": _whole("least_quantity", 1, 999, empty=1),
    "most_quantity": _whole("most_quantity", 1, 999),
    "weight_g": _whole("weight_g", 1, 1_000_000),
    "net_quantity": _whole("net_quantity", 1, MOST),
    "net_unit": _unit,
    "tiers": _tiers,
    "stock": _whole("stock", 0, 1_000_000),
    "active": _active,
}
OF_LISTING = ("name", "name_en", "summary", "summary_en")


def shown(value: Value) -> str:
    """A value as its cell shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return shown_tiers(value)
    return str(value)


def shown_tiers(tiers: Sequence[Tier]) -> str:
    """`10:45000; 50:42000`."""
    return "; ".join(f"{tier.from_quantity}:{tier.price.amount}" for tier in tiers)
