"""Lists that follow every change at once, wishes, versions of the weights, and the pages of three desks."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.registry.certification.models import Certificate
from marketplace.shop.fulfilment.services import decline_part
from marketplace.trade.demands.models import Demand
from marketplace.trade.demands.queries import list_own
from marketplace.trade.demands.services import pause_demand
from marketplace.trade.distributors.queries import get_own as distributor_of
from marketplace.trade.matching.models import MatchWeights, PartyWish, ShownDemand, ShownOffer
from marketplace.trade.matching.pairing import Wish
from marketplace.trade.matching.queries import (
    current_weights,
    find_wish,
    list_matches,
    list_weights,
    list_wishes_of,
    matches_of_demand,
    matches_of_producer,
    own_distributor_id,
    own_producer_id,
    recommended,
    standings,
    times_shown,
    weights_of,
)
from marketplace.trade.matching.score import USUAL, Part
from marketplace.trade.matching.services import count_shown, set_weights, wish_distributor, wish_producer
from marketplace.trade.offers.models import OfferState
from marketplace.trade.offers.services import move_offer
from tests.builders import BY, make_offer, make_order, make_producer, make_user, revoke_certificate
from tests.conftest import Client
from tests.meeting import make_buyer, make_maker
from tests.pages import send, sign_in
from tests.trading import make_demand, make_distributor, make_wholesale


@pytest.fixture
def maker(app: Flask, at: datetime) -> User:
    return make_maker("Lò", at=at)


@pytest.fixture
def buyer(app: Flask, at: datetime) -> User:
    return make_buyer("Chợ", at=at)


def pairs(at: datetime) -> list[tuple[str, bool]]:
    return [(each.offer.name, each.eligible) for each in list_matches(on=day_of(at))]


def own_demand(buyer: User) -> Demand:
    return list_own(by=buyer.actor())[0]


def test_lists_follow_every_change(maker: User, buyer: User, at: datetime) -> None:
    assert pairs(at) == [("Miến Lò", True)]
    slug = list_matches(on=day_of(at))[0].offer.listing_slug
    with transaction():
        move_offer(slug=slug, to=OfferState.PAUSED, by=maker.actor(), at=at)
    assert pairs(at) == []
    with transaction():
        move_offer(slug=slug, to=OfferState.OPEN, by=maker.actor(), at=at)
    with transaction():
        wish_producer(slug=get_own(maker.actor()).slug, wish=Wish.NO, by=buyer.actor(), at=at)
    assert pairs(at) == [("Miến Lò", False)]
    with transaction():
        wish_producer(slug=get_own(maker.actor()).slug, wish=Wish.MUST, by=buyer.actor(), at=at)
    assert [int(each.bracket) for each in list_matches(on=day_of(at))] == [1]
    revoke_certificate(db.session.scalars(select(Certificate)).one(), at=at)
    assert pairs(at) == []
    with transaction():
        pause_demand(code=own_demand(buyer).code, by=buyer.actor(), at=at)
    assert matches_of_producer(get_own(maker.actor()).id, on=day_of(at)) == []


def test_a_certificate_must_reach_the_day_of_the_meeting(maker: User, buyer: User, at: datetime) -> None:
    ends = db.session.scalars(select(Certificate.expires_on)).one()
    found = list_matches(on=day_of(at), day=ends + timedelta(days=1))
    assert [gate.key for each in found for gate in each.excluded] == ["certificate"]
    assert [each.eligible for each in list_matches(on=day_of(at), day=ends)] == [True]


def test_wishes(maker: User, buyer: User, at: datetime) -> None:
    slug, shop = get_own(maker.actor()).slug, distributor_of(buyer.actor()).organisation.slug
    ids = {"distributor_id": own_distributor_id(buyer.actor()), "producer_id": own_producer_id(maker.actor())}
    with transaction():
        wish_distributor(slug=shop, wish=Wish.MEET, reason=" gần ", by=maker.actor(), at=at)
    with transaction():
        wish_distributor(slug=shop, wish=Wish.MUST, reason="rất gần", by=maker.actor(), at=at)
    said = find_wish(**ids, by_buyer=False)
    assert (said and (said.wish, said.reason)) == (Wish.MUST, "rất gần")
    assert find_wish(**ids, by_buyer=True) is None
    assert len(list_wishes_of(producer_id=ids["producer_id"])) == 1
    assert list_wishes_of(distributor_id=ids["distributor_id"]) == []
    stand = standings([ids["producer_id"]], [ids["distributor_id"]], on=day_of(at))
    assert stand.wishes_of((ids["distributor_id"], ids["producer_id"])) == (None, Wish.MUST)
    for _twice in range(2):
        with transaction():
            wish_distributor(slug=shop, wish=None, by=maker.actor(), at=at)
    assert db.session.query(PartyWish).count() == 0
    with pytest.raises(Invalid), transaction():
        wish_producer(slug=slug, wish=Wish.NO, reason="x" * 301, by=buyer.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        wish_producer(slug="khong-co", wish=Wish.NO, by=buyer.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        wish_producer(slug=slug, wish=Wish.NO, by=maker.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        wish_distributor(slug=shop, wish=Wish.NO, by=buyer.actor(), at=at)
    stranger = make_user(Role.PRODUCER, at=at).actor()
    with pytest.raises(NotFound), transaction():
        wish_distributor(slug=shop, wish=Wish.NO, by=stranger, at=at)
    with pytest.raises(NotFound):
        own_distributor_id(GUEST)
    unverified = make_distributor("Chợ lạ", at=at, verified=False)
    with pytest.raises(NotFound), transaction():
        wish_distributor(
            slug=distributor_of(unverified.actor()).organisation.slug, wish=Wish.MEET, by=maker.actor(), at=at
        )
    assert db.session.query(PartyWish).count() == 0


def test_what_a_producer_has_done_counts(maker: User, buyer: User, at: datetime) -> None:
    own = get_own(maker.actor())
    order = make_order((make_offer("Bún", at=at, producer=own), 1), at=at)
    assert standings([own.id], [], on=day_of(at)).kept == {}
    with transaction():
        decline_part(number=order.number, position=1, reason="Hết", by=maker.actor(), at=at)
    assert standings([own.id], [], on=day_of(at)).kept == {own.id: (0, 1)}
    found = list_matches(on=day_of(at))[0].score.buyer.parts
    assert next(part.value for part in found if part.part is Part.RELIABILITY) == 60


def test_weights_by_version(maker: User, buyer: User, at: datetime) -> None:
    assert (current_weights(), weights_of(0), list_weights()) == (USUAL, USUAL, [])
    changed = replace(USUAL, buyer={**USUAL.buyer, Part.STARS: 22, Part.VOLUME: 10})
    with transaction():
        set_weights(weights=changed, note=" sao trước ", by=BY, at=at)
    assert (current_weights(), weights_of(1).buyer[Part.STARS]) == (replace(changed, number=1), 22)
    assert [(row.number, row.note) for row in list_weights()] == [(1, "sao trước")]
    with pytest.raises(Invalid), transaction():
        set_weights(weights=replace(USUAL, buyer={}), note="", by=BY, at=at)
    with pytest.raises(Forbidden), transaction():
        set_weights(weights=USUAL, note="", by=maker.actor(), at=at)
    with pytest.raises(NotFound):
        weights_of(2)
    assert db.session.query(MatchWeights).count() == 1


def test_turns_are_counted(maker: User, buyer: User, at: datetime) -> None:
    shown = recommended(matches_of_demand(own_demand(buyer), on=day_of(at)), side="offer")
    for _twice in range(2):
        with transaction():
            count_shown(shown, side="offer")
    with transaction():
        count_shown(shown, side="demand")
    assert list(times_shown("offer", [shown[0].offer.offer_id]).values()) == [2]
    assert db.session.scalars(select(ShownDemand.times)).all() == [1]
    assert times_shown("demand", []) == {}


def test_the_buyers_desk(client: Client, maker: User, buyer: User, at: datetime) -> None:
    sign_in(client, buyer)
    page = client.get("/distributor/matches")
    assert "Miến Lò" in page.text
    assert db.session.scalar(select(func.sum(ShownOffer.times))) == 1
    demand, offer = own_demand(buyer), matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    path = f"/distributor/matches/{demand.code}/{offer.code}"
    assert "Qua hết các cửa" in client.get(path).text
    wrong = send(client, path, wish="meet", reason="x" * 301)
    assert (wrong.status_code, "Lý do dài nhất 300 ký tự." in wrong.text, 'value="meet" checked' in wrong.text) == (
        422,
        True,
        True,
    )
    assert send(client, path, wish="no", reason="đã gặp").status_code == 302
    after = client.get(path).text
    assert 'value="no" checked' in after
    assert "Còn vướng" in after
    assert "Chưa có món nào qua hết các cửa." in client.get("/distributor/matches").text
    assert client.get(f"/distributor/matches/{demand.code}/CB0").status_code == 404
    other = make_buyer("Chợ khác", at=at)
    sign_in(client, other)
    assert client.get(path).status_code == 404


def test_the_makers_desk(client: Client, maker: User, buyer: User, at: datetime) -> None:
    sign_in(client, maker)
    assert "Chợ" in client.get("/producer/matches").text
    demand, offer = own_demand(buyer), matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    path = f"/producer/matches/{demand.code}/{offer.code}"
    assert send(client, path, wish="", reason="").status_code == 302
    assert send(client, path, wish="must", reason="x" * 301).status_code == 422
    assert send(client, path, wish="must", reason="").status_code == 302
    assert 'value="must" checked' in client.get(path).text
    stranger = make_maker("Lò khác", at=at)
    sign_in(client, stranger)
    assert client.get(path).status_code == 404


def test_who_offers_nothing_is_told_where_to_begin(client: Client, buyer: User, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    make_producer("Lò trống", at=at, user=user)
    sign_in(client, user)
    assert "Khai điều kiện bán sỉ" in client.get("/producer/matches").text
    shop = make_distributor("Chợ trống", at=at)
    sign_in(client, shop)
    assert "Mở một nhu cầu" in client.get("/distributor/matches").text


def test_the_office(client: Client, maker: User, at: datetime) -> None:
    """Two makers lack HACCP alone for one buyer: the office reads it as one line."""
    make_maker("Lò hai", at=at)
    buyer = make_distributor("Chợ", at=at)
    demand = make_demand(buyer, at=at, papers=("haccp",), insisted=("papers",))
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    sign_in(client, officer)
    page = client.get("/office/matchmaking").text
    assert "có HACCP" in page
    near = client.get("/office/matchmaking/near/papers:haccp").text
    assert "1 nơi mua mở lòng với 2 nơi làm." in near
    assert client.get("/office/matchmaking/near/stars").status_code == 404
    assert "HACCP" in client.get(f"/office/matchmaking/demands/{demand.code}").text
    offer = matches_of_demand(demand, on=day_of(at))[0].offer.code
    assert "chưa qua, bắt buộc" in client.get(f"/office/matchmaking/demands/{demand.code}/{offer}").text
    assert client.get(f"/office/matchmaking/demands/{demand.code}/CB0").status_code == 404
    typed = {f"buyer_{part}": str(weight) for part, weight in USUAL.buyer.items()}
    typed |= {f"producer_{part}": str(weight) for part, weight in USUAL.producer.items()}
    wrong = send(client, "/office/matchmaking/weights", **{**typed, "buyer_stars": "13"})
    assert wrong.status_code == 422
    assert "cộng thành 100" in wrong.text
    assert 'value="13"' in wrong.text
    assert send(client, "/office/matchmaking/weights", **{**typed, "buyer_stars": "a"}).status_code == 422
    assert send(client, "/office/matchmaking/weights", **typed, note="thử").status_code == 302
    assert "thử" in client.get("/office/matchmaking/weights").text


def test_makers_with_more_offers(maker: User, buyer: User, at: datetime) -> None:
    variant = make_offer("Bún", at=at, producer=get_own(maker.actor()))
    make_wholesale(maker, variant, at=at, opened=False)
    assert pairs(at) == [("Miến Lò", True)]
    assert len(matches_of_producer(get_own(maker.actor()).id, on=day_of(at))) == 1
