"""What a distributor types of a demand. Numbers are typed as people write them and read by `terms`."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import Length, Optional

from marketplace.faces.distributor_desk.forms import offered_provinces
from marketplace.faces.storefront.trade_forms import FiguresForm, offered_storages, offered_units, shown
from marketplace.faces.storefront.trade_words import paper_title, set_name
from marketplace.people.places.queries import list_communes, list_former_districts
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.money import Money
from marketplace.platform.web.forms import LineField, TextField
from marketplace.platform.web.language import language
from marketplace.registry.certification.product_sets import all_sets
from marketplace.shop.catalog.rules import MONTHS, Packaging, Unit, packaging_names, season_of
from marketplace.trade.demands.models import Criterion
from marketplace.trade.demands.rules import wanted_papers
from marketplace.trade.demands.services import DemandTerms

WHOLES = (
    *("volume_from", "volume_until", "order_size", "transit_days"),
    *("shelf_life_days", "shelf_life_left", "discount", "payment_days"),
)
MONIES = ("price_ceiling", "listing_fee")
TICKS = ["invoice", "barcode", "traceability", "consignment", "exclusive"]
LISTS = ["sets", "papers", "packagings", "places", "storages"]
HARD, SOFT = "hard", "soft"


def _sets() -> list[SelectChoice]:
    return [SelectChoice(known.code, set_name(known.code)) for known in all_sets() if not known.service]


def _papers() -> list[SelectChoice]:
    return [SelectChoice(paper.code, paper_title(paper.code)) for paper in wanted_papers()]


def _units() -> list[SelectChoice]:
    return [SelectChoice("", "–"), *offered_units()]


def _packagings() -> list[SelectChoice]:
    at = 1 if language() == "en" else 0
    return [SelectChoice(packaging.value, packaging_names(packaging)[at]) for packaging in Packaging]


def _months() -> list[SelectChoice]:
    return [SelectChoice(str(month), _("Tháng %(n)d", n=month)) for month in MONTHS]


class DemandForm(FiguresForm):
    """Everything a demand may say; `hard_<criterion>` says which of it excludes."""

    title = LineField(
        _l("Tên nhu cầu"),
        description=_l("Ví dụ “Miến dong cho 12 siêu thị”. Nơi làm đọc tên này trước."),
        validators=[Length(max=200)],
    )
    sets = SelectMultipleField(_l("Bộ sản phẩm"), choices=_sets, description=_l("Chọn một hay nhiều bộ."))
    note = TextField(
        _l("Nói thêm với nơi làm"),
        description=_l("Món cụ thể, quy cách, mẫu mã bạn muốn."),
        validators=[Length(max=2000)],
    )
    least_stars = SelectField(
        _l("Ít nhất mấy sao"),
        choices=[SelectChoice(n, _l("từ %(n)d sao", n=n)) for n in (3, 4, 5)],
        coerce=int,
        default=3,
    )
    papers = SelectMultipleField(
        _l("Giấy cần có"), choices=_papers, description=_l("Nơi làm được chỉ chỗ xin giấy còn thiếu.")
    )
    invoice = BooleanField(_l("Xuất được hóa đơn điện tử"))
    barcode = BooleanField(_l("Có mã vạch GS1 trên bao bì"))
    traceability = BooleanField(_l("Có tem hoặc mã truy xuất đến lô"))
    unit = SelectField(
        _l("Đơn vị"),
        choices=_units,
        description=_l("Lượng, giá và mỗi lần đặt tính theo đơn vị này. “Cái” là một gói, hộp, chai."),
    )
    volume_from = LineField(_l("Lượng mỗi tháng, từ"), validators=[Length(max=15)])
    volume_until = LineField(_l("đến"), description=_l("Để trống nếu bao nhiêu cũng lấy."), validators=[Length(max=15)])
    price_ceiling = LineField(
        _l("Giá mua cao nhất, đồng"), description=_l("Cho một đơn vị ở trên, đã gồm thuế."), validators=[Length(max=20)]
    )
    order_size = LineField(
        _l("Mỗi lần đặt khoảng"), description=_l("So với đơn ít nhất mà nơi làm nhận."), validators=[Length(max=15)]
    )
    packagings = SelectMultipleField(
        _l("Đóng gói"), choices=_packagings, description=_l("Kiểu nào trong những kiểu này cũng được.")
    )
    places = SelectMultipleField(
        _l("Lấy hàng từ"), description=_l("Huyện cũ hoặc xã, phường. Không chọn là ở đâu trong tỉnh cũng được.")
    )
    season = SelectMultipleField(
        _l("Các tháng cần hàng"), choices=_months, description=_l("Không đánh dấu tháng nào nghĩa là quanh năm.")
    )
    wanted_from = DateField(_l("Cần từ ngày"), validators=[Optional()])
    wanted_until = DateField(
        _l("đến ngày"),
        description=_l("Để trống nếu cần lâu dài. Qua ngày này nơi làm không thấy nữa."),
        validators=[Optional()],
    )
    delivery_province_code = SelectField(
        _l("Giao đến tỉnh"),
        description=_l("Kho hoặc cảng nhận hàng."),
        choices=offered_provinces,
        validators=[Optional()],
    )
    storages = SelectMultipleField(
        _l("Bạn giữ hàng được ở"),
        choices=offered_storages,
        description=_l("Nơi làm có hàng phải giữ kiểu khác thì không hợp."),
    )
    transit_days = LineField(
        _l("Hàng đi đường đến bạn mấy ngày"), description=_l("Từ nơi làm đến kho."), validators=[Length(max=4)]
    )
    shelf_life_days = LineField(_l("Hạn dùng ít nhất, ngày"), validators=[Length(max=5)])
    shelf_life_left = LineField(
        _l("Khi nhận còn ít nhất, phần trăm hạn dùng"),
        description=_l("Siêu thị thường đòi hai phần ba, tức 66."),
        validators=[Length(max=4)],
    )
    discount = LineField(_l("Chiết khấu bạn đòi, phần trăm giá lẻ"), validators=[Length(max=3)])
    payment_days = LineField(
        _l("Bạn trả tiền sau mấy ngày"), description=_l("0 là trả ngay khi nhận hàng."), validators=[Length(max=4)]
    )
    listing_fee = LineField(
        _l("Phí mở mã hàng, đồng"), description=_l("0 là không thu. Để trống là chưa nói."), validators=[Length(max=20)]
    )
    consignment = BooleanField(_l("Ký gửi: bán được mới trả tiền"))
    exclusive = BooleanField(_l("Muốn độc quyền trong vùng bán của bạn"))

    def offer_places(self, province_code: str) -> None:
        """Let the distributor choose among the province's former districts, then its communes."""
        districts = [
            SelectChoice(f"{unit.system}:{unit.code}", _("%(name)s (cũ)", name=unit.name))
            for unit in list_former_districts()
        ]
        communes = [SelectChoice(f"{unit.system}:{unit.code}", unit.name) for unit in list_communes(province_code)]
        self.places.choices = [*districts, *communes]

    def terms(self) -> DemandTerms:
        """What was typed; raises Invalid with every field that is no number."""
        wrong: dict[str, str] = {}
        read: dict[str, Any] = {name: self.whole(name, wrong) for name in (*WHOLES, *MONIES)}
        if wrong:
            raise Invalid(wrong)
        read |= {name: bool(self[name].data) for name in TICKS}
        read |= {name: tuple(self[name].data or ()) for name in LISTS}
        fee, ceiling = read.pop("listing_fee"), read.pop("price_ceiling")
        return DemandTerms(
            title=self.title.data,
            note=self.note.data or "",
            least_stars=self.least_stars.data,
            unit=Unit(self.unit.data) if self.unit.data else None,
            season=season_of(int(month) for month in self.season.data or []),
            wanted_from=self.wanted_from.data,
            wanted_until=self.wanted_until.data,
            delivery_province_code=self.delivery_province_code.data or "",
            listing_fee=None if fee is None else Money(fee),
            price_ceiling=None if ceiling is None else Money(ceiling),
            insisted=frozenset(each.value for each in Criterion if self[f"hard_{each.value}"].data == HARD),
            **read,
        )


for _criterion in Criterion:  # a switch beside each criterion: it excludes, or it only weighs
    setattr(
        DemandForm,
        f"hard_{_criterion.value}",
        RadioField(
            choices=[SelectChoice(HARD, _l("bắt buộc")), SelectChoice(SOFT, _l("ưu tiên"))],
            default=SOFT,
            validators=[Optional()],
        ),
    )


def typed_from(said: dict[str, Any]) -> dict[str, Any]:
    """A demand's fields, by their names, as the form shows them."""
    typed = {**said, **{name: shown(said.get(name)) for name in (*WHOLES, *MONIES)}}
    insisted = said.get("insisted", ())
    return typed | {f"hard_{each.value}": HARD if each.value in insisted else SOFT for each in Criterion}
