"""Evidence: what reached its buyers, where, how it grew; on the page, on paper, as a table, in the vault."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from marketplace.office.evidence.queries import evidence_of, list_own_products
from marketplace.office.evidence.rules import Month, Place, Sale, figures, year_until
from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.models import Paper, PaperState
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.media.models import KeptFile
from marketplace.registry.certification.models import Product
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.orders.models import Order, OrderPart, PartState
from tests.builders import make_offer, make_order, make_producer, make_product, make_user
from tests.conftest import TODAY, Client
from tests.pages import send, sign_in
from tests.pdf_text import pdf_words


def sale(on: date, amount: int = 100, **facts: str) -> Sale:
    told = {"order": "A", "buyer": "a", "province": "Hà Nội", "commune": "1", **facts}
    return Sale(on, 1, Money(amount), **told)


def test_a_year_is_twelve_calendar_months() -> None:
    assert year_until(date(2026, 11, 23)) == (date(2025, 12, 1), date(2026, 11, 23))
    assert year_until(date(2026, 12, 31)) == (date(2026, 1, 1), date(2026, 12, 31))


def test_figures_of_a_year_beside_the_one_before() -> None:
    sales = [
        sale(date(2025, 12, 1), 300, order="A", buyer="a"),
        sale(date(2026, 11, 23), 200, order="B", buyer="a", province="Sơn La", commune="2"),
        sale(date(2026, 11, 2), 100, order="B", buyer="a", province="Sơn La", commune="2"),
        sale(date(2025, 11, 30), 400, order="C", buyer="c"),
        sale(date(2024, 12, 1), 100, order="D", buyer="d"),
        sale(date(2024, 11, 30), 9_999, order="E", buyer="e"),  # too long ago
        sale(date(2026, 11, 24), 9_999, order="F", buyer="f"),  # after the day
    ]
    found = figures(sales, date(2026, 11, 23))
    assert (found.orders, found.units, found.buyers, found.communes) == (2, 3, 1, 2)
    assert (found.amount, found.before, found.growth) == (Money(600), Money(500), Decimal("20.0"))
    assert found.places == (Place("Hà Nội", 1, Money(300)), Place("Sơn La", 1, Money(300)))
    assert len(found.months) == 12
    assert found.months[0] == Month(date(2025, 12, 1), 1, Money(300))
    assert found.months[-1] == Month(date(2026, 11, 1), 2, Money(300))
    assert figures([], date(2026, 11, 23)).growth is None


@given(st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2026, 12, 31)), st.integers(1, 10**9)), max_size=40))
def test_months_and_places_sum_to_the_whole(made: list[tuple[date, int]]) -> None:
    found = figures([sale(on, amount, province=f"T{amount % 3}") for on, amount in made], date(2026, 11, 23))
    assert sum(month.amount.amount for month in found.months) == found.amount.amount
    assert sum(place.amount.amount for place in found.places) == found.amount.amount


@pytest.fixture
def maker(client: Client, at: datetime) -> tuple[User, Variant]:
    """A producer with one product, a delivered order of two last month, and one cancelled."""
    user = make_user(Role.PRODUCER, at=at)
    variant = make_offer("Miến dong", at=at, producer=make_producer("Lò miến", at=at, user=user))
    for n, state in enumerate((PartState.COMPLETED, PartState.CANCELLED)):
        order = make_order((variant, 2), at=at)
        with transaction():
            moved = at - timedelta(days=30 * n)
            db.session.execute(update(Order).where(Order.id == order.id).values(placed_at=moved))
            db.session.execute(update(OrderPart).where(OrderPart.order_id == order.id).values(state=state))
    sign_in(client, user)
    return user, variant


def code_of(variant: Variant) -> str:
    query = select(Product.code).join(Listing, Listing.product_id == Product.id)
    return db.session.scalars(query.where(Listing.id == variant.listing_id)).one()


def test_only_what_reached_its_buyer_counts(app: Flask, maker: tuple[User, Variant], at: datetime) -> None:
    user, variant = maker
    found = evidence_of(code_of(variant), by=user.actor(), on=TODAY)
    assert (found.figures.orders, found.figures.units, found.figures.amount) == (1, 2, Money(100_000))
    assert [place.name for place in found.figures.places] == ["Thành phố Hà Nội"]
    assert found.story is not None
    assert (found.story.published_on, found.story.english, found.story.pictures) == (TODAY, False, 0)
    assert [p.name for p in list_own_products(by=user.actor())] == ["Miến dong"]
    for by in (make_user(Role.PRODUCER, at=at).actor(), make_user(at=at).actor()):
        with pytest.raises(NotFound):
            evidence_of(code_of(variant), by=by, on=TODAY)


def test_the_page_the_paper_and_the_table(client: Client, maker: tuple[User, Variant], at: datetime) -> None:
    code = code_of(maker[1])
    page = client.get("/producer/evidence").text
    assert ("1 đơn đã giao" in page, "Thành phố Hà Nội" in page) == (True, True)
    words = pdf_words(client.get(f"/producer/evidence/{code}.pdf").data)
    for expected in ("Bằng chứng thị trường của Miến dong", "Lập ngày 23/11/2026", "Thành phố Hà Nội", "100.000"):
        assert expected in words
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(f"/producer/evidence/{code}.xlsx").data))
    rows = [row[:4] for row in book.get_sheet_by_index(0).to_python()]
    assert ["Nơi hàng đã tới", "Thành phố Hà Nội", 1.0, 100000.0] in rows
    english = client.get(f"/producer/evidence/{code}.pdf?lang=en").data
    assert "Market evidence of" in pdf_words(english)
    assert client.get("/producer/evidence?product=SP00000000").status_code == 404
    assert client.get("/producer/evidence/SP00000000.pdf").status_code == 404


def test_a_product_without_sales_or_page(client: Client, maker: tuple[User, Variant], at: datetime) -> None:
    variant = db.session.get_one(Variant, maker[1].id)
    producer_id = db.session.scalars(
        select(Product.producer_id)
        .join(Listing, Listing.product_id == Product.id)
        .where(Listing.id == variant.listing_id)
    ).one()

    bare = make_product(db.session.get_one(Producer, producer_id), "Bánh dong", at=at)
    page = client.get(f"/producer/evidence?product={bare.code}").text
    assert "Chưa có đơn nào tới nơi trong thời gian này." in page
    assert "Sản phẩm này chưa có trang bán." in page
    words = pdf_words(client.get(f"/producer/evidence/{bare.code}.pdf").data)
    assert "chưa so được" in words


def test_nobody_without_products(client: Client, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    make_producer("Mới", at=at, user=user)
    sign_in(client, user)
    assert "Chưa có sản phẩm nào trong sổ chứng nhận." in client.get("/producer/evidence").text


def test_kept_in_the_vault(client: Client, maker: tuple[User, Variant], at: datetime) -> None:
    answer = send(client, f"/producer/evidence/{code_of(maker[1])}/keep")
    paper = db.session.scalars(select(Paper)).one()
    assert answer.headers["Location"] == f"/producer/papers/{paper.code}"
    assert (paper.kind, paper.title, paper.state, paper.issued_on) == (
        "market_development", "Bằng chứng thị trường của Miến dong", PaperState.GIVEN, TODAY,
    )  # fmt: skip
    names = db.session.scalars(select(KeptFile.file_name).order_by(KeptFile.id)).all()
    assert names == ["mien-dong-2026-11-23.pdf", "mien-dong-2026-11-23.xlsx"]
