"""A campaign through pages: planned, invited, worked out, published by the office; answered and confirmed by both."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.people.producers.queries import get_own
from marketplace.platform.core.db import db, transaction
from marketplace.platform.mail.models import OutgoingMail
from marketplace.registry.certification.models import Certificate
from marketplace.trade.campaigns.jobs import watch, work_out
from marketplace.trade.campaigns.models import Answer, Campaign, MeetingState
from marketplace.trade.campaigns.queries import get_campaign, list_meetings, list_meetings_of, list_participants
from marketplace.trade.campaigns.services import cancel_campaign, confirm_meeting, start_campaign
from tests.builders import BY, make_user, revoke_certificate
from tests.conftest import Client, new_client
from tests.contracts.gathered import PLAN
from tests.meeting import Fair, make_buyer, make_fair, make_maker, timetable
from tests.pages import send, sign_in

BASE = "/office/matchmaking/campaigns"
DAY = datetime(2026, 12, 8, 1, 0, tzinfo=UTC)


@pytest.fixture
def officer(app: Flask, client: Client, at: datetime) -> Client:
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def desk(app: Flask, user: User) -> Client:
    client = new_client(app)
    sign_in(client, user)
    return client


def test_from_plan_to_confirmed(app: Flask, officer: Client, at: datetime) -> None:
    maker, buyer = make_maker("Lò", at=at), make_buyer("Chợ", at=at)
    assert "Chưa có đợt nào" in officer.get(BASE).text
    wrong = send(officer, f"{BASE}/new", **{**PLAN, "breaks": "trưa", "minutes": ""})
    assert (wrong.status_code, "Nhập một số." in wrong.text, 'value="trưa"' in wrong.text) == (422, True, True)
    for breaks in ("trưa", "25:00-26:00", "11:00-11:75"):
        wrong = send(officer, f"{BASE}/new", **{**PLAN, "breaks": breaks})
        assert (wrong.status_code, "Viết giờ nghỉ như 11:30-13:30." in wrong.text) == (422, True), breaks
    made = send(officer, f"{BASE}/new", **{**PLAN, "breaks": "9:00-9:15"})
    code = db.session.scalars(select(Campaign.code)).one()
    assert made.headers["Location"] == f"{BASE}/{code}/invite"
    form = officer.get(f"{BASE}/{code}/edit").text
    assert 'value="09:00-09:15"' in form
    # the hours as they were typed, though the last meeting before each of them ends earlier
    typed = {"opens": "08:00", "closes": "16:30", "breaks": "11:30-13:30", "minutes": "20", "pause": "5"}
    assert send(officer, f"{BASE}/{code}/edit", **{**PLAN, **typed}).status_code == 302
    again = officer.get(f"{BASE}/{code}/edit").text
    assert [name for name, value in typed.items() if f'name="{name}" value="{value}"' not in again] == []
    assert send(officer, f"{BASE}/{code}/edit", **{**PLAN, "tables": "0"}).status_code == 422
    assert send(officer, f"{BASE}/{code}/edit", **PLAN).status_code == 302
    assert "Mời ít nhất một nơi làm" in officer.get(send(officer, f"{BASE}/{code}/open").headers["Location"]).text
    page = officer.get(f"{BASE}/{code}/invite").text
    assert "1 nơi mua hợp" in page
    shop = re.findall(r'name="distributor" value="([^"]+)"', page)
    send(officer, f"{BASE}/{code}/invite", producer=get_own(maker.actor()).slug, distributor=shop[0])
    assert "đã có tên" in officer.get(f"{BASE}/{code}/invite").text
    send(officer, f"{BASE}/{code}/open")
    sides = ((desk(app, maker), "producer"), (desk(app, buyer), "distributor"))
    for client, side in sides:
        path = f"/{side}/campaigns/{code}"
        assert "Đợt thử" in client.get(f"/{side}/campaigns").text
        wrong = send(client, path, coming="yes", here=["0", "1"], most="nhiều")
        assert (wrong.status_code, "Nhập một số." in wrong.text, 'value="nhiều"' in wrong.text) == (422, True, True)
        assert send(client, path, coming="yes", here=["0", "1", "x"], most="2").status_code == 302
        assert "sẽ đến" in client.get(path).text
    send(officer, f"{BASE}/{code}/runs")
    waiting = officer.get(f"{BASE}/{code}").text
    assert "chờ máy xếp" in waiting
    assert f'hx-get="{BASE}/{code}/runs/1/state"' in waiting
    assert "Lượt này chưa có kết quả." in officer.get(f"{BASE}/{code}/runs/1").text
    work_out(at)
    assert "đã chứng minh là tốt nhất" in officer.get(f"{BASE}/{code}/runs/1/state").text
    assert "Mọi nơi làm đều đủ." in officer.get(f"{BASE}/{code}/runs/1").text
    assert "1 cuộc gặp" not in sides[0][0].get(f"/producer/campaigns/{code}").text
    send(officer, f"{BASE}/{code}/runs/1/publish")
    meeting = list_meetings(get_campaign(code).id)[0].code
    for client, side in sides:
        path = f"/{side}/campaigns/{code}"
        assert "1 cuộc gặp" in client.get(path).text
        assert send(client, f"{path}/meetings/{meeting}/confirm").status_code == 302
    assert "hai bên đã chốt" in sides[1][0].get(f"/distributor/campaigns/{code}").text
    assert list_meetings(get_campaign(code).id)[0].state is MeetingState.CONFIRMED
    letters = [row.subject for row in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]
    assert [words for words in letters if "Đợt thử" in words] == [
        "Mời bạn dự “Đợt thử”",
        "Mời bạn dự “Đợt thử”",
        "Lịch gặp của bạn trong “Đợt thử”",
        "Lịch gặp của bạn trong “Đợt thử”",
    ]


def test_leaving_and_calling_off(app: Flask, officer: Client, at: datetime) -> None:
    fair = make_fair(at=at)
    timetable(fair, at=at)
    client, path = desk(app, fair.makers[0]), f"/producer/campaigns/{fair.code}"
    mine = [m.code for m in list_meetings(fair.campaign.id) if m.producer.name == "Lò 0"]
    wrong = send(client, f"{path}/meetings/{mine[0]}/cancel", reason="")
    assert (wrong.status_code, "Ghi lý do để bên kia biết." in wrong.text) == (422, True)
    assert send(client, f"{path}/meetings/{mine[0]}/cancel", reason="Hết hàng").status_code == 302
    assert client.get(send(client, f"{path}/meetings/{mine[0]}/confirm").headers["Location"]).status_code == 200
    assert send(client, f"{path}/meetings/CG0/confirm").status_code == 404
    assert send(client, f"{path}/withdraw", reason="Ốm").status_code == 302
    assert len(list_meetings(fair.campaign.id)) == 2
    wrong = send(officer, f"{BASE}/{fair.code}/cancel", reason="")
    assert (wrong.status_code, "Ghi lý do hủy." in wrong.text) == (422, True)
    send(officer, f"{BASE}/{fair.code}/cancel", reason="Bão")
    assert "đã hủy" in officer.get(f"{BASE}/{fair.code}").text
    subjects = list(db.session.scalars(select(OutgoingMail.subject)))
    assert "“Kết nối Đông Nam” không diễn ra" in subjects
    assert "Cuộc gặp với Lò 0 bị hủy" in subjects


def test_the_day_at_the_front_desk(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at)
    timetable(fair, at=at)
    day = f"{BASE}/{fair.code}"
    with transaction():
        start_campaign(code=fair.code, by=BY, at=DAY)
    with time_machine.travel(DAY, tick=True):
        officer = desk(app, make_user(Role.PROVINCE_OFFICER, at=DAY))
        rows = list_meetings(fair.campaign.id)
        assert "chưa đến" in officer.get(f"{day}/day").text
        for each in list_participants(fair.campaign.id):
            assert send(officer, f"{day}/arrivals/{each.id}").status_code == 302
        assert "chưa đến" not in officer.get(f"{day}/day").text
        send(officer, f"{day}/meetings/{rows[0].code}/held")
        send(officer, f"{day}/meetings/{rows[1].code}/missed", absent="buyer")
        send(officer, f"{day}/meetings/{rows[2].code}/missed", absent="?")
        send(officer, f"{day}/meetings/{rows[3].code}/note", note="Xin giá")
        wrong = send(officer, f"{day}/meetings/{rows[3].code}/cancel", reason="")
        assert (wrong.status_code, "Ghi lý do để bên kia biết." in wrong.text, "Xin giá" in wrong.text) == (
            422,
            True,
            True,
        )
        states = {m.code: (m.state.value, m.absent and m.absent.value) for m in list_meetings(fair.campaign.id)}
        assert [states[row.code] for row in rows] == [
            ("held", None),
            ("no_show", "buyer"),
            ("no_show", "producer"),
            ("tentative", None),
        ]
        page = officer.get(f"{day}/meetings/{rows[1].code}").text
        assert "Ai thế được" in page
        assert send(officer, f"{day}/meetings/{rows[1].code}/replace", participant="x").status_code == 404
        assert officer.get(f"{day}/meetings/CG0").status_code == 404
        again = send(officer, f"{day}/meetings/{rows[0].code}/held")
        assert "đang ở bước khác" in officer.get(again.headers["Location"]).text
        send(officer, f"{day}/close")
        assert "đã kết thúc" in officer.get(day).text


def test_a_certificate_gone_is_seen_by_the_office(officer: Client, at: datetime) -> None:
    fair: Fair = make_fair(at=at)
    timetable(fair, at=at)
    for certificate in db.session.scalars(select(Certificate)).all():
        revoke_certificate(certificate, at=at)
    assert "4 cuộc gặp dựa vào món không còn bán được" in officer.get(f"{BASE}/{fair.code}").text


def test_the_calendar_and_the_day_before(app: Flask, client: Client, at: datetime) -> None:
    fair = make_fair(at=at)
    timetable(fair, at=at)
    row = next(m for m in list_meetings(fair.campaign.id) if m.producer.name == "Lò 0")
    path = f"/producer/campaigns/{fair.code}/meetings/{row.code}.ics"
    sign_in(client, fair.makers[0])
    text = client.get(path).text
    assert f"UID:{row.code}@cho-phien" in text
    assert f"SUMMARY:Gặp {row.buyer.name}" in text
    assert f"DTSTART:{row.slot.starts_at:%Y%m%dT%H%M%SZ}" in text
    assert client.get(path.replace(row.code, "CG0")).status_code == 404
    assert client.get(f"/producer/campaigns/{fair.code}").text.count(".ics") == 2
    for user in (*fair.makers, *fair.buyers):  # what is not confirmed would be let go of
        for meeting in list_meetings_of(fair.place_of(user)):
            with transaction():
                confirm_meeting(code=fair.code, meeting=meeting.code, by=user.actor(), at=at)
    before = len(list(db.session.scalars(select(OutgoingMail.id))))
    for moment, letters in (
        (DAY - timedelta(days=2), 0),
        (DAY - timedelta(hours=23), 4),
        (DAY - timedelta(hours=1), 4),
    ):
        watch(moment)
        assert len(list(db.session.scalars(select(OutgoingMail.id)))) == before + letters
    last = db.session.scalars(select(OutgoingMail.subject).order_by(OutgoingMail.id.desc())).first()
    assert last == "Ngày mai: “Kết nối Đông Nam”"


def test_whom_nobody_suits(officer: Client, at: datetime) -> None:
    make_maker("Lò", at=at)
    send(officer, f"{BASE}/new", **PLAN)
    code = db.session.scalars(select(Campaign.code)).one()
    assert "Chưa có cặp nào qua hết các cửa" in officer.get(f"{BASE}/{code}/invite").text


def test_an_answer_that_will_not_do_keeps_what_was_typed(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at, makers=1, buyers=1, coming=False)
    client, path = desk(app, fair.makers[0]), f"/producer/campaigns/{fair.code}"
    page = send(client, path, coming="yes", here=["1", "3"], most="9", reason="Nhà xa")
    ticked = re.findall(r'name="here" value="(\d)" checked', page.text)
    assert (page.status_code, ticked, 'id="most-error"' in page.text) == (422, ["1", "3"], True)
    assert ('value="9"' in page.text, 'value="Nhà xa"' in page.text) == (True, True)
    page = send(client, path, coming="yes", most="2")  # busy in every slot: none of them is ticked for them
    assert (page.status_code, 'id="absent-error"' in page.text) == (422, True)
    assert re.findall(r'name="here" value="(\d)" checked', page.text) == []
    assert list_participants(fair.campaign.id)[0].answer is Answer.INVITED
    assert send(client, path, coming="no", reason="Mùa gặt").status_code == 302
    mine = next(each for each in list_participants(fair.campaign.id) if each.producer_id)
    assert (mine.answer, mine.reason) == (Answer.DECLINED, "Mùa gặt")


def test_a_missing_reason_is_asked_for_where_it_belongs(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at)
    timetable(fair, at=at)
    client, path = desk(app, fair.makers[0]), f"/producer/campaigns/{fair.code}"
    mine = [m.code for m in list_meetings(fair.campaign.id) if m.producer.name == "Lò 0"]
    page = send(client, f"{path}/meetings/{mine[1]}/cancel", reason=" ")
    assert (page.status_code, f'id="reason-{mine[1]}-error"' in page.text) == (422, True)
    assert page.text.count("Ghi lý do để bên kia biết.") == 1
    assert page.text.count("<details open>") == 1
    page = send(client, f"{path}/withdraw", reason="")
    assert (page.status_code, 'id="reason-withdraw-error"' in page.text) == (422, True)
    assert "<details open><summary>Rút khỏi đợt này</summary>" in page.text
    assert page.text.count("<details open>") == 1


@pytest.mark.parametrize("huge", ["9" * 20, "9" * 5_000])
def test_a_number_beyond_all_bounds_is_told_not_broken(app: Flask, officer: Client, at: datetime, huge: str) -> None:
    fair = make_fair(at=at, makers=1, buyers=1)
    timetable(fair, at=at)
    client, path = desk(app, fair.makers[0]), f"/producer/campaigns/{fair.code}"
    assert send(client, path, coming="yes", here=["0"], most=huge).status_code == 422
    assert send(client, path, coming="yes", here=["0", huge], most="1").status_code == 302
    meeting = list_meetings(fair.campaign.id)[0].code
    with transaction():
        start_campaign(code=fair.code, by=BY, at=DAY)
    day = f"{BASE}/{fair.code}"
    with time_machine.travel(DAY, tick=True):
        there = desk(app, make_user(Role.PROVINCE_OFFICER, at=DAY))
        send(there, f"{day}/meetings/{meeting}/missed", absent="producer")
        assert send(there, f"{day}/meetings/{meeting}/replace", participant=huge).status_code == 404
    for address in (f"{day}/runs/{huge[:20]}", f"{day}/runs/{huge[:20]}/state"):
        assert officer.get(address).status_code == 404
    for address in (f"{day}/arrivals/{huge[:20]}", f"{day}/runs/{huge[:20]}/stop"):
        assert send(officer, address).status_code == 404
    for field in ("minutes", "pause", "tables", "least", "most_buyer"):
        assert send(officer, f"{BASE}/new", **{**PLAN, field: huge}).status_code == 422, field
    for wrong in ({"pause": "-20"}, {"first_day": "9999-12-31", "last_day": "9999-12-31"}):
        assert send(officer, f"{BASE}/new", **{**PLAN, **wrong}).status_code == 422, wrong


def test_who_was_to_meet_takes_a_cancelled_meeting_out_of_the_calendar(app: Flask, at: datetime) -> None:
    fair = make_fair(at=at, makers=1, buyers=1)
    timetable(fair, at=at)
    row = list_meetings(fair.campaign.id)[0]
    path = f"/producer/campaigns/{fair.code}"
    send(desk(app, fair.buyers[0]), f"/distributor/campaigns/{fair.code}/meetings/{row.code}/cancel", reason="Hết tiền")
    client = desk(app, fair.makers[0])
    page, calendar = client.get(path).text, f"{path}/meetings/{row.code}.ics"
    assert ("Đã hủy" in page, "Lý do: Hết tiền" in page, f'href="{calendar}"' in page) == (True, True, True)
    assert "METHOD:CANCEL" in client.get(calendar).text
    with transaction():
        cancel_campaign(code=fair.code, reason="Bão", by=BY, at=at)
    assert f'href="{calendar}"' in client.get(path).text
    assert "METHOD:CANCEL" in client.get(calendar).text
    letters = db.session.execute(select(OutgoingMail.subject, OutgoingMail.text).order_by(OutgoingMail.id)).all()
    to_maker = [text for subject, text in letters if "bị hủy" in subject]
    assert len(to_maker) == 1
    assert f"{path}\n" in to_maker[0]
    ends = [text for subject, text in letters if "không diễn ra" in subject]
    assert [f"/{side}/campaigns/{fair.code}\n" in ends[n] for n, side in enumerate(("producer", "distributor"))] == [
        True,
        True,
    ]
