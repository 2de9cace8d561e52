"""What a visitor types who asks for tickets."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.faces.storefront.ticket_words import KINDS
from marketplace.people.places.queries import list_communes, list_provinces
from marketplace.platform.web.forms import Form, LineField
from marketplace.trade.visitors.models import VisitorKind
from marketplace.trade.visitors.services import VisitorFacts


class TicketForm(Form):
    """Name, phone or e-mail, how many people, whence, as what, and whether exhibitors may note them."""

    key = HiddenField()
    name = LineField(_l("Họ tên"), validators=[DataRequired(_l("Ghi họ tên.")), Length(max=120)])
    phone = LineField(_l("Số điện thoại"), validators=[Length(max=20)])
    email = LineField(
        _l("Địa chỉ thư"),
        description=_l("Ghi để nhận vé bằng thư. Có điện thoại hoặc thư là đủ."),
        validators=[Length(max=254)],
    )
    people = IntegerField(
        _l("Mấy người"),
        description=_l("Mỗi người một vé, nhiều nhất 10."),
        validators=[InputRequired(_l("Nhập một số."))],
    )
    place = SelectField(_l("Đến từ tỉnh, thành phố (không bắt buộc)"), validate_choice=False)
    commune = SelectField(_l("Xã, phường (không bắt buộc)"), validate_choice=False)
    kind = RadioField(_l("Đến với tư cách"), choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()])
    invitation = LineField(_l("Mã mời"), description=_l("Ghi trên giấy mời."), validators=[Length(max=30)])
    consent = BooleanField(
        _l("Cho gian hàng quét vé của tôi xem tên và số điện thoại để liên hệ sau hội chợ"),
        description=_l("Không bắt buộc. Bạn rút lại lúc nào cũng được ở trang vé."),
    )

    def offer(self) -> None:
        """The provinces, and the communes of the one chosen."""
        self.place.choices = [
            SelectChoice("", _l("Không ghi")),
            *(SelectChoice(p.code, p.name) for p in list_provinces()),
        ]
        communes = list_communes(self.place.data) if self.place.data else []
        self.commune.choices = [SelectChoice("", _l("Không ghi")), *(SelectChoice(c.code, c.name) for c in communes)]

    def facts(self, language: str) -> VisitorFacts:
        """What was typed; the nearer place counts."""
        code = self.commune.data or self.place.data
        return VisitorFacts(
            name=self.name.data,
            phone=self.phone.data or "",
            email=self.email.data or "",
            people=self.people.data,
            place=f"2025:{code}" if code else "",
            kind=VisitorKind(self.kind.data),
            language=language,
            consent=bool(self.consent.data),
            invitation=self.invitation.data or "",
        )
