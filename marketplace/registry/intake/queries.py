"""Reading the register as a plan needs it: whole, in a handful of queries, as plain values."""

from dataclasses import dataclass, field

from sqlalchemy import func, select

from marketplace.people.accounts.models import Organisation, Role
from marketplace.people.places.queries import list_communes
from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.folding import fold
from marketplace.registry.certification.models import Certificate, Decision, Product
from marketplace.registry.intake.planning import KnownCertificate, KnownProducer, KnownProduct, Register

KEPT = ("producer", "product", "certificate")  # every change of these leaves a row in the trail


def register_state() -> str:
    """A name for the register as it stands; any change of a producer, product or certificate gives it another."""
    acts = db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.subject_type.in_(KEPT)))
    newest = (db.session.scalar(select(func.max(table.id))) or 0 for table in (Producer, Product, Certificate))
    return "-".join(str(number) for number in (acts, *newest))


def load_register(province_code: str, *, by: Actor) -> Register:
    """The register that the officer keeps: the communes of their province, and what belongs to its producers."""
    seen = register_state()
    communes = list_communes(province_code)
    if by.role == Role.PROVINCE_OFFICER:
        communes = [unit for unit in communes if unit.parent_id == by.unit_id]
    register = Register({unit.code: unit.id for unit in communes}, seen=seen)
    _producers(register, by)
    _certificates(register, by)
    for row_id, authority, number, day, level in db.session.execute(
        select(Decision.id, Decision.authority, Decision.number, Decision.issued_on, Decision.level).order_by(
            Decision.id.desc()
        )
    ):
        register.decisions[fold(authority), fold(number), day] = (row_id, level)
    numbers = select(Certificate.printed_number).where(Certificate.printed_number.is_not(None)).distinct()
    register.printed = {number for number in db.session.scalars(numbers) if number}
    return register


def _producers(register: Register, by: Actor) -> None:
    """Of two that match a row alike, the older counts."""
    producers = select(Producer.id, Producer.folded, Producer.commune_id, Producer.kind, Producer.verified_at)
    for row_id, folded, commune, kind, verified in db.session.execute(
        producers.where(producers_within(by)).order_by(Producer.id.desc())
    ):
        register.producers[folded, commune] = KnownProducer(row_id, kind, verified is not None)
    products = select(Product.id, Product.folded, Product.producer_id, Product.code, Product.set_code)
    for row_id, folded, producer, code, set_code in db.session.execute(
        products.join(Product.producer).where(producers_within(by)).order_by(Product.id.desc())
    ):
        register.products[producer, folded] = KnownProduct(row_id, code, set_code)


def _certificates(register: Register, by: Actor) -> None:
    columns = (
        Certificate.product_id,
        Certificate.decision_id,
        Certificate.code,
        Certificate.issued_on,
        Certificate.expires_on,
        Certificate.stars,
        Certificate.score,
        Certificate.printed_number,
    )
    query = select(*columns).join(Certificate.product).join(Product.producer).where(producers_within(by))
    for row in db.session.execute(query.order_by(Certificate.id)):
        register.certificates.setdefault(row[0], []).append(KnownCertificate(*row))


@dataclass
class Taken:
    """Slugs in use, so that new ones are found without asking for each."""

    producers: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)


def taken_slugs() -> Taken:
    """Every slug in use."""
    return Taken(
        set(db.session.scalars(select(Producer.slug))),
        set(db.session.scalars(select(Organisation.slug))),
        set(db.session.scalars(select(Product.slug))),
    )
