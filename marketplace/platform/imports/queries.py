"""Reading staged imports."""

from sqlalchemy import case, func, select

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.imports.models import ImportFinding, StagedImport, StagedRow
from marketplace.platform.imports.policies import imports_within
from marketplace.platform.imports.rules import Row, Weight


def get_import(code: str, *, kind: str, by: Actor) -> StagedImport:
    """One import of this kind that `by` may see, or NotFound."""
    found = db.session.scalar(
        select(StagedImport).where(StagedImport.code == code, StagedImport.kind == kind, imports_within(by))
    )
    if found is None:
        raise NotFound
    return found


def list_imports(*, kind: str, by: Actor, limit: int = 20) -> list[StagedImport]:
    """The newest imports of this kind that `by` may see."""
    query = select(StagedImport).where(StagedImport.kind == kind, imports_within(by))
    return list(db.session.scalars(query.order_by(StagedImport.id.desc()).limit(limit)))


def rows_of(import_id: int) -> list[Row]:
    """The rows as staged, by line."""
    query = select(StagedRow.line, StagedRow.cells).where(StagedRow.import_id == import_id).order_by(StagedRow.line)
    return [Row(line, cells) for line, cells in db.session.execute(query)]


def list_findings(
    import_id: int, *, weights: tuple[Weight, ...], page: int = 1, per_page: int = 100
) -> list[ImportFinding]:
    """What the check found of these weights, the heaviest first, then by line."""
    heavy = case({Weight.BAD: 0, Weight.WARNING: 1}, value=ImportFinding.weight, else_=2)
    return list(
        db.session.scalars(
            select(ImportFinding)
            .where(ImportFinding.import_id == import_id, ImportFinding.weight.in_(weights))
            .order_by(heavy, ImportFinding.line, ImportFinding.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def count_findings(import_id: int) -> dict[Weight, int]:
    """How many findings of each weight there are; none is not in the answer."""
    query = (
        select(ImportFinding.weight, func.count())
        .where(ImportFinding.import_id == import_id)
        .group_by(ImportFinding.weight)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
