"""Keeping listings: whose they are, what their label must say, medicine never shown, pictures and their files."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Role
from marketplace.people.producers.services import ProducerProfile, save_profile
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.money import Money
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.media.intake import Made, keep, take_in
from marketplace.platform.media.rules import Crop, file_name, jpeg_path
from marketplace.platform.media.stores import media_store
from marketplace.shop.catalog.label_fields import DeclaredKind
from marketplace.shop.catalog.models import Listing, ListingPicture, ListingState, Variant
from marketplace.shop.catalog.queries import (
    get_kept,
    get_kept_variant,
    get_offer,
    get_public,
    list_in_review,
    list_pictures,
    list_public,
    list_public_by_slug,
    list_public_nearby,
    list_unlisted,
    offers,
)
from marketplace.shop.catalog.rules import Unit
from marketplace.shop.catalog.services import (
    FORGET_PICTURE,
    Incomplete,
    ListingTexts,
    MedicineRefused,
    PictureGiven,
    StateChanged,
    TooManyPictures,
    VariantFacts,
    add_picture,
    add_variant,
    change_picture,
    change_variant,
    create_listing,
    expect_picture,
    move_listing,
    move_picture,
    remove_picture,
    retire_variant,
    return_listing,
    save_label,
    save_texts,
    set_price,
)
from marketplace.shop.catalog.services.variants import MOST_VARIANTS
from marketplace.shop.orders.jobs import forget_picture
from marketplace.shop.orders.models import OrderLine
from marketplace.shop.search.queries import documents_of
from tests.builders import (
    BY,
    complete_label,
    make_certificate,
    make_listing,
    make_offer,
    make_order,
    make_producer,
    make_product,
    make_user,
)
from tests.conftest import AT, TODAY
from tests.platform.media.drawing import photo, saved

S = ListingState


def made(width: int = 330, crop: Crop = Crop()) -> Made:  # noqa: B008 - frozen
    found = take_in(saved(photo(width, 330)), crop)
    keep(found, media_store())
    return found


def pictured(listing: Listing, at: datetime, *, by: Actor = BY, width: int = 330, alt: str = "Miến") -> ListingPicture:
    given = made(width)
    with transaction():
        add_picture(slug=listing.slug, made=given, alt=alt, by=by, at=at)
    return db.session.scalars(select(ListingPicture).where(ListingPicture.name == given.name)).one()


def the_state(listing: Listing) -> ListingState:
    db.session.expunge_all()
    return db.session.get_one(Listing, listing.id).state


def test_only_own_pages_are_kept(app: Flask, at: datetime) -> None:
    user, other = make_user(Role.PRODUCER, at=at), make_user(Role.PRODUCER, at=at)
    producer = make_producer("Nhà", at=at, user=user)
    make_producer("Khác", at=at, user=other)
    listing, variant = make_listing(make_product(producer, at=at), at=at)
    unlisted = make_product(producer, "Chưa có trang", at=at)
    picture = pictured(listing, at)
    province, elsewhere = (make_user(Role.PROVINCE_OFFICER, at=at, unit=unit) for unit in ("12", "01"))
    texts, facts = ListingTexts(name="Khác", art_seed="x"), VariantFacts(label="x", weight_g=1)
    strangers = (other.actor(), elsewhere.actor(), make_user(at=at).actor(), GUEST)
    for by in strangers:
        for verb, more in (
            (save_texts, {"slug": listing.slug, "texts": texts}),
            (save_label, {"slug": listing.slug, "label": complete_label("I.3.b")}),
            (move_listing, {"slug": listing.slug, "to": S.PAUSED}),
            (return_listing, {"slug": listing.slug, "seen": 1, "remark": "x"}),
            (change_variant, {"sku": variant.sku, "facts": facts}),
            (retire_variant, {"sku": variant.sku}),
            (set_price, {"sku": variant.sku, "price": Money(1)}),
            (add_picture, {"slug": listing.slug, "made": made(340), "alt": "x"}),
            (change_picture, {"slug": listing.slug, "name": picture.name, "alt": "x"}),
            (move_picture, {"slug": listing.slug, "name": picture.name, "step": 1}),
            (remove_picture, {"slug": listing.slug, "name": picture.name}),
        ):
            with pytest.raises(NotFound), transaction():
                verb(by=by, at=at, **more)
    for by in (other.actor(), GUEST):
        with pytest.raises(Forbidden), transaction():
            create_listing(product_id=unlisted.id, texts=texts, by=by, at=at)
        with pytest.raises(Forbidden), transaction():
            add_variant(listing_id=listing.id, price=Money(1), facts=facts, by=by, at=at)
    for by in (user.actor(), province.actor(), BY):
        assert get_kept(listing.slug, by=by).id == listing.id
        assert get_kept_variant(variant.sku, by=by).id == variant.id
    assert [p.code for p in list_unlisted(user.organisation_id or 0)] == [unlisted.code]
    assert list_unlisted(other.organisation_id or 0) == []
    with pytest.raises(NotFound), transaction():
        return_listing(slug=listing.slug, seen=None, remark="x", by=user.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        save_profile(profile=ProducerProfile(), by=GUEST, at=at)


def test_what_others_see_is_complete(app: Flask, at: datetime) -> None:
    user = make_user(Role.PRODUCER, at=at)
    product = make_product(make_producer("Nhà", at=at, user=user), at=at)
    by = user.actor()
    with transaction():
        listing = create_listing(product_id=product.id, texts=ListingTexts(name="Miến", art_seed="x"), by=by, at=at)
    for to, mover in ((S.IN_REVIEW, by), (S.PUBLISHED, BY)):
        with pytest.raises(Incomplete) as lacking, transaction():
            move_listing(slug=listing.slug, to=to, by=mover, at=at)
        codes = {"summary", "ingredients", "allergens", "shelf_life_days", "storage", "usage", "variants"}
        assert set(lacking.value.fields) == codes
        assert the_state(listing) is S.DRAFT
    with transaction():
        save_texts(slug=listing.slug, texts=ListingTexts(name="Miến", art_seed="x", summary="Dai."), by=by, at=at)
        save_label(slug=listing.slug, label=complete_label("I.3.b"), by=by, at=at)
        add_variant(listing_id=listing.id, price=Money(1000), label="gói", weight_g=500, by=by, at=at)
    with pytest.raises(Incomplete) as lacking, transaction():
        move_listing(slug=listing.slug, to=S.IN_REVIEW, by=by, at=at)
    assert set(lacking.value.fields) == {"variants"}
    variant = db.session.scalars(select(Variant)).one()
    net = VariantFacts(weight_g=500, net_quantity=400, net_unit=Unit.GRAM)
    with transaction():
        change_variant(sku=variant.sku, facts=net, by=by, at=at)
        move_listing(slug=listing.slug, to=S.IN_REVIEW, by=by, at=at)
    assert [found.slug for found in list_in_review(by=BY)] == [listing.slug]
    assert list_in_review(by=make_user(Role.PROVINCE_OFFICER, at=at, unit="01").actor()) == []
    with pytest.raises(StateChanged), transaction():
        move_listing(slug=listing.slug, to=S.PUBLISHED, by=by, at=at)
    with pytest.raises(Incomplete), transaction():
        save_texts(slug=listing.slug, texts=ListingTexts(name="Miến", art_seed="x"), by=by, at=at)
    with pytest.raises(Invalid), transaction():
        save_texts(slug=listing.slug, texts=ListingTexts(name=" ", art_seed="x", summary="x"), by=by, at=at)
    with pytest.raises(Invalid) as net_gone, transaction():
        change_variant(sku=variant.sku, facts=VariantFacts(label="gói", weight_g=1), by=by, at=at)
    assert list(net_gone.value.fields) == ["net_quantity"]
    for remark in ("", "x" * 2001):
        with pytest.raises(Invalid), transaction():
            return_listing(slug=listing.slug, seen=None, remark=remark, by=BY, at=at)
    with transaction():
        return_listing(slug=listing.slug, seen=None, remark="Sửa", by=BY, at=at)
    with pytest.raises(StateChanged), transaction():
        return_listing(slug=listing.slug, seen=None, remark="Sửa", by=BY, at=at)
    assert the_state(listing) is S.DRAFT


def test_origin_and_declared_kind_are_checked(app: Flask, at: datetime) -> None:
    listing, _ = make_listing(make_product(make_producer(at=at), at=at), at=at, state=S.DRAFT)
    label: Any = complete_label("I.3.b").__dict__
    kinds: Any = type(complete_label("I.3.b"))
    for changes, field in (
        ({"origin_commune_code": "00000"}, "origin_commune_code"),
        ({"declared_kind": DeclaredKind.HERB}, "declared_kind"),
    ):
        with pytest.raises(Invalid) as refused, transaction():
            save_label(slug=listing.slug, label=kinds(**{**label, **changes}), by=BY, at=at)
        assert list(refused.value.fields) == [field]
    with transaction():
        save_label(slug=listing.slug, label=kinds(**{**label, "origin_commune_code": "03388"}), by=BY, at=at)
    origin = get_kept(listing.slug, by=BY).origin_commune
    assert origin is not None
    assert origin.name == "Phường Đoàn Kết"


@pytest.mark.parametrize("start", [S.DRAFT, S.IN_REVIEW, S.PUBLISHED, S.PAUSED])
def test_medicine_is_never_public_by_any_path(app: Flask, at: datetime, start: ListingState) -> None:
    product = make_product(make_producer(at=at), "Cao", at=at, set_code="III.1")
    make_certificate(product, at=at)
    first = S.PUBLISHED if start is S.PAUSED else start
    listing, variant = make_listing(product, at=at, state=first)
    if start is S.PAUSED:
        with transaction():
            move_listing(slug=listing.slug, to=S.PAUSED, by=BY, at=at)
    medicine = complete_label("III.1")
    medicine = type(medicine)(**{**medicine.__dict__, "declared_kind": DeclaredKind.MEDICINE})
    with transaction():
        save_label(slug=listing.slug, label=medicine, by=BY, at=at)
    assert the_state(listing) is {S.IN_REVIEW: S.DRAFT, S.PUBLISHED: S.PAUSED}.get(start, start)
    for to in (S.IN_REVIEW, S.PUBLISHED):
        with pytest.raises((MedicineRefused, StateChanged)), transaction():
            move_listing(slug=listing.slug, to=to, by=BY, at=at)
    for shown in (S.PUBLISHED, S.IN_REVIEW):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(Listing).where(Listing.id == listing.id).values(state=shown))
    with transaction():  # even a page that said nothing of what it is
        values = {"state": S.PUBLISHED, "declared_kind": None}
        db.session.execute(update(Listing).where(Listing.id == listing.id).values(**values))
    for read in (
        lambda: get_public(listing.slug, on=TODAY),
        lambda: get_offer(variant.sku, on=TODAY),
    ):
        with pytest.raises(NotFound):
            read()
    assert list_public([listing.id], on=TODAY) == []
    assert list_public_by_slug([listing.slug], on=TODAY) == []
    assert offers([variant.id], on=TODAY) == {}
    assert documents_of([listing.id], at=AT) == {listing.id: []}


def test_variants(app: Flask, at: datetime) -> None:
    listing, variant = make_listing(make_product(make_producer(at=at), at=at), at=at)
    service, bed = make_listing(
        make_product(make_producer("Bản", at=at), "Bản", at=at, set_code="VI.1"), at=at, weight_g=None
    )

    def add(where: Listing = listing, price: int = 1000, **facts: Any) -> Variant:
        given = VariantFacts(**({"label": "x", "weight_g": 1 if where is listing else None} | facts))
        with transaction():
            return add_variant(listing_id=where.id, price=Money(price), facts=given, by=BY, at=at)

    for where, facts, field in (
        (listing, {"weight_g": None}, "weight_g"),
        (service, {"weight_g": 5}, "weight_g"),
        (listing, {"net_quantity": 5}, "net_quantity"),
        (listing, {"capacity_per_day": 5}, "capacity_per_day"),
        (listing, {"least_quantity": 0}, "least_quantity"),
        (listing, {"least_quantity": 5, "most_quantity": 4}, "most_quantity"),
        (listing, {"label": ""}, "label"),
        (listing, {"price": 0}, "price"),
    ):
        with pytest.raises(Invalid) as refused:
            add(where, **facts)
        assert list(refused.value.fields) == [field]
    assert add(service, capacity_per_day=5).capacity_per_day == 5
    composed = add(label="", net_quantity=2, net_unit=Unit.KILOGRAM, grade=" loại  một ")
    assert (composed.label, composed.label_en, composed.sku[0]) == ("2 kg, loại một", "2 kg, loại một", "V")
    for _ in range(MOST_VARIANTS - 2):
        add()
    with pytest.raises(Invalid):
        add()
    with pytest.raises(NotFound), transaction():
        add_variant(listing_id=0, label="x", price=Money(1), weight_g=1, by=BY, at=at)
    with transaction():
        change_variant(sku=bed.sku, facts=VariantFacts(label="phòng"), by=BY, at=at)
        retire_variant(sku=variant.sku, by=BY, at=at)
    with pytest.raises(NotFound):
        get_kept_variant(variant.sku, by=BY)
    for values in ({"least_quantity": 0}, {"most_quantity": 0}, {"net_quantity": 0}, {"capacity_per_day": 0}):
        with pytest.raises(IntegrityError), transaction():
            db.session.execute(update(Variant).where(Variant.id == bed.id).values(**values))


def test_pictures_stay_in_order_and_the_first_is_the_cover(app: Flask, at: datetime) -> None:
    listing, _ = make_listing(make_product(make_producer(at=at), at=at), at=at)
    one, two, three = (pictured(listing, at, width=330 + n, alt=f"Ảnh {n}") for n in range(3))

    def order() -> list[str]:
        db.session.expunge_all()
        rows = list_pictures(listing.id)
        assert [row.position for row in rows] == list(range(len(rows)))
        assert db.session.get_one(Listing, listing.id).cover == (rows[0].name if rows else None)
        return [row.name for row in rows]

    for name, step, wanted in (
        (three.name, -1, [one, three, two]),
        (three.name, -1, [three, one, two]),
        (three.name, -1, [three, one, two]),
        (two.name, 1, [three, one, two]),
        (three.name, 1, [one, three, two]),
    ):
        with transaction():
            move_picture(slug=listing.slug, name=name, step=step, by=BY, at=at)
        assert order() == [each.name for each in wanted]
    with transaction():
        remove_picture(slug=listing.slug, name=one.name, by=BY, at=at)
    assert order() == [three.name, two.name]
    for alt, alt_en, field in (("", "", "alt"), ("x" * 201, "", "alt"), ("x", "x" * 201, "alt_en")):
        with pytest.raises(Invalid) as refused, transaction():
            change_picture(slug=listing.slug, name=two.name, alt=alt, alt_en=alt_en, by=BY, at=at)
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotFound), transaction():
        remove_picture(slug=listing.slug, name=one.name, by=BY, at=at)
    again = take_in(saved(photo(331, 330)))
    with pytest.raises(PictureGiven), transaction():
        add_picture(slug=listing.slug, made=again, alt="x", by=BY, at=at)
    for n in range(6):
        pictured(listing, at, width=400 + n)
    with pytest.raises(TooManyPictures), transaction():
        add_picture(slug=listing.slug, made=made(500), alt="x", by=BY, at=at)


def test_files_go_a_day_after_nothing_shows_them(app: Flask, at: datetime) -> None:
    store = media_store()
    variant = make_offer(at=at)
    listing = db.session.get_one(Listing, variant.listing_id)
    picture = pictured(listing, at)
    make_order((variant, 1), at=at)
    assert db.session.scalars(select(OrderLine.image_path)).one() == jpeg_path(picture.name)
    ordered, cut = picture.name, take_in(saved(photo(330, 330)), Crop(0, 0, 99))
    stray = made(350)
    for each in (cut, stray):
        with transaction():
            expect_picture(name=each.name, at=at)
    keep(cut, store)
    with transaction():
        change_picture(slug=listing.slug, name=ordered, alt="Miến", made=cut, by=BY, at=at)

    def there() -> list[bool]:
        return [store.exists(file_name(name, 320, "jpg")) for name in (ordered, cut.name, stray.name)]

    def work(later: timedelta) -> int:
        return run_due(at + later, handlers={FORGET_PICTURE: forget_picture}, lease=timedelta(minutes=1))

    assert (work(timedelta(hours=23)), there()) == (0, [True, True, True])
    assert (work(timedelta(days=1)), there()) == (3, [True, True, False])
    with transaction():
        remove_picture(slug=listing.slug, name=cut.name, by=BY, at=at)
    assert (work(timedelta(days=2)), there()) == (1, [True, True, False])  # the page's history shows it still
    assert db.session.scalar(select(func.count()).select_from(Job).where(Job.finished_at.is_(None))) == 0


def test_neighbours_are_of_the_same_maker_then_commune(app: Flask, at: datetime) -> None:
    homes = {"B": "03390", "A": "03390", "C": "03445"}
    for name, commune in homes.items():
        maker = make_producer(name, at=at, commune=commune)
        for n in range(2):
            make_offer(f"Món {name}{n}", at=at, producer=maker, stars=3 + n)
    listing = get_public("mon-a0", on=TODAY).listing
    assert [p.listing.slug for p in list_public_nearby(listing, on=TODAY, limit=9)] == ["mon-a1", "mon-b1", "mon-b0"]
    found = list_public_by_slug(["mon-c0", "nope", "mon-a0"], on=TODAY)
    assert [p.listing.slug for p in found] == ["mon-c0", "mon-a0"]


@pytest.mark.parametrize("field", ["label", "label_en", "grade", "grade_en"])
def test_a_variant_is_not_called_by_stars(app: Flask, at: datetime, field: str) -> None:
    listing, variant = make_listing(make_product(make_producer(at=at), at=at), at=at)
    facts: dict[str, Any] = {"label": "gói", "weight_g": 500, "net_quantity": 500, "net_unit": Unit.GRAM}
    named = VariantFacts(**{**facts, field: "hộp năm sao"})
    with pytest.raises(Invalid) as told, transaction():
        change_variant(sku=variant.sku, facts=named, by=BY, at=at)
    assert list(told.value.fields) == [field]
    with pytest.raises(Invalid) as told, transaction():
        add_variant(listing_id=listing.id, price=Money(1), facts=named, by=BY, at=at)
    assert list(told.value.fields) == [field]
    db.session.expunge_all()
    assert [each.label for each in db.session.scalars(select(Variant))] == ["gói"]


@pytest.mark.parametrize(
    ("field", "value"), [("weight_g", 0), ("weight_g", 10**12), ("net_quantity", 0), ("net_quantity", 10**12)]
)
def test_a_variants_numbers_fit(app: Flask, at: datetime, field: str, value: int) -> None:
    _, variant = make_listing(make_product(make_producer(at=at), at=at), at=at)
    facts: dict[str, Any] = {"label": "gói", "weight_g": 500, "net_quantity": 500, "net_unit": Unit.GRAM}
    with pytest.raises(Invalid) as told, transaction():
        change_variant(sku=variant.sku, facts=VariantFacts(**{**facts, field: value}), by=BY, at=at)
    assert list(told.value.fields) == [field]
