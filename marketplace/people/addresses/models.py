"""Saved addresses."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import User
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related


class SavedAddress(Model):
    """One place a member has goods sent to, by today's units; at most one is the default."""

    __tablename__ = "saved_addresses"
    __table_args__ = (
        Index("ix_saved_addresses_user_id", "user_id"),
        Index(
            "uq_saved_addresses_default",
            "user_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(60), default="")  # "Nhà", "Cơ quan"
    recipient: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(16))  # E.164
    commune_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))
    street: Mapped[str] = mapped_column(String(200))
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    user: Mapped[User] = related()
    commune: Mapped[AdministrativeUnit] = related()
