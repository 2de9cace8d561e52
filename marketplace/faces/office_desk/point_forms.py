"""What officers type about a showcase point: its facts, its week, a visit."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import time

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField
from wtforms.validators import DataRequired, Length, Optional

from marketplace.faces.storefront.point_words import KINDS, hours_on
from marketplace.people.accounts.rules import read_phone
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import DayField, DegreesField, Form, LineField, TextField
from marketplace.trade.showcase.models import PlaceKind, ShowcasePoint
from marketplace.trade.showcase.rules import Span
from marketplace.trade.showcase.services import PointFacts

_SPAN = re.compile(r"\s*(\d{1,2})[:.hg](\d{2})?\s*[-–]\s*(\d{1,2})[:.hg](\d{2})?\s*")


class PointForm(Form):
    """A point's facts."""

    name = LineField(_l("Tên điểm"), validators=[DataRequired(_l("Đặt tên.")), Length(max=200)])
    name_en = LineField(_l("Tên bằng tiếng Anh"), validators=[Length(max=200)])
    kind = SelectField(
        _l("Loại nơi"),
        choices=lambda: [SelectChoice(kind.value, str(name)) for kind, name in KINDS.items()],
        description=_l("Theo Quyết định 950/QĐ-BCT ngày 18/4/2023."),
    )
    commune_code = SelectField(_l("Xã, phường"), validate_choice=False)
    street = LineField(
        _l("Số nhà, đường, thôn"),
        validators=[DataRequired(_l("Nhập số nhà, đường hoặc thôn bản")), Length(max=200)],
    )
    latitude = DegreesField(_l("Vĩ độ"), validators=[Optional()])
    longitude = DegreesField(_l("Kinh độ"), validators=[Optional()])
    phone = LineField(_l("Điện thoại của điểm"), validators=[Length(max=20)])
    managed_by = LineField(_l("Đơn vị quản lý"), validators=[DataRequired(_l("Ghi đơn vị quản lý.")), Length(max=200)])
    keeper = LineField(
        _l("Thư của người trông bàn"),
        description=_l("Địa chỉ thư của một người thuộc nơi làm hay nơi phân phối; cả đơn vị ấy giữ bàn của điểm."),
        validators=[Length(max=254)],
    )
    authority = LineField(_l("Cơ quan công nhận"), validators=[Length(max=200)])
    decision_number = LineField(_l("Số quyết định"), validators=[Length(max=60)])
    decided_on = DayField(_l("Ngày quyết định"), validators=[Optional()])
    about = TextField(_l("Giới thiệu"), validators=[Length(max=4000)])
    about_en = TextField(_l("Giới thiệu bằng tiếng Anh"), validators=[Length(max=4000)])

    def offer(self, communes: Sequence[AdministrativeUnit]) -> None:
        """The communes to choose from."""
        self.commune_code.choices = [SelectChoice("", _l("Chọn xã, phường…"))] + [
            SelectChoice(each.code, each.name) for each in communes
        ]

    def facts(self) -> PointFacts:
        """What was typed; raises Invalid where the phone is none."""
        return PointFacts(
            name=self.name.data,
            name_en=self.name_en.data or "",
            kind=PlaceKind(self.kind.data),
            commune_code=self.commune_code.data or "",
            street=self.street.data,
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            phone=read_phone(self.phone.data) if self.phone.data else None,
            managed_by=self.managed_by.data,
            keeper=self.keeper.data or "",
            authority=self.authority.data or "",
            decision_number=self.decision_number.data or "",
            decided_on=self.decided_on.data,
            about=self.about.data or "",
            about_en=self.about_en.data or "",
        )


def said(point: ShowcasePoint, keeper: str) -> dict[str, object]:
    """What the form starts with."""
    names = ("name", "name_en", "street", "latitude", "longitude", "phone", "managed_by", "authority")
    more = ("decision_number", "decided_on", "about", "about_en")
    known = {name: getattr(point, name) for name in (*names, *more)}
    return known | {"kind": point.kind.value, "commune_code": point.commune.code, "keeper": keeper}


def week_said(point: ShowcasePoint, typed: Mapping[str, str]) -> list[str]:
    """Each day's hours as they are written into the form: what was typed, else what holds."""
    return [typed.get(f"day-{n}", hours_on(point.hours, n)) for n in range(7)]


def week_in(typed: Mapping[str, str]) -> list[Span]:
    """The week that was typed, as `7:30-11:30, 13:30-17:00` a day; raises Invalid on `hours`."""
    spans = []
    for n in range(7):
        for piece in filter(str.strip, typed.get(f"day-{n}", "").split(",")):
            found = _SPAN.fullmatch(piece)
            span = None
            with suppress(ValueError):
                span = _span(n, *found.groups()) if found else None
            if span is None:
                raise Invalid({"hours": N_("Ghi giờ như 7:30-11:30, 13:30-17:00; ngày nghỉ thì để trống.")})
            spans.append(span)
    return spans


def _span(weekday: int, opens: str, past: str | None, closes: str, late: str | None) -> Span:
    """From a time to a time; the day ends at 24:00, which is no time to open. Raises ValueError where one is none."""
    end = time(0, 0) if (closes, int(late or 0)) == ("24", 0) else time(int(closes), int(late or 0))
    return Span(weekday, time(int(opens), int(past or 0)), end)
