"""What an officer types about an activity, and about support given."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from marketplace.faces.office_desk.money_forms import AmountField
from marketplace.faces.office_desk.programme_words import ACTIVITY_KINDS, unit_name
from marketplace.faces.storefront.support_words import SUPPORT_KINDS
from marketplace.office.outreach.models import Activity, ActivityKind
from marketplace.office.outreach.services import ActivityFacts
from marketplace.office.support.models import Support, SupportKind
from marketplace.office.support.services import SupportFacts
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.money import read_dong
from marketplace.platform.web.forms import CountField, DayField, Form, LineField, TextField

DAY = [DataRequired(_l("Nhập ngày như 31/12/2026."))]


def choices_of(names: Mapping[Any, Any]) -> list[SelectChoice]:
    """Kinds to choose from, by what they are called."""
    return [SelectChoice(kind.value, name) for kind, name in names.items()]


def mark(unit: AdministrativeUnit) -> str:
    """The mark that names a unit: system and code."""
    return f"{unit.system}:{unit.code}"


class ActivityForm(Form):
    """One activity."""

    unit = SelectField(_l("Đơn vị tổ chức"))
    kind = SelectField(_l("Hình thức"), choices=choices_of(ACTIVITY_KINDS))
    title = LineField(_l("Tên hoạt động"), validators=[DataRequired(_l("Ghi tên hoạt động.")), Length(max=200)])
    held_on = DayField(_l("Ngày"), validators=DAY)
    place = LineField(_l("Nơi diễn ra, tên báo đài"), validators=[Length(max=200)])
    audience = LineField(
        _l("Dành cho ai"),
        description=_l("Ví dụ: người dân trong xã, cán bộ thôn bản, nơi làm."),
        validators=[DataRequired(_l("Ghi hoạt động dành cho ai.")), Length(max=200)],
    )
    people = CountField(
        _l("Bao nhiêu người"),
        description=_l("Số người dự; với phát thanh và bài viết là số người nghe, đọc ước tính."),
        validators=[InputRequired(_l("Nhập một số."))],
    )
    note = TextField(_l("Nội dung, ghi chú"), validators=[Length(max=4000)])

    def offer(self, units: list[AdministrativeUnit]) -> None:
        """The units to choose from."""
        self.unit.choices = [SelectChoice(mark(unit), unit_name(unit)) for unit in units]

    def facts(self) -> ActivityFacts:
        """What was typed."""
        return ActivityFacts(
            unit=self.unit.data,
            kind=ActivityKind(self.kind.data),
            title=self.title.data,
            held_on=self.data["held_on"],
            audience=self.audience.data,
            people=self.people.data,
            place=self.place.data or "",
            note=self.note.data or "",
        )


def said_of_activity(row: Activity) -> dict[str, Any]:
    """What the form of an activity begins with."""
    names = ("title", "held_on", "place", "audience", "people", "note")
    return {name: getattr(row, name) for name in names} | {"kind": row.kind.value, "unit": mark(row.unit)}


class SupportForm(Form):
    """One act of support."""

    producer = SelectField(_l("Nơi làm"))
    kind = SelectField(_l("Loại hỗ trợ"), choices=choices_of(SUPPORT_KINDS))
    programme = LineField(
        _l("Chương trình, nguồn"),
        validators=[DataRequired(_l("Ghi chương trình hoặc nguồn hỗ trợ.")), Length(max=200)],
    )
    decision_number = LineField(_l("Số quyết định (nếu có)"), validators=[Length(max=64)])
    what = LineField(_l("Đã hỗ trợ gì"), validators=[DataRequired(_l("Ghi đã hỗ trợ gì.")), Length(max=300)])
    amount = AmountField(
        _l("Số tiền, đồng"), description=_l("0 nếu hỗ trợ bằng việc, không bằng tiền."), validators=[Length(max=20)]
    )
    given_on = DayField(_l("Ngày"), validators=DAY)
    result = TextField(
        _l("Kết quả"),
        description=_l("Ghi sau cũng được: mẫu đạt, bao bì đã dùng, sao đã nâng."),
        validators=[Length(max=4000)],
    )

    def validate_amount(self, field: AmountField) -> None:
        """What cannot be read is no nought."""
        if read_dong(field.data or "") is None:
            raise ValidationError(_("Viết số tiền bằng chữ số, ví dụ 12.000.000."))

    def offer(self, producers: list[Producer]) -> None:
        """The producers to choose from."""
        self.producer.choices = [SelectChoice(each.slug, f"{each.name}, {each.commune.name}") for each in producers]

    def facts(self) -> SupportFacts:
        """What was typed."""
        return SupportFacts(
            producer=self.producer.data,
            kind=SupportKind(self.kind.data),
            programme=self.programme.data,
            what=self.what.data,
            amount=self.amount.money,
            given_on=self.data["given_on"],
            decision_number=self.decision_number.data or "",
            result=self.result.data or "",
        )


def said_of_support(row: Support) -> dict[str, Any]:
    """What the form of an act of support begins with."""
    names = ("programme", "decision_number", "what", "given_on", "result")
    amount = f"{row.amount.amount:,}".replace(",", ".")
    kept = {name: getattr(row, name) for name in names}
    return kept | {"kind": row.kind.value, "producer": row.producer.slug, "amount": amount}


def first_said(on: date) -> dict[str, Any]:
    """What an empty form begins with."""
    return {"held_on": on, "given_on": on, "amount": "0"}
