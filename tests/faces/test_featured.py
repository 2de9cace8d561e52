"""The shop window through pages: curated by the office, seen by the public as admitted, counted without persons."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.faces.storefront.counted import write
from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db, transaction
from marketplace.registry.certification.models import Certificate
from marketplace.registry.certification.product_sets import group_of
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.shop.catalog.queries import get_public
from marketplace.shop.vouchers.services import end_voucher
from marketplace.trade.collections.models import Collection, CollectionKind
from marketplace.trade.collections.queries import get_collection, list_kept_items, list_parts, list_vouchers
from marketplace.trade.collections.services import set_parts
from marketplace.trade.promotion.models import Audience, Place, Placement, PlacementDay, Target
from marketplace.trade.promotion.queries import get_placement, list_kept
from tests.builders import (
    BY,
    indexed,
    make_offer,
    make_order,
    make_producer,
    make_user,
    make_voucher,
    revoke_certificate,
)
from tests.conftest import TODAY, Client, new_client
from tests.curating import make_collection, make_placement, slug_of
from tests.pages import send, sign_in
from tests.platform.media.drawing import photo, saved

BASE = "/office/featured"


@pytest.fixture
def officer(app: Flask, at: datetime) -> Client:
    visitor = new_client(app)
    sign_in(visitor, make_user(Role.PROVINCE_OFFICER, at=at))
    return visitor


def titles(page: str, section: str) -> list[str]:
    """The titles of what stands in a section of a page."""
    found = re.search(rf'aria-labelledby="{section}".*?</section>', page, re.DOTALL)
    return re.findall(r'card__title"><a href="[^"]+">([^<]+)', found.group(0)) if found else []


def counts() -> list[tuple[int, int]]:
    rows = db.session.execute(select(PlacementDay.shown, PlacementDay.clicked).order_by(PlacementDay.placement_id))
    return [(row[0], row[1]) for row in rows]


def write_counts(app: Flask) -> None:
    db.session.rollback()  # on the test's one connection its own reading would be around what is written
    write(app)


def certificate_of(variant: Variant) -> Certificate:
    product_id = db.session.get_one(Listing, variant.listing_id).product_id
    return db.session.scalars(select(Certificate).where(Certificate.product_id == product_id)).one()


TYPED = {"place": "featured_row", "category": "", "audience": "both", "reason": "Vào mùa", "last_day": "30/11/2026"}


def test_placed_through_the_form(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    assert "Chưa đặt gì ở chỗ này" in officer.get(BASE).text
    make_offer("Miến Bình Lư", at=at)
    form = officer.get(f"{BASE}/new?place=home_banner").text
    assert ('value="2026-11-23"' in form, 'value="2026-12-06"' in form) == (True, True), "two weeks from today"
    wrong = send(officer, f"{BASE}/new", **{**TYPED, "target": "/products/khong-co", "first_day": "hôm nay"})
    assert (wrong.status_code, "Nhập ngày như 31/12/2026." in wrong.text) == (422, True)
    wrong = send(officer, f"{BASE}/new", **{**TYPED, "target": "khong-co", "first_day": "2026-11-23"})
    assert (wrong.status_code, "Không có gì công khai ở địa chỉ này hôm nay." in wrong.text) == (422, True)
    assert 'value="khong-co"' in wrong.text
    assert titles(client.get("/").text, "featured") == []
    address = "https://cho.example/products/mien-binh-lu?lang=en"
    made = send(officer, f"{BASE}/new", **{**TYPED, "target": address, "first_day": "2026-11-23"})
    assert made.headers["Location"] == f"{BASE}?place=featured_row"
    placed = db.session.scalars(select(Placement)).one()
    assert (placed.last_day.day, placed.reason) == (30, "Vào mùa")
    assert titles(client.get("/").text, "featured") == ["Miến Bình Lư"]
    listed = officer.get(BASE).text
    assert ("đang hiện" in listed, "Vào mùa" in listed) == (True, True)
    one = f"{BASE}/{placed.code}"
    looked = officer.get(one).text
    assert ("Chưa ai thấy suất này." in looked, 'value="2026-11-30"' in looked) == (True, True)
    bad = send(officer, one, **{**TYPED, "first_day": "2026-12-23"})
    assert (bad.status_code, "Ngày cuối không trước ngày đầu" in bad.text) == (422, True)
    moved = send(officer, one, **{**TYPED, "first_day": "2026-11-25", "reason": "Dời lại"})
    assert (moved.headers["Location"], get_placement(placed.code).reason) == (one, "Dời lại")
    assert titles(client.get("/").text, "featured") == []
    assert "chờ tới ngày" in officer.get(BASE).text
    send(officer, f"{one}/withdraw")
    assert "Suất này đã gỡ rồi." in officer.get(send(officer, f"{one}/withdraw").headers["Location"]).text
    assert "đã gỡ" in officer.get(f"{BASE}?past=1").text
    gone = officer.get(one).text
    assert ("Muốn hiện lại thì đặt suất mới." in gone, 'name="reason"' in gone) == (True, False)
    refused = send(officer, one, **{**TYPED, "first_day": "2026-11-25"})
    assert (refused.status_code, get_placement(placed.code).reason) == (409, "Dời lại")


def test_a_search_keeps_what_is_typed(app: Flask, officer: Client, at: datetime) -> None:
    make_offer("Miến Bình Lư", at=at, producer=make_producer("HTX Miến", at=at))
    days = {"first_day": "2026-12-01", "last_day": "2026-12-09"}
    typed = {"place": "category_head", "category": "I.5.a", "audience": "en", "reason": "Tết đến", **days}
    kept = (
        '<option value="category_head" selected>',
        '<option value="I.5.a" selected>',
        'value="en" checked',
        'value="Tết đến"',
        'value="2026-12-01"',
        'value="2026-12-09"',
    )
    with indexed(app, at):
        found = send(officer, f"{BASE}/new", **typed, q="mien", search="1")
        picked = send(officer, f"{BASE}/new", **typed, q="mien", pick="/products/mien-binh-lu")
    for answer in (found, picked):
        assert (answer.status_code, [each for each in kept if each not in answer.text]) == (200, [])
        for value in ("/products/mien-binh-lu", "/producers/htx-mien"):
            assert f'name="pick" value="{value}"' in answer.text
        assert 'value="mien"' in answer.text
    shown = 'name="target" value="/products/mien-binh-lu"'
    assert (shown in found.text, shown in picked.text) == (False, True)
    empty = send(officer, f"{BASE}/new", **typed, target="/products/mien-binh-lu", search="1")
    assert (empty.status_code, "Gõ vài chữ của tên để tìm." in empty.text, shown in empty.text) == (422, True, True)
    assert db.session.scalar(select(Placement.id)) is None


def test_each_category_stands_in_its_group(app: Flask, officer: Client) -> None:
    page = officer.get(f"{BASE}/new").text
    honey = '<optgroup label="Mật ong"><option value="mat-ong">Cả nhóm Mật ong</option><option value="I.2.b">Mật ong'
    assert (honey in page, page.count('<option value="I.')) == (True, 13)


def test_a_certificate_that_ends_within_the_days_is_told(app: Flask, officer: Client, at: datetime) -> None:
    certificate = certificate_of(make_offer("Miến Bình Lư", at=at))
    with transaction():
        db.session.get_one(Certificate, certificate.id).expires_on = TODAY + timedelta(days=3)
    said, typed = "hết hạn ngày 26/11/2026", {**TYPED, "target": "/products/mien-binh-lu"}
    send(officer, f"{BASE}/new", **{**typed, "first_day": "2026-11-23", "last_day": "2026-11-26"})
    assert said not in officer.get(BASE).text
    one = f"{BASE}/{db.session.scalars(select(Placement)).one().code}"
    send(officer, one, **{**typed, "first_day": "2026-11-23"})
    assert said in officer.get(one).text
    send(officer, f"{BASE}/new", **{**typed, "place": "home_banner", "first_day": "2026-11-23"})
    assert said in officer.get(BASE).text
    twice = send(officer, f"{BASE}/new", **{**typed, "first_day": "2026-11-24"})
    assert (twice.status_code, "Mục này đã có ở chỗ ấy trong những ngày ấy." in twice.text) == (422, True)


def test_ordered_by_buttons_and_by_dragging(app: Flask, officer: Client, at: datetime) -> None:
    codes = [make_placement(slug_of(make_offer(f"Món {n}", at=at)), at=at).code for n in range(3)]

    def order() -> list[int]:
        return [codes.index(each.code) for each in list_kept(Place.FEATURED_ROW, on=TODAY, past=False)]

    moved = send(officer, f"{BASE}/{codes[2]}/up").headers["Location"]
    assert moved == f"{BASE}?place=featured_row#{codes[2]}"
    assert f'<tr id="{codes[2]}"' in officer.get(moved).text
    assert order() == [0, 2, 1]
    send(officer, f"{BASE}/{codes[0]}/down")
    assert order() == [2, 0, 1]
    answer = send(officer, f"{BASE}/order", code=[codes[1], codes[0], codes[2]])
    assert (answer.headers["Location"], order()) == (f"{BASE}?place=featured_row", [1, 0, 2])
    assert send(officer, f"{BASE}/order").status_code == 404
    assert send(officer, f"{BASE}/TBKHONG/up").status_code == 404
    assert order() == [1, 0, 2]


def test_what_lapses_gives_way_to_the_next(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    first, second = make_offer("Món một", at=at), make_offer("Món hai", at=at)
    for variant in (first, second):
        make_placement(slug_of(variant), at=at, place=Place.HOME_BANNER)
    hero = re.compile(r'id="hero">([^<]+)')

    def banner(at: datetime) -> str:
        found = hero.search(client.get("/").text)
        assert found is not None
        return found.group(1)

    assert banner(at) in ("Món một", "Món hai")
    revoke_certificate(certificate_of(first), at=at)
    assert banner(at) == "Món hai"
    assert "1 suất trưng bày không hiện được" in officer.get("/office/").text
    told = officer.get(f"{BASE}/hindered").text
    assert ("Món một" in told, "Món hai" in told, "không còn công khai" in told) == (True, False, True)
    make_order((second, 10), at=at)
    assert banner(at) == "Ngon có sao, mua tận bản"
    assert "tạm hết hàng" in officer.get(f"{BASE}/hindered").text


def test_the_whole_window(app: Flask, client: Client, at: datetime) -> None:
    plain = client.get("/").text
    assert 'id="featured"' not in plain
    maker = make_producer("HTX Bản Giang", at=at)
    variant = make_offer("Chè dây", at=at, producer=maker, set_code="I.5.a")
    theme = make_collection((variant, 1), at=at)
    season = make_collection((variant, 1), at=at, kind=CollectionKind.SEASON, title="Tết 2027")
    basket = make_collection((variant, 2), at=at, kind=CollectionKind.BASKET, title="Giỏ Tết")
    make_placement(season.slug, at=at, place=Place.HOME_BANNER, target=Target.SEASON)
    make_placement(slug_of(variant), at=at)
    make_placement(theme.slug, at=at, place=Place.SEASONAL, target=Target.COLLECTION)
    make_placement(basket.slug, at=at, place=Place.GIFT_BASKETS, target=Target.BASKET)
    make_placement(maker.slug, at=at, place=Place.PRODUCER_OF_WEEK, target=Target.PRODUCER)
    make_placement(slug_of(variant), at=at, place=Place.CATEGORY_HEAD, category="I.5.a")
    other = make_collection((variant, 1), at=at, title="Vị suối")
    make_placement(other.slug, at=at, place=Place.SEASONAL, target=Target.COLLECTION, audience=Audience.EN)
    page = client.get("/").text
    assert 'id="hero">Tết 2027<' in page
    assert titles(page, "featured") == ["Chè dây"]
    assert titles(page, "seasonal") == ["Vị núi"]
    assert titles(page, "baskets") == ["Giỏ Tết"]
    assert "Nơi làm của tuần" in page
    assert "HTX Bản Giang" in page
    assert titles(client.get("/categories/I.5.a").text, "placed") == ["Chè dây"]
    assert titles(client.get("/categories/I.5.a?sort=newest").text, "placed") == []
    english = client.get("/?lang=en").text
    assert english.count("/go/") == 6, "the one for readers of English too"


def test_alcohol_stands_behind_the_age(app: Flask, client: Client, at: datetime) -> None:
    drink = make_offer("Rượu ngô", at=at, set_code="II.1.a")
    make_placement(slug_of(drink), at=at)
    assert titles(client.get("/").text, "featured") == []
    client.set_cookie("of_age", "yes")
    assert titles(client.get("/").text, "featured") == ["Rượu ngô"]


def test_shown_and_followed_are_counted(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    placed = make_placement(slug_of(make_offer("Món một", at=at)), at=at)
    app.extensions.pop("tally", None)
    with client.get("/"):
        pass  # closed: what was counted is written behind the answer
    assert counts() == [(1, 0)]
    for _ in range(2):
        client.get("/")
    followed = client.get(f"/go/{placed.code}")
    assert (followed.headers["Location"], followed.headers["Cache-Control"]) == (placed_path(placed), "no-store")
    assert client.get(f"/go/{placed.code}?lang=en").headers["Location"] == f"{placed_path(placed)}?lang=en"
    client.get("/", headers={"User-Agent": "Googlebot/2.1"})
    client.get("/", headers={"Sec-Purpose": "prefetch;prerender"})
    client.head(f"/go/{placed.code}")
    officer.get("/")
    officer.get(f"{BASE}/preview")
    assert counts() == [(1, 0)], "half a minute is not over"
    write_counts(app)
    assert counts() == [(3, 1)], "one browser's clicks of a day are one"
    for agent in ("Firefox", "Firefox", "Safari"):
        client.get(f"/go/{placed.code}", headers={"User-Agent": agent})
    write_counts(app)
    assert counts() == [(3, 3)]
    one = officer.get(f"{BASE}/{placed.code}").text
    assert '<td class="num">3</td><td class="num">3</td>' in one
    assert client.get("/go/TBKHONG").status_code == 404


def test_what_does_not_run_leads_on_without_a_count(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    off, later = (make_placement(slug_of(make_offer(f"Món {n}", at=at)), at=at, starts=n) for n in (0, 1))
    send(officer, f"{BASE}/{off.code}/withdraw")
    app.extensions.pop("tally", None)
    for placed in (off, later):
        assert client.get(f"/go/{placed.code}").headers["Location"] == placed_path(placed)
    assert counts() == []
    assert "tally" not in app.extensions, "nothing was counted"


def placed_path(placed: Placement) -> str:
    return get_placement(placed.code).path


def test_a_page_does_not_fail_with_the_counter(
    app: Flask, client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = make_placement(slug_of(make_offer(at=at)), at=at)
    app.extensions.pop("tally", None)

    def full(_counts: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("marketplace.faces.storefront.counted.add_up", full)
        with client.get("/") as page:
            assert page.status_code == 200
    assert counts() == []
    write_counts(app)
    assert counts() == [(1, 0)], placed.code


def test_preview_as_on_the_day(app: Flask, officer: Client, at: datetime) -> None:
    lapsing, lasting = make_offer("Sắp hết hạn", at=at, days_ago=1090), make_offer("Còn lâu", at=at)
    for variant in (lapsing, lasting):
        make_placement(slug_of(variant), at=at, starts=1, days=90)
    assert titles(officer.get(f"{BASE}/preview").text, "featured") == []
    tomorrow = officer.get(f"{BASE}/preview?on={TODAY + timedelta(days=1)}").text
    assert titles(tomorrow, "featured") == ["Sắp hết hạn", "Còn lâu"]
    assert ("noindex" in tomorrow, "/go/" in tomorrow, "Xem trước: trang chủ ngày 24/11/2026." in tomorrow) == (
        True,
        False,
        True,
    )
    later = officer.get(f"{BASE}/preview?on={TODAY + timedelta(days=60)}").text
    assert titles(later, "featured") == ["Còn lâu"]
    assert "trang chủ ngày 23/11/2026" in officer.get(f"{BASE}/preview?on=2020-01-01").text


@pytest.mark.parametrize(
    ("asked", "said", "day"),
    [
        ("2026-11-22", "Ngày 22/11/2026 đã qua; đang xem hôm nay.", "23/11/2026"),
        ("mai+<b>", "“mai &lt;b&gt;” không phải là ngày; đang xem hôm nay.", "23/11/2026"),
        ("2099-01-01", "Chỉ xem trước được đến ngày 24/11/2027; đang xem ngày ấy.", "24/11/2027"),
        ("", "", "23/11/2026"),
        ("2026-11-24", "", "24/11/2026"),
    ],
)
def test_a_preview_says_which_day_it_cannot_show(app: Flask, officer: Client, asked: str, said: str, day: str) -> None:
    for category, page in (("", "trang chủ"), ("che", "trang nhóm hàng")):
        shown = officer.get(f"{BASE}/preview?category={category}&on={asked}").text
        assert (f"Xem trước: {page} ngày {day}." in shown, said in shown) == (True, True)
        assert ('role="status"' in shown.partition("preview-bar")[2].partition("</form>")[0]) == bool(said)


def test_preview_of_a_category(app: Flask, officer: Client, at: datetime) -> None:
    slug = slug_of(make_offer("Chè Phìn Hồ", at=at))
    group = group_of(get_public(slug, on=TODAY).product.set_code).slug
    placed = make_placement(slug, at=at, place=Place.CATEGORY_HEAD, category=group, starts=1)
    looked = f"/preview?category={group}&amp;on={TODAY + timedelta(days=1)}"
    assert looked in officer.get(f"{BASE}/{placed.code}").text
    today = officer.get(f"{BASE}/preview?category={group}").text
    assert ('aria-labelledby="placed"' in today, "trang nhóm hàng ngày 23/11/2026" in today) == (False, True)
    tomorrow = officer.get(f"{BASE}/preview?category={group}&on={TODAY + timedelta(days=1)}").text
    assert titles(tomorrow, "placed") == ["Chè Phìn Hồ"]
    assert ("noindex" in tomorrow, "/go/" in tomorrow) == (True, False)
    assert f'<option value="{group}" selected>' in tomorrow
    assert officer.get(f"{BASE}/preview?category=khong-co").status_code == 404


def test_suggestions_and_turns(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    assert "Không còn món nào công khai" in officer.get(f"{BASE}/suggestions").text
    make_offer("Món hay", at=at, producer=make_producer("HTX Xa", at=at), stars=5)
    page = officer.get(f"{BASE}/suggestions?place=home_banner").text
    assert ("Món hay" in page, "30/30" in page, "target=%2Fproducts%2Fmon-hay" in page) == (True, True, True)
    assert "Món hay" not in officer.get(f"{BASE}/suggestions?category=che").text
    assert officer.get(f"{BASE}/suggestions?category=khong-co").status_code == 404
    assert "1 trên 1 nơi làm chưa ai thấy" in officer.get(f"{BASE}/fairness?days=90").text
    assert '<a href="/producers/htx-xa"><span lang="vi">' in officer.get(f"{BASE}/fairness?days=90&lang=en").text
    officer.get(f"{BASE}/fairness?lang=vi")
    given = send(officer, f"{BASE}/fairness/htx-xa/turn", days="90")
    assert given.headers["Location"] == f"{BASE}/fairness?days=90"
    assert "có lượt từ 23/11/2026" in officer.get(given.headers["Location"]).text
    assert titles(client.get("/").text, "featured") == ["Món hay"]
    again = send(officer, f"{BASE}/fairness/htx-xa/turn")
    assert "đang có hoặc sắp có lượt" in officer.get(again.headers["Location"]).text
    assert len(db.session.scalars(select(Placement)).all()) == 1
    assert send(officer, f"{BASE}/fairness/khong-co/turn").status_code == 404


def test_a_collection_from_the_form_to_the_public(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    listed = f"{BASE}/collections"
    assert "Chưa có bộ sưu tập nào." in officer.get(listed).text
    assert send(officer, f"{listed}/new", kind="theme", title="").status_code == 422
    assert "Đặt tên từ 3" in send(officer, f"{listed}/new", kind="theme", title="V").text
    made = send(officer, f"{listed}/new", kind="theme", title="Vị núi", story="Xưa.\n\nNay.", story_en="Then.")
    collection = db.session.scalars(select(Collection)).one()
    base = f"{listed}/{collection.code}"
    assert made.headers["Location"] == base
    slugs = [slug_of(make_offer(f"Món {n}", at=at)) for n in range(2)]
    empty = officer.get(send(officer, f"{base}/show").headers["Location"]).text
    assert "Thêm ít nhất một sản phẩm" in empty
    bad = send(officer, f"{base}/items", listing="/products/khong-co")
    assert (bad.status_code, "Không có sản phẩm công khai nào" in bad.text) == (422, True)
    assert send(officer, f"{base}/items", listing=slugs[0], quantity="nhiều").status_code == 422
    for slug in slugs:
        send(officer, f"{base}/items", listing=f"/products/{slug}")
    with indexed(app, at):
        assert 'value="/products/mon-1"' in officer.get(f"{base}?q=mon").text
        again = send(officer, f"{base}/items", listing="khong-co", q="mon")
        assert (again.status_code, 'name="q" value="mon"' in again.text) == (422, True)
    send(officer, f"{base}/items/{slugs[1]}/drop")
    kept = send(officer, f"{base}/items", listing=slugs[1], q="mon").headers["Location"]
    assert kept == f"{base}?q=mon#found"
    moved = send(officer, f"{base}/items/{slugs[1]}/up").headers["Location"]
    assert moved == f"{base}#row-{slugs[1]}"
    assert f'<tr id="row-{slugs[1]}"' in officer.get(moved).text
    assert [listing.slug for _item, listing in list_kept_items(collection.id)] == slugs[::-1]
    send(officer, f"{base}/order", code=slugs)
    send(officer, f"{base}/items/{slugs[1]}/drop")
    assert [listing.slug for _item, listing in list_kept_items(collection.id)] == slugs[:1]
    assert client.get(collection.path).status_code == 404
    send(officer, f"{base}/show")
    page = client.get(collection.path).text
    assert ("<p>Xưa.</p><p>Nay.</p>" in page, titles(page, "goods")) == (True, ["Món 0"])
    assert "Then." in client.get(f"{collection.path}?lang=en").text
    client.get("/?lang=vi")
    assert "Vị núi" in client.get("/collections").text
    assert collection.path in client.get("/sitemap.xml").text
    assert send(officer, base, kind="theme", title="").status_code == 422
    send(officer, base, kind="season", title="Vị rừng")
    assert (get_collection(collection.code).title, get_collection(collection.code).kind.value) == ("Vị rừng", "theme")
    send(officer, f"{base}/hide")
    assert client.get(collection.path).status_code == 404


def test_a_picture_of_a_collection(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    made = make_collection((make_offer(at=at), 1), at=at)
    base = f"{BASE}/collections/{made.code}"
    for name, lang in (("title", "vi"), ("title_en", "en"), ("story", "vi"), ("story_en", "en"), ("alt", "vi")):
        assert f'class="input" lang="{lang}" ' in officer.get(base).text.split(f' name="{name}"')[0].rpartition("<")[2]

    def sent(data: bytes, alt: str) -> int:
        return send(officer, f"{base}/picture", picture=(BytesIO(data), "a.jpg"), alt=alt).status_code

    assert sent(b"none", "Ruộng bậc thang") == 422
    assert sent(saved(photo(400, 400)), "") == 422
    assert sent(saved(photo(400, 400)), "R") == 422
    assert send(officer, f"{base}/picture", alt="Ruộng bậc thang").status_code == 422
    assert get_collection(made.code).picture is None
    assert sent(saved(photo(400, 400)), "Ruộng bậc thang") == 302
    shown = get_collection(made.code)
    assert f'alt="{shown.picture_alt}"' in client.get(made.path).text
    assert client.get(f"/media/pictures/{shown.picture}/320.webp").status_code == 200
    send(officer, f"{base}/picture/drop")
    assert get_collection(made.code).picture is None


def test_a_season_with_vouchers(app: Flask, client: Client, officer: Client, at: datetime) -> None:
    variant = make_offer(at=at)
    theme = make_collection((variant, 1), at=at)
    season = make_collection((variant, 1), at=at, kind=CollectionKind.SEASON, title="Tết 2027")
    make_voucher("TETTINH", at=at)
    base = f"{BASE}/collections/{season.code}"
    send(officer, f"{base}/parts", part=[theme.code], voucher=["TETTINH"])
    assert ([each.code for each in list_parts(season.id)], list_vouchers(season.id)[0].code) == (
        [theme.code],
        "TETTINH",
    )
    assert send(officer, f"{base}/parts", part=["BSTKHONG"]).status_code == 422
    assert len(list_parts(season.id)) == 1
    page = client.get(season.path).text
    assert ("TETTINH" in page, "đang diễn ra" in page, titles(page, "parts")) == (True, True, ["Vị núi"])
    assert client.get(f"/collections/{season.slug}").status_code == 404
    with transaction():
        end_voucher(code="TETTINH", province=True, by=BY, at=at)
    assert "TETTINH" not in client.get(season.path).text
    assert send(officer, f"{BASE}/collections/{theme.code}/parts").status_code == 404
    with transaction():
        set_parts(code=season.code, parts=[], vouchers=[], by=BY, at=at)
    assert (
        send(officer, base, kind="season", title="Tết 2027", first_day="2026-11-01", last_day="2026-11-20").status_code
        == 302
    )
    assert ("đã kết thúc" in client.get(season.path).text, "Tết 2027" in client.get("/collections").text) == (
        True,
        True,
    )


def test_a_gift_basket_goes_into_the_cart_whole_or_not_at_all(app: Flask, client: Client, at: datetime) -> None:
    one, two = make_offer("Món một", at=at, price=50_000), make_offer("Món hai", at=at, price=30_000, stock=4)
    basket = make_collection((one, 1), (two, 2), at=at, kind=CollectionKind.BASKET, title="Giỏ Tết")
    theme = make_collection((one, 1), at=at)
    page = client.get(basket.path).text
    assert ("110.000" in page, "Thêm cả giỏ vào giỏ hàng" in page) == (True, True)
    assert send(client, f"{basket.path}/basket").headers["Location"] == "/cart"
    cart = client.get("/cart").text
    assert ("Món một" in cart, "Món hai" in cart) == (True, True)
    send(client, f"{basket.path}/basket")
    full = send(client, f"{basket.path}/basket")
    assert full.headers["Location"] == basket.path, "four of the second were there, the cart holds them"
    assert "Chưa thêm gì vào giỏ." in client.get(basket.path).text
    held = re.findall(r'name="quantity"[^>]*value="(\d+)"', client.get("/cart").text)
    assert sorted(held) == ["2", "4"], "the first was not added either"
    make_order((two, 3), at=at)
    assert "Hôm nay không còn đủ món cho giỏ này." in client.get(basket.path).text
    other = new_client(app)
    assert send(other, f"{basket.path}/basket").headers["Location"] == basket.path
    assert "Giỏ quà này hôm nay không còn đủ món" in other.get(basket.path).text
    assert send(client, f"{theme.path}/basket").status_code == 404


def test_nothing_of_it_is_public_any_more(app: Flask, client: Client, at: datetime) -> None:
    variant = make_offer(at=at)
    theme = make_collection((variant, 1), at=at)
    revoke_certificate(certificate_of(variant), at=at)
    assert "Hôm nay không có món nào của bộ này đang bán." in client.get(theme.path).text
