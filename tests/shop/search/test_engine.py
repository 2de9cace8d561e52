"""Finding: diacritics are optional and typed ones come first; facets, orders, days; the index follows changes."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from whoosh import query as q
from whoosh import scoring
from whoosh.index import open_dir

from marketplace.platform.core.changes import Change
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.services import set_price
from marketplace.shop.search.jobs import follow_changes, rebuild
from marketplace.shop.search.queries import engine, search
from marketplace.shop.search.rules import YEAR, Document, Query, Sort
from marketplace.shop.search.whoosh_engine import SHAPE, WhooshEngine
from marketplace.shop.search.words import exact_words, folded_words, snippet
from tests.builders import (
    BY,
    indexed,
    make_certificate,
    make_listing,
    make_offer,
    make_producer,
    make_product,
    revoke_certificate,
)
from tests.conftest import TODAY

ON = date(2026, 11, 23)


def document(number: int, name: str, **facts: object) -> Document:
    known: dict[str, object] = {
        "first": ON - timedelta(days=number), "since": ON - timedelta(days=number), "last": ON + timedelta(days=100),
        "stars": 3, "set_code": "I.3.b",
        "district": "106", "commune": "03390", "producer": "htx-binh-lu", "producer_name": "HTX Bình Lư",
        "months": YEAR, "price": 1000 * number, "available": True, "other_names": "HTX Bình Lư", "text": "",
    }  # fmt: skip
    return Document(listing_id=number, name=name, **(known | facts))  # type: ignore[arg-type] # a table of facts


@pytest.fixture
def whoosh(tmp_path: Path) -> WhooshEngine:
    found = WhooshEngine(tmp_path / "index")
    found.rebuild(
        [
            document(1, "Miến dong sợi mộc"),
            document(2, "Miền núi đỗ đen", stars=4, set_code="I.1.a"),
            document(3, "Chè Shan tuyết", stars=5, set_code="I.5.a", district="107", available=False),
            document(4, "Đặc sản mật ong", stars=4, set_code="I.2.b", district="", text="ngâm cùng chè"),
            document(5, "Măng lapsed", last=ON - timedelta(days=1)),
            document(6, "Măng coming", first=ON + timedelta(days=1)),
        ]
    )
    return found


def ids(found: WhooshEngine, on: date = ON, **question: object) -> list[int]:
    return list(found.search(Query(**question), on=on).listing_ids)  # type: ignore[arg-type] # a table of facts


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mien", [1, 2]),
        ("MIẾN", [1, 2]),
        ("miền", [2, 1]),
        ("mien dong", [1]),
        ("dac san", [4]),
        ("đặc", [4]),
        ("do den", [2]),
        ("che", [3, 4]),
        ("binh lu soi", [1]),
        ("không có", []),
        ("!!!", [1, 2, 4, 3]),
    ],
)
def test_marks_are_optional_and_typed_ones_come_first(whoosh: WhooshEngine, typed: str, found: list[int]) -> None:
    assert ids(whoosh, text=typed) == found


def test_facets_narrow_and_count_without_their_own_choice(whoosh: WhooshEngine) -> None:
    found = whoosh.search(Query(stars=frozenset({4}), districts=frozenset({"106"})), on=ON)
    assert (list(found.listing_ids), found.total) == ([2], 1)
    assert found.facets == {
        "category": {"I.1.a": 1},
        "stars": {"3": 1, "4": 1},
        "district": {"106": 1},
        "commune": {"03390": 1},
        "producer": {"htx-binh-lu": 1},
        "month": {str(month): 1 for month in YEAR},
        "price": {"0-49999": 1},
    }
    assert ids(whoosh, sets=frozenset({"I.5.a", "I.2.b"})) == [4, 3]
    assert ids(whoosh, stars=frozenset({5, 4}), price_min=2000, price_max=3000) == [2, 3]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        (Sort.NEWEST, [1, 2, 4, 3]),
        (Sort.CHEAPEST, [1, 2, 4, 3]),
        (Sort.DEAREST, [4, 2, 1, 3]),
        (Sort.STARS, [2, 4, 1, 3]),
    ],
)
def test_orders_put_what_is_sold_out_last(whoosh: WhooshEngine, sort: Sort, found: list[int]) -> None:
    assert ids(whoosh, sort=sort) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"communes": frozenset({"03400"})}, [8]),
        ({"communes": frozenset({"03400", "03390"}), "producers": frozenset({"htx-moi"})}, [8]),
        ({"months": frozenset({5})}, [7]),
        ({"months": frozenset({5, 8})}, [7, 8]),
        ({"without": frozenset({"II.1.a"})}, [7]),
        ({"price_min": 8000, "months": frozenset({1, 2, 3})}, []),
    ],
)
def test_communes_producers_months_and_what_is_left_out(
    tmp_path: Path, question: dict[str, object], found: list[int]
) -> None:
    engine = WhooshEngine(tmp_path / "index")
    spirit = {"set_code": "II.1.a", "commune": "03400", "producer": "htx-moi", "months": (8,)}
    engine.rebuild([document(7, "Lê", months=(5, 6)), document(8, "Rượu ngô", **spirit)])
    answer = engine.search(Query(**question), on=ON)  # type: ignore[arg-type] # a table of facts
    assert list(answer.listing_ids) == found


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    spirits = [document(n, "Rượu ngô", set_code="II.1.a", stars=n) for n in (3, 4)]
    engine.rebuild([*spirits, document(5, "Ngô nếp", stars=5)])
    found = engine.search(Query(text="ngo", stars=frozenset({3, 4}), without=frozenset({"II.1.a"})), on=ON)
    assert (found.total, found.left_out, found.facets["stars"]) == (0, 2, {"5": 1})


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tra", [3, 4]),  # the South's word for chè
        ("trà shan", [3]),
        ("shan tra", [3]),
        ("me", []),  # without marks not mè, which the North calls vừng
    ],
)
def test_words_of_the_north_and_the_south(whoosh: WhooshEngine, typed: str, found: list[int]) -> None:
    assert ids(whoosh, text=typed) == found


def test_any_word_will_do_where_asked(whoosh: WhooshEngine) -> None:
    assert ids(whoosh, text="mien ong") == []
    assert ids(whoosh, text="mien soi ong", loose=True)[0] == 1
    assert set(ids(whoosh, text="mien ong", loose=True)) == {1, 2, 4}


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("miem dong", "miến dong"),  # another letter
        ("mein dong", "miến dong"),  # two swapped
        ("ddoong", "dong"),
        ("matong", "mật ong"),  # joined
        ("mien", None),
        ("mein la", "men lá"),  # of near words the one that stands beside the other
        ("mieens dong", "miến dong"),  # keys of Telex
        ("mie61n dong", "miến dong"),  # keys of VNI
        ("mien dong", None),  # known
        ("xyzzyq", None),
        ("", None),
    ],
)
def test_unknown_words_are_put_right(tmp_path: Path, typed: str, mended: str | None) -> None:
    engine = WhooshEngine(tmp_path / "index")
    engine.rebuild([document(1, "Miến dong sợi"), document(2, "Miến dẹt"), document(3, "Mật ong, men lá")])
    assert engine.mend(typed) == mended


def test_of_near_words_the_one_that_more_documents_have(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path / "index")
    others = [document(n, "Táo mèo lên men" if n % 2 else "Gạo ruộng đồng") for n in range(10, 20)]
    engine.rebuild(
        [*others, document(7, "Đồng lúa miền cao"), document(8, "Miến dong sợi"), document(9, "Miến dong dẹt")]
    )
    assert engine.mend("menn") == "men"
    assert engine.mend("mein dong") == "miến dong"  # though more write men, and đồng


@pytest.mark.parametrize(
    ("typed", "listings", "producers"),
    [
        ("mi", (2, 1), ()),
        ("mien d", (1, 2), ()),
        ("miến do", (1, 2), ()),
        ("soi m", (1,), ()),
        ("m", (), ()),  # one letter suggests nothing
        ("!!", (), ()),
        ("binh l", (), (("htx-binh-lu", "HTX Bình Lư"),)),
    ],
)
def test_suggestions_begin_as_typed(
    whoosh: WhooshEngine, typed: str, listings: tuple[int, ...], producers: tuple[tuple[str, str], ...]
) -> None:
    found = whoosh.suggest(typed, on=ON, without=frozenset(), most=6)
    assert (found.listing_ids, found.producers) == (listings, producers)


def test_suggestions_keep_to_the_day_and_the_barrier(whoosh: WhooshEngine) -> None:
    assert whoosh.suggest("mang", on=ON, without=frozenset(), most=6).listing_ids == ()
    assert whoosh.suggest("mien", on=ON, without=frozenset({"I.1.a"}), most=6).listing_ids == (1,)
    assert whoosh.suggest("binh", on=ON + timedelta(days=999), without=frozenset(), most=6).producers == ()


def test_snippets_mark_the_words() -> None:
    text = "Củ dong riềng đào lúc sương còn ướt. " + "Phơi phên tre một nắng. " * 8 + "Mật ong bạc hà rừng."
    assert snippet(text, {"mat", "ong"})[1:] == [
        ("Mật", True), (" ", False), ("ong", True), (" bạc hà rừng.", False),
    ]  # fmt: skip
    assert snippet(text, {"dong"})[:2] == [("Củ ", False), ("dong", True)]
    assert snippet(text, {"khong"}) == []
    assert "".join(piece for piece, _ in snippet(text, {"tre"})).endswith(" …")
    assert snippet("x" * 500 + " dong", {"dong"})[-1] == ("dong", True)


def test_an_index_of_another_shape_is_built_anew(app: Flask, at: datetime) -> None:
    with indexed(app, at):
        make_offer("Miến mây", at=at)
        engine = app.extensions["search"]
        app.extensions["search"] = WhooshEngine(engine.folder / "other")
        try:
            assert app.extensions["search"].fresh()
            follow_changes(at)
            assert search(Query(text="mien may"), on=TODAY).found.total == 1
            assert not app.extensions["search"].fresh()
        finally:
            app.extensions["search"] = engine


def test_pages(whoosh: WhooshEngine) -> None:
    assert [ids(whoosh, sort=Sort.CHEAPEST, per_page=3, page=n) for n in (1, 2, 3)] == [[1, 2, 4], [3], []]


def test_days_alone_take_off_and_put_on(whoosh: WhooshEngine) -> None:
    assert ids(whoosh, on=ON + timedelta(days=1), text="mang") == [6]
    assert ids(whoosh, on=ON - timedelta(days=1), text="mang") == [5]
    assert whoosh.search(Query(), on=ON + timedelta(days=200)).total == 0


def by_whoosh_alone(engine: WhooshEngine, text: str) -> dict[int, float]:
    """What Whoosh's own matcher finds and scores, listing by listing: the reference."""
    searcher = open_dir(str(engine.folder), SHAPE).searcher(weighting=scoring.BM25F())
    wanted = q.And([q.Term("folded", word) for word in dict.fromkeys(folded_words(text))])
    better = [q.Term("name", word, boost=3.0) for word in dict.fromkeys(folded_words(text))]
    better += [q.Term("exact", word, boost=2.0) for word in dict.fromkeys(exact_words(text))]
    ask, found = q.AndMaybe(wanted, q.Or(better)), {}
    for part, _ in searcher.leaf_searchers():
        matcher = ask.matcher(part, context=part.context())
        while matcher.is_active():
            found[part.stored_fields(matcher.id())["listing"]] = matcher.score()
            matcher.next()
    return found


