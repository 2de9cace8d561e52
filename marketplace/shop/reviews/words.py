"""What the room's pages and letters call things."""

from flask_babel import lazy_gettext as _l

from marketplace.shop.reviews.models import Ground, ReviewState
from marketplace.shop.reviews.queries import Pile

SCALE = (
    (5, _l("Rất ưng")),
    (4, _l("Ưng")),
    (3, _l("Tạm được")),
    (2, _l("Không ưng")),
    (1, _l("Rất không ưng")),
)
GROUNDS = {
    Ground.INSULT: _l("Xúc phạm người khác"),
    Ground.PERSONAL_DATA: _l("Lộ thông tin của người khác"),
    Ground.OFF_TOPIC: _l("Không nói về món hàng"),
    Ground.ADVERTISING: _l("Quảng cáo"),
    Ground.OTHER: _l("Lý do khác"),
}
STATES = {
    ReviewState.WAITING: ("warn", _l("chờ cán bộ xem"), "clock"),
    ReviewState.PUBLISHED: ("ok", _l("đang hiện"), "check"),
    ReviewState.REFUSED: ("bad", _l("không được đăng"), "ban"),
    ReviewState.WITHDRAWN: ("line", _l("đã rút"), "x"),
}
PILES = {
    Pile.WAITING: _l("Lời chờ xem"),
    Pile.REPORTED: _l("Bị báo"),
    Pile.PUBLISHED: _l("Đang hiện"),
    Pile.REFUSED: _l("Đã từ chối"),
}
SIGNS = {"link": _l("đường dẫn"), "phone": _l("số điện thoại"), "mail": _l("địa chỉ thư")}
