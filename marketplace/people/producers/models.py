"""Producers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from marketplace.people.accounts.models import Organisation
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.folding import fold
from marketplace.platform.core.types import choice, folded_name


class ProducerKind(StrEnum):
    COOPERATIVE = "cooperative"
    GROUP = "group"
    COMPANY = "company"
    HOUSEHOLD = "household"
    FARM = "farm"


class Producer(Model):
    """Who makes the goods. Sells only once verified."""

    __tablename__ = "producers"
    __table_args__ = (Index("ix_producers_commune_id", "commune_id"), Index("ix_producers_folded", "folded"))

    id: Mapped[RowId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), unique=True)
    slug: Mapped[str] = mapped_column(String(96), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(400), default=folded_name)  # for finding and matching
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

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        self.folded = fold(name)
        return name
