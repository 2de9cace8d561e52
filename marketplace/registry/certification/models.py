"""Products, decisions, certificates."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.folding import fold
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.types import choice, folded_name
from marketplace.registry.certification.classifications import Classification, ClassifiedSet, classified_set
from marketplace.registry.certification.rules import AuthorityLevel


class Product(Model):
    """What is certified: a producer's product of one product set. Its stars belong to its certificates."""

    __tablename__ = "products"
    __table_args__ = (Index("ix_products_producer_id", "producer_id"), Index("ix_products_folded", "folded"))

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400), default=folded_name)  # for finding and matching
    name_en: Mapped[str] = mapped_column(String(200), default="")
    set_code: Mapped[str] = mapped_column(String(8))  # of product_sets.py
    created_at: Mapped[datetime]

    producer: Mapped[Producer] = related()

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        self.folded = fold(name)
        return name


class Decision(Model):
    """An authority's act on a date that grants, lowers or revokes certificates."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("authority", "number", "issued_on"),
        Index("ix_decisions_code", "code", unique=True),
        Index("ix_decisions_issued_on", "issued_on"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), default=lambda: f"QD{random_code(8)}")
    authority: Mapped[str] = mapped_column(String(200))
    level: Mapped[AuthorityLevel] = mapped_column(choice(AuthorityLevel, "level"))
    number: Mapped[str] = mapped_column(String(64))
    issued_on: Mapped[date]
    created_at: Mapped[datetime]


class Certificate(Model):
    """A product's stars by one decision, in force from `issued_on` through `expires_on`, both days included."""

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("product_id", "decision_id"),
        CheckConstraint("stars BETWEEN 3 AND 5", name="stars"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 100)", name="score"),
        CheckConstraint("expires_on > issued_on", name="term"),
        CheckConstraint(
            "(revoked_on IS NULL) = (revocation_decision_id IS NULL)"
            " AND (revoked_on IS NULL) = (revocation_reason IS NULL)",
            name="revocation",
        ),
        CheckConstraint("revoked_on IS NULL OR revoked_on >= issued_on", name="revoked_after_issue"),
        CheckConstraint(
            "NOT potential_five OR (stars = 4 AND (score IS NULL OR score >= 90))",
            name="potential_five",
        ),
        CheckConstraint(
            "(classification = '1048') = (substr(set_code, 1, 5) = '1048-')",
            name="set_of_classification",
        ),
        # QĐ 1048 ended on 23 February 2023, and a certificate begins at most 90 days after its decision
        CheckConstraint("classification = '148' OR issued_on <= '2023-05-24'", name="classification_in_time"),
        Index("ix_certificates_product_id_issued_on", "product_id", "issued_on"),
        Index("ix_certificates_printed_number", "printed_number"),
        Index("ix_certificates_expires_on", "expires_on"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    printed_number: Mapped[str | None] = mapped_column(String(64))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    stars: Mapped[int]
    score: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    potential_five: Mapped[bool] = mapped_column(
        default=False
    )  # 90 points at the province, the ministry still to decide
    classification: Mapped[Classification] = mapped_column(choice(Classification, "classification"))
    set_code: Mapped[str] = mapped_column(String(8))  # of that classification
    issued_on: Mapped[date]
    expires_on: Mapped[date]
    revoked_on: Mapped[date | None]
    revocation_decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    revocation_reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    product: Mapped[Product] = related()
    decision: Mapped[Decision] = related(foreign_keys=[decision_id])
    revocation: Mapped[Decision | None] = related(foreign_keys=[revocation_decision_id])

    @property
    def granted_as(self) -> ClassifiedSet:
        """The product set it was granted under, by the classification of its time."""
        return classified_set(self.set_code)
