"""Reading dossiers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.models import Paper, PaperFile
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.media.models import KeptFile
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.queries import counting
from marketplace.registry.dossiers.models import (
    OPEN,
    Dossier,
    DossierPaper,
    DossierState,
    DossierStep,
    PreAssessment,
)
from marketplace.registry.dossiers.policies import dossiers_within
from marketplace.registry.dossiers.rules import Completeness, completeness
from marketplace.registry.rounds.models import EvaluationRound


def _whole() -> Select[Dossier]:
    return (
        select(Dossier)
        .join(Dossier.producer)
        .outerjoin(Dossier.round)
        .options(
            contains_eager(Dossier.producer).joinedload(Producer.commune),
            contains_eager(Dossier.round),
            joinedload(Dossier.product),
            joinedload(Dossier.previous).joinedload(Certificate.decision),
            joinedload(Dossier.certificate).joinedload(Certificate.decision),
        )
    )


def get_dossier(code: str, *, by: Actor, hold: bool = False) -> Dossier:
    """A dossier that `by` may see, or NotFound. `hold` keeps it from others until the block ends."""
    query = _whole().where(Dossier.code == code, dossiers_within(by))
    found = db.session.scalar(held(query, Dossier) if hold else query)
    if found is None:
        raise NotFound
    return found


def hold_dossier(dossier_id: int) -> Dossier:
    """A dossier, whoever acts, held until the block ends: the caller has asked its own policy."""
    return db.session.scalars(held(_whole().where(Dossier.id == dossier_id), Dossier)).one()


@dataclass(frozen=True)
class Asked:
    """What a list of dossiers is narrowed to; empty means all."""

    words: str = ""
    state: DossierState | None = None
    round_code: str = ""
    open_only: bool = False


def _matching(by: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    conditions = [dossiers_within(by)]
    if asked.state is not None:
        conditions.append(Dossier.state == asked.state)
    if asked.round_code:
        conditions.append(EvaluationRound.code == asked.round_code)
    if asked.open_only:
        conditions.append(Dossier.state.in_(OPEN))
    if asked.words:
        word = fold(nfc(asked.words))
        conditions.append(
            or_(
                Producer.folded.contains(word, autoescape=True),
                Dossier.folded.contains(word, autoescape=True),
                Dossier.code == asked.words.strip().upper(),
            )
        )
    return conditions


def list_dossiers(*, by: Actor, asked: Asked = Asked(), page: int = 1, per_page: int = 40) -> list[Dossier]:
    """The dossiers that `by` may see: the open ones, handed in longest ago first, then the newest; then those done."""
    query = _whole().where(*_matching(by, asked))
    query = query.order_by(
        Dossier.state.not_in(OPEN),
        Dossier.submitted_at.is_(None),
        Dossier.submitted_at,
        Dossier.created_at.desc(),
        Dossier.id,
    )
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_dossiers(*, by: Actor, asked: Asked = Asked()) -> int:
    """How many `list_dossiers` has in all."""
    query = select(func.count(Dossier.id)).join(Dossier.producer).outerjoin(Dossier.round)
    return db.session.scalar(query.where(*_matching(by, asked))) or 0


def count_by_state(*, by: Actor, round_code: str = "") -> dict[DossierState, int]:
    """How many dossiers that `by` may see are where; none is not in the answer."""
    query = select(Dossier.state, func.count()).join(Dossier.producer).outerjoin(Dossier.round)
    asked = _matching(by, Asked(round_code=round_code))
    return {row[0]: row[1] for row in db.session.execute(query.where(*asked).group_by(Dossier.state))}


def counts_by_round(*, by: Actor) -> dict[int, dict[DossierState, int]]:
    """How many dossiers that `by` may see are where, by round."""
    query = select(Dossier.round_id, Dossier.state, func.count()).join(Dossier.producer)
    query = query.where(dossiers_within(by), Dossier.round_id.is_not(None)).group_by(Dossier.round_id, Dossier.state)
    found: dict[int, dict[DossierState, int]] = {}
    for round_id, state, n in db.session.execute(query):
        found.setdefault(round_id or 0, {})[state] = n
    return found


def _late(by: Actor, on: date, round_code: str) -> list[ColumnElement[bool]]:
    """What `rules.late` calls late, in the database's words."""
    over_first = and_(
        EvaluationRound.first_deadline < on, Dossier.state.in_((DossierState.PREPARING, DossierState.SUBMITTED))
    )
    over_province = and_(
        EvaluationRound.province_deadline < on, Dossier.state.in_((DossierState.FORWARDED, DossierState.RETURNED))
    )
    conditions = [dossiers_within(by), EvaluationRound.closed_at.is_(None), or_(over_first, over_province)]
    return [*conditions, EvaluationRound.code == round_code] if round_code else conditions


