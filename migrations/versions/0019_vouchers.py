"""Vouchers, their uses, flash sales
"""

import sqlalchemy as sa
from alembic import op

revision = '0019_vouchers'
down_revision = '0018_payouts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('vouchers',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.Enum('amount', 'percent', 'free_delivery', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('percent', sa.Integer(), nullable=True),
    sa.Column('cap', sa.BigInteger(), nullable=True),
    sa.Column('minimum_goods', sa.BigInteger(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('most_uses', sa.Integer(), nullable=True),
    sa.Column('most_each', sa.Integer(), nullable=True),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'amount' AND amount IS NOT NULL AND percent IS NULL AND cap IS NULL) OR (kind = 'percent' AND amount IS NULL AND percent IS NOT NULL) OR (kind = 'free_delivery' AND amount IS NULL AND percent IS NULL)", name=op.f('ck_vouchers_promise')),
    sa.CheckConstraint('amount IS NULL OR amount > 0', name=op.f('ck_vouchers_amount')),
    sa.CheckConstraint('cap IS NULL OR cap > 0', name=op.f('ck_vouchers_cap')),
    sa.CheckConstraint('minimum_goods >= 0', name=op.f('ck_vouchers_minimum_goods')),
    sa.CheckConstraint('most_each IS NULL OR most_each > 0', name=op.f('ck_vouchers_most_each')),
    sa.CheckConstraint('most_uses IS NULL OR most_uses > 0', name=op.f('ck_vouchers_most_uses')),
    sa.CheckConstraint('percent IS NULL OR percent BETWEEN 1 AND 100', name=op.f('ck_vouchers_percent')),
    sa.CheckConstraint('starts_at <= ends_at', name=op.f('ck_vouchers_time')),
    sa.CheckConstraint('used >= 0 AND (most_uses IS NULL OR used <= most_uses)', name=op.f('ck_vouchers_used')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_vouchers_producer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vouchers')),
    sa.UniqueConstraint('code', name=op.f('uq_vouchers_code'))
    )
    with op.batch_alter_table('vouchers', schema=None) as batch_op:
        batch_op.create_index('ix_vouchers_producer_id_ends_at', ['producer_id', 'ends_at'], unique=False)

    op.create_table('basket_vouchers',
    sa.Column('basket_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('voucher_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['basket_id'], ['baskets.id'], name=op.f('fk_basket_vouchers_basket_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['voucher_id'], ['vouchers.id'], name=op.f('fk_basket_vouchers_voucher_id')),
    sa.PrimaryKeyConstraint('basket_id', 'voucher_id', name=op.f('pk_basket_vouchers'))
    )
    op.create_table('voucher_people',
    sa.Column('voucher_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('person', sa.String(length=64), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.CheckConstraint('used BETWEEN 0 AND most', name=op.f('ck_voucher_people_used')),
    sa.ForeignKeyConstraint(['voucher_id'], ['vouchers.id'], name=op.f('fk_voucher_people_voucher_id')),
    sa.PrimaryKeyConstraint('voucher_id', 'person', name=op.f('pk_voucher_people'))
    )
    op.create_table('voucher_uses',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('voucher_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_voucher_uses_amount')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_voucher_uses_order_id')),
    sa.ForeignKeyConstraint(['producer_id'], ['producers.id'], name=op.f('fk_voucher_uses_producer_id')),
    sa.ForeignKeyConstraint(['voucher_id'], ['vouchers.id'], name=op.f('fk_voucher_uses_voucher_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher_uses')),
    sa.UniqueConstraint('voucher_id', 'order_id', name=op.f('uq_voucher_uses_voucher_id_order_id'))
    )
    with op.batch_alter_table('voucher_uses', schema=None) as batch_op:
        batch_op.create_index('ix_voucher_uses_order_id', ['order_id'], unique=False)

    op.create_table('flash_sales',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('units', sa.Integer(), nullable=True),
    sa.Column('sold', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('price > 0', name=op.f('ck_flash_sales_price')),
    sa.CheckConstraint('sold >= 0 AND (units IS NULL OR sold <= units)', name=op.f('ck_flash_sales_sold')),
    sa.CheckConstraint('starts_at <= ends_at', name=op.f('ck_flash_sales_time')),
    sa.CheckConstraint('units IS NULL OR units > 0', name=op.f('ck_flash_sales_units')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_flash_sales_variant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flash_sales')),
    sa.UniqueConstraint('code', name=op.f('uq_flash_sales_code'))
    )
    with op.batch_alter_table('flash_sales', schema=None) as batch_op:
        batch_op.create_index('ix_flash_sales_variant_id_ends_at', ['variant_id', 'ends_at'], unique=False)

    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_order_lines_sale_id'), 'flash_sales', ['sale_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_order_lines_sale'), 'sale_id IS NULL OR tier_from IS NULL')


def downgrade() -> None:
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_order_lines_sale'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_order_lines_sale_id'), type_='foreignkey')
        batch_op.drop_column('sale_id')

    with op.batch_alter_table('flash_sales', schema=None) as batch_op:
        batch_op.drop_index('ix_flash_sales_variant_id_ends_at')

    op.drop_table('flash_sales')
    with op.batch_alter_table('voucher_uses', schema=None) as batch_op:
        batch_op.drop_index('ix_voucher_uses_order_id')

    op.drop_table('voucher_uses')
    op.drop_table('voucher_people')
    op.drop_table('basket_vouchers')
    with op.batch_alter_table('vouchers', schema=None) as batch_op:
        batch_op.drop_index('ix_vouchers_producer_id_ends_at')

    op.drop_table('vouchers')
