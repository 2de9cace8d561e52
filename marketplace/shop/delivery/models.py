"""Places where a buyer fetches what they ordered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.accounts.models import Organisation
from marketplace.people.places.models import AdministrativeUnit
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money


class PickupPoint(Model):
    """Producers send a buyer's goods here, the people of its organisation hand them over.

    What is fetched is paid before it is sent: a point keeps no cash of the marketplace's. `fee` is what a parcel costs
    the buyer instead of delivery; `page` is the path of a page that says more of the place.
    """

    __tablename__ = "pickup_points"
    __table_args__ = (CheckConstraint("fee >= 0", name="fee"),)

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    commune_id: Mapped[int] = mapped_column(ForeignKey("administrative_units.id"))
    street: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(16))  # E.164
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    fee: Mapped[Money]
    page: Mapped[str] = mapped_column(String(120), default="")
    closed_at: Mapped[datetime | None]  # takes no new orders since; what is on its way is still handed over

    commune: Mapped[AdministrativeUnit] = related()
    organisation: Mapped[Organisation] = related()
