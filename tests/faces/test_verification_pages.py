"""Verification in the browser: steps that keep what was typed, the officers' queue and file, registration."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.people.accounts.models import Role, User
from marketplace.people.papers.models import Paper
from marketplace.people.producers.models import Producer
from marketplace.people.verification.models import BankAccount, Contact
from marketplace.people.verification.services import save_identity, send_for_verification
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from tests.builders import IN_FULL, PASSWORD, approve, make_paper, make_producer, make_user, tell_all, version_of
from tests.conftest import Client, new_client
from tests.pages import hidden, send, sign_in
from tests.people.verification.test_verification import IDENTITY

BASE = "/producer/onboarding"
Maker = tuple[User, Producer]


@pytest.fixture
def maker(app: Flask, at: datetime) -> Maker:
    user = make_user(Role.PRODUCER, at=at, email="maker@example.com")
    return user, make_producer("HTX Lò miến", at=at, user=user, verified=False)


@pytest.fixture
def office(app: Flask, at: datetime) -> Client:
    client = new_client(app)
    sign_in(client, make_user(Role.PROVINCE_OFFICER, at=at))
    return client


def test_six_steps_in_any_order_then_sent(client: Client, office: Client, maker: Maker, at: datetime) -> None:
    user = maker[0]
    sign_in(client, user)
    page = client.get(BASE).text
    assert "0 trong 6 bước đã xong" in page
    refused = send(client, f"{BASE}/send")
    assert (refused.status_code, "Còn bước chưa xong" in refused.text) == (422, True)
    account = {"bank": "970405", "number": "7900 2050 12345", "holder": "Lò Thị Thử"}
    for step, typed in (
        ("leaders", {"led_by_woman": "1", "workers": "4", "local_workers": "3"}),
        ("bank", account),
        ("contacts", {"name": "Lò Thị Thử", "role": "head", "phone": "0912 345 678", "email": "lo@example.com"}),
        ("tax", {"tax_subject": "organisation", "tax_code": "6200012345"}),
        (
            "identity",
            {"name": "HTX Lò miến", "kind": "cooperative", "commune_code": "03390", "street": "Bản Thẳm",
             "registration_number": "DK-01", "founded_year": "2012"},
        ),
    ):  # fmt: skip
        assert client.get(f"{BASE}/{step}").status_code == 200
        assert send(client, f"{BASE}/{step}", **typed).status_code == 302, step
    assert "5 trong 6 bước đã xong" in client.get(BASE).text
    for kind in IN_FULL:
        make_paper(user, kind, at=at)
    shown = client.get(BASE).text
    assert "6 trong 6 bước đã xong" in shown
    assert "•••• 2345" in shown
    assert "7900205012345" not in shown + client.get(f"{BASE}/bank").text, "only the tail is shown afterwards"
    assert send(client, f"{BASE}/send").status_code == 302
    assert "Tỉnh đang xem" in client.get(BASE).text
    assert "HTX Lò miến" in office.get("/office/").text
    assert send(client, f"{BASE}/send").status_code == 409
    assert client.get(f"{BASE}/papers").status_code == 404


@pytest.mark.parametrize(
    ("step", "typed", "sentence"),
    [
        ("identity", {"name": "Tên giữ lại", "kind": "group", "commune_code": ""}, "Chọn xã hoặc phường"),
        ("identity", {"name": "Tên giữ lại", "kind": "group", "commune_code": "03390", "founded_year": "x"}, "chữ số"),
        ("tax", {"tax_subject": "organisation", "tax_code": "giữ lại"}, "có 10 chữ số"),
        (
            "bank",
            {"bank": "other", "bank_name": "giữ lại", "bank_bin": "1", "number": "77", "holder": "Lò"},
            "6 chữ số",
        ),
        ("contacts", {"name": "giữ lại", "role": "head", "phone": "1"}, "Nhập số điện thoại đủ"),
        ("leaders", {"workers": "3", "local_workers": "77", "led_by_woman": "1"}, "không thể nhiều hơn"),
    ],
)
def test_a_bad_field_loses_nothing_typed(
    client: Client, maker: Maker, step: str, typed: dict[str, str], sentence: str
) -> None:
    sign_in(client, maker[0])
    answer = send(client, f"{BASE}/{step}", **typed)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    for value in typed.values():
        assert value in answer.text
    assert db.session.scalars(select(BankAccount)).all() == []


def test_a_bank_that_is_not_listed_is_typed_with_its_bin(client: Client, maker: Maker) -> None:
    sign_in(client, maker[0])
    typed = {"bank": "other", "bank_name": "Ngân hàng Núi", "bank_bin": "970499", "number": "123456", "holder": "Lò A"}
    assert send(client, f"{BASE}/bank", **typed).status_code == 302
    found = db.session.scalars(select(BankAccount)).one()
    assert (found.bank_name, found.bank_bin, found.holder) == ("Ngân hàng Núi", "970499", "LO A")


def test_contacts_are_put_first_and_removed(client: Client, maker: Maker, at: datetime) -> None:
    sign_in(client, maker[0])
    for name in ("Một", "Hai"):
        send(client, f"{BASE}/contacts", name=name, role="sales", phone="0912 345 678")
    code = db.session.scalar(select(Contact.code).where(Contact.name == "Hai"))
    assert send(client, f"{BASE}/contacts/{code}/first").status_code == 302
    page = client.get(f"{BASE}/contacts").text
    assert page.index("Hai") < page.index("Một")
    assert send(client, f"{BASE}/contacts/{code}/remove").status_code == 302
    assert "Hai" not in client.get(f"{BASE}/contacts").text.replace("Đã bỏ", "")
    assert send(client, f"{BASE}/contacts/NONE/remove").status_code == 404


def test_a_paper_added_on_the_way_leads_back(client: Client, maker: Maker) -> None:
    sign_in(client, maker[0])
    to = send(client, "/producer/papers/new", kind="business_registration", next=f"{BASE}#papers").headers["Location"]
    assert to.endswith("next=/producer/onboarding%23papers")


def test_an_officer_returns_approves_and_suspends(client: Client, office: Client, maker: Maker, at: datetime) -> None:
    user, producer = maker
    tell_all(user, at=at)
    with transaction():
        send_for_verification(by=user.actor(), at=at)
    base = f"/office/producers/{producer.slug}"
    assert "HTX Lò miến" in office.get("/office/producers").text
    page = office.get(base)
    assert "•••• 2345" in page.text
    assert "7900205012345" not in page.text
    assert "7900205012345" in office.get(f"{base}/bank").text
    assert "bank_account.seen" in list(db.session.scalars(select(AuditEntry.action)))
    seen = hidden(page, f"{base}/return")["seen"]
    none = send(office, f"{base}/return", seen=seen)
    assert (none.status_code, "cạnh ít nhất một bước" in none.text) == (422, True)
    assert send(office, f"{base}/return", **{"seen": seen, "remark-tax": "Thiếu một số"}).status_code == 302
    sign_in(client, user)
    assert "Thiếu một số" in client.get(BASE).text
    assert "Thiếu một số" in client.get(f"{BASE}/tax").text
    with transaction():
        send_for_verification(by=user.actor(), at=at)
    stale = send(office, f"{base}/verify", seen="0", checked="name")
    assert (stale.status_code, "vừa sửa điều gì đó" in stale.text) == (409, True)
    seen = hidden(office.get(base), f"{base}/verify")["seen"]
    few = send(office, f"{base}/verify", seen=seen, checked=["name"])
    assert (few.status_code, "Đánh dấu đủ" in few.text) == (422, True)
    ticked = ["name", "commune", "registration", "tax_code", "bank_holder", "papers"]
    assert send(office, f"{base}/verify", seen=seen, checked=ticked).status_code == 302
    assert client.get(f"/producers/{producer.slug}").status_code == 200
    unsaid = send(office, f"{base}/suspend", reason="")
    assert (unsaid.status_code, "Ghi lý do tạm ngừng" in unsaid.text) == (422, True)
    assert client.get(f"/producers/{producer.slug}").status_code == 200
    assert send(office, f"{base}/suspend", reason="Không có giấy").status_code == 302
    assert client.get(f"/producers/{producer.slug}").status_code == 404
    assert "Không có giấy" in client.get(BASE).text
    assert send(office, f"{base}/lift").status_code == 302
    history = office.get(base).text
    for words in ("Duyệt: đã xác minh", "Chủ tài khoản chính là", "Tạm ngừng", "Cho hoạt động lại"):
        assert words in history
    assert send(office, f"{base}/nope").status_code == 404


def test_changes_are_shown_old_beside_new_and_answered(
    client: Client, office: Client, maker: Maker, at: datetime
) -> None:
    user, producer = maker
    tell_all(user, at=at)
    approve(user, producer, at=at)
    sign_in(client, user)
    typed = {"kind": "cooperative", "commune_code": "03390", "registration_number": "DK-01", "street": "Bản Thẳm"}
    assert send(client, f"{BASE}/identity", name="HTX Tên mới", **typed).status_code == 302
    assert "Hiện vẫn dùng “HTX Lò miến”" in client.get(f"{BASE}/identity").text
    assert "HTX Tên mới" not in client.get(f"/producers/{producer.slug}").text
    send(client, f"{BASE}/bank", bank="970436", number="0861000099887", holder="HTX Lo mien")
    base = f"/office/producers/{producer.slug}"
    page = office.get(base)
    assert page.text.index("HTX Lò miến</span>") < page.text.index("HTX Tên mới")
    assert "tài khoản" in office.get("/office/producers").text
    seen = hidden(page, f"{base}/changes/identity/accept")["seen"]
    wordless = send(office, f"{base}/changes/identity/refuse", seen=seen)
    assert (wordless.status_code, "Ghi lý do để nơi làm biết" in wordless.text) == (422, True)
    assert send(office, f"{base}/changes/identity/accept", seen=seen).status_code == 302
    assert "HTX Tên mới" in client.get(f"/producers/{producer.slug}").text
    seen = str(version_of(producer, at))
    assert send(office, f"{base}/changes/bank/refuse", seen=seen, remark="Sai chủ").status_code == 302
    assert send(office, f"{base}/changes/bank/accept", seen=seen).status_code == 409


def test_papers_are_answered_beside_each(office: Client, maker: Maker, at: datetime) -> None:
    user, producer = maker
    paper = make_paper(user, at=at)
    base = f"/office/producers/{producer.slug}/papers/{paper.code}"
    page = f"/office/producers/{producer.slug}"
    seen = hidden(office.get(page), f"{base}/accept")["seen"]
    wordless = send(office, f"{base}/refuse", remark="", seen=seen)
    assert (wordless.status_code, f'id="{paper.code}-remark-error"' in wordless.text) == (422, True)
    assert send(office, f"{base}/refuse", remark="Mờ", seen=seen).status_code == 302
    unread = send(office, f"{base}/accept", seen=seen)
    assert (unread.status_code, "vừa có người xem" in unread.text) == (409, True)
    seen = hidden(office.get(page), f"{base}/accept")["seen"]
    assert send(office, f"{base}/accept", seen=seen).status_code == 302
    assert db.session.scalar(select(Paper.state)) == "accepted"
    assert send(office, f"{base}/accept").status_code == 409


def test_a_commune_officer_looks_and_remarks(client: Client, maker: Maker, at: datetime) -> None:
    user, producer = maker
    tell_all(user, at=at)
    sign_in(client, make_user(Role.COMMUNE_OFFICER, at=at))
    base = f"/office/producers/{producer.slug}"
    page = client.get(base).text
    assert "Duyệt, đã xác minh" not in page
    assert send(client, f"{base}/verify", seen="5", checked="name").status_code == 403
    assert send(client, f"{base}/remark", words=" ").status_code == 422
    assert send(client, f"{base}/remark", words="Nhà xưởng sạch").status_code == 302
    assert "Nhà xưởng sạch" in client.get(base).text
    maker_page = new_client(client.application)
    sign_in(maker_page, user)
    assert "Nhà xưởng sạch" not in maker_page.get(BASE).text, "between officers"


def test_what_was_approved_says_who_checks_a_change(client: Client, maker: Maker, at: datetime) -> None:
    user, producer = maker
    tell_all(user, at=at)
    approve(user, producer, at=at)
    with transaction():
        save_identity(facts=IDENTITY, by=user.actor(), at=at)
    sign_in(client, user)
    assert "Nơi làm đã được xác minh" in client.get(BASE).text
    assert "/producer/onboarding" in client.get("/producer/profile/").text


def test_registration_with_an_error_says_that_the_password_is_typed_again(client: Client, at: datetime) -> None:
    answer = send(client, "/account/register", role="producer", name="An", email="a@example.com", password=PASSWORD)
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert "Gõ lại mật khẩu" in answer.text
    assert PASSWORD not in answer.text
    missing = send(client, "/account/register", role="buyer", name="An", email="a@example.com", password="")
    assert "Gõ lại mật khẩu" not in missing.text
