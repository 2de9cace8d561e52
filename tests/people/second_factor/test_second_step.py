"""The second step: set up, asked for, guessed at, lost, taken away; the clock is moved."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from marketplace.people.accounts.models import Role, SignIn, User
from marketplace.people.accounts.policies import KEEP_USERS
from marketplace.people.second_factor.models import RecoveryCode, SecondFactor, SecondStep
from marketplace.people.second_factor.rules import code_at, device_address, matching_step, paper_hash, shown_secret
from marketplace.people.second_factor.services import (
    AlreadyOn,
    Browser,
    Proof,
    StepGone,
    begin_step,
    check_proof,
    confirm_factor,
    finish_step,
    refuse_step,
    remove_factor,
    reset_factor,
    start_factor,
)
from marketplace.people.second_factor.webauthn import Purpose
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.mail.models import OutgoingMail
from tests.builders import PASSWORD, make_consent, make_producer, make_user
from tests.conftest import AT, Client, new_client
from tests.pages import send, sign_in
from tests.stepping import code_of, device_code, key_of, paper_codes, turn_on, whoami

RFC_SECRET = b"12345678901234567890"  # RFC 6238, appendix B
HALF_MINUTE = timedelta(seconds=30)
HERE = Browser("192.0.2.1", "Firefox/1")


@pytest.fixture
def demanded(app: Flask) -> Iterator[Flask]:
    """The house demands it of officers, as in production."""
    settings: Settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, require_second_factor=True)
    yield app
    app.config["SETTINGS"] = settings


def letters(user: User) -> list[str]:
    """The subjects of what was mailed to a person."""
    sent = select(OutgoingMail.subject).where(OutgoingMail.to_address == user.email).order_by(OutgoingMail.id)
    return list(db.session.scalars(sent))


def open_sign_ins(user: User) -> int:
    held = select(func.count()).select_from(SignIn).where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
    return db.session.scalar(held) or 0


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_the_standards(seconds: int, code: str) -> None:
    assert code_at(RFC_SECRET, seconds // 30) == code


def test_a_code_holds_one_step_early_and_late() -> None:
    step = int(AT.timestamp()) // 30
    for drift, found in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        assert matching_step(RFC_SECRET, code_at(RFC_SECRET, step + drift), at=AT) == found
    spaced = code_at(RFC_SECRET, step)
    assert matching_step(RFC_SECRET, f" {spaced[:3]} {spaced[3:]}", at=AT) == step
    assert matching_step(RFC_SECRET, "số nào đó", at=AT) is None


def test_what_a_device_reads() -> None:
    assert shown_secret(RFC_SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"
    address = device_address(RFC_SECRET, account="an@example.com", site="Chợ Phiên")
    assert address.startswith("otpauth://totp/")
    assert "secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" in address
    assert paper_hash("abcde-fghjk", key=b"k") == paper_hash(" ABCDEFGHJK ", key=b"k")
    assert paper_hash("abcde-fghjk", key=b"k") != paper_hash("abcde-fghjk", key=b"other")


def test_from_turning_on_to_signing_in_by_a_code(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    elsewhere = new_client(app)
    sign_in(elsewhere, user)
    sign_in(client, user)
    wrong = send(client, "/account/second-factor/start", password="nhầm rồi")
    assert wrong.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(SecondFactor)) == 0
    assert send(client, "/account/second-factor/start", password=PASSWORD).headers["Location"].endswith("/device")
    shown = client.get("/account/second-factor/device")
    assert client.get("/account/second-factor/device.svg").mimetype == "image/svg+xml"
    refused = send(client, "/account/second-factor/device", code="000000")
    assert refused.status_code == 422
    assert "Mã không đúng" in refused.text
    done = send(client, "/account/second-factor/device", code=device_code(shown.text, AT))
    assert len(paper_codes(done.text)) == 10
    assert (whoami(client), whoami(elsewhere)) == (200, 302)  # what a password alone opened has ended
    assert client.get("/account/second-factor/device").status_code == 302  # never shown again
    assert client.get("/account/second-factor/device.svg").status_code == 404
    assert letters(user) == ["Xác minh hai bước vừa được bật"]
    kept = db.session.scalars(select(SecondFactor.secret)).one()
    assert device_code(shown.text, AT) not in kept
    assert len(kept) > 60

    fresh = new_client(app)
    first = send(fresh, "/account/sign-in", email=user.email, password=PASSWORD, next="/account/profile")
    assert first.headers["Location"] == "/account/second-step"
    assert whoami(fresh) == 302
    assert open_sign_ins(user) == 1
    assert "Mật khẩu đúng" in fresh.get("/account/second-step").text
    used = send(fresh, "/account/second-step", code=device_code(shown.text, AT))
    assert used.status_code == 422
    assert whoami(fresh) == 302
    with time_machine.travel(AT + HALF_MINUTE, tick=True):
        answer = send(fresh, "/account/second-step", code=device_code(shown.text, AT + HALF_MINUTE))
        assert answer.headers["Location"] == "/account/profile"
        assert whoami(fresh) == 200
    acts = select(AuditEntry.action).where(AuditEntry.subject == user.code).order_by(AuditEntry.id)
    assert db.session.scalars(acts).all()[-2:] == ["second_step.refused", "sign_in.opened"]


def test_a_code_opens_one_sign_in(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    turn_on(app, user, at=AT - HALF_MINUTE)
    code, other = code_of(app, user, AT), new_client(app)
    for each in (client, other):
        send(each, "/account/sign-in", email=user.email, password=PASSWORD)
    assert send(client, "/account/second-step", code=code).status_code == 302
    assert send(other, "/account/second-step", code=code).status_code == 422
    assert (whoami(client), whoami(other)) == (200, 302)


def test_a_code_on_paper_opens_one_sign_in_and_is_told(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    code = turn_on(app, user, at=AT)[3]
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    assert send(client, "/account/second-step", code=code.lower()).status_code == 302
    assert whoami(client) == 200
    assert letters(user)[-1] == "Một mã dự phòng của bạn vừa được dùng"
    assert "Còn 9 mã dự phòng" in client.get("/account/second-factor").text
    other = new_client(app)
    send(other, "/account/sign-in", email=user.email, password=PASSWORD)
    assert send(other, "/account/second-step", code=code).status_code == 422
    assert whoami(other) == 302


def test_five_tries_and_it_waits_no_more(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    paper = turn_on(app, user, at=AT)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    for _ in range(5):
        assert send(client, "/account/second-step", code="123").status_code == 422
    gone = send(client, "/account/second-step", code=paper[0])
    assert gone.headers["Location"] == "/account/sign-in"
    assert whoami(client) == 302
    assert client.get("/account/second-step").headers["Location"] == "/account/sign-in"
    for _ in range(2):
        send(client, "/account/sign-in", email=user.email, password=PASSWORD)
        for _ in range(5):
            send(client, "/account/second-step", code="123")
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    assert send(client, "/account/second-step", code=paper[0]).headers["Location"] == "/account/sign-in"
    with time_machine.travel(AT + timedelta(minutes=16), tick=True):  # who knows the password does not shut one out
        send(client, "/account/sign-in", email=user.email, password=PASSWORD)
        assert send(client, "/account/second-step", code=paper[0]).status_code == 302
        assert whoami(client) == 200


def test_ten_minutes_and_it_waits_no_more(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    paper = turn_on(app, user, at=AT)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    with time_machine.travel(AT + timedelta(minutes=11), tick=True):
        assert send(client, "/account/second-step", code=paper[0]).headers["Location"] == "/account/sign-in"
        assert whoami(client) == 302


def test_finishing_asks_for_a_sign_in_that_waits(app: Flask) -> None:
    user = make_user(at=AT)
    paper = turn_on(app, user, at=AT)
    with pytest.raises(StepGone), transaction():
        finish_step(token="none", proof=Proof(paper[0]), browser=HERE, key=key_of(app), at=AT)
    with transaction():
        refuse_step(token="none", at=AT)
        token = begin_step(user_id=user.id, target="/", at=AT)
    late = AT + timedelta(minutes=11)
    with pytest.raises(StepGone), transaction():
        finish_step(token=token, proof=Proof(paper[0]), browser=HERE, key=key_of(app), at=late)
    unused = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.used_at.is_(None))
    assert open_sign_ins(user) == 0
    assert db.session.scalar(unused) == 10


def test_new_codes_and_turning_off_need_password_and_code(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    paper = turn_on(app, user, at=AT)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    send(client, "/account/second-step", code=paper[0])
    for password, code in (("nhầm", paper[1]), (PASSWORD, "123456"), (PASSWORD, "")):
        refused = send(client, "/account/second-factor/remove", password=password, code=code)
        assert refused.status_code == 422
    assert db.session.get_one(User, user.id).second_factor_at == AT
    renewed = paper_codes(send(client, "/account/second-factor/codes", password=PASSWORD, code=paper[1]).text)
    assert len(renewed) == 10
    assert not set(renewed) & set(paper)
    assert send(client, "/account/second-factor/remove", password=PASSWORD, code=paper[2]).status_code == 422
    off = send(client, "/account/second-factor/remove", password=PASSWORD, code=renewed[0])
    assert off.status_code == 302
    assert letters(user)[-1] == "Xác minh hai bước vừa được tắt"
    for table in (SecondFactor, RecoveryCode, SecondStep):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert sign_in(new_client(app), user).headers["Location"] == "/"
    with pytest.raises(NotFound), transaction():
        remove_factor(proof=Proof(renewed[1]), key=key_of(app), by=user.actor(), at=AT)


def test_it_is_turned_on_once(app: Flask) -> None:
    user = make_user(at=AT)
    with pytest.raises(AlreadyOn), transaction():
        confirm_factor(typed="1", keep="", key=key_of(app), by=user.actor(), at=AT)
    turn_on(app, user, at=AT)
    with pytest.raises(AlreadyOn), transaction():
        start_factor(proof=Proof(), key=key_of(app), by=user.actor(), at=AT)
    with pytest.raises(AlreadyOn), transaction():
        confirm_factor(typed="1", keep="", key=key_of(app), by=user.actor(), at=AT)


@pytest.mark.parametrize("role", [Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.ADMIN])
def test_officers_do_nothing_before_it_is_on(demanded: Flask, client: Client, role: Role) -> None:
    user = make_user(role, at=AT)
    sign_in(client, user)
    for path in ("/office/", "/office/dossiers", "/account/profile"):
        assert client.get(path).headers["Location"] == "/account/second-factor", path
    assert client.get("/").status_code == 200  # what everybody may see
    assert send(client, "/account/profile", name="Khác").status_code == 403
    assert "phải bật xác minh hai bước" in client.get("/account/second-factor").text
    send(client, "/account/second-factor/start", password=PASSWORD)
    shown = client.get("/account/second-factor/device").text
    send(client, "/account/second-factor/device", code=device_code(shown, AT))
    assert client.get("/office/").status_code == 200


def test_others_may_leave_it_off(demanded: Flask, client: Client) -> None:
    sign_in(client, make_user(at=AT))
    assert whoami(client) == 200


def test_the_office_takes_it_away_with_a_reason(app: Flask, client: Client) -> None:
    admin, user = make_user(Role.ADMIN, at=AT), make_user(Role.COMMUNE_OFFICER, at=AT)
    turn_on(app, admin, at=AT)
    paper = turn_on(app, user, at=AT)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    send(client, "/account/second-step", code=paper[0])
    province, reason = make_user(Role.PROVINCE_OFFICER, at=AT), "Gọi lại số của xã, mất điện thoại"
    for by, code, why, error in (
        (province, user.code, reason, Forbidden),
        (admin, "KHONGCO", reason, NotFound),
        (admin, province.code, reason, NotFound),
        (admin, admin.code, reason, Forbidden),
        (admin, user.code, "vì", Invalid),
    ):
        with pytest.raises(error), transaction():
            reset_factor(code=code, reason=why, by=by.actor(), at=AT)
    assert whoami(client) == 200
    with transaction():
        reset_factor(code=user.code, reason=reason, by=admin.actor(), at=AT)
    assert whoami(client) == 302
    assert letters(user)[-1] == "Quản trị vừa đặt lại xác minh hai bước của bạn"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "second_factor.reset")).one()
    assert (entry.subject, entry.actor_id, entry.detail["reason"]) == (user.code, admin.id, reason)
    assert sign_in(client, user).headers["Location"] == "/office/"


def test_only_administrators_keep_users() -> None:
    assert KEEP_USERS.roles == {Role.ADMIN}


def test_production_demands_it_unless_told_otherwise() -> None:
    given = {
        "MARKETPLACE_ENV": "production",
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "SIGNING_KEY": "00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978",
    }
    assert Settings.from_environment(given).require_second_factor is True
    assert Settings.from_environment(given | {"REQUIRE_SECOND_FACTOR": "0"}).require_second_factor is False
    assert Settings.from_environment({}).require_second_factor is False
    assert Settings.from_environment({"REQUIRE_SECOND_FACTOR": "1"}).require_second_factor is True


def test_erasing_takes_it_along(app: Flask, client: Client) -> None:
    user = make_user(at=AT)
    paper = turn_on(app, user, at=AT)
    send(client, "/account/sign-in", email=user.email, password=PASSWORD)
    send(client, "/account/second-step", code=paper[0])
    send(client, "/account/data/erase", **{"erase-password": PASSWORD})
    for table in (SecondFactor, RecoveryCode, SecondStep):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_right_at_the_edge(app: Flask) -> None:
    """A datetime far from the epoch, and the step that follows the last used one, both count."""
    assert matching_step(RFC_SECRET, code_at(RFC_SECRET, 1), at=datetime.fromtimestamp(59, tz=AT.tzinfo)) == 1


def test_without_a_device_no_code_is_right(app: Flask) -> None:
    user = make_user(at=AT)
    with pytest.raises(Invalid), transaction():
        check_proof(user, Proof("000000"), Purpose.STEP, key=key_of(app), at=AT)


def test_acting_for_a_producer_is_no_way_around(demanded: Flask, client: Client) -> None:
    owner, officer = make_user(Role.PRODUCER, at=AT), make_user(Role.COMMUNE_OFFICER, at=AT)
    maker = make_producer("Lò miến", at=AT, user=owner)
    make_consent(owner, at=AT)
    sign_in(client, officer)
    page = f"/office/producers/{maker.slug}/act"
    assert client.get(page).headers["Location"] == "/account/second-factor"
    assert send(client, page).status_code == 403
    assert client.get("/producer/").status_code == 403
    assert db.session.scalars(select(SignIn.acting_for_id)).all() == [None]
