"""Each level records what it did, sees its own, mends it, withdraws it with a reason; papers stand beside it."""

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.office.outreach.models import Activity, ActivityFile, ActivityKind
from marketplace.office.outreach.queries import (
    Asked,
    get_activity,
    get_file,
    list_activities,
    list_files,
    list_units_of,
    reached_by_district,
    sums_of,
)
from marketplace.office.outreach.services import (
    ActivityFacts,
    PaperGiven,
    TooManyPapers,
    Withdrawn,
    add_paper,
    change_activity,
    record_activity,
    remove_paper,
    withdraw_activity,
)
from marketplace.people.accounts.models import Role
from marketplace.people.places.queries import list_former_districts
from marketplace.platform.audit.models import AuditEntry
from marketplace.platform.core.access import GUEST, Actor
from marketplace.platform.core.db import db, transaction
from marketplace.platform.core.errors import Forbidden, Invalid, NotFound
from marketplace.platform.media.documents import take_document
from marketplace.platform.media.keeping import put_document
from marketplace.platform.media.models import KeptFile
from tests.builders import BY, pdf
from tests.planning import make_activity, officer

ON = date(2026, 11, 13)


def facts(**change: object) -> ActivityFacts:
    said: dict[str, object] = {
        "unit": "2025:03390",
        "kind": ActivityKind.TRAINING,
        "title": "Tập huấn",
        "held_on": ON,
        "audience": "Nơi làm",
        "people": 30,
    }
    return ActivityFacts(**{**said, **change})  # type: ignore[arg-type] # one field at a time


def test_each_level_for_its_own_units(app: Flask, at: datetime) -> None:
    commune, district, province = (
        officer(role, at=at) for role in (Role.COMMUNE_OFFICER, Role.DISTRICT_OFFICER, Role.PROVINCE_OFFICER)
    )
    units = {by: len(list_units_of(by=by, province_code="12")) for by in (commune, district, province, BY)}
    assert (units[commune], units[district] > 2, units[province] == units[BY], units[BY] > 40) == (1, True, True, True)
    assert list_units_of(by=province, province_code="12")[0].code == "12"
    for by, unit, allowed in (
        (commune, "2025:03390", True),
        (commune, "2025:03388", False),
        (commune, "before-2025:106", False),
        (district, "before-2025:106", True),
        (district, "2025:03390", True),
        (district, "before-2025:107", False),
        (province, "2025:12", True),
        (province, "2025:03388", True),
        (province, "2025:01", False),
        (BY, "2025:01", True),
        (BY, "nowhere", False),
    ):
        if allowed:
            assert make_activity(at=at, unit=unit, by=by).people == 40
            continue
        with pytest.raises(Invalid) as refused:
            make_activity(at=at, unit=unit, by=by)
        assert list(refused.value.fields) == ["unit"]
    seen = {by: sums_of(by=by)[0] for by in (commune, district, province, BY)}
    assert seen == {commune: 2, district: 3, province: 5, BY: 6}
    for by in (GUEST, Actor(role=Role.PRODUCER)):
        with pytest.raises(Forbidden):
            make_activity(at=at, by=by)
        assert sums_of(by=by) == (0, 0)


def test_lists_and_sums(app: Flask, at: datetime) -> None:
    first = make_activity(at=at, people=40, days_ago=20)
    second = make_activity(at=at, unit="before-2025:106", people=25, kind=ActivityKind.MEETING)
    third = make_activity(at=at, unit="2025:12", people=7, days_ago=5)
    old = make_activity(at=at, people=500, days_ago=400)

    def codes(**asked: object) -> list[str]:
        narrowed = Asked(**asked)  # type: ignore[arg-type] # by name
        found = [row.code for row in list_activities(by=BY, asked=narrowed)]
        assert sums_of(by=BY, asked=narrowed)[0] == len(found)
        return found

    assert codes() == [third.code, second.code, first.code, old.code]
    assert codes(year=2026, district="106") == [second.code, first.code]
    assert codes(kind=ActivityKind.MEETING) == [second.code]
    assert sums_of(by=BY, asked=Asked(2026)) == (3, 72)
    assert [row.code for row in list_activities(by=BY, page=2, per_page=3)] == [old.code]
    district = next(unit for unit in list_former_districts() if unit.code == "106")
    assert reached_by_district(2026, by=BY) == {district.id: (2, 65), None: (1, 7)}


def test_mended_and_withdrawn(app: Flask, at: datetime) -> None:
    by = officer(Role.COMMUNE_OFFICER, at=at)
    code = make_activity(at=at, by=by).code
    with transaction():
        change_activity(code=code, facts=facts(people=31, place=" Nhà  văn hóa "), by=by, at=at)
    row = get_activity(code, by=by)
    assert (row.people, row.place, row.kind, row.title) == (31, "Nhà văn hóa", ActivityKind.TRAINING, "Tập huấn")
    stranger = officer(Role.COMMUNE_OFFICER, at=at, unit="03388")
    for verb in (
        lambda who: change_activity(code=code, facts=facts(), by=who, at=at),
        lambda who: withdraw_activity(code=code, why="Nhầm", by=who, at=at),
    ):
        for who, refusal in ((stranger, NotFound), (GUEST, Forbidden)):
            with pytest.raises(refusal), transaction():
                verb(who)
    with pytest.raises(Invalid), transaction():
        withdraw_activity(code=code, why=" ", by=by, at=at)
    with transaction():
        withdraw_activity(code=code, why="Ghi hai lần", by=by, at=at)
    assert (sums_of(by=by), get_activity(code, by=by).withdrawn_why) == ((0, 0), "Ghi hai lần")
    with pytest.raises(Withdrawn), transaction():
        change_activity(code=code, facts=facts(), by=by, at=at)
    said = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == code).order_by(AuditEntry.id))
    assert list(said) == ["outreach.recorded", "outreach.changed", "outreach.withdrawn"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("audience", ""),
        ("held_on", date(2026, 11, 24)),
        ("held_on", date(2018, 5, 6)),
        ("people", -1),
        ("people", 10_000_001),
    ],
)
def test_what_is_no_activity(app: Flask, at: datetime, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        record_activity(facts=facts(**{field: value}), by=BY, at=at)
    assert list(refused.value.fields) == [field]
    assert db.session.query(Activity).count() == 0


def test_papers(app: Flask, at: datetime) -> None:
    by = officer(Role.COMMUNE_OFFICER, at=at)
    row = make_activity(at=at, by=by)

    def add(words: str) -> KeptFile:
        document = take_document(pdf(words), "danh-sach.pdf")
        put_document(document, at=at)
        with transaction():
            return add_paper(code=row.code, document=document, by=by, at=at)

    file = add("một")
    with pytest.raises(PaperGiven):
        add("một")
    for n in range(19):
        add(f"trang {n}")
    with pytest.raises(TooManyPapers):
        add("nữa")
    assert (len(list_files(row.id)), get_file(row.id, file.code).file.file_name) == (20, "danh-sach.pdf")
    with transaction():
        remove_paper(code=row.code, file=file.code, by=by, at=at)
    with pytest.raises(NotFound):
        get_file(row.id, file.code)
    assert db.session.query(ActivityFile).count() == 19
    with transaction():
        withdraw_activity(code=row.code, why="Nhầm", by=by, at=at)
    with pytest.raises(Withdrawn):
        add("muộn")
