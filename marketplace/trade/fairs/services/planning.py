"""An edition is planned: its facts, zones, quotas, budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from marketplace.people.places.queries import list_units
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug, random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.registry.certification.product_sets import all_sets
from marketplace.trade.fairs.models import (
    PLANNED,
    BudgetLine,
    Edition,
    EditionQuota,
    EditionSet,
    EditionState,
    EditionZone,
    Entry,
    Fair,
)
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.rules import OUTSIDE
from marketplace.trade.fairs.services.steps import office_edition

MOST_DAYS = 60
FIRST_YEAR, LAST_YEAR = 2000, 2100  # beyond them a year was mistyped, and days cannot be reckoned with
MOST_ZONES = 40
MOST_LINES = 60
MOST_AMOUNT = Money(1_000_000_000_000)
FREE = Money(0)


class PlanFixed(Conflict):
    """Its facts are settled: places are given, or it is over."""

    code = "plan_fixed"
    message = N_("Hội chợ này đã chốt gian hàng hoặc đã xong nên không sửa kế hoạch được nữa.")


class ZoneInUse(Conflict):
    """Something stands in a zone that was to go."""

    code = "zone_in_use"
    message = N_("Có gian hàng trong khu bị bỏ. Chuyển các gian ấy sang khu khác trước.")


@dataclass(frozen=True)
class EditionFacts:
    """What an officer says of an edition. `series`: a fair's code, or nothing for a new series of the same title."""

    title: str
    venue: str
    first_day: date
    last_day: date
    opens: time
    closes: time
    applications_from: datetime
    applications_until: datetime
    series: str = ""
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    about: str = ""
    about_en: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    answer_days: int = 7
    least_stars: int = 3
    sets: frozenset[str] = frozenset()
    entry: Entry = Entry.OPEN
    ticket_price: Money = FREE
    most_visitors: int | None = None


def plan_edition(*, facts: EditionFacts, by: Actor, at: datetime) -> Edition:
    """A new edition, seen by the office alone; raises Invalid by field."""
    if not RUN_FAIRS.held_by(by):
        raise Forbidden
    _check(facts, at)
    fair = _series(facts, by, at)
    numbers = select(func.max(Edition.number)).where(Edition.fair_id == fair.id)
    edition = Edition(
        fair_id=fair.id,
        number=(db.session.scalar(numbers) or 0) + 1,
        code=f"HC{random_code(8)}",
        slug=free_slug(facts.title, _taken),
        state=EditionState.DRAFT,
        created_at=at,
        created_by=by.name,
    )
    _fill(edition, facts)
    db.session.add(edition)
    db.session.flush()
    _wish(edition, facts.sets)
    _record(edition, "planned", by, at)
    return edition


def change_edition(*, code: str, facts: EditionFacts, by: Actor, at: datetime) -> Edition:
    """Change what was said, as long as no places are given; its series stays. The address of its page stays too."""
    edition = _changeable(code, by)
    _check(facts, at if edition.state is EditionState.DRAFT else None)
    _fill(edition, facts)
    _wish(edition, facts.sets)
    _record(edition, "changed", by, at)
    return edition


def set_zones(*, code: str, zones: Sequence[tuple[str, str]], by: Actor, at: datetime) -> None:
    """The edition's zones in order, each in both languages; one that stands at the same place is renamed.

    Raises ZoneInUse where one with booths would go.
    """
    edition = _changeable(code, by)
    named = [(nfc(name)[:80], nfc(name_en)[:80]) for name, name_en in zones if nfc(name)]
    if len(named) > MOST_ZONES or len({name for name, _ in named}) < len(named):
        raise Invalid({"zones": N_("Nhiều nhất 40 khu, không hai khu nào cùng tên.")})
    there = list(db.session.scalars(select(EditionZone).where(EditionZone.edition_id == edition.id).order_by("number")))
    for row in there:  # out of each other's way, for names are unique
        row.name = f"{row.number}\N{SYMBOL FOR UNIT SEPARATOR}"
    db.session.flush()
    for row, (name, name_en) in zip(there, named, strict=False):
        row.name, row.name_en = name, name_en
    for number, (name, name_en) in enumerate(named[len(there) :], start=len(there)):
        db.session.add(EditionZone(edition_id=edition.id, number=number, name=name, name_en=name_en))
    try:
        for row in there[len(named) :]:
            db.session.delete(row)
        db.session.flush()
    except IntegrityError as error:
        raise ZoneInUse from error
    _record(edition, "zoned", by, at, zones=len(named))


def set_quotas(*, code: str, quotas: Mapping[str, int], by: Actor, at: datetime) -> None:
    """How many exhibitors of each place at most; a place that is not named has no limit. Raises Invalid on a mark."""
    edition = _changeable(code, by)
    known = {f"{unit.system}:{unit.code}" for unit in list_units(quotas.keys())} | {OUTSIDE}
    if not quotas.keys() <= known or any(not 0 <= most <= 2000 for most in quotas.values()):
        raise Invalid({"quotas": N_("Chọn nơi trong danh sách, và ghi số từ 0 đến 2000.")})
    db.session.execute(delete(EditionQuota).where(EditionQuota.edition_id == edition.id))
    db.session.add_all(EditionQuota(edition_id=edition.id, place=mark, most=quotas[mark]) for mark in sorted(quotas))
    _record(edition, "quotas", by, at, places=len(quotas))


