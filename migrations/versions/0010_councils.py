"""Councils, sittings, score sheets, appeals; and the role of a council's member"""

import sqlalchemy as sa
from alembic import op

revision = "0010_councils"
down_revision = "0009_dossiers"
branch_labels = None
depends_on = None

ROLES = ("buyer", "producer", "distributor", "commune_officer", "district_officer", "province_officer", "admin")


def roles(*known: str) -> None:
    listed = ", ".join(f"'{role}'" for role in known)
    with op.batch_alter_table("users") as batch:
        batch.drop_constraint(op.f("ck_users_role"), type_="check")
        batch.create_check_constraint(op.f("ck_users_role"), f"role IN ({listed})")


def upgrade() -> None:
    roles(*ROLES[:-1], "council_member", ROLES[-1])
    op.create_table(
        "councils",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "district", "province", "ministry", name="level", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("decision_number", sa.String(length=64), nullable=False),
        sa.Column("established_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["administrative_units.id"], name=op.f("fk_councils_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_councils")),
        sa.UniqueConstraint("code", name=op.f("uq_councils_code")),
    )
    op.create_table(
        "council_sittings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("council_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum("planned", "open", "closed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_council_sittings_closed")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_council_sittings_number")),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_council_sittings_council_id")),
        sa.ForeignKeyConstraint(["round_id"], ["evaluation_rounds.id"], name=op.f("fk_council_sittings_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_sittings")),
        sa.UniqueConstraint("code", name=op.f("uq_council_sittings_code")),
        sa.UniqueConstraint(
            "round_id", "council_id", "number", name=op.f("uq_council_sittings_round_id_council_id_number")
        ),
    )
    op.create_table(
        "council_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("council_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column(
            "seat",
            sa.Enum("chair", "secretary", "member", name="seat", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_council_members_council_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_council_members_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_members")),
        sa.UniqueConstraint("code", name=op.f("uq_council_members_code")),
        sa.UniqueConstraint("council_id", "user_id", name=op.f("uq_council_members_council_id_user_id")),
    )
    op.create_index("ix_council_members_user_id", "council_members", ["user_id"])

    op.create_table(
        "appeals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "upheld", "dismissed", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_appeals_answered")),
        sa.CheckConstraint("state = 'open' OR answer <> ''", name=op.f("ck_appeals_answer")),
        sa.CheckConstraint("words <> ''", name=op.f("ck_appeals_words")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_appeals_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("code", name=op.f("uq_appeals_code")),
    )
    op.create_index("ix_appeals_dossier_id", "appeals", ["dossier_id"])

    op.create_table(
        "council_table",
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("average", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("by_band", sa.Integer(), nullable=True),
        sa.Column("by_minimum", sa.Integer(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("potential_five", sa.Boolean(), nullable=False),
        sa.Column("failing", sa.JSON(), nullable=False),
        sa.CheckConstraint("(average IS NULL) = (stars IS NULL)", name=op.f("ck_council_table_result")),
        sa.CheckConstraint(
            "average IS NULL OR (average >= 0 AND average <= 100)", name=op.f("ck_council_table_average")
        ),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_council_table_dossier_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["council_sittings.id"], name=op.f("fk_council_table_sitting_id")),
        sa.PrimaryKeyConstraint("sitting_id", "dossier_id", name=op.f("pk_council_table")),
    )
    op.create_index("ix_council_table_dossier_id", "council_table", ["dossier_id"])

    op.create_table(
        "score_sheets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sitting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("member_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("met", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("total", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("scan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_score_sheets_dossier_id")),
        sa.ForeignKeyConstraint(["member_id"], ["council_members.id"], name=op.f("fk_score_sheets_member_id")),
        sa.ForeignKeyConstraint(["scan_id"], ["kept_files.id"], name=op.f("fk_score_sheets_scan_id")),
        sa.ForeignKeyConstraint(["sitting_id"], ["council_sittings.id"], name=op.f("fk_score_sheets_sitting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheets")),
        sa.UniqueConstraint(
            "sitting_id", "dossier_id", "member_id", name=op.f("uq_score_sheets_sitting_id_dossier_id_member_id")
        ),
    )


def downgrade() -> None:
    for table in ("score_sheets", "council_table", "appeals", "council_members", "council_sittings", "councils"):
        op.drop_table(table)
    op.execute("UPDATE users SET role = 'buyer' WHERE role = 'council_member'")
    roles(*ROLES)
