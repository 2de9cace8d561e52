"""The vault: papers given once, never lost by a bad file, replaced rather than changed once they stand."""

import re
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from marketplace.people.accounts.models import Role, User
from marketplace.people.papers import services
from marketplace.people.papers.models import TRANSITIONS, Paper, PaperFile, PaperState
from marketplace.people.papers.queries import get_paper, list_to_look_at, usable_papers
from marketplace.people.papers.services import (
    FileGiven,
    PaperFacts,
    PaperMoved,
    PaperStands,
    TooManyFiles,
    TooManyPapers,
    add_file,
    describe_paper,
    hand_in,
    look_at_paper,
    remove_file,
    start_paper,
    withdraw_paper,
)
from marketplace.people.producers.models import Producer
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.jobs.models import Job
from marketplace.platform.jobs.running import run_due
from marketplace.platform.media.documents import BadFile, take_document
from marketplace.platform.media.keeping import forget_unused, put_document
from marketplace.platform.media.models import FileKind, KeptFile
from marketplace.platform.media.services import FORGET_FILE, drop_file
from marketplace.platform.media.stores import media_store
from tests.builders import make_paper, make_producer, make_user, pdf
from tests.conftest import TODAY, Client, new_client
from tests.pages import send, sign_in, token
from tests.platform.media.drawing import photo, saved, with_place


@pytest.fixture
def maker(app: Flask, at: datetime) -> tuple[User, Producer]:
    user = make_user(Role.PRODUCER, at=at)
    return user, make_producer("Lò miến", at=at, user=user)


def look(paper: Paper, accepted: bool, officer: User, at: datetime, remark: str = "") -> Paper:
    seen = get_paper(paper.code, by=officer.actor()).mark
    with transaction():
        return look_at_paper(code=paper.code, accepted=accepted, remark=remark, seen=seen, by=officer.actor(), at=at)


def state_of(paper: Paper) -> PaperState:
    state = db.session.scalar(select(Paper.state).where(Paper.code == paper.code))
    db.session.rollback()
    assert state is not None
    return state


def test_a_paper_with_file_and_details_may_be_used(maker: tuple[User, Producer], at: datetime) -> None:
    user, producer = maker
    paper = make_paper(user, "test_report", at=at, valid_until=TODAY, files=2)
    assert (paper.state, paper.number, paper.given_at) == (PaperState.GIVEN, "01/GT", at)
    assert [page.file.file_name for page in paper.files] == ["trang-0.pdf", "trang-1.pdf"]
    kinds = ["test_report", "food_safety"]
    assert {k: p.code for k, p in usable_papers(producer.id, kinds=kinds, on=TODAY).items()} == {
        "test_report": paper.code
    }
    assert usable_papers(producer.id, kinds=kinds, on=TODAY + timedelta(days=1)) == {}


def test_without_a_file_or_details_it_stays_a_draft(maker: tuple[User, Producer], at: datetime) -> None:
    user, producer = maker
    by = user.actor()
    with transaction():
        paper = start_paper(kind="unheard_of", by=by, at=at)
    assert (paper.kind, paper.state) == ("other", PaperState.DRAFT)
    with transaction():
        described = describe_paper(code=paper.code, facts=PaperFacts("other", title="Giấy khen"), by=by, at=at)
    assert (described.state, described.title) == (PaperState.DRAFT, "Giấy khen")
    assert usable_papers(producer.id, kinds=["other"], on=TODAY) == {}


@pytest.mark.parametrize(
    ("facts", "wrong"),
    [
        (PaperFacts("nothing"), {"kind"}),
        (PaperFacts("other"), {"title"}),
        (PaperFacts("award", issued_on=TODAY + timedelta(days=1)), {"issued_on"}),
        (PaperFacts("test_report", issued_on=TODAY, valid_until=TODAY - timedelta(days=1)), {"valid_until"}),
        (PaperFacts("accounting", valid_until=TODAY), {"valid_until"}),
    ],
)
def test_details_that_cannot_be_are_told(
    maker: tuple[User, Producer], at: datetime, facts: PaperFacts, wrong: set[str]
) -> None:
    paper = make_paper(maker[0], at=at)
    with pytest.raises(Invalid) as refusal, transaction():
        describe_paper(code=paper.code, facts=facts, by=maker[0].actor(), at=at)
    assert set(refusal.value.fields) == wrong
    db.session.expunge_all()
    kept = db.session.get_one(Paper, paper.id)
    assert (kept.kind, kept.title, kept.state) == ("business_registration", "Giấy thử", PaperState.GIVEN)


