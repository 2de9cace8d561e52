"""What a distributor says of itself."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.faces.storefront.trade_forms import FiguresForm, offered_kinds
from marketplace.people.accounts.rules import show_phone
from marketplace.people.places.queries import list_provinces
from marketplace.platform.core.errors import Invalid
from marketplace.platform.web.forms import LineField, TextField
from marketplace.platform.web.language import language
from marketplace.trade.distributors.models import Distributor, DistributorKind
from marketplace.trade.distributors.rules import (
    HOME,
    countries,
    country_name,
    read_phone,
)
from marketplace.trade.distributors.services import DistributorFacts

TEXTS = ["about", "country", "address", "website", "registration_number", "tax_code", "contact_name", "contact_email"]


def offered_countries() -> list[SelectChoice]:
    """Every country by its name in the reader's language, Vietnam first."""
    named = [(code, country_name(code, language())) for code in countries()]
    return [SelectChoice(*named[0]), *(SelectChoice(*each) for each in sorted(named[1:], key=lambda pair: pair[1]))]


def offered_provinces() -> list[SelectChoice]:
    """The provinces that goods may go to, or none."""
    return [SelectChoice("", "–"), *(SelectChoice(unit.code, unit.name) for unit in list_provinces())]


class DistributorForm(FiguresForm):
    """Who the distributor is, where it sells, whom to call."""

    name = LineField(
        _l("Tên cơ sở hoặc công ty"), validators=[DataRequired(_l("Nhập tên cơ sở hoặc công ty")), Length(max=200)]
    )
    kind = RadioField(
        _l("Bạn bán theo cách nào?"), choices=offered_kinds, validators=[DataRequired(_l("Chọn một cách bán"))]
    )
    country = SelectField(_l("Nước"), choices=offered_countries, default=HOME)
    registration_number = LineField(
        _l("Số đăng ký kinh doanh"),
        description=_l("Như trên giấy đăng ký; tỉnh đối chiếu số này."),
        validators=[Length(max=40)],
    )
    tax_code = LineField(
        _l("Mã số thuế"),
        description=_l("Nơi ở nước ngoài ghi mã thuế của nước đó, nếu có."),
        validators=[Length(max=20)],
    )
    address = LineField(_l("Địa chỉ trụ sở hoặc nơi bán chính"), validators=[Length(max=300)])
    province_code = SelectField(
        _l("Hàng giao đến tỉnh"),
        description=_l("Kho hoặc cảng ở Việt Nam nơi bạn nhận hàng."),
        choices=offered_provinces,
        validators=[Optional()],
    )
    outlets = LineField(
        _l("Số điểm bán"), description=_l("Cửa hàng, quầy, khách sạn… của bạn."), validators=[Length(max=9)]
    )
    website = LineField(_l("Trang mạng"), description=_l("Ví dụ https://vi-du.vn"), validators=[Length(max=200)])
    contact_name = LineField(_l("Người phụ trách mua hàng"), validators=[Length(max=120)])
    phone = LineField(
        _l("Số điện thoại"),
        description=_l("Ví dụ 0912 345 678; số nước ngoài bắt đầu bằng dấu +."),
        validators=[Optional(), Length(max=24)],
    )
    contact_email = LineField(_l("Thư điện tử của người phụ trách"), validators=[Length(max=254)])
    about = TextField(
        _l("Giới thiệu ngắn"),
        description=_l("Bán ở đâu, bao nhiêu điểm bán, thường cần những món gì."),
        validators=[Optional(), Length(max=1000)],
    )
    sure = BooleanField(_l("Tôi biết: nơi làm tạm không thấy nhu cầu của tôi cho đến khi tỉnh xác minh lại"))

    @classmethod
    def of(cls, name: str, own: Distributor | None) -> "DistributorForm":
        """The form, filled with what is said."""
        if own is None:
            return cls(data={"name": name, "country": HOME})
        typed: dict[str, Any] = {each: getattr(own, each) for each in TEXTS}
        phone = show_phone(own.phone) if own.phone else ""
        typed |= {"name": name, "kind": own.kind.value, "phone": phone, "outlets": own.outlets or ""}
        return cls(data=typed | {"province_code": own.province.code if own.province else ""})

    def facts(self) -> DistributorFacts:
        """What was typed; raises Invalid on a number or phone that is none."""
        wrong: dict[str, str] = {}
        outlets = self.whole("outlets", wrong)
        phone = None
        try:
            phone = read_phone(self.country.data, self.phone.data or "")
        except Invalid as invalid:
            wrong |= invalid.fields
        if wrong:
            raise Invalid(wrong)
        return DistributorFacts(
            name=self.name.data,
            kind=DistributorKind(self.kind.data),
            phone=phone,
            province_code=self.province_code.data or "",
            outlets=outlets or None,
            **{each: self[each].data or "" for each in TEXTS},
        )
