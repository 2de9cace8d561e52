"""A showcase point in words: its kind of place, whether it is open, its week, how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.faces.storefront.findable import Ld, address
from marketplace.platform.core.clock import VIETNAM, day_of
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import WEEKDAYS, dmy
from marketplace.trade.showcase.models import MoveKind, PlaceKind, PointState, ShowcasePoint
from marketplace.trade.showcase.rules import Closure, Opening, Span, opening

DAY = timedelta(days=1)
KINDS = {
    PlaceKind.STATION: _l("Nhà ga, bến xe, sân bay, bến cảng"),
    PlaceKind.REST_STOP: _l("Trạm dừng nghỉ trên đường"),
    PlaceKind.MARKET: _l("Trung tâm thương mại, siêu thị, chợ"),
    PlaceKind.TOURISM: _l("Khu du lịch, nhà hàng, khách sạn"),
    PlaceKind.CRAFT_VILLAGE: _l("Làng nghề"),
    PlaceKind.SERVICE_CENTRE: _l("Trung tâm dịch vụ của xã, khu công nghiệp"),
    PlaceKind.FAIR_CENTRE: _l("Trung tâm hội chợ, triển lãm"),
    PlaceKind.POST_OFFICE: _l("Bưu cục, điểm bưu điện văn hóa xã"),
}
STATES = {
    PointState.DRAFT: (_l("Bản nháp"), ""),
    PointState.OPEN: (_l("Đang hoạt động"), "ok"),
    PointState.CLOSED: (_l("Đã đóng"), "bad"),
}
MOVES = {
    MoveKind.RECEIVED: _l("Nhận về"),
    MoveKind.SOLD: _l("Bán"),
    MoveKind.RETURNED: _l("Trả lại nơi làm"),
    MoveKind.SPOILED: _l("Hỏng, quá hạn"),
    MoveKind.UNDONE: _l("Hủy lần ghi"),
}


@dataclass(frozen=True)
class Shown:
    """A point in the public list: its number on the map, whether it is open, how far, what is found there."""

    number: int
    point: ShowcasePoint
    now: Opening
    km: float | None
    goods: int


def spans_of(point: ShowcasePoint) -> list[Span]:
    """Its week as the rules read it."""
    return [Span(each.weekday, each.opens, each.closes) for each in point.hours]


def opening_of(point: ShowcasePoint, at: datetime) -> Opening:
    """Whether it is open at an instant; a closed point never is."""
    closures = [Closure(each.first_day, each.last_day, each.reason) for each in point.closures]
    return opening(spans_of(point), closures, at) if point.state is PointState.OPEN else Opening(False)


def opening_words(now: Opening, at: datetime) -> str:
    """`Đang mở, đến 17:00`, or when it opens again."""
    if now.open and now.until and now.until - at > DAY:
        return str(_("Đang mở cả ngày đêm"))
    if now.open and now.until:
        return str(_("Đang mở, đến %(hour)s", hour=_end_of(now.until)))
    if now.again is None:
        return str(_("Đang đóng"))
    day = day_of(now.again)
    if day == day_of(at):
        return str(_("Đang đóng, mở lại lúc %(hour)s", hour=_hour_of(now.again)))
    words = {"hour": _hour_of(now.again), "weekday": _(WEEKDAYS[day.weekday()]), "day": dmy(day)}
    return str(_("Đang đóng, mở lại %(hour)s, %(weekday)s %(day)s", **words))


def week_of(point: ShowcasePoint) -> list[tuple[str, str]]:
    """Each day of the week and its hours, Monday first."""
    return [(str(_(WEEKDAYS[n])), hours_on(point.hours, n) or str(_("nghỉ"))) for n in range(7)]


def hours_on(hours: Sequence[Any], weekday: int) -> str:
    """`7:30 – 11:30, 13:30 – 17:00`; empty on a day without."""
    spans = [each for each in hours if each.weekday == weekday]
    return ", ".join(f"{_hour(each.opens)} – {_end(each.closes)}" for each in spans)


def far(km: float) -> str:
    """`cách 3,4 km`."""
    said = f"{km:.1f}" if km < 10 else f"{km:.0f}"
    return str(_("cách %(km)s km", km=said if language() == "en" else said.replace(".", ",")))


def _hour(hour: time) -> str:
    return f"{hour.hour}:{hour.minute:02}"


def _end(hour: time) -> str:
    """A day ends at 24:00."""
    return "24:00" if hour == time(0) else _hour(hour)


def _end_of(at: datetime) -> str:
    return _end(at.astimezone(VIETNAM).time())


def _hour_of(at: datetime | None) -> str:
    return _hour(at.astimezone(VIETNAM).time()) if at else ""


def point_words() -> dict[str, object]:
    """What the templates call these."""
    return {
        "kind_name": lambda kind: str(KINDS[kind]),
        "point_state": lambda state: (str(STATES[state][0]), STATES[state][1]),
        "move_name": lambda kind: str(MOVES[kind]),
        "opening_words": opening_words,
        "opening_of": opening_of,
        "week_of": week_of,
        "far": far,
    }


def point_ld(point: ShowcasePoint) -> Ld:
    """schema.org Store of a point."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    ld: Ld = {
        "@context": "https://schema.org",
        "@type": "Store",
        "name": point.name,
        "url": address(f"/showcase/{point.slug}", language()),
        "address": {
            "@type": "PostalAddress",
            "streetAddress": point.street,
            "addressLocality": point.commune.name,
            "addressCountry": "VN",
        },
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": days[each.weekday],
                "opens": f"{each.opens:%H:%M}",
                "closes": "23:59" if each.opens == each.closes else f"{each.closes:%H:%M}",  # the whole day
            }
            for each in point.hours
        ],
    }
    if point.phone:
        ld["telephone"] = point.phone
    if point.place:
        ld["geo"] = {"@type": "GeoCoordinates", "latitude": point.place[0], "longitude": point.place[1]}
    return ld
