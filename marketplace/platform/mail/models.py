"""The outbox."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId


class OutgoingMail(Model):
    """One message. Its Message-ID is fixed when it is written, so that a repeat is recognised by who receives it."""

    __tablename__ = "outgoing_mails"
    __table_args__ = (Index("ix_outgoing_mails_due", "sent_at", "due_at"),)

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    to_address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    secret: Mapped[bool] = mapped_column(default=False)  # it carries a link's secret: emptied once it has left
    unsubscribe: Mapped[str] = mapped_column(String(500), default="")  # the address that ends a subscription (RFC 8058)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
