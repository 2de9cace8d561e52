"""The verbs of a campaign, in the order of its life: planning, joining, the timetable, the meetings."""

from marketplace.trade.campaigns.services.joining import TooLate, answer_invitation, withdraw
from marketplace.trade.campaigns.services.meeting import (
    arrive,
    cancel_meeting,
    confirm_meeting,
    follow_up,
    hold_meeting,
    miss_meeting,
    note_meeting,
    put_in,
)
from marketplace.trade.campaigns.services.planning import (
    CampaignFacts,
    NobodyInvited,
    NotNow,
    cancel_campaign,
    change_campaign,
    close_campaign,
    invite,
    open_campaign,
    plan_campaign,
    start_campaign,
)
from marketplace.trade.campaigns.services.timetable import (
    RunStale,
    RunUnderWay,
    ask_run,
    publish_run,
    stop_run,
)

__all__ = [
    "CampaignFacts",
    "NobodyInvited",
    "NotNow",
    "RunStale",
    "RunUnderWay",
    "TooLate",
    "answer_invitation",
    "arrive",
    "ask_run",
    "cancel_campaign",
    "cancel_meeting",
    "change_campaign",
    "close_campaign",
    "confirm_meeting",
    "follow_up",
    "hold_meeting",
    "invite",
    "miss_meeting",
    "note_meeting",
    "open_campaign",
    "plan_campaign",
    "publish_run",
    "put_in",
    "start_campaign",
    "stop_run",
    "withdraw",
]
