"""What administrators type about accounts: who is asked to work for the office; units are chosen by name."""

from collections.abc import Sequence

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, ValidationError

from marketplace.people.accounts.models import Role
from marketplace.people.accounts.policies import OFFICERS
from marketplace.people.accounts.rules import read_email
from marketplace.people.accounts.services import OfficerFacts
from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.places.queries import find_unit, list_communes, list_former_districts
from marketplace.platform.core.errors import Invalid
from marketplace.platform.web.forms import Form, LineField

ROLE_NAMES = {
    Role.BUYER: _l("Người mua"),
    Role.PRODUCER: _l("Nơi làm ra sản phẩm"),
    Role.DISTRIBUTOR: _l("Nhà phân phối"),
    Role.COMMUNE_OFFICER: _l("Cán bộ xã"),
    Role.DISTRICT_OFFICER: _l("Cán bộ huyện (cũ)"),
    Role.PROVINCE_OFFICER: _l("Cán bộ tỉnh"),
    Role.COUNCIL_MEMBER: _l("Thành viên hội đồng"),
    Role.ADMIN: _l("Quản trị"),
}
NAME = _l("Nhập tên, nhiều nhất 120 ký tự.")
Groups = list[tuple[str, list[tuple[str, str]]]]


class InviteForm(Form):
    """Somebody who is asked to work for the office."""

    name = LineField(_l("Tên"), validators=[DataRequired(NAME), Length(max=120, message=NAME)])
    email = LineField(_l("Địa chỉ thư"), validators=[Length(max=254)])
    role = SelectField(
        _l("Vai trò"),
        choices=lambda: [SelectChoice(role.value, str(ROLE_NAMES[role])) for role in Role if role in OFFICERS],
        default=Role.COMMUNE_OFFICER.value,
    )
    unit_code = LineField(
        _l("Đơn vị"), description=_l("Xã, huyện cũ hoặc tỉnh mà người ấy phụ trách; quản trị thì để trống.")
    )

    def validate_email(self, field: LineField) -> None:
        """Told with all else, and not only once the rest is right."""
        try:
            read_email(field.data or "")
        except Invalid as invalid:
            told = invalid.fields["email"]  # apart, for what is gathered for translation is what stands in `_()`
            raise ValidationError(_(told)) from invalid

    def validate_unit_code(self, field: LineField) -> None:
        """Whether the unit is of the role's level is the service's to say."""
        if not field.data and self.role.data != Role.ADMIN.value:
            raise ValidationError(_("Chọn đơn vị mà người ấy phụ trách."))

    def facts(self) -> OfficerFacts:
        """What was typed."""
        return OfficerFacts(read_email(self.email.data), self.name.data, Role(self.role.data), self.unit_code.data)


def unit_groups() -> Groups:
    """The units that officers of this province act within, code and name, a group a level."""
    code = current_app.config["SETTINGS"].province_code
    levels: dict[str, Sequence[AdministrativeUnit | None]] = {
        _("Tỉnh"): [find_unit(code, Level.PROVINCE)],
        _("Huyện, thành phố cũ"): list_former_districts(),
        _("Xã, phường"): list_communes(code),
    }
    return [(level, [(unit.code, unit.name) for unit in units if unit]) for level, units in levels.items()]
