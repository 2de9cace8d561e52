"""The plan's pages: drawn by the script, typed without it, printed, and seen by the public."""

import json
import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.shop.catalog.models import Listing
from marketplace.trade.exhibitors.placings import find_standing
from marketplace.trade.fairs.models import Edition, EditionState
from marketplace.trade.floorplans.models import LandmarkKind
from marketplace.trade.floorplans.queries import get_booth, layout_of, list_booths, newest_number
from marketplace.trade.floorplans.rules import HallPlan, LandmarkPlan, Layout
from tests.builders import make_listing, make_offer, make_producer, make_product, make_user
from tests.conftest import TODAY, Client
from tests.fairing import lead_to, make_edition
from tests.floors import codes_of, place, plan, row_layout
from tests.pages import send, sign_in, token


@pytest.fixture
def office(client: Client, at: datetime) -> Client:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


@pytest.fixture
def edition(app: Flask, at: datetime) -> Edition:
    return make_edition(at=at, zones=("Khu A", "Khu B"))


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


def saved(client: Client, edition: Edition, layout: object, base: int | str) -> tuple[int, Any]:
    typed = {"layout": layout if isinstance(layout, str) else json.dumps(layout), "base": str(base)}
    answer = client.post(f"/office/fairs/{edition.code}/plan", data={**typed, "csrf_token": token(client)})
    return answer.status_code, answer.get_json()


def test_the_script_saves_and_is_refused(office: Client, edition: Edition) -> None:
    status, told = saved(office, edition, row_layout().to_json(), 0)
    assert (status, told["number"], told["told"]) == (200, 1, "Đã lưu mặt bằng.")
    assert told["layout"] == layout_of(edition.id).to_json()
    again = told["layout"]
    again["booths"][0]["x"] = 100
    code = again["booths"][0]["code"]
    status, told = saved(office, edition, again, 1)
    assert (status, told["wrong"][code], "newest" in told) == (422, "Gian này chồng lên gian khác.", False)
    status, told = saved(office, edition, row_layout().to_json(), 0)
    assert (status, told["newest"], told["wrong"]) == (409, 1, {})
    assert told["told"].startswith("Người khác vừa lưu mặt bằng này.")
    for nonsense in ("", "{", "[" * 100_000, "[1]", '{"booths": 1}'):
        assert saved(office, edition, nonsense, 1)[0] == 422
    assert saved(office, edition, row_layout().to_json(), "x")[0] == 409
    assert newest_number(edition.id) == 1


def test_a_held_booth_is_refused_by_name(office: Client, edition: Edition, at: datetime) -> None:
    plan(edition, at=at)
    place(edition, "A2", make_producer("HTX Nùng", at=at), at=at, published=False)
    before = layout_of(edition.id)
    status, told = saved(office, edition, Layout(before.halls).to_json(), 1)
    assert status == 409
    assert told["told"].startswith("Gian A2 đang có nơi làm")
    assert layout_of(edition.id) == before


def test_the_editor_gets_the_drawing(office: Client, edition: Edition, at: datetime) -> None:
    plan(edition, at=at)
    place(edition, "A2", make_producer('HTX "Nùng" & bạn', at=at), at=at, published=False)
    page = office.get(f"/office/fairs/{edition.code}/plan").get_data(as_text=True)
    (given,) = re.findall(r'data-plan="([^"]*)"', page)
    drawing = json.loads(unescape(given))
    assert (drawing["base"], Layout.from_json(drawing["layout"])) == (1, layout_of(edition.id))
    assert drawing["names"] == {codes_of(edition)["A2"]: 'HTX "Nùng" & bạn'}
    assert drawing["zones"] == [{"number": 0, "name": "Khu A"}, {"number": 1, "name": "Khu B"}]
    assert "floorplan.js" in page
    assert f'href="/office/fairs/{edition.code}/plan"' in text(office, f"/office/fairs/{edition.code}")


def test_drawn_by_forms_alone(office: Client, edition: Edition) -> None:
    base = f"/office/fairs/{edition.code}/plan"
    assert "Chưa vẽ sảnh nào." in text(office, f"{base}/print")
    send(office, f"{base}/halls", base="0", name="Nhà bạt", width="30", depth="20,5")
    row = {"label": "A09", "x": "1", "y": "2.5", "width": "3", "depth": "2", "gap": "0,5", "hall": "0"}
    send(office, f"{base}/rows", base="1", count="2", direction="down", price="500.000", power_w="2000", **row)
    send(office, f"{base}/landmarks", base="2", hall="0", kind="stage", x="10", y="10", width="5", depth="3", label="")
    layout = layout_of(edition.id)
    assert layout.halls == (HallPlan("Nhà bạt", 3000, 2050),)
    assert layout.landmarks == (LandmarkPlan(0, LandmarkKind.STAGE, 1000, 1000, 500, 300),)
    stood = [(each.label, each.x, each.y, each.price, each.power_w) for each in list_booths(edition.id)]
    assert stood == [("A09", 100, 250, Money(500_000), 2000), ("A10", 100, 500, Money(500_000), 2000)]
    code = codes_of(edition)["A10"]
    assert "Gian A10" in text(office, f"{base}/booths/{code}")
    typed = {**row, "label": "B1", "x": "8", "zone": "1", "open_sides": "2", "price": "0", "power_w": "0"}
    send(office, f"{base}/booths/{code}", base="3", water="1", blocked="1", **typed)
    changed = get_booth(edition.id, code)
    assert (changed.label, changed.x, changed.zone and changed.zone.name) == ("B1", 800, "Khu B")
    assert (changed.water, changed.cold, changed.blocked, changed.open_sides) == (True, False, True, 2)
    send(office, f"{base}/booths/{code}/drop", base="4")
    send(office, f"{base}/landmarks/0/drop", base="5")
    assert (list(codes_of(edition)), layout_of(edition.id).landmarks) == (["A09"], ())
    send(office, f"{base}/restore", base="6", number="4")
    assert codes_of(edition)["B1"] == code
    send(office, f"{base}/halls/0/drop", base="7")
    assert (layout_of(edition.id), newest_number(edition.id)) == (Layout(), 8)


