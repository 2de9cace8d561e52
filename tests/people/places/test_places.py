"""Administrative units, as migrated into every database."""

from flask import Flask
from sqlalchemy import func, select

from marketplace.people.places.models import AdministrativeUnit, Level, UnitSuccession
from marketplace.people.places.queries import (
    find_commune,
    find_unit,
    list_communes,
    list_former_districts,
    list_provinces,
)
from marketplace.platform.core.db import db
from tests.conftest import Client


def test_all_of_today_and_the_provinces_former_units(app: Flask) -> None:
    counts = db.session.execute(
        select(AdministrativeUnit.system, AdministrativeUnit.level, func.count()).group_by(
            AdministrativeUnit.system, AdministrativeUnit.level
        )
    )
    assert {(system, level.value): number for system, level, number in counts} == {
        ("2025", "province"): 34,
        ("2025", "commune"): 3321,
        ("before-2025", "province"): 1,
        ("before-2025", "district"): 8,
        ("before-2025", "commune"): 106,
    }
    assert db.session.scalar(select(func.count()).select_from(UnitSuccession)) == 106


def test_codes_keep_their_zeros(app: Flask) -> None:
    commune = find_commune("03388")
    assert commune is not None
    assert commune.name == "Phường Đoàn Kết"
    assert commune.parent is not None
    assert commune.parent.name == "Tỉnh Lai Châu"
    assert commune.former_district is not None
    assert commune.former_district.name == "Thành phố Lai Châu"
    assert find_commune("3388") is None


def test_lists(app: Flask) -> None:
    assert len(list_provinces()) == 34
    assert len(list_communes("12")) == 38
    assert list_communes("99") == []
    assert [unit.code for unit in list_former_districts()] == ["105", "106", "107", "108", "109", "110", "111", "112"]
    former = find_unit("106", Level.DISTRICT)
    assert former is not None
    assert str(former.valid_until) == "2025-06-30"


def test_the_communes_of_a_province_as_options(client: Client) -> None:
    answer = client.get("/places/12/communes")
    assert answer.status_code == 200
    assert answer.text.count("<option") == 39
    assert '<option value="03388">Phường Đoàn Kết</option>' in answer.text
    assert client.get("/places/99/communes").status_code == 404
