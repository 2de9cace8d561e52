"""What an officer types about a campaign."""

import re
from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectChoice, TimeField
from wtforms.validators import DataRequired, InputRequired, Length

from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.platform.web.forms import Form, LineField, TextField
from marketplace.trade.campaigns.models import Campaign, CampaignKind
from marketplace.trade.campaigns.rules import Hours
from marketplace.trade.campaigns.services import CampaignFacts

BREAK = re.compile(r"(\d{1,2})[:hg.](\d{2})\s*-\s*(\d{1,2})[:hg.](\d{2})")
KINDS = {CampaignKind.ON_SITE: _l("Gặp tại chỗ, theo bàn"), CampaignKind.ONLINE: _l("Gặp trực tuyến")}
DAY = [DataRequired(_l("Nhập ngày"))]
HOUR = [DataRequired(_l("Nhập giờ"))]
NUMBER = [InputRequired(_l("Nhập một số."))]


class CampaignForm(Form):
    """A campaign's facts."""

    title = LineField(_l("Tên đợt"), validators=[DataRequired(_l("Nhập tên đợt")), Length(max=200)])
    kind = RadioField(_l("Cách gặp"), choices=[SelectChoice(kind.value, name) for kind, name in KINDS.items()])
    place = LineField(_l("Nơi gặp, hoặc đường dẫn phòng họp"), validators=[Length(max=300)])
    first_day = DateField(_l("Từ ngày"), validators=DAY)
    last_day = DateField(_l("Đến ngày"), validators=DAY)
    opens = TimeField(_l("Mỗi ngày từ"), validators=HOUR)
    closes = TimeField(_l("Đến"), validators=HOUR)
    minutes = IntegerField(_l("Một cuộc gặp, phút"), validators=NUMBER)
    pause = IntegerField(_l("Nghỉ giữa hai cuộc, phút"), validators=NUMBER)
    breaks = LineField(_l("Giờ nghỉ"), description=_l("Ví dụ 11:30-13:30; nhiều lần thì cách nhau bằng dấu phẩy."))
    tables = IntegerField(_l("Số bàn, hoặc số phòng họp cùng lúc"), validators=NUMBER)
    least = IntegerField(
        _l("Mỗi nơi làm được gặp ít nhất"), description=_l("Nơi làm nhỏ, lần đầu được xếp trước."), validators=NUMBER
    )
    most_producer = IntegerField(_l("Nơi làm gặp nhiều nhất"), validators=NUMBER)
    most_buyer = IntegerField(_l("Nơi phân phối gặp nhiều nhất"), validators=NUMBER)
    wishes_until = DateField(_l("Nhận trả lời đến hết ngày"), validators=DAY)
    note = TextField(_l("Lời nhắn cho người dự"), validators=[Length(max=2000)])

    def facts(self) -> CampaignFacts:
        """What was typed; raises Invalid on `breaks`."""
        hours = Hours(
            self.first_day.data,
            self.last_day.data,
            self.opens.data,
            self.closes.data,
            self.minutes.data,
            self.pause.data,
            _breaks(self.breaks.data or ""),
        )
        return CampaignFacts(
            title=self.title.data,
            kind=CampaignKind(self.kind.data),
            place=self.place.data or "",
            hours=hours,
            least=self.least.data,
            most_producer=self.most_producer.data,
            most_buyer=self.most_buyer.data,
            tables=self.tables.data,
            wishes_until=datetime.combine(self.wishes_until.data, time(23, 59), VIETNAM),
            note=self.note.data or "",
        )


def usual() -> dict[str, object]:
    """What the form starts with."""
    return {
        "kind": CampaignKind.ON_SITE.value,
        "opens": time(8),
        "closes": time(16, 30),
        "minutes": 20,
        "pause": 5,
        "breaks": "11:30-13:30",
        "tables": 20,
        "least": 3,
        "most_producer": 8,
        "most_buyer": 12,
    }


def said(campaign: Campaign) -> dict[str, object]:
    """A campaign's facts as the form takes them."""
    hours = Hours.from_json(campaign.hours)
    return {
        "title": campaign.title,
        "kind": campaign.kind.value,
        "place": campaign.place,
        "first_day": hours.first_day,
        "last_day": hours.last_day,
        "opens": hours.opens,
        "closes": hours.closes,
        "minutes": hours.minutes,
        "pause": hours.pause,
        "breaks": ", ".join(f"{start:%H:%M}-{until:%H:%M}" for start, until in hours.breaks),
        "tables": campaign.tables,
        "least": campaign.least,
        "most_producer": campaign.most_producer,
        "most_buyer": campaign.most_buyer,
        "wishes_until": campaign.wishes_until.astimezone(VIETNAM).date(),
        "note": campaign.note,
    }


def _breaks(typed: str) -> tuple[tuple[time, time], ...]:
    found = []
    for part in filter(None, (piece.strip() for piece in typed.split(","))):
        match = BREAK.fullmatch(part)
        numbers = [int(digits) for digits in match.groups()] if match else [24]
        if match is None or max(numbers[0], numbers[2]) > 23 or max(numbers[1], numbers[3]) > 59:
            raise Invalid({"breaks": N_("Viết giờ nghỉ như 11:30-13:30.")})
        found.append((time(numbers[0], numbers[1]), time(numbers[2], numbers[3])))
    return tuple(found)
