"""The bank account: entered by the producer itself, in force by somebody else's word, its former contacts told."""

from datetime import datetime

from sqlalchemy import select

from marketplace.people.producers.models import Producer
from marketplace.people.producers.queries import get_within, people_of
from marketplace.people.verification import mails
from marketplace.people.verification.models import AccountState, BankAccount
from marketplace.people.verification.policies import KEEP_OWN_ACCOUNT, SEE_ACCOUNT
from marketplace.people.verification.queries import list_contacts
from marketplace.people.verification.rules import Step, read_account
from marketplace.people.verification.services.steps import (
    NotNow,
    file_to_decide,
    note,
    other_hands,
    own_file,
    same_as_seen,
    stands,
)
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_


def propose_account(*, bank_bin: str, bank_name: str, number: str, holder: str, by: Actor, at: datetime) -> BankAccount:
    """Say where the own producer is paid; the account in force stays until an officer has said yes to this one.

    Never on another's behalf (Forbidden). Who is known to the account in force is told by mail.
    """
    if not KEEP_OWN_ACCOUNT.held_by(by):
        raise Forbidden
    producer, row = own_file(by, at)
    bank_bin, number, holder = read_account(bank_bin, number, holder)
    if not nfc(bank_name):
        raise Invalid({"bank_name": N_("Ghi tên ngân hàng.")})
    before = _held(producer, AccountState.PROPOSED)
    if before is not None:
        before.state = AccountState.WITHDRAWN
        db.session.flush()
    account = BankAccount(
        producer_id=producer.id,
        bank_bin=bank_bin,
        bank_name=nfc(bank_name),
        number=number,
        holder=holder,
        state=AccountState.PROPOSED,
        told=_reached(producer),
        entered_at=at,
        entered_by=by.name,
        entered_by_id=by.user_id,
    )
    db.session.add(account)
    db.session.flush()
    row.version += 1
    note(producer, "said", subject=Step.BANK.value, by=by, at=at, remark=account.tail if stands(row) else "")
    in_force = _held(producer, AccountState.IN_FORCE)
    if in_force is not None:
        mails.account(producer, verb="account_entered", account=account, also=in_force.told, at=at)
    return account


def decide_account(*, slug: str, accepted: bool, remark: str = "", seen: int, by: Actor, at: datetime) -> None:
    """The province's word on the account that waits, by somebody else than who entered it (SameHands)."""
    producer, row = file_to_decide(slug, by, at)
    same_as_seen(row, seen)
    account = _held(producer, AccountState.PROPOSED)
    if account is None or not stands(row):
        raise NotNow
    if accepted:
        put_in_force(producer, by=by, at=at)
    else:
        if not remark.strip():
            raise Invalid({"remark": N_("Ghi lý do để nơi làm biết.")})
        other_hands(account.entered_by_id, by)
        _decide(account, AccountState.REFUSED, by=by, at=at, remark=remark.strip())
        mails.account(producer, verb="account_refused", account=account, also=(), at=at, remark=remark.strip())
    row.version += 1
    verb = "change_approved" if accepted else "change_refused"
    note(producer, verb, subject=Step.BANK.value, remark=remark.strip(), by=by, at=at)


def put_in_force(producer: Producer, *, by: Actor, at: datetime) -> None:
    """The account that waits, if any, takes the place of the one in force; who knew of that one is told."""
    account = _held(producer, AccountState.PROPOSED)
    if account is None:
        return
    other_hands(account.entered_by_id, by)
    before = _held(producer, AccountState.IN_FORCE)
    if before is not None:
        before.state = AccountState.REPLACED
        db.session.flush()
    _decide(account, AccountState.IN_FORCE, by=by, at=at)
    if before is not None:
        mails.account(producer, verb="account_changed", account=account, also=before.told, at=at)


def see_account(*, slug: str, by: Actor, at: datetime) -> list[BankAccount]:
    """The account in force and the one that waits, whole, for who may decide; leaves a trace."""
    if not SEE_ACCOUNT.held_by(by):
        raise Forbidden
    producer = get_within(slug, by=by)
    shown = (AccountState.IN_FORCE, AccountState.PROPOSED)
    query = select(BankAccount).where(BankAccount.producer_id == producer.id, BankAccount.state.in_(shown))
    found = list(db.session.scalars(query.order_by(BankAccount.id)))
    if not found:
        raise NotFound
    detail = {"accounts": [account.tail for account in found]}
    record(by=by, action="bank_account.seen", subject_type="producer", subject=producer.slug, at=at, detail=detail)
    return found


def _held(producer: Producer, state: AccountState) -> BankAccount | None:
    query = select(BankAccount).where(BankAccount.producer_id == producer.id, BankAccount.state == state)
    return db.session.scalar(query.with_for_update())


def _decide(account: BankAccount, to: AccountState, *, by: Actor, at: datetime, remark: str = "") -> None:
    account.state, account.remark = to, remark
    account.decided_at, account.decided_by, account.decided_by_id = at, by.name, by.user_id
    db.session.flush()


def _reached(producer: Producer) -> list[str]:
    """Every address that knows of this account: its people's and its contacts'."""
    people = {user.email for user in people_of(producer.id)}
    return sorted(people | {each.email for each in list_contacts(producer.id) if each.email})
