"""Reading applications: a producer its own, the office all but drafts; where an edition's quotas stand."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from marketplace.people.papers.models import Paper, PaperFile
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.shop.catalog.models import Listing
from marketplace.shop.payments.models import Payment
from marketplace.shop.payments.queries import with_due
from marketplace.trade.exhibitors.models import (
    PLACED,
    TO_JUDGE,
    Application,
    ApplicationState,
    BoothWish,
    Criterion,
    FeeCharge,
    FeeReceipt,
    FeeWaiver,
    Placing,
    Score,
    ShownGoods,
    ShownPaper,
)
from marketplace.trade.exhibitors.policies import own
from marketplace.trade.fairs.models import PUBLIC_STATES, Edition, EditionState
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.fairs.rules import marks_of
from marketplace.trade.floorplans.models import Booth

NEAR = timedelta(days=1)
CONCERNED = PLACED | TO_JUDGE | {ApplicationState.DRAFT}


def _loaded(*, editions: bool = False) -> Select[Application]:
    """`editions`: of several. Else the session has the one edition; joined, a held query would read it anew, bare."""
    place = contains_eager(Application.producer).joinedload(Producer.commune)
    return (
        select(Application)
        .join(Application.producer)
        .options(
            joinedload(Application.edition) if editions else lazyload(Application.edition),
            place.joinedload(AdministrativeUnit.parent),
            place.joinedload(AdministrativeUnit.former_district),
            selectinload(Application.goods).joinedload(ShownGoods.listing).joinedload(Listing.product),
            selectinload(Application.wishes).options(joinedload(BoothWish.zone), joinedload(BoothWish.booth)),
            selectinload(Application.badges),
        )
    )


def open_edition(code: str, *, hold: bool = False) -> Edition:
    """An edition that producers may know of, or NotFound."""
    edition = get_edition(code, hold=hold)
    if edition.state not in PUBLIC_STATES:
        raise NotFound
    return edition


def list_calls(at: datetime) -> list[Edition]:
    """The editions that take applications at an instant, the nearest deadline first."""
    within = (Edition.applications_from <= at, Edition.applications_until >= at)
    query = select(Edition).where(Edition.state == EditionState.OPEN, *within)
    return list(db.session.scalars(query.order_by(Edition.applications_until, Edition.id)))


def list_own(*, by: Actor) -> list[Application]:
    """The acting producer's applications, the latest fair first."""
    query = _loaded(editions=True).join(Application.edition).where(own(by))
    return list(db.session.scalars(query.order_by(Edition.first_day.desc(), Application.id.desc())))


def find_own(edition_id: int, *, by: Actor, hold: bool = False) -> Application | None:
    """The acting producer's application for an edition, if it has begun one."""
    query = _loaded().where(Application.edition_id == edition_id, own(by))
    return db.session.scalar(held(query, Application) if hold else query)


def get_application(edition_id: int, code: str, *, hold: bool = False) -> Application:
    """An application of an edition that the office sees, or NotFound; a draft is its producer's alone."""
    query = _loaded().where(Application.edition_id == edition_id, Application.code == code)
    query = query.where(Application.state != ApplicationState.DRAFT)
    found = db.session.scalar(held(query, Application) if hold else query)
    if found is None:
        raise NotFound
    return found


def get_own_stand(edition_code: str, *, by: Actor) -> Application:
    """The confirmed application of the actor's organisation for an edition, with edition and producer, or NotFound."""
    query = (
        select(Application)
        .join(Application.edition)
        .join(Application.producer)
        .where(
            Edition.code == edition_code,
            Application.state == ApplicationState.CONFIRMED,
            Producer.organisation_id == by.organisation_id,
        )
        .options(joinedload(Application.edition), joinedload(Application.producer))
    )
    found = db.session.scalar(query) if by.organisation_id is not None else None
    if found is None:
        raise NotFound
    return found


def list_applications(edition_id: int, *, states: Collection[ApplicationState] = ()) -> list[Application]:
    """An edition's applications but drafts, in these states or in any, the earliest sent first."""
    among = states or set(ApplicationState) - {ApplicationState.DRAFT}
    query = _loaded().where(Application.edition_id == edition_id, Application.state.in_(among))
    return list(db.session.scalars(query.order_by(Application.submitted_at, Application.id)))


def find_row(application_id: int, *, hold: bool = False) -> Application:
    """An application by its row, for the worker."""
    query = _loaded().where(Application.id == application_id)
    return db.session.scalars(held(query, Application) if hold else query).one()


def list_to_tell(edition_id: int) -> list[Application]:
    """Those of an edition whom its end concerns: drafts, and all that are judged or have a place."""
    query = _loaded().where(Application.edition_id == edition_id, Application.state.in_(CONCERNED))
    return list(db.session.scalars(query.order_by(Application.id)))


def list_waiting(edition_id: int) -> list[Application]:
    """The waiting list, the first in line first."""
    query = _loaded().where(Application.edition_id == edition_id, Application.state == ApplicationState.WAITING)
    return list(db.session.scalars(query.order_by(Application.wait_number, Application.id)))


