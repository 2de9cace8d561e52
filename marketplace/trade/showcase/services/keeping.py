"""The register: a point is entered, changed, opened and closed; its hours, closures, photographs, goods, pick-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select

from marketplace.people.accounts.queries import find_user
from marketplace.people.places.queries import find_commune
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug, random_code
from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.media.intake import Made
from marketplace.platform.media.services import drop_picture, note_picture
from marketplace.shop.catalog.models import Listing
from marketplace.shop.catalog.queries import list_public_by_slug
from marketplace.shop.delivery.services import PickupFacts, close_pickup, keep_pickup
from marketplace.trade.showcase.models import (
    TRANSITIONS,
    PlaceKind,
    PointClosure,
    PointGood,
    PointHours,
    PointPhoto,
    PointState,
    ShowcasePoint,
)
from marketplace.trade.showcase.policies import KEEP_POINTS
from marketplace.trade.showcase.queries import get_photo, get_point
from marketplace.trade.showcase.rules import Span, overlap
from marketplace.trade.showcase.services.placing import misplaced

MOST_PHOTOS = 8
MOST_SPANS = 21
MOST_CLOSURES = 60


class NotThisStep(Conflict):
    """The point's state does not lead there."""

    code = "not_this_step"
    message = N_("Điểm này đang ở trạng thái khác. Hãy xem lại rồi làm tiếp.")


class NobodyKeepsIt(Conflict):
    """Orders can be fetched only where an organisation's people keep the desk."""

    code = "nobody_keeps_it"
    message = N_("Muốn nhận đơn tại điểm thì phải có đơn vị trông bàn và điểm đang mở.")


@dataclass(frozen=True)
class PointFacts:
    """What the office says of a point. `keeper` is the mail address of somebody of the organisation that keeps it."""

    name: str
    kind: PlaceKind
    commune_code: str
    street: str
    managed_by: str
    name_en: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    about: str = ""
    about_en: str = ""
    keeper: str = ""
    authority: str = ""
    decision_number: str = ""
    decided_on: date | None = None


def register_point(*, facts: PointFacts, by: Actor, at: datetime) -> ShowcasePoint:
    """A new point, seen by the office alone; raises Invalid by field."""
    if not KEEP_POINTS.held_by(by):
        raise Forbidden
    point = ShowcasePoint(
        code=f"DG{random_code(8)}",
        slug=free_slug(facts.name, _taken),
        state=PointState.DRAFT,
        created_at=at,
        created_by=by.name,
    )
    _fill(point, facts, at)
    db.session.add(point)
    db.session.flush()
    _record(point, "registered", by, at)
    return point


def change_point(*, slug: str, facts: PointFacts, by: Actor, at: datetime) -> ShowcasePoint:
    """Change what was said; the address of its page stays. Its pick-up point follows."""
    point = kept(slug, by)
    _fill(point, facts, at)
    if point.state is not PointState.DRAFT:
        _whole(point)
    if point.pickup_id is not None:
        _follow(point, point.fetched, point.pickup.fee if point.pickup else Money(0), by, at)
    _record(point, "changed", by, at)
    return point


def move_point(*, slug: str, to: PointState, by: Actor, at: datetime) -> ShowcasePoint:
    """Open a point to the public, or close it: then it takes no orders either. Raises Invalid with what it lacks."""
    point = kept(slug, by)
    if to not in TRANSITIONS[point.state]:
        raise NotThisStep
    if to is PointState.OPEN:
        _whole(point)
    elif point.pickup_id is not None:
        close_pickup(pickup_id=point.pickup_id, by=by, at=at)
    point.state = to
    _record(point, to.value, by, at)
    return point


def set_hours(*, slug: str, spans: Sequence[Span], by: Actor, at: datetime) -> None:
    """The week's opening hours, in place of those before."""
    point = kept(slug, by)
    if len(spans) > MOST_SPANS or overlap(spans) or any(s.empty for s in spans):
        raise Invalid({"hours": N_("Giờ trong một ngày chồng lên nhau, hoặc mở và đóng cùng lúc.")})
    if not spans and point.state is PointState.OPEN:
        raise Invalid({"hours": N_("Điểm đang mở thì phải có giờ mở cửa.")})
    db.session.execute(delete(PointHours).where(PointHours.point_id == point.id))
    db.session.add_all(PointHours(point_id=point.id, weekday=s.weekday, opens=s.opens, closes=s.closes) for s in spans)
    db.session.flush()
    _record(point, "hours", by, at)


