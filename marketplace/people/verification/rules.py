"""What a tax code and a bank account must be; which steps are done; what an officer has to have checked."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.people.accounts.rules import tax_code_in
from marketplace.people.verification.demands import Demand, tax_rules
from marketplace.people.verification.models import Field
from marketplace.platform.core.errors import Invalid
from marketplace.platform.core.folding import fold, nfc
from marketplace.platform.core.words import N_


class Step(StrEnum):
    IDENTITY = "identity"
    TAX = "tax"
    BANK = "bank"
    CONTACTS = "contacts"
    LEADERS = "leaders"
    PAPERS = "papers"


FIELDS: dict[Step, tuple[Field, ...]] = {
    Step.IDENTITY: (Field.NAME, Field.KIND, Field.COMMUNE, Field.REGISTRATION),
    Step.TAX: (Field.TAX_SUBJECT, Field.TAX_CODE),
}
LACKING = {
    Step.IDENTITY: N_("Ghi thôn, bản, số nhà nơi làm."),
    Step.TAX: N_("Chọn đối tượng thuế và ghi mã số thuế."),
    Step.BANK: N_("Ghi tài khoản nhận tiền."),
    Step.CONTACTS: N_("Ghi ít nhất một người liên hệ có số điện thoại."),
    Step.LEADERS: N_("Ghi số người làm, kể cả khi chỉ có một mình bạn."),
    Step.PAPERS: N_("Nộp đủ giấy cần có."),
}


class Check(StrEnum):
    """What an officer says to have compared with papers or on the spot."""

    NAME = "name"
    COMMUNE = "commune"
    REGISTRATION = "registration"
    TAX_CODE = "tax_code"
    BANK_HOLDER = "bank_holder"
    PAPERS = "papers"


@dataclass(frozen=True)
class Said:
    """What a producer has said so far, as far as steps and checks ask."""

    street: bool
    registration: bool
    tax: bool
    account: bool
    contacts: bool
    workers: bool
    papers: bool


def lacking(said: Said) -> dict[Step, str]:
    """The steps not done, each with what it lacks."""
    done = {
        Step.IDENTITY: said.street,
        Step.TAX: said.tax,
        Step.BANK: said.account,
        Step.CONTACTS: said.contacts,
        Step.LEADERS: said.workers,
        Step.PAPERS: said.papers,
    }
    return {step: LACKING[step] for step, ok in done.items() if not ok}


def asked_checks(said: Said) -> tuple[Check, ...]:
    """What an officer compares before approving: name and place always, the rest where it was said."""
    there = {
        Check.NAME: True,
        Check.COMMUNE: True,
        Check.REGISTRATION: said.registration,
        Check.TAX_CODE: said.tax,
        Check.BANK_HOLDER: said.account,
        Check.PAPERS: said.papers,
    }
    return tuple(check for check, asked in there.items() if asked)


def unanswered(demands: Sequence[Demand], given: Collection[str]) -> list[Demand]:
    """The needed papers for which none of the kinds that would do is given."""
    return [demand for demand in demands if demand.needed and not set(demand.one_of) & set(given)]


def read_tax(kind: str, subject: str, typed: str) -> str:
    """The tax code in its one form (`tax_code_in`), as this kind of seller has one; raises Invalid beside the field."""
    rule = tax_rules().get(subject)
    if rule is None or kind not in rule.kinds:
        raise Invalid({"tax_subject": N_("Chọn đối tượng thuế hợp với loại cơ sở.")})
    code = tax_code_in(typed, rule.digits)
    if not code:
        many = N_("Mã số thuế của tổ chức có 10 chữ số, của chi nhánh có 13.")
        one = N_("Mã số thuế của hộ và cá nhân là số căn cước, 12 chữ số.")
        raise Invalid({"tax_code": many if 10 in rule.digits else one})
    return code


def withheld(subject: str, on: date) -> bool:
    """Whether the platform withholds tax of this kind of seller on a day; of an unknown kind it does."""
    rule = tax_rules().get(subject)
    return rule is None or rule.withheld_on(on)


def read_account(bank_bin: str, number: str, holder: str) -> tuple[str, str, str]:
    """BIN, number and holder in their one form: figures without spaces, the name in capitals without marks.

    Raises Invalid beside what does not fit. Accounts have 6 to 19 figures or letters.
    """
    compact, name = re.sub(r"[\s.-]", "", number).upper(), re.sub(r"[^A-Z0-9 .,&-]", "", fold(nfc(holder)).upper())
    wrong = {}
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        wrong["bank_bin"] = N_("Mã ngân hàng (BIN) có 6 chữ số.")
    if not re.fullmatch(r"[A-Z0-9]{6,19}", compact):
        wrong["number"] = N_("Số tài khoản có 6 đến 19 chữ số.")
    if len(name.strip()) < 2:
        wrong["holder"] = N_("Ghi tên chủ tài khoản như trên ứng dụng ngân hàng.")
    if wrong:
        raise Invalid(wrong)
    return bank_bin, compact, nfc(name)


def same_holder(holder: str, *names: str) -> bool:
    """Whether the account's holder reads like one of these names: a hint to the officer, never a decision."""
    plain = {" ".join(re.findall(r"[a-z0-9]+", fold(name))) for name in names if name}
    return " ".join(re.findall(r"[a-z0-9]+", fold(holder))) in plain