def marks_of_placed(edition_id: int, *, home: str) -> list[tuple[str, ...]]:
    """The places in which each exhibitor of an edition counts. `home`: the province that the fairs are of."""
    place = contains_eager(Application.producer).joinedload(Producer.commune)
    query = (
        select(Application)
        .join(Application.producer)
        .where(Application.edition_id == edition_id, Application.state.in_(PLACED))
        .options(place.joinedload(AdministrativeUnit.parent), place.joinedload(AdministrativeUnit.former_district))
    )
    return [marks_of(each.producer.commune, province_code=home) for each in db.session.scalars(query)]


def list_criteria(edition_id: int) -> list[Criterion]:
    """What an edition's applications are scored by, in order."""
    return list(
        db.session.scalars(select(Criterion).where(Criterion.edition_id == edition_id).order_by(Criterion.number))
    )


def points_of(application_ids: Collection[int]) -> dict[int, dict[int, list[int]]]:
    """What officers gave: by application and criterion."""
    found: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    query = select(Score).where(Score.application_id.in_(list(application_ids)))
    for each in db.session.scalars(query.order_by(Score.officer_id)):
        found[each.application_id][each.criterion_id].append(each.points)
    return found


def scores_by(application_id: int, *, officer_id: int | None) -> dict[int, Score]:
    """What one officer gave an application, by criterion."""
    query = select(Score).where(Score.application_id == application_id, Score.officer_id == officer_id)
    return {each.criterion_id: each for each in db.session.scalars(query)}


def placings_of(application_ids: Collection[int]) -> dict[int, Placing]:
    """Who of these stands where now, by application."""
    query = (
        select(Placing)
        .where(Placing.application_id.in_(list(application_ids)), Placing.released_at.is_(None))
        .options(joinedload(Placing.booth).options(joinedload(Booth.hall), joinedload(Booth.zone)))
    )
    return {each.application_id: each for each in db.session.scalars(query)}


def list_wishable(edition_id: int) -> list[Booth]:
    """The booths that may be wished for, by label."""
    query = select(Booth).where(Booth.edition_id == edition_id, Booth.blocked.is_(False))
    return list(db.session.scalars(query.order_by(Booth.label, Booth.id)))


def list_papers_shown(application_id: int) -> list[ShownPaper]:
    """The papers that go with an application."""
    query = select(ShownPaper).where(ShownPaper.application_id == application_id)
    paper = joinedload(ShownPaper.paper).selectinload(Paper.files).joinedload(PaperFile.file)
    return list(db.session.scalars(query.options(paper).order_by(ShownPaper.paper_id)))


def list_receipts(application_ids: Collection[int]) -> dict[int, list[FeeReceipt]]:
    """What was paid for booths, the earliest first, by application."""
    found: dict[int, list[FeeReceipt]] = defaultdict(list)
    query = select(FeeReceipt).where(FeeReceipt.application_id.in_(list(application_ids)))
    for each in db.session.scalars(query.order_by(FeeReceipt.received_at, FeeReceipt.id)):
        found[each.application_id].append(each)
    return found


def list_fee_payments(application_ids: Collection[int]) -> dict[int, list[Payment]]:
    """What is paid or to be paid for booths online, with what it is for, the earliest first, by application."""
    found: dict[int, list[Payment]] = defaultdict(list)
    query = (
        select(FeeCharge.application_id, Payment)
        .join(Payment, Payment.charge_id == FeeCharge.charge_id)
        .where(FeeCharge.application_id.in_(list(application_ids)))
        .options(*with_due())
        .order_by(Payment.id)
    )
    for application_id, payment in db.session.execute(query):
        found[application_id].append(payment)
    return found


def waivers_of(application_ids: Collection[int]) -> dict[int, FeeWaiver]:
    """Who of these owes no fee, and why, by application."""
    query = select(FeeWaiver).where(FeeWaiver.application_id.in_(list(application_ids)))
    return {each.application_id: each for each in db.session.scalars(query)}


def list_overdue(at: datetime) -> list[tuple[str, int]]:
    """Offers not answered in time: each edition's code with the application's id, the oldest first."""
    query = (
        select(Edition.code, Application.id)
        .join(Application.edition)
        .where(Application.state == ApplicationState.OFFERED, Application.answer_until < at)
        .order_by(Application.answer_until, Application.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def list_near_lapse(at: datetime) -> list[Application]:
    """Offers that end within a day and stood for longer than one."""
    query = _loaded(editions=True).where(
        Application.state == ApplicationState.OFFERED,
        Application.answer_until >= at,
        Application.answer_until <= at + NEAR,
    )
    return [each for each in db.session.scalars(query) if _stood(each)]


def _stood(offered: Application) -> bool:
    return (
        offered.answer_until is not None
        and offered.decided_at is not None
        and offered.decided_at < offered.answer_until - NEAR
    )
