"""Reading papers."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from marketplace.people.papers.models import USABLE, Paper, PaperFile, PaperState
from marketplace.people.papers.policies import papers_within
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import NotFound
from marketplace.platform.media.models import KeptFile

SHOWN = tuple(state for state in PaperState if state is not PaperState.WITHDRAWN)


def _with_files() -> Select[Paper]:
    return (
        select(Paper)
        .join(Paper.producer)
        .options(
            contains_eager(Paper.producer).joinedload(Producer.commune),
            selectinload(Paper.files).joinedload(PaperFile.file),
        )
    )


def get_paper(code: str, *, by: Actor, hold: bool = False) -> Paper:
    """A paper that `by` may see, with its files, or NotFound. `hold` keeps it from others until the block ends."""
    query = _with_files().where(Paper.code == code, papers_within(by))
    paper = db.session.scalar(held(query, Paper) if hold else query)
    if paper is None:
        raise NotFound
    return paper


def get_file(paper_code: str, file_code: str, *, by: Actor) -> tuple[Paper, KeptFile]:
    """One file of a paper that `by` may see, or NotFound."""
    paper = get_paper(paper_code, by=by)
    found = next((page.file for page in paper.files if page.file.code == file_code), None)
    if found is None:
        raise NotFound
    return paper, found


def list_papers(producer_id: int, *, by: Actor) -> list[Paper]:
    """A producer's papers that were not withdrawn, newest first."""
    query = _with_files().where(Paper.producer_id == producer_id, Paper.state.in_(SHOWN), papers_within(by))
    return list(db.session.scalars(query.order_by(Paper.created_at.desc(), Paper.id.desc())))


def list_to_look_at(*, by: Actor) -> list[Paper]:
    """Papers given and not yet looked at, of producers that the officer looks after, longest waiting first."""
    query = _with_files().where(Paper.state == PaperState.GIVEN, papers_within(by))
    return list(db.session.scalars(query.order_by(Paper.given_at, Paper.id)))


def usable_papers(producer_id: int, *, kinds: Iterable[str], on: date) -> dict[str, Paper]:
    """For each kind the paper to use again: not lapsed on the day, accepted before merely given, newest first."""
    query = (
        select(Paper)
        .where(
            Paper.producer_id == producer_id,
            Paper.kind.in_(list(kinds)),
            Paper.state.in_(USABLE),
            or_(Paper.valid_until.is_(None), Paper.valid_until >= on),
            exists().where(PaperFile.paper_id == Paper.id),
        )
        .options(selectinload(Paper.files).joinedload(PaperFile.file), joinedload(Paper.producer))
    )
    rows = list(db.session.scalars(query.order_by(Paper.created_at, Paper.id)))
    rows.sort(key=lambda paper: paper.state is PaperState.ACCEPTED)  # stable: the best of a kind comes last
    return {paper.kind: paper for paper in rows}


def list_in_use(producer_ids: Iterable[int]) -> dict[int, list[Paper]]:
    """The papers of these producers that may answer a demand, lapsed or not, by producer, without their files.

    Accepted before merely given, newest first. For the application's own reckoning: it asks nobody's rights.
    """
    query = select(Paper).where(
        Paper.producer_id.in_(list(producer_ids)),
        Paper.state.in_(USABLE),
        exists().where(PaperFile.paper_id == Paper.id),
    )
    found: dict[int, list[Paper]] = {}
    newest = (Paper.producer_id, (Paper.state == PaperState.ACCEPTED).desc(), Paper.created_at.desc(), Paper.id.desc())
    for paper in db.session.scalars(query.order_by(*newest)):
        found.setdefault(paper.producer_id, []).append(paper)
    return found
