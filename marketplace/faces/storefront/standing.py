"""What `/verify` says of a certificate: its standing today in words and seal, among its product's others."""

from dataclasses import dataclass
from datetime import date

from marketplace.faces.storefront.cards import Seal
from marketplace.registry.certification.history import Step, steps
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.queries import find_certificates, list_of_products
from marketplace.registry.certification.rules import EXPIRING_DAYS, Standing, standing
from marketplace.shop.catalog.queries import PublicListing, find_public_of_products


@dataclass(frozen=True)
class Verified:
    """One certificate that was asked for."""

    certificate: Certificate
    standing: Standing
    seal: Seal
    history: tuple[Step, ...]  # all of the product, newest first
    on_sale: PublicListing | None = None


def verify(typed: str, *, on: date) -> list[Verified]:
    """Every certificate that a code or printed number names, as it stands on the day."""
    found = find_certificates(typed)
    others = list_of_products(c.product_id for c in found)
    listings = find_public_of_products((c.product_id for c in found), on=on)
    return [_verified(c, others[c.product_id], listings.get(c.product_id), on) for c in found]


def seal_of_any(certificate: Certificate, now: Standing, *, on: date) -> Seal:
    """The seal of a certificate that is worth `now` on the day."""
    left = (certificate.expires_on - on).days
    state = "expiring" if now is Standing.IN_FORCE and left < EXPIRING_DAYS else now.value
    return Seal(certificate.stars, state, certificate.expires_on, left)


def _verified(
    certificate: Certificate, all_of_product: list[Certificate], listing: PublicListing | None, on: date
) -> Verified:
    now = standing(certificate, all_of_product, on)
    seal = seal_of_any(certificate, now, on=on)
    return Verified(certificate, now, seal, tuple(steps(all_of_product, on)), listing)
