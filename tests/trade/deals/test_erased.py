"""A distributor who leaves: where it traded, its row stays emptied, and the producer keeps its deals."""

from datetime import datetime

from flask import Flask
from sqlalchemy import func, select

from marketplace.faces.own_data.services import erase
from marketplace.platform.core.db import db, transaction
from marketplace.trade.deals.queries import list_deals, list_quotes
from marketplace.trade.distributors.models import Distributor, Standing
from tests.dealing import fresh, make_distributor, make_road, quote


def test_what_the_producer_holds_stays(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    quote(road, at=at)
    with transaction():
        row = db.session.get_one(Distributor, road.distributor.id)
        row.contact_name, row.contact_email, row.phone = "Trần Minh", "minh@example.com", "+84912345678"
    with transaction():
        erase(by=road.buyer.actor(), at=at)
    row = db.session.get_one(Distributor, road.distributor.id)
    assert (row.contact_name, row.contact_email, row.phone, row.standing) == ("", "", None, Standing.SUSPENDED)
    assert [deal.code for deal in list_deals(by=road.seller.actor())] == [road.code]
    assert len(list_quotes(fresh(road.deal), by=road.seller.actor())) == 1


def test_who_never_traded_leaves_nothing(app: Flask, at: datetime) -> None:
    user, _ = make_distributor(at=at)
    with transaction():
        erase(by=user.actor(), at=at)
    assert db.session.scalar(select(func.count(Distributor.id))) == 0
