"""The catalogue in full: pictures, label facts, attributes of variants, the seller's identity

Revision ID: 0005_catalogue
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_catalogue"
down_revision = "0004_registry"
branch_labels = None
depends_on = None

KINDS = "'health_food', 'supplement', 'herb', 'medicine'"
UNITS = "'g', 'kg', 'ml', 'l', 'm', 'piece', 'set', 'person', 'group'"
PACKAGINGS = (
    "'pack', 'bag', 'box', 'jar', 'bottle', 'crate', 'tray', 'basket', 'bunch', 'pot', 'gift_box'"
)

# spelt out, since SQLite takes a CHECK only together with its column; later columns' CHECKs may name earlier ones
COLUMNS = {
    "producers": (
        "registration_number VARCHAR(40)",
        "tax_code VARCHAR(20)",
        "street VARCHAR(200)",
    ),
    "listings": (
        "cover VARCHAR(48)",
        "facts JSON NOT NULL DEFAULT '{}'",
        f"declared_kind VARCHAR(32) CONSTRAINT ck_listings_declared_kind CHECK (declared_kind IN ({KINDS}))"
        " CONSTRAINT ck_listings_no_medicine CHECK (declared_kind IS NULL OR declared_kind <> 'medicine'"
        " OR state NOT IN ('in_review', 'published'))",
        "origin_commune_id BIGINT CONSTRAINT fk_listings_origin_commune_id REFERENCES administrative_units (id)",
        "season INTEGER NOT NULL DEFAULT 0 CONSTRAINT ck_listings_season CHECK (season BETWEEN 0 AND 4094)",
        "remark TEXT NOT NULL DEFAULT ''",
        "submitted_at TIMESTAMP WITH TIME ZONE",
    ),
    "variants": (
        "net_quantity INTEGER CONSTRAINT ck_variants_net_quantity CHECK (net_quantity IS NULL OR net_quantity > 0)",
        f"net_unit VARCHAR(32) CONSTRAINT ck_variants_net_unit CHECK (net_unit IN ({UNITS}))",
        f"packaging VARCHAR(32) CONSTRAINT ck_variants_packaging CHECK (packaging IN ({PACKAGINGS}))",
        "grade VARCHAR(60) NOT NULL DEFAULT ''",
        "grade_en VARCHAR(60) NOT NULL DEFAULT ''",
        "least_quantity INTEGER NOT NULL DEFAULT 1 CONSTRAINT ck_variants_least_quantity CHECK (least_quantity >= 1)",
        "most_quantity INTEGER CONSTRAINT ck_variants_most_quantity"
        " CHECK (most_quantity IS NULL OR most_quantity >= least_quantity)",
        "capacity_per_day INTEGER CONSTRAINT ck_variants_capacity_per_day"
        " CHECK (capacity_per_day IS NULL OR capacity_per_day > 0)",
    ),
}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns in COLUMNS.items():
        for column in columns:
            if sqlite:
                column = column.replace("TIMESTAMP WITH TIME ZONE", "DATETIME").replace("BIGINT", "INTEGER")
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_table(
        "listing_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("listing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(48), nullable=False),
        sa.Column("source_digest", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(200), nullable=False),
        sa.Column("alt_en", sa.String(200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("crop_x", sa.Integer(), nullable=False),
        sa.Column("crop_y", sa.Integer(), nullable=False),
        sa.Column("crop_size", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_listing_pictures_position")),
        sa.CheckConstraint("alt <> ''", name=op.f("ck_listing_pictures_alt")),
        sa.CheckConstraint(
            "crop_x BETWEEN 0 AND 100 AND crop_y BETWEEN 0 AND 100", name=op.f("ck_listing_pictures_crop_middle")
        ),
        sa.CheckConstraint("crop_size BETWEEN 10 AND 100", name=op.f("ck_listing_pictures_crop_size")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_pictures_listing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing_pictures")),
        sa.UniqueConstraint("listing_id", "source_digest", name=op.f("uq_listing_pictures_listing_id_source_digest")),
        sa.UniqueConstraint("name", name=op.f("uq_listing_pictures_name")),
    )
    bookings()


def bookings() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    states = ("asked", "answered", "confirmed", "declined", "cancelled")

    def state(table: str) -> sa.Enum:
        return sa.Enum(
            *states, name=op.f(f"ck_{table}_state"), native_enum=False, create_constraint=True, length=32
        )

    op.create_table(
        "bookings",
        sa.Column("id", big, nullable=False),
        sa.Column("number", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("listing_id", big, nullable=False),
        sa.Column("variant_id", big, nullable=True),
        sa.Column("producer_id", big, nullable=False),
        sa.Column("buyer_id", big, nullable=True),
        sa.Column("listing_slug", sa.String(96), nullable=False),
        sa.Column("listing_name", sa.String(200), nullable=False),
        sa.Column("listing_name_en", sa.String(200), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("label_en", sa.String(120), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("state", state("bookings"), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=True),
        sa.Column("proposed_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(starts_on IS NULL) = (ends_on IS NULL) AND (starts_on IS NULL) = (people IS NULL)"
            " AND (starts_on IS NULL) = (variant_id IS NULL)",
            name=op.f("ck_bookings_dated"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_bookings_dates")),
        sa.CheckConstraint("people IS NULL OR people BETWEEN 1 AND 500", name=op.f("ck_bookings_people")),
        sa.CheckConstraint("state <> 'confirmed' OR starts_on IS NOT NULL", name=op.f("ck_bookings_confirmed")),
        sa.CheckConstraint("(proposed_on IS NULL) = (proposed_until IS NULL)", name=op.f("ck_bookings_proposal")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_bookings_listing_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_bookings_variant_id")),
        sa.ForeignKeyConstraint(["producer_id"], ["producers.id"], name=op.f("fk_bookings_producer_id")),
        sa.ForeignKeyConstraint(["buyer_id"], ["users.id"], name=op.f("fk_bookings_buyer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("number", name=op.f("uq_bookings_number")),
        sa.UniqueConstraint("key", name=op.f("uq_bookings_key")),
    )
    op.create_index("ix_bookings_producer_id_state", "bookings", ["producer_id", "state"])
    op.create_index("ix_bookings_email", "bookings", ["email"])
    op.create_table(
        "booking_events",
        sa.Column("id", big, nullable=False),
        sa.Column("booking_id", big, nullable=False),
        sa.Column("state", state("booking_events"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("by_guest", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_events_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_events")),
    )
    op.create_index("ix_booking_events_booking_id", "booking_events", ["booking_id"])
    op.create_table(
        "booked_days",
        sa.Column("variant_id", big, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.CheckConstraint("people >= 0", name=op.f("ck_booked_days_people")),
        sa.CheckConstraint("capacity IS NULL OR people <= capacity", name=op.f("ck_booked_days_capacity")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_booked_days_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", "day", name=op.f("pk_booked_days")),
    )


def downgrade() -> None:
    for table in ("booked_days", "booking_events", "bookings"):
        op.drop_table(table)
    op.drop_table("listing_pictures")
    for table, columns in reversed(COLUMNS.items()):
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
