"""Lists at which people are let in, and the devices of those who stand there."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.clock import midnight
from marketplace.platform.core.db import db, insert_into, rows_changed
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import new_token, random_code, token_hash
from marketplace.platform.core.words import N_
from marketplace.trade.fairs.policies import RUN_FAIRS
from marketplace.trade.fairs.queries import get_edition
from marketplace.trade.visitors.gates import get_list, list_devices, list_lists
from marketplace.trade.visitors.models import CheckinDevice, CheckinList, ListKind

GATE = N_("Cổng")
MOST_LISTS = 60
FAR = 366  # days from the fair's first one: a year was mistyped


def ensure_gate(edition_id: int) -> None:
    """The list that every edition has: its gate, once a day for each ticket."""
    first = insert_into(CheckinList).values(
        code=f"CO{random_code(8)}", edition_id=edition_id, name=GATE, kind=ListKind.GATE, daily=True
    )
    db.session.execute(first.on_conflict_do_nothing(index_elements=["edition_id", "name"]))


def make_list(
    *,
    code: str,
    name: str,
    kind: ListKind,
    daily: bool,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> CheckinList:
    """One more place where people are let in; raises Invalid by field."""
    _may(by)
    edition = get_edition(code, hold=True)
    wrong = {}
    if not nfc(name) or len(list_lists(edition.id)) >= MOST_LISTS:
        wrong["name"] = N_("Đặt tên; một hội chợ có nhiều nhất 60 cửa.")
    for field, instant in (("starts_at", starts_at), ("ends_at", ends_at)):
        if instant is not None and abs((instant - midnight(edition.first_day)).days) > FAR:
            wrong[field] = N_("Chọn một lúc gần các ngày của hội chợ.")
    if starts_at and ends_at and ends_at <= starts_at:
        wrong["ends_at"] = N_("Giờ kết thúc phải sau giờ bắt đầu.")
    if wrong:
        raise Invalid(wrong)
    row = CheckinList(code=f"CO{random_code(8)}", edition_id=edition.id, name=nfc(name)[:80], kind=kind, daily=daily)
    row.starts_at, row.ends_at = starts_at, ends_at
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Invalid({"name": N_("Đã có cửa tên này.")}) from error
    record(by=by, action="fair.door", subject_type="fair", subject=code, at=at, detail={"list": row.code})
    return row


def make_device(*, code: str, at_list: str, name: str, by: Actor, at: datetime) -> tuple[CheckinDevice, str]:
    """A device for a list, and the secret of its link, which nothing keeps: only its hash stays."""
    _may(by)
    edition = get_edition(code)
    row = get_list(edition.id, at_list)
    if not nfc(name):
        raise Invalid({"device": N_("Đặt tên máy, ví dụ Cổng 1, chị Hoa.")})
    token = new_token()
    device = CheckinDevice(code=f"MA{random_code(8)}", list_id=row.id, name=nfc(name)[:80], token=token_hash(token))
    device.made_at, device.made_by = at, by.name
    db.session.add(device)
    db.session.flush()
    record(by=by, action="fair.device", subject_type="fair", subject=code, at=at, detail={"device": device.code})
    return device, token


def revoke_device(*, code: str, device: str, by: Actor, at: datetime) -> None:
    """Its link opens nothing any more."""
    _may(by)
    known = {row.code: row.id for row in list_devices(get_edition(code).id)}
    revoking = update(CheckinDevice).where(CheckinDevice.id == known.get(device), CheckinDevice.revoked_at.is_(None))
    if rows_changed(revoking.values(revoked_at=at)) != 1:
        raise NotFound
    record(by=by, action="fair.device_revoked", subject_type="fair", subject=code, at=at, detail={"device": device})


def _may(by: Actor) -> None:
    if not RUN_FAIRS.held_by(by):
        raise Forbidden
