"""Evidence of fairs: those begun at which the product itself was shown, on the page, on paper, as a table."""

from datetime import date, datetime
from io import BytesIO

import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from marketplace.office.evidence.queries import FairShown, evidence_of
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.trade.exhibitors.models import Application, ApplicationState, Placing
from tests.builders import make_offer
from tests.conftest import Client
from tests.exhibiting import lay_booths
from tests.pages import sign_in
from tests.pdf_text import pdf_words
from tests.reporting import Held, make_held

AFTER = date(2026, 12, 25)


def code_of(variant: Variant) -> str:
    query = select(Product.code).join(Listing, Listing.product_id == Product.id)
    return db.session.scalars(query.where(Listing.id == variant.listing_id)).one()


def shown(held: Held, on: date = AFTER, variant: Variant | None = None) -> list[FairShown]:
    return list(evidence_of(code_of(variant or held.noodles), by=held.maker.actor(), on=on).fairs)


def test_only_fairs_where_it_was_shown_and_that_began(app: Flask, at: datetime) -> None:
    held = make_held(at=at)
    (fair,) = shown(held)
    assert (fair.edition.code, fair.booth, fair.products, fair.taken) == (held.edition.code, "", 3, Money(100_000))
    assert shown(held, on=date(2026, 12, 17)) == []
    other = make_offer("Không mang theo", at=at, producer=db.session.get_one(Producer, held.stand.producer_id))
    assert shown(held, variant=other) == []
    with transaction():
        db.session.get_one(Application, held.stand.id).state = ApplicationState.NO_SHOW
    assert shown(held) == []


def test_on_the_page_on_paper_and_as_a_table(client: Client, at: datetime) -> None:
    held = make_held(at=at)
    (booth,) = lay_booths(held.edition, {})
    with transaction():
        row = Placing(application_id=held.stand.id, booth_id=booth.id, placed_at=at, placed_by="x", published_at=at)
        db.session.add(row)
    code = code_of(held.noodles)
    with time_machine.travel(datetime(2026, 12, 25, 3, tzinfo=at.tzinfo), tick=True):
        sign_in(client, held.maker)
        page = client.get(f"/producer/evidence?product={code}").text
        for words in ("Hội chợ lần hai", "18/12/2026 – 20/12/2026", "A1", "100.000"):
            assert words in page, words
        paper = pdf_words(client.get(f"/producer/evidence/{code}.pdf").data)
        for words in ("Hội chợ lần hai", "A1", "đã trưng bày tại 1 hội chợ"):
            assert words in paper, words
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/producer/evidence/{code}.xlsx").data))
    rows = [row[:4] for row in book.get_sheet_by_index(0).to_python()]
    said = "Hội chợ lần hai, 18/12/2026 – 20/12/2026, gian A1"
    assert ["Hội chợ, số sản phẩm, doanh thu cả gian", said, 3, 100_000] in rows
