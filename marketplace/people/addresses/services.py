"""Keeping the address book."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from marketplace.people.accounts.models import User
from marketplace.people.addresses.models import SavedAddress
from marketplace.people.addresses.queries import count_addresses, get_address, list_addresses
from marketplace.people.places.queries import find_commune
from marketplace.platform.core.access import Actor
from marketplace.platform.core.db import db
from marketplace.platform.core.errors import Conflict, Invalid
from marketplace.platform.core.folding import nfc
from marketplace.platform.core.ids import random_code
from marketplace.platform.core.words import N_

MOST_ADDRESSES = 20


class AddressBookFull(Conflict):
    """A book holds at most twenty addresses."""

    code = "address_book_full"
    message = N_("Sổ đã đủ 20 địa chỉ. Hãy xóa bớt một địa chỉ cũ.")


@dataclass(frozen=True)
class AddressFacts:
    """Who receives goods, and where: phone in E.164, commune by today's code."""

    recipient: str
    phone: str
    province_code: str
    commune_code: str
    street: str
    label: str = ""


def add_address(*, facts: AddressFacts, default: bool, by: Actor, at: datetime) -> SavedAddress:
    """Keep one more address; the first is the default in any case. The very same place again is the one kept."""
    commune_id = _commune_id(facts)
    db.session.execute(select(User.id).where(User.id == by.user_id).with_for_update())  # one change at a time
    same = [each for each in list_addresses(by=by) if _same(each, facts, commune_id)]
    if same:
        return same[0]
    if count_addresses(by=by) >= MOST_ADDRESSES:
        raise AddressBookFull
    address = SavedAddress(
        code=random_code(10), user_id=by.user_id or 0, commune_id=commune_id, is_default=False, created_at=at
    )
    _write(address, facts)
    first = count_addresses(by=by) == 0
    db.session.add(address)
    db.session.flush()
    if default or first:
        make_default(code=address.code, by=by)
    return address


def change_address(*, code: str, facts: AddressFacts, default: bool, by: Actor) -> None:
    """Change one of the acting person's addresses."""
    address = get_address(code, by=by)
    address.commune_id = _commune_id(facts)
    _write(address, facts)
    db.session.flush()
    if default:
        make_default(code=code, by=by)


def delete_address(*, code: str, by: Actor) -> None:
    """Take an address out of the book; where it was the default, the oldest of the others becomes it."""
    address = get_address(code, by=by)
    was_default = address.is_default
    db.session.delete(address)
    db.session.flush()
    others = sorted(list_addresses(by=by), key=lambda each: each.id)
    if was_default and others:
        make_default(code=others[0].code, by=by)


def make_default(*, code: str, by: Actor) -> None:
    """Have goods sent here unless another address is chosen."""
    address = get_address(code, by=by)
    db.session.execute(update(SavedAddress).where(SavedAddress.user_id == by.user_id).values(is_default=False))
    db.session.execute(update(SavedAddress).where(SavedAddress.id == address.id).values(is_default=True))


def forget_addresses(*, by: Actor) -> None:
    """Empty the acting person's book."""
    db.session.execute(delete(SavedAddress).where(SavedAddress.user_id == by.user_id))


def _commune_id(facts: AddressFacts) -> int:
    commune = find_commune(facts.commune_code)
    if commune is None or commune.parent is None or commune.parent.code != facts.province_code:
        raise Invalid({"commune_code": N_("Chọn xã hoặc phường")})
    return commune.id


def _same(address: SavedAddress, facts: AddressFacts, commune_id: int) -> bool:
    typed = (nfc(facts.recipient), facts.phone, commune_id, nfc(facts.street))
    return (address.recipient, address.phone, address.commune_id, address.street) == typed


def _write(address: SavedAddress, facts: AddressFacts) -> None:
    address.label, address.recipient = nfc(facts.label), nfc(facts.recipient)
    address.phone, address.street = facts.phone, nfc(facts.street)
