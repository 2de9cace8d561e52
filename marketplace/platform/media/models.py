"""Files of the store that are in use: private ones, and pictures that pages show beside those of listings."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.platform.core.db import Model, RowId
from marketplace.platform.core.types import choice


class FileKind(StrEnum):
    """What a kept file is; a photograph or scan is kept as JPEG, whatever it came as."""

    PDF = "pdf"
    JPEG = "jpg"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class KeptFile(Model):
    """A file that only those may open who may see what it belongs to. `name` is its name in the store."""

    __tablename__ = "kept_files"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))  # as it was called where it came from
    kind: Mapped[FileKind] = mapped_column(choice(FileKind, "kind"))
    size: Mapped[int]  # bytes
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of what was sent: the same file twice is known by it
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(120))


class KeptPicture(Model):
    """A picture that a public page shows: a place, an article. `name` is the one its files are kept under."""

    __tablename__ = "kept_pictures"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(String(48), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))
