"""Thousands of made-up products for measuring, in bulk: the shop's shape and words, nobody's goods.

Rows are inserted many at a time, past the services, which would take minutes; what the services promise (stock is
the sum of its movements, authorities within their power) is kept here and proved by the test.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, insert, select

from marketplace.faces.cli.demo.texts import DemoListing, listings
from marketplace.people.accounts.models import Organisation, OrganisationKind
from marketplace.people.places.models import AdministrativeUnit
from marketplace.people.places.queries import list_communes
from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import system
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import Model, db, transaction
from marketplace.platform.core.folding import slugify
from marketplace.platform.core.ids import ALPHABET
from marketplace.platform.core.money import Money
from marketplace.registry.certification.classifications import granted_set
from marketplace.registry.certification.models import Certificate, Decision, Product
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.rules import AuthorityLevel, expiry, may_grant
from marketplace.shop.catalog.models import Listing, ListingState, Variant
from marketplace.shop.catalog.rules import season_of
from marketplace.shop.inventory.services import open_stock

BY = system("flask demo generate")
A_BLOCK = 1000
PATTERNS = 80  # the first listings, whose first three words name a kind of goods; more would change what a seed makes
PRODUCTS_OF_A_PRODUCER = 8
FAMILIES = ("Bình An", "Nậm Sáng", "Pa Khoang", "Tà Mít", "Hoàng Liên", "Suối Bạc", "Đồi Thông", "Sương Sớm")
STYLES = ("loại một", "nhà làm", "vụ xuân", "vụ thu", "mẻ nhỏ", "lò cũ", "lò mới", "gói quà", "đóng túi", "hái tay")
RAW_STARS = (3, 3, 3, 3, 3, 3, 4, 4, 4, 5)
DECISION_DAYS = range(20, 1085, 15)  # days ago; a certificate holds for about 1,095
LAPSED_DAYS = range(1110, 1400, 30)
LAPSED, REVOKED, SOLD_OUT = 0.05, 0.02, 0.05


def generate(*, products: int, seed: int, at: datetime) -> int:
    """Make `products` listings of made-up producers, the same ones for the same seed; answers how many."""
    chance = random.Random(seed)
    communes = list_communes("12")
    with transaction():
        decisions = _decisions(day_of(at), seed, at)
    for start in range(0, products, A_BLOCK):
        with transaction():
            _block(range(start, min(start + A_BLOCK, products)), seed, chance, communes, decisions, at)
            record(by=BY, action="demo.generated", subject_type="demo", subject=f"{seed}/{start}", at=at)
    return products


def was_generated(seed: int) -> bool:
    """Whether this seed's products are here already."""
    return db.session.scalar(select(exists().where(Variant.sku == f"M{seed}-0"))) or False


def _insert(model: type[Model], rows: list[dict[str, Any]]) -> list[int]:
    """Insert and answer the new row numbers, in order."""
    statement = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, rows))


def _decisions(today: date, seed: int, at: datetime) -> dict[tuple[int, int], tuple[int, date]]:
    """A decision for each number of stars and day: (stars, days ago) to its row and date."""
    keys = [(stars, ago) for stars in (3, 4, 5) for ago in (*DECISION_DAYS, *LAPSED_DAYS)]
    days = [today - timedelta(days=ago) for _, ago in keys]
    rows: list[dict[str, Any]] = []
    for (stars, ago), on in zip(keys, days, strict=True):
        level = next(each for each in AuthorityLevel if may_grant(each, stars, on))
        number = f"{seed}{stars}{ago}/QĐ-MAU"
        authority = f"Cơ quan mẫu, cấp {level.value}"
        rows.append({"authority": authority, "level": level, "number": number, "issued_on": on, "created_at": at})
    return dict(zip(keys, zip(_insert(Decision, rows), days, strict=True), strict=True))


