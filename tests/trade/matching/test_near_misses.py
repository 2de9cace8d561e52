"""What one gate alone keeps apart, told to the producers who can do something about it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden
from marketplace.platform.mail.models import OutgoingMail
from marketplace.trade.matching.pairing import NearMiss, near_misses
from marketplace.trade.matching.queries import list_matches
from marketplace.trade.matching.services import tell_makers
from tests.builders import make_user
from tests.conftest import Client
from tests.meeting import make_buyer, make_maker
from tests.pages import send, sign_in

TELL = "/office/matchmaking/near/papers:haccp/tell"


def letters() -> list[tuple[str, str]]:
    rows = db.session.execute(select(OutgoingMail.to_address, OutgoingMail.subject).order_by(OutgoingMail.id))
    return [(row[0], row[1]) for row in rows if "đang chờ bạn" in row[1] or "waiting for you" in row[1]]


def near(at: datetime) -> NearMiss:
    return near_misses(list_matches(on=day_of(at)))[0]


def test_producers_are_told_what_to_obtain_and_how_many_would_open(client: Client, at: datetime) -> None:
    """Two buyers ask for HACCP, a third for nothing; one of two makers reads English."""
    makers = [make_maker(f"Lò {n}", at=at) for n in range(2)]
    with transaction():
        db.session.get_one(type(makers[1]), makers[1].id).language = "en"
    for n in range(2):
        make_buyer(f"Chợ {n}", at=at, papers=("haccp",), insisted=("papers",))
    make_buyer("Chợ 2", at=at)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get(send(client, TELL).headers["Location"]).text
    assert "Đã gửi thư cho 2 nơi làm" in page
    told = [
        (makers[0].email, "2 nơi mua đang chờ bạn có HACCP"),
        (makers[1].email, "2 buyers are waiting for you to have HACCP"),
    ]
    assert letters() == told
    text = db.session.scalars(select(OutgoingMail.text).where(OutgoingMail.subject == told[0][1])).one()
    assert ("Lấy ở đâu: " in text, "/producer/matches" in text, "Chợ 0" in text) == (True, True, False)
    assert send(client, TELL.replace("haccp", "iso22000")).status_code == 404
    send(client, TELL)  # again in the same month
    assert letters() == told
    with time_machine.travel(at + timedelta(days=10)):
        sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at + timedelta(days=10)))
        send(client, TELL)
    assert len(letters()) == 4


def test_what_only_a_buyer_can_open_is_told_to_nobody(client: Client, at: datetime) -> None:
    make_maker("Lò", at=at)
    make_buyer("Chợ", at=at, places=("2025:03388",), insisted=("places",))
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    found = near(at)
    assert (found.gate, len(found.producers), found.told) == ("places", 1, {})
    assert "Gửi thư báo" not in client.get("/office/matchmaking/near/places").text


def test_the_office_alone_tells(app: Flask, at: datetime) -> None:
    maker = make_maker("Lò", at=at)
    make_buyer("Chợ", at=at, papers=("haccp",), insisted=("papers",))
    found = near(at)
    with pytest.raises(Forbidden), transaction():
        tell_makers(near=found, words=lambda key: (key, ""), by=maker.actor(), at=at)
    assert letters() == []
