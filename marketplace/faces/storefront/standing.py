"""What `/verify` says of a certificate: its standing today in words and seal, among its product's others."""

from dataclasses import dataclass
from datetime import date

from marketplace.faces.storefront.cards import Seal
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.queries import find_certificates, list_of_products
from marketplace.registry.certification.rules import EXPIRING_DAYS, Standing, standing


@dataclass(frozen=True)
class Verified:
    """One certificate that was asked for."""

    certificate: Certificate
    standing: Standing
    seal: Seal
    history: tuple[tuple[Certificate, Standing], ...]  # all of the product, newest first


def verify(typed: str, *, on: date) -> list[Verified]:
    """Every certificate that a code or printed number names, as it stands on the day."""
    found = find_certificates(typed)
    others = list_of_products(c.product_id for c in found)
    return [_verified(c, others[c.product_id], on) for c in found]


def _verified(certificate: Certificate, all_of_product: list[Certificate], on: date) -> Verified:
    now = standing(certificate, all_of_product, on)
    left = (certificate.expires_on - on).days
    state = "expiring" if now is Standing.IN_FORCE and left < EXPIRING_DAYS else now.value
    history = tuple((c, standing(c, all_of_product, on)) for c in all_of_product)
    return Verified(certificate, now, Seal(certificate.stars, state, certificate.expires_on, left), history)
