"""What every piece of a rule set's file is made of: frozen, without unknown fields, named in both languages."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Points = Annotated[Decimal, Field(ge=0, le=100, decimal_places=2)]
Name = Annotated[str, Field(min_length=1)]


class AuthorityLevel(StrEnum):
    """Which level of authority decides. Districts ended on 30 June 2025; their decisions remain."""

    DISTRICT = "district"
    PROVINCE = "province"
    MINISTRY = "ministry"


class Classification(StrEnum):
    """Under which decision's product sets a certificate was granted."""

    OF_2019 = "1048"
    OF_2023 = "148"


class Certainty(StrEnum):
    """How well a fact is known: read in an official source, in a published one, general knowledge, or our reading."""

    OFFICIAL = "official"
    PUBLISHED = "published"
    GENERAL = "general"
    OURS = "ours"


class Fact(BaseModel):
    """A piece of a rule set."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(Fact):
    """A fact with a name in Vietnamese and in English."""

    name: Name
    name_en: Name


class Ground(Fact):
    """What a section of a rule set rests on."""

    source: Name
    certainty: Certainty


def unique(what: str, codes: Iterable[object]) -> None:
    """Raise ValueError where a code stands twice."""
    found = list(codes)
    if len(found) != len(set(found)):
        raise ValueError(f"{what}: a code stands twice in {', '.join(map(str, found))}")
