"""A distributor's papers and the province's word on it: decided on what was seen, told by mail, never lost."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from marketplace.faces.own_data.export import gather
from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.rules import show_phone
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.mail.models import OutgoingMail
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.media.models import KeptFile
from marketplace.trade.demands.models import Demand
from marketplace.trade.distributors import rules, services
from marketplace.trade.distributors.models import Distributor, DistributorFile, DistributorStep, Standing
from marketplace.trade.distributors.queries import find_own, get_file, get_own, list_files, list_steps, list_waiting
from marketplace.trade.distributors.services import (
    ChangedMeanwhile,
    CheckedAnew,
    FileGiven,
    Incomplete,
    NotNow,
    TooManyFiles,
    add_file,
    approve,
    forget_profile,
    lift_suspension,
    remove_file,
    return_distributor,
    save_profile,
    send_for_verification,
    suspend,
)
from tests.builders import make_user, pdf
from tests.conftest import Client, new_client
from tests.pages import send, sign_in, token
from tests.trading import distributor_of, make_demand, make_distributor, whole_profile


@pytest.fixture
def officer(app: Flask, at: datetime) -> User:
    return make_user(Role.PROVINCE_OFFICER, at=at)


def slug_of(user: User) -> str:
    return distributor_of(user).organisation.slug


def decide(verb: Any, user: User, officer: User, at: datetime, **said: Any) -> None:
    own = distributor_of(user)
    with transaction():
        verb(slug=own.organisation.slug, seen=own.version, by=officer.actor(), at=at, **said)


def letters(user: User) -> list[str]:
    query = select(OutgoingMail.subject).where(OutgoingMail.to_address == user.email).order_by(OutgoingMail.id)
    return list(db.session.scalars(query))


def test_the_way_of_a_verification(app: Flask, officer: User, at: datetime) -> None:
    user = make_distributor(at=at, verified=False)
    assert [d.organisation.name for d in list_waiting(by=officer.actor())] == ["Siêu thị Núi"]
    with pytest.raises(NotNow), transaction():
        send_for_verification(by=user.actor(), at=at)
    decide(return_distributor, user, officer, at, remark=" Ảnh mờ ")
    assert (distributor_of(user).standing, distributor_of(user).remark) == (Standing.RETURNED, "Ảnh mờ")
    with transaction():
        send_for_verification(by=user.actor(), at=at + timedelta(hours=1))
    assert (distributor_of(user).standing, distributor_of(user).remark) == (Standing.WAITING, "")
    decide(approve, user, officer, at)
    decide(suspend, user, officer, at, remark="Không liên lạc được")
    decide(lift_suspension, user, officer, at)
    own = distributor_of(user)
    assert (own.verified, own.verified_at) == (True, at)
    assert [(s.standing.value, s.actor_name, s.remark) for s in reversed(list_steps(own.id))] == [
        ("waiting", user.name, ""),
        ("returned", officer.name, "Ảnh mờ"),
        ("waiting", user.name, ""),
        ("verified", officer.name, ""),
        ("suspended", officer.name, "Không liên lạc được"),
        ("verified", officer.name, ""),
    ]
    acts = select(AuditEntry.action).where(AuditEntry.subject_type == "distributor").order_by(AuditEntry.id)
    assert list(db.session.scalars(acts)) == [
        f"distributor.{verb}" for verb in ["file_added", "sent", "returned", "sent", "approved", "suspended", "lifted"]
    ]
    assert len(letters(user)) == 4
    assert "hoạt động lại" in letters(user)[-1]


def test_letters_are_in_the_reader_s_language(app: Flask, officer: User, at: datetime) -> None:
    user = make_distributor("Tanaka Foods", at=at, verified=False, country="JP", tax_code="", phone="+81312345678")
    with transaction():
        db.session.get_one(User, user.id).language = "en"
    decide(approve, user, officer, at)
    assert letters(user) == [
        "Tanaka Foods: The province has verified you as a distributor. Producers see your open demands."
    ]


def test_an_officer_decides_on_what_was_seen(app: Flask, officer: User, at: datetime) -> None:
    user = make_distributor(at=at, verified=False)
    seen = distributor_of(user).version
    with transaction():
        save_profile(facts=whole_profile(about="Mới"), by=user.actor(), at=at)
    for verb, said in ((approve, {}), (return_distributor, {"remark": "Sửa"})):
        with pytest.raises(ChangedMeanwhile), transaction():
            verb(slug=slug_of(user), seen=seen, by=officer.actor(), at=at, **said)
    decide(return_distributor, user, officer, at, remark="Sửa")
    with pytest.raises(ChangedMeanwhile), transaction():  # another officer's page from before the return
        approve(slug=slug_of(user), seen=seen + 1, by=officer.actor(), at=at)
    assert distributor_of(user).standing is Standing.RETURNED


@pytest.mark.parametrize("verb", ["approve", "return", "suspend", "lift"])
def test_what_cannot_be_decided_now(app: Flask, officer: User, at: datetime, verb: str) -> None:
    user = make_distributor(at=at, verified=verb in ("approve", "return", "lift"))
    verbs: dict[str, Any] = {
        "approve": (approve, {}),
        "return": (return_distributor, {"remark": "x"}),
        "suspend": (suspend, {"remark": "x"}),
        "lift": (lift_suspension, {}),
    }
    before = distributor_of(user).standing
    with pytest.raises(NotNow):
        decide(verbs[verb][0], user, officer, at, **verbs[verb][1])
    assert distributor_of(user).standing is before


def test_reasons_are_asked_and_others_have_no_say(app: Flask, officer: User, at: datetime) -> None:
    user = make_distributor(at=at)
    with pytest.raises(Invalid, match="invalid"):
        decide(suspend, user, officer, at, remark="  ")
    waiting = make_distributor("Hai", at=at, verified=False)
    with pytest.raises(Invalid):
        decide(return_distributor, waiting, officer, at, remark="")
    for nobody in (user, make_user(Role.COMMUNE_OFFICER, at=at), make_user(Role.PRODUCER, at=at)):
        with pytest.raises(Forbidden):
            decide(approve, waiting, nobody, at)
        assert list_waiting(by=nobody.actor()) == []
    with pytest.raises(NotFound), transaction():
        approve(slug="khong-co", seen=1, by=officer.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        send_for_verification(by=officer.actor(), at=at)
    assert (distributor_of(user).standing, distributor_of(waiting).standing) == (Standing.VERIFIED, Standing.WAITING)


def test_what_was_verified_is_checked_anew(app: Flask, at: datetime) -> None:
    user = make_distributor(at=at)
    with transaction():  # what the province did not check changes freely
        save_profile(facts=whole_profile(about="Mở thêm hai cửa hàng", outlets=9), by=user.actor(), at=at)
    assert distributor_of(user).verified
    new = {"name": "Siêu thị Đồi", "registration_number": "9", "tax_code": "0100998877", "country": "LA"}
    for name, value in new.items():
        facts: Any = {"name": "Siêu thị Núi", name: value}
        with pytest.raises(CheckedAnew) as refusal, transaction():
            save_profile(facts=whole_profile(**facts), by=user.actor(), at=at)
        assert list(refusal.value.fields) == ["sure"]
    own = distributor_of(user)
    assert (own.verified, own.organisation.name, own.outlets) == (True, "Siêu thị Núi", 9)
    with transaction():
        save_profile(facts=whole_profile(name="Siêu thị Đồi", tax_code="0100998877"), sure=True, by=user.actor(), at=at)
    own = distributor_of(user)
    assert (own.standing, own.organisation.name) == (Standing.WAITING, "Siêu thị Đồi")
    assert list_steps(own.id)[0].remark == "name, tax_code"


def test_what_must_be_said_first(app: Flask, at: datetime) -> None:
    user = make_user(Role.DISTRIBUTOR, at=at)
    with pytest.raises(NotFound), transaction():
        send_for_verification(by=user.actor(), at=at)
    bare = whole_profile(address="", registration_number="", tax_code="", contact_name="", phone=None)
    with transaction():
        save_profile(facts=bare, by=user.actor(), at=at)
    with pytest.raises(Incomplete) as refusal, transaction():
        send_for_verification(by=user.actor(), at=at)
    asked = ["address", "registration_number", "tax_code", "contact_name", "phone", "files"]
    assert list(refusal.value.fields) == asked
    with transaction():
        save_profile(
            facts=whole_profile(tax_code="", country="JP", phone=None, contact_email="a@b.test"), by=user.actor(), at=at
        )
    with pytest.raises(Incomplete) as refusal, transaction():
        send_for_verification(by=user.actor(), at=at)
    assert list(refusal.value.fields) == ["files"]  # abroad there need be no tax code


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"country": "XX"}, "country"),
        ({"province_code": "98"}, "province_code"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"outlets": 0}, "outlets"),
        ({"tax_code": "12"}, "tax_code"),
        ({"contact_email": "a@"}, "contact_email"),
    ],
)
def test_what_a_profile_may_not_say(app: Flask, at: datetime, said: dict[str, Any], field: str) -> None:
    user = make_user(Role.DISTRIBUTOR, at=at)
    with pytest.raises(Invalid) as refusal, transaction():
        save_profile(facts=whole_profile(**said), by=user.actor(), at=at)
    assert list(refusal.value.fields) == [field]
    assert find_own(user.actor()) is None


def test_tax_codes_and_phones() -> None:
    assert rules.read_tax_code("VN", "0100 112 233-001") == "0100112233-001"
    assert rules.read_tax_code("JP", " T1 ") == "T1"
    assert rules.read_phone("VN", "0912 345 678") == "+84912345678"
    assert rules.read_phone("VN", "") is None
    assert rules.read_phone("JP", "03-1234-5678") == "+81312345678"
    for wrong in ("12", "chữ"):
        with pytest.raises(Invalid):
            rules.read_phone("VN", wrong)
    assert show_phone("+84912345678") == "0912 345 678"
    assert show_phone("+81312345678") == "+81 3-1234-5678"
    assert rules.countries()[:2] == ("VN", "AC")
    assert (rules.country_name("JP", "vi"), rules.country_name("??", "en")) == ("Nhật Bản", "??")


def give(client: Client, *files: tuple[bytes, str], title: str = "") -> TestResponse:
    data = {"csrf_token": token(client), "title": title, "files": [(BytesIO(data), name) for data, name in files]}
    return client.post("/distributor/papers", data=data, content_type="multipart/form-data", follow_redirects=True)


def test_a_bad_file_costs_no_other(client: Client, at: datetime) -> None:
    user = make_user(Role.DISTRIBUTOR, at=at)
    sign_in(client, user)
    assert give(client, (pdf("x"), "x.pdf")).status_code == 404  # no profile yet
    send(client, "/distributor/profile", name="Chuỗi Núi", kind="shop", country="VN", province_code="")
    page = give(client, (pdf("một"), "mot.pdf"), (b"chu", "hai.txt"), (pdf("ba"), "ba.pdf"), title="Đăng ký")
    for told in ("Đã giữ 2 tệp.", "“hai.txt” không phải PDF hay ảnh", "Đăng ký"):
        assert told in page.text, told
    again = give(client, (pdf("một"), "mot.pdf"))
    assert "đã gửi rồi" in again.text
    own = distributor_of(user)
    assert [(f.title, f.file.file_name) for f in list_files(own.id)] == [("Đăng ký", "mot.pdf"), ("Đăng ký", "ba.pdf")]
    assert own.version == 3
    code = list_files(own.id)[0].file.code
    assert client.get(f"/distributor/papers/{code}").data == pdf("một")
    assert send(client, f"/distributor/papers/{code}/remove").status_code == 302
    assert client.get(f"/distributor/papers/{code}").status_code == 404
    assert [f.file.file_name for f in list_files(own.id)] == ["ba.pdf"]
    assert db.session.scalar(select(func.count()).select_from(KeptFile).where(KeptFile.code == code)) == 0


def test_papers_are_private(app: Flask, officer: User, at: datetime) -> None:
    user, other = make_distributor(at=at), make_distributor("Hai", at=at)
    code = list_files(distributor_of(user).id)[0].file.code
    visitors = {name: new_client(app) for name in ("own", "other", "officer")}
    for name, who in (("own", user), ("other", other), ("officer", officer)):
        sign_in(visitors[name], who)
    assert visitors["own"].get(f"/distributor/papers/{code}").status_code == 200
    assert visitors["other"].get(f"/distributor/papers/{code}").status_code == 404
    assert send(visitors["other"], f"/distributor/papers/{code}/remove").status_code == 404
    assert visitors["officer"].get(f"/office/distributors/{slug_of(user)}/papers/{code}").status_code == 200
    assert visitors["officer"].get(f"/office/distributors/{slug_of(other)}/papers/{code}").status_code == 404
    assert get_file(distributor_of(user).id, code).title == "Đăng ký kinh doanh"


def test_how_many_files(app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_distributor(at=at)
    monkeypatch.setattr(services.files, "MOST_FILES", 1)
    document = take_document(pdf("hai"), "hai.pdf")
    put_document(document, at=at)
    with pytest.raises(TooManyFiles), transaction():
        add_file(document=document, by=user.actor(), at=at)
    producer = make_user(Role.PRODUCER, at=at).actor()
    with pytest.raises(Forbidden), transaction():
        add_file(document=document, by=producer, at=at)
    with pytest.raises(NotFound), transaction():
        remove_file(code="TT00000000", by=user.actor(), at=at)
    monkeypatch.setattr(services.files, "MOST_FILES", 2)
    with transaction():
        add_file(document=document, by=user.actor(), at=at)
    again = take_document(pdf("hai"), "lai.pdf")
    with pytest.raises(FileGiven), transaction():
        add_file(document=again, by=user.actor(), at=at)
    assert [f.title for f in list_files(distributor_of(user).id)] == ["Đăng ký kinh doanh", "hai.pdf"]


def test_what_a_distributor_takes_along_and_what_is_struck_out(app: Flask, at: datetime) -> None:
    user = make_distributor(at=at)
    demand = make_demand(user, at=at)
    said = gather(user.actor(), at=at)["distributor"]
    assert (said["name"], said["tax_code"], said["standing"]) == ("Siêu thị Núi", "0100112233", "verified")
    assert [p["file"] for p in said["papers"]] == ["dang-ky.pdf"]
    assert said["demands"] == [{"code": demand.code, "title": demand.title, "state": "open"}]
    kept = list_files(distributor_of(user).id)[0].file.name
    with transaction():
        forget_profile(by=user.actor(), at=at)
        forget_profile(by=Actor(role=Role.DISTRIBUTOR), at=at)
    for table in (Distributor, DistributorFile, DistributorStep, Demand, KeptFile):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0, table
    jobs = select(Job.payload).where(Job.key == f"files.forget:{kept}:drop")
    assert db.session.scalars(jobs).one() == {"name": kept}
    assert gather(user.actor(), at=at)["distributor"] is None
    with pytest.raises(NotFound):
        get_own(user.actor())
