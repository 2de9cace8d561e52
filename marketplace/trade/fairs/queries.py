"""Reading fairs: the public sees every edition but drafts, the office all."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money, total
from marketplace.trade.fairs.models import (
    PUBLIC_STATES,
    BudgetLine,
    Edition,
    EditionState,
    EditionStep,
    Fair,
    ProgrammeItem,
    ProgrammeRelease,
)
from marketplace.trade.fairs.rules import Session


def _loaded() -> Select[Edition]:
    return select(Edition).options(
        joinedload(Edition.fair),
        selectinload(Edition.zones),
        selectinload(Edition.sets),
        selectinload(Edition.quotas),
    )


def get_edition(code: str, *, hold: bool = False) -> Edition:
    """An edition with its series, zones, sets and quotas, or NotFound. `hold`: nobody else changes it meanwhile."""
    query = _loaded().where(Edition.code == code)
    found = db.session.scalar(held(query, Edition) if hold else query)
    if found is None:
        raise NotFound
    return found


def get_public(slug: str) -> Edition:
    """An edition that the public may see, or NotFound."""
    found = db.session.scalar(_loaded().where(Edition.slug == slug, Edition.state.in_(PUBLIC_STATES)))
    if found is None:
        raise NotFound
    return found


def list_public(*, on: date, over: bool, page: int = 1, per_page: int = 30) -> list[Edition]:
    """Editions that are coming or under way, the nearest first; or those over, the latest first; without their plan."""
    query = select(Edition).where(*_listed(on, over))
    order = (Edition.last_day.desc(), Edition.id.desc()) if over else (Edition.first_day, Edition.id)
    return list(db.session.scalars(query.order_by(*order).limit(per_page).offset((page - 1) * per_page)))


def count_public(*, on: date, over: bool) -> int:
    """How many such editions there are."""
    return db.session.scalar(select(func.count()).select_from(Edition).where(*_listed(on, over))) or 0


def _listed(on: date, over: bool) -> tuple[ColumnElement[bool], ...]:
    told = Edition.state.in_(PUBLIC_STATES)
    if over:
        return (told, Edition.last_day < on, Edition.state != EditionState.CANCELLED)
    return (told, Edition.last_day >= on)


def list_slugs() -> list[str]:
    """The address of every edition that the public may see, the latest first."""
    query = select(Edition.slug).where(Edition.state.in_(PUBLIC_STATES))
    return list(db.session.scalars(query.order_by(Edition.first_day.desc(), Edition.id)))


def list_editions(*, page: int = 1, per_page: int = 30) -> list[Edition]:
    """Every edition, the latest first, as the office sees them."""
    query = select(Edition).order_by(Edition.first_day.desc(), Edition.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_editions() -> int:
    """How many editions there are."""
    return db.session.scalar(select(func.count()).select_from(Edition)) or 0


def list_earlier(edition: Edition) -> list[Edition]:
    """The earlier editions of its series, the latest first."""
    query = select(Edition).where(Edition.fair_id == edition.fair_id, Edition.number < edition.number)
    return list(db.session.scalars(query.order_by(Edition.number.desc())))


def list_fairs() -> list[Fair]:
    """Every series, by name."""
    return list(db.session.scalars(select(Fair).order_by(Fair.name, Fair.id)))


def list_steps(edition_id: int) -> list[EditionStep]:
    """The steps an edition took, the latest first."""
    query = select(EditionStep).where(EditionStep.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(EditionStep.number.desc())))


def list_budget(edition_id: int) -> list[BudgetLine]:
    """What its money is for, in the office's order."""
    query = select(BudgetLine).where(BudgetLine.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(BudgetLine.number)))


def budget_of(lines: Collection[BudgetLine]) -> tuple[Money, Money]:
    """Planned and spent in all."""
    return total(line.planned for line in lines), total(line.spent for line in lines)


def list_programme(edition_id: int) -> list[ProgrammeItem]:
    """The office's working copy, by time."""
    query = select(ProgrammeItem).where(ProgrammeItem.edition_id == edition_id)
    return list(db.session.scalars(query.order_by(ProgrammeItem.starts_at, ProgrammeItem.place, ProgrammeItem.id)))


def get_item(code: str, item: str, *, hold: bool = False) -> ProgrammeItem:
    """An item of an edition's working copy, or NotFound."""
    query = select(ProgrammeItem).join(ProgrammeItem.edition).where(Edition.code == code, ProgrammeItem.code == item)
    found = db.session.scalar(held(query, ProgrammeItem) if hold else query)
    if found is None:
        raise NotFound
    return found


def find_release(edition_id: int) -> ProgrammeRelease | None:
    """The programme as the public knows it: the newest release."""
    query = select(ProgrammeRelease).where(ProgrammeRelease.edition_id == edition_id)
    return db.session.scalar(query.order_by(ProgrammeRelease.number.desc()).limit(1))


def released_programme(edition_id: int) -> list[Session]:
    """What the newest release holds, by time; nothing before the first."""
    release = find_release(edition_id)
    return [Session.from_json(kept) for kept in release.items] if release else []
