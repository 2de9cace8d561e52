"""What an importer is told and says: rows with their lines, findings, and the outcome of a check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import Conflict
from marketplace.platform.core.words import N_


class ChangedMeanwhile(Conflict):
    """What the check was made on is no longer so."""

    code = "changed_meanwhile"
    message = N_("Sổ vừa thay đổi sau khi kiểm tra, nên tệp được kiểm tra lại. Hãy xem kết quả mới.")


class Weight(StrEnum):
    """What a finding means: a bad row stops the file, a warning and a note do not."""

    BAD = "bad"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Column:
    """A column of the header. One that is not needed may be left out of the file altogether.

    `what` is a translatable sentence for people who fill it in; `example` stands in the template's only row, which a
    file may keep: it is passed over.
    """

    name: str
    needed: bool = True
    what: str = ""
    example: str = ""


@dataclass(frozen=True)
class Row:
    """A row of the file: its line there (the header is line 1) and its cells by column, as text."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Finding:
    """What is to say of a row: `reason` is a translatable sentence, `facts` fill its gaps."""

    line: int
    column: str
    weight: Weight
    reason: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """The outcome of a check. `seen` names the state of the tables it was made on."""

    findings: Sequence[Finding]
    summary: Mapping[str, int]
    seen: str

    @property
    def bad_lines(self) -> int:
        """How many rows are bad."""
        return len({f.line for f in self.findings if f.weight is Weight.BAD})


def template(columns: Sequence[Column]) -> tuple[list[str], list[list[str]]]:
    """A file to be filled in: the header, and the example row where there is one."""
    example = [column.example for column in columns]
    return [column.name for column in columns], [example] if any(example) else []


Progress = Callable[[int], None]


@dataclass(frozen=True)
class Work:
    """A file made ready outside any block: what the check says, and `write`, which applies it in the open block.

    `write` raises ChangedMeanwhile where the tables are no longer as they were when it was made ready.
    """

    checked: Checked
    write: Callable[[], None]


class Importer(Protocol):
    """What knows one kind of file."""

    @property
    def columns(self) -> Sequence[Column]: ...

    def prepare(
        self, rows: Sequence[Row], options: Mapping[str, Any], *, by: Actor, at: datetime, progress: Progress
    ) -> Work:
        """Read and plan; `progress` is told how many rows are done. Raises Forbidden where `by` may not."""
        ...
