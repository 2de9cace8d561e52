"""Entering products and certificates, and revoking them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import exists, select, update

from marketplace.people.producers.models import Producer
from marketplace.people.producers.policies import producers_within
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.changes import changed
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, rows_changed
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import free_slug, random_code
from marketplace.platform.core.words import N_
from marketplace.registry.certification.classifications import ClassifiedSet, classification_on, granted_set, sets_of
from marketplace.registry.certification.models import Certificate, Decision, Product
from marketplace.registry.certification.policies import KEEP_REGISTER
from marketplace.registry.certification.product_sets import product_set
from marketplace.registry.certification.queries import find_decision, get_certificate, get_product
from marketplace.registry.certification.rules import PROGRAMME_BEGAN, AuthorityLevel, expiry, may_grant


class AlreadyCertified(Conflict):
    """One decision certifies a product once."""

    code = "already_certified"
    message = N_("Quyết định này đã cấp chứng nhận cho sản phẩm này rồi.")


class AlreadyRevoked(Conflict):
    """A certificate is revoked once."""

    code = "already_revoked"
    message = N_("Chứng nhận này đã bị thu hồi trước đó.")


class DecisionDiffers(Conflict):
    """The same authority, number and date were entered before, with another level."""

    code = "decision_differs"
    message = N_("Quyết định số này đã được nhập với cấp ban hành khác. Hãy kiểm tra lại số, ngày và cấp.")


@dataclass(frozen=True)
class DecisionFacts:
    """An authority's decision as printed."""

    authority: str
    level: AuthorityLevel
    number: str
    issued_on: date

    @classmethod
    def of(cls, row: Decision) -> "DecisionFacts":
        """The facts of a decision that is in the register."""
        return cls(row.authority, row.level, row.number, row.issued_on)


def create_product(
    *, producer_id: int, name: str, set_code: str, by: Actor, at: datetime, name_en: str = ""
) -> Product:
    """Enter a producer's product in the register, not yet certified. `set_code` is one of the 26 sets."""
    _may_keep(by)
    product_set(set_code)
    if db.session.scalar(select(Producer.id).where(Producer.id == producer_id, producers_within(by))) is None:
        raise NotFound
    product = Product(
        code=f"SP{random_code(8)}",
        slug=free_slug(name, lambda s: bool(db.session.scalar(select(exists().where(Product.slug == s))))),
        producer_id=producer_id,
        name=nfc(name),
        name_en=nfc(name_en),
        set_code=set_code,
        created_at=at,
    )
    db.session.add(product)
    db.session.flush()
    record(by=by, action="product.created", subject_type="product", subject=product.code, at=at)
    return product


def enter_decision(*, decision: DecisionFacts, by: Actor, at: datetime) -> Decision:
    """Enter a decision before the certificates it grants; the one that is known already is answered."""
    _may_keep(by)
    _check_day(decision, at)
    known = _find(decision)
    row = _decision(decision, at=at)
    if known is None:
        detail = {"authority": row.authority, "number": row.number}
        record(by=by, action="decision.entered", subject_type="decision", subject=row.code, at=at, detail=detail)
    return row


def certify(
    *,
    product_code: str,
    decision: DecisionFacts,
    stars: int,
    by: Actor,
    at: datetime,
    score: Decimal | None = None,
    printed_number: str | None = None,
    issued_on: date | None = None,
    expires_on: date | None = None,
    potential_five: bool = False,
    granted_as: str | None = None,
) -> Certificate:
    """Enter a certificate that a decision grants a product; it lasts 36 months unless `expires_on` is printed.

    `granted_as` is the code of the product set in the classification of the decision's day; None takes the nearest.
    From `issued_on` (the decision's day, or up to 90 days later where the decision says so) it is the one that
    counts, whether its stars are higher or lower than before.
    """
    _may_keep(by)
    issued_on = issued_on or decision.issued_on
    _check_day(decision, at)
    _check_term(decision, issued_on, expires_on)
    _check_stars(decision, stars, score)
    _check_potential(stars, score, potential_five)
    product = get_product(product_code, by=by)
    granted = _granted(product, granted_as, decision.issued_on)
    row = _decision(decision, at=at)
    if db.session.scalar(
        select(exists().where(Certificate.product_id == product.id, Certificate.decision_id == row.id))
    ):
        raise AlreadyCertified
    certificate = Certificate(
        code=f"CN{random_code(8)}",
        printed_number=nfc(printed_number) if printed_number else None,
        product_id=product.id,
        decision_id=row.id,
        stars=stars,
        score=score,
        potential_five=potential_five,
        classification=granted.classification,
        set_code=granted.code,
        issued_on=issued_on,
        expires_on=expires_on or expiry(issued_on),
        created_at=at,
    )
    db.session.add(certificate)
    _entered(certificate, product, decision, by=by, at=at)
    return certificate


