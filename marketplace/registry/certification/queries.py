"""Reading the register."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, contains_eager, joinedload

from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.core.ids import read_code
from marketplace.registry.certification.models import Certificate, Decision, Product


def counting(on: date) -> ColumnElement[bool]:
    """The certificate row of each product by its newest decision in effect on the day: `rules.newest`."""
    newer = aliased(Certificate)
    return and_(
        Certificate.issued_on <= on,
        ~exists().where(
            newer.product_id == Certificate.product_id,
            newer.issued_on <= on,
            or_(
                newer.issued_on > Certificate.issued_on,
                and_(newer.issued_on == Certificate.issued_on, newer.id > Certificate.id),
            ),
        ),
    )


def not_revoked(on: date) -> ColumnElement[bool]:
    """Certificate rows not taken back by the day."""
    return or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > on)


def in_force(on: date) -> ColumnElement[bool]:
    """Certificate rows that count on the day: `rules.standing` says IN_FORCE. At most one for each product."""
    return and_(Certificate.expires_on >= on, not_revoked(on), counting(on))


def named(words: str) -> ColumnElement[bool]:
    """Products (joined with their producers) whose or whose producer's name has each word, marks or no marks."""
    each = [
        or_(Product.folded.contains(word, autoescape=True), Producer.folded.contains(word, autoescape=True))
        for word in fold(nfc(words)).split()[:12]
    ]
    return and_(*each) if each else false()


def _of_products() -> Select[Certificate]:
    product = contains_eager(Certificate.product).contains_eager(Product.producer).joinedload(Producer.commune)
    return select(Certificate).join(Certificate.product).join(Product.producer).options(product)


def _with_product() -> Select[Certificate]:
    return _of_products().options(joinedload(Certificate.decision), joinedload(Certificate.revocation))


def find_certificates(typed: str) -> list[Certificate]:
    """The certificates that a code of ours or a printed number names; all, where a number was given twice."""
    return list(
        db.session.scalars(
            _with_product()
            .where(or_(Certificate.code == read_code(typed), Certificate.printed_number == nfc(typed)))
            .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
        )
    )


def find_by_code(code: str) -> Certificate | None:
    """The certificate with this code of ours and its product, for everyone."""
    query = select(Certificate).options(joinedload(Certificate.product)).where(Certificate.code == code)
    return db.session.scalar(query)


def list_named(words: str, *, on: date, page: int = 1, per_page: int = 20) -> list[Certificate]:
    """The newest certificate in effect of each product whose or whose producer's name has these words.

    First come products named with the very words: `che` finds tea before it finds carp (`chép`).
    """
    whole = (literal(" ") + Product.folded + " ").contains(f" {fold(nfc(words))} ", autoescape=True)
    query = _with_product().where(counting(on), named(words)).order_by(whole.desc(), Product.name, Product.id)
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_named(words: str, *, on: date) -> int:
    """How many `list_named` has in all."""
    query = select(func.count(Certificate.id)).join(Certificate.product).join(Product.producer)
    return db.session.scalar(query.where(counting(on), named(words))) or 0


def get_certificate(code: str, *, by: Actor) -> Certificate:
    """One certificate that the officer may see."""
    found = db.session.scalar(_with_product().where(Certificate.code == code, producers_within(by)))
    if found is None:
        raise NotFound
    return found


def list_of_product(product_id: int) -> list[Certificate]:
    """All certificates of a product, newest first, with their decisions."""
    return list_of_products([product_id]).get(product_id, [])


def list_of_products(product_ids: Iterable[int]) -> dict[int, list[Certificate]]:
    """All certificates of several products, newest first, by product."""
    found: dict[int, list[Certificate]] = {}
    rows = db.session.scalars(
        select(Certificate)
        .options(joinedload(Certificate.decision), joinedload(Certificate.revocation))
        .where(Certificate.product_id.in_(list(product_ids)))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    )
    for certificate in rows:
        found.setdefault(certificate.product_id, []).append(certificate)
    return found


def get_product(code: str, *, by: Actor) -> Product:
    """One product that the officer may see."""
    found = db.session.scalar(
        select(Product)
        .join(Product.producer)
        .options(contains_eager(Product.producer).joinedload(Producer.commune))
        .where(Product.code == code, producers_within(by))
    )
    if found is None:
        raise NotFound
    return found


def list_products(*, by: Actor, words: str = "", page: int = 1, per_page: int = 40) -> list[Product]:
    """Products that the officer may see, by name; `words` narrows to names or producers that contain them."""
    return list(
        db.session.scalars(
            select(Product)
            .join(Product.producer)
            .options(contains_eager(Product.producer).joinedload(Producer.commune))
            .where(*_matching(by, words))
            .order_by(Product.name, Product.id)
            .limit(per_page)
            .offset((page - 1) * per_page)
        )
    )