def test_the_same_file_twice_and_too_many_are_refused(
    maker: tuple[User, Producer], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = maker[0]
    paper = make_paper(user, at=at)
    document = take_document(pdf("mới"), "C:\\giấy\\moi.pdf")
    assert document.file_name == "moi.pdf"
    put_document(document, at=at)
    with transaction():
        add_file(code=paper.code, document=document, by=user.actor(), at=at)
    with pytest.raises(FileGiven), transaction():
        add_file(code=paper.code, document=document, by=user.actor(), at=at)
    monkeypatch.setattr(services, "MOST_FILES", 2)
    with pytest.raises(TooManyFiles), transaction():
        add_file(code=paper.code, document=take_document(pdf("ba"), "3.pdf"), by=user.actor(), at=at)
    monkeypatch.setattr(services, "MOST_PAPERS", 1)
    with pytest.raises(TooManyPapers), transaction():
        start_paper(kind="award", by=user.actor(), at=at)
    assert db.session.scalars(select(PaperFile.position).order_by(PaperFile.position)).all() == [0, 1]


def test_a_file_taken_off_leaves_the_store_a_day_later(maker: tuple[User, Producer], at: datetime) -> None:
    user = maker[0]
    paper = make_paper(user, at=at)
    file = paper.files[0].file
    with pytest.raises(NotFound), transaction():
        remove_file(code=paper.code, file_code="TT00000000", by=user.actor(), at=at)
    with transaction():
        remove_file(code=paper.code, file_code=file.code, by=user.actor(), at=at)
    assert state_of(paper) is PaperState.DRAFT
    assert media_store().exists(file.name)
    run_due(at + timedelta(hours=25), handlers={FORGET_FILE: forget_unused}, lease=timedelta(minutes=1))
    assert not media_store().exists(file.name)
    assert db.session.scalars(select(KeptFile.id)).all() == []


def test_one_of_two_files_taken_off_leaves_it_usable(maker: tuple[User, Producer], at: datetime) -> None:
    user = maker[0]
    paper = make_paper(user, at=at, files=2)
    with transaction():
        remove_file(code=paper.code, file_code=paper.files[0].file.code, by=user.actor(), at=at)
    assert state_of(paper) is PaperState.GIVEN
    run_due(at + timedelta(hours=25), handlers={FORGET_FILE: forget_unused}, lease=timedelta(minutes=1))
    assert [media_store().exists(page.file.name) for page in paper.files] == [False, True]
    with transaction():
        draft = start_paper(kind="award", by=user.actor(), at=at)
        document = take_document(pdf("x"), "x.pdf")
        add_file(code=draft.code, document=document, by=user.actor(), at=at)
    with transaction():
        remove_file(
            code=draft.code,
            file_code=db.session.scalars(select(KeptFile.code).where(KeptFile.name == document.name)).one(),
            by=user.actor(),
            at=at,
        )
    assert state_of(draft) is PaperState.DRAFT


def test_an_accepted_paper_stands_until_a_newer_one_is_accepted(maker: tuple[User, Producer], at: datetime) -> None:
    user, producer = maker
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    old = make_paper(user, at=at)
    look(old, True, officer, at)
    for change in (
        lambda: describe_paper(code=old.code, facts=PaperFacts("other", title="Khác"), by=user.actor(), at=at),
        lambda: add_file(code=old.code, document=take_document(pdf("khác"), "a.pdf"), by=user.actor(), at=at),
        lambda: remove_file(code=old.code, file_code=old.files[0].file.code, by=user.actor(), at=at),
    ):
        with pytest.raises(PaperStands), transaction():
            change()
    new = make_paper(user, at=at, replaces=old.code)
    assert (new.kind, new.replaces_id) == (old.kind, old.id)
    assert usable_papers(producer.id, kinds=[old.kind], on=TODAY)[old.kind].code == old.code
    look(new, False, officer, at, remark="Ảnh mờ")
    assert (state_of(old), state_of(new)) == (PaperState.ACCEPTED, PaperState.REFUSED)
    look(new, True, officer, at)
    assert (state_of(old), state_of(new)) == (PaperState.REPLACED, PaperState.ACCEPTED)
    assert usable_papers(producer.id, kinds=[old.kind], on=TODAY)[old.kind].code == new.code


def test_a_refusal_says_why_and_only_the_office_looks(maker: tuple[User, Producer], at: datetime) -> None:
    paper = make_paper(maker[0], at=at)
    officer = make_user(Role.PROVINCE_OFFICER, at=at)
    elsewhere = make_user(Role.PROVINCE_OFFICER, at=at, unit="01")
    assert [p.code for p in list_to_look_at(by=officer.actor())] == [paper.code]
    assert list_to_look_at(by=elsewhere.actor()) == []
    with pytest.raises(Invalid), transaction():
        look_at_paper(code=paper.code, accepted=False, remark=" ", seen=paper.mark, by=officer.actor(), at=at)
    with pytest.raises(NotFound), transaction():
        look_at_paper(code=paper.code, accepted=True, remark="", seen=paper.mark, by=elsewhere.actor(), at=at)
    with pytest.raises(Forbidden), transaction():
        look_at_paper(code=paper.code, accepted=True, remark="", seen=paper.mark, by=maker[0].actor(), at=at)
    with pytest.raises(PaperMoved), transaction():
        look_at_paper(code=paper.code, accepted=True, remark="", seen="", by=officer.actor(), at=at)
    assert state_of(paper) is PaperState.GIVEN


def test_officers_and_others_give_no_papers(maker: tuple[User, Producer], at: datetime) -> None:
    paper = make_paper(maker[0], at=at)
    officer, other = make_user(Role.PROVINCE_OFFICER, at=at), make_user(Role.PRODUCER, at=at)
    make_producer("Nơi khác", at=at, user=other)
    with pytest.raises(Forbidden), transaction():
        start_paper(kind="award", by=officer.actor(), at=at)
    for verb in (
        lambda: describe_paper(code=paper.code, facts=PaperFacts("award"), by=officer.actor(), at=at),
        lambda: withdraw_paper(code=paper.code, by=officer.actor(), at=at),
    ):
        with pytest.raises(Forbidden), transaction():
            verb()
    with pytest.raises(NotFound), transaction():
        withdraw_paper(code=paper.code, by=other.actor(), at=at)
    assert state_of(paper) is PaperState.GIVEN


def test_a_paper_handed_in_is_not_changed(maker: tuple[User, Producer], at: datetime) -> None:
    user = maker[0]
    paper = make_paper(user, at=at)
    for later in (at, at + timedelta(days=1)):
        with transaction():
            hand_in(paper=db.session.get_one(Paper, paper.id), at=later)
    with pytest.raises(PaperStands), transaction():
        describe_paper(code=paper.code, facts=PaperFacts("award"), by=user.actor(), at=at)
    assert db.session.scalar(select(Paper.handed_in_at)) == at
    with transaction():
        withdraw_paper(code=paper.code, by=user.actor(), at=at)
    with pytest.raises(PaperStands), transaction():
        withdraw_paper(code=paper.code, by=user.actor(), at=at)


def test_from_an_end_nothing_leads_on() -> None:
    assert {state for state, after in TRANSITIONS.items() if not after} == {PaperState.REPLACED, PaperState.WITHDRAWN}
    assert PaperState.ACCEPTED not in TRANSITIONS[PaperState.DRAFT]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "trống"),
        (b"%PDF-1.7\n" + b"x" * (12 * 1024 * 1024), "12 MB"),
        (b"%PDF-1.7\nhalf", "cắt cụt"),
        (b"%PDF-1.7\ntrailer << /Encrypt 4 0 R >>\n%%EOF", "mật khẩu"),
        (b"<html>", "không phải PDF"),
        (b"PK\x03\x04docx", "không phải PDF"),
        (b"\xff\xd8\xff\xe0broken", "Ảnh bị hỏng"),
        (saved(photo(100, 100)), "320"),
    ],
)
def test_what_is_no_paper_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(BadFile) as refusal:
        take_document(data, "giấy.pdf")
    assert words in refusal.value.fields["files"]