def set_budget(*, code: str, lines: Sequence[tuple[str, Money, Money]], by: Actor, at: datetime) -> None:
    """What the money is for, with what is planned and what was spent; changeable until the report is given."""
    edition = office_edition(code, by)
    if edition.state in (EditionState.REPORTED, EditionState.CANCELLED):
        raise PlanFixed
    if len(lines) > MOST_LINES or any(not nfc(what) for what, _, _ in lines):
        raise Invalid({"lines": N_("Mỗi khoản cần tên; nhiều nhất 60 khoản.")})
    if any(not Money(0) <= amount <= MOST_AMOUNT for _, planned, spent in lines for amount in (planned, spent)):
        raise Invalid({"lines": N_("Số tiền từ 0 đến 1.000 tỉ đồng.")})
    db.session.execute(delete(BudgetLine).where(BudgetLine.edition_id == edition.id))
    for number, (what, planned, spent) in enumerate(lines):
        line = BudgetLine(edition_id=edition.id, number=number, what=nfc(what)[:120], planned=planned, spent=spent)
        db.session.add(line)
    _record(edition, "budget", by, at, lines=len(lines))


def _series(facts: EditionFacts, by: Actor, at: datetime) -> Fair:
    if facts.series:
        found = db.session.scalar(select(Fair).where(Fair.code == facts.series))
        if found is None:
            raise Invalid({"series": N_("Chọn một hội chợ trong danh sách.")})
        return found
    fair = Fair(code=f"CH{random_code(8)}", name=nfc(facts.title), name_en=nfc(facts.title_en))
    fair.created_at, fair.created_by = at, by.name
    db.session.add(fair)
    db.session.flush()
    return fair


def _taken(slug: str) -> bool:
    return db.session.scalar(select(Edition.id).where(Edition.slug == slug)) is not None


def _check(facts: EditionFacts, at: datetime | None) -> None:
    """`at`: now, where the days must lie ahead; None for an edition that is already known to people."""
    wrong = _check_words(facts) | _check_days(facts, at)
    if not facts.sets <= {each.code for each in all_sets()}:
        wrong["sets"] = N_("Chọn bộ sản phẩm trong danh sách.")
    if not 3 <= facts.least_stars <= 5:
        wrong["least_stars"] = N_("Từ 3 đến 5 sao.")
    if not 1 <= facts.answer_days <= 60:
        wrong["answer_days"] = N_("Từ 1 đến 60 ngày.")
    if facts.most_visitors is not None and not 1 <= facts.most_visitors <= 10_000_000:
        wrong["most_visitors"] = N_("Từ 1 đến 10 triệu, hoặc để trống.")
    if not Money(0) <= facts.ticket_price <= Money(100_000_000):
        wrong["ticket_price"] = N_("Từ 0 đến 100 triệu đồng.")
    if wrong:
        raise Invalid(wrong)


def _check_words(facts: EditionFacts) -> dict[str, str]:
    wrong = {}
    if not 5 <= len(nfc(facts.title)) <= 200:
        wrong["title"] = N_("Đặt tên từ 5 đến 200 ký tự.")
    if not nfc(facts.venue):
        wrong["venue"] = N_("Ghi nơi tổ chức.")
    if (facts.latitude is None) != (facts.longitude is None):
        wrong["longitude"] = N_("Nhập cả vĩ độ và kinh độ, hoặc để trống cả hai.")
    elif facts.latitude is not None and facts.longitude is not None and not _on_earth(facts.latitude, facts.longitude):
        wrong["latitude"] = N_("Vĩ độ từ -90 đến 90, kinh độ từ -180 đến 180.")
    return wrong


def _on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def _check_days(facts: EditionFacts, at: datetime | None) -> dict[str, str]:
    wrong = {
        name: N_("Năm bằng bốn chữ số, từ 2000 đến 2100.")
        for name in ("first_day", "applications_from", "applications_until")
        if not FIRST_YEAR <= getattr(facts, name).year <= LAST_YEAR
    }
    if wrong:
        return wrong
    if not facts.first_day <= facts.last_day < facts.first_day + timedelta(days=MOST_DAYS):
        wrong["last_day"] = N_("Ngày cuối không trước ngày đầu; một hội chợ nhiều nhất 60 ngày.")
    if facts.closes <= facts.opens:
        wrong["closes"] = N_("Giờ đóng cửa phải sau giờ mở cửa.")
    if at is not None and midnight(facts.first_day) <= at:
        wrong["first_day"] = N_("Hội chợ phải bắt đầu sau hôm nay.")
    if facts.applications_until <= facts.applications_from:
        wrong["applications_until"] = N_("Hạn nộp phải sau lúc bắt đầu nhận.")
    elif facts.applications_until >= midnight(facts.first_day):
        wrong["applications_until"] = N_("Hạn nộp phải trước ngày khai mạc.")
    return wrong


def _fill(edition: Edition, facts: EditionFacts) -> None:
    for name in ("title", "title_en", "venue"):
        setattr(edition, name, nfc(getattr(facts, name))[:200])
    for name in ("summary", "summary_en", "address"):
        setattr(edition, name, nfc(getattr(facts, name))[:300])
    edition.about, edition.about_en = facts.about.strip(), facts.about_en.strip()
    for name in ("latitude", "longitude", "first_day", "last_day", "opens", "closes", "applications_from"):
        setattr(edition, name, getattr(facts, name))
    for name in ("applications_until", "answer_days", "least_stars", "entry", "ticket_price", "most_visitors"):
        setattr(edition, name, getattr(facts, name))


def _wish(edition: Edition, sets: frozenset[str]) -> None:
    db.session.execute(delete(EditionSet).where(EditionSet.edition_id == edition.id))
    db.session.add_all(EditionSet(edition_id=edition.id, set_code=code) for code in sorted(sets))


def _changeable(code: str, by: Actor) -> Edition:
    edition = office_edition(code, by)
    if edition.state not in PLANNED:
        raise PlanFixed
    return edition


def _record(edition: Edition, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    record(by=by, action=f"fair.{verb}", subject_type="fair", subject=edition.code, at=at, detail=detail or None)
