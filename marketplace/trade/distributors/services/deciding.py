"""The province's word on a distributor, on what was seen, with a letter to its people."""

from datetime import datetime

from marketplace.platform.core.access import Actor
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.words import N_
from marketplace.trade.distributors import mails
from marketplace.trade.distributors.models import Distributor, Standing
from marketplace.trade.distributors.policies import VERIFY_DISTRIBUTORS
from marketplace.trade.distributors.queries import get_distributor
from marketplace.trade.distributors.rules import DECIDABLE, LONGEST_REMARK
from marketplace.trade.distributors.services.steps import ChangedMeanwhile, NotNow, move


def approve(*, slug: str, seen: int, by: Actor, at: datetime) -> None:
    """Verify a distributor: from now on producers see what it seeks."""
    row = _to_decide(slug, seen, by)
    if row.standing not in DECIDABLE:
        raise NotNow
    row.verified_at = at
    _decide(row, Standing.VERIFIED, "approved", by=by, at=at)


def return_distributor(*, slug: str, remark: str, seen: int, by: Actor, at: datetime) -> None:
    """Give a distributor back to its people, saying what to mend."""
    row = _to_decide(slug, seen, by)
    words = remark.strip()[:LONGEST_REMARK]
    if not words:
        raise Invalid({"remark": N_("Ghi điều cần sửa; nơi phân phối nhận được trong thư.")})
    _decide(row, Standing.RETURNED, "returned", by=by, at=at, remark=words)


def suspend(*, slug: str, remark: str, seen: int, by: Actor, at: datetime) -> None:
    """Hide a verified distributor's demands from producers at once, saying why."""
    row = _to_decide(slug, seen, by)
    words = remark.strip()[:LONGEST_REMARK]
    if not words:
        raise Invalid({"remark": N_("Ghi lý do tạm ngừng; nơi phân phối nhận được trong thư.")})
    _decide(row, Standing.SUSPENDED, "suspended", by=by, at=at, remark=words)


def lift_suspension(*, slug: str, seen: int, by: Actor, at: datetime) -> None:
    """Let a suspended distributor back: what it says now counts as checked."""
    row = _to_decide(slug, seen, by)
    if row.standing is not Standing.SUSPENDED:
        raise NotNow
    row.verified_at = at
    _decide(row, Standing.VERIFIED, "lifted", by=by, at=at)


def _to_decide(slug: str, seen: int, by: Actor) -> Distributor:
    if not VERIFY_DISTRIBUTORS.held_by(by):
        raise Forbidden
    row = get_distributor(slug, by=by, hold=True)
    _same_as_seen(row, seen)
    return row


def _same_as_seen(row: Distributor, seen: int) -> None:
    """ChangedMeanwhile unless the distributor and the office have said nothing new since the page was made."""
    if row.version != seen:
        raise ChangedMeanwhile


def _decide(row: Distributor, to: Standing, verb: str, *, by: Actor, at: datetime, remark: str = "") -> None:
    move(row, to, verb=verb, by=by, at=at, remark=remark)
    row.version += 1
    mails.told(row, verb=verb, remark=remark, at=at)
