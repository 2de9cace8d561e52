"""What a distributor says of itself, its papers, and the province's word on it."""

from marketplace.trade.distributors.services.deciding import approve, lift_suspension, return_distributor, suspend
from marketplace.trade.distributors.services.files import FileGiven, TooManyFiles, add_file, remove_file
from marketplace.trade.distributors.services.profile import (
    CheckedAnew,
    DistributorFacts,
    Incomplete,
    forget_profile,
    save_profile,
    send_for_verification,
)
from marketplace.trade.distributors.services.steps import ChangedMeanwhile, NotNow

__all__ = [
    "ChangedMeanwhile",
    "CheckedAnew",
    "DistributorFacts",
    "FileGiven",
    "Incomplete",
    "NotNow",
    "TooManyFiles",
    "add_file",
    "approve",
    "forget_profile",
    "lift_suspension",
    "remove_file",
    "return_distributor",
    "save_profile",
    "send_for_verification",
    "suspend",
]
