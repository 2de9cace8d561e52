"""What the programme's things are called, and addresses of the rows behind its figures."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from marketplace.faces.storefront.support_words import SUPPORT_KINDS
from marketplace.faces.storefront.trade_words import set_name
from marketplace.office.outreach.models import ActivityKind
from marketplace.office.programme.models import EffectKind, Indicator
from marketplace.office.programme.queries import Home, UnitProgress, home_of, progress_of
from marketplace.office.programme.register import LAPSE_DAYS
from marketplace.office.programme.rules import Change, Progress, Standing, growth, rounds_needed
from marketplace.office.programme.sales import sales_of
from marketplace.people.places.models import AdministrativeUnit, Level
from marketplace.people.producers.views import KINDS
from marketplace.platform.core.access import Actor
from marketplace.platform.core.money import Money
from marketplace.platform.web.access import current_actor
from marketplace.platform.web.language import language
from marketplace.platform.web.templates import in_vietnamese, money, my
from marketplace.registry.dossiers.models import DossierState
from marketplace.trade.showcase.policies import VISIT_POINTS

INDICATORS = {
    Indicator.NEW_PRODUCTS: _l("Sản phẩm mới từ 3 sao"),
    Indicator.UPGRADES: _l("Sản phẩm nâng sao"),
    Indicator.PRIORITY_PRODUCTS: _l("Sản phẩm mới chế biến, truyền thống"),
    Indicator.SHOWCASE_POINTS: _l("Điểm giới thiệu, bán sản phẩm"),
    Indicator.PEOPLE_REACHED: _l("Người được truyền thông"),
    Indicator.ACTIVITIES: _l("Hoạt động truyền thông"),
    Indicator.PRODUCERS_SUPPORTED: _l("Nơi làm được hỗ trợ"),
}
SHORT = {
    Indicator.NEW_PRODUCTS: _l("Mới"),
    Indicator.UPGRADES: _l("Nâng sao"),
    Indicator.PRIORITY_PRODUCTS: _l("Ưu tiên"),
    Indicator.SHOWCASE_POINTS: _l("Điểm bán"),
    Indicator.PEOPLE_REACHED: _l("Người"),
    Indicator.ACTIVITIES: _l("Hoạt động"),
    Indicator.PRODUCERS_SUPPORTED: _l("Hỗ trợ"),
}
STANDINGS = {
    Standing.UNKNOWN: ("line", _l("chưa có số liệu"), "clock"),
    Standing.NO_TARGET: ("", _l("không đặt mục tiêu"), ""),
    Standing.REACHED: ("ok", _l("đã đạt"), "check"),
    Standing.ON_COURSE: ("ok", _l("đúng tiến độ"), "check"),
    Standing.WAITING: ("warn", _l("chậm, hồ sơ đang xét đủ bù"), "clock"),
    Standing.BEHIND: ("bad", _l("chậm"), "triangle-alert"),
    Standing.OUT_OF_REACH: ("bad", _l("không còn kịp"), "ban"),
}
ACTIVITY_KINDS = {
    ActivityKind.BROADCAST: _l("Phát thanh, truyền hình"),
    ActivityKind.ARTICLE: _l("Bài viết"),
    ActivityKind.TRAINING: _l("Ngày tập huấn"),
    ActivityKind.MEETING: _l("Hội nghị, họp dân"),
    ActivityKind.OTHER: _l("Hình thức khác"),
}
EFFECTS = {EffectKind.CERTIFICATION: _l("Công nhận lần đầu"), EffectKind.UPGRADE: _l("Nâng sao")}
REVIEWS = {
    DossierState.SUBMITTED: _l("Đã nộp, chờ đánh giá"),
    DossierState.RETURNED: _l("Gửi lại để sửa"),
    DossierState.FORWARDED: _l("Đã chuyển lên tỉnh"),
    DossierState.ADMITTED: _l("Chờ hội đồng"),
    DossierState.SCORED: _l("Đã chấm"),
}
LEADERS = {
    "woman": _l("Phụ nữ đứng đầu"),
    "minority": _l("Người dân tộc thiểu số đứng đầu"),
    "others": _l("Không thuộc hai nhóm trên"),
}
IN_ROWS = (Indicator.NEW_PRODUCTS, Indicator.UPGRADES, Indicator.PRIORITY_PRODUCTS)
ROWS = "/office/programme/rows/"
LONGEST_BAR = 150.0


def home(by: Actor) -> Home:
    """The officer's place."""
    return home_of(by, province_code=current_app.config["SETTINGS"].province_code)


def unit_name(unit: AdministrativeUnit) -> str:
    """A unit's name; what ended is said to be former."""
    return str(_("%(name)s (cũ)", name=unit.name)) if unit.level is Level.DISTRICT else unit.name


def unit_words(unit: AdministrativeUnit) -> str | Markup:
    """The same for a page, the name marked as Vietnamese where the page is not."""
    name = in_vietnamese(unit.name)
    return escape(_("%(name)s (cũ)")) % {"name": name} if unit.level is Level.DISTRICT else name


def rows_link(what: str, **asked: object) -> str:
    """The address of the rows behind a figure."""
    said = urlencode({name: value for name, value in asked.items() if value not in ("", None, 0)})
    return f"{ROWS}{what}?{said}" if said else f"{ROWS}{what}"


