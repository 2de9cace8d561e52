"""The classification of each certificate, potential five stars, names without marks, staged imports

Revision ID: 0004_registry
Revises: 0002
"""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from marketplace.platform.core.folding import fold
from marketplace.platform.core.ids import random_code

revision = "0004_registry"
down_revision = "0003_accounts"
branch_labels = None
depends_on = None

OLD_SETS = Path(__file__).parents[2] / "marketplace" / "registry" / "certification" / "data" / "product-sets-1048.json"
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("staged", "checking", "checked", "applying", "applied", "failed", "cancelled")


def upgrade() -> None:
    _certificates()
    _decisions()
    for table in ("producers", "products"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN folded VARCHAR(400) DEFAULT '' NOT NULL")
        _fold_names(table)
        op.create_index(f"ix_{table}_folded", table, ["folded"])
    op.create_table(
        "staged_imports",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("user_name", sa.String(200), nullable=False),
        sa.Column("user_role", sa.String(32), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("rows_bad", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("seen", sa.String(200), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rows_done >= 0 AND rows_done <= rows_total", name=op.f("ck_staged_imports_progress")),
        sa.CheckConstraint("state <> 'applied' OR rows_bad = 0", name=op.f("ck_staged_imports_good_when_applied")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_imports")),
        sa.UniqueConstraint("code", name=op.f("uq_staged_imports_code")),
    )
    op.create_table(
        "staged_rows",
        sa.Column("import_id", ROW_ID, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["staged_imports.id"], name=op.f("fk_staged_rows_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_staged_rows")),
    )
    op.create_table(
        "import_findings",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("import_id", ROW_ID, nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column_name", sa.String(64), nullable=False),
        sa.Column(
            "weight",
            sa.Enum("bad", "warning", "note", name="weight", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["staged_imports.id"], name=op.f("fk_import_findings_import_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_findings")),
    )
    op.create_index("ix_import_findings_import_id_line", "import_findings", ["import_id", "line"])


def downgrade() -> None:
    op.drop_table("import_findings")
    op.drop_table("staged_rows")
    op.drop_table("staged_imports")
    for table in ("products", "producers"):
        op.drop_index(f"ix_{table}_folded", table_name=table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN folded")
    op.drop_index("ix_decisions_issued_on", table_name="decisions")
    op.drop_index("ix_decisions_code", table_name="decisions")
    op.execute("ALTER TABLE decisions DROP COLUMN code")
    for column in ("potential_five", "set_code", "classification"):
        op.execute(f"ALTER TABLE certificates DROP COLUMN {column}")


def _certificates() -> None:
    """Columns with their named CHECKs at once: both databases add them so, without building the table anew."""
    op.execute(
        """ALTER TABLE certificates ADD COLUMN classification VARCHAR(32) DEFAULT '148' NOT NULL
        CONSTRAINT ck_certificates_classification CHECK (classification IN ('1048', '148'))
        CONSTRAINT ck_certificates_classification_in_time CHECK (classification = '148' OR issued_on <= '2023-05-24')
        """
    )
    op.execute(
        """ALTER TABLE certificates ADD COLUMN set_code VARCHAR(8) DEFAULT '' NOT NULL
        CONSTRAINT ck_certificates_set_of_classification
        CHECK ((classification = '1048') = (substr(set_code, 1, 5) = '1048-'))
        """
    )
    op.execute(
        """ALTER TABLE certificates ADD COLUMN potential_five BOOLEAN DEFAULT FALSE NOT NULL
        CONSTRAINT ck_certificates_potential_five
        CHECK (NOT potential_five OR (stars = 4 AND (score IS NULL OR score >= 90)))
        """
    )
    op.execute(
        "UPDATE certificates SET set_code ="
        " (SELECT products.set_code FROM products WHERE products.id = certificates.product_id)"
    )
    decided = "SELECT id FROM decisions WHERE issued_on < :day"
    statement = sa.text(
        "UPDATE certificates SET classification = '1048', set_code = :old"
        f" WHERE classification = '148' AND set_code = :today AND decision_id IN ({decided})"
    ).bindparams(sa.bindparam("day", type_=sa.Date))
    connection = op.get_bind()
    for known in json.loads(OLD_SETS.read_text(encoding="utf-8"))["sets"]:
        for today in known["today"]:
            connection.execute(statement, {"old": known["code"], "today": today, "day": date(2023, 2, 24)})


def _decisions() -> None:
    op.execute("ALTER TABLE decisions ADD COLUMN code VARCHAR(16) DEFAULT '' NOT NULL")
    rows = sa.table("decisions", sa.column("id", ROW_ID), sa.column("code", sa.String))
    connection = op.get_bind()
    for row_id in connection.scalars(sa.select(rows.c.id)).all():
        connection.execute(sa.update(rows).where(rows.c.id == row_id).values(code=f"QD{random_code(8)}"))
    op.create_index("ix_decisions_code", "decisions", ["code"], unique=True)
    op.create_index("ix_decisions_issued_on", "decisions", ["issued_on"])


def _fold_names(table: str) -> None:
    rows = sa.table(table, sa.column("id", ROW_ID), sa.column("name", sa.String), sa.column("folded", sa.String))
    connection = op.get_bind()
    for row_id, name in connection.execute(sa.select(rows.c.id, rows.c.name)).all():
        connection.execute(sa.update(rows).where(rows.c.id == row_id).values(folded=fold(name)))
