"""The ledger, append-only by the database's own word; orders paid before they are sent, and discounts
"""

import sqlalchemy as sa
from alembic import op

revision = '0015_ledger'
down_revision = '0014_sittings'
branch_labels = None
depends_on = None

SEALED_ONCE = (
    "NEW.id = OLD.id AND NEW.key = OLD.key AND NEW.kind = OLD.kind AND NEW.reference = OLD.reference"
    " AND NEW.memo = OLD.memo AND NEW.day = OLD.day AND NEW.at = OLD.at AND OLD.seal IS NULL"
)


def keep_the_books() -> None:
    """The database refuses to change or delete a booking; a seal may be given once."""
    if op.get_bind().dialect.name == 'sqlite':
        refuse = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        op.execute(f"CREATE TRIGGER ledger_entries_kept BEFORE UPDATE ON ledger_entries WHEN NOT ({SEALED_ONCE}) {refuse}")
        op.execute(f"CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries {refuse}")
        op.execute(f"CREATE TRIGGER ledger_transfers_kept BEFORE UPDATE ON ledger_transfers {refuse}")
        op.execute(f"CREATE TRIGGER ledger_transfers_stay BEFORE DELETE ON ledger_transfers {refuse}")
        return
    op.execute(
        "CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
    )
    each = "FOR EACH ROW EXECUTE FUNCTION ledger_refuses()"
    op.execute(
        "CREATE TRIGGER ledger_entries_kept BEFORE UPDATE ON ledger_entries FOR EACH ROW"
        f" WHEN (NOT ({SEALED_ONCE})) EXECUTE FUNCTION ledger_refuses()"
    )
    op.execute(f"CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries {each}")
    op.execute(f"CREATE TRIGGER ledger_transfers_kept BEFORE UPDATE OR DELETE ON ledger_transfers {each}")


