"""What is frozen for each part when it is ordered: the platform's share, and what is withheld for the State."""

from datetime import date

from marketplace.people.producers.models import Producer, ProducerKind
from marketplace.people.verification.queries import tax_subject_of
from marketplace.people.verification.rules import withheld
from marketplace.shop.checkout.queries import ReviewPart
from marketplace.shop.ledger.rules import Rates, tax_rates
from marketplace.shop.ledger.services import freeze_terms

ORGANISATIONS = frozenset({ProducerKind.COMPANY, ProducerKind.COOPERATIVE})


def freeze(part: ReviewPart, *, part_id: int, commission_bp: int, on: date) -> None:
    """Keep the part's rates: a producer's tax subject and the platform's share as they are today."""
    subject = subject_of(part.producer)
    vat, income = tax_rates(withheld(subject, on), False, on)  # services have no cart
    freeze_terms(part_id=part_id, rates=Rates(commission_bp, vat, income), tax_subject=subject or "unknown")


def subject_of(producer: Producer) -> str:
    """Who pays tax how: as checked, else a firm or cooperative is an organisation, and of others nobody knows."""
    known = tax_subject_of(producer.id)
    return known or ("organisation" if producer.kind in ORGANISATIONS else "")
