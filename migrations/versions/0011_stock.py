"""Stock in batches with their days, low marks, prices by quantity

What was on hand lies in one batch without a name or days.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_stock"
down_revision = "0010_councils"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
BEFORE, NOW = "'counted', 'sold', 'returned'", "'counted', 'received', 'spoiled', 'sold', 'returned'"


def upgrade() -> None:
    op.create_table(
        "stock_batches",
        sa.Column("id", ID, nullable=False),
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("warned_at", INSTANT, nullable=True),
        sa.CheckConstraint("units >= 0", name=op.f("ck_stock_batches_units")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_stock_batches_code")),
        sa.CheckConstraint(
            "made_on IS NULL OR expires_on IS NULL OR made_on <= expires_on", name=op.f("ck_stock_batches_life")
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["stocks.variant_id"], name=op.f("fk_stock_batches_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_batches")),
        sa.UniqueConstraint("variant_id", "code", name=op.f("uq_stock_batches_variant_id_code")),
    )
    op.create_index("ix_stock_batches_expires_on", "stock_batches", ["expires_on"])
    op.execute(
        "INSERT INTO stock_batches (variant_id, code, units, received_at, note)"
        " SELECT variant_id, '-', on_hand, COALESCE((SELECT MIN(at) FROM stock_movements"
        " WHERE stock_movements.variant_id = stocks.variant_id), CURRENT_TIMESTAMP), '' FROM stocks"
    )
    with op.batch_alter_table("stocks") as table:
        table.add_column(sa.Column("low_at", sa.Integer(), nullable=True))
        table.add_column(sa.Column("low_since", INSTANT, nullable=True))
        table.create_check_constraint(op.f("ck_stocks_low_at"), "low_at IS NULL OR low_at >= 0")
        table.create_check_constraint(op.f("ck_stocks_low_since"), "low_since IS NULL OR low_at IS NOT NULL")
    op.drop_index("ix_stock_movements_variant_id", "stock_movements")
    with op.batch_alter_table("stock_movements") as table:
        table.add_column(sa.Column("batch_id", ID, nullable=True))
    op.execute(
        "UPDATE stock_movements SET batch_id = (SELECT stock_batches.id FROM stock_batches"
        " WHERE stock_batches.variant_id = stock_movements.variant_id)"
    )
    with op.batch_alter_table("stock_movements") as table:
        table.alter_column("batch_id", existing_type=ID, nullable=False)
        table.alter_column("reference", existing_type=sa.String(64), type_=sa.String(200), existing_nullable=False)
        table.drop_constraint(op.f("ck_stock_movements_kind"), type_="check")
        table.create_check_constraint(op.f("ck_stock_movements_kind"), f"kind IN ({NOW})")
        table.create_check_constraint(
            op.f("ck_stock_movements_out"), "delta > 0 OR kind IN ('counted', 'spoiled', 'sold')"
        )
        table.create_check_constraint(
            op.f("ck_stock_movements_into"), "delta < 0 OR kind IN ('counted', 'received', 'returned')"
        )
        table.create_foreign_key(op.f("fk_stock_movements_batch_id"), "stock_batches", ["batch_id"], ["id"])
    op.create_index("ix_stock_movements_variant_id_reference", "stock_movements", ["variant_id", "reference"])
    op.create_index("ix_stock_movements_batch_id", "stock_movements", ["batch_id"])
    op.create_table(
        "price_tiers",
        sa.Column("variant_id", ID, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("from_quantity", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("position BETWEEN 1 AND 6", name=op.f("ck_price_tiers_position")),
        sa.CheckConstraint("from_quantity BETWEEN 2 AND 999", name=op.f("ck_price_tiers_from_quantity")),
        sa.CheckConstraint("price > 0", name=op.f("ck_price_tiers_price")),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_price_tiers_variant_id")),
        sa.PrimaryKeyConstraint("variant_id", "position", name=op.f("pk_price_tiers")),
        sa.UniqueConstraint("variant_id", "from_quantity", name=op.f("uq_price_tiers_variant_id_from_quantity")),
        sa.UniqueConstraint("variant_id", "price", name=op.f("uq_price_tiers_variant_id_price")),
    )
    with op.batch_alter_table("order_lines") as table:
        table.add_column(sa.Column("tier_from", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_order_lines_tier_from"), "tier_from IS NULL OR tier_from BETWEEN 2 AND quantity"
        )


def downgrade() -> None:
    with op.batch_alter_table("order_lines") as table:
        table.drop_constraint(op.f("ck_order_lines_tier_from"), type_="check")
        table.drop_column("tier_from")
    op.drop_table("price_tiers")
    op.drop_index("ix_stock_movements_batch_id", "stock_movements")
    op.drop_index("ix_stock_movements_variant_id_reference", "stock_movements")
    op.execute("UPDATE stock_movements SET kind = 'counted' WHERE kind IN ('received', 'spoiled')")
    op.execute("UPDATE stock_movements SET reference = SUBSTR(reference, 1, 64)")
    with op.batch_alter_table("stock_movements") as table:
        table.drop_constraint(op.f("fk_stock_movements_batch_id"), type_="foreignkey")
        for name in ("into", "out", "kind"):
            table.drop_constraint(op.f(f"ck_stock_movements_{name}"), type_="check")
        table.create_check_constraint(op.f("ck_stock_movements_kind"), f"kind IN ({BEFORE})")
        table.alter_column("reference", existing_type=sa.String(200), type_=sa.String(64), existing_nullable=False)
        table.drop_column("batch_id")
    op.create_index("ix_stock_movements_variant_id", "stock_movements", ["variant_id"])
    with op.batch_alter_table("stocks") as table:
        table.drop_constraint(op.f("ck_stocks_low_since"), type_="check")
        table.drop_constraint(op.f("ck_stocks_low_at"), type_="check")
        table.drop_column("low_since")
        table.drop_column("low_at")
    op.drop_index("ix_stock_batches_expires_on", "stock_batches")
    op.drop_table("stock_batches")
