"""A producer applies: begins, saves a draft as often as it likes, sends it, takes it back or withdraws."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from marketplace.people.papers.models import USABLE
from marketplace.people.papers.queries import list_papers
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.trade.exhibitors.goods import list_goods
from marketplace.trade.exhibitors.models import (
    PLACED,
    Application,
    ApplicationState,
    BoothWish,
    Score,
    ShownGoods,
    ShownPaper,
    StaffBadge,
)
from marketplace.trade.exhibitors.policies import EXHIBIT
from marketplace.trade.exhibitors.queries import find_own, list_wishable, open_edition
from marketplace.trade.exhibitors.services.steps import ANSWERED, LONGEST_REASON, NotNow, free, note, step
from marketplace.trade.fairs.models import Edition

MOST_BADGES = 12
MOST_WISHES = 3
MOST_GOODS = 60
MOST_PAPERS = 30


class WindowClosed(Conflict):
    """Applications are not taken, or no longer."""

    code = "window_closed"
    message = N_("Hội chợ này không nhận đăng ký vào lúc này.")


@dataclass(frozen=True)
class ApplicationFacts:
    """What a producer says. `goods`: listings' slugs; `wishes`: `zone:<number>` or `booth:<code>`, the dearest first;
    `badges`: names with telephones; `papers`: codes."""

    pitch: str = ""
    power_w: int = 0
    water: bool = False
    cold: bool = False
    least_area: int | None = None
    wants_corner: bool = False
    apart_from: str = ""
    goods: frozenset[str] = frozenset()
    wishes: tuple[str, ...] = ()
    badges: tuple[tuple[str, str], ...] = ()
    papers: frozenset[str] = frozenset()


def start_application(*, code: str, by: Actor, at: datetime) -> Application:
    """The acting producer's draft for an edition: a new one, the one there is, or one taken up again."""
    edition, row = _own(code, by)
    if not edition.open_to_applications(at):
        raise WindowClosed
    if row is None:
        producer = get_own(by)
        row = Application(edition_id=edition.id, producer_id=producer.id, code=f"DK{random_code(8)}")
        row.state, row.created_at = ApplicationState.DRAFT, at
        db.session.add(row)
        db.session.flush()
        note(row, "started", by=by, at=at)
    elif row.state is ApplicationState.WITHDRAWN:
        _back(row, by=by, at=at)
    elif row.state is not ApplicationState.DRAFT:
        raise NotNow
    return row


def save_application(*, code: str, facts: ApplicationFacts, by: Actor, at: datetime) -> Application:
    """Keep a draft, complete or not; Invalid by field on what cannot be, and nothing is kept then."""
    row = start_application(code=code, by=by, at=at)
    edition = open_edition(code)
    _check(facts)
    row.pitch, row.apart_from = facts.pitch.strip()[:6000], nfc(facts.apart_from)[:300]
    row.power_w, row.least_area = facts.power_w, facts.least_area
    row.water, row.cold, row.wants_corner = facts.water, facts.cold, facts.wants_corner
    _keep_goods(row, edition, facts.goods, by)
    _keep_wishes(row, edition, facts.wishes)
    _keep_badges(row, facts.badges)
    _keep_papers(row, facts.papers, by)
    db.session.flush()
    note(row, "saved", by=by, at=at)
    return row


def submit(*, code: str, by: Actor, at: datetime) -> Application:
    """Send the draft; Invalid where no product it brings may be shown."""
    edition, row = _mine(code, by)
    if not edition.open_to_applications(at):
        raise WindowClosed
    if row.state is not ApplicationState.DRAFT:
        raise NotNow
    chosen = {shown.listing_id for shown in row.goods}
    lacks = {good.listing.id: good.lacks for good in list_goods(edition, by=by) if good.listing.id in chosen}
    if not chosen:
        raise Invalid({"goods": N_("Chọn ít nhất một sản phẩm để mang tới.")})
    if all(lacks.get(each, True) for each in chosen):
        raise Invalid({"goods": N_("Chưa sản phẩm nào bạn chọn đủ điều kiện; xem chỗ thiếu cạnh từng món.")})
    row.submitted_at = at
    step(row, ApplicationState.SUBMITTED, by=by, at=at)
    return row


def take_back(*, code: str, by: Actor, at: datetime) -> Application:
    """Make it a draft again before the deadline; what officers scored counted for what it said then, and goes."""
    edition, row = _mine(code, by)
    if not edition.open_to_applications(at):
        raise WindowClosed
    if row.state is not ApplicationState.SUBMITTED:
        raise NotNow
    _back(row, by=by, at=at)
    return row


