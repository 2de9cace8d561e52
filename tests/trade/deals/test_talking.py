"""Opening a deal, talking on it, giving files, ending it; who is told, and who may not."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.access import Actor, system
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound, Refusal
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.registry.certification.models import Certificate
from marketplace.shop.catalog.rules import Unit
from marketplace.trade.deals.models import Deal, DealEvent, EventKind, Origin, Side, Stage
from marketplace.trade.deals.queries import list_events, list_files
from marketplace.trade.deals.rules import TRANSITIONS, WAY, onward
from marketplace.trade.deals.services import (
    DealEnded,
    FileGiven,
    NotVerified,
    TooManyFiles,
    add_file,
    end_deal,
    open_deal,
    say,
)
from marketplace.trade.deals.services.talking import MOST_FILES
from marketplace.trade.demands.models import Demand, DemandState
from marketplace.trade.distributors.models import Distributor, Standing
from tests.builders import make_offer, make_producer, make_user, pdf, revoke_certificate
from tests.conftest import AT
from tests.dealing import Road, fresh, make_distributor, make_road


def make_demand(distributor: Distributor, *, at: datetime, state: DemandState = DemandState.OPEN) -> Demand:
    """A demand of a distributor, past its form."""
    demand = Demand(
        code=f"NC{distributor.id}{state.value[:2]}",
        distributor_id=distributor.id,
        state=state,
        title="Miến cho 12 siêu thị",
        sets=["I.3.b"],
        unit=Unit.KILOGRAM,
        volume_from=100,
        wanted_from=at.date(),
        created_at=at,
        opened_at=at,
        changed_at=at,
    )
    with transaction():
        db.session.add(demand)
    return demand


def letters() -> list[tuple[str, str]]:
    """To whom, and the subject, in the order they were written."""
    rows = db.session.execute(select(OutgoingMail.to_address, OutgoingMail.subject).order_by(OutgoingMail.id))
    return [(row[0], row[1]) for row in rows if "Thương vụ" in row[1] or "Deal" in row[1]]


def open_again(road: Road, by: Actor, **changes: int | None) -> Deal:
    about = {"listing_id": road.variant.listing_id, "demand_id": None, **changes}
    with transaction():
        return open_deal(
            distributor_id=road.distributor.id,
            producer_id=road.producer.id,
            listing_id=about["listing_id"],
            demand_id=about["demand_id"],
            origin=Origin.ENQUIRY,
            by=by,
            at=AT,
        )


def test_an_enquiry_opens_one_deal(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    deal = fresh(road.deal)
    assert (deal.stage, deal.turn, deal.origin) == (Stage.ENQUIRY, Side.PRODUCER, Origin.ENQUIRY)
    assert letters() == [(road.seller.email, f"Thương vụ {road.code}: Siêu thị Thử muốn làm ăn với bạn.")]
    assert open_again(road, road.buyer.actor()).code == road.code
    assert open_again(road, road.seller.actor()).code == road.code
    assert db.session.scalar(select(func.count(Deal.id))) == 1
    (event,) = list_events(deal, by=road.seller.actor())
    assert (event.kind, event.side, event.words) == (
        EventKind.OPENED,
        Side.BUYER,
        "Chúng tôi cần miến cho 12 siêu thị.",
    )


def test_the_office_opens_for_both_and_a_demand_is_another_road(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    demand = make_demand(road.distributor, at=at)
    by_seller = open_again(road, road.seller.actor(), listing_id=None, demand_id=demand.id)
    assert (by_seller.code != road.code, by_seller.turn, by_seller.listing_id) == (True, Side.BUYER, None)
    other = make_offer("Gạo", at=at, producer=road.producer)
    before = len(letters())
    by_office = open_again(road, make_user(Role.PROVINCE_OFFICER, at=at).actor(), listing_id=other.listing_id)
    assert (by_office.turn, by_office.stage) == (Side.BUYER, Stage.ENQUIRY)
    assert {to for to, _ in letters()[before:]} == {road.buyer.email, road.seller.email}


def test_who_may_not_open(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    stranger, newcomer = make_distributor(at=at)[0], make_distributor(at=at, verified=False)
    other = make_offer("Gạo", at=at, producer=make_producer("Nơi khác", at=at))
    closed = make_demand(road.distributor, at=at, state=DemandState.PAUSED)
    before = db.session.scalar(select(func.count(Deal.id)))
    for by in (stranger.actor(), make_user(Role.PRODUCER, at=at).actor(), make_user(at=at).actor()):
        with pytest.raises(Forbidden):
            open_again(road, by)
    wrong: list[dict[str, int | None]] = [
        {"listing_id": other.listing_id},
        {"listing_id": 0},
        {"listing_id": None},
        {"listing_id": None, "demand_id": closed.id},
    ]
    for about in wrong:
        with pytest.raises(NotFound):
            open_again(road, road.buyer.actor(), **about)
    for distributor_id, producer_id in ((0, road.producer.id), (road.distributor.id, 0)):
        with pytest.raises(NotFound), transaction():
            open_deal(
                distributor_id=distributor_id,
                producer_id=producer_id,
                listing_id=road.variant.listing_id,
                origin=Origin.ENQUIRY,
                by=road.buyer.actor(),
                at=at,
            )
    with pytest.raises(NotVerified), transaction():
        open_deal(
            distributor_id=newcomer[1].id,
            producer_id=road.producer.id,
            listing_id=road.variant.listing_id,
            origin=Origin.ENQUIRY,
            by=newcomer[0].actor(),
            at=at,
        )
    unverified = make_producer("Chưa xác minh", at=at, verified=False)
    with pytest.raises(NotFound), transaction():
        open_deal(
            distributor_id=road.distributor.id,
            producer_id=unverified.id,
            listing_id=road.variant.listing_id,
            origin=Origin.ENQUIRY,
            by=road.buyer.actor(),
            at=at,
        )
    assert db.session.scalar(select(func.count(Deal.id))) == before


def test_what_is_said_reaches_the_other_side(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    with transaction():
        say(code=road.code, words="  Có, mỗi tháng 500 kg. ", by=road.seller.actor(), at=at + timedelta(hours=1))
    deal = fresh(road.deal)
    assert (deal.turn, deal.moved_at) == (Side.BUYER, at + timedelta(hours=1))
    assert list_events(deal, by=road.buyer.actor())[0].words == "Có, mỗi tháng 500 kg."
    assert letters()[-1] == (road.buyer.email, f"Thương vụ {road.code}: Lò miến viết cho bạn.")
    for words in ("  ", "x" * 4001):
        with pytest.raises(Invalid), transaction():
            say(code=road.code, words=words, by=road.seller.actor(), at=at)
    outsiders = [make_user(role, at=at).actor() for role in (Role.PRODUCER, Role.BUYER, Role.PROVINCE_OFFICER)]
    outsiders.append(make_distributor(at=at)[0].actor())
    for by in outsiders:
        with pytest.raises(NotFound), transaction():
            say(code=road.code, words="Chào", by=by, at=at)
    assert db.session.scalar(select(func.count(DealEvent.id))) == 2


def test_a_letter_is_in_the_readers_language(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    with transaction():
        db.session.merge(road.buyer).language = "en"
    with transaction():
        say(code=road.code, words="Chào", by=road.seller.actor(), at=at)
    assert letters()[-1] == (road.buyer.email, f"Deal {road.code}: Lò miến wrote to you.")


def test_files_are_given_once_and_not_without_end(app: Flask, at: datetime) -> None:
    road = make_road(at=at)

    def give(words: str) -> None:
        document = take_document(pdf(words), "bao-gia.pdf")
        put_document(document, at=at)
        with transaction():
            add_file(code=road.code, document=document, by=road.seller.actor(), at=at)

    give("0")
    with pytest.raises(FileGiven):
        give("0")
    for n in range(1, MOST_FILES):
        give(f"{n}")
    with pytest.raises(TooManyFiles):
        give("thừa")
    assert len(list_files(fresh(road.deal), by=road.buyer.actor())) == MOST_FILES


def test_an_ended_road_stays_ended_and_another_may_begin(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    with pytest.raises(Invalid), transaction():
        end_deal(code=road.code, reason=" ", by=road.buyer.actor(), at=at)
    with transaction():
        end_deal(code=road.code, reason="Đã tìm được nơi khác", by=road.buyer.actor(), at=at)
    deal = fresh(road.deal)
    assert (deal.stage, deal.ended_by, deal.ended_reason, deal.turn) == (
        Stage.ENDED,
        Side.BUYER,
        "Đã tìm được nơi khác",
        None,
    )
    for again in (say, end_deal):
        words = {"words" if again is say else "reason": "x"}
        with pytest.raises(DealEnded), transaction():
            again(code=road.code, by=road.seller.actor(), at=at, **words)
    assert open_again(road, road.buyer.actor()).code != road.code


def test_a_suspended_distributor_and_a_lapsed_certificate_open_nothing(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    with transaction():
        end_deal(code=road.code, reason="Tạm thôi", by=road.seller.actor(), at=at)
    with transaction():
        row = db.session.get_one(Distributor, road.distributor.id)
        row.standing, row.remark = Standing.SUSPENDED, "x"
    with pytest.raises(NotVerified):
        open_again(road, road.buyer.actor())
    with transaction():
        db.session.get_one(Distributor, road.distributor.id).standing = Standing.VERIFIED
    revoke_certificate(db.session.scalars(select(Certificate)).one(), at=at)
    with pytest.raises(Refusal):
        open_again(road, road.buyer.actor())


def test_stages_only_go_onward() -> None:
    assert onward(Stage.ENQUIRY, Stage.CONTRACT) is Stage.CONTRACT
    assert onward(Stage.CONTRACT, Stage.SAMPLE) is Stage.CONTRACT
    assert onward(Stage.ENDED, Stage.SAMPLE) is Stage.ENDED
    assert all(Stage.ENDED in TRANSITIONS[stage] for stage in WAY)
    assert TRANSITIONS[Stage.REPEATING] == {Stage.ENDED}
    assert TRANSITIONS[Stage.ENDED] == frozenset()


def test_the_application_itself_is_the_office(app: Flask, at: datetime) -> None:
    road = make_road(at=at)
    other = make_offer("Gạo", at=at, producer=road.producer)
    assert open_again(road, system("x"), listing_id=other.listing_id).turn is Side.BUYER
