"""The demonstration: what it holds, that its texts differ, that generated goods keep the books."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.faces.cli.demo.texts import listings as texts
from marketplace.faces.cli.demo.texts import producers
from marketplace.office.programme.counting import count_effects
from marketplace.office.programme.models import EffectKind
from marketplace.office.programme.rules import LEAST_PAIRS
from marketplace.people.accounts.models import User
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.jobs import seal_new
from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import total
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate, Decision, Product
from marketplace.registry.certification.product_sets import all_sets
from marketplace.registry.certification.queries import list_of_products
from marketplace.registry.certification.rules import may_grant, standing
from marketplace.shop.books.queries import verify
from marketplace.shop.catalog.history import count_revisions
from marketplace.shop.catalog.models import Listing, ListingProposal, ListingState, ProposalState, Variant
from marketplace.shop.catalog.proposals import list_waiting_pages
from marketplace.shop.catalog.queries import public
from marketplace.shop.inventory.models import Stock, StockMovement
from marketplace.shop.ledger.jobs import BOOKS
from marketplace.shop.orders.models import Order, OrderPart, PartState
from marketplace.shop.reviews.models import Review, ReviewState
from marketplace.shop.reviews.queries import list_astray, totals_of
from marketplace.shop.reviews.rules import signs_in
from marketplace.trade.demands.models import Demand, DemandState
from marketplace.trade.demands.queries import count_wanted, list_own
from marketplace.trade.distributors.models import Distributor
from marketplace.trade.offers.facts import facts_of_open
from marketplace.trade.offers.rules import is_gtin
from tests.databases import forget_sizes, migrated_app


@pytest.fixture(autouse=True)
def _empty_tables(request: pytest.FixtureRequest) -> None:
    """The demonstration is loaded in one block into tables that PostgreSQL knows nothing about, as for a newcomer."""
    if "postgresql" in request.node.name:
        forget_sizes(migrated_app("postgresql"))


def run(app: Flask, *arguments: str) -> str:
    """A command's output; it must succeed."""
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 0, answer.output
    return str(answer.output)


ADMITTED = 5  # products that came into the register by a dossier, without a page yet


def test_the_demonstration_province(app: Flask, at: datetime) -> None:
    makers, goods = len(producers()), len(texts())
    assert f"{makers} producers and {goods} listings loaded" in run(app, "demo", "load")
    today = day_of(at)
    products = db.session.scalars(select(Product)).all()
    assert {p.set_code for p in products} == {s.code for s in all_sets()}
    assert len(products) == goods + ADMITTED
    assert db.session.scalar(select(func.count(Producer.id))) == makers
    listings = db.session.scalars(select(Listing)).all()
    for told in ([row.name for row in listings], [row.description for row in listings]):
        assert len(set(told)) == goods
    assert all(len(row.description) > 80 and row.summary and row.name_en for row in listings)
    certificates = list_of_products(p.id for p in products)
    tally = Counter(standing(c, of, today).value for of in certificates.values() for c in of)
    assert tally["lapsed"] >= 2
    assert tally["revoked"] >= 2
    assert tally["superseded"] >= 2
    ordered = [sorted(of, key=lambda c: c.issued_on) for of in certificates.values() if len(of) > 1]
    steps = Counter((b.stars > a.stars) - (b.stars < a.stars) for of in ordered for a, b in pairwise(of))
    assert steps[1] >= 1, "none was raised"
    assert steps[-1] >= 1, "none was lowered"
    shown = db.session.execute(public(today)).all()
    assert 0.75 * goods <= len(shown) < goods
    assert Counter(row.state for row in listings).keys() >= {ListingState.PUBLISHED, ListingState.PAUSED}
    assert all(maker.registration_number for maker in db.session.scalars(select(Producer)))
    owner = app.test_client().get("/legal/owner").text
    assert "DEMO-01" in owner
    assert "cần điền" not in owner
    _work_for_the_office(at)
    _both_sides_of_trade(at)
    _two_years_of_orders_with_the_books_in_order(at)
    _what_buyers_say()
    assert [(f.what, f.where, f.figures) for each in verify(at=at) for f in each.faults] == []
    while BOOKS.seal_new(at) or seal_new(at):
        pass
    assert "I11 holds\n" in run(app, "reconcile")


