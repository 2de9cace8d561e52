"""Reading the legal pages; before an administrator has written one, the draft of `data/` stands."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select

from marketplace.office.legal.models import Page, PageVersion
from marketplace.platform.core.db import db

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Wording:
    """What a page says: in force from a day on, or the draft, which has no number and no day."""

    page: Page
    number: int
    effective_on: date | None
    text: str
    text_en: str


@cache
def draft(page: Page) -> Wording:
    """The wording that the software comes with, for the owner to make its own."""
    texts = [(DATA / f"{page.value}.{lang}.md").read_text(encoding="utf-8") for lang in ("vi", "en")]
    return Wording(page, 0, None, *texts)


def in_force(page: Page, *, on: date) -> Wording:
    """What the page says on a day: of the versions in force by then the newest, else the draft."""
    query = select(PageVersion).where(PageVersion.page == page, PageVersion.effective_on <= on)
    row = db.session.scalar(query.order_by(PageVersion.effective_on.desc(), PageVersion.number.desc()).limit(1))
    return draft(page) if row is None else _wording(row)


def list_versions(page: Page) -> list[PageVersion]:
    """Every version of a page, newest first."""
    query = select(PageVersion).where(PageVersion.page == page)
    return list(db.session.scalars(query.order_by(PageVersion.number.desc())))


def list_newest() -> dict[Page, PageVersion]:
    """The newest version of each page that has one."""
    query = select(PageVersion).order_by(PageVersion.page, PageVersion.number)
    return {row.page: row for row in db.session.scalars(query)}


def find_version(page: Page, number: int) -> Wording | None:
    """One version of a page, in force or not."""
    row = db.session.scalar(select(PageVersion).where(PageVersion.page == page, PageVersion.number == number))
    return None if row is None else _wording(row)


def _wording(row: PageVersion) -> Wording:
    return Wording(row.page, row.number, row.effective_on, row.text, row.text_en)