def upgrade() -> None:
    op.create_table('ledger_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=60), nullable=False),
    sa.Column('memo', sa.String(length=200), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('seal', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entries')),
    sa.UniqueConstraint('key', name=op.f('uq_ledger_entries_key')),
    sa.UniqueConstraint('position', name=op.f('uq_ledger_entries_position'))
    )
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_entries_day', ['day'], unique=False)
        batch_op.create_index('ix_ledger_entries_reference', ['reference'], unique=False)

    op.create_table('commission_rates',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('rate_bp', sa.Integer(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint('rate_bp BETWEEN 0 AND 5000', name=op.f('ck_commission_rates_rate')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_commission_rates_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_rates'))
    )
    with op.batch_alter_table('commission_rates', schema=None) as batch_op:
        batch_op.create_index('ix_commission_rates_producer_id_valid_from', ['producer_id', 'valid_from'], unique=False)

    op.create_table('ledger_accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.Enum('buyers', 'producer', 'commission', 'shipping', 'vouchers', 'tax_withheld', 'refunds', 'carrier', 'provider', 'provider_fees', 'disputes', 'bank', 'unmatched', 'payouts', 'exchange', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('party', sa.String(length=120), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(kind IN ('producer', 'tax_withheld')) = (producer_id IS NOT NULL)", name=op.f('ck_ledger_accounts_producer')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_ledger_accounts_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_accounts')),
    sa.UniqueConstraint('code', name=op.f('uq_ledger_accounts_code'))
    )
    op.create_table('ledger_transfers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('debit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_ledger_transfers_amount')),
    sa.CheckConstraint('debit_id <> credit_id', name=op.f('ck_ledger_transfers_two_accounts')),
    sa.ForeignKeyConstraint(['credit_id'], ['ledger_accounts.id'], name=op.f('fk_ledger_transfers_credit_id')),
    sa.ForeignKeyConstraint(['debit_id'], ['ledger_accounts.id'], name=op.f('fk_ledger_transfers_debit_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entries.id'], name=op.f('fk_ledger_transfers_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_transfers'))
    )
    with op.batch_alter_table('ledger_transfers', schema=None) as batch_op:
        batch_op.create_index('ix_ledger_transfers_credit_id', ['credit_id'], unique=False)
        batch_op.create_index('ix_ledger_transfers_debit_id', ['debit_id'], unique=False)
        batch_op.create_index('ix_ledger_transfers_entry_id', ['entry_id'], unique=False)

    op.create_table('ledger_part_terms',
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('commission_bp', sa.Integer(), nullable=False),
    sa.Column('vat_bp', sa.Integer(), nullable=False),
    sa.Column('income_bp', sa.Integer(), nullable=False),
    sa.Column('tax_subject', sa.String(length=20), nullable=False),
    sa.CheckConstraint('commission_bp BETWEEN 0 AND 10000', name=op.f('ck_ledger_part_terms_commission')),
    sa.CheckConstraint('vat_bp >= 0 AND income_bp >= 0', name=op.f('ck_ledger_part_terms_taxes')),
    sa.ForeignKeyConstraint(['part_id'], ['order_parts.id'], name=op.f('fk_ledger_part_terms_part_id')),
    sa.PrimaryKeyConstraint('part_id', name=op.f('pk_ledger_part_terms'))
    )
    keep_the_books()
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('discount_total', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('pay_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_orders_total'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_orders_payment_method'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_orders_payment_method'), "payment_method IN ('cash_on_delivery', 'bank_transfer', 'card')"
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_orders_total'), 'total = goods_total + shipping_total - discount_total'
        )
        batch_op.create_check_constraint(batch_op.f('ck_orders_discount'), 'discount_total >= 0 AND total >= 0')
        batch_op.create_check_constraint(
            batch_op.f('ck_orders_pay_until'), "(payment_method = 'cash_on_delivery') = (pay_until IS NULL)"
        )
        batch_op.create_index('ix_orders_pay_until', ['pay_until'], unique=False)
    with op.batch_alter_table('order_parts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('own_discount', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('gift', sa.BigInteger(), nullable=False, server_default='0'))
        batch_op.drop_constraint(batch_op.f('ck_order_parts_total'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_order_parts_total'), 'total = goods_total + shipping_total - own_discount - gift'
        )
        batch_op.create_check_constraint(
            batch_op.f('ck_order_parts_discount'), 'own_discount BETWEEN 0 AND goods_total AND gift >= 0 AND total >= 0'
        )


def downgrade() -> None:
    with op.batch_alter_table('order_parts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_order_parts_discount'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_order_parts_total'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_order_parts_total'), 'total = goods_total + shipping_total')
        batch_op.drop_column('gift')
        batch_op.drop_column('own_discount')
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_index('ix_orders_pay_until')
        batch_op.drop_constraint(batch_op.f('ck_orders_pay_until'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_orders_discount'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_orders_total'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_orders_total'), 'total = goods_total + shipping_total')
        batch_op.drop_constraint(batch_op.f('ck_orders_payment_method'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_orders_payment_method'), "payment_method IN ('cash_on_delivery')")
        batch_op.drop_column('paid_at')
        batch_op.drop_column('pay_until')
        batch_op.drop_column('discount_total')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute("DROP TRIGGER ledger_entries_kept ON ledger_entries")
        op.execute("DROP TRIGGER ledger_entries_stay ON ledger_entries")
        op.execute("DROP TRIGGER ledger_transfers_kept ON ledger_transfers")
        op.execute("DROP FUNCTION ledger_refuses()")
    op.drop_table('ledger_part_terms')
    with op.batch_alter_table('ledger_transfers', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_transfers_entry_id')
        batch_op.drop_index('ix_ledger_transfers_debit_id')
        batch_op.drop_index('ix_ledger_transfers_credit_id')

    op.drop_table('ledger_transfers')
    op.drop_table('ledger_accounts')
    with op.batch_alter_table('commission_rates', schema=None) as batch_op:
        batch_op.drop_index('ix_commission_rates_producer_id_valid_from')

    op.drop_table('commission_rates')
    with op.batch_alter_table('ledger_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_ledger_entries_reference')
        batch_op.drop_index('ix_ledger_entries_day')

    op.drop_table('ledger_entries')