def list_late(*, by: Actor, on: date, round_code: str = "", limit: int) -> list[Dossier]:
    """The dossiers of rounds not closed that stand too long, of the round that ended first, first."""
    query = _whole().where(*_late(by, on, round_code))
    return list(db.session.scalars(query.order_by(EvaluationRound.first_deadline, Dossier.id).limit(limit)))


def count_late(*, by: Actor, on: date) -> int:
    """How many `list_late` has in all."""
    query = select(func.count(Dossier.id)).join(Dossier.producer).join(Dossier.round)
    return db.session.scalar(query.where(*_late(by, on, ""))) or 0


def find_other_open(dossier: Dossier) -> Dossier | None:
    """The open dossier of the same product beside this one, if there is one; none without a product in the register."""
    if dossier.product_id is None:
        return None
    query = select(Dossier).where(
        Dossier.product_id == dossier.product_id, Dossier.state.in_(OPEN), Dossier.id != dossier.id
    )
    return db.session.scalar(query)


def list_of_round(round_id: int, *, states: Iterable[DossierState]) -> list[Dossier]:
    """Every dossier of a round in these states, for the application's own work: reminders, the council's table."""
    query = _whole().where(Dossier.round_id == round_id, Dossier.state.in_(list(states)))
    return list(db.session.scalars(query.order_by(Dossier.name, Dossier.id)))


def papers_of(dossier_id: int) -> dict[str, list[Paper]]:
    """The papers of a dossier with their files, by requirement, in the order they were attached."""
    query = (
        select(DossierPaper)
        .where(DossierPaper.dossier_id == dossier_id)
        .options(joinedload(DossierPaper.paper).selectinload(Paper.files).joinedload(PaperFile.file))
        .order_by(DossierPaper.attached_at, DossierPaper.paper_id)
    )
    found: dict[str, list[Paper]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.requirement, []).append(row.paper)
    return found


def completeness_of(dossier: Dossier, *, on: date) -> Completeness:
    """What a dossier, loaded with its round, has and lacks on a day."""
    return completeness(
        dossier.rules,
        papers_of(dossier.id),
        service=dossier.of_set.service,
        samples=dossier.samples_promised,
        on=on,
        until=dossier.round.province_deadline if dossier.round else None,
    )


def list_steps(dossier_id: int) -> list[DossierStep]:
    """The steps that a dossier took, the first one first."""
    query = select(DossierStep).where(DossierStep.dossier_id == dossier_id)
    return list(db.session.scalars(query.order_by(DossierStep.id)))


def list_assessments(dossier_id: int) -> list[PreAssessment]:
    """The first level's assessments of a dossier, the newest first."""
    query = select(PreAssessment).where(PreAssessment.dossier_id == dossier_id)
    query = query.options(joinedload(PreAssessment.report))
    return list(db.session.scalars(query.order_by(PreAssessment.id.desc())))


def get_report(code: str, file_code: str, *, by: Actor) -> KeptFile:
    """The signed report of one of a dossier's assessments, for whoever may see the dossier, or NotFound."""
    reports = [row.report for row in list_assessments(get_dossier(code, by=by).id)]
    found = next((report for report in reports if report is not None and report.code == file_code), None)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Renewable:
    """A product with the certificate of its newest decision: what a renewal or upgrade begins from."""

    product: Product
    certificate: Certificate


def list_renewable(*, by: Actor, on: date) -> list[Renewable]:
    """The acting producer's products that were certified and have no open dossier, the first to lapse first."""
    busy = select(Dossier.product_id).where(Dossier.product_id.is_not(None), Dossier.state.in_(OPEN))
    query = (
        select(Product, Certificate)
        .join(Product.producer)
        .join(Certificate, Certificate.product_id == Product.id)
        .where(dossiers_within(by), counting(on), Product.id.not_in(busy))
        .options(selectinload(Certificate.decision))
        .order_by(Certificate.expires_on, Product.id)
    )
    return [Renewable(product, certificate) for product, certificate in db.session.execute(query)]


def officers_of(producer: Producer, role: Role) -> list[User]:
    """The officers of this role who look after a producer, loaded with its commune."""
    unit = {
        Role.COMMUNE_OFFICER: producer.commune_id,
        Role.DISTRICT_OFFICER: producer.commune.former_district_id,
        Role.PROVINCE_OFFICER: producer.commune.parent_id,
    }[role]
    query = select(User).where(User.role == role, User.unit_id == unit, User.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))
