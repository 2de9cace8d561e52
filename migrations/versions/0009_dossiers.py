"""Evaluation rounds, and dossiers with their papers, steps and first assessments"""

import sqlalchemy as sa
from alembic import op

revision = "0009_dossiers"
down_revision = "0008_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ruleset_code", sa.String(length=16), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("first_deadline", sa.Date(), nullable=False),
        sa.Column("province_deadline", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 12", name=op.f("ck_evaluation_rounds_number")),
        sa.CheckConstraint(
            "opens_on <= first_deadline AND first_deadline <= province_deadline", name=op.f("ck_evaluation_rounds_days")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["administrative_units.id"], name=op.f("fk_evaluation_rounds_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_evaluation_rounds_code")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_evaluation_rounds_year_number")),
    )
    op.create_table(
        "dossiers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("producer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("new", "upgrade", "renewal", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "idea",
                "idea_sent",
                "preparing",
                "submitted",
                "returned",
                "forwarded",
                "admitted",
                "scored",
                "certified",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ruleset_code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("folded", sa.String(length=400), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("set_code", sa.String(length=8), nullable=False),
        sa.Column("exists_already", sa.Boolean(), nullable=False),
        sa.Column("idea", sa.Text(), nullable=False),
        sa.Column("materials", sa.Text(), nullable=False),
        sa.Column("labour", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("wanted_stars", sa.Integer(), nullable=False),
        sa.Column("previous_certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("samples_promised", sa.Integer(), nullable=False),
        sa.Column("samples_received", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'new') = (previous_certificate_id IS NULL)", name=op.f("ck_dossiers_previous_by_kind")
        ),
        sa.CheckConstraint(
            "(state = 'certified') = (certificate_id IS NOT NULL)", name=op.f("ck_dossiers_certified_by_certificate")
        ),
        sa.CheckConstraint("kind = 'new' OR product_id IS NOT NULL", name=op.f("ck_dossiers_product_by_kind")),
        sa.CheckConstraint("state <> 'refused' OR refusal_reason <> ''", name=op.f("ck_dossiers_refused_with_reason")),
        sa.CheckConstraint(
            "state NOT IN ('scored', 'certified') OR score IS NOT NULL", name=op.f("ck_dossiers_scored")
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'returned', 'forwarded', 'admitted', 'scored', 'certified', 'refused') OR round_id IS NOT NULL",
            name=op.f("ck_dossiers_in_a_round"),
        ),
        sa.CheckConstraint("samples_promised >= 0 AND samples_received >= 0", name=op.f("ck_dossiers_samples")),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 100)", name=op.f("ck_dossiers_score")),
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name=op.f("ck_dossiers_stars")),
        sa.CheckConstraint("wanted_stars BETWEEN 3 AND 5", name=op.f("ck_dossiers_wanted_stars")),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_dossiers_certificate_id")),
        sa.ForeignKeyConstraint(
            ["previous_certificate_id"], ["certificates.id"], name=op.f("fk_dossiers_previous_certificate_id")
        ),
        sa.ForeignKeyConstraint(["producer_id"], ["producers.id"], name=op.f("fk_dossiers_producer_id")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_dossiers_product_id")),
        sa.ForeignKeyConstraint(["round_id"], ["evaluation_rounds.id"], name=op.f("fk_dossiers_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossiers")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_dossiers_certificate_id")),
        sa.UniqueConstraint("code", name=op.f("uq_dossiers_code")),
    )
    op.create_index("ix_dossiers_producer_id", "dossiers", ["producer_id"])
    op.create_index("ix_dossiers_round_id_state", "dossiers", ["round_id", "state"])
    op.create_index(
        "uq_dossiers_open_product",
        "dossiers",
        ["product_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('certified', 'refused', 'withdrawn')"),
        postgresql_where=sa.text("state NOT IN ('certified', 'refused', 'withdrawn')"),
    )

    op.create_table(
        "dossier_papers",
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requirement", sa.String(length=32), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_dossier_papers_dossier_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_dossier_papers_paper_id")),
        sa.PrimaryKeyConstraint("dossier_id", "requirement", "paper_id", name=op.f("pk_dossier_papers")),
    )
    op.create_table(
        "dossier_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verb", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "idea",
                "idea_sent",
                "preparing",
                "submitted",
                "returned",
                "forwarded",
                "admitted",
                "scored",
                "certified",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("actor_role", sa.String(length=32), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_dossier_steps_dossier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_steps")),
    )
    op.create_index("ix_dossier_steps_dossier_id", "dossier_steps", ["dossier_id"])

    op.create_table(
        "pre_assessments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dossier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assessed_by", sa.String(length=120), nullable=False),
        sa.CheckConstraint("conclusion <> ''", name=op.f("ck_pre_assessments_conclusion")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name=op.f("fk_pre_assessments_dossier_id")),
        sa.ForeignKeyConstraint(["report_id"], ["kept_files.id"], name=op.f("fk_pre_assessments_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pre_assessments")),
    )
    op.create_index("ix_pre_assessments_dossier_id", "pre_assessments", ["dossier_id"])


def downgrade() -> None:
    for table in ("pre_assessments", "dossier_steps", "dossier_papers", "dossiers", "evaluation_rounds"):
        op.drop_table(table)
