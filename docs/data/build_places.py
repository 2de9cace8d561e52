"""Builds marketplace/people/places/data from the package vietnamadminunits 1.0.4 (MIT), unpacked in a folder.

    pip download --no-deps vietnamadminunits==1.0.4 && unzip vietnamadminunits-*.whl
    python docs/data/build_places.py vietnamadminunits/data

Run once, its results committed: the application never asks the network where a commune lies.
"""

import csv
import json
import sqlite3
import sys
import unicodedata
from collections import Counter
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "marketplace/people/places/data"
PROVINCE = "12"  # Lai Châu: the one province whose former units are kept
FORMER_ENDED = "2025-06-30"
TODAY_BEGAN = "2025-07-01"
UNIT_COLUMNS = (
    "system", "code", "level", "name", "parent_code", "former_district_code",
    "valid_from", "valid_until", "latitude", "longitude",
)  # fmt: skip


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def main(source: Path) -> None:
    database = sqlite3.connect(source / "dataset.db")
    database.row_factory = sqlite3.Row
    today = database.execute("SELECT * FROM admin_units ORDER BY wardCode").fetchall()
    former = database.execute(
        "SELECT * FROM admin_units_legacy WHERE provinceCode = ? AND wardCode IS NOT NULL ORDER BY wardCode",
        (PROVINCE,),
    ).fetchall()
    successions = find_successions(json.loads((source / "converter_2025.json").read_text()), today, former)
    districts = main_districts(successions, former)
    rows = today_rows(today, districts) + former_rows(former)
    write("units.csv", UNIT_COLUMNS, rows)
    write("successors.csv", ("former_code", "successor_code"), successions)
    print(f"{len(rows)} units, {len(successions)} successions")


def find_successions(conversion: dict, today: list, former: list) -> list[tuple[str, str]]:
    new = {row["wardKey"]: row["wardCode"] for row in today if row["provinceCode"] == PROVINCE}
    old = {f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey']}": row["wardCode"] for row in former}
    key = next(row["provinceKey"] for row in today if row["provinceCode"] == PROVINCE)
    found = set()
    for successor, formers in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].get(key, {}).items():
        found |= {(old[name], new[successor]) for name in formers}
    for name, successors in conversion["DICT_PROVINCE_WARD_DIVIDED"].get(key, {}).items():
        found |= {(old[name], new[each["newWardKey"]]) for each in successors}
    return sorted(found)


def main_districts(successions: list[tuple[str, str]], former: list) -> dict[str, str]:
    """Today's commune -> the former district that most of its former communes lay in."""
    district = {row["wardCode"]: row["districtCode"] for row in former}
    votes: dict[str, Counter[str]] = {}
    for old, new in successions:
        votes.setdefault(new, Counter())[district[old]] += 1
    return {new: max(sorted(count), key=lambda d: count[d]) for new, count in votes.items()}


def today_rows(today: list, districts: dict[str, str]) -> list[tuple]:
    provinces = {row["provinceCode"]: row for row in today}
    rows = [
        (
            "2025",
            code,
            "province",
            nfc(row["province"]),
            "",
            "",
            TODAY_BEGAN,
            "",
            row["provinceLat"],
            row["provinceLon"],
        )
        for code, row in sorted(provinces.items())
    ]
    return rows + [
        (
            "2025",
            row["wardCode"],
            "commune",
            nfc(row["ward"]),
            row["provinceCode"],
            districts.get(row["wardCode"], ""),
            TODAY_BEGAN,
            "",
            row["wardLat"],
            row["wardLon"],
        )  # fmt: skip
        for row in today
    ]


def former_rows(former: list) -> list[tuple]:
    first = former[0]
    place = (first["provinceLat"], first["provinceLon"])
    rows = [("before-2025", PROVINCE, "province", nfc(first["province"]), "", "", "", FORMER_ENDED, *place)]
    districts = {row["districtCode"]: row for row in former}
    for code, row in sorted(districts.items()):
        place = (row["districtLat"], row["districtLon"])
        rows.append(("before-2025", code, "district", nfc(row["district"]), PROVINCE, "", "", FORMER_ENDED, *place))
    for row in former:
        place = (row["wardLat"], row["wardLon"])
        named = ("before-2025", row["wardCode"], "commune", nfc(row["ward"]), row["districtCode"])
        rows.append((*named, "", "", FORMER_ENDED, *place))
    return rows


def write(name: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
