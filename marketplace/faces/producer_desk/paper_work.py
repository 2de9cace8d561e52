"""A paper's files on their way into the vault: each judged and kept by itself, so that one bad file costs no other."""

from collections.abc import Iterable
from datetime import datetime

from werkzeug.datastructures import FileStorage

from marketplace.people.papers.services import add_file
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import NotFound, Refusal
from marketplace.platform.media.documents import MOST_BYTES, take_document
from marketplace.platform.media.keeping import put_document


def add_files(code: str, sent: Iterable[FileStorage], *, by: Actor, at: datetime) -> tuple[int, list[Refusal]]:
    """Keep every sound file of what was sent; answers how many, and what was refused. Raises NotFound alone."""
    kept, refused = 0, []
    for each in sent:
        if not each.filename:
            continue
        data = each.read(MOST_BYTES + 1)
        try:
            _add(code, data, each.filename, by=by, at=at)
        except NotFound:
            raise
        except Refusal as refusal:
            refused.append(refusal)
        else:
            kept += 1
    return kept, refused


def _add(code: str, data: bytes, file_name: str, *, by: Actor, at: datetime) -> None:
    document = take_document(data, file_name)
    put_document(document, at=at)
    with transaction():
        add_file(code=code, document=document, by=by, at=at)
