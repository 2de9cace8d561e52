"""Sums of sales of each unit, what certification and upgrade came to beside them; certificates are found by their end

What is dropped here is counted from the orders again as soon as the worker runs.
"""

import sqlalchemy as sa
from alembic import op

revision = '0055_changes'
down_revision = '0050_programme'
branch_labels = None
depends_on = None


KEYS = sa.Enum('set', 'kind', 'led', name='dimension', native_enum=False, create_constraint=True, length=32)
ROW = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.drop_table('sales_sums')
    op.create_table('sales_sums',
    sa.Column('unit_id', ROW, nullable=False),
    sa.Column('dimension', KEYS, nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('units', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['administrative_units.id'], name=op.f('fk_sales_sums_unit_id')),
    sa.PrimaryKeyConstraint('unit_id', 'dimension', 'month', 'key', name=op.f('pk_sales_sums'))
    )
    op.create_table('sales_changes',
    sa.Column('id', ROW, nullable=False),
    sa.Column('unit_id', ROW, nullable=True),
    sa.Column('kind', sa.Enum('certification', 'upgrade', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('products', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('before', sa.BigInteger(), nullable=False),
    sa.Column('after', sa.BigInteger(), nullable=False),
    sa.Column('low', sa.BigInteger(), nullable=True),
    sa.Column('high', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(low IS NULL) = (high IS NULL) AND (low IS NULL) = (products < 2)', name=op.f('ck_sales_changes_interval')),
    sa.CheckConstraint('products >= 0 AND left_out >= 0', name=op.f('ck_sales_changes_counts')),
    sa.ForeignKeyConstraint(['unit_id'], ['administrative_units.id'], name=op.f('fk_sales_changes_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_changes')),
    sa.UniqueConstraint('unit_id', 'kind', name=op.f('uq_sales_changes_unit_id_kind'))
    )
    op.create_index('uq_sales_changes_all', 'sales_changes', ['kind'], unique=True, sqlite_where=sa.text('unit_id IS NULL'), postgresql_where=sa.text('unit_id IS NULL'))

    op.create_index('ix_certificates_expires_on', 'certificates', ['expires_on'], unique=False)
    op.execute('DELETE FROM sales_counts')


def downgrade() -> None:
    op.drop_index('ix_certificates_expires_on', table_name='certificates')
    op.drop_table('sales_changes')
    op.drop_table('sales_sums')
    op.create_table('sales_sums',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('commune_id', ROW, nullable=False),
    sa.Column('dimension', KEYS, nullable=False),
    sa.Column('key', sa.String(length=16), nullable=False),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('units', sa.BigInteger(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['administrative_units.id'], name=op.f('fk_sales_sums_commune_id')),
    sa.PrimaryKeyConstraint('month', 'commune_id', 'dimension', 'key', name=op.f('pk_sales_sums'))
    )
    op.create_index('ix_sales_sums_dimension_month', 'sales_sums', ['dimension', 'month'], unique=False)

    op.execute('DELETE FROM sales_counts')
