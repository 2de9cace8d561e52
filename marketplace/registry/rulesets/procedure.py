"""The way of a dossier under a rule set: where it is handed in, who sits in council, which papers it holds."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from marketplace.registry.rulesets.facts import AuthorityLevel, Fact, Words, unique

Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]


class FirstLevel(StrEnum):
    """Who takes a dossier in: districts until they ended on 30 June 2025, communes since."""

    DISTRICT = "district"
    COMMUNE = "commune"


class Topic(Words):
    """What the first level looks at itself before it passes a dossier on."""

    code: Code


class Requirement(Words):
    """A piece of a dossier. `paper_kinds` are the papers that answer it; `samples` counts units of the product."""

    code: Code
    hint: str = ""
    hint_en: str = ""
    mandatory: bool = False
    samples: int = Field(0, ge=0)
    not_for_services: bool = False
    paper_kinds: tuple[Code, ...] = ()


class Procedure(Fact):
    """How a dossier travels. `mandatory` and `supplementary` are its pieces, in the order of the list."""

    first_level: FirstLevel
    pre_assessment: tuple[Topic, ...] = ()
    council_levels: tuple[AuthorityLevel, ...] = Field(min_length=1)
    requirements: tuple[Requirement, ...] = Field(min_length=1)

    @property
    def mandatory(self) -> tuple[Requirement, ...]:
        return tuple(each for each in self.requirements if each.mandatory)

    @property
    def supplementary(self) -> tuple[Requirement, ...]:
        return tuple(each for each in self.requirements if not each.mandatory)

    @model_validator(mode="after")
    def _codes_once(self) -> "Procedure":
        unique("requirements", (each.code for each in self.requirements))
        unique("pre_assessment", (each.code for each in self.pre_assessment))
        return self
