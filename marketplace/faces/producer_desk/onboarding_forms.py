"""What a producer types on its way to being verified, a short form a step."""

from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from marketplace.people.accounts.rules import read_email, read_phone
from marketplace.people.places.queries import list_communes
from marketplace.people.producers.models import ProducerKind
from marketplace.people.producers.views import KINDS
from marketplace.people.verification.demands import banks, tax_rules
from marketplace.people.verification.models import ContactRole, Field
from marketplace.people.verification.queries import ProducerFile
from marketplace.people.verification.rules import Step
from marketplace.people.verification.services import (
    ContactFacts,
    IdentityFacts,
    LeaderFacts,
    add_contact,
    propose_account,
    save_identity,
    save_leaders,
    save_tax,
)
from marketplace.platform.core.access import Actor
from marketplace.platform.web.forms import Form, LineField
from marketplace.platform.web.language import language

OTHER_BANK = "other"
ROLES = {
    ContactRole.HEAD: _l("Người đứng đầu"),
    ContactRole.SALES: _l("Bán hàng"),
    ContactRole.PRODUCTION: _l("Sản xuất"),
    ContactRole.ACCOUNTS: _l("Kế toán"),
    ContactRole.OTHER: _l("Việc khác"),
}


class StepForm(Form):
    """One step: how it is filled from what is known, and what saving it does."""

    def fill(self, file: ProducerFile) -> None:
        """Show what is known; what was typed stays."""

    def save(self, *, by: Actor, at: datetime) -> None:
        """Hand what was typed to the step's verb, in the open block."""


class IdentityForm(StepForm):
    """Who the producer is."""

    name = LineField(
        _l("Tên như trên giấy đăng ký"),
        validators=[DataRequired(_l("Nhập tên như trên giấy đăng ký.")), Length(max=200)],
    )
    kind = SelectField(_l("Loại cơ sở"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()])
    registration_number = LineField(
        _l("Số đăng ký kinh doanh"),
        description=_l("Giấy đăng ký doanh nghiệp, hợp tác xã hoặc hộ. Tổ hợp tác chưa có thì để trống."),
        validators=[Length(max=40)],
    )
    commune_code = SelectField(_l("Xã, phường nơi làm"), validate_choice=False)
    street = LineField(_l("Thôn, bản, số nhà"), validators=[Length(max=200)])
    founded_year = IntegerField(
        _l("Làm nghề từ năm"), validators=[Optional(), NumberRange(1500, 2100, _l("Nhập năm bằng bốn chữ số."))]
    )

    def fill(self, file: ProducerFile) -> None:
        known = list_communes(current_app.config["SETTINGS"].province_code)
        self.commune_code.choices = [SelectChoice(unit.code, unit.name) for unit in known]
        if not self.is_submitted():
            self.name.data, self.kind.data = file.value(Field.NAME), file.value(Field.KIND)
            self.registration_number.data = file.value(Field.REGISTRATION)
            self.commune_code.data = file.value(Field.COMMUNE)
            self.street.data, self.founded_year.data = file.producer.street or "", file.producer.founded_year

    def save(self, *, by: Actor, at: datetime) -> None:
        names = ("name", "commune_code", "registration_number", "street", "founded_year")
        facts = IdentityFacts(kind=ProducerKind(self.kind.data), **{name: self[name].data for name in names})
        save_identity(facts=facts, by=by, at=at)


class TaxForm(StepForm):
    """Who pays tax how."""

    tax_subject = SelectField(_l("Đối tượng thuế"), validate_choice=False)
    tax_code = LineField(
        _l("Mã số thuế"),
        description=_l("Tổ chức: 10 chữ số, chi nhánh 13. Hộ và cá nhân: số căn cước, 12 chữ số."),
        validators=[DataRequired(_l("Nhập mã số thuế.")), Length(max=20)],
    )

    def fill(self, file: ProducerFile) -> None:
        kind, english = file.value(Field.KIND), language() == "en"
        fit = [rule for rule in tax_rules().values() if kind in rule.kinds]
        self.tax_subject.choices = [SelectChoice(rule.code, rule.name_en if english else rule.name) for rule in fit]
        if not self.is_submitted():
            self.tax_subject.data, self.tax_code.data = file.value(Field.TAX_SUBJECT), file.value(Field.TAX_CODE)

    def save(self, *, by: Actor, at: datetime) -> None:
        save_tax(subject=self.tax_subject.data or "", code=self.tax_code.data, by=by, at=at)


