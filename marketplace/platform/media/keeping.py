"""A file's or picture's way into the store and out of it. Slow: called outside any write block."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.platform.core.db import db, transaction
from marketplace.platform.media.documents import Document
from marketplace.platform.media.intake import Made, forget, keep, take_in
from marketplace.platform.media.models import KeptFile, KeptPicture
from marketplace.platform.media.services import expect_file, expect_picture
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


def put_picture(data: bytes, *, at: datetime) -> Made:
    """Take a picture in and put its files; the block that follows says with `note_picture` that it is in use."""
    made = take_in(data)
    with transaction():
        expect_picture(name=made.name, at=at)
    keep(made, media_store())
    return made


def forget_unshown(payload: Mapping[str, Any], _at: datetime) -> None:
    """The worker's part: remove the files of a picture that no row knows."""
    name = str(payload["name"])
    if db.session.scalar(select(KeptPicture.id).where(KeptPicture.name == name)) is None:
        forget(name, media_store())
