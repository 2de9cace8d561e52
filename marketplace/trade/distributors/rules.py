"""What a distributor says of itself: what must be said before the province checks it, and what it checks. Pure."""

import re
from dataclasses import dataclass
from functools import cache

import phonenumbers
from babel import Locale

from marketplace.people.accounts.rules import tax_code_in
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.words import N_
from marketplace.trade.distributors.models import DistributorKind, Standing

HOME = "VN"
NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
LONGEST_REMARK = 2000
MOST_FILES = 20
MOST_OUTLETS = 100_000
KIND_NAMES = {
    DistributorKind.SUPERMARKET: N_("Siêu thị, chuỗi cửa hàng"),
    DistributorKind.SHOP: N_("Cửa hàng đặc sản"),
    DistributorKind.WHOLESALER: N_("Bán buôn, đại lý"),
    DistributorKind.HOTEL: N_("Khách sạn, nhà hàng, du lịch"),
    DistributorKind.EXPORTER: N_("Xuất khẩu"),
    DistributorKind.ONLINE: N_("Bán hàng trên mạng"),
    DistributorKind.SHOWCASE: N_("Điểm giới thiệu và bán sản phẩm OCOP"),
    DistributorKind.OTHER: N_("Khác"),
}
FACT_NAMES = {
    "name": N_("Tên"),
    "registration_number": N_("Số đăng ký kinh doanh"),
    "tax_code": N_("Mã số thuế"),
    "country": N_("Nước"),
}
VERIFIED_FACTS = tuple(FACT_NAMES)  # what the province checks: another is checked anew
DECIDABLE = frozenset({Standing.OPEN, Standing.WAITING, Standing.RETURNED})


@cache
def countries() -> tuple[str, ...]:
    """The codes of ISO 3166-1, Vietnam first."""
    known = (
        str(code)
        for code in Locale("en").territories
        if re.fullmatch("[A-Z]{2}", str(code)) and code not in NO_COUNTRIES
    )
    return (HOME, *sorted(code for code in known if code != HOME))


def country_name(code: str, language: str) -> str:
    """The country in the reader's language; a code that is none of ours stands for itself."""
    return str(Locale(language).territories.get(code, code))


def read_tax_code(country: str, typed: str) -> str:
    """A tax code in its one form; a foreign one as it was typed. Raises Invalid on `tax_code`."""
    if country != HOME or not typed:
        return typed.strip()
    code = tax_code_in(typed)
    if not code:
        raise Invalid({"tax_code": N_("Mã số thuế có 10 chữ số (chi nhánh 13, hộ kinh doanh 12).")})
    return code


def read_phone(country: str, typed: str) -> str | None:
    """A phone number in E.164, as people of that country write it; raises Invalid on `phone`."""
    if not typed:
        return None
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException as error:
        raise Invalid({"phone": N_("Nhập đủ số điện thoại; số nước ngoài bắt đầu bằng dấu +.")}) from error
    if not phonenumbers.is_valid_number(number):
        raise Invalid({"phone": N_("Nhập đủ số điện thoại; số nước ngoài bắt đầu bằng dấu +.")})
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@dataclass(frozen=True)
class Said:
    """What a distributor has said so far, as far as its verification asks."""

    country: str
    address: str
    registration_number: str
    tax_code: str
    contact_name: str
    reachable: bool
    files: int


def lacking(said: Said) -> dict[str, str]:
    """What must still be said before the province checks it, by field."""
    missing = {}
    if not said.address:
        missing["address"] = N_("Ghi địa chỉ trụ sở hoặc nơi bán chính.")
    if not said.registration_number:
        missing["registration_number"] = N_("Ghi số đăng ký kinh doanh.")
    if said.country == HOME and not said.tax_code:
        missing["tax_code"] = N_("Ghi mã số thuế.")
    if not said.contact_name:
        missing["contact_name"] = N_("Ghi tên người phụ trách mua hàng.")
    if not said.reachable:
        missing["phone"] = N_("Ghi số điện thoại hoặc địa chỉ thư của người phụ trách.")
    if not said.files:
        missing["files"] = N_("Gửi ít nhất một giấy: giấy đăng ký kinh doanh.")
    return missing
