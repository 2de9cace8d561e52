"""The verbs of the second step. `key` is the house's, from its settings; passwords are checked by the caller."""

from marketplace.people.second_factor.services.devices import (
    AlreadyOn,
    KeyKnown,
    KeyUnread,
    LastMeans,
    TooManyKeys,
    add_key,
    check_adding,
    confirm_factor,
    remove_key,
    start_factor,
)
from marketplace.people.second_factor.services.factor import (
    forget_factor,
    forget_own_factor,
    remove_factor,
    renew_codes,
    reset_factor,
)
from marketplace.people.second_factor.services.proofs import Proof, check_proof
from marketplace.people.second_factor.services.steps import (
    Browser,
    StepGone,
    begin_step,
    count_try,
    finish_step,
    refuse_step,
)

__all__ = [
    "AlreadyOn",
    "Browser",
    "KeyKnown",
    "KeyUnread",
    "LastMeans",
    "Proof",
    "StepGone",
    "TooManyKeys",
    "add_key",
    "begin_step",
    "check_adding",
    "check_proof",
    "confirm_factor",
    "count_try",
    "finish_step",
    "forget_factor",
    "forget_own_factor",
    "refuse_step",
    "remove_factor",
    "remove_key",
    "renew_codes",
    "reset_factor",
    "start_factor",
]