@pytest.mark.parametrize("text", ["mien", "Miến đỏ", "cho mien", "bình", "khong-co", "che che Lư"])
def test_it_finds_and_ranks_as_whoosh_does(tmp_path: Path, text: str) -> None:
    chance = random.Random(5)
    words = ["miến", "miền", "chè", "Chợ", "đỏ", "đỗ", "Bình", "Lư", "mật", "ong"]
    engine = WhooshEngine(tmp_path / "index")
    for start in (0, 150):  # several commits leave several segments
        names = {n: " ".join(chance.choices(words, k=chance.randrange(1, 6))) for n in range(start, start + 150)}
        engine.update({n: [document(n, name, text=chance.choice(words), first=ON)] for n, name in names.items()})
    reference = by_whoosh_alone(engine, text)
    found = engine.search(Query(text=text, per_page=1000), on=ON)
    assert found.total == len(reference)
    assert set(found.listing_ids) == set(reference)
    ranked = [round(reference[n], 6) for n in found.listing_ids]
    assert ranked == sorted(ranked, reverse=True)
    top = engine.search(Query(text=text, per_page=5), on=ON).listing_ids
    assert top == found.listing_ids[:5]


def test_an_update_replaces_and_says_what_changed(whoosh: WhooshEngine) -> None:
    same = document(1, "Miến dong sợi mộc")
    assert whoosh.update({1: [same]}) == 0
    assert whoosh.update({1: [document(1, "Bún khô")], 2: []}) == 2
    assert ids(whoosh, text="mien") == []
    assert ids(whoosh, text="bun") == [1]
    assert WhooshEngine(whoosh.folder).search(Query(), on=ON).total == 3


