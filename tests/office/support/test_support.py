"""Support is recorded for the officer's own producers, counts once, is mended and withdrawn with a reason."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.office.support.models import Support, SupportKind
from marketplace.office.support.queries import (
    Asked,
    Sums,
    get_support,
    list_of_producer,
    list_support,
    sums_of,
    supported_by_district,
)
from marketplace.office.support.services import (
    SupportFacts,
    Withdrawn,
    change_support,
    record_support,
    withdraw_support,
)
from marketplace.people.accounts.models import Role
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from tests.builders import BY, make_producer
from tests.planning import make_support, officer

ON = date(2026, 11, 13)


@pytest.fixture
def makers(app: Flask, at: datetime) -> tuple[Producer, Producer]:
    return make_producer("Ở đây", at=at), make_producer("Ở kia", at=at, commune="03388")


def facts(producer: Producer, **change: object) -> SupportFacts:
    said: dict[str, object] = {
        "producer": producer.slug,
        "kind": SupportKind.TESTS,
        "programme": "Khuyến công",
        "what": "Kiểm nghiệm",
        "amount": Money(100),
        "given_on": ON,
    }
    return SupportFacts(**{**said, **change})  # type: ignore[arg-type] # one field at a time


def test_lists_and_sums(makers: tuple[Producer, Producer], at: datetime) -> None:
    here, there = makers
    first = make_support(here, at=at, amount=100, days_ago=20)
    second = make_support(here, at=at, amount=50, kind=SupportKind.TESTS)
    third = make_support(there, at=at, amount=0, days_ago=5)
    old = make_support(there, at=at, amount=7, days_ago=400)

    def codes(**asked: object) -> list[str]:
        narrowed = Asked(**asked)  # type: ignore[arg-type] # by name
        found = [row.code for row in list_support(by=BY, asked=narrowed)]
        assert sums_of(by=BY, asked=narrowed).count == len(found)
        return found

    assert codes() == [third.code, second.code, first.code, old.code]
    assert codes(year=2026, district="106") == [second.code, first.code]
    assert codes(kind=SupportKind.TESTS) == [second.code]
    assert sums_of(by=BY, asked=Asked(2026)) == Sums(3, 2, Money(150))
    assert sums_of(by=BY, asked=Asked(2019)) == Sums(0, 0, Money(0))
    assert sorted(supported_by_district(2026, by=BY).values()) == [1, 1]
    by = officer(Role.COMMUNE_OFFICER, at=at)
    assert [row.code for row in list_support(by=by)] == [second.code, first.code]
    assert [row.code for row in list_of_producer(there.id)] == [third.code, old.code]


def test_for_ones_own_producers(makers: tuple[Producer, Producer], at: datetime) -> None:
    here, there = makers
    by = officer(Role.COMMUNE_OFFICER, at=at)
    code = make_support(here, at=at, by=by).code
    with pytest.raises(Invalid) as refused:
        make_support(there, at=at, by=by)
    assert list(refused.value.fields) == ["producer"]
    with pytest.raises(Forbidden):
        make_support(here, at=at, by=GUEST)
    with transaction():
        change_support(code=code, facts=facts(here, result="Mẫu đạt", decision_number="5/QĐ"), by=by, at=at)
    row = get_support(code, by=by)
    assert (row.result, row.amount, row.decision_number, row.kind) == ("Mẫu đạt", Money(100), "5/QĐ", SupportKind.TESTS)
    stranger = officer(Role.COMMUNE_OFFICER, at=at, unit="03388")
    for who, refusal in ((stranger, NotFound), (GUEST, Forbidden)):
        with pytest.raises(refusal), transaction():
            change_support(code=code, facts=facts(here), by=who, at=at)
        with pytest.raises(refusal), transaction():
            withdraw_support(code=code, why="Nhầm", by=who, at=at)
    with pytest.raises(Invalid), transaction():
        withdraw_support(code=code, why="", by=by, at=at)
    with transaction():
        withdraw_support(code=code, why="Nhầm", by=by, at=at)
    assert (sums_of(by=by).count, list_of_producer(here.id), get_support(code, by=by).withdrawn_why) == (0, [], "Nhầm")
    with pytest.raises(Withdrawn), transaction():
        change_support(code=code, facts=facts(here), by=by, at=at)
    said = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == code).order_by(AuditEntry.id))
    assert list(said) == ["support.recorded", "support.changed", "support.withdrawn"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("programme", " "),
        ("what", ""),
        ("given_on", date(2026, 11, 24)),
        ("given_on", date(2018, 5, 6)),
        ("amount", Money(-1)),
        ("amount", Money(10**12 + 1)),
    ],
)
def test_what_is_no_support(makers: tuple[Producer, Producer], at: datetime, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        record_support(facts=facts(makers[0], **{field: value}), by=BY, at=at)
    assert list(refused.value.fields) == [field]
    assert db.session.query(Support).count() == 0
