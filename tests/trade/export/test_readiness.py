"""Export readiness: every line of the data sound, each standing, what is missing and where, grouped for the office."""

import re
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.kinds import is_kind
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import db, transaction
from marketplace.registry.certification.product_sets import all_sets
from marketplace.shop.catalog.label_fields import FIELDS
from marketplace.shop.catalog.models import Listing, Variant
from marketplace.trade.export.queries import list_exported
from marketplace.trade.export.rules import (
    LABEL,
    PAPER,
    ExportFacts,
    LineKind,
    Standing,
    Tally,
    all_markets,
    chosen_well,
    find_market,
    label_says,
    readiness,
    steps_left,
    tally,
)
from tests.builders import make_listing, make_offer, make_paper, make_producer, make_product, make_user
from tests.conftest import TODAY, Client, new_client
from tests.pages import sign_in

VIETNAMESE = re.compile("[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]", re.IGNORECASE)
SAID = frozenset({"name_en", "ingredients_en", "allergens", "shelf_life_days", "storage_en", "net_quantity"})
Maker = tuple[User, Producer]


@pytest.fixture
def maker(app: Flask, at: datetime) -> Maker:
    user = make_user(Role.PRODUCER, at=at)
    return user, make_producer("Lò miến", at=at, user=user)


@pytest.fixture
def noodles(maker: Maker, at: datetime) -> Variant:
    return make_offer("Miến dong", at=at, producer=maker[1])


