"""The scoring sheet of a product set: its parts' criteria, each with the most points it may bring."""

from typing import Any

from pydantic import Field, model_validator

from marketplace.registry.rulesets.facts import Ground, Name, Points, Words, unique


class Part(Words):
    """A part of the scoring, A, B or C, and the most points it may bring."""

    code: str = Field(pattern=r"^[A-Z]$")
    most: Points


class Step(Words):
    """What a number of points is given for. Steps are those known; a score may lie between them."""

    points: Points


class Criterion(Words):
    """One line of a sheet. `group` is the heading it stands under."""

    code: str = Field(pattern=r"^\d+(\.\d+)?$")
    part: str
    group: Name
    group_en: Name
    most: Points
    hint: str = ""
    hint_en: str = ""
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _steps_rise_to_most(self) -> "Criterion":
        points = [step.points for step in self.steps]
        if points and (points != sorted(set(points)) or points[-1] != self.most):
            raise ValueError(f"criterion {self.code}: its steps must rise to {self.most}")
        return self


class Group(Words):
    """A heading of a sheet and the criteria under it, which bring `most` together."""

    code: str
    part: str
    most: Points
    criteria: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _heads_its_criteria(cls, data: Any) -> Any:
        """A file says part and heading once, at the group."""
        heading = {"part": data["part"], "group": data["name"], "group_en": data["name_en"]}
        return {**data, "criteria": [{**heading, **row} for row in data["criteria"]]}

    @model_validator(mode="after")
    def _sums_up(self) -> "Group":
        total = sum(each.most for each in self.criteria)
        if total != self.most:
            raise ValueError(f"group {self.code}: its criteria bring {total}, not {self.most}")
        return self


class Sheet(Ground):
    """The sheet of the product sets whose codes (of the rule set's classification) stand in `sets`."""

    sets: tuple[str, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every line, in the sheet's order."""
        return tuple(each for group in self.groups for each in group.criteria)

    @model_validator(mode="after")
    def _codes_once(self) -> "Sheet":
        unique("sheet", (each.code for each in self.criteria))
        return self

    def check_against(self, parts: tuple[Part, ...]) -> None:
        """Raise ValueError unless the criteria of each part bring exactly the part's most."""
        brought = {part.code: sum(c.most for c in self.criteria if c.part == part.code) for part in parts}
        for part in parts:
            if brought[part.code] != part.most:
                raise ValueError(f"sheet of {', '.join(self.sets)}: part {part.code} brings {brought[part.code]}")
        strays = {c.part for c in self.criteria} - set(brought)
        if strays:
            raise ValueError(f"sheet of {', '.join(self.sets)}: no part {', '.join(sorted(strays))}")
