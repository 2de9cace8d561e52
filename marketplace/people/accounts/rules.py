"""What an e-mail address, a phone number, a tax code and a password must be."""

import re
import unicodedata
from collections.abc import Collection

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from marketplace.people.accounts.common_passwords import is_common, variants
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.core.words import N_

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128


def read_email(typed: str) -> str:
    """The one stored form of an address: checked, ASCII (a domain of other letters as punycode), lower case.

    Raises Invalid on `email`. Mail servers without SMTPUTF8 take no other.
    """
    try:
        found = validate_email(nfc(typed), check_deliverability=False, test_environment=True, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Invalid({"email": N_("Nhập địa chỉ thư, ví dụ ten@example.com")}) from error
    return (found.ascii_email or found.normalized).lower()


def read_phone(typed: str) -> str:
    """A Vietnamese phone number in E.164, `+84912345678`; raises Invalid on `phone`."""
    try:
        number = phonenumbers.parse(typed, "VN")
    except phonenumbers.NumberParseException as error:
        raise Invalid({"phone": N_("Nhập số điện thoại đủ 10 chữ số")}) from error
    if not phonenumbers.is_valid_number(number) or number.country_code != 84:
        raise Invalid({"phone": N_("Nhập số điện thoại đủ 10 chữ số")})
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def show_phone(e164: str) -> str:
    """`0912 345 678`: a number as people here write it; one from abroad with its country."""
    number = phonenumbers.parse(e164, "VN")
    way = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 84
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return str(phonenumbers.format_number(number, way))


def tax_code_in(typed: str, digits: Collection[int] = (10, 12, 13)) -> str:
    """The one form of a Vietnamese tax code, nothing where it has not so many digits.

    Organisations have 10, their branches 13 (written 10-3); households and persons have, since 1/7/2025, the 12 of the
    citizen's identity.
    """
    bare = re.sub(r"[\s.-]", "", typed)
    if not (bare.isascii() and bare.isdigit()) or len(bare) not in digits:
        return ""
    return f"{bare[:10]}-{bare[10:]}" if len(bare) == 13 else bare


def password_bytes(password: str) -> bytes:
    """What is hashed: the password in NFC, so that a phone and a computer type the same Vietnamese one."""
    return unicodedata.normalize("NFC", password).encode()


def check_password(password: str, *, email: str, name: str) -> None:
    """Raise Invalid on `password` unless it will do: 8 to 128 characters of any kind, none that attackers try first.

    No rules of composition and no expiry (OWASP ASVS 5.0, 6.2). One's own name and address will not do either.
    """
    plain = unicodedata.normalize("NFC", password)
    if len(plain) < SHORTEST_PASSWORD:
        raise Invalid({"password": N_("Mật khẩu cần ít nhất 8 ký tự")})
    if len(plain) > LONGEST_PASSWORD:
        raise Invalid({"password": N_("Mật khẩu dài nhất 128 ký tự")})
    own = {fold(email), fold(name), fold(email.split("@")[0])}
    if own & variants(plain) or is_common(plain):
        raise Invalid({"password": N_("Mật khẩu này dễ đoán. Hãy chọn mật khẩu khác")})
