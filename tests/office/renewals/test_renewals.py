"""Before a certificate lapses: told 180, 90 and 30 days ahead, once each, with a renewal made ready."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.office.evidence.keeping import keep_evidence
from marketplace.office.renewals.jobs import NOTICE, give_notice, watch_certificates
from marketplace.office.renewals.rules import notice_due
from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.models import Producer
from marketplace.people.verification.services import suspend
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.registry.dossiers.queries import papers_of
from tests.builders import (
    BY,
    make_certificate,
    make_dossier,
    make_paper,
    make_producer,
    make_product,
    make_user,
    revoke_certificate,
)
from tests.conftest import TODAY


@pytest.mark.parametrize(
    ("left", "due"),
    [(181, None), (180, 180), (91, 180), (90, 90), (31, 90), (30, 30), (0, 30), (-1, None)],
)
def test_which_notice_stands(left: int, due: int | None) -> None:
    assert notice_due(date(2026, 1, 1) + timedelta(days=left), date(2026, 1, 1)) == due


@pytest.fixture
def maker(app: Flask, at: datetime) -> tuple[User, Producer]:
    user = make_user(Role.PRODUCER, at=at)
    return user, make_producer("Lò miến", at=at, user=user)


def certified(maker: tuple[User, Producer], at: datetime, left: int, name: str = "Miến dong") -> Certificate:
    product = make_product(maker[1], name, at=at)
    return make_certificate(product, at=at, expires_on=TODAY + timedelta(days=left))


def work(at: datetime) -> int:
    asked = watch_certificates(at)
    run_due(at, handlers={NOTICE: give_notice}, lease=timedelta(minutes=1))
    return asked


def subjects() -> list[str]:
    found = list(db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)))
    db.session.rollback()
    return found


def test_told_three_times_with_one_dossier(maker: tuple[User, Producer], at: datetime) -> None:
    certificate = certified(maker, at, 200)
    paper = make_paper(maker[0], "food_safety", at=at)
    assert [work(at), work(at + timedelta(days=19))] == [0, 0]
    for days, left in ((20, 180), (110, 90), (170, 30)):
        day = at + timedelta(days=days)
        assert work(day) == 1
        assert work(day + timedelta(minutes=1)) == 0  # asked again a minute later, nothing more
        assert subjects()[-1] == f"Giấy của “Miến dong” còn {left} ngày"
    assert len(subjects()) == 3
    dossier = db.session.scalars(select(Dossier)).one()
    assert (dossier.kind, dossier.state, dossier.previous_certificate_id) == (
        DossierKind.RENEWAL, DossierState.PREPARING, certificate.id,
    )  # fmt: skip
    held = {requirement: [p.code for p in papers] for requirement, papers in papers_of(dossier.id).items()}
    assert held["food_safety"] == [paper.code]
    assert len(held["market_development"]) == 1
    assert f"/producer/dossiers/{dossier.code}" in db.session.scalars(select(OutgoingMail.text)).first()  # type: ignore[operator] # there is one


def test_one_found_late_is_told_the_notice_that_stands(maker: tuple[User, Producer], at: datetime) -> None:
    certified(maker, at, 45)
    assert work(at) == 1
    assert subjects() == ["Giấy của “Miến dong” còn 45 ngày"]


def test_what_ended_meanwhile_is_not_spoken_of(maker: tuple[User, Producer], at: datetime) -> None:
    revoked, renewed = certified(maker, at, 45, "Miến A"), certified(maker, at, 45, "Miến B")
    assert watch_certificates(at) == 2
    revoke_certificate(revoked, at=at)
    product = db.session.get_one(type(renewed), renewed.id).product_id
    make_certificate(db.session.get_one(Product, product), at=at, days_ago=0)
    run_due(at, handlers={NOTICE: give_notice}, lease=timedelta(minutes=1))
    assert subjects() == []
    assert db.session.scalars(select(Dossier.id)).all() == []
    assert db.session.scalar(select(func.count(Job.id)).where(Job.name == NOTICE, Job.finished_at.is_not(None))) == 2


def test_the_command_asks_for_them(app: Flask, maker: tuple[User, Producer], at: datetime) -> None:
    certified(maker, at, 45)
    db.session.rollback()
    told = app.test_cli_runner().invoke(args=["certificates", "expire"])
    assert told.output == "1 notices asked for\n"
    assert db.session.scalars(select(Job.name).where(Job.name == NOTICE)).all() == [NOTICE]


def letters(name: str) -> list[str]:
    found = list(db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.subject.contains(name))))
    db.session.rollback()
    return found


def test_another_open_dossier_holds_the_renewal_not_the_letter(maker: tuple[User, Producer], at: datetime) -> None:
    certificate = certified(maker, at, 45)
    product = db.session.get_one(Product, certificate.product_id)
    upgrade = make_dossier(maker[0], at=at, renews=product, kind=DossierKind.UPGRADE)
    assert work(at) == 1
    [told] = letters("còn 45 ngày")
    assert f"đang có hồ sơ {upgrade.code} chưa xong nên chưa lập hồ sơ công nhận lại" in told
    assert f"/producer/dossiers/{upgrade.code}" in told
    assert [d.kind for d in db.session.scalars(select(Dossier))] == [DossierKind.UPGRADE]


def test_a_renewal_under_way_is_led_to(maker: tuple[User, Producer], at: datetime) -> None:
    certificate = certified(maker, at, 45)
    own = make_dossier(maker[0], at=at, renews=db.session.get_one(Product, certificate.product_id))
    assert work(at) == 1
    [told] = letters("còn 45 ngày")
    assert f"/producer/dossiers/{own.code}" in told
    assert "đã lập sẵn" in told


def test_a_suspended_producer_is_told_what_holds_the_renewal(maker: tuple[User, Producer], at: datetime) -> None:
    certified(maker, at, 45)
    with transaction():
        suspend(slug=maker[1].slug, reason="Không có giấy", by=BY, at=at)
    assert work(at) == 1
    [told] = letters("còn 45 ngày")
    assert "đang tạm ngừng nên chưa lập sẵn" in told
    assert told.count("/producer/dossiers\n") == 1
    assert db.session.scalars(select(Dossier.id)).all() == []


def test_what_fails_holds_neither_the_letter_nor_the_next_one(
    maker: tuple[User, Producer], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified(maker, at, 44, "Miến A")
    certified(maker, at, 45, "Miến B")
    usual, asked = keep_evidence, []

    def fails_once(product_code: str, *, by: Actor, at: datetime) -> str:
        asked.append(product_code)
        if len(asked) == 1:
            raise OSError("the store is full")
        return usual(product_code, by=by, at=at)

    monkeypatch.setattr("marketplace.office.renewals.jobs.keep_evidence", fails_once)
    assert work(at) == 2
    assert "Bạn tự lập ở đây" in letters("Miến A")[0]
    assert "đã lập sẵn" in letters("Miến B")[0]
    assert [d.name for d in db.session.scalars(select(Dossier))] == ["Miến B"]
    db.session.rollback()
    later = at + timedelta(days=14)  # thirty days before its end it is tried again
    assert work(later) == 1
    assert sorted(d.name for d in db.session.scalars(select(Dossier))) == ["Miến A", "Miến B"]
