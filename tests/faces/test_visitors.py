"""Visitors' pages: the form, the ticket, the gate by hand and by device, the office's desk, leads."""

import io
import json
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role
from marketplace.platform.core.db import db
from marketplace.platform.core.money import Money
from marketplace.trade.fairs.models import Entry
from marketplace.trade.visitors.gates import list_devices, list_lists
from marketplace.trade.visitors.links import ticket_path
from marketplace.trade.visitors.models import Admission, Lead, Registration, Scan, Ticket
from marketplace.trade.visitors.queries import get_ticket, list_invitations
from marketplace.trade.visitors.rules import mark
from tests.builders import make_producer, make_user
from tests.conftest import Client
from tests.fairing import make_edition, release, session_facts
from tests.pages import hidden, send, sign_in
from tests.visiting import (
    NOON,
    TICKET_TYPED,
    device_at,
    gate_of,
    invitation,
    look,
    make_exhibitor,
    make_ticket,
    make_visitor,
    signed,
)


def count(table: type[Ticket] | type[Scan] | type[Admission] | type[Lead] | type[Registration]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_visitor_gets_two_tickets_and_comes_back_by_their_links(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    page = client.get(f"/fairs/{edition.slug}")
    assert f'href="/fairs/{edition.slug}/ticket"' in page.text
    path = f"/fairs/{edition.slug}/ticket"
    form = client.get(path)
    typed = {**TICKET_TYPED, **hidden(form, path), "people": "2", "place": "12", "commune": "03388", "consent": "1"}
    sent = [client.post(path, data=typed) for _ in range(2)]
    assert [answer.status_code for answer in sent] == [302, 302]
    assert (sent[0].location, count(Ticket), count(Registration)) == (sent[1].location, 2, 1)
    ticket = client.get(sent[0].location)
    assert "vé 1 trong 2" in ticket.text
    codes = list(db.session.scalars(select(Ticket.code).order_by(Ticket.id)))
    assert all(code in ticket.text for code in codes)
    key = sent[0].location.partition("?k=")[2]
    assert client.get(f"/fairs/{edition.slug}/tickets/{codes[0]}/qr.svg?k={key}").data.startswith(b"<svg")
    for foreign in (f"{codes[1]}?k={key}", codes[0], f"{codes[0]}/qr.svg?k=x"):
        assert client.get(f"/fairs/{edition.slug}/tickets/{foreign}").status_code == 404


def test_what_is_wrong_is_told_beside_its_field_and_kept(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    typed = {**TICKET_TYPED, "phone": "", "people": "11", "name": "Vàng Thị An"}
    answer = send(client, f"/fairs/{edition.slug}/ticket", **typed)
    assert answer.status_code == 422
    assert "Ghi số điện thoại hoặc địa chỉ thư." in answer.text
    assert "Từ 1 đến 10 người một lần đăng ký." in answer.text
    assert 'value="Vàng Thị An"' in answer.text
    assert count(Ticket) == 0


def test_by_invitation_and_until_there_are_none_left(client: Client, at: datetime) -> None:
    edition = make_edition(at=at, entry=Entry.INVITED, most_visitors=1, ticket_price=Money(20_000))
    path = f"/fairs/{edition.slug}/ticket"
    code = invitation(edition, at=at, most=5).code
    assert send(client, path, **TICKET_TYPED).status_code == 422
    assert f'value="{code}"' in client.get(f"{path}?invitation={code}").text
    assert send(client, path, **TICKET_TYPED, invitation=code).status_code == 302
    full = client.get(path)
    assert "Đã hết vé." in full.text
    assert send(client, path, **TICKET_TYPED, invitation=code).status_code == 422
    assert count(Ticket) == 1


def test_consent_seats_and_cancelling_on_the_tickets_page(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    item = release(edition.code, session_facts(seats=1), at=at)[0]
    first, second = make_ticket(edition, at=at), make_ticket(edition, at=at)
    pages = [ticket_path(edition.slug, each.code) for each in (first, second)]
    keys = [page.partition("?k=")[2] for page in pages]
    base = f"/fairs/{edition.slug}/tickets/{first.code}"
    assert send(client, f"{base}/consent", k="wrong", given="1").status_code == 404
    assert send(client, f"{base}/consent", k=keys[0], given="1").status_code == 302
    assert get_ticket(edition.id, first.code).consent_version == 1
    send(client, f"{base}/consent", k=keys[0])
    assert get_ticket(edition.id, first.code).consent_version is None
    send(client, f"{base}/seats/{item}", k=keys[0])
    send(client, f"/fairs/{edition.slug}/tickets/{second.code}/seats/{item}", k=keys[1])
    assert "Đã có chỗ" in client.get(pages[0]).text
    assert "Đang chờ chỗ" in client.get(pages[1]).text
    send(client, f"{base}/seats/{item}/leave", k=keys[0])
    assert "Đã có chỗ" in client.get(pages[1]).text
    send(client, f"{base}/cancel", k=keys[0])
    cancelled = client.get(pages[0]).text
    assert ("Đã hủy" in cancelled, "qr.svg" in cancelled) == (True, False)


def test_the_gate_by_hand_on_a_device_without_an_account(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket, token = make_ticket(edition, at=at), device_at(edition, at=at)
    with time_machine.travel(NOON):
        page = client.get(f"/checkin/{token}")
        assert f'action="/checkin/{token}"' in page.text
        told = [
            client.post(f"/checkin/{token}", data={"text": text}).text for text in (ticket.code, ticket.code, "VE0")
        ]
    assert ["verdict--ok" in text for text in told] == [True, False, False]
    assert "Vé này đã vào rồi" in told[1]
    assert "Không có vé nào mang mã này" in told[2]
    assert (count(Scan), count(Admission)) == (3, 1)
    assert client.get("/checkin/khong-co").status_code == 404
    assert client.post("/checkin/khong-co", data={"text": ticket.code}).status_code == 404


def test_the_worker_of_the_gate_keeps_to_its_pages(client: Client, at: datetime) -> None:
    answer = client.get("/checkin/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    token = device_at(make_edition(at=at), at=at)
    page = client.get(f"/checkin/{token}").text
    kept = json.loads(page.partition("data-keep='")[2].partition("'")[0])
    for path in kept:
        with client.get(path) as file:
            assert file.status_code == 200, path
    assert "csrf" not in page


def test_what_a_device_keeps_is_sent_once(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket, token = make_ticket(edition, at=at), device_at(edition, at=at)
    first = client.get(f"/checkin/{token}/tickets")
    assert first.json is not None
    assert first.json["valid"] == [mark(edition.code, ticket.code)]
    assert ticket.code not in first.text
    headers = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"/checkin/{token}/tickets", headers=headers)
    assert (again.status_code, again.data) == (304, b"")
    make_ticket(edition, at=at)
    assert client.get(f"/checkin/{token}/tickets", headers=headers).status_code == 200


def scan(text: str, when: datetime, **more: object) -> dict[str, object]:
    return {"id": str(uuid4()), "text": text, "at": when.isoformat(), **more}


def test_a_batch_is_answered_and_counts_once(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket, token = make_ticket(edition, at=at), device_at(edition, at=at)
    batch = [
        scan(signed(edition, ticket), NOON, offline=True, let_in=True),
        scan(ticket.code, NOON + timedelta(minutes=1)),
        scan("T1.x", NOON),
    ]
    with time_machine.travel(NOON + timedelta(hours=1)):
        answers = [client.post(f"/checkin/{token}/scans", json={"scans": batch}) for _ in range(2)]
    for answer in answers:
        assert answer.json is not None
        assert [each["result"] for each in answer.json["results"]] == ["ok", "double", "forged"]
        assert (answer.json["inside"], answer.json["hours"]) == (1, {"12": 1})
    assert (count(Scan), count(Admission)) == (3, 1)


def test_one_odd_code_does_not_hold_up_a_devices_batch(client: Client, at: datetime) -> None:
    """Anybody can show the camera any QR code: what cannot be kept of it is left out, the others go in."""
    edition = make_edition(at=at)
    ticket, token = make_ticket(edition, at=at), device_at(edition, at=at)
    batch = [scan(text, NOON) for text in ("\0", "", " \0a\0 ", "\u202e=1+1", "😀" * 200, ticket.code)]
    with time_machine.travel(NOON + timedelta(hours=1)):
        answer = client.post(f"/checkin/{token}/scans", json={"scans": batch})
    assert answer.json is not None
    assert [each["result"] for each in answer.json["results"]] == ["unknown"] * 5 + ["ok"]
    typed = set(db.session.scalars(select(Scan.typed)))
    assert typed == {"", "a", "\u202e=1+1", "😀" * 200, ticket.code}


AN_ID = "3e59aa04-bad9-4f6e-a377-088a70f8e93e"  # by chance it would differ between the workers that collect


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"scans": [{}]}',
        json.dumps({"scans": [{"id": "x" * 40, "text": "a", "at": "2026-12-18T05:00:00Z"}]}).encode(),
        json.dumps({"scans": [{"id": AN_ID, "text": "a" * 201, "at": "2026-12-18T05:00:00Z"}]}).encode(),
        json.dumps({"scans": [{"id": AN_ID, "text": "a", "at": "hôm nay"}]}).encode(),
        json.dumps({"scans": [{"id": AN_ID, "text": "a", "at": "2026-12-18T05:00:00"}] * 501}).encode(),
    ],
    ids=["nothing", "no_json", "a_list", "no_scan", "long_id", "long_text", "no_time", "too_many"],
)
def test_a_batch_of_another_shape_is_refused_whole(client: Client, at: datetime, body: bytes) -> None:
    token = device_at(make_edition(at=at), at=at)
    answer = client.post(f"/checkin/{token}/scans", data=body, content_type="application/json")
    assert (answer.status_code, count(Scan)) == (422, 0)


def test_a_naive_time_is_taken_as_utc(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket, token = make_ticket(edition, at=at), device_at(edition, at=at)
    with time_machine.travel(NOON + timedelta(hours=1)):
        sent = [{"id": str(uuid4()), "text": ticket.code, "at": "2026-12-18T05:00:00"}]
        client.post(f"/checkin/{token}/scans", json={"scans": sent})
    assert db.session.scalars(select(Scan.scanned_at)).one() == NOON


def test_a_doors_hours_that_cannot_be_read_open_no_door(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    gate_of(edition)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{edition.code}/checkin/lists"
    for typed, words in (("18/12/2026 9:00", "Chọn ngày và giờ"), ("0001-01-01T00:00", "gần các ngày của hội chợ")):
        answer = send(client, base, name="Hội thảo", kind="session", daily="0", starts_at=typed)
        assert (answer.status_code, words in answer.text, len(list_lists(edition.id))) == (422, True, 1)
    sent = send(client, base, name="Hội thảo", kind="session", daily="0", starts_at="2026-12-18T09:00", ends_at="")
    assert (sent.status_code, len(list_lists(edition.id))) == (302, 2)


def test_the_offices_gate(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket, gate = make_ticket(edition, at=at), gate_of(edition)
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    base = f"/office/fairs/{edition.code}/checkin"
    with time_machine.travel(NOON):
        sign_in(client, officer)
        let_in = send(client, base, list=gate.code, text=ticket.code)
        assert "Mời vào" in let_in.text
        assert "1 người đã vào" in let_in.text
    sign_in(client, officer)
    assert send(client, base, list="CO0", text=ticket.code).status_code == 404
    assert send(client, f"{base}/lists", name="Cổng").status_code == 422
    times = {"starts_at": "2026-12-18T14:00", "ends_at": "2026-12-18T16:00"}
    assert send(client, f"{base}/lists", name="Hội thảo", kind="session", daily="0", **times).status_code == 302
    assert [each.name for each in list_lists(edition.id)] == ["Cổng", "Hội thảo"]
    assert send(client, f"{base}/devices", list=gate.code, device="").status_code == 422
    made = send(client, f"{base}/devices", list=gate.code, device="Chị Hoa")
    assert "Chị Hoa" in client.get(base).text
    token = made.text.split("http://127.0.0.1:8000/checkin/")[1].split('"')[0]
    assert client.get(f"/checkin/{token}").status_code == 200
    device = list_devices(edition.id)[0].code
    assert send(client, f"{base}/devices/{device}/revoke").status_code == 302
    assert client.get(f"/checkin/{token}").status_code == 404
    assert token not in client.get(base).text


def test_the_office_is_shown_who_went_in_twice(client: Client, at: datetime) -> None:
    edition = make_edition(at=at)
    ticket = make_ticket(edition, at=at)
    gate_of(edition)
    for name, minutes in (("Máy A", 0), ("Máy B", 5)):
        when = NOON + timedelta(minutes=minutes)
        back = NOON + timedelta(hours=1)
        look(edition, ticket.code, at=back, scanned_at=when, device=name, offline=True, let_in=True)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    page = client.get(f"/office/fairs/{edition.code}/checkin").text
    twice = page.partition("Vào hai lần khi mất mạng")[2].partition("</section>")[0]
    assert all(words in twice for words in (ticket.code, "Máy A", "Máy B", "12:00", "12:05"))


def test_the_offices_desk_of_visitors(client: Client, at: datetime) -> None:
    edition = make_edition(at=at, ticket_price=Money(20_000))
    ticket = make_ticket(edition, at=at, name="Vàng An")
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    base = f"/office/fairs/{edition.code}"
    assert "Vàng An" in client.get(f"{base}/visitors?q=vàng").text
    assert "Vàng An" not in client.get(f"{base}/visitors?q=không").text
    assert send(client, f"{base}/visitors/{ticket.code}/pay").status_code == 302
    assert get_ticket(edition.id, ticket.code).state.value == "valid"
    send(client, f"{base}/visitors/{ticket.code}/pay")
    assert "Vé này đã hủy, đã dùng hoặc vừa đổi trạng thái" in client.get(f"{base}/visitors").text
    send(client, f"{base}/visitors/{ticket.code}/cancel")
    assert get_ticket(edition.id, ticket.code).state.value == "cancelled"
    assert send(client, f"{base}/invitations", whom="", most="x").status_code == 422
    assert send(client, f"{base}/invitations", whom="Sở", most="3").status_code == 302
    code = list_invitations(edition.id)[0].code
    assert send(client, f"{base}/invitations/{code}/revoke").status_code == 302
    assert "Đã thu hồi" in client.get(f"{base}/visitors").text


def test_an_exhibitor_notes_visitors_and_takes_the_table_away(app: Flask, client: Client, at: datetime) -> None:
    edition, user = make_edition(at=at), make_user(Role.PRODUCER, at=at)
    base = f"/producer/fairs/{edition.code}/leads"
    producer = make_producer("Lò miến", at=at, user=user)
    sign_in(client, user)
    assert client.get(base).status_code == 404
    make_exhibitor(edition, producer, at=at)
    assert f'href="{base}"' in client.get(base.removesuffix("/leads")).text
    open_, shy = (make_visitor(edition, at=at, name=name, consent=name == "An").tickets[0] for name in ("An", "Bình"))
    assert send(client, base, ticket="VE0").status_code == 422
    first = send(client, base, ticket=signed(edition, open_), key=str(uuid4()), rating="4", wish="=200 gói")
    bad = send(client, base, ticket=shy.code, key=str(uuid4()), next_on="mai kia")
    assert (bad.status_code, "Nhập ngày như 31/12/2026." in bad.text) == (422, True)
    send(client, base, ticket=shy.code, key=str(uuid4()), rating="x", next_on="2026-12-21")
    page = client.get(base).text
    assert ("An</a>" in page, "Bình" in page, "Khách giữ kín tên" in page) == (True, False, True)
    assert send(client, first.location, rating="5", wish="=200 gói", note="x" * 2001).status_code == 422
    assert send(client, first.location, rating="5", wish="=200 gói", goods="khong-co").status_code == 422
    assert send(client, first.location, rating="5", wish="=200 gói").status_code == 302
    assert "An" in client.get(first.location).text
    answer = client.get(f"{base}.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows[1:]] == [[shy.code, ""], [open_.code, "An"]]
    assert rows[2][5:7] == [5, "=200 gói"]
    assert count(Lead) == 2
