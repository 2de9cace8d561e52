"""Private files, and the producer's vault of papers"""

import sqlalchemy as sa
from alembic import op

revision = "0008_papers"
down_revision = "0007_legal"
branch_labels = None
depends_on = None

KINDS = ("pdf", "jpg", "xlsx")
STATES = ("draft", "given", "accepted", "refused", "replaced", "withdrawn")


def row_id() -> sa.Column:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "kept_files",
        row_id(),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("kind", choice(KINDS, "kind"), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(120), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_kept_files_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_files")),
        sa.UniqueConstraint("code", name=op.f("uq_kept_files_code")),
        sa.UniqueConstraint("name", name=op.f("uq_kept_files_name")),
    )
    op.create_table(
        "papers",
        row_id(),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("producer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", choice(STATES, "state"), nullable=False),
        sa.Column("replaces_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_by", sa.String(120), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "valid_until IS NULL OR issued_on IS NULL OR valid_until >= issued_on", name=op.f("ck_papers_validity")
        ),
        sa.CheckConstraint("state <> 'refused' OR remark <> ''", name=op.f("ck_papers_refused_with_remark")),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'refused') OR looked_at IS NOT NULL", name=op.f("ck_papers_looked_at")
        ),
        sa.ForeignKeyConstraint(["producer_id"], ["producers.id"], name=op.f("fk_papers_producer_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["papers.id"], name=op.f("fk_papers_replaces_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code", name=op.f("uq_papers_code")),
    )
    op.create_index("ix_papers_producer_id_kind", "papers", ["producer_id", "kind"])
    op.create_index("ix_papers_state", "papers", ["state"])
    op.create_table(
        "paper_files",
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_files_paper_id")),
        sa.ForeignKeyConstraint(["file_id"], ["kept_files.id"], name=op.f("fk_paper_files_file_id")),
        sa.PrimaryKeyConstraint("paper_id", "file_id", name=op.f("pk_paper_files")),
        sa.UniqueConstraint("file_id", name=op.f("uq_paper_files_file_id")),
    )


def downgrade() -> None:
    op.drop_table("paper_files")
    op.drop_index("ix_papers_state", "papers")
    op.drop_index("ix_papers_producer_id_kind", "papers")
    op.drop_table("papers")
    op.drop_table("kept_files")
