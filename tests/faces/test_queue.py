"""The office's queue: everything that waits, in order; taken by one, handed over, given back."""

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from marketplace.office.worklist.models import WorkClaim
from marketplace.office.worklist.queries import claims
from marketplace.office.worklist.services import NotYours, TakenAlready, give_back, hand_over, take
from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.services import disable_user
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.registry.dossiers.models import DossierState
from marketplace.registry.rounds.models import EvaluationRound
from marketplace.shop.catalog.models import ListingState
from tests.builders import BY, make_dossier, make_listing, make_producer, make_product, make_round, make_user
from tests.conftest import Client, new_client
from tests.faces.test_errands import put
from tests.money import make_transfer, offer_transfers
from tests.pages import send, sign_in

ROW = re.compile(r'<th class="lead" scope="row"><a href="([^"]+)"')


def signed_in(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def work(app: Flask, at: datetime) -> str:
    """A dossier, a page and a transfer wait, the dossier longest; answers the dossier's code."""
    offer_transfers(app)
    maker = make_user(Role.PRODUCER, at=at)
    producer = make_producer("Lò miến", at=at, user=maker)
    dossier = make_dossier(maker, at=at - timedelta(days=3), to=DossierState.IDEA_SENT)
    page = make_product(producer, "Chờ xem", at=at - timedelta(days=2))
    make_listing(page, at=at - timedelta(days=2), state=ListingState.IN_REVIEW)
    make_transfer("x", 9_000, at=at)
    return dossier.code


def test_one_list_of_what_each_may_do_what_is_due_first(app: Flask, at: datetime) -> None:
    dossier = work(app, at)
    province = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at)).get("/office/queue").text
    found = ROW.findall(province)
    assert found[-1] == f"/office/dossiers/{dossier}"
    assert [link.split("/")[2] for link in found] == ["listings", "payments", "dossiers"]
    assert re.findall(r'<td data-l="Hạn">([0-9/]+)</td>', province) == ["24/11/2026", "25/11/2026", "30/11/2026"]
    assert "<h1>3 việc đang chờ</h1>" in province
    commune = signed_in(app, make_user(Role.COMMUNE_OFFICER, at=at)).get("/office/queue").text
    assert ROW.findall(commune) == [f"/office/dossiers/{dossier}"]
    narrowed = signed_in(app, make_user(Role.ADMIN, at=at)).get("/office/queue?kind=page").text
    assert [link.split("/")[2] for link in ROW.findall(narrowed)] == ["listings"]
    assert "<h1>1 trong 3 việc đang chờ</h1>" in narrowed


def test_work_is_taken_handed_over_and_given_back(app: Flask, at: datetime) -> None:
    dossier = work(app, at)
    first, second = (make_user(Role.PROVINCE_OFFICER, at=at) for _ in range(2))
    one, two = signed_in(app, first), signed_in(app, second)
    base = f"/office/queue/dossier/{dossier}"
    assert send(one, "/office/queue/dossier/KHONGCO/take").status_code == 404
    taken = send(one, f"{base}/take", kind="dossier").headers["Location"]
    assert taken == f"/office/queue?kind=dossier#dossier-{dossier}"
    assert f'<tr id="dossier-{dossier}">' in one.get(taken).text
    assert "Người khác vừa nhận việc này." in send_on(two, f"{base}/take")
    assert ROW.findall(one.get("/office/queue?whose=mine").text) == [f"/office/dossiers/{dossier}"]
    assert ROW.findall(two.get("/office/queue?whose=mine").text) == []
    assert len(ROW.findall(two.get("/office/queue?whose=free").text)) == 2
    assert "Việc này không ở tay bạn." in send_on(two, f"{base}/give_back")
    assert send(one, f"{base}/hand_over", to="KHONGCO").status_code == 422
    send(one, f"{base}/hand_over", to=second.code)
    assert ROW.findall(two.get("/office/queue?whose=mine").text) == [f"/office/dossiers/{dossier}"]
    send(two, f"{base}/give_back")
    assert db.session.scalars(select(WorkClaim.id)).all() == []
    acts = select(AuditEntry.action).where(AuditEntry.subject == dossier, AuditEntry.action.startswith("work."))
    told = ["work.taken", "work.handed_over", "work.given_back"]
    assert db.session.scalars(acts.order_by(AuditEntry.id)).all() == told


def send_on(client: Client, path: str) -> str:
    """Send a form, and what the page it leads to says."""
    return client.get(send(client, path).headers["Location"]).text


