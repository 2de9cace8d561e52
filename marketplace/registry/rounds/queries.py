"""Reading rounds. They are the programme's calendar, so everyone may know them."""

from datetime import date

from sqlalchemy import select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.registry.rounds.policies import kept_within


def get_round(code: str) -> EvaluationRound:
    """One round, or NotFound."""
    found = db.session.scalar(select(EvaluationRound).where(EvaluationRound.code == code))
    if found is None:
        raise NotFound
    return found


def get_kept_round(code: str, *, by: Actor) -> EvaluationRound:
    """One round that the officers of `by`'s unit keep, held until the block ends, or NotFound."""
    query = select(EvaluationRound).where(EvaluationRound.code == code, kept_within(by, EvaluationRound.unit_id))
    found = db.session.scalar(held(query))
    if found is None:
        raise NotFound
    return found


def list_rounds() -> list[EvaluationRound]:
    """Every round, the newest first."""
    return list(
        db.session.scalars(select(EvaluationRound).order_by(EvaluationRound.year.desc(), EvaluationRound.number.desc()))
    )


def list_open(*, on: date) -> list[EvaluationRound]:
    """The rounds that are not closed and whose last deadline is not over, the next deadline first."""
    query = select(EvaluationRound).where(EvaluationRound.closed_at.is_(None), EvaluationRound.province_deadline >= on)
    return list(db.session.scalars(query.order_by(EvaluationRound.first_deadline, EvaluationRound.id)))


def round_to_score_again(row: EvaluationRound, *, on: date) -> EvaluationRound | None:
    """In which round a dossier of this one is scored once more: in it, or, where it is closed, in the next one open.

    None where no other is open: a closed round is not opened again.
    """
    return row if row.closed_at is None else next(iter(list_open(on=on)), None)


def next_round(*, on: date) -> EvaluationRound | None:
    """The round with the next first deadline from this day on: what a dossier begun now aims at."""
    query = select(EvaluationRound).where(EvaluationRound.closed_at.is_(None), EvaluationRound.first_deadline >= on)
    return db.session.scalar(query.order_by(EvaluationRound.first_deadline, EvaluationRound.id).limit(1))
