"""The verbs of councils: seats, sittings, scoring, the decision, appeals."""

from marketplace.registry.councils.services.appeals import (
    AlreadyAppealed,
    AppealAnswered,
    NoRoundOpen,
    NotAppealable,
    answer_appeal,
    make_appeal,
)
from marketplace.registry.councils.services.deciding import NothingToDecide, Ruling, decide
from marketplace.registry.councils.services.scoring import (
    NotOpen,
    SheetChanged,
    SheetFacts,
    SheetSigned,
    enter_sheet,
    reopen_sheet,
    save_sheet,
)
from marketplace.registry.councils.services.seats import AlreadySits, SeatFacts, add_member, end_seat, form_council
from marketplace.registry.councils.services.sittings import (
    NoChair,
    NotReady,
    SheetsMissing,
    TableLaid,
    close_sitting,
    lay_table,
    open_sitting,
    plan_sitting,
    take_off,
)

__all__ = [
    "AlreadyAppealed",
    "AlreadySits",
    "AppealAnswered",
    "NoChair",
    "NoRoundOpen",
    "NotAppealable",
    "NotOpen",
    "NotReady",
    "NothingToDecide",
    "Ruling",
    "SeatFacts",
    "SheetChanged",
    "SheetFacts",
    "SheetSigned",
    "SheetsMissing",
    "TableLaid",
    "add_member",
    "answer_appeal",
    "close_sitting",
    "decide",
    "end_seat",
    "enter_sheet",
    "form_council",
    "lay_table",
    "make_appeal",
    "open_sitting",
    "plan_sitting",
    "reopen_sheet",
    "save_sheet",
    "take_off",
]
