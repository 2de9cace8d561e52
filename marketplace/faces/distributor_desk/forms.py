"""What a distributor says of itself."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from marketplace.people.accounts.rules import read_phone
from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.trade.distributors.models import DistributorKind
from marketplace.trade.distributors.services import DistributorFacts

KINDS = {
    DistributorKind.SUPERMARKET: _l("Siêu thị, chuỗi cửa hàng"),
    DistributorKind.SHOP: _l("Cửa hàng đặc sản"),
    DistributorKind.WHOLESALER: _l("Bán buôn, đại lý"),
    DistributorKind.HOTEL: _l("Khách sạn, nhà hàng, du lịch"),
    DistributorKind.EXPORTER: _l("Xuất khẩu"),
    DistributorKind.OTHER: _l("Khác"),
}


class DistributorForm(Form):
    """Name, kind, phone, a few words."""

    name = LineField(
        _l("Tên cơ sở hoặc công ty"), validators=[DataRequired(_l("Nhập tên cơ sở hoặc công ty")), Length(max=200)]
    )
    kind = RadioField(
        _l("Bạn bán theo cách nào?"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        validators=[DataRequired(_l("Chọn một cách bán"))],
    )
    phone = LineField(
        _l("Số điện thoại"), description=_l("Ví dụ 0912 345 678."), validators=[Optional(), Length(max=20)]
    )
    about = TextField(
        _l("Giới thiệu ngắn"),
        description=_l("Bán ở đâu, bao nhiêu điểm bán, thường cần những món gì."),
        validators=[Optional(), Length(max=1000)],
    )

    def facts(self) -> DistributorFacts:
        """What was typed, checked; raises Invalid on `phone`."""
        phone = read_phone(self.phone.data) if self.phone.data else None
        return DistributorFacts(self.name.data, DistributorKind(self.kind.data), phone, self.about.data or "")
