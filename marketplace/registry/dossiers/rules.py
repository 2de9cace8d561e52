"""What a dossier still lacks, and what is late. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from marketplace.registry.rulesets.rules import Requirement, RuleSet


class Have(StrEnum):
    """How a requirement stands."""

    THERE = "there"
    LAPSING = "lapsing"  # good today, over before the province's council sits
    LAPSED = "lapsed"
    UNFINISHED = "unfinished"  # a paper is begun: no file yet, or the office wants it mended
    MISSING = "missing"


class HeldPaper(Protocol):
    """What the rules need of a paper."""

    @property
    def valid_until(self) -> date | None: ...
    @property
    def usable(self) -> bool: ...


@dataclass(frozen=True)
class Item:
    """One requirement with what answers it."""

    requirement: Requirement
    papers: Sequence[HeldPaper]
    have: Have

    @property
    def answered(self) -> bool:
        return self.have in (Have.THERE, Have.LAPSING)


@dataclass(frozen=True)
class Completeness:
    """Every piece of a dossier; `lacking` are the mandatory ones without which it is not handed in."""

    items: tuple[Item, ...]

    @property
    def mandatory(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.requirement.mandatory)

    @property
    def supplementary(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.requirement.mandatory)

    @property
    def lacking(self) -> tuple[Item, ...]:
        return tuple(item for item in self.mandatory if not item.answered)

    @property
    def percent(self) -> int:
        """The share of mandatory pieces that are answered, whole percent, rounded down."""
        return sum(item.answered for item in self.mandatory) * 100 // max(1, len(self.mandatory))


def completeness(
    rules: RuleSet,
    papers: Mapping[str, Sequence[HeldPaper]],
    *,
    service: bool,
    samples: int,
    on: date,
    until: date | None = None,
) -> Completeness:
    """What a dossier has and lacks on a day; `papers` by requirement, `until` the day its papers should still hold."""
    asked = [each for each in rules.procedure.requirements if not (service and each.not_for_services)]
    return Completeness(tuple(_item(each, papers.get(each.code, ()), samples, on, until or on) for each in asked))


def _item(requirement: Requirement, papers: Sequence[HeldPaper], samples: int, on: date, until: date) -> Item:
    if requirement.samples:
        return Item(requirement, (), Have.THERE if samples >= requirement.samples else Have.MISSING)
    return Item(requirement, papers, min((_have(p, on, until) for p in papers), key=_ORDER.index, default=Have.MISSING))


_ORDER = (Have.THERE, Have.LAPSING, Have.UNFINISHED, Have.LAPSED, Have.MISSING)  # of several papers the best counts


def _have(paper: HeldPaper, on: date, until: date) -> Have:
    if not paper.usable:
        return Have.UNFINISHED
    if paper.valid_until is not None and paper.valid_until < on:
        return Have.LAPSED
    if paper.valid_until is not None and paper.valid_until < until:
        return Have.LAPSING
    return Have.THERE


class Late(StrEnum):
    """What stands too long."""

    NOT_HANDED_IN = "not_handed_in"  # the first deadline is over, the producer has not handed in
    NOT_ASSESSED = "not_assessed"  # the first level still has it after its deadline
    NOT_ADMITTED = "not_admitted"  # the province's deadline is over


def late(state: str, first_deadline: date, province_deadline: date, on: date) -> Late | None:
    """What is late about a dossier of a round on a day; the deadlines' own days are in time."""
    if state in ("forwarded", "returned") and on > province_deadline:
        return Late.NOT_ADMITTED
    if on <= first_deadline:
        return None
    return {"preparing": Late.NOT_HANDED_IN, "submitted": Late.NOT_ASSESSED}.get(state)
