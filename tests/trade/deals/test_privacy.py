"""Who sees a quotation, a file, a message: the two parties and the officer in charge; nobody else."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, NotFound
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.trade.deals.models import DealEvent, EventKind, Side
from marketplace.trade.deals.queries import (
    count_by_stage,
    count_deals,
    count_waiting,
    get_deal,
    get_file,
    get_within,
    list_deals,
    list_events,
    list_files,
    list_quotes,
    list_requests,
    list_stuck,
)
from marketplace.trade.deals.queries.signed import list_deliveries, list_orders, list_papers, list_samples
from marketplace.trade.deals.services import (
    DealEnded,
    InCharge,
    NobodyWaited,
    add_file,
    add_note,
    end_deal,
    remind,
    take_charge,
)
from tests.builders import make_user, pdf
from tests.dealing import Road, fresh, make_distributor, make_road, quote
from tests.trade.deals.test_talking import letters

INSIDE = (
    *(list_events, list_files, list_quotes, list_requests, list_papers, list_samples, list_deliveries, list_orders),
)


def told(road: Road, at: datetime) -> str:
    """A quotation and a file on the deal; answers the file's code."""
    quote(road, at=at)
    document = take_document(pdf("bí mật"), "bao-gia.pdf")
    put_document(document, at=at)
    with transaction():
        return add_file(code=road.code, document=document, by=road.seller.actor(), at=at).code


def sees(road: Road, by: Actor) -> bool:
    """Whether the actor reads the quotation."""
    return bool(list_quotes(fresh(road.deal), by=by)) and bool(get_within(road.code, by=by))


def test_strangers_see_nothing(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    file = told(road, at)
    strangers = [make_distributor(at=at)[0].actor(), GUEST]
    strangers += [make_user(role, at=at).actor() for role in (Role.PRODUCER, Role.BUYER, Role.COMMUNE_OFFICER)]
    for by in strangers:
        assert (list_deals(by=by), count_deals(by=by), count_by_stage(by=by)) == ([], 0, {})
        assert (list_stuck(by=by, at=at + timedelta(days=90)), count_waiting(by=by)) == ([], 0)
        for read in (get_deal, get_within):
            with pytest.raises(NotFound):
                read(road.code, by=by)
        with pytest.raises(NotFound):
            get_file(road.code, file, by=by)


def test_the_parties_read_it_and_other_officers_only_the_stage(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    file = told(road, at)
    for by in (road.buyer.actor(), road.seller.actor()):
        assert sees(road, by)
        assert get_file(road.code, file, by=by).title == "bao-gia.pdf"
        with pytest.raises(NotFound):
            get_file(road.code, "TTXXXXXXXX", by=by)
    officers = [make_user(role, at=at).actor() for role in (Role.PROVINCE_OFFICER, Role.ADMIN)]
    for by in officers:
        assert get_deal(road.code, by=by).stage.value == "quoted"
        assert [read(fresh(road.deal), by=by) for read in INSIDE] == [[]] * len(INSIDE)
        for closed in (lambda by=by: get_within(road.code, by=by), lambda by=by: get_file(road.code, file, by=by)):
            with pytest.raises(NotFound):
                closed()


def test_the_officer_in_charge_reads_from_then_on(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    file = told(road, at)
    officer, other = (make_user(Role.PROVINCE_OFFICER, at=at) for _ in range(2))
    admin = make_user(Role.ADMIN, at=at)
    take(road, officer, at)
    assert sees(road, officer.actor())
    assert get_file(road.code, file, by=officer.actor()).title == "bao-gia.pdf"
    assert {to for to, subject in letters() if "phụ trách" in subject} == {road.buyer.email, road.seller.email}
    events = db.session.scalar(select(func.count(DealEvent.id)))
    take(road, officer, at)
    with pytest.raises(InCharge):
        take(road, other, at)
    assert db.session.scalar(select(func.count(DealEvent.id))) == events
    assert list_quotes(fresh(road.deal), by=other.actor()) == []
    take(road, admin, at)
    assert list_quotes(fresh(road.deal), by=admin.actor()) != []
    assert list_quotes(fresh(road.deal), by=officer.actor()) == []
    for by in (road.buyer, road.seller):
        with pytest.raises(Forbidden):
            take(road, by, at)


def take(road: Road, officer: User, at: datetime) -> None:
    with transaction():
        take_charge(code=road.code, by=officer.actor(), at=at)


def test_the_offices_notes_are_the_offices(app: Flask, at: datetime) -> None:
    road, officer = make_road(at=at), make_user(Role.PROVINCE_OFFICER, at=at)
    with pytest.raises(NotFound), transaction():
        add_note(code=road.code, words="Gọi lại", by=officer.actor(), at=at)
    take(road, officer, at)
    moved = fresh(road.deal).moved_at
    with transaction():
        add_note(code=road.code, words="Gọi lại", by=officer.actor(), at=at + timedelta(days=1))
    deal = fresh(road.deal)
    assert [each.words for each in list_events(deal, by=officer.actor()) if each.kind is EventKind.NOTE] == ["Gọi lại"]
    for by in (road.buyer.actor(), road.seller.actor()):
        assert all(each.kind is not EventKind.NOTE for each in list_events(deal, by=by))
    assert deal.moved_at == moved  # a note is no step: what is stuck stays so


def test_what_is_stuck_and_whose_turn(app: Flask, at: datetime) -> None:
    road, officer = make_road(at=at), make_user(Role.PROVINCE_OFFICER, at=at).actor()
    late = at + timedelta(days=14)
    assert list_stuck(by=officer, at=late - timedelta(seconds=1)) == []
    (stuck,) = list_stuck(by=officer, at=late)
    assert (stuck.code, stuck.turn) == (road.code, Side.PRODUCER)
    assert (count_waiting(by=road.seller.actor()), count_waiting(by=road.buyer.actor())) == (1, 0)
    before = len(letters())
    with transaction():
        remind(code=road.code, by=officer, at=late)
    assert letters()[before:] == [
        (road.seller.email, f"Thương vụ {road.code}: Văn phòng OCOP nhắc: bên kia đang chờ bạn trả lời.")
    ]
    with pytest.raises(NobodyWaited), transaction():
        remind(code=road.code, by=officer, at=late + timedelta(days=2))
    assert list_stuck(by=officer, at=late) != []
    with transaction():
        remind(code=road.code, by=officer, at=late + timedelta(days=3))
    with transaction():
        end_deal(code=road.code, reason="Thôi", by=road.seller.actor(), at=late)
    with pytest.raises(DealEnded), transaction():
        remind(code=road.code, by=officer, at=late + timedelta(days=9))
    assert list_stuck(by=officer, at=late + timedelta(days=90)) == []
