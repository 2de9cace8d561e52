"""Reading councils."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.classifications import granted_set
from marketplace.registry.certification.models import Certificate
from marketplace.registry.councils.models import (
    Appeal,
    AppealState,
    Council,
    CouncilMember,
    ScoreSheet,
    Sitting,
    SittingState,
    TableEntry,
)
from marketplace.registry.councils.policies import sits_at
from marketplace.registry.councils.rules import Line, Spread, lines_of, spread
from marketplace.registry.dossiers.models import Dossier, DossierState
from marketplace.registry.dossiers.policies import dossiers_within
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.policies import kept_within
from marketplace.registry.rounds.queries import round_to_score_again
from marketplace.registry.rulesets.rules import Minimum


def list_councils(*, by: Actor) -> list[Council]:
    """The councils that `by`'s unit keeps, with their members, the newest first."""
    query = select(Council).options(selectinload(Council.members).joinedload(CouncilMember.user))
    query = query.where(kept_within(by, Council.unit_id))
    return list(db.session.scalars(query.order_by(Council.established_on.desc(), Council.id.desc())))


def get_council(code: str, *, by: Actor, hold: bool = False) -> Council:
    """One council that `by`'s unit keeps, with its members, or NotFound. `hold`, seats too, until the block ends."""
    query = select(Council).options(selectinload(Council.members).joinedload(CouncilMember.user))
    query = query.where(Council.code == code, kept_within(by, Council.unit_id))
    found = db.session.scalar(held(query) if hold else query)
    if found is None:
        raise NotFound
    return found


def _sittings() -> Select[Sitting]:
    return (
        select(Sitting)
        .join(Sitting.council)
        .options(
            contains_eager(Sitting.council).selectinload(Council.members).joinedload(CouncilMember.user),
            joinedload(Sitting.round),
        )
    )


def get_sitting(code: str, *, by: Actor, hold: bool = False) -> Sitting:
    """One sitting that `by`'s unit keeps, with its council and round, or NotFound.

    `hold` keeps the sitting, and the seats of its council, from others until the block ends.
    """
    query = _sittings().where(Sitting.code == code, kept_within(by, Council.unit_id))
    found = db.session.scalar(held(query, Sitting, Council) if hold else query)
    if found is None:
        raise NotFound
    return found


def get_own_sitting(code: str, *, by: Actor, hold: bool = False) -> Sitting:
    """One sitting at whose table `by` has a seat, or NotFound. `hold` as `get_sitting` does."""
    query = _sittings().where(Sitting.code == code, sits_at(by))
    found = db.session.scalar(held(query, Sitting, Council) if hold else query)
    if found is None:
        raise NotFound
    return found


def list_sittings(*, by: Actor, council_id: int | None = None) -> list[Sitting]:
    """The sittings that `by`'s unit keeps, the newest day first; of one council, or all."""
    query = _sittings().where(kept_within(by, Council.unit_id))
    if council_id is not None:
        query = query.where(Sitting.council_id == council_id)
    return list(db.session.scalars(query.order_by(Sitting.held_on.desc(), Sitting.id.desc())))


def list_own_sittings(*, by: Actor) -> list[Sitting]:
    """The sittings at whose table `by` has a seat, the newest day first."""
    query = _sittings().where(sits_at(by)).order_by(Sitting.held_on.desc(), Sitting.id.desc())
    return list(db.session.scalars(query))


def count_table(sitting_ids: Iterable[int]) -> dict[int, int]:
    """How many dossiers lie on each sitting's table; none is not in the answer."""
    query = select(TableEntry.sitting_id, func.count()).where(TableEntry.sitting_id.in_(list(sitting_ids)))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(TableEntry.sitting_id))}


def seat_of(sitting: Sitting, by: Actor) -> CouncilMember:
    """The seat that `by` has in the sitting's council, or NotFound."""
    found = next((m for m in sitting.council.seated if m.user_id == by.user_id), None)
    if found is None:
        raise NotFound
    return found


def list_table(sitting_id: int) -> list[TableEntry]:
    """What lies on a sitting's table, in order, with product, maker and the certificate before."""
    query = (
        select(TableEntry)
        .join(TableEntry.dossier)
        .join(Dossier.producer)
        .where(TableEntry.sitting_id == sitting_id)
        .options(
            contains_eager(TableEntry.dossier).options(
                contains_eager(Dossier.producer).joinedload(Producer.commune),
                joinedload(Dossier.round),
                joinedload(Dossier.product),
                joinedload(Dossier.previous).joinedload(Certificate.decision),
                joinedload(Dossier.certificate),
            )
        )
        .order_by(TableEntry.position, TableEntry.dossier_id)
    )
    return list(db.session.scalars(query))


def get_entry(sitting: Sitting, dossier_code: str) -> TableEntry:
    """One dossier on the sitting's table, or NotFound."""
    found = next((e for e in list_table(sitting.id) if e.dossier.code == dossier_code), None)
    if found is None:
        raise NotFound
    return found


def list_sheets(sitting_id: int) -> list[ScoreSheet]:
    """Every sheet of a sitting with its member, by member."""
    query = select(ScoreSheet).where(ScoreSheet.sitting_id == sitting_id)
    query = query.options(joinedload(ScoreSheet.member), joinedload(ScoreSheet.scan))
    return list(db.session.scalars(query.order_by(ScoreSheet.member_id, ScoreSheet.id)))


