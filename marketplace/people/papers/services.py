"""Giving papers, changing them, taking them back; and the officer's look."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from marketplace.people.papers.kinds import OTHER, is_kind, paper_kind
from marketplace.people.papers.models import TRANSITIONS, Paper, PaperFile, PaperState
from marketplace.people.papers.policies import KEEP_OWN_PAPERS, LOOK_AT_PAPERS
from marketplace.people.papers.queries import get_paper
from marketplace.people.producers.queries import get_own
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import day_of
from marketplace.platform.core.db import db, held
from marketplace.platform.core.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.models import KeptFile
from marketplace.platform.media.services import drop_file, note_file

MOST_FILES = 20
MOST_PAPERS = 400


class PaperStands(Conflict):
    """An accepted paper, or one handed in with a dossier, is not changed: a new one takes its place."""

    code = "paper_stands"
    message = N_("Giấy này đã được duyệt hoặc đã nộp cùng hồ sơ nên giữ nguyên. Hãy nộp bản mới thay nó.")


class PaperMoved(Conflict):
    """An officer judges the paper that they looked at, and no other's word on it goes unseen."""

    code = "paper_moved"
    message = N_("Giấy này vừa đổi hoặc vừa có người xem sau khi bạn mở trang. Hãy xem lại rồi quyết định.")


class FileGiven(Conflict):
    """The same file was added to this paper before."""

    code = "file_given"
    message = N_("Tệp “%(name)s” đã có trong giấy này.")


class TooManyFiles(Conflict):
    """A paper has at most twenty files, a producer four hundred papers."""

    code = "too_many_files"
    message = N_("Mỗi giấy nhiều nhất 20 tệp. Hãy gộp các trang thành một tệp PDF.")


class TooManyPapers(Conflict):
    """A producer keeps at most four hundred papers; what was put away makes room."""

    code = "too_many_papers"
    message = N_("Tủ giấy tờ đã đầy. Hãy bỏ những giấy cũ không dùng nữa.")


@dataclass(frozen=True)
class PaperFacts:
    """What a paper says of itself."""

    kind: str
    title: str = ""
    number: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_until: date | None = None
    note: str = ""


def start_paper(*, kind: str, by: Actor, at: datetime, replaces: str = "") -> Paper:
    """Begin a paper of the acting producer, still without files and details, so that nothing sent is lost.

    `replaces` is the code of the own paper whose place it takes once an officer has accepted it.
    """
    if not KEEP_OWN_PAPERS.held_by(by):
        raise Forbidden
    producer = get_own(by)
    kept = select(func.count(Paper.id)).where(Paper.producer_id == producer.id, Paper.state != PaperState.WITHDRAWN)
    if (db.session.scalar(kept) or 0) >= MOST_PAPERS:
        raise TooManyPapers
    before = get_paper(replaces, by=by) if replaces else None
    paper = Paper(
        code=f"GT{random_code(8)}",
        producer_id=producer.id,
        kind=before.kind if before else kind if is_kind(kind) else OTHER,
        state=PaperState.DRAFT,
        replaces_id=before.id if before else None,
        created_at=at,
        created_by=by.name,
    )
    db.session.add(paper)
    db.session.flush()
    record(by=by, action="paper.started", subject_type="paper", subject=paper.code, at=at, detail={"kind": paper.kind})
    return get_paper(paper.code, by=by)


def add_file(*, code: str, document: Document, by: Actor, at: datetime) -> KeptFile:
    """Add a file, which lies in the store already, as the last of an own paper."""
    paper = _own(code, by)
    pages = paper.files
    if any(page.file.digest == document.digest for page in pages):
        raise FileGiven(name=document.file_name)
    if len(pages) >= MOST_FILES:
        raise TooManyFiles
    file = note_file(document, by=by, at=at)
    position = max((page.position for page in pages), default=-1) + 1
    db.session.add(PaperFile(paper_id=paper.id, file_id=file.id, position=position))
    if paper.state is not PaperState.DRAFT:
        _move(paper, PaperState.GIVEN, at)
    db.session.flush()
    detail = {"file": document.file_name}
    record(by=by, action="paper.file_added", subject_type="paper", subject=code, at=at, detail=detail)
    return file


def remove_file(*, code: str, file_code: str, by: Actor, at: datetime) -> None:
    """Take a file off an own paper; without any it is a draft again."""
    paper = _own(code, by)
    page = next((page for page in paper.files if page.file.code == file_code), None)
    if page is None:
        raise NotFound
    db.session.delete(page)
    db.session.flush()
    drop_file(page.file, at=at)
    if len(paper.files) == 1 and paper.state is not PaperState.DRAFT:
        _move(paper, PaperState.DRAFT, at)
    detail = {"file": page.file.file_name}
    record(by=by, action="paper.file_removed", subject_type="paper", subject=code, at=at, detail=detail)


