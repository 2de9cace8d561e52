"""The rule sets as they are in the folder, what a score comes to under each, and one more file dropped beside them."""

import itertools
import json
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.platform.core.errors import NotFound
from marketplace.registry.certification.classifications import sets_of
from marketplace.registry.rulesets.queries import (
    DATA,
    RuleSetUnsound,
    all_rulesets,
    find_ruleset,
    load_rulesets,
    ruleset,
    ruleset_on,
)
from marketplace.registry.rulesets.rules import AuthorityLevel, Outcome, RuleSet

CODES = ["1048", "781", "148", "1489"]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2018-05-07", "1048"),
        ("2019-08-20", "1048"),
        ("2019-08-21", "1048"),
        ("2020-06-07", "1048"),
        ("2020-06-08", "781"),
        ("2023-02-23", "781"),
        ("2023-02-24", "148"),
        ("2025-07-05", "148"),
        ("2025-07-06", "1489"),
        ("2026-11-25", "1489"),
    ],
)
def test_which_is_in_force_when(day: str, code: str) -> None:
    assert ruleset_on(date.fromisoformat(day)).code == code


def test_they_follow_each_other_without_a_gap() -> None:
    every = all_rulesets()
    assert [each.code for each in every] == CODES
    for before, after in itertools.pairwise(every):
        assert before.valid_until == after.valid_from - timedelta(days=1)
    assert every[-1].valid_until is None


def test_by_code() -> None:
    assert ruleset("148").decision == "QĐ 148/QĐ-TTg"
    assert find_ruleset("9999") is None
    with pytest.raises(NotFound):
        ruleset("9999")


@pytest.mark.parametrize(
    ("code", "parts"),
    [("1048", (35, 25, 40)), ("781", (35, 25, 40)), ("148", (40, 25, 35)), ("1489", (40, 25, 35))],
)
def test_parts(code: str, parts: tuple[int, ...]) -> None:
    assert tuple(int(part.most) for part in ruleset(code).parts) == parts
    assert [part.code for part in ruleset(code).parts] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("score", "stars"),
    [
        ("0", 1),
        ("29.99", 1),
        ("30", 2),
        ("49.99", 2),
        ("50", 3),
        ("69.99", 3),
        ("70", 4),
        ("89.99", 4),
        ("90", 5),
        ("100", 5),
    ],
)
@pytest.mark.parametrize("code", CODES)
def test_bands_are_half_open(code: str, score: str, stars: int) -> None:
    assert ruleset(code).stars_of(Decimal(score)) == stars


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_no_score_outside_100_points(score: str) -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        ruleset("148").stars_of(Decimal(score))


SENSES = [("6.1", 2), ("6.2", 8), ("6.3", 3), ("6.4", 3), ("6.5", 2)]


@pytest.mark.parametrize("code", ["1048", "781"])
def test_the_one_known_sheet(code: str) -> None:
    sheet = ruleset(code).sheet_for("1048-01")
    assert sheet is not None
    brought = {part: sum(c.most for c in sheet.criteria if c.part == part) for part in "ABC"}
    assert brought == {"A": 35, "B": 25, "C": 40}
    lines = {c.code: c for c in sheet.criteria}
    assert [(c, int(lines[c].most)) for c, _ in SENSES] == SENSES
    assert [int(step.points) for step in lines["4.1"].steps] == [1, 2, 3, 5]
    assert [int(step.points) for step in lines["2.2"].steps] == [1, 2, 3]
    assert [int(step.points) for step in lines["9"].steps] == [1, 2, 3, 4, 5]
    assert (lines["1.1"].group, lines["1.1"].group_en) == ("Tổ chức sản xuất", "Production organisation")
    assert lines["3.4"].hint == "Doanh thu tăng từ 10%."


def test_no_other_sheet_is_known() -> None:
    assert ruleset("1048").sheet_for("1048-02") is None
    assert [ruleset(code).sheets for code in ("148", "1489")] == [(), ()]


@pytest.mark.parametrize("code", CODES)
def test_every_set_that_a_rule_set_names_is_of_its_classification(code: str) -> None:
    rules = ruleset(code)
    named = {s for sheet in rules.sheets for s in sheet.sets} | {s for m in rules.minimum for s in m.sets}
    assert named <= {known.code for known in sets_of(rules.classification)}


def test_the_grantor_of_each_star() -> None:
    found = {code: [ruleset(code).grantor(stars).value for stars in (3, 4, 5)] for code in CODES}
    assert found == {
        "1048": ["province", "province", "ministry"],
        "781": ["province", "province", "ministry"],
        "148": ["district", "province", "ministry"],
        "1489": ["province", "province", "ministry"],
    }
    assert not ruleset("1489").may_grant(AuthorityLevel.DISTRICT, 3)


