"""Versions of the legal pages."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId
from marketplace.platform.core.types import choice


class Page(StrEnum):
    """What a marketplace must publish (NĐ 52/2013 as amended by NĐ 85/2021; Luật 19/2023/QH15; Luật 91/2025/QH15)."""

    RULES = "operating-rules"
    OWNER = "owner"
    PRIVACY = "privacy"
    PAYMENT = "payment"
    DELIVERY = "delivery"
    RETURNS = "returns"
    DISPUTES = "disputes"


class PageVersion(Model):
    """One wording of a page, in force from a day on. Append-only: a mistake is mended by a newer version."""

    __tablename__ = "legal_page_versions"
    __table_args__ = (
        UniqueConstraint("page", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("text <> ''", name="text"),
    )

    id: Mapped[RowId]
    page: Mapped[Page] = mapped_column(choice(Page, "page"))
    number: Mapped[int]  # 1, 2, 3 … of its page
    effective_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)  # Markdown
    text_en: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(300))
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(120))
