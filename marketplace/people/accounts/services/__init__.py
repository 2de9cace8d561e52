"""The verbs of accounts, a module a subject."""

from marketplace.people.accounts.services.email import (
    EmailTaken,
    change_email,
    start_email_change,
    undo_email_change,
)
from marketplace.people.accounts.services.invitations import (
    AlreadyMember,
    CannotJoin,
    InvitedEnough,
    invite,
    join,
    join_as_new,
    withdraw_invitation,
)
from marketplace.people.accounts.services.links import LinkGone, find_link
from marketplace.people.accounts.services.members import LastOwner, hand_over, owned_by, remove_member
from marketplace.people.accounts.services.passwords import change_password, finish_reset, start_reset
from marketplace.people.accounts.services.people import (
    NewAccount,
    OfficersStay,
    change_profile,
    create_user,
    disable_user,
    erase_user,
    set_language,
)
from marketplace.people.accounts.services.registration import confirm, register, send_confirmation
from marketplace.people.accounts.services.signing_in import (
    SEEN_EVERY,
    WrongPassword,
    end_other_sign_ins,
    end_sign_in,
    end_sign_ins_of,
    open_sign_in,
    refuse_sign_in,
    replace_hash,
    see_sign_in,
)

__all__ = [
    "SEEN_EVERY",
    "AlreadyMember",
    "CannotJoin",
    "EmailTaken",
    "InvitedEnough",
    "LastOwner",
    "LinkGone",
    "NewAccount",
    "OfficersStay",
    "WrongPassword",
    "change_email",
    "change_password",
    "change_profile",
    "confirm",
    "create_user",
    "disable_user",
    "end_other_sign_ins",
    "end_sign_in",
    "end_sign_ins_of",
    "erase_user",
    "find_link",
    "finish_reset",
    "hand_over",
    "invite",
    "join",
    "join_as_new",
    "open_sign_in",
    "owned_by",
    "refuse_sign_in",
    "register",
    "remove_member",
    "replace_hash",
    "see_sign_in",
    "send_confirmation",
    "set_language",
    "start_email_change",
    "start_reset",
    "undo_email_change",
    "withdraw_invitation",
]
