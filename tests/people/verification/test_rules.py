"""Tax codes, accounts, what lacks, what is compared: pure."""

from datetime import date

import pytest

from marketplace.people.papers.kinds import is_kind
from marketplace.people.producers.models import ProducerKind
from marketplace.people.verification.demands import all_demands, banks, demands_of, tax_rules
from marketplace.people.verification.models import TaxSubject
from marketplace.people.verification.rules import (
    Check,
    Said,
    Step,
    asked_checks,
    lacking,
    read_account,
    read_tax,
    same_holder,
    unanswered,
    withheld,
)
from marketplace.platform.core.errors import Invalid

NOTHING = Said(False, False, False, False, False, False, False)
ALL = Said(True, True, True, True, True, True, True)


@pytest.mark.parametrize(
    ("kind", "subject", "typed", "read"),
    [
        ("company", "organisation", "6200 012 345", "6200012345"),
        ("company", "organisation", "6200012345-001", "6200012345-001"),
        ("cooperative", "organisation", "6200012345001", "6200012345-001"),
        ("household", "household", "012 090 001 234", "012090001234"),
        ("group", "individual", "012090001234", "012090001234"),
        ("farm", "organisation", "6200012345", "6200012345"),
    ],
)
def test_a_tax_code_has_one_form(kind: str, subject: str, typed: str, read: str) -> None:
    assert read_tax(kind, subject, typed) == read


@pytest.mark.parametrize(
    ("kind", "subject", "typed", "field"),
    [
        ("company", "household", "6200012345", "tax_subject"),
        ("cooperative", "", "6200012345", "tax_subject"),
        ("company", "organisation", "012090001234", "tax_code"),
        ("household", "household", "6200012345", "tax_code"),
        ("household", "household", "01209000123x", "tax_code"),
        ("household", "household", "٠١٢٠٩٠٠٠١٢٣٤", "tax_code"),
    ],
)
def test_a_tax_code_that_does_not_fit_is_told(kind: str, subject: str, typed: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_tax(kind, subject, typed)
    assert set(refusal.value.fields) == {field}


def test_the_platform_withholds_for_households_and_individuals_since_july_2025() -> None:
    day = date(2025, 7, 1)
    assert [withheld(s, day) for s in ("organisation", "household", "individual", "")] == [False, True, True, True]
    assert withheld("household", date(2025, 6, 30)) is False


def test_an_account_is_read_as_banks_write_it() -> None:
    read = read_account("970405", "7900 2050-12345", "Hợp tác xã Miến dong Bình Lư")
    assert read == ("970405", "7900205012345", "HOP TAC XA MIEN DONG BINH LU")
    with pytest.raises(Invalid) as refusal:
        read_account("97040", "12", "?")
    assert set(refusal.value.fields) == {"bank_bin", "number", "holder"}


def test_the_holder_is_compared_by_its_letters() -> None:
    assert same_holder("HTX MIEN DONG", "HTX Miến dong", "") is True
    assert same_holder("NGUYEN VAN A", "HTX Miến dong", "Lò Thị Hoan") is False


def test_each_step_says_what_it_lacks() -> None:
    assert list(lacking(NOTHING)) == list(Step)
    assert lacking(ALL) == {}


def test_an_officer_compares_what_was_said() -> None:
    assert asked_checks(NOTHING) == (Check.NAME, Check.COMMUNE)
    assert asked_checks(ALL) == tuple(Check)


def test_any_paper_of_a_group_answers() -> None:
    food = [d for d in demands_of("cooperative") if d.code == "food"]
    assert unanswered(food, []) == food
    for kind in ("food_safety", "food_commitment", "other"):
        assert unanswered(food, [kind]) == []


def test_the_data_speaks_of_known_things() -> None:
    kinds = {kind.value for kind in ProducerKind}
    for demand in all_demands():
        assert set(demand.kinds) <= kinds
        assert all(is_kind(kind) for kind in demand.one_of)
        assert demand.source or not demand.needed, demand.code
    assert all(any(d.needed for d in demands_of(kind)) for kind in kinds)
    assert set(tax_rules()) == {subject.value for subject in TaxSubject}
    assert all(any(kind in rule.kinds for rule in tax_rules().values()) for kind in kinds)
    assert all(len(code) == 6 and code.isdigit() and code.startswith("9704") for code in banks())