def test_who_may_take_and_free(app: Flask, at: datetime) -> None:
    officer, admin = make_user(Role.COMMUNE_OFFICER, at=at), make_user(Role.ADMIN, at=at)
    other, buyer = make_user(Role.COMMUNE_OFFICER, at=at, unit="03394"), make_user(at=at)
    with pytest.raises(Forbidden), transaction():
        take(kind="page", item="a", since=at, by=buyer.actor(), at=at)
    with transaction():
        take(kind="page", item="a", since=at, by=officer.actor(), at=at)
    with pytest.raises(TakenAlready), transaction():
        take(kind="page", item="a", since=at, by=admin.actor(), at=at)
    with pytest.raises(Invalid), transaction():  # of another unit
        hand_over(kind="page", item="a", since=at, to=other.code, by=officer.actor(), at=at)
    with pytest.raises(NotYours), transaction():
        hand_over(kind="page", item="a", since=at, to=admin.code, by=other.actor(), at=at)
    with pytest.raises(NotYours), transaction():
        give_back(kind="page", item="a", by=other.actor(), at=at)
    with transaction():
        give_back(kind="page", item="a", by=admin.actor(), at=at)
    with pytest.raises(NotYours), transaction():
        give_back(kind="page", item="a", by=admin.actor(), at=at)


DAY = r'<td data-l="Hạn">(?:<span[^>]*>(?:<svg.*?</svg>)?)?(?:quá hạn )?([0-9/]+)'


def test_what_is_overdue_is_said_and_asked_for(app: Flask, at: datetime) -> None:
    work(app, at)
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    late = at + timedelta(days=3)  # the page was due on 24/11, the transfer on 25/11, the dossier is in time
    with time_machine.travel(late, tick=True):
        visitor = signed_in(app, officer)
        page = visitor.get("/office/queue").text
        assert ("2 việc quá hạn" in page, page.count("quá hạn 24/11/2026"), page.count("quá hạn 25/11/2026")) == (
            True,
            1,
            1,
        )
        narrowed = ROW.findall(visitor.get("/office/queue?late=1").text)
        assert [link.split("/")[2] for link in narrowed] == ["listings", "payments"]


def test_a_dossier_is_due_in_ten_days_and_no_later_than_its_round(app: Flask, at: datetime) -> None:
    maker = make_user(Role.PRODUCER, at=at)
    make_producer("Lò miến", at=at, user=maker)
    row = make_round(at=at)
    put(make_dossier(maker, at=at), DossierState.SUBMITTED, row.id)
    page = signed_in(app, make_user(Role.PROVINCE_OFFICER, at=at))
    for deadline, due in ((date(2027, 7, 30), "03/12/2026"), (date(2026, 12, 1), "01/12/2026")):
        with transaction():
            found = db.session.get_one(EvaluationRound, row.id)
            found.first_deadline, found.province_deadline = date(2026, 11, 30), deadline
        assert re.findall(DAY, page.get("/office/queue").text) == [due]


def test_work_that_comes_back_is_nobodys(app: Flask, at: datetime) -> None:
    first, second, admin = (make_user(role, at=at) for role in (*[Role.PROVINCE_OFFICER] * 2, Role.ADMIN))
    with transaction():
        take(kind="page", item="a", since=at, by=first.actor(), at=at)
    assert list(claims(since=at)) == [("page", "a", at)]
    later = at + timedelta(days=9)
    assert claims(since=later) == {}
    with transaction():
        take(kind="page", item="a", since=later, by=second.actor(), at=later)
    assert [(key, claim.officer_id) for key, claim in claims(since=at).items()] == [(("page", "a", later), second.id)]
    with transaction():
        disable_user(email=second.email, by=BY, at=later)
    assert claims(since=at) == {}
    with transaction():
        take(kind="page", item="a", since=later, by=first.actor(), at=later)
    with transaction():
        hand_over(kind="page", item="a", since=later, to=admin.code, by=first.actor(), at=later)
    assert [claim.officer_id for claim in claims(since=at).values()] == [admin.id]


def test_an_administrator_gives_work_to_whoever_may_do_it(app: Flask, at: datetime) -> None:
    dossier = work(app, at)
    admin, officer, council = (
        make_user(role, at=at) for role in (Role.ADMIN, Role.PROVINCE_OFFICER, Role.DISTRICT_OFFICER)
    )
    page, base = signed_in(app, admin), f"/office/queue/dossier/{dossier}"
    assert send(page, f"{base}/hand_over", to=officer.code).status_code == 302
    assert [claim.officer_id for claim in claims(since=at - timedelta(days=9)).values()] == [officer.id]
    listing = next(link for link in ROW.findall(page.get("/office/queue").text) if "/listings/" in link).split("/")[-1]
    refused = send(page, f"/office/queue/page/{listing}/hand_over", to=council.code)
    assert (refused.status_code, "Người này không được làm việc này." in refused.text) == (422, True)
    assert f'value="{council.code}" selected' in refused.text
    assert len(claims(since=at - timedelta(days=9))) == 1
