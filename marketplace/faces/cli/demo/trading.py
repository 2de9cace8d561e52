"""Distributors with what they seek, and what producers offer them: through the verbs that people use."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from marketplace.faces.cli.demo.makers import acting_for, give_paper, sheet
from marketplace.faces.cli.demo.texts import DATA
from marketplace.people.accounts.models import User
from marketplace.people.accounts.queries import find_user
from marketplace.people.producers.models import Producer
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.platform.media.documents import Document, take_document
from marketplace.platform.media.keeping import put_document
from marketplace.registry.certification.product_sets import product_set
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import variants_of
from marketplace.shop.catalog.rules import Unit, season_of
from marketplace.trade.demands.models import Storage
from marketplace.trade.demands.rules import comparable
from marketplace.trade.demands.services import DemandTerms, open_demand, pause_demand, save_demand
from marketplace.trade.distributors.models import DistributorKind, Standing
from marketplace.trade.distributors.services import (
    DistributorFacts,
    add_file,
    approve,
    save_profile,
    send_for_verification,
    suspend,
)
from marketplace.trade.offers.models import OfferState
from marketplace.trade.offers.queries import list_supplied
from marketplace.trade.offers.rules import is_gtin, year_of
from marketplace.trade.offers.services import OfferTerms, move_offer, save_offer

FRESH = frozenset({"I.1.a", "I.1.b"})
PAPERS = {  # kinds given by producers of the demonstration beside what `makers` gives
    "binhlu": ("haccp", "test_report"), "tanphong": ("haccp", "iso_22000", "test_report"),
    "khunha": ("food_safety", "vietgap", "test_report"), "mokim": ("food_commitment",),
    "phongtho": ("food_safety", "vietgap"), "daosan": ("food_commitment", "organic"),
    "sinho": ("food_safety", "quality_declaration"), "muongte": ("food_safety", "test_report"),
    "banbo": ("food_safety", "organic", "haccp"), "tanuyen": ("food_safety", "quality_declaration"),
    "muongthan": ("food_commitment",), "pacta": ("food_safety", "halal"), "doanket": ("food_safety", "haccp"),
}  # fmt: skip
SUSPENDED = "Số điện thoại và địa chỉ đã khai không liên lạc được."

Given = Mapping[tuple[str, str], Document]


def put_trade_papers(*, at: datetime) -> dict[tuple[str, str], Document]:
    """Papers of distributors and producers put into the store before the block that uses them opens."""
    wanted = [(row["email"], "business_registration") for row in _rows()]
    wanted += [(key, kind) for key, kinds in PAPERS.items() for kind in kinds]
    made = {}
    for key, kind in wanted:
        made[key, kind] = take_document(sheet(key, kind.replace("_", " ")), f"{kind.replace('_', '-')}.pdf")
        put_document(made[key, kind], at=at)
    return made


def load_trade(
    found: Mapping[str, Producer], given: Given, person: Callable[[dict[str, Any]], User], *, at: datetime
) -> None:
    """A dozen distributors with their demands, and the offers of the demonstration's producers, in the open block.

    `person` makes a distributor's account.
    """
    province = find_user("province@demo.test")
    assert province is not None
    for row in _rows():
        _distributor(row, person(row).actor(), given, province.actor(), at=at)
    for key, kinds in PAPERS.items():
        for kind in kinds:
            give_paper(kind, given[key, kind], by=acting_for(found[key]), office=province.actor(), at=at)
    for key in list(found)[:24]:
        _offers(acting_for(found[key]), at=at)


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((DATA / "distributors.json").read_text(encoding="utf-8"))
    return rows


def _distributor(row: dict[str, Any], by: Actor, given: Given, office: Actor, *, at: datetime) -> None:
    begun, standing = at - timedelta(days=60), Standing(row["standing"])
    number = row["email"].removeprefix("distributor").partition("@")[0] or "1"
    home = "country" not in row
    facts = DistributorFacts(
        name=row["name"],
        kind=DistributorKind(row["kind"]),
        phone=row["phone"],
        about=row["about"],
        country=row.get("country", "VN"),
        province_code=row["province"],
        address=row["address"],
        website=row["website"],
        registration_number=f"DEMO-NPP-{int(number):02d}",
        tax_code=f"01000{int(number):05d}" if home else "",
        outlets=row["outlets"],
        contact_name=row["person"],
        contact_email=row["email"],
    )
    own = save_profile(facts=facts, by=by, at=begun)
    if standing is not Standing.OPEN:
        add_file(document=given[row["email"], "business_registration"], by=by, at=begun)
        send_for_verification(by=by, at=at - timedelta(days=3) if standing is Standing.WAITING else begun)
    if standing in (Standing.VERIFIED, Standing.SUSPENDED):
        approve(slug=own.organisation.slug, seen=own.version, by=office, at=begun + timedelta(days=2))
    for n, demand in enumerate(row["demands"]):
        _demand(demand, by, at=begun + timedelta(days=3 + n))
    if standing is Standing.SUSPENDED:
        slug = own.organisation.slug
        suspend(slug=slug, remark=SUSPENDED, seen=own.version, by=office, at=at - timedelta(days=9))


def _demand(row: dict[str, Any], by: Actor, *, at: datetime) -> None:
    ceiling, fee = row["price_ceiling"], row.get("fee")
    terms = DemandTerms(
        title=row["title"],
        note=row.get("note", ""),
        sets=tuple(row["sets"]),
        unit=Unit(row["unit"]),
        volume_from=row["volume"][0],
        volume_until=row["volume"][1],
        wanted_from=day_of(at),
        least_stars=row.get("stars", 3),
        papers=tuple(row.get("papers", ())),
        price_ceiling=None if ceiling is None else Money(ceiling),
        order_size=row.get("order_size"),
        packagings=tuple(row.get("packagings", ())),
        storages=tuple(row.get("storages", ())),
        transit_days=row.get("transit"),
        shelf_life_days=row.get("shelf_days"),
        shelf_life_left=row.get("shelf_left"),
        listing_fee=None if fee is None else Money(fee),
        discount=row.get("discount"),
        payment_days=row.get("payment"),
        season=season_of(row.get("season", ())),
        insisted=frozenset(row["insisted"]),
        **{name: row.get(name, False) for name in ("invoice", "barcode", "traceability", "consignment", "exclusive")},
    )
    code, state = save_demand(terms=terms, by=by, at=at).code, row.get("state", "open")
    if state != "draft":
        open_demand(code=code, by=by, at=at)
    if state == "paused":
        pause_demand(code=code, by=by, at=at)


def _offers(by: Actor, *, at: datetime) -> None:
    """An offer for most of a producer's goods, drawn by the listing's name: the same at every loading."""
    goods = [listing for listing in list_supplied(by=by) if not product_set(listing.product.set_code).service]
    packs = variants_of([listing.id for listing in goods])
    for n, listing in enumerate(goods):
        chance = Random(listing.slug)
        if n and chance.random() < 0.15:
            continue  # some goods are not offered yet
        save_offer(slug=listing.slug, terms=_terms(listing, packs[listing.id], chance), by=by, at=at)
        if n == 0 or chance.random() < 0.92:
            move_offer(slug=listing.slug, to=OfferState.OPEN, by=by, at=at)
    db.session.flush()


def _terms(listing: Listing, packs: list[Variant], chance: Random) -> OfferTerms:
    pack = packs[-1]  # the largest, as the texts list them
    unit = next(
        (unit for unit in (Unit.KILOGRAM, Unit.LITRE) if pack.net_unit and comparable(unit, pack.net_unit)), Unit.PIECE
    )
    capacity = chance.choice((30, 60, 120, 250, 500, 900)) * (2 if unit is Unit.PIECE else 1)
    year = year_of(capacity, listing.season)
    promised = chance.choice((0, 0, 10, 25))
    fresh = listing.product.set_code in FRESH
    return OfferTerms(
        sku=pack.sku,
        unit=unit,
        capacity=tuple(year),
        committed=tuple(figure * promised // 100 for figure in year),
        least_order=chance.choice((5, 10, 20, 40)),
        lead_days=chance.choice((2, 3, 5, 7, 14)),
        storage=Storage.COOL if fresh else Storage.AMBIENT,
        most_payment_days=chance.choice((None, 0, 15, 30, 45, 60)),
        most_discount=chance.choice((None, 10, 15, 20, 25, 30)),
        most_listing_fee=chance.choice((None, Money(0), Money(2_000_000), Money(5_000_000))),
        consignment=chance.random() < 0.4,
        exclusive=chance.random() < 0.2,
        invoice=chance.random() < 0.7,
        barcode=_barcode(chance) if chance.random() < 0.6 else "",
        traceability=chance.random() < 0.7,
        channels=tuple(kind.value for kind in DistributorKind if chance.random() < 0.4),
        first_time=chance.random() < 0.5,
        note="Giao cả thùng, có phiếu giao hàng từng lô.",
        note_en="Delivered by the carton, with a delivery note for each batch.",
    )


def _barcode(chance: Random) -> str:
    """A number of Vietnam's range with its check digit; nobody's."""
    stem = f"8930000{chance.randrange(100_000):05d}"
    return next(code for digit in range(10) if is_gtin(code := f"{stem}{digit}"))
