"""Booths are given: terms are set, a run asked for and taken over, somebody pinned by hand, all of it published."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import announce, db
from marketplace.platform.core.errors import Conflict, Invalid, NotFound
from marketplace.platform.core.words import N_
from marketplace.trade.allocations import mails
from marketplace.trade.allocations.models import WAITS, AllocationRun, AllocationTerms, RunState
from marketplace.trade.allocations.problem import Gathering, Problem, Weights
from marketplace.trade.allocations.queries import get_run, list_placings, list_to_place, take_problem
from marketplace.trade.exhibitors.models import PLACED, Application, Placing
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.fairs.services import step_to
from marketplace.trade.fairs.services.steps import office_edition
from marketplace.trade.floorplans.models import Booth

TOPIC = "booths"
WORKABLE = (EditionState.OPEN, EditionState.SELECTION, EditionState.ALLOCATED, EditionState.RUNNING)


class NotPlacing(Conflict):
    """In the edition's state nobody is placed."""

    code = "not_placing"
    message = N_("Ở bước này chưa chia hoặc không còn chia gian hàng.")


class RunWaits(Conflict):
    """A run is being worked out already."""

    code = "run_waits"
    message = N_("Đang xếp một lượt. Chờ lượt ấy xong.")


class RunOutdated(Conflict):
    """What the run was worked out from has changed."""

    code = "run_outdated"
    message = N_("Gian hàng hoặc người dự đã đổi từ lúc xếp. Xếp lại rồi dùng bản mới.")


class BoothTaken(Conflict):
    """Somebody stands there."""

    code = "booth_taken"
    message = N_("Gian này vừa có người. Chọn gian khác.")


class NobodyPlaced(Conflict):
    """There is nothing to publish."""

    code = "nobody_placed"
    message = N_("Chưa ai có gian nên chưa có gì để công bố.")


def set_terms(*, code: str, gathering: Gathering, weights: Weights, by: Actor, at: datetime) -> None:
    """How sets lie in the zones and what counts how much, each from 0 to 100."""
    edition = _workable(code, by)
    wrong = {name: N_("Từ 0 đến 100.") for name, weight in asdict(weights).items() if not 0 <= weight <= 100}
    if wrong:
        raise Invalid(wrong)
    terms = db.session.get(AllocationTerms, edition.id)
    if terms is None:
        terms = AllocationTerms(edition_id=edition.id)
        db.session.add(terms)
    terms.gathering, terms.weights, terms.set_at, terms.set_by = gathering, asdict(weights), at, by.name
    _record(edition, "terms", by, at)


def ask_run(*, code: str, by: Actor, at: datetime) -> AllocationRun:
    """Have the booths worked out anew; the worker takes it up at once."""
    edition = _workable(code, by)
    runs = select(AllocationRun).where(AllocationRun.edition_id == edition.id)
    if db.session.scalar(runs.where(AllocationRun.state.in_(WAITS)).limit(1)):
        raise RunWaits
    last = db.session.scalar(select(func.max(AllocationRun.number)).where(AllocationRun.edition_id == edition.id)) or 0
    run = AllocationRun(edition_id=edition.id, number=last + 1, state=RunState.ASKED, asked_at=at, asked_by=by.name)
    db.session.add(run)
    db.session.flush()
    _record(edition, "asked", by, at, run=run.number)
    announce(TOPIC)
    return run


