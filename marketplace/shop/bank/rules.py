"""Which orders a transfer's note names, and what comes of it. Pure: notes and amounts in, verdicts out."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from marketplace.platform.core.clock import day_of
from marketplace.platform.core.folding import fold
from marketplace.platform.core.ids import read_code
from marketplace.platform.core.money import Money, total
from marketplace.shop.bank.models import TransferSource, TransferState
from marketplace.shop.payments.models import PaymentState

CODE = 10  # letters of an order's number without its hyphen
MOST_PIECES = 6  # into which a bank or a phone's keyboard may have split it
_NUMBER = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])[0-9A-HJKMNP-TV-Z]{6}")


@dataclass(frozen=True)
class Incoming:
    """A transfer as the bank tells it. `timed`: the minute is known, not only the day."""

    account: str
    reference: str
    amount: Money
    booked_at: datetime
    timed: bool
    note: str
    payer: str
    payer_account: str
    source: TransferSource


@dataclass(frozen=True)
class Claim:
    """How an order's payment stands: what is still missing of it."""

    number: str
    state: PaymentState
    missing: Money


@dataclass(frozen=True)
class Verdict:
    """What comes of a transfer: its state, and how much of it goes to which order."""

    state: TransferState
    gives: tuple[tuple[str, Money], ...] = ()


def order_numbers(note: str) -> list[str]:
    """Whatever in a note may be an order's number, the likelier first; which of them exist, the database says.

    Marks, case, hyphens and the bank's own words do not matter, nor O for 0, I or L for 1, a code split by spaces,
    or one glued to what stands beside it. Whole words come first; a piece of a longer run is looked at afterwards.
    """
    words = [read_code(word) for word in re.findall(r"[a-z0-9]+", fold(note))]
    run = "".join(words)
    found = [_joined(words, start) for start in range(len(words))]
    found += [run[start : start + CODE] for start in range(len(run) - CODE + 1)]
    whole = (code for code in found if code and _NUMBER.fullmatch(code))
    return list(dict.fromkeys(f"{code[:4]}-{code[4:]}" for code in whole))


def _joined(words: Sequence[str], start: int) -> str:
    text = ""
    for word in words[start : start + MOST_PIECES]:
        text += word
        if len(text) >= CODE:
            break
    return text


def judge(amount: Money, claims: Sequence[Claim]) -> Verdict:
    """What comes of an amount whose note names these orders.

    One order: it is paid, paid in part, or paid with a rest that goes back; where it was paid already or has lapsed a
    person decides. Several: each is paid where the sum is exact, else a person decides.
    """
    open_ = [claim for claim in claims if claim.state is PaymentState.AWAITING]
    if len(claims) > 1:
        exact = len(open_) == len(claims) and total(claim.missing for claim in claims) == amount
        gives = tuple((claim.number, claim.missing) for claim in claims)
        return Verdict(TransferState.MATCHED, gives) if exact else Verdict(TransferState.UNKNOWN)
    for claim in open_:
        state = TransferState.MATCHED
        if amount != claim.missing:
            state = TransferState.UNDER if amount < claim.missing else TransferState.OVER
        return Verdict(state, ((claim.number, amount),))
    states = {PaymentState.PAID: TransferState.DOUBLE, PaymentState.LAPSED: TransferState.LATE}
    return Verdict(next((states.get(c.state, TransferState.UNKNOWN) for c in claims), TransferState.UNKNOWN))


def plan(incoming: Iterable[Incoming], claims: Mapping[str, Claim]) -> list[Verdict]:
    """What comes of several transfers one after the other: what one pays, the next one finds paid."""
    standing, found = dict(claims), []
    for each in incoming:
        named = [standing[number] for number in order_numbers(each.note) if number in standing]
        verdict = judge(each.amount, named)
        for number, amount in verdict.gives:
            standing[number] = _after(standing[number], amount)
        found.append(verdict)
    return found


def _after(claim: Claim, amount: Money) -> Claim:
    if amount < claim.missing:
        return replace(claim, missing=claim.missing - amount)
    return replace(claim, missing=Money(0), state=PaymentState.PAID)


def same_transfer(one: Incoming, other: Incoming) -> bool:
    """Whether statement and feed, which call it differently, speak of one transfer.

    Account, amount and note are the same, and the minute; the day, where one of them knows no minute.
    """
    if (one.account, one.amount, squeezed(one.note)) != (other.account, other.amount, squeezed(other.note)):
        return False
    if one.timed and other.timed:
        return one.booked_at.replace(second=0, microsecond=0) == other.booked_at.replace(second=0, microsecond=0)
    return day_of(one.booked_at) == day_of(other.booked_at)


def squeezed(note: str) -> str:
    """A note as compared: letters and digits only."""
    return "".join(re.findall(r"[a-z0-9]+", fold(note)))
