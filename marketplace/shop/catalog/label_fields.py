"""What the label of each product set must say, as a table.

Sources: Decree 43/2017 amended by 111/2021 (labels), Law 19/2023 art. 37 (facts of a distance sale), Law 44/2019
(alcohol), Decree 15/2018 and its successors (food). A field that is asked but not demanded is optional.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.platform.core.words import N_


class DeclaredKind(StrEnum):
    """What a product of set III.1 is by law. Medicine is sold by pharmacies, never here (Pharmacy Law 105/2016)."""

    HEALTH_FOOD = "health_food"
    SUPPLEMENT = "supplement"
    HERB = "herb"
    MEDICINE = "medicine"


KIND_NAMES = {
    DeclaredKind.HEALTH_FOOD: N_("Thực phẩm bảo vệ sức khỏe"),
    DeclaredKind.SUPPLEMENT: N_("Thực phẩm bổ sung"),
    DeclaredKind.HERB: N_("Thảo mộc dùng như thực phẩm"),
    DeclaredKind.MEDICINE: N_("Thuốc (kể cả thuốc dược liệu, thuốc cổ truyền)"),
}
MEDICINE_SET = "III.1"
SELLABLE_KINDS = tuple(kind for kind in DeclaredKind if kind is not DeclaredKind.MEDICINE)


class From(StrEnum):
    """From which day a shelf life runs."""

    MADE = "made"
    PACKED = "packed"
    HARVESTED = "harvested"
    OPENED = "opened"


FROM_NAMES = {
    From.MADE: N_("kể từ ngày sản xuất"),
    From.PACKED: N_("kể từ ngày đóng gói"),
    From.HARVESTED: N_("kể từ ngày thu hái"),
    From.OPENED: N_("kể từ ngày mở nắp"),
}


@dataclass(frozen=True)
class Field:
    """One fact of a label. `kind`: text, line, days, percent, allergens, kind, from; `english`: has an English twin."""

    code: str
    label: str
    hint: str = ""
    kind: str = "text"
    english: bool = True


FIELDS: dict[str, Field] = {
    field.code: field
    for field in (
        Field(
            "declared_kind",
            N_("Sản phẩm này theo luật là gì"),
            N_("Thuốc không được bán ở đây."),
            "kind",
            english=False,
        ),
        Field("declaration_number", N_("Số phiếu công bố"), N_("Như in trên phiếu."), "line", english=False),
        Field("ingredients", N_("Thành phần"), N_("Kể hết, thứ nhiều nhất trước.")),
        Field(
            "allergens",
            N_("Chất dễ gây dị ứng"),
            N_("Đánh dấu mọi nhóm có trong sản phẩm, hoặc nói rõ là không có."),
            "allergens",
            english=False,
        ),
        Field("ethanol", N_("Nồng độ cồn"), N_("Phần trăm thể tích, ví dụ 29,5."), "percent", english=False),
        Field("shelf_life_days", N_("Hạn dùng, số ngày"), "", "days", english=False),
        Field("shelf_life_from", N_("Hạn dùng tính từ"), "", "from", english=False),
        Field("storage", N_("Cách bảo quản")),
        Field("usage", N_("Cách dùng")),
        Field("warnings", N_("Cảnh báo"), N_("Ai không nên dùng, điều cần tránh.")),
        Field("material", N_("Chất liệu")),
        Field("dimensions", N_("Kích thước"), "", "line"),
        Field("care", N_("Cách chăm sóc, giữ gìn")),
        Field("included", N_("Giá gồm những gì")),
        Field("meeting_place", N_("Nơi đón, nơi gặp")),
        Field("group_size", N_("Số người mỗi nhóm"), N_("Ví dụ 2 đến 8 người."), "line"),
        Field("duration", N_("Thời lượng"), N_("Ví dụ hai ngày một đêm."), "line"),
        Field("batch_note", N_("Số lô và ngày sản xuất in ở đâu"), "", "line"),
        Field(
            "responsible",
            N_("Tên, địa chỉ người chịu trách nhiệm"),
            N_("Để trống nếu chính là nơi làm."),
            "line",
            english=False,
        ),
    )
}
_FOOD = ("ingredients", "allergens", "shelf_life_days", "storage", "usage")
_REQUIRED: dict[str, tuple[str, ...]] = {
    "I.1.a": ("storage",),
    "I.1.b": ("allergens", "shelf_life_days", "storage", "usage"),
    "I.": _FOOD,
    "II.1": ("ingredients", "allergens", "ethanol", "storage", "warnings"),
    "II.2": _FOOD,
    "III.1": ("declared_kind", *_FOOD, "warnings"),
    "III.2": ("declaration_number", "ingredients", "shelf_life_days", "usage", "warnings"),
    "III.3": ("ingredients", "storage", "usage", "warnings"),
    "IV.": ("material", "dimensions"),
    "V.": ("care",),
    "VI.": ("included", "meeting_place", "group_size", "duration"),
}
_OPTIONAL: dict[str, tuple[str, ...]] = {
    "I.": ("ingredients", "allergens", "shelf_life_days", "shelf_life_from", "usage", "warnings", "batch_note"),
    "II.1": ("shelf_life_days", "shelf_life_from", "usage", "batch_note"),
    "II.2": ("shelf_life_from", "warnings", "batch_note"),
    "III.": ("declaration_number", "allergens", "shelf_life_days", "shelf_life_from", "storage", "batch_note"),
    "IV.": ("care", "warnings"),
    "V.": ("warnings", "storage"),
    "VI.": ("warnings",),
}


def _of(table: Mapping[str, tuple[str, ...]], set_code: str) -> tuple[str, ...]:
    """The row of the longest key that begins the code: `I.1.a` before `I.`."""
    return table[max((key for key in table if set_code.startswith(key)), key=len)]


def required_fields(set_code: str, declared_kind: str | None = None) -> tuple[str, ...]:
    """The codes that must be said for this set; health-protection food needs its declaration's number too."""
    codes = _of(_REQUIRED, set_code)
    return (*codes, "declaration_number") if declared_kind == DeclaredKind.HEALTH_FOOD else codes


def asked_fields(set_code: str) -> list[Field]:
    """Every field that the editor asks for this set, required or not, in the order of `FIELDS`."""
    codes = {*_of(_REQUIRED, set_code), *_of(_OPTIONAL, set_code)}
    if not set_code.startswith("VI."):  # a service answers for itself
        codes.add("responsible")
    return [field for field in FIELDS.values() if field.code in codes]


SUMMARY_MISSING = N_("Viết một câu giới thiệu.")
VARIANTS_MISSING = N_("Thêm ít nhất một quy cách có giá và lượng tịnh.")
FIELD_MISSING = N_("Cần có: nhãn của bộ sản phẩm này phải ghi điều đó.")


def missing(set_code: str, told: Mapping[str, object], *, sellable: bool) -> dict[str, str]:
    """What still has to be said before anyone may see the page: field code to sentence; empty when complete.

    `told` holds `summary` and every label fact by code; a list of allergens may be empty, which says there are none.
    `sellable`: it has a variant with a price and, for goods, a net quantity.
    """
    found = {} if told.get("summary") else {"summary": SUMMARY_MISSING}
    for code in required_fields(set_code, str(told.get("declared_kind") or "")):
        if told.get(code) in (None, ""):
            found[code] = FIELD_MISSING
    return found if sellable else {**found, "variants": VARIANTS_MISSING}