def _work_for_the_office(at: datetime) -> None:
    """Proposals that wait beside first publications, one returned, a history, a page that rests, limits."""
    waiting = list_waiting_pages(by=system("office"))
    kinds = Counter(each.kind for each in waiting)
    assert (kinds["change"], kinds["first"] >= 3) == (2, True)
    assert all(at - timedelta(days=9) < each.since < at for each in waiting)
    returned = select(ListingProposal).where(ListingProposal.state == ProposalState.RETURNED)
    assert "chữa bệnh" in db.session.scalars(returned).one().remark
    baked = db.session.scalars(select(Listing).where(Listing.slug == "banh-dong-rieng-nuong-than")).one()
    assert count_revisions(baked) == 3
    assert [row.resting(day_of(at)) is not None for row in db.session.scalars(_with(Listing.back_on))] == [True]
    assert len(db.session.scalars(_with(Listing.max_transit_days)).all()) == 3


def _what_buyers_say() -> None:
    """Reviews of every state, some answered, one reported, an advertisement; totals as counted, no letter sent."""
    reviews = db.session.scalars(select(Review)).all()
    states = Counter(row.state for row in reviews)
    assert states[ReviewState.PUBLISHED] > 100
    assert states[ReviewState.WAITING] >= 3
    assert states[ReviewState.REFUSED] == 1
    assert len([row for row in reviews if row.reply]) >= 6
    assert [row.reports for row in reviews if row.reports] == [1]
    assert {"link", "phone"} in [set(signs_in(row.words)) for row in reviews if row.state is ReviewState.WAITING]
    assert max(totals_of(each).count for each in {row.listing_id for row in reviews}) >= 8
    assert list_astray() == []
    assert db.session.scalar(select(func.count()).where(OutgoingMail.key.like("review-%"))) == 0


def _both_sides_of_trade(at: datetime) -> None:
    """Distributors of every standing and several kinds, one abroad; demands that producers see; offers that answer."""
    buyers = db.session.scalars(select(Distributor)).all()
    standings = Counter(buyer.standing.value for buyer in buyers)
    assert standings == {"verified": 9, "waiting": 1, "suspended": 1, "open": 1}
    assert (len({buyer.kind for buyer in buyers}), [b.country for b in buyers if b.country != "VN"]) == (7, ["JP"])
    assert db.session.scalar(select(func.count(Demand.id))) == 26
    assert count_wanted(on=day_of(at)) == 22
    own = db.session.scalars(select(User).where(User.email == "distributor@demo.test")).one()
    assert [demand.state for demand in list_own(by=own.actor())] == [DemandState.OPEN] * 3
    offers = facts_of_open(on=day_of(at))
    assert len(offers) > 70
    assert len({offer.producer_id for offer in offers}) > 15
    assert {paper.kind for offer in offers for paper in offer.papers} >= {"haccp", "iso_22000", "vietgap", "organic"}
    assert all(is_gtin(offer.barcode) for offer in offers if offer.barcode)


def _with(column: Any) -> Any:
    return select(Listing).where(column.is_not(None))