def find_sheet(*, sitting_id: int, dossier_id: int, member_id: int) -> ScoreSheet | None:
    """A member's sheet for a dossier, if it was begun."""
    return db.session.scalar(
        select(ScoreSheet)
        .where(
            ScoreSheet.sitting_id == sitting_id,
            ScoreSheet.dossier_id == dossier_id,
            ScoreSheet.member_id == member_id,
        )
        .options(joinedload(ScoreSheet.scan), joinedload(ScoreSheet.member))
    )


def set_of(dossier: Dossier) -> str:
    """The dossier's product set in the classification of its rule set; its round is loaded."""
    assert dossier.round is not None
    return granted_set(dossier.set_code, dossier.round.first_deadline).code


def lines_for(dossier: Dossier) -> tuple[Line, ...]:
    """What is scored of a dossier."""
    return lines_of(dossier.rules, set_of(dossier))


def minimum_for(dossier: Dossier) -> tuple[Minimum, ...]:
    """The minimum criteria that a dossier's product must meet, for any star."""
    return dossier.rules.minimum_for(set_of(dossier))


@dataclass(frozen=True)
class Scored:
    """A dossier of the table with its sheets; `spread` of the signed ones, None while none is signed."""

    entry: TableEntry
    sheets: tuple[ScoreSheet, ...]
    spread: Spread | None

    @property
    def signed(self) -> tuple[ScoreSheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.signed_at is not None)


def scored_table(sitting_id: int) -> list[Scored]:
    """The table of a sitting with every sheet, and what the signed ones come to so far."""
    sheets = list_sheets(sitting_id)
    found = []
    for entry in list_table(sitting_id):
        own = tuple(sheet for sheet in sheets if sheet.dossier_id == entry.dossier_id)
        totals: list[Decimal] = [sheet.total for sheet in own if sheet.signed_at is not None]
        found.append(Scored(entry, own, spread(totals) if totals else None))
    return found


def missing_sheets(sitting: Sitting, table: Iterable[Scored]) -> dict[str, list[str]]:
    """Whose sheet is not there, of members with a seat: dossiers by member, as codes; who has every sheet is not in it.

    A sheet that was begun is there.
    """
    lying = [(scored.entry.dossier.code, {sheet.member_id for sheet in scored.sheets}) for scored in table]
    missing = {m.code: [code for code, begun in lying if m.id not in begun] for m in sitting.council.seated}
    return {member: codes for member, codes in missing.items() if codes}


def list_waiting_for_table(round_id: int, *, by: Actor) -> list[Dossier]:
    """The admitted dossiers of a round that lie on no table that is still to be closed."""
    lying = (
        select(TableEntry.dossier_id)
        .join(Sitting, Sitting.id == TableEntry.sitting_id)
        .where(Sitting.closed_at.is_(None))
    )
    query = (
        select(Dossier)
        .join(Dossier.producer)
        .options(contains_eager(Dossier.producer).joinedload(Producer.commune))
        .where(
            Dossier.round_id == round_id,
            Dossier.state == DossierState.ADMITTED,
            Dossier.id.not_in(lying),
            producers_within(by),
        )
    )
    return list(db.session.scalars(query.order_by(Dossier.name, Dossier.id)))


def list_appeals_of(dossier_id: int) -> list[Appeal]:
    """The appeals of a dossier, the newest first; whose it is was asked before."""
    query = select(Appeal).where(Appeal.dossier_id == dossier_id)
    return list(db.session.scalars(query.order_by(Appeal.id.desc())))


@dataclass(frozen=True)
class ScoringAgain:
    """Where a dossier is scored once more: its round, None where none is open; the next sitting planned in it."""

    round: EvaluationRound | None
    sitting: Sitting | None


def scoring_again(dossier: Dossier, *, by: Actor, on: date) -> ScoringAgain:
    """Where a decided dossier, loaded with its round, goes if its appeal is upheld on the day."""
    assert dossier.round is not None
    row = round_to_score_again(dossier.round, on=on)
    query = _sittings().where(Sitting.state == SittingState.PLANNED, kept_within(by, Council.unit_id))
    query = query.where(Sitting.round_id == row.id if row else false()).order_by(Sitting.held_on, Sitting.id)
    return ScoringAgain(row, db.session.scalar(query.limit(1)))


def _appeals() -> Select[Appeal]:
    return (
        select(Appeal)
        .join(Appeal.dossier)
        .join(Dossier.producer)
        .options(
            contains_eager(Appeal.dossier).options(
                contains_eager(Dossier.producer).joinedload(Producer.commune), joinedload(Dossier.round)
            )
        )
    )


def list_open_appeals(*, by: Actor) -> list[Appeal]:
    """The appeals that wait for the office's answer, longest waiting first."""
    query = _appeals().where(Appeal.state == AppealState.OPEN, dossiers_within(by))
    return list(db.session.scalars(query.order_by(Appeal.made_at, Appeal.id)))


def get_appeal(code: str, *, by: Actor, hold: bool = False) -> Appeal:
    """One appeal that `by` may see, or NotFound. `hold` keeps it from others until the block ends."""
    query = _appeals().where(Appeal.code == code, dossiers_within(by))
    found = db.session.scalar(held(query, Appeal) if hold else query)
    if found is None:
        raise NotFound
    return found