OF_A_SERVICE = ("2-declaration", "2-other", "3-standard", "3-other", "4-unique", "4-other", "5-other")
FOOD = {"2-declaration", "2-other", "3-standard", "3-control_plan", "3-other", "4-unique", "4-other", "5-other"}


@pytest.mark.parametrize(
    ("code", "score", "met", "set_code", "outcome"),
    [
        ("1048", "92", set(), "1048-01", Outcome(5, 5, 4, True, ())),
        ("1048", "69.99", set(), "1048-01", Outcome(3, 5, 3, False, ())),
        ("781", "92", FOOD, "1048-01", Outcome(5, 5, 4, True, ())),
        ("781", "92", FOOD - {"5-other"}, "1048-01", Outcome(5, 4, 4, False, ("5-other",))),
        ("781", "75", FOOD - {"5-other"}, "1048-01", Outcome(4, 4, 4, False, ())),
        # four stars need what three need: one missing there leaves two, however many points
        ("781", "75", FOOD - {"3-control_plan"}, "1048-01", Outcome(4, 2, 2, False, ("3-control_plan",))),
        ("781", "75", FOOD - {"3-control_plan"}, "1048-24", Outcome(4, 2, 2, False, ("3-craft",))),
        ("781", "95", set(), "1048-26", Outcome(5, 1, 1, False, OF_A_SERVICE)),
        ("148", "71", {"3-mandatory"}, "I.1.a", Outcome(4, 3, 3, False, ("4-mandatory",))),
        ("1489", "90", {"3-mandatory", "4-mandatory"}, "VI.1", Outcome(5, 4, 4, False, ("5-mandatory",))),
        ("1489", "90", {"3-mandatory", "4-mandatory", "5-mandatory"}, "VI.1", Outcome(5, 5, 4, True, ())),
        ("1489", "49", set(), "I.1.a", Outcome(2, 2, 2, False, ())),
        ("1489", "60", set(), "I.1.a", Outcome(3, 2, 2, False, ("3-mandatory",))),
    ],
)  # fmt: skip
def test_what_a_score_comes_to(code: str, score: str, met: set[str], set_code: str, outcome: Outcome) -> None:
    assert ruleset(code).stars_by(Decimal(score), met, set_code) == outcome


ANY_RULES = st.sampled_from(CODES).map(ruleset)
SCORES = st.decimals(0, 100, places=2)


@given(rules=ANY_RULES, score=SCORES, data=st.data())
def test_meeting_more_or_scoring_more_never_lowers(rules: RuleSet, score: Decimal, data: st.DataObject) -> None:
    set_code = data.draw(st.sampled_from([known.code for known in sets_of(rules.classification)]))
    criteria = [each.code for each in rules.minimum]
    met = data.draw(st.sets(st.sampled_from(criteria)) if criteria else st.just(set()))
    more = met | data.draw(st.sets(st.sampled_from(criteria)) if criteria else st.just(set()))
    higher = data.draw(st.decimals(score, 100, places=2))
    found, met_more, scored_more = (
        rules.stars_by(score, met, set_code),
        rules.stars_by(score, more, set_code),
        rules.stars_by(higher, met, set_code),
    )
    assert 1 <= found.stars <= min(met_more.stars, scored_more.stars) <= 4
    assert found.stars <= min(found.by_band, found.by_minimum)
    assert not found.potential_five or (found.stars == 4 and score >= 90)
    assert (min(found.by_band, found.by_minimum) == found.by_band) == (found.failing == ())


def test_the_procedure_of_each() -> None:
    old, new = ruleset("148").procedure, ruleset("1489").procedure
    assert (old.first_level, [level.value for level in old.council_levels]) == ("district", ["district", "province"])
    assert (new.first_level, [level.value for level in new.council_levels]) == ("commune", ["province"])
    assert [topic.code for topic in new.pre_assessment] == [
        "local_material", "local_labour", "origin_of_idea", "local_identity",
    ]  # fmt: skip
    assert old.pre_assessment == ()


