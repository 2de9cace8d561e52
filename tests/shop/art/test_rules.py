"""Drawings are well-formed, small, the same for ever, and exist for every product set."""

import gzip
import re
from xml.dom import minidom

import pytest

from marketplace.shop.art import rules, scenes

SEEDS = range(9)
EVERY = [(code, seed) for code in rules.SETS for seed in SEEDS]
KINDS = [f"{name}-{number}" for name in rules.KINDS for number in range(3)]


def assert_clean(drawn: str) -> None:
    """Well-formed, attributes only, nothing that asks the network or runs."""
    root = minidom.parseString(drawn).documentElement
    assert root is not None
    assert root.tagName == "svg"
    assert not re.search(r"style|script|<image|http(?!://www\.w3\.org/2000/svg)|nan|inf\b", drawn)


def gzipped(drawn: str) -> int:
    return len(gzip.compress(drawn.encode(), mtime=0))


def test_there_are_twenty_six_sets() -> None:
    assert len(rules.SETS) == 26
    assert {kind for kinds in rules.SETS.values() for kind in kinds} == set(rules.KINDS)


@pytest.mark.parametrize(("code", "seed"), EVERY)
def test_every_set_and_seed_is_a_clean_small_drawing(code: str, seed: int) -> None:
    drawn = rules.draw(code, seed)

    assert_clean(drawn)
    assert 900 < gzipped(drawn) < 2500


@pytest.mark.parametrize("seed", KINDS)
def test_a_seed_may_name_its_kind(seed: str) -> None:
    assert_clean(rules.draw("I.3.b", seed))


def test_the_named_kind_is_drawn_and_not_the_set_s_own() -> None:
    papers = rules.KINDS["ruou"].sheets
    for number in range(6):
        assert any(f'fill="{paper}"/>' in rules.draw("I.3.b", f"ruou-{number}") for paper in papers)


def test_the_same_question_has_the_same_answer() -> None:
    assert rules.draw("I.5.a", 4) == rules.draw("I.5.a", "4")
    assert rules.icon("I.5.a") == rules.icon("I.5.a")
    assert scenes.stall() == scenes.stall()


def test_seeds_and_sets_differ() -> None:
    assert len({rules.draw("I.5.a", seed) for seed in SEEDS}) == len(SEEDS)
    assert rules.draw("I.3.d", 0) != rules.draw("I.1.b", 0)


def test_a_seed_without_a_number_is_drawn_too() -> None:
    assert_clean(rules.draw("I.5.a", "che-shan-tuyet"))


@pytest.mark.parametrize("code", rules.SETS)
def test_every_set_has_a_sign_of_its_own(code: str) -> None:
    assert_clean(rules.icon(code))
    assert sum(rules.icon(other) == rules.icon(code) for other in rules.SETS) == 1


def test_the_large_pictures_are_clean() -> None:
    for drawn in (scenes.stall(), scenes.village()):
        assert_clean(drawn)
        assert gzipped(drawn) < 5000


@pytest.mark.parametrize("code", ["", "I.1", "VII.1", "../x"])
def test_an_unknown_set_is_refused(code: str) -> None:
    with pytest.raises(KeyError):
        rules.draw(code, 1)
    with pytest.raises(KeyError):
        rules.icon(code)
