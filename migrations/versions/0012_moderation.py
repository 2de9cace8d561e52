"""Proposals that wait for an officer, revisions of what a listing says; rest, capacity, how far goods may travel"""

import sqlalchemy as sa
from alembic import op

revision = "0012_moderation"
down_revision = "0011_stock"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNITS = ("g", "kg", "ml", "l", "m", "piece", "set", "person", "group")
NAMED = ", ".join(f"'{unit}'" for unit in UNITS)

# spelt out, since SQLite takes a CHECK only together with its column; later columns' CHECKs may name earlier ones
COLUMNS = (
    "back_on DATE",
    "capacity_per_month INTEGER CONSTRAINT ck_listings_capacity_per_month"
    " CHECK (capacity_per_month IS NULL OR capacity_per_month > 0)",
    f"capacity_unit VARCHAR(32) CONSTRAINT ck_listings_capacity_unit CHECK (capacity_unit IN ({NAMED}))"
    " CONSTRAINT ck_listings_capacity_whole CHECK ((capacity_per_month IS NULL) = (capacity_unit IS NULL))",
    "max_transit_days INTEGER CONSTRAINT ck_listings_max_transit_days"
    " CHECK (max_transit_days IS NULL OR max_transit_days BETWEEN 1 AND 60)",
    "delivery_radius_km INTEGER CONSTRAINT ck_listings_delivery_radius_km"
    " CHECK (delivery_radius_km IS NULL OR delivery_radius_km BETWEEN 1 AND 3000)",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE listings ADD COLUMN {column}")
    named = op.f("ck_listing_proposals_state")
    states = sa.Enum("waiting", "returned", name=named, native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "listing_proposals",
        sa.Column("listing_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", states, nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(200), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_listing_proposals_version")),
        sa.CheckConstraint("state <> 'returned' OR remark <> ''", name=op.f("ck_listing_proposals_remark")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_proposals_listing_id")),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_proposals")),
    )
    op.create_index("ix_listing_proposals_state_asked_at", "listing_proposals", ["state", "asked_at"])
    op.create_table(
        "listing_revisions",
        sa.Column("id", ID, nullable=False),
        sa.Column("listing_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("for_name", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_listing_revisions_number")),
        sa.CheckConstraint("restored IS NULL OR restored < number", name=op.f("ck_listing_revisions_restored")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_revisions_listing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_revisions")),
        sa.UniqueConstraint("listing_id", "number", name=op.f("uq_listing_revisions_listing_id_number")),
    )


def downgrade() -> None:
    op.drop_table("listing_revisions")
    op.drop_index("ix_listing_proposals_state_asked_at", "listing_proposals")
    op.drop_table("listing_proposals")
    for column in reversed(COLUMNS):
        op.execute(f"ALTER TABLE listings DROP COLUMN {column.split()[0]}")
