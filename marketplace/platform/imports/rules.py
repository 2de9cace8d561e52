"""What an importer is told and says: rows with their lines, findings, and the outcome of a check."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Weight(StrEnum):
    """What a finding means: a bad row stops the file, a warning and a note do not."""

    BAD = "bad"
    WARNING = "warning"
    NOTE = "note"


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


Progress = Callable[[int], None]
