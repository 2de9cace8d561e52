"""Vouchers, and how often each person has used one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.money import Money
from marketplace.platform.core.types import choice
from marketplace.shop.pricing.rules import Phase, phase_of
from marketplace.shop.pricing.totals import Promise, VoucherKind


class Voucher(Model):
    """A code that lowers what is paid. Given by its producer, or by the province where it has none.

    Only its end changes: who has seen a code may rely on what it said.
    """

    __tablename__ = "vouchers"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'amount' AND amount IS NOT NULL AND percent IS NULL AND cap IS NULL)"
            " OR (kind = 'percent' AND amount IS NULL AND percent IS NOT NULL)"
            " OR (kind = 'free_delivery' AND amount IS NULL AND percent IS NULL)",
            name="promise",
        ),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        CheckConstraint("percent IS NULL OR percent BETWEEN 1 AND 100", name="percent"),
        CheckConstraint("cap IS NULL OR cap > 0", name="cap"),
        CheckConstraint("minimum_goods >= 0", name="minimum_goods"),
        CheckConstraint("starts_at <= ends_at", name="time"),
        CheckConstraint("used >= 0 AND (most_uses IS NULL OR used <= most_uses)", name="used"),
        CheckConstraint("most_uses IS NULL OR most_uses > 0", name="most_uses"),
        CheckConstraint("most_each IS NULL OR most_each > 0", name="most_each"),
        Index("ix_vouchers_producer_id_ends_at", "producer_id", "ends_at"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(20), unique=True)  # as `rules.read_code` reads it
    name: Mapped[str] = mapped_column(String(120))
    producer_id: Mapped[int | None] = mapped_column(ForeignKey("producers.id"))
    kind: Mapped[VoucherKind] = mapped_column(choice(VoucherKind, "kind"))
    amount: Mapped[Money | None]
    percent: Mapped[int | None]
    cap: Mapped[Money | None]
    minimum_goods: Mapped[Money]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    most_uses: Mapped[int | None]  # None: as often as people like
    most_each: Mapped[int | None]  # by one person
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    producer: Mapped[Producer | None] = related()

    @property
    def promise(self) -> Promise:
        """What it takes off."""
        return Promise(self.code, self.kind, self.producer_id, self.amount, self.percent, self.cap)

    def phase(self, at: datetime) -> Phase:
        """Whether it is planned, running or ended."""
        return phase_of(self.starts_at, self.ends_at, at)


class VoucherPerson(Model):
    """How often one person has used a voucher that bounds it; `person` is a digest (`rules.persons`)."""

    __tablename__ = "voucher_people"
    __table_args__ = (CheckConstraint("used BETWEEN 0 AND most", name="used"),)

    voucher_id: Mapped[int] = mapped_column(ForeignKey("vouchers.id"), primary_key=True, autoincrement=False)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    used: Mapped[int]
    most: Mapped[int]  # the voucher's `most_each`, so that the database holds it too