def test_a_photograph_is_kept_without_place_and_camera() -> None:
    document = take_document(with_place(), "../../anh.jpg")
    assert (document.kind, document.file_name) == (FileKind.JPEG, "anh.jpg")
    assert b"SecretPhone" not in document.data
    assert b"Exif" not in document.data


# --- pages


def upload(client: Client, path: str, *files: tuple[bytes, str], **fields: str) -> TestResponse:
    sent = [(BytesIO(data), name) for data, name in files]
    answer = client.post(path, data={"csrf_token": token(client), **fields, "files": sent})
    answer.request.environ["wsgi.input"].close()
    return answer


def test_one_bad_file_costs_no_other(client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    sign_in(client, maker[0])
    answer = upload(client, "/producer/papers/new", (pdf(), "tốt.pdf"), (b"<html>", "trang.html"), kind="food_safety")
    page = client.get(answer.headers["Location"])
    assert "Đã giữ 1 tệp." in page.text
    assert "Tệp “trang.html” không phải PDF hay ảnh" in page.text
    paper = db.session.scalars(select(Paper)).one()
    assert (paper.kind, paper.state) == ("food_safety", PaperState.DRAFT)
    bad = send(client, f"/producer/papers/{paper.code}", kind="food_safety", number="7/ATTP", valid_until="31-12-2026")
    assert bad.status_code == 422
    assert "Nhập ngày như 31/12/2026." in bad.text
    assert "7/ATTP" in bad.text
    done = send(
        client,
        f"/producer/papers/{paper.code}?next=/producer/",
        kind="food_safety",
        number="7/ATTP",
        issuer="Chi cục",
        valid_until="2027-01-31",
    )
    assert done.headers["Location"] == "/producer/"
    shown = client.get("/producer/papers")
    assert "31/01/2027" in shown.text
    assert "Chi cục" in shown.text
    assert "Dùng được, chờ xem" in shown.text


def test_a_paper_without_file_stays_on_its_page(client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    sign_in(client, maker[0])
    answer = upload(client, "/producer/papers/new", kind="award")
    code = db.session.scalars(select(Paper.code)).one()
    done = send(client, answer.headers["Location"], kind="award", title="Giải nhất")
    assert done.headers["Location"].startswith(f"/producer/papers/{code}")
    again = upload(client, f"/producer/papers/{code}/files", (pdf(), "giải.pdf"))
    page = client.get(again.headers["Location"])
    assert "giải.pdf" in page.text
    file_code = db.session.scalars(select(KeptFile.code)).one()
    send(client, f"/producer/papers/{code}/files/{file_code}/remove")
    assert "Chưa có tệp nào." in client.get(f"/producer/papers/{code}").text
    send(client, f"/producer/papers/{code}/withdraw")
    assert "Tủ còn trống" in client.get("/producer/papers").text
    refused = send(client, f"/producer/papers/{code}/withdraw")
    assert "nên giữ nguyên" in client.get(refused.headers["Location"]).text
    send(client, f"/producer/papers/{code}/files/{file_code}/remove")
    assert "nên giữ nguyên" in client.get("/producer/papers").text


def test_files_are_private_and_a_look_at_a_personal_one_is_noted(
    app: Flask, client: Client, maker: tuple[User, Producer], at: datetime
) -> None:
    user = maker[0]
    identity, plain = make_paper(user, "identity", at=at), make_paper(user, "award", at=at)
    officer, stranger = make_user(Role.COMMUNE_OFFICER, at=at), make_user(Role.PRODUCER, at=at)
    make_producer("Nơi khác", at=at, user=stranger)
    paths = [f"/papers/{p.code}/{p.files[0].file.code}" for p in (identity, plain)]
    sign_in(client, user)
    mine = client.get(paths[0])
    assert mine.data.startswith(b"%PDF-1.7")
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert mine.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in mine.headers["Content-Security-Policy"]
    assert client.get(f"/papers/{identity.code}/TT00000000").status_code == 404
    other = new_client(app)
    sign_in(other, stranger)
    assert [other.get(path).status_code for path in paths] == [404, 404]
    looking = new_client(app)
    sign_in(looking, officer)
    assert [looking.get(path).status_code for path in paths] == [200, 200]
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "paper.opened")).all()
    assert [(n.actor_id, n.subject) for n in noted] == [(officer.id, identity.code)]


