"""Both classifications of products, each in its time: QĐ 1048/QĐ-TTg (2019) and QĐ 148/QĐ-TTg (2023)."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.registry.certification.product_sets import UnknownProductSet, all_sets, product_set
from marketplace.registry.rulesets.queries import ruleset_on
from marketplace.registry.rulesets.rules import Classification as Classification

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Sector:
    """One of the six sectors of QĐ 1048."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class ClassifiedSet:
    """A product set of either classification; `today` are the sets of QĐ 148 it corresponds to, the nearest first."""

    classification: Classification
    code: str
    name: str
    name_en: str
    today: tuple[str, ...]
    sector: str = ""  # of QĐ 1048 only

    @property
    def decision(self) -> str:
        """The decision that laid the classification down, as it is cited."""
        return str(_data(self.classification)["decision"])


@cache
def _data(classification: Classification) -> dict[str, Any]:
    file = DATA / f"product-sets-{classification}.json"
    data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return data


@cache
def all_sectors() -> tuple[Sector, ...]:
    """The six sectors of QĐ 1048."""
    return tuple(Sector(**row) for row in _data(Classification.OF_2019)["sectors"])


@cache
def sets_of(classification: Classification) -> tuple[ClassifiedSet, ...]:
    """The 26 sets of a classification, in its order."""
    if classification is Classification.OF_2023:
        return tuple(ClassifiedSet(classification, s.code, s.name, s.name_en, (s.code,)) for s in all_sets())
    return tuple(
        ClassifiedSet(classification, **{**row, "today": tuple(row["today"])}) for row in _data(classification)["sets"]
    )


@cache
def _by_code() -> dict[str, ClassifiedSet]:
    return {known.code: known for each in Classification for known in sets_of(each)}


def classified_set(code: str) -> ClassifiedSet:
    """The set with this code, of either classification (their codes differ in form); raises UnknownProductSet."""
    known = _by_code().get(code)
    if known is None:
        raise UnknownProductSet({"set_code": UnknownProductSet.message})
    return known


def classification_on(day: date) -> Classification:
    """The classification of a decision of this day: the rule set of the day says."""
    return ruleset_on(day).classification


def granted_set(set_code: str, decided_on: date) -> ClassifiedSet:
    """Under which set a product of `set_code` (QĐ 148) is certified by a decision of this day.

    The nearest old set where QĐ 1048 applied; where it had none, the set of today. Raises UnknownProductSet.
    """
    product_set(set_code)
    fitting = [known for known in sets_of(classification_on(decided_on)) if set_code in known.today]
    return min(fitting, key=lambda known: known.today.index(set_code), default=classified_set(set_code))
