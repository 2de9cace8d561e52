"""Distributors, and the province's word on them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import Organisation
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptFile


class DistributorKind(StrEnum):
    SUPERMARKET = "supermarket"
    SHOP = "shop"
    WHOLESALER = "wholesaler"
    HOTEL = "hotel"
    EXPORTER = "exporter"
    ONLINE = "online"
    SHOWCASE = "showcase"  # a showcase point of OCOP goods
    OTHER = "other"


class Standing(StrEnum):
    OPEN = "open"  # still filling in
    WAITING = "waiting"  # sent to the province
    RETURNED = "returned"  # with a remark
    VERIFIED = "verified"
    SUSPENDED = "suspended"


TRANSITIONS: dict[Standing, frozenset[Standing]] = {
    Standing.OPEN: frozenset({Standing.WAITING, Standing.VERIFIED}),
    Standing.WAITING: frozenset({Standing.RETURNED, Standing.VERIFIED}),
    Standing.RETURNED: frozenset({Standing.WAITING, Standing.VERIFIED}),
    Standing.VERIFIED: frozenset({Standing.SUSPENDED, Standing.WAITING}),  # waiting again: what was checked changed
    Standing.SUSPENDED: frozenset({Standing.VERIFIED}),
}


class Distributor(Model):
    """What a distributor's organisation says of itself; the organisation holds the name.

    Producers see its demands, and it may ask them for quotations, only while `verified`. `version` counts what it
    said: an officer decides on what they saw, or not at all.
    """

    __tablename__ = "distributors"
    __table_args__ = (
        CheckConstraint("standing <> 'waiting' OR sent_at IS NOT NULL", name="sent"),
        CheckConstraint("standing NOT IN ('returned', 'suspended') OR remark <> ''", name="remark"),
        CheckConstraint("length(country) = 2", name="country"),
        CheckConstraint("outlets IS NULL OR outlets > 0", name="outlets"),
        Index("ix_distributors_standing", "standing", "sent_at"),
    )

    id: Mapped[RowId]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[DistributorKind] = mapped_column(choice(DistributorKind, "kind"))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    about: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(String(2), default="VN")  # ISO 3166-1
    province_id: Mapped[int | None] = mapped_column(ForeignKey("administrative_units.id"))  # where goods go; Vietnam's
    address: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    registration_number: Mapped[str] = mapped_column(String(40), default="")
    tax_code: Mapped[str] = mapped_column(String(20), default="")
    outlets: Mapped[int | None]  # how many points of sale
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"), default=Standing.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    remark: Mapped[str] = mapped_column(Text, default="")  # of the last return or suspension
    sent_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    organisation: Mapped[Organisation] = related()
    province: Mapped[AdministrativeUnit | None] = related()

    @property
    def verified(self) -> bool:
        return self.standing is Standing.VERIFIED


class DistributorFile(Model):
    """A paper of a distributor (registration, licence): seen by itself and by the officers who verify."""

    __tablename__ = "distributor_files"

    file_id: Mapped[int] = mapped_column(ForeignKey("kept_files.id"), primary_key=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]

    file: Mapped[KeptFile] = related()


class DistributorStep(Model):
    """What happened with a distributor's verification: who, when, which words. Append-only."""

    __tablename__ = "distributor_steps"
    __table_args__ = (Index("ix_distributor_steps_distributor_id", "distributor_id"),)

    id: Mapped[RowId]
    distributor_id: Mapped[int] = mapped_column(ForeignKey("distributors.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"))
    actor_name: Mapped[str] = mapped_column(String(200))
    remark: Mapped[str] = mapped_column(Text, default="")
