"""Sales at stands, and where an order began
"""

import sqlalchemy as sa
from alembic import op

revision = '0035_stands'
down_revision = '0034_booths'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('came_by', sa.String(length=40), server_default='', nullable=False))
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.alter_column('came_by', server_default=None)

    op.create_table('stand_sales',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('paid_by', sa.Enum('cash', 'transfer', 'card', name='paid_by', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sold_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sold_by', sa.String(length=200), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('void_reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name=op.f('ck_stand_sales_voided_with_reason')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_stand_sales_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stand_sales')),
    sa.UniqueConstraint('code', name=op.f('uq_stand_sales_code')),
    sa.UniqueConstraint('key', name=op.f('uq_stand_sales_key'))
    )
    op.create_index('ix_stand_sales_application_id', 'stand_sales', ['application_id', 'sold_at'], unique=False)
    op.create_table('stand_takings',
    sa.Column('application_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.String(length=200), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_stand_takings_amount')),
    sa.ForeignKeyConstraint(['application_id'], ['fair_applications.id'], name=op.f('fk_stand_takings_application_id')),
    sa.PrimaryKeyConstraint('application_id', 'day', name=op.f('pk_stand_takings'))
    )
    op.create_table('stand_sale_lines',
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('price >= 0', name=op.f('ck_stand_sale_lines_price')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 100000', name=op.f('ck_stand_sale_lines_quantity')),
    sa.ForeignKeyConstraint(['sale_id'], ['stand_sales.id'], name=op.f('fk_stand_sale_lines_sale_id')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_stand_sale_lines_variant_id')),
    sa.PrimaryKeyConstraint('sale_id', 'variant_id', name=op.f('pk_stand_sale_lines'))
    )


def downgrade() -> None:
    op.drop_table('stand_sale_lines')
    op.drop_table('stand_takings')
    op.drop_index('ix_stand_sales_application_id', table_name='stand_sales')
    op.drop_table('stand_sales')
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_column('came_by')
