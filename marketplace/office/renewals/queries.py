"""Which certificates will lapse soon."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from marketplace.office.renewals.rules import NOTICE_DAYS
from marketplace.platform.core.db import db
from marketplace.platform.jobs.models import Job
from marketplace.registry.certification.models import Certificate, Product
from marketplace.registry.certification.queries import in_force
from marketplace.registry.dossiers.models import OPEN, Dossier


def list_lapsing_soon(*, on: date) -> list[Certificate]:
    """Certificates in force that end within 180 days, with product and producer, the first to end first."""
    query = (
        select(Certificate)
        .join(Certificate.product)
        .join(Product.producer)
        .options(contains_eager(Certificate.product).contains_eager(Product.producer))
        .where(in_force(on), Certificate.expires_on <= on + timedelta(days=max(NOTICE_DAYS)))
    )
    return list(db.session.scalars(query.order_by(Certificate.expires_on, Certificate.id)))


def find_lapsing(code: str, *, on: date) -> Certificate | None:
    """One certificate with product and producer, if it is still in force on the day."""
    return next((certificate for certificate in list_lapsing_soon(on=on) if certificate.code == code), None)


def asked_already(name: str, keys: list[str]) -> set[str]:
    """Which of these jobs are known."""
    return set(db.session.scalars(select(Job.key).where(Job.name == name, Job.key.in_(keys))))


def open_dossier_of(product_id: int) -> Dossier | None:
    """The product's open dossier, if there is one."""
    return db.session.scalar(select(Dossier).where(Dossier.product_id == product_id, Dossier.state.in_(OPEN)))
