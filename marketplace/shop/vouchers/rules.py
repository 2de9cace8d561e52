"""Whether a voucher may be used here and now, and by whom. Pure."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import fold
from marketplace.platform.core.money import Money, total
from marketplace.platform.core.words import N_


def read_code(typed: str) -> str:
    """A code as it is stored: upper case, no diacritics, no spaces or hyphens. What is no code comes out as it may."""
    return "".join(re.findall(r"[A-Z0-9]", fold(typed).upper()))[:20]


def persons(*, phone: str, user_id: int | None) -> tuple[str, ...]:
    """Under which names a buyer counts: the telephone (E.164), and the account where signed in; digests, sorted."""
    known = [f"phone:{phone}"] if phone else []
    if user_id is not None:
        known.append(f"user:{user_id}")
    return tuple(sorted(sha256(name.encode()).hexdigest() for name in known))


class Terms(Protocol):
    """What a voucher asks before it may be used."""

    @property
    def code(self) -> str: ...
    @property
    def producer_id(self) -> int | None: ...
    @property
    def minimum_goods(self) -> Money: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def most_uses(self) -> int | None: ...
    @property
    def used(self) -> int: ...


class VoucherUnfit(Invalid):
    """A code cannot be used on these goods now; says exactly why."""

    code = "voucher"
    message = N_("Không dùng được mã này.")

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__({"code": why}, **facts)

    @property
    def why(self) -> str:
        """The sentence, with gaps that `facts` fill."""
        return self.fields["code"]


UNKNOWN = N_("Không có mã giảm giá này. Xem lại từng chữ.")


def unfit(
    voucher: Terms,
    goods: Mapping[int, Money],
    *,
    at: datetime,
    spent: Collection[str] = (),
    own: Collection[int] = (),
) -> VoucherUnfit | None:
    """Why a voucher cannot be used on these goods (by producer); None where it can.

    `spent` are the codes that this person has used as often as one may, `own` the producers for which they act.
    """
    if at < voucher.starts_at:
        return VoucherUnfit(N_("Mã này chưa tới ngày dùng."))
    if at >= voucher.ends_at:
        return VoucherUnfit(N_("Mã này đã hết hạn."))
    if voucher.most_uses is not None and voucher.used >= voucher.most_uses:
        return VoucherUnfit(N_("Mã này đã hết lượt dùng."))
    if voucher.code in spent:
        return VoucherUnfit(N_("Bạn đã dùng mã này đủ số lần cho mỗi người."))
    if voucher.producer_id is None and own:
        return VoucherUnfit(N_("Mã của tỉnh không dùng cho hàng của chính nơi bạn bán."))
    if voucher.producer_id is None:
        there = total(goods.values())
    elif voucher.producer_id not in goods:
        return VoucherUnfit(N_("Mã này của một nơi bán không có món nào trong giỏ."))
    else:
        there = goods[voucher.producer_id]
    if there < voucher.minimum_goods:
        missing = voucher.minimum_goods - there
        return VoucherUnfit(
            N_("Mã này dùng cho tiền hàng từ %(least)s ₫. Mua thêm %(more)s ₫ nữa."),
            least=grouped(voucher.minimum_goods),
            more=grouped(missing),
        )
    return None


def grouped(amount: Money) -> str:
    """`1.250.000`: an amount with its thousands parted."""
    return f"{amount.amount:,}".replace(",", ".")
