"""What the API says of certificates, producers and categories."""

from datetime import date

from flask import current_app, url_for

from marketplace.faces.api.items import (
    CategoryItem,
    CertifiedItem,
    ClassifiedItem,
    Coded,
    DecisionItem,
    ProducerItem,
    RevocationItem,
)
from marketplace.faces.storefront.standing import Verified
from marketplace.people.producers.models import Producer
from marketplace.registry.certification.models import Certificate, Decision
from marketplace.registry.certification.product_sets import StorefrontGroup, product_set


def _address(path: str) -> str:
    return f"{current_app.config['SETTINGS'].site_url}{path}"


def certified_item(found: Verified) -> CertifiedItem:
    """One certificate as it stands on the day it was asked for."""
    c = found.certificate
    granted, producer, listing = c.granted_as, c.product.producer, found.on_sale
    return CertifiedItem(
        code=c.code,
        printed_number=c.printed_number,
        url=_address(url_for("storefront.verify_number", typed=c.code)),
        stars=c.stars,
        potential_five=c.potential_five,
        standing=found.standing.value,
        issued_on=c.issued_on,
        expires_on=c.expires_on,
        decision=_decision(c.decision),
        revocation=_revocation(c),
        category=ClassifiedItem(
            code=granted.code, name=granted.name, name_en=granted.name_en, decision=granted.decision
        ),
        product=Coded(code=c.product.code, name=c.product.name),
        product_url=_address(url_for("storefront.product", slug=listing.listing.slug)) if listing else None,
        producer=producer.name,
        commune=producer.commune.name,
    )


def _decision(decision: Decision) -> DecisionItem:
    return DecisionItem(
        authority=decision.authority,
        level=decision.level.value,
        number=decision.number,
        issued_on=decision.issued_on,
    )


def _revocation(c: Certificate) -> RevocationItem | None:
    if c.revocation is None or c.revoked_on is None:
        return None
    revoked_on: date = c.revoked_on
    return RevocationItem(decision=_decision(c.revocation), revoked_on=revoked_on, reason=c.revocation_reason or "")


def producer_item(producer: Producer, products: int) -> ProducerItem:
    """A producer with how many public products it has."""
    former = producer.commune.former_district
    return ProducerItem(
        slug=producer.slug,
        name=producer.name,
        kind=producer.kind.value,
        url=_address(url_for("storefront.producer", slug=producer.slug)),
        commune=producer.commune.name,
        district=former.name if former else None,
        products=products,
    )


def category_item(group: StorefrontGroup) -> CategoryItem:
    """A group with its sets."""
    return CategoryItem(
        slug=group.slug,
        name=group.name,
        name_en=group.name_en,
        url=_address(url_for("storefront.category_page", slug=group.slug)),
        sets=[Coded(code=code, name=product_set(code).name) for code in group.sets],
    )
