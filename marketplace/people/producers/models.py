"""Producers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import Organisation
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice


class ProducerKind(StrEnum):
    COOPERATIVE = "cooperative"
    GROUP = "group"
    COMPANY = "company"
    HOUSEHOLD = "household"
    FARM = "farm"


class Producer(Model):
    """Who makes the goods. Sells only once verified."""

    __tablename__ = "producers"
    __table_args__ = (Index("ix_producers_commune_id", "commune_id"),)

    id: Mapped[RowId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), unique=True)
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[ProducerKind] = mapped_column(choice(ProducerKind, "kind"))
    commune_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))
    contact_name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    story: Mapped[str] = mapped_column(Text, default="")
    story_en: Mapped[str] = mapped_column(Text, default="")
    founded_year: Mapped[int | None]
    registration_number: Mapped[str | None] = mapped_column(String(40))
    tax_code: Mapped[str | None] = mapped_column(String(20))
    street: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = related()
    commune: Mapped[AdministrativeUnit] = related()
