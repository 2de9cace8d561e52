"""Entering and revoking certificates, and the one query over them, on both databases."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.registry.certification.models import Certificate, Decision
from marketplace.registry.certification.queries import (
    count_products,
    find_certificates,
    get_certificate,
    get_product,
    in_force,
    lapsing_by_day,
    list_lapsing,
    list_of_product,
    list_producers,
    list_products,
)
from marketplace.registry.certification.rules import AuthorityLevel, Standing, standing
from marketplace.registry.certification.services import (
    AlreadyCertified,
    AlreadyRevoked,
    DecisionDiffers,
    DecisionFacts,
    certify,
    create_product,
    revoke,
)
from tests.builders import (
    BY,
    make_certificate,
    make_decision,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import TODAY


def counting(product_id: int, on: date) -> list[int]:
    return list(db.session.scalars(select(Certificate.id).where(in_force(on), Certificate.product_id == product_id)))


def test_the_query_says_what_the_rules_say(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    for stars, days_ago in ((3, 1200), (4, 900), (3, 30)):
        make_certificate(product, at=at, stars=stars, days_ago=days_ago)
    revoke_certificate(list_of_product(product.id)[0], at=at - timedelta(days=2))
    rows = list_of_product(product.id)
    for days in (1201, 1200, 901, 900, 500, 31, 30, 3, 2, 0, -400):
        on = TODAY - timedelta(days=days)
        expected = [c.id for c in rows if standing(c, rows, on) is Standing.IN_FORCE]
        assert counting(product.id, on) == expected, on


def test_a_certificate_is_entered_with_its_trail(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    decision = DecisionFacts(" UBND  tỉnh Lai Châu ", AuthorityLevel.PROVINCE, "1425/QĐ-UBND", date(2026, 1, 31))
    with transaction():
        certify(product_code=product.code, decision=decision, stars=4, score=Decimal("78.50"), by=BY, at=at)
    (row,) = list_of_product(product.id)
    assert (row.stars, row.score, row.issued_on, row.expires_on) == (
        4,
        Decimal("78.50"),
        date(2026, 1, 31),
        date(2029, 1, 31),
    )
    assert row.decision.authority == "UBND tỉnh Lai Châu"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "certificate.entered")).one()
    assert (entry.subject, entry.actor_name) == (row.code, "builder")


def test_several_certificates_share_one_decision(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    decision = make_decision(TODAY, 4)
    for name in ("Một", "Hai"):
        with transaction():
            product = create_product(producer_id=producer.id, name=name, set_code="I.3.b", by=BY, at=at)
            certify(product_code=product.code, decision=decision, stars=4, by=BY, at=at)
    assert db.session.scalar(select(func.count()).select_from(Decision)) == 1
    with pytest.raises(AlreadyCertified), transaction():
        certify(product_code=product.code, decision=decision, stars=4, by=BY, at=at)
    other = DecisionFacts(decision.authority, AuthorityLevel.MINISTRY, decision.number, decision.issued_on)
    with pytest.raises(DecisionDiffers), transaction():
        certify(product_code=product.code, decision=other, stars=5, by=BY, at=at)
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stars": 5}, "stars"),
        ({"score": Decimal("100.01")}, "score"),
        ({"score": Decimal("-1")}, "score"),
        ({"expires_on": TODAY}, "expires_on"),
        ({"issued_on": TODAY - timedelta(days=1)}, "issued_on"),
        ({"issued_on": TODAY + timedelta(days=91)}, "issued_on"),
        ({"decision": DecisionFacts("UBND", AuthorityLevel.PROVINCE, " ", TODAY)}, "number"),
        ({"decision": DecisionFacts("UBND", AuthorityLevel.PROVINCE, "1", TODAY + timedelta(days=1))}, "issued_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    app: Flask, at: datetime, changes: dict[str, object], field: str
) -> None:
    product = make_product(make_producer(at=at), at=at)
    facts: dict[str, object] = {"decision": make_decision(TODAY, 4), "stars": 4} | changes
    with pytest.raises(Invalid) as refused, transaction():
        certify(product_code=product.code, by=BY, at=at, **facts)  # type: ignore[arg-type] # the table above
    assert set(refused.value.fields) == {field}
    assert list_of_product(product.id) == []


def test_only_those_who_keep_the_register_write_in_it(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    product = make_product(producer, at=at)
    certificate = make_certificate(product, at=at)
    for role in (None, "buyer", "producer", "commune_officer", "district_officer"):
        by = Actor(user_id=1, role=role)
        with pytest.raises(Forbidden), transaction():
            create_product(producer_id=producer.id, name="x", set_code="I.3.b", by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            certify(product_code=product.code, decision=make_decision(TODAY), stars=4, by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            revoke(code=certificate.code, decision=make_decision(TODAY), reason="x", by=by, at=at)
    assert len(list_of_product(product.id)) == 1


def test_an_officer_sees_their_own_unit_only(app: Flask, at: datetime) -> None:
    here = make_product(make_producer("HTX Bình Lư", at=at, commune="03390"), at=at)
    near = make_product(make_producer("HTX Tả Lèng", at=at, commune="03405"), at=at)
    far = make_product(make_producer("HTX Mường Tè", at=at, commune="03445"), at=at)
    for role, seen in (
        (Role.COMMUNE_OFFICER, {here.id}),
        (Role.DISTRICT_OFFICER, {here.id, near.id}),
        (Role.PROVINCE_OFFICER, {here.id, near.id, far.id}),
        (Role.ADMIN, {here.id, near.id, far.id}),
    ):
        by = make_user(role, at=at).actor()
        assert {p.id for p in list_products(by=by)} == seen
        assert count_products(by=by) == len(seen)
        assert len(list_producers(by=by)) == len(seen)
    officer = make_user(Role.COMMUNE_OFFICER, at=at).actor()
    assert get_product(here.code, by=officer).id == here.id
    with pytest.raises(NotFound):
        get_product(far.code, by=officer)
    certificate = make_certificate(far, at=at)
    with pytest.raises(NotFound):
        get_certificate(certificate.code, by=officer)


def test_a_product_is_entered_for_a_producer_within_reach(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    with pytest.raises(NotFound), transaction():
        create_product(producer_id=999_999, name="x", set_code="I.3.b", by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        create_product(producer_id=producer.id, name="x", set_code="nope", by=BY, at=at)


def test_revoking_once_from_its_day(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), at=at)
    certificate = make_certificate(product, at=at, days_ago=100)
    early = DecisionFacts("UBND", AuthorityLevel.PROVINCE, "9/QĐ", TODAY - timedelta(days=101))
    late = DecisionFacts("UBND", AuthorityLevel.PROVINCE, "9/QĐ", TODAY + timedelta(days=1))
    for decision in (early, late):
        with pytest.raises(Invalid), transaction():
            revoke(code=certificate.code, decision=decision, reason="x", by=BY, at=at)
    with pytest.raises(Invalid), transaction():
        revoke(code=certificate.code, decision=make_decision(TODAY), reason="  ", by=BY, at=at)
    assert counting(product.id, TODAY) == [certificate.id]
    revoke_certificate(certificate, at=at)
    assert counting(product.id, TODAY) == []
    assert counting(product.id, TODAY - timedelta(days=1)) == [certificate.id]
    with pytest.raises(AlreadyRevoked):
        revoke_certificate(certificate, at=at)


def test_a_printed_number_given_twice_finds_both(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    codes = [
        make_certificate(make_product(producer, name, at=at), at=at, printed="12/2026/OCOP").code
        for name in ("Một", "Hai")
    ]
    assert {c.code for c in find_certificates(" 12/2026/OCOP ")} == set(codes)
    assert [c.code for c in find_certificates(codes[0].lower())] == [codes[0]]
    assert find_certificates("nothing") == []


def test_certificates_ending_soon(app: Flask, at: datetime) -> None:
    producer = make_producer(at=at)
    soon = make_certificate(make_product(producer, "Sắp", at=at), at=at, expires_on=TODAY + timedelta(days=90))
    make_certificate(make_product(producer, "Còn", at=at), at=at, expires_on=TODAY + timedelta(days=91))
    sooner = make_certificate(make_product(producer, "Sớm", at=at), at=at, expires_on=TODAY + timedelta(days=9))
    days = lapsing_by_day(by=BY, on=TODAY, days=90)
    assert days == {TODAY + timedelta(days=9): 1, TODAY + timedelta(days=90): 1}
    found = [[c.id for c in list_lapsing(days, by=BY, on=TODAY, limit=n)] for n in (1, 20)]
    assert found == [[sooner.id], [sooner.id, soon.id]]
    assert list_lapsing({}, by=BY, on=TODAY, limit=20) == []


def test_searching_the_register(app: Flask, at: datetime) -> None:
    product = make_product(make_producer("HTX Sương", at=at), "Miến Mây", at=at)
    for words in ("Mây", "Sương", product.code.lower()):
        assert [p.id for p in list_products(by=BY, words=words)] == [product.id]
    assert list_products(by=BY, words="gạo") == []
