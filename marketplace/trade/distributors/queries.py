"""Reading distributors."""

from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.people.accounts.models import Organisation
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.media.models import KeptFile
from marketplace.trade.distributors.models import Distributor, DistributorFile, DistributorStep, Standing
from marketplace.trade.distributors.policies import VERIFY_DISTRIBUTORS
from marketplace.trade.distributors.rules import Said, lacking


def get_own_organisation(by: Actor) -> Organisation:
    """The organisation that the actor acts for, or NotFound."""
    if by.organisation_id is None:
        raise NotFound
    return db.session.get_one(Organisation, by.organisation_id)


def find_own(by: Actor, *, hold: bool = False) -> Distributor | None:
    """What the actor's organisation has said of itself, if anything yet. `hold` keeps it until the block ends."""
    query = _loaded().where(Distributor.organisation_id == by.organisation_id)
    return db.session.scalar(held(query, Distributor) if hold else query)


def get_own(by: Actor, *, hold: bool = False) -> Distributor:
    """The same, or NotFound where nothing was said yet."""
    found = find_own(by, hold=hold)
    if found is None:
        raise NotFound
    return found


def get_distributor(slug: str, *, by: Actor, hold: bool = False) -> Distributor:
    """A distributor whatever its standing, for who verifies, or NotFound."""
    if not VERIFY_DISTRIBUTORS.held_by(by):
        raise NotFound
    query = _loaded().where(Organisation.slug == slug)
    found: Distributor | None = db.session.scalar(held(query, Distributor) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_waiting(*, by: Actor) -> list[Distributor]:
    """Those that wait for the province, longest waiting first."""
    query = _loaded().where(Distributor.standing == Standing.WAITING, _seen_by(by))
    return list(db.session.scalars(query.order_by(Distributor.sent_at, Distributor.id)))


def list_distributors(
    *, by: Actor, standing: Standing | None = None, words: str = "", page: int = 1, per_page: int = 40
) -> list[Distributor]:
    """A page of distributors by name, of one standing or all, whose name has these words."""
    query = _named(_loaded().where(_seen_by(by)), standing, words).order_by(Organisation.name, Distributor.id)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_distributors(*, by: Actor, standing: Standing | None = None, words: str = "") -> int:
    """How many `list_distributors` has in all."""
    query = select(func.count(Distributor.id)).join(Distributor.organisation)
    return db.session.scalar(_named(query.where(_seen_by(by)), standing, words)) or 0


def count_by_standing(*, by: Actor) -> dict[Standing, int]:
    """How many distributors there are of each standing; none is not in the answer."""
    query = select(Distributor.standing, func.count()).group_by(Distributor.standing)
    return {row[0]: row[1] for row in db.session.execute(query.where(_seen_by(by)))}


def list_names(*, by: Actor) -> list[tuple[str, str]]:
    """Slug and name of every distributor, by name: to choose one from."""
    query = select(Organisation.slug, Organisation.name).join(
        Distributor, Distributor.organisation_id == Organisation.id
    )
    return [
        (row[0], row[1])
        for row in db.session.execute(query.where(_seen_by(by)).order_by(Organisation.name, Organisation.slug))
    ]


def list_files(distributor_id: int) -> list[DistributorFile]:
    """A distributor's papers in the order they came (ask first whether they may be seen)."""
    query = select(DistributorFile).where(DistributorFile.distributor_id == distributor_id)
    query = query.options(joinedload(DistributorFile.file)).order_by(DistributorFile.added_at, DistributorFile.file_id)
    return list(db.session.scalars(query))


def get_file(distributor_id: int, code: str) -> DistributorFile:
    """One of a distributor's papers by its file's code, or NotFound."""
    query = select(DistributorFile).join(DistributorFile.file).options(contains_eager(DistributorFile.file))
    found = db.session.scalar(query.where(DistributorFile.distributor_id == distributor_id, KeptFile.code == code))
    if found is None:
        raise NotFound
    return found


def list_steps(distributor_id: int) -> list[DistributorStep]:
    """What happened with its verification, newest first."""
    query = select(DistributorStep).where(DistributorStep.distributor_id == distributor_id)
    return list(db.session.scalars(query.order_by(DistributorStep.id.desc())))


def lacking_of(distributor: Distributor, files: int) -> dict[str, str]:
    """What it must still say before the province checks it (`rules.lacking`)."""
    return lacking(
        Said(
            country=distributor.country,
            address=distributor.address,
            registration_number=distributor.registration_number,
            tax_code=distributor.tax_code,
            contact_name=distributor.contact_name,
            reachable=bool(distributor.phone or distributor.contact_email),
            files=files,
        )
    )


def _loaded() -> Select[Distributor]:
    return (
        select(Distributor)
        .join(Distributor.organisation)
        .options(contains_eager(Distributor.organisation), joinedload(Distributor.province))
    )


def _seen_by(by: Actor) -> ColumnElement[bool]:
    return true() if VERIFY_DISTRIBUTORS.held_by(by) else false()


def _named(query: Select[Any], standing: Standing | None, words: str) -> Select[Any]:
    if standing is not None:
        query = query.where(Distributor.standing == standing)
    for word in words.split():
        like = f"%{word.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Organisation.name.ilike(like), Organisation.slug.ilike(like)))
    return query
