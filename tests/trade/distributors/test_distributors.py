"""The distributor's desk and profile."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.trade.distributors.models import Distributor, DistributorKind
from marketplace.trade.distributors.queries import find_own
from marketplace.trade.distributors.services import DistributorFacts, save_profile
from tests.builders import make_user
from tests.conftest import Client
from tests.pages import send, sign_in


def test_a_profile_is_written_and_changed(client: Client, at: datetime) -> None:
    user = make_user(Role.DISTRIBUTOR, at=at)
    sign_in(client, user)
    assert "Giới thiệu nơi bán của bạn" in client.get("/distributor/").text
    wrong = send(client, "/distributor/profile", name="Chuỗi Núi", phone="12", kind="shop", about="Cần miến")
    assert (wrong.status_code, "Cần miến" in wrong.text) == (422, True)
    assert find_own(user.actor()) is None
    typed = {"name": " Chuỗi  Núi ", "phone": "0912 345 678", "about": "Ba điểm bán, cần miến."}
    for kind in ("supermarket", "hotel"):
        assert send(client, "/distributor/profile", **typed, kind=kind).status_code == 302
    own = find_own(user.actor())
    assert own is not None
    assert (own.organisation.name, own.kind, own.phone) == ("Chuỗi Núi", DistributorKind.HOTEL, "+84912345678")
    assert db.session.scalar(select(func.count()).select_from(Distributor)) == 1
    page = client.get("/distributor/").text
    for text in ("Chuỗi Núi", "Khách sạn, nhà hàng, du lịch", "0912 345 678", "Ba điểm bán, cần miến.", user.name):
        assert text in page, text
    assert 'value="hotel" checked' in client.get("/distributor/profile").text


def test_whose_profile_it_is(app: Flask, at: datetime) -> None:
    producer, distributor = make_user(Role.PRODUCER, at=at).actor(), make_user(Role.DISTRIBUTOR, at=at).actor()
    facts = DistributorFacts("Chuỗi Núi", DistributorKind.OTHER)
    with pytest.raises(Forbidden), transaction():
        save_profile(facts=facts, by=producer, at=at)
    with pytest.raises(NotFound), transaction():
        save_profile(facts=facts, by=system("x"), at=at)
    with pytest.raises(Invalid), transaction():
        save_profile(facts=DistributorFacts("  ", DistributorKind.OTHER), by=distributor, at=at)
    assert db.session.scalar(select(func.count()).select_from(Distributor)) == 0
