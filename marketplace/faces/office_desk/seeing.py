"""What kinds of pages with personal data there are, in words."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "orders": _l("Danh sách đơn hàng"),
    "order": _l("Đơn hàng của người mua"),
    "transfers": _l("Hàng đợi tiền vào"),
    "transfer": _l("Khoản chuyển tới"),
    "visitors": _l("Khách đăng ký hội chợ"),
    "bank": _l("Tài khoản ngân hàng của nơi làm"),
    "producer": _l("Người liên hệ của nơi làm"),
    "users": _l("Danh sách tài khoản"),
    "user": _l("Tài khoản người dùng"),
}
