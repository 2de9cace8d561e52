"""What an officer types of councils, sittings and decisions."""

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length

from marketplace.people.accounts.rules import read_email
from marketplace.platform.web.forms import Form, LineField
from marketplace.registry.councils.models import Seat
from marketplace.registry.councils.services import SeatFacts
from marketplace.registry.rulesets.rules import AuthorityLevel


class CouncilForm(Form):
    """A council by the decision that set it up."""

    name = LineField(_l("Tên hội đồng"), validators=[DataRequired(_l("Nhập tên hội đồng.")), Length(max=200)])
    level = RadioField(
        _l("Cấp"),
        choices=[
            SelectChoice(AuthorityLevel.PROVINCE.value, _l("Tỉnh")),
            SelectChoice(AuthorityLevel.DISTRICT.value, _l("Huyện (đến 30/06/2025)")),
        ],
        default=AuthorityLevel.PROVINCE.value,
    )
    decision_number = LineField(
        _l("Quyết định thành lập"), validators=[DataRequired(_l("Nhập số quyết định")), Length(max=64)]
    )
    established_on = DateField(_l("Ngày ban hành"), validators=[DataRequired(_l("Nhập ngày ban hành"))])


class SeatForm(Form):
    """A seat in a council."""

    email = LineField(_l("Địa chỉ thư"), validators=[DataRequired(_l("Nhập địa chỉ thư")), Length(max=254)])
    name = LineField(_l("Họ tên"), validators=[DataRequired(_l("Nhập họ tên.")), Length(max=120)])
    department = LineField(
        _l("Cơ quan"), description=_l("Ví dụ Sở Công Thương, Sở Y tế."), validators=[Length(max=200)]
    )
    seat = RadioField(
        _l("Ghế"),
        choices=[
            SelectChoice(Seat.MEMBER.value, _l("ủy viên")),
            SelectChoice(Seat.SECRETARY.value, _l("thư ký")),
            SelectChoice(Seat.CHAIR.value, _l("chủ tịch")),
        ],
        default=Seat.MEMBER.value,
    )

    def facts(self) -> SeatFacts:
        """What was typed; raises Invalid on `email`."""
        return SeatFacts(read_email(self.email.data), self.name.data, self.department.data, Seat(self.seat.data))


class SittingForm(Form):
    """A sitting to plan."""

    round = SelectField(_l("Đợt đánh giá"), validate_choice=True)
    held_on = DateField(_l("Ngày họp"), validators=[DataRequired(_l("Nhập ngày"))])
    place = LineField(_l("Nơi họp"), validators=[DataRequired(_l("Nhập nơi họp.")), Length(max=200)])

    def day(self) -> date:
        """The day that was typed."""
        typed: date = self.held_on.data
        return typed
