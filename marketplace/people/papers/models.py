"""Papers, their files, and what an officer said of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.people.papers.kinds import PaperKind, paper_kind
from marketplace.people.producers.models import Producer
from marketplace.platform.core.db import Model, RowId, related
from marketplace.platform.core.types import choice
from marketplace.platform.media.models import KeptFile


class PaperState(StrEnum):
    DRAFT = "draft"  # no file yet, or its details are not said
    GIVEN = "given"  # may be used; nobody of the office has looked at it
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REPLACED = "replaced"  # a newer one was accepted in its place
    WITHDRAWN = "withdrawn"


TRANSITIONS: dict[PaperState, frozenset[PaperState]] = {
    PaperState.DRAFT: frozenset({PaperState.GIVEN, PaperState.WITHDRAWN}),
    PaperState.GIVEN: frozenset(
        {PaperState.GIVEN, PaperState.DRAFT, PaperState.ACCEPTED, PaperState.REFUSED, PaperState.WITHDRAWN}
    ),
    PaperState.REFUSED: frozenset({PaperState.GIVEN, PaperState.DRAFT, PaperState.ACCEPTED, PaperState.WITHDRAWN}),
    PaperState.ACCEPTED: frozenset({PaperState.REPLACED, PaperState.REFUSED, PaperState.WITHDRAWN}),
    PaperState.REPLACED: frozenset(),
    PaperState.WITHDRAWN: frozenset(),
}
CHANGEABLE = frozenset({PaperState.DRAFT, PaperState.GIVEN, PaperState.REFUSED})
USABLE = frozenset({PaperState.GIVEN, PaperState.ACCEPTED})


class Paper(Model):
    """One paper of a producer. `handed_in_at`: it went with a dossier, so what it says stays as it is."""

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR issued_on IS NULL OR valid_until >= issued_on", name="validity"),
        CheckConstraint("state <> 'refused' OR remark <> ''", name="refused_with_remark"),
        CheckConstraint("state NOT IN ('accepted', 'refused') OR looked_at IS NOT NULL", name="looked_at"),
        Index("ix_papers_producer_id_kind", "producer_id", "kind"),
        Index("ix_papers_state", "state"),
    )

    id: Mapped[RowId]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    producer_id: Mapped[int] = mapped_column(ForeignKey("producers.id"))
    kind: Mapped[str] = mapped_column(String(32))  # of kinds.py
    title: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[str] = mapped_column(String(64), default="")
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]  # the last day, included; None: it does not lapse, or none is printed
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PaperState] = mapped_column(choice(PaperState, "state"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))  # stands until this one is accepted
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime | None]
    handed_in_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[str] = mapped_column(String(120), default="")
    remark: Mapped[str] = mapped_column(Text, default="")

    producer: Mapped[Producer] = related()
    files: Mapped[list["PaperFile"]] = related(order_by="PaperFile.position", viewonly=True)

    @property
    def of_kind(self) -> PaperKind:
        return paper_kind(self.kind)

    @property
    def changeable(self) -> bool:
        """Whether its producer may still change it; otherwise a new paper takes its place."""
        return self.state in CHANGEABLE and self.handed_in_at is None

    @property
    def usable(self) -> bool:
        """Whether it may answer a demand: it has a file and was not refused, replaced or put away. Loads `files`."""
        return self.state in USABLE and bool(self.files)

    @property
    def mark(self) -> str:
        """What an officer's word on it rests on: it changes with its state and with all that its producer changes."""
        return f"{self.state.value}-{self.given_at.isoformat() if self.given_at else ''}"

    def lapsed(self, on: date) -> bool:
        """Whether its last day is over."""
        return self.valid_until is not None and self.valid_until < on


class PaperFile(Model):
    """A page or file of a paper, in order."""

    __tablename__ = "paper_files"

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("kept_files.id"), primary_key=True, unique=True)
    position: Mapped[int]

    file: Mapped[KeptFile] = related()