def entered(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def translate(variant: Variant) -> None:
    """The noodles' label in English too."""
    with transaction():
        listing = db.session.get_one(Listing, variant.listing_id)
        listing.name_en = "Canna noodles"
        listing.facts = {**listing.facts, "ingredients_en": "Canna starch", "storage_en": "Dry"}


def standings(market: str, facts: ExportFacts) -> dict[str, Standing]:
    found = find_market(market)
    assert found is not None
    return {each.line.code: each.standing for each in readiness(found, facts)}


def test_the_data_are_sound() -> None:
    assert [market.code for market in all_markets()] == ["cn", "jp", "eu", "us", "kr", "sg", "halal"]
    codes = [line.code for market in all_markets() for line in market.lines if line.code != "home_safety"]
    assert len(codes) == len(set(codes))
    sets = [known.code for known in all_sets()]
    for market in all_markets():
        assert market.checked_on == date(2026, 11, 29)
        for line in market.lines:
            assert all((line.name, line.name_en, line.where, line.where_en, line.source.law, line.source.law_en))
            assert line.source.site.startswith("http")
            english = line.name_en + line.where_en + line.source.law_en
            assert not VIETNAMESE.search(english), english
            assert all(any(code.startswith(start) for code in sets) for start in (*line.sets, *line.without))
            assert line.counted is (line.kind is not LineKind.SHIPMENT) or not line.needs
            for need in line.needs:
                assert need.kind in (PAPER, LABEL)
                known = is_kind if need.kind == PAPER else _on_a_label
                assert all(known(code) for code in need.codes), need


def _on_a_label(code: str) -> bool:
    return code.removesuffix("_en") in {*FIELDS, "name", "net_quantity"}


def test_met_missing_unknown() -> None:
    bare = ExportFacts("I.3.b", frozenset(), frozenset())
    assert standings("cn", bare) == {
        "cn_registration": Standing.MISSING,
        "home_safety": Standing.MISSING,
        "cn_label": Standing.MISSING,
        "cn_nutrition": Standing.UNKNOWN,
        "cn_importer": Standing.UNKNOWN,
        "cn_origin": Standing.UNKNOWN,
    }
    full = ExportFacts("I.3.b", frozenset({"gacc_registration", "iso_22000"}), SAID)
    china = find_market("cn")
    assert china is not None
    assert steps_left(readiness(china, bare)) == 3
    assert steps_left(readiness(china, full)) == 0
    part = ExportFacts("I.3.b", full.papers, SAID - {"storage_en", "allergens"})
    (label,) = [each for each in readiness(china, part) if each.standing is Standing.MISSING]
    assert [need.codes for need in label.lacking] == [("allergens",), ("storage_en",)]
    assert steps_left(readiness(china, part)) == 1


def test_lines_by_set_and_only_where_organic() -> None:
    fruit = standings("cn", ExportFacts("I.1.a", frozenset(), frozenset()))
    assert ("cn_plants" in fruit, "cn_label" in fruit, "cn_animals" in fruit) == (True, False, False)
    assert "eu_forest" in standings("eu", ExportFacts("I.6", frozenset(), frozenset()))
    assert "eu_organic" not in standings("eu", ExportFacts("I.5.a", frozenset(), frozenset()))
    assert standings("eu", ExportFacts("I.5.a", frozenset({"organic"}), frozenset()))["eu_organic"] is Standing.UNKNOWN
    spirit = ExportFacts("II.1.a", frozenset({"halal"}), SAID)
    assert standings("halal", spirit) == {}
    halal, cloth = find_market("halal"), ExportFacts("IV.2", frozenset(), frozenset({"material_en"}))
    assert halal is not None
    assert steps_left(readiness(halal, spirit)) is None
    assert standings("eu", cloth) == {"eu_fibre": Standing.MET, "eu_origin": Standing.UNKNOWN}
    assert find_market("moon") is None


def test_small_reckonings() -> None:
    assert tally([0, 1, 1, 2, 5, None]) == Tally(ready=1, near=2, far=2)
    assert tally([]) == Tally(0, 0, 0)
    assert [chosen_well(["x"] * n) for n in (0, 1, 60, 61)] == [False, True, True, False]
    told: dict[str, object] = {"allergens": [], "storage": "", "ethanol": None, "usage": "Nấu"}
    assert label_says(told, name_en="", net_quantity=False) == {"allergens", "usage"}
    assert label_says({}, name_en="Rice", net_quantity=True) == {"name_en", "net_quantity"}


def test_papers_count_while_in_force(maker: Maker, noodles: Variant, at: datetime) -> None:
    make_paper(maker[0], "haccp", at=at, valid_until=TODAY)
    make_paper(maker[0], "halal", at=at, valid_until=TODAY - timedelta(days=1))
    (one,) = list_exported(on=TODAY)
    assert (one.listing.id, one.facts.set_code, set(one.facts.papers)) == (noodles.listing_id, "I.3.b", {"haccp"})
    assert {"ingredients", "allergens", "shelf_life_days", "storage", "net_quantity"} < one.facts.label
    assert "name_en" not in one.facts.label
    translate(noodles)
    assert list_exported(on=TODAY)[0].facts.label > SAID


def test_the_producers_page(app: Flask, maker: Maker, noodles: Variant, at: datetime) -> None:
    client, path = entered(app, maker[0]), "/producer/export/mien-dong"
    page = client.get(path).text
    assert "Mã số cơ sở sản xuất đăng ký với Hải quan Trung Quốc (GACC); còn hạn" in page
    assert page.count("còn 3 bước") == 4  # China, Japan, the United States, South Korea
    assert 'href="/producer/listings/mien-dong/label">Thành phần, bằng tiếng Anh</a>' in page
    assert 'href="/producer/listings/mien-dong">Tên tiếng Anh</a>' in page
    assert "Giấy chứng nhận HACCP hoặc Giấy chứng nhận ISO 22000, FSSC 22000" in page
    assert "Lệnh 280 của GACC, từ 1/6/2026 (thay Lệnh 248 năm 2021)" in page
    make_paper(maker[0], "gacc_registration", at=at, valid_until=TODAY)
    make_paper(maker[0], "haccp", at=at, valid_until=TODAY)
    translate(noodles)
    english = client.get(f"{path}?lang=en").text
    china = english[english.index('id="cn"') : english.index('id="jp"')]
    assert "papers and label ready" in china
    assert "GACC Decree 280, in force 1 June 2026 (replaced Decree 248 of 2021)" in china
    assert "To be checked with the authority." in china
    other = make_user(Role.PRODUCER, at=at)
    make_producer("Lò khác", at=at, user=other)
    assert entered(app, other).get(path).status_code == 404


def test_goods_without_data_and_services(app: Flask, maker: Maker, at: datetime) -> None:
    make_offer("Hoa đào", at=at, producer=maker[1], set_code="V.3")
    make_listing(make_product(maker[1], "Nhà sàn", at=at, set_code="VI.1"), at=at, weight_g=None)
    client = entered(app, maker[0])
    assert client.get("/producer/export/hoa-dao").text.count("chưa có số liệu cho hàng này") == 7
    assert client.get("/producer/export/nha-san").status_code == 404


def test_the_offices_pages(app: Flask, maker: Maker, noodles: Variant, at: datetime) -> None:
    make_offer("Bún khô", at=at, producer=maker[1])
    make_paper(maker[0], "haccp", at=at, valid_until=TODAY)
    make_paper(maker[0], "gacc_registration", at=at, valid_until=TODAY)
    translate(noodles)
    office = entered(app, make_user(Role.PROVINCE_OFFICER, at=at))
    figures = [
        int(cell.split("<")[0]) for cell in office.get("/office/export").text.split('">')[1:] if cell[:1].isdigit()
    ]
    assert figures[:3] == [1, 1, 0]  # China: ready, one step away, further
    page = office.get("/office/export/cn").text
    ready, near = page.index("/products/mien-dong"), page.index("/products/bun-kho")
    assert page.index("Đủ giấy và nhãn") < ready < page.index("Chỉ thiếu: Nhãn tiếng Trung") < near
    assert office.get("/office/export/moon").status_code == 404
    assert "Chưa có món nào." in office.get("/office/export/kr").text
