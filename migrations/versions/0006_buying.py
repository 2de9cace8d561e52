"""What a buyer may ask besides: things put aside, gifts, invoices; a producer's terms; days of arrival"""

import sqlalchemy as sa
from alembic import op

revision = "0006_buying"
down_revision = "0005_catalogue"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INVOICE = (("invoice_name", 200), ("invoice_tax_code", 14), ("invoice_address", 300), ("invoice_email", 254))
WHOLE = " AND ".join(f"(invoice_name IS NULL) = ({name} IS NULL)" for name, _ in INVOICE[1:])


def upgrade() -> None:
    op.create_table(
        "shop_terms",
        sa.Column("producer_id", ID, autoincrement=False, nullable=False),
        sa.Column("minimum_order", sa.BigInteger(), nullable=False),
        sa.Column("ready_from", sa.Integer(), nullable=False),
        sa.Column("ready_until", sa.Integer(), nullable=False),
        sa.CheckConstraint("minimum_order >= 0", name=op.f("ck_shop_terms_minimum_order")),
        sa.CheckConstraint(
            "ready_from >= 0 AND ready_from <= ready_until AND ready_until <= 60", name=op.f("ck_shop_terms_ready")
        ),
        sa.ForeignKeyConstraint(["producer_id"], ["producers.id"], name=op.f("fk_shop_terms_producer_id")),
        sa.PrimaryKeyConstraint("producer_id", name=op.f("pk_shop_terms")),
    )
    with op.batch_alter_table("basket_lines") as table:
        table.add_column(sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("checkout_drafts", "orders"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("gift_note", sa.String(300), nullable=False, server_default=""))
            for column, length in INVOICE:
                table.add_column(sa.Column(column, sa.String(length), nullable=True))
            table.create_check_constraint(op.f(f"ck_{name}_invoice"), WHOLE)
        with op.batch_alter_table(name) as table:
            table.alter_column("gift_note", server_default=None)
    with op.batch_alter_table("order_parts") as table:
        table.add_column(sa.Column("arrives_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("arrives_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("invoice_number", sa.String(40), nullable=True))
        table.create_check_constraint(
            op.f("ck_order_parts_arrival"),
            "(arrives_from IS NULL) = (arrives_until IS NULL)"
            " AND (arrives_from IS NULL OR arrives_from <= arrives_until)",
        )


def downgrade() -> None:
    with op.batch_alter_table("order_parts") as table:
        table.drop_constraint(op.f("ck_order_parts_arrival"), type_="check")
        for column in ("invoice_number", "arrives_until", "arrives_from"):
            table.drop_column(column)
    for name in ("orders", "checkout_drafts"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_invoice"), type_="check")
            for column, _ in reversed(INVOICE):
                table.drop_column(column)
            table.drop_column("gift_note")
    with op.batch_alter_table("basket_lines") as table:
        table.drop_column("saved_at")
    op.drop_table("shop_terms")