def test_what_forms_refuse(office: Client, edition: Edition, at: datetime) -> None:
    plan(edition, at=at)
    base, before = f"/office/fairs/{edition.code}/plan", layout_of(edition.id)
    code = before.booths[0].code
    row = {"label": "B1", "x": "0", "y": "9", "width": "3", "depth": "2", "gap": "0", "hall": "0", "count": "2"}

    def told(path: str, typed: dict[str, str], status: int = 422) -> str:
        answer = office.post(f"{base}{path}", data={"base": "1", **typed, "csrf_token": token(office)})
        assert answer.status_code == status
        assert layout_of(edition.id) == before
        return unescape(answer.get_data(as_text=True))

    for path in ("/rows", f"/booths/{code}"):
        assert "Ghi số mét" in told(path, {**row, "width": "rộng"})
        assert "Nhập bằng chữ số." in told(path, {**row, "power_w": "hai"})
        assert "Ghi số tiền" in told(path, {**row, "price": "nhiều"})
        assert "Nằm ngoài sảnh." in told(path, {**row, "y": "19"})
    for count in ("0", "101"):
        assert "Từ 1 đến 100 gian một dãy." in told("/rows", {**row, "count": count})
    assert "chồng lên" in told("/rows", {**row, "y": "0"})
    assert "Chọn một mục" in told("/landmarks", {"hall": "0", "kind": "volcano"})
    assert "Sảnh cần tên" in told("/halls", {"name": "", "width": "30", "depth": "20"})
    told("/rows", {**row, "base": "0"}, 302)
    assert "Người khác vừa lưu mặt bằng này." in text(office, base)
    for path in ("/booths/GHNONE", "/booths/GHNONE/drop", "/restore"):
        told(path, {**row, "number": "9"}, 404)
    told("/restore", {"number": "x"}, 404)


def test_over_and_only_looked_at(office: Client, app: Flask, at: datetime) -> None:
    edition = make_edition(at=at)
    plan(edition, at=at)
    lead_to(edition.code, EditionState.CLOSED, at=at)
    page = text(office, f"/office/fairs/{edition.code}/plan")
    assert "floorplan.js" not in page
    assert "không sửa được nữa" in page


def test_the_sheets_to_print(office: Client, edition: Edition, at: datetime) -> None:
    plan(edition, at=at)
    place(edition, "A2", make_producer("HTX Nùng", at=at), at=at, published=False)
    page = text(office, f"/office/fairs/{edition.code}/plan/print")
    assert "plan-sheet--a4" in page
    assert "<li><b>A2</b> HTX Nùng</li>" in page
    assert "plan-sheet--a3" in text(office, f"/office/fairs/{edition.code}/plan/print?size=a3")


def test_the_public_sees_who_stands_where(app: Flask, client: Client, at: datetime) -> None:
    edition = make_edition(at=at, state=EditionState.SELECTION)
    assert client.get(f"/fairs/{edition.slug}/map").status_code == 404
    assert "/map" not in text(client, f"/fairs/{edition.slug}")
    plan(edition, row_layout(4), at=at)
    maker = make_producer("HTX Nùng Bản Bo", at=at)
    shown = make_offer("Mật ong rừng", at=at, producer=maker).listing_id
    hidden, _variant = make_listing(make_product(maker, "Rượu chưa công nhận", at=at), at=at)
    stand = place(edition, "A2", maker, db.session.get_one(Listing, shown), hidden, at=at)
    place(edition, "A1", make_producer("Chưa báo", at=at), at=at, published=False)
    place(edition, "A3", make_producer("Đã rời", at=at), at=at, released=True)
    assert find_standing(edition, on=TODAY) == {}
    before = text(client, f"/fairs/{edition.slug}/map")
    assert "HTX Nùng" not in before
    assert "sẽ được công bố" in before
    lead_to(edition.code, EditionState.ALLOCATED, at=at)
    page = text(client, f"/fairs/{edition.slug}/map")
    assert f'<a href="#{stand.code}">' in page
    assert f'id="{stand.code}"' in page
    for word in ("HTX Nùng Bản Bo", "Mật ong rừng", 'href="/products/mat-ong-rung"'):
        assert word in page
    for word in ("Rượu chưa công nhận", "Chưa báo", "Đã rời"):
        assert word not in page
    assert f'href="/fairs/{edition.slug}/map#{stand.code}"' in text(client, f"/fairs/{edition.slug}")


@pytest.mark.parametrize(("asked", "found"), [("mat ong", 1), ("NUNG", 1), ("nùng bản", 1), ("cá", 0), (" ", None)])
def test_found_with_marks_or_without(app: Flask, client: Client, at: datetime, asked: str, found: int | None) -> None:
    edition = make_edition(at=at, state=EditionState.SELECTION)
    plan(edition, at=at)
    maker = make_producer("HTX Nùng Bản Bo", at=at)
    variant = make_offer("Mật ong rừng", at=at, producer=maker)
    place(edition, "A2", maker, db.session.get_one(Listing, variant.listing_id), at=at)
    lead_to(edition.code, EditionState.ALLOCATED, at=at)
    page = text(client, f"/fairs/{edition.slug}/map?q={asked}")
    assert page.count("booth--found") == (found or 0)
    assert ("Không gian nào có" in page) is (found == 0)
    assert ("1 gian có" in page) is (found == 1)
