"""What a page says, compared: word by word, and what of it waits."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.shop.catalog.statements import CLAIMS, differing, overtaken, split, word_by_word

WORDS = st.lists(st.sampled_from(["miến", "dong", "dai", "trong", "\n"]), max_size=12).map(" ".join)


def test_two_texts_side_by_side() -> None:
    left, right = word_by_word("Miến dong dai", "Miến dong rất dai")
    assert [(p.kind, p.text) for p in left] == [("same", "Miến dong"), ("same", " dai")]
    assert [(p.kind, p.text) for p in right] == [("same", "Miến dong"), ("new", " rất"), ("same", " dai")]
    assert word_by_word("", "") == ([], [])


@given(WORDS, WORDS)
def test_the_pieces_are_the_texts(before: str, after: str) -> None:
    left, right = word_by_word(before, after)
    assert ("".join(p.text for p in left), "".join(p.text for p in right)) == (before, after)
    assert "".join(p.text for p in left if p.kind == "same") == "".join(p.text for p in right if p.kind == "same")
    assert {p.kind for p in left} <= {"same", "gone"}
    assert {p.kind for p in right} <= {"same", "new"}


@given(st.dictionaries(st.sampled_from(["name", "storage", "usage", "season"]), st.sampled_from(["", "a", "b"])))
def test_what_differs_is_either_applied_or_waits(typed: dict[str, str]) -> None:
    now = {"name": "a", "storage": "a", "usage": "", "season": "a"}
    at_once, waiting = split(now, now | typed)
    assert sorted([*at_once, *waiting]) == differing(now, now | typed)
    assert (set(at_once) & CLAIMS, set(waiting) <= CLAIMS) == (set(), True)


def test_only_the_same_place_is_overtaken() -> None:
    wanted, base = {"name": "mới", "usage": "x"}, {"name": "cũ", "usage": "y"}
    assert overtaken(wanted, base, {"name": "cũ", "usage": "y", "summary": "khác"}) == []
    assert overtaken(wanted, base, {"name": "của tỉnh", "usage": "y"}) == ["name"]
    assert overtaken(wanted, base, {"name": "mới", "usage": "y"}) == []
