"""A fair in words: its states, days, what changed in a programme, its entry; what crawlers are told."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.faces.storefront.findable import Ld, address, site
from marketplace.faces.storefront.trade_words import set_name
from marketplace.platform.core.clock import VIETNAM
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import dmy
from marketplace.trade.fairs.models import Edition, EditionState, Entry
from marketplace.trade.fairs.rules import ChangeKind, Session

STATES = {
    EditionState.DRAFT: (_l("Bản nháp"), ""),
    EditionState.OPEN: (_l("Đang nhận đăng ký"), "ok"),
    EditionState.SELECTION: (_l("Đang chọn gian hàng"), "warn"),
    EditionState.ALLOCATED: (_l("Đã chốt gian hàng"), "ok"),
    EditionState.RUNNING: (_l("Đang diễn ra"), "ok"),
    EditionState.CLOSED: (_l("Đã bế mạc"), ""),
    EditionState.REPORTED: (_l("Đã báo cáo"), ""),
    EditionState.CANCELLED: (_l("Đã hủy"), "bad"),
}
CHANGES = {
    ChangeKind.NEW: _l("mới"),
    ChangeKind.MOVED: _l("đổi giờ hoặc nơi"),
    ChangeKind.REWORDED: _l("sửa nội dung"),
    ChangeKind.GONE: _l("bỏ"),
}
ENTRIES = {Entry.OPEN: _l("Ai đăng ký cũng vào được"), Entry.INVITED: _l("Chỉ người có giấy mời")}


def state_of(edition: Edition) -> tuple[str, str]:
    """A state's name, and the kind of its mark."""
    name, kind = STATES[edition.state]
    return str(name), kind


def state_name(state: EditionState) -> str:
    """A state's name alone."""
    return str(STATES[state][0])


def days_of(edition: Edition) -> str:
    """`28/11/2026`, or `28/11/2026 – 30/11/2026`."""
    if edition.first_day == edition.last_day:
        return dmy(edition.first_day)
    return f"{dmy(edition.first_day)} – {dmy(edition.last_day)}"


def hours_of(edition: Edition) -> str:
    """`8:00 – 21:30`, the hours of each day."""
    return f"{_hour(edition.opens)} – {_hour(edition.closes)}"


def _hour(hour: time) -> str:
    return f"{hour.hour}:{hour.minute:02}"


def clock_of(at: datetime) -> str:
    """The hour in Vietnam: `9:30`."""
    return _hour(at.astimezone(VIETNAM).time())


def by_day(sessions: Iterable[Session]) -> dict[date, list[Session]]:
    """Sessions under the day they begin on in Vietnam, in their order."""
    days: dict[date, list[Session]] = defaultdict(list)
    for each in sessions:
        days[each.starts_at.astimezone(VIETNAM).date()].append(each)
    return dict(days)


def opening(edition: Edition) -> tuple[datetime, datetime]:
    """When it begins on its first day and ends on its last, in Vietnam."""
    return (
        datetime.combine(edition.first_day, edition.opens, VIETNAM),
        datetime.combine(edition.last_day, edition.closes, VIETNAM),
    )


def openings(edition: Edition) -> list[tuple[datetime, datetime]]:
    """The hours of each of its days."""
    days = [edition.first_day + timedelta(n) for n in range((edition.last_day - edition.first_day).days + 1)]
    return [
        (datetime.combine(day, edition.opens, VIETNAM), datetime.combine(day, edition.closes, VIETNAM)) for day in days
    ]


def fair_words() -> dict[str, Any]:
    """What the templates of fairs call."""
    return {
        "fair_state": state_of,
        "state_name": state_name,
        "fair_days": days_of,
        "fair_hours": hours_of,
        "clock": clock_of,
        "by_day": by_day,
        "change_name": CHANGES.__getitem__,
        "entry_name": ENTRIES.__getitem__,
        "set_name": set_name,
    }


def event_ld(edition: Edition) -> Ld:
    """schema.org Event of an edition: its days, place, state and tickets."""
    english = language() == "en"
    starts, ends = opening(edition)
    url = address(f"/fairs/{edition.slug}", language())
    place: Ld = {
        "@type": "Place",
        "name": edition.venue,
        "address": {"@type": "PostalAddress", "streetAddress": edition.address, "addressCountry": "VN"},
    }
    if edition.latitude is not None:
        place["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": edition.latitude,
            "longitude": edition.longitude,
        }
    called_off = edition.state is EditionState.CANCELLED
    return {
        "@context": "https://schema.org",
        "@type": "ExhibitionEvent",
        "name": (edition.title_en if english else "") or edition.title,
        "description": (edition.summary_en if english else "") or edition.summary or edition.title,
        "startDate": starts.isoformat(),
        "endDate": ends.isoformat(),
        "eventStatus": "https://schema.org/" + ("EventCancelled" if called_off else "EventScheduled"),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": place,
        "image": [f"{site()}/static/img/icon-512.png"],
        "url": url,
        "isAccessibleForFree": not edition.ticket_price,
        "organizer": {"@type": "Organization", "name": _("Văn phòng OCOP tỉnh"), "url": address("/")},
        "offers": {
            "@type": "Offer",
            "price": edition.ticket_price.amount,
            "priceCurrency": "VND",
            "url": url,
            "availability": "https://schema.org/" + ("Discontinued" if called_off else "InStock"),
        },
    }
