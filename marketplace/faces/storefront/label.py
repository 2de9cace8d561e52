"""What a page prints of a label, in the reader's language: the facts that labels and distance sales must show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.label_fields import (
    FIELDS,
    FROM_NAMES,
    KIND_NAMES,
    DeclaredKind,
    Field,
    From,
    asked_fields,
)
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.rules import marked, named, unit_names

Pieces = Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class LabelRow:
    """One line of the label: its name, and its text in pieces, each with whether it is printed strong.

    `foreign`: an English reader gets the Vietnamese, since there is no English.
    """

    code: str
    name: str
    pieces: Pieces
    foreign: bool = False


def label_rows(listing: Listing, variants: Iterable[Variant]) -> list[LabelRow]:
    """Everything the label says, in the order of `FIELDS`; what is not said has no line."""
    service = product_set(listing.product.set_code).service
    rows = [_origin(listing)] if service else [_net_quantity(variants), _origin(listing)]
    for field in asked_fields(listing.product.set_code):
        pieces = _pieces(listing, field.code)
        if pieces:
            name = _("Hạn dùng") if field.code == "shelf_life_days" else _(FIELDS[field.code].label)
            rows.append(LabelRow(field.code, name, pieces, _is_foreign(listing, field)))
    if not service and "responsible" not in listing.told:
        producer = listing.product.producer
        address = ", ".join(part for part in (producer.name, producer.street, producer.commune.name) if part)
        rows.append(LabelRow("responsible", _("Chịu trách nhiệm"), [(address, False)]))
    return [row for row in rows if row.pieces]


def _is_foreign(listing: Listing, field: Field) -> bool:
    return language() == "en" and field.english and not listing.told.get(f"{field.code}_en")


def _net_quantity(variants: Iterable[Variant]) -> LabelRow:
    english = 1 if language() == "en" else 0
    said = [
        f"{variant.net_quantity} {unit_names(variant.net_unit)[english]}"
        for variant in variants
        if variant.net_quantity and variant.net_unit
    ]
    text = ", ".join(dict.fromkeys(said))
    return LabelRow("net_quantity", _("Lượng tịnh"), [(text, False)] if text else [])


def _origin(listing: Listing) -> LabelRow:
    commune = listing.origin_commune or listing.product.producer.commune
    place = commune.name + (f", {commune.parent.name}" if commune.parent else "")
    return LabelRow("origin", _("Xuất xứ"), [(place, False)])


def _pieces(listing: Listing, code: str) -> Pieces:
    told = listing.told
    value = told.get(code)
    if code == "ingredients":
        return marked(_said(told, code), told.get("allergens") or [])
    if code == "allergens":
        return _allergens(value)
    if code == "declared_kind":
        return [(_(KIND_NAMES[DeclaredKind(value)]), False)] if value else []
    if code == "shelf_life_days":
        return _shelf_life(value, told.get("shelf_life_from"))
    if code == "shelf_life_from":
        return []
    if code == "ethanol":
        return [(_("%(percent)s phần trăm thể tích", percent=value), False)] if value else []
    text = _said(told, code)
    return [(text, False)] if text else []


def _said(told: Any, code: str) -> str:
    return str((told.get(f"{code}_en") if language() == "en" else "") or told.get(code) or "")


def _allergens(codes: list[str] | None) -> Pieces:
    if codes is None:
        return []
    if not codes:
        return [(_("Không có chất nào trong 14 nhóm dễ gây dị ứng."), False)]
    names = [a.name_en if language() == "en" else a.name for a in named(codes)]
    return [(_("Có: "), False), (", ".join(names), True)]


def _shelf_life(days: int | None, start: str | None) -> Pieces:
    if not days:
        return []
    length = ngettext("%(num)d ngày", "%(num)d ngày", days)
    return [(f"{length} {_(FROM_NAMES[From(start)]) if start else _(FROM_NAMES[From.MADE])}", False)]