def _two_years_of_orders_with_the_books_in_order(at: datetime) -> None:
    orders = db.session.scalars(
        select(Order).options(
            selectinload(Order.parts).options(
                selectinload(OrderPart.lines), selectinload(OrderPart.events), joinedload(OrderPart.producer)
            )
        )
    ).all()
    years = Counter(at - order.placed_at > timedelta(days=365) for order in orders)
    assert years[False] > 1000
    assert 700 < years[True] < years[False], "the year before is there to stand beside this one"
    assert at - timedelta(days=731) < min(order.placed_at for order in orders)
    assert max(order.placed_at for order in orders) < at
    compared = [
        how.pairs >= LEAST_PAIRS for event, how in count_effects(day_of(at)) if event.kind is EffectKind.UPGRADE
    ]
    assert sum(compared) >= 3, "some upgrades have months to compare"
    opened = {listing.slug: listing.published_at for listing in db.session.scalars(select(Listing))}
    parts = [(order, part) for order in orders for part in order.parts]
    assert Counter(part.state for _, part in parts).keys() == set(PartState)
    certificates = {c.code: c for c in db.session.scalars(select(Certificate))}
    all_of = list_of_products({c.product_id for c in certificates.values()})
    for order, part in parts:
        assert part.goods_total == total(line.line_total for line in part.lines)
        assert [event.at for event in part.events] == sorted(event.at for event in part.events)
        assert part.events[-1].state == part.state
        for line in part.lines:
            sold_by = certificates[line.certificate_code]
            assert standing(sold_by, all_of[sold_by.product_id], day_of(order.placed_at)).value == "in_force"
            assert line.stars == sold_by.stars
            published = opened[line.listing_slug]
            assert published is not None
            assert published < order.placed_at
    for order in orders:
        assert order.goods_total == total(part.goods_total for part in order.parts)
        assert order.shipping_total == total(part.shipping_total for part in order.parts)
    moved: dict[int, int] = {}
    for movement in db.session.scalars(select(StockMovement).order_by(StockMovement.at, StockMovement.id)):
        moved[movement.variant_id] = moved.get(movement.variant_id, 0) + movement.delta
        assert moved[movement.variant_id] >= 0, "more was sold than had been there"
    assert {s.variant_id: s.on_hand for s in db.session.scalars(select(Stock)) if s.on_hand} == {
        variant: units for variant, units in moved.items() if units
    }
    buyer = db.session.scalar(select(User).where(User.email == "buyer@demo.test"))
    assert buyer is not None
    assert sum(order.buyer_id == buyer.id for order in orders) >= 5


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_it_is_for_an_empty_database_only(app: Flask) -> None:
    run(app, "demo", "load")
    before = db.session.scalar(select(func.count(Listing.id)))
    again = app.test_cli_runner().invoke(args=["demo", "load"])
    assert (again.exit_code, "already has accounts" in again.output) == (1, True)
    assert run(app, "demo", "load", "--if-empty") == ""
    assert db.session.scalar(select(func.count(Listing.id))) == before


def test_generated_goods_keep_the_books(app: Flask, at: datetime) -> None:
    assert "300 products of seed 3 made and indexed" in run(app, "demo", "generate", "--products", "300", "--seed", "3")
    assert db.session.scalar(select(func.count(Listing.id))) == 300
    assert {price.amount % 1000 for price in db.session.scalars(select(Variant.price))} == {0}
    moved = select(StockMovement.variant_id, func.sum(StockMovement.delta)).group_by(StockMovement.variant_id)
    sums = {variant: int(units) for variant, units in db.session.execute(moved)}
    held = {row.variant_id: row.on_hand for row in db.session.scalars(select(Stock))}
    assert held == {variant: sums.get(variant, 0) for variant in held}
    granted = db.session.execute(select(Certificate, Decision).join(Decision, Certificate.decision_id == Decision.id))
    assert all(may_grant(decision.level, certificate.stars, decision.issued_on) for certificate, decision in granted)
    shown = len(db.session.execute(public(day_of(at))).all())
    assert 240 < shown < 300
    found = app.test_client().get("/api/v1/products?adult=true").json
    assert found is not None
    assert found["total"] == shown


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_same_seed_makes_the_same_goods_once(app: Flask) -> None:
    run(app, "demo", "generate", "--products", "20", "--seed", "3")
    names = db.session.scalars(select(Listing.name).order_by(Listing.id)).all()
    again = app.test_cli_runner().invoke(args=["demo", "generate", "--products", "20", "--seed", "3"])
    assert (again.exit_code, "take another seed" in again.output) == (1, True)
    run(app, "demo", "generate", "--products", "20", "--seed", "4")
    others = db.session.scalars(select(Listing.name).order_by(Listing.id).offset(20)).all()
    assert len(others) == 20
    assert names[:3] == ["Cá chép hồ loại một Pa Ủ", "Hai ngày hang mẻ nhỏ Pa Ủ", "Trà lá sâm loại một Pa Ủ"]
    assert others != names
