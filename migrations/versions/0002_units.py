"""Administrative units: today's everywhere, the former ones of the province

Revision ID: 0002
Revises: 0001
"""

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DATA = Path(__file__).parents[2] / "marketplace" / "people" / "places" / "data"

units = sa.table(
    "administrative_units",
    sa.column("id", sa.BigInteger),
    sa.column("system", sa.String),
    sa.column("code", sa.String),
    sa.column("level", sa.String),
    sa.column("name", sa.String),
    sa.column("parent_id", sa.BigInteger),
    sa.column("former_district_id", sa.BigInteger),
    sa.column("valid_from", sa.Date),
    sa.column("valid_until", sa.Date),
    sa.column("latitude", sa.Double),
    sa.column("longitude", sa.Double),
)
successions = sa.table(
    "unit_successions", sa.column("former_id", sa.BigInteger), sa.column("successor_id", sa.BigInteger)
)


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def upgrade() -> None:
    read = sorted(rows("units.csv"), key=lambda r: (r["system"], ("province", "district", "commune").index(r["level"])))
    # former units first: today's communes name their former district
    read.sort(key=lambda r: r["system"] != "before-2025")
    ids = {(r["system"], r["code"], r["level"]): n for n, r in enumerate(read, start=1)}

    def parent(r: dict[str, str]) -> int | None:
        level = "district" if r["system"] == "before-2025" and r["level"] == "commune" else "province"
        return ids[r["system"], r["parent_code"], level] if r["parent_code"] else None

    def day(text: str) -> date | None:
        return date.fromisoformat(text) if text else None

    op.bulk_insert(
        units,
        [
            {
                "id": n,
                "system": r["system"],
                "code": r["code"],
                "level": r["level"],
                "name": r["name"],
                "parent_id": parent(r),
                "former_district_id": ids.get(("before-2025", r["former_district_code"], "district")),
                "valid_from": day(r["valid_from"]),
                "valid_until": day(r["valid_until"]),
                "latitude": float(r["latitude"]) if r["latitude"] else None,
                "longitude": float(r["longitude"]) if r["longitude"] else None,
            }
            for n, r in enumerate(read, start=1)
        ],
    )
    op.bulk_insert(
        successions,
        [
            {
                "former_id": ids["before-2025", r["former_code"], "commune"],
                "successor_id": ids["2025", r["successor_code"], "commune"],
            }
            for r in rows("successors.csv")
        ],
    )
    if op.get_bind().dialect.name == "postgresql":  # the ids above were ours, not the sequence's
        op.execute(
            "SELECT setval(pg_get_serial_sequence('administrative_units', 'id'), (SELECT max(id) FROM administrative_units))"
        )


def downgrade() -> None:
    op.execute("DELETE FROM unit_successions")
    op.execute("DELETE FROM administrative_units")
