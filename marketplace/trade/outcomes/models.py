"""What the office set out to reach in a year."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model
from marketplace.platform.core.money import Money


class YearTarget(Model):
    """The targets of one year; the newest word counts."""

    __tablename__ = "matchmaking_targets"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2019 AND 2100", name="year"),
        CheckConstraint("meetings >= 0 AND producers >= 0 AND contracts >= 0", name="counts"),
        CheckConstraint("contract_value >= 0", name="contract_value"),
    )

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meetings: Mapped[int]  # held
    producers: Mapped[int]  # that met somebody
    contracts: Mapped[int]
    contract_value: Mapped[Money]
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
