"""What a check says, a client's history, and how long a part may stay in a state. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from marketplace.platform.core.words import N_
from marketplace.shop.orders.models import PartState

SHOWN = 50  # faults of one check that are kept; how many there are is counted in full
LONGEST = {  # in a state, before somebody should have seen to it
    PartState.PLACED: timedelta(days=14),
    PartState.CONFIRMED: timedelta(days=14),
    PartState.PACKED: timedelta(days=14),
    PartState.SHIPPED: timedelta(days=45),
    PartState.UNDELIVERED: timedelta(days=60),
}
NAMES = {
    "I1": N_("Đơn đã báo đặt được thì có; đơn đã báo không đặt được thì không"),
    "I2": N_("Kho là tổng của mọi lần nhập, xuất, bán, trả"),
    "I3": N_("Sổ cái cân và không bị sửa"),
    "I4": N_("Mỗi đơn trả một lần, đủ, và số đã thu khớp với sổ"),
    "I5": N_("Mỗi phần đơn chia hết tới từng đồng"),
    "I6": N_("Mỗi việc được làm, và chỉ có tác dụng một lần"),
    "I7": N_("Phần tỉnh tặng khớp với sổ; không mã nào dùng quá số lượt, kể cả mỗi người"),
    "I8": N_("Không hoàn quá số đã thu, không nộp quá số phải nộp"),
    "I9": N_("Mã đơn không trùng, số thứ tự không hụt"),
    "I10": N_("Không đơn nào nằm quá lâu mà không ai lo"),
    "I11": N_("Nhật ký còn nguyên, mỗi việc của cán bộ có một dòng"),
}
WORDS = {
    "acknowledged_missing": N_("Đã báo đặt được nhưng không có đơn"),
    "refused_exists": N_("Đã báo không đặt được nhưng có đơn"),
    "stock_differs": N_("Số trong kho khác tổng các lần xuất nhập"),
    "batches_differ": N_("Số trong kho khác tổng các lô"),
    "sold_differs": N_("Số đã trừ kho khác số trong đơn"),
    "returned_differs": N_("Số đã trả về kho khác số của phần đơn không giao"),
    "entry_empty": N_("Bút toán không chuyển gì"),
    "chain_broken": N_("Chuỗi niêm phong sổ cái đứt: có bút toán bị sửa, thêm hoặc bớt"),
    "seal_lost": N_("Bút toán mất niêm phong"),
    "below_nothing": N_("Tài khoản xuống dưới không"),
    "amount_differs": N_("Số phải trả khác tổng đơn"),
    "captured_differs": N_("Số đã thu khác sổ cái"),
    "refunded_differs": N_("Số đã hoàn khác tổng các lần hoàn"),
    "paid_unsaid": N_("Đơn và khoản trả không cùng nói đã trả hay chưa"),
    "charged_twice": N_("Đã thu nhiều hơn đơn và chưa hoàn lại"),
    "paid_short": N_("Ghi là đã trả nhưng chưa đủ"),
    "totals_differ": N_("Tổng đơn khác tổng các phần hoặc các dòng"),
    "not_earned": N_("Đã giao nhưng chưa ghi sổ cho nơi bán"),
    "earned_unsent": N_("Ghi sổ cho nơi bán nhưng chưa giao"),
    "share_differs": N_("Chia phần khác với điều kiện đã chốt khi đặt"),
    "charge_differs": N_("Số văn phòng giữ của một khoản phí khác số đã trả"),
    "undone_differs": N_("Phần ghi giảm khác số đã hoàn cho người mua"),
    "job_failed": N_("Việc chạy nền đã bỏ cuộc"),
    "job_late": N_("Việc chạy nền quá giờ mà chưa làm"),
    "letter_late": N_("Thư quá một ngày chưa gửi"),
    "event_late": N_("Tin của bên thanh toán chưa xem"),
    "refund_without_job": N_("Khoản hoàn không có việc gửi đi"),
    "effect_missing": N_("Đã xong nhưng không có trong sổ cái"),
    "gift_differs": N_("Số tỉnh tặng trong sổ khác trong đơn"),
    "uses_differ": N_("Số lượt đã dùng của mã khác số trong đơn"),
    "uses_over": N_("Mã dùng quá số lượt"),
    "person_differs": N_("Số lượt của một người khác số trong đơn"),
    "person_over": N_("Một người dùng quá số lượt của mã"),
    "lowered_otherwise": N_("Số mã giảm khác số đã trừ trong đơn"),
    "refunds_over": N_("Hoàn nhiều hơn số đã thu"),
    "remitted_over": N_("Bên vận chuyển nộp quá số đã thu hộ"),
    "number_repeated": N_("Mã đơn trùng nhau"),
    "number_misshapen": N_("Mã đơn sai dạng"),
    "position_missing": N_("Số thứ tự bị hụt"),
    "part_forgotten": N_("Phần đơn nằm quá lâu ở một trạng thái"),
    "payment_forgotten": N_("Quá hạn trả mà đơn chưa đóng"),
    "refund_forgotten": N_("Khoản hoàn chờ quá bảy ngày"),
    "trail_broken": N_("Chuỗi niêm phong nhật ký đứt"),
    "trail_seal_lost": N_("Dòng nhật ký mất niêm phong"),
    "act_unrecorded": N_("Việc đã làm nhưng nhật ký không đúng một dòng"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: where, what (a word of WORDS), and the figures that differ."""

    where: str
    what: str
    figures: str = ""


@dataclass(frozen=True)
class Finding:
    """What one check found; `asked` is False where it had nothing to compare with."""

    code: str
    faults: tuple[Fault, ...] = ()
    asked: bool = True

    @property
    def name(self) -> str:
        return NAMES[self.code]


@dataclass(frozen=True)
class History:
    """What a client was told: numbers of orders placed, and numbers or checkout keys that were refused."""

    acknowledged: frozenset[str] = field(default_factory=frozenset)
    refused: frozenset[str] = field(default_factory=frozenset)


def read_history(lines: Iterable[str]) -> History:
    """Lines of `acknowledged NUMBER` and `refused NUMBER-OR-KEY`; of what nobody knows, nothing is asked."""
    told: dict[str, set[str]] = {"acknowledged": set(), "refused": set()}
    for line in lines:
        word, _, about = line.strip().partition(" ")
        if word in told and about:
            told[word].add(about.strip())
    return History(frozenset(told["acknowledged"]), frozenset(told["refused"]))


def differ(where: str, what: str, *figures: object) -> Fault:
    """A fault with the figures that should have been equal."""
    return Fault(where, what, " ≠ ".join(str(figure) for figure in figures))