def _entered(certificate: Certificate, product: Product, decision: DecisionFacts, *, by: Actor, at: datetime) -> None:
    """Announce a new certificate and record who entered it."""
    changed("product", product.id, at=at)
    code = certificate.code
    detail = {"product": product.code, "stars": certificate.stars, "decision": decision.number}
    record(by=by, action="certificate.entered", subject_type="certificate", subject=code, at=at, detail=detail)


def revoke(*, code: str, decision: DecisionFacts, reason: str, by: Actor, at: datetime) -> None:
    """Enter the decision that takes a certificate back, from that decision's day on."""
    _may_keep(by)
    certificate = get_certificate(code, by=by)
    if not reason.strip():
        raise Invalid({"reason": N_("Ghi lý do thu hồi như trong quyết định.")})
    _check_day(decision, at)
    if decision.issued_on < certificate.issued_on:
        raise Invalid({"issued_on": N_("Ngày thu hồi phải từ ngày cấp chứng nhận đến hôm nay.")})
    row = _decision(decision, at=at)
    done = rows_changed(
        update(Certificate)
        .where(Certificate.id == certificate.id, Certificate.revoked_on.is_(None))
        .values(revoked_on=decision.issued_on, revocation_decision_id=row.id, revocation_reason=nfc(reason))
    )
    if done != 1:
        raise AlreadyRevoked
    changed("product", certificate.product_id, at=at)
    facts = {"decision": decision.number, "reason": nfc(reason)}
    record(by=by, action="certificate.revoked", subject_type="certificate", subject=code, at=at, detail=facts)


def _check_day(decision: DecisionFacts, at: datetime) -> None:
    if decision.issued_on > day_of(at):
        raise Invalid({"issued_on": N_("Ngày ban hành không thể ở tương lai.")})
    if decision.issued_on < PROGRAMME_BEGAN:
        raise Invalid({"issued_on": N_("Chương trình OCOP có từ 07/05/2018; không có quyết định nào trước đó.")})


def _check_term(decision: DecisionFacts, issued_on: date, expires_on: date | None) -> None:
    if not decision.issued_on <= issued_on <= decision.issued_on + timedelta(days=90):
        raise Invalid({"issued_on": N_("Ngày có hiệu lực phải trong 90 ngày kể từ ngày quyết định.")})
    if expires_on is not None and expires_on <= issued_on:
        raise Invalid({"expires_on": N_("Ngày hết hạn phải sau ngày có hiệu lực.")})


def _check_stars(decision: DecisionFacts, stars: int, score: Decimal | None) -> None:
    if not may_grant(decision.level, stars, decision.issued_on):
        raise Invalid({"stars": N_("Cấp này không có quyền công nhận số sao này vào ngày ban hành.")})
    if score is not None and not 0 <= score <= 100:
        raise Invalid({"score": N_("Điểm từ 0 đến 100.")})


def _check_potential(stars: int, score: Decimal | None, potential_five: bool) -> None:
    if potential_five and (stars != 4 or (score is not None and score < 90)):
        raise Invalid({"potential_five": N_("Tiềm năng 5 sao chỉ ghi cho 4 sao được chấm từ 90 điểm.")})


def _granted(product: Product, code: str | None, decided_on: date) -> ClassifiedSet:
    """Under which set the product is certified: the one said, if the classification of the day has it for it."""
    if code is None:
        return granted_set(product.set_code, decided_on)
    of_the_time = sets_of(classification_on(decided_on))
    named = next((known for known in of_the_time if known.code == code and product.set_code in known.today), None)
    if named is None:
        raise Invalid(
            {"granted_as": N_("Bộ này không thuộc phân loại của ngày quyết định, hoặc không hợp với sản phẩm.")}
        )
    return named


def _may_keep(by: Actor) -> None:
    if not KEEP_REGISTER.held_by(by):
        raise Forbidden


def _decision(facts: DecisionFacts, *, at: datetime) -> Decision:
    authority, number = nfc(facts.authority), nfc(facts.number)
    if not authority or not number:
        raise Invalid({"number": N_("Nhập cơ quan ban hành và số quyết định.")})
    known = _find(facts)
    if known is not None:
        if known.level is not facts.level:
            raise DecisionDiffers
        return known
    row = Decision(authority=authority, level=facts.level, number=number, issued_on=facts.issued_on, created_at=at)
    db.session.add(row)
    db.session.flush()
    return row


def _find(facts: DecisionFacts) -> Decision | None:
    return find_decision(authority=nfc(facts.authority), number=nfc(facts.number), issued_on=facts.issued_on)