def close_on(*, slug: str, first_day: date, last_day: date, reason: str, by: Actor, at: datetime) -> None:
    """Days on which it does not open."""
    point, words = kept(slug, by), nfc(reason)
    if last_day < first_day or last_day < day_of(at):
        raise Invalid({"last_day": N_("Ngày cuối phải từ ngày đầu trở đi và chưa qua.")})
    if len(words) > 200 or len(point.closures) >= MOST_CLOSURES:
        raise Invalid({"reason": N_("Ghi lý do trong 200 ký tự, nhiều nhất 60 lần nghỉ.")})
    code = f"DK{random_code(8)}"
    db.session.add(PointClosure(code=code, point_id=point.id, first_day=first_day, last_day=last_day, reason=words))
    db.session.flush()
    _record(point, "closure", by, at, {"days": f"{first_day}/{last_day}"})


def drop_closure(*, slug: str, code: str, by: Actor, at: datetime) -> None:
    """It opens on those days after all."""
    point = kept(slug, by)
    found = next((each for each in point.closures if each.code == code), None)
    if found is None:
        raise NotFound
    db.session.delete(found)
    _record(point, "closure_dropped", by, at, {"days": f"{found.first_day}/{found.last_day}"})


def add_photo(*, slug: str, made: Made, alt: str, alt_en: str, by: Actor, at: datetime) -> None:
    """Show a photograph, whose files are kept already."""
    point, words = kept(slug, by), nfc(alt)
    if not words or len(words) > 200 or len(nfc(alt_en)) > 200:
        raise Invalid({"alt": N_("Ghi ảnh cho thấy gì, trong 200 ký tự.")})
    if len(point.photos) >= MOST_PHOTOS:
        raise Invalid({"picture": N_("Nhiều nhất 8 ảnh một điểm.")})
    picture = note_picture(made, by=by, at=at)
    db.session.add(PointPhoto(point_id=point.id, picture_id=picture.id, alt=words, alt_en=nfc(alt_en)))
    db.session.flush()
    _record(point, "photo", by, at, {"picture": made.name})


def drop_photo(*, slug: str, name: str, by: Actor, at: datetime) -> None:
    """Show a photograph no more."""
    point = kept(slug, by)
    photo = get_photo(point.id, name)
    db.session.delete(photo)
    db.session.flush()
    drop_picture(photo.picture, at=at)
    _record(point, "photo_dropped", by, at, {"picture": name})


def put_on_display(*, slug: str, listing: str, by: Actor, at: datetime) -> None:
    """Say that a product, by its page's slug, is on display; only what the public may see. Once more is no error."""
    point = kept(slug, by)
    display(point, listing, by=by, at=at)


def take_off_display(*, slug: str, listing: str, by: Actor, at: datetime) -> None:
    """Say that a product is on display no more; NotFound where it was not."""
    point = kept(slug, by)
    take_off(point, listing, by=by, at=at)


def display(point: ShowcasePoint, listing: str, *, by: Actor, at: datetime) -> None:
    """The same for a point that the caller holds and may change."""
    found = list_public_by_slug([listing.strip().rpartition("/")[2]], on=day_of(at))
    if not found:
        raise Invalid({"listing": N_("Chưa thấy sản phẩm này trên chợ, hoặc chứng nhận đã hết hạn.")})
    listing_id = found[0].listing.id
    if db.session.get(PointGood, (point.id, listing_id)) is None:
        db.session.add(PointGood(point_id=point.id, listing_id=listing_id, since=day_of(at)))
        db.session.flush()
        _record(point, "displayed", by, at, {"listing": found[0].listing.slug})


