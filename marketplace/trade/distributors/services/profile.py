"""What a distributor says of itself."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from marketplace.people.accounts.models import Organisation
from marketplace.people.accounts.rules import read_email
from marketplace.people.places.models import Level
from marketplace.people.places.queries import find_unit
from marketplace.platform.audit.services import record
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Forbidden, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.words import N_
from marketplace.platform.media.services import drop_file
from marketplace.trade.distributors.models import Distributor, DistributorKind, Standing
from marketplace.trade.distributors.policies import KEEP_OWN_PROFILE
from marketplace.trade.distributors.queries import find_own, get_own, get_own_organisation, lacking_of, list_files
from marketplace.trade.distributors.rules import HOME, MOST_OUTLETS, VERIFIED_FACTS, countries, read_tax_code
from marketplace.trade.distributors.services.steps import move

SAME = "kind phone about country address website registration_number tax_code outlets contact_name contact_email"


class CheckedAnew(Invalid):
    """What the province has checked would change: it is checked anew, and demands are hidden until then."""

    code = "checked_anew"
    message = N_(
        "Tỉnh đã xác minh điều bạn đang đổi. Nếu đổi, tỉnh xem lại và nơi làm tạm không thấy nhu cầu của bạn "
        "cho đến khi xong. Đánh dấu ô đồng ý rồi lưu lại."
    )


class Incomplete(Invalid):
    """Something is still to be said; `fields` names what."""

    code = "distributor_incomplete"
    message = N_("Còn điều chưa khai nên chưa gửi được.")


@dataclass(frozen=True)
class DistributorFacts:
    """Who sells where. `phone` in E.164; `province_code` is where goods go, of Vietnam's provinces."""

    name: str
    kind: DistributorKind
    phone: str | None = None
    about: str = ""
    country: str = HOME
    province_code: str = ""
    address: str = ""
    website: str = ""
    registration_number: str = ""
    tax_code: str = ""
    outlets: int | None = None
    contact_name: str = ""
    contact_email: str = ""


def save_profile(*, facts: DistributorFacts, sure: bool = False, by: Actor, at: datetime) -> Distributor:
    """Keep what the actor's organisation says of itself, its name too.

    Where that changes something the province has verified, raises CheckedAnew unless `sure`; then it waits again.
    """
    if not KEEP_OWN_PROFILE.held_by(by):
        raise Forbidden
    organisation = get_own_organisation(by)
    said = _read(facts)
    province = find_unit(said.province_code, Level.PROVINCE) if said.province_code else None
    row = find_own(by, hold=True)
    changed = _changed(row, organisation, said) if row and row.standing is Standing.VERIFIED else []
    if changed and not sure:
        raise CheckedAnew({"sure": CheckedAnew.message})
    organisation.name = said.name
    if row is None:
        row = Distributor(organisation_id=organisation.id, standing=Standing.OPEN, version=0, remark="")
        db.session.add(row)
    for name in SAME.split():
        setattr(row, name, getattr(said, name))
    row.province_id = province.id if province else None
    row.version += 1
    row.updated_at = at
    db.session.flush()
    record(by=by, action="distributor.profile_saved", subject_type="organisation", subject=organisation.slug, at=at)
    if changed:
        move(get_own(by), Standing.WAITING, verb="changed", by=by, at=at, told=", ".join(changed))
    return row


def send_for_verification(*, by: Actor, at: datetime) -> None:
    """Ask the province to check the own distributor; raises Incomplete while something is still to be said."""
    if not KEEP_OWN_PROFILE.held_by(by):
        raise Forbidden
    row = get_own(by, hold=True)
    missing = lacking_of(row, len(list_files(row.id)))
    if missing:
        raise Incomplete(missing)
    move(row, Standing.WAITING, verb="sent", by=by, at=at)


def forget_profile(*, by: Actor, at: datetime) -> None:
    """Take away what the actor's organisation has said of itself: its demands and papers too.

    Of one that met or dealt with others a row stays, for theirs to speak of, and all that it said is struck out.
    """
    row = find_own(by, hold=True)
    if row is None:
        return
    for given in list_files(row.id):
        file = given.file
        db.session.delete(given)
        db.session.flush()
        drop_file(file, at=at)
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Distributor).where(Distributor.id == row.id))
    except IntegrityError:
        _strike_out(row, at)


def _strike_out(row: Distributor, at: datetime) -> None:
    row.phone = row.outlets = None
    row.about = row.address = row.website = row.registration_number = row.tax_code = ""
    row.contact_name = row.contact_email = ""
    row.standing, row.remark, row.updated_at = Standing.SUSPENDED, N_("Tài khoản đã xóa."), at
    db.session.flush()


def _changed(row: Distributor, organisation: Organisation, said: DistributorFacts) -> list[str]:
    """The names of what was verified and would be another."""
    before = {name: organisation.name if name == "name" else getattr(row, name) for name in VERIFIED_FACTS}
    return [name for name in VERIFIED_FACTS if before[name] != getattr(said, name)]


def _read(facts: DistributorFacts) -> DistributorFacts:
    """The facts in their stored form; raises Invalid on every field that will not do."""
    wrong: dict[str, str] = {}
    said = replace(
        facts,
        name=nfc(facts.name),
        about=facts.about.strip(),
        address=nfc(facts.address),
        website=nfc(facts.website),
        registration_number=nfc(facts.registration_number),
        contact_name=nfc(facts.contact_name),
    )
    if not said.name:
        wrong["name"] = N_("Nhập tên cơ sở hoặc công ty")
    if said.country not in countries():
        wrong["country"] = N_("Chọn nước trong danh sách.")
    if said.province_code and find_unit(said.province_code, Level.PROVINCE) is None:
        wrong["province_code"] = N_("Chọn tỉnh trong danh sách.")
    if said.website and not re.fullmatch(r"https?://[^\s/.]+\.[^\s]+", said.website):
        wrong["website"] = N_("Nhập địa chỉ trang như https://vi-du.vn")
    if said.outlets is not None and not 1 <= said.outlets <= MOST_OUTLETS:
        wrong["outlets"] = N_("Số điểm bán từ 1; để trống nếu chưa rõ.")
    try:
        said = replace(said, tax_code=read_tax_code(said.country, said.tax_code))
    except Invalid as invalid:
        wrong |= invalid.fields
    try:
        said = replace(said, contact_email=read_email(said.contact_email) if said.contact_email else "")
    except Invalid as invalid:
        wrong["contact_email"] = invalid.fields["email"]
    if wrong:
        raise Invalid(wrong)
    return said