def test_a_file_that_the_store_lost_is_not_found(client: Client, maker: tuple[User, Producer], at: datetime) -> None:
    paper = make_paper(maker[0], at=at)
    file = paper.files[0].file
    media_store().delete(file.name)
    sign_in(client, maker[0])
    assert client.get(f"/papers/{paper.code}/{file.code}").status_code == 404


def test_a_dropped_file_asks_for_its_removal(maker: tuple[User, Producer], at: datetime) -> None:
    paper = make_paper(maker[0], at=at)
    with transaction():
        page = db.session.scalars(select(PaperFile)).one()
        db.session.delete(page)
        db.session.flush()
        drop_file(db.session.get_one(KeptFile, page.file_id), at=at)
    keys = db.session.scalars(select(Job.key).where(Job.name == FORGET_FILE).order_by(Job.key)).all()
    name = paper.files[0].file.name
    assert keys == [f"files.forget:{name}:drop", f"files.forget:{name}:put"]


def test_a_full_vault_has_room_again_once_papers_are_put_away(
    maker: tuple[User, Producer], at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = maker[0]
    monkeypatch.setattr("marketplace.people.papers.services.MOST_PAPERS", 2)
    first, _second = make_paper(user, at=at), make_paper(user, at=at)
    with pytest.raises(TooManyPapers), transaction():
        start_paper(kind="test_report", by=user.actor(), at=at)
    with transaction():
        withdraw_paper(code=first.code, by=user.actor(), at=at)
        start_paper(kind="test_report", by=user.actor(), at=at)
    with pytest.raises(TooManyPapers), transaction():
        start_paper(kind="test_report", by=user.actor(), at=at)
    assert db.session.scalar(select(func.count(Paper.id))) == 3


def test_a_files_name_is_cleaned_before_it_is_shown_and_kept(
    client: Client, maker: tuple[User, Producer], at: datetime
) -> None:
    sign_in(client, maker[0])
    sent = f"..\\cũ/giấy\0 \u202efdp.exe\tX-Bad: 1 {'dài' * 200}.pdf"
    page = upload(client, "/producer/papers/new", (pdf(), sent), kind="food_safety").headers["Location"]
    file = db.session.scalars(select(KeptFile)).one()
    assert file.file_name.startswith("giấy fdp.exeX-Bad: 1 dài")
    assert (len(file.file_name), file.file_name[-4:]) == (200, ".pdf")
    paper = db.session.scalars(select(Paper)).one()
    answer = client.get(f"/papers/{paper.code}/{file.code}")
    plain, _, coded = answer.headers["Content-Disposition"].partition("; filename*=UTF-8''")
    assert plain.startswith('attachment; filename="giay fdp.exex-bad- 1 dai')
    assert plain.isascii()
    assert plain.count('"') == 2
    assert re.fullmatch(r"[A-Za-z0-9._~%-]+", coded)
    assert unquote(coded) == file.file_name
    assert "giấy fdp.exeX-Bad" in client.get(page).text
