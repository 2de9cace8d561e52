"""What an officer types."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DecimalField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, StopValidation

from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.platform.web.language import language
from marketplace.registry.certification.classifications import Classification, ClassifiedSet, sets_of
from marketplace.registry.certification.product_sets import ProductSet, all_sets
from marketplace.registry.certification.rules import AuthorityLevel
from marketplace.registry.certification.services import DecisionFacts

LEVELS = [
    SelectChoice(AuthorityLevel.PROVINCE.value, _l("Tỉnh")),
    SelectChoice(AuthorityLevel.MINISTRY.value, _l("Bộ (chỉ 5 sao)")),
    SelectChoice(AuthorityLevel.DISTRICT.value, _l("Huyện (quyết định từ 24/02/2023 đến 30/06/2025)")),
]


def named_sets(sets: Iterable[ProductSet | ClassifiedSet]) -> list[SelectChoice]:
    """Product sets as a select offers them, in the reader's language."""
    english = language() == "en"
    return [SelectChoice(s.code, f"{s.code} · {s.name_en if english else s.name}") for s in sets]


class DecisionForm(Form):
    """A decision as printed."""

    authority = LineField(
        _l("Cơ quan ban hành"), validators=[DataRequired(_l("Nhập cơ quan ban hành")), Length(max=200)]
    )
    level = RadioField(_l("Cấp ban hành"), choices=LEVELS, default=AuthorityLevel.PROVINCE.value)
    number = LineField(
        _l("Số quyết định"),
        description=_l("Như in trên quyết định, ví dụ 1425/QĐ-UBND."),
        validators=[DataRequired(_l("Nhập số quyết định")), Length(max=64)],
    )
    issued_on = DateField(_l("Ngày ban hành"), validators=[DataRequired(_l("Nhập ngày ban hành"))])

    def decision(self) -> DecisionFacts:
        """The decision that was typed."""
        issued_on: date = self.issued_on.data
        return DecisionFacts(self.authority.data, AuthorityLevel(self.level.data), self.number.data, issued_on)


def _finite(_form: Form, field: DecimalField) -> None:
    """A decimal may also read `NaN`, which no range can judge."""
    if not field.data.is_finite():
        raise StopValidation(_l("Điểm từ 0 đến 100."))


class GrantFields(Form):
    """What a certificate says beside its decision."""

    stars = RadioField(
        _l("Số sao"),
        choices=[SelectChoice("3", _l("3 sao")), SelectChoice("4", _l("4 sao")), SelectChoice("5", _l("5 sao"))],
        validators=[DataRequired(_l("Chọn số sao"))],
    )
    score = DecimalField(
        _l("Điểm trung bình (nếu biết)"),
        places=2,
        validators=[Optional(), _finite, NumberRange(Decimal(0), Decimal(100), _l("Điểm từ 0 đến 100."))],
    )
    printed_number = LineField(_l("Số in trên giấy chứng nhận (nếu có)"), validators=[Optional(), Length(max=64)])
    potential_five = BooleanField(
        _l("Tiềm năng 5 sao"),
        description=_l("Tỉnh chấm từ 90 điểm, đang chờ bộ. Sản phẩm vẫn mang 4 sao ở mọi nơi."),
    )
    granted_as = SelectField(
        _l("Bộ khi cấp (chỉ cho quyết định trước 24/02/2023)"),
        choices=lambda: [
            SelectChoice("", _l("Theo bộ hiện nay")),
            *named_sets(sets_of(Classification.OF_2019)),
        ],
        validate_choice=False,  # the service does, knowing the day and the product
    )

    def grant(self) -> dict[str, Any]:
        """What was typed, as `certify` takes it."""
        return {
            "stars": int(self.stars.data),
            "score": self.score.data,
            "printed_number": self.printed_number.data or None,
            "potential_five": bool(self.potential_five.data),
            "granted_as": self.granted_as.data or None,
        }


class CertificateForm(DecisionForm, GrantFields):
    """A decision and a certificate that it grants."""


class GrantForm(GrantFields):
    """A certificate of one more product, by a decision that is in the register."""

    product = RadioField(
        _l("Sản phẩm"), validate_choice=False, validators=[DataRequired(_l("Tìm rồi chọn một sản phẩm"))]
    )


class RevocationForm(DecisionForm):
    """The decision that takes a certificate back."""

    reason = TextField(
        _l("Lý do thu hồi"), validators=[DataRequired(_l("Ghi lý do thu hồi như trong quyết định.")), Length(max=2000)]
    )


class ProductForm(Form):
    """A product to enter in the register."""

    producer = SelectField(_l("Nơi làm"), validate_choice=True)
    name = LineField(_l("Tên sản phẩm"), validators=[DataRequired(_l("Nhập tên sản phẩm")), Length(max=200)])
    set_code = SelectField(_l("Bộ sản phẩm"), choices=lambda: named_sets(all_sets()))
