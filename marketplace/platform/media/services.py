"""Files in use: the row beside the file, and the job that removes a file without one."""

from datetime import datetime, timedelta

from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.ids import random_code
from marketplace.platform.jobs.services import enqueue
from marketplace.platform.media.documents import Document
from marketplace.platform.media.intake import Made
from marketplace.platform.media.models import KeptFile, KeptPicture

FORGET_FILE = "files.forget"
FORGET_KEPT = "kept_pictures.forget"
FORGET_AFTER = timedelta(days=1)


def expect_file(*, name: str, at: datetime) -> None:
    """Before a file is put: whatever happens next, a day later it is removed unless a row says it is in use."""
    _forget_later(name, "put", at)


def note_file(document: Document, *, by: Actor, at: datetime) -> KeptFile:
    """Say in the open block that a document put before is in use."""
    file = KeptFile(
        code=f"TT{random_code(8)}",
        name=document.name,
        file_name=document.file_name,
        kind=document.kind,
        size=len(document.data),
        digest=document.digest,
        added_at=at,
        added_by=by.name,
    )
    db.session.add(file)
    db.session.flush()
    return file


def drop_file(file: KeptFile, *, at: datetime) -> None:
    """Say in the open block that a file is no longer in use; the store loses it a day later."""
    _forget_later(file.name, "drop", at)
    db.session.delete(file)


def _forget_later(name: str, why: str, at: datetime) -> None:
    due = at + FORGET_AFTER
    enqueue(name=FORGET_FILE, key=f"{FORGET_FILE}:{name}:{why}", at=at, due_at=due, payload={"name": name})


def expect_picture(*, name: str, at: datetime) -> None:
    """Before a picture's files are put: a day later those are removed that no row says are in use."""
    _forget_picture_later(name, "put", at)


def note_picture(made: Made, *, by: Actor, at: datetime) -> KeptPicture:
    """Say in the open block that a picture put before is in use."""
    picture = KeptPicture(name=made.name, width=made.width, height=made.height, added_at=at, added_by=by.name)
    db.session.add(picture)
    db.session.flush()
    return picture


def drop_picture(picture: KeptPicture, *, at: datetime) -> None:
    """Say in the open block that a picture is no longer in use; the store loses its files a day later."""
    _forget_picture_later(picture.name, "drop", at)
    db.session.delete(picture)


def _forget_picture_later(name: str, why: str, at: datetime) -> None:
    due = at + FORGET_AFTER
    enqueue(name=FORGET_KEPT, key=f"{FORGET_KEPT}:{name}:{why}", at=at, due_at=due, payload={"name": name})
