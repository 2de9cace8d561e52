"""A rule set: one decision's parts, star bands, sheets, minimum criteria, granting levels and procedure. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pydantic import Field, model_validator

from marketplace.registry.rulesets.facts import (
    AuthorityLevel,
    Certainty,
    Classification,
    Fact,
    Ground,
    Points,
    Words,
    unique,
)
from marketplace.registry.rulesets.procedure import FirstLevel, Procedure, Requirement, Topic
from marketplace.registry.rulesets.sheets import Criterion, Group, Part, Sheet, Step

__all__ = [  # what other rooms name
    "AuthorityLevel",
    "Band",
    "Certainty",
    "Classification",
    "Criterion",
    "FirstLevel",
    "Grant",
    "Ground",
    "Group",
    "Minimum",
    "Outcome",
    "Part",
    "Procedure",
    "Requirement",
    "RuleSet",
    "Sheet",
    "Step",
    "Topic",
]

PROVINCE_MOST = 4  # stars: the ministry alone grants the fifth
SECTIONS = frozenset({"validity", "parts", "bands", "minimum", "grants", "classification", "procedure"})


class Band(Fact):
    """A star's band: from `at_least` points up to, and without, the next star's. The meaning is a gloss of ours."""

    stars: int = Field(ge=1, le=5)
    at_least: Points
    meaning: str = ""
    meaning_en: str = ""


class Minimum(Words):
    """What must be met for this many stars and every higher number. Empty `sets`: every product set."""

    code: str = Field(pattern=r"^[1-5]-[a-z_]+$")
    stars: int = Field(ge=2, le=5)
    sets: tuple[str, ...] = ()

    def applies_to(self, set_code: str) -> bool:
        return not self.sets or set_code in self.sets


class Grant(Fact):
    """Which stars a level of authority grants."""

    level: AuthorityLevel
    stars: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """What a score and the minimum criteria come to at the province.

    `by_band` is the star of the points alone, `by_minimum` the highest star (5 where nothing fails) whose minimum
    criteria, with those of every lower star, are met. `stars` is the lower of both, at most 4: where both are 5 the
    product is granted 4 and `potential_five` says that it goes on to the ministry. `failing` are the codes of the
    applicable minimum criteria, up to the band's star, that were not met: what keeps the product from `by_band`.
    """

    by_band: int
    by_minimum: int
    stars: int
    potential_five: bool
    failing: tuple[str, ...]


class RuleSet(Words):
    """The rules by one decision, from its day until the next one's eve. `rests_on`: each section's ground."""

    code: str = Field(pattern=r"^\d+$")
    decision: str
    valid_from: date
    valid_until: date | None = None  # filled in from the next rule set; a file never says it
    amends: str | None = None
    note: str = ""
    note_en: str = ""
    rests_on: dict[str, Ground]
    classification: Classification
    parts: tuple[Part, ...]
    bands: tuple[Band, ...]
    sheets: tuple[Sheet, ...] = ()
    minimum: tuple[Minimum, ...] = ()
    grants: tuple[Grant, ...]
    procedure: Procedure

    @model_validator(mode="after")
    def _sound(self) -> "RuleSet":
        if set(self.rests_on) != SECTIONS:
            raise ValueError(f"rests_on must say the ground of exactly {', '.join(sorted(SECTIONS))}")
        if sum(part.most for part in self.parts) != 100:
            raise ValueError("parts: they must bring 100 points together")
        unique("parts", (part.code for part in self.parts))
        unique("minimum", (each.code for each in self.minimum))
        unique("sheets", (code for sheet in self.sheets for code in sheet.sets))
        points = [band.at_least for band in self.bands]
        if (
            [b.stars for b in self.bands] != [5, 4, 3, 2, 1]
            or points != sorted(set(points), reverse=True)
            or points[-1]
        ):
            raise ValueError("bands: they must fall from 5 stars to 1 star at 0 points")
        if sorted(stars for grant in self.grants for stars in grant.stars) != [3, 4, 5]:
            raise ValueError("grants: 3, 4 and 5 stars must each be granted by one level")
        for sheet in self.sheets:
            sheet.check_against(self.parts)
        return self

    def may_grant(self, level: AuthorityLevel, stars: int) -> bool:
        """Whether an authority of this level grants this many stars."""
        return any(grant.level is level and stars in grant.stars for grant in self.grants)

    def grantor(self, stars: int) -> AuthorityLevel:
        """The level that grants this many stars (3, 4 or 5)."""
        return next(grant.level for grant in self.grants if stars in grant.stars)

    def sheet_for(self, set_code: str) -> Sheet | None:
        """The scoring sheet of a product set (a code of this rule set's classification).

        None where its points are not known: then an officer enters a total for each part and attaches the sheet.
        """
        return next((sheet for sheet in self.sheets if set_code in sheet.sets), None)

    def stars_of(self, score: Decimal) -> int:
        """The star, 1 to 5, whose half-open band holds the score; ValueError outside 0 to 100."""
        if not 0 <= score <= 100:
            raise ValueError(f"a score lies between 0 and 100, not at {score}")
        return next(band.stars for band in self.bands if score >= band.at_least)

    def minimum_for(self, set_code: str, stars: int = 5) -> tuple[Minimum, ...]:
        """The minimum criteria of a product set for this many stars: those of every lower star too."""
        return tuple(each for each in self.minimum if each.stars <= stars and each.applies_to(set_code))

    def stars_by(self, score: Decimal, met: Collection[str], set_code: str) -> Outcome:
        """What a score comes to when these minimum criteria (codes) are met; the set is of the classification."""
        by_band = self.stars_of(score)
        unmet = [each for each in self.minimum_for(set_code) if each.code not in met]
        by_minimum = min((each.stars for each in unmet), default=6) - 1
        reached = min(by_band, by_minimum)
        failing = tuple(each.code for each in unmet if each.stars <= by_band)
        return Outcome(by_band, by_minimum, min(reached, PROVINCE_MOST), reached == 5, failing)
