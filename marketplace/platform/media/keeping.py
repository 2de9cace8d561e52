"""A private file's way into the store and out of it. Slow: called outside any write block."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.media.documents import Document
from marketplace.platform.media.models import KeptFile
from marketplace.platform.media.services import expect_file
from marketplace.platform.media.stores import media_store


def put_document(document: Document, *, at: datetime) -> None:
    """Put a document into the store; the block that follows says with `note_file` that it is in use."""
    with transaction():
        expect_file(name=document.name, at=at)
    media_store().put(document.name, document.data, content_type=document.kind.media_type)


def open_file(file: KeptFile) -> bytes:
    """What a kept file holds; raises stores.NoSuchFile where the store lost it."""
    return media_store().get(file.name)


def forget_unused(payload: Mapping[str, Any], _at: datetime) -> None:
    """The worker's part: remove a file that no row knows."""
    name = str(payload["name"])
    if db.session.scalar(select(KeptFile.id).where(KeptFile.name == name)) is None:
        media_store().delete(name)
