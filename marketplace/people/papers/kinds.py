"""Kinds of papers, as data: decrees on papers change (domain: treat document types as configurable)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "kinds.json"
OTHER = "other"


@dataclass(frozen=True)
class PaperKind:
    """What a paper is. `lapses`: it has a last day; `usual_months`: what those who ask for it usually accept.

    `personal`: seen only by its producer and the officers who verify, each look recorded.
    """

    code: str
    name: str
    name_en: str
    hint: str
    hint_en: str
    numbered: bool
    lapses: bool
    personal: bool = False
    usual_months: int | None = None


@cache
def all_kinds() -> tuple[PaperKind, ...]:
    """Every kind, in the order they are offered."""
    return tuple(PaperKind(**row) for row in json.loads(DATA.read_text(encoding="utf-8")))


@cache
def _by_code() -> dict[str, PaperKind]:
    return {kind.code: kind for kind in all_kinds()}


def paper_kind(code: str) -> PaperKind:
    """The kind with this code; one that is no longer in the data counts as another paper."""
    return _by_code().get(code, _by_code()[OTHER])


def is_kind(code: str) -> bool:
    """Whether a paper of this kind may be given today."""
    return code in _by_code()
