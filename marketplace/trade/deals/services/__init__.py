"""The verbs of deals."""

from marketplace.trade.deals.services.buying import NothingAgreed, order_agreed, price_holds_until
from marketplace.trade.deals.services.meeting import (
    AlreadyMeeting,
    MeetingFacts,
    accept_meeting,
    cancel_meeting,
    decline_meeting,
    hold_calendars,
    propose_meeting,
    tell_outcome,
)
from marketplace.trade.deals.services.overseeing import InCharge, NobodyWaited, add_note, remind, take_charge
from marketplace.trade.deals.services.quoting import (
    RequestFacts,
    accept_quote,
    decline_quote,
    request_quotes,
    send_quote,
)
from marketplace.trade.deals.services.sampling import Judgement, judge_sample, receive_sample, send_sample
from marketplace.trade.deals.services.signing import (
    SignedFacts,
    confirm_paper,
    end_contract,
    note_delivery,
    write_paper,
)
from marketplace.trade.deals.services.steps import DealEnded, NotNow, PartySuspended
from marketplace.trade.deals.services.talking import (
    ContractRuns,
    FileGiven,
    NotVerified,
    TooManyFiles,
    add_file,
    end_deal,
    open_deal,
    say,
)

__all__ = [
    "AlreadyMeeting",
    "ContractRuns",
    "DealEnded",
    "FileGiven",
    "InCharge",
    "Judgement",
    "MeetingFacts",
    "NobodyWaited",
    "NotNow",
    "NotVerified",
    "NothingAgreed",
    "PartySuspended",
    "RequestFacts",
    "SignedFacts",
    "TooManyFiles",
    "accept_meeting",
    "accept_quote",
    "add_file",
    "add_note",
    "cancel_meeting",
    "confirm_paper",
    "decline_meeting",
    "decline_quote",
    "end_contract",
    "end_deal",
    "hold_calendars",
    "judge_sample",
    "note_delivery",
    "open_deal",
    "order_agreed",
    "price_holds_until",
    "propose_meeting",
    "receive_sample",
    "remind",
    "request_quotes",
    "say",
    "send_quote",
    "send_sample",
    "take_charge",
    "tell_outcome",
    "write_paper",
]