def take_off(point: ShowcasePoint, listing: str, *, by: Actor, at: datetime) -> None:
    """The same for a point that the caller holds and may change."""
    query = select(PointGood).join(PointGood.listing).where(PointGood.point_id == point.id)
    good = db.session.scalar(query.where(Listing.slug == listing))
    if good is None:
        raise NotFound
    db.session.delete(good)
    db.session.flush()
    _record(point, "undisplayed", by, at, {"listing": listing})


def set_pickup(*, slug: str, fee: Money | None, by: Actor, at: datetime) -> None:
    """Have buyers fetch orders here for a fee a parcel, 0 for nothing; None: no more. NobodyKeepsIt where none can."""
    point = kept(slug, by)
    if fee is None:
        if point.pickup_id is not None:
            close_pickup(pickup_id=point.pickup_id, by=by, at=at)
        return
    if point.organisation_id is None or point.state is not PointState.OPEN:
        raise NobodyKeepsIt
    _follow(point, True, fee, by, at)


def kept(slug: str, by: Actor) -> ShowcasePoint:
    """The point, held, if `by` keeps the register."""
    if not KEEP_POINTS.held_by(by):
        raise Forbidden
    return get_point(slug, by=by, hold=True)


def _follow(point: ShowcasePoint, taking: bool, fee: Money, by: Actor, at: datetime) -> None:
    """The pick-up point says what the showcase point says."""
    facts = PickupFacts(
        name=point.name,
        commune_id=point.commune_id,
        street=point.street,
        phone=point.phone,
        organisation_id=point.organisation_id or 0,
        fee=fee,
        page=f"/showcase/{point.slug}",
    )
    pickup = keep_pickup(pickup_id=point.pickup_id, facts=facts, by=by, at=at)
    point.pickup_id = pickup.id
    if not taking:
        close_pickup(pickup_id=pickup.id, by=by, at=at)
    db.session.flush()


def _fill(point: ShowcasePoint, facts: PointFacts, at: datetime) -> None:
    errors: dict[str, str] = {}
    commune = find_commune(facts.commune_code)
    if commune is None:
        errors["commune_code"] = N_("Chọn xã hoặc phường")
    elsewhere = misplaced(facts.latitude, facts.longitude, commune)
    if elsewhere is not None:
        errors |= elsewhere.fields
    if facts.decided_on is not None and facts.decided_on > day_of(at):
        errors["decided_on"] = N_("Ngày quyết định chưa tới.")
    keeper = find_user(facts.keeper.strip().lower()) if facts.keeper.strip() else None
    if facts.keeper.strip() and (keeper is None or keeper.organisation_id is None):
        errors["keeper"] = N_("Không có nơi làm hay nơi phân phối nào có người dùng địa chỉ thư này.")
    if point.pickup_id is not None and keeper is None:
        errors.setdefault("keeper", N_("Điểm còn nhận đơn nên phải có đơn vị trông bàn."))
    if errors or commune is None:
        raise Invalid(errors, **(elsewhere.facts if elsewhere else {}))
    point.commune_id, point.commune = commune.id, commune
    point.organisation_id = keeper.organisation_id if keeper else None
    for name in ("name", "name_en", "street", "managed_by", "authority", "decision_number"):
        setattr(point, name, nfc(getattr(facts, name)))
    for name in ("kind", "latitude", "longitude", "phone", "about", "about_en", "decided_on"):
        setattr(point, name, getattr(facts, name))


def _whole(point: ShowcasePoint) -> None:
    if not (point.decision_number and point.decided_on and point.hours and point.place):
        raise Invalid({"": N_("Chưa mở được: còn thiếu số và ngày quyết định, giờ mở cửa hoặc tọa độ.")})


def _taken(slug: str) -> bool:
    query = select(func.count(ShowcasePoint.id)).where(ShowcasePoint.slug == slug)
    return bool(db.session.scalar(query))


def _record(point: ShowcasePoint, what: str, by: Actor, at: datetime, detail: dict[str, object] | None = None) -> None:
    record(by=by, action=f"showcase.{what}", subject_type="showcase", subject=point.slug, at=at, detail=detail)
