"""The pages that the law asks of a marketplace, version by version"""

import sqlalchemy as sa
from alembic import op

revision = "0007_legal"
down_revision = "0006_buying"
branch_labels = None
depends_on = None

PAGES = ("operating-rules", "owner", "privacy", "payment", "delivery", "returns", "disputes")


def upgrade() -> None:
    op.create_table(
        "legal_page_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.Enum(*PAGES, name="page", native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(120), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_legal_page_versions_number")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_legal_page_versions_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_page_versions")),
        sa.UniqueConstraint("page", "number", name=op.f("uq_legal_page_versions_page_number")),
    )


def downgrade() -> None:
    op.drop_table("legal_page_versions")