def describe_paper(*, code: str, facts: PaperFacts, by: Actor, at: datetime) -> Paper:
    """Say what an own paper is; with a file and its details it may be used, and waits for the office's look."""
    paper = _own(code, by)
    _check(facts, day_of(at))
    paper.kind, paper.title, paper.number, paper.issuer = (
        facts.kind,
        nfc(facts.title),
        nfc(facts.number),
        nfc(facts.issuer),
    )
    paper.issued_on, paper.valid_until, paper.note = facts.issued_on, facts.valid_until, facts.note.strip()
    if paper.files:
        _move(paper, PaperState.GIVEN, at)
    record(by=by, action="paper.described", subject_type="paper", subject=code, at=at, detail={"kind": paper.kind})
    return paper


def withdraw_paper(*, code: str, by: Actor, at: datetime) -> None:
    """Put an own paper away for good; dossiers that hold it keep it."""
    if not KEEP_OWN_PAPERS.held_by(by):
        raise Forbidden
    paper = get_paper(code, by=by, hold=True)
    _move(paper, PaperState.WITHDRAWN, at)
    record(by=by, action="paper.withdrawn", subject_type="paper", subject=code, at=at)


def hand_in(*, paper: Paper, at: datetime) -> None:
    """Say that a paper went with a dossier: from now on it is replaced, not changed. Called by the dossier's room."""
    paper.handed_in_at = paper.handed_in_at or at


def look_at_paper(*, code: str, accepted: bool, remark: str, seen: str, by: Actor, at: datetime) -> Paper:
    """The officer's word: accepted, whereupon it takes the place of the one it replaces; or refused, saying why.

    `seen` is the paper's `mark` as the officer's page had it: PaperMoved where it is another by now.
    """
    if not LOOK_AT_PAPERS.held_by(by):
        raise Forbidden
    paper = get_paper(code, by=by, hold=True)
    _same_as_seen(paper, seen)
    if not accepted and not remark.strip():
        raise Invalid({"remark": N_("Ghi điều cần sửa để nơi làm biết.")})
    _move(paper, PaperState.ACCEPTED if accepted else PaperState.REFUSED, at, remark=remark.strip()[:2000])
    paper.looked_at, paper.looked_by = at, by.name
    before = db.session.scalar(held(select(Paper).where(Paper.id == paper.replaces_id)))
    if accepted and before is not None and before.state is PaperState.ACCEPTED:
        _move(before, PaperState.REPLACED, at)
    verb = "accepted" if accepted else "refused"
    detail = {"remark": paper.remark} if paper.remark else {}
    record(by=by, action=f"paper.{verb}", subject_type="paper", subject=code, at=at, detail=detail)
    return paper


def note_look(*, paper: Paper, file: KeptFile, by: Actor, at: datetime) -> None:
    """Leave a trace that somebody opened a personal paper (Luật 91/2025/QH15: reads are accounted for)."""
    detail = {"file": file.file_name}
    record(by=by, action="paper.opened", subject_type="paper", subject=paper.code, at=at, detail=detail)


def _same_as_seen(paper: Paper, seen: str) -> None:
    if paper.mark != seen:
        raise PaperMoved


def _own(code: str, by: Actor) -> Paper:
    if not KEEP_OWN_PAPERS.held_by(by):
        raise Forbidden
    paper = get_paper(code, by=by, hold=True)
    if not paper.changeable:
        raise PaperStands
    return paper


def _move(paper: Paper, to: PaperState, at: datetime, remark: str = "") -> None:
    if to not in TRANSITIONS[paper.state]:
        raise PaperStands
    if to is PaperState.GIVEN:
        paper.given_at = at
    paper.state, paper.remark = to, remark


def _check(facts: PaperFacts, today: date) -> None:
    wrong = {}
    if not is_kind(facts.kind):
        wrong["kind"] = N_("Chọn loại giấy.")
    elif facts.kind == OTHER and not nfc(facts.title):
        wrong["title"] = N_("Ghi tên giấy.")
    if facts.issued_on is not None and facts.issued_on > today:
        wrong["issued_on"] = N_("Ngày cấp không thể ở tương lai.")
    if facts.issued_on and facts.valid_until and facts.valid_until < facts.issued_on:
        wrong["valid_until"] = N_("Ngày hết hạn phải sau ngày cấp.")
    if facts.valid_until is not None and not paper_kind(facts.kind).lapses:
        wrong["valid_until"] = N_("Loại giấy này không có hạn; để trống.")
    if wrong:
        raise Invalid(wrong)
