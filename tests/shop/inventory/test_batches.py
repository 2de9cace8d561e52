"""Batches: received, sold first expired first out, counted, written off; what is past its day is not for sale."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role, User
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from marketplace.shop.baskets.queries import contents, find_basket
from marketplace.shop.baskets.rules import Trouble
from marketplace.shop.baskets.services import NotEnough, add_to_basket
from marketplace.shop.catalog.models import Variant
from marketplace.shop.checkout.services import ReviewChanged, place_order
from marketplace.shop.inventory.jobs import watch_batches
from marketplace.shop.inventory.models import MovementKind, Stock, StockBatch, StockMovement
from marketplace.shop.inventory.queries import batches_of, count_movements, list_movements, on_hand, sellable
from marketplace.shop.inventory.services import (
    BatchFacts,
    NotCounted,
    OutOfStock,
    SeveralBatches,
    StockMoved,
    TooManyBack,
    correct_stock,
    count_stock,
    put_back,
    receive_batch,
    set_low_mark,
    take,
    warn_of_ends,
    write_off,
)
from marketplace.shop.search.queries import documents_of
from tests.builders import (
    BY,
    fill_basket,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    make_user,
    start_checkout,
)
from tests.conftest import TODAY


def receive(variant: Variant, units: int, life: int | None, at: datetime, *, code: str = "", counts: int = 0) -> str:
    """A batch made today with so many days to live; answers its code."""
    facts = BatchFacts(units, code, TODAY, None if life is None else TODAY + timedelta(days=life))
    with transaction():
        return receive_batch(sku=variant.sku, facts=facts, counts=counts, by=BY, at=at).code


def inside(variant: Variant) -> dict[str, int]:
    """Units by batch, in the order they are sold."""
    db.session.rollback()
    found = {batch.code: batch.units for batch in batches_of([variant.id], empty=True).get(variant.id, [])}
    db.session.expunge_all()
    db.session.rollback()
    return found


@pytest.fixture
def variant(app: Flask, at: datetime) -> Variant:
    """Noodles in three batches: 4 that do not spoil, 3 for 90 days, 2 for 10 days, received in this order."""
    made = make_offer(at=at, stock=0)
    receive(made, 4, None, at, code="A")
    receive(made, 3, 90, at, code="B", counts=1)
    receive(made, 2, 10, at, code="C", counts=2)
    return made


def test_the_first_to_expire_goes_first_and_comes_back_where_it_was(variant: Variant, at: datetime) -> None:
    assert inside(variant) == {"C": 2, "B": 3, "A": 4}
    with transaction():
        take({variant.id: 6}, reference="X", by=BY, at=at)
    assert inside(variant) == {"C": 0, "B": 0, "A": 3}
    for units, after in ((2, {"C": 0, "B": 1, "A": 4}), (4, {"C": 2, "B": 3, "A": 4})):
        with transaction():
            put_back({variant.id: units}, sold_as="X", reference="X/1", by=BY, at=at)
        assert inside(variant) == after
    with pytest.raises(TooManyBack), transaction():
        put_back({variant.id: 1}, sold_as="X", reference="X/1", by=BY, at=at)
    assert (inside(variant), on_hand([variant.id])) == ({"C": 2, "B": 3, "A": 4}, {variant.id: 9})
    sold = [(m.batch.code, m.delta) for m in list_movements(variant.id) if m.kind is MovementKind.SOLD]
    assert sold == [("A", -1), ("B", -3), ("C", -2)]


def test_past_its_day_it_is_there_and_not_for_sale(variant: Variant, at: datetime) -> None:
    last, after = at + timedelta(days=10), at + timedelta(days=11)
    assert [sellable([variant.id], on=day.date()) for day in (last, after)] == [{variant.id: 9}, {variant.id: 7}]
    for when, units in ((after, 8), (last, 10)):
        with pytest.raises(OutOfStock), transaction():
            take({variant.id: units}, reference="X", by=BY, at=when)
    assert (inside(variant), on_hand([variant.id])) == ({"C": 2, "B": 3, "A": 4}, {variant.id: 9})
    with transaction():
        take({variant.id: 7}, reference="X", by=BY, at=after)
    assert (inside(variant), on_hand([variant.id])) == ({"C": 2, "B": 0, "A": 0}, {variant.id: 2})
    assert sellable([variant.id], on=after.date()) == {variant.id: 0}


def test_midnight_takes_it_out_of_baskets_without_a_write(app: Flask, at: datetime) -> None:
    goods = make_offer(at=at, stock=0)
    receive(goods, 5, 3, at)
    token, before = fill_basket((goods, 2), at=at), at + timedelta(days=3)
    basket = find_basket(token, by=GUEST)
    lines = [contents(basket, at=day).lines[0] for day in (before, before + timedelta(days=1))]
    assert [(line.on_hand, line.trouble) for line in lines] == [(5, None), (0, Trouble.SOLD_OUT)]
    with pytest.raises(NotEnough), transaction():
        add_to_basket(token=token, sku=goods.sku, quantity=1, by=GUEST, at=before + timedelta(days=1))
    key, fingerprint = start_checkout(token, at=before)
    with pytest.raises(ReviewChanged), transaction():
        place_order(key=key, fingerprint=fingerprint, language="vi", by=GUEST, at=before + timedelta(days=1))
    assert inside(goods) == {"261123": 5}


def test_receiving(app: Flask, at: datetime) -> None:
    goods = make_offer(at=at, stock=0)
    facts = BatchFacts(10, " L1 ", TODAY - timedelta(days=5), TODAY + timedelta(days=85), " mẻ  sáng ")
    with transaction():
        receive_batch(sku=goods.sku, facts=facts, counts=0, by=BY, at=at)
    for counts in (0, 2):  # the same form twice, or a stale one
        with pytest.raises(StockMoved), transaction():
            receive_batch(sku=goods.sku, facts=facts, counts=counts, by=BY, at=at)
    with transaction():  # the rest of the batch
        receive_batch(sku=goods.sku, facts=facts, counts=1, by=BY, at=at)
    assert receive(goods, 1, None, at, counts=2) == "261123"
    assert receive(goods, 1, None, at, counts=3) == "261123-2"
    assert inside(goods) == {"L1": 20, "261123": 1, "261123-2": 1}
    first = batches_of([goods.id])[goods.id][0]
    assert (first.note, first.named, first.life.days_left(TODAY)) == ("mẻ sáng", True, 85)
    record = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "stock.received")).first()
    assert record is not None
    assert record.detail == {"batch": "L1", "units": 10, "expires_on": "2027-02-16"}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (BatchFacts(0), "units"),
        (BatchFacts(1_000_001), "units"),
        (BatchFacts(999_999), "units"),  # more than fits beside what is there
        (BatchFacts(1, "L" * 41), "code"),
        (BatchFacts(1, "C", TODAY, TODAY + timedelta(days=11)), "code"),  # known, with other days
        (BatchFacts(1, made_on=TODAY + timedelta(days=1)), "made_on"),
        (BatchFacts(1, made_on=TODAY - timedelta(days=3651)), "made_on"),
        (BatchFacts(1, expires_on=TODAY - timedelta(days=1)), "expires_on"),
        (BatchFacts(1, expires_on=TODAY + timedelta(days=3651)), "expires_on"),
        (BatchFacts(1, note="x" * 201), "note"),
    ],
)
def test_a_batch_that_cannot_be(variant: Variant, at: datetime, facts: BatchFacts, field: str) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        receive_batch(sku=variant.sku, facts=facts, counts=3, by=BY, at=at)
    assert list(refused.value.fields) == [field]
    assert inside(variant) == {"C": 2, "B": 3, "A": 4}


def test_writing_off(variant: Variant, at: datetime) -> None:
    drop: dict[str, Any] = {
        "sku": variant.sku,
        "batch": "B",
        "units": 2,
        "reason": "Mọt",
        "counts": 3,
        "by": BY,
        "at": at,
    }
    for wrong, refusal in (
        ({"units": 0}, Invalid),
        ({"units": 4}, Invalid),
        ({"reason": "  "}, Invalid),
        ({"reason": "x" * 201}, Invalid),
        ({"counts": 2}, StockMoved),
        ({"batch": "Z"}, NotFound),
    ):
        with pytest.raises(refusal), transaction():
            write_off(**{**drop, **wrong})
    assert inside(variant) == {"C": 2, "B": 3, "A": 4}
    with transaction():
        write_off(**drop)
    assert (inside(variant), on_hand([variant.id])) == ({"C": 2, "B": 1, "A": 4}, {variant.id: 7})
    newest = list_movements(variant.id)[0]
    assert (newest.kind, newest.delta, newest.reference, newest.batch.code) == ("spoiled", -2, "Mọt", "B")
    assert count_movements(variant.id) == 4
    assert [m.delta for m in list_movements(variant.id, page=2, per_page=3)] == [4]


def test_counting_a_batch(variant: Variant, at: datetime) -> None:
    with transaction():
        take({variant.id: 1}, reference="X", by=BY, at=at)
    with transaction():
        count_stock(sku=variant.sku, batch="C", counted=5, seen=2, counts=3, by=BY, at=at, note="đếm lại")
    assert inside(variant) == {"C": 4, "B": 3, "A": 4}
    with pytest.raises(NotFound), transaction():
        count_stock(sku=variant.sku, batch="Z", counted=5, seen=2, counts=4, by=BY, at=at)
    with pytest.raises(StockMoved), transaction():  # more would go than this batch holds
        count_stock(sku=variant.sku, batch="B", counted=0, seen=4, counts=4, by=BY, at=at)
    assert inside(variant) == {"C": 4, "B": 3, "A": 4}


def test_correcting_a_sum(app: Flask, variant: Variant, at: datetime) -> None:
    with pytest.raises(SeveralBatches), transaction():
        correct_stock(sku=variant.sku, counted=10, seen=9, counts=3, by=BY, at=at)
    with transaction():
        correct_stock(sku=variant.sku, counted=9, seen=9, counts=3, by=BY, at=at)
    assert inside(variant) == {"C": 2, "B": 3, "A": 4}
    fresh, single = make_offer("Mới", at=at, stock=0), make_offer("Một lô", at=at, stock=0)
    receive(single, 5, 10, at, code="S")
    for goods, seen, counts, code in ((fresh, 0, 0, "-"), (single, 5, 1, "S")):
        with transaction():
            correct_stock(sku=goods.sku, counted=8, seen=seen, counts=counts, by=BY, at=at)
        assert inside(goods) == {code: 8}


def test_only_ones_own_goods_that_are_counted(app: Flask, variant: Variant, at: datetime) -> None:
    other = make_user(Role.PRODUCER, at=at).actor()
    _, stay = make_listing(make_product(make_producer(at=at), at=at, set_code="VI.1"), at=at, weight_g=None)
    facts = BatchFacts(1)
    for sku, by, refusal in ((variant.sku, other, NotFound), (stay.sku, BY, NotCounted)):
        with pytest.raises(refusal), transaction():
            receive_batch(sku=sku, facts=facts, counts=3, by=by, at=at)
        with pytest.raises(refusal), transaction():
            write_off(sku=sku, batch="A", units=1, reason="Mốc", counts=3, by=by, at=at)
        with pytest.raises(refusal), transaction():
            set_low_mark(sku=sku, low_at=1, by=by, at=at)
    assert inside(variant) == {"C": 2, "B": 3, "A": 4}


@pytest.mark.parametrize(
    "facts", [{"kind": MovementKind.SOLD, "delta": 1}, {"kind": MovementKind.RECEIVED, "delta": -1}]
)
def test_the_database_knows_the_directions(variant: Variant, at: datetime, facts: dict[str, Any]) -> None:
    batch = batches_of([variant.id])[variant.id][0]
    with pytest.raises(IntegrityError), transaction():
        db.session.add(StockMovement(variant_id=variant.id, batch_id=batch.id, reference="", at=at, **facts))


@pytest.fixture
def owner(app: Flask, at: datetime) -> User:
    return make_user(Role.PRODUCER, at=at)


def letters(kind: str) -> list[str]:
    """The waiting letters of this kind, oldest first."""
    db.session.rollback()
    query = select(OutgoingMail.text).where(OutgoingMail.key.startswith(kind)).order_by(OutgoingMail.id)
    found = list(db.session.scalars(query))
    db.session.rollback()
    return found


def test_one_letter_when_little_is_left_until_there_is_more(owner: User, at: datetime) -> None:
    goods = make_offer(at=at, producer=make_producer(at=at, user=owner), stock=10)
    with transaction():
        set_low_mark(sku=goods.sku, low_at=5, by=owner.actor(), at=at)
    told = []
    for n, units in enumerate((4, 1, 1, 2)):  # leaves 6, 5, 4, 2
        with transaction():
            take({goods.id: units}, reference=f"N{n}", by=BY, at=at + timedelta(minutes=n))
        told.append(len(letters("stock-low")))
    assert told == [0, 1, 1, 1]
    assert "Miến dong Thử, gói chỉ còn 5 để bán" in letters("stock-low")[0]
    assert f"/producer/stock/{goods.sku}" in letters("stock-low")[0]
    with transaction():
        put_back({goods.id: 3}, sold_as="N0", reference="N0/1", by=BY, at=at)  # 5: still at the mark
    with transaction():
        take({goods.id: 1}, reference="N4", by=BY, at=at + timedelta(minutes=5))
    assert len(letters("stock-low")) == 1
    receive(goods, 20, None, at, counts=1)
    with transaction():
        take({goods.id: 19}, reference="N5", by=BY, at=at + timedelta(minutes=6))
    assert len(letters("stock-low")) == 2


def test_letters_in_english_are_plain_text(owner: User, at: datetime) -> None:
    goods = make_offer(at=at, producer=make_producer(at=at, user=owner), stock=0)
    receive(goods, 5, 60, at, code="L1")
    with transaction():
        db.session.get_one(User, owner.id).language = "en"
        set_low_mark(sku=goods.sku, low_at=4, by=owner.actor(), at=at)
    with transaction():
        take({goods.id: 1}, reference="N", by=BY, at=at)
    watch_batches(at + timedelta(days=59))
    low, ending = letters("stock-low")[0], letters("stock-ending")[0]
    assert low.startswith("Somebody has just bought, and of Miến dong Thử, gói only 4 are left to sell.")
    assert "- Miến dong Thử, gói, batch L1: 4 left, until 22/01/2027" in ending
    assert "<" not in low + ending
    subjects = list(db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id)))
    assert subjects[-2:] == ["Running low: Miến dong Thử", "1 batch is near its end"]


def test_units_past_their_day_do_not_count_as_left(owner: User, at: datetime) -> None:
    goods = make_offer(at=at, producer=make_producer(at=at, user=owner), stock=0)
    receive(goods, 50, 3, at)
    receive(goods, 6, 90, at, counts=1)
    with transaction():
        set_low_mark(sku=goods.sku, low_at=5, by=owner.actor(), at=at)
    with transaction():
        take({goods.id: 1}, reference="N", by=BY, at=at + timedelta(days=4))
    assert len(letters("stock-low")) == 1


def test_the_mark(owner: User, at: datetime) -> None:
    goods = make_offer(at=at, producer=make_producer(at=at, user=owner), stock=0)
    for wrong in (-1, 1_000_001):
        with pytest.raises(Invalid), transaction():
            set_low_mark(sku=goods.sku, low_at=wrong, by=owner.actor(), at=at)
    for low_at in (0, 0, 3, None):
        with transaction():
            set_low_mark(sku=goods.sku, low_at=low_at, by=owner.actor(), at=at)
        assert db.session.get_one(Stock, goods.id).low_at == low_at
        db.session.rollback()
    acts = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "stock.low_mark")
    assert db.session.scalar(acts) == 3
    db.session.rollback()


def test_a_mark_taken_away_forgets_what_was_told(owner: User, at: datetime) -> None:
    goods = make_offer(at=at, producer=make_producer(at=at, user=owner), stock=3)
    for minutes, low_at in enumerate((5, None, 5)):
        with transaction():
            set_low_mark(sku=goods.sku, low_at=low_at, by=owner.actor(), at=at)
        with transaction():
            take({goods.id: 1}, reference="N", by=BY, at=at + timedelta(minutes=minutes))
    assert len(letters("stock-low")) == 2


def test_batches_near_their_end_are_told_once(owner: User, at: datetime) -> None:
    producer = make_producer(at=at, user=owner)
    goods, other = make_offer(at=at, producer=producer, stock=0), make_offer("Trà", at=at, producer=producer, stock=0)
    receive(goods, 5, 100, at, code="L1")
    receive(other, 7, 110, at, code="L2")
    receive(other, 1, None, at, counts=1)
    stranger = make_offer("Khác", at=at, stock=0)
    receive(stranger, 2, 6, at)
    assert [watch_batches(at + timedelta(days=days)) for days in (0, 69, 70, 70, 75, 80, 130)] == [0, 1, 1, 0, 0, 1, 0]
    first, second = letters("stock-ending")
    assert "Miến dong Thử, gói, lô L1: còn 5, hạn đến 03/03/2027" in first
    assert "L2" not in first
    assert "Trà, gói, lô L2: còn 7, hạn đến 13/03/2027" in second


def test_an_empty_batch_is_nobodys_worry(owner: User, at: datetime) -> None:
    goods = make_offer(at=at, producer=make_producer(at=at, user=owner), stock=0)
    receive(goods, 5, 100, at)
    with transaction():
        take({goods.id: 5}, reference="N", by=BY, at=at)
    assert watch_batches(at + timedelta(days=99)) == 0


def test_a_batch_that_another_worker_tells_of(owner: User, at: datetime) -> None:
    producer = make_producer(at=at, user=owner)
    goods = make_offer(at=at, producer=producer, stock=0)
    receive(goods, 5, 10, at)
    later = at + timedelta(days=9)
    for told in (1, 0):
        with transaction():
            assert warn_of_ends(producer_id=producer.id, at=later) == told
    assert len(letters("stock-ending")) == 1


def test_the_listing_is_found_sold_out_from_the_day_after(app: Flask, at: datetime) -> None:
    """What the index holds: the days on which something may be sold, then the days on which nothing may."""
    product = make_product(make_producer(at=at), at=at)
    make_certificate(product, at=at)
    listing, goods = make_listing(product, at=at, stock=0)

    def stretches(on: date) -> list[tuple[bool, int]]:
        found = documents_of([listing.id], at=midnight(on))[listing.id]
        db.session.rollback()
        return [(each.available, (each.last - TODAY).days) for each in found]

    last = stretches(TODAY)[0][1]
    assert stretches(TODAY) == [(False, last)]
    receive(goods, 5, 10, at)
    assert stretches(TODAY) == [(True, 10), (False, last)]
    assert stretches(TODAY + timedelta(days=11)) == [(False, last)]
    receive(goods, 5, None, at, counts=1)
    assert stretches(TODAY) == [(True, last)]


def test_batches_keep_their_checks(variant: Variant, at: datetime) -> None:
    for wrong in ({"units": -1}, {"code": ""}, {"made_on": TODAY, "expires_on": TODAY - timedelta(days=1)}):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(
                StockBatch(**{"variant_id": variant.id, "code": "Q", "units": 0, "received_at": at, **wrong})
            )
