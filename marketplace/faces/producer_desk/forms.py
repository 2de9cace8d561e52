"""What a producer types at the desk."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length, Optional

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, ungroup
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
        errors, read = {}, {}
        for name in ("minimum_order", "ready_from", "ready_until"):
            digits = ungroup((self[name].data or "0").removesuffix("₫"))
            if digits is None or len(digits) > 12:
                errors[name] = N_("Nhập bằng chữ số.")
            read[name] = int(digits or 0)
        if errors:
            raise Invalid(errors)
        return Terms(Money(read["minimum_order"]), (read["ready_from"], read["ready_until"]))


def read_price(typed: str, field: str = "price") -> Money:
    """Dong as people write them, `95.000` or `95000`; raises Invalid on `field`."""
    digits = ungroup(typed.removesuffix("₫"))
    if digits is None or len(digits) > 12:
        raise Invalid({field: N_("Nhập giá bằng chữ số, tính bằng đồng.")})
    return Money(int(digits))
