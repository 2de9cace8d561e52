"""What a producer types about a listing: its texts, its label, what is sold, its pictures."""

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError

from marketplace.faces.producer_desk.forms import read_price
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, ungroup
from marketplace.platform.media.rules import Crop
from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.platform.web.language import language
from marketplace.shop.catalog.label_fields import FROM_NAMES, KIND_NAMES, DeclaredKind, Field, asked_fields
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.rules import (
    MONTHS,
    Packaging,
    Unit,
    all_allergens,
    compose_label,
    packaging_names,
    season_of,
    unit_names,
)
from marketplace.shop.catalog.services import LabelFacts, ListingTexts, VariantFacts

GOODS_UNITS = (Unit.GRAM, Unit.KILOGRAM, Unit.MILLILITRE, Unit.LITRE, Unit.METRE, Unit.PIECE, Unit.SET)
SERVICE_UNITS = (Unit.PERSON, Unit.GROUP)
FINER = {Unit.KILOGRAM: Unit.GRAM, Unit.LITRE: Unit.MILLILITRE}
PERCENT = NumberRange(0, 100, _l("Từ 0 đến 100."))
SIDE = NumberRange(10, 100, _l("Từ 10 đến 100."))
COLUMNS = ("ingredients", "storage", "shelf_life_days", "declared_kind")


class TextsForm(Form):
    """Vietnamese beside English."""

    name = LineField(_l("Tên sản phẩm"), validators=[DataRequired(_l("Nhập tên sản phẩm")), Length(max=200)])
    name_en = LineField(_l("Tên tiếng Anh"), validators=[Length(max=200)])
    summary = LineField(_l("Một câu giới thiệu"), validators=[Length(max=400)])
    summary_en = LineField(_l("Một câu giới thiệu, tiếng Anh"), validators=[Length(max=400)])
    description = TextField(_l("Câu chuyện: món này làm thế nào"), validators=[Length(max=6000)])
    description_en = TextField(_l("Câu chuyện, tiếng Anh"), validators=[Length(max=6000)])

    def texts(self, art_seed: str) -> ListingTexts:
        """What was typed."""
        names = ("name", "name_en", "summary", "summary_en", "description", "description_en")
        return ListingTexts(art_seed=art_seed, **{name: self[name].data for name in names})


def _percent(_form: Form, field: LineField) -> None:
    percent = _decimal(field.data or "0,1")
    if percent is None or not 0 < percent <= 100:
        raise ValidationError(_("Nhập số từ 0 đến 100, ví dụ 29,5."))


def _decimal(typed: str) -> Decimal | None:
    """A number as people write it, `500`, `1.200`, `0,5` or `0.5`; None for what only a computer writes, as `1e5`."""
    plain = ungroup(typed) or typed.replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", plain) else None


def _field(field: Field, english: bool = False) -> Any:
    label = _("%(label)s, tiếng Anh", label=_(field.label)) if english else _(field.label)
    hint = _(field.hint) if field.hint and not english else ""
    if field.kind == "kind":
        choices = [SelectChoice(kind.value, _(name)) for kind, name in KIND_NAMES.items()]
        return RadioField(label, choices=choices, validators=[Optional()])
    if field.kind == "from":
        choices = [SelectChoice("", _("chưa nói")), *(SelectChoice(f.value, _(name)) for f, name in FROM_NAMES.items())]
        return SelectField(label, choices=choices, validators=[Optional()])
    if field.kind == "allergens":
        english_names = language() == "en"
        choices = [SelectChoice(a.code, a.name_en if english_names else a.name) for a in all_allergens()]
        return SelectMultipleField(label, choices=choices, description=hint)
    if field.kind == "days":
        return IntegerField(label, validators=[Optional(), NumberRange(1, 36_500, _("Nhập số ngày, từ 1."))])
    if field.kind == "percent":
        return LineField(label, description=hint, validators=[Length(max=8), _percent])
    if field.kind == "line":
        return LineField(label, description=hint, validators=[Length(max=300)])
    return TextField(label, description=hint, validators=[Length(max=2000)])


