"""From the upload to the register: staged, checked with progress, applied once, in every order that can happen."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.people.accounts.models import Role, User
from marketplace.people.accounts.queries import acting_now
from marketplace.people.accounts.services import disable_user
from marketplace.platform.core.db import db, transaction
from marketplace.platform.imports import jobs
from marketplace.platform.imports.models import ImportState, StagedImport, StagedRow
from marketplace.platform.imports.queries import list_findings
from marketplace.platform.imports.rules import Weight
from marketplace.platform.imports.services import check_again, fail
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.worker import run_sweep
from marketplace.registry.certification.models import Certificate, Product
from tests.builders import BY, make_producer, make_product, make_user
from tests.conftest import Client, new_client
from tests.pages import send, sign_in
from tests.registry.intake.files import csv_file, many, row

PAGE = "/office/imports/certificates"


@pytest.fixture
def officer(client: Client, at: datetime) -> User:
    user = make_user(Role.PROVINCE_OFFICER, at=at)
    sign_in(client, user)
    return user


def upload(client: Client, rows: list[dict[str, str]], name: str = "giấy.csv") -> str:
    """Send a file; answers the page it leads to."""
    answer = send(client, PAGE, file=(io.BytesIO(csv_file(rows)), name))
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def work(app: Flask) -> int:
    """Let the worker do what waits."""
    db.session.rollback()
    done = run_sweep(app, "jobs")
    db.session.rollback()
    return done


def staged() -> StagedImport:
    found = db.session.scalars(select(StagedImport).order_by(StagedImport.id.desc()).limit(1)).one()
    db.session.expunge_all()
    db.session.rollback()
    return found


def in_register() -> int:
    number = db.session.scalar(select(func.count(Certificate.id))) or 0
    db.session.rollback()
    return number


@pytest.mark.usefixtures("officer")
def test_five_thousand_rows_from_upload_to_register(app: Flask, client: Client) -> None:
    page = upload(client, many(5000))
    waiting = client.get(page).text
    assert "Đã kiểm tra 0 trên 5000 dòng" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert (staged().state, in_register()) == (ImportState.STAGED, 0)
    assert work(app) == 1
    checked = client.get(page).text
    assert "Mọi dòng đều đúng" in checked
    assert (staged().rows_done, staged().rows_bad, in_register()) == (5000, 0, 0)
    for _ in range(2):  # a double click
        assert send(client, f"{page}/apply").status_code == 302
    assert "Đang ghi vào sổ" in client.get(page).text
    assert work(app) == 1
    assert work(app) == 0
    assert (staged().state, in_register()) == (ImportState.APPLIED, 5000)
    assert send(client, f"{page}/apply").status_code == 302
    assert work(app) == 0
    done = client.get(page).text
    assert "Đã ghi trọn tệp" in done
    assert 'http-equiv="refresh"' not in done
    assert in_register() == 5000


@pytest.mark.usefixtures("officer")
def test_a_bad_file_cannot_be_applied(app: Flask, client: Client) -> None:
    page = upload(client, [*many(3), row(stars="9"), row(commune_code="1")])
    work(app)
    told = client.get(page).text
    assert "Có 2 dòng sai" in told
    assert "Số sao là 3, 4 hoặc 5: 9." in told
    assert "<code>commune_code</code>" in told
    assert "Ghi cả tệp vào sổ" not in told
    refused = client.get(send(client, f"{page}/apply").headers["Location"]).text
    assert "chưa ghi vào sổ được" in refused
    assert work(app) == 0
    assert (staged().state, in_register()) == (ImportState.CHECKED, 0)
    english = client.get(f"{page}?lang=en").text
    assert "Stars are 3, 4 or 5: 9." in english


@pytest.mark.usefixtures("officer")
def test_a_file_wrong_throughout_is_told_in_part(app: Flask, client: Client) -> None:
    page = upload(client, [row(stars="9", score="", commune_code="1", product_name=f"M{n}") for n in range(1100)])
    work(app)
    assert staged().rows_bad == 1100
    told = client.get(f"{page}?page=20").text
    assert "Chỉ giữ 2000 điều đầu tiên" in told
    assert len(list_findings(staged().id, weights=tuple(Weight), per_page=5000)) == 2000


@pytest.mark.usefixtures("officer")
def test_a_change_between_check_and_application_is_checked_again(app: Flask, client: Client, at: datetime) -> None:
    page = upload(client, [row()])
    work(app)
    send(client, f"{page}/apply")
    make_product(make_producer("HTX Bình Lư", at=at), "Miến dong", at=at)
    work(app)  # nothing is applied: it asks for another check
    assert (staged().state, in_register()) == (ImportState.CHECKING, 0)
    work(app)
    assert (staged().state, staged().summary["products"], in_register()) == (ImportState.CHECKED, 0, 0)
    send(client, f"{page}/apply")
    work(app)
    assert (staged().state, in_register()) == (ImportState.APPLIED, 1)
    assert db.session.scalar(select(func.count(Product.id))) == 1


@pytest.mark.usefixtures("officer")
def test_a_change_while_it_is_made_ready_stops_the_block(app: Flask, client: Client, at: datetime) -> None:
    """The register moves after the file was made ready and before its block: seen inside it."""
    page = upload(client, [row()])
    work(app)
    send(client, f"{page}/apply")
    real = app.extensions["importers"]["certificates"]

    class Slow:
        columns = real.columns

        def prepare(self, *arguments: Any, **named: Any) -> Any:
            ready = real.prepare(*arguments, **named)
            make_product(make_producer("HTX Bình Lư", at=at), "Miến dong", at=at)
            return ready

    jobs.apply({"import": staged().id, "round": 2}, at, importers={"certificates": Slow()}, identify=acting_now)
    assert (staged().state, in_register()) == (ImportState.CHECKING, 0)


@pytest.mark.usefixtures("officer")
def test_each_job_is_done_once_whoever_repeats_it(app: Flask, client: Client, at: datetime) -> None:
    page = upload(client, many(2))
    importers = app.extensions["importers"]
    check = {"import": staged().id, "round": 1}
    for _ in range(2):
        jobs.check(check, at, importers=importers, identify=acting_now)
    assert staged().state is ImportState.CHECKED
    send(client, f"{page}/apply")
    jobs.apply(check, at, importers=importers, identify=acting_now)  # of an earlier round: nobody's any more
    assert staged().state is ImportState.APPLYING
    for _ in range(2):
        jobs.apply({"import": staged().id, "round": 2}, at, importers=importers, identify=acting_now)
    assert (staged().state, in_register()) == (ImportState.APPLIED, 2)
    with transaction():
        check_again(staged().id, at=at)
    assert staged().state is ImportState.APPLIED


@pytest.mark.usefixtures("officer")
def test_two_workers_with_one_file_apply_it_once(app: Flask, client: Client, at: datetime) -> None:
    page = upload(client, many(2))
    work(app)
    send(client, f"{page}/apply")
    importers, job = app.extensions["importers"], {"import": staged().id, "round": 2}

    class Overtaken:
        columns = importers["certificates"].columns

        def prepare(self, *arguments: Any, **named: Any) -> Any:
            ready = importers["certificates"].prepare(*arguments, **named)
            jobs.apply(job, at, importers=importers, identify=acting_now)
            return ready

    jobs.apply(job, at, importers={"certificates": Overtaken()}, identify=acting_now)
    assert (staged().state, in_register()) == (ImportState.APPLIED, 2)


def test_a_right_lost_after_the_check_applies_nothing(app: Flask, client: Client, officer: User, at: datetime) -> None:
    page = upload(client, many(2))
    work(app)
    send(client, f"{page}/apply")
    with transaction():
        db.session.get_one(User, officer.id).role = Role.COMMUNE_OFFICER
    work(app)
    assert (staged().state, in_register()) == (ImportState.FAILED, 0)


@pytest.mark.usefixtures("officer")
def test_a_check_killed_half_way_is_made_again(app: Flask, client: Client, at: datetime) -> None:
    upload(client, many(3))
    real = app.extensions["importers"]["certificates"]

    class Killed:
        columns = real.columns

        def prepare(self, *arguments: Any, **named: Any) -> Any:
            named["progress"](2)
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        jobs.check({"import": staged().id, "round": 1}, at, importers={"certificates": Killed()}, identify=acting_now)
    assert (staged().state, staged().rows_done) == (ImportState.CHECKING, 2)
    work(app)
    assert (staged().state, staged().rows_done) == (ImportState.CHECKED, 3)


@pytest.mark.usefixtures("officer")
def test_a_file_is_given_up(app: Flask, client: Client) -> None:
    page = upload(client, many(2))
    assert "Đã hủy" in client.get(send(client, f"{page}/cancel").headers["Location"]).text
    work(app)
    assert (staged().state, db.session.scalar(select(func.count()).select_from(StagedRow))) == (
        ImportState.CANCELLED,
        0,
    )
    again = client.get(send(client, f"{page}/cancel").headers["Location"]).text
    assert "không còn hủy được" in again
    assert "chưa ghi vào sổ được" in client.get(send(client, f"{page}/apply").headers["Location"]).text
    assert client.get(PAGE).text.count("đã hủy") == 1


def test_cancelled_while_being_checked_it_stays_cancelled(
    app: Flask, client: Client, officer: User, at: datetime
) -> None:
    page = upload(client, many(2))
    real = app.extensions["importers"]["certificates"]

    class Interrupted:
        columns = real.columns

        def prepare(self, *arguments: Any, **named: Any) -> Any:
            ready = real.prepare(*arguments, **named)
            send(client, f"{page}/cancel")
            return ready

    jobs.check({"import": staged().id, "round": 1}, at, importers={"certificates": Interrupted()}, identify=acting_now)
    assert staged().state is ImportState.CANCELLED
    assert list_findings(staged().id, weights=tuple(Weight)) == []


def test_who_may_no_longer_keep_the_register_applies_nothing(
    app: Flask, client: Client, officer: User, at: datetime
) -> None:
    upload(client, many(2))
    with transaction():
        disable_user(email=officer.email, by=BY, at=at)
    work(app)
    assert (staged().state, in_register()) == (ImportState.FAILED, 0)
    with transaction():
        fail(staged().id, at=at + timedelta(days=1))
    assert staged().finished_at == db.session.scalar(select(StagedImport.finished_at))
    db.session.rollback()
    sign_in(client, make_user(Role.ADMIN, at=at))
    assert "không còn quyền giữ sổ" in client.get(f"{PAGE}/{staged().code}").text


@pytest.mark.usefixtures("officer")
def test_uploads_refused_in_words(app: Flask, client: Client) -> None:
    for content, words in ((b"", "Tệp trống"), (b"a,b\n1,2", "Cột lạ ở dòng tiêu đề: a, b"), (b"\0\1", "bảng tính")):
        answer = send(client, PAGE, file=(io.BytesIO(content), "x.csv"))
        assert (answer.status_code, words in answer.text) == (422, True)
    none = send(client, PAGE)
    assert (none.status_code, "Chọn tệp cần nhập" in none.text) == (422, True)
    assert db.session.scalar(select(func.count()).select_from(StagedImport)) == 0
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0
    db.session.rollback()
    assert client.get("/office/imports/pictures").status_code == 404
    assert client.get(f"{PAGE}/template.csv").text.startswith("\ufeffcertificate_number,authority,")


@pytest.mark.usefixtures("officer")
def test_only_the_same_desk_sees_it(app: Flask, client: Client, at: datetime) -> None:
    page = upload(client, many(1))
    for role, unit, status in (
        (Role.PROVINCE_OFFICER, "12", 200),
        (Role.PROVINCE_OFFICER, "01", 404),
        (Role.ADMIN, "", 200),
    ):
        other = new_client(app)
        sign_in(other, make_user(role, at=at, unit=unit))
        assert other.get(page).status_code == status
        assert ("giấy.csv" in other.get(PAGE).text) is (status == 200)
