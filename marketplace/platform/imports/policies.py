"""Whose files one may see: those brought in at the same desk (the same unit or organisation); an administrator, all."""

from sqlalchemy import ColumnElement, and_, true

from marketplace.platform.core.access import Actor
from marketplace.platform.imports.models import StagedImport

SEES_ALL = frozenset({"admin", "system"})


def imports_within(by: Actor) -> ColumnElement[bool]:
    """The staged imports that `by` may see and decide on."""
    if by.role in SEES_ALL:
        return true()
    return and_(
        StagedImport.user_id.is_not(None),
        StagedImport.organisation_id.is_not_distinct_from(by.organisation_id),
        StagedImport.unit_id.is_not_distinct_from(by.unit_id),
    )