def take_run(*, code: str, number: int, home: str, by: Actor, at: datetime) -> int:
    """Make a run's placing the one that stands, where nothing has changed since; answers how many have a booth.

    `home`: the province that the fairs are of. Booths, exhibitors, quotas and weights are as the run was told them.

    Published and pinned placings stay as they are. Nobody outside the office sees it before it is published.
    """
    edition = _workable(code, by)
    run = get_run(edition.id, number, hold=True)
    if run.state is not RunState.DONE or run.result is None or run.problem is None:
        raise RunOutdated
    if Problem.from_json(run.problem).unplaced != take_problem(edition, province_code=home).unplaced:
        raise RunOutdated
    people = {each.code: each for each in list_to_place(edition.id)}
    booths = {row.code: row for row in db.session.scalars(select(Booth).where(Booth.edition_id == edition.id))}
    wanted: dict[str, str] = run.result["placed"]
    standing = list_placings(edition.id)
    kept = {each.application.code: each for each in standing.values() if each.pinned or each.published_at}
    if any(wanted.get(key) != each.booth.code for key, each in kept.items()):
        raise RunOutdated
    loose = [each.id for each in standing.values() if each.application.code not in kept]
    db.session.execute(update(Placing).where(Placing.id.in_(loose)).values(released_at=at))
    for key, stand in wanted.items():
        if key not in kept:
            _place(people[key], booths[stand], pinned=False, by=by, at=at)
    db.session.flush()
    run.state = RunState.TAKEN
    _record(edition, "taken", by, at, run=number, placed=len(wanted))
    return len(wanted)


def pin(*, code: str, application: str, booth: str, by: Actor, at: datetime) -> Placing:
    """Put an exhibitor into a booth by hand, and keep it there; where it stood is free at once.

    One already told of another booth hears of the change. Raises BoothTaken, or NotFound.
    """
    edition = _workable(code, by)
    one = _one(edition, application)
    there = db.session.scalar(select(Booth).where(Booth.edition_id == edition.id, Booth.code == booth))
    if there is None or there.blocked:
        raise Invalid({"booth": N_("Chọn một gian trong danh sách.")})
    before = list_placings(edition.id).get(one.id)
    if before is not None and before.booth_id == there.id:
        before.pinned = True
        return before
    if before is not None:
        before.released_at = at
        db.session.flush()
    placing = _place(one, there, pinned=True, by=by, at=at)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise BoothTaken from error
    if before is not None and before.published_at is not None:
        placing.published_at = at
        mails.placed(edition, one, there.label, moved=True, at=at)
    _record(edition, "pinned", by, at, application=application, booth=there.label)
    return placing


def unpin(*, code: str, application: str, by: Actor, at: datetime) -> None:
    """Let the next run move an exhibitor again; a published booth stays as it is."""
    edition = _workable(code, by)
    placing = list_placings(edition.id).get(_one(edition, application).id)
    if placing is None:
        raise NotFound
    placing.pinned = False
    _record(edition, "unpinned", by, at, application=application)


def publish_placings(*, code: str, by: Actor, at: datetime) -> int:
    """Tell every exhibitor its booth, and the public who stands where; answers how many are new.

    The first time the edition steps to ALLOCATED; later it tells those placed since.
    """
    edition = _workable(code, by)
    new = [each for each in list_placings(edition.id).values() if each.published_at is None]
    if not new:
        raise NobodyPlaced
    if edition.state is EditionState.OPEN:
        raise NotPlacing
    for placing in new:
        placing.published_at = at
        mails.placed(edition, placing.application, placing.booth.label, moved=False, at=at)
    if edition.state is EditionState.SELECTION:
        step_to(edition, EditionState.ALLOCATED, by=by, at=at)
    _record(edition, "published", by, at, placed=len(new))
    return len(new)


def _place(one: Application, booth: Booth, *, pinned: bool, by: Actor, at: datetime) -> Placing:
    placing = Placing(application_id=one.id, booth_id=booth.id, pinned=pinned, placed_at=at, placed_by=by.name)
    db.session.add(placing)
    return placing


def _one(edition: Edition, application: str) -> Application:
    found = db.session.scalar(
        select(Application).where(
            Application.edition_id == edition.id, Application.code == application, Application.state.in_(PLACED)
        )
    )
    if found is None:
        raise NotFound
    return found


def _workable(code: str, by: Actor) -> Edition:
    edition = office_edition(code, by)
    if edition.state not in WORKABLE:
        raise NotPlacing
    return edition


def _record(edition: Edition, verb: str, by: Actor, at: datetime, **detail: object) -> None:
    subject = edition.code
    record(by=by, action=f"booths.{verb}", subject_type="fair", subject=subject, at=at, detail=detail or None)