def _block(
    numbers: range,
    seed: int,
    chance: random.Random,
    communes: list[AdministrativeUnit],
    decisions: dict[tuple[int, int], tuple[int, date]],
    at: datetime,
) -> None:
    texts = listings()[:PATTERNS]
    chosen = [chance.choice(texts) for _ in numbers]
    makers = _producers(numbers, seed, chance, communes, at)
    homes = [makers[i // PRODUCTS_OF_A_PRODUCER] for i in range(len(numbers))]
    names = [_name(text, commune, chance) for text, (_, commune) in zip(chosen, homes, strict=True)]
    slugs = [f"{slugify(name)[:70]}-{seed}-{n}" for name, n in zip(names, numbers, strict=True)]
    products = _insert(
        Product,
        [
            {
                "code": _code("SP", chance),
                "slug": slug,
                "producer_id": home[0],
                "name": name,
                "set_code": text.set_code,
                "created_at": at,
            }
            for slug, home, name, text in zip(slugs, homes, names, chosen, strict=True)
        ],
    )
    db.session.execute(
        insert(Certificate),
        [_certificate(*facts, chance, decisions, at) for facts in zip(products, chosen, strict=True)],
    )
    listed = zip(products, slugs, names, chosen, strict=True)
    shown = _insert(Listing, [_listing(*facts, chance, texts, at) for facts in listed])
    _stock_up(shown, chosen, numbers, seed, chance, at)


def _producers(
    numbers: range, seed: int, chance: random.Random, communes: list[AdministrativeUnit], at: datetime
) -> list[tuple[int, AdministrativeUnit]]:
    homes = [chance.choice(communes) for _ in numbers[::PRODUCTS_OF_A_PRODUCER]]
    names = [f"Cơ sở {chance.choice(FAMILIES)} {home.name.split(' ', 1)[1]}" for home in homes]
    slugs = [f"{slugify(name)}-{seed}-{numbers.start + i}" for i, name in enumerate(names)]
    organisations = [
        {"slug": slug, "kind": OrganisationKind.PRODUCER, "name": name, "created_at": at}
        for slug, name in zip(slugs, names, strict=True)
    ]
    rows = [
        {
            "organisation_id": organisation,
            "slug": slug,
            "name": name,
            "kind": chance.choice(list(ProducerKind)),
            "commune_id": home.id,
            "contact_name": "Người Mẫu",
            "created_at": at,
            "verified_at": at,
        }
        for organisation, slug, name, home in zip(
            _insert(Organisation, organisations), slugs, names, homes, strict=True
        )
    ]
    return list(zip(_insert(Producer, rows), homes, strict=True))


def _name(text: DemoListing, commune: AdministrativeUnit, chance: random.Random) -> str:
    """The kind of goods, a manner and the place: `Mật ong rừng mẻ nhỏ Bản Bo`."""
    kind = " ".join(text.name.split()[:3])
    return f"{kind} {chance.choice(STYLES)} {commune.name.split(' ', 1)[1]}"


def _code(prefix: str, chance: random.Random) -> str:
    return prefix + "".join(chance.choices(ALPHABET, k=10))


def _certificate(
    product: int,
    text: DemoListing,
    chance: random.Random,
    decisions: dict[tuple[int, int], tuple[int, date]],
    at: datetime,
) -> dict[str, Any]:
    days = LAPSED_DAYS if chance.random() < LAPSED else DECISION_DAYS
    stars = chance.choice(RAW_STARS)
    decision, on = decisions[stars, chance.choice(days)]
    granted = granted_set(text.set_code, on)
    row: dict[str, Any] = {
        "code": _code("CN", chance),
        "product_id": product,
        "decision_id": decision,
        "stars": stars,
        "classification": granted.classification,
        "set_code": granted.code,
        "issued_on": on,
        "expires_on": expiry(on),
        "revoked_on": None,
        "revocation_decision_id": None,
        "revocation_reason": None,
        "created_at": at,
    }
    if chance.random() < REVOKED:
        row |= {"revoked_on": on, "revocation_decision_id": decision, "revocation_reason": "Mẫu"}
    return row


def _listing(
    product: int,
    slug: str,
    name: str,
    text: DemoListing,
    chance: random.Random,
    texts: list[DemoListing],
    at: datetime,
) -> dict[str, Any]:
    sentences = [s for each in (text, chance.choice(texts)) for s in each.description.split(". ") if s]
    chance.shuffle(sentences)
    return {
        "slug": slug,
        "product_id": product,
        "state": ListingState.PUBLISHED,
        "name": name,
        "summary": text.summary,
        "description": ". ".join(sentences),
        "ingredients": text.ingredients,
        "storage": text.storage,
        "shelf_life_days": text.shelf_life_days,
        "declared_kind": text.declared_kind,
        "facts": text.label,
        "season": season_of(text.season),
        "art_seed": text.art_seed,
        "created_at": at,
        "published_at": at - timedelta(hours=chance.randrange(24 * 900)),
    }


def _stock_up(
    listed: list[int], texts: list[DemoListing], numbers: range, seed: int, chance: random.Random, at: datetime
) -> None:
    variants = [
        {
            "sku": f"M{seed}-{n}",
            "listing_id": listing,
            "label": text.variants[0].label,
            "price": Money(max(1, text.variants[0].price_vnd * chance.randrange(50, 200) // 100_000) * 1000),
            "weight_g": text.variants[0].weight_g,
            "net_quantity": text.variants[0].net_quantity,
            "net_unit": text.variants[0].net_unit,
            "packaging": text.variants[0].packaging,
            "active": True,
            "position": 0,
        }
        for listing, text, n in zip(listed, texts, numbers, strict=True)
    ]
    ids = _insert(Variant, variants)
    units = [0 if chance.random() < SOLD_OUT else chance.randrange(5, 400) for _ in ids]
    goods = [
        v for v, text in zip(zip(ids, units, strict=True), texts, strict=True) if not product_set(text.set_code).service
    ]
    open_stock(goods, reference="demo", by=BY, at=at)
