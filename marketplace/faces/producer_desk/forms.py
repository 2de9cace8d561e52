"""What a producer types at the desk."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, Optional

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, read_dong, ungroup
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import Form, LineField
from marketplace.shop.pricing.rules import Terms


class TermsForm(Form):
    """What the producer asks of an order."""

    minimum_order = LineField(
        _l("Đơn tối thiểu, đồng"),
        description=_l("Tiền hàng ít nhất của một đơn. Để trống nếu bao nhiêu cũng gửi."),
        validators=[Optional(), Length(max=20)],
    )
    ready_from = LineField(_l("Chuẩn bị hàng từ (ngày)"), validators=[Length(max=3)])
    ready_until = LineField(_l("đến (ngày)"), validators=[Length(max=3)])

    def terms(self) -> Terms:
        """What was typed; raises Invalid with every field that will not do."""
        minimum = read_dong(self.minimum_order.data or "0")
        first, last = (ungroup(field.data or "0") for field in (self.ready_from, self.ready_until))
        if minimum is None or first is None or last is None:
            read = {"minimum_order": minimum, "ready_from": first, "ready_until": last}
            raise Invalid({name: N_("Nhập bằng chữ số.") for name, value in read.items() if value is None})
        return Terms(minimum, (int(first), int(last)))


def read_price(typed: str, field: str = "price") -> Money:
    """Dong as people write them, `95.000` or `95000`; raises Invalid on `field`."""
    price = read_dong(typed)
    if price is None:
        raise Invalid({field: N_("Nhập giá bằng chữ số, tính bằng đồng.")})
    return price
