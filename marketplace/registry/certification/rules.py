"""Which certificate counts on a day, until when one lasts, and who may grant how many stars."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from marketplace.registry.rulesets.queries import ruleset_on
from marketplace.registry.rulesets.rules import AuthorityLevel as AuthorityLevel

TERM_MONTHS = 36  # QĐ 1048/QĐ-TTg (2019) and QĐ 148/QĐ-TTg (2023): 36 months from the day of issue
EXPIRING_DAYS = 90


class Standing(StrEnum):
    """What a certificate is worth on a day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    LAPSED = "lapsed"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class Term(Protocol):
    """What the rules need of a certificate. Of two issued on one day, the later row is the newer."""

    @property
    def id(self) -> int: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def expires_on(self) -> date: ...
    @property
    def revoked_on(self) -> date | None: ...
    @property
    def stars(self) -> int: ...


@dataclass(frozen=True)
class Interval:
    """Days, both included, on which a product is certified with these stars by this certificate."""

    certificate_id: int
    stars: int
    first: date
    last: date


def expiry(issued_on: date, months: int = TERM_MONTHS) -> date:
    """The same day `months` later, or the month's last where there is none (Civil Code 2015, art. 148)."""
    count = issued_on.year * 12 + issued_on.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(issued_on.day, monthrange(year, month)[1]))


def newest(certificates: Iterable[Term], on: date) -> Term | None:
    """The certificate by the newest decision in effect on the day: the one that counts, be it higher or lower."""
    issued = [c for c in certificates if c.issued_on <= on]
    return max(issued, key=lambda c: (c.issued_on, c.id), default=None)


def standing(certificate: Term, certificates: Iterable[Term], on: date) -> Standing:
    """What one certificate is worth on a day, among all `certificates` of its product (itself included)."""
    if on < certificate.issued_on:
        return Standing.NOT_YET
    if certificate.revoked_on is not None and certificate.revoked_on <= on:
        return Standing.REVOKED
    counting = newest(certificates, on)
    if counting is not None and counting.id != certificate.id:
        return Standing.SUPERSEDED
    return Standing.IN_FORCE if on <= certificate.expires_on else Standing.LAPSED


def intervals(certificates: Sequence[Term]) -> list[Interval]:
    """All days on which a product is certified, earliest first: what the search index carries of the future."""
    ordered = sorted(certificates, key=lambda c: (c.issued_on, c.id))
    found = []
    for i, c in enumerate(ordered):
        ends = [c.expires_on]
        if c.revoked_on is not None:
            ends.append(c.revoked_on - timedelta(days=1))
        if i + 1 < len(ordered):
            ends.append(ordered[i + 1].issued_on - timedelta(days=1))
        if c.issued_on <= min(ends):
            found.append(Interval(c.id, c.stars, c.issued_on, min(ends)))
    return found


PROGRAMME_BEGAN = date(2018, 5, 7)  # QĐ 490/QĐ-TTg


def may_grant(level: AuthorityLevel, stars: int, on: date) -> bool:
    """Whether an authority of this level may grant these stars by a decision of this day: its rule set says."""
    return ruleset_on(on).may_grant(level, stars)