def label_form(listing: Listing, communes: list[AdministrativeUnit]) -> Any:
    """The form of what this listing's set asks, filled with what is said already."""
    fields: dict[str, Any] = {}
    for field in asked_fields(listing.product.set_code):
        fields[field.code] = _field(field)
        if field.kind == "allergens":
            fields["no_allergens"] = BooleanField(_("Không có chất nào trong 14 nhóm này"))
        elif field.english:
            fields[f"{field.code}_en"] = _field(field, english=True)
    home = SelectChoice("", _("Nơi làm: %(name)s", name=listing.product.producer.commune.name))
    named = [SelectChoice(unit.code, unit.name) for unit in communes]
    fields["origin_commune_code"] = SelectField(_("Xuất xứ"), choices=[home, *named])
    months = [SelectChoice(str(month), _("Tháng %(n)d", n=month)) for month in MONTHS]
    fields["months"] = SelectMultipleField(
        _("Mùa vụ"), choices=months, description=_("Không đánh dấu tháng nào nghĩa là quanh năm.")
    )
    told = dict(listing.told)
    told["no_allergens"] = told.get("allergens") == []
    told["origin_commune_code"] = listing.origin_commune.code if listing.origin_commune else ""
    told["months"] = [str(m) for m in sorted(listing.months)] if listing.season else []
    return type("LabelForm", (Form,), fields)(data=told)


def read_label(form: Any) -> LabelFacts:
    """What was typed; raises Invalid where both an allergen and none are ticked."""
    said = {field.short_name: field.data for field in form if field.short_name != "csrf_token"}
    allergens, none = said.pop("allergens", None), said.pop("no_allergens", False)
    if allergens and none:
        raise Invalid({"allergens": _("Hoặc đánh dấu nhóm có trong sản phẩm, hoặc nói là không có.")})
    facts = {code: value for code, value in said.items() if code not in (*COLUMNS, "months", "origin_commune_code")}
    if allergens or none:
        facts["allergens"] = sorted(allergens or [])
    kind = said.get("declared_kind")
    return LabelFacts(
        ingredients=said.get("ingredients") or "",
        storage=said.get("storage") or "",
        shelf_life_days=said.get("shelf_life_days"),
        declared_kind=DeclaredKind(kind) if kind else None,
        origin_commune_code=said["origin_commune_code"] or "",
        season=season_of(int(month) for month in said["months"] or []),
        facts=facts,
    )