def done_link(indicator: Indicator, year: int, district: str = "") -> str:
    """The rows behind what is done; nothing where nothing counts it yet."""
    if indicator in IN_ROWS:
        return rows_link(indicator.value, year=year, district=district)
    if indicator is Indicator.SHOWCASE_POINTS:
        asked = {"state": "open", "year": year} | ({"district": district} if district else {})
        return f"/office/showcase?{urlencode(asked)}" if VISIT_POINTS.held_by(current_actor()) else ""
    page = "support" if indicator is Indicator.PRODUCERS_SUPPORTED else "activities"
    return f"/office/programme/{page}?" + urlencode({"year": year, **({"district": district} if district else {})})


def review_link(indicator: Indicator, year: int, district: str = "") -> str:
    """The dossiers in review that would count."""
    return rows_link("in_review", indicator=indicator.value, year=year, district=district)


def lapse_month_words(month: date, on: date) -> str:
    """A month in which certificates lapse; the last one says how much of it is looked at."""
    last = on + timedelta(days=LAPSE_DAYS)
    cut = month == last.replace(day=1) and (last + timedelta(days=1)).month == month.month
    return str(_("%(month)s, tới ngày %(day)d", month=my(month), day=last.day)) if cut else my(month)


def number(count: int) -> str:
    """`12.500` in Vietnamese, `12,500` in English."""
    return f"{count:,}" if language() == "en" else f"{count:,}".replace(",", ".")


def aim_words(progress: Progress) -> str:
    """`25–30`, `25`; nothing without a target."""
    if progress.least is None:
        return ""
    least = number(progress.least)
    return f"{least}–{number(progress.most)}" if progress.most not in (None, progress.least) else least


def bar(progress: Progress) -> dict[str, Any]:
    """A target's bar, of a hundred: so that people and products stand in one chart. It ends at one and a half."""
    whole = progress.least or 1
    solid = min(LONGEST_BAR, (progress.done or 0) * 100 / whole)
    return {
        "label": INDICATORS[progress.indicator],
        "done": round(solid, 1),
        "more": round(min(LONGEST_BAR - solid, progress.more * 100 / whole), 1),
        "goal": 100,
        "shown": number(progress.done) if progress.done is not None else "–",
        "goal_shown": aim_words(progress),
    }


def bars_of(unit: UnitProgress) -> list[dict[str, Any]]:
    """The bars of what has a target."""
    return [bar(row) for row in unit.rows if row.least]


def standing_words(progress: Progress) -> str:
    """How a target stands; said where more is done than it asked for at most."""
    said = str(STANDINGS[progress.standing][1])
    return str(_("%(standing)s, vượt mức nhiều nhất", standing=said)) if progress.over else said


def behind_words(progress: Progress) -> str:
    """What is missing, and what each round that is left has to bring."""
    said = _(
        "Có %(done)s trên %(least)s; theo tiến độ phải có %(due)s.",
        done=number(progress.done or 0),
        least=number(progress.least or 0),
        due=number(progress.due),
    )
    if progress.more:
        said += " " + _("%(n)d hồ sơ đang xét.", n=progress.more)
    needed = rounds_needed(progress)
    if needed is not None:
        said += " " + _("Còn %(rounds)d đợt, mỗi đợt cần %(n)d.", rounds=progress.rounds_left, n=needed)
    elif progress.standing is Standing.OUT_OF_REACH:
        said += " " + _("Không còn đợt nào.")
    return str(said)


def signed_money(amount: Money) -> str:
    """An amount with its sign said."""
    sign = "+" if amount.amount > 0 else "\N{MINUS SIGN}" if amount.amount < 0 else ""
    return sign + money(Money(abs(amount.amount)))


def interval_words(change: Change) -> str:
    """The mean change a month, with the interval where there is one."""
    mean = signed_money(Money(change.mean))
    if change.low is None or change.high is None:
        return str(_("%(mean)s; một sản phẩm thì không có khoảng", mean=mean))
    low, high = signed_money(Money(change.low)), signed_money(Money(change.high))
    return str(_("%(mean)s (từ %(low)s đến %(high)s)", mean=mean, low=low, high=high))


def percent_words(change: int | None) -> str:
    """`+12%`, `−3%`; said where there is nothing to compare with."""
    if change is None:
        return str(_("chưa so được"))
    return f"+{change}%" if change > 0 else f"{change}%".replace("-", "\N{MINUS SIGN}")


def year_brief(*, by: Actor, on: date) -> dict[str, Any]:
    """How the year stands and what sells, for the office's first page."""
    found = progress_of(on.year, by=by, home=home(by), on=on)
    return {
        "year_found": found,
        "year_bars": bars_of(found.own),
        "year_behind": sum(row.behind for row in found.own.rows),
        "year_sales": sales_of(on.year, by=by, on=on),
        "set_name": set_name,
        "growth": growth,
    }


def programme_words() -> dict[str, Any]:
    """For templates."""
    return {
        "indicators": INDICATORS,
        "short_indicators": SHORT,
        "standings": STANDINGS,
        "activity_kinds": ACTIVITY_KINDS,
        "support_kinds": SUPPORT_KINDS,
        "effect_names": EFFECTS,
        "leaders": LEADERS,
        "producer_kinds": {kind.value: name for kind, name in KINDS.items()},
        "unit_name": unit_name,
        "unit_words": unit_words,
        "rows_link": rows_link,
        "done_link": done_link,
        "review_link": review_link,
        "number": number,
        "aim_words": aim_words,
        "behind_words": behind_words,
        "standing_words": standing_words,
        "signed_money": signed_money,
        "interval_words": interval_words,
        "percent_words": percent_words,
    }