class BankForm(StepForm):
    """Where the producer is paid; what was entered before is never filled in again."""

    bank = SelectField(_l("Ngân hàng"), validators=[DataRequired(_l("Chọn ngân hàng."))])
    bank_name = LineField(_l("Tên ngân hàng khác"), validators=[Length(max=100)])
    bank_bin = LineField(
        _l("Mã BIN của ngân hàng đó"),
        description=_l("Sáu chữ số, hỏi ngân hàng hoặc xem mã VietQR; chỉ khi ngân hàng không có trong danh sách."),
        validators=[Length(max=10)],
    )
    number = LineField(_l("Số tài khoản"), validators=[DataRequired(_l("Nhập số tài khoản.")), Length(max=40)])
    holder = LineField(
        _l("Tên chủ tài khoản"),
        description=_l("Như trên ứng dụng ngân hàng, ví dụ HTX MIEN DONG BINH LU."),
        validators=[DataRequired(_l("Nhập tên chủ tài khoản.")), Length(max=120)],
    )

    def fill(self, file: ProducerFile) -> None:
        named = [SelectChoice(code, f"{name} ({code})") for code, name in banks().items()]
        self.bank.choices = [
            SelectChoice("", _l("Chọn ngân hàng…")), *named, SelectChoice(OTHER_BANK, _l("Ngân hàng khác")),
        ]  # fmt: skip

    def save(self, *, by: Actor, at: datetime) -> None:
        known = banks().get(self.bank.data)
        propose_account(
            bank_bin=self.bank.data if known else self.bank_bin.data,
            bank_name=known or self.bank_name.data,
            number=self.number.data,
            holder=self.holder.data,
            by=by,
            at=at,
        )


class ContactForm(StepForm):
    """One more person to call."""

    name = LineField(_l("Tên"), validators=[DataRequired(_l("Nhập tên người liên hệ.")), Length(max=120)])
    role = SelectField(_l("Lo việc gì"), choices=[SelectChoice(role.value, label) for role, label in ROLES.items()])
    phone = LineField(_l("Số điện thoại"), validators=[DataRequired(_l("Nhập số điện thoại.")), Length(max=20)])
    email = LineField(_l("Địa chỉ thư (nếu có)"), validators=[Optional(), Length(max=254)])

    def save(self, *, by: Actor, at: datetime) -> None:
        phone = read_phone(self.phone.data)
        email = read_email(self.email.data) if self.email.data else None
        add_contact(facts=ContactFacts(self.name.data, ContactRole(self.role.data), phone, email), by=by, at=at)


class LeadersForm(StepForm):
    """Who leads, who works."""

    led_by_woman = BooleanField(_l("Người đứng đầu là phụ nữ"))
    led_by_minority = BooleanField(_l("Người đứng đầu là người dân tộc thiểu số"))
    workers = IntegerField(
        _l("Số người làm"), validators=[InputRequired(_l("Nhập số người làm.")), NumberRange(0, 100_000)]
    )
    local_workers = IntegerField(
        _l("Trong đó người ở xã"), validators=[InputRequired(_l("Nhập số người ở xã.")), NumberRange(0, 100_000)]
    )

    def fill(self, file: ProducerFile) -> None:
        if not self.is_submitted() and file.row is not None:
            for name in ("led_by_woman", "led_by_minority", "workers", "local_workers"):
                self[name].data = getattr(file.row, name)

    def save(self, *, by: Actor, at: datetime) -> None:
        facts = LeaderFacts(
            bool(self.led_by_woman.data), bool(self.led_by_minority.data), self.workers.data, self.local_workers.data
        )
        save_leaders(facts=facts, by=by, at=at)


FORMS: dict[Step, Callable[[], StepForm]] = {
    Step.IDENTITY: IdentityForm,
    Step.TAX: TaxForm,
    Step.BANK: BankForm,
    Step.CONTACTS: ContactForm,
    Step.LEADERS: LeadersForm,
}