FIVE = ["registration_form", "business_plan", "organisation_chart", "business_registration", "samples"]
THIRTEEN = [
    "food_safety", "quality_declaration", "product_standard", "test_report", "barcode_trace_ip", "material_origin",
    "quality_system", "environment", "accounting", "market_development", "product_story", "quality_control_plan",
    "award",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_the_pieces_of_a_dossier(code: str) -> None:
    procedure = ruleset(code).procedure
    mandatory = [each.code for each in procedure.mandatory]
    assert [each for each in mandatory if each != "self_assessment"] == FIVE
    assert ("self_assessment" in mandatory) is (code in ("148", "1489"))
    assert [each.code for each in procedure.supplementary] == THIRTEEN
    samples = next(each for each in procedure.mandatory if each.samples)
    assert (samples.code, samples.samples, samples.not_for_services, samples.paper_kinds) == ("samples", 5, True, ())
    for each in procedure.requirements:
        assert each is samples or each.paper_kinds == (each.code,)


def copied(folder: Path) -> Path:
    for file in DATA.glob("*.json"):
        shutil.copy(file, folder)
    return folder


def test_one_more_file_is_enough(tmp_path: Path) -> None:
    following = {
        "code": "77",
        "decision": "QĐ 77/QĐ-TTg",
        "name": "Bộ mới",
        "name_en": "New",
        "valid_from": "2027-03-01",
        "amends": "1489",
        "grants": [{"level": "province", "stars": [3]}, {"level": "ministry", "stars": [4, 5]}],
    }
    (copied(tmp_path) / "77.json").write_text(json.dumps(following))
    found = load_rulesets(tmp_path)
    assert [each.code for each in found.every] == [*CODES, "77"]
    assert found.every[-2].valid_until == date(2027, 2, 28)
    newest = found.on(date(2027, 3, 1))
    assert newest.grantor(4) is AuthorityLevel.MINISTRY
    assert newest.procedure == ruleset("1489").procedure
    assert newest.note == ""  # said of the decision before, not of this one


def _set(**fields: Any) -> Callable[[dict[str, Any]], object]:
    return lambda data: data.update(fields)


def _less_senses(data: dict[str, Any]) -> None:
    data["sheets"][0]["groups"][5].update(most=19)
    data["sheets"][0]["groups"][5]["criteria"][1].update(most=7)


UNSOUND: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("148", _set(code="149"), "must be called 149.json"),
    ("148", _set(valid_until="2025-07-05"), "valid_until follows"),
    ("148", _set(valid_from="2020-06-08"), "valid from the same day"),
    ("148", _set(amends="777"), "amends 777"),
    ("148", _set(invented=1), "Extra inputs"),
    ("148", lambda d: d["parts"][0].update(most=41), "100 points"),
    ("148", lambda d: d["bands"].reverse(), "bands"),
    ("148", lambda d: d["bands"][1].update(at_least=95), "bands"),
    ("148", lambda d: d["bands"][4].update(at_least=1), "bands"),
    ("148", lambda d: d["grants"].pop(), "grants"),
    ("148", lambda d: d["minimum"].append(d["minimum"][0]), "stands twice"),
    ("148", lambda d: d["rests_on"].pop("parts"), "rests_on"),
    ("148", lambda d: d["procedure"]["requirements"].append(d["procedure"]["requirements"][0]), "stands twice"),
    ("1489", lambda d: d["procedure"]["pre_assessment"].append(d["procedure"]["pre_assessment"][0]), "stands twice"),
    ("1048", _less_senses, "part C brings 39"),
    ("1048", lambda d: d["sheets"][0]["groups"][0].update(most=17), "group 1: its criteria bring 18, not 17"),
    ("1048", lambda d: d["sheets"][0]["groups"][0].update(part="D"), "part A brings 17"),
    ("1048", lambda d: d["sheets"][0]["groups"][0]["criteria"][1].update(code="1.1"), "stands twice"),
    ("1048", lambda d: d["sheets"][0]["groups"][3]["criteria"][0]["steps"].pop(), "must rise to 5"),
    ("1048", lambda d: d["sheets"][0]["groups"][0].pop("part"), "part"),
    ("1048", lambda d: d["sheets"].append({**d["sheets"][0]}), "stands twice"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "spoil", "complaint"), UNSOUND)
def test_an_unsound_file_is_refused_by_name(
    tmp_path: Path, code: str, spoil: Callable[[dict[str, Any]], object], complaint: str
) -> None:
    file = copied(tmp_path) / f"{code}.json"
    data = json.loads(file.read_text())
    spoil(data)
    file.write_text(json.dumps(data))
    with pytest.raises(RuleSetUnsound) as refused:
        load_rulesets(tmp_path)
    assert complaint in str(refused.value)
    assert f"{code}.json" in str(refused.value)


def test_points_of_no_part_are_refused(tmp_path: Path) -> None:
    file = copied(tmp_path) / "1048.json"
    data = json.loads(file.read_text())
    stray = {"code": "11", "part": "D", "name": "x", "name_en": "x", "most": 1}
    data["sheets"][0]["groups"].append({**stray, "criteria": [{"code": "11", "name": "x", "name_en": "x", "most": 1}]})
    file.write_text(json.dumps(data))
    with pytest.raises(RuleSetUnsound, match=r"1048\.json(.|\n)*no part D"):
        load_rulesets(tmp_path)


@pytest.mark.parametrize(("text", "complaint"), [("{", "Expecting"), ("[]", "a rule set is a JSON object")])
def test_a_file_that_is_no_rule_set(tmp_path: Path, text: str, complaint: str) -> None:
    (copied(tmp_path) / "1.json").write_text(text)
    with pytest.raises(RuleSetUnsound, match=f"1.json: .*{complaint}"):
        load_rulesets(tmp_path)


def test_an_empty_folder_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(RuleSetUnsound, match="no rule set"):
        load_rulesets(tmp_path)
