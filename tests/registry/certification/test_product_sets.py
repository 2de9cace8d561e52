"""The classification of Decision 148/2023."""

from collections import Counter

import pytest

from marketplace.registry.certification.product_sets import (
    UnknownProductSet,
    alcohol_sets,
    all_groups,
    all_sets,
    find_group,
    group_of,
    introduction_of,
    product_set,
)


def test_there_are_26_sets_in_six_groups() -> None:
    by_group = Counter(known.code.split(".")[0] for known in all_sets())
    assert by_group == {"I": 13, "II": 4, "III": 3, "IV": 2, "V": 3, "VI": 1}


def test_every_set_belongs_to_exactly_one_window_group() -> None:
    shown = [code for group in all_groups() for code in group.sets]
    assert sorted(shown) == sorted(known.code for known in all_sets())
    assert all(group.icon in group.sets for group in all_groups())


def test_tourism_has_no_cart_and_alcohol_is_for_adults() -> None:
    assert {known.code for known in all_sets() if not known.cart} == {"VI.1"}
    assert alcohol_sets() == {"II.1.a", "II.1.b"}


def test_finding() -> None:
    assert product_set("I.5.a").short == "Chè"
    assert group_of("I.5.b").slug == "che"
    assert find_group("che") == group_of("I.5.a")
    assert find_group("nope") is None
    with pytest.raises(UnknownProductSet):
        product_set("IX.1")


def test_every_set_and_group_is_introduced_in_two_sentences_of_each_language() -> None:
    for slug in [*(known.code for known in all_sets()), *(group.slug for group in all_groups())]:
        for text in introduction_of(slug):
            assert text.endswith("."), slug
            assert len([part for part in text.split(". ") if part]) == 2, text