def test_the_index_follows_changes(app: Flask, at: datetime) -> None:
    with indexed(app, at):
        producer = make_producer("HTX Mây", at=at)
        variant = make_offer("Miến mây", at=at, producer=producer)
        assert search(Query(text="mien may"), on=TODAY).found.total == 0
        assert follow_changes(at) > 0
        assert db.session.scalar(select(func.count()).select_from(Change)) == 0
        assert [p.listing.id for p in search(Query(text="htx may"), on=TODAY).listings] == [variant.listing_id]
        with transaction():
            set_price(sku=variant.sku, price=Money(99_000), by=BY, at=at)
        follow_changes(at)
        assert search(Query(price_min=99_000), on=TODAY).found.total == 1
        assert follow_changes(at) == 0
        assert rebuild(at) == 1


def test_a_stale_index_never_shows_what_the_rule_forbids(app: Flask, at: datetime) -> None:
    product = make_product(make_producer(at=at), "Miến", at=at)
    certificate = make_certificate(product, at=at)
    make_listing(product, at=at)
    with indexed(app, at):
        revoke_certificate(certificate, at=at)
        assert engine().search(Query(), on=TODAY).total == 1
        assert search(Query(), on=TODAY).listings == []
        follow_changes(at)
        assert engine().search(Query(), on=TODAY).total == 0
