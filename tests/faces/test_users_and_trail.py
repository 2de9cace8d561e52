"""Administrators keep accounts, read the trail, and see who saw personal data."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, func, select, update

from config import Settings
from marketplace.faces.office_desk.audit_pages import said
from marketplace.people.accounts.models import Role, SignIn, User
from marketplace.people.accounts.services import (
    AlreadyOpened,
    AtWork,
    InvitedToday,
    NotYourself,
    OfficerFacts,
    change_role,
    end_sign_in_of,
    invite_again,
    invite_officer,
    start_account,
    stop_account,
)
from marketplace.platform.audit.jobs import seal_new
from marketplace.platform.audit.models import AuditEntry, ChainCheck, SeenPersonal
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Permission
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from tests.builders import BY, PASSWORD, mailed_token, make_consent, make_offer, make_order, make_producer, make_user
from tests.conftest import Client, new_client
from tests.pages import send, sign_in, token

WHY = "Chuyển công tác theo quyết định"


def signed_in(app: Flask, user: User) -> Client:
    visitor = new_client(app)
    sign_in(visitor, user)
    return visitor


def fresh(user: User) -> User:
    return db.session.scalars(select(User).where(User.id == user.id)).one()


def letters_like(key: str) -> int:
    return db.session.scalar(select(func.count()).where(OutgoingMail.key.like(key))) or 0


def test_accounts_are_found(app: Flask, at: datetime) -> None:
    admin = make_user(Role.ADMIN, at=at, name="Sùng A Quản")
    make_user(Role.COMMUNE_OFFICER, at=at, name="Lò Văn Xã", email="xa@example.com")
    make_user(Role.PROVINCE_OFFICER, at=at, name="Vàng Thị Tỉnh")
    closed = make_user(at=at, name="Hà Thị Khóa")
    with transaction():
        stop_account(code=closed.code, reason=WHY, by=admin.actor(), at=at)
    page = signed_in(app, admin)
    names = ("Sùng A Quản", "Lò Văn Xã", "Vàng Thị Tỉnh", "Hà Thị Khóa")

    def listed(query: str) -> set[str]:
        text = page.get(f"/office/users?{query}").text.partition("<tbody>")[2]
        return {name for name in names if name in text}

    assert listed("") == set(names)
    assert listed("q=xa@exam") == {"Lò Văn Xã"}
    assert listed(f"q={closed.code.lower()}") == {"Hà Thị Khóa"}
    assert listed("q=%25") == set()
    assert listed("role=province_officer") == {"Vàng Thị Tỉnh"}
    assert listed("unit=03390") == {"Lò Văn Xã"}
    assert listed("state=disabled") == {"Hà Thị Khóa"}
    assert listed("state=bare") == {"Sùng A Quản", "Lò Văn Xã", "Vàng Thị Tỉnh"}
    assert listed("state=active&role=nothing") == {"Sùng A Quản", "Lò Văn Xã", "Vàng Thị Tỉnh"}
    assert listed("state=waiting") == set()


def test_an_officer_is_invited_and_sets_a_password(app: Flask, at: datetime) -> None:
    admin = make_user(Role.ADMIN, at=at)
    page = signed_in(app, admin)
    facts = {"name": "Lò Thị Mới", "email": "moi@example.com", "role": "commune_officer"}
    for wrong in ({"unit_code": "1"}, {"unit_code": "03390", "role": "buyer"}, {"name": "", "unit_code": "03390"}):
        assert send(page, "/office/users/new", **(facts | wrong)).status_code == 422
    assert send(page, "/office/users/new", **(facts | {"role": "none", "unit_code": "03390"})).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(User)) == 1
    assert send(page, "/office/users/new", **facts, unit_code="03390").status_code == 302
    again = send(page, "/office/users/new", **facts, unit_code="03390")
    assert again.status_code == 422
    assert "Địa chỉ thư này đã có tài khoản." in again.text
    newcomer = new_client(app)
    link = f"/account/reset/{mailed_token('moi@example.com', 'reset')}"
    assert send(newcomer, link, password=PASSWORD).status_code == 302
    user = db.session.scalars(select(User).where(User.email == "moi@example.com")).one()
    sign_in(newcomer, user)
    assert newcomer.get("/office/").status_code == 200
    with pytest.raises(Forbidden), transaction():
        invite_officer(facts=OfficerFacts("x@example.com", "X", Role.ADMIN), by=user.actor(), at=at)
    with pytest.raises(Invalid), transaction():
        invite_officer(facts=OfficerFacts("x@example.com", "X", Role.BUYER), by=admin.actor(), at=at)


def test_an_invitation_without_a_word_tells_all_that_is_missing(app: Flask, at: datetime) -> None:
    page = signed_in(app, make_user(Role.ADMIN, at=at))
    empty = page.get("/office/users/new").text
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', empty)
    assert [(name, units.count("<option")) for name, units in groups] == [
        ("Tỉnh", 1),
        ("Huyện, thành phố cũ", 8),
        ("Xã, phường", 38),
    ]
    assert '<option value="03390" lang="vi">Xã Bình Lư</option>' in empty
    told = send(page, "/office/users/new", role="commune_officer").text
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', told.partition('id="errors"')[2].partition("</ul>")[0]) == [
        ("name", "Nhập tên, nhiều nhất 120 ký tự."),
        ("email", "Nhập địa chỉ thư, ví dụ ten@example.com"),
        ("unit_code", "Chọn đơn vị mà người ấy phụ trách."),
    ]
    typed = {"name": "Lò Mới", "email": "không phải", "role": "commune_officer", "unit_code": "99999"}
    kept = send(page, "/office/users/new", **typed).text
    assert 'value="không phải"' in kept
    assert '<option value="99999" selected>99999</option>' in kept
    elsewhere = send(page, "/office/users/new", **(typed | {"email": "moi@example.com", "unit_code": "12"}))
    assert (elsewhere.status_code, elsewhere.text.count("Đơn vị không đúng cấp của vai trò.")) == (422, 2)
    assert '<option value="12" lang="vi" selected>Tỉnh Lai Châu</option>' in elsewhere.text


def test_an_invitation_is_sent_again_until_a_password_is_set(app: Flask, at: datetime) -> None:
    admin = make_user(Role.ADMIN, at=at)
    page = signed_in(app, admin)
    facts = OfficerFacts("moi@example.com", "Lò Thị Mới", Role.COMMUNE_OFFICER, "03390")
    with transaction():
        user = invite_officer(facts=facts, by=admin.actor(), at=at)
    base, first = f"/office/users/{user.code}", mailed_token("moi@example.com", "reset")
    shown = page.get(base).text
    assert ("Chưa đặt mật khẩu</span>" in shown, "Đang mở" in shown, "Gửi lại thư mời" in shown) == (True, False, True)
    found = {state: "Lò Thị Mới" in page.get(f"/office/users?state={state}").text for state in ("active", "unopened")}
    assert found == {"active": False, "unopened": True}
    sent = page.post(f"{base}/invitation", data={"csrf_token": token(page)}, follow_redirects=True)
    assert "Đã gửi lại thư mời." in sent.text
    second = mailed_token("moi@example.com", "reset")
    newcomer = new_client(app)
    assert newcomer.get(f"/account/reset/{first}").status_code == 404  # a newer letter replaced it
    assert send(newcomer, f"/account/reset/{second}", password=PASSWORD).status_code == 302
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "user.invited_again")).one()
    assert (entry.actor_name, entry.subject) == (admin.name, user.code)
    opened = page.get(base).text
    assert ("Đang mở" in opened, "Gửi lại thư mời" in opened) == (True, False)
    refused = page.post(f"{base}/invitation", data={"csrf_token": token(page)}, follow_redirects=True)
    assert "Người này đã đặt mật khẩu, hoặc tài khoản đã khóa: không gửi lại thư mời." in refused.text
    assert letters_like("office-invited:%") == 2


def test_who_is_not_invited_again(app: Flask, at: datetime) -> None:
    admin = make_user(Role.ADMIN, at=at)
    facts = OfficerFacts("moi@example.com", "Lò Thị Mới", Role.COMMUNE_OFFICER, "03390")
    with transaction():
        code = invite_officer(facts=facts, by=admin.actor(), at=at).code
    for other in (make_user(Role.PROVINCE_OFFICER, at=at), make_user(at=at)):
        with pytest.raises(Forbidden), transaction():
            invite_again(code=code, by=other.actor(), at=at)
        with pytest.raises(AlreadyOpened), transaction():
            invite_again(code=other.code, by=admin.actor(), at=at)
    with pytest.raises(NotYourself), transaction():
        invite_again(code=admin.code, by=admin.actor(), at=at)
    for _ in range(4):
        with transaction():
            invite_again(code=code, by=admin.actor(), at=at)
    with pytest.raises(InvitedToday), transaction():
        invite_again(code=code, by=admin.actor(), at=at)
    with transaction():
        invite_again(code=code, by=admin.actor(), at=at + timedelta(days=1))
    with transaction():
        stop_account(code=code, reason=WHY, by=admin.actor(), at=at)
    with pytest.raises(AlreadyOpened), transaction():
        invite_again(code=code, by=admin.actor(), at=at + timedelta(days=3))
    assert letters_like("office-invited:%") == 6


def test_units_are_chosen_by_name(app: Flask, at: datetime) -> None:
    page, officer = signed_in(app, make_user(Role.ADMIN, at=at)), make_user(Role.COMMUNE_OFFICER, at=at)
    chosen = '<option value="03390" lang="vi" selected>Xã Bình Lư</option>'
    assert chosen in page.get("/office/users?unit=03390").text
    assert chosen in page.get(f"/office/users/{officer.code}").text
    far = make_user(Role.PROVINCE_OFFICER, at=at, unit="01")  # of another province: their unit is not lost
    assert '<option value="01" selected>01</option>' in page.get(f"/office/users/{far.code}").text


def test_a_role_is_changed_with_its_reason(app: Flask, at: datetime) -> None:
    admin, officer = make_user(Role.ADMIN, at=at), make_user(Role.COMMUNE_OFFICER, at=at)
    page, theirs = signed_in(app, admin), signed_in(app, officer)
    base = f"/office/users/{officer.code}"
    assert send(page, f"{base}/role", role="province_officer", unit_code="12").status_code == 422
    assert send(page, f"{base}/role", role="province_officer", unit_code="99", reason=WHY).status_code == 422
    assert send(page, f"{base}/role", role="producer", reason=WHY).status_code == 422
    assert (fresh(officer).role, theirs.get("/office/").status_code) == (Role.COMMUNE_OFFICER, 200)
    assert send(page, f"{base}/role", role="province_officer", unit_code="12", reason=WHY).status_code == 302
    assert fresh(officer).role is Role.PROVINCE_OFFICER
    assert theirs.get("/office/").status_code == 302  # signed out
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "user.role_changed")).one()
    assert entry.detail == {"from": "commune_officer", "to": "province_officer", "unit": "12", "reason": WHY}
    send(page, f"{base}/role", role="admin", reason=WHY)
    assert (fresh(officer).role, fresh(officer).unit_id) == (Role.ADMIN, None)


def test_an_administrator_always_remains(app: Flask, at: datetime) -> None:
    admin, other = make_user(Role.ADMIN, at=at), make_user(Role.ADMIN, at=at)
    for verb in (stop_account, start_account):
        with pytest.raises(NotYourself), transaction():
            verb(code=admin.code, reason=WHY, by=admin.actor(), at=at)
    with pytest.raises(NotYourself), transaction():
        change_role(code=admin.code, role=Role.BUYER, unit_code="", reason=WHY, by=admin.actor(), at=at)
    with transaction():
        change_role(code=other.code, role=Role.BUYER, unit_code="", reason=WHY, by=admin.actor(), at=at)
    with pytest.raises(Forbidden), transaction():  # who was one when the page was asked for, and is none now
        stop_account(code=admin.code, reason=WHY, by=other.actor(), at=at)
    assert fresh(admin).disabled_at is None


def test_what_cannot_be_done_to_an_account(app: Flask, at: datetime) -> None:
    admin, maker, buyer = make_user(Role.ADMIN, at=at), make_user(Role.PRODUCER, at=at), make_user(at=at)
    with pytest.raises(AtWork), transaction():
        change_role(code=maker.code, role=Role.BUYER, unit_code="", reason=WHY, by=admin.actor(), at=at)
    with pytest.raises(AtWork), transaction():
        change_role(code=buyer.code, role=Role.PRODUCER, unit_code="", reason=WHY, by=admin.actor(), at=at)
    with pytest.raises(Conflict), transaction():
        start_account(code=buyer.code, reason=WHY, by=admin.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        stop_account(code="KHONGCO", reason=WHY, by=admin.actor(), at=at)
    province = make_user(Role.PROVINCE_OFFICER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        stop_account(code=buyer.code, reason=WHY, by=province, at=at)
    with pytest.raises(Invalid), transaction():
        stop_account(code=buyer.code, reason="", by=BY, at=at)
    with transaction():
        stop_account(code=buyer.code, reason=WHY, by=BY, at=at)
    with pytest.raises(Conflict), transaction():
        stop_account(code=buyer.code, reason=WHY, by=BY, at=at)
    with transaction():
        db.session.execute(update(User).where(User.id == buyer.id).values(erased_at=at))
    with pytest.raises(NotFound), transaction():
        start_account(code=buyer.code, reason=WHY, by=admin.actor(), at=at)


def test_closing_signs_out_and_opening_lets_in(app: Flask, at: datetime) -> None:
    admin, buyer = make_user(Role.ADMIN, at=at), make_user(at=at)
    page, theirs = signed_in(app, admin), signed_in(app, buyer)
    base = f"/office/users/{buyer.code}"
    send(page, f"{base}/disable", reason=WHY)
    assert theirs.get("/account/profile").status_code == 302
    assert send(theirs, "/account/sign-in", email=buyer.email, password=PASSWORD).status_code == 422
    assert "Đã khóa" in page.get(base).text
    send(page, f"{base}/enable", reason=WHY)
    sign_in(theirs, buyer)
    assert theirs.get("/account/profile").status_code == 200


def test_any_device_is_signed_out(app: Flask, at: datetime) -> None:
    admin, buyer = make_user(Role.ADMIN, at=at), make_user(at=at)
    page, theirs, kept = signed_in(app, admin), signed_in(app, buyer), signed_in(app, buyer)
    code = db.session.scalars(select(SignIn.code).where(SignIn.user_id == buyer.id).order_by(SignIn.id)).first()
    assert send(page, f"/office/users/{admin.code}/sign-ins/{code}/end").status_code == 404
    with pytest.raises(Forbidden), transaction():
        end_sign_in_of(code=buyer.code, sign_in=str(code), by=buyer.actor(), at=at)
    assert send(page, f"/office/users/{buyer.code}/sign-ins/{code}/end").status_code == 302
    assert (theirs.get("/account/profile").status_code, kept.get("/account/profile").status_code) == (302, 200)
    own = page.get(f"/office/users/{admin.code}").text
    assert "máy này" in own
    assert "/sign-ins/" not in own


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({"codes": ["A", "B"], "n": 0}, "codes: A, B; n: 0"),
        ({"to": [[10, 39900], [30, 37800]], "from": []}, "to: [10, 39900], [30, 37800]; from: –"),
        ({"facts": {"days": 3, "at": ["a", "b"], "more": {"x": 1}}}, "facts: days: 3, at: [a, b], more: {x: 1}"),
        ({"was": None, "left": {}, "note": "", "own": True, "n": False}, "was: –; left: –; note: –; own: có; n: không"),
    ],
)
def test_what_an_act_says_is_no_programs_language(app: Flask, detail: dict[str, Any], expected: str) -> None:
    with app.test_request_context():
        assert said(AuditEntry(action="fair.opened", detail=detail)) == expected


def test_the_trail_is_searched_and_taken_away(app: Flask, at: datetime) -> None:
    admin = make_user(Role.ADMIN, at=at)
    page = signed_in(app, admin)
    other = make_user(at=at, name="Lý Thị Khác")
    early = at - timedelta(days=10)
    with transaction():
        record(by=admin.actor(), action="fair.opened", subject_type="fair", subject="=1+1", at=early, detail={"a": 1})
        record(by=other.actor(), action="order.placed", subject_type="order", subject="DH1", at=at)

    def found(query: str) -> set[str]:
        text = page.get(f"/office/audit?{query}").text
        known = ("fair.opened", "order.placed", "user.created")
        return {action for action in known if f'"/office/audit?action={action}"' in text}

    assert found("") == {"fair.opened", "order.placed", "user.created"}
    assert ">Đơn hàng: đặt</a>" in page.get("/office/audit").text
    chosen = page.get("/office/audit?action=order.placed").text  # one act asked for stands among the kinds
    assert '<option value="order.placed" selected>Đơn hàng: đặt</option>' in chosen
    assert '<option value="order.">Đơn hàng</option>' in chosen
    assert found("actor=Khác") == {"order.placed"}
    assert found("action=fair.") == {"fair.opened"}
    assert found("subject=DH1") == {"order.placed"}
    assert found("until=2026-11-14") == {"fair.opened"}
    assert found("since=2026-11-20&action=order") == {"order.placed"}
    assert found("actor=%25") == set()
    book = page.get("/office/audit/trail.xlsx?action=fair.")
    rows = CalamineWorkbook.from_filelike(BytesIO(book.data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Lúc", "Ai", "Việc"]
    assert [row[2:7] for row in rows[1:]] == [["Hội chợ: mở", "fair.opened", "fair", "=1+1", "a: 1"]]


def test_the_chain_is_walked_and_a_changed_row_told(app: Flask, at: datetime) -> None:
    page = signed_in(app, make_user(Role.ADMIN, at=at))
    assert "Chưa soát lần nào" in page.get("/office/audit").text
    while seal_new(at):
        pass
    send(page, "/office/audit/verify")
    assert "Nguyên vẹn lúc" in page.get("/office/audit").text
    first = select(func.min(AuditEntry.id)).scalar_subquery()
    with transaction():
        db.session.execute(update(AuditEntry).where(AuditEntry.id == first).values(actor_name="Kẻ khác"))
    with time_machine.travel(at + timedelta(minutes=1), tick=True):
        send(page, "/office/audit/verify")
        assert "Không nguyên vẹn lúc" in page.get("/office/audit").text
    assert db.session.scalars(select(ChainCheck.broken).order_by(ChainCheck.id)).all() == [0, 1]


def test_who_saw_personal_data_is_noted_once_a_day(app: Flask, at: datetime) -> None:
    admin, buyer = make_user(Role.ADMIN, at=at), make_user(at=at)
    province = make_user(Role.PROVINCE_OFFICER, at=at, name="Vàng Thị Tỉnh")
    order = make_order((make_offer(at=at), 1), at=at, by=buyer.actor())
    theirs = signed_in(app, province)
    for _ in range(3):
        assert theirs.get(f"/office/orders/{order.number}").status_code == 200
    theirs.get("/office/orders")
    assert theirs.get("/office/orders/KHONGCO").status_code == 404
    with time_machine.travel(at + timedelta(days=1), tick=True):
        theirs = signed_in(app, province)
        theirs.get(f"/office/orders/{order.number}")
    seen = select(SeenPersonal.kind, SeenPersonal.subject, SeenPersonal.user_id).order_by(SeenPersonal.id)
    expected = [("order", order.number, province.id), ("orders", "", province.id), ("order", order.number, province.id)]
    assert [tuple(row) for row in db.session.execute(seen)] == expected
    page = signed_in(app, admin)
    assert page.get("/office/audit/seen").text.count(order.number) == 2
    assert order.number not in page.get("/office/audit/seen?q=Sùng").text
    assert page.get("/office/audit/seen?q=Tỉnh").text.count(order.number) == 2
    own = send(signed_in(app, buyer), "/account/data/export", **{"export-password": PASSWORD})
    told = own.get_json()["seen_by_the_office"]
    assert [(each["order"], each["by"]) for each in told] == [(order.number, "Vàng Thị Tỉnh")] * 2


def test_lists_contacts_and_acting_for_another_leave_a_trace_too(app: Flask, at: datetime) -> None:
    """Each is in the trail as well, where the chain holds it."""
    admin, owner = make_user(Role.ADMIN, at=at), make_user(Role.PRODUCER, at=at)
    commune = make_user(Role.COMMUNE_OFFICER, at=at)
    maker = make_producer("Lò miến", at=at, user=owner)
    make_consent(owner, at=at)
    order = make_order((make_offer(at=at, producer=maker), 1), at=at)
    own = signed_in(app, owner)
    for path in ("/producer/orders", f"/producer/orders/{order.number}/1"):
        assert own.get(path).status_code == 200
    assert db.session.scalar(select(func.count()).select_from(SeenPersonal)) == 0
    signed_in(app, admin).get("/office/users")
    helper = signed_in(app, commune)
    helper.get(f"/office/producers/{maker.slug}")
    send(helper, f"/office/producers/{maker.slug}/act")
    for path in ("/producer/orders", f"/producer/orders/{order.number}/1"):
        assert helper.get(path).status_code == 200
    seen = select(SeenPersonal.kind, SeenPersonal.subject, SeenPersonal.user_id).order_by(SeenPersonal.id)
    expected = [
        ("users", "", admin.id),
        ("producer", maker.slug, commune.id),
        ("orders", "", commune.id),
        ("order", order.number, commune.id),
    ]
    assert [tuple(row) for row in db.session.execute(seen)] == expected
    trail = select(AuditEntry).where(AuditEntry.action == "personal.seen").order_by(AuditEntry.id)
    told = db.session.scalars(trail).all()
    assert [(each.subject_type, each.subject, each.actor_id) for each in told] == expected
    assert [each.detail for each in told] == [{}, {}, *[{"on_behalf_of": "Lò miến"}] * 2]


def test_a_trail_cut_short_is_told_from_then_on(app: Flask, at: datetime) -> None:
    page = signed_in(app, make_user(Role.ADMIN, at=at))
    while seal_new(at):
        pass
    send(page, "/office/audit/verify")
    newest = select(func.max(AuditEntry.position)).scalar_subquery()
    with transaction():
        db.session.execute(delete(AuditEntry).where(AuditEntry.position == newest))
    for minutes in (1, 2):
        with time_machine.travel(at + timedelta(minutes=minutes), tick=True):
            send(page, "/office/audit/verify")
            assert "của một lần soát trước đã mất" in page.get("/office/audit").text
    assert db.session.execute(select(ChainCheck.broken, ChainCheck.cut).order_by(ChainCheck.id)).all() == [
        (0, False),
        (0, True),
        (0, True),
    ]
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (answer.exit_code, "rows were cut off" in answer.output) == (1, True)


def test_administrators_may_do_all_that_officers_may(app: Flask) -> None:
    asked = (getattr(view, "permission", None) for view in app.view_functions.values())
    of_officers = {p for p in asked if isinstance(p, Permission) and p.roles & {Role.PROVINCE_OFFICER}}
    assert len(of_officers) > 15
    assert {p.name for p in of_officers if Role.ADMIN not in p.roles} == set()


def test_what_is_in_force_is_shown_without_secrets(app: Flask, at: datetime) -> None:
    settings: Settings = app.config["SETTINGS"]
    known: dict[str, Any] = {
        "stripe_secret_key": "sk_live_veiled1",
        "bank_feed_secret": "veiled2-veiled2-veiled2",
        "mail_url": "smtp://user:veiled3@mail.example.com:587?x=veiled4",
        "redis_url": "",
    }
    app.config["SETTINGS"] = replace(settings, **known)
    try:
        text = signed_in(app, make_user(Role.ADMIN, at=at)).get("/office/settings").text
    finally:
        app.config["SETTINGS"] = settings
    assert "veiled" not in text
    assert settings.secret_key not in text
    assert "smtp://mail.example.com:587" in text
    assert text.count("đã đặt, không hiện") == 3
    assert re.search(r"<code>\d{4}_\w+</code>", text)
