"""A distributor's papers: private, seen by itself and by who verifies."""

from datetime import datetime

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Forbidden
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.media.documents import Document
from marketplace.platform.media.models import KeptFile
from marketplace.platform.media.services import drop_file, note_file
from marketplace.trade.distributors.models import Distributor, DistributorFile
from marketplace.trade.distributors.policies import KEEP_OWN_PROFILE
from marketplace.trade.distributors.queries import get_file, get_own, list_files
from marketplace.trade.distributors.rules import MOST_FILES


class FileGiven(Conflict):
    """The same file was sent before."""

    code = "file_given"
    message = N_("Tệp “%(name)s” đã gửi rồi.")


class TooManyFiles(Conflict):
    """A distributor keeps at most twenty files."""

    code = "too_many_files"
    message = N_("Nhiều nhất 20 tệp. Hãy gộp các trang thành một tệp PDF, hoặc bỏ tệp cũ.")


def add_file(*, document: Document, title: str = "", by: Actor, at: datetime) -> KeptFile:
    """Keep a paper of the acting distributor, which lies in the store already."""
    row = _own(by)
    given = list_files(row.id)
    if any(each.file.digest == document.digest for each in given):
        raise FileGiven(name=document.file_name)
    if len(given) >= MOST_FILES:
        raise TooManyFiles
    file = note_file(document, by=by, at=at)
    name = nfc(title)[:200] or document.file_name[:200]
    db.session.add(DistributorFile(file_id=file.id, distributor_id=row.id, title=name, added_at=at))
    _changed(row, "file_added", document.file_name, by, at)
    return file


def remove_file(*, code: str, by: Actor, at: datetime) -> None:
    """Take a paper of the acting distributor away."""
    row = _own(by)
    given = get_file(row.id, code)
    name = given.file.file_name
    db.session.delete(given)
    db.session.flush()
    drop_file(given.file, at=at)
    _changed(row, "file_removed", name, by, at)


def _own(by: Actor) -> Distributor:
    if not KEEP_OWN_PROFILE.held_by(by):
        raise Forbidden
    return get_own(by, hold=True)


def _changed(row: Distributor, verb: str, name: str, by: Actor, at: datetime) -> None:
    row.version += 1
    row.updated_at = at
    slug = row.organisation.slug
    record(by=by, action=f"distributor.{verb}", subject_type="distributor", subject=slug, at=at, detail={"file": name})
    db.session.flush()
