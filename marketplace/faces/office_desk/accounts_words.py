"""What buckets, rows and sides are called, and amounts of any currency."""

from marketplace.platform.core.money import Money
from marketplace.platform.core.words import N_
from marketplace.platform.web.templates import money
from marketplace.shop.reconciliation.rows import Bucket, Kind, Row, Side, Way

BUCKETS = {
    Bucket.MATCHED: N_("Khớp"),
    Bucket.ON_THE_WAY: N_("Đang trên đường"),
    Bucket.EXPLAINED: N_("Đã giải thích"),
    Bucket.AMOUNT_DIFFERS: N_("Lệch số tiền"),
    Bucket.FEE_DIFFERS: N_("Lệch phí"),
    Bucket.SUM_DIFFERS: N_("Khoản chi khác tổng các dòng"),
    Bucket.MISSING_HERE: N_("Ta chưa ghi"),
    Bucket.MISSING_THERE: N_("Bên kia không có"),
    Bucket.TWICE: N_("Ghi hai lần"),
    Bucket.OVERDUE: N_("Quá hạn chưa tới"),
    Bucket.UNKNOWN_BANK_ROW: N_("Tiền vào không rõ"),
}
MEANING = {
    Bucket.MATCHED: N_("Ta, bên giữ tiền và ngân hàng cùng nói một số. Không phải làm gì."),
    Bucket.ON_THE_WAY: N_("Chưa tới ngày bên kia phải có. Chờ."),
    Bucket.EXPLAINED: N_("Không khớp, nhưng có người đã xem và ghi vì sao. Số đổi thì lại hiện ra."),
    Bucket.AMOUNT_DIFFERS: N_("Hai bên cùng có, số tiền khác nhau. Xem bên nào ghi sai, rồi ghép tay hoặc giải thích."),
    Bucket.FEE_DIFFERS: N_("Phí đã ghi sổ khác phí trong sổ nơi nhận thẻ. Hỏi nơi nhận thẻ, rồi giải thích."),
    Bucket.SUM_DIFFERS: N_(
        "Tiền về ngân hàng không bằng tổng các dòng nó chở. Hỏi bên trả; bên vận chuyển bù thì ghi là đã giải quyết."
    ),
    Bucket.MISSING_HERE: N_("Nơi nhận thẻ hay ngân hàng có, sổ ta không. Tìm đơn, hoặc hoàn lại ở nơi nhận thẻ."),
    Bucket.MISSING_THERE: N_("Sổ ta có, bên kia không, dù đã quá ngày. Hỏi bên kia, nhập sao kê còn thiếu."),
    Bucket.TWICE: N_("Một khoản đứng hai lần. Hoàn lại khoản thừa."),
    Bucket.OVERDUE: N_("Trên đường quá 35 ngày. Đòi bên đang giữ."),
    Bucket.UNKNOWN_BANK_ROW: N_("Chưa biết của đơn nào. Gán cho đơn, ghép với khoản chi, hoặc trả lại người chuyển."),
}
KINDS = {
    Kind.CHARGE: N_("Thu thẻ"),
    Kind.REFUND: N_("Hoàn về thẻ"),
    Kind.REFUND_FAILED: N_("Hoàn bị trả về"),
    Kind.DISPUTE: N_("Khiếu nại thẻ"),
    Kind.DISPUTE_WON: N_("Khiếu nại thắng"),
    Kind.FEE: N_("Phí của nơi nhận thẻ"),
    Kind.PAYOUT: N_("Chi về ngân hàng"),
    Kind.PAYOUT_FAILED: N_("Chi bị trả về"),
    Kind.OTHER: N_("Dòng khác"),
    Kind.TRANSFER: N_("Chuyển khoản"),
    Kind.SENT_BACK: N_("Đã trả lại người chuyển"),
    Kind.CASH: N_("Tiền mặt thu hộ"),
}
REMITTED = N_("Bên vận chuyển nộp")
WAYS = {Way.CARD: N_("Thẻ"), Way.TRANSFER: N_("Chuyển khoản"), Way.CASH: N_("Tiền mặt")}
SIDES = {Side.HERE: N_("Sổ ta"), Side.PROVIDER: N_("Bên giữ tiền"), Side.BANK: N_("Ngân hàng")}
WHOLE = frozenset({"JPY", "KRW", "CLP", "XAF", "XOF", "XPF", "UGX", "RWF", "PYG", "GNF", "MGA"})  # without hundredths


def amount_words(amount: Money) -> str:
    """`320.000 ₫`, or `12.34 USD` in a currency that has hundredths."""
    if amount.currency == "VND":
        return money(amount)
    if amount.currency in WHOLE:
        return f"{amount.amount} {amount.currency}"
    sign, size = "-" if amount.amount < 0 else "", abs(amount.amount)
    return f"{sign}{size // 100}.{size % 100:02} {amount.currency}"


def kind_of(row: Row) -> str:
    """What a row is about; a carrier's payout is what it paid in."""
    return REMITTED if row.kind is Kind.PAYOUT and row.way is Way.CASH else KINDS[row.kind]


def link_of(row: Row) -> str:
    """The page that tells more of a row; none for what only a provider's own page shows."""
    if row.side is Side.BANK:
        return f"/office/payments/transfers/{row.about}"
    if row.way is Way.CASH and row.kind is Kind.PAYOUT:
        return "/office/payments/carriers"
    return f"/office/orders/{row.about}" if row.side is Side.HERE or row.way is Way.CASH else ""
