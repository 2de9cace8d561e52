"""Collections are written, filled, ordered, pictured, shown and hidden; seasons have days, parts and vouchers."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.media.intake import keep, take_in
from marketplace.platform.media.rules import master_name
from marketplace.platform.media.stores import NoSuchFile, media_store
from marketplace.trade.collections import services
from marketplace.trade.collections.jobs import forget_picture
from marketplace.trade.collections.models import Collection, CollectionKind
from marketplace.trade.collections.queries import (
    count_collections,
    count_items,
    count_published,
    find_published,
    get_collection,
    get_published,
    list_collections,
    list_kept_items,
    list_over,
    list_parts,
    list_possible_parts,
    list_published,
    list_published_paths,
    list_vouchers,
)
from marketplace.trade.collections.services import (
    FORGET,
    CollectionFacts,
    CollectionFull,
    NothingToShow,
    add_item,
    change_collection,
    drop_item,
    expect_picture,
    hide_collection,
    move_item,
    moved,
    order_items,
    set_parts,
    set_picture,
    show_collection,
    write_collection,
)
from tests.builders import BY, make_listing, make_offer, make_producer, make_product, make_user, make_voucher
from tests.conftest import TODAY
from tests.curating import make_collection, slug_of
from tests.platform.media.drawing import photo, saved

COMMUNE = Actor(user_id=1, name="Xã", role=Role.COMMUNE_OFFICER)


def names(collection: Collection) -> list[str]:
    return [listing.name for _item, listing in list_kept_items(collection.id)]


def test_written_and_changed(app: Flask, at: datetime) -> None:
    facts = CollectionFacts(CollectionKind.THEME, "  Vị   núi ", story="Một\nHai ", first_day=TODAY, last_day=TODAY)
    with pytest.raises(Forbidden), transaction():
        write_collection(facts=facts, by=COMMUNE, at=at)
    with transaction():
        made = write_collection(facts=facts, by=BY, at=at)
    assert (made.slug, made.title, made.story, made.first_day, made.path) == (
        "vi-nui",
        "Vị núi",
        "Một\nHai",
        None,
        "/collections/vi-nui",
    )
    assert make_collection(at=at).slug == "vi-nui-2"
    with transaction():
        change_collection(code=made.code, facts=CollectionFacts(CollectionKind.SEASON, "Vị rừng"), by=BY, at=at)
    changed = get_collection(made.code)
    assert (changed.title, changed.slug, changed.kind) == ("Vị rừng", "vi-nui", CollectionKind.THEME)
    with pytest.raises(Invalid), transaction():
        change_collection(code=made.code, facts=CollectionFacts(CollectionKind.THEME, "V"), by=BY, at=at)
    with pytest.raises(NotFound):
        get_collection("BSTKHONG")
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == made.code).order_by(AuditEntry.id))
    assert list(acts) == ["collection.written", "collection.changed"]


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [(None, None, {"first_day", "last_day"}), (0, -1, {"last_day"}), (0, 400, {"last_day"}), (None, 1, {"first_day"})],
)
def test_a_season_has_days(app: Flask, at: datetime, first: int | None, last: int | None, wrong: set[str]) -> None:
    days = [None if n is None else TODAY + timedelta(days=n) for n in (first, last)]
    with pytest.raises(Invalid) as refused, transaction():
        facts = CollectionFacts(CollectionKind.SEASON, "Tết", first_day=days[0], last_day=days[1])
        write_collection(facts=facts, by=BY, at=at)
    assert (set(refused.value.fields), count_collections()) == (wrong, 0)


def test_products_in_order(app: Flask, at: datetime) -> None:
    goods = [make_offer(f"Món {n}", at=at) for n in range(3)]
    made = make_collection(*((variant, 1) for variant in goods), at=at)
    slugs = [slug_of(variant) for variant in goods]
    assert names(made) == ["Món 0", "Món 1", "Món 2"]
    with transaction():
        move_item(code=made.code, listing=slugs[2], step=-1, by=BY, at=at)
    assert names(made) == ["Món 0", "Món 2", "Món 1"]
    with transaction():
        order_items(code=made.code, listings=[slugs[1], "khong-co"], by=BY, at=at)
    assert names(made) == ["Món 1", "Món 0", "Món 2"]
    with transaction():
        add_item(code=made.code, listing=slugs[0], quantity=5, by=BY, at=at)
    assert [item.quantity for item, _listing in list_kept_items(made.id)] == [1, 5, 1]
    with transaction():
        drop_item(code=made.code, listing=slugs[1], by=BY, at=at)
    assert (names(made), count_items([made.id])) == (["Món 0", "Món 2"], {made.id: 2})
    for verb in (drop_item, lambda **said: move_item(step=1, **said)):
        with pytest.raises(NotFound), transaction():
            verb(code=made.code, listing=slugs[1], by=BY, at=at)
    for typed, quantity in (("khong-co", 1), (slugs[1], 0)):
        with pytest.raises(Invalid), transaction():
            add_item(code=made.code, listing=typed, quantity=quantity, by=BY, at=at)
    assert names(made) == ["Món 0", "Món 2"]
    assert moved(["a", "b"], "b", 1) == ["a", "b"]


def test_only_what_is_public_comes_in(app: Flask, at: datetime) -> None:
    listing, _variant = make_listing(make_product(make_producer(at=at), at=at), at=at)  # without a certificate
    made = make_collection(at=at)
    with pytest.raises(Invalid), transaction():
        add_item(code=made.code, listing=listing.slug, by=BY, at=at)
    assert names(made) == []


def test_sixty_are_enough(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    variant, more = make_offer(at=at), make_offer("Món nữa", at=at)
    made = make_collection((variant, 1), at=at)
    slug = slug_of(more)
    monkeypatch.setattr(services, "MOST_ITEMS", 1)
    with pytest.raises(CollectionFull), transaction():
        add_item(code=made.code, listing=slug, by=BY, at=at)
    assert len(names(made)) == 1


def test_shown_and_hidden(app: Flask, at: datetime) -> None:
    made = make_collection(at=at)
    with pytest.raises(NothingToShow), transaction():
        show_collection(code=made.code, by=BY, at=at)
    slug = slug_of(make_offer(at=at))
    with transaction():
        add_item(code=made.code, listing=slug, by=BY, at=at)
    for later in (0, 5):
        with transaction():
            show_collection(code=made.code, by=BY, at=at + timedelta(minutes=later))
    assert get_published(made.slug, season=False).published_at == at
    with pytest.raises(NotFound):
        get_published(made.slug, season=True)
    assert find_published(made.slug) is not None
    for _ in range(2):
        with transaction():
            hide_collection(code=made.code, by=BY, at=at)
    with pytest.raises(NotFound):
        get_published(made.slug, season=False)
    acts = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == made.code)))
    assert (acts.count("collection.shown"), acts.count("collection.hidden")) == (1, 1)


def test_what_the_public_leafs_through(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    theme = make_collection((variant, 1), at=at)
    make_collection((variant, 1), at=at, title="Nháp", shown=False)
    soon = (TODAY + timedelta(days=9), TODAY + timedelta(days=12))
    season = make_collection((variant, 1), at=at, kind=CollectionKind.SEASON, title="Tết", days=soon)
    before = (TODAY - timedelta(days=9), TODAY - timedelta(days=1))
    over = make_collection((variant, 1), at=at, kind=CollectionKind.SEASON, title="Mùa cũ", days=before)
    assert [each.title for each in list_published(on=TODAY)] == ["Tết", "Vị núi"]
    assert [each.title for each in list_over(on=TODAY)] == ["Mùa cũ"]
    assert (count_published(on=TODAY), count_collections()) == (2, 4)
    assert list_published_paths() == [over.path, season.path, theme.path]
    assert (over.over(TODAY), season.over(TODAY), season.to_come(TODAY), theme.to_come(TODAY)) == (
        True,
        False,
        True,
        False,
    )
    assert [each.title for each in list_collections(per_page=2)] == ["Mùa cũ", "Tết"]
    assert [each.title for each in list_possible_parts()] == ["Nháp", "Vị núi"]


def test_a_season_with_parts_and_vouchers(app: Flask, at: datetime) -> None:
    variant = make_offer(at=at)
    theme = make_collection((variant, 1), at=at)
    draft = make_collection(at=at, title="Giỏ nháp", kind=CollectionKind.BASKET)
    season = make_collection(at=at, kind=CollectionKind.SEASON, title="Tết 2027")
    seller = make_user(Role.PRODUCER, at=at)
    make_producer("HTX Hai", at=at, user=seller)
    ours, theirs = make_voucher("TETTINH", at=at), make_voucher("TETHTX", at=at, giver=seller)
    with transaction():
        set_parts(code=season.code, parts=[draft.code, theme.code], vouchers=[ours.code], by=BY, at=at)
    assert [each.title for each in list_parts(season.id)] == ["Giỏ nháp", "Vị núi"]
    assert [each.title for each in list_parts(season.id, published=True)] == ["Vị núi"]
    assert [each.code for each in list_vouchers(season.id)] == ["TETTINH"]
    for parts, vouchers in (([season.code], []), ([], [theirs.code]), (["BSTKHONG"], [ours.code])):
        with pytest.raises(Invalid), transaction():
            set_parts(code=season.code, parts=parts, vouchers=vouchers, by=BY, at=at)
    with pytest.raises(NotFound), transaction():
        set_parts(code=theme.code, parts=[], vouchers=[], by=BY, at=at)
    assert len(list_parts(season.id)) == 2
    with transaction():
        show_collection(code=season.code, by=BY, at=at)  # its parts are enough
    with transaction():
        set_parts(code=season.code, parts=[theme.code], vouchers=[], by=BY, at=at)
    assert ([each.title for each in list_parts(season.id)], list_vouchers(season.id)) == (["Vị núi"], [])


def test_a_picture_comes_and_goes(app: Flask, at: datetime) -> None:
    made = make_collection(at=at)
    pictures = [take_in(saved(photo(400, 400, colour))) for colour in ("#C8351F", "#2F8570")]
    for each in pictures:
        with transaction():
            expect_picture(name=each.name, at=at)
        keep(each, media_store())
    first, second = (each.name for each in pictures)
    with pytest.raises(Invalid), transaction():
        set_picture(code=made.code, name=first, alt="", by=BY, at=at)
    with transaction():
        set_picture(code=made.code, name=first, alt="Ruộng bậc thang", alt_en="Terraces", by=BY, at=at)
    with transaction():
        set_picture(code=made.code, name=second, alt="Chợ phiên", by=BY, at=at)
    shown = get_collection(made.code)
    assert (shown.picture, shown.picture_alt, shown.picture_alt_en) == (second, "Chợ phiên", "")
    asked = select(func.count(Job.id)).where(Job.name == FORGET)
    assert db.session.scalar(asked) == 3, "each after it was put, the first when it was replaced"
    for name in (first, second):
        forget_picture({"name": name}, at)
    assert media_store().get(master_name(second))
    with pytest.raises(NoSuchFile):
        media_store().get(master_name(first))
    with transaction():
        set_picture(code=made.code, name=None, by=BY, at=at)
    assert (get_collection(made.code).picture, get_collection(made.code).picture_alt) == (None, "")
