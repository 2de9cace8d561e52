"""Both classifications in their time, and what each certificate was granted as."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid
from marketplace.registry.certification.classifications import (
    Classification,
    all_sectors,
    classification_on,
    classified_set,
    granted_set,
    sets_of,
)
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.product_sets import UnknownProductSet, product_set
from marketplace.registry.certification.queries import list_of_product
from marketplace.registry.certification.services import certify
from tests.builders import BY, make_certificate, make_decision, make_producer, make_product
from tests.conftest import AT


@pytest.mark.parametrize("classification", list(Classification))
def test_each_has_26_sets_in_both_languages(classification: Classification) -> None:
    sets = sets_of(classification)
    assert len({known.code for known in sets}) == len({known.name for known in sets}) == 26
    for known in sets:
        assert known.name
        assert known.name_en
        assert known.today
        assert [product_set(code).code for code in known.today] == list(known.today)


def test_the_old_sets_stand_in_six_sectors() -> None:
    sectors = [sector.code for sector in all_sectors()]
    assert len(set(sectors)) == 6
    assert list(dict.fromkeys(known.sector for known in sets_of(Classification.OF_2019))) == sectors


def test_codes_of_the_two_never_meet() -> None:
    old, new = ({known.code for known in sets_of(each)} for each in Classification)
    assert old & new == set()
    with pytest.raises(UnknownProductSet):
        classified_set("IX.1")


@pytest.mark.parametrize(
    ("day", "classification"),
    [
        ("2018-05-07", "1048"),
        ("2019-08-21", "1048"),
        ("2023-02-23", "1048"),
        ("2023-02-24", "148"),
        ("2026-11-23", "148"),
    ],
)
def test_which_applied_when(day: str, classification: str) -> None:
    assert classification_on(date.fromisoformat(day)) == classification


def test_the_set_of_the_time() -> None:
    old, new = date(2022, 1, 1), date(2024, 1, 1)
    assert granted_set("I.3.d", old).name == "Chế biến từ thịt, trứng, sữa"
    assert granted_set("IV.1", old).code == "1048-24"
    assert granted_set("IV.1", new).code == "IV.1"
    assert granted_set("V.1", old).code == "V.1"  # none of the old sets
    with pytest.raises(UnknownProductSet):
        granted_set("IX.1", old)


def days_before(day: str) -> int:
    return (day_of(AT) - date.fromisoformat(day)).days


def test_a_certificate_keeps_the_set_it_was_granted_under(app: Flask) -> None:
    product = make_product(make_producer(at=AT), at=AT, set_code="IV.1")
    make_certificate(product, at=AT, days_ago=days_before("2022-06-01"))
    make_certificate(product, at=AT, days_ago=days_before("2024-06-01"))
    now, then = list_of_product(product.id)
    assert (now.classification, now.set_code, now.granted_as.decision) == ("148", "IV.1", "QĐ 148/QĐ-TTg")
    assert (then.classification, then.granted_as.name) == ("1048", "Thủ công mỹ nghệ trang trí")


def test_the_old_set_may_be_said(app: Flask) -> None:
    product = make_product(make_producer(at=AT), at=AT, set_code="IV.1")
    decided = make_decision(date(2022, 6, 1))
    for wrong in ("1048-01", "IV.1", "nope"):
        with pytest.raises(Invalid), transaction():
            certify(product_code=product.code, decision=decided, stars=4, granted_as=wrong, by=BY, at=AT)
    assert list_of_product(product.id) == []
    with transaction():
        certify(product_code=product.code, decision=decided, stars=4, granted_as="1048-25", by=BY, at=AT)
    assert list_of_product(product.id)[0].granted_as.name == "Thủ công mỹ nghệ gia dụng"


@pytest.mark.parametrize(
    "values",
    [
        {"classification": "1048"},
        {"set_code": "1048-06"},
        {"classification": "1048", "set_code": "1048-06"},  # in the time of QĐ 148
        {"potential_five": True, "stars": 5},
        {"potential_five": True, "stars": 4, "score": 89},
    ],
)
def test_the_database_holds_it(app: Flask, values: dict[str, object]) -> None:
    certificate = make_certificate(make_product(make_producer(at=AT), at=AT), at=AT)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(Certificate).where(Certificate.id == certificate.id).values(**values))


@pytest.mark.parametrize(
    ("stars", "score", "fine"), [(4, "90.5", True), (4, None, True), (4, "89.99", False), (3, None, False)]
)
def test_potential_five_is_four_stars_with_a_note(app: Flask, stars: int, score: str | None, fine: bool) -> None:
    product = make_product(make_producer(at=AT), at=AT)
    decision = make_decision(day_of(AT) - timedelta(days=1), stars)
    facts = {"score": Decimal(score) if score else None, "potential_five": True}
    if not fine:
        with pytest.raises(Invalid), transaction():
            certify(product_code=product.code, decision=decision, stars=stars, by=BY, at=AT, **facts)  # type: ignore[arg-type] # facts of the case
        assert list_of_product(product.id) == []
        return
    with transaction():
        certify(product_code=product.code, decision=decision, stars=stars, by=BY, at=AT, **facts)  # type: ignore[arg-type] # facts of the case
    kept = list_of_product(product.id)[0]
    assert (kept.stars, kept.potential_five) == (4, True)
