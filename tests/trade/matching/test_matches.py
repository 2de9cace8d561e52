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
from marketplace.trade.distributors.services import suspend
from marketplace.trade.matching.models import MatchWeights, PartyWish, ShownDemand, ShownOffer
from marketplace.trade.matching.pairing import Wish
from marketplace.trade.matching.queries import (
    current_weights,
    find_wish,
    list_matches,
    list_weights,
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
from marketplace.trade.offers.facts import facts_of_producer
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


def test_a_refusal_is_not_told_to_the_buyer(client: Client, maker: User, buyer: User, at: datetime) -> None:
    """Whom a producer refused finds nothing of it: as if there were no such offer. The office sees why."""
    demand, offer = own_demand(buyer), matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    path = f"/distributor/matches/{demand.code}/{offer.code}"
    sign_in(client, buyer)
    assert "Nơi làm không từ chối" not in client.get(path).text
    say_no(by=maker, of=buyer, at=at)
    page = client.get("/distributor/matches").text
    for untold in ("Miến Lò", "không từ chối", "chỉ vướng một cửa", offer.code):
        assert untold not in page, untold
    assert client.get(path).status_code == 404
    assert send(client, path, wish="must").status_code == 404
    assert [row.wish for row in db.session.scalars(select(PartyWish))] == [Wish.NO]
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    seen = client.get(f"/office/matchmaking/demands/{demand.code}/{offer.code}").text
    for told in ("Nơi làm không từ chối", "Nơi phân phối không từ chối", "chưa qua, bắt buộc"):
        assert told in seen, told


def test_a_refusal_is_not_told_to_the_producer(client: Client, maker: User, buyer: User, at: datetime) -> None:
    demand, offer = own_demand(buyer), matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    path = f"/producer/matches/{demand.code}/{offer.code}"
    sign_in(client, maker)
    assert "Nơi phân phối không từ chối" not in client.get(path).text
    with transaction():
        wish_producer(slug=get_own(maker.actor()).slug, wish=Wish.NO, by=buyer.actor(), at=at)
    page = client.get("/producer/matches").text
    for untold in (demand.title, "không từ chối", demand.code):
        assert untold not in page, untold
    assert client.get(path).status_code == 404
    assert send(client, path, wish="must").status_code == 404
    assert [row.wish for row in db.session.scalars(select(PartyWish))] == [Wish.NO]


def test_producers_terms_are_for_verified_distributors(client: Client, maker: User, buyer: User, at: datetime) -> None:
    """Suspended, or not verified yet: nothing of anybody's offer, and a word on what to do next."""
    offer = matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    own = distributor_of(buyer.actor())
    with transaction():
        suspend(slug=own.organisation.slug, remark="Không gặp", seen=own.version, by=BY, at=at)
    waiting = make_distributor("Chờ", at=at, verified=False)
    make_demand(waiting, at=at)
    for user in (buyer, waiting):
        sign_in(client, user)
        demand = own_demand(user)
        page = client.get(f"/distributor/matches?demand={demand.code}").text
        assert ("Miến Lò" in page, offer.code in page) == (False, False)
        assert "Tỉnh xác minh nơi bán rồi thì bạn xem được" in page
        assert 'href="/distributor/profile"' in page
        path = f"/distributor/matches/{demand.code}/{offer.code}"
        assert client.get(path).headers["Location"] == "/distributor/matches"
        assert send(client, path, wish="must").headers["Location"] == "/distributor/matches"
        assert client.get(f"/distributor/catalogue/{demand.code}.pdf").status_code == 403
    assert (db.session.query(PartyWish).count(), db.session.query(ShownOffer).count()) == (0, 0)
    sign_in(client, make_user(Role.DISTRIBUTOR, at=at))
    assert "Viết hồ sơ nơi bán trước" in client.get("/distributor/matches").text


def test_who_cannot_be_asked_now(client: Client, maker: User, buyer: User, at: datetime) -> None:
    """A demand that producers do not see leads to no deal: its matches say so instead of offering the form."""
    demand, offer = own_demand(buyer), matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    sign_in(client, buyer)
    path, form = (
        f"/distributor/matches/{demand.code}/{offer.code}",
        f'action="/distributor/enquire/{offer.listing_slug}"',
    )
    assert form in client.get(path).text
    with transaction():
        pause_demand(code=demand.code, by=buyer.actor(), at=at)
    page = client.get(path).text
    assert form not in page
    assert "Nơi làm chỉ thấy nhu cầu đang mở và chưa quá ngày" in page


def test_only_what_a_demand_can_soften_is_advised(client: Client, at: datetime) -> None:
    make_maker("Lò", at=at)
    buyer = make_distributor("Chợ", at=at)
    make_demand(buyer, at=at, papers=("haccp",), insisted=("papers",))
    sign_in(client, buyer)
    assert "HACCP: 1 món" in client.get("/distributor/matches").text


def test_a_no_can_be_found_again_and_taken_back(client: Client, maker: User, buyer: User, at: datetime) -> None:
    demand, offer = own_demand(buyer), matches_of_demand(own_demand(buyer), on=day_of(at))[0].offer
    for user, desk in ((buyer, "/distributor/matches"), (maker, "/producer/matches")):
        sign_in(client, user)
        path = f"{desk}/{demand.code}/{offer.code}"
        assert "Bạn đã nói không gặp" not in client.get(desk).text
        assert send(client, path, wish="no").status_code == 302
        page = client.get(desk).text
        assert (page.count("Bạn đã nói không gặp"), page.count(f'href="{path}"')) == (1, 1)
        assert send(client, path, wish="").status_code == 302
        assert "Bạn đã nói không gặp" not in client.get(desk).text
    assert db.session.query(PartyWish).count() == 0


def say_no(*, by: User, of: User, at: datetime) -> None:
    slug = distributor_of(of.actor()).organisation.slug
    with transaction():
        wish_distributor(slug=slug, wish=Wish.NO, by=by.actor(), at=at)


def test_who_offers_nothing_is_told_where_to_begin(client: Client, buyer: User, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    make_producer("Lò trống", at=at, user=user)
    sign_in(client, user)
    assert "Khai điều kiện bán sỉ" in client.get("/producer/matches").text
    shop = make_distributor("Chợ trống", at=at)
    sign_in(client, shop)
    assert "Mở một nhu cầu" in client.get("/distributor/matches").text


def test_who_offers_what_nobody_seeks_is_not_told_to_begin(client: Client, maker: User, at: datetime) -> None:
    make_demand(make_distributor("Chợ chè", at=at), at=at, sets=("I.5.a",))
    sign_in(client, maker)
    page = client.get("/producer/matches").text
    assert "Chưa có nhu cầu nào mà hàng của bạn qua hết các cửa." in page
    assert "Khai điều kiện bán sỉ" not in page
    slug = make_own_offer_paused(maker, at)
    page = client.get("/producer/matches").text
    assert "Khai điều kiện bán sỉ" in page, slug


def make_own_offer_paused(maker: User, at: datetime) -> str:
    slug = facts_of_producer(own_producer_id(maker.actor()), on=day_of(at))[0].listing_slug
    with transaction():
        move_offer(slug=slug, to=OfferState.PAUSED, by=maker.actor(), at=at)
    return slug


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
    assert "Gửi thư báo 2 nơi làm" in near
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
    for huge in ("9" * 4, "9" * 5000):
        assert send(client, "/office/matchmaking/weights", **{**typed, "buyer_stars": huge}).status_code == 422
    assert db.session.query(MatchWeights).count() == 0
    assert send(client, "/office/matchmaking/weights", **typed, note="thử").status_code == 302
    assert "thử" in client.get("/office/matchmaking/weights").text


def test_makers_with_more_offers(maker: User, buyer: User, at: datetime) -> None:
    variant = make_offer("Bún", at=at, producer=get_own(maker.actor()))
    make_wholesale(maker, variant, at=at, opened=False)
    assert pairs(at) == [("Miến Lò", True)]
    assert len(matches_of_producer(get_own(maker.actor()).id, on=day_of(at))) == 1
