"""What an officer types about a fair: the edition, an item of its programme, rows of zones, quotas, budget."""

from collections.abc import Mapping
from datetime import datetime, time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    DateTimeLocalField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from marketplace.faces.office_desk.money_forms import AmountField
from marketplace.faces.storefront.fair_words import ENTRIES
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money, read_dong
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import CountField, DegreesField, Form, LineField, TextField, whole_number
from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import all_sets
from marketplace.trade.fairs.models import BudgetLine, Edition, EditionQuota, EditionZone, Entry, Fair, ProgrammeItem
from marketplace.trade.fairs.services import EditionFacts, SessionFacts

DAY = [DataRequired(_l("Nhập ngày"))]
HOUR = [DataRequired(_l("Nhập giờ"))]
NUMBER = [InputRequired(_l("Nhập một số."))]
LONG = [Length(max=6000)]
BLANK_ROWS = 3


class EditionForm(Form):
    """An edition's facts."""

    series = SelectField(_l("Thuộc hội chợ"), description=_l("Lần đầu của một hội chợ mới thì để nguyên."))
    title = LineField(_l("Tên lần này"), validators=[DataRequired(_l("Đặt tên.")), Length(max=200)])
    title_en = LineField(_l("Tên bằng tiếng Anh"), validators=[Length(max=200)])
    summary = LineField(_l("Một câu giới thiệu"), validators=[Length(max=300)])
    summary_en = LineField(_l("Câu ấy bằng tiếng Anh"), validators=[Length(max=300)])
    about = TextField(_l("Giới thiệu"), validators=LONG)
    about_en = TextField(_l("Giới thiệu bằng tiếng Anh"), validators=LONG)
    venue = LineField(_l("Nơi tổ chức"), validators=[DataRequired(_l("Ghi nơi tổ chức.")), Length(max=200)])
    address = LineField(_l("Địa chỉ"), validators=[Length(max=300)])
    latitude = DegreesField(_l("Vĩ độ"), validators=[Optional()])
    longitude = DegreesField(_l("Kinh độ"), validators=[Optional()])
    first_day = DateField(_l("Từ ngày"), validators=DAY)
    last_day = DateField(_l("Đến ngày"), validators=DAY)
    opens = TimeField(_l("Mỗi ngày mở cửa từ"), validators=HOUR)
    closes = TimeField(_l("Đến"), validators=HOUR)
    applications_from = DateField(_l("Nhận đăng ký từ ngày"), validators=DAY)
    applications_until = DateField(_l("Nhận đến hết ngày"), validators=DAY)
    answer_days = IntegerField(
        _l("Lời mời có hạn, ngày"),
        description=_l("Quá hạn mà nơi làm chưa nhận thì chỗ sang người chờ."),
        validators=NUMBER,
    )
    least_stars = RadioField(_l("Sản phẩm từ"), choices=[SelectChoice(str(n), _l("%(n)d sao", n=n)) for n in (3, 4, 5)])
    sets = SelectMultipleField(_l("Bộ sản phẩm được mời"), description=_l("Không chọn bộ nào là mời mọi bộ."))
    entry = RadioField(_l("Khách vào cửa"), choices=[SelectChoice(kind.value, name) for kind, name in ENTRIES.items()])
    ticket_price = AmountField(_l("Giá vé, đồng"), description=_l("0 là miễn phí."), validators=NUMBER)
    most_visitors = CountField(
        _l("Nhiều nhất bao nhiêu vé"), description=_l("Để trống nếu không giới hạn."), validators=[Optional()]
    )

    def validate_ticket_price(self, field: AmountField) -> None:
        """What cannot be read is no free entry."""
        if read_dong(field.data or "") is None:
            raise ValidationError(_("Viết số tiền bằng chữ số, ví dụ 12.000.000."))

    def offer(self, fairs: list[Fair]) -> None:
        """The series and sets to choose from."""
        new = SelectChoice("", _l("Hội chợ mới"))
        self.series.choices = [new, *(SelectChoice(fair.code, fair.name) for fair in fairs)]
        english = language() == "en"
        self.sets.choices = [SelectChoice(each.code, each.short_en if english else each.short) for each in all_sets()]

    def facts(self) -> EditionFacts:
        """What was typed."""
        return EditionFacts(
            series=self.series.data or "",
            title=self.title.data,
            title_en=self.title_en.data or "",
            summary=self.summary.data or "",
            summary_en=self.summary_en.data or "",
            about=self.about.data or "",
            about_en=self.about_en.data or "",
            venue=self.venue.data,
            address=self.address.data or "",
            latitude=self.latitude.data,
            longitude=self.longitude.data,
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            opens=self.opens.data,
            closes=self.closes.data,
            applications_from=datetime.combine(self.applications_from.data, time(), VIETNAM),
            applications_until=datetime.combine(self.applications_until.data, time(23, 59), VIETNAM),
            answer_days=self.answer_days.data,
            least_stars=int(self.least_stars.data),
            sets=frozenset(self.sets.data or ()),
            entry=Entry(self.entry.data),
            ticket_price=self.ticket_price.money,
            most_visitors=self.most_visitors.data,
        )


def usual() -> dict[str, object]:
    """What the form starts with."""
    return {
        "opens": time(8),
        "closes": time(21),
        "answer_days": 7,
        "least_stars": "3",
        "entry": Entry.OPEN.value,
        "ticket_price": "0",
    }


