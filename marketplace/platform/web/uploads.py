"""Files that a form sends along: each is kept, or refused, by itself."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, request
from flask_babel import gettext as _

from marketplace.platform.core.clock import now
from marketplace.platform.core.db import transaction
from marketplace.platform.core.errors import Invalid, NotFound, Refusal
from marketplace.platform.media.documents import MOST_BYTES, Document, take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.web.errors import sentence


def keep_each(keep: Callable[[Document, datetime], object]) -> int:
    """Give every file of the field `files` to `keep`, in a block of its own; answers how many were kept.

    What is refused of one is told above the next page, and takes no other along. NotFound goes on to the reader.
    """
    kept = 0
    for sent in request.files.getlist("files"):
        if not sent.filename:
            continue
        at = now()
        try:
            document = take_document(sent.read(MOST_BYTES + 1), sent.filename)
            put_document(document, at=at)
            with transaction():
                keep(document, at)
        except NotFound:
            raise
        except Refusal as refusal:
            told = refusal.fields.get("files") if isinstance(refusal, Invalid) else None
            flash(_(told) % refusal.facts if told else sentence(refusal), "bad")
        else:
            kept += 1
    if kept:
        flash(_("Đã giữ %(n)d tệp.", n=kept), "ok")
    return kept
