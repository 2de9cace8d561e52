"""Every page that lists something asks the database as often for many rows as for few, and how often that is."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.services import invite
from marketplace.people.producers.models import Producer
from marketplace.people.verification.models import ContactRole
from marketplace.people.verification.services import ContactFacts, add_contact, save_tax, send_for_verification
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, transaction
from marketplace.platform.imports.rules import Row
from marketplace.platform.imports.services import stage
from marketplace.registry.councils.models import Appeal, AppealState
from marketplace.registry.councils.queries import get_sitting
from marketplace.registry.councils.services import SeatFacts, add_member
from marketplace.registry.dossiers.models import Dossier, DossierState
from marketplace.registry.dossiers.services import admit_dossier
from marketplace.registry.rounds.queries import list_rounds
from marketplace.registry.rounds.rules import RoundDays
from marketplace.registry.rounds.services import RoundFacts, open_round
from marketplace.shop.bookings.services import Asked, ask
from marketplace.shop.catalog.models import ListingState
from marketplace.shop.catalog.services import ListingTexts, save_texts
from tests.builders import (
    BY,
    indexed,
    make_address,
    make_certificate,
    make_dossier,
    make_listing,
    make_mandate,
    make_member,
    make_offer,
    make_order,
    make_paper,
    make_producer,
    make_product,
    make_sale,
    make_sitting,
    make_user,
    make_voucher,
    tell_all,
)
from tests.conftest import Client, new_client
from tests.contracts.curated import grow_curated
from tests.contracts.dealt import walked
from tests.contracts.exhibited import grow_exhibited
from tests.contracts.expos import grow_expos
from tests.contracts.gathered import grow_gathered
from tests.contracts.planned import grow_planned
from tests.contracts.reported import grow_reported
from tests.contracts.reviewed import grow_reviewed
from tests.contracts.shown import grow_shown
from tests.contracts.sides import grow_sides
from tests.contracts.told import grow_told
from tests.contracts.traded import traded
from tests.contracts.visited import grow_visited
from tests.money import offer_cards, offer_transfers
from tests.pages import queries, send, sign_in
from tests.paying_out import Maker, make_account

COSTS = {  # SELECTs by visitor and page
    "newcomer": {
        "/": 13,
        "/products": 7,
        "/producers": 3,
        "/api/v1/products": 4,
    },
    "guest": {
        "/": 15,
        "/products": 9,
        "/search?q=mien": 9,
        "/categories/mien-bun-banh": 14,
        "/producers": 5,
        "/producers/lo-mien": 7,
        "/verify?q=mien": 5,
        "/cart": 10,
        "/orders/{unpaid}": 10,
        "/products/{praised}": 16,
        "/api/v1/products/{praised}": 7,
        "/sitemap.xml": 6,
        "/fairs": 5,
        "/fairs/{expopage}": 13,
        "/fairs/{expopage}/map": 12,
        "/fairs/{visitpage}/ticket": 7,
        "/fairs/{toldpage}/tickets/{toldticket}/feedback?k={toldkey}": 9,
        "{ticketpage}": 12,
        "/checkin/{device}": 2,
        "/checkin/{device}/tickets": 3,
        "/collections": 9,
        "/collections/{bagpage}": 8,
        "/seasons/{seasonpage}": 10,
        "/api/v1/products": 4,
        "/api/v1/producers": 3,
        "/api/v1/categories": 0,
        "/api/v1/fairs": 1,
        "/api/v1/showcase-points": 6,
        "/showcase": 9,
        "/news": 5,
        "/news/{tale}": 4,
        "/news/feed.xml": 2,
        "/showcase/{spot}": 12,
        "/checkout/pickup": 12,
        "/api/v1/suggest?q=mien": 4,
    },
    "buyer": {
        "/account/orders": 8,
        "/orders/{praisedorder}": 13,
        "/orders/{praisedorder}/reviews/1/1": 12,
        "/account/wishlist": 14,
        "/account/addresses": 5,
        "/account/sessions": 5,
        "/cart": 14,
    },
    "producer": {
        "/producer/": 19,
        "/notices": 5,
        "/handbook": 3,
        "/handbook/{guide}": 5,
        "/producer/orders": 6,
        "/producer/stock": 13,
        "/producer/grid": 10,
        "/producer/goods/": 4,
        "/producer/listings/": 9,
        "/producer/listings/ngu-ban/history": 8,
        "/producer/bookings/": 5,
        "/producer/reviews": 6,
        "/producer/members": 7,
        "/producer/profile/": 5,
        "/producer/papers": 6,
        "/producer/dossiers": 8,
        "/producer/evidence": 10,
        "/producer/onboarding": 11,
        "/producer/onboarding/contacts": 10,
        "/producer/mandates": 10,
        "/producer/vouchers": 6,
        "/producer/payouts": 11,
        "/producer/sales": 6,
        "/producer/demands": 6,
        "/producer/demands/{demand}": 11,
        "/producer/offers": 7,
        "/producer/matches": 18,
        "/producer/campaigns": 5,
        "/producer/campaigns/{fair}": 7,
        "/producer/deals": 8,
        "/producer/deals/{deal}": 19,
        "/producer/meetings": 4,
        "/producer/fairs": 8,
        "/producer/fairs/{expomine}": 23,
        "/producer/fairs/{visit}/leads": 8,
        "/producer/fairs/{visit}/leads/{lead}": 7,
        "/producer/fairs/{visit}/leads.xlsx": 4,
        "/producer/fairs/{told}/summary": 11,
    },
    "distributor": {
        "/distributor/": 7,
        "/point/": 5,
        "/point/{spot}": 16,
        "/distributor/profile": 7,
        "/distributor/demands": 5,
        "/distributor/demands/{demand}": 4,
        "/distributor/matches": 15,
        "/distributor/campaigns": 3,
        "/distributor/campaigns/{fair}": 5,
        "/distributor/members": 5,
        "/distributor/quotes": 7,
        "/distributor/deals/{deal}": 18,
        "/distributor/meetings": 2,
    },
    "officer": {
        "/office/": 39,
        "/office/programme": 23,
        "/office/programme/plan": 6,
        "/office/programme/figures.xlsx": 15,
        "/office/programme/rows/new_products": 8,
        "/office/programme/rows/lapsing": 5,
        "/office/programme/rows/in_force": 6,
        "/office/programme/rows/in_review?indicator=new_products": 7,
        "/office/programme/rows/sales": 5,
        "/office/programme/rows/effects": 5,
        "/office/programme/rows/sales.xlsx": 4,
        "/office/programme/activities": 5,
        "/office/programme/activities/{activity}": 3,
        "/office/programme/support": 5,
        "/office/showcase": 7,
        "/office/showcase/{spot}": 11,
        "/office/news": 3,
        "/office/news/{tale}": 5,
        "/office/notices": 6,
        "/office/notices/{word}": 5,
        "/office/newsletter": 7,
        "/office/newsletter/{issue}": 8,
        "/office/newsletter/{issue}/letter/en": 3,
        "/office/matchmaking": 13,
        "/office/matchmaking/demands/{demand}": 13,
        "/office/catalogue": 6,
        "/office/export": 4,
        "/office/export/cn": 4,
        "/office/matchmaking/campaigns": 5,
        "/office/matchmaking/outcomes": 11,
        "/office/matchmaking/campaigns/{fair}": 15,
        "/office/matchmaking/campaigns/{fair}/invite": 17,
        "/office/matchmaking/campaigns/{fair}/runs/1": 6,
        "/office/matchmaking/campaigns/{fair}/day": 5,
        "/office/fairs": 3,
        "/office/fairs/{expo}": 12,
        "/office/fairs/{visit}/visitors": 10,
        "/office/fairs/{visit}/checkin": 11,
        "/office/fairs/{told}": 12,
        "/office/fairs/{told}/report": 25,
        "/office/fairs/{told}/report.xlsx": 19,
        "/office/fairs/{expo}/programme": 8,
        "/office/fairs/{expofull}/applications": 18,
        "/office/fairs/{expofull}/applications/{entry}": 20,
        "/office/fairs/{expofull}/criteria": 6,
        "/office/fairs/{exporun}/booths": 12,
        "/office/fairs/{exporun}/booths/runs/1": 12,
        "/office/fairs/{expo}/plan": 11,
        "/office/fairs/{expo}/plan/print": 9,
        "/office/fairs/{expo}/plan/booths/{expobooth}": 10,
        "/office/featured": 8,
        "/office/featured/hindered": 13,
        "/office/featured/new": 2,
        "/office/featured/preview": 15,
        "/office/featured/suggestions": 11,
        "/office/featured/fairness": 4,
        "/office/featured/{window}": 6,
        "/office/featured/collections": 4,
        "/office/featured/collections/{season}": 12,
        "/office/certification": 9,
        "/office/certification/decisions": 5,
        "/office/listings/": 3,
        "/office/reviews": 3,
        "/office/reviews?pile=reported": 3,
        "/office/listings/ngu-ban/history": 6,
        "/office/producers": 7,
        "/office/distributors": 5,
        "/office/demands": 4,
        "/office/producers/lo-mien": 13,  # one asks whether its being seen is noted today
        "/office/imports/certificates": 2,
        "/office/imports/products": 2,
        "/office/legal": 2,
        "/office/rulesets": 1,
        "/office/rounds": 5,
        "/office/dossiers": 4,
        "/office/councils": 7,
        "/office/vouchers": 3,
        "/office/deals": 4,
        "/office/deals/{deal}": 17,
        "/office/orders": 5,
        "/office/orders/{order}": 14,
        "/office/payouts": 8,
        "/office/payouts/{batch}": 3,
        "/office/payments?queue=under": 9,
        "/office/payments?queue=over": 9,
        "/office/payments?queue=unknown": 9,
        "/office/payments?queue=refunds": 9,
        "/office/payments?queue=all": 9,
        "/office/payments/carriers": 9,
        "/office/payments/tax": 8,
        "/office/payments/statements": 2,
        "/office/payments/commission": 3,
        "/office/audit": 4,
        "/office/audit/seen": 3,
        "/office/reconcile/accounts?bucket=matched": 18,
        "/office/reconcile/accounts?bucket=missing_there": 18,
    },
    "member": {
        "/council/": 4,
    },
}


class Town(NamedTuple):
    """Who visits, the guest with a cart, and whose goods they see."""

    visitors: dict[str, Client]
    people: dict[str, User]
    maker: Producer
    stay: str
    going_on: dict[str, str]  # addresses of what trade made


@pytest.fixture
def town(app: Flask, at: datetime) -> Town:
    roles = {
        "buyer": Role.BUYER,
        "producer": Role.PRODUCER,
        "officer": Role.ADMIN,
        "distributor": Role.DISTRIBUTOR,
        "member": Role.COUNCIL_MEMBER,
    }
    people = {name: make_user(role, at=at) for name, role in roles.items()}
    visitors = {name: new_client(app) for name in ("newcomer", "guest", *roles)}
    for name, user in people.items():
        sign_in(visitors[name], user)
    maker = make_producer("Lò miến", at=at, user=people["producer"])
    stay = make_product(maker, "Ngủ bản", at=at, set_code="VI.1")
    make_certificate(stay, at=at)
    make_account(maker, at=at)
    offer_transfers(app)
    offer_cards(app)
    return Town(visitors, people, maker, make_listing(stay, at=at, weight_g=None)[0].slug, {})


def grow(app: Flask, town: Town, at: datetime, name: str) -> None:
    """One more of everything that is listed somewhere."""
    buyer, producer = town.people["buyer"], town.people["producer"]
    own = make_offer(f"Miến {name}", at=at, producer=town.maker)
    other = make_offer(f"Bún {name}", at=at, producer=make_producer(f"HTX {name}", at=at))
    make_producer(f"Đang chờ {name}", at=at, verified=False)
    make_product(town.maker, f"Chưa có trang {name}", at=at)
    make_listing(make_product(town.maker, f"Chờ xem {name}", at=at), at=at, state=ListingState.IN_REVIEW)
    changing, _ = make_listing(make_product(town.maker, f"Đổi tên {name}", at=at), at=at)
    with transaction():
        for by, said in ((town.people["officer"], "Một."), (producer, "Hai.")):
            texts = ListingTexts(name=f"Tên khác {name}", art_seed="x", summary=said)
            save_texts(slug=changing.slug, texts=texts, by=by.actor(), at=at)
        texts = ListingTexts(name=f"Ngủ bản {name}", art_seed="x", summary="Êm.")
        save_texts(slug=town.stay, texts=texts, by=town.people["officer"].actor(), at=at)
    make_order((own, 1), (other, 1), at=at, by=buyer.actor())
    town.going_on["demand"] = grow_sides(town.people["distributor"], producer, own, at, name)
    town.going_on["fair"] = grow_gathered(town.people["distributor"], producer, at, name)
    town.going_on.update(grow_expos(at, name, own))
    officer = town.people["officer"]
    town.going_on.update(grow_exhibited(town.going_on, producer, officer, own.listing_id, at, name))
    keeper = town.people["distributor"]
    town.going_on.update(grow_told(town.going_on, producer, at, name))
    town.going_on.update(grow_shown(town.going_on, keeper, producer, own, at, name))
    town.going_on.update(grow_visited(producer, town.going_on, at, name))
    town.going_on.update(grow_reported(producer, town.going_on, at, name))
    town.going_on.update(grow_curated(town.going_on, own, town.maker, at, name))
    town.going_on.update(grow_planned(town.maker, town.going_on, at, name))
    town.going_on.update(traded(Maker(producer, town.maker, own), town.people["officer"], at, name))
    town.going_on.update(walked(town.people, town.maker, own, at, name))
    town.going_on.update(grow_reviewed(town.going_on, buyer, producer, town.maker, at, name))
    make_sale(own, producer, at=at)
    for giver in (producer, None):
        make_voucher(f"{name}{'TOI' if giver else 'TINH'}", at=at, giver=giver)
    for visitor in (town.visitors["guest"], town.visitors["buyer"]):
        send(visitor, "/cart/add", sku=own.sku)
        send(visitor, "/cart/add", sku=other.sku, later="1")
    make_address(buyer, at=at, street=f"Số {name}")
    sign_in(new_client(app), buyer)
    make_mandate(make_keeper(f"Hộ {name}", at), producer, at=at)
    make_mandate(producer, make_keeper(f"Xã {name}", at), at=at, accepted=False)
    waiting = make_keeper(f"Chờ {name}", at, verified=False)
    tell_all(waiting, at=at)
    contact = ContactFacts(name, ContactRole.SALES, "+84912345678")
    with transaction():
        send_for_verification(by=waiting.actor(), at=at)
        add_contact(facts=contact, by=producer.actor(), at=at)
        save_tax(subject="organisation", code=f"62000000{len(name)}{name[-1]}", by=producer.actor(), at=at)
    make_paper(producer, "award", at=at)
    for owner in (producer, town.people["distributor"]):
        make_member(owner, at=at)
    _evaluate(town, at, name)
    wish = Asked(town.stay, "An", "+84912345678", f"a{name}@example.com", "Hỏi")
    with transaction():
        invite(email=f"x{name}@example.com", by=producer.actor(), at=at)
        ask(key=name, asked=wish, by=GUEST, at=at)
        for kind in ("certificates", "products"):
            stage(kind=kind, file_name="a.csv", rows=[Row(2, {})], by=town.people["officer"].actor(), at=at)
        stage(kind="own_goods", file_name="a.csv", rows=[Row(2, {})], by=producer.actor(), at=at)


def _evaluate(town: Town, at: datetime, name: str) -> None:
    """One more paper, dossier of each standing, round, council and sitting."""
    producer, day = town.people["producer"], day_of(at)
    make_paper(producer, "award", at=at)
    number = len(list_rounds()) + 1
    days = RoundDays(day - timedelta(days=30), day - timedelta(days=1), day + timedelta(days=30))
    with transaction():
        row = open_round(year=2026, number=number, facts=RoundFacts(days), by=BY, at=at)
    dossier = make_dossier(producer, at=at, name=f"Hồ sơ {name}")
    values = {"round_id": row.id, "state": DossierState.FORWARDED, "submitted_at": at}
    with transaction():
        db.session.execute(update(Dossier).where(Dossier.id == dossier.id).values(**values))
        db.session.add(
            Appeal(
                code=f"KN{name}", dossier_id=dossier.id, words="Không", state=AppealState.OPEN, made_at=at, made_by="A"
            )
        )
    late = make_dossier(producer, at=at, name=f"Trễ {name}")
    with transaction():
        db.session.execute(update(Dossier).where(Dossier.id == late.id).values(round_id=row.id))
    with transaction():
        admit_dossier(code=dossier.code, by=BY, at=at)
    sitting = make_sitting(dossier, round_code=row.code, at=at, members=2, opened=False)
    facts = SeatFacts(town.people["member"].email, "Bà Hoa", "Sở Y tế")
    with transaction():
        code = get_sitting(sitting.code, by=BY).council.code
        add_member(council_code=code, facts=facts, by=BY, at=at)


def make_keeper(name: str, at: datetime, *, verified: bool = True) -> User:
    """Somebody with a producer of their own."""
    user = make_user(Role.PRODUCER, at=at)
    make_producer(name, at=at, user=user, verified=verified)
    return user


def measured(app: Flask, town: Town, at: datetime) -> dict[str, dict[str, int]]:
    with indexed(app, at):
        return {
            who: {path: queries(town.visitors[who], path.format(**town.going_on)) for path in pages}
            for who, pages in COSTS.items()
        }


def test_many_rows_cost_as_many_queries_as_few(app: Flask, town: Town, at: datetime) -> None:
    for n in range(2):
        grow(app, town, at, f"a{n}")
    few = measured(app, town, at)
    for n in range(5):
        grow(app, town, at, f"b{n}")
    assert _other(measured(app, town, at), few) == {}
    assert _other(few, COSTS) == {}


def _other(found: dict[str, dict[str, int]], expected: dict[str, dict[str, int]]) -> dict[str, tuple[int, int]]:
    """The pages that cost something else, with what they cost and what was expected."""
    return {
        f"{who} {path}": (cost, expected[who][path])
        for who, pages in found.items()
        for path, cost in pages.items()
        if cost != expected[who][path]
    }