def said(edition: Edition) -> dict[str, object]:
    """An edition's facts as the form takes them."""
    plain = ("title", "title_en", "summary", "summary_en", "about", "about_en", "venue", "address", "latitude")
    also = ("longitude", "first_day", "last_day", "opens", "closes", "answer_days", "most_visitors")
    return {
        **{name: getattr(edition, name) for name in (*plain, *also)},
        "series": edition.fair.code,
        "applications_from": edition.applications_from.astimezone(VIETNAM).date(),
        "applications_until": edition.applications_until.astimezone(VIETNAM).date(),
        "least_stars": str(edition.least_stars),
        "sets": [each.set_code for each in edition.sets],
        "entry": edition.entry.value,
        "ticket_price": str(edition.ticket_price.amount),
    }


class SessionForm(Form):
    """An item of the programme."""

    title = LineField(_l("Việc gì"), validators=[DataRequired(_l("Ghi tên mục.")), Length(max=200)])
    title_en = LineField(_l("Bằng tiếng Anh"), validators=[Length(max=200)])
    place = LineField(_l("Ở đâu trong hội chợ"), validators=[DataRequired(_l("Ghi nơi diễn ra.")), Length(max=120)])
    speaker = LineField(_l("Ai phụ trách, ai nói"), validators=[Length(max=200)])
    starts_at = DateTimeLocalField(_l("Bắt đầu"), format="%Y-%m-%dT%H:%M", validators=HOUR)
    ends_at = DateTimeLocalField(_l("Kết thúc"), format="%Y-%m-%dT%H:%M", validators=HOUR)
    seats = IntegerField(_l("Số chỗ ngồi"), description=_l("Để trống nếu không cần giữ chỗ."), validators=[Optional()])
    about = TextField(_l("Nội dung"), validators=LONG)
    about_en = TextField(_l("Nội dung bằng tiếng Anh"), validators=LONG)

    def facts(self) -> SessionFacts:
        """What was typed; times are Vietnam's."""
        return SessionFacts(
            title=self.title.data,
            title_en=self.title_en.data or "",
            place=self.place.data,
            speaker=self.speaker.data or "",
            starts_at=self.starts_at.data.replace(tzinfo=VIETNAM),
            ends_at=self.ends_at.data.replace(tzinfo=VIETNAM),
            seats=self.seats.data,
            about=self.about.data or "",
            about_en=self.about_en.data or "",
        )


def said_of_item(item: ProgrammeItem) -> dict[str, object]:
    """An item as the form takes it."""
    plain = ("title", "title_en", "place", "speaker", "seats", "about", "about_en")
    return {
        **{name: getattr(item, name) for name in plain},
        "starts_at": item.starts_at.astimezone(VIETNAM).replace(tzinfo=None),
        "ends_at": item.ends_at.astimezone(VIETNAM).replace(tzinfo=None),
    }


def zone_rows(zones: list[EditionZone], typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Rows of the zones' form: as typed, else as they stand, with blank ones to fill."""
    if isinstance(typed, MultiDict) and "zone" in typed:
        return list(zip(typed.getlist("zone"), typed.getlist("zone_en"), strict=False))
    return [(zone.name, zone.name_en) for zone in zones] + [("", "")] * BLANK_ROWS


def quota_rows(quotas: list[EditionQuota], typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """Rows of the quotas' form: (place, most)."""
    if isinstance(typed, MultiDict) and "place" in typed:
        return list(zip(typed.getlist("place"), typed.getlist("most"), strict=False))
    return [(quota.place, str(quota.most)) for quota in quotas] + [("", "")] * BLANK_ROWS


def quotas_in(typed: MultiDict[str, str]) -> dict[str, int]:
    """Place and number of each row that names a place; raises Invalid for what is no number, or a place twice."""
    rows = [row for row in zip(typed.getlist("place"), typed.getlist("most"), strict=False) if row[0]]
    numbers = {place: whole_number(most, 4) for place, most in rows}
    if len(numbers) < len(rows):
        raise Invalid({"quotas": N_("Mỗi nơi chỉ một dòng.")})
    found = {place: most for place, most in numbers.items() if most is not None}
    if len(found) < len(numbers):
        raise Invalid({"quotas": N_("Ghi số gian nhiều nhất cho mỗi nơi đã chọn.")})
    return found


def budget_rows(lines: list[BudgetLine], typed: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Rows of the budget's form: what, planned, spent."""
    if isinstance(typed, MultiDict) and "what" in typed:
        return list(zip(typed.getlist("what"), typed.getlist("planned"), typed.getlist("spent"), strict=False))
    kept = [(line.what, f"{line.planned.amount}", f"{line.spent.amount}") for line in lines]
    return kept + [("", "", "")] * BLANK_ROWS


def budget_in(typed: MultiDict[str, str]) -> list[tuple[str, Money, Money]]:
    """The lines typed, blank ones left out; raises Invalid where an amount cannot be read."""
    rows = zip(typed.getlist("what"), typed.getlist("planned"), typed.getlist("spent"), strict=False)
    said = [row for row in rows if any(each.strip() for each in row)]
    return [(what, _amount(planned), _amount(spent)) for what, planned, spent in said]


def _amount(typed: str) -> Money:
    amount = read_dong(typed.strip() or "0")
    if amount is None:
        raise Invalid({"lines": N_("Viết số tiền bằng chữ số, ví dụ 12.000.000.")})
    return amount