def count_products(*, by: Actor, words: str = "") -> int:
    """How many `list_products` has in all."""
    return db.session.scalar(select(func.count(Product.id)).join(Product.producer).where(*_matching(by, words))) or 0


def _matching(by: Actor, words: str) -> list[ColumnElement[bool]]:
    conditions = [producers_within(by)]
    if words:
        conditions.append(or_(named(words), Product.code == read_code(words)))
    return conditions


def find_decision(*, authority: str, number: str, issued_on: date) -> Decision | None:
    """The decision with this identity, if it is known."""
    return db.session.scalar(
        select(Decision).where(
            Decision.authority == authority, Decision.number == number, Decision.issued_on == issued_on
        )
    )


def list_producers(*, by: Actor) -> list[Producer]:
    """Producers that the officer may see, by name."""
    query = select(Producer).options(joinedload(Producer.commune)).where(producers_within(by))
    return list(db.session.scalars(query.order_by(Producer.name, Producer.id)))


def lapsing_by_day(*, by: Actor, on: date, days: int) -> dict[date, int]:
    """How many certificates in force that the officer may see end on which day, `days` from now on; soonest first."""
    query = select(Certificate.expires_on, func.count()).join(Certificate.product).join(Product.producer)
    query = query.where(
        Certificate.expires_on.between(on, on + timedelta(days=days)), in_force(on), producers_within(by)
    )
    rows = db.session.execute(query.group_by(Certificate.expires_on).order_by(Certificate.expires_on))
    return {row[0]: row[1] for row in rows}


def list_lapsing(by_day: Mapping[date, int], *, by: Actor, on: date, limit: int) -> list[Certificate]:
    """The first of those that `lapsing_by_day` counted, with their products: only the days they end on are read.

    Without their decisions: those would be searched for each certificate of the days before the first are cut off.
    """
    wanted: list[date] = []
    counted = 0
    for day, n in by_day.items():
        if counted >= limit:
            break
        wanted, counted = [*wanted, day], counted + n
    query = _of_products().where(Certificate.expires_on.in_(wanted), in_force(on), producers_within(by))
    return list(db.session.scalars(query.order_by(Certificate.expires_on, Certificate.id).limit(limit)))


def _decided(by: Actor) -> ColumnElement[bool]:
    """Decisions that speak of a product the officer may see, or of none yet."""
    within = select(Product.id).join(Product.producer).where(producers_within(by))
    speaking = or_(Certificate.decision_id == Decision.id, Certificate.revocation_decision_id == Decision.id)
    return or_(exists().where(speaking, Certificate.product_id.in_(within)), ~exists().where(speaking))


def list_decisions(*, by: Actor, page: int = 1, per_page: int = 40) -> list[Decision]:
    """Decisions that the officer may see, newest first."""
    query = select(Decision).where(_decided(by)).order_by(Decision.issued_on.desc(), Decision.id.desc())
    return list(db.session.scalars(query.limit(per_page).offset((page - 1) * per_page)))


def count_decisions(*, by: Actor) -> int:
    """How many `list_decisions` has in all."""
    return db.session.scalar(select(func.count(Decision.id)).where(_decided(by))) or 0


def get_decision(code: str, *, by: Actor) -> Decision:
    """One decision that the officer may see, or NotFound."""
    found = db.session.scalar(select(Decision).where(Decision.code == code, _decided(by)))
    if found is None:
        raise NotFound
    return found


def counts_of_decisions(decision_ids: Iterable[int], *, by: Actor) -> dict[int, tuple[int, int]]:
    """How many certificates each of these decisions grants and revokes, of products that the officer may see."""
    ids = list(decision_ids)
    granted, revoked = (
        _count_by(column, ids, by) for column in (Certificate.decision_id, Certificate.revocation_decision_id)
    )
    return {i: (granted.get(i, 0), revoked.get(i, 0)) for i in ids}


def _count_by(column: InstrumentedAttribute[Any], ids: list[int], by: Actor) -> dict[int, int]:
    query = select(column, func.count()).join(Certificate.product).join(Product.producer)
    rows = db.session.execute(query.where(column.in_(ids), producers_within(by)).group_by(column))
    return {row[0]: row[1] for row in rows}


def list_granted(decision_id: int, *, by: Actor) -> list[Certificate]:
    """The certificates that a decision grants, by product."""
    query = _with_product().where(Certificate.decision_id == decision_id, producers_within(by))
    return list(db.session.scalars(query.order_by(Product.name, Certificate.id)))


def list_revoked(decision_id: int, *, by: Actor) -> list[Certificate]:
    """The certificates that a decision takes back, by product."""
    query = _with_product().where(Certificate.revocation_decision_id == decision_id, producers_within(by))
    return list(db.session.scalars(query.order_by(Product.name, Certificate.id)))