class VariantForm(Form):
    """What is sold: numbers are typed as people write them and read by `facts`."""

    net_quantity = LineField(_l("Lượng tịnh"), description=_l("Không kể bao bì. Ví dụ 500, hay 0,5."))
    net_unit = SelectField(_l("Đơn vị"), validators=[Optional()])
    packaging = SelectField(_l("Bao bì"), validators=[Optional()])
    grade = LineField(_l("Hạng, loại"), validators=[Length(max=60)])
    grade_en = LineField(_l("Hạng, loại, tiếng Anh"), validators=[Length(max=60)])
    label = LineField(
        _l("Tên quy cách"), description=_l("Để trống thì tự ghép từ các ô trên."), validators=[Length(max=120)]
    )
    label_en = LineField(_l("Tên quy cách, tiếng Anh"), validators=[Length(max=120)])
    price = LineField(_l("Giá, đồng"))
    weight_g = LineField(_l("Nặng cả bao bì, gam"), description=_l("Để tính phí gửi."))
    least_quantity = LineField(_l("Mua ít nhất mỗi đơn"))
    most_quantity = LineField(_l("Mua nhiều nhất mỗi đơn (nếu có)"))
    capacity_per_day = LineField(
        _l("Số khách nhận mỗi ngày (nếu có)"), description=_l("Đủ số này thì ngày đó không nhận thêm.")
    )

    @classmethod
    def of(cls, variant: Variant | None, *, service: bool) -> "VariantForm":
        """The form, filled with what the variant is; fields that a service or goods do not have are left out."""
        form = cls(data=_typed_of(variant))
        at = 1 if language() == "en" else 0
        units = SERVICE_UNITS if service else GOODS_UNITS
        form.net_unit.choices = [SelectChoice("", "–"), *(SelectChoice(u.value, unit_names(u)[at]) for u in units)]
        packs = [SelectChoice(p.value, packaging_names(p)[at]) for p in Packaging]
        form.packaging.choices = [SelectChoice("", "–"), *packs]
        for name in ("weight_g", "packaging", "least_quantity", "most_quantity") if service else ("capacity_per_day",):
            del form[name]
        return form

    def new_price(self) -> Money:
        """The price in dong; raises Invalid on `price`."""
        return read_price(self.price.data or "")

    def facts(self) -> VariantFacts:
        """What was typed; raises Invalid on each number that is none."""
        quantity, unit = self._net()
        packaging = self.packaging.data if "packaging" in self else ""
        return VariantFacts(
            label=self.label.data,
            label_en=self.label_en.data,
            weight_g=self._whole("weight_g"),
            net_quantity=quantity,
            net_unit=unit,
            packaging=Packaging(packaging) if packaging else None,
            grade=self.grade.data,
            grade_en=self.grade_en.data,
            least_quantity=self._whole("least_quantity") or 1,
            most_quantity=self._whole("most_quantity"),
            capacity_per_day=self._whole("capacity_per_day"),
        )

    def _whole(self, name: str) -> int | None:
        typed = self[name].data if name in self else ""
        if not typed:
            return None
        digits = ungroup(typed)
        if digits is None or len(digits) > 7 or int(digits) == 0:
            raise Invalid({name: _("Nhập một số nguyên, từ 1.")})
        return int(digits)

    def _net(self) -> tuple[int | None, Unit | None]:
        typed, unit = self.net_quantity.data, Unit(self.net_unit.data) if self.net_unit.data else None
        if not typed:
            return None, unit
        amount = _decimal(typed) or Decimal(0)
        if amount != amount.to_integral_value() and unit in FINER:
            amount, unit = amount * 1000, FINER[unit]
        if not 0 < amount < 10_000_000 or amount != amount.to_integral_value():
            raise Invalid({"net_quantity": _("Nhập lượng tịnh bằng số, ví dụ 500 hay 0,5 kg.")})
        return int(amount), unit


def _typed_of(variant: Variant | None) -> dict[str, object]:
    if variant is None:
        return {"least_quantity": "1"}
    composed = compose_label(
        quantity=variant.net_quantity,
        unit=variant.net_unit,
        packaging=variant.packaging,
        grade=variant.grade,
        grade_en=variant.grade_en,
    )
    own = variant.label != composed[0]
    numbers = ("net_quantity", "weight_g", "least_quantity", "most_quantity", "capacity_per_day")
    return {
        **{name: str(getattr(variant, name) or "") for name in numbers},
        "net_unit": variant.net_unit or "",
        "packaging": variant.packaging or "",
        "grade": variant.grade,
        "grade_en": variant.grade_en,
        "label": variant.label if own else "",
        "label_en": variant.label_en if own else "",
        "price": f"{variant.price.amount:,}".replace(",", "."),
    }


class PictureForm(Form):
    """A picture, what it shows, and the square it is shown in."""

    picture = FileField(_l("Ảnh"), description=_l("JPEG, PNG, WebP hay AVIF, đến 12 MB, mỗi cạnh từ 320 điểm ảnh."))
    alt = LineField(
        _l("Ảnh cho thấy gì"),
        description=_l("Một câu cho người không nhìn thấy ảnh."),
        validators=[DataRequired(_l("Ghi ảnh cho thấy gì.")), Length(max=200)],
    )
    alt_en = LineField(_l("Ảnh cho thấy gì, tiếng Anh"), validators=[Length(max=200)])
    x = IntegerField(_l("Giữa khung, từ trái sang, phần trăm"), default=50, validators=[PERCENT])
    y = IntegerField(_l("Giữa khung, từ trên xuống, phần trăm"), default=50, validators=[PERCENT])
    size = IntegerField(
        _l("Cạnh khung, phần trăm cạnh ngắn của ảnh"),
        default=100,
        validators=[SIDE],
    )

    def crop(self) -> Crop:
        """The chosen square."""
        return Crop(self.x.data, self.y.data, self.size.data)
