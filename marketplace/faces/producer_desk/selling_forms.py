"""What a producer types about how a listing is sold: how much is made, how far it may travel, until when it rests."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectChoice, SelectField
from wtforms.validators import DataRequired, Optional

from marketplace.faces.producer_desk.listing_forms import GOODS_UNITS
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import ungroup
from marketplace.platform.web.forms import Form, LineField
from marketplace.platform.web.language import language
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.rules import Unit, unit_names
from marketplace.shop.catalog.services import SellingTerms

NUMBERS = ("capacity_per_month", "max_transit_days", "delivery_radius_km")


class TermsForm(Form):
    """Numbers are typed as people write them and read by `terms`; empty means no limit."""

    capacity_per_month = LineField(
        _l("Mỗi tháng làm được khoảng"), description=_l("Siêu thị, đại lý nhìn số này để biết đặt được bao nhiêu.")
    )
    capacity_unit = SelectField(_l("Đơn vị"), validators=[Optional()])
    max_transit_days = LineField(
        _l("Đi đường nhiều nhất mấy ngày"), description=_l("Hàng mau hỏng: nơi nào có thể lâu hơn thì không đặt được.")
    )
    delivery_radius_km = LineField(
        _l("Chỉ giao trong bán kính, ki-lô-mét"),
        description=_l("Tính đường chim bay từ xã nơi làm. Để trống là giao mọi nơi."),
    )

    @classmethod
    def of(cls, listing: Listing) -> "TermsForm":
        """The form, filled with what is said."""
        typed = {name: str(getattr(listing, name) or "") for name in NUMBERS}
        form = cls(data={**typed, "capacity_unit": listing.capacity_unit or ""})
        at = 1 if language() == "en" else 0
        units = [SelectChoice(unit.value, unit_names(unit)[at]) for unit in GOODS_UNITS]
        form.capacity_unit.choices = [SelectChoice("", "–"), *units]
        return form

    def terms(self) -> SellingTerms:
        """What was typed; raises Invalid on each number that is none."""
        capacity = self._whole("capacity_per_month")
        unit = self.capacity_unit.data
        return SellingTerms(
            capacity_per_month=capacity,
            capacity_unit=Unit(unit) if unit and capacity else None,
            max_transit_days=self._whole("max_transit_days"),
            delivery_radius_km=self._whole("delivery_radius_km"),
        )

    def _whole(self, name: str) -> int | None:
        typed = self[name].data
        if not typed:
            return None
        digits = ungroup(typed)
        if digits is None or len(digits) > 8 or int(digits) == 0:
            raise Invalid({name: _("Nhập một số nguyên, từ 1.")})
        return int(digits)


class RestForm(Form):
    """Until when a listing rests."""

    back_on = DateField(_l("Có lại từ ngày"), validators=[DataRequired(_l("Chọn ngày có lại."))])