def withdraw(*, code: str, reason: str = "", home: str, by: Actor, at: datetime) -> Application:
    """Apply no more, or come no more after confirming: then the booth is free and the next in line is offered one."""
    edition, row = _mine(code, by)
    if edition.state not in ANSWERED:
        raise NotNow
    placed = row.state in PLACED
    step(row, ApplicationState.WITHDRAWN, by=by, at=at, reason=nfc(reason)[:LONGEST_REASON])
    row.answered_at = at
    if placed:
        free(row, edition, home=home, at=at)
    return row


def _own(code: str, by: Actor) -> tuple[Edition, Application | None]:
    if not EXHIBIT.held_by(by):
        raise Forbidden
    edition = open_edition(code, hold=True)
    return edition, find_own(edition.id, by=by, hold=True)


def _mine(code: str, by: Actor) -> tuple[Edition, Application]:
    edition, row = _own(code, by)
    if row is None:
        raise NotFound
    return edition, row


def _back(row: Application, *, by: Actor, at: datetime) -> None:
    step(row, ApplicationState.DRAFT, by=by, at=at)
    row.reason, row.submitted_at, row.decided_at = "", None, None
    row.answer_until = row.answered_at = None
    db.session.execute(delete(Score).where(Score.application_id == row.id))


def _check(facts: ApplicationFacts) -> None:
    wrong = {}
    if not 0 <= facts.power_w <= 100_000:
        wrong["power_w"] = N_("Từ 0 đến 100.000 W.")
    if facts.least_area is not None and not 1 <= facts.least_area <= 2500:
        wrong["least_area"] = N_("Từ 1 đến 2.500 m², hoặc để trống.")
    if len(facts.badges) > MOST_BADGES or any(not nfc(name) for name, _phone in facts.badges):
        wrong["badges"] = N_("Mỗi thẻ cần tên người; nhiều nhất 12 thẻ.")
    if len(facts.wishes) > MOST_WISHES or len(set(facts.wishes)) < len(facts.wishes):
        wrong["wishes"] = N_("Nhiều nhất ba nguyện vọng, không trùng nhau.")
    if len(facts.goods) > MOST_GOODS:
        wrong["goods"] = N_("Nhiều nhất 60 sản phẩm.")
    if wrong:
        raise Invalid(wrong)


def _keep_goods(row: Application, edition: Edition, slugs: Collection[str], by: Actor) -> None:
    """Own products alone; one that does not fit may be chosen, and its page says what it lacks."""
    own = {good.listing.slug: good.listing.id for good in list_goods(edition, by=by)}
    if not set(slugs) <= own.keys():
        raise Invalid({"goods": N_("Chọn trong các sản phẩm của bạn.")})
    db.session.execute(delete(ShownGoods).where(ShownGoods.application_id == row.id))
    db.session.add_all(ShownGoods(application_id=row.id, listing_id=own[slug]) for slug in sorted(slugs))


def _keep_wishes(row: Application, edition: Edition, wishes: Collection[str]) -> None:
    zones = {f"zone:{zone.number}": zone.id for zone in edition.zones}
    booths = {f"booth:{booth.code}": booth.id for booth in list_wishable(edition.id)} if wishes else {}
    if not set(wishes) <= zones.keys() | booths.keys():
        raise Invalid({"wishes": N_("Chọn khu hoặc gian trong danh sách.")})
    db.session.execute(delete(BoothWish).where(BoothWish.application_id == row.id))
    db.session.flush()
    for rank, wish in enumerate(wishes, start=1):
        kept = BoothWish(application_id=row.id, rank=rank, zone_id=zones.get(wish), booth_id=booths.get(wish))
        db.session.add(kept)


def _keep_badges(row: Application, badges: Collection[tuple[str, str]]) -> None:
    """In their order, so that a badge whose name is mended keeps its code."""
    query = select(StaffBadge).where(StaffBadge.application_id == row.id).order_by(StaffBadge.id)
    there = list(db.session.scalars(query))
    for gone in there[len(badges) :]:
        db.session.delete(gone)
    for number, (name, phone) in enumerate(badges):
        if number < len(there):
            badge = there[number]
        else:
            badge = StaffBadge(code=f"TN{random_code(8)}", application_id=row.id)
            db.session.add(badge)
        badge.name, badge.phone = nfc(name)[:120], nfc(phone)[:16] or None


def _keep_papers(row: Application, codes: Collection[str], by: Actor) -> None:
    papers = {each.code: each.id for each in list_papers(row.producer_id, by=by) if each.state in USABLE}
    if not set(codes) <= papers.keys() or len(codes) > MOST_PAPERS:
        raise Invalid({"papers": N_("Chọn giấy tờ dùng được trong tủ của bạn, nhiều nhất 30 tờ.")})
    db.session.execute(delete(ShownPaper).where(ShownPaper.application_id == row.id))
    db.session.add_all(ShownPaper(application_id=row.id, paper_id=papers[code]) for code in sorted(codes))
